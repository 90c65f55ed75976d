"""A second corpus, written after the thresholds were chosen on the first and never used to choose any.

Run: ``python -m benchmarks.check_corpus.second``.
"""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import numpy as np

from autograd.check import check_vjp

from .case import Corpus, logscale, normal, uniform

corpus = Corpus()


def both(name: str, f: Any, right: Any, wrong: Any, sample: Any) -> None:
    """A right gradient, and a bug in it."""
    corpus.add(name, "right", True, lambda m, *xs: f(*xs), right, sample)
    corpus.add(f"{name}: bug", "bug", False, lambda m, *xs: f(*xs), wrong, sample)


def student(x: Any) -> Any:
    return -2.0 * np.log1p(x * x / 3.0)


both("student's log density", student, lambda g, x: -4 * g * x / (3 + x * x), lambda g, x: -2 * g * x / (3 + x * x),
     normal((4,)))  # fmt: skip
both("log of a sum of cosh", lambda x: np.log(np.sum(np.cosh(x))), lambda g, x: g * np.sinh(x) / np.sum(np.cosh(x)),
     lambda g, x: g * np.tanh(x) / x.size, logscale(-9, 0.5, (3,)))  # fmt: skip
both("Michaelis-Menten", lambda v, k: v / (k + v), lambda g, v, k: (g * k / (k + v) ** 2, -g * v / (k + v) ** 2),
     lambda g, v, k: (g * k / (k + v) ** 2, -g / (k + v)), uniform(0.1, 3, (3,), (3,)))  # fmt: skip
both("trace of a product", lambda a, b: np.trace(a @ b), lambda g, a, b: (g * b.T, g * a.T),
     lambda g, a, b: (g * b, g * a), normal((3, 3), (3, 3)))  # fmt: skip
both("quadratic form", lambda a, x: x @ a @ x, lambda g, a, x: (g * np.outer(x, x), g * (a + a.T) @ x),
     lambda g, a, x: (g * np.outer(x, x), g * 2 * a @ x), normal((3, 3), (3,)))  # fmt: skip
both("log1p of exp, squared", lambda x: np.log1p(np.exp(x)) ** 2,
     lambda g, x: 2 * g * np.log1p(np.exp(x)) / (1 + np.exp(-x)),
     lambda g, x: 2 * g * np.log1p(np.exp(x)), normal((4,)))  # fmt: skip
both("smallest of differences", lambda x: np.min(np.abs(np.diff(x))),
     lambda g, x: g * (lambda d, k: np.sign(d[k]) * (np.eye(x.size)[k + 1] - np.eye(x.size)[k]))(
         np.diff(x), np.argmin(np.abs(np.diff(x)))),
     lambda g, x: g * (lambda d, k: np.eye(x.size)[k + 1] - np.eye(x.size)[k])(
         np.diff(x), np.argmin(np.abs(np.diff(x)))) * 1.0, normal((6,)))  # fmt: skip
both("soft threshold", lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0), lambda g, x: g * (np.abs(x) > 0.5),
     lambda g, x: g * (x > 0.5), normal((6,)))  # fmt: skip
both("centred norm", lambda x: np.sqrt(np.sum((x - x.mean()) ** 2)),
     lambda g, x: g * (x - x.mean()) / np.sqrt(np.sum((x - x.mean()) ** 2)),
     lambda g, x: g * (x - x.mean()) / np.sqrt(np.sum(x**2)), normal((5,)))  # fmt: skip
both("cumulative product", lambda x: np.cumprod(x),
     lambda g, x: np.cumsum((g * np.cumprod(x))[::-1])[::-1] / x,
     lambda g, x: np.cumsum(g * np.cumprod(x)) / x, uniform(0.5, 2, (4,)))  # fmt: skip
both("Planck's law", lambda x: x**3 / np.expm1(x),
     lambda g, x: g * (3 * x**2 / np.expm1(x) - x**3 * np.exp(x) / np.expm1(x) ** 2),
     lambda g, x: g * (3 * x**2 / np.expm1(x) - x**3 / np.expm1(x) ** 2), logscale(-6, 1, (3,)))  # fmt: skip
both("tiny beside huge", lambda x: 1e8 + x[0] + 1e-6 * x[1], lambda g, x: g * np.array([1.0, 1e-6]),
     lambda g, x: g * np.array([1.01, 1e-6]), normal((2,)))  # fmt: skip
both("rounded to 1e-7", lambda x: np.round(np.exp(x) / 1e-7) * 1e-7, lambda g, x: g * np.exp(x),
     lambda g, x: g * np.exp(x) * 1.05, uniform(-1, 1, (3,)))  # fmt: skip
both("float32 logistic loss", lambda x: np.log1p(np.exp(-x)), lambda g, x: -g / (1 + np.exp(x)),
     lambda g, x: -g / (1 + np.exp(-x)), lambda rng: (rng.normal(size=4).astype(np.float32) * 3,))  # fmt: skip
both("von Mises", lambda x, k: k * np.cos(x - 1), lambda g, x, k: (-g * k * np.sin(x - 1), g * np.cos(x - 1)),
     lambda g, x, k: (-g * k * np.sin(x), g * np.cos(x - 1)), normal((3,), (3,)))  # fmt: skip
both("Frobenius norm of an inverse", lambda a: np.sum(np.linalg.inv(a) ** 2),
     lambda g, a: (lambda w: -2 * g * w.T @ w @ w.T)(np.linalg.inv(a)),
     lambda g, a: (lambda w: -2 * g * w @ w @ w)(np.linalg.inv(a)), normal((3, 3)))  # fmt: skip


def main(draws: int = 3) -> None:
    """Print how many bugs are missed and how many right gradients accused."""
    warnings.simplefilter("ignore")
    rng, counts, names = np.random.default_rng(5), Counter[str](), []
    for case in corpus.cases:
        with np.errstate(all="ignore"):
            found = [str(check_vjp(*case.pair(), *case.sample(rng)).verdict) for _ in range(draws)]
        counts.update(f"{case.category}: {verdict}" for verdict in found)
        if ("wrong" in found) == case.right:
            names.append(case.name)
    print(f"{len(corpus.cases)} cases, {draws} points each: {dict(counts)}; misjudged: {names or 'none'}")


if __name__ == "__main__":
    main()
