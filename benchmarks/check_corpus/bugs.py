"""Planted bugs: gradients that are wrong the way people get them wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .case import Corpus, at, logscale, normal, uniform
from .rights import sigmoid, softmax

corpus = Corpus()


def bug(name: str, category: str, f: Any, vjp: Any, sample: Any, **more: Any) -> None:
    corpus.add(name, category, False, f, vjp, sample, **more)


def elementwise(name: str, category: str, f: Any, derivative: Any, sample: Any) -> None:
    bug(name, category, f, lambda g, x: g * derivative(x), sample)


# -- formulas ---------------------------------------------------------------------------------------------------
n3 = normal((3,))
pos = uniform(0.2, 3.0, (3,))
for name, f, d, sample in [
    ("sin: sign", lambda m, x: m.sin(x), lambda x: -np.cos(x), n3),
    ("cos: missing minus", lambda m, x: m.cos(x), np.sin, n3),
    ("x³: factor 2", lambda m, x: x**3, lambda x: 2 * x**2, n3),
    ("x²: half", lambda m, x: x * x, lambda x: x, n3),
    ("exp: missing inner derivative", lambda m, x: m.exp(2 * x), lambda x: np.exp(2 * x), n3),
    ("log10: missing ln 10", lambda m, x: m.log10(x), lambda x: 1 / x, pos),
    ("log2: log of e instead of 2", lambda m, x: m.log2(x), lambda x: 1 / (x * np.log(2.7)), pos),
    ("tanh: 1 - t", lambda m, x: m.tanh(x), lambda x: 1 - np.tanh(x), n3),
    ("tanh: 1 - x²", lambda m, x: m.tanh(x), lambda x: 1 - x**2, n3),
    ("sigmoid: s instead of s(1-s)", lambda m, x: 1 / (1 + m.exp(-x)), sigmoid, n3),
    ("sigmoid: s(1+s)", lambda m, x: 1 / (1 + m.exp(-x)), lambda x: sigmoid(x) * (1 + sigmoid(x)), n3),
    ("sqrt: missing half", lambda m, x: m.sqrt(x), lambda x: 1 / np.sqrt(x), pos),
    ("sqrt: half x", lambda m, x: m.sqrt(x), lambda x: 0.5 / x, pos),
    ("1/x: sign", lambda m, x: 1 / x, lambda x: 1 / x**2, pos),
    ("1/x: power", lambda m, x: 1 / x, lambda x: -1 / x, pos),
    ("arctan: sqrt", lambda m, x: m.arctan(x), lambda x: 1 / np.sqrt(1 + x**2), n3),
    ("arcsin: missing root", lambda m, x: m.arcsin(x), lambda x: 1 / (1 - x**2), uniform(-0.9, 0.9, (3,))),
    ("x^x: only the power rule", lambda m, x: m.exp(x * m.log(x)), lambda x: x * x ** (x - 1), pos),
    ("x e^x: product rule forgotten", lambda m, x: x * m.exp(x), np.exp, n3),
    ("log1p: 1/x", lambda m, x: m.log1p(x), lambda x: 1 / x, pos),
    (
        "gelu (tanh): inner factor 3 forgotten",
        lambda m, x: x / 2 * (1 + m.tanh(0.79788456 * (x + 0.044715 * x**3))),
        lambda x: (lambda t: 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * 0.79788456 * (1 + 0.044715 * x * x))(
            np.tanh(0.79788456 * (x + 0.044715 * x**3))
        ),
        n3,
    ),
    ("swish: missing second term", lambda m, x: x / (1 + m.exp(-x)), sigmoid, n3),
    ("softplus: tanh", lambda m, x: m.log1p(m.exp(x)), np.tanh, n3),
    ("sinh: sinh", lambda m, x: m.sinh(x), np.sinh, n3),
    ("cbrt: power -1/3", lambda m, x: m.cbrt(x), lambda x: 1 / (3 * np.cbrt(x)), pos),
]:
    elementwise(name, "formulas", f, d, sample)

# -- scale: small errors and small numbers ------------------------------------------------------------------------
for k in (2, 3, 4, 5, 6):
    elementwise(
        f"sin: factor 1 + 1e-{k}", "scale", lambda m, x: m.sin(x), lambda x, k=k: np.cos(x) * (1 + 10.0**-k), n3
    )
elementwise("exp: factor 1 - 1e-4", "scale", lambda m, x: m.exp(x), lambda x: np.exp(x) * (1 - 1e-4), n3)
bug("1e-8 x²: factor 2", "scale", lambda m, x: m.sum(x * x) * 1e-8, lambda g, x: g * 4e-8 * x, n3)
bug("1e-20 x²: sign", "scale", lambda m, x: m.sum(x * x) * 1e-20, lambda g, x: -g * 2e-20 * x, n3)
bug(
    "1e-12 beside 1: factor 2 in the small one",
    "scale",
    lambda m, x: m.sum(x * x * np.array([1.0, 1e-12])),
    lambda g, x: g * x * np.array([2.0, 4e-12]),
    uniform(0.5, 2, (2,)),
)
bug("x² at 1e-6: zero", "scale", lambda m, x: m.sum(x * x), lambda g, x: 0 * x, logscale(-7, -5, (3,)))
bug(
    "gradient flushed to zero below 1e-6",
    "scale",
    lambda m, x: m.sum(x**3),
    lambda g, x: g * np.where(3 * x * x < 1e-6, 0, 3 * x * x),
    logscale(-5, -3.5, (3,)),
)
bug("1e10 x: off by 1e3", "scale", lambda m, x: m.sum(x) * 1e10, lambda g, x: g * (1e10 + 1e3) + 0 * x, n3)
bug(
    "epsilon added to a denominator", "scale", lambda m, x: m.log(x), lambda g, x: g / (x + 1e-6), logscale(-3, 0, (3,))
)
bug(
    "epsilon in a square root",
    "scale",
    lambda m, x: m.sqrt(m.sum(x * x)),
    lambda g, x: g * x / np.sqrt(np.sum(x * x) + 1e-5),
    n3,
)
bug(
    "one coordinate of 200, 1e-3",
    "scale",
    lambda m, x: m.sin(x),
    lambda g, x: g * np.cos(x) * np.where(np.arange(200) == 137, 1.001, 1),
    normal((200,)),
)
bug(
    "one coordinate of 200 is zero",
    "scale",
    lambda m, x: m.sum(m.sin(x) * m.cos(x)),
    lambda g, x: g * np.cos(2 * x) * (np.arange(200) != 61),
    normal((200,)),
)
bug(
    "tail of exp(-x²) cut off",
    "scale",
    lambda m, x: m.exp(-x * x),
    lambda g, x: g * np.where(np.abs(x) > 4, 0, -2 * x * np.exp(-x * x)),
    uniform(3.5, 7, (4,)),
)

# -- regions ----------------------------------------------------------------------------------------------------
wide = lambda rng: (rng.normal(size=20) * 3,)
bug("relu: slope 1 below zero", "regions", lambda m, x: m.maximum(x, 0 * x), lambda g, x: g * np.ones_like(x), n3)
bug(
    "leaky relu: slope lost below zero",
    "regions",
    lambda m, x: m.where(x > 0, x, x * 0.01),
    lambda g, x: g * (x > 0),
    wide,
)
bug("abs: no sign", "regions", lambda m, x: abs(x), lambda g, x: g * np.ones_like(x), wide)
bug("sin: wrong beyond 5", "regions", lambda m, x: m.sin(x), lambda g, x: g * np.where(x > 5, 1, np.cos(x)), wide)
bug("exp: clipped beyond 3", "regions", lambda m, x: m.exp(x), lambda g, x: g * np.exp(np.minimum(x, 3)), wide)
bug(
    "tanh: zero when saturated",
    "regions",
    lambda m, x: m.tanh(x),
    lambda g, x: g * np.where(np.abs(x) > 3, 0, 1 - np.tanh(x) ** 2),
    wide,
)
bug(
    "elu: below zero",
    "regions",
    lambda m, x: m.where(x > 0, x, m.exp(m.minimum(x, 0 * x)) - 1),
    lambda g, x: g * np.where(x > 0, 1, np.exp(np.minimum(x, 0)) - 1),
    wide,
)
bug(
    "clip: gradient outside",
    "regions",
    lambda m, x: m.minimum(m.maximum(x, 0 * x - 1), 0 * x + 1),
    lambda g, x: g * (x > -1),
    wide,
)
bug(
    "huber: linear part",
    "regions",
    lambda m, x: m.where(abs(x) <= 1, x * x / 2, abs(x) - 0.5),
    lambda g, x: g * x,
    wide,
)
bug("power: |x| for negative x", "regions", lambda m, x: x**3, lambda g, x: g * 3 * np.abs(x) * x, wide)
bug(
    "branch in one entry in fifty",
    "regions",
    lambda m, x: x * x,
    lambda g, x: g * 2 * x * np.where(np.floor(x * 50) % 50 == 7, 1.5, 1),
    lambda rng: (rng.uniform(0, 1, 50),),
)
bug("max: second largest", "regions", lambda m, x: m.max(x), lambda g, x: g * (x == np.sort(x)[-2]), n3)
bug(
    "relu at 0: slope 2",
    "kinks",
    lambda m, x: m.maximum(x, 0 * x),
    lambda g, x: g * np.where(x == 0, 2, x > 0),
    at(([0.0, 1.0],)),
)
bug("abs at 0: nan", "kinks", lambda m, x: abs(x), lambda g, x: g * x / np.abs(x), at(([0.0, 1.0],)))
bug(
    "max: every tie gets all",
    "kinks",
    lambda m, x: m.max(x),
    lambda g, x: g * (x == x.max()),
    at(([1.0, 1.0, 0.0],), ([2.0, 2.0, 2.0],)),
)
bug(
    "maximum(x, y): both get all at a tie",
    "kinks",
    lambda m, x, y: m.maximum(x, y),
    lambda g, x, y: (g * (x >= y), g * (y >= x)),
    at(([1.0, 2.0], [1.0, 3.0]), ([0.0, 0.0], [0.0, 0.0])),
)
bug(
    "minimum(x, y): none gets any at a tie",
    "kinks",
    lambda m, x, y: m.minimum(x, y),
    lambda g, x, y: (g * (x < y), g * (y < x)),
    at(([1.0, 2.0], [1.0, 3.0]), ([0.0, 0.0], [0.0, 0.0])),
)
bug(
    "norm at 0: nan",
    "kinks",
    lambda m, x: m.sqrt(m.sum(x * x)),
    lambda g, x: g * x / np.sqrt(np.sum(x * x)),
    at(([0.0, 0.0],)),
)
bug(
    "x|x| at 0: slope 1",
    "kinks",
    lambda m, x: x * abs(x),
    lambda g, x: g * np.where(x == 0, 1, 2 * np.abs(x)),
    at(([0.0, 1.0],)),
)
bug(
    "rounding with a straight-through slope",
    "kinks",
    lambda m, x: m.floor(x * 4) / 4,
    lambda g, x: g * np.ones_like(x),
    n3,
)
bug(
    "relu of a difference: side swapped",
    "kinks",
    lambda m, x, y: m.maximum(x - y, 0 * x),
    lambda g, x, y: (g * (x > y), g * (x > y)),
    normal((3,), (3,)),
)

# -- broadcasting -------------------------------------------------------------------------------------------------
row_col = normal((3, 1), (1, 4))
bug(
    "x + y: sum over the wrong axis kept",
    "broadcasting",
    lambda m, x, y: x + y * y,
    lambda g, x, y: (g.sum(axis=1, keepdims=True), (2 * y * g)[:1]),
    row_col,
)
bug(
    "x + y: mean instead of sum",
    "broadcasting",
    lambda m, x, y: x + y,
    lambda g, x, y: (g.mean(axis=1, keepdims=True), g.sum(axis=0, keepdims=True)),
    row_col,
)
bug(
    "x + y: not summed", "broadcasting", lambda m, x, y: x + y, lambda g, x, y: (g * 1.0, g * 1.0), normal((2, 3), (3,))
)
bug("x * y: not summed", "broadcasting", lambda m, x, y: x * y, lambda g, x, y: (g * y, g * x), normal((2, 3), (3,)))
bug(
    "x * y: first row only",
    "broadcasting",
    lambda m, x, y: x * y,
    lambda g, x, y: (g * y, (g * x)[0]),
    normal((2, 3), (3,)),
)
bug(
    "scalar bias: gradient not summed",
    "broadcasting",
    lambda m, x, b: x + b,
    lambda g, x, b: (g * 1.0, g[0] * 1.0),
    normal((4,), ()),
)
bug(
    "scalar bias: shape (1,)",
    "broadcasting",
    lambda m, x, b: x + b,
    lambda g, x, b: (g * 1.0, g.sum(keepdims=True)),
    normal((4,), ()),
)
bug(
    "keepdims lost",
    "broadcasting",
    lambda m, x, y: x * y,
    lambda g, x, y: (g * y, (g * x).sum(axis=1)),
    normal((2, 3), (2, 1)),
)
bug(
    "matrix plus vector: wrong axis (square)",
    "broadcasting",
    lambda m, a, b: a + b,
    lambda g, a, b: (g * 1.0, g.sum(axis=1)),
    normal((3, 3), (3,)),
)
bug("mean: 1/n forgotten", "broadcasting", lambda m, x: m.sum(x * x) / x.size, lambda g, x: g * 2 * x, n3)
bug(
    "mean over an axis: divided by size",
    "broadcasting",
    lambda m, x: m.sum(x, axis=0) / 2,
    lambda g, x: np.ones_like(x) * g / x.size,
    normal((2, 3)),
)
bug("0-d gradient where (1,) is due", "broadcasting", lambda m, x: x * x, lambda g, x: np.sum(2 * g * x), normal((1,)))

# -- structure ------------------------------------------------------------------------------------------------------
sq = normal((3, 3), (3, 3))
bug("a @ b: transpose forgotten", "structure", lambda m, a, b: a @ b, lambda g, a, b: (g @ b, a.T @ g), sq)
bug("a @ b: swapped", "structure", lambda m, a, b: a @ b, lambda g, a, b: (a.T @ g, g @ b.T), sq)
bug(
    "a @ v: outer transposed",
    "structure",
    lambda m, a, v: a @ v,
    lambda g, a, v: (np.outer(v, g), a.T @ g),
    normal((3, 3), (3,)),
)
bug(
    "transpose: reshape instead",
    "structure",
    lambda m, x: m.transpose(x) * 1,
    lambda g, x: g.reshape(x.shape) * 1.0,
    normal((2, 3)),
)
bug(
    "gather: repeats overwrite",
    "structure",
    lambda m, x: x[np.array([0, 0, 2, 0])],
    lambda g, x: (lambda r: (r.__setitem__([0, 0, 2, 0], g), r)[1])(np.zeros_like(x)),
    n3,
)
bug("x·x: one use counted", "structure", lambda m, x: m.sum(x * x), lambda g, x: g * x, n3)
bug("reused input: last contribution wins", "structure", lambda m, x: m.sin(x) + x * x, lambda g, x: g * 2 * x, n3)
bug("cumulative sum: not reversed", "structure", lambda m, x: m.cumsum(x), lambda g, x: np.cumsum(g), normal((5,)))
bug("reverse forgotten", "structure", lambda m, x: x[::-1] * 2, lambda g, x: g * 2, normal((4,)))
bug("sort: permutation not inverted", "structure", lambda m, x: m.sort(x), lambda g, x: g[np.argsort(x)], normal((5,)))
bug(
    "softmax: diagonal only", "structure", softmax, lambda g, x: g * softmax(np, x) * (1 - softmax(np, x)), normal((4,))
)
bug("softmax: gradient p·g", "structure", softmax, lambda g, x: g * softmax(np, x), normal((4,)))
bug(
    "prod: divides by x at a zero",
    "structure",
    lambda m, x: m.prod(x),
    lambda g, x: g * np.prod(x) / np.where(x == 0, 1, x),
    at(([0.0, 2.0, 3.0],)),
)
bug(
    "inverse: transposes forgotten",
    "structure",
    lambda m, a: m.linalg.inv(a),
    lambda g, a: -np.linalg.inv(a) @ g @ np.linalg.inv(a),
    normal((3, 3)),
)
bug(
    "log determinant: not transposed",
    "structure",
    lambda m, a: m.linalg.slogdet(a)[1],
    lambda g, a: g * np.linalg.inv(a),
    normal((3, 3)),
)
bug(
    "solve: matrix not transposed",
    "structure",
    lambda m, a, b: m.linalg.solve(a, b),
    lambda g, a, b: (lambda w: (-np.outer(w, np.linalg.solve(a, b)), w))(np.linalg.solve(a, g)),
    normal((3, 3), (3,)),
)
bug(
    "second input ignored",
    "structure",
    lambda m, x, y: m.sum(x * y),
    lambda g, x, y: (g * y, 0 * y),
    normal((3,), (3,)),
)
bug(
    "layer norm: mean term dropped",
    "structure",
    lambda m, x: (x - m.sum(x) / 4) / m.sqrt(m.sum((x - m.sum(x) / 4) ** 2) / 4 + 1e-5),
    lambda g, x: g / np.sqrt(x.var() + 1e-5),
    normal((4,)),
)
bug(
    "convolution: kernel not flipped",
    "structure",
    lambda m, x, k: np.array([x[i] * k[0] + x[i + 1] * k[1] for i in range(4)]),
    lambda g, x, k: (np.convolve(g, k[::-1]), np.array([g @ x[:4], g @ x[1:]])),
    normal((5,), (2,)),
)
bug(
    "division: denominator's sign",
    "structure",
    lambda m, x, y: x / y,
    lambda g, x, y: (g / y, g * x / y**2),
    uniform(0.5, 2, (3,), (3,)),
)
bug(
    "arctan2: arguments swapped",
    "structure",
    lambda m, y, x: m.arctan2(y, x),
    lambda g, y, x: (-g * y / (x**2 + y**2), g * x / (x**2 + y**2)),
    uniform(0.5, 2, (3,), (3,)),
)
bug(
    "power: exponent's log forgotten",
    "structure",
    lambda m, x, p: m.exp(p * m.log(x)),
    lambda g, x, p: (g * p * x ** (p - 1), g * x**p),
    uniform(0.5, 2, (3,), (3,)),
)
bug(
    "last entry dropped",
    "structure",
    lambda m, x: m.sum(m.sin(x)),
    lambda g, x: g * np.cos(x) * (np.arange(x.size) < x.size - 1),
    normal((6,)),
)
bug(
    "None for an input that matters",
    "structure",
    lambda m, x, y: x * y,
    lambda g, x, y: (g * y, None),
    normal((3,), (3,)),
)

# -- precision ----------------------------------------------------------------------------------------------------
bug(
    "computed in single precision",
    "precision",
    lambda m, x: m.sin(x),
    lambda g, x: (g.astype(np.float32) * np.cos(x.astype(np.float32))).astype(float),
    n3,
)
bug(
    "returned in single precision",
    "precision",
    lambda m, x: m.sin(x),
    lambda g, x: (g * np.cos(x)).astype(np.float32),
    n3,
)
bug(
    "half precision inside",
    "precision",
    lambda m, x: m.exp(x),
    lambda g, x: g * np.exp(x).astype(np.float16).astype(float),
    n3,
)
bug(
    "float64 gradient for float32",
    "precision",
    lambda m, x: m.sin(x),
    lambda g, x: (g * np.cos(x)).astype(float),
    lambda rng: (rng.normal(size=3).astype(np.float32),),
)
bug("pi as 3.1416", "precision", lambda m, x: m.sin(np.pi * x), lambda g, x: g * 3.1416 * np.cos(np.pi * x), n3)
bug(
    "finite difference with step 1e-3",
    "precision",
    lambda m, x: m.exp(x),
    lambda g, x: g * (np.exp(x + 1e-3) - np.exp(x)) / 1e-3,
    n3,
)
bug(
    "finite difference with step 1e-8",
    "precision",
    lambda m, x: m.sin(x),
    lambda g, x: g * (np.sin(x + 1e-8) - np.sin(x)) / 1e-8,
    n3,
)
bug(
    "1 - cos by cancellation",
    "precision",
    lambda m, x: x - m.sin(x),
    lambda g, x: g * (1 - np.cos(x)),
    logscale(-7, -6, (3,)),
)
bug(
    "truncated series",
    "precision",
    lambda m, x: m.exp(x),
    lambda g, x: g * (1 + x + x**2 / 2 + x**3 / 6 + x**4 / 24 + x**5 / 120),
    n3,
)
bug("gradient rounded to 4 digits", "precision", lambda m, x: m.sin(x), lambda g, x: np.round(g * np.cos(x), 4), n3)
bug(
    "float32, factor 1 + 1e-3",
    "precision",
    lambda m, x: m.sin(x),
    lambda g, x: (g * np.cos(x) * 1.001).astype(np.float32),
    lambda rng: (rng.normal(size=3).astype(np.float32),),
)
bug("integers inside", "precision", lambda m, x: x * x, lambda g, x: g * np.round(2 * x), n3)

# -- cotangent ------------------------------------------------------------------------------------------------------
for name, change in [
    ("ignored", lambda g: np.ones_like(g)),
    ("absolute value", np.abs),
    ("squared", lambda g: g * g),
    ("clipped at 1", lambda g: np.clip(g, -1, 1)),
    ("clipped at 1e6", lambda g: np.clip(g, -1e6, 1e6)),
    ("negative part lost", lambda g: np.maximum(g, 0)),
    ("mean", lambda g: np.full_like(g, g.mean())),
    ("sum", lambda g: np.full_like(g, g.sum())),
    ("first entry only", lambda g: np.full_like(g, g.ravel()[0])),
    ("below 1e-8 dropped", lambda g: np.where(np.abs(g) < 1e-8, 0, g)),
    ("plus 1e-9", lambda g: g + 1e-9),
    ("normalised", lambda g: g / np.sqrt(np.sum(g * g))),
    ("rounded to integers", np.round),
    ("in half precision", lambda g: g.astype(np.float16).astype(float)),
    ("reversed", lambda g: g[::-1]),
    ("sign only", np.sign),
    ("saturating", lambda g: 1e3 * np.tanh(g / 1e3)),
]:
    bug(
        f"cotangent: {name}",
        "cotangent",
        lambda m, x: m.sin(x),
        lambda g, x, change=change: change(g) * np.cos(x),
        normal((4,)),
    )
bug("scalar cotangent ignored", "cotangent", lambda m, x: m.sum(x * x), lambda g, x: 2 * x, n3)
bug(
    "scalar cotangent: 1 assumed beyond sign",
    "cotangent",
    lambda m, x: m.sum(m.sin(x)),
    lambda g, x: np.sign(g) * np.cos(x),
    n3,
)


# -- protocol -------------------------------------------------------------------------------------------------------
def protocol(name: str, f: Any, make: Callable[[], Any], sample: Any, breach: Any = None) -> None:
    bug(name, "protocol", f, None, sample, make=make, breach=breach)


def changes_input(f: Any, vjp: Any, xs: Any) -> bool:
    x = [a.copy() for a in xs]
    vjp(np.ones_like(f(*xs)), *x)
    return any(not np.array_equal(a, b) for a, b in zip(x, xs))


def changes_cotangent(f: Any, vjp: Any, xs: Any) -> bool:
    g = np.full_like(f(*xs), 2.0)
    vjp(g, *[a.copy() for a in xs])
    return not np.all(g == 2)


def differs_when_repeated(f: Any, vjp: Any, xs: Any) -> bool:
    g = np.ones_like(f(*xs))
    return any(not np.array_equal(np.copy(vjp(g, *xs)), vjp(g, *xs)) for _ in range(3))


def overwritten(f: Any, vjp: Any, xs: Any) -> bool:
    g = np.ones_like(f(*xs))
    first = vjp(g, *xs)
    kept = np.copy(first)
    vjp(3 * g, *xs)
    return not np.array_equal(first, kept)


def shares(f: Any, vjp: Any, xs: Any) -> bool:
    r = vjp(np.ones_like(f(*xs)), *xs)
    r = r if isinstance(r, tuple) else (r,)
    others = list(xs) + list(r)
    return (
        any(
            np.shares_memory(a, b) and a is not b or (i < len(r) - 1 and a is r[i + 1])
            for i, a in enumerate(r)
            for b in xs
        )
        or (len(r) > 1 and np.shares_memory(r[0], r[1]))
        or not others
    )


def stale(f: Any, vjp: Any, xs: Any) -> bool:
    """Right after f at the same point, wrong after f elsewhere; or wrong at a second point."""
    g = np.ones_like(f(*xs))
    first = np.copy(vjp(g, *xs))
    other = tuple(a + 0.25 for a in xs)
    f(*other)
    second = np.copy(vjp(g, *other))
    f(*xs)
    f(*other)
    return not np.array_equal(first, vjp(g, *xs)) or np.array_equal(first, second)


def refilled(f: Any, vjp: Any, xs: Any) -> bool:
    g = np.ones_like(f(*xs))
    buffer = xs[0].copy()
    vjp(g, buffer)
    buffer += 0.5
    return not np.allclose(vjp(g, buffer), vjp(g, buffer.copy()))


def layout(f: Any, vjp: Any, xs: Any) -> bool:
    g = np.ones_like(f(*xs))
    plain = vjp(g, *xs)
    for change in (np.asfortranarray, lambda a: np.repeat(a, 2, axis=-1)[..., ::2], read_only):
        try:
            if not np.allclose(vjp(change(g), *[change(a) for a in xs]), plain):
                return True
        except ValueError:
            return True
    return False


def read_only(a: Any) -> Any:
    a = np.array(a)
    a.flags.writeable = False
    return a


def _inplace_x() -> Any:
    def vjp(g: Any, x: Any) -> Any:
        r = g * np.cos(x)
        x *= 1.0001
        return r

    return np.sin, vjp


def _inplace_g() -> Any:
    def vjp(g: Any, x: Any) -> Any:
        g *= np.cos(x)
        return g

    return np.sin, vjp


def _accumulates() -> Any:
    total: list[Any] = []

    def vjp(g: Any, x: Any) -> Any:
        total.append(g * np.cos(x))
        return sum(total)

    return np.sin, vjp


def _buffer() -> Any:
    out = np.zeros(3)

    def vjp(g: Any, x: Any) -> Any:
        return np.multiply(g, np.cos(x), out=out)

    return np.sin, vjp


def _last_f() -> Any:
    seen: dict[str, Any] = {}

    def f(x: Any) -> Any:
        seen["x"] = np.array(x)
        return np.sin(x)

    return f, lambda g, x: g * np.cos(seen["x"])


def _cache(key: Callable[[Any], Any]) -> Callable[[], Any]:
    def make() -> Any:
        seen: dict[Any, Any] = {}

        def vjp(g: Any, x: Any) -> Any:
            if key(x) not in seen:
                seen[key(x)] = (x, np.cos(x))
            return g * seen[key(x)][1]

        return np.sin, vjp

    return make


def _random() -> Any:
    rng = np.random.default_rng(0)
    return np.sin, lambda g, x: g * np.cos(x) * (1 + 1e-9 * rng.normal())


def _cached_result() -> Any:
    seen: dict[Any, Any] = {}

    def vjp(g: Any, x: Any) -> Any:
        key = (g.tobytes(), x.tobytes())
        if key not in seen:
            seen[key] = g * np.cos(x)
        return seen[key]

    return np.sin, vjp


def adds_up(f: Any, vjp: Any, xs: Any) -> bool:
    g = np.ones_like(f(*xs))
    r = vjp(g, *xs)
    before = np.copy(r)
    r += 1
    return not np.array_equal(vjp(g, *xs), before)


def _every_third() -> Any:
    count = [0]

    def vjp(g: Any, x: Any) -> Any:
        count[0] += 1
        return g * np.cos(x) * (0 if count[0] % 3 == 0 else 1)

    return np.sin, vjp


def _f_buffer() -> Any:
    out = np.zeros(3)
    return (lambda x: np.sin(x, out=out)), lambda g, x: g * np.cos(x)


def f_overwritten(f: Any, vjp: Any, xs: Any) -> bool:
    y = f(*xs)
    kept = y.copy()
    f(xs[0] + 1)
    return not np.array_equal(kept, y)


def _half_square(g: Any, x: Any) -> Any:
    return x if g == 1 else g * x


sine = lambda m, x: m.sin(x)
protocol("changes its input", sine, _inplace_x, n3, changes_input)
protocol("changes the cotangent", sine, _inplace_g, n3, changes_cotangent)
protocol("accumulates over calls", sine, _accumulates, n3, differs_when_repeated)
protocol("one output buffer", sine, _buffer, n3, overwritten)
protocol("uses what f saw last", sine, _last_f, n3, stale)
protocol("cache by shape", sine, _cache(lambda x: np.shape(x)), n3, stale)
protocol("cache by object", sine, _cache(id), n3, refilled)
protocol("cache without a key", sine, _cache(lambda x: 0), n3, stale)
protocol("random in the 9th digit", sine, _random, n3, differs_when_repeated)
protocol("returns its cache", sine, _cached_result, n3, adds_up)
protocol("every third call is zero", sine, _every_third, n3, differs_when_repeated)
protocol("f reuses its output", sine, _f_buffer, n3, f_overwritten)
protocol(
    "one array for both inputs",
    lambda m, x, y: x + y,
    lambda: (np.add, lambda g, x, y: ((r := g * 1.0), r)),
    normal((3,), (3,)),
    shares,
)
protocol(
    "returns its input",
    lambda m, x: m.sum(x * x) / 2,
    lambda: (lambda x: np.sum(x * x) / 2, _half_square),
    n3,
    lambda f, v, xs: np.shares_memory(v(1.0, *xs), xs[0]),
)
protocol(
    "reads memory order",
    lambda m, x: x * x,
    lambda: (lambda x: x * x, lambda g, x: g * 2 * x.ravel(order="K").reshape(x.shape)),
    normal((2, 3)),
    layout,
)
protocol(
    "writes to a read-only input",
    lambda m, x: x * x,
    lambda: (lambda x: x * x, lambda g, x: (lambda r: (x.__iadd__(0), r)[1])(2 * g * x)),
    n3,
    layout,
)
protocol(
    "nan for one entry",
    sine,
    lambda: (np.sin, lambda g, x: g * np.cos(x) * np.array([1, np.nan, 1])),
    n3,
    lambda f, v, xs: np.isnan(v(f(*xs), *xs)).any(),
)
protocol(
    "gradient as float32 list shape",
    sine,
    lambda: (np.sin, lambda g, x: (g * np.cos(x)).reshape(1, -1)),
    n3,
    lambda f, v, xs: v(f(*xs), *xs).shape != xs[0].shape,
)
