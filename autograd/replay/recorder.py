"""One recorded run of a function: its graph, forward and backward, and what it did beside that.

Everything is recorded as a graph of rules, gradients too (see :mod:`autograd.replay.pulling`). Nothing is changed while
the function runs: what it writes to parameters, and the steps of optimisers, are noted as events and happen afterwards.
"""

from __future__ import annotations

import math
from typing import Any, Sequence

import numpy as np

from autograd.anomaly import source_line
from autograd.functions.indexing import numbers_of_index
from autograd.graph import ancestors
from autograd.node import Node, tick
from autograd.optim import SGD
from autograd.replay.environment import Environment
from autograd.replay.given import Given, Looked, Notes
from autograd.replay.moving import EarlierGradient, Moving
from autograd.replay.pulling import Pull
from autograd.replay.watched import same_bits
from autograd.rules.rule import Rule
from autograd.tensor import Tensor
from autograd.tensor.memory import numbers
from autograd.tensor.operands import leaf_of
from autograd.walks import pull_back


class Written:
    """A parameter gets new numbers."""

    def __init__(self, leaf: Any, value: Any, in_place: bool) -> None:
        self.leaf, self.value, self.in_place = leaf, value, in_place


class Stepped:
    """An optimiser takes a step, with the gradients that its parameters have then."""

    def __init__(self, optimizer: Any, gradients: list[tuple[Any, Any]]) -> None:
        self.optimizer, self.gradients = optimizer, gradients


class Recorder:
    """Follows a function while it runs.

    Attributes
    ----------
    events : list of Written and Stepped
    gradients : dict
        What the ``grad`` of leaves is at the end: a node, or ``None``.
    given_of : dict
        By ``id``: the arrays in the graph that are arguments of whole numbers, or made of such.
    """

    def __init__(self, environment: Environment, arguments: Sequence[Any], arguments_from: int) -> None:
        self.environment = environment
        self.known = [*dict.fromkeys([*environment.tensors, *[x for x in arguments if isinstance(x, Node)]])]
        self.before = [(x, x.grad) for x in self.known]
        self.numbers = [(x, np.array(x._data)) for x in self.known if isinstance(x, Tensor) and not x._origin]
        self.arguments_from = arguments_from
        self.started = tick()
        self.aliases: dict[Any, Any] = {}
        self.current: dict[Any, Any] = {}
        self.changed_at: dict[Any, int] = {}
        self.backward_from = math.inf
        self.cotangent_of: dict[Any, Any] = {}
        self.locals: dict[str, Any] = {}
        self.events: list[Any] = []
        self.settings: dict[Any, tuple[dict[str, Any], str]] = {}
        self.fixed_settings: list[tuple[dict[str, Any], str, Any]] = []
        self.pulled: set[Any] = set()
        self.reached = set(self.known)
        self.gradient_nodes: set[Any] = set()
        self.gradients: dict[Any, Any] = {}
        self.notes = Notes()
        self.given_of: dict[int, tuple[Any, Given]] = {}
        self.moving: list[Moving] = []

    def start(self) -> None:
        """What is made from now on is the program's."""
        self.started = tick()
        self.moving = self.environment.stand_in()
        for leaf, gradient in self.before:
            if gradient is not None:
                leaf.grad = EarlierGradient(leaf)

    # --- what the program does -------------------------------------------------------------------------

    def look(self, node: Any, by: str) -> None:
        name = f" of {node.label}" if getattr(node, "label", "") else ""
        raise Looked(f"{by}{name} at {source_line()}")

    def read(self, node: Any) -> Any:
        """``t.data``: a leaf of its own with these numbers, so that what is made of them is recorded too."""
        now = self.current.get(node, node)
        if now is None:
            raise Looked("a look at parameters after an optimiser's step")
        alias = leaf_of(np.array(numbers(now)))
        self.aliases[alias] = now
        return alias

    def written(self, node: Any, value: Any) -> bool:
        """``p.data = value``."""
        if self.aliases.get(value) is node:
            return True
        if not isinstance(value, Tensor) or value.shape != node.shape or value.dtype != node.dtype or node._origin:
            raise Looked("a write to .data of what was not computed from arguments and parameters")
        first = value._origin[1] if value._origin else None
        in_place = isinstance(first, Tensor) and self.aliases.get(first) is self.current.get(node, node)
        self.events.append(Written(node, value, in_place))
        self.current[node] = value
        self.changed_at.setdefault(node, tick())
        return True

    def stepped(self, optimizer: Any, closure: Any) -> bool:
        """``optimizer.step()``."""
        if closure is not None:
            raise Looked("an optimiser's step with a closure")
        if type(optimizer) is SGD and not any(group["momentum"] for group in optimizer.param_groups):
            self._descend(optimizer)
            return True
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        if any(isinstance(p.grad, EarlierGradient) for p in parameters):
            raise Looked("an optimiser's step with gradients of an earlier call")
        self.events.append(Stepped(optimizer, [(p, p.grad) for p in parameters]))
        for p in parameters:
            self.current[p] = None
            self.changed_at.setdefault(p, tick())
        return True

    def _descend(self, optimizer: Any) -> None:
        """A step of plain gradient descent, as writes to the parameters; its settings are read anew at each replay."""
        for group in optimizer.param_groups:
            if not group["weight_decay"]:  # left out of the program
                self.fixed_settings.append((group, "weight_decay", group["weight_decay"]))
            self.fixed_settings.append((group, "momentum", group["momentum"]))
            for p in group["params"]:
                if p.grad is None:
                    continue
                if not isinstance(p.grad, Tensor):
                    raise Looked("an optimiser's step with gradients of an earlier call")
                now, step = self.read(p), p.grad
                if group["weight_decay"]:
                    step = step + self._setting(group, "weight_decay", p.dtype) * now
                self.written(p, now - self._setting(group, "lr", p.dtype) * step)

    def _setting(self, group: dict[str, Any], name: str, dtype: Any) -> Any:
        """A number that an optimiser keeps, as a variable of the program."""
        for node, (its, called) in self.settings.items():
            if its is group and called == name and node.dtype == dtype:
                return node
        node = leaf_of(np.array(group[name], dtype))
        self.settings[node] = (group, name)
        return node

    def backward(self, root: Any, gradient: Any, create_graph: bool, retain_grads: bool) -> bool:
        """``root.backward()``."""
        if create_graph or retain_grads:
            raise Looked("backward() with create_graph or retain_grads")
        if root.size != 1 and gradient is None:
            return False  # which raises
        seed: Any = np.ones(root.shape, root.dtype) if gradient is None else gradient
        if not isinstance(seed, Node):
            seed = leaf_of(np.array(seed, root.dtype))
        self.backward_from = min(self.backward_from, tick())
        history = ancestors(root)
        if any(node._time < self.started for node in history[0]):
            raise Looked("backward() to what was computed before the call")
        for leaf, g in pull_back({root: seed}, create_graph=True, history=history).items():
            if leaf in self.aliases:
                continue
            if leaf._time < self.arguments_from and leaf not in self.reached:
                self.reached.add(leaf)
                self.before.append((leaf, leaf.grad))
            if leaf.grad is None:
                leaf.grad = g
            elif isinstance(leaf.grad, Tensor) and leaf in self.pulled:
                leaf.grad = leaf.grad + g
            else:
                raise Looked("gradients that add to those of an earlier call: zero_grad() first, inside the function")
            self.pulled.add(leaf)
            self.gradient_nodes.add(leaf.grad)
        return True

    def pull_of(self, rule: Rule) -> Any:
        """What the backward pass calls in place of ``rule.vjp``."""
        return Pull(self, rule)

    def drawn(self, source: Any, shape: Any, dtype: Any) -> Any:
        """Random numbers, which are drawn anew at each replay. (Those of the recording are a copy's of the source.)"""
        if not any(one.source is source for one in self.environment.randoms):
            return source.random(shape, dtype)
        return self.notes.draw(source, shape, dtype)

    # --- what operations keep ----------------------------------------------------------------------------

    def kept(self, x: Any, dtype: Any = None) -> Any:
        """A constant as it is kept in the graph."""
        if isinstance(x, Given):
            x = x if dtype is None or x.dtype == dtype else x.astype(dtype)
            self.given_of[id(x.array)] = (x.array, x)
            return x.array
        if isinstance(x, np.ndarray):
            found = self.given_of.get(id(x))
            if found is not None and found[0] is x:  # on its way from one operation to another
                return self.kept(found[1], dtype)
            return x.copy() if dtype is None else x.astype(dtype)
        if dtype is not None:
            return x.astype(dtype)
        return tuple(map(self.kept, x)) if type(x) is tuple else x

    def kept_index(self, index: Any) -> Any:
        """An index as it is kept."""
        parts = index if isinstance(index, tuple) else (index,)
        kept = []
        for part in parts:
            if isinstance(part, Node):
                raise TypeError("a Tensor cannot be an index; use an array of integers or a mask")
            kept.append(self.kept(part if isinstance(part, (np.ndarray, Given)) else numbers_of_index(part)))
        return tuple(kept) if isinstance(index, tuple) else kept[0]

    def takes_given(self, inputs: Any, static: Any) -> bool:
        """Whether an operation takes arguments of whole numbers, of which its vjp could make a constant."""
        parts = [*inputs]
        for x in static.values():
            parts += x if type(x) is tuple else [x]
        return any(id(x) in self.given_of for x in parts if isinstance(x, np.ndarray))

    # --- the end ---------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Take the gradients off the leaves, which get back what they had."""
        self.environment.put_back()
        if any(x._time > self.started for x in self.known):
            raise Looked("a write to the numbers of a parameter")
        for leaf, before in self.before:
            if leaf.grad is before or isinstance(leaf.grad, EarlierGradient) and leaf.grad.leaf is leaf:
                continue
            if leaf.grad is not None and not isinstance(leaf.grad, Tensor):
                raise Looked("a gradient that was set to what is no result of the program")
            self.gradients[leaf] = leaf.grad
        for leaf, gradient in self.gradients.items():
            if isinstance(gradient, Tensor) and leaf._origin:
                raise Looked("a gradient of what is no parameter")
        known = set(self.known)
        for leaf in self.pulled - known:
            if leaf._time < self.arguments_from:
                raise Looked("a gradient for a parameter that the function reaches in a way that cannot be watched")
        for leaf in self.pulled - known:
            leaf.grad = None  # an argument's: a gradient that remembers its leaf is a reference cycle
        self.pulled &= known
        self.put_back()

    def put_back(self) -> None:
        """Gradients as before the call."""
        for leaf, before in self.before:
            leaf.grad = before

    def undo(self) -> None:
        """Everything as before the call."""
        self.put_back()
        self.environment.put_back()
        for leaf, data in self.numbers:
            if not same_bits(leaf._data, data):
                leaf._data[...] = data
        self.environment.restore()
