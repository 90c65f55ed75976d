"""Things that a function can see beside its arguments, how they were, and whether they are still so.

Containers are remembered with what they held (numbers by value, all else by identity), arrays with their numbers. Most
of the time everything is the very object that it was: one :func:`glance` at all of it says so.
"""

from __future__ import annotations

import ctypes
import operator
import random
from collections import deque
from functools import partial
from types import MethodType
from typing import Any, Callable, Iterable

import numpy as np

from autograd.tensor.constants import Fixed

COPIED = 1 << 20
"""Arrays up to this size are remembered number by number, larger ones by a fingerprint."""

PLAIN = (int, float, complex, bool, str, bytes, type(None), type(Ellipsis), np.generic, np.dtype, slice, range)
"""What cannot change and is compared by value."""

ONE_BY_ONE = 16
"""Up to so many elements of a list are compared in a line of generated code each."""

_EMPTY = object()
_CONTENTS = operator.attrgetter("cell_contents")


class Watched:
    """A container and what it held."""

    __slots__ = ("owner", "name", "held", "labels")

    def __init__(self, owner: Any, name: str) -> None:
        self.owner, self.name = owner, name
        self.held = tuple(self.now())
        self.labels: tuple[Any, ...] = tuple(owner) if isinstance(owner, dict) else ()

    def now(self) -> Any:
        return self.owner.values() if isinstance(self.owner, dict) else self.owner

    def same(self) -> bool:
        """Whether it holds the very objects that it held, under the same keys."""
        if len(self.owner) != len(self.held) or not all(map(operator.is_, self.now(), self.held)):
            return False
        return not isinstance(self.owner, dict) or tuple(self.owner) == self.labels

    def changed(self) -> str:
        """What changed, empty for nothing; equal numbers in new objects are no change."""
        now = tuple(self.now())
        labels = tuple(self.owner) if isinstance(self.owner, dict) else ()
        if len(now) != len(self.held) or labels != self.labels:
            return self.name
        for i, (x, y) in enumerate(zip(now, self.held)):
            if x is not y and not alike(x, y):
                return f"{self.name}{f'[{labels[i]!r}]' if labels else f'[{i}]'}"
        self.held = now
        return ""

    def restore(self) -> None:
        if isinstance(self.owner, dict):
            self.owner.clear()
            self.owner.update(zip(self.labels, self.held))
        elif isinstance(self.owner, deque):
            self.owner.clear()
            self.owner.extend(self.held)
        else:
            self.owner[:] = self.held


class WatchedSet(Watched):
    """A set: told by its members, in any order."""

    __slots__ = ()

    def same(self) -> bool:
        return len(self.owner) == len(self.held) and self.owner.issuperset(self.held)

    def changed(self) -> str:
        return "" if self.same() else self.name

    def restore(self) -> None:
        self.owner.clear()
        self.owner.update(self.held)


class WatchedNames(Watched):
    """Some names of a namespace that has others too: the globals that code mentions."""

    __slots__ = ("put",)

    def __init__(self, owner: Any, names: list[str], name: str, put: Any = None) -> None:
        self.owner, self.name, self.labels = owner, name, tuple(names)
        self.put = owner.__setitem__ if put is None else put
        self.held = tuple(map(owner.get, names))

    def now(self) -> Any:
        return map(self.owner.get, self.labels)

    def same(self) -> bool:
        return all(map(operator.is_, map(self.owner.get, self.labels), self.held))

    def changed(self) -> str:
        for name, x, y in zip(self.labels, self.now(), self.held):
            if x is not y and not alike(x, y):
                return str(name)
        self.held = tuple(self.now())
        return ""

    def restore(self) -> None:
        for name, x in zip(self.labels, self.held):
            if self.owner.get(name) is not x:
                self.put(name, x)


class WatchedCells(Watched):
    """The variables of enclosing functions."""

    __slots__ = ()

    def __init__(self, cells: Any, names: Any) -> None:
        self.owner, self.name, self.labels = cells, "", tuple(names)
        self.held = tuple(self.now())

    def now(self) -> Any:
        return map(_content, self.owner)

    def same(self) -> bool:
        try:
            return all(map(operator.is_, map(_CONTENTS, self.owner), self.held))
        except ValueError:  # an empty one
            return not self.changed()

    def changed(self) -> str:
        for name, x, y in zip(self.labels, self.now(), self.held):
            if x is not y and not alike(x, y):
                return str(name)
        self.held = tuple(self.now())
        return ""

    def restore(self) -> None:
        for cell, x in zip(self.owner, self.held):
            if x is _EMPTY:
                continue
            cell.cell_contents = x


class WatchedAttributes:
    """Attributes of an object that has no dictionary to look into, or others beside it."""

    __slots__ = ("owner", "name", "held", "labels")

    def __init__(self, owner: Any, name: str, labels: tuple[str, ...]) -> None:
        self.owner, self.name, self.labels = owner, name, labels
        self.held = tuple([getattr(owner, label) for label in labels])

    def same(self) -> bool:
        return all([getattr(self.owner, label) is x for label, x in zip(self.labels, self.held)])

    def changed(self) -> str:
        return "" if self.same() else self.name

    def restore(self) -> None:
        for label, x in zip(self.labels, self.held):
            if getattr(self.owner, label) is not x:
                setattr(self.owner, label, x)


class WatchedClass(WatchedNames):
    """A class: what it had, and that it has no more."""

    __slots__ = ("size",)

    def __init__(self, owner: type, names: list[str]) -> None:
        super().__init__(vars(owner), names, owner.__name__, put=partial(setattr, owner))
        self.size = len(self.owner)

    def same(self) -> bool:
        return len(self.owner) == self.size and super().same()

    def changed(self) -> str:
        return super().changed() or ("" if len(self.owner) == self.size else self.name)


class WatchedArray:
    """An array and its numbers."""

    __slots__ = ("array", "name", "copy", "fixed")

    def __init__(self, array: Any, name: str) -> None:
        self.array, self.name = array, name
        self.copy = array.copy() if array.nbytes <= COPIED else None
        self.fixed = Fixed(array) if self.copy is None else None

    def same(self) -> bool:
        if self.copy is None:
            return not self.fixed.changed()  # type: ignore[union-attr]  # it has one of the two
        return same_bits(self.array, self.copy)

    def changed(self) -> str:
        return "" if self.same() else self.name

    def restore(self) -> None:
        if self.copy is not None and not self.same():
            self.array[...] = self.copy

    def protect(self) -> bool:
        """Forbid to write to a large array, of which there is no copy to put back; whether that was allowed before."""
        if self.copy is not None or not self.array.flags.writeable:
            return False
        self.array.flags.writeable = False
        return True


def same_bits(x: Any, y: Any) -> bool:
    """Whether two arrays have one shape and type, and the same numbers to the last bit (−0 is not 0, a nan itself)."""
    if x.shape != y.shape or x.dtype != y.dtype:
        return False
    if x.nbytes > _COPIED_AT_ONCE and x.itemsize in (4, 8) and x.flags.c_contiguous and y.flags.c_contiguous:
        whole = f"i{x.itemsize}"
        return not (x.view(whole) != y.view(whole)).any()
    return bool(x.tobytes() == y.tobytes())


_COPIED_AT_ONCE = 1 << 14
"""Bytes up to which copies of both are quicker compared than their numbers."""


class WatchedRandom:
    """A source of random numbers and where it stood. (Between calls it may move; in a call it must not.)"""

    __slots__ = ("source", "name", "state", "memory")

    def __init__(self, source: Any, name: str) -> None:
        self.source, self.name, self.state = source, name, _state_of(source)
        # Who holds the second number of a pair back can give it without a trace in the generator's memory.
        holds_back = isinstance(source, np.random.RandomState) and self.state[3]
        self.memory = None if holds_back else _memory_of(source)

    def moved(self) -> bool:
        if self.memory is not None and _memory_of(self.source) == self.memory:
            return False
        now = _state_of(self.source)
        if isinstance(self.source, random.Random):  # whose state is numbers alone
            return bool(now != self.state)
        return bool(_comparable(now) != _comparable(self.state))

    def restore(self) -> None:
        if isinstance(self.source, np.random.Generator):
            self.source.bit_generator.state = self.state
        elif isinstance(self.source, np.random.RandomState):
            self.source.set_state(self.state)
        else:
            self.source.setstate(self.state)


def _memory_of(source: Any) -> bytes | None:
    """The memory of NumPy's older generator: read in a fiftieth of the time that its state takes; None of others."""
    generator = source._bit_generator if isinstance(source, np.random.RandomState) else None
    if type(generator) is not np.random.MT19937:
        return None
    return ctypes.string_at(generator.ctypes.state_address, _MERSENNE)


_MERSENNE = 4 * 625
"""Bytes: 624 numbers, and which of them is the next."""


def _state_of(source: Any) -> Any:
    if isinstance(source, np.random.Generator):
        return source.bit_generator.state
    if isinstance(source, np.random.RandomState):
        state: Any = source.get_state()
        name, keys, *rest = state
        return (name, keys.copy(), *rest)
    return source.getstate()


def _comparable(state: Any) -> Any:
    """A state without arrays, which would compare element by element."""
    if isinstance(state, dict):
        return {key: _comparable(x) for key, x in state.items()}
    if isinstance(state, tuple) and any(isinstance(x, np.ndarray) for x in state):
        return tuple(map(_comparable, state))
    return state.tobytes() if isinstance(state, np.ndarray) else state


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return _EMPTY


def alike(x: Any, y: Any) -> bool:
    """Whether two objects are the same to a program: plain ones by type and value (−0 is not 0), others by identity."""
    if x is y:
        return True
    if type(x) is not type(y):
        return False
    if isinstance(x, (float, complex)) or isinstance(x, np.generic):
        return repr(x) == repr(y)
    if isinstance(x, tuple):
        return len(x) == len(y) and all(map(alike, x, y))
    if isinstance(x, MethodType):
        return x.__self__ is y.__self__ and x.__func__ is y.__func__
    return isinstance(x, PLAIN) and bool(x == y)


class WatchedAbsence:
    """Names that are Python's own as long as a namespace has none of them: who defines one there hides Python's."""

    __slots__ = ("owner", "names")

    def __init__(self, owner: Any, names: Iterable[str]) -> None:
        self.owner, self.names = owner, frozenset(names)

    def same(self) -> bool:
        return self.names.isdisjoint(self.owner)

    def changed(self) -> str:
        return next(iter(self.names.intersection(self.owner)), "")

    def restore(self) -> None:
        for name in self.names.intersection(self.owner):
            del self.owner[name]


def glance(watched: Iterable[Any]) -> Callable[[], bool]:
    """One look at everything, as generated code: whether all is the very object that it was.

    It says no too (or raises) where an equal number in a new object has taken a number's place; then each thing is to
    be asked.
    """
    space: dict[str, Any] = {"is_": operator.is_}
    terms: list[str] = []

    def called(x: Any) -> str:
        name = f"x{len(space)}"
        space[name] = x
        return name

    for one in watched:
        kind = type(one)
        if kind is WatchedCells and all(x is not _EMPTY for x in one.held):
            terms += [f"{called(cell)}.cell_contents is {called(x)}" for cell, x in zip(one.owner, one.held)]
        elif kind is WatchedAttributes:
            owner = called(one.owner)
            terms += [f"{owner}.{label} is {called(x)}" for label, x in zip(one.labels, one.held)]
        elif kind is WatchedNames or kind is WatchedClass:
            owner = called(one.owner)
            terms += [f"len({owner}) == {one.size}"] if kind is WatchedClass else []
            terms += [f"{owner}[{label!r}] is {called(x)}" for label, x in zip(one.labels, one.held)]
        elif kind is Watched:
            owner, keys, count = called(one.owner), isinstance(one.owner, dict), len(one.held)
            terms.append(f"len({owner}) == {count}" if count else f"not {owner}")
            if keys and count:
                by_name = all(type(label) is str for label in one.labels)
                terms.append(
                    f"(*{owner},) == {called(one.labels)}"
                    if by_name
                    else f"all(map(is_, {owner}, {called(one.labels)}))"
                )
            if count > ONE_BY_ONE or keys and count:
                now = f"{owner}.values()" if keys else owner
                terms.append(f"all(map(is_, {now}, {called(one.held)}))")
            else:
                terms += [f"{owner}[{i}] is {called(x)}" for i, x in enumerate(one.held)]
        else:
            terms.append(f"{called(one)}.same()")
    exec(f"def same():\n    return {' and '.join(terms) or True}", space)
    return space["same"]  # type: ignore[no-any-return]  # what `exec` made
