"""Right gradients that are easy to accuse: kinks, stiff, noisy, tiny, huge, ill-conditioned, structured."""

from __future__ import annotations

from typing import Any

import numpy as np

from .case import Corpus, at, logscale, normal, uniform

corpus = Corpus()


def right(name: str, category: str, f: Any, vjp: Any, sample: Any, **more: Any) -> None:
    corpus.add(name, category, True, f, vjp, sample, **more)


def elementwise(name: str, category: str, f: Any, derivative: Any, sample: Any) -> None:
    right(name, category, f, lambda g, x: g * derivative(x), sample)


def sigmoid(x: Any) -> Any:
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def softmax(m: Any, x: Any) -> Any:
    e = m.exp(x - m.max(x))
    return e / m.sum(e)


# -- kinks ----------------------------------------------------------------------------------------------------
zeros = at(([0.0, 0.0, 1.0],), ([0.0, -1.0, 2.0],), ([1.0, 0.0, 0.0],))
ties = at(([1.0, 1.0, 0.0],), ([2.0, 2.0, 2.0],), ([0.0, 0.0, -1.0],))
elementwise("relu at 0, subgradient 0", "kinks", lambda m, x: m.maximum(x, 0 * x), lambda x: (x > 0) * 1.0, zeros)
elementwise("relu at 0, subgradient 1", "kinks", lambda m, x: m.maximum(x, 0 * x), lambda x: (x >= 0) * 1.0, zeros)
elementwise(
    "relu at 0, subgradient 1/2",
    "kinks",
    lambda m, x: m.maximum(x, 0 * x),
    lambda x: np.where(x == 0, 0.5, x > 0),
    zeros,
)
elementwise("abs at 0", "kinks", lambda m, x: abs(x), np.sign, zeros)
elementwise(
    "abs 1e-9 off its kink",
    "kinks",
    lambda m, x: abs(x - 1),
    lambda x: np.sign(x - 1),
    at(([1 + 1e-9, 1 - 1e-9],), ([1 + 1e-7, 1 - 1e-6],)),
)
elementwise("leaky relu", "kinks", lambda m, x: m.where(x > 0, x, x * 0.01), lambda x: np.where(x > 0, 1, 0.01), zeros)
elementwise(
    "elu",
    "kinks",
    lambda m, x: m.where(x > 0, x, m.exp(m.minimum(x, 0 * x)) - 1),
    lambda x: np.where(x > 0, 1, np.exp(np.minimum(x, 0))),
    zeros,
)
elementwise(
    "clip at its ends",
    "kinks",
    lambda m, x: m.minimum(m.maximum(x, 0 * x - 1), 0 * x + 1),
    lambda x: (np.abs(x) <= 1) * 1.0,
    at(([-1.0, 1.0, 0.5],), ([1.0, 2.0, 0.0],)),
)
elementwise("hinge", "kinks", lambda m, x: m.maximum(1 - x, 0 * x), lambda x: -1.0 * (x < 1), at(([1.0, 0.5, 2.0],)))
elementwise(
    "huber",
    "kinks",
    lambda m, x: m.where(abs(x) <= 1, x * x / 2, abs(x) - 0.5),
    lambda x: np.clip(x, -1, 1),
    at(([1.0, -1.0, 0.3],)),
)
right("max, ties share", "kinks", lambda m, x: m.max(x), lambda g, x: g * (x == x.max()) / (x == x.max()).sum(), ties)
right("max, first of the ties", "kinks", lambda m, x: m.max(x), lambda g, x: g * np.eye(x.size)[np.argmax(x)], ties)
right(
    "maximum(x, y) at ties",
    "kinks",
    lambda m, x, y: m.maximum(x, y),
    lambda g, x, y: (g * ((x > y) + 0.5 * (x == y)), g * ((y > x) + 0.5 * (x == y))),
    at(([1.0, 2.0], [1.0, 3.0]), ([0.0, 0.0], [0.0, 0.0])),
)
right(
    "norm at 0",
    "kinks",
    lambda m, x: m.sqrt(m.sum(x * x)),
    lambda g, x: g * x / (np.linalg.norm(x) or 1.0),
    at(([0.0, 0.0, 0.0],), ([3.0, 4.0, 0.0],)),
)
right(
    "sort with ties",
    "kinks",
    lambda m, x: m.sort(x),
    lambda g, x: g[np.argsort(np.argsort(x, kind="stable"))],
    at(([1.0, 1.0, 0.0],), ([0.0, 0.0, -1.0],)),
)
right(
    "l1 distance at equal entries",
    "kinks",
    lambda m, x, y: m.sum(abs(x - y)),
    lambda g, x, y: (g * np.sign(x - y), -g * np.sign(x - y)),
    at(([1.0, 2.0], [1.0, 1.0])),
)
elementwise("floor", "kinks", lambda m, x: m.floor(x), lambda x: 0 * x, at(([0.5, 1.5],), ([2.25, -0.75],)))
elementwise("x|x|, smooth though it has abs", "kinks", lambda m, x: x * abs(x), lambda x: 2 * np.abs(x), zeros)
elementwise("relu squared", "kinks", lambda m, x: m.maximum(x, 0 * x) ** 2, lambda x: 2 * np.maximum(x, 0), zeros)

# -- edges of the domain ----------------------------------------------------------------------------------------
elementwise("x^1.5 at 0", "edges", lambda m, x: x * m.sqrt(x), lambda x: 1.5 * np.sqrt(x), at(([0.0, 1.0],)))
elementwise("log near 0", "edges", lambda m, x: m.log(x), lambda x: 1 / x, logscale(-300, -3, (3,)))
elementwise("sqrt near 0", "edges", lambda m, x: m.sqrt(x), lambda x: 0.5 / np.sqrt(x), logscale(-30, -3, (3,)))
elementwise(
    "arcsin near 1",
    "edges",
    lambda m, x: m.arcsin(x),
    lambda x: 1 / np.sqrt((1 - x) * (1 + x)),
    lambda rng: (1 - 10 ** rng.uniform(-5, -1, 3),),
)
elementwise(
    "tan near its pole",
    "edges",
    lambda m, x: m.tan(x),
    lambda x: 1 + np.tan(x) ** 2,
    lambda rng: (np.pi / 2 - 10 ** rng.uniform(-4, -1, 3),),
)
elementwise("x log x near 0", "edges", lambda m, x: x * m.log(x), lambda x: np.log(x) + 1, logscale(-12, 0, (3,)))

# -- stiff --------------------------------------------------------------------------------------------------------
elementwise("sin(1000 x)", "stiff", lambda m, x: m.sin(1000 * x), lambda x: 1000 * np.cos(1000 * x), normal((3,)))
elementwise("sin(1e6 x)", "stiff", lambda m, x: m.sin(1000000 * x), lambda x: 1e6 * np.cos(1e6 * x), normal((3,)))
elementwise(
    "tanh(1e4 x)",
    "stiff",
    lambda m, x: m.tanh(10000 * x),
    lambda x: 1e4 / np.cosh(np.minimum(np.abs(1e4 * x), 300)) ** 2,
    lambda rng: (rng.normal(size=3) * 1e-4,),
)
elementwise("exp(50 x)", "stiff", lambda m, x: m.exp(50 * x), lambda x: 50 * np.exp(50 * x), normal((3,)))
elementwise(
    "1/(1e-6 + x²)",
    "stiff",
    lambda m, x: 1 / (1e-6 + x * x),
    lambda x: -2 * x / (1e-6 + x * x) ** 2,
    lambda rng: (rng.normal(size=3) * 1e-2,),
)
elementwise(
    "fast ripple on a slow slope",
    "stiff",
    lambda m, x: x + 1e-6 * m.sin(10000 * x),
    lambda x: 1 + 1e-2 * np.cos(1e4 * x),
    normal((3,)),
)
right(
    "rosenbrock",
    "stiff",
    lambda m, x: (1 - x[0]) ** 2 + 1e6 * (x[1] - x[0] ** 2) ** 2,
    lambda g, x: g * np.array([-2 * (1 - x[0]) - 4e6 * x[0] * (x[1] - x[0] ** 2), 2e6 * (x[1] - x[0] ** 2)]),
    normal((2,)),
)
elementwise("x^20", "stiff", lambda m, x: x**20, lambda x: 20 * x**19, normal((3,)))
elementwise(
    "sigmoid(500 x)",
    "stiff",
    lambda m, x: 1 / (1 + m.exp(-500 * x)),
    lambda x: 500 * sigmoid(500 * x) * sigmoid(-500 * x),
    lambda rng: (rng.normal(size=3) * 1e-2,),
)


# -- noisy --------------------------------------------------------------------------------------------------------
def single(x: Any) -> Any:
    return np.asarray(x, dtype=np.float32).astype(float)


def noisy_pair(f: Any, vjp: Any) -> Any:
    return lambda: (f, vjp)


right(
    "sin computed in single precision",
    "noisy",
    lambda m, x: m.sin(x),
    None,
    normal((3,)),
    make=noisy_pair(lambda x: single(np.sin(single(x))), lambda g, x: g * np.cos(x)),
)
right(
    "cancelling offset",
    "noisy",
    lambda m, x: m.sin(x),
    None,
    normal((3,)),
    make=noisy_pair(lambda x: (np.sin(x) + 1e6) - 1e6, lambda g, x: g * np.cos(x)),
)
right(
    "argument rounded at 1e5",
    "noisy",
    lambda m, x: m.exp(x),
    None,
    normal((3,)),
    make=noisy_pair(lambda x: np.exp((x + 1e5) - 1e5), lambda g, x: g * np.exp(x)),
)


def kepler(e: Any) -> Any:
    """Solve E - e sin E = 1 by fixed-point iteration to 1e-10."""
    out = []
    for v in np.ravel(e):
        old, new = 9.0, 1.0
        while abs(new - old) > 1e-10:
            old, new = new, 1.0 + v * np.sin(new)
        out.append(new)
    return np.array(out).reshape(np.shape(e))


def kepler_high(m: Any, e: Any) -> Any:
    out = []
    for v in np.ravel(e):
        new = v * 0 + 1
        for _ in range(120):
            new = 1 + v * m.sin(new)
        out.append(new)
    return np.array(out, dtype=object).reshape(np.shape(e))


right(
    "fixed point stopped at 1e-10",
    "noisy",
    kepler_high,
    None,
    uniform(0.05, 0.3, (2,)),
    make=noisy_pair(kepler, lambda g, e: g * np.sin(kepler(e)) / (1 - e * np.cos(kepler(e)))),
)
right(
    "cube root by bisection to 1e-9",
    "noisy",
    lambda m, x: m.cbrt(x),
    None,
    uniform(0.5, 4.0, (2,)),
    make=noisy_pair(lambda x: np.round(np.cbrt(x) / 1e-9) * 1e-9, lambda g, x: g / (3 * np.cbrt(x) ** 2)),
)
right(
    "variance by the bad formula",
    "noisy",
    lambda m, x: m.sum(x * x) / 5 - (m.sum(x) / 5) ** 2,
    lambda g, x: g * 2 * (x - x.mean()) / 5,
    lambda rng: (rng.normal(size=5) + 1000,),
)
right(
    "small deterministic noise",
    "noisy",
    lambda m, x: m.sum(x * x),
    None,
    normal((3,)),
    make=noisy_pair(lambda x: np.sum(x * x) + 1e-10 * np.sin(1e15 * np.sum(x)), lambda g, x: g * 2 * x),
)

# -- tiny and huge --------------------------------------------------------------------------------------------------
right("1e-20 x²", "tiny", lambda m, x: m.sum(x * x) * 1e-20, lambda g, x: g * 2e-20 * x, normal((3,)))
right("x² at 1e-100", "tiny", lambda m, x: m.sum(x * x), lambda g, x: g * 2 * x, logscale(-100, -90, (3,)))
right(
    "weights from 1 to 1e-12",
    "tiny",
    lambda m, x: m.sum(x * x * np.array([1.0, 1e-6, 1e-12])),
    lambda g, x: g * 2 * x * np.array([1.0, 1e-6, 1e-12]),
    normal((3,)),
)
elementwise("exp at 1e-20", "tiny", lambda m, x: m.exp(x), lambda x: np.exp(x), logscale(-20, -18, (3,)))
elementwise(
    "exp(-x²) in the tail", "tiny", lambda m, x: m.exp(-x * x), lambda x: -2 * x * np.exp(-x * x), uniform(4, 10, (3,))
)
right(
    "softmax of far-apart logits",
    "tiny",
    softmax,
    lambda g, x: softmax(np, x) * (g - np.sum(g * softmax(np, x))),
    lambda rng: (rng.normal(size=4) * 8,),
)
right(
    "logsumexp of far-apart logits",
    "tiny",
    lambda m, x: m.max(x) + m.log(m.sum(m.exp(x - m.max(x)))),
    lambda g, x: g * softmax(np, x),
    lambda rng: (rng.normal(size=4) * 15,),
)
right("1e20 x²", "huge", lambda m, x: m.sum(x * x) * 1e20, lambda g, x: g * 2e20 * x, normal((3,)))
elementwise("square at 1e100", "huge", lambda m, x: x * x, lambda x: 2 * x, logscale(90, 100, (3,)))
elementwise("log at 1e200", "huge", lambda m, x: m.log(x), lambda x: 1 / x, logscale(190, 200, (3,)))
elementwise("sin at 1e7", "huge", lambda m, x: m.sin(x), np.cos, lambda rng: (rng.normal(size=3) * 1e7,))
elementwise("exp at 600", "huge", lambda m, x: m.exp(x), np.exp, uniform(500, 650, (3,)))
elementwise(
    "1 + tiny slope on a huge offset", "huge", lambda m, x: 1000000 + x * 1e-3, lambda x: 0 * x + 1e-3, normal((3,))
)
elementwise(
    "softplus at ±500",
    "huge",
    lambda m, x: m.maximum(x, 0 * x) + m.log1p(m.exp(-abs(x))),
    sigmoid,
    lambda rng: (rng.uniform(-500, 500, 3),),
)

# -- conditioning ---------------------------------------------------------------------------------------------------
HILBERT = np.array([[1 / (i + j + 1) for j in range(5)] for i in range(5)])
right(
    "solve with a Hilbert matrix",
    "conditioning",
    lambda m, b: m.linalg.solve(HILBERT * (b[0] * 0 + 1), b),
    lambda g, b: np.linalg.solve(HILBERT.T, g),
    normal((5,)),
)
right(
    "inverse",
    "conditioning",
    lambda m, a: m.linalg.inv(a),
    lambda g, a: -np.linalg.inv(a).T @ g @ np.linalg.inv(a).T,
    normal((3, 3)),
)
right(
    "log determinant",
    "conditioning",
    lambda m, a: m.linalg.slogdet(a)[1],
    lambda g, a: g * np.linalg.inv(a).T,
    normal((3, 3)),
)
right(
    "determinant",
    "conditioning",
    lambda m, a: m.linalg.det(a),
    lambda g, a: g * np.linalg.det(a) * np.linalg.inv(a).T,
    normal((3, 3)),
)
right(
    "difference of near equals",
    "conditioning",
    lambda m, x, y: (x - y) ** 2,
    lambda g, x, y: (g * 2 * (x - y), -g * 2 * (x - y)),
    lambda rng: ((x := rng.normal(size=3)), x + 1e-6 * rng.normal(size=3)),
)
elementwise("expm1", "conditioning", lambda m, x: m.expm1(x), np.exp, logscale(-18, 0, (3,)))
elementwise("log1p", "conditioning", lambda m, x: m.log1p(x), lambda x: 1 / (1 + x), logscale(-18, 3, (3,)))

# -- structure --------------------------------------------------------------------------------------------------------
right(
    "broadcast row plus column",
    "structure",
    lambda m, x, y: x + y * y,
    lambda g, x, y: (g.sum(axis=1, keepdims=True), (2 * y * g).sum(axis=0, keepdims=True)),
    normal((3, 1), (1, 4)),
)
right("transpose is a view", "structure", lambda m, x: m.transpose(x), lambda g, x: g.T, normal((2, 3)))
right(
    "sum returns a read-only view",
    "structure",
    lambda m, x: m.sum(x),
    lambda g, x: np.broadcast_to(g, x.shape),
    normal((2, 3)),
)
right(
    "gather with repeats",
    "structure",
    lambda m, x: x[np.array([0, 0, 2, 0])],
    lambda g, x: np.bincount([0, 0, 2, 0], g, minlength=x.size),
    normal((3,)),
)
right("cumulative sum", "structure", lambda m, x: m.cumsum(x), lambda g, x: np.cumsum(g[::-1])[::-1], normal((5,)))
right("matrix product", "structure", lambda m, a, b: a @ b, lambda g, a, b: (g @ b.T, a.T @ g), normal((2, 3), (3, 4)))
right(
    "product with a zero",
    "structure",
    lambda m, x: m.prod(x),
    lambda g, x: g * np.array([np.prod(np.delete(x, i)) for i in range(x.size)]),
    at(([0.0, 2.0, 3.0],), ([0.0, 0.0, 3.0],)),
)
right(
    "an input that is not used",
    "structure",
    lambda m, x, y: m.sin(x),
    lambda g, x, y: (g * np.cos(x), np.zeros_like(y)),
    normal((3,), (2,)),
)
right("0-d", "structure", lambda m, x: x * x * x, lambda g, x: g * 3 * x * x, normal(()))
right("size 1", "structure", lambda m, x: m.sin(x), lambda g, x: g * np.cos(x), normal((1, 1)))
right("size 0", "structure", lambda m, x: x * 2, lambda g, x: g * 2, normal((0, 3)))
right(
    "layer normalisation",
    "structure",
    lambda m, x: (x - m.sum(x) / 4) / m.sqrt(m.sum((x - m.sum(x) / 4) ** 2) / 4 + 1e-5),
    lambda g, x: (lambda c, s: (g - g.mean() - c * (g * c).mean() / s**2) / s)(
        x - x.mean(), np.sqrt(((x - x.mean()) ** 2).mean() + 1e-5)
    ),
    normal((4,)),
)
right(
    "attention weights",
    "structure",
    lambda m, q, k: softmax(m, k @ q),
    lambda g, q, k: (lambda p: (lambda d: (k.T @ d, np.outer(d, q)))(p * (g - (g * p).sum())))(softmax(np, k @ q)),
    normal((3,), (4, 3)),
)
right(
    "cosine of the angle",
    "structure",
    lambda m, x, y: m.sum(x * y) / m.sqrt(m.sum(x * x) * m.sum(y * y)),
    lambda g, x, y: (lambda a, b, c: (g * (y / (a * b) - c * x / a**2), g * (x / (a * b) - c * y / b**2)))(
        np.linalg.norm(x), np.linalg.norm(y), x @ y / (np.linalg.norm(x) * np.linalg.norm(y))
    ),
    normal((3,), (3,)),
)
elementwise("float32", "precision", lambda m, x: m.sin(x), np.cos, lambda rng: (rng.normal(size=4).astype(np.float32),))
elementwise(
    "float32, stiff",
    "precision",
    lambda m, x: m.exp(8 * x),
    lambda x: (8 * np.exp(8 * x)).astype(x.dtype),
    lambda rng: (rng.normal(size=4).astype(np.float32),),
)
right(
    "float32 sum of squares",
    "precision",
    lambda m, x: m.sum(x * x),
    lambda g, x: (2 * g * x).astype(x.dtype),
    lambda rng: (rng.normal(size=50).astype(np.float32),),
)
