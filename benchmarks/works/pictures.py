"""From a recorded graph to a picture of it, SVG in memory: ours, and torchviz's on the same program.

The programs are random: each operation takes two of the three newest results, so that the graph has the reuse and the
crossing edges of real ones. torchviz's DOT is laid out by the same Graphviz as ours; its picture shows
PyTorch's names of the operations alone, ours also numbers, gradients and local derivatives.
"""

from __future__ import annotations

import random
from typing import Any

from harness import Goal, Task, Work


def program(leaves: list[Any], operations: int) -> Any:
    """A random program on `leaves`, of additions and multiplications that keep the numbers small."""
    rng = random.Random(6)
    recent = list(leaves)
    for _ in range(operations):
        a, b = rng.sample(recent, 2)
        recent.append(a * b if rng.random() < 0.5 else a + b)
        del recent[:-3]
    while len(recent) > 1:  # all of it leads to the output
        recent = [recent[0] + recent[1], *recent[2:]]
    return recent[0]


def ours(operations: int) -> Task:
    import viz
    from autograd import Value

    y = program([Value(0.1) for _ in range(3)], operations)
    y.backward()
    return Task(lambda: viz.draw(y, fold=False).svg)


LAYOUT = """
import sys, pygraphviz
pygraphviz.AGraph(string=sys.stdin.read()).draw(sys.stdout.buffer, format="svg", prog="dot")
"""


def torchviz(operations: int) -> Task:
    """Laid out in a process of its own, as torchviz itself does; beside PyTorch the layout may crash."""
    import subprocess
    import sys

    import torch
    from torchviz import make_dot

    leaves = [torch.tensor(0.1, dtype=torch.double, requires_grad=True) for _ in range(3)]
    y = program(leaves, operations)

    def step() -> bytes:
        source = make_dot(y).source.encode()
        return subprocess.run([sys.executable, "-c", LAYOUT], input=source, check=True, capture_output=True).stdout

    return Task(step)


def register(operations: int, limit: float) -> None:
    work = Work(
        f"pictures-{operations}",
        f"Pictures: a graph of {operations:,} operations to SVG",
        [Goal("gradgraph", limit), Goal("gradgraph", 1, "torchviz")],
        rounds=3 if operations <= 1_000 else 1,
    )
    work.contender("torchviz", "torchviz")(lambda: torchviz(operations))
    work.contender("gradgraph", "ours")(lambda: ours(operations))


register(1_000, 1.0)
register(5_000, 5.0)
