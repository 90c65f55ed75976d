/* Values and what makes them, for the files that know how a Value is laid out. */

#ifndef GRADGRAPH_VALUES_H
#define GRADGRAPH_VALUES_H

#include "core.h"

#include <string.h>

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF /* elsewhere by an option, see setup.py */
#elif defined(_MSC_VER)
#pragma fp_contract(off)
#endif

typedef struct Value Value;
typedef struct Program Program;

extern PyTypeObject *value_type, *program_type;

/* What Python lends: see `connect` in core.c. */
extern PyObject *active_modes, *as_constant, *record_with_care, *initialise, *apply_in_python, *read_rule,
    *rules_of_numbers, *refuse_changes, *bind_method, *is_built_in;

/* Names of attributes, made once: each string of its own would be kept by Python's cache of methods. */
extern PyObject *str_pull, *str_program;

/* --- a node -------------------------------------------------------------------------------------------------- */

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

static inline PyObject **inputs_of(Value *v, Py_ssize_t *count) {
    const unsigned arity = arity_of(v);
    *count = arity == MANY ? v->many.count : (Py_ssize_t)arity;
    return arity == MANY ? v->many.items : v->few;
}

/* The number of a Value or a float. */
static inline double number(PyObject *x) { return is_value(x) ? ((Value *)x)->data : PyFloat_AsDouble(x); }

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

/* Nodes in a row, with room for more, which is empty. */
typedef struct {
    Value **items;
    size_t count, room;
} Nodes;

/* nodes.c */
int make_room(void *items, size_t count, size_t *room, size_t size);
extern Value *newest; /* the node that was made last; it may have been freed since */
Value *new_node(void);
void make_leaf(Value *v);
void value_dealloc(PyObject *self);
int value_traverse(PyObject *self, visitproc visit, void *arg);
int value_clear(PyObject *self);
void untrack_unused(void);

/* cycles.c */
extern int tracking; /* whether the garbage collector is told of nodes */
int note_place(const Value *v);
void forget_place(const Value *v);
void track_all(void);
void may_close_a_cycle(PyObject *x);

/* --- a program: a rule with its bytecode --------------------------------------------------------------------- */

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

/* How an evaluation ended; CAREFUL: Python has to do it, since its floats would raise. */
enum { FAILED = -1, DONE, CAREFUL };

/* programs.c */
int run(const Program *p, const char *bytes, double *v, double *result);
int read_program(Program *p);
Program *new_program(PyObject *rule, int of_numbers);
Program *program_of(PyObject *rule);
extern PyType_Spec program_spec;
PyObject *instructions(void);

/* --- what is done with them ---------------------------------------------------------------------------------- */

/* recording.c */
/* The rules of the operators. */
enum { NB_ADD, NB_SUBTRACT, NB_MULTIPLY, NB_DIVIDE, NB_POWER, NB_NEGATIVE, NB_ABSOLUTE };

extern Program *operators[7], *dot_program;
extern int sums_are_compensated; /* as those of Python's own `sum`, from 3.12 on */
PyObject *tuple_of(PyObject *const *items, Py_ssize_t count);
int set_origin(Value *v, Program *p, PyObject *const *inputs, Py_ssize_t count);
PyObject *apply(Program *p, PyObject *const *inputs, Py_ssize_t count);
PyObject *value_apply(PyObject *unused, PyObject *args, PyObject *settings);
PyObject *core_dot(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
PyObject *value_add(PyObject *a, PyObject *b);
PyObject *value_subtract(PyObject *a, PyObject *b);
PyObject *value_multiply(PyObject *a, PyObject *b);
PyObject *value_divide(PyObject *a, PyObject *b);
PyObject *value_power(PyObject *a, PyObject *b, PyObject *modulus);
PyObject *value_negative(PyObject *x);
PyObject *value_absolute(PyObject *x);

/* value.c */
extern PyType_Spec value_spec;
PyObject *get_grad(PyObject *self, void *unused);
int set_gradient(Value *v, PyObject *x);

/* walk.c */
PyObject *core_walk(PyObject *module, PyObject *const *args, Py_ssize_t nargs);

#endif
