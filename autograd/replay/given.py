"""Arrays of whole numbers and truth values among the arguments: labels, indices, masks.

They carry no gradient, so no Tensor stands for them, and what NumPy makes of them would be a constant of the recorded
program though it is another one at each call. A :class:`Given` stands for such an array while a program is recorded.
NumPy's functions of it are noted down and computed again at each replay. Where the program decides by it (``if``,
``int()``, an index of Python's), the outcome becomes a condition of the recording.
"""

from __future__ import annotations

import operator
from copy import deepcopy
from typing import Any, Callable

import numpy as np
from numpy.typing import NDArray

from autograd.node import Node


class Looked(BaseException):
    """The function did what cannot be recorded. (No `except Exception` of the function's may hide that.)"""


def _operator(ufunc: Callable[..., Any]) -> Any:
    def method(self: Any, *other: Any) -> Any:
        return ufunc(self, *other)

    return method


def _reflected(ufunc: Callable[..., Any]) -> Any:
    def method(self: Any, other: Any) -> Any:
        return ufunc(other, self)

    return method


class Given:
    """An array that was given as an argument, or was made of such ones; an array's functions and operators."""

    __slots__ = ("array", "made", "notes")

    def __init__(self, array: NDArray[Any], made: tuple[Any, ...], notes: Notes) -> None:
        self.array, self.made, self.notes = array, made, notes

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def dtype(self) -> Any:
        return self.array.dtype

    @property
    def ndim(self) -> int:
        return self.array.ndim

    @property
    def size(self) -> int:
        return self.array.size

    @property
    def nbytes(self) -> int:
        return self.array.nbytes

    @property
    def T(self) -> Any:
        return self.notes.apply(np.transpose, (self,), {})

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if any(isinstance(x, Node) for x in inputs) or "out" in options:
            return NotImplemented
        return self.notes.apply(ufunc if method == "__call__" else getattr(ufunc, method), inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function in (np.shape, np.ndim, np.size):
            return function(*[x.array if isinstance(x, Given) else x for x in args], **kwargs)
        if any(issubclass(kind, Node) for kind in types):
            return NotImplemented
        return self.notes.apply(function, args, kwargs)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.notes.asked(self), dtype)

    def __getattr__(self, name: str) -> Any:
        method = getattr(np.ndarray, name, None)
        if name.startswith("_") or not callable(method):
            raise AttributeError(f"an argument of whole numbers has no {name!r} while its function is recorded")
        return lambda *args, **kwargs: self.notes.apply(method, (self, *args), kwargs)

    def __getitem__(self, index: Any) -> Any:
        return self.notes.apply(np.ndarray.__getitem__, (self, index), {})

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def item(self, *args: Any) -> Any:
        return self.notes.asked(self).item(*args)

    def tolist(self) -> Any:
        return self.notes.asked(self).tolist()

    def __bool__(self) -> bool:
        return bool(self.notes.asked(self))

    def __int__(self) -> int:
        return int(self.notes.asked(self))

    def __index__(self) -> int:
        return operator.index(self.notes.asked(self))

    def __float__(self) -> float:
        return float(self.notes.asked(self))

    def __repr__(self) -> str:
        return repr(self.notes.asked(self))

    def __str__(self) -> str:
        return str(self.notes.asked(self))

    def __format__(self, spec: str) -> str:
        return format(self.notes.asked(self), spec)

    def __reduce__(self) -> Any:  # a copy, made by whom cannot be told
        return np.array, (self.notes.asked(self),)

    def __hash__(self) -> int:  # of an element, in a set or a dict
        return hash(self.notes.asked(self))

    __add__, __radd__ = _operator(np.add), _reflected(np.add)
    __sub__, __rsub__ = _operator(np.subtract), _reflected(np.subtract)
    __mul__, __rmul__ = _operator(np.multiply), _reflected(np.multiply)
    __truediv__, __rtruediv__ = _operator(np.true_divide), _reflected(np.true_divide)
    __floordiv__, __rfloordiv__ = _operator(np.floor_divide), _reflected(np.floor_divide)
    __mod__, __rmod__ = _operator(np.remainder), _reflected(np.remainder)
    __pow__, __rpow__ = _operator(np.power), _reflected(np.power)
    __matmul__, __rmatmul__ = _operator(np.matmul), _reflected(np.matmul)
    __and__, __rand__ = _operator(np.bitwise_and), _reflected(np.bitwise_and)
    __or__, __ror__ = _operator(np.bitwise_or), _reflected(np.bitwise_or)
    __xor__, __rxor__ = _operator(np.bitwise_xor), _reflected(np.bitwise_xor)
    __lshift__, __rlshift__ = _operator(np.left_shift), _reflected(np.left_shift)
    __rshift__, __rrshift__ = _operator(np.right_shift), _reflected(np.right_shift)
    __lt__, __le__ = _operator(np.less), _operator(np.less_equal)
    __gt__, __ge__ = _operator(np.greater), _operator(np.greater_equal)
    __eq__, __ne__ = _operator(np.equal), _operator(np.not_equal)
    __neg__, __abs__, __invert__ = _operator(np.negative), _operator(np.absolute), _operator(np.invert)


class Notes:
    """What a program did with the whole numbers among its arguments: steps to do again, and conditions to hold.

    Attributes
    ----------
    steps : list
        ``(function, args, kwargs)``; a :class:`Place` in them stands for an argument or an earlier step's result.
    forms : list
        ``(shape, dtype)`` of each step's result, which the program holds for (``np.unique`` finds more or fewer).
    conditions : list
        ``(place, array)``: what the program looked at.
    sources : dict
        By ``id``: the sources of random numbers that it draws from, and the copies that the recording drew from.
    """

    def __init__(self) -> None:
        self.given: list[Given] = []
        self.steps: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []
        self.forms: list[tuple[Any, Any]] = []
        self.conditions: list[tuple[Given, Any]] = []
        self.sources: dict[int, tuple[Any, Any]] = {}

    def draw(self, source: Any, shape: Any, dtype: Any) -> Given:
        """Random numbers from 0 to 1 of a source."""
        _, copied = self.sources.setdefault(id(source), (source, deepcopy(source)))
        made = Given(copied.random(shape, dtype), ("step", len(self.steps)), self)
        self.steps.append((source.random, (shape, dtype), {}))
        self.forms.append((made.shape, made.dtype))
        return made

    def stand_in(self, array: Any) -> Given:
        """What the program gets in place of an argument."""
        one = Given(array.copy(), ("argument", len(self.given)), self)
        self.given.append(one)
        return one

    def apply(self, function: Any, args: Any, kwargs: Any) -> Any:
        """Compute, and note how. What is a random source's, or no array, is computed without being noted."""
        result = function(*_plain(args), **_plain(kwargs))
        if kwargs.get("out") is not None or any(result is x for x in args if isinstance(x, np.ndarray)):
            raise Looked("what is made of whole numbers among the arguments is written into an array")
        if not isinstance(result, (np.ndarray, np.generic)):
            for x in _givens((args, kwargs)):  # tuples (np.nonzero, np.unique): by value
                self.asked(x)
            return result
        made = Given(np.asarray(result), ("step", len(self.steps)), self)
        self.steps.append((function, tuple(args), dict(kwargs)))
        self.forms.append((made.shape, made.dtype))
        return made

    def asked(self, one: Given) -> Any:
        """The numbers, which the program is about to decide by."""
        self.conditions.append((one, one.array.copy()))
        return one.array[()]


def _plain(x: Any) -> Any:
    if isinstance(x, Given):
        return x.array
    if isinstance(x, dict):
        return {key: _plain(one) for key, one in x.items()}
    return type(x)(map(_plain, x)) if type(x) in (list, tuple) else x


def _givens(x: Any) -> list[Given]:
    if isinstance(x, Given):
        return [x]
    if isinstance(x, dict):
        x = list(x.values())
    return [one for part in x for one in _givens(part)] if isinstance(x, (list, tuple)) else []


_REDUCTIONS: dict[Any, Any] = {np.ndarray.min: np.minimum, np.ndarray.max: np.maximum}
"""Methods that NumPy writes in Python, by the ufunc that they call."""


class Replayed:
    """The notes at work: computes all steps for new arguments, and says whether the conditions hold."""

    def __init__(self, notes: Notes) -> None:
        self.count = len(notes.given)

        def place(x: Any) -> Any:
            if isinstance(x, Given):
                kind, i = x.made
                return Place(i if kind == "argument" else self.count + i)
            if isinstance(x, dict):
                return {key: place(one) for key, one in x.items()}
            if type(x) in (list, tuple):
                return type(x)(map(place, x))
            return x.copy() if isinstance(x, np.ndarray) else x

        self.steps = []
        for (f, args, kwargs), form in zip(notes.steps, notes.forms):
            if f in _REDUCTIONS and len(args) == 1 and not kwargs:
                f, args = _REDUCTIONS[f].reduce, (*args, None)
            args, kwargs = place(args), place(kwargs)
            simple = not kwargs and not any(isinstance(x, (list, tuple)) for x in args)
            self.steps.append((f, args, kwargs, simple, *form))
        self.conditions = [(place(one).number, array[()]) for one, array in notes.conditions]
        self.place = place
        self.sources = [source for source, _ in notes.sources.values()]

    def run(self, given: list[Any]) -> list[Any] | None:
        """All results for these arguments, ``None`` if the recording does not hold for them."""
        values = list(given)
        for function, args, kwargs, simple, shape, dtype in self.steps:
            try:
                if simple:
                    found = function(*[values[x.number] if type(x) is Place else x for x in args])
                else:
                    found = function(*_filled(args, values), **_filled(kwargs, values))
                if type(found) is not np.ndarray:  # a number, which methods of arrays refuse
                    found = np.asarray(found)
                if found.shape != shape or found.dtype != dtype:
                    return None
            except Exception:  # the function itself may raise as well, or go another way
                return None
            values.append(found)
        for number, before in self.conditions:
            now = values[number]
            if now is not before and (now.shape != before.shape or now.tobytes() != before.tobytes()):
                return None
        return values


class Place:
    """Stands for the result of that number."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


def _filled(x: Any, values: list[Any]) -> Any:
    if isinstance(x, Place):
        return values[x.number]
    if isinstance(x, dict):
        return {key: _filled(one, values) for key, one in x.items()}
    return type(x)(_filled(one, values) for one in x) if type(x) in (list, tuple) else x
