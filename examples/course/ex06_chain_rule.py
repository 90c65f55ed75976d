"""The computation graph and the chain rule: derivatives by nudging, then J = 3(a + bc).

A derivative says how far the output moves when an input is nudged, as a multiple of the nudge: f(a) = 3a moves by 0.003
when a moves by 0.001, so df/da = 3, wherever a is and however large the nudge. a² is curved: from 5, a nudge of 1 gives
11 times as much, one of 0.001 gives 10.001 times: only small nudges approach the derivative 2a = 10. We write d for a
function of one variable, ∂ where there are several and the others are held still.

J = 3(a + bc) in steps: u = bc, v = a + u, J = 3v. Forward (blue) each node computes its value; backward (red) each
receives dJ/d(itself) from the node that it feeds, times that node's local derivative. So dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b
= 3 · 1 · c = 3c. In programs such a number is called `db`: "dvar" is short for d(final output)/d(var).

After A. Ng, *Neural Networks and Deep Learning* (deeplearning.ai, 2017), week 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import viz
from autograd import Value
from examples.shared.common import heading, run, show


@dataclass
class Results:
    nudged: dict[str, list[float]]  # by function: how far it moves, as a multiple of the nudge
    nudged_J: dict[str, float]  # by input: how far J moves for 0.001
    forward: dict[str, float]
    backward: dict[str, float]
    chain_of_b: str


def ratio(f: Callable[[float], float], a: float, nudge: float) -> float:
    """How far f moves when a moves by `nudge`, as a multiple of the nudge."""
    return (f(a + nudge) - f(a)) / nudge


def triple(a: float) -> float:
    return 3 * a


def squared(a: float) -> float:
    return a * a


def main(quick: bool, out: Path) -> Results:
    out.mkdir(parents=True, exist_ok=True)
    heading("A derivative by nudging, at a = 5")  # S4.12 a by 0.001, f(a) by 0.003; a² beside 3a
    nudges = (1, 0.1, 0.001)
    nudged = {"3a": [ratio(triple, 5, h) for h in nudges], "a²": [ratio(squared, 5, h) for h in nudges]}
    for h, tripled, square in zip(nudges, *nudged.values()):
        print(f"a moves by {h:<5}: 3a moves by {h * tripled:.4g}, {tripled:.5g} times as much;", end=" ")
        print(f"a² by {h * square:.8g}, {square:.5g} times as much")
    print("d(3a)/da = 3 everywhere; d(a²)/da = 2a = 10, which only small nudges show")

    heading("J = 3(a + bc) at a = 5, b = 3, c = 2: nudged by 0.001")  # S4.11 d for one variable, ∂ for several
    point, nudged_J = {"a": 5.0, "b": 3.0, "c": 2.0}, {}
    for name, number in point.items():
        moved = {**point, name: number + 0.001}
        nudged_J[name] = 3 * (moved["a"] + moved["b"] * moved["c"]) - 33
        print(f"{name}: {number:g} → {number + 0.001:g}, the others held still: ", end="")
        print(f"J moves by {nudged_J[name]:.3f}, so ∂J/∂{name} = {nudged_J[name] / 0.001:.0f}")

    heading("The same by the chain rule")  # S4.13 forward blue, backward red; dJ/db = 3 · 1 · c = 3c = 6
    a, b, c = (Value(number, label=name) for name, number in point.items())
    u = b * c
    v = a + u
    J = 3 * v
    J.backward()
    names = {"u": u, "v": v, "J": J}
    drawing = viz.draw(J, names=names)
    print(drawing.text)
    chain = str(viz.chain(J, b, names=names))
    print("So db, short for d(final output)/d(b), is 3 · 1 · c = 3c = 6, whatever b is.")
    show(drawing.save(out / "06_chain.svg"))
    show(viz.draw(J, names, of=b).save(out / "06_chain_of_b.svg"))
    nodes = {"a": a, "b": b, "c": c, **names}
    values, slopes = ({name: getattr(node, what) for name, node in nodes.items()} for what in ("data", "grad"))
    return Results(nudged, nudged_J, values, slopes, chain)


if __name__ == "__main__":
    run(main)
