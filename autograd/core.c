/* The compiled core: a Value as a C struct, operations on it, and the walk backward.

   It knows no derivative. What a rule computes and what it passes back are read from the rule's trees as postfix
   bytecode (autograd/rules/bytecode.py), which `run` below evaluates on a small stack. Where Python's floats would
   raise (1/0, exp(1000)), and where a formula cannot be read, the same Python code runs as without this file; so the
   numbers are equal to the last bit, and every method of Value that is not about speed stays Python.

   In order: the nodes and their memory; programs, which are rules with their bytecode; recording; a Value's
   attributes; the walk; the module. All state below is of one interpreter, and held by its global lock. */

#include "core.h"

#include <math.h>
#include <string.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF /* elsewhere by an option, see setup.py */
#elif defined(_MSC_VER)
#pragma fp_contract(off)
#endif

/* What setup.py and the Python side are of; see autograd/core.py. */
#define INTERFACE 3

/* Fetch a node, which may be anywhere, into the cache before it is needed. */
#if defined(__GNUC__)
#define PREFETCH_AT(node, field) __builtin_prefetch((void *)((uintptr_t)(node) + offsetof(Value, field)))
#define PREFETCH(node) (PREFETCH_AT(node, data), PREFETCH_AT(node, few))
#else
#define PREFETCH(node) ((void)(node))
#endif
enum { AHEAD = 8 }; /* so many nodes before */
/* A graph is walked from its end, and memory is handed out in order: what comes next lies most often below. */
#define PREFETCH_BELOW(node) PREFETCH((Value *)((uintptr_t)(node) - 2 * AHEAD * (sizeof(Value) + 16)))

typedef struct Value Value;
typedef struct Program Program;

static PyTypeObject *value_type, *program_type;

/* What Python lends: see `connect`. */
static PyObject *active_modes, *as_constant, *record_with_care, *initialise, *apply_in_python, *read_rule,
    *rules_of_numbers, *pull_carefully, *refuse_changes, *bind_method;
PyObject *on_new;
static PyObject *str_pull, *str_program;

static int sums_are_compensated; /* as those of Python's own `sum`, from 3.12 on */
uint64_t clock_now;

/* --- nodes --------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject *label;
    PyObject *gradient; /* one that is no plain float; NULL for none */
} Extras;

struct Value {
    PyObject_HEAD
    double data;
    union {
        double gradient;
        Value *next; /* of a node that is about to be freed */
    };
    Extras *extras; /* NULL for most */
    PyObject *weakrefs;
    Program *program; /* what made it; NULL for a leaf */
    uint64_t stamp;   /* its time and three flags, together in a word that is read and written whole */
    union {
        PyObject *few[2]; /* Values and floats */
        struct {
            PyObject **items;
            Py_ssize_t count;
        } many;
    };
};

/* What a stamp holds, beside the time. */
enum {
    HAS_GRADIENT = 1, /* `gradient` holds it */
    VISITED = 2,      /* found, and not yet gone through: within `sweep` alone, where no Python code runs */
    ARITY_AT = 2,     /* two bits */
    MANY = 3,         /* more inputs than have room in the node */
    TIME_AT = 4,
};

static inline uint64_t time_of(const Value *v) { return v->stamp >> TIME_AT; }

static inline unsigned arity_of(const Value *v) { return v->stamp >> ARITY_AT & MANY; }

static inline void set_arity(Value *v, unsigned arity) {
    v->stamp = (v->stamp & ~((uint64_t)MANY << ARITY_AT)) | arity << ARITY_AT;
}

static inline void set_flag(Value *v, uint64_t flag, int on) { v->stamp = on ? v->stamp | flag : v->stamp & ~flag; }

static inline int is_value(PyObject *x) { return Py_TYPE(x) == value_type; }

/* What a node has as inputs. */
static inline int is_plain(PyObject *x) { return Py_TYPE(x) == value_type || PyFloat_CheckExact(x); }

int is_value_of_core(PyObject *x) { return is_value(x); }

static inline PyObject **inputs_of(Value *v, Py_ssize_t *count) {
    const unsigned arity = arity_of(v);
    *count = arity == MANY ? v->many.count : (Py_ssize_t)arity;
    return arity == MANY ? v->many.items : v->few;
}

/* The number of a Value or a float. */
static inline double number(PyObject *x) { return is_value(x) ? ((Value *)x)->data : PyFloat_AsDouble(x); }

/* Nodes in a row, with room for more, which is empty. */
typedef struct {
    Value **items;
    size_t count, room;
} Nodes;

/* Room for `count` items, those that are new being zero. -1 without memory. */
static int make_room(void *items, size_t count, size_t *room, size_t size) {
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

/* A leaf of 0, not yet seen by the garbage collector. */
static Value *new_node(void) {
    Value *v = NULL;
    for (Value **last; v == NULL && idle.count; *last = NULL) v = *(last = &idle.items[--idle.count]);
    if (v) {
        if (idle.count >= AHEAD) PREFETCH(idle.items[idle.count - AHEAD]);
    } else {
        if ((v = PyObject_GC_New(Value, value_type)) == NULL) return NULL;
        memset(&v->data, 0, sizeof(Value) - offsetof(Value, data));
    }
    v->data = 0;
    v->stamp = ++clock_now << TIME_AT;
    return v;
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
        PyObject_GC_Del(v);
        Py_DECREF(value_type);
    }
}

/* A graph of any depth is freed without recursion: while one node is taken apart, those that die with it queue. */
static Value *dying;
static int burying;

static inline void doom(Value *v) {
    PyObject_GC_UnTrack((PyObject *)v);
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
    if (burying || dying == NULL) return;
    burying = 1;
    place_of_last = idle.count;
    time_of_last = time_of(dying);
    freed = 0;
    for (Value *v; (v = dying);) {
        dying = v->next;
        PREFETCH_BELOW(v);
        drop_extras(v);
        cut(v);
        give_back(v);
    }
    burying = 0;
}

static void make_leaf(Value *v) {
    cut(v);
    bury();
}

static void value_dealloc(PyObject *self) {
    if (((Value *)self)->weakrefs) PyObject_ClearWeakRefs(self);
    doom((Value *)self);
    bury();
}

static int value_traverse(PyObject *self, visitproc visit, void *arg) {
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

static int value_clear(PyObject *self) {
    drop_extras((Value *)self);
    make_leaf((Value *)self);
    return 0;
}

/* --- programs: a rule with its bytecode ---------------------------------------------------------------------- */

/* How a cotangent is computed, `bytes` being NULL for 0. */
typedef struct {
    enum { ZERO, PLAIN, NEGATED, SCALED, POSTFIX } kind;
    uint8_t factor; /* SCALED: by which variable */
    const char *bytes;
} Cotangent;

enum { INPUTS = 8, OUTPUT = INPUTS, COTANGENT, FRAME = 32, STACK = 32 };

struct Program {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *rule;
    enum { UNREAD, IN_PYTHON, BYTECODE, SUM, DOT } way;
    int arity;           /* the number of inputs that the bytecode is for */
    int arithmetic;      /* ADD to DIVIDE, where that is all it does with two inputs */
    int simple;          /* whether no cotangent needs the stack */
    const char *forward; /* NULL: in Python */
    Cotangent *cotangents; /* NULL: in Python */
    double *constants;
    PyObject *functions; /* a tuple: what has no instruction is called */
    int calls;           /* whether there is any */
    PyObject *bytecode;  /* keeps alive what is pointed to */
};

/* Bytes up to CONSTANT are instructions; then a constant is pushed, or a variable. From ADD to FIRST_FUNCTION they
   are of two numbers, then functions of one. */
enum { CONSTANT = 64, VARIABLE = 128 };
enum { END, STORE, JUMP, JUMP_UNLESS, CALL, NEGATE, SQUARE, RECIPROCAL, ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, ATAN2,
       LARGER, SMALLER, SHARE, LESS, GREATER, AT_MOST, AT_LEAST, EQUAL, DIFFERENT, FIRST_FUNCTION };

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

enum { FAILED = -1, DONE, CAREFUL };

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
static int run(const Program *p, const char *bytes, double *v, double *result) {
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

/* Have the rule's trees read. -1 with an exception. */
static int read_program(Program *p) {
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
static Program *new_program(PyObject *rule, int of_numbers) {
    Program *p = PyObject_GC_New(Program, program_type);
    if (p == NULL) return NULL;
    memset((char *)p + sizeof(PyObject), 0, sizeof(Program) - sizeof(PyObject));
    p->call = program_call;
    Py_INCREF(rule);
    p->rule = rule;
    p->way = of_numbers ? UNREAD : IN_PYTHON;
    PyObject_GC_Track(p);
    return p;
}

/* The program of a rule of numbers, which the rule keeps; any other rule gets one of its own each time. */
static Program *program_of(PyObject *rule) {
    int of_numbers = PyObject_IsInstance(rule, rules_of_numbers);
    if (of_numbers < 0) return NULL;
    if (!of_numbers) return new_program(rule, 0);
    PyObject *known = PyObject_GetAttr(rule, str_program);
    if (known == NULL || Py_TYPE(known) == program_type) return (Program *)known;
    Py_DECREF(known);
    Program *p = new_program(rule, 1);
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

/* --- recording ----------------------------------------------------------------------------------------------- */

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

static PyObject *tuple_of(PyObject *const *items, Py_ssize_t count) {
    PyObject *made = PyTuple_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) {
        Py_INCREF(items[i]);
        if (PyTuple_SetItem(made, i, items[i]) < 0) Py_CLEAR(made);
    }
    return made;
}

/* Make `v`, which has no history, the result of a program. -1 without memory. */
static inline int set_origin(Value *v, Program *p, PyObject *const *inputs, Py_ssize_t count) {
    PyObject **places = v->few;
    if (count > 2) {
        if ((places = PyMem_Malloc((size_t)count * sizeof(PyObject *))) == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        v->many.items = places;
        v->many.count = count;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_INCREF(inputs[i]);
        places[i] = inputs[i];
    }
    Py_INCREF(p);
    v->program = p;
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
    if (PyDict_Size(active_modes) > 0) return record_in_python(p, inputs, count, &data);
    Value *v = new_node();
    if (v == NULL) return NULL;
    v->data = data;
    int failed = set_origin(v, p, inputs, count);
    PyObject_GC_Track(v);
    if (failed || (on_new && announce(time_of(v)) < 0)) Py_CLEAR(v);
    return (PyObject *)v;
}

/* Apply a program to Values and floats. */
static PyObject *apply(Program *p, PyObject *const *inputs, Py_ssize_t count) {
    double data;
    int status = compute(p, inputs, count, &data);
    if (status == FAILED) return NULL;
    return status == DONE ? record(p, inputs, count, data) : record_in_python(p, inputs, count, NULL);
}

/* What is kept of an operand, as a new reference: Values and floats themselves, other numbers as floats.
   NotImplemented for what is no number. */
static inline PyObject *operand(PyObject *x) {
    if (is_plain(x)) {
        Py_INCREF(x);
        return x;
    }
    if (PyLong_CheckExact(x)) {
        double number = PyLong_AsDouble(x);
        return number == -1 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(number);
    }
    PyObject *number = PyObject_CallFunctionObjArgs(as_constant, x, NULL);
    if (number == Py_None) {
        Py_DECREF(number);
        number = Py_NotImplemented;
        Py_INCREF(number);
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

static Program *operators[7], *dot_program;
enum { NB_ADD, NB_SUBTRACT, NB_MULTIPLY, NB_DIVIDE, NB_POWER, NB_NEGATIVE, NB_ABSOLUTE };

static PyObject *value_add(PyObject *a, PyObject *b) { return binary(operators[NB_ADD], a, b); }

static PyObject *value_subtract(PyObject *a, PyObject *b) { return binary(operators[NB_SUBTRACT], a, b); }

static PyObject *value_multiply(PyObject *a, PyObject *b) { return binary(operators[NB_MULTIPLY], a, b); }

static PyObject *value_divide(PyObject *a, PyObject *b) { return binary(operators[NB_DIVIDE], a, b); }

static PyObject *value_power(PyObject *a, PyObject *b, PyObject *modulus) {
    if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
    return binary(operators[NB_POWER], a, b);
}

static PyObject *value_negative(PyObject *x) { return apply(operators[NB_NEGATIVE], &x, 1); }

static PyObject *value_absolute(PyObject *x) { return apply(operators[NB_ABSOLUTE], &x, 1); }

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
    if (object && object != Py_None) return PyObject_CallFunctionObjArgs(bind_method, self, object, NULL);
    Py_INCREF(self);
    return self;
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

/* Value._apply(rule, inputs): what a rule does with Values. */
static PyObject *value_apply(PyObject *unused, PyObject *args, PyObject *settings) {
    PyObject *rule, *given, *made = NULL;
    if ((settings && PyDict_Size(settings)) || !PyArg_ParseTuple(args, "OO", &rule, &given) ||
        PyObject_IsInstance(rule, rules_of_numbers) != 1) {
        PyErr_Clear();
        return PyObject_Call(apply_in_python, args, settings);
    }
    PyObject *inputs = PySequence_Tuple(given), *few[INPUTS], **kept = few;
    Py_ssize_t count = inputs ? PyTuple_Size(inputs) : 0, n = 0;
    Program *p = inputs ? program_of(rule) : NULL;
    if (p && count > INPUTS && (kept = PyMem_Malloc((size_t)count * sizeof(PyObject *))) == NULL)
        PyErr_NoMemory();
    else if (p) {
        while (n < count && (kept[n] = operand(PyTuple_GetItem(inputs, n))) && kept[n] != Py_NotImplemented) n++;
        if (n == count)
            made = apply(p, kept, count);
        else if (kept[n]) { /* which says what is wrong */
            Py_DECREF(kept[n]);
            made = PyObject_Call(apply_in_python, args, NULL);
        }
        while (n--) Py_DECREF(kept[n]);
    }
    if (kept != few) PyMem_Free(kept);
    Py_XDECREF(p);
    Py_XDECREF(inputs);
    return made;
}

/* dot(ws, xs, bias, otherwise): a neuron before its activation, where lists or tuples hold Values and floats alone.
   Anything else is for `otherwise`, which takes the same. */
static PyObject *core_dot(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
    if (nargs != 4 || (dot_program->way == UNREAD && read_program(dot_program) < 0))
        return nargs == 4 ? NULL : (PyErr_SetString(PyExc_TypeError, "dot takes 4 arguments"), NULL);
    Py_ssize_t sizes[2], values = is_value(args[2]);
    int suits = is_plain(args[2]) && PyDict_Size(active_modes) == 0;
    for (int k = 0; k < 2; k++) {
        PyObject *list = args[k];
        sizes[k] = PyList_CheckExact(list) ? PyList_Size(list) : PyTuple_CheckExact(list) ? PyTuple_Size(list) : -1;
    }
    Value *v = NULL;
    /* The node first: no Python code runs between looking at what a list holds, and holding it. */
    if (suits && sizes[0] > 0 && sizes[0] == sizes[1]) {
        Py_ssize_t n = sizes[0], at = 0;
        if ((v = new_node()) == NULL) return NULL;
        PyObject **items = PyMem_Malloc((size_t)(2 * n + 1) * sizeof(PyObject *));
        for (int k = 0; items && k < 2; k++) {
            int list = PyList_CheckExact(args[k]);
            for (Py_ssize_t i = 0; suits && i < n; i++) {
                PyObject *x = list ? PyList_GetItem(args[k], i) : PyTuple_GetItem(args[k], i);
                values += x && is_value(x);
                suits = x && is_plain(x);
                if (suits) {
                    Py_INCREF(x);
                    items[at++] = x;
                }
            }
        }
        if (items) {
            v->many.items = items;
            v->many.count = at;
            set_arity(v, MANY);
        } else
            PyErr_NoMemory();
        if (items && suits && values) {
            Py_INCREF(args[2]);
            items[v->many.count++] = args[2];
            Py_INCREF(dot_program);
            v->program = dot_program;
            compute(dot_program, items, v->many.count, &v->data);
        }
        PyObject_GC_Track(v);
        if (PyErr_Occurred() || (v->program && on_new && announce(time_of(v)) < 0)) {
            Py_DECREF(v);
            return NULL;
        }
        if (v->program) return (PyObject *)v;
        Py_DECREF(v);
    }
    return PyObject_CallFunctionObjArgs(args[3], args[0], args[1], args[2], NULL);
}

/* --- attributes ---------------------------------------------------------------------------------------------- */

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
static int set_gradient(Value *v, PyObject *x) {
    PyObject *before = v->extras ? v->extras->gradient : NULL;
    int is_number = x && PyFloat_CheckExact(x);
    if (x && !is_number) {
        if (extras_of(v) == NULL) return -1;
        Py_INCREF(x);
        v->extras->gradient = x;
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

static PyObject *get_data(PyObject *self, void *unused) { return PyFloat_FromDouble(((Value *)self)->data); }

static int set_data(PyObject *self, PyObject *x, void *unused) {
    if (refuse_deletion(x)) return -1;
    double data = PyFloat_AsDouble(x);
    if (data == -1 && PyErr_Occurred()) return -1;
    ((Value *)self)->data = data;
    return 0;
}

static PyObject *get_grad(PyObject *self, void *unused) {
    Value *v = (Value *)self;
    if (v->stamp & HAS_GRADIENT) return PyFloat_FromDouble(v->gradient);
    PyObject *gradient = v->extras && v->extras->gradient ? v->extras->gradient : Py_None;
    Py_INCREF(gradient);
    return gradient;
}

static int set_grad(PyObject *self, PyObject *x, void *unused) {
    return refuse_deletion(x) ? -1 : set_gradient((Value *)self, x == Py_None ? NULL : x);
}

static PyObject *get_label(PyObject *self, void *unused) {
    Value *v = (Value *)self;
    if (v->extras == NULL || v->extras->label == NULL) return PyUnicode_FromStringAndSize("", 0);
    Py_INCREF(v->extras->label);
    return v->extras->label;
}

static int set_label(PyObject *self, PyObject *x, void *unused) {
    Value *v = (Value *)self;
    if (refuse_deletion(x)) return -1;
    if (v->extras == NULL && PyUnicode_Check(x) && PyUnicode_GetLength(x) == 0) return 0; /* as most are */
    if (extras_of(v) == NULL) return -1;
    PyObject *before = v->extras->label;
    Py_INCREF(x);
    v->extras->label = x;
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
    Py_INCREF(v->program->rule);
    PyTuple_SetItem(origin, 0, v->program->rule);
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_INCREF(inputs[i]);
        PyTuple_SetItem(origin, i + 1, inputs[i]);
    }
    return origin;
}

static int write_origin(PyObject *self, PyObject *origin, void *unused) {
    Py_ssize_t count = origin && PyTuple_Check(origin) ? PyTuple_Size(origin) : -1;
    if (count < 0) {
        PyErr_SetString(PyExc_TypeError, "an origin is a tuple (rule, *inputs), or () for a leaf");
        return -1;
    }
    if (count == 0) {
        make_leaf((Value *)self);
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
        suits = suits && is_plain(inputs[i - 1]);
    }
    PyObject *rule = PyTuple_GetItem(origin, 0);
    Program *p = suits ? program_of(rule) : new_program(rule, 0);
    if (p) {
        make_leaf((Value *)self);
        failed = set_origin((Value *)self, p, inputs, count - 1);
        Py_DECREF(p);
    }
    PyMem_Free(inputs);
    return failed ? -1 : 0;
}

static PyObject *value_new(PyTypeObject *type, PyObject *args, PyObject *settings) {
    Value *v = new_node();
    if (v) PyObject_GC_Track(v);
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
    Py_ssize_t count = PyTuple_Size(args);
    PyObject *all = PyTuple_New(count + 1), *none = NULL;
    for (Py_ssize_t i = 0; all && i <= count; i++) {
        PyObject *x = i ? PyTuple_GetItem(args, i - 1) : self;
        Py_INCREF(x);
        PyTuple_SetItem(all, i, x);
    }
    if (all) none = PyObject_Call(initialise, all, settings);
    Py_XDECREF(all);
    Py_XDECREF(none);
    return none ? 0 : -1;
}

/* --- the walk backward --------------------------------------------------------------------------------------- */

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

/* Give a recorded node its place, by its time, or let it wait among the far ones. -1 without memory. */
static inline int find(Walk *w, Value *x) {
    Nodes *inner = &w->inner;
    size_t place = w->first + (size_t)(w->start - time_of(x));
    if (place >= inner->room) {
        if (place >= 64 * inner->count + 4096) return add_node(w, x, &w->far);
        if (make_room(&inner->items, place + 1, &inner->room, sizeof(Value *)) < 0) return -1;
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
    for (size_t i = 0; i < far->count; i++) {
        Value *v = far->items[i];
        size_t place = w->first + (size_t)(w->start - time_of(v));
        if (place < inner->room) {
            inner->items[place] = v;
            w->end = place >= w->end ? place + 1 : w->end;
        } else
            far->items[left++] = v;
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
    int failed = add_node(w, root, root->program ? &w->far : &w->leaves);
    if (!failed) root->gradient = seed;
    while (!failed && w->far.count) failed = find_far(w) || go_through(w);
    for (size_t at = inner->count; at < w->end; at++) /* after a failure: what was found, to be put back */
        if (inner->items[at]) {
            set_flag(inner->items[at], VISITED, 0);
            inner->items[inner->count++] = inner->items[at];
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
    PyObject *inner = PyList_New((Py_ssize_t)w->inner.count), *none = NULL;
    for (size_t i = 0; inner && i < w->inner.count; i++) {
        Py_INCREF(w->inner.items[i]);
        PyList_SetItem(inner, (Py_ssize_t)i, (PyObject *)w->inner.items[i]);
    }
    if (inner) none = PyObject_CallFunctionObjArgs(refuse_changes, inner, NULL);
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
static PyObject *core_walk(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
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
    PyMem_Free(w.inner.items);
    PyMem_Free(w.leaves.items);
    PyMem_Free(w.far.items);
    PyMem_Free(w.earlier);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

/* --- the module ---------------------------------------------------------------------------------------------- */

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

static PyType_Spec program_spec = {
    "autograd._core.Program",
    sizeof(Program),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR |
        Py_TPFLAGS_DISALLOW_INSTANTIATION,
    program_slots,
};

static PyGetSetDef value_attributes[] = {
    {"_data", get_data, set_data, NULL, NULL},   {"grad", get_grad, set_grad, NULL, NULL},
    {"label", get_label, set_label, NULL, NULL}, {"_origin", get_origin, write_origin, NULL, NULL},
    {"_time", get_time, set_time, NULL, NULL},   {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef value_members[] = {
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

static PyType_Spec value_spec = {
    "autograd.value.Value",
    sizeof(Value),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    value_slots,
};

/* define(Node, initialise, apply): the type of Values; what Python does where the core's own do not suffice. */
static PyObject *core_define(PyObject *module, PyObject *args) {
    PyObject *node, *init, *apply, *bases, *type;
    if (!PyArg_ParseTuple(args, "OOO", &node, &init, &apply)) return NULL;
    bases = tuple_of(&node, 1);
    type = bases ? PyType_FromSpecWithBases(&value_spec, bases) : NULL;
    Py_XDECREF(bases);
    if (type) {
        Py_INCREF(type);
        value_type = (PyTypeObject *)type;
        Py_INCREF(init);
        initialise = init;
        Py_INCREF(apply);
        apply_in_python = apply;
    }
    return type;
}

/* connect(**hooks): what the core needs of Python. */
static PyObject *core_connect(PyObject *module, PyObject *args, PyObject *hooks) {
    static char *names[] = {"active_modes",   "constant",       "record_with_care", "read", "rules_of_numbers",
                            "pull_carefully", "refuse_changes", "bind_method",      NULL};
    PyObject **places[] = {&active_modes,     &as_constant,    &record_with_care, &read_rule,
                           &rules_of_numbers, &pull_carefully, &refuse_changes,   &bind_method},
             *given[8];
    if (!PyArg_ParseTupleAndKeywords(args, hooks, "O!OOOOOOO", names, &PyDict_Type, &given[0], &given[1], &given[2],
                                     &given[3], &given[4], &given[5], &given[6], &given[7]))
        return NULL;
    for (int i = 0; i < 8; i++) {
        Py_INCREF(given[i]);
        Py_XDECREF(*places[i]);
        *places[i] = given[i];
    }
    Py_RETURN_NONE;
}

/* operate(add, sub, mul, div, power, neg, abs, dot): the rules of the operators. */
static PyObject *core_operate(PyObject *module, PyObject *args) {
    if (PyTuple_Size(args) != 8) {
        PyErr_SetString(PyExc_TypeError, "operate takes 8 rules");
        return NULL;
    }
    for (int i = 0; i < 8; i++) {
        Program *p = program_of(PyTuple_GetItem(args, i)), **place = i < 7 ? &operators[i] : &dot_program;
        if (p == NULL) return NULL;
        Py_XDECREF(*place);
        *place = p;
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

static PyMethodDef core_functions[] = {
    {"define", core_define, METH_VARARGS, NULL},
    {"connect", (PyCFunction)(void (*)(void))core_connect, METH_VARARGS | METH_KEYWORDS, NULL},
    {"operate", core_operate, METH_VARARGS, NULL},
    {"method", core_method, METH_O, NULL},
    {"dot", (PyCFunction)(void (*)(void))core_dot, METH_FASTCALL, NULL},
    {"walk", (PyCFunction)(void (*)(void))core_walk, METH_FASTCALL, NULL},
    {"watch", core_watch, METH_O, NULL},
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
    size_t n = sizeof(INSTRUCTIONS) / sizeof(*INSTRUCTIONS), m = sizeof(FUNCTIONS) / sizeof(*FUNCTIONS);
    PyObject *instructions = PyTuple_New((Py_ssize_t)(n + m)), *version = PySys_GetObject("hexversion");
    for (size_t i = 0; instructions && i < n + m; i++) {
        PyObject *name = PyUnicode_FromString(i < n ? INSTRUCTIONS[i] : FUNCTIONS[i - n].name);
        if (name == NULL || PyTuple_SetItem(instructions, (Py_ssize_t)i, name) < 0) Py_CLEAR(instructions);
    }
    if (instructions == NULL || PyModule_AddObject(module, "INSTRUCTIONS", instructions) < 0) return -1;
    sums_are_compensated = version && PyLong_AsLong(version) >= 0x030C0000;
    program_type = (PyTypeObject *)PyType_FromSpec(&program_spec);
    str_pull = PyUnicode_InternFromString("pull");
    str_program = PyUnicode_InternFromString("_program");
    if (program_type == NULL || str_pull == NULL || str_program == NULL) return -1;
    if (PyModule_AddFunctions(module, tensor_functions) < 0 || add_tensors(module) < 0) return -1;
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
