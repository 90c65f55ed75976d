"""Which calls may share a recording, and what their arguments are called."""

from __future__ import annotations

from inspect import signature
from types import FunctionType
from typing import Any, Sequence

import numpy as np

from autograd import pytrees
from autograd.replay.environment import Environment
from autograd.replay.names import leaves_named
from autograd.tensor import Tensor

FLAT = {np.ndarray, Tensor, float, int, bool, str, type(None)}
KNOWN = {*FLAT, complex, bytes, np.float64, np.float32, np.float16}


def signature_of(args: Any, kwargs: Any, leaves: Sequence[Any], by_value: bool | None) -> Any:
    """Two calls with equal signatures may share a recording. `by_value`: each number of Python has one of its own."""
    key: list[Any] = [] if leaves and len(leaves) == len(args) and not kwargs else [_form([args, kwargs])]
    for x in leaves:
        kind = type(x)
        if kind is np.ndarray:
            key.append((x.shape, x.dtype, x.flags.c_contiguous))
        elif kind is Tensor:
            data = x._data
            # One that is given twice is one variable.
            key.append((kind, data.shape, data.dtype, not x._origin, *[i for i, y in enumerate(leaves) if y is x]))
        elif kind is float and not by_value:
            key.append(kind)
        else:
            key.append(_value_key(x))
    if len(leaves) > 1 and len(set(map(id, leaves))) < len(leaves):  # a function may ask whether two arrays are one
        first = {id(x): i for i, x in reversed(list(enumerate(leaves)))}
        key.append(tuple([first[id(x)] for x in leaves if type(x) is np.ndarray]))
    return tuple(key)


def names_of(f: Any, args: Any, kwargs: Any) -> list[str]:
    """What the numbers and arrays among the arguments are called."""
    if (
        not kwargs
        and type(f) is FunctionType
        and len(args) == f.__code__.co_argcount
        and FLAT.issuperset(map(type, args))
    ):
        return list(f.__code__.co_varnames[: len(args)])
    try:
        bound = signature(f).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        bound = {f"x{i}": x for i, x in enumerate([*args, *kwargs.values()])}
    named = {id(x): name for name, x in leaves_named(bound, "")}
    return [named.get(id(x), f"x{i}") for i, x in enumerate(pytrees.leaves([args, kwargs]))]


def _form(tree: Any) -> Any:
    """The form of a nested structure, to be compared."""
    if isinstance(tree, dict):
        return (type(tree), *[(key, _form(x)) for key, x in tree.items()])
    if isinstance(tree, (list, tuple)):
        return (type(tree), *map(_form, tree))
    return None


def _value_key(x: Any) -> Any:
    """What stands for a plain argument in a signature: its value, or which object it is."""
    if isinstance(x, (float, complex, np.generic)):
        return (type(x), repr(x))
    if isinstance(x, (int, str, bytes, bool, type(None))):
        return (type(x), x)
    return _Same(x)


class _Same:
    """An object as a key: equal to itself alone, and kept alive."""

    __slots__ = ("object",)

    def __init__(self, x: Any) -> None:
        self.object = x

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, _Same) and self.object is other.object

    def __hash__(self) -> int:
        return id(self.object)


def mixed(environment: Environment, leaves: Sequence[Any]) -> bool:
    """Whether numbers of Python meet floats of another type than their own, whose type would decide then."""
    arrays = [x for x in (*environment.arrays, *environment.tensors, *leaves) if hasattr(x, "dtype")]
    return any(x.dtype.kind == "f" and x.dtype != np.float64 for x in arrays)
