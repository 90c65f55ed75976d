"""`Module`: anything with parameters, buffers and parts, found by looking at its attributes."""

from __future__ import annotations

from contextlib import contextmanager
from threading import local
from typing import Any, Callable, Iterator, Mapping

import numpy as np

from autograd.annotations import remember
from autograd.graph import touch
from autograd.node import Node, tick
from autograd.types import Array

_listeners = local()


@contextmanager
def listening(hear: Callable[[Module, Any], None]) -> Iterator[None]:
    """Call ``hear(module, output)`` after each call of a module in this thread, the innermost first."""
    before = getattr(_listeners, "all", ())
    _listeners.all = (*before, hear)
    try:
        yield
    finally:
        _listeners.all = before


class Module:
    """A network, or a part of one.

    Nothing has to be registered: leaf Tensors and Values among the attributes are parameters, Modules are
    parts, and lists, tuples and dicts are searched too. Arrays named to :meth:`register_buffer` belong to
    the state, but are not trained. A subclass defines ``forward``.

    Attributes
    ----------
    training : bool
        What :meth:`train` and :meth:`eval` switch; dropout and batch normalisation ask for it.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import Tensor
    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.factor = Tensor(2.0)
    ...     def forward(self, x):
    ...         return self.factor * x
    >>> scale = Scale()
    >>> scale(np.array([1.0, 2.0])).data
    array([2., 4.])
    >>> [name for name, _ in scale.named_parameters()]
    ['factor']
    """

    training: bool = True
    _buffers: tuple[str, ...] = ()
    _moving: tuple[str, ...] = ()
    """The buffers that the module itself writes to while training, by ``*=`` and ``+=``, and does not read."""

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """What calling the module computes."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(); define what it computes")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        start = tick()
        y = self.forward(*inputs, **options)
        remember(start, type(self).__name__)
        for hear in getattr(_listeners, "all", ()):
            hear(self, y)
        return y

    # --- what it is made of ----------------------------------------------------------------------------

    def _parts(self) -> Iterator[tuple[str, Any]]:
        """The attributes with their names; elements of lists, tuples and dicts each on its own."""
        for name, x in vars(self).items():
            yield from _elements(name, x)

    def named_children(self) -> list[tuple[str, Module]]:
        """The direct parts with their names."""
        return [(name, x) for name, x in self._parts() if isinstance(x, Module)]

    def children(self) -> list[Module]:
        """The direct parts."""
        return [child for _, child in self.named_children()]

    def named_modules(self) -> list[tuple[str, Module]]:
        """This module (under the empty name) and all its parts, each once."""
        found: dict[Module, str] = {}
        _collect(self, "", found)
        return [(name, module) for module, name in found.items()]

    def modules(self) -> list[Module]:
        """This module and all its parts, each once."""
        return [module for _, module in self.named_modules()]

    def named_parameters(self) -> list[tuple[str, Any]]:
        """All Tensors and Values that training adjusts with their names (``"0.weight"``), each once."""
        found: dict[Any, str] = {}
        for name, x in _state(self):
            if isinstance(x, Node):
                found.setdefault(x, name)
        return [(name, x) for x, name in found.items()]

    def parameters(self) -> list[Any]:
        """All Tensors and Values that training adjusts, each once, in a fixed order."""
        return [x for _, x in self.named_parameters()]

    def named_buffers(self) -> list[tuple[str, Any]]:
        """The arrays that belong to the state, but are not trained, with their names."""
        return [(name, x) for name, x in _state(self) if not isinstance(x, Node)]

    def buffers(self) -> list[Any]:
        """The arrays that belong to the state, but are not trained."""
        return [x for _, x in self.named_buffers()]

    def register_buffer(self, name: str, array: Any) -> None:
        """Set the attribute `name` to `array` (or ``None``), as a part of the state that is not trained."""
        setattr(self, name, array)
        if name not in self._buffers:
            self._buffers = (*self._buffers, name)

    # --- training --------------------------------------------------------------------------------------

    def train(self, mode: bool = True) -> Any:
        """Behave as while training (or not), here and in all parts; returns the module."""
        for module in self.modules():
            module.training = bool(mode)
        return self

    def eval(self) -> Any:
        """Behave as in use: no dropout, running statistics; returns the module."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters (``.grad = None``)."""
        for p in self.parameters():
            p.grad = None

    # --- the state -------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Copies of all parameters and buffers as arrays, by name.

        Examples
        --------
        >>> from autograd import nn
        >>> {name: array.shape for name, array in nn.Linear(3, 2).state_dict().items()}
        {'weight': (2, 3), 'bias': (2,)}
        """
        return {name: np.array(x._data if isinstance(x, Node) else x) for name, x in _state(self)}

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> None:
        """Take over parameters and buffers from what :meth:`state_dict` gave. All or nothing is changed.

        Parameters
        ----------
        state_dict : dict
            Arrays by name.
        strict : bool
            Whether all names must be the same on both sides.

        Raises
        ------
        KeyError
            If names are missing or unknown (and `strict`).
        ValueError
            If an array has another shape, or holds no real numbers. The message names the parameter.
        """
        own = list(_state(self))
        names = {name for name, _ in own}
        missing, unknown = sorted(names - set(state_dict)), sorted(set(state_dict) - names)
        if strict and (missing or unknown):
            parts = [
                f"{what}: {', '.join(some)}" for what, some in (("missing", missing), ("unknown", unknown)) if some
            ]
            raise KeyError(
                f"the state does not fit {type(self).__name__}; {'; '.join(parts)} (strict=False ignores that)"
            )
        accepted = [(x, _fitting(name, x, state_dict[name])) for name, x in own if name in state_dict]
        for x, array in accepted:
            if not isinstance(x, Node):
                x[...] = array
                continue
            if isinstance(x._data, np.ndarray):
                x._data[...] = array
            else:
                x._data = array.item()
            touch(x)

    # --- how it is shown -------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """The settings that ``repr`` shows."""
        return ""

    def __repr__(self) -> str:
        parts = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        if not parts:
            return f"{type(self).__name__}({self.extra_repr()})"
        head = [self.extra_repr()] if self.extra_repr() else []
        return f"{type(self).__name__}(\n  " + "\n  ".join(head + parts) + "\n)"


def _elements(name: str, x: Array) -> Iterator[tuple[str, Any]]:
    if isinstance(x, (list, tuple)):
        for i, element in enumerate(x):
            yield from _elements(f"{name}.{i}", element)
    elif isinstance(x, dict):
        for key, element in x.items():
            yield from _elements(f"{name}.{key}", element)
    else:
        yield name, x


def _collect(module: Module, name: str, found: dict[Module, str]) -> None:
    if module in found:
        return
    found[module] = name
    for part, child in module.named_children():
        _collect(child, f"{name}.{part}" if name else part, found)


def _state(module: Module, prefix: str = "", above: tuple[Module, ...] = ()) -> Iterator[tuple[str, Any]]:
    """All parameters and buffers with their full names; shared ones under each of their names."""
    if module in above:
        return
    for name, x in module._parts():
        if isinstance(x, Module):
            yield from _state(x, f"{prefix}{name}.", (*above, module))
        elif (isinstance(x, Node) and not x._origin) or (name in module._buffers and x is not None):
            yield prefix + name, x


def _fitting(name: str, x: Array, array: Array) -> Array:
    """`array` for the parameter or buffer x, checked."""
    array = np.asarray(getattr(array, "_data", array))
    shape = np.shape(x._data if isinstance(x, Node) else x)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {shape}, but the state holds {array.shape}")
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} holds real numbers, but the state has dtype {array.dtype}")
    return array
