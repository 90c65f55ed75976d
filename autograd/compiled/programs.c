/* Programs: a rule with its bytecode, which a small stack machine runs, and which stands for it among the methods of
   Value. No derivative is written here: the bytecode is read from the rule's trees (autograd/rules/bytecode.py). */

#include "values.h"

#include <math.h>

static double sign(double x) { return x == x ? (x > 0) - (x < 0) : x; }

static double step(double x) { return x > 0 ? 1 : 0; }

static double polished_cbrt(double x) /* as in autograd/rules/scalars.py */
{
    if (x == 0 || !isfinite(x)) return x;
    double root = copysign(pow(fabs(x), 1.0 / 3), x), newton = (root - x / (root * root)) / 3;
    return isfinite(newton) ? root - newton : root;
}

static const struct {
    const char *name;
    double (*function)(double);
} FUNCTIONS[] = {
    {"abs", fabs},    {"sign", sign}, {"step", step},   {"cbrt", polished_cbrt}, {"sqrt", sqrt},   {"exp", exp},
    {"expm1", expm1}, {"log", log},   {"log1p", log1p}, {"log2", log2},          {"log10", log10}, {"sin", sin},
    {"cos", cos},     {"tan", tan},   {"asin", asin},   {"acos", acos},          {"atan", atan},   {"sinh", sinh},
    {"cosh", cosh},   {"tanh", tanh}, {"asinh", asinh}, {"acosh", acosh},        {"atanh", atanh}, {"erf", erf},
    {"erfc", erfc},
};

static const char *const INSTRUCTIONS[] = {
    "end", "store", "jump",   "jump_unless", "call",  "neg", "square", "reciprocal", "add", "sub", "mul", "div",
    "pow", "atan2", "larger", "smaller",     "share", "lt",  "gt",     "le",         "ge",  "eq",  "ne",
};

/* Call a scalar of Python with the numbers on the stack. */
static int call_scalar(PyObject *function, double *numbers, int count) {
    PyObject *args = PyTuple_New(count), *y = NULL;
    for (int i = 0; args && i < count; i++) {
        PyObject *x = PyFloat_FromDouble(numbers[i]);
        if (x == NULL || PyTuple_SetItem(args, i, x) < 0) Py_CLEAR(args);
    }
    if (args) y = PyObject_CallObject(function, args);
    Py_XDECREF(args);
    if (y) {
        numbers[0] = PyFloat_AsDouble(y);
        Py_DECREF(y);
    }
    if (!PyErr_Occurred()) return DONE;
    if (!PyErr_ExceptionMatches(PyExc_ArithmeticError) && !PyErr_ExceptionMatches(PyExc_ValueError)) return FAILED;
    PyErr_Clear();
    return CAREFUL;
}

/* Evaluate postfix bytecode. `v` has the inputs, the output and its cotangent, and room for what is stored.
   CAREFUL where Python's floats would raise ArithmeticError or ValueError. */
int run(const Program *p, const char *bytes, double *v, double *result) {
    const uint8_t *at = (const uint8_t *)bytes;
    double stack[STACK + 1], *top = stack; /* the first place stays empty */
    for (;;) {
        uint8_t op = *at++;
        if (op >= VARIABLE) {
            *++top = v[op - VARIABLE];
            continue;
        }
        if (op >= CONSTANT) {
            *++top = p->constants[op - CONSTANT];
            continue;
        }
        if (op >= FIRST_FUNCTION) {
            double x = *top, y = FUNCTIONS[op - FIRST_FUNCTION].function(x);
            if (!isfinite(y) && (isfinite(x) || (isnan(y) && !isnan(x)))) return CAREFUL;
            *top = y;
            continue;
        }
        if (op >= ADD) top--; /* to the first of two numbers: top[0] and top[1] */
        switch (op) {
        case END: *result = *top; return DONE;
        case ADD: top[0] += top[1]; break;
        case SUBTRACT: top[0] -= top[1]; break;
        case MULTIPLY: top[0] *= top[1]; break;
        case DIVIDE:
            if (top[1] == 0) return CAREFUL;
            top[0] /= top[1];
            break;
        case NEGATE: *top = -*top; break;
        case SQUARE: *top *= *top; break;
        case RECIPROCAL:
            if (*top == 0) return CAREFUL;
            *top = 1 / *top;
            break;
        case POWER: {
            double y = pow(top[0], top[1]);
            if (!isfinite(y) && isfinite(top[0]) && isfinite(top[1])) return CAREFUL;
            top[0] = y;
            break;
        }
        case ATAN2: top[0] = atan2(top[0], top[1]); break;
        case LARGER: top[0] = top[0] > top[1] || top[0] != top[0] ? top[0] : top[1]; break;
        case SMALLER: top[0] = top[0] < top[1] || top[0] != top[0] ? top[0] : top[1]; break;
        case SHARE: top[0] = top[0] == top[1] ? 0.5 : top[0] > top[1]; break;
        case LESS: top[0] = top[0] < top[1]; break;
        case GREATER: top[0] = top[0] > top[1]; break;
        case AT_MOST: top[0] = top[0] <= top[1]; break;
        case AT_LEAST: top[0] = top[0] >= top[1]; break;
        case EQUAL: top[0] = top[0] == top[1]; break;
        case DIFFERENT: top[0] = top[0] != top[1]; break;
        case STORE: v[*at++] = *top--; break;
        case JUMP: at += *at + 1; break;
        case JUMP_UNLESS: at += *top-- == 0 ? *at + 1 : 1; break;
        case CALL: {
            int count = at[1], status;
            top -= count - 1;
            status = call_scalar(PyTuple_GetItem(p->functions, at[0]), top, count);
            if (status != DONE) return status;
            at += 2;
            break;
        }
        }
    }
}

/* The names of all instructions, in the order of their codes. */
PyObject *instructions(void) {
    size_t n = sizeof(INSTRUCTIONS) / sizeof(*INSTRUCTIONS), m = sizeof(FUNCTIONS) / sizeof(*FUNCTIONS);
    PyObject *names = PyTuple_New((Py_ssize_t)(n + m));
    for (size_t i = 0; names && i < n + m; i++) {
        PyObject *name = PyUnicode_FromString(i < n ? INSTRUCTIONS[i] : FUNCTIONS[i - n].name);
        if (name == NULL || PyTuple_SetItem(names, (Py_ssize_t)i, name) < 0) Py_CLEAR(names);
    }
    return names;
}

/* Have the rule's trees read. -1 with an exception. */
int read_program(Program *p) {
    PyObject *read = PyObject_CallFunctionObjArgs(read_rule, p->rule, NULL), *forward, *cotangents, *constants;
    const char *name = NULL;
    if (read == NULL) return -1;
    if (p->way != UNREAD) { /* another thread was faster */
        Py_DECREF(read);
        return 0;
    }
    if (!PyArg_ParseTuple(read, "OOO!O!", &forward, &cotangents, &PyTuple_Type, &constants, &PyTuple_Type,
                          &p->functions))
        goto failed;
    if (PyUnicode_Check(forward)) {
        if ((name = PyUnicode_AsUTF8AndSize(forward, NULL)) == NULL) goto failed;
        p->bytecode = read;
        p->way = strcmp(name, "sum") == 0 ? SUM : DOT;
        return 0;
    }
    Py_ssize_t count = PyTuple_Size(constants), arity = cotangents == Py_None ? 0 : PyTuple_Size(cotangents);
    PyMem_Free(p->constants); /* of an attempt that failed */
    PyMem_Free(p->cotangents);
    p->constants = PyMem_Malloc((size_t)(count ? count : 1) * sizeof(double));
    p->cotangents = cotangents == Py_None ? NULL : PyMem_Malloc((size_t)(arity ? arity : 1) * sizeof(Cotangent));
    if (p->constants == NULL || (p->cotangents == NULL && cotangents != Py_None)) {
        PyErr_NoMemory();
        goto failed;
    }
    for (Py_ssize_t i = 0; i < count; i++) p->constants[i] = PyFloat_AsDouble(PyTuple_GetItem(constants, i));
    for (Py_ssize_t i = 0; i < arity; i++) {
        PyObject *one = PyTuple_GetItem(cotangents, i);
        const uint8_t *bytes = one == Py_None ? NULL : (const uint8_t *)PyBytes_AsString(one);
        Cotangent *c = &p->cotangents[i];
        *c = (Cotangent){bytes ? POSTFIX : ZERO, 0, (const char *)bytes};
        if (bytes && bytes[0] == VARIABLE + COTANGENT) {
            if (bytes[1] == END)
                c->kind = PLAIN;
            else if (bytes[1] == NEGATE && bytes[2] == END)
                c->kind = NEGATED;
            else if (bytes[1] >= VARIABLE && bytes[1] <= VARIABLE + OUTPUT && bytes[2] == MULTIPLY && bytes[3] == END) {
                c->kind = SCALED;
                c->factor = bytes[1] - VARIABLE;
            }
        }
    }
    if (PyErr_Occurred()) goto failed;
    p->arity = (int)arity;
    p->simple = arity > 0;
    for (Py_ssize_t i = 0; i < arity; i++) p->simple = p->simple && p->cotangents[i].kind != POSTFIX;
    p->calls = PyTuple_Size(p->functions) > 0;
    p->forward = forward == Py_None ? NULL : PyBytes_AsString(forward);
    const uint8_t *f = (const uint8_t *)p->forward;
    if (f && f[0] == VARIABLE && f[1] == VARIABLE + 1 && f[2] >= ADD && f[2] <= DIVIDE && f[3] == END)
        p->arithmetic = f[2];
    p->bytecode = read;
    p->way = cotangents == Py_None && forward == Py_None ? IN_PYTHON : BYTECODE;
    return 0;
failed:
    p->functions = NULL;
    Py_DECREF(read);
    return -1;
}

static PyObject *program_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names);

/* A new program, not yet read; one of a rule that is none of numbers is never read. */
Program *new_program(PyObject *rule, int of_numbers) {
    Program *p = PyObject_GC_New(Program, program_type);
    if (p == NULL) return NULL;
    memset((char *)p + sizeof(PyObject), 0, sizeof(Program) - sizeof(PyObject));
    p->call = program_call;
    p->rule = Py_NewRef(rule);
    p->way = of_numbers ? UNREAD : IN_PYTHON;
    PyObject_GC_Track(p);
    if (!of_numbers) track_all();
    return p;
}

/* The program of a rule of numbers, which the rule keeps; any other rule gets one of its own each time. */
Program *program_of(PyObject *rule) {
    int of_numbers = PyObject_IsInstance(rule, rules_of_numbers);
    if (of_numbers < 0) return NULL;
    if (!of_numbers) return new_program(rule, 0);
    PyObject *known = PyObject_GetAttr(rule, str_program);
    if (known == NULL || Py_TYPE(known) == program_type) return (Program *)known;
    Py_DECREF(known);
    PyObject *own = PyObject_CallFunctionObjArgs(is_built_in, rule, NULL);
    if (own == NULL) return NULL;
    Program *p = new_program(rule, 1);
    if (own != Py_True) track_all();
    Py_DECREF(own);
    if (p && PyObject_SetAttr(rule, str_program, (PyObject *)p) < 0) Py_CLEAR(p);
    return p;
}

static int program_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Program *)self)->rule);
    Py_VISIT(((Program *)self)->bytecode);
    return 0;
}

static void program_dealloc(PyObject *self) {
    Program *p = (Program *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(p->rule);
    Py_XDECREF(p->bytecode);
    PyMem_Free(p->constants);
    PyMem_Free(p->cotangents);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

/* --- the type ------------------------------------------------------------------------------------------------- */

/* A program is a method of Value: `x.tanh()`. What is not plain Values and floats goes through the rule itself. */
static PyObject *program_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names) {
    Program *p = (Program *)self;
    Py_ssize_t count = (Py_ssize_t)(nargsf & ~((size_t)1 << (8 * sizeof(size_t) - 1))), i; /* a flag is the first bit */
    if (names && PyTuple_Size(names)) return PyErr_Format(PyExc_TypeError, "%R takes no keyword arguments", p->rule);
    if (p->way == UNREAD && read_program(p) < 0) return NULL;
    if (count == p->arity && count && is_value(args[0])) {
        for (i = 1; i < count && is_plain(args[i]); i++);
        if (i == count) return apply(p, args, count);
    }
    PyObject *inputs = tuple_of(args, count), *made = inputs ? PyObject_Call(p->rule, inputs, NULL) : NULL;
    Py_XDECREF(inputs);
    return made;
}

static PyObject *program_call_slowly(PyObject *self, PyObject *args, PyObject *settings) {
    return PyObject_Call(((Program *)self)->rule, args, settings);
}

static PyObject *program_get(PyObject *self, PyObject *object, PyObject *type) {
    int bound = object && object != Py_None;
    return bound ? PyObject_CallFunctionObjArgs(bind_method, self, object, NULL) : Py_NewRef(self);
}

static PyObject *program_attribute(PyObject *self, void *name) {
    return PyObject_GetAttrString(((Program *)self)->rule, name);
}

static PyObject *program_signature(PyObject *self, void *unused) {
    PyObject *partials = PyObject_GetAttrString(((Program *)self)->rule, "partials");
    Py_ssize_t count = partials ? PyObject_Size(partials) : -1;
    Py_XDECREF(partials);
    return count < 0 ? NULL : PyUnicode_FromString(count == 1 ? "($self, /)" : "($self, /, *others)");
}

static PyGetSetDef program_attributes[] = {
    {"__doc__", program_attribute, NULL, NULL, "doc"},
    {"__name__", program_attribute, NULL, NULL, "__name__"},
    {"__text_signature__", program_signature, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef program_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Program, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot program_slots[] = {
    {Py_tp_dealloc, program_dealloc},
    {Py_tp_traverse, program_traverse},
    {Py_tp_call, program_call_slowly},
    {Py_tp_descr_get, program_get},
    {Py_tp_getset, program_attributes},
    {Py_tp_members, program_members},
    {0, NULL},
};

PyType_Spec program_spec = {
    "autograd._core.Program",
    sizeof(Program),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR |
        Py_TPFLAGS_DISALLOW_INSTANTIATION,
    program_slots,
};
