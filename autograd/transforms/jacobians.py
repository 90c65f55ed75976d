"""All derivatives at once, as an array: jacobian and hessian."""

from __future__ import annotations

from functools import wraps
from typing import Any, Sequence

import numpy as np

from autograd import pytrees
from autograd.functions.register import size_of
from autograd.node import Node, plain
from autograd.rules.elementwise import identity
from autograd.rules.rule import is_complex
from autograd.tensor import Tensor
from autograd.tensor.operands import leaf_of
from autograd.transforms.gradients import grad
from autograd.transforms.recorded_call import Function, RecordedCall, check_function
from autograd.types import Array
from autograd.value import Value
from autograd.walks import pull_back, push_forward


def jacobian(f: Function, argnums: int | Sequence[int] = 0, mode: str | None = None) -> Function:
    """The Jacobian: all ∂yᵢ/∂xⱼ, of shape ``y.shape + x.shape``.

    Parameters
    ----------
    f : callable
        Of numbers, arrays or nested structures of them, with such an output.
    argnums : int or sequence of int
        As for :func:`grad`.
    mode : {"forward", "reverse"}, optional
        How to compute it; by default whichever needs fewer passes (one per input, or one per output).

    Returns
    -------
    callable
        Same arguments as f. For a structured output the result has its form, and within that the form of
        the argument.

    Raises
    ------
    ValueError
        If `mode` is something else.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """
    check_function("jacobian", f)
    if mode not in (None, "forward", "reverse"):
        raise ValueError(f"mode is {mode!r}; choose 'forward' or 'reverse', or leave it out for the cheaper one")

    @wraps(f)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        call = RecordedCall(f, args, kwargs, argnums, False)
        if any(is_complex(x) for x in call.variables):
            raise ValueError("jacobian is for real arguments; take the real and the imaginary part as two")
        inputs = sum(size_of(plain(x)) for x in call.variables)
        outputs = sum(size_of(plain(y)) for y in call.outputs)
        forward = mode == "forward" or (mode is None and inputs < outputs)
        blocks = _by_columns(call) if forward else _by_rows(call)
        rows = [call.shaped([_like_block(x, block) for x, block in zip(call.given, row)]) for row in blocks]
        return pytrees.rebuild(call.output, rows)

    return derivative


def _like_block(x: Array, block: Array) -> Array:
    if not isinstance(block, Node) and np.ndim(block) == 0 and isinstance(x, (float, int)):
        return float(block)
    if isinstance(block, Node) or not isinstance(x, Node):
        return block
    return Value(float(block)) if isinstance(x, Value) and np.ndim(block) == 0 else leaf_of(block)


def _basis(x: Any) -> list[Any]:
    """Every unit vector in the shape of a node's data."""
    data = plain(x)
    if isinstance(x, Value):
        return [1.0]
    units = []
    for k in range(data.size):
        unit = np.zeros(data.size, data.dtype)
        unit[k] = 1
        units.append(unit.reshape(data.shape))
    return units


def _assembled(parts: list[Any], shape: tuple[int, ...], axis: int, dtype: Any) -> Array:
    if not parts:
        return np.zeros(shape, dtype)
    if shape == () and isinstance(parts[0], Node):
        return parts[0]
    return np.reshape(np.stack([_as_array(p) for p in parts], axis=axis), shape)


def _as_array(x: Array) -> Array:
    return x if isinstance(x, Tensor) else Tensor._apply(identity, (x,)) if isinstance(x, Value) else np.asarray(x)


def _by_rows(call: RecordedCall) -> list[list[Any]]:
    blocks = []
    for y in call.outputs:
        pulled = []
        if isinstance(y, Node):
            for unit in _basis(y):
                pulled.append(_row(call, y, unit))
        row = []
        for x in call.variables:
            data = plain(x)
            shape = np.shape(plain(y)) + np.shape(data)
            parts = [p[x] if x in p else np.zeros_like(data) for p in pulled]
            row.append(_assembled(parts, shape, 0, getattr(data, "dtype", float)) if parts else np.zeros(shape))
        blocks.append(row)
    return blocks


def _row(call: RecordedCall, y: Node, unit: Any) -> dict[Node, Any]:
    """One row of the Jacobian: the derivative of one number of y."""

    def pulled(seed: Any) -> dict[Node, Any]:
        return pull_back({y: seed}, call.variables, create_graph=call.nested, history=call.history)

    real = pulled(unit)
    if not is_complex(y):
        return real
    imaginary = pulled(1j * unit)  # the seed i pulls the gradient of the imaginary part back
    return {x: real[x] + 1j * imaginary[x] for x in real}


def _by_columns(call: RecordedCall) -> list[list[Any]]:
    columns = []
    for x in call.variables:
        columns.append([push_forward(call.history[0], {x: unit}, create_graph=call.nested) for unit in _basis(x)])
    blocks = []
    for y in call.outputs:
        row = []
        for x, pushed in zip(call.variables, columns):
            data = plain(y)
            shape = np.shape(data) + np.shape(plain(x))
            parts = [p[y] if isinstance(y, Node) and y in p else np.zeros_like(data) for p in pushed]
            row.append(_assembled(parts, shape, -1, getattr(data, "dtype", float)))
        blocks.append(row)
    return blocks


def hessian(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The matrix of second derivatives of a scalar function, of shape ``x.shape + x.shape``.

    Parameters
    ----------
    f : callable
        Returns one real number.
    argnums : int or sequence of int
        The places of the arguments to differentiate by; of several, the result is a tuple.

    Returns
    -------
    callable
        With f's arguments; gives an array of shape ``x.shape + x.shape``.

    Examples
    --------
    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    check_function("hessian", f)
    return jacobian(grad(f, argnums), argnums, mode="reverse")
