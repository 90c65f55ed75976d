"""Random programs over all rules that the page has, and how far rounding alone may move their numbers."""

from __future__ import annotations

import math
import random
from typing import Any, Sequence

import numpy as np

from autograd import Value, dot, logsumexp
from autograd import sum as total
from autograd.node import Node
from autograd.rules.elementwise import Choice
from autograd.rules.rule import Elementwise
from autograd.rules.table import BUILT_IN, RULES

ELEMENTWISE = [
    RULES[name] for name in sorted(BUILT_IN) if isinstance(RULES[name], Elementwise) and not RULES[name].arrays_only
]
SPECIAL = [0.0, 1.0, -1.0, 0.5, 2.0, 1000.0, -1000.0, 1e-300, -0.0, 3.0]
EPSILON = 2.0**-52


def program(seed: int, numbers: Sequence[float] = (), size: int = 12) -> tuple[Value, list[Value]]:
    """A program of about `size` operations, with its inputs, at these numbers or at numbers of its own."""
    draw = random.Random(seed)
    inputs = [Value(draw.gauss(0, 1.5), label=f"x{i}") for i in range(draw.randint(1, 4))]
    for x, number in zip(inputs, numbers):
        x.data = number
    nodes: list[Any] = list(inputs)

    def operand(k: int = 0) -> Any:
        return draw.choice([1.0, 2.0, -1.0, 0.5]) if k and draw.random() < 0.2 else draw.choice(nodes)

    for _ in range(size):
        kind = draw.random()
        if kind < 0.12:
            n = draw.randint(1, 3)
            xs, ws = [operand() for _ in range(n)], [operand() for _ in range(n)]
            nodes.append(draw.choice([lambda: total(xs), lambda: dot(ws, xs, operand()), lambda: logsumexp(xs)])())
            continue
        rule = draw.choice(ELEMENTWISE)
        args = [operand(k) for k in range(len(rule.partials))]
        nodes.append(rule(Value(float(draw.random() < 0.5)), *args[1:]) if isinstance(rule, Choice) else rule(*args))
    result = total([node for node in nodes[-4:] if isinstance(node, Value)])
    result.label = "J"
    return result, inputs


def run(nodes: list[Node], numbers: dict[Node, float], ulps: Any = None) -> tuple[dict[Node, float], dict[Node, float]]:
    """Values and derivatives of a recorded program at other inputs, as Python computes them.

    With `ulps`, a source of random numbers, each result is moved by one unit in its last place or not at all.
    """

    def moved(x: float) -> float:
        return x if ulps is None or not math.isfinite(x) else x * (1 + EPSILON * ulps.choice([-1, 0, 1]))

    data: dict[Node, float] = {}
    for node in nodes:
        if node.rule is None:
            data[node] = numbers.get(node, node.data)
        else:
            xs = [data[x] if isinstance(x, Node) else float(x) for x in node.inputs]
            data[node] = moved(float(node.rule.on_floats(*xs)))
    slopes = dict.fromkeys(nodes, 0.0)
    slopes[nodes[-1]] = 1.0
    with np.errstate(all="ignore"):
        for node in reversed(nodes):
            if node.rule is None:
                continue
            xs = [np.float64(data[x] if isinstance(x, Node) else x) for x in node.inputs]
            at = [i for i, x in enumerate(node.inputs) if isinstance(x, Node)]
            found = node.rule.vjp(np.float64(slopes[node]), np.float64(data[node]), xs, at, {})
            for i, g in zip(at, found):
                slopes[node.inputs[i]] = moved(slopes[node.inputs[i]] + moved(float(g)))
    return data, slopes


def agree(ours: float, theirs: float, moved: list[float], exact: float = 1e-12) -> bool:
    """Whether two numbers are equal to 1e-12, or as near as one unit in the last place per operation lets them be."""
    if ours == theirs or (ours != ours and theirs != theirs):
        return True
    if abs(ours - theirs) <= exact * abs(theirs):
        return True
    # Where rounding alone makes something infinite or undefined, or not, there is nothing to agree on.
    spread = [abs(x - theirs) for x in moved]
    return any(not math.isfinite(x) for x in spread) or abs(ours - theirs) <= 8 * max(spread)
