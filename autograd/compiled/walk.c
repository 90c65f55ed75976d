/* The walk backward: gradients of all nodes that one was made from. */

#include "values.h"

/* A gradient from before the walk: a number, or an object. */
typedef struct {
    Value *node;
    PyObject *object;
    double number;
} Earlier;

typedef struct {
    Nodes inner;  /* what the root was made from, itself first: the recorded nodes, consumers before producers, */
    Nodes leaves; /* and the others */
    Nodes far;    /* see `find` */
    size_t first; /* the place of the time `start` among the inner nodes, */
    uint64_t start;
    size_t end; /* and behind the last that was found */
    size_t reach; /* behind the last place that may be filled without a look at its room and at `edge`, */
    size_t edge;  /* the least place of one that waits: who is older waits too, lest it goes before its consumer */
    Earlier *earlier;
    size_t earlier_count, earlier_room;
    size_t pulled; /* so many of the inner nodes have passed their gradient on */
    int changed;   /* whether data was changed after a node had used it */
    int held;      /* whether references to the nodes are held: as soon as Python code may run */
} Walk;

/* Begin with a gradient of 0, and remember the one before. */
static inline int start_sum(Walk *w, Value *v) {
    PyObject *object = v->extras ? v->extras->gradient : NULL;
    if (v->stamp & HAS_GRADIENT || object) {
        if (make_room(&w->earlier, w->earlier_count + 1, &w->earlier_room, sizeof(Earlier)) < 0) return -1;
        w->earlier[w->earlier_count++] = (Earlier){v, object, v->gradient};
        if (object) v->extras->gradient = NULL;
    }
    v->gradient = 0;
    v->stamp |= HAS_GRADIENT | VISITED;
    return 0;
}

static int add_node(Walk *w, Value *v, Nodes *nodes) {
    if (make_room(&nodes->items, nodes->count + 1, &nodes->room, sizeof(Value *)) < 0 || start_sum(w, v) < 0) return -1;
    nodes->items[nodes->count++] = v;
    return 0;
}

/* Add the gradient of a node to its inputs': as it is, negated, or times a variable. */
static inline void pull_simply(Value *node, const Cotangent *c, PyObject *const *inputs, Py_ssize_t count) {
    const double g = node->gradient;
    for (Py_ssize_t i = 0; i < count; i++, c++) {
        Value *x = (Value *)inputs[i];
        if (!is_value(inputs[i])) /* only what is asked: nothing with respect to a constant */
            continue;
        if (c->kind == PLAIN)
            x->gradient += g;
        else if (c->kind == SCALED)
            x->gradient += g * (c->factor == OUTPUT ? node->data : number(inputs[c->factor]));
        else if (c->kind == NEGATED)
            x->gradient -= g;
    }
}

/* Add the gradient of a node, times each partial derivative, to its inputs'. */
static int pull_by_bytecode(Value *node, Program *p, PyObject *const *inputs, Py_ssize_t count) {
    double v[FRAME], gradients[INPUTS];
    for (Py_ssize_t i = 0; i < count; i++) v[i] = number(inputs[i]);
    v[OUTPUT] = node->data;
    v[COTANGENT] = node->gradient;
    for (Py_ssize_t i = 0; i < count; i++)
        if (is_value(inputs[i]) && p->cotangents[i].bytes) {
            int status = run(p, p->cotangents[i].bytes, v, &gradients[i]);
            if (status != DONE) return status;
        }
    for (Py_ssize_t i = 0; i < count; i++)
        if (is_value(inputs[i]) && p->cotangents[i].bytes) ((Value *)inputs[i])->gradient += gradients[i];
    return DONE;
}

static void pull_sum(Value *node, PyObject *const *inputs, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; i++)
        if (is_value(inputs[i])) ((Value *)inputs[i])->gradient += node->gradient;
}

static void pull_dot(Value *node, PyObject *const *inputs, Py_ssize_t count) {
    double g = node->gradient, y = node->data;
    Py_ssize_t n = count / 2;
    if (g == 0 && y - y == 0)
        return; /* y is finite, so every input is, and all that g passes on is 0: half of a ReLU network */
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *a = inputs[i], *b = inputs[n + i];
        if (is_value(a)) ((Value *)a)->gradient += g * number(b);
        if (is_value(b)) ((Value *)b)->gradient += g * number(a);
    }
    if (is_value(inputs[count - 1])) ((Value *)inputs[count - 1])->gradient += g;
}

/* Have a node pass its gradient on, without any Python code; CAREFUL if that cannot be. */
static inline int pull(Value *node, Program *p, PyObject *const *inputs, Py_ssize_t count) {
    if (p->simple && count == p->arity)
        pull_simply(node, p->cotangents, inputs, count);
    else if (p->way == SUM)
        pull_sum(node, inputs, count);
    else if (p->way == DOT && count % 2)
        pull_dot(node, inputs, count);
    else
        return p->way == BYTECODE && count == p->arity && p->cotangents && !p->calls
                   ? pull_by_bytecode(node, p, inputs, count)
                   : CAREFUL;
    return DONE;
}

/* The places of the last walk, empty again: new memory would cost a tenth of the next one. */
enum { SPARED = 1 << 17 };
static Nodes spare;

static void give_back_places(Nodes *inner) {
    if (inner->room > SPARED || inner->room < spare.room) {
        PyMem_Free(inner->items);
        return;
    }
    if (inner->count) memset(inner->items, 0, inner->count * sizeof(Value *));
    PyMem_Free(spare.items);
    spare = (Nodes){inner->items, 0, inner->room};
}

/* Give a recorded node its place, by its time, or let it wait among the far ones. -1 without memory. */
static inline int find(Walk *w, Value *x) {
    Nodes *inner = &w->inner;
    size_t place = w->first + (size_t)(w->start - time_of(x));
    if (place >= w->reach) {
        if (place >= w->edge || place >= 64 * inner->count + 4096) {
            w->edge = place < w->edge ? place : w->edge;
            return add_node(w, x, &w->far);
        }
        if (make_room(&inner->items, place + 1, &inner->room, sizeof(Value *)) < 0) return -1;
        w->reach = inner->room < w->edge ? inner->room : w->edge;
    }
    if (start_sum(w, x) < 0) return -1;
    inner->items[place] = x;
    w->end = place >= w->end ? place + 1 : w->end;
    return 0;
}

/* Go on with those that wait, from the newest on: nothing is left before them. -1 without memory. */
static int find_far(Walk *w) {
    Nodes *inner = &w->inner, *far = &w->far;
    size_t left = 0;
    w->start = 0;
    for (size_t i = 0; i < far->count; i++)
        w->start = time_of(far->items[i]) > w->start ? time_of(far->items[i]) : w->start;
    w->first = w->end = inner->count;
    if (make_room(&inner->items, w->first + 1, &inner->room, sizeof(Value *)) < 0) return -1;
    w->reach = inner->room;
    w->edge = SIZE_MAX;
    for (size_t i = 0; i < far->count; i++) {
        Value *v = far->items[i];
        size_t place = w->first + (size_t)(w->start - time_of(v));
        if (place < inner->room) {
            inner->items[place] = v;
            w->end = place >= w->end ? place + 1 : w->end;
        } else {
            w->edge = place < w->edge ? place : w->edge;
            far->items[left++] = v;
        }
    }
    far->count = left;
    return 0;
}

/* Go through the inner nodes from `first` on, find what they were made from, and have each pass its gradient on, until
   one cannot do without Python. -1 without memory. */
static int go_through(Walk *w) {
    Nodes *inner = &w->inner;
    int changed = w->changed; /* not in memory, where it would be written for each input */
    for (size_t at = w->first; at < w->end; at++) {
        Value *v = inner->items[at];
        if (v == NULL) continue;
        PREFETCH_BELOW(v);
        inner->items[at] = NULL;
        inner->items[inner->count++] = v;
        set_flag(v, VISITED, 0);
        Py_ssize_t count;
        PyObject **inputs = inputs_of(v, &count);
        for (Py_ssize_t i = 0; i < count; i++) {
            Value *x = (Value *)inputs[i];
            if (!is_value(inputs[i])) continue;
            const int newer = time_of(x) > time_of(v);
            changed |= newer;
            if (x->stamp & VISITED || (newer && x->program)) continue;
            if ((x->program ? find(w, x) : add_node(w, x, &w->leaves)) < 0) return -1;
        }
        if (!changed && w->pulled == inner->count - 1 && pull(v, v->program, inputs, count) == DONE) w->pulled++;
    }
    w->changed = changed;
    return 0;
}

/* Find all nodes, in their order, and have each pass its gradient on, as far as Python is not needed for it: no Python
   code runs here. -1 without memory.

   The clock gives every node a place of its own: the root's is 0, and older ones follow. The places are gone through
   from there on. What is met there moves together at the front; all its consumers have been met before, so its
   gradient is complete. What it was made from is put in its places behind. What is so old that most places before it
   would be empty waits among the far ones, until all others have been gone through. */
static int sweep(Walk *w, Value *root, double seed) {
    Nodes *inner = &w->inner;
    *inner = spare;
    spare = (Nodes){NULL, 0, 0};
    int failed = add_node(w, root, root->program ? &w->far : &w->leaves);
    if (!failed) root->gradient = seed;
    while (!failed && w->far.count) failed = find_far(w) || go_through(w);
    for (size_t at = inner->count; at < w->end; at++) { /* after a failure: what was found, to be put back */
        Value *v = inner->items[at];
        if (v == NULL) continue;
        set_flag(v, VISITED, 0);
        inner->items[at] = NULL;
        inner->items[inner->count++] = v;
    }
    for (size_t i = 0; i < w->leaves.count; i++) set_flag(w->leaves.items[i], VISITED, 0);
    for (size_t i = 0; i < w->far.count; i++) set_flag(w->far.items[i], VISITED, 0);
    return failed ? -1 : 0;
}

static void hold(Walk *w) {
    for (size_t i = 0; !w->held && i < w->inner.count; i++) Py_INCREF(w->inner.items[i]);
    for (size_t i = 0; !w->held && i < w->leaves.count; i++) Py_INCREF(w->leaves.items[i]);
    w->held = 1;
}

/* Have Python pull a node; what it adds may be any number. */
static int pull_in_python(Value *node) {
    if (node->program == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a node lost its history while a gradient was on its way to it");
        return -1;
    }
    PyObject *pull = PyObject_GetAttr(node->program->rule, str_pull), *none;
    none = pull ? PyObject_CallFunctionObjArgs(pull, node, NULL) : NULL;
    Py_XDECREF(pull);
    if (none == NULL) return -1;
    Py_DECREF(none);
    for (Py_ssize_t i = 0, count; i < (inputs_of(node, &count), count); i++) {
        PyObject *x = inputs_of(node, &count)[i];
        if (!is_value(x) || ((Value *)x)->stamp & HAS_GRADIENT) continue;
        PyObject *gradient = get_grad(x, NULL), *number = PyNumber_Float(gradient);
        int failed = number == NULL || set_gradient((Value *)x, number) < 0;
        Py_DECREF(gradient);
        Py_XDECREF(number);
        if (failed) return -1;
    }
    return 0;
}

/* As `pull`, where Python code may run, which may do anything to the node. */
static int pull_by_any_means(Value *node) {
    Program *p = node->program;
    if (p && p->way == UNREAD) {
        Py_INCREF(p);
        int failed = read_program(p);
        Py_DECREF(p);
        if (failed) return -1;
        p = node->program;
    }
    if (p == NULL) return pull_in_python(node);
    Py_ssize_t count;
    PyObject **inputs = inputs_of(node, &count), *kept[INPUTS];
    int status = pull(node, p, inputs, count);
    if (status == CAREFUL && p->calls && p->cotangents && count == p->arity) {
        Py_INCREF(p);
        for (Py_ssize_t i = 0; i < count; i++) {
            Py_INCREF(inputs[i]);
            kept[i] = inputs[i];
        }
        status = pull_by_bytecode(node, p, kept, count);
        while (count--) Py_DECREF(kept[count]);
        Py_DECREF(p);
    }
    return status == CAREFUL ? pull_in_python(node) : status;
}

/* Refuse if data was changed after a node had used it. */
static int refuse_changed(Walk *w) {
    hold(w);
    PyObject *inner = tuple_of((PyObject *const *)w->inner.items, (Py_ssize_t)w->inner.count);
    PyObject *none = inner ? PyObject_CallFunctionObjArgs(refuse_changes, inner, NULL) : NULL;
    Py_XDECREF(inner);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* Leaves add to what they had. */
static int add_earlier(Walk *w) {
    for (size_t i = 0; i < w->earlier_count; i++) {
        Earlier *e = &w->earlier[i];
        if (e->node->program) continue;
        if (e->object && PyLong_CheckExact(e->object)) { /* most often 0 */
            e->number = PyLong_AsDouble(e->object);
            if (e->number == -1 && PyErr_Occurred()) return -1;
        }
        if (e->object == NULL || PyLong_CheckExact(e->object)) {
            e->node->gradient += e->number;
            continue;
        }
        hold(w);
        PyObject *now = get_grad((PyObject *)e->node, NULL), *sum = now ? PyNumber_Add(now, e->object) : NULL;
        int failed = sum == NULL || set_gradient(e->node, sum) < 0;
        Py_XDECREF(now);
        Py_XDECREF(sum);
        if (failed) return -1;
    }
    return 0;
}

static void restore(Walk *w) {
    PyObject *type, *error, *trace;
    PyErr_Fetch(&type, &error, &trace);
    for (size_t i = 0; i < w->inner.count; i++) set_gradient(w->inner.items[i], NULL);
    for (size_t i = 0; i < w->leaves.count; i++) set_gradient(w->leaves.items[i], NULL);
    for (size_t i = 0; i < w->far.count; i++) set_gradient(w->far.items[i], NULL);
    for (size_t i = 0; i < w->earlier_count; i++) {
        Earlier *e = &w->earlier[i];
        e->node->gradient = e->number;
        set_flag(e->node, HAS_GRADIENT, e->object == NULL);
        if (e->object) /* into the place that it was taken from */
            e->node->extras->gradient = e->object;
    }
    PyErr_Restore(type, error, trace);
}

/* walk(root, seed): the backward pass. If anything goes wrong, every gradient is what it was before. */
PyObject *core_walk(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
    if (nargs != 2 || !is_value(args[0])) {
        PyErr_SetString(PyExc_TypeError, "walk takes a Value and a seed");
        return NULL;
    }
    Value *root = (Value *)args[0];
    double seed = PyFloat_AsDouble(args[1]);
    if (PyErr_Occurred()) return NULL;
    Walk w = {0};
    int failed = sweep(&w, root, seed);
    if (failed) PyErr_NoMemory();
    if (!failed && w.changed) failed = refuse_changed(&w);
    if (w.pulled < w.inner.count) hold(&w);
    for (; !failed && w.pulled < w.inner.count; w.pulled++) failed = pull_by_any_means(w.inner.items[w.pulled]);
    failed = failed || add_earlier(&w);
    if (failed)
        restore(&w);
    else
        for (size_t i = 0; i < w.earlier_count; i++) Py_XDECREF(w.earlier[i].object);
    for (size_t i = 0; w.held && i < w.inner.count; i++) Py_DECREF(w.inner.items[i]);
    for (size_t i = 0; w.held && i < w.leaves.count; i++) Py_DECREF(w.leaves.items[i]);
    give_back_places(&w.inner);
    PyMem_Free(w.leaves.items);
    PyMem_Free(w.far.items);
    PyMem_Free(w.earlier);
    if (failed) return NULL;
    Py_RETURN_NONE;
}
