"""Which core computes with Values: the compiled one, or Python alone.

Both give the same numbers to the last bit, and the same errors; the compiled one is faster. It is there where a
compiler or a wheel was when the package was installed. ``GRADGRAPH_PURE=1`` in the environment switches it off.

    python -c "import autograd.core; print(autograd.core.name)"
"""

from __future__ import annotations

import os
from importlib import import_module
from inspect import signature
from itertools import count
from typing import Any, Callable, TypeVar
from warnings import warn

_INTERFACE = 6  # of this code to the compiled part, which an installation in place may have of another day

_Class = TypeVar("_Class", bound=type)
_Call = TypeVar("_Call", bound=Callable[..., Any])


def _load() -> Any:
    if os.environ.get("GRADGRAPH_PURE", "0") not in ("", "0"):
        return None
    try:
        module = import_module("autograd._core")
    except ImportError:
        return None
    if module.INTERFACE != _INTERFACE:
        warn(
            "the compiled core is of another version, so Python alone computes Values; install the package again",
            RuntimeWarning,
            stacklevel=2,
        )
        return None
    return module


compiled: Any = _load()
"""The compiled core, ``None`` for Python alone."""

name: str = "pure" if compiled is None else "compiled"
"""Which one it is: ``"compiled"`` or ``"pure"``."""

tick: Callable[[], int] = count(1).__next__ if compiled is None else compiled.tick
"""The clock: a new time at each call."""


class _Changes:
    """When data was changed, for Python alone; the compiled core notes it itself."""

    last = 0

    def change(self) -> int:
        """A new time, at which the data of a node has been changed."""
        self.last = tick()
        return self.last

    def last_change(self) -> int:
        """The latest of these."""
        return self.last


changes: Any = _Changes() if compiled is None else compiled
"""When the data of nodes was changed."""


def adopted(cls: _Class) -> _Class:
    """The class `cls`; with the compiled core, the core's type, which gets what `cls` says and the core does not."""
    if compiled is None:
        return cls
    made = vars(cls)
    kind: _Class = compiled.define(cls.__base__, made["__init__"], made["_apply"].__func__)
    left = {"__slots__", "__weakref__", "__module__", *vars(kind)} - {"__doc__"}
    for attribute in made.keys() - left:
        setattr(kind, attribute, made[attribute])
    kind.__signature__ = signature(cls)  # type: ignore[attr-defined]  # where `inspect` looks for it
    return kind


def laid_out(cls: _Class) -> _Class:
    """The class `cls`, which says what a Tensor remembers; with the compiled core, a struct of the same names."""
    return cls if compiled is None else compiled.define_tensor(cls.__base__)


def caller(call: _Call) -> _Call:
    """The method ``__call__`` of rules; with the compiled core, Tensors of few numbers take a short cut."""
    return call if compiled is None else compiled.rule_caller(call)
