"""Writing into arrays without overwriting them: ``x.at[index].set(values)`` is a new array, and has derivatives."""

from __future__ import annotations

import math
from typing import Any, Callable

import numpy as np

from autograd.functions.indexing import add_at, checked, scatter
from autograd.functions.register import arraylike
from autograd.node import Node
from autograd.types import Array, Index


def at(x: Array) -> At:
    """Where to change an array: ``at(x)[index].set(values)``, and ``.add``, ``.multiply``, ``.min``, ``.max``.

    NumPy writes into an array, ``x[index] = values``, and what stood there is lost, so no derivative of it could be
    found later. Here the result is a new array, differentiable with respect to `x` and to the values; `x` stays as it
    is. For a Tensor ``x.at[index]`` says the same.

    Parameters
    ----------
    x : ndarray or Tensor
        Of numbers, of any shape.

    Returns
    -------
    At
        To be indexed in any way that `x` can be: numbers, slices, ``...``, None, masks, arrays of integers.

    Raises
    ------
    TypeError
        If `x` or the values are no numbers, or an index is a Tensor.
    IndexError
        If the index does not fit `x`.
    ValueError
        If the values do not broadcast to the shape of ``x[index]``.

    Examples
    --------
    >>> from autograd import Tensor, at, grad
    >>> A = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> at(np.zeros((3, 3)))[:2, :2].set(A).sum(axis=1)
    Tensor([3., 7., 0.], float64, made by np.sum)
    >>> grad(lambda x: np.sum(x.at[1].multiply(x[0]) ** 2))(np.array([2.0, 3.0]))
    array([40., 24.])
    """
    return At(_numbers(x, "x"))


def _numbers(x: Any, name: str) -> Any:
    try:
        array = arraylike(x)
        numbers = array.dtype.kind in "biufc"
    except (TypeError, AttributeError):  # objects, or a Value
        numbers = False
    if not numbers:
        raise TypeError(f"{name} is a Tensor or an array of numbers, not {type(x).__name__} of {x!r:.40}")
    return array


class At:
    """Where an array is to be changed: ``At(x)[index]``, see :func:`at`."""

    __slots__ = ("_x",)

    def __init__(self, x: Array) -> None:
        self._x = x

    def __getitem__(self, index: Index) -> Update:
        return Update(self._x, index)


class Update:
    """An array and an index into it; the methods give the array with other elements there.

    Values broadcast to the shape that ``x[index]`` has. Where an index names an element twice, `set` keeps the
    last value, as NumPy's assignment does, and the others take in each one. The result has the common dtype of
    array and values, so that nothing is rounded away.
    """

    __slots__ = ("_x", "_index", "_places")

    def __init__(self, x: Array, index: Index) -> None:
        self._x, self._index = x, checked(index)
        self._places = np.arange(math.prod(x.shape)).reshape(x.shape)[index]

    def __repr__(self) -> str:
        return f"<{self._places.size} of {math.prod(self._x.shape)} elements, to set, add, multiply, min or max>"

    def set(self, values: Any) -> Any:
        """The array with `values` in place of the elements: ``y = x; y[index] = values``."""
        places, values = self._flat(values)
        last = places.size - 1 - np.unique(places[::-1], return_index=True)[1]
        return _replaced(self._x, places[last], values[last])

    def add(self, values: Array) -> Array:
        """The array with `values` added to the elements: ``numpy.add.at``."""
        values = self._spread(values)
        return self._x + _scattered(values, self._index, self._x.shape)

    def multiply(self, values: Array) -> Array:
        """The array with the elements multiplied by `values`: ``numpy.multiply.at``."""
        return self._one_by_one(np.multiply, values)

    def min(self, values: Array) -> Array:
        """The array with the lesser of element and value: ``numpy.minimum.at``."""
        return self._one_by_one(np.minimum, values)

    def max(self, values: Array) -> Array:
        """The array with the greater of element and value: ``numpy.maximum.at``."""
        return self._one_by_one(np.maximum, values)

    def _spread(self, values: Any) -> Any:
        values = _numbers(values, "values")
        try:
            return np.broadcast_to(values, self._places.shape)
        except ValueError:
            raise ValueError(
                f"x[index] has shape {self._places.shape}; values of shape {values.shape} do not broadcast to it"
            ) from None

    def _flat(self, values: Any) -> tuple[Any, Any]:
        """Where each value goes in the row of all elements, and the values in a row."""
        return self._places.reshape(-1), np.reshape(self._spread(values), -1)

    def _one_by_one(self, combine: Callable[[Any, Any], Any], values: Array) -> Array:
        """Take in the first value for each element, then the second where an index names it again, and so on."""
        places, values = self._flat(values)
        if not places.size:
            return _replaced(self._x, places, values)
        turns, result = _turns(places), self._x
        for turn in range(int(turns.max()) + 1):
            now = np.flatnonzero(turns == turn)
            combined = combine(np.reshape(result, -1)[places[now]], values[now])
            result = _replaced(result, places[now], combined)
        return result


def _scattered(values: Array, index: Index, shape: tuple[int, ...]) -> Array:
    """Zeros with values added at an index."""
    return scatter(values, index=index, shape=shape) if isinstance(values, Node) else add_at(shape, index, values)


def _replaced(x: Array, places: Any, values: Array) -> Array:
    """The array with values at places in the row of its elements, of which none is named twice."""
    chosen = np.zeros(math.prod(x.shape), dtype=bool)
    chosen[places] = True
    return np.where(chosen.reshape(x.shape), np.reshape(_scattered(values, places, chosen.shape), x.shape), x)


def _turns(places: Any) -> Array:
    """For each place, how often it was named before."""
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    turns = np.empty(places.size, dtype=int)
    turns[order] = np.arange(places.size) - np.searchsorted(ordered, ordered)
    return turns


def written(index: Index) -> str:
    """An index as it stands in a program, where that is short; else its name."""
    if isinstance(index, tuple):
        return ", ".join(map(written, index)) or "()"
    if isinstance(index, slice):
        ends = ["" if end is None else written(end) for end in (index.start, index.stop, index.step)]
        return ":".join(ends if ends[2] else ends[:2])
    if index is ...:
        return "..."
    return repr(index) if index is None or isinstance(index, int) else "index"
