"""The loss of one neuron: three factors, one formula, and one step of θ.

A neuron: z₁⁽²⁾ = θ₁₀⁽¹⁾x₀ + θ₁₁⁽¹⁾x₁ + θ₁₂⁽¹⁾x₂, where x₀ = 1 feeds the bias; a₁⁽²⁾ = σ(z₁⁽²⁾); L = (y₁ − a₁⁽²⁾)².
Each of the three has one derivative:

∂L/∂a = −2(y₁ − a₁), ∂a/∂z = σ(1 − σ), ∂z/∂θ₁₀⁽¹⁾ = x₀.

So ∂L/∂θ₁₀⁽¹⁾ = ∂L/∂a · ∂a/∂z · ∂z/∂θ₁₀⁽¹⁾ = −2(y₁ − a₁)σ(1 − σ)x₀: the last factor is the input that the weight belongs
to. The first two are common to all weights of the neuron: they are computed once, which is the whole point of going
backwards. Then each weight takes its step, θ₁₀ := θ₁₀ − α ∂L/∂θ₁₀, and the loss falls.

The squared error is made one operation here, with its derivatives as formulas; the library reads them for the numbers
and for the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import viz
from autograd import Elementwise, Notation, Value, dot, sigmoid
from examples.shared.common import heading, run, show

RATE = 1.0

squared_error = Elementwise(
    "squared_error",
    lambda y, a: (y - a) ** 2,  # on numbers
    lambda y, a: (y - a) ** 2,  # on arrays
    lambda L, y, a: 2 * (y - a),  # ∂L/∂y
    lambda L, y, a: -(2 * (y - a)),  # S2.8 ∂L/∂a = −2(y₁ − a₁)
    notation=Notation("({0} − {1})²"),
)


@dataclass
class Results:
    factors: list[float]  # ∂L/∂a, ∂a/∂z, ∂z/∂θ₁₀
    by_hand: list[float]  # ∂L/∂θ₁₀, ∂L/∂θ₁₁, ∂L/∂θ₁₂
    by_graph: list[float]
    chain: str
    theta: list[float]  # after one step
    losses: list[float]  # before and after each of four steps


def loss(theta: list[Value], x: list[Value], y: Value) -> tuple[Value, Value, Value]:
    """z, a and L of the neuron."""
    z = dot(theta, x)  # the whole weighted sum is one node
    a = sigmoid(z)
    return z, a, squared_error(y, a)


def main(quick: bool, out: Path) -> Results:
    out.mkdir(parents=True, exist_ok=True)
    x = [Value(number, label=f"x{i}") for i, number in zip("₀₁₂", (1, 2, -1))]
    theta = [Value(number, label=f"θ₁{i}⁽¹⁾") for i, number in zip("₀₁₂", (0.5, -0.4, 0.3))]
    y = Value(1.0, label="y₁")
    z, a, L = loss(theta, x, y)
    L.backward()
    names = {"z₁⁽²⁾": z, "a₁⁽²⁾": a, "L": L}

    heading("One neuron, L = (y₁ − a₁⁽²⁾)²: forward")
    print(f"z₁⁽²⁾ = 0.5·1 − 0.4·2 + 0.3·(−1) = {z.data:g}, a₁⁽²⁾ = σ(z₁⁽²⁾) = {a.data:.6f}, L = {L.data:.6f}")

    heading("Backward: three factors")  # S2.9 ∂L/∂θ₁₀⁽¹⁾ = −2(y₁ − a₁)σ(1 − σ)x₀
    dL_da, da_dz = -2 * (y.data - a.data), a.data * (1 - a.data)
    print(f"∂L/∂a = −2(y₁ − a₁) = {dL_da:.6f};  ∂a/∂z = σ(1 − σ) = {da_dz:.6f};  ∂z/∂θ₁₀⁽¹⁾ = x₀ = {x[0].data:g}")
    by_hand = [dL_da * da_dz * xi.data for xi in x]
    for weight, xi, number in zip(theta, x, by_hand):
        print(f"∂L/∂{weight.label} = −2(y₁ − a₁)σ(1 − σ){xi.label} = {number:.6f}; by backward() {weight.grad:.6f}")
    chain = str(viz.chain(L, theta[0], names=names))
    print(f"as the graph writes it: {chain}")
    show(viz.draw(L, names=names, of=theta[0]).save(out / "06b_neuron.svg"))

    heading(f"The step θ := θ − α ∂L/∂θ with α = {RATE:g}")  # S2.10 the step, and the loss after it
    before = [weight.data for weight in theta]
    by_graph, losses, moved = [weight.grad for weight in theta], [L.data], []
    for _ in range(4):
        for weight in theta:
            weight.data -= RATE * weight.grad
            weight.zero_grad()
        moved.append([weight.data for weight in theta])
        L = loss(theta, x, y)[2]
        L.backward()
        losses.append(L.data)
    for weight, old, slope, new in zip(theta, before, by_graph, moved[0]):
        print(f"{weight.label} := {old:g} − {RATE:g}·({slope:.4f}) = {new:.4f}")
    print("L = " + " → ".join(f"{number:.4f}" for number in losses) + ", after each of four such steps")
    return Results([dL_da, da_dz, x[0].data], by_hand, by_graph, chain, moved[0], losses)


if __name__ == "__main__":
    run(main)
