/* The nodes and their memory: how they are made, freed without recursion, and used again. */

#include "values.h"

int is_value_of_core(PyObject *x) { return is_value(x); }

/* Room for `count` items, those that are new being zero. -1 without memory. */
int make_room(void *items, size_t count, size_t *room, size_t size) {
    if (count <= *room) return 0;
    size_t wanted = *room ? 2 * *room : 256;
    while (wanted < count) wanted *= 2;
    char *larger = PyMem_Realloc(*(void **)items, wanted * size);
    if (larger == NULL) return -1;
    memset(larger + *room * size, 0, (wanted - *room) * size);
    *(void **)items = larger;
    *room = wanted;
    return 0;
}

/* Nodes that are free to be used again, the last one first. A graph is taken apart in an order of its own; handed out
   again like that, the next graph would lie scrambled in memory, worse with every step. So each of its nodes gets the
   place that its time gives it, and the next graph gets them in the order in which this one did. There may be gaps. */
enum { KEPT = 1 << 17, GAPS = 4 };

static Nodes idle;
static size_t place_of_last; /* of the graph that is being taken apart: the place of its last node, */
static uint64_t time_of_last;
static size_t freed; /* and how many have been freed */

Value *newest;

static void delete(Value *v) {
    PyObject_GC_Del(v);
    Py_DECREF(value_type);
}

/* A leaf of 0, not yet seen by the garbage collector. */
Value *new_node(void) {
    Value *v = NULL;
    for (Value **last; v == NULL && idle.count; *last = NULL) v = *(last = &idle.items[--idle.count]);
    if (v) {
        if (idle.count >= AHEAD) PREFETCH(idle.items[idle.count - AHEAD]);
    } else {
        if ((v = PyObject_GC_New(Value, value_type)) == NULL) return NULL;
        memset(&v->data, 0, sizeof(Value) - offsetof(Value, data));
        if (note_place(v) < 0) {
            delete(v);
            return (Value *)PyErr_NoMemory();
        }
    }
    v->data = 0;
    v->stamp = ++clock_now << TIME_AT;
    return newest = v;
}

/* Keep a leaf without extras for the next graph. */
static void give_back(Value *v) {
    size_t place = place_of_last + (size_t)(time_of_last - time_of(v));
    if (place >= place_of_last + GAPS * ++freed || (place < idle.count && idle.items[place])) place = idle.count;
    if (place < KEPT && make_room(&idle.items, place + 1, &idle.room, sizeof(Value *)) == 0) {
        Py_SET_REFCNT((PyObject *)v, 1);
        idle.items[place] = v;
        idle.count = place >= idle.count ? place + 1 : idle.count;
    } else {
        forget_place(v);
        delete(v);
    }
}

/* A graph of any depth is freed without recursion: while one node is taken apart, those that die with it queue. */
static Value *dying, *buried; /* those that wait, and the one that is taken apart */

static inline void doom(Value *v) {
    if (tracking) PyObject_GC_UnTrack((PyObject *)v);
    v->next = dying;
    dying = v;
}

/* Drop what made the node: a leaf remains. What dies with it waits for `bury`. */
static inline void cut(Value *v) {
    Py_ssize_t count;
    PyObject **inputs = inputs_of(v, &count), *few[2];
    Program *program = v->program;
    int many = arity_of(v) == MANY;
    if (!many) /* since what follows may run any code, which must find a leaf */
        inputs = memcpy(few, v->few, sizeof(few));
    set_arity(v, 0);
    v->program = NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *x = inputs[i];
        if (is_value(x) && Py_REFCNT(x) == 1 && ((Value *)x)->weakrefs == NULL)
            doom((Value *)x); /* as its end would, by a shorter way */
        else
            Py_DECREF(x);
    }
    if (many) PyMem_Free(inputs);
    Py_XDECREF(program);
}

static void drop_extras(Value *v) {
    Extras *extras = v->extras;
    if (extras) {
        v->extras = NULL;
        Py_XDECREF(extras->label);
        Py_XDECREF(extras->gradient);
        PyMem_Free(extras);
    }
}

static void bury(void) {
    if (buried || dying == NULL) return;
    place_of_last = idle.count;
    time_of_last = time_of(dying);
    freed = 0;
    for (Value *v; (v = buried = dying);) {
        dying = v->next;
        PREFETCH_BELOW(v);
        if (v->weakrefs) PyObject_ClearWeakRefs((PyObject *)v);
        drop_extras(v);
        cut(v);
        give_back(v);
    }
}

/* Those that are not in use are none of the garbage collector's. */
void untrack_unused(void) {
    for (size_t i = 0; i < idle.count; i++)
        if (idle.items[i]) PyObject_GC_UnTrack(idle.items[i]);
    for (Value *v = dying; v; v = v->next) PyObject_GC_UnTrack(v);
    if (buried) PyObject_GC_UnTrack(buried);
}

void make_leaf(Value *v) {
    cut(v);
    bury();
}

void value_dealloc(PyObject *self) {
    doom((Value *)self);
    bury();
}

int value_traverse(PyObject *self, visitproc visit, void *arg) {
    Value *v = (Value *)self;
    Py_ssize_t count;
    PyObject **inputs = inputs_of(v, &count);
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(v->program);
    for (Py_ssize_t i = 0; i < count; i++) Py_VISIT(inputs[i]);
    if (v->extras) {
        Py_VISIT(v->extras->label);
        Py_VISIT(v->extras->gradient);
    }
    return 0;
}

int value_clear(PyObject *self) {
    drop_extras((Value *)self);
    make_leaf((Value *)self);
    return 0;
}
