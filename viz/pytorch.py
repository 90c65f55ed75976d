"""A PyTorch loss, read into the same model as our own programs: from its ``grad_fn``, node by node.

PyTorch remembers operations, not values: a node of its graph knows its inputs, the shapes of its results, and what its
derivative needs. A saved tensor says itself which node's result it is, so values are shown where they were saved;
those of elementwise operations follow where all that they were made from is known. Gradients are asked of a backward
pass of its own (``torch.autograd.grad``), which leaves every ``.grad`` as it is.

Torch is never imported here: whoever has a tensor has it.
"""

from __future__ import annotations

import heapq
import re
import sys
from collections import defaultdict
from dataclasses import replace
from itertools import count
from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from autograd.annotations import Scope, place
from autograd.node import Node, plain
from autograd.rules import RULES
from autograd.rules.rule import Elementwise, Rule
from autograd.rules.typeset import Notation
from viz.model import NodeInfo
from viz.modules import scopes_by_names
from viz.record import Recording, reached
from viz.standin import StandIn, named_rule
from viz.stats import Unknown

Key = tuple[Any, int]
"""A result in PyTorch's graph: the node, and which of its results."""

ELEMENTWISE = {
    "add": "add", "sub": "sub", "mul": "mul", "div": "div", "neg": "neg", "pow": "power", "exp": "exp", "log": "log",
    "sqrt": "sqrt", "tanh": "tanh", "sigmoid": "sigmoid", "relu": "relu", "sin": "sin", "cos": "cos", "abs": "abs",
    "erf": "erf", "log1p": "log1p", "expm1": "expm1",
}  # fmt: skip
"""Operations that are rules of ours too: written as ours are, with their derivatives."""
LIKE_OURS = {
    "mm": "matmul", "bmm": "matmul", "mv": "matmul", "dot": "matmul", "sum": "np.sum", "mean": "np.mean",
    "view": "reshape", "reshape_alias": "reshape", "t": "transpose",
    "transpose": "transpose", "permute": "transpose", "expand": "broadcast_to", "cat": "concatenate",
}  # fmt: skip
SHORTER = {
    "native_batch_norm": "batch_norm", "native_layer_norm": "layer_norm", "native_group_norm": "group_norm",
    "convolution": "conv", "max_pool2d_with_indices": "max_pool2d", "cudnn_batch_norm": "batch_norm",
    "scaled_dot_product_flash_attention_for_cpu": "attention", "scaled_dot_product_efficient_attention": "attention",
    "scaled_dot_product_flash_attention": "attention", "mkldnn_rnn_layer": "lstm",
}  # fmt: skip
ARGUMENTS = {
    "convolution": ("input", "weight", "bias"), "addmm": ("self", "mat1", "mat2"), "mm": ("self", "mat2"),
    "bmm": ("self", "mat2"), "mv": ("self", "vec"), "dot": ("self", "tensor"), "pow": ("self", "exponent"),
    "native_batch_norm": ("input", "weight", "bias"), "native_layer_norm": ("input", "weight", "bias"),
}  # fmt: skip
"""What PyTorch calls the arguments of an operation, by which it saves them; others are `self` and `other`."""


LINEAR = named_rule("linear", local=("{g} · {1}", "({g})ᵀ · {0}", "{g}, summed over the batch"))
"""x·Wᵀ + b, as layers compute it."""
FREED = (
    "No derivatives: PyTorch has freed what they need. Draw before backward(), or after backward(retain_graph=True)."
)


class TorchRecording(Recording):
    """The graph behind PyTorch's tensors."""

    def __init__(self, root: Any, names: Any = None, of_root: Any = None) -> None:
        self.tensors = list(root) if isinstance(root, (list, tuple)) else [root]
        for tensor in self.tensors:
            if tensor.grad_fn is None and not tensor.requires_grad:
                raise ValueError(
                    f"the tensor of shape {tuple(tensor.shape)} has no graph: it was computed under torch.no_grad(), "
                    "detached, or from nothing that requires a gradient"
                )
        self.named = dict(_named(names))
        self.modules = _scopes_of_modules(names)
        self.standins: dict[Key, StandIn] = {}
        self._read()
        results = [self.standins[_key(tensor)] for tensor in self.tensors]
        if of_root is not None and not isinstance(of_root, int):
            of_root = next((i for i, tensor in enumerate(self.tensors) if tensor is of_root), of_root)
        variables = {name: self.standins[_key(x)] for name, x in self.named.items() if _key(x) in self.standins}
        super().__init__(results, variables, of_root)

    # --- the graph ------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Make a stand-in for each result that is used, older ones first."""
        used: dict[Any, set[int]] = defaultdict(set)
        for tensor in self.tensors:
            used[_key(tensor)[0]].add(_key(tensor)[1])
        functions = _in_order(list(used))
        for function in functions:
            for before, which in _inputs(function):
                if before is not None:
                    used[before].add(which)
        saved = {function: dict(_saved(function)) for function in functions}
        values = self._values(saved)
        for function in functions:
            if _is_leaf(function):
                self.standins[function, 0] = self._leaf(function.variable)
                continue
            rule, inputs = self._operation(function, saved[function])
            for which in sorted(used[function]):
                made = rule if len(used[function]) == 1 else _part(rule, which)
                data = values.get((function, which))
                if data is None:
                    data = _follows(made, inputs, _shape(function, which))
                self.standins[function, which] = StandIn(data, made, inputs)

    def _values(self, saved: Mapping[Any, Mapping[str, Any]]) -> dict[Key, Any]:
        """The numbers of results, from what was saved for derivatives, what is named, and the results themselves."""
        torch = sys.modules["torch"]
        tensors = [x for own in saved.values() for x in own.values() if isinstance(x, torch.Tensor)]
        tensors += [*self.named.values(), *self.tensors]
        return {_key(x): _numbers(x) for x in tensors if x.grad_fn is not None}

    def _leaf(self, variable: Any) -> StandIn:
        leaf = StandIn(_numbers(variable))
        leaf.grad = None if variable.grad is None else _numbers(variable.grad)
        name = next((name for name, x in self.named.items() if x is variable), "")
        path, _, last = name.rpartition(".")
        if path and path in self.modules:
            leaf.label = name
            place(self.modules[path], {last: leaf})
        return leaf

    def _operation(self, function: Any, saved: Mapping[str, Any]) -> tuple[Rule, list[Any]]:
        """What a node of PyTorch's graph does, and to what."""
        name = _name(function)
        inputs = [None if before is None else self.standins[before, which] for before, which in _inputs(function)]
        arguments = ARGUMENTS.get(name, ("self", "other"))
        for i, argument in enumerate(arguments[: max(len(inputs), 2 if name == "pow" else 0)]):
            if i == len(inputs):
                inputs.append(None)
            if inputs[i] is None:
                inputs[i] = self._constant(saved.get(argument))
        operands = [self._constant(None) if x is None else x for x in inputs]
        if name in ("addmm", "mm") and isinstance(operands[-1], StandIn) and operands[-1].rule is RULES["transpose"]:
            # x @ Wᵀ + b, which is what layers compute.
            x, transposed, *bias = [*operands[-2:], *operands[:-2]]
            return LINEAR, [x, transposed.inputs[0], *bias]
        scaled = any(saved.get(name, 1) not in (1, None) for name in ("alpha", "beta"))
        if name in ELEMENTWISE and not scaled and len(operands) == len(RULES[ELEMENTWISE[name]].partials):
            return RULES[ELEMENTWISE[name]], operands
        if name in LIKE_OURS:
            return RULES[LIKE_OURS[name]], operands
        return named_rule(SHORTER.get(name, name)), operands

    def _constant(self, x: Any) -> Any:
        """What is no part of the graph: a number, the name of a tensor, or an array, as far as it was saved."""
        if x is None:
            return "…"
        if not isinstance(x, sys.modules["torch"].Tensor):
            return float(x) if isinstance(x, (int, float)) else str(x)
        for name, tensor in self.named.items():
            if tensor.data_ptr() == x.data_ptr() and tensor.shape == x.shape and x.ndim:
                return name
        return _numbers(x)

    def left_out(self) -> list[str]:
        return [
            name for name, x in self.named.items() if x.is_leaf and x.requires_grad and _key(x) not in self.standins
        ]

    def _everything(self) -> list[Node]:
        return reached(self.results)

    # --- what Recording asks --------------------------------------------------------------------------------

    def _slopes(self) -> None:
        return None  # not all that is there has rules that can be asked

    def _derivatives(self) -> Mapping[Node, Any]:
        torch = sys.modules["torch"]
        roots = [tensor for tensor, node in zip(self.tensors, self.results) if node in self.roots]
        if any(tensor.numel() != 1 for tensor in roots):
            return {}
        keys = [key for key, node in self.standins.items() if node in self.ids]
        edges = [torch.autograd.graph.GradientEdge(*key) for key in keys]
        with torch.enable_grad():
            total = sum(roots[1:], roots[0])
        try:
            found = torch.autograd.grad(total, edges, retain_graph=True, allow_unused=True)
        except RuntimeError:
            self.remark = FREED
            return {}
        nodes = [self.standins[key] for key in keys]
        return {x: np.zeros(np.shape(x._data)) if g is None else _numbers(g) for x, g in zip(nodes, found)}

    def _node(self, node: Node) -> NodeInfo:
        return replace(super()._node(node), passed=self.passed or bool(self.gradients))

    def _scopes(self) -> dict[Node, Scope]:
        return scopes_by_names(self.nodes)


# --- PyTorch's graph ----------------------------------------------------------------------------------------


def _key(tensor: Any) -> Key:
    """The result that a tensor is; of a leaf, the node that gathers its gradient."""
    if tensor.grad_fn is not None:
        return tensor.grad_fn, tensor.output_nr
    if not tensor.requires_grad:
        return None, 0
    with sys.modules["torch"].enable_grad():
        key: Key = tensor.view_as(tensor).grad_fn.next_functions[0]
        return key


def _inputs(function: Any) -> Sequence[Key]:
    keys: Sequence[Key] = function.next_functions
    return keys


def _in_order(roots: Sequence[Any]) -> list[Any]:
    """All functions behind `roots`, in the order in which they were recorded; leaves before their first use."""
    waiting: dict[Any, int] = {}
    users: dict[Any, list[Any]] = defaultdict(list)
    stack = list(roots)
    while stack:
        function = stack.pop()
        if function in waiting:
            continue
        inputs = {before for before, _ in _inputs(function) if before is not None}
        waiting[function] = len([before for before in inputs if not _is_leaf(before)])
        for before in inputs:
            users[before].append(function)
            stack.append(before)
    number = count()  # where two threads have recorded, sequence numbers are not unique
    ready = [(f._sequence_nr(), next(number), f) for f in waiting if not waiting[f] and not _is_leaf(f)]
    heapq.heapify(ready)
    order = [f for f in roots if _is_leaf(f)]
    while ready:
        _, _, function = heapq.heappop(ready)
        order += [before for before, _ in _inputs(function) if before is not None and _is_leaf(before)]
        order.append(function)
        for user in users[function]:
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, (user._sequence_nr(), next(number), user))
    return list(dict.fromkeys(order))


def _is_leaf(function: Any) -> bool:
    return hasattr(function, "variable")


def _name(function: Any) -> str:
    """``addmm`` for AddmmBackward0."""
    name = re.sub(r"Backward\d*$|Backwards$", "", function.name().rpartition("::")[2])
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    name = name.removeprefix("unsafe_")
    return name.replace("2_d", "2d").replace("1_d", "1d").replace("3_d", "3d").strip("_")


def _saved(function: Any) -> Iterator[tuple[str, Any]]:
    """What a function has saved, by the argument's name, as far as it was not freed or overwritten."""
    for attribute in dir(function):
        if attribute.startswith("_saved_"):
            try:
                yield attribute.removeprefix("_saved_"), getattr(function, attribute)
            except RuntimeError:
                continue


def _part(rule: Rule, which: int) -> Rule:
    """One of the results of an operation with several."""
    return named_rule(f"{rule.name}[{which}]", Notation(f"{rule.name}({{*}})[{which}]"))


def _shape(function: Any, which: int) -> tuple[int, ...]:
    about = getattr(function, "_input_metadata", None) or ()
    return tuple(about[which].shape) if which < len(about) else ()


def _numbers(tensor: Any) -> Any:
    """A tensor's numbers: a float where there is one alone, else an array."""
    tensor = tensor.detach().cpu()
    if tensor.layout != sys.modules["torch"].strided:
        tensor = tensor.to_dense()
    if not tensor.ndim and not tensor.is_complex():
        return float(tensor)
    try:
        return tensor.resolve_conj().resolve_neg().numpy()
    except TypeError:  # a type that NumPy has not, such as bfloat16
        return tensor.float().numpy()


def _follows(rule: Rule, inputs: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """The numbers of a result that was not saved, computed from those of its inputs; or that they are not known."""
    data = [plain(x) for x in inputs]
    if isinstance(rule, Elementwise) and all(isinstance(x, (float, np.ndarray)) for x in data):
        with np.errstate(all="ignore"):
            found = rule.evaluate(*data)
        if np.shape(found) == shape:
            return found
    return Unknown(shape)


# --- names --------------------------------------------------------------------------------------------------


def _modules_in(names: Any) -> dict[str, Any]:
    """The modules among variables, by the beginning of their parts' paths; of a single one, that is empty."""
    torch = sys.modules["torch"]
    if isinstance(names, torch.nn.Module):
        return {"": names}
    found = {name: x for name, x in (names or {}).items() if isinstance(x, torch.nn.Module) and name[:1] != "_"}
    return {"": next(iter(found.values()))} if len(set(map(id, found.values()))) == 1 else found


def _named(names: Any) -> Iterator[tuple[str, Any]]:
    """Tensors by name: parameters of modules, variables, and those in lists."""
    torch = sys.modules["torch"]
    modules = _modules_in(names)
    for prefix, module in modules.items():
        for path, x in module.named_parameters(prefix):
            yield path, x
    for name, x in () if "" in modules and names is modules[""] else (names or {}).items():
        if isinstance(x, torch.Tensor) and not name.startswith("_"):
            yield name, x
        elif isinstance(x, (list, tuple)) and not name.startswith("_"):
            yield from ((f"{name}[{i}]", part) for i, part in enumerate(x) if isinstance(part, torch.Tensor))


def _scopes_of_modules(names: Any) -> dict[str, Scope]:
    """A scope for each module, by its path: ``conv1: Conv2d`` inside ``0: BasicBlock`` for ``layer1.0.conv1``."""
    found: dict[str, Scope] = {}
    for prefix, module in _modules_in(names).items():
        for path, part in module.named_modules(prefix=prefix):
            above, _, last = path.rpartition(".")
            if path:
                found[path] = Scope(f"{last}: {type(part).__name__}", found.get(above))
    return found
