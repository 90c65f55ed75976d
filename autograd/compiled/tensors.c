/* The compiled core, second part: what a Tensor remembers as a C struct, recording, and finding a graph.

   It knows neither a derivative nor an array: what an operation computes is called as it stands. An operation that is
   not simple (large arrays, another dtype or kind of operand, a mode, a setting that somebody may write into) is left
   to Python, which computes and records the same in autograd/tensor/dispatch.py. */

#include "core.h"

#include <stdlib.h>
#include <string.h>

static PyTypeObject *tensor_type, *way_type, *view_type, *pull_type, *give_type;

/* What Python lends: see `connect_tensors`. */
static PyObject *active_modes, *followers, *array_type, *number_type, *bind_method, *no_settings;
static Py_ssize_t smallest; /* bytes from which an array is left to Python */

static PyObject *no_inputs, *no_label, *str_nbytes, *str_dtype, *str_shape, *str_copy, *str_compute, *str_pull, *str_call, *str_defaults,
    *str_on_complex, *str_base, *str_flags, *str_writeable, *str_get, *str_set;

/* --- nodes --------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *data, *grad, *label, *origin, *settings, *constants, *view;
    PyObject *weakrefs;
    unsigned long long time;
    char found; /* within `discover` alone, where no Python code runs */
} Tensor;

static inline int is_tensor(PyObject *x) { return Py_TYPE(x) == tensor_type; }

static PyObject *set(PyObject **place, PyObject *x) {
    Py_XINCREF(x);
    *place = x;
    return x;
}

/* A new node without data; a leaf until it is told otherwise. */
static PyObject *tensor_new(PyTypeObject *type, PyObject *args, PyObject *settings) {
    Tensor *t = (Tensor *)PyType_GenericAlloc(type, 0);
    if (t == NULL) return NULL;
    set(&t->grad, Py_None);
    set(&t->view, Py_None);
    set(&t->label, no_label);
    set(&t->origin, no_inputs);
    set(&t->constants, no_inputs);
    set(&t->settings, no_settings);
    t->time = ++clock_now;
    return (PyObject *)t;
}

static int tensor_clear(PyObject *self) {
    Tensor *t = (Tensor *)self;
    PyObject **places[] = {&t->data, &t->grad, &t->label, &t->origin, &t->settings, &t->constants, &t->view};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) Py_CLEAR(*places[i]);
    return 0;
}

static int tensor_traverse(PyObject *self, visitproc visit, void *arg) {
    Tensor *t = (Tensor *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(t->data);
    Py_VISIT(t->grad);
    Py_VISIT(t->origin);
    Py_VISIT(t->settings);
    Py_VISIT(t->constants);
    Py_VISIT(t->view);
    return 0;
}

/* Called by the deallocation of the Python class, which keeps a long graph from recursing. */
static void tensor_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (((Tensor *)self)->weakrefs) PyObject_ClearWeakRefs(self);
    tensor_clear(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* --- recording ----------------------------------------------------------------------------------------------- */

enum { MOST = 8 }; /* operands */

/* A node of `data`, made by origin[0] from the rest of it. */
static PyObject *made(PyObject *data, PyObject *origin, PyObject *settings) {
    Tensor *t = (Tensor *)tensor_new(tensor_type, NULL, NULL);
    if (t == NULL) return NULL;
    set(&t->data, data);
    if (origin) {
        Py_DECREF(t->origin);
        set(&t->origin, origin);
    }
    if (settings) {
        Py_DECREF(t->settings);
        set(&t->settings, settings);
    }
    if (on_new && announce(t->time) < 0) Py_CLEAR(t);
    return (PyObject *)t;
}

/* Whether x is one of NumPy's arrays or numbers, of so few bytes that nothing is asked of it. */
static int is_small(PyObject *x) {
    if (x == NULL || (PyObject *)Py_TYPE(x) != array_type)
        return x && PyType_IsSubtype(Py_TYPE(x), (PyTypeObject *)number_type);
    PyObject *count = PyObject_GetAttr(x, str_nbytes);
    Py_ssize_t bytes = count ? PyLong_AsSsize_t(count) : -1;
    Py_XDECREF(count);
    return bytes >= 0 && bytes < smallest;
}

/* Whether the arrays among the data have one dtype. */
static int of_one_dtype(PyObject *const *data, Py_ssize_t count) {
    PyObject *common = NULL;
    int same = 1;
    for (Py_ssize_t i = 0; i < count && same; i++) {
        if (PyFloat_CheckExact(data[i])) continue;
        PyObject *dtype = PyObject_GetAttr(data[i], str_dtype);
        same = dtype && (common == NULL || common == dtype);
        if (common == NULL)
            common = dtype;
        else
            Py_XDECREF(dtype);
    }
    Py_XDECREF(common);
    return same;
}

/* What `compute` gives for the operands (borrowed), recorded as made by `rule`. NULL without an exception where the
   operation is not simple; nothing has been done then. */
static PyObject *recorded(PyObject *rule, PyObject *compute, PyObject *const *operands, Py_ssize_t count,
                          PyObject *settings) {
    PyObject *data[MOST] = {NULL}, *result = NULL, *node = NULL, *origin;
    int tensors = 0, constants = 0, simple = 1;
    if (tensor_type == NULL || count > MOST || in_a_mode(active_modes) || (origin = PyTuple_New(count + 1)) == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < count && simple; i++) {
        PyObject *x = operands[i], *kept = NULL; /* a new reference */
        if (is_tensor(x)) {
            tensors++;
            if (is_small(((Tensor *)x)->data)) set(&data[i], ((Tensor *)x)->data), set(&kept, x);
        } else if (PyFloat_CheckExact(x))
            set(&data[i], x), set(&kept, x);
        else if (PyLong_CheckExact(x)) { /* of these numbers every floating type has a like one */
            int overflow;
            long number = PyLong_AsLongAndOverflow(x, &overflow);
            if (!overflow && number >= -2048 && number <= 2048)
                set(&data[i], kept = PyFloat_FromDouble((double)number));
        } else if ((PyObject *)Py_TYPE(x) == array_type && is_small(x)) { /* as it is now: its owner may write to it */
            constants++;
            set(&data[i], kept = PyObject_CallMethodObjArgs(x, str_copy, NULL));
        }
        simple = kept && PyTuple_SetItem(origin, i + 1, kept) == 0;
    }
    simple = simple && tensors && (!constants || of_one_dtype(data, count)) && !PyErr_Occurred();
    if (simple) {
        PyTuple_SetItem(origin, 0, set(&rule, rule));
        if (settings || count > 2) {
            PyObject *args = PyTuple_New(count);
            for (Py_ssize_t i = 0; args && i < count; i++) {
                Py_INCREF(data[i]);
                PyTuple_SetItem(args, i, data[i]);
            }
            result = args ? PyObject_Call(compute, args, settings) : NULL;
            Py_XDECREF(args);
        } else
            result = PyObject_CallFunctionObjArgs(compute, data[0], count > 1 ? data[1] : NULL, NULL);
        if (result)
            node = made(result, origin, settings);
        else if (PyErr_ExceptionMatches(PyExc_Exception)) /* raised again by Python, whose frames say what it was about */
            PyErr_Clear();
        Py_XDECREF(result);
    }
    for (Py_ssize_t i = 0; i < count; i++) Py_XDECREF(data[i]);
    Py_DECREF(origin);
    return node;
}

/* Whether nobody can write into any of the settings. */
static int are_settled(PyObject *settings) {
    PyObject *name, *x;
    Py_ssize_t at = 0;
    while (PyDict_Next(settings, &at, &name, &x))
        if (x != Py_None && !PyBool_Check(x) && !PyLong_CheckExact(x) && !PyFloat_CheckExact(x) &&
            !PyUnicode_CheckExact(x))
            return 0;
    return 1;
}

/* simply(rule, inputs, settings): what the rule computes, recorded; None where that is not simple. */
static PyObject *core_simply(PyObject *module, PyObject *args) {
    PyObject *rule, *inputs, *settings, *operands[MOST];
    if (!PyArg_ParseTuple(args, "OO!O!", &rule, &PyTuple_Type, &inputs, &PyDict_Type, &settings)) return NULL;
    Py_ssize_t count = PyTuple_Size(inputs);
    if (count && count <= MOST && are_settled(settings)) {
        PyObject *compute = PyObject_GetAttr(rule, str_compute);
        if (compute == NULL) return NULL;
        for (Py_ssize_t i = 0; i < count; i++) operands[i] = PyTuple_GetItem(inputs, i);
        PyObject *node = recorded(rule, compute, operands, count, PyDict_Size(settings) ? settings : NULL);
        Py_DECREF(compute);
        if (node || PyErr_Occurred()) return node;
    }
    Py_RETURN_NONE;
}

/* made(data, origin=(), settings={}): a new node. */
static PyObject *core_made(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    return made(args[0], count > 1 ? args[1] : NULL, count > 2 ? args[2] : NULL);
}

/* --- ways from an operator, a method or a NumPy function to a rule --------------------------------------------- */

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *rule;    /* of a protocol: the ways by ufunc */
    PyObject *compute; /* NULL: the rule's own */
    PyObject *slow;    /* what is called where the operation is not simple */
    Py_ssize_t count;  /* of operands; 0 for a protocol */
    int reflected;
} Way;

static PyObject *taken(Way *way, PyObject *const *operands) {
    PyObject *exchanged[2];
    if (way->compute == NULL && (way->compute = PyObject_GetAttr(way->rule, str_compute)) == NULL) return NULL;
    if (way->reflected) {
        exchanged[0] = operands[1];
        exchanged[1] = operands[0];
        operands = exchanged;
    }
    return recorded(way->rule, way->compute, operands, way->count, NULL);
}

static PyObject *call_slowly(Way *way, PyObject *const *args, Py_ssize_t count, PyObject *names) {
    Py_ssize_t named = names ? PyTuple_Size(names) : 0;
    if (named == 0 && count == 1) return PyObject_CallFunctionObjArgs(way->slow, args[0], NULL);
    if (named == 0 && count == 2) /* which hold no further reference to the operands: see tensor/memory.py */
        return PyObject_CallFunctionObjArgs(way->slow, args[way->reflected], args[!way->reflected], NULL);
    PyObject *all = PyTuple_New(count), *settings = named ? PyDict_New() : NULL, *result = NULL;
    for (Py_ssize_t i = 0; all && i < count; i++) {
        Py_INCREF(args[i]);
        PyTuple_SetItem(all, i, args[i]);
    }
    for (Py_ssize_t i = 0; settings && i < named; i++)
        if (PyDict_SetItem(settings, PyTuple_GetItem(names, i), args[count + i]) < 0) Py_CLEAR(settings);
    if (all && (settings || !named)) result = PyObject_Call(way->slow, all, settings);
    Py_XDECREF(all);
    Py_XDECREF(settings);
    return result;
}

static PyObject *way_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Way *way = (Way *)self;
    Py_ssize_t count = (Py_ssize_t)(flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET);
    PyObject *node = names == NULL && count == way->count ? taken(way, args) : NULL;
    return node || PyErr_Occurred() ? node : call_slowly(way, args, count, names);
}

/* (tensor, ufunc, method, *inputs, **options), as NumPy's protocol has it. */
static PyObject *protocol_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Py_ssize_t count = (Py_ssize_t)(flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET);
    if (count > 3 && (names == NULL || PyTuple_Size(names) == 0) && PyUnicode_Check(args[2]) &&
        PyUnicode_Compare(args[2], str_call) == 0) {
        Way *way = (Way *)PyDict_GetItemWithError(((Way *)self)->rule, args[1]);
        PyObject *node = way && Py_TYPE(way) == way_type && way->count == count - 3 ? taken(way, args + 3) : NULL;
        if (node || PyErr_Occurred()) return node;
    }
    return call_slowly((Way *)self, args, count, names);
}

/* Whether the attribute x.name is there, and true. -1 with an exception. */
static int has(PyObject *x, PyObject *name) {
    PyObject *found = PyObject_GetAttr(x, name);
    int truth = found ? PyObject_IsTrue(found) : -1;
    Py_XDECREF(found);
    return truth;
}

/* (rule, *inputs, **settings): a rule is called. */
static PyObject *rule_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Py_ssize_t count = (Py_ssize_t)(flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET), named = names ? PyTuple_Size(names) : 0;
    PyObject *settings = NULL, *compute = NULL, *node = NULL;
    int tensors = 0, asks = 0;
    for (Py_ssize_t i = 1; i < count; i++) tensors += is_tensor(args[i]);
    if (tensors && !(asks = has(args[0], str_defaults)) && !(asks = has(args[0], str_on_complex))) {
        int simple = named == 0 || (settings = PyDict_New());
        for (Py_ssize_t i = 0; i < named && simple; i++)
            simple = PyDict_SetItem(settings, PyTuple_GetItem(names, i), args[count + i]) == 0;
        if (simple && (named == 0 || are_settled(settings)) && (compute = PyObject_GetAttr(args[0], str_compute)))
            node = recorded(args[0], compute, args + 1, count - 1, settings);
        Py_XDECREF(compute);
        Py_XDECREF(settings);
    }
    return node || PyErr_Occurred() ? node : call_slowly((Way *)self, args, count, names);
}

static PyObject *way_call_slowly(PyObject *self, PyObject *args, PyObject *settings) {
    return PyObject_Call(((Way *)self)->slow, args, settings);
}

static PyObject *way_get(PyObject *self, PyObject *object, PyObject *type) {
    if (object && object != Py_None) return PyObject_CallFunctionObjArgs(bind_method, self, object, NULL);
    Py_INCREF(self);
    return self;
}

static PyObject *way_attribute(PyObject *self, void *name) {
    return PyObject_GetAttrString(((Way *)self)->slow, name);
}

static PyObject *way_wrapped(PyObject *self, void *unused) {
    PyObject *slow = ((Way *)self)->slow;
    Py_INCREF(slow);
    return slow;
}

static int way_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Way *)self)->rule);
    Py_VISIT(((Way *)self)->compute);
    Py_VISIT(((Way *)self)->slow);
    return 0;
}

static int way_clear(PyObject *self) {
    Py_CLEAR(((Way *)self)->compute);
    return 0;
}

static void way_dealloc(PyObject *self) {
    Way *way = (Way *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(way->rule);
    Py_XDECREF(way->compute);
    Py_XDECREF(way->slow);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyObject *new_way(vectorcallfunc call, PyObject *rule, PyObject *compute, PyObject *slow, Py_ssize_t count,
                         int reflected) {
    Way *way = PyObject_GC_New(Way, way_type);
    if (way == NULL) return NULL;
    way->call = call;
    set(&way->rule, rule);
    set(&way->compute, compute == Py_None ? NULL : compute);
    set(&way->slow, slow);
    way->count = count;
    way->reflected = reflected;
    PyObject_GC_Track(way);
    return (PyObject *)way;
}

/* way(rule, compute, slow, count): calls `slow` where the operation on `count` operands is not simple. */
static PyObject *core_way(PyObject *module, PyObject *args) {
    PyObject *rule, *compute, *slow;
    Py_ssize_t count;
    if (!PyArg_ParseTuple(args, "OOOn", &rule, &compute, &slow, &count)) return NULL;
    return new_way(way_call, rule, compute, slow, count, 0);
}

/* reflected(way): the same with its two operands exchanged. */
static PyObject *core_reflected(PyObject *module, PyObject *given) {
    if (Py_TYPE(given) != way_type || ((Way *)given)->count != 2) {
        PyErr_SetString(PyExc_TypeError, "reflected takes a way of two operands");
        return NULL;
    }
    Way *way = (Way *)given;
    return new_way(way_call, way->rule, way->compute, way->slow, 2, !way->reflected);
}

/* protocol(ways, slow): what NumPy calls with a ufunc, which `ways` has a way for, or else `slow` does. */
static PyObject *core_protocol(PyObject *module, PyObject *args) {
    PyObject *ways, *slow;
    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &ways, &slow)) return NULL;
    return new_way(protocol_call, ways, NULL, slow, 0, 0);
}

/* rule_caller(slow): how a rule is called. */
static PyObject *core_rule_caller(PyObject *module, PyObject *slow) {
    return new_way(rule_call, NULL, NULL, slow, 0, 0);
}

/* --- pulling back ---------------------------------------------------------------------------------------------- */

enum { OUTPUT = MOST, COTANGENT, FRAME = 32, STACK = 32 }; /* the variables of a tape: inputs, output, cotangent, others */

typedef struct {
    enum { ZERO, CONSTANT, VARIABLE, STORE, CALL } kind;
    PyObject *x; /* the constant, or what is called */
    int number;  /* of the variable, or of arguments */
} Step;

/* An expression in postfix; a rule has one for the cotangent of each input (autograd/rules/code_of_arrays.py). */
typedef struct {
    Step *steps;
    Py_ssize_t count;
} Tape;

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *slow, *written; /* what is called where arrays are not small; the tapes as Python wrote them */
    Py_ssize_t count;
    Tape tapes[MOST];
} Pull;

/* The value of an expression of the variables v, as a new reference. */
static PyObject *evaluate(const Tape *tape, PyObject **v) {
    PyObject *stack[STACK + 1], **top = stack, *stored[FRAME]; /* the first place stays empty */
    int some_stored = 0;
    for (Py_ssize_t i = 0; i < tape->count; i++) {
        const Step *step = &tape->steps[i];
        if (step->kind == CONSTANT)
            set(++top, step->x);
        else if (step->kind == VARIABLE)
            set(++top, v[step->number]);
        else if (step->kind == STORE)
            stored[some_stored++] = v[step->number] = *top--;
        else {
            PyObject *y;
            if (step->number == 1)
                y = PyObject_CallFunctionObjArgs(step->x, top[0], NULL);
            else if (step->number == 2)
                y = PyObject_CallFunctionObjArgs(step->x, top[-1], top[0], NULL);
            else
                y = PyObject_CallFunctionObjArgs(step->x, top[-2], top[-1], top[0], NULL);
            for (int k = 0; k < step->number; k++) Py_DECREF(*top--);
            if (y == NULL) break;
            *++top = y;
        }
    }
    while (some_stored) Py_DECREF(stored[--some_stored]);
    if (!PyErr_Occurred()) return *top;
    while (top > stack) Py_DECREF(*top--);
    return NULL;
}

/* Whether an attribute of two arrays is the same. -1 with an exception. */
static int agree(PyObject *x, PyObject *y, PyObject *attribute) {
    PyObject *a = PyObject_GetAttr(x, attribute), *b = a ? PyObject_GetAttr(y, attribute) : NULL;
    int same = b ? a == b || (attribute != str_dtype && PyObject_RichCompareBool(a, b, Py_EQ)) : -1;
    Py_XDECREF(a);
    Py_XDECREF(b);
    return same;
}

/* Whether x is one of NumPy's own arrays or numbers. */
static int is_numpy(PyObject *x) {
    return x && ((PyObject *)Py_TYPE(x) == array_type || PyType_IsSubtype(Py_TYPE(x), (PyTypeObject *)number_type));
}

/* Give an input its cotangent: the first to arrive, of its dtype and shape, is put in place. */
static int give_cotangent(PyObject *x, PyObject *cotangent, PyObject *cotangents, PyObject *give) {
    PyObject *data = ((Tensor *)x)->data, *none;
    int fits = PyDict_Contains(cotangents, x);
    fits = fits ? fits < 0 ? -1 : 0 : is_numpy(cotangent) && is_numpy(data) && agree(cotangent, data, str_dtype);
    if (fits > 0) fits = agree(cotangent, data, str_shape);
    if (fits) return fits < 0 ? -1 : PyDict_SetItem(cotangents, x, cotangent);
    if (PyErr_Occurred()) return -1;
    none = PyObject_CallFunctionObjArgs(give, x, cotangent, NULL);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* (node, g, cotangents, give), as every `pull_arrays`. */
static PyObject *pull_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Pull *pull = (Pull *)self;
    Py_ssize_t count = pull->count;
    PyObject *v[FRAME], *origin = NULL, *y = NULL, *all, *result;
    if ((flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET) != 4 || names || !is_tensor(args[0]) || !PyDict_Check(args[2])) {
        PyErr_SetString(PyExc_TypeError, "a pull takes a Tensor, its cotangent, the cotangents, and how to give one");
        return NULL;
    }
    int simple = is_small(args[1]) && is_small(((Tensor *)args[0])->data) &&
                 PyTuple_Size(((Tensor *)args[0])->origin) == count + 1, failed = 0;
    if (simple) {
        set(&origin, ((Tensor *)args[0])->origin);
        v[OUTPUT] = set(&y, ((Tensor *)args[0])->data);
        v[COTANGENT] = args[1];
    }
    for (Py_ssize_t i = 0; i < count && simple; i++) {
        PyObject *x = PyTuple_GetItem(origin, i + 1);
        v[i] = is_tensor(x) ? ((Tensor *)x)->data : x;
        simple = is_small(v[i]) || PyFloat_CheckExact(v[i]);
    }
    for (Py_ssize_t i = 0; i < count && simple && !failed; i++) {
        PyObject *x = PyTuple_GetItem(origin, i + 1);
        if (!is_tensor(x)) continue; /* only what is asked: nothing with respect to a constant */
        PyObject *cotangent = evaluate(&pull->tapes[i], v);
        failed = cotangent == NULL || give_cotangent(x, cotangent, args[2], args[3]) < 0;
        Py_XDECREF(cotangent);
    }
    Py_XDECREF(origin);
    Py_XDECREF(y);
    if (failed || PyErr_Occurred()) return NULL;
    if (simple) Py_RETURN_NONE;
    all = PyTuple_Pack(4, args[0], args[1], args[2], args[3]);
    result = all ? PyObject_Call(pull->slow, all, NULL) : NULL;
    Py_XDECREF(all);
    return result;
}

/* Read a tape: a float is a constant, a number that of a variable to be pushed (negative: stored, from 1), and a pair
   (function, number of arguments) a call. */
static int read_tape(Tape *tape, PyObject *written) {
    Py_ssize_t count = PyTuple_Check(written) ? PyTuple_Size(written) : -1, depth = 0;
    if (count < 1 || (tape->steps = PyMem_Calloc((size_t)count, sizeof(Step))) == NULL) return 0;
    tape->count = count;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *x = PyTuple_GetItem(written, i);
        Step *step = &tape->steps[i];
        long number = PyLong_Check(x) ? PyLong_AsLong(x) : 0;
        if (PyLong_Check(x))
            *step = (Step){number < 0 ? STORE : VARIABLE, NULL, (int)(number < 0 ? -number : number)};
        else if (PyFloat_Check(x))
            *step = (Step){CONSTANT, x, 0};
        else if (PyTuple_Check(x) && PyTuple_Size(x) == 2)
            *step = (Step){CALL, PyTuple_GetItem(x, 0), (int)PyLong_AsLong(PyTuple_GetItem(x, 1))};
        else
            return 0;
        depth += step->kind == CALL ? 1 - step->number : step->kind == STORE ? -1 : 1;
        if (depth < 0 || depth > STACK || PyErr_Occurred()) return 0;
        if (step->kind == CALL ? step->number < 1 || step->number > 3 : step->number < 0 || step->number >= FRAME) return 0;
    }
    return depth == 1;
}

/* pull(slow, tapes): what pulls back through an elementwise rule, whose cotangents the tapes compute. */
static PyObject *core_pull(PyObject *module, PyObject *args) {
    PyObject *slow, *written;
    if (!PyArg_ParseTuple(args, "OO!", &slow, &PyTuple_Type, &written)) return NULL;
    Pull *pull = PyObject_GC_New(Pull, pull_type);
    if (pull == NULL) return NULL;
    memset((char *)pull + sizeof(PyObject), 0, sizeof(Pull) - sizeof(PyObject));
    pull->call = pull_call;
    set(&pull->slow, slow);
    set(&pull->written, written);
    pull->count = PyTuple_Size(written);
    int read = pull->count <= MOST;
    for (Py_ssize_t i = 0; i < pull->count && read; i++) read = read_tape(&pull->tapes[i], PyTuple_GetItem(written, i));
    PyObject_GC_Track(pull);
    if (read) return (PyObject *)pull;
    Py_DECREF(pull);
    return PyErr_Occurred() ? NULL : (PyErr_SetString(PyExc_ValueError, "no tape"), NULL);
}

static PyObject *pull_call_slowly(PyObject *self, PyObject *args, PyObject *settings) {
    return PyObject_Call(((Pull *)self)->slow, args, settings);
}

static PyObject *pull_attribute(PyObject *self, void *name) {
    return PyObject_GetAttrString(((Pull *)self)->slow, name);
}

static PyObject *pull_wrapped(PyObject *self, void *unused) {
    PyObject *x;
    return set(&x, ((Pull *)self)->slow);
}

static int pull_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Pull *)self)->slow);
    Py_VISIT(((Pull *)self)->written);
    return 0;
}

static void pull_dealloc(PyObject *self) {
    Pull *pull = (Pull *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(pull->slow);
    Py_XDECREF(pull->written);
    for (int i = 0; i < MOST; i++) PyMem_Free(pull->tapes[i].steps);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

/* --- the walk over small nodes ----------------------------------------------------------------------------------- */

/* What pulls call with an input and its cotangent, for one walk. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *cotangents, *slow;
    PyObject *node; /* the one that is pulled through, for error messages; borrowed by the walk */
} Give;

static PyObject *give_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Give *give = (Give *)self;
    if ((flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET) != 2 || names || !is_tensor(args[0])) {
        PyErr_SetString(PyExc_TypeError, "give takes an input of the node, a Tensor, and its cotangent");
        return NULL;
    }
    if (give_cotangent(args[0], args[1], give->cotangents, give->slow) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *give_call_slowly(PyObject *self, PyObject *args, PyObject *settings) {
    return PyObject_Call(((Give *)self)->slow, args, settings);
}

static PyObject *give_part(PyObject *self, void *unused) { return PyObject_GetAttrString(((Give *)self)->slow, "part"); }

static int give_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Give *)self)->cotangents);
    Py_VISIT(((Give *)self)->slow);
    Py_VISIT(((Give *)self)->node);
    return 0;
}

static int give_clear(PyObject *self) {
    Py_CLEAR(((Give *)self)->cotangents);
    Py_CLEAR(((Give *)self)->slow);
    Py_CLEAR(((Give *)self)->node);
    return 0;
}

static void give_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    give_clear(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

/* giver(cotangents, slow): puts the first cotangent of an input in place, and leaves all else to `slow`. */
static PyObject *core_giver(PyObject *module, PyObject *args) {
    PyObject *cotangents, *slow;
    if (!PyArg_ParseTuple(args, "O!O", &PyDict_Type, &cotangents, &slow)) return NULL;
    Give *give = PyObject_GC_New(Give, give_type);
    if (give == NULL) return NULL;
    give->call = give_call;
    set(&give->cotangents, cotangents);
    set(&give->slow, slow);
    set(&give->node, Py_None);
    PyObject_GC_Track(give);
    return (PyObject *)give;
}

/* Pull through one node whose cotangent is g: by its rule's own pull for arrays of the usual dtype, else by `slowly`. */
static int pull_one(Tensor *node, PyObject *g, PyObject *cotangents, PyObject *give, PyObject *usual, PyObject *slowly) {
    PyObject *data = node->data, *rule = PyTuple_GetItem(node->origin, 0), *pull = NULL, *dtype = NULL, *none;
    int simple = is_numpy(data);
    if (simple && ((dtype = PyObject_GetAttr(data, str_dtype)) == NULL || (pull = PyObject_GetAttr(rule, str_pull)) == NULL))
        return -1;
    if (simple && dtype == usual && pull != Py_None)
        none = PyObject_CallFunctionObjArgs(pull, (PyObject *)node, g, cotangents, give, NULL);
    else
        none = PyObject_CallFunctionObjArgs(slowly, (PyObject *)node, g, NULL);
    Py_XDECREF(dtype);
    Py_XDECREF(pull);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* pull_through(inner, cotangents, give, usual, slowly): the walk, each node's cotangent being taken out. */
static PyObject *core_pull_through(PyObject *module, PyObject *args) {
    PyObject *inner, *cotangents, *give, *usual, *slowly;
    if (!PyArg_ParseTuple(args, "O!O!O!OO", &PyList_Type, &inner, &PyDict_Type, &cotangents, give_type, &give, &usual,
                          &slowly))
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_Size(inner); i++) {
        PyObject *node = PyList_GetItem(inner, i), *g = PyDict_GetItemWithError(cotangents, node), *before;
        if (g == NULL && PyErr_Occurred()) return NULL;
        if (g == NULL) continue;
        if (PyErr_CheckSignals() < 0) return NULL;
        before = ((Give *)give)->node;
        set(&((Give *)give)->node, node);
        Py_DECREF(before);
        Py_INCREF(g);
        int failed = PyDict_DelItem(cotangents, node) < 0;
        if (!failed && is_tensor(node))
            failed = pull_one((Tensor *)node, g, cotangents, give, usual, slowly) < 0;
        else if (!failed) {
            PyObject *none = PyObject_CallFunctionObjArgs(slowly, node, g, NULL);
            failed = none == NULL;
            Py_XDECREF(none);
        }
        Py_DECREF(g);
        if (failed) return NULL;
    }
    Py_RETURN_NONE;
}

/* --- gradients and data ----------------------------------------------------------------------------------------- */

/* Whether an array is nobody's part, and can be written to. -1 with an exception. */
static int is_whole(PyObject *array) {
    PyObject *base = PyObject_GetAttr(array, str_base), *flags = NULL;
    int whole = base == Py_None ? 1 : base ? 0 : -1;
    if (whole > 0) whole = (flags = PyObject_GetAttr(array, str_flags)) ? has(flags, str_writeable) : -1;
    Py_XDECREF(base);
    Py_XDECREF(flags);
    return whole;
}

/* put(leaves): give each leaf its gradient, and say so, if no leaf has one yet and every one is an array of its own. */
static PyObject *core_put(PyObject *module, PyObject *leaves) {
    enum { FEW = 64 };
    PyObject *leaf, *g, *given[FEW];
    Py_ssize_t at = 0, count = 0;
    if (!PyDict_Check(leaves) || PyDict_Size(leaves) > FEW) Py_RETURN_FALSE;
    while (PyDict_Next(leaves, &at, &leaf, &g)) {
        int whole = is_tensor(leaf) && ((Tensor *)leaf)->grad == Py_None && (PyObject *)Py_TYPE(g) == array_type;
        for (Py_ssize_t i = 0; i < count && whole; i++) whole = given[i] != g;
        if (whole) whole = is_whole(g);
        if (whole < 0) return NULL;
        if (!whole) Py_RETURN_FALSE;
        given[count++] = g;
    }
    for (at = 0; PyDict_Next(leaves, &at, &leaf, &g);) {
        Py_DECREF(((Tensor *)leaf)->grad);
        set(&((Tensor *)leaf)->grad, g);
    }
    Py_RETURN_TRUE;
}

/* The property `data` where it is what it was: the view that was given out. Else the Python property decides. */
static PyObject *view_get(PyObject *self, PyObject *object, PyObject *type) {
    if (object && is_tensor(object) && ((Tensor *)object)->view != Py_None && PyDict_Size(followers) == 0) {
        PyObject *view = ((Tensor *)object)->view;
        Py_XINCREF(view);
        return view;
    }
    return PyObject_CallMethodObjArgs(((Way *)self)->slow, str_get, object ? object : Py_None, type ? type : Py_None,
                                      NULL);
}

static int view_set(PyObject *self, PyObject *object, PyObject *array) {
    if (array && array != Py_None && is_tensor(object) && ((Tensor *)object)->view == array &&
        PyDict_Size(followers) == 0)
        return 0; /* t.data -= g: written, and noted, already */
    PyObject *none = array ? PyObject_CallMethodObjArgs(((Way *)self)->slow, str_set, object, array, NULL)
                           : PyObject_CallMethod(((Way *)self)->slow, "__delete__", "O", object);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* view(property): the property `data` of Tensor. */
static PyObject *core_view(PyObject *module, PyObject *slow) {
    Way *way = PyObject_GC_New(Way, view_type);
    if (way == NULL) return NULL;
    memset((char *)way + sizeof(PyObject), 0, sizeof(Way) - sizeof(PyObject));
    set(&way->slow, slow);
    PyObject_GC_Track(way);
    return (PyObject *)way;
}

/* --- the graph ------------------------------------------------------------------------------------------------ */

typedef struct {
    Tensor **nodes;
    size_t count, room;
} Nodes;

/* Note a node that was not found before. 0 without memory. */
static int note(Nodes *found, Tensor *t) {
    if (t->found) return 1;
    if (found->count == found->room) {
        size_t room = found->room ? 2 * found->room : 64;
        Tensor **larger = PyMem_Realloc(found->nodes, room * sizeof(Tensor *));
        if (larger == NULL) return 0;
        found->nodes = larger;
        found->room = room;
    }
    t->found = 1;
    found->nodes[found->count++] = t;
    return 1;
}

static int younger_first(const void *a, const void *b) {
    unsigned long long x = (*(Tensor *const *)a)->time, y = (*(Tensor *const *)b)->time;
    return (x < y) - (x > y);
}

/* All that the roots were made from, themselves included. 0 without memory, -1 if one is no Tensor. */
static int discover(Nodes *found, PyObject *roots) {
    int status = 1;
    for (Py_ssize_t i = 0; i < PyTuple_Size(roots) && status > 0; i++) {
        PyObject *root = PyTuple_GetItem(roots, i);
        status = is_tensor(root) ? note(found, (Tensor *)root) : -1;
    }
    for (size_t k = 0; k < found->count && status > 0; k++) {
        PyObject *origin = found->nodes[k]->origin;
        for (Py_ssize_t i = 1; i < PyTuple_Size(origin) && status > 0; i++) {
            PyObject *x = PyTuple_GetItem(origin, i);
            status = is_tensor(x) ? note(found, (Tensor *)x) : is_value_of_core(x) ? -1 : 1;
        }
    }
    for (size_t k = 0; k < found->count; k++) found->nodes[k]->found = 0;
    return status;
}

/* discovered(*roots): the nodes that the roots were made from, (recorded ones, youngest first; leaves, oldest first);
   None if one of them is no Tensor. */
static PyObject *core_discovered(PyObject *module, PyObject *roots) {
    Nodes found = {NULL, 0, 0};
    PyObject *inner = NULL, *leaves = NULL, *result = NULL;
    int status = discover(&found, roots), sorted = 1;
    if (status > 0) {
        for (size_t k = 1; k < found.count && sorted; k++) sorted = found.nodes[k - 1]->time >= found.nodes[k]->time;
        if (!sorted) qsort(found.nodes, found.count, sizeof(Tensor *), younger_first);
        inner = PyList_New(0);
        leaves = PyList_New(0);
        status = inner && leaves;
        for (size_t k = 0; k < found.count && status > 0; k++)
            if (PyTuple_Size(found.nodes[k]->origin)) status = PyList_Append(inner, (PyObject *)found.nodes[k]) == 0;
        for (size_t k = found.count; k > 0 && status > 0; k--)
            if (!PyTuple_Size(found.nodes[k - 1]->origin))
                status = PyList_Append(leaves, (PyObject *)found.nodes[k - 1]) == 0;
        if (status > 0) result = PyTuple_Pack(2, inner, leaves);
    }
    PyMem_Free(found.nodes);
    Py_XDECREF(inner);
    Py_XDECREF(leaves);
    if (status < 0) Py_RETURN_NONE;
    return result || PyErr_Occurred() ? result : PyErr_NoMemory();
}

/* --- the module ----------------------------------------------------------------------------------------------- */

static PyMemberDef tensor_members[] = {
    {"_data", T_OBJECT_EX, offsetof(Tensor, data), 0, NULL},
    {"grad", T_OBJECT_EX, offsetof(Tensor, grad), 0, NULL},
    {"label", T_OBJECT_EX, offsetof(Tensor, label), 0, NULL},
    {"_origin", T_OBJECT_EX, offsetof(Tensor, origin), 0, NULL},
    {"_static", T_OBJECT_EX, offsetof(Tensor, settings), 0, NULL},
    {"_constants", T_OBJECT_EX, offsetof(Tensor, constants), 0, NULL},
    {"_view", T_OBJECT_EX, offsetof(Tensor, view), 0, NULL},
    {"_time", T_ULONGLONG, offsetof(Tensor, time), 0, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Tensor, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot tensor_slots[] = {
    {Py_tp_new, tensor_new},     {Py_tp_dealloc, tensor_dealloc}, {Py_tp_traverse, tensor_traverse},
    {Py_tp_clear, tensor_clear}, {Py_tp_members, tensor_members}, {0, NULL},
};

static PyType_Spec tensor_spec = {
    "autograd._core.Recorded",
    sizeof(Tensor),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    tensor_slots,
};

static PyGetSetDef way_attributes[] = {
    {"__doc__", way_attribute, NULL, NULL, "__doc__"},       {"__name__", way_attribute, NULL, NULL, "__name__"},
    {"__module__", way_attribute, NULL, NULL, "__module__"}, {"__wrapped__", way_wrapped, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef way_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Way, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot way_slots[] = {
    {Py_tp_dealloc, way_dealloc},    {Py_tp_traverse, way_traverse}, {Py_tp_clear, way_clear},
    {Py_tp_call, way_call_slowly},   {Py_tp_descr_get, way_get},     {Py_tp_getset, way_attributes},
    {Py_tp_members, way_members},    {0, NULL},
};

static PyType_Spec way_spec = {
    "autograd._core.Way",
    sizeof(Way),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR |
        Py_TPFLAGS_DISALLOW_INSTANTIATION,
    way_slots,
};

static PyType_Slot view_slots[] = {
    {Py_tp_dealloc, way_dealloc},  {Py_tp_traverse, way_traverse}, {Py_tp_clear, way_clear}, {Py_tp_descr_get, view_get},
    {Py_tp_descr_set, view_set},   {Py_tp_getset, way_attributes}, {0, NULL},
};

static PyType_Spec view_spec = {
    "autograd._core.View",
    sizeof(Way),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    view_slots,
};

static PyGetSetDef pull_attributes[] = {
    {"__doc__", pull_attribute, NULL, NULL, "__doc__"},
    {"__name__", pull_attribute, NULL, NULL, "__name__"},
    {"__wrapped__", pull_wrapped, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef pull_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Pull, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot pull_slots[] = {
    {Py_tp_dealloc, pull_dealloc},    {Py_tp_traverse, pull_traverse}, {Py_tp_call, pull_call_slowly},
    {Py_tp_getset, pull_attributes},  {Py_tp_members, pull_members},   {0, NULL},
};

static PyType_Spec pull_spec = {
    "autograd._core.Pull",
    sizeof(Pull),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    pull_slots,
};

static PyGetSetDef give_attributes[] = {{"part", give_part, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};

static PyMemberDef give_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Give, call), READONLY, NULL},
    {"node", T_OBJECT, offsetof(Give, node), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot give_slots[] = {
    {Py_tp_dealloc, give_dealloc},  {Py_tp_traverse, give_traverse}, {Py_tp_clear, give_clear},
    {Py_tp_call, give_call_slowly}, {Py_tp_getset, give_attributes}, {Py_tp_members, give_members},
    {0, NULL},
};

static PyType_Spec give_spec = {
    "autograd._core.Give",
    sizeof(Give),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    give_slots,
};

/* define_tensor(Node): the type that Tensor, a Python class, is laid out by. */
static PyObject *core_define_tensor(PyObject *module, PyObject *node) {
    PyObject *bases = PyTuple_Pack(1, node), *type = bases ? PyType_FromSpecWithBases(&tensor_spec, bases) : NULL;
    Py_XDECREF(bases);
    return type;
}

/* connect_tensors(**hooks): what is needed of Python. */
static PyObject *core_connect_tensors(PyObject *module, PyObject *args, PyObject *hooks) {
    static char *names[] = {"kind",   "array",       "number",      "active_modes", "followers",
                            "bind_method", "no_settings", "smallest",     NULL};
    PyObject **places[] = {(PyObject **)&tensor_type, &array_type,  &number_type, &active_modes,
                           &followers,                &bind_method, &no_settings},
             *given[7];
    if (!PyArg_ParseTupleAndKeywords(args, hooks, "O!O!O!O!O!OOn", names, &PyType_Type, &given[0], &PyType_Type,
                                     &given[1], &PyType_Type, &given[2], &PyDict_Type, &given[3], &PyDict_Type,
                                     &given[4], &given[5], &given[6], &smallest))
        return NULL;
    for (int i = 0; i < 7; i++) {
        PyObject *before = *places[i];
        set(places[i], given[i]);
        Py_XDECREF(before);
    }
    Py_RETURN_NONE;
}

PyMethodDef tensor_functions[] = {
    {"define_tensor", core_define_tensor, METH_O, NULL},
    {"connect_tensors", (PyCFunction)(void (*)(void))core_connect_tensors, METH_VARARGS | METH_KEYWORDS, NULL},
    {"made", (PyCFunction)(void (*)(void))core_made, METH_FASTCALL, NULL},
    {"simply", core_simply, METH_VARARGS, NULL},
    {"way", core_way, METH_VARARGS, NULL},
    {"reflected", core_reflected, METH_O, NULL},
    {"protocol", core_protocol, METH_VARARGS, NULL},
    {"rule_caller", core_rule_caller, METH_O, NULL},
    {"pull", core_pull, METH_VARARGS, NULL},
    {"giver", core_giver, METH_VARARGS, NULL},
    {"pull_through", core_pull_through, METH_VARARGS, NULL},
    {"put", core_put, METH_O, NULL},
    {"view", core_view, METH_O, NULL},
    {"discovered", core_discovered, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_tensors(PyObject *module) {
    static const struct {
        PyObject **place;
        const char *name;
    } names[] = {
        {&str_nbytes, "nbytes"},     {&str_dtype, "dtype"}, {&str_shape, "shape"},           {&str_copy, "copy"},   {&str_compute, "compute"},
        {&str_pull, "pull_arrays"},
        {&str_call, "__call__"},     {&str_defaults, "defaults"},     {&str_base, "base"},   {&str_flags, "flags"},
        {&str_on_complex, "on_complex"}, {&str_writeable, "writeable"}, {&str_get, "__get__"}, {&str_set, "__set__"},
        {&no_label, ""},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if ((*names[i].place = PyUnicode_InternFromString(names[i].name)) == NULL) return -1;
    no_inputs = PyTuple_New(0);
    way_type = (PyTypeObject *)PyType_FromSpec(&way_spec);
    view_type = (PyTypeObject *)PyType_FromSpec(&view_spec);
    pull_type = (PyTypeObject *)PyType_FromSpec(&pull_spec);
    give_type = (PyTypeObject *)PyType_FromSpec(&give_spec);
    return no_inputs && way_type && view_type && pull_type && give_type ? 0 : -1;
}
