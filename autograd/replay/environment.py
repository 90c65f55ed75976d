"""What a function can see beside its arguments: closures, globals, attributes of its objects; whether that changed.

A recorded program holds for the world that it was recorded in. So everything that the function's code can name is
walked through once: cells, the globals and attributes that the code mentions, defaults, and from there on the contents
of containers, objects and modules. How each thing was is remembered (see `watched`); a check costs one comparison per
thing.
"""

from __future__ import annotations

import builtins
import datetime
import decimal
import operator
import os
import random
import re
import sys
from array import array
from collections import OrderedDict, defaultdict, deque
from contextvars import ContextVar
from functools import cache, partial
from threading import Lock, RLock
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)
from typing import Any, Callable, Iterator
from weakref import ref

import numpy as np

from autograd.nn.module import Module
from autograd.node import Node, stored
from autograd.optim import SGD, Optimizer
from autograd.replay.mentioned import TRUSTED, imports_in, names_in, trusted
from autograd.replay.moving import Moving
from autograd.replay.watched import (
    PLAIN,
    Watched,
    WatchedAbsence,
    WatchedArray,
    WatchedAttributes,
    WatchedCells,
    WatchedClass,
    WatchedNames,
    WatchedRandom,
    WatchedSet,
    glance,
)
from autograd.rules.rule import Rule
from autograd.tensor.constants import changeable

MOST = 20_000
"""So many things are watched at most."""

PATIENCE = 8
"""After so many checks that found everything the same, code is generated for them."""

_HIDDEN: tuple[Any, ...] = (
    array, bytearray, memoryview, ContextVar, ref, MappingProxyType, type({}.keys()), type({}.values()),
    type({}.items()), np.void, np.random.BitGenerator, np.random.SeedSequence,
)  # fmt: skip
"""What changes without a trace that could be compared cheaply."""

_UNCHANGING = (
    datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo, re.Pattern, type(Lock()), type(RLock()),
    operator.attrgetter, operator.itemgetter, operator.methodcaller, type(int.real), type(str.join), type("".__len__),
    decimal.Decimal, type(None), type(NotImplemented), object,
)  # fmt: skip
"""What has neither a dictionary nor slots, and nothing that could change."""

_BY_NAME = {"getattr", "hasattr", "vars", "__dict__", "attrgetter"}
"""Who mentions one of these may read what is mentioned nowhere."""

_ANYTHING = {"globals", "eval", "exec", "__import__", "import_module"}
_FILES = {"open", "input", "fromfile", "genfromtxt", "load", "loadtxt", "memmap", "read_bytes", "read_text"}


class Unwatchable(Exception):
    """Something that the function can see changes in ways that nobody can notice."""


_OF_CLASSES = {"__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__annotations__", "__slots__",
               "__static_attributes__", "__firstlineno__", "__annotate_func__", "__annotations_cache__"}  # fmt: skip
_ASKS = {"isinstance", "type", "isscalar"}
_STOOD_FOR = {"ndarray", "float", "Number", "Real", "Tensor", "__name__", "isscalar"}
_Cached = type(cache(len))


class Environment:
    """What `roots` (a function and the objects among its arguments) can see, and how it was.

    Attributes
    ----------
    tensors, arrays : list
        The nodes and the arrays that were found.
    moving : list
        ``(attributes, name, array)``: the arrays that modules write to as they train, and nobody else can see. They
        are not watched.

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
        self.moving: list[tuple[dict[str, Any], str, Any]] = []
        again: set[int] = set()  # the arrays that were come upon more than once
        self._modules: list[tuple[ModuleType, str]] = []
        stack = [(root, "the function") for root in reversed(roots)]
        while stack or (stack := self._of_modules()):
            x, name = stack.pop()
            if isinstance(x, PLAIN) and not isinstance(x, np.void):
                continue
            if id(x) in self._seen:
                if type(x) is np.ndarray:
                    again.add(id(x))
                continue
            if len(self._seen) > MOST:
                raise Unwatchable(f"it can see more than {MOST} objects; give it what it needs as arguments")
            self._seen[id(x)] = x
            self.names[id(x)] = name
            stack.extend(reversed(list(self._inside(x, name))))
        if "param_groups" in self.mentioned:  # else only the optimisers themselves read their settings
            for optimizer, name in self.optimizers:
                self.watched += [Watched(group, f"{name}.param_groups") for group in optimizer.param_groups]
        if self.moving:
            self._let_move(again)
        self._protected: list[Any] = []
        self._undrawn = False  # whether it is known that restoring needs no draws to be taken back
        self._glance: Callable[[], bool] | None = None
        self._asked, self._patience = 0, PATIENCE

    def knows(self, x: Any) -> bool:
        """Whether `x` is one of the things that were found."""
        return self._seen.get(id(x)) is x

    def same(self) -> bool:
        """Whether all is as it was."""
        if self._glance is not None:
            try:
                if self._glance():
                    return True
            except (LookupError, ValueError, AttributeError):  # what was looked at is no more
                pass
            self._glance, self._asked, self._patience = None, 0, 2 * self._patience
        if self.changed():
            return False
        self._asked += 1
        if self._asked > self._patience:
            self._glance = glance(self.watched)
        return True

    def changed(self) -> str:
        """What is not as it was, empty for nothing."""
        for one in self.watched:
            if not one.same() and (what := one.changed()):
                return str(what)
        return ""

    def drew(self) -> str:
        """The source of random numbers that was drawn from since, empty for none."""
        name = next((one.name for one in self.randoms if one.moved()), "")
        self._undrawn = not name
        return name

    def stand_in(self) -> list[Moving]:
        """Put stand-ins in the place of the arrays that modules write to; :meth:`restore` takes them away again."""
        found = [Moving(array, self.names[id(array)]) for _, _, array in self.moving]
        for (attributes, name, _), one in zip(self.moving, found):
            attributes[name] = one
        return found

    def put_back(self) -> None:
        """Take the stand-ins away."""
        for attributes, name, own in self.moving:
            attributes[name] = own

    def note_randoms(self) -> None:
        """Note where the sources of random numbers stand now."""
        self.randoms = [WatchedRandom(one.source, one.name) for one in self.randoms]

    def protect(self) -> None:
        """Forbid to write to the arrays that :meth:`restore` cannot put back, until then."""
        self._protected = [one.array for one in self.watched if isinstance(one, WatchedArray) and one.protect()]

    def restore(self) -> None:
        """Put everything back to how it was."""
        for x in sorted(self._protected, key=lambda x: x.base is not None):  # a view can be no freer than its base
            x.flags.writeable = True
        self._protected = []
        for one in self.watched:
            if not one.same():
                one.restore()
        if not self._undrawn:
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
            self.watched.append(WatchedAttributes(x, name, ("func", "args", "keywords")))
            yield from ((part, name) for part in (x.func, *x.args, x.keywords))
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
        elif isinstance(x, ModuleType):
            if x is os:
                yield os.environ, "os.environ"
            elif not trusted(x):
                self._modules.append((x, name))
        elif isinstance(x, (BuiltinFunctionType, MethodWrapperType)):
            yield (os.environ if x is os.getenv else getattr(x, "__self__", None)), name
        elif isinstance(x, (np.ufunc, CodeType, Rule)):
            return
        elif isinstance(x, type):
            if not trusted(x):
                yield type(x), type(x).__name__
                self.watched.append(WatchedAttributes(x, x.__name__, ("__mro__",)))
                yield from self._each(WatchedClass(x, [n for n in vars(x) if n not in _OF_CLASSES]))
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
        if f is os.getenv:
            yield os.environ, "os.environ"
        if trusted(f) and not f.__closure__:
            return
        if f.__closure__:
            cells = WatchedCells(f.__closure__, f.__code__.co_freevars)
            self.watched.append(cells)
            yield from zip(cells.held, cells.labels)
        for default in f.__defaults__ or ():
            yield default, f"a default of {f.__name__}"
        if f.__kwdefaults__:
            yield f.__kwdefaults__, f"a default of {f.__name__}"
        wrapped = getattr(f, "__wrapped__", None)
        if wrapped is not None:
            yield wrapped, f.__name__
        if not trusted(f):
            self.watched.append(WatchedAttributes(f, f.__name__, ("__code__", "__defaults__", "__kwdefaults__")))
            yield from self._container(Watched(vars(f), f.__name__))
            names = names_in(f.__code__)
            self.mentioned.update(names)
            if (which := _ANYTHING.intersection(names)) and not which & f.__globals__.keys():
                raise Unwatchable(f"{f.__name__} calls {which.pop()}, by which it can see anything")
            if (which := _FILES.intersection(names)) and not which & f.__globals__.keys():
                raise Unwatchable(f"{f.__name__} reads from outside ({which.pop()})")
            yield from self._imported(f, names)
            if _ASKS.intersection(names) and (kind := _STOOD_FOR.intersection(names)):
                raise Unwatchable(
                    f"{f.__name__} asks for the type {kind.pop()}, for which another stands in a recording"
                )
            own = [n for n in names if n not in f.__globals__ and hasattr(builtins, n)]
            if own:
                self.watched.append(WatchedAbsence(f.__globals__, own))
            yield from self._names(f.__globals__, [n for n in names if n in f.__globals__], "")

    def _names(self, space: Any, names: list[str], name: str) -> Iterator[tuple[Any, str]]:
        if names:
            yield from self._each(WatchedNames(space, names, name))

    def _each(self, watched: Any) -> Iterator[tuple[Any, str]]:
        self.watched.append(watched)
        yield from zip(watched.held, watched.labels)

    def _let_move(self, again: set[int]) -> None:
        """Keep of the arrays that modules write to those that have no other way to them, and watch these no more."""

        everything = [*self.arrays, *[data for x in self.tensors if isinstance(data := stored(x), np.ndarray)]]
        views = [x for x in everything if x.base is not None]

        def alone(array: Any) -> bool:
            return id(array) not in again and not any(np.may_share_memory(array, x) for x in views)

        self.moving = [one for one in self.moving if alone(one[2])]
        found = {id(array) for _, _, array in self.moving}
        self.watched = [x for x in self.watched if type(x) is not WatchedArray or id(x.array) not in found]

    def _of_modules(self) -> list[tuple[Any, str]]:
        """What code mentions of modules, wherever that is, and is not watched yet: all, where it asks by strings."""
        found: list[tuple[Any, str]] = []
        everything = not _BY_NAME.isdisjoint(self.mentioned)
        for x, name in self._modules:
            names = [n for n in vars(x) if (n in self.mentioned or everything) and (id(x), n) not in self._seen]
            self._seen.update({(id(x), n): n for n in names if not n.startswith("__")})
            found += self._names(vars(x), [n for n in names if not n.startswith("__")], name)
        return found

    def _imported(self, f: Any, names: list[str]) -> Iterator[tuple[Any, str]]:
        """The modules that a function imports while it runs."""
        for module in imports_in(f.__code__, f.__globals__.get("__package__") or ""):
            if module.partition(".")[0] in TRUSTED and module != "os":
                continue
            if module not in sys.modules:
                raise Unwatchable(f"{f.__name__} imports {module}; import it outside, before the first call")
            yield sys.modules[module], module

    def _object(self, x: Any, name: str) -> Iterator[tuple[Any, str]]:
        space = getattr(x, "__dict__", None)
        if isinstance(space, dict):
            self.watched.append(Watched(space, name))
            yield from ((part, f"{name}.{label}") for label, part in list(space.items()))
            if isinstance(x, Module) and x.training and x._moving:
                arrays = [(label, space.get(label)) for label in x._moving]
                self.moving += [(space, label, array) for label, array in arrays if type(array) is np.ndarray]
        elif not isinstance(x, _UNCHANGING) and not _of_arrays(type(x)) and not _slots(type(x)):
            raise Unwatchable(f"it can see {name}, a {type(x).__name__}, whose changes go unnoticed")
        if any(kind.__module__ == "_ctypes" for kind in type(x).__mro__):
            raise Unwatchable(f"it can see {name}, a {type(x).__name__}, whose changes go unnoticed")
        if not trusted(type(x)):
            self.watched.append(WatchedAttributes(x, name, ("__class__",)))
        for kind in type(x).__mro__:
            if trusted(kind):
                continue
            yield kind, kind.__name__
            for slot in vars(kind).get("__slots__", ()):
                if hasattr(x, slot):
                    raise Unwatchable(f"it can see {name}, a {kind.__name__} with slots, whose changes go unnoticed")


def _of_arrays(kind: type) -> bool:
    """Whether a type comes from one of the libraries whose objects are functions, types and settings."""
    return kind.__module__.partition(".")[0] in {"numpy", "scipy", "autograd"}


def _slots(kind: type) -> bool:
    return any("__slots__" in vars(one) for one in kind.__mro__)
