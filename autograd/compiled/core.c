/* The compiled core: a Value as a C struct, operations on it, and the walk backward; and what Tensors need of C.

   It knows no derivative. What a rule computes and what it passes back are read from the rule's trees as postfix
   bytecode (autograd/rules/bytecode.py), which a small stack machine evaluates. Where Python's floats would raise
   (1/0, exp(1000)), and where a formula cannot be read, the same Python code runs as without the core; so the numbers
   are equal to the last bit, and every method of Value that is not about speed stays Python.

   nodes.c: the nodes and their memory; cycles.c: what the garbage collector is told of them; programs.c: rules with
   their bytecode; recording.c: operations; value.c: a Value's attributes; walk.c: the backward pass; tensors.c: small
   operations on Tensors; this file: the module. All state is of one interpreter, and held by its global lock. */

#include "values.h"

/* What setup.py and the Python side are of; see autograd/core.py. */
#define INTERFACE 6

PyTypeObject *value_type, *program_type;
PyObject *active_modes, *as_constant, *record_with_care, *initialise, *apply_in_python, *read_rule, *rules_of_numbers,
    *refuse_changes, *bind_method, *is_built_in;
PyObject *str_pull, *str_program;
PyObject *on_new;
uint64_t clock_now;

/* define(Node, initialise, apply): the type of Values; what Python does where the core's own do not suffice. */
static PyObject *core_define(PyObject *module, PyObject *args) {
    PyObject *node, *init, *apply, *bases, *type;
    if (!PyArg_ParseTuple(args, "OOO", &node, &init, &apply)) return NULL;
    bases = tuple_of(&node, 1);
    type = bases ? PyType_FromSpecWithBases(&value_spec, bases) : NULL;
    Py_XDECREF(bases);
    if (type) {
        value_type = (PyTypeObject *)Py_NewRef(type);
        initialise = Py_NewRef(init);
        apply_in_python = Py_NewRef(apply);
    }
    return type;
}

/* connect(hooks): what the core needs of Python, by its names, and the rules of the operators. */
static PyObject *core_connect(PyObject *module, PyObject *hooks) {
    static const struct {
        const char *name;
        PyObject **place;
    } HOOKS[] = {
        {"active_modes", &active_modes}, {"constant", &as_constant},
        {"record_with_care", &record_with_care}, {"read", &read_rule},
        {"rules_of_numbers", &rules_of_numbers}, {"refuse_changes", &refuse_changes},
        {"bind_method", &bind_method}, {"is_built_in", &is_built_in},
    };
    static const struct {
        const char *name;
        Program **place;
    } RULES[] = {
        {"add", &operators[NB_ADD]}, {"sub", &operators[NB_SUBTRACT]}, {"mul", &operators[NB_MULTIPLY]},
        {"div", &operators[NB_DIVIDE]}, {"power", &operators[NB_POWER]}, {"neg", &operators[NB_NEGATIVE]},
        {"abs", &operators[NB_ABSOLUTE]}, {"dot", &dot_program},
    };
    for (size_t i = 0; i < sizeof(HOOKS) / sizeof(*HOOKS); i++) {
        PyObject *hook = PyMapping_GetItemString(hooks, HOOKS[i].name);
        if (hook == NULL) return NULL;
        *HOOKS[i].place = hook;
    }
    for (size_t i = 0; i < sizeof(RULES) / sizeof(*RULES); i++) {
        PyObject *rule = PyMapping_GetItemString(hooks, RULES[i].name);
        *RULES[i].place = rule ? program_of(rule) : NULL;
        Py_XDECREF(rule);
        if (*RULES[i].place == NULL) return NULL;
    }
    Py_RETURN_NONE;
}

/* method(rule): what stands for the rule among the methods of Value. */
static PyObject *core_method(PyObject *module, PyObject *rule) { return (PyObject *)program_of(rule); }

static PyObject *core_tick(PyObject *module, PyObject *unused) { return PyLong_FromUnsignedLongLong(++clock_now); }

/* watch(callable): call it with the time of each new Value from now on; None ends that. */
static PyObject *core_watch(PyObject *module, PyObject *callable) {
    PyObject *before = on_new;
    on_new = callable == Py_None ? NULL : callable;
    Py_XINCREF(on_new);
    Py_XDECREF(before);
    Py_RETURN_NONE;
}

/* track(): tell the garbage collector of all Values, now and from now on, for who looks for them among its objects. */
static PyObject *core_track(PyObject *module, PyObject *unused) {
    track_all();
    Py_RETURN_NONE;
}

static PyMethodDef core_functions[] = {
    {"define", core_define, METH_VARARGS, NULL},
    {"connect", core_connect, METH_O, NULL},
    {"method", core_method, METH_O, NULL},
    {"dot", (PyCFunction)(void (*)(void))core_dot, METH_FASTCALL, NULL},
    {"walk", (PyCFunction)(void (*)(void))core_walk, METH_FASTCALL, NULL},
    {"watch", core_watch, METH_O, NULL},
    {"track", core_track, METH_NOARGS, NULL},
    {"tick", core_tick, METH_NOARGS, "A new time at each call."},
    {NULL, NULL, 0, NULL},
};

static int core_exec(PyObject *module) {
    static int64_t owner = -1;
    int64_t here = PyInterpreterState_GetID(PyInterpreterState_Get());
    if (owner >= 0 && owner != here) {
        PyErr_SetString(PyExc_ImportError,
                        "the compiled core serves one interpreter of a process; Python alone serves others");
        return -1;
    }
    owner = here;
    PyObject *names = instructions(), *version = PySys_GetObject("hexversion");
    if (names == NULL || PyModule_AddObject(module, "INSTRUCTIONS", names) < 0) return -1;
    sums_are_compensated = version && PyLong_AsLong(version) >= 0x030C0000;
    program_type = (PyTypeObject *)PyType_FromSpec(&program_spec);
    str_pull = PyUnicode_InternFromString("pull");
    str_program = PyUnicode_InternFromString("_program");
    if (program_type == NULL || str_pull == NULL || str_program == NULL) return -1;
    if (add_tensors(module) < 0) return -1;
    return PyModule_AddIntConstant(module, "INTERFACE", INTERFACE) ||
                   PyModule_AddIntConstant(module, "CONSTANT", CONSTANT) ||
                   PyModule_AddIntConstant(module, "VARIABLE", VARIABLE) ||
                   PyModule_AddIntConstant(module, "FRAME", FRAME) || PyModule_AddIntConstant(module, "STACK", STACK)
               ? -1
               : 0;
}

static PyModuleDef_Slot core_slots[] = {{Py_mod_exec, core_exec}, {0, NULL}};

static PyModuleDef core_module = {
    PyModuleDef_HEAD_INIT,
    "autograd._core",
    "The compiled core of Value; see autograd.core.",
    0,
    core_functions,
    core_slots,
    NULL,
    NULL,
    NULL,
};

PyMODINIT_FUNC PyInit__core(void) { return PyModuleDef_Init(&core_module); }
