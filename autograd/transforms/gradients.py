"""Gradients of functions: grad, value_and_grad, elementwise_grad; and stop_gradient."""

from __future__ import annotations

from functools import wraps
from typing import Any, Sequence

import numpy as np

from autograd import pytrees
from autograd.node import Node
from autograd.rules.rule import is_complex
from autograd.tensor import Tensor
from autograd.tensor.complexes import where_complex
from autograd.tensor.operands import as_constant
from autograd.transforms.recorded_call import Function, RecordedCall, check_function, one
from autograd.types import Array


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Function:
    """A function that returns f's value and its gradient.

    Parameters
    ----------
    f : callable
        Of numbers, arrays, Values, Tensors, or nested lists, tuples and dicts of them; its output is a
        scalar.
    argnums : int or sequence of int
        Which positional arguments to differentiate with respect to.
    has_aux : bool
        f returns ``(output, aux)``; aux is passed through.

    Returns
    -------
    callable
        ``(*args) -> (value, gradient)``, with ``((value, aux), gradient)`` if `has_aux`. The gradient has the form
        of the argument (a tuple of such for several), and its dtypes.

    Raises
    ------
    ValueError
        If the output is no real scalar, or `argnums` names no argument.
    TypeError
        If `f` is no function, or returns no number.
    LeavesGraphError
        If f makes a plain number of what depends on its variables: ``math.sin(x)``, ``a[0] = x``.

    Examples
    --------
    >>> import numpy as np
    >>> value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    (5.0, array([2., 4.]))
    """

    check_function("value_and_grad", f)

    @wraps(f)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        call = RecordedCall(f, args, kwargs, argnums, has_aux)
        y = call.scalar()
        gradient = call.shaped(call.cotangents({y: one(y)} if isinstance(y, Node) else {}))
        value = call.plain_output()
        return ((value, call.plain_aux()), gradient) if has_aux else (value, gradient)

    return derivative


def grad(f: Function, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Function:
    """The gradient of a scalar function: ``grad(f)(x)`` has the form of x. Nests to any order.

    Parameters and errors as for :func:`value_and_grad`; with `has_aux` it returns ``(gradient, aux)``.

    Parameters
    ----------
    f : callable
        Returns one real number.
    argnums : int or sequence of int
        The places of the arguments to differentiate by; of several, the result is a tuple.
    has_aux : bool
        Whether f returns a pair (result, anything else), of which only the first is differentiated.

    Returns
    -------
    callable
        With f's arguments; gives the gradient, in the form of the argument.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import tanh
    >>> round(grad(grad(grad(tanh)))(0.5), 6)     # third derivative
    -0.565209
    >>> grad(lambda w: np.sum(w["a"] * w["b"]))({"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])})
    {'a': array([3., 4.]), 'b': array([1., 2.])}
    """
    check_function("grad", f)
    both = value_and_grad(f, argnums, has_aux)

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, g = both(*args, **kwargs)
        return (g, value[1]) if has_aux else g

    return gradient


def elementwise_grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The derivative of a function that works element by element, at every element at once.

    For y = f(x) with each yᵢ depending on xᵢ alone it returns all ∂yᵢ/∂xᵢ (in general: the gradient of
    the sum of the output).

    Parameters
    ----------
    f : callable
        Returns an array of the shape of its argument.
    argnums : int or sequence of int
        The places of the arguments to differentiate by; of several, the result is a tuple.

    Returns
    -------
    callable
        With f's arguments; gives an array of the shape of the argument.

    Raises
    ------
    ValueError
        From the function that is returned, if the output is complex.

    Examples
    --------
    >>> import numpy as np
    >>> elementwise_grad(np.tanh)(np.array([0.0, 1.0])).round(4)
    array([1.  , 0.42])
    """

    check_function("elementwise_grad", f)

    @wraps(f)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        call = RecordedCall(f, args, kwargs, argnums, False)
        for y in filter(is_complex, call.nodes):
            raise ValueError(f"elementwise_grad needs a real output; this one is {where_complex(y)}")
        return call.shaped(call.cotangents({y: one(y) for y in call.nodes}))

    return derivative


def stop_gradient(x: Any) -> Any:
    """The plain numbers of `x` (or of all in a structure): constants, from here on.

    Parameters
    ----------
    x : number, array, Value, Tensor, or a structure of them
        What is to count as constant.

    Returns
    -------
    as `x`
        With plain numbers and arrays in it.

    Examples
    --------
    >>> import numpy as np
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """

    def numbers_of(leaf: Any) -> Array:
        numbers = as_constant(leaf)
        return np.array(numbers)[()] if isinstance(leaf, Tensor) and isinstance(numbers, np.ndarray) else numbers

    return pytrees.mapped(numbers_of, x)
