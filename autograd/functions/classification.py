"""What becomes of each of NumPy's functions when it meets a Tensor: the whole public namespace, classified.

A function *has a rule* (or is composed of functions that have one), is *constant* for derivatives, is
*refused* by name, or stands *outside*: NumPy does not ask a Tensor about it, because it takes no arrays,
or because it turns whatever it gets into a plain array, which a Tensor refuses to be.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Iterator

import numpy as np

from autograd.functions.register import CONSTANT, FUNCTIONS, REFUSED, load
from autograd.rules.table import rule_of_ufunc

NAMESPACES = ("numpy", "numpy.linalg", "numpy.fft")

_OUTSIDE = {
    "takes numbers, shapes or types, not arrays": (
        "bartlett base_repr binary_repr blackman broadcast_shapes datetime_data diag_indices "
        "format_float_positional format_float_scientific hamming hanning indices isdtype isscalar issubdtype "
        "iterable kaiser mask_indices mintypecode promote_types tril_indices triu_indices typename"
    ),
    "turns its argument into a plain array, which a Tensor refuses to be": (
        "asarray_chkfinite asmatrix bmat from_dlpack nested_iters"
    ),
    "wraps a Python function; apply that to the Tensor itself": "frompyfunc",
    "is about files, settings or the installation": (
        "fromregex get_include get_printoptions getbufsize geterr geterrcall info load set_printoptions setbufsize "
        "seterr seterrcall show_config show_runtime test"
    ),
    "is another name of vstack, which has a rule": "row_stack",
    # Before NumPy 2.0.
    "is gone from NumPy 2": (
        "_add_newdoc_ufunc _get_promotion_state _no_nep50_warning _set_promotion_state _using_numpy2_behavior "
        "geterrobj mat seterrobj "
        "add_docstring add_newdoc add_newdoc_ufunc alltrue asfarray byte_bounds compare_chararrays cumproduct "
        "deprecate deprecate_with_doc disp fastCopyAndTranspose find_common_type get_array_wrap in1d issctype "
        "issubclass_ issubsctype lookfor maximum_sctype msort obj2sctype product recfromcsv recfromtxt safe_eval "
        "sctype2char set_numeric_ops set_string_function show_config sometrue source tracemalloc_domain who"
    ),
}
OUTSIDE = {name: reason for reason, names in _OUTSIDE.items() for name in names.split()}
"""Functions that NumPy does not hand over to a Tensor, by name, and why that loses no gradient."""


def public() -> Iterator[tuple[str, Any]]:
    """The full name and the function, for all in NumPy's public namespaces."""
    load("numpy.fft")
    load("numpy.linalg")
    for namespace in NAMESPACES:
        module: Any = import_module(namespace)
        for name in sorted(module.__all__):
            function = getattr(module, name, None)
            if callable(function) and not isinstance(function, type):
                yield namespace.replace("numpy", "np", 1) + "." + name, function


def classify(name: str, function: Any) -> tuple[str, Any] | None:
    """``(class, entry or reason)`` of a function, ``None`` if nobody has thought of it."""
    entry = FUNCTIONS.get(function) or (rule_of_ufunc(function) if isinstance(function, np.ufunc) else None)
    if entry is not None:
        return "rule", entry
    if function in CONSTANT:
        return "constant", "gives plain arrays"
    if function in REFUSED:
        return "refused", REFUSED[function]
    if name in OUTSIDE or name.rpartition(".")[2] in OUTSIDE:
        return "outside", OUTSIDE[name.rpartition(".")[2]]
    return None
