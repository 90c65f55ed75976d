"""Eight programs by which pictures are judged: small ones, long ones, arrays, dead units, a nan, a second derivative.

python examples/programs/pictures.py [folder for the pictures]
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import numpy as np

import viz
from autograd import Tensor, Value, dot, nn, tanh
from examples.shared.command_line import run_program


def labelled(**numbers: float) -> list[Value]:
    return [Value(number, label=name) for name, number in numbers.items()]


def name(value: Value, label: str) -> Value:
    value.label = label
    return value


def three() -> tuple[Value, dict[str, Value]]:
    """J = 3(a + bc), differentiated."""
    a, b, c = labelled(a=5, b=3, c=2)
    u = name(b * c, "u")
    v = name(a + u, "v")
    J = name(3 * v, "J")
    J.backward()
    return J, {"a": a, "b": b, "c": c, "u": u, "v": v}


def neuron(inputs: int = 5) -> Value:
    """tanh(w·x + b), differentiated."""
    ws = labelled(**{f"w{i}": 0.1 * i for i in range(1, inputs + 1)})
    xs = labelled(**{f"x{i}": 1.0 / i for i in range(1, inputs + 1)})
    a = name(tanh(name(dot(ws, xs, Value(0.5, label="b")), "z")), "a")
    a.backward()
    return a


def logistic_regression(y: float = 1.0) -> Value:
    """L = −(y log a + (1 − y) log(1 − a)) with a = σ(w₁x₁ + w₂x₂ + b), differentiated."""
    w1, w2, b, x1, x2 = labelled(w1=0.4, w2=-0.6, b=0.2, x1=1.5, x2=-0.5)
    a = name(name(dot([w1, w2], [x1, x2], b), "z").sigmoid(), "a")
    p, q = name(a.log(), "p"), name((1 - a).log(), "q")
    L = name(-(y * p + (1 - y) * q), "L")
    L.backward()
    return L


def network() -> Value:
    """The loss of an MLP 2-4-1 at one sample, differentiated."""
    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    x = labelled(x1=1.0, x2=-0.5)
    L = name((name(model(x), "y") - 1) ** 2, "L")
    L.backward()
    return L


def long_chain(size: int = 24) -> Value:
    """`size` operations one after another, differentiated."""
    (x,) = labelled(x=0.5)
    y: Any = x
    for i in range(size):
        y = [tanh(y), y * 1.5, y.sigmoid(), y + 0.25][i % 4]
    name(y, "J").backward()
    return y  # type: ignore[no-any-return]


def dead_units() -> Tensor:
    """A Tensor MLP with a ReLU layer of which half the units are dead, differentiated."""
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(16, 3)), label="x")
    W1, b1 = Tensor(rng.normal(size=(3, 8)), label="W1"), Tensor(np.repeat([-9.0, 0.5], 4), label="b1")
    W2, b2 = Tensor(rng.normal(size=(8, 1)), label="W2"), Tensor([0.1], label="b2")
    h = np.maximum(x @ W1 + b1, 0.0)
    h.label = "h"
    L = np.mean((h @ W2 + b2) ** 2)
    L.label = "L"
    L.backward()
    return L  # type: ignore[no-any-return]


def reaches_nan() -> Tensor:
    """The mean of logarithms of which some do not exist, differentiated."""
    x = Tensor([0.5, 2.0, -1.0, 3.0, 0.0, 1.0, -2.0, 4.0], label="x")
    with np.errstate(all="ignore"):
        L = np.mean(np.log(x) * 2.0)
        L.label = "L"
        L.backward()
    return L  # type: ignore[no-any-return]


def second_derivative() -> Value:
    """d²tanh(x)/dx² at 0.5, itself not differentiated."""
    (x,) = labelled(x=0.5)
    name(tanh(x), "y").backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    slope.backward(create_graph=True)
    return x.grad  # type: ignore[no-any-return]


EIGHT: dict[str, Callable[[], Any]] = {
    "three": lambda: three()[0],
    "neuron": neuron,
    "logistic_regression": logistic_regression,
    "network": network,
    "long_chain": long_chain,
    "dead_units": dead_units,
    "reaches_nan": reaches_nan,
    "second_derivative": second_derivative,
}


def main(out: Path) -> None:
    """Draw them all."""
    for label, program in EIGHT.items():
        path = viz.draw(program()).save(out / f"still_{label}.svg")
        print(f"wrote {path}")


if __name__ == "__main__":
    run_program(main)
