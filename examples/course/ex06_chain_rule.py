"""The computation graph and the chain rule: J = 3(a + bc), then the loss of one neuron.

u = bc, v = a + u, J = 3v: forward (blue) each node computes its value; backward (red) each receives dJ/d(itself) from
the node that it feeds, times that node's local derivative. So dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c. The picture
shows both passes.

A neuron is the same with more factors: z = θ₁₀x₀ + θ₁₁x₁ + θ₁₂x₂ (x₀ = 1 feeds the bias), a = σ(z), L = ½(a − y)².
Then ∂L/∂θ₁₀⁽¹⁾ = ∂L/∂a · ∂a/∂z · ∂z/∂θ₁₀⁽¹⁾ = (a − y) · a(1 − a) · x₀: the last factor is the input that the weight
belongs to. The first two are common to all weights of the neuron: they are computed once, which is the whole point of
going backwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import viz
from autograd import Value, dot, sigmoid, square
from examples.shared.common import heading, run


def first(out: Path) -> dict[str, float]:
    """J = 3(a + bc) at a = 5, b = 3, c = 2."""
    heading("J = 3(a + bc) at a = 5, b = 3, c = 2")
    a, b, c = Value(5, label="a"), Value(3, label="b"), Value(2, label="c")
    u = b * c
    v = a + u
    J = 3 * v
    J.backward()
    drawing = viz.draw(J, names={"u": u, "v": v, "J": J})
    print(drawing.text)
    print(f"picture: {drawing.save(out / '06_chain.svg')}")
    return {"J": J.data, "a": a.grad, "b": b.grad, "c": c.grad}


def second(out: Path) -> dict[str, Any]:
    """The loss of one neuron with two inputs and a bias."""
    heading("One neuron: z = θ₁₀x₀ + θ₁₁x₁ + θ₁₂x₂, a = σ(z), L = ½e² with e = a − y")
    x = [Value(number, label=f"x{i}") for i, number in zip("₀₁₂", (1, 2, -1))]
    theta = [Value(number, label=f"θ₁{i}⁽¹⁾") for i, number in zip("₀₁₂", (0.5, -0.4, 0.3))]
    y = 1.0
    z = dot(theta, x)
    a = sigmoid(z)
    e = a - y
    L = square(e) / 2
    L.backward()
    named = {"z": z, "a": a, "e": e, "L": L}

    dL_da, da_dz = a.data - y, a.data * (1 - a.data)
    print(f"∂L/∂a = a − y = {dL_da:.6f};  ∂a/∂z = a(1 − a) = {da_dz:.6f}")
    by_hand = []
    for weight, xi in zip(theta, x):
        by_hand.append(dL_da * da_dz * xi.data)
        print(
            f"∂L/∂{weight.label} = ∂L/∂a · ∂a/∂z · ∂z/∂{weight.label} = {dL_da:.4f} · {da_dz:.4f} · {xi.data:g}"
            f" = {by_hand[-1]:.6f}; by backward() {weight.grad:.6f}"
        )
    print(f"as the graph writes it out: {viz.chain(L, theta[0], names=named).text}")
    drawing = viz.draw(L, names=named, of=theta[0])
    print(f"picture: {drawing.save(out / '06_neuron.svg')}")
    return {"by_hand": by_hand, "by_graph": [weight.grad for weight in theta]}


def main(quick: bool, out: Path) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    return {"chain": first(out), "neuron": second(out)}


if __name__ == "__main__":
    run(main)
