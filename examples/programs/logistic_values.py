"""Logistic regression of two variables: z = wᵀx + b, a = σ(z), L = −(y log a + (1 − y) log(1 − a)), and dz = a − y.

python examples/programs/logistic_values.py [folder for the pictures]
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import viz
from autograd import Value, dot


def forward(w: list[Value], b: Value, x: Any, y: float) -> dict[str, Value]:
    """One example: z, a = σ(z), p = log a, q = log(1 − a), and the loss L."""
    z = dot(w, x, b)
    a = z.sigmoid()
    p, q = a.log(), (1 - a).log()
    return {"z": z, "a": a, "p": p, "q": q, "L": -(y * p + (1 - y) * q)}


def main(out: Path) -> dict[str, float]:
    w, b = [Value(0.4, label="w1"), Value(-0.6, label="w2")], Value(0.2, label="b")
    x = [Value(1.5, label="x1"), Value(-0.5, label="x2")]
    for y in (1.0, 0.0):
        names = forward(w, b, x, y)
        z, a, L = names["z"], names["a"], names["L"]
        L.backward()
        print(f"y = {y:g}: a = {a.data:.4g}, L = {L.data:.4g}")
        print(" ", str(viz.chain(L, z, names)).replace("\n", "\n  "))
        print(f"  dz = {z.grad:.6g}, and a − y = {a.data - y:.6g}\n")
        viz.draw(L, names).save(out / f"logistic_y{y:g}.svg")

    rng = random.Random(0)
    worst = 0.0
    for _ in range(1000):
        y = float(rng.random() < 0.5)
        names = forward(w, b, [rng.gauss(0, 2), rng.gauss(0, 2)], y)
        names["L"].backward()
        worst = max(worst, abs(names["z"].grad - (names["a"].data - y)))
    print(f"largest |dz − (a − y)| over 1000 random examples: {worst:.1e}")

    # Gradient descent on 40 examples of x1 > x2, the mean of their losses.
    points = [(rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(40)]
    examples = [(p, float(p[0] > p[1])) for p in points]
    for step in range(101):
        J = sum(forward(w, b, p, y)["L"] for p, y in examples) / len(examples)
        for parameter in (*w, b):
            parameter.zero_grad()
        J.backward()
        if step % 25 == 0:
            print(f"  step {step:3d}: J = {J.data:.4f}, w = ({w[0].data:.2f}, {w[1].data:.2f}), b = {b.data:.2f}")
        for parameter in (*w, b):
            parameter.data -= 1.0 * parameter.grad
    print(f"wrote {out / 'logistic_y1.svg'} and {out / 'logistic_y0.svg'}")
    return {"worst": worst, "J": J.data}


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "out"
    folder.mkdir(parents=True, exist_ok=True)
    main(folder)
