/* Recording, in short: from an operator, a method or a NumPy function to a rule, for Tensors of few numbers. */

#include "tensors.h"

static PyTypeObject *way_type, *view_type;

/* Whether the arrays among the data have one dtype. */
static int of_one_dtype(PyObject *const *data, Py_ssize_t count) {
    PyObject *common = NULL;
    int same = 1;
    for (Py_ssize_t i = 0; i < count && same; i++) {
        if (PyFloat_CheckExact(data[i])) continue;
        PyObject *dtype = PyObject_GetAttr(data[i], names_of.dtype);
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
    if (lent.tensor == NULL || count > MOST || in_a_mode(lent.active_modes) ||
        (origin = PyTuple_New(count + 1)) == NULL)
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
        } else if (Py_TYPE(x) == lent.array && is_small(x)) { /* as it is now: its owner may write to it */
            constants++;
            set(&data[i], kept = PyObject_CallMethodObjArgs(x, names_of.copy, NULL));
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
            node = new_tensor(result, origin, settings);
        else if (PyErr_ExceptionMatches(PyExc_Exception) && !PyErr_ExceptionMatches(PyExc_RecursionError))
            PyErr_Clear(); /* raised again by Python, whose frames tell of it; not twice at each depth, though */
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
        PyObject *compute = PyObject_GetAttr(rule, names_of.compute);
        if (compute == NULL) return NULL;
        for (Py_ssize_t i = 0; i < count; i++) operands[i] = PyTuple_GetItem(inputs, i);
        PyObject *node = recorded(rule, compute, operands, count, PyDict_Size(settings) ? settings : NULL);
        Py_DECREF(compute);
        if (node || PyErr_Occurred()) return node;
    }
    Py_RETURN_NONE;
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
    if (way->compute == NULL && (way->compute = PyObject_GetAttr(way->rule, names_of.compute)) == NULL) return NULL;
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
        PyUnicode_Compare(args[2], names_of.call) == 0) {
        Way *way = (Way *)PyDict_GetItemWithError(((Way *)self)->rule, args[1]);
        PyObject *node = way && Py_TYPE(way) == way_type && way->count == count - 3 ? taken(way, args + 3) : NULL;
        if (node || PyErr_Occurred()) return node;
    }
    return call_slowly((Way *)self, args, count, names);
}

/* (rule, *inputs, **settings): a rule is called. */
static PyObject *rule_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Py_ssize_t count = (Py_ssize_t)(flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET), named = names ? PyTuple_Size(names) : 0;
    PyObject *settings = NULL, *compute = NULL, *node = NULL;
    int tensors = 0, asks = 0;
    for (Py_ssize_t i = 1; i < count; i++) tensors += is_tensor(args[i]);
    if (tensors && !(asks = has(args[0], names_of.defaults)) && !(asks = has(args[0], names_of.on_complex))) {
        int simple = named == 0 || (settings = PyDict_New());
        for (Py_ssize_t i = 0; i < named && simple; i++)
            simple = PyDict_SetItem(settings, PyTuple_GetItem(names, i), args[count + i]) == 0;
        if (simple && (named == 0 || are_settled(settings)) && (compute = PyObject_GetAttr(args[0], names_of.compute)))
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
    if (object && object != Py_None) return PyObject_CallFunctionObjArgs(lent.bind_method, self, object, NULL);
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

/* --- the data ---------------------------------------------------------------------------------------------------- */

/* The property `data` where it is what it was: the view that was given out. Else the Python property decides. */
static PyObject *view_get(PyObject *self, PyObject *object, PyObject *type) {
    PyObject *view = object && is_tensor(object) ? ((Tensor *)object)->view : NULL;
    if (view && view != Py_None && PyDict_Size(lent.followers) == 0) {
        Py_INCREF(view);
        return view;
    }
    return PyObject_CallMethodObjArgs(((Way *)self)->slow, names_of.get, object ? object : Py_None,
                                      type ? type : Py_None,
                                      NULL);
}

static int view_set(PyObject *self, PyObject *object, PyObject *array) {
    if (array && array != Py_None && is_tensor(object) && ((Tensor *)object)->view == array &&
        PyDict_Size(lent.followers) == 0)
        return 0; /* t.data -= g: written, and noted, already */
    PyObject *none = array ? PyObject_CallMethodObjArgs(((Way *)self)->slow, names_of.set, object, array, NULL)
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

/* (view, other): an operator in place, on what `data` has given out. Where that is all of a leaf's data, and nobody
   follows, it is written here; Python knows all other cases. */
static PyObject *in_place_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Way *way = (Way *)self;
    Py_ssize_t count = (Py_ssize_t)(flagged & ~PY_VECTORCALL_ARGUMENTS_OFFSET);
    PyObject *owner = NULL, *found = NULL, *result = NULL, *data;
    if (count == 2 && names == NULL && PyDict_Size(lent.followers) == 0) {
        owner = PyObject_GetAttr(args[0], names_of.owner);
        found = owner && owner != Py_None ? PyObject_CallNoArgs(owner) : NULL;
    }
    Tensor *t = found && is_tensor(found) ? (Tensor *)found : NULL;
    int simple = t && t->view == args[0] && PyTuple_Size(t->origin) == 0 && Py_TYPE(t->data) == lent.array &&
                 is_writeable(t->data) > 0;
    if (simple) {
        binaryfunc write = (binaryfunc)PyType_GetSlot(lent.array, (int)way->count);
        result = write(set(&data, t->data), args[1]);
        note_change(t); /* also after an error, which may come in the middle */
        if (result == data) {
            Py_DECREF(result);
            set(&result, args[0]);
        }
        Py_DECREF(data);
    }
    Py_XDECREF(owner);
    Py_XDECREF(found);
    return simple || PyErr_Occurred() ? result : call_slowly(way, args, count, names);
}

/* in_place(name, slow): the operator in place of that name; `slow` does all that is not simple. */
static PyObject *core_in_place(PyObject *module, PyObject *args) {
    static const struct {
        const char *name;
        int slot;
    } OPERATORS[] = {
        {"__iadd__", Py_nb_inplace_add},
        {"__isub__", Py_nb_inplace_subtract},
        {"__imul__", Py_nb_inplace_multiply},
        {"__itruediv__", Py_nb_inplace_true_divide},
    };
    const char *name;
    PyObject *slow;
    if (!PyArg_ParseTuple(args, "sO", &name, &slow)) return NULL;
    for (size_t i = 0; i < sizeof(OPERATORS) / sizeof(*OPERATORS); i++)
        if (strcmp(name, OPERATORS[i].name) == 0) return new_way(in_place_call, NULL, NULL, slow, OPERATORS[i].slot, 0);
    return set(&slow, slow); /* a rarer one */
}

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
    {Py_tp_dealloc, way_dealloc},  {Py_tp_traverse, way_traverse}, {Py_tp_clear, way_clear},
    {Py_tp_descr_get, view_get},   {Py_tp_descr_set, view_set},    {Py_tp_getset, way_attributes},
    {0, NULL},
};

static PyType_Spec view_spec = {
    "autograd._core.View",
    sizeof(Way),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    view_slots,
};

PyMethodDef way_functions[] = {
    {"simply", core_simply, METH_VARARGS, NULL},
    {"way", core_way, METH_VARARGS, NULL},
    {"reflected", core_reflected, METH_O, NULL},
    {"protocol", core_protocol, METH_VARARGS, NULL},
    {"rule_caller", core_rule_caller, METH_O, NULL},
    {"view", core_view, METH_O, NULL},
    {"in_place", core_in_place, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int add_ways(void) {
    way_type = (PyTypeObject *)PyType_FromSpec(&way_spec);
    view_type = (PyTypeObject *)PyType_FromSpec(&view_spec);
    return way_type && view_type ? 0 : -1;
}
