"""What a function can see beside its arguments: closures, globals, attributes of its objects; whether that changed.

A recorded program holds for the world that it was recorded in. So everything that the function's code can name is
walked through once: cells, the globals and attributes that the code mentions, defaults, and from there on the contents
of containers, objects and modules. Containers are remembered with what they held (numbers by value, all else by
identity), arrays with their numbers. A check costs one comparison per thing.
"""

from __future__ import annotations

import operator
import os
import random
import sys
from array import array
from collections import OrderedDict, defaultdict, deque
from contextvars import ContextVar
from functools import cache, partial
from types import BuiltinFunctionType, CodeType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any, Iterator

import numpy as np

from autograd.node import Node
from autograd.optim import SGD, Optimizer
from autograd.rules.rule import Rule
from autograd.tensor.constants import Fixed, changeable

MOST = 20_000
"""So many things are watched at most."""

COPIED = 1 << 20
"""Arrays up to this size are remembered number by number, larger ones by a fingerprint."""

_TRUSTED = {"numpy", "scipy", "autograd", "functools", "graphviz"} | set(sys.stdlib_module_names)
_HIDDEN = (array, bytearray, memoryview, ContextVar)
"""What changes without a trace that could be compared cheaply."""
_PLAIN = (int, float, complex, bool, str, bytes, type(None), type(Ellipsis), np.generic, np.dtype, slice, range)


class Unwatchable(Exception):
    """Something that the function can see changes in ways that nobody can notice."""


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
        return len(self.owner) == len(self.held) and all(map(operator.is_, self.now(), self.held))

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
        if self.copy.shape != self.array.shape or self.copy.dtype != self.array.dtype:
            return False
        return bool(self.array.tobytes() == self.copy.tobytes())

    def changed(self) -> str:
        return "" if self.same() else self.name

    def restore(self) -> None:
        if self.copy is not None and not self.same():
            self.array[...] = self.copy


class WatchedRandom:
    """A source of random numbers and where it stood. (Between calls it may move; in a call it must not.)"""

    __slots__ = ("source", "name", "state")

    def __init__(self, source: Any, name: str) -> None:
        self.source, self.name, self.state = source, name, _state_of(source)

    def moved(self) -> bool:
        return bool(_comparable(_state_of(self.source)) != _comparable(self.state))

    def restore(self) -> None:
        if isinstance(self.source, np.random.Generator):
            self.source.bit_generator.state = self.state
        elif isinstance(self.source, np.random.RandomState):
            self.source.set_state(self.state)
        else:
            self.source.setstate(self.state)


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


_OF_CLASSES = {"__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__annotations__", "__slots__",
               "__static_attributes__", "__firstlineno__", "__annotate_func__", "__annotations_cache__"}  # fmt: skip
_ASKS = {"isinstance", "type", "isscalar"}
_STOOD_FOR = {"ndarray", "float", "Number", "Real", "Tensor", "__name__", "isscalar"}
_Cached = type(cache(len))
_EMPTY = object()
_CONTENTS = operator.attrgetter("cell_contents")


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
    return isinstance(x, _PLAIN) and bool(x == y)


class Environment:
    """What `roots` (a function and the objects among its arguments) can see, and how it was.

    Attributes
    ----------
    tensors, arrays : list
        The nodes and the arrays that were found.

    Raises
    ------
    Unwatchable
        If there is something that changes unseen (an iterator), or too much.
    """

    def __init__(self, *roots: Any) -> None:
        self.watched: list[Any] = []
        self.arrays: list[Any] = []
        self.tensors: list[Node] = []
        self.optimizers: list[tuple[Optimizer, str]] = []
        self.mentioned: set[str] = set()
        self.randoms: list[WatchedRandom] = [
            WatchedRandom(np.random.mtrand._rand, "np.random"),
            WatchedRandom(random._inst, "random"),
        ]
        self._seen: dict[Any, Any] = {}
        self.names: dict[int, str] = {}
        stack = [(root, "the function") for root in reversed(roots)]
        while stack:
            x, name = stack.pop()
            if isinstance(x, _PLAIN) or id(x) in self._seen:
                continue
            if len(self._seen) > MOST:
                raise Unwatchable(f"it can see more than {MOST} objects; give it what it needs as arguments")
            self._seen[id(x)] = x
            self.names[id(x)] = name
            stack.extend(reversed(list(self._inside(x, name))))
        if "param_groups" in self.mentioned:  # else only the optimisers themselves read their settings
            for optimizer, name in self.optimizers:
                self.watched += [Watched(group, f"{name}.param_groups") for group in optimizer.param_groups]

    def knows(self, x: Any) -> bool:
        """Whether `x` is one of the things that were found."""
        return self._seen.get(id(x)) is x

    def same(self) -> bool:
        """Whether all is as it was."""
        for one in self.watched:
            if not one.same() and one.changed():
                return False
        return True

    def changed(self) -> str:
        """What is not as it was, empty for nothing."""
        for one in self.watched:
            if not one.same() and (what := one.changed()):
                return str(what)
        return ""

    def drew(self) -> str:
        """The source of random numbers that was drawn from since, empty for none."""
        return next((one.name for one in self.randoms if one.moved()), "")

    def note_randoms(self) -> None:
        """Note where the sources of random numbers stand now."""
        self.randoms = [WatchedRandom(one.source, one.name) for one in self.randoms]

    def restore(self) -> None:
        """Put everything back to how it was."""
        for one in self.watched:
            if not one.same():
                one.restore()
        for source in self.randoms:
            source.restore()

    # --- the walk --------------------------------------------------------------------------------------

    def _inside(self, x: Any, name: str) -> Iterator[tuple[Any, str]]:
        if isinstance(x, FunctionType):
            yield from self._function(x)
        elif isinstance(x, MethodType):
            yield x.__self__, name
            yield x.__func__, name
        elif isinstance(x, property):
            yield from ((f, name) for f in (x.fget, x.fset, x.fdel))
        elif isinstance(x, (staticmethod, classmethod)):
            yield x.__func__, name
        elif isinstance(x, _Cached):
            yield x.__wrapped__, name
        elif type(x).__module__ == "autograd.replay.compiled":  # a jit, whose own recordings come and go
            yield x.function, name
        elif isinstance(x, partial):
            yield from ((part, name) for part in (x.func, *x.args, *x.keywords.values()))
        elif isinstance(x, np.ndarray):
            yield from self._array(x, name)
        elif isinstance(x, Node):
            self.tensors.append(x)
        elif isinstance(x, (list, deque)):
            yield from self._container(Watched(x, name))
        elif isinstance(x, (dict, OrderedDict, defaultdict)):
            yield from self._container(Watched(x, name))
        elif isinstance(x, set):
            yield from self._container(WatchedSet(x, name))
        elif isinstance(x, (tuple, frozenset)):
            yield from ((part, f"{name}[{i}]") for i, part in enumerate(x))
        elif isinstance(x, (np.random.Generator, np.random.RandomState, random.Random)):
            self.randoms.append(WatchedRandom(x, name))
        elif isinstance(x, Optimizer):
            if type(x).step not in (Optimizer.step, SGD.step):
                raise Unwatchable(f"it can see {name}, an optimiser whose step is one of its own")
            self.optimizers.append((x, name))
            self.watched.append(Watched(x.param_groups, f"{name}.param_groups"))
            self.watched += [Watched(group["params"], f"{name}.params") for group in x.param_groups]
            yield from ((p, f"{name}.{i}") for group in x.param_groups for i, p in enumerate(group["params"]))
        elif isinstance(x, _HIDDEN):
            raise Unwatchable(f"it can see {name}, a {type(x).__name__}, whose changes go unnoticed")
        elif isinstance(x, (ModuleType, BuiltinFunctionType, np.ufunc, CodeType, Rule)):
            return
        elif isinstance(x, type):
            if not _trusted(x):
                yield type(x), type(x).__name__
                yield from self._names(vars(x), [n for n in vars(x) if n not in _OF_CLASSES], x.__name__,
                                       put=partial(setattr, x))  # fmt: skip
        elif isinstance(x, GeneratorType) or hasattr(type(x), "__next__"):
            raise Unwatchable(f"it can see {name}, an iterator, whose next element nobody can foresee")
        else:
            yield from self._object(x, name)

    def _container(self, watched: Watched) -> Iterator[tuple[Any, str]]:
        self.watched.append(watched)
        labels = watched.labels or range(len(watched.held))
        yield from ((part, f"{watched.name}[{label!r}]") for label, part in zip(labels, watched.held))

    def _array(self, x: Any, name: str) -> Iterator[tuple[Any, str]]:
        self.arrays.append(x)
        if x.dtype == object:
            raise Unwatchable(f"it can see {name}, an array of objects")
        if changeable(x):
            self.watched.append(WatchedArray(x, name))
        return iter(())

    def _function(self, f: Any) -> Iterator[tuple[Any, str]]:
        if _trusted(f) and not f.__closure__:
            return
        if f.__closure__:
            cells = WatchedCells(f.__closure__, f.__code__.co_freevars)
            self.watched.append(cells)
            yield from zip(cells.held, cells.labels)
        for default in (*(f.__defaults__ or ()), *(f.__kwdefaults__ or {}).values()):
            yield default, f"a default of {f.__name__}"
        wrapped = getattr(f, "__wrapped__", None)
        if wrapped is not None:
            yield wrapped, f.__name__
        if not _trusted(f):
            names = _names_in(f.__code__)
            self.mentioned.update(names)
            if _ASKS.intersection(names) and (kind := _STOOD_FOR.intersection(names)):
                raise Unwatchable(
                    f"{f.__name__} asks for the type {kind.pop()}, for which another stands in a recording"
                )
            yield from self._names(f.__globals__, [n for n in names if n in f.__globals__], "", mentions=names)

    def _names(
        self, space: Any, names: list[str], name: str, put: Any = None, mentions: Any = ()
    ) -> Iterator[tuple[Any, str]]:
        if not names:
            return
        watched = WatchedNames(space, names, name, put)
        self.watched.append(watched)
        for label, part in zip(names, watched.held):
            if isinstance(part, ModuleType):
                if part is os:
                    yield os.environ, "os.environ"
                elif not _trusted(part):
                    # Of a module, what the code mentions by name.
                    inside = [n for n in mentions if n in vars(part)]
                    key = (id(part), *inside)
                    if key not in self._seen:
                        self._seen[key] = part
                        yield from self._names(vars(part), inside, label, mentions=mentions)
            else:
                yield part, label

    def _object(self, x: Any, name: str) -> Iterator[tuple[Any, str]]:
        space = getattr(x, "__dict__", None)
        if isinstance(space, dict) and space:
            self.watched.append(Watched(space, name))
            yield from ((part, f"{name}.{label}") for label, part in list(space.items()))
        for kind in type(x).__mro__:
            if _trusted(kind):
                continue
            yield kind, kind.__name__
            for slot in vars(kind).get("__slots__", ()):
                if hasattr(x, slot):
                    raise Unwatchable(f"it can see {name}, a {kind.__name__} with slots, whose changes go unnoticed")


def _trusted(x: Any) -> bool:
    """Whether `x` comes from a library whose own variables do not change what functions compute."""
    module = x.__name__ if isinstance(x, ModuleType) else getattr(x, "__module__", None) or ""
    return module.partition(".")[0] in _TRUSTED and module != "__main__"


def _names_in(code: CodeType) -> list[str]:
    """The names that code mentions, that of functions inside it included."""
    found = dict.fromkeys(code.co_names)
    for x in code.co_consts:
        if isinstance(x, CodeType):
            found.update(dict.fromkeys(_names_in(x)))
    return list(found)
