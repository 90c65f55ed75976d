"""One neuron: z = w·x + b, a = σ(z), squared error L = (a − t)², and why the input is the last factor of dL/dw.

python examples/programs/neuron.py [folder for the pictures]
"""

from __future__ import annotations

import sys
from pathlib import Path

import viz
from autograd import Value, dot


def main(out: Path) -> dict[str, float]:
    w = [Value(0.7, label="w1"), Value(-1.2, label="w2")]
    x = [Value(1.5, label="x1"), Value(0.5, label="x2")]
    b, target = Value(0.1, label="b"), 1.0

    z = dot(w, x, b)  # the whole weighted sum is one node
    a = z.sigmoid()
    e = a - target
    L = e**2
    L.backward()

    names = {"z": z, "a": a, "e": e, "L": L}
    print(f"z = {z.data:.4g}, a = σ(z) = {a.data:.4g}, target {target:g}, L = {L.data:.4g}\n")
    # ∂z/∂w1 = x1: a weight moves the loss in proportion to what came in through it.
    for weight in (*w, b):
        print(" ", viz.chain(L, weight, names))

    viz.draw(L, names).save(out / "neuron.svg")

    rate = 1.0
    for step in range(4):
        for p in (*w, b):
            p.data -= rate * p.grad
            p.zero_grad()
        loss = (dot(w, x, b).sigmoid() - target) ** 2
        loss.backward()
        print(f"  after step {step + 1}: L = {loss.data:.4g}")

    print(f"wrote {out / 'neuron.svg'}")
    return {"before": L.data, "after": loss.data}


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "out"
    folder.mkdir(parents=True, exist_ok=True)
    main(folder)
