"""Prove the labels of the corpus: mpmath at 60 digits against what each gradient claims.

Run: ``python -m benchmarks.check_corpus.prove``. Exit status 1 if a label is false.
"""

from __future__ import annotations

import sys
from typing import Any

import mpmath
import numpy as np

from .bugs import corpus as bugs
from .case import Case, High
from .rights import corpus as rights

DRAWS = 10


def slopes(case: Case, xs: tuple[Any, ...], input_: int, flat: int) -> tuple[Any, Any]:
    """The left and right derivative of every output along one coordinate, at 60 digits."""
    exact = [np.frompyfunc(lambda v: mpmath.mpf(float(v)), 1, 1)(np.asarray(x)) for x in xs]
    exact = [e if isinstance(e, np.ndarray) else np.array(e, dtype=object) for e in exact]
    scale = abs(exact[input_].ravel()[flat]) or mpmath.mpf(1)

    def value(h: Any) -> Any:
        moved = [e.copy() for e in exact]
        if moved[input_].ndim:
            moved[input_].ravel()[flat] += h
        else:
            moved[input_] = np.array(moved[input_][()] + h, dtype=object)
        return np.ravel(np.array(case.f(High, *[m if m.ndim else m[()] for m in moved]), dtype=object))

    h = scale * mpmath.mpf(10) ** -25
    y0 = value(0)

    def real(y: Any) -> bool:
        return all(mpmath.im(v) == 0 and mpmath.isfinite(v) for v in y)

    # Second-order one-sided differences: the error is of order 1e-50 relative.
    right = (4 * value(h) - 3 * y0 - value(2 * h)) / (2 * h)
    before, before2 = value(-h), value(-2 * h)
    left = (3 * y0 - 4 * before + before2) / (2 * h) if real(before) and real(before2) else right
    return left, right


def agrees(case: Case, rng: np.random.Generator) -> bool:
    """Whether the claim lies within the one-sided derivatives, in every coordinate and in their sum, at one draw."""
    f, vjp = case.pair()
    xs = case.sample(rng)
    y = f(*xs)
    single = any(np.asarray(x).dtype == np.float32 for x in xs)
    gs = [rng.choice([-1.0, 1.0], np.shape(y)) * rng.uniform(0.5, 2, np.shape(y)) * s for s in (1.0, 1e7, 1e-12)]
    gs.append(-gs[0])
    for g in gs:
        g = g.astype(np.asarray(y).dtype)[()] if np.ndim(y) == 0 else g.astype(np.asarray(y).dtype)
        with np.errstate(all="ignore"):
            claim = vjp(g, *[x.copy() for x in xs])
        claim = list(claim) if isinstance(claim, tuple) else [claim]
        flat_g = [mpmath.mpf(float(v)) for v in np.ravel(g)]
        everything_low, everything_high, claimed_sum = mpmath.mpf(0), mpmath.mpf(0), mpmath.mpf(0)
        for i, x in enumerate(xs):
            c = np.zeros(np.shape(x)) if claim[i] is None else np.asarray(claim[i])
            if c.shape != np.shape(x) or (not case.right and c.dtype != np.asarray(x).dtype):
                return False
            for k in range(np.size(x)):
                left, right = slopes(case, xs, i, k)
                ends = [(p * a, p * b) for p, a, b in zip(flat_g, left, right)]
                low, high = sum(min(e) for e in ends), sum(max(e) for e in ends)
                size = sum(abs(p) * (abs(a) + abs(b)) for p, a, b in zip(flat_g, left, right))
                v = float(np.ravel(c)[k])
                if not np.isfinite(v):
                    return False
                slack = size * (3e-6 if single else TOLERANCE.get(case.name, 2e-10))
                if case.right or not single:
                    slack = slack if case.right else size * 1e-10
                if case.category == "edges" and left is right:
                    slack += 1e-11  # one-sided, where h^(1/2) is not yet 0
                if not low - slack <= v <= high + slack:
                    return False
                everything_low, everything_high, claimed_sum = (
                    everything_low + low,
                    everything_high + high,
                    claimed_sum + v,
                )
        if case.category == "kinks" and not case.right and joint_wrong(case, xs, flat_g, claimed_sum):
            return False
    return True


TOLERANCE = {  # rights whose float64 arithmetic is ill-conditioned, and is no better than this in any formula
    "solve with a Hilbert matrix": 1e-9,
    "sin at 1e7": 1e-8,
    "sin(1e6 x)": 1e-8,
    "tan near its pole": 1e-8,
    "arcsin near 1": 1e-8,
    "difference of near equals": 1e-8,
    "inverse": 1e-8,
    "log determinant": 1e-8,
    "determinant": 1e-8,
    "variance by the bad formula": 1e-8,
    "softmax of far-apart logits": 1e-7,
    "fixed point stopped at 1e-10": 1e-7,
}


def joint_wrong(case: Case, xs: tuple[Any, ...], g: list[Any], claimed: Any) -> bool:
    """Whether the claim fails along (1, …, 1), all inputs together: ties."""
    exact = [np.frompyfunc(lambda v: mpmath.mpf(float(v)), 1, 1)(x) for x in xs]
    h = mpmath.mpf(10) ** -25
    value = lambda t: np.ravel(np.array(case.f(High, *[e + t for e in exact]), dtype=object))
    y0 = value(mpmath.mpf(0))
    ends = [(p * a, p * b) for p, a, b in zip(g, (value(h) - y0) / h, (y0 - value(-h)) / h)]
    return (
        not sum(min(e) for e in ends) - mpmath.mpf("1e-9") * abs(claimed)
        <= claimed
        <= sum(max(e) for e in ends) + mpmath.mpf("1e-9") * abs(claimed)
    )


def holds(case: Case) -> bool:
    """Whether the label of a case is true."""
    rng = np.random.default_rng(7)
    if case.breach is not None:
        return any(bool(case.breach(*case.pair(), case.sample(rng))) for _ in range(3))
    if case.right:
        return all(agrees(case, rng) for _ in range(DRAWS))
    return not all(agrees(case, rng) for _ in range(DRAWS))


def main() -> int:
    mpmath.mp.dps = 60
    false = []
    for corpus in (bugs, rights):
        for case in corpus.cases:
            if not holds(case):
                false.append(case.name)
                print(f"label not proven: {case.category}: {case.name} ({'right' if case.right else 'bug'})")
    print(f"{len(bugs.cases)} bugs, {len(rights.cases)} right gradients, {len(false)} labels not proven")
    return bool(false)


if __name__ == "__main__":
    sys.exit(main())
