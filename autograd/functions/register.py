"""Which NumPy function is differentiated by what: the register that Tensor's dispatch looks into.

An entry is a rule, or a composition written in plain NumPy over functions that have entries. Its
signature is NumPy's own, so that every way of calling the NumPy function works.
"""

from __future__ import annotations

import sys
import warnings
from functools import cache
from importlib import import_module
from typing import Any, Callable, Iterable, Iterator, Mapping

import numpy as np

from autograd.errors import AutogradError, LeavesGraphError, NoRuleError
from autograd.node import Node, stored
from autograd.rules.rule import Rule
from autograd.rules.table import fill
from autograd.types import Array, Axis

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""NumPy function → what a Tensor calls instead."""

CONSTANT: set[Any] = set()
"""Functions that are constant for derivatives: they get plain arrays and give plain arrays."""

REFUSED: dict[Any, str] = {}
"""Functions that no rule can serve, and why: the end of the error message."""

_LINALG = ("decompositions", "equations", "factors", "matrices", "norms")
LATER = {
    "numpy.fft": ("autograd.functions.fft",),
    "numpy.linalg": tuple(f"autograd.functions.linalg.{name}" for name in _LINALG),
    "scipy.special": ("autograd.scipy.ufuncs",),
}
"""Where the entries for the functions of other modules are, which are loaded when one is first met."""


def implement(
    table: Mapping[Any, Callable[..., Any]],
    *,
    constant: Iterable[Any] = (),
    without_rule: Mapping[str, Iterable[Any]] | None = None,
) -> None:
    """Enter what Tensors do with NumPy's functions: a module says it once, at its end.

    Parameters
    ----------
    table : mapping
        What is called instead of each function.
    constant : iterable
        Functions whose result carries no derivative (comparisons, searches, shapes).
    without_rule : mapping
        Functions that have no meaning for Tensors, by the reason, which says what to do instead.

    Examples
    --------
    >>> FUNCTIONS[np.mean].__name__
    'mean'
    """
    FUNCTIONS.update(table)
    CONSTANT.update(constant)
    for reason, functions in (without_rule or {}).items():
        REFUSED.update(dict.fromkeys(functions, reason))


def implementation_of(function: Any) -> Callable[..., Any] | None:
    """What Tensors call instead of `function`, if there is an entry."""
    found = FUNCTIONS.get(function)
    if found is None and function not in CONSTANT:
        # SciPy's ufuncs do not say where they come from.
        module = getattr(function, "__module__", None) or "scipy.special"
        if module in LATER and module in sys.modules:
            load(module)
            found = FUNCTIONS.get(function)
    return found


def load(namespace: str) -> None:
    """Load the entries for the functions of `namespace`, one of those in `LATER`."""
    for name in LATER[namespace]:
        fill(*rules_in(import_module(name)))


def rules_in(module: Any) -> list[Rule]:
    """The rules that a module defines."""
    return [x for x in vars(module).values() if isinstance(x, Rule)]


def named(*names: str) -> list[Any]:
    """Those of NumPy's functions that the installed version has (``trapezoid`` was ``trapz`` before 2.0)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        places = [(np.linalg if name.startswith("linalg.") else np, name.rpartition(".")[2]) for name in names]
        return [getattr(place, name) for place, name in places if hasattr(place, name)]


def plain_array(x: Any) -> Any:
    """A constant as a plain array: of a list, or of a subclass, whose own arithmetic (a matrix's ``*``) is left behind.

    Other libraries' arrays that speak NumPy's protocols stay what they are.

    Raises
    ------
    TypeError
        For what is no array of numbers: objects, words, dates, records, sparse matrices; and for a subclass whose
        numbers mean nothing without what it adds: masks, units.
    """
    if type(x) is np.ndarray and x.dtype.kind in "biufc" or isinstance(x, np.generic):
        return x
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError("a Tensor knows no masked arrays; use np.where(mask, x, t), or the nan functions")
    if not isinstance(x, np.ndarray):
        if hasattr(x, "__array_function__"):
            return x
        if hasattr(x, "toarray"):
            raise TypeError("a Tensor knows no sparse matrices; give all the numbers: m.toarray()")
        x = np.asarray(x)
    if x.dtype.kind == "O":
        if any(isinstance(one, Node) for one in x.flat):
            raise LeavesGraphError(
                "an array or list that holds Values or Tensors has no gradient of its own; join them: np.stack of "
                "Tensors"
            )
        raise TypeError(no_numbers(x.dtype, x))
    if x.dtype.kind in "SUMm" or x.dtype.names:  # (numbers of other libraries have a kind that records have too)
        raise TypeError(no_numbers(x.dtype, x))
    if hasattr(x, "unit") or hasattr(x, "units"):
        raise TypeError(f"a Tensor knows no units, as a {type(x).__name__} has; give the numbers alone: np.asarray(x)")
    if type(x) is np.ndarray:
        return x
    # What a subclass sees may change with something else: a tensor's data with the tensor.
    return x.view(np.ndarray) if isinstance(x, np.memmap) else np.array(x)


def no_numbers(dtype: Any, *shown: Any) -> str:
    """The sentence that refuses an array of something else."""
    what = "".join(f" {excerpt(x)}" for x in shown)
    return f"a Tensor works with arrays of numbers, not with{what} of dtype {dtype}; of numbers: x.astype(float)"


def excerpt(x: Any) -> str:
    """What an error shows of what it refuses."""
    text = repr(x)
    return text if len(text) <= 60 else text[:57] + "…"


def refuse_nodes(function: str, **settings: Any) -> None:
    """Raise if a setting, in which no derivative is taken, is a Tensor or Value, or holds one.

    Raises
    ------
    LeavesGraphError
        Naming the function, the setting and the cure: as a plain number it would lose its gradient silently.
    """
    for name, value in settings.items():
        parts = [value]
        for part in parts:  # which grows as it goes
            if isinstance(part, Node):
                kind = type(part).__name__
                raise LeavesGraphError(
                    f"{function} takes no derivative in its setting {name}, which is a {kind} or holds one, and whose "
                    "gradient would be lost; give the plain number or array: x.item() or x.data"
                )
            if isinstance(part, (tuple, list)):
                parts.extend(part)
            elif isinstance(part, slice):
                parts += part.start, part.stop, part.step
            elif isinstance(part, np.ndarray) and part.dtype.kind == "O":
                parts.extend(part.flat)


def is_other_array(x: Any) -> bool:
    """Whether x is another library's array that speaks NumPy's protocols, as those of CuPy and Dask do."""
    return hasattr(type(x), "__array_function__") and not isinstance(x, (np.ndarray, Node))


def holds_complex(x: Any) -> bool:
    """As ``np.iscomplexobj``, which not every library has."""
    return bool(x.dtype.kind == "c") if hasattr(x, "dtype") else np.iscomplexobj(x)


def size_of(x: Any) -> Any:
    """As ``np.size``, likewise."""
    return x.size if hasattr(x, "size") else np.size(x)


REFUSALS = (TypeError, AttributeError, NotImplementedError, IndexError)
"""What is raised where an array does not know what it is asked for."""


def blame_other_arrays(name: str, operands: Iterable[Any], error: Exception) -> None:
    """Raise an error that names the function, if it was another library's array among the operands that refused."""
    kinds = {f"{type(x).__name__} of {type(x).__module__.partition('.')[0]}" for x in _other_arrays(operands)}
    if kinds and not isinstance(error, AutogradError):
        raise NoRuleError(
            f"{name} does not work on another library's array ({', '.join(sorted(kinds))}): {error}; use functions "
            "that this library has, or NumPy's arrays"
        ) from error


def _other_arrays(operands: Iterable[Any]) -> Iterator[Any]:
    for x in map(stored, operands):
        if isinstance(x, (list, tuple)):
            yield from _other_arrays(x)
        elif is_other_array(x):
            yield x


def reducing(ufunc: np.ufunc, function: Any) -> Callable[..., Any]:
    """`function` of plain numbers, for NumPy's own arrays by ``ufunc.reduce``, which is the same with less ado."""
    reduce = ufunc.reduce

    def reduced(x: Array, axis: Axis = None, keepdims: bool = False) -> Any:
        call: Any = reduce if isinstance(x, (np.ndarray, np.generic)) else function
        return call(x, axis=axis, keepdims=keepdims)

    return reduced


summed = reducing(np.add, np.sum)


def arraylike(x: Array) -> Any:
    """A constant as a plain array; a Tensor as it is."""
    return x if isinstance(x, Node) else plain_array(x)


def arraylikes(*inputs: Any) -> list[Any]:
    """Tensors as they are, and constants as plain arrays of the result's dtype.

    In a dtype of their own, constants that are combined with each other could overflow.
    """
    arrays = [arraylike(x) for x in inputs]
    common = np.result_type(*[x.dtype for x in arrays])
    if common.kind not in "fc":
        return arrays
    return [x if isinstance(x, Node) else x.astype(dtype_beside(x.dtype, common), copy=False) for x in arrays]


def all_in_floats(*inputs: Any) -> list[Any]:
    """As :func:`arraylikes`; where all are whole numbers, in float64, in which their products do not overflow."""
    arrays = arraylikes(*inputs)
    return arrays if any(x.dtype.kind in "fc" for x in arrays) else [x.astype(np.float64) for x in arrays]


def in_floats(x: Array) -> Any:
    """An array or Tensor; whole numbers in float64, where NumPy's function takes them so."""
    x = arraylike(x)
    return x.astype(np.float64) if x.dtype.kind in "biu" else x


@cache
def dtype_beside(own: Any, beside: Any) -> Any:
    """The dtype that NumPy computes in with numbers of both; a real one for real numbers.

    Raises
    ------
    TypeError
        If `own` is no dtype of numbers: NumPy would go on with objects.
    """
    if own.kind not in "biufc":
        raise TypeError(no_numbers(own))
    common = np.result_type(own, beside)
    return np.dtype(common.type(0).real.dtype) if common.kind == "c" and own.kind != "c" else common


def in_dtype(a: Array, dtype: Any) -> Any:
    """The array in the floating dtype to compute in; as it is if none is given.

    Raises
    ------
    TypeError
        If that dtype is not a floating one.
    """
    a = arraylike(a)
    if dtype is None or a.dtype == np.dtype(dtype):
        return a
    if np.dtype(dtype).kind not in "fc":
        raise TypeError(f"a Tensor computes in floating dtypes, not in {np.dtype(dtype)}; use t.data.astype(dtype)")
    return a.astype(dtype)


def flag(keepdims: Any) -> bool:
    """`keepdims` as a truth value; left out, it is false."""
    return keepdims is not np._NoValue and bool(keepdims)


def along(i: int, part: Any) -> tuple[Any, ...]:
    """The index that takes `part` (a slice, a number, an array) along axis i."""
    return (*(slice(None),) * i, part)


def flat_or_axis(a: Array, axis: Axis, of_number: bool = False) -> tuple[Any, int]:
    """The array and the axis to work along: for ``axis=None`` all its numbers in one row.

    `of_number` says that the function takes a number without axes for a row of one, as some of NumPy's do.
    """
    a = arraylike(a)
    if axis is None or (of_number and not a.ndim and axis in (0, -1, (0,), (-1,))):
        return np.reshape(a, -1), 0
    (i,) = normalised_axes(axis, a.ndim)
    return a, i


def refuse(function: str, **settings: Any) -> None:
    """Raise if a setting that has no derivative, or no meaning here, is given.

    Raises
    ------
    TypeError
        Naming the function, the setting and the cure.
    """
    for name, value in settings.items():
        if value is not None and value is not np._NoValue:
            cure = {
                "out": "drop out= and use the returned Tensor (recorded data is never overwritten)",
                "where": "use np.where, or multiply by a 0/1 array",
                "dtype": "use x.astype(dtype) before or after",
                "initial": "add or compare the initial value yourself",
                "casting": "drop it",
                "order": "drop it",
                "subok": "drop it",
            }.get(name, "drop it")
            raise TypeError(f"np.{function} of a Tensor does not take {name}=: {cure}")


def reduced_axes(axis: Axis, ndim: int) -> tuple[int, ...]:
    """The axes of a reduction as :func:`normalised_axes`; a number without axes may be reduced along axis 0 or −1."""
    return () if not ndim and type(axis) is int and axis in (0, -1) else normalised_axes(axis, ndim)


def normalised_axes(axis: Axis, ndim: int) -> tuple[int, ...]:
    """`axis` (``None``, a number or several) as a tuple of non-negative numbers.

    Raises
    ------
    numpy.exceptions.AxisError
        If an axis is out of range; ``ValueError`` if one is repeated.
    """
    if axis is None:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    normal = []
    for one in axes:
        one = int(one.__index__())
        if not -ndim <= one < ndim:
            raise np.exceptions.AxisError(one, ndim)
        normal.append(one % ndim)
    if len(set(normal)) != len(normal):
        raise ValueError(f"duplicate value in axis {axis}")
    return tuple(normal)
