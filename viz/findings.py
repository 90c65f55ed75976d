"""What is wrong here? A list of what a reader of gradients looks for first, each entry with its node and its line."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from autograd.node import Node, plain
from autograd.rules.rule import Elementwise
from viz import formatting
from viz.below import failed, not_finite
from viz.formulas import pulled
from viz.model import NodeInfo
from viz.read import read
from viz.record import Recording

FACTOR = 1e3
"""Gradients that fall or grow by more than this along the way are reported."""
NAMED = 3
"""So many of several alike are named."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, or looks like it.

    Attributes
    ----------
    kind : str
        "failed", "not finite", "gradient not finite", "not reached", "stops", "zero gradient", "falls" or "grows".
    node : str or None
        The id of the node in the graph of :func:`viz.record`; ``None`` of what is no part of it.
    name : str
        What the node is called.
    line : str or None
        The line of the program that made it, if it was noted (``with autograd.source_lines():``).
    text : str
        What was found, in a sentence.
    size : float or None
        The share of dead units (between 0 and 1), or the factor by which a gradient falls or grows.
    also : tuple of str
        The ids of other nodes of which the same is true.

    Examples
    --------
    >>> from autograd import Value
    >>> one = findings(Value(0.0, label="a").log())[0]
    >>> one.kind, one.name
    ('not finite', 'v1')
    """

    kind: str
    node: str | None
    name: str
    line: str | None
    text: str
    size: float | None = None
    also: tuple[str, ...] = ()


class Findings(Sequence[Finding]):
    """The list that :func:`findings` returns; printed, one line for each.

    Examples
    --------
    >>> from autograd import Value
    >>> found = findings(Value(0.0, label="a").log())
    >>> len(found), found[0].kind
    (1, 'not finite')
    """

    def __init__(self, found: Sequence[Finding], title: str, remark: str) -> None:
        self._found = tuple(found)
        self._head = f"{title}: {len(found) or 'nothing'} found{remark}"

    def __getitem__(self, index: Any) -> Any:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __str__(self) -> str:
        lines = [f"{one.text} ({one.line})" if one.line and one.line not in one.text else one.text for one in self]
        return "\n".join([self._head, *(f"  {i}. {line}" for i, line in enumerate(lines, 1))])

    __repr__ = __str__

    def to_dict(self) -> list[dict[str, Any]]:
        """Everything as lists, dicts, strings and numbers, ready for ``json.dumps``."""
        return [{**asdict(one), "also": list(one.also)} for one in self]


def findings(root: Any, names: Mapping[str, Any] | None = None, *, of_root: Any = None) -> Findings:
    """Look through a recorded program for what is wrong with its values and gradients.

    No backward pass is needed: the derivatives are computed for this, and every ``.grad`` stays as it is. Looked for
    are the operation that failed (of an error); the first nan or inf and what fed it; the first gradient that is none;
    variables that are no part of the program; operations that pass no gradient on for some units (dead ones: those
    whose gradient is exactly 0 for every example, counted along the last axis of arrays); inputs whose gradient is
    exactly 0; gradients that fall or grow by more than a factor of 1,000 on their way from the root (the size of an
    array's is its Euclidean norm).

    Parameters
    ----------
    root : Value, Tensor, sequence of them, or exception
        As for :func:`viz.draw`.
    names : mapping, optional
        Names for nodes without a label, as ``locals()`` gives them. Values, Tensors and parameters of modules in it
        that `root` was not made from are reported.
    of_root : Value, Tensor or int, optional
        Of several results, the one whose derivatives are meant.

    Returns
    -------
    Findings
        A sequence of :class:`Finding`, the worst first.

    Raises
    ------
    TypeError
        If `root` is neither a Value nor a Tensor nor an exception.

    Examples
    --------
    >>> import autograd
    >>> from autograd import Value
    >>> w, b, unused = Value(-2.0), Value(1.0), Value(3.0)
    >>> with autograd.source_lines():
    ...     h = (w * 2 + b).relu()
    ...     J = (h - 1) ** 2
    >>> for found in findings(J, names={"w": w, "b": b, "unused": unused}):
    ...     print(found.kind, "|", found.name, "|", found.text)
    not reached | unused | unused is no part of v5, so no gradient reaches it
    stops | v3 | v3 = relu(v2) passes no gradient on: 1 of 1 units of relu (100 %)
    zero gradient | w | dv5/dw is exactly 0, and so are those of 1 more of 2 inputs: b
    """
    return Search(read(root, names, of_root)).found


class Search:
    """What one recording is searched for."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.graph = recording.graph
        self.groups = {group.id: group.name for group in self.graph.groups}
        self.gradients = recording.gradients
        self.consumers: dict[Node, list[Node]] = defaultdict(list)
        for source, target in zip(*self.graph.ends):
            users, user = self.consumers[recording.nodes[source]], recording.nodes[target]
            if not users or users[-1] is not user:
                users.append(user)
        found = [*self._failed(), *self._values(), *self._not_reached()]
        remark = ""
        if self.gradients:
            found += [*self._gradients(), *self._stops(), *self._zeros(), *self._sizes()]
        elif self.graph.differentiable:
            remark = f" ({self.graph.differentiated} is no single number, so gradients were not looked at)"
        self.found = Findings(found, self.graph.title, remark)

    def _info(self, node: Node) -> NodeInfo:
        return self.graph.node(self.recording.ids[node])

    def _finding(self, kind: str, node: NodeInfo, text: str, **more: Any) -> Finding:
        return Finding(kind, node.id, node.name, node.line, text, **more)

    # --- values ---------------------------------------------------------------------------------------------

    def _failed(self) -> Iterator[Finding]:
        node = self.graph.failed
        if node is not None:
            yield self._finding("failed", node, failed(node))

    def _values(self) -> Iterator[Finding]:
        node, nodes = self.graph.first_not_finite, self.graph.nodes
        if node is not None:
            made_from = (source for source, target in zip(*self.graph.ends) if nodes[target] is node)
            told = [f"{nodes[i].name} = {_value(nodes[i])}" for i in dict.fromkeys(made_from)]
            yield self._finding("not finite", node, not_finite(node) + (f"; fed by {_some(told)}" if told else ""))

    def _not_reached(self) -> Iterator[Finding]:
        for name in self.recording.left_out():
            text = f"{name} is no part of {self.graph.differentiated}, so no gradient reaches it"
            yield Finding("not reached", None, name, None, text)

    # --- gradients ------------------------------------------------------------------------------------------

    def _gradients(self) -> Iterator[Finding]:
        """The first gradient that is not finite, going backward, where the values are."""
        if self.graph.first_not_finite is not None:
            return
        for node in reversed(self.recording.nodes):
            users = self.consumers[node]
            if _finite(self.gradients[node]) or not all(_finite(self.gradients[user]) for user in users):
                continue
            info = self._info(node)
            text = f"{info.derivative_name} is the first gradient that is not finite: {_derivative(info)}"
            if users:
                user = next((u for u in users if not _finite(self._passed(u, node))), users[0])
                text += f", made by {_formula(self._info(user))} of {_derivative(self._info(user))}"
                yield self._finding("gradient not finite", self._info(user), text)
            else:
                yield self._finding("gradient not finite", info, text)
            return

    def _passed(self, node: Node, to: Node) -> Any:
        """What the gradient of `node` adds to that of its input `to`."""
        at = [i for i, x in enumerate(node.inputs) if x is to]
        found = pulled(node, self.gradients[node], [plain(x) for x in node.inputs], at)
        parts = [part for part in found if part is not None]
        return sum(parts[1:], parts[0]) if parts else np.zeros_like(plain(to))

    def _stops(self) -> Iterator[Finding]:
        """Operations that pass on exactly 0 of a gradient that is not 0: of whole units."""
        units: dict[Any, set[Any]] = defaultdict(set)
        alive: dict[Any, set[Any]] = defaultdict(set)
        first: dict[Any, list[NodeInfo]] = defaultdict(list)
        for node in self.recording.nodes:
            if not isinstance(node.rule, Elementwise) or node.rule.name == "mul":
                continue  # a product with 0 is 0 because the program says so
            made_from = [x for x in node.inputs if isinstance(x, Node)]
            if len(made_from) != 1:
                continue
            g, passed = self.gradients[node], self._passed(node, made_from[0])
            if np.shape(g) != np.shape(passed) or not (asked := _not_zero(g)):
                continue
            through, info = _not_zero(passed), self._info(node)
            family, unit = (node.rule.name, self._around(info), info.line), self._unit(info)
            units[family] |= {(unit, i) for i in asked}
            alive[family] |= {(unit, i) for i in through}
            if not asked <= through:
                first[family].append(info)
        for family, nodes in first.items():
            dead = units[family] - alive[family]
            if dead:
                nodes = [info for info in nodes if self._unit(info) in {unit for unit, _ in dead}]
                rule, around, _ = family
                share = len(dead) / len(units[family])
                where = f" in {around}" if around else ""
                several = f" (and {len(nodes) - 1} more)" if len(nodes) > 1 else ""
                pass_on = "pass" if several else "passes"
                text = (
                    f"{_formula(nodes[0])}{several} {pass_on} no gradient on: {len(dead):,} of "
                    f"{len(units[family]):,} units of {rule}{where} ({_percent(share)})"
                )
                yield self._finding("stops", nodes[0], text, size=share, also=tuple(x.id for x in nodes[1:]))

    def _unit(self, info: NodeInfo) -> str:
        """A neuron is one unit, however many examples it has seen."""
        neuron = info.group is not None and self.groups[info.group].startswith("neuron")
        return str(info.group) if neuron else info.id

    def _around(self, info: NodeInfo) -> str:
        around = [self.groups[id] for id in self.graph.around(info.group)]
        if around and around[0].startswith("neuron"):
            around = around[1:]
        return around[0] if around else ""

    def _zeros(self) -> Iterator[Finding]:
        """Inputs whose gradient is exactly 0."""
        inputs = [node for node in self.recording.nodes if node.rule is None]
        zero = [self._info(node) for node in inputs if not np.any(self.gradients[node])]
        if zero:
            several = ""
            if len(zero) > 1:
                rest = _some([info.name for info in zero[1:]])
                several = f", and so are those of {len(zero) - 1} more of {len(inputs):,} inputs: {rest}"
            text = f"{zero[0].derivative_name} is exactly 0{several}"
            yield self._finding("zero gradient", zero[0], text, also=tuple(info.id for info in zero[1:]))

    def _sizes(self) -> Iterator[Finding]:
        """Gradients that fall or grow by more than FACTOR on their way: where they first do."""
        sizes = {node: _norm(g) for node, g in self.gradients.items()}
        for kind, sign in (("falls", 1), ("grows", -1)):
            # Of each node, where the gradient on its way there was largest (or smallest); beyond a finding, that one.
            start: dict[Node, Node] = {}
            beyond: dict[Node, Node] = {}
            last: dict[Node, Node] = {}
            for node in reversed(self.recording.nodes):
                size = sizes[node]
                users = [user for user in self.consumers[node] if user in start and sizes[user]]
                if not size or not np.isfinite(size):
                    continue
                if not users:
                    start[node] = node
                    continue
                user = max(users, key=sizes.__getitem__)
                if user in beyond:
                    found = beyond[node] = beyond[user]
                    start[node] = start[user]
                    if sign * size < sign * sizes[last[found]]:
                        last[found] = node
                    continue
                origin = start[user]
                start[node] = node if sign * size > sign * sizes[origin] else origin
                if (sizes[origin] / size) ** sign > FACTOR:
                    beyond[node] = last[node] = node
            crossings = [node for node in last if beyond[node] is node]
            if not crossings:
                continue
            factors = {node: float((sizes[start[node]] / sizes[last[node]]) ** sign) for node in crossings}
            worst = max(crossings, key=lambda node: factors[node])
            way = (start[worst], worst, last[worst])
            told = dict.fromkeys(f"{formatting.show(sizes[x])} at {self._info(x).name}" for x in way)
            text = f"the gradient {kind} by more than 10³ on its way: {', '.join(told)}"
            if len(crossings) > 1:
                text += f"; the same at {len(crossings) - 1:,} more"
            others = tuple(self.recording.ids[node] for node in crossings if node is not worst)
            yield self._finding(kind, self._info(worst), text, size=factors[worst], also=others)


def _finite(x: Any) -> bool:
    return math.isfinite(x) if isinstance(x, float) else bool(np.isfinite(x).all())


def _not_zero(x: Any) -> set[int]:
    """The units of an array along its last axis in which not all is exactly 0."""
    if isinstance(x, float):  # of a large program, nearly all
        return {0} if x else set()
    array = np.atleast_1d(np.asarray(x))
    return {*np.flatnonzero(array.any(axis=tuple(range(array.ndim - 1)))).tolist()}


def _norm(x: Any) -> float:
    if isinstance(x, float):
        return abs(float(x))
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(np.ravel(x)))


def _value(info: NodeInfo) -> str:
    return formatting.show(info.value, formatting.DEFAULT, info.shape, info.value_stats)


def _derivative(info: NodeInfo) -> str:
    return formatting.show(info.derivative, formatting.DEFAULT, info.shape, info.derivative_stats)


def _formula(info: NodeInfo) -> str:
    return f"{info.name} = {info.formula}" if info.formula else f"{info.name}, made by {info.rule}"


def _some(told: Sequence[str]) -> str:
    more = len(told) - NAMED
    return ", ".join([*told[:NAMED], *([f"… ({more:,} more)"] if more > 0 else [])])


def _percent(share: float) -> str:
    return f"{max(1, round(100 * share))} %"
