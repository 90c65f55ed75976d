/* Pulling back through nodes of few numbers: the rules' expressions on a small stack, and the walk. */

#include "tensors.h"

static PyTypeObject *pull_type, *give_type;

/* The variables of a tape: inputs, output, cotangent, others. */
enum { OUTPUT = MOST, COTANGENT, FRAME = 32, STACK = 32 };

typedef struct {
    enum { ZERO, CONSTANT, VARIABLE, STORE, CALL, OPERATOR } kind;
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
            int plain = step->kind == OPERATOR;
            for (int k = 0; k < step->number && plain; k++) plain = PyFloat_CheckExact(top[-k]);
            if (step->number == 1)
                y = PyObject_CallFunctionObjArgs(step->x, top[0], NULL);
            else if (step->number == 2)
                y = PyObject_CallFunctionObjArgs(step->x, top[-1], top[0], NULL);
            else
                y = PyObject_CallFunctionObjArgs(step->x, top[-2], top[-1], top[0], NULL);
            for (int k = 0; k < step->number; k++) Py_DECREF(*top--);
            if (y && plain && PyFloat_Check(y)) { /* NumPy's number, whose dtype would count */
                PyObject *number = PyFloat_FromDouble(PyFloat_AsDouble(y));
                Py_DECREF(y);
                y = number;
            }
            if (y == NULL) break;
            *++top = y;
        }
    }
    while (some_stored) Py_DECREF(stored[--some_stored]);
    if (!PyErr_Occurred()) return *top;
    while (top > stack) Py_DECREF(*top--);
    return NULL;
}

/* Whether an attribute of two arrays is the same object. -1 with an exception. */
static int agree(PyObject *x, PyObject *y, PyObject *attribute) {
    PyObject *a = PyObject_GetAttr(x, attribute), *b = a ? PyObject_GetAttr(y, attribute) : NULL;
    int same = b ? a == b : -1;
    Py_XDECREF(a);
    Py_XDECREF(b);
    return same;
}

/* Whether an array of shape `row` was added to every row of a matrix of shape `rows`. */
static int is_a_row(PyObject *row, PyObject *rows) {
    return row && rows && PyTuple_Size(row) == 1 && PyTuple_Size(rows) == 2 &&
           PyObject_RichCompareBool(PyTuple_GetItem(row, 0), PyTuple_GetItem(rows, 1), Py_EQ) > 0;
}

/* Put the first cotangent of an input in place, if it is of the dtype and the shape, or has rows to be summed. */
static int put_first(PyObject *x, PyObject *cotangent, PyObject *cotangents) {
    PyObject *data = ((Tensor *)x)->data, *shape, *wanted, *sum = NULL;
    int known = PyDict_Contains(cotangents, x), same, put = 0;
    if (known || !is_numpy(cotangent) || !is_numpy(data) || (same = agree(cotangent, data, names_of.dtype)) == 0)
        return known < 0 ? -1 : 0;
    shape = same > 0 ? PyObject_GetAttr(cotangent, names_of.shape) : NULL;
    wanted = shape ? PyObject_GetAttr(data, names_of.shape) : NULL;
    if (wanted && PyObject_RichCompareBool(shape, wanted, Py_EQ))
        put = PyDict_SetItem(cotangents, x, cotangent) < 0 ? -1 : 1;
    else if (is_a_row(wanted, shape)) {
        sum = PyObject_CallFunctionObjArgs(lent.sum_of_rows, cotangent, NULL);
        put = sum && PyDict_SetItem(cotangents, x, sum) == 0 ? 1 : -1;
    }
    Py_XDECREF(shape);
    Py_XDECREF(wanted);
    Py_XDECREF(sum);
    return PyErr_Occurred() ? -1 : put;
}

/* What pulls call with an input and its cotangent, for one walk. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *cotangents;
    PyObject *python, *slow; /* the class that does the same in Python, and one of it as soon as it is needed */
    PyObject *node;          /* the one that is pulled through, for error messages */
} Give;

/* What is called where the first cotangent of an input cannot be put in place; borrowed. */
static PyObject *slow_of(Give *give) {
    if (give->slow == NULL) give->slow = PyObject_CallFunctionObjArgs(give->python, give->cotangents, NULL);
    return give->slow;
}

/* Give an input its cotangent, by whatever a pull was told to call. */
static int give_cotangent(PyObject *x, PyObject *cotangent, PyObject *cotangents, PyObject *give) {
    int put = is_tensor(x) ? put_first(x, cotangent, cotangents) : 0; /* else a Value */
    if (put) return put < 0 ? -1 : 0;
    if (Py_TYPE(give) == give_type && (give = slow_of((Give *)give)) == NULL) return -1;
    PyObject *none = PyObject_CallFunctionObjArgs(give, x, cotangent, NULL);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* (node, g, cotangents, give), as every `pull_arrays`. */
static PyObject *pull_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Pull *pull = (Pull *)self;
    Py_ssize_t count = pull->count;
    PyObject *v[FRAME], *origin = NULL, *all, *result;
    Py_ssize_t held = 0; /* so many inputs: what a tape calls, or another thread, may give them other data */
    if ((flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET) != 4 || names || !is_tensor(args[0]) || !PyDict_Check(args[2])) {
        PyErr_SetString(PyExc_TypeError, "a pull takes a Tensor, its cotangent, the cotangents, and how to give one");
        return NULL;
    }
    int simple = is_small(args[1]) && is_small(((Tensor *)args[0])->data) &&
                 PyTuple_Size(((Tensor *)args[0])->origin) == count + 1, failed = 0;
    if (simple) {
        set(&origin, ((Tensor *)args[0])->origin);
        set(&v[OUTPUT], ((Tensor *)args[0])->data);
        v[COTANGENT] = args[1];
    }
    for (; simple && held < count; held++) {
        PyObject *x = PyTuple_GetItem(origin, held + 1);
        PyObject *data = set(&v[held], is_tensor(x) ? ((Tensor *)x)->data : x);
        simple = data && (is_small(data) || PyFloat_CheckExact(data));
    }
    for (Py_ssize_t i = 0; i < count && simple && !failed; i++) {
        PyObject *x = PyTuple_GetItem(origin, i + 1);
        if (!is_tensor(x)) continue; /* only what is asked: nothing with respect to a constant */
        PyObject *cotangent = evaluate(&pull->tapes[i], v);
        failed = cotangent == NULL || give_cotangent(x, cotangent, args[2], args[3]) < 0;
        Py_XDECREF(cotangent);
    }
    if (origin) Py_DECREF(v[OUTPUT]);
    while (held) Py_XDECREF(v[--held]);
    Py_XDECREF(origin);
    if (failed || PyErr_Occurred()) return NULL;
    if (simple) Py_RETURN_NONE;
    all = PyTuple_Pack(4, args[0], args[1], args[2], args[3]);
    result = all ? PyObject_Call(pull->slow, all, NULL) : NULL;
    Py_XDECREF(all);
    return result;
}

/* Read a tape: a float is a constant, a number that of a variable to be pushed (negative: stored, from 1), and a pair
   (function, number of arguments) a call, of an operator if the number is negative. */
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
        else if (PyTuple_Check(x) && PyTuple_Size(x) == 2) {
            number = PyLong_AsLong(PyTuple_GetItem(x, 1));
            *step = (Step){number < 0 ? OPERATOR : CALL, PyTuple_GetItem(x, 0), (int)(number < 0 ? -number : number)};
        } else
            return 0;
        int calls = step->kind == CALL || step->kind == OPERATOR;
        depth += calls ? 1 - step->number : step->kind == STORE ? -1 : 1;
        if (depth < 0 || depth > STACK || PyErr_Occurred()) return 0;
        if (step->number < calls || step->number >= (calls ? 4 : FRAME)) return 0;
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

static PyObject *give_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Give *give = (Give *)self;
    if ((flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET) != 2 || names) {
        PyErr_SetString(PyExc_TypeError, "give takes an input of the node and its cotangent");
        return NULL;
    }
    if (give_cotangent(args[0], args[1], give->cotangents, self) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *give_call_slowly(PyObject *self, PyObject *args, PyObject *settings) {
    PyObject *slow = slow_of((Give *)self);
    return slow ? PyObject_Call(slow, args, settings) : NULL;
}

static PyObject *give_part(PyObject *self, void *unused) {
    PyObject *slow = slow_of((Give *)self);
    return slow ? PyObject_GetAttrString(slow, "part") : NULL;
}

static int give_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Give *)self)->cotangents);
    Py_VISIT(((Give *)self)->python);
    Py_VISIT(((Give *)self)->slow);
    Py_VISIT(((Give *)self)->node);
    return 0;
}

static int give_clear(PyObject *self) {
    Py_CLEAR(((Give *)self)->cotangents);
    Py_CLEAR(((Give *)self)->python);
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

/* giver(cotangents, python, sum_of_rows): puts the first cotangent of an input in place; all else is left to one of the
   class `python`. */
static PyObject *core_giver(PyObject *module, PyObject *args) {
    PyObject *cotangents, *python, *sum, *before = lent.sum_of_rows;
    if (!PyArg_ParseTuple(args, "O!OO", &PyDict_Type, &cotangents, &python, &sum)) return NULL;
    set(&lent.sum_of_rows, sum);
    Py_XDECREF(before);
    Give *give = PyObject_GC_New(Give, give_type);
    if (give == NULL) return NULL;
    give->call = give_call;
    set(&give->cotangents, cotangents);
    set(&give->python, python);
    give->slow = NULL;
    set(&give->node, Py_None);
    PyObject_GC_Track(give);
    return (PyObject *)give;
}

/* Whether a dtype is one of complex numbers. -1 with an exception. */
static int is_complex(PyObject *dtype) {
    PyObject *kind = PyObject_GetAttr(dtype, names_of.kind);
    int complex = kind && PyUnicode_Check(kind) ? PyUnicode_CompareWithASCIIString(kind, "c") == 0 : -1;
    Py_XDECREF(kind);
    return complex;
}

/* Pull through a node whose cotangent is g: by its rule's own pull for arrays, none of which is complex where the dtype
   is the usual one; else by `slowly`. */
static int pull_one(Tensor *node, PyObject *g, PyObject *cotangents, PyObject *give, PyObject *usual,
                    PyObject *slowly) {
    PyObject *data = is_numpy(node->data) ? node->data : g; /* data that were thrown away had the dtype of g */
    PyObject *rule = PyTuple_GetItem(node->origin, 0), *pull = NULL, *none = NULL;
    PyObject *dtype = is_numpy(data) ? PyObject_GetAttr(data, names_of.dtype) : NULL;
    int other = dtype == NULL || (dtype != usual && is_complex(dtype));
    if (!other) pull = PyObject_GetAttr(rule, names_of.pull_arrays);
    if (pull && pull != Py_None)
        none = PyObject_CallFunctionObjArgs(pull, (PyObject *)node, g, cotangents, give, NULL);
    else if (!PyErr_Occurred())
        none = PyObject_CallFunctionObjArgs(slowly, (PyObject *)node, g, give, NULL);
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
            PyObject *none = PyObject_CallFunctionObjArgs(slowly, node, g, give, NULL);
            failed = none == NULL;
            Py_XDECREF(none);
        }
        Py_DECREF(g);
        if (failed) return NULL;
    }
    Py_RETURN_NONE;
}

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

PyMethodDef pull_functions[] = {
    {"pull", core_pull, METH_VARARGS, NULL},
    {"giver", core_giver, METH_VARARGS, NULL},
    {"pull_through", core_pull_through, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_pulls(void) {
    pull_type = (PyTypeObject *)PyType_FromSpec(&pull_spec);
    give_type = (PyTypeObject *)PyType_FromSpec(&give_spec);
    return pull_type && give_type ? 0 : -1;
}
