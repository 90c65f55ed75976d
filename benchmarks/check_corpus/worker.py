"""Run one gradient checker on the whole corpus and print its verdicts as JSON.

Started by `benchmarks.check_corpus` in the environment that has the checker:
``python -m benchmarks.check_corpus.worker ours|torch|jax|hips DRAWS``.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .bugs import corpus as bugs
from .case import Case
from .rights import corpus as rights

Check = Callable[[Any, Any, tuple[Any, ...]], str]
"""(f, vjp, point) → "right", "wrong" or "undecided"."""


def ours() -> Check:
    from autograd.check import check_vjp

    return lambda f, vjp, xs: check_vjp(f, vjp, *xs).verdict


def _gradients(vjp: Any, g: Any, xs: Any) -> list[Any]:
    found = vjp(g, *xs)
    return list(found) if isinstance(found, (tuple, list)) else [found]


def torch() -> Check:
    import torch

    def check(f: Any, vjp: Any, xs: tuple[Any, ...]) -> str:
        class Wrapped(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, *inputs: Any) -> Any:
                ctx.xs = [v.detach().numpy() for v in inputs]
                return torch.as_tensor(np.array(f(*ctx.xs)))

            @staticmethod
            def backward(ctx: Any, g: Any) -> Any:
                found = _gradients(vjp, g.numpy()[()], ctx.xs)
                out = [None if v is None else torch.as_tensor(np.array(v)) for v in found]
                return out[0] if len(out) == 1 else tuple(out)

        inputs = tuple(torch.tensor(np.array(x), requires_grad=True) for x in xs)
        return "right" if torch.autograd.gradcheck(Wrapped.apply, inputs, raise_exception=False) else "wrong"

    return check


def jax() -> Check:
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)

    def check(f: Any, vjp: Any, xs: tuple[Any, ...]) -> str:
        like = np.asarray(f(*[np.array(x) for x in xs]))

        def called(*inputs: Any) -> Any:
            return np.asarray(f(*[np.array(v) for v in inputs]), dtype=like.dtype)

        @jax.custom_vjp
        def wrapped(*inputs: Any) -> Any:
            return jax.pure_callback(called, jax.ShapeDtypeStruct(like.shape, like.dtype), *inputs)

        def pulled(g: Any, *inputs: Any) -> Any:
            arrays = [np.array(v) for v in inputs]
            found = _gradients(vjp, np.array(g)[()], arrays)
            return tuple(np.zeros_like(a) if v is None else np.asarray(v) for v, a in zip(found, arrays, strict=True))

        def backward(inputs: Any, g: Any) -> Any:
            shapes = tuple(jax.ShapeDtypeStruct(v.shape, v.dtype) for v in inputs)
            return jax.pure_callback(pulled, shapes, g, *inputs)

        wrapped.defvjp(lambda *inputs: (wrapped(*inputs), inputs), backward)
        check_grads(wrapped, tuple(jax.numpy.asarray(x) for x in xs), order=1, modes=["rev"])
        return "right"

    return check


def hips() -> Check:
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    def check(f: Any, vjp: Any, xs: tuple[Any, ...]) -> str:
        wrapped = primitive(lambda *inputs: f(*[np.array(v) if np.ndim(v) else v for v in inputs]))

        def of(i: int) -> Any:
            return lambda ans, *inputs: lambda g: _gradients(vjp, g, inputs)[i]

        defvjp(wrapped, *[of(i) for i in range(len(xs))])
        check_grads(wrapped, modes=["rev"], order=1)(*xs)
        return "right"

    return check


CHECKERS = {"ours": ours, "torch": torch, "jax": jax, "hips": hips}


def verdicts(check: Check, case: Case, draws: int) -> tuple[list[str], list[float]]:
    """The verdicts and times of a case at the same random points for every checker; an error counts as an alarm."""
    rng, (f, vjp) = np.random.default_rng(11), case.pair()
    found, times = [], []
    for _ in range(draws):
        xs = case.sample(rng)
        start = time.perf_counter()
        try:
            found.append(check(f, vjp, xs))
        except Exception:
            found.append("wrong")
        times.append(time.perf_counter() - start)
        if not case.right and found[-1] == "wrong":
            break
    return found, times


def main(name: str, draws: int) -> None:
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    result: dict[str, Any] = {"cases": {}, "times": []}
    with contextlib.redirect_stdout(io.StringIO()):
        check = CHECKERS[name]()
        for case in (*bugs.cases, *rights.cases):
            found, times = verdicts(check, case, draws)
            result["cases"][case.name] = found
            result["times"] += times[1:] if len(times) > 1 else times
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
