"""The backward pass of every NumPy function against the function itself: ``python benchmarks/numpy_functions.py``.

For each expression below, NumPy's own forward pass and our backward pass take turns in one process, a single call each;
the shortest call of each counts, by processor time. Memory that is given back is kept by the process: else whichever
pass happens to grow it would pay for the page faults, up to three times its own work. The table shows the worst ratios.
The goal is that none is above 3. A function that hands out a view (or reads without writing) touches next to nothing,
while a gradient has to be written in full; so there is a second column, where the yardstick is the forward pass or a
copy of inputs and output, whichever takes longer.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))

import numpy as np

GOAL = 3.0
rng = np.random.default_rng(5)


def symmetric(n: int) -> Any:
    a = rng.standard_normal((n, n))
    return a @ a.T / n + np.eye(n)


# Differentiated with respect to each of these that an expression names; `a`, `b` positive, about 0.5 to 1.5.
ARRAYS: dict[str, Any] = {
    "a": rng.uniform(0.5, 1.5, (400, 500)),
    "b": rng.uniform(0.5, 1.5, (400, 500)),
    "u": rng.uniform(-0.9, 0.9, (400, 500)),
    "row": rng.uniform(0.5, 1.5, 500),
    "v": rng.standard_normal(100_000),
    "w": rng.standard_normal(1_000),
    "k": rng.standard_normal(30),
    "m": rng.standard_normal((200, 200)),
    "n": rng.standard_normal((200, 200)),
    "s": symmetric(200),
    "batch": rng.standard_normal((50, 40, 40)) + 8 * np.eye(40),
    "tall": rng.standard_normal((300, 60)),
    "x": rng.standard_normal((50_000, 3)),
    "y": rng.standard_normal((50_000, 3)),
    "t3": rng.standard_normal((40, 50, 60)),
}
# Kept as plain arrays.
CONSTANTS: dict[str, Any] = {
    "np": np,
    "index": rng.integers(0, 400, 300),
    "mask": rng.random((400, 500)) > 0.5,
    "order": np.argsort(rng.random((400, 500)), axis=1),
    "grid": np.sort(rng.random(1_000)),
    "at": rng.random(100_000),
}

UNARY = """
negative positive absolute fabs square cbrt sqrt reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan arctan
sinh cosh tanh arcsinh sinc deg2rad rad2deg degrees radians nan_to_num real conj
""".split()
ON_INTERVAL = "arcsin arccos arctanh".split()
BINARY = """
add subtract multiply divide power float_power arctan2 hypot logaddexp logaddexp2 maximum minimum fmax fmin
""".split()
REDUCTIONS = """
sum prod mean std var max min ptp median average nansum nanprod nanmean nanstd nanvar nanmax nanmin nanmedian
""".split()

OTHERS = """
np.arccosh(a + 1); a + row; a * row; a / row; a ** 3; a ** 0.5; 2.0 ** u; np.mod(a, 0.3); np.copysign(a, u);
np.heaviside(u, 0.5); np.quantile(u, 0.3, axis=1); np.percentile(u, [20, 70], axis=0);
np.average(u, axis=0, weights=np.arange(1.0, 401.0)); np.cumsum(u, axis=1); np.cumprod(a, axis=1); np.diff(u, axis=1);
np.ediff1d(v); np.gradient(v); np.trapezoid(u, axis=1); np.where(mask, a, b); np.clip(u, -0.5, 0.5);
np.select([mask, ~mask], [a, b]); np.choose(mask, [a, b]); np.sort(u, axis=1); np.partition(u, 100, axis=1);
np.take(u, index, axis=0); np.take_along_axis(u, order, axis=1); np.compress(mask[0], u, axis=1); np.extract(mask, u);
u[10:200, ::2]; u[index]; u[:, index]; u[mask]; u[5]; u[..., None, 3:7]; np.reshape(u, (500, 400)); np.ravel(u);
np.transpose(u); np.swapaxes(t3, 0, 2); np.moveaxis(t3, 0, 2); np.expand_dims(u, 1); np.squeeze(u[None]);
np.broadcast_to(row, (400, 500)); np.flip(u, 0); np.rot90(u); np.roll(u, 7, axis=1); np.concatenate([a, b]);
np.stack([a, b]); np.vstack([a, b]); np.hstack([a, b]); np.dstack([a, b]); np.column_stack([a, b]);
np.block([[a, b], [b, a]]); np.split(u, 4)[1]; np.tile(u, (2, 1)); np.repeat(u, 3, axis=1); np.append(a, b);
np.insert(v, 5, 1.0); np.delete(v, 5); np.dot(m, n); np.matmul(m, n); np.matmul(batch, batch); m @ w[:200];
np.inner(m, n); np.outer(w, w); np.vdot(v, v); np.tensordot(t3, t3, axes=([0, 1], [0, 1]));
np.kron(m[:20, :20], n[:20, :20]); np.cross(x, y); np.einsum('ij,jk->ik', m, n); np.einsum('ij,ij->i', a, b);
np.einsum('bij,bjk->bik', batch, batch); np.einsum('ii->i', m); np.einsum('ijk->k', t3);
np.einsum('ij,jk,kl->il', m, n, s, optimize=True); np.convolve(v, k); np.correlate(v, k, mode='same');
np.linalg.multi_dot([m, n, tall[:200]]); np.linalg.matrix_power(s, 3); np.triu(m); np.tril(m); np.diag(m);
np.diag(w[:200]); np.diagonal(m, 1); np.trace(m); np.vander(w, 5); np.linalg.inv(s); np.linalg.inv(batch);
np.linalg.det(batch); np.linalg.slogdet(s)[1]; np.linalg.solve(s, m); np.linalg.solve(batch, batch);
np.linalg.lstsq(tall, tall[:, :3], rcond=None)[0]; np.linalg.cholesky(s); np.linalg.qr(tall)[1]; np.linalg.eigh(s)[1];
np.linalg.eigvalsh(s); np.linalg.svd(tall, full_matrices=False)[0]; np.linalg.svd(tall, compute_uv=False);
np.linalg.pinv(tall); np.linalg.cond(s); abs(np.fft.fft(u)); np.fft.ifft(np.fft.fft(u)).real; abs(np.fft.rfft(u));
np.fft.irfft(np.fft.rfft(u)); abs(np.fft.fft2(u)); abs(np.fft.rfftn(t3)); np.fft.fftshift(u); np.interp(at, grid, w);
np.polyval(k[:6], v / 10); np.cov(tall); np.corrcoef(tall); np.meshgrid(w[:300], w[:400])[0]; np.angle(np.fft.fft(u))
"""
EXPRESSIONS = [
    *(f"np.{name}(a)" for name in UNARY),
    *(f"np.{name}(u)" for name in ON_INTERVAL),
    *(f"np.{name}(a, b)" for name in BINARY),
    *(f"np.{name}(u)" for name in REDUCTIONS),
    *(f"np.{name}(u, axis=0)" for name in REDUCTIONS),
    *(f"np.{name}(u, axis=1)" for name in REDUCTIONS),
    *(
        f"np.pad(u, 3, mode='{mode}')"
        for mode in ("constant", "edge", "reflect", "symmetric", "wrap", "linear_ramp", "mean", "maximum")
    ),
    *(f"np.linalg.norm(m, {order})" for order in ("None", "'fro'", "'nuc'", "1", "2", "np.inf")),
    *(f"np.linalg.norm(u, {order}, axis=1)" for order in ("None", "1", "2", "3", "np.inf")),
    *(" ".join(expression.split()) for expression in OTHERS.split(";")),
]


def shortest(calls: Sequence[Callable[[], Any]], rounds: int, budget: float) -> list[float]:
    """Seconds of the shortest single call of each, by turns: `rounds` of them, fewer if they take `budget` seconds."""
    best = [math.inf] * len(calls)
    end = time.perf_counter() + budget
    for done in range(rounds):
        for i, call in enumerate(calls):
            start = time.process_time()
            call()
            best[i] = min(best[i], time.process_time() - start)
        if done >= 5 and time.perf_counter() > end:
            break
    return best


def keep_memory() -> None:
    """Tell the C library (glibc) to keep what is freed; another one does as it does."""
    trim, by_mmap = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(trim, 1 << 30)
        mallopt(by_mmap, 32 << 20)


def ratio(expression: str, rounds: int, budget: float) -> tuple[float, float, float]:
    """Our backward pass over NumPy's forward pass, the same over the yardstick, and the forward pass in seconds."""
    from autograd import Tensor

    code = compile(expression, expression, "eval")
    used = [name for name in code.co_names if name in ARRAYS]
    plain = {**CONSTANTS, **ARRAYS}
    leaves = {name: Tensor(ARRAYS[name]) for name in used}
    output = eval(code, {**plain, **leaves})
    seed = np.ones(output.shape)

    def backward() -> None:
        for leaf in leaves.values():
            leaf.grad = None
        output.backward(seed)

    def forward() -> Any:
        return eval(code, plain)

    def copy() -> Any:
        return [np.copy(array) for array in (seed, *map(ARRAYS.__getitem__, used))]

    backward()
    b, f, c = shortest((backward, forward, copy), rounds, budget)
    return b / f, b / max(f, c), f


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Our backward pass against NumPy's forward pass, function by function."
    )
    parser.add_argument("--rounds", type=int, default=100, help="calls of each pass (default: 100)")
    parser.add_argument("--seconds", type=float, default=1.0, help="at most for one expression (default: 1)")
    parser.add_argument("--only", default="", help="only the expressions that contain this")
    parser.add_argument("--worst", type=int, default=10, help="how many to print (default: 10)")
    options = parser.parse_args()
    ratios: dict[str, tuple[float, float, float]] = {}
    refused: dict[str, str] = {}
    np.seterr(all="ignore")
    keep_memory()
    for expression in [one for one in EXPRESSIONS if options.only in one]:
        try:
            ratios[expression] = ratio(expression, options.rounds, options.seconds)
        except Exception as error:  # each function for itself: the others are still measured
            refused[expression] = f"{type(error).__name__}: {error}".splitlines()[0].split(";")[0]
    print("| expression | NumPy forward | backward / forward | backward / yardstick |")
    print("|---|---:|---:|---:|")
    for expression, row in sorted(ratios.items(), key=lambda item: -item[1][1])[: options.worst]:
        print(f"| `{expression}` | {row[2] * 1e6:.4g} µs | {row[0]:.3g} | {row[1]:.3g} |")
    for position, versus in enumerate(("forward pass", "yardstick")):
        column = [row[position] for row in ratios.values()]
        if column:
            above = sum(number > GOAL for number in column)
            print(f"\nTo the {versus}: median {statistics.median(column):.3g}, {above} above {GOAL:g}.")
    print(f"\n{len(ratios)} measured, {len(refused)} not:")
    for expression, reason in refused.items():
        print(f"- `{expression}`: {reason}")
    return int(bool(refused) or any(row[1] > GOAL for row in ratios.values()))


if __name__ == "__main__":
    sys.exit(main())
