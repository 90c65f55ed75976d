/* Recording: what an operation on Values computes, and the node that remembers it. */

#include "values.h"

#include <math.h>

int sums_are_compensated;
Program *operators[7], *dot_program;

/* A running sum as Python's `sum` of floats has it. */
typedef struct {
    double high, low;
} Sum;

static inline void add_to(Sum *s, double x) {
    double t = s->high + x;
    if (sums_are_compensated) s->low += fabs(s->high) >= fabs(x) ? (s->high - t) + x : (x - t) + s->high;
    s->high = t;
}

static inline double value_of(Sum s) { return s.low && isfinite(s.low) ? s.high + s.low : s.high; }

/* What the rule computes of Values and floats. CAREFUL where that is left to Python. */
static int compute(Program *p, PyObject *const *inputs, Py_ssize_t count, double *result) {
    if (p->way == UNREAD && read_program(p) < 0) return FAILED;
    if (p->way == BYTECODE && p->forward && count == p->arity) {
        double v[FRAME];
        for (Py_ssize_t i = 0; i < count; i++) v[i] = number(inputs[i]);
        return run(p, p->forward, v, result);
    }
    if (p->way == SUM && count) {
        Sum s = {0 + number(inputs[0]), 0};
        for (Py_ssize_t i = 1; i < count; i++) add_to(&s, number(inputs[i]));
        *result = value_of(s);
        return DONE;
    }
    if (p->way == DOT && count % 2) {
        Sum s = {number(inputs[count - 1]), 0};
        for (Py_ssize_t i = 0, n = count / 2; i < n; i++) add_to(&s, number(inputs[i]) * number(inputs[n + i]));
        *result = value_of(s);
        return DONE;
    }
    return CAREFUL;
}

PyObject *tuple_of(PyObject *const *items, Py_ssize_t count) {
    PyObject *made = PyTuple_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) PyTuple_SetItem(made, i, Py_NewRef(items[i]));
    return made;
}

/* Make `v`, which has no history, the result of a program. -1 without memory. */
int set_origin(Value *v, Program *p, PyObject *const *inputs, Py_ssize_t count) {
    PyObject **places = v->few;
    if (count > 2) {
        if ((places = PyMem_Malloc((size_t)count * sizeof(PyObject *))) == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        v->many.items = places;
        v->many.count = count;
    }
    for (Py_ssize_t i = 0; i < count; i++) places[i] = Py_NewRef(inputs[i]);
    v->program = (Program *)Py_NewRef(p);
    set_arity(v, count > 2 ? MANY : (unsigned)count);
    return 0;
}

/* Tell of a new node, which is complete: Python code runs. */
int announce(uint64_t time) {
    PyObject *told = on_new, *number = PyLong_FromUnsignedLongLong(time);
    Py_INCREF(told);
    PyObject *none = number ? PyObject_CallFunctionObjArgs(told, number, NULL) : NULL;
    Py_DECREF(told);
    Py_XDECREF(number);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* A new Value that is complete, told of to who wants to know. */
static inline PyObject *finished(Value *v) {
    if (tracking) PyObject_GC_Track(v);
    if (on_new && announce(time_of(v)) < 0) Py_CLEAR(v);
    return (PyObject *)v;
}

/* Have Python record: the data is computed already, or left to it too. */
static PyObject *record_in_python(Program *p, PyObject *const *inputs, Py_ssize_t count, const double *data) {
    PyObject *kept = tuple_of(inputs, count), *number = data && kept ? PyFloat_FromDouble(*data) : NULL, *made = NULL;
    if (kept && (number || !data))
        made = PyObject_CallFunctionObjArgs(data ? record_with_care : apply_in_python, p->rule, kept, number, NULL);
    Py_XDECREF(kept);
    Py_XDECREF(number);
    return made;
}

/* Record that `data` was computed by a program of Values and floats, which are borrowed. */
static inline PyObject *record(Program *p, PyObject *const *inputs, Py_ssize_t count, double data) {
    int careful = in_a_mode(active_modes);
    if (careful) return careful < 0 ? NULL : record_in_python(p, inputs, count, &data);
    Value *v = new_node();
    if (v == NULL) return NULL;
    v->data = data;
    if (set_origin(v, p, inputs, count) == 0) return finished(v);
    Py_DECREF(v);
    return NULL;
}

/* Apply a program to Values and floats. */
PyObject *apply(Program *p, PyObject *const *inputs, Py_ssize_t count) {
    double data;
    int status = compute(p, inputs, count, &data);
    if (status == FAILED) return NULL;
    return status == DONE ? record(p, inputs, count, data) : record_in_python(p, inputs, count, NULL);
}

/* What is kept of an operand, as a new reference: Values and floats themselves, other numbers as floats.
   NotImplemented for what is no number. */
static inline PyObject *operand(PyObject *x) {
    if (is_plain(x)) return Py_NewRef(x);
    if (PyLong_CheckExact(x)) {
        double number = PyLong_AsDouble(x);
        return number == -1 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(number);
    }
    PyObject *number = PyObject_CallFunctionObjArgs(as_constant, x, NULL);
    if (number == Py_None) {
        Py_DECREF(number);
        number = Py_NewRef(Py_NotImplemented);
    }
    return number;
}

/* The commonest rules, on a path of their own, once their bytecode has been read. */
static inline PyObject *binary(Program *p, PyObject *a, PyObject *b) {
    if (is_plain(a) && is_plain(b)) {
        double x = number(a), y = number(b), data = 0;
        PyObject *inputs[2] = {a, b};
        switch (p->arithmetic) {
        case ADD: data = x + y; break;
        case SUBTRACT: data = x - y; break;
        case MULTIPLY: data = x * y; break;
        default: return apply(p, inputs, 2);
        }
        return record(p, inputs, 2, data);
    }
    PyObject *inputs[2] = {operand(a), NULL}, *made = NULL;
    if (inputs[0] && inputs[0] != Py_NotImplemented)
        inputs[1] = operand(b);
    else
        made = inputs[0];
    if (inputs[1]) made = inputs[1] == Py_NotImplemented ? inputs[1] : apply(p, inputs, 2);
    if (made != inputs[0]) Py_XDECREF(inputs[0]);
    if (made != inputs[1]) Py_XDECREF(inputs[1]);
    return made;
}

PyObject *value_add(PyObject *a, PyObject *b) { return binary(operators[NB_ADD], a, b); }

PyObject *value_subtract(PyObject *a, PyObject *b) { return binary(operators[NB_SUBTRACT], a, b); }

PyObject *value_multiply(PyObject *a, PyObject *b) { return binary(operators[NB_MULTIPLY], a, b); }

PyObject *value_divide(PyObject *a, PyObject *b) { return binary(operators[NB_DIVIDE], a, b); }

PyObject *value_power(PyObject *a, PyObject *b, PyObject *modulus) {
    if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
    return binary(operators[NB_POWER], a, b);
}

PyObject *value_negative(PyObject *x) { return apply(operators[NB_NEGATIVE], &x, 1); }

PyObject *value_absolute(PyObject *x) { return apply(operators[NB_ABSOLUTE], &x, 1); }

/* Add what a list or a tuple holds to `items`, as new references, as long as it is Values and floats. */
static Py_ssize_t gather(PyObject *from, PyObject **items) {
    int list = PyList_CheckExact(from);
    Py_ssize_t count = list ? PyList_Size(from) : PyTuple_Size(from), n = 0;
    for (; n < count; n++) {
        PyObject *x = list ? PyList_GetItem(from, n) : PyTuple_GetItem(from, n);
        if (!is_plain(x)) break;
        items[n] = Py_NewRef(x);
    }
    return n;
}

static void drop(PyObject **items, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; i++) Py_DECREF(items[i]);
    PyMem_Free(items);
}

/* Value._apply(rule, inputs): what a rule does with Values. What is not plain Values and floats is for Python. */
PyObject *value_apply(PyObject *unused, PyObject *args, PyObject *settings) {
    int plain = PyTuple_Size(args) == 2 && !(settings && PyDict_Size(settings));
    PyObject *rule = plain ? PyTuple_GetItem(args, 0) : NULL, *given = plain ? PyTuple_GetItem(args, 1) : NULL;
    if (!plain || !PyTuple_CheckExact(given) || !PyObject_IsInstance(rule, rules_of_numbers))
        return PyObject_Call(apply_in_python, args, settings);
    Py_ssize_t count = PyTuple_Size(given), n;
    PyObject **items = PyMem_Malloc((size_t)(count ? count : 1) * sizeof(PyObject *)), *made = NULL;
    if (items == NULL) return PyErr_NoMemory();
    n = gather(given, items);
    Program *p = program_of(rule);
    if (p) made = n == count ? apply(p, items, count) : PyObject_Call(apply_in_python, args, NULL);
    Py_XDECREF(p);
    drop(items, n);
    return made;
}

static Py_ssize_t size_of(PyObject *x) {
    return PyList_CheckExact(x) ? PyList_Size(x) : PyTuple_CheckExact(x) ? PyTuple_Size(x) : 0;
}

/* dot(ws, xs, bias, otherwise): a neuron before its activation, where lists or tuples hold Values and floats alone.
   Anything else is for `otherwise`, which takes the same. */
PyObject *core_dot(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
    if (nargs != 4) return PyErr_Format(PyExc_TypeError, "dot takes 4 arguments");
    int careful = in_a_mode(active_modes);
    if (careful < 0) return NULL;
    Py_ssize_t n = size_of(args[0]), count = 0;
    if (n && n == size_of(args[1]) && is_plain(args[2]) && !careful) {
        PyObject **items = PyMem_Malloc((size_t)(2 * n + 1) * sizeof(PyObject *));
        int values = 0;
        double data;
        if (items == NULL) return PyErr_NoMemory();
        if ((count = gather(args[0], items)) == n) count += gather(args[1], items + n);
        if (count == 2 * n) items[count++] = Py_NewRef(args[2]);
        for (Py_ssize_t i = 0; i < count && !values; i++) values = is_value(items[i]);
        int suits = values && count == 2 * n + 1, status = suits ? compute(dot_program, items, count, &data) : CAREFUL;
        Value *v = status == DONE ? new_node() : NULL;
        if (v) {
            v->data = data;
            v->many.items = items;
            v->many.count = count;
            set_arity(v, MANY);
            v->program = (Program *)Py_NewRef(dot_program);
            return finished(v);
        }
        drop(items, count);
        if (suits) return NULL;
    }
    return PyObject_CallFunctionObjArgs(args[3], args[0], args[1], args[2], NULL);
}
