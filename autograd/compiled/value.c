/* The type Value: its attributes. All methods that are not about speed are put onto it by Python (autograd/core.py). */

#include "values.h"

static Extras *extras_of(Value *v) {
    if (v->extras == NULL) {
        if ((v->extras = PyMem_Malloc(sizeof(Extras))) == NULL)
            PyErr_NoMemory();
        else
            *v->extras = (Extras){NULL, NULL};
    }
    return v->extras;
}

/* A number, or any object, or NULL for none. -1 without memory. */
int set_gradient(Value *v, PyObject *x) {
    PyObject *before = v->extras ? v->extras->gradient : NULL;
    int is_number = x && PyFloat_CheckExact(x);
    if (x && !is_number) {
        if (extras_of(v) == NULL) return -1;
        may_close_a_cycle(x);
        v->extras->gradient = Py_NewRef(x);
    } else if (before)
        v->extras->gradient = NULL;
    set_flag(v, HAS_GRADIENT, is_number);
    if (is_number) v->gradient = PyFloat_AsDouble(x);
    Py_XDECREF(before);
    return 0;
}

static int refuse_deletion(PyObject *x) {
    if (x == NULL) PyErr_SetString(PyExc_AttributeError, "an attribute of a Value cannot be deleted");
    return x == NULL;
}

PyObject *get_grad(PyObject *self, void *unused) {
    Value *v = (Value *)self;
    if (v->stamp & HAS_GRADIENT) return PyFloat_FromDouble(v->gradient);
    return Py_NewRef(v->extras && v->extras->gradient ? v->extras->gradient : Py_None);
}

static int set_grad(PyObject *self, PyObject *x, void *unused) {
    return refuse_deletion(x) ? -1 : set_gradient((Value *)self, x == Py_None ? NULL : x);
}

static PyObject *get_label(PyObject *self, void *unused) {
    Value *v = (Value *)self;
    if (v->extras == NULL || v->extras->label == NULL) return PyUnicode_FromStringAndSize("", 0);
    return Py_NewRef(v->extras->label);
}

static int set_label(PyObject *self, PyObject *x, void *unused) {
    Value *v = (Value *)self;
    if (refuse_deletion(x)) return -1;
    if (v->extras == NULL && PyUnicode_Check(x) && PyUnicode_GetLength(x) == 0) return 0; /* as most are */
    if (extras_of(v) == NULL) return -1;
    PyObject *before = v->extras->label;
    may_close_a_cycle(x);
    v->extras->label = Py_NewRef(x);
    Py_XDECREF(before);
    return 0;
}

static PyObject *get_time(PyObject *self, void *unused) { return PyLong_FromUnsignedLongLong(time_of((Value *)self)); }

static int set_time(PyObject *self, PyObject *x, void *unused) {
    if (refuse_deletion(x)) return -1;
    unsigned long long time = PyLong_AsUnsignedLongLong(x);
    if (time == (unsigned long long)-1 && PyErr_Occurred()) return -1;
    ((Value *)self)->stamp = (uint64_t)time << TIME_AT | (((Value *)self)->stamp & ((1 << TIME_AT) - 1));
    return 0;
}

/* Where it came from: (rule, *inputs), () for a leaf. */
static PyObject *get_origin(PyObject *self, void *unused) {
    Value *v = (Value *)self;
    Py_ssize_t count;
    PyObject **inputs = inputs_of(v, &count);
    PyObject *origin = PyTuple_New(v->program ? count + 1 : 0);
    if (origin == NULL || v->program == NULL) return origin;
    inputs = inputs_of(v, &count); /* an allocation may have run any code */
    if (v->program == NULL || PyTuple_Size(origin) != count + 1) {
        Py_DECREF(origin);
        return get_origin(self, unused);
    }
    PyTuple_SetItem(origin, 0, Py_NewRef(v->program->rule));
    for (Py_ssize_t i = 0; i < count; i++) PyTuple_SetItem(origin, i + 1, Py_NewRef(inputs[i]));
    return origin;
}

static int write_origin(PyObject *self, PyObject *origin, void *unused) {
    Value *v = (Value *)self;
    Py_ssize_t count = origin && PyTuple_Check(origin) ? PyTuple_Size(origin) : -1;
    if (count < 0) {
        PyErr_SetString(PyExc_TypeError, "an origin is a tuple (rule, *inputs), or () for a leaf");
        return -1;
    }
    if (count == 0) {
        make_leaf(v);
        return 0;
    }
    PyObject **inputs = PyMem_Malloc((size_t)count * sizeof(PyObject *));
    if (inputs == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int suits = 1, failed = 1;
    for (Py_ssize_t i = 1; i < count; i++) {
        inputs[i - 1] = PyTuple_GetItem(origin, i);
        suits = suits && is_plain(inputs[i - 1]) && inputs[i - 1] != self;
    }
    PyObject *rule = PyTuple_GetItem(origin, 0);
    Program *p = suits ? program_of(rule) : new_program(rule, 0);
    if (p) {
        if (v != newest || v->program || !suits) track_all(); /* else nothing was made from it yet */
        make_leaf(v);
        failed = set_origin(v, p, inputs, count - 1);
        Py_DECREF(p);
    }
    PyMem_Free(inputs);
    return failed ? -1 : 0;
}

static PyObject *value_new(PyTypeObject *type, PyObject *args, PyObject *settings) {
    Value *v = new_node();
    if (v && tracking) PyObject_GC_Track(v);
    return (PyObject *)v;
}

static int value_init(PyObject *self, PyObject *args, PyObject *settings) {
    Value *v = (Value *)self;
    if (settings == NULL && v->program == NULL && v->extras == NULL && PyTuple_Size(args) == 1) {
        PyObject *x = PyTuple_GetItem(args, 0);
        if (PyFloat_CheckExact(x)) {
            v->data = PyFloat_AsDouble(x);
            v->stamp = ++clock_now << TIME_AT;
            return on_new ? announce(time_of(v)) : 0;
        }
    }
    PyObject *first = tuple_of(&self, 1), *all = first ? PySequence_Concat(first, args) : NULL;
    PyObject *none = all ? PyObject_Call(initialise, all, settings) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(all);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

static PyGetSetDef value_attributes[] = {
    {"grad", get_grad, set_grad, NULL, NULL},
    {"label", get_label, set_label, NULL, NULL},
    {"_origin", get_origin, write_origin, NULL, NULL},
    {"_time", get_time, set_time, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef value_members[] = {
    {"_data", T_DOUBLE, offsetof(Value, data), 0, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Value, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyMethodDef value_methods[] = {
    {"_apply", (PyCFunction)(void (*)(void))value_apply, METH_VARARGS | METH_KEYWORDS | METH_STATIC, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot value_slots[] = {
    {Py_tp_new, value_new},           {Py_tp_init, value_init},
    {Py_tp_dealloc, value_dealloc},   {Py_tp_traverse, value_traverse},
    {Py_tp_clear, value_clear},       {Py_tp_getset, value_attributes},
    {Py_tp_members, value_members},   {Py_tp_methods, value_methods},
    {Py_nb_add, value_add},           {Py_nb_subtract, value_subtract},
    {Py_nb_multiply, value_multiply}, {Py_nb_true_divide, value_divide},
    {Py_nb_power, value_power},       {Py_nb_negative, value_negative},
    {Py_nb_absolute, value_absolute}, {0, NULL},
};

PyType_Spec value_spec = {
    "autograd.value.Value",
    sizeof(Value),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    value_slots,
};
