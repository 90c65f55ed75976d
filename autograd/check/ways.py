"""The engine's ways to one derivative have to agree: both modes, recorded or not, a Hessian and its transpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.transforms import jvp as engine_jvp
from autograd.transforms import vjp as engine_vjp

from .engine_pairs import FORWARD_LIMIT, argument, engine_pair, inner, plain, pulled_back, random_like
from .judge import quiet
from .limits import SAME_WAY, TWO_WAYS
from .noise import graininess
from .report import Finding, Report
from .report import plain as source
from .richardson import Array
from .verdicts import Verdict


def modes_agree(f: Callable[..., Any], xs: Sequence[Any], rng: np.random.Generator, ahead: str) -> Report:
    """⟨v, J u⟩ by forward mode and ⟨Jᵀv, u⟩ by reverse mode, for three random pairs."""
    findings = []
    with quiet():
        for _ in range(3):
            moves = tuple(random_like(x, rng) for x in xs)
            y, pushed = engine_jvp(f, tuple(argument(x) for x in xs), moves)
            v = random_like(plain(y), rng)
            pulled = engine_vjp(f, *[argument(x) for x in xs])[1](v)
            forward, reverse = inner(v, plain(pushed)), inner(tuple(plain(p) for p in pulled), moves)
            size = inner(tuple(np.abs(plain(p)) for p in pulled), tuple(np.abs(m) for m in moves)) + abs(forward)
            eps = max(float(np.finfo(np.asarray(x).dtype).eps) for x in xs)

            def gap(xs: Sequence[Any], moves: Any = moves, v: Any = v) -> float:
                pushed = engine_jvp(f, tuple(argument(x) for x in xs), moves)[1]
                pulled = engine_vjp(f, *[argument(x) for x in xs])[1](v)
                return inner(v, plain(pushed)) - inner(tuple(plain(p) for p in pulled), moves)

            apart = np.isfinite(size) and abs(forward - reverse) > max(SAME_WAY, 100 * eps) * size
            if apart and not _is_rounding(gap, xs):
                findings.append(
                    Finding(
                        "forward against reverse",
                        f"{ahead}⟨v, J u⟩ is {forward:.12g} by forward mode and {reverse:.12g} by reverse mode",
                    )
                )
                break
    return Report(Verdict.WRONG if findings else Verdict.RIGHT, findings=findings)


def ways_agree(f: Callable[..., Any], xs: Sequence[Any], rng: np.random.Generator, ahead: str) -> Report:
    """What the other ways of asking the rules give: a backward pass that is recorded, and `vjp`."""
    with quiet():
        g = random_like(engine_pair(f, xs)[0](*xs), rng)
        walked = pulled_back(f, g, xs)
        ways: dict[str, Callable[[Sequence[Any]], tuple[Any, ...]]] = {
            "backward(create_graph=True)": lambda xs: pulled_back(f, g, xs, recorded=True),
            "vjp": lambda xs: tuple(map(plain, engine_vjp(f, *[argument(x) for x in xs])[1](g))),
        }
        others = {name: way(xs) for name, way in ways.items()}
    findings = []
    for name, found in others.items():
        for i, (a, b) in enumerate(zip(walked, found, strict=True)):
            eps = float(np.finfo(np.asarray(xs[i]).dtype).eps)
            size = np.nanmax(np.abs(a), initial=0.0) if np.size(a) else 0.0

            def gap(xs: Sequence[Any], name: str = name, i: int = i) -> Any:
                return np.ravel(np.asarray(ways[name](xs)[i]) - np.asarray(pulled_back(f, g, xs)[i]))

            same = np.allclose(a, b, rtol=max(SAME_WAY, 100 * eps), atol=100 * eps * size, equal_nan=True)
            if not same and not _is_rounding(gap, xs):
                text = f"{ahead}the gradient of input {i} is {source(a)} by backward() and {source(b)} by {name}"
                findings.append(Finding("one way against another", text))
    return Report(Verdict.WRONG if findings else Verdict.RIGHT, findings=findings)


def _is_rounding(gap: Callable[[Sequence[Any]], Any], xs: Sequence[Any]) -> bool:
    """Whether what two ways of computing the same differ by at `xs` scatters around 0 nearby, as rounding does.

    Programs that cancel lose digits, and each way loses others.
    """

    def along(t: float) -> Any:
        return np.atleast_1d(gap([type(x)(x * (1 + t)) if np.ndim(x) == 0 else x * (1 + t) for x in xs]))

    with quiet():
        scatter = graininess(lambda ts: np.stack([along(float(t)) for t in ts]))
        return bool((np.abs(along(0.0)) <= TWO_WAYS * scatter).all())


def _hessian(gradient: Callable[..., Any], xs: Sequence[Any]) -> Array:
    """The matrix of the gradient's own gradients, one row by one backward pass."""
    rows = []
    with quiet():
        y, back = engine_vjp(gradient, *[argument(x) for x in xs])
        parts = y if isinstance(y, tuple) else (y,)
        for i, part in enumerate(parts):
            for k in range(np.size(part)):
                seeds = [np.zeros(np.shape(p)) for p in parts]
                seeds[i].ravel()[k] = 1.0
                shaped = [s if np.ndim(s) else float(s) for s in seeds]
                row = back(tuple(shaped) if isinstance(y, tuple) else shaped[0])
                rows.append(np.concatenate([np.ravel(plain(r)) for r in row]))
    return np.stack(rows).astype(float)


def hessian_symmetric(gradient: Callable[..., Any], xs: Sequence[Any]) -> Report:
    """The Hessian that the engine computes must be symmetric."""
    n = sum(int(np.size(x)) for x in xs)
    if not 1 < n <= FORWARD_LIMIT:
        return Report(Verdict.RIGHT)
    h = _hessian(gradient, xs)
    gap = np.abs(h - h.T).max()
    eps = max(float(np.finfo(np.asarray(x).dtype).eps) for x in xs)
    apart = np.isfinite(h).all() and gap > max(10 * SAME_WAY, 1e3 * eps) * np.abs(h).max()
    if apart and not _is_rounding(lambda xs: np.ravel((m := _hessian(gradient, xs)) - m.T), xs):
        i, k = divmod(int(np.argmax(np.abs(h - h.T))), len(h))
        return Report(
            Verdict.WRONG,
            findings=[
                Finding(
                    "Hessian not symmetric",
                    f"entries ({i}, {k}) and ({k}, {i}) of the Hessian are {h[i, k]:.10g} and {h[k, i]:.10g}",
                )
            ],
        )
    return Report(Verdict.RIGHT)
