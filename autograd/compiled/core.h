/* What the two parts of the compiled core share: Values (values.h) and Tensors (tensors.c). */

#ifndef GRADGRAPH_CORE_H
#define GRADGRAPH_CORE_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030A0000
#endif
#include <Python.h>
#include <structmember.h>

#include <stddef.h>
#include <stdint.h>

/* Of the stable ABI since Python 3.12 under these names, and the same bits in those before. */
#ifndef Py_TPFLAGS_HAVE_VECTORCALL
#define Py_TPFLAGS_HAVE_VECTORCALL (1UL << 11)
typedef PyObject *(*vectorcallfunc)(PyObject *, PyObject *const *, size_t, PyObject *);
#endif
#ifndef PY_VECTORCALL_ARGUMENTS_OFFSET
#define PY_VECTORCALL_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))
#endif

/* The clock that stamps every node, Value or Tensor. */
extern uint64_t clock_now;

/* Called with the time of each new node, while somebody wants to know; NULL for nobody. */
extern PyObject *on_new;
int announce(uint64_t time);

int is_value_of_core(PyObject *x);

/* Whether this thread is in a mode, given the threads that are in one: -1 with an error. */
static inline int in_a_mode(PyObject *threads) {
    if (PyDict_Size(threads) == 0) return 0;
    PyObject *me = PyLong_FromUnsignedLong(PyThread_get_thread_ident());
    int found = me ? PyDict_Contains(threads, me) : -1;
    Py_XDECREF(me);
    return found;
}

/* What the module has for Tensors (tensors.c). */
int add_tensors(PyObject *module);

#endif
