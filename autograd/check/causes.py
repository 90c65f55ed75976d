"""Guesses at why a gradient is wrong. Each is tested against the numbers before it is offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .limits import DIFFERENCED, SINGLE
from .richardson import Array

Claim = Callable[[Array], Array]


def likely_cause(
    claim: Claim,
    gs: Sequence[Array],
    claims: Sequence[Array],
    numeric: Callable[[int], Array],
    shapes: Sequence[tuple[int, ...]],
    wrong: Sequence[tuple[int, int]],
    swapped: Claim | None = None,
    value: Claim | None = None,
    point: Array | None = None,
) -> str:
    """A sentence on the likely cause, or "" if no guess passes its test.

    Parameters
    ----------
    claim
        vjp as a function of the flat cotangent.
    gs, claims
        Cotangents tried and the flat gradients claimed for them.
    numeric
        The measured flat gradient for cotangent number q.
    wrong
        Pairs (cotangent number, flat coordinate) that are known to be wrong; may be empty.
    swapped
        vjp called as ``vjp(x, g)``, where the shapes allow it.
    value, point
        f on flat vectors, and the flat point.
    """
    q = wrong[0][0] if wrong else 0
    guesses: tuple[Callable[[], str], ...] = (
        lambda: _of_order(gs, numeric, swapped),
        lambda: _of_cotangent(claim, gs, claims, numeric),
        lambda: _of_differences(gs[q], claims[q], numeric(q), value, point),
        lambda: _of_matrices(gs[q], claims[q], numeric(q), shapes, point),
        lambda: _of_numbers(claims[q], numeric(q), shapes),
        lambda: _of_constants(claims[q], numeric(q)),
    )
    return next((text for guess in guesses if (text := guess())), "")


def _of_order(gs: Sequence[Array], numeric: Callable[[int], Array], swapped: Claim | None) -> str:
    """vjp(x, g) instead of vjp(g, x)."""
    if swapped is None:
        return ""
    try:
        right = all(_close(swapped(g), numeric(q)) for q, g in enumerate(gs[:3]))
    except Exception:  # it does not take them that way round either
        return ""
    return "the arguments are swapped: vjp is right if it is called as vjp(x, g)" if right else ""


def _of_matrices(g: Array, c: Array, n: Array, shapes: Sequence[tuple[int, ...]], point: Array | None) -> str:
    """An operand that is not transposed, one triangle of a symmetric matrix."""
    offsets = np.cumsum([0] + [int(np.prod(s)) for s in shapes])
    for i, shape in enumerate(shapes):
        if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
            continue
        mine, true = (v[offsets[i] : offsets[i + 1]].reshape(shape) for v in (c, n))
        if _close(mine, true):
            continue
        above, below = np.any(np.triu(true, 1)), np.any(np.tril(true, -1))
        unread = np.triu(mine, 1) if below and not above else np.tril(mine, -1) if above and not below else None
        if unread is not None and np.any(unread):
            kept = "lower" if below else "upper"
            return f"f reads the {kept} triangle of input {i} only, and its gradient does not say so"
        for name, triangle in (("lower", np.tril), ("upper", np.triu)):
            for symmetric in (true + true.T - np.diag(np.diag(true)), true, (true + true.T) / 2):
                if _close(mine, triangle(symmetric)) and not _close(true, triangle(true)):
                    return f"the gradient of input {i} fills its {name} triangle only"
        if point is None:
            continue
        for k, other in enumerate(shapes):
            if k == i or len(other) != 2 or g.size != shape[0] * other[-1]:
                continue
            b = point[offsets[k] : offsets[k + 1]].reshape(other)
            grid = g.reshape(shape[0], -1)
            for left, right, true_left, true_right in ((grid, b, grid, b.T), (b, grid, b.T, grid)):
                fits = left.shape[-1] == right.shape[0] and true_left.shape[-1] == true_right.shape[0]
                if fits and _close(mine, left @ right) and _close(true, true_left @ true_right):
                    return f"input {k} is not transposed in the gradient of input {i}"
    return ""


def _of_differences(g: Array, c: Array, n: Array, value: Claim | None, point: Array | None) -> str:
    """A finite difference inside: its error is that of f's next derivative, times a step that is a round number."""
    if value is None or point is None or point.size > DIFFERENCED:
        return ""
    off = np.abs(c - n)
    wrong = [int(k) for k in np.argsort(-off)[:2] if off[k] > 1e-3 * off.max()]
    here = value(point)

    def explained(name: str, exponent: int, relative: bool) -> bool:
        for k in wrong:  # one may be a coincidence
            h = np.zeros_like(point)
            h[k] = 10.0**-exponent * (max(abs(point[k]), 1.0) if relative else 1.0)
            ahead = value(point + h) if name != "backward" else here
            behind = value(point - h) if name != "forward" else here
            found = float(g @ (ahead - behind)) / (float(h[k]) * (2 if name == "central" else 1))
            if not abs(found - c[k]) < 1e-3 * off[k]:
                return False
        return True

    for relative in (False, True):
        for exponent in range(2, 11):
            for name in ("forward", "backward", "central"):
                if wrong and explained(name, exponent, relative):
                    text = f"finite differences inside: {name} ones with a step of 1e-{exponent}"
                    return text + " relative to x" * relative
    return ""


def _of_constants(c: Array, n: Array) -> str:
    """A constant of single precision: all off by one factor, which is within 6e-8 of 1."""
    big = np.isfinite(n) & (np.abs(n) > 1e-3 * np.abs(n).max(initial=0.0))
    if big.sum() < 2 or not np.isfinite(c).all():
        return ""
    factors = c[big] / n[big] - 1
    factor = float(np.median(factors))
    if 1e-10 < abs(factor) < SINGLE and np.abs(factors - factor).max() < 0.05 * abs(factor):
        return f"a constant is rounded to single precision: all is off by the factor 1 + {factor:.2g}"
    return ""


def _close(a: Array, b: Array, tolerance: float = 1e-5) -> bool:
    """Equal everywhere, judged against the largest entry of b."""
    if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    return bool(np.abs(a - b).max(initial=0.0) <= tolerance * np.abs(b).max(initial=0.0)) and bool(np.any(b))


def _scaled(a: Array, b: Array, factor: float) -> bool:
    """Whether a is the multiple `factor` of b, beyond doubt."""
    off = abs(factor - 1)
    return off > 1e-7 and _close(a, factor * b, min(1e-5, 0.02 * off))


def _of_cotangent(claim: Claim, gs: Sequence[Array], claims: Sequence[Array], numeric: Callable[[int], Array]) -> str:
    """Right for some cotangents and wrong for others, or deaf to them."""
    right = [_close(c, numeric(q)) for q, c in enumerate(claims)]
    g, c = gs[0], claims[0]
    if not np.any(c) or not np.isfinite(c).all():
        return ""
    if all(np.array_equal(c, other) for other in claims[1:4]):
        return "vjp does not use its cotangent"
    if _close(claim(-g), c):
        return "vjp takes the absolute value (or the square) of its cotangent"
    if g.size > 1 and _close(claim(np.full_like(g, g.mean())), c, 1e-9) and not all(right):
        return "vjp uses only the mean or the sum of its cotangent"
    if any(right) and not all(right):
        if (
            not _close(claim(2 * g), 2 * c, 1e-9)
            or not _close(claim(2.0**-40 * g), 2.0**-40 * c, 1e-9)
            or not _close(claim(2.0**40 * g), 2.0**40 * c, 1e-9)
        ):
            return "vjp is not linear in its cotangent: right for some and wrong for others"
    return ""


def _of_numbers(c: Array, n: Array, shapes: Sequence[tuple[int, ...]]) -> str:
    """Patterns in the claimed gradient against the numeric one."""
    usable = np.isfinite(n)
    if not usable.any():
        return ""
    if not np.isfinite(c).all():
        return "the claimed gradient contains nan or inf"
    if _close(c, -n):
        return "the sign is wrong"
    big = usable & (np.abs(n) > 1e-3 * np.abs(n[usable]).max(initial=0.0))
    if not np.any(c[usable]) and np.any(n[usable]):
        return "the claimed gradient is zero where it should not be"
    if (
        big.any()
        and _scaled(c, n, factor := float(np.median(c[big] / n[big])))
        and abs(factor - 1) > SINGLE
        and (big.sum() > 1 or "." not in nice(factor))
    ):
        return f"off by a factor of {nice(factor)}"
    offsets = np.cumsum([0] + [int(np.prod(s)) for s in shapes])
    parts = list(zip(offsets[:-1], offsets[1:], shapes, strict=True))
    for i, (a, b, shape) in enumerate(parts):
        mine, true = c[a:b], n[a:b]
        if _close(mine, true):
            continue
        if len(shape) == 2 and shape[0] == shape[1] and _close(mine.reshape(shape).T.ravel(), true):
            return f"the gradient of input {i} is transposed"
        if mine.size > 1 and _close(mine[::-1], true):
            return f"the gradient of input {i} is in reverse order"
        for k, (a2, b2, other) in enumerate(parts):
            if k != i and other == shape and _close(mine, n[a2:b2]):
                return f"the gradient of input {i} is that of input {k}: swapped inputs"
        if np.any(true) and _close(mine, -true):
            return f"the sign of the gradient of input {i} is wrong"
        if not np.any(mine) and np.any(true):
            return f"the gradient of input {i} is zero where it should not be"
        strong = np.abs(true) > 1e-3 * np.abs(true).max(initial=0.0)
        if strong.any():
            factor = float(np.median(mine[strong] / true[strong]))
            if _scaled(mine, true, factor) and (strong.sum() > 1 or "." not in nice(factor)):
                return f"the gradient of input {i} is off by a factor of {nice(factor)}"
        off = np.abs(mine - true) > 1e-6 * np.abs(true).max(initial=0.0)
        if off.any() and np.all(mine[off] == 0):
            return (
                f"{int(off.sum())} of {off.size} entries of the gradient of input {i} are zero and should not be "
                "(a reused input whose contributions are not accumulated?)"
            )
        difference = mine - true
        if mine.size > 2 and np.ptp(difference) < 1e-6 * abs(difference[0]):
            return f"the gradient of input {i} is off by the constant {difference[0]:.6g}"
    single = c.astype(np.float32).astype(np.float64)
    if (
        np.array_equal(single, c)
        and np.abs(c - n)[usable].max() < 1e-5 * np.abs(n[usable]).max()
        and (c != np.round(c)).any()
    ):
        return "the gradient is computed in single precision"
    return ""


def nice(factor: float) -> str:
    """A factor as people write it: 2, 1/3, -0.5, 1.0001."""
    for denominator in range(1, 13):
        top = factor * denominator
        if abs(top) > 0.5 and abs(top - round(top)) < 1e-6 * max(1, abs(top)) and round(top) != denominator:
            return f"{round(top)}" if denominator == 1 else f"{round(top)}/{denominator}"
    return f"{factor:.7g}" if abs(factor - 1) > 1e-5 else f"1 + {factor - 1:.3g}"
