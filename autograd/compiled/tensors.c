/* Tensors: what a node remembers as a C struct, the graph that nodes make, and their gradients. */

#include "tensors.h"

#include <stdlib.h>

Lent lent;
Names names_of;

static PyObject *no_inputs, *no_label;

/* A new node without data; a leaf until it is told otherwise. */
static PyObject *tensor_new(PyTypeObject *type, PyObject *args, PyObject *settings) {
    Tensor *t = (Tensor *)PyType_GenericAlloc(type, 0);
    if (t == NULL) return NULL;
    set(&t->grad, Py_None);
    set(&t->view, Py_None);
    set(&t->label, no_label);
    set(&t->origin, no_inputs);
    set(&t->constants, no_inputs);
    set(&t->settings, lent.no_settings);
    t->time = ++clock_now;
    return (PyObject *)t;
}

/* Give a node its origin, which is a tuple at all times. */
static void set_origin(Tensor *t, PyObject *origin) {
    PyObject *before = t->origin;
    set(&t->origin, origin);
    Py_XDECREF(before);
}

static int tensor_clear(PyObject *self) {
    Tensor *t = (Tensor *)self;
    PyObject **places[] = {&t->data, &t->grad, &t->label, &t->settings, &t->constants, &t->view};
    set_origin(t, no_inputs);
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) Py_CLEAR(*places[i]);
    return 0;
}

static int tensor_traverse(PyObject *self, visitproc visit, void *arg) {
    Tensor *t = (Tensor *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(t->data);
    Py_VISIT(t->grad);
    Py_VISIT(t->label);
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
    Py_DECREF(no_inputs);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* A node of `data`, made by origin[0] from the rest of it. */
PyObject *new_tensor(PyObject *data, PyObject *origin, PyObject *settings) {
    Tensor *t = (Tensor *)tensor_new(lent.tensor, NULL, NULL);
    if (t == NULL) return NULL;
    set(&t->data, data);
    if (origin) set_origin(t, origin);
    if (settings) {
        Py_DECREF(t->settings);
        set(&t->settings, settings);
    }
    if (on_new && announce(t->time) < 0) Py_CLEAR(t);
    return (PyObject *)t;
}

/* new_tensor(data, origin=(), settings={}): a new node. */
static PyObject *core_made(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    return new_tensor(args[0], count > 1 ? args[1] : NULL, count > 2 ? args[2] : NULL);
}

/* Whether x is one of NumPy's own arrays or numbers. */
int is_numpy(PyObject *x) {
    return x && (Py_TYPE(x) == lent.array || PyType_IsSubtype(Py_TYPE(x), lent.number));
}

/* Whether x is one of NumPy's arrays or numbers, of so few bytes that nothing is asked of it. */
int is_small(PyObject *x) {
    if (x == NULL || Py_TYPE(x) != lent.array)
        return x && PyType_IsSubtype(Py_TYPE(x), lent.number);
    PyObject *count = PyObject_GetAttr(x, names_of.nbytes);
    Py_ssize_t bytes = count ? PyLong_AsSsize_t(count) : -1;
    Py_XDECREF(count);
    return bytes >= 0 && bytes < lent.smallest;
}

/* Whether the attribute x.name is there, and true. -1 with an exception. */
int has(PyObject *x, PyObject *name) {
    PyObject *found = PyObject_GetAttr(x, name);
    int truth = found ? PyObject_IsTrue(found) : -1;
    Py_XDECREF(found);
    return truth;
}

/* --- gradients and data ----------------------------------------------------------------------------------------- */

/* Whether an array can be written to. -1 with an exception. */
int is_writeable(PyObject *array) {
    PyObject *flags = PyObject_GetAttr(array, names_of.flags);
    int writeable = flags ? has(flags, names_of.writeable) : -1;
    Py_XDECREF(flags);
    return writeable;
}

/* Whether an array is nobody's part, and can be written to. -1 with an exception. */
static int is_whole(PyObject *array) {
    PyObject *base = PyObject_GetAttr(array, names_of.base);
    int whole = base == Py_None ? is_writeable(array) : base ? 0 : -1;
    Py_XDECREF(base);
    return whole;
}

static unsigned long long last_change;

/* Note that the data of a node has just been changed. */
void note_change(Tensor *t) { t->time = last_change = ++clock_now; }

/* change(): a new time, at which the data of a node has been changed; last_change(): the latest of these. */
static PyObject *core_change(PyObject *module, PyObject *unused) {
    return PyLong_FromUnsignedLongLong(last_change = ++clock_now);
}

static PyObject *core_last_change(PyObject *module, PyObject *unused) {
    return PyLong_FromUnsignedLongLong(last_change);
}

/* put(leaves): give each leaf its gradient, and say so, if no leaf has one yet and every one is an array of its own. */
static PyObject *core_put(PyObject *module, PyObject *leaves) {
    enum { FEW = 64 };
    PyObject *leaf, *g, *given[FEW];
    Py_ssize_t at = 0, count = 0;
    if (!PyDict_Check(leaves) || PyDict_Size(leaves) > FEW) Py_RETURN_FALSE;
    while (PyDict_Next(leaves, &at, &leaf, &g)) {
        int whole = is_tensor(leaf) && ((Tensor *)leaf)->grad == Py_None && Py_TYPE(g) == lent.array;
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

static PyObject *get_origin(PyObject *self, void *unused) {
    PyObject *origin;
    return set(&origin, ((Tensor *)self)->origin);
}

static int write_origin(PyObject *self, PyObject *origin, void *unused) {
    if (origin == NULL || !PyTuple_Check(origin)) {
        PyErr_SetString(PyExc_TypeError, "an origin is a tuple (rule, *inputs), or () for a leaf");
        return -1;
    }
    set_origin((Tensor *)self, origin);
    return 0;
}

static PyGetSetDef tensor_attributes[] = {
    {"_origin", get_origin, write_origin, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef tensor_members[] = {
    {"_data", T_OBJECT_EX, offsetof(Tensor, data), 0, NULL},
    {"grad", T_OBJECT_EX, offsetof(Tensor, grad), 0, NULL},
    {"label", T_OBJECT_EX, offsetof(Tensor, label), 0, NULL},
    {"_static", T_OBJECT_EX, offsetof(Tensor, settings), 0, NULL},
    {"_constants", T_OBJECT_EX, offsetof(Tensor, constants), 0, NULL},
    {"_view", T_OBJECT_EX, offsetof(Tensor, view), 0, NULL},
    {"_time", T_ULONGLONG, offsetof(Tensor, time), 0, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Tensor, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot tensor_slots[] = {
    {Py_tp_new, tensor_new},     {Py_tp_dealloc, tensor_dealloc}, {Py_tp_traverse, tensor_traverse},
    {Py_tp_clear, tensor_clear}, {Py_tp_members, tensor_members}, {Py_tp_getset, tensor_attributes},
    {0, NULL},
};

static PyType_Spec tensor_spec = {
    "autograd._core.Recorded",
    sizeof(Tensor),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    tensor_slots,
};

/* define_tensor(Node): the type that Tensor, a Python class, is laid out by. */
static PyObject *core_define_tensor(PyObject *module, PyObject *node) {
    PyObject *bases = PyTuple_Pack(1, node), *type = bases ? PyType_FromSpecWithBases(&tensor_spec, bases) : NULL;
    Py_XDECREF(bases);
    return type;
}

/* connect_tensors(**hooks): what is needed of Python. */
static PyObject *core_connect_tensors(PyObject *module, PyObject *args, PyObject *hooks) {
    static char *names[] = {"kind",        "array",       "number",   "active_modes", "followers",
                            "bind_method", "no_settings", "smallest", NULL};
    Lent given = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, hooks, "O!O!O!O!O!OOn", names, &PyType_Type, &given.tensor, &PyType_Type,
                                     &given.array, &PyType_Type, &given.number, &PyDict_Type, &given.active_modes,
                                     &PyDict_Type, &given.followers, &given.bind_method, &given.no_settings,
                                     &given.smallest))
        return NULL;
    PyObject *kept[] = {(PyObject *)given.tensor, (PyObject *)given.array, (PyObject *)given.number,
                        given.active_modes,       given.followers,         given.bind_method,
                        given.no_settings};
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) Py_INCREF(kept[i]); /* for good */
    lent = given;
    Py_RETURN_NONE;
}

static PyMethodDef tensor_functions[] = {
    {"define_tensor", core_define_tensor, METH_O, NULL},
    {"connect_tensors", (PyCFunction)(void (*)(void))core_connect_tensors, METH_VARARGS | METH_KEYWORDS, NULL},
    {"made", (PyCFunction)(void (*)(void))core_made, METH_FASTCALL, NULL},
    {"put", core_put, METH_O, NULL},
    {"change", core_change, METH_NOARGS, NULL},
    {"last_change", core_last_change, METH_NOARGS, NULL},
    {"discovered", core_discovered, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_tensors(PyObject *module) {
    const struct {
        PyObject **place;
        const char *name;
    } names[] = {
        {&names_of.nbytes, "nbytes"},           {&names_of.dtype, "dtype"},
        {&names_of.shape, "shape"},             {&names_of.copy, "copy"},
        {&names_of.kind, "kind"},
        {&names_of.compute, "compute"},         {&names_of.pull_arrays, "pull_arrays"},
        {&names_of.defaults, "defaults"},       {&names_of.on_complex, "on_complex"},
        {&names_of.base, "base"},               {&names_of.flags, "flags"},
        {&names_of.writeable, "writeable"},     {&names_of.call, "__call__"},
        {&names_of.get, "__get__"},             {&names_of.set, "__set__"},
        {&names_of.owner, "owner"},             {&no_label, ""},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if ((*names[i].place = PyUnicode_InternFromString(names[i].name)) == NULL) return -1;
    no_inputs = PyTuple_New(0);
    if (no_inputs == NULL || add_ways() < 0 || add_pulls() < 0) return -1;
    PyMethodDef *functions[] = {tensor_functions, way_functions, pull_functions};
    for (int i = 0; i < 3; i++)
        if (PyModule_AddFunctions(module, functions[i]) < 0) return -1;
    return 0;
}
