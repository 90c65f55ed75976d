/* What the files about Tensors share: the node, what Python lends, and the names of attributes.

   They know neither a derivative nor an array: what an operation computes is called as it stands. An operation that is
   not simple (large arrays, another dtype or kind of operand, a mode, a setting that somebody may write into) is left
   to Python, which computes and records the same in autograd/tensor/dispatch.py. */

#ifndef GRADGRAPH_TENSORS_H
#define GRADGRAPH_TENSORS_H

#include "core.h"

#include <string.h>

enum { MOST = 8 }; /* operands */

typedef struct {
    PyObject_HEAD
    PyObject *data, *grad, *label, *origin, *settings, *constants, *view;
    PyObject *weakrefs;
    unsigned long long time;
    char found; /* within `discover` alone, where no Python code runs */
} Tensor;

/* What Python lends: see `connect_tensors`. */
typedef struct {
    PyTypeObject *tensor, *array, *number;
    PyObject *active_modes, *followers, *bind_method, *no_settings, *sum_of_rows;
    Py_ssize_t smallest; /* bytes from which an array is left to Python */
} Lent;

/* Attributes by their names. */
typedef struct {
    PyObject *nbytes, *dtype, *kind, *shape, *copy, *compute, *pull_arrays, *defaults, *on_complex, *base, *flags, *writeable,
        *call, *get, *set, *owner;
} Names;

extern Lent lent;
extern Names names_of;

static inline int is_tensor(PyObject *x) { return Py_TYPE(x) == lent.tensor; }

/* Let a place that is empty refer to x. */
static inline PyObject *set(PyObject **place, PyObject *x) {
    Py_XINCREF(x);
    *place = x;
    return x;
}

/* Whether x is one of NumPy's own arrays or numbers; and of so few bytes that nothing is asked of it. */
int is_numpy(PyObject *x);
int is_small(PyObject *x);

/* Whether the attribute x.name is there, and true. -1 with an exception. */
int has(PyObject *x, PyObject *name);

/* Whether an array can be written to. -1 with an exception. */
int is_writeable(PyObject *array);

/* Note that the data of a node has just been changed. */
void note_change(Tensor *t);

/* A node of `data`, made by origin[0] from the rest of it. */
PyObject *new_tensor(PyObject *data, PyObject *origin, PyObject *settings);

/* The functions of the other files. */
extern PyMethodDef way_functions[], pull_functions[];
int add_ways(void);
int add_pulls(void);

#endif
