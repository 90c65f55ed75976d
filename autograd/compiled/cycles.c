/* Cycles of references, and when the garbage collector is told of nodes.

   Inputs are older than what is made from them, so nodes alone make no cycle, and the collector, which would look at
   each again and again, need not know them. Something else has to close it: a label or a gradient that refers to other
   objects, a rule that is not the package's own (its functions may refer to anything), an origin that is written after
   others were made from the node. When that first comes to any node, the collector is told of all that there are, since
   any may be part of the cycle, and of each later one. */

#include "values.h"

int tracking;

/* Where nodes lie in memory, in use or not: a bit for each place, in sheets of a megabyte. */
enum { PLACE_AT = 4, SHEET_AT = 20, BOOK_AT = 34, END_AT = 48 };
enum { PLACES = 1 << (SHEET_AT - PLACE_AT), SHEETS = 1 << (BOOK_AT - SHEET_AT), BOOKS = 1 << (END_AT - BOOK_AT) };
typedef uint64_t Sheet[PLACES / 64];
static Sheet **books[BOOKS];

static inline void flip(Sheet *sheet, uint64_t address) {
    const uint64_t place = (address >> PLACE_AT) % PLACES;
    (*sheet)[place / 64] ^= (uint64_t)1 << place % 64;
}

/* Note that a new node lies here. -1 without memory. */
int note_place(const Value *v) {
    const uint64_t address = (uintptr_t)v;
    if (address >> END_AT) { /* on no system that is known */
        track_all();
        return 0;
    }
    Sheet ***book = &books[address >> BOOK_AT];
    if (*book == NULL && (*book = PyMem_Calloc(SHEETS, sizeof(Sheet *))) == NULL) return -1;
    Sheet **sheet = &(*book)[(address >> SHEET_AT) % SHEETS];
    if (*sheet == NULL && (*sheet = PyMem_Calloc(1, sizeof(Sheet))) == NULL) return -1;
    flip(*sheet, address);
    return 0;
}

void forget_place(const Value *v) {
    const uint64_t address = (uintptr_t)v;
    if (address >> END_AT == 0) flip(books[address >> BOOK_AT][(address >> SHEET_AT) % SHEETS], address);
}

/* Tell the collector of all nodes on a sheet. */
static void track_sheet(const Sheet *sheet, uint64_t address) {
    for (uint64_t i = 0; i < PLACES; i++)
        if ((*sheet)[i / 64] >> i % 64 & 1) PyObject_GC_Track((PyObject *)(uintptr_t)(address | i << PLACE_AT));
}

void track_all(void) {
    if (tracking) return;
    tracking = 1;
    for (uint64_t i = 0; i < BOOKS; i++)
        for (uint64_t j = 0; books[i] && j < SHEETS; j++)
            if (books[i][j]) track_sheet(books[i][j], i << BOOK_AT | j << SHEET_AT);
    untrack_unused();
}

/* What a node is about to refer to, beside other nodes. */
void may_close_a_cycle(PyObject *x) {
    if (!tracking && PyType_GetFlags(Py_TYPE(x)) & Py_TPFLAGS_HAVE_GC) track_all();
}
