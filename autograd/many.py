"""Functions of many Values, each of which is one node: a whole sum, a whole neuron, a whole softmax.

Of a Tensor or an array they are what NumPy and `nn.functional` mean by these names.
"""

from __future__ import annotations

import operator
from itertools import repeat
from typing import Any, Iterable, NoReturn, Sequence

import numpy as np

from autograd import core
from autograd.functions import softmax as over_axes
from autograd.functions.register import in_floats
from autograd.habits import refuse_all_settings
from autograd.node import Node
from autograd.rules.log_sum_exp import log_sum_exp
from autograd.rules.nary import total, weighted_sum
from autograd.value import Value, recorded

_sum = sum  # the builtin; this module defines its own
_data_of = operator.attrgetter("_data")


def sum(values: Any, start: Any = None, *, axis: Any = None, keepdims: bool = False, **settings: NoReturn) -> Any:
    """Σ v over any number of Values and numbers, as one node; of a Tensor or array, ``np.sum``.

    Where there is neither a Value nor a Tensor among them, this is Python's own `sum`.

    Parameters
    ----------
    values : iterable of Value or number; or Tensor or array
        The numbers v.
    start : Value or number, optional
        What the sum begins with, as in Python. Of a Tensor or array what comes second is the axis, as in NumPy.
    axis : int or tuple of int, optional
        Of a Tensor or array: what to sum over; over everything unless given.
    keepdims : bool
        Of a Tensor or array: whether the axes that are summed over stay, with length 1.
    **settings
        None: PyTorch's ``dim=`` and ``keepdim=`` raise an error that names ours.

    Returns
    -------
    Value; or Tensor or array

    Raises
    ------
    TypeError
        If an axis is given for Values, or twice.

    Examples
    --------
    >>> xs = [Value(1.0), Value(2.0), Value(4.0)]
    >>> sum(xs).data, sum(xs, 0.5).data
    (7.0, 7.5)
    """
    if settings:
        refuse_all_settings("sum", settings)
    if _in_axes("sum", values, axis):
        if start is not None and axis is not None:
            raise TypeError(
                f"sum: the axis is given twice, as {start!r} and as axis={axis!r}; a Tensor's sum has no start"
            )
        return np.sum(values, axis=start if axis is None else axis, keepdims=keepdims)
    values = tuple(values)
    if not any(map(isinstance, (start, *values), repeat(Node))):
        return _sum(values, 0 if start is None else start)
    begins_at_0 = start is None or (isinstance(start, int) and start == 0)
    return total(*values) if begins_at_0 else total(start, *values)


def dot(ws: Iterable[Any], xs: Iterable[Any], bias: Any = 0.0) -> Any:
    """w₁x₁ + w₂x₂ + … + bias, as one node: a whole neuron before its activation.

    Parameters
    ----------
    ws, xs : iterables of Value or number
        Of the same length.
    bias : Value or number
        What is added to the products.

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If `ws` and `xs` differ in length.

    Examples
    --------
    >>> w, x = [Value(2.0), Value(-1.0)], [Value(3.0), Value(5.0)]
    >>> dot(w, x, 0.5).data
    1.5
    """
    return _dot(ws, xs, bias) if _compiled_dot is None else _compiled_dot(ws, xs, bias, _dot)


_compiled_dot = None if core.compiled is None else core.compiled.dot


def _dot(ws: Iterable[Any], xs: Iterable[Any], bias: Any) -> Any:
    ws, xs = tuple(ws), tuple(xs)
    if len(ws) != len(xs):
        raise ValueError(f"dot needs as many weights as inputs, got {len(ws)} weights and {len(xs)} inputs")
    w, x, kind = _floats(ws), _floats(xs), type(bias)
    if w is None or x is None or (w is ws and x is xs) or (kind is not Value and kind is not float):
        return weighted_sum(*ws, *xs, bias)
    # What Value._apply would do, without asking each input what it is: a network spends its time here.
    data = _sum(map(operator.mul, w, x), bias if kind is float else bias._data)
    return recorded(data, (weighted_sum, *ws, *xs, bias))


def _floats(values: tuple[Any, ...]) -> Sequence[float] | None:
    """The numbers of Values and floats (of floats alone, `values` itself), ``None`` if there is anything else."""
    kinds = set(map(type, values))
    if kinds == _VALUES:
        return list(map(_data_of, values))
    if kinds == _FLOATS:
        return values
    return [x._data if type(x) is Value else x for x in values] if kinds == _BOTH else None


_VALUES, _FLOATS, _BOTH = {Value}, {float}, {Value, float}


def logsumexp(values: Any, axis: Any = None, keepdims: bool = False, **settings: NoReturn) -> Any:
    """log(Σ eᵛ) without overflow, as one node.

    Parameters
    ----------
    values : iterable of Value or number; or Tensor or array
        The numbers v.
    axis : int or tuple of int, optional
        Of a Tensor or array: what to sum over; the last axis unless given, as in `nn.functional`.
    keepdims : bool
        Of a Tensor or array: whether the axes that are summed over stay, with length 1.
    **settings
        None: PyTorch's ``dim=`` and ``keepdim=`` raise an error that names ours.

    Returns
    -------
    Value; or Tensor or array

    Raises
    ------
    ValueError
        If there are no values.
    TypeError
        If an axis is given for Values.

    Examples
    --------
    >>> round(logsumexp([Value(1000.0), Value(1000.0)]).data, 4)
    1000.6931
    """
    if settings:
        refuse_all_settings("logsumexp", settings)
    if _in_axes("logsumexp", values, axis):
        return over_axes.log_sum_exp(in_floats(values), axis=-1 if axis is None else axis, keepdims=keepdims)
    values = tuple(values)
    if not values:
        raise ValueError("logsumexp needs at least one value")
    return log_sum_exp(*values)


def softmax(values: Any, axis: Any = None, **settings: NoReturn) -> Any:
    """eᵛ / Σ eᵛ for each v, computed as e^(v − logsumexp) without overflow.

    Parameters
    ----------
    values : iterable of Value or number; or Tensor or array
        The numbers v.
    axis : int, optional
        Of a Tensor or array: along which the results sum to 1; the last axis unless given, as in `nn.functional`.
    **settings
        None: PyTorch's ``dim=`` raises an error that names ours.

    Returns
    -------
    list of Value; or Tensor or array
        Positive numbers that sum to 1.

    Raises
    ------
    TypeError
        If an axis is given for Values.

    Examples
    --------
    >>> [round(p.data, 3) for p in softmax([Value(0.0), Value(1.0)])]
    [0.269, 0.731]
    """
    if settings:
        refuse_all_settings("softmax", settings)
    if _in_axes("softmax", values, axis):
        return over_axes.softmax(in_floats(values), axis=-1 if axis is None else axis)
    return over_axes.shares(list(values))


def _in_axes(name: str, values: Any, axis: Any) -> bool:
    """Whether `values` are the numbers of one Tensor or array, which has axes."""
    if isinstance(values, Node):
        return not isinstance(values, Value)
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        return True
    if axis is not None:
        raise TypeError(f"{name}: axis= is for Tensors and arrays; a list of Values has none")
    return False
