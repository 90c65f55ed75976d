"""Right gradients of kinds that the first two corpora lack: powers near 0, branches, complex results, indices."""

from __future__ import annotations

import numpy as np

from autograd.check import check_for_all, check_grad, check_jac, check_vjp

from .cases import FIVE, FOUR, SQUARE, TALL, log_sum_exp, right, rng, softmax

right("x**5 near 0", check_vjp, lambda x: x**5, lambda g, x: 5 * g * x**4, np.array([1e-9, -1e-60, 0.0]))
right("x**0 at 0", check_vjp, lambda x: x**0 + x, lambda g, x: g * 1.0, np.array([0.0, 2.0]))
right("x**-3 tiny", check_vjp, lambda x: x**-3.0, lambda g, x: -3 * g * x**-4.0, np.array([1e-20, -1e-5]))
right(
    "|x|**1.01 at 0",
    check_vjp,
    lambda x: np.abs(x) ** 1.01,
    lambda g, x: 1.01 * g * np.sign(x) * np.abs(x) ** 0.01,
    np.array([0.0, 0.5]),
)
right(
    "np.where kink at point",
    check_vjp,
    lambda x: np.where(x > 1, x, 2 * x - 1),
    lambda g, x: g * np.where(x > 1, 1, 2.0),
    np.array([1.0, 0.2]),
)
right(
    "np.where kink, other side",
    check_vjp,
    lambda x: np.where(x > 1, x, 2 * x - 1),
    lambda g, x: g * np.where(x >= 1, 1, 2.0),
    np.array([1.0, 0.2]),
)
right(
    "np.where smooth join",
    check_vjp,
    lambda x: np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5),
    lambda g, x: g * np.clip(x, -1, 1),
    np.array([1.0, -1.0, 0.3]),
)
right("logsumexp 1e4", check_grad, log_sum_exp, softmax, np.array([1e4, 1e4 - 2, -1e4]))
right("logsumexp 1e300", check_grad, log_sum_exp, softmax, np.array([1e300, -1e300, 3.0]))
right(
    "softmax 1e3",
    check_vjp,
    softmax,
    lambda g, x: (lambda s: s * (g - g @ s))(softmax(x)),
    np.array([1e3, 1e3 - 1, 1e3 - 3]),
)
right("logsumexp ties", check_grad, log_sum_exp, softmax, np.zeros(6))
right(
    "abs of complex inside",
    check_vjp,
    lambda x: np.abs(x + 1j * x**2),
    lambda g, x: g * (x + 2 * x**3) / np.abs(x + 1j * x**2),
    np.array([0.5, -2.0]),
)
right("angle", check_vjp, lambda x: np.angle(np.exp(1j * x) * np.exp(2j)), lambda g, x: g * 1.0, np.array([0.3, -0.5]))
right("real of FFT", check_vjp, lambda x: np.fft.fft(x).real, lambda g, x: np.fft.fft(g).real, FIVE)
right("complex input z*z", check_vjp, lambda z: z * z, lambda g, z: g * 2 * np.conj(z), np.array([1 + 2j, 0.5 - 1j]))
right("|z|**2", check_vjp, lambda z: np.sum(np.abs(z) ** 2), lambda g, z: g * 2 * z, np.array([1 + 2j, 0.5 - 1j]))
right(
    "float32 sum of squares",
    check_vjp,
    lambda x: np.sum(x * x),
    lambda g, x: 2 * g * x,
    rng.normal(size=200).astype(np.float32),
)
right(
    "float32 expm1/x",
    check_vjp,
    lambda x: np.expm1(x) / x,
    lambda g, x: g * ((np.exp(x.astype(float)) * (x - 1) + 1) / x.astype(float) ** 2).astype(np.float32),
    np.array([0.5, 3, -2], dtype=np.float32),
)
right(
    "float32 softplus large",
    check_vjp,
    lambda x: np.logaddexp(0, x),
    lambda g, x: (g / (1 + np.exp(-x))).astype(np.float32),
    np.array([40, -40, 0.1], dtype=np.float32),
)
right(
    "broadcast row+col",
    check_vjp,
    lambda a, b: a[:, None] * b[None, :],
    lambda g, a, b: (g @ b, a @ g),
    FOUR,
    np.array([1.0, 2, 3]),
)
right(
    "broadcast scalar",
    check_vjp,
    lambda a, b: a * np.sin(b),
    lambda g, a, b: (float(np.sum(g * np.sin(b))), g * a * np.cos(b)),
    0.3,
    rng.normal(size=(2, 3)),
)
right("mean over axis 0", check_vjp, lambda x: x.mean(0), lambda g, x: np.broadcast_to(g / 4, (4, 3)).copy(), TALL)
right(
    "max along axis ties split",
    check_vjp,
    lambda x: x.max(1),
    lambda g, x: (lambda m: g[:, None] * m / m.sum(1, keepdims=True))(x == x.max(1, keepdims=True)),
    np.array([[1.0, 1, 0], [2, 3, 3]]),
)
right(
    "max along axis ties first",
    check_vjp,
    lambda x: x.max(1),
    lambda g, x: g[:, None] * np.eye(3)[x.argmax(1)],
    np.array([[1.0, 1, 0], [2, 3, 3]]),
)
right(
    "median of even ties",
    check_vjp,
    lambda x: np.median(x),
    lambda g, x: g * np.array([0.5, 0.5, 0, 0]),
    np.array([2.0, 2.0, 5.0, -1.0]),
)
right("sort", check_vjp, lambda x: np.sort(x), lambda g, x: g[np.argsort(np.argsort(x))], FIVE)
right("cumsum", check_vjp, np.cumsum, lambda g, x: np.cumsum(g[::-1])[::-1], FIVE)
right("diff", check_vjp, np.diff, lambda g, x: np.concatenate([[0], g]) - np.concatenate([g, [0]]), FIVE)
right("A x transposed", check_vjp, lambda x: TALL @ x, lambda g, x: TALL.T @ g, np.array([1.0, 2, 3]))
right("det", check_grad, np.linalg.det, lambda a: np.linalg.det(a) * np.linalg.inv(a).T, SQUARE)
right(
    "slogdet of ill cond",
    check_grad,
    lambda a: np.linalg.slogdet(a)[1],
    lambda a: np.linalg.inv(a).T,
    np.array([[1, 1], [1, 1 + 1e-6]]),
)
right("inverse", check_vjp, np.linalg.inv, lambda g, a: -(lambda w: w.T @ g @ w.T)(np.linalg.inv(a)), SQUARE)
right(
    "tiny scale 1e-200",
    check_vjp,
    lambda x: 1e-200 * np.sin(x),
    lambda g, x: 1e-200 * g * np.cos(x),
    np.array([0.4, 2.0]),
)
right(
    "tiny input 1e-200",
    check_vjp,
    lambda x: np.sin(x * 1e200),
    lambda g, x: g * 1e200 * np.cos(x * 1e200),
    np.array([1e-200, 3e-200]),
)
right("huge scale", check_vjp, lambda x: 1e150 * x**2, lambda g, x: g * 2e150 * x, np.array([1.0, -3.0]))
right(
    "hypot at near zero",
    check_vjp,
    np.hypot,
    lambda g, a, b: (g * a / np.hypot(a, b), g * b / np.hypot(a, b)),
    np.array([1e-200, 3.0]),
    np.array([1e-200, 4.0]),
)
right("hypot at 0", check_vjp, lambda x: np.sqrt(np.sum(x**2)), lambda g, x: np.zeros(2), np.array([0.0, 0.0]))
right(
    "sinc at 0",
    check_vjp,
    np.sinc,
    lambda g, x: g * np.where(x == 0, 0, (np.cos(np.pi * x) - np.sinc(x)) / np.where(x == 0, 1, x)),
    np.array([0.0, 0.5, 1.0]),
)
right(
    "xlogx at 0",
    check_vjp,
    lambda x: np.where(x > 0, x * np.log(np.where(x > 0, x, 1)), 0),
    lambda g, x: g * (np.log(x) + 1),
    np.array([1e-300, 0.5]),
)
right(
    "arctan2 quadrant",
    check_vjp,
    np.arctan2,
    lambda g, y, x: (g * x / (x * x + y * y), -g * y / (x * x + y * y)),
    np.array([1.0, -1.0, 0.0]),
    np.array([-1.0, -1.0, -2.0]),
)
right("round plus x", check_vjp, lambda x: x + 0 * np.round(x), lambda g, x: g * 1.0, np.array([0.5, 1.5]))
right("remainder", check_vjp, lambda x: np.mod(x, 1.0), lambda g, x: g * 1.0, np.array([0.3, 2.7]))
right(
    "gather repeated index",
    check_vjp,
    lambda x: x[np.array([0, 0, 2])],
    lambda g, x: np.array([g[0] + g[1], 0, g[2]]),
    np.array([1.0, 2, 3]),
)
right("einsum trace", check_vjp, lambda a: np.einsum("ii", a), lambda g, a: g * np.eye(3), SQUARE)
right(
    "cosine similarity",
    check_vjp,
    lambda a, b: a @ b / np.sqrt((a @ a) * (b @ b)),
    lambda g, a, b: (lambda na, nb, c: (g * (b / (na * nb) - c * a / na**2), g * (a / (na * nb) - c * b / nb**2)))(
        np.sqrt(a @ a), np.sqrt(b @ b), a @ b / np.sqrt((a @ a) * (b @ b))
    ),
    FOUR,
    FOUR[::-1].copy(),
)
right(
    "cross entropy labels",
    check_grad,
    lambda x: log_sum_exp(x) - x[1],
    lambda x: softmax(x) - np.array([0, 1.0, 0]),
    np.array([500.0, -200, 3]),
)
right(
    "log sigmoid -800",
    check_vjp,
    lambda x: -np.logaddexp(0, -x),
    lambda g, x: g * np.exp(-np.logaddexp(0, x)),
    np.array([-800.0, 800.0, 0.0]),
)
right(
    "huber domain",
    check_for_all,
    lambda x: np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5),
    "real",
    vjp=lambda g, x: g * np.clip(x, -1, 1),
    seconds=6,
)
right("log1p domain", check_for_all, lambda x: np.log1p(x), (-0.999, 50), vjp=lambda g, x: g / (1 + x), seconds=6)
right(
    "jac of polar",
    check_jac,
    lambda p: np.array([p[0] * np.cos(p[1]), p[0] * np.sin(p[1])]),
    lambda p: np.array([[np.cos(p[1]), -p[0] * np.sin(p[1])], [np.sin(p[1]), p[0] * np.cos(p[1])]]),
    np.array([2.0, 0.3]),
)
right(
    "oscillating sin(1e6 x)",
    check_vjp,
    lambda x: np.sin(1e6 * x),
    lambda g, x: g * 1e6 * np.cos(1e6 * x),
    np.array([0.1, 2.0]),
)
right("large offset 1e12+x", check_vjp, lambda x: 1e12 + np.sin(x), lambda g, x: g * np.cos(x), np.array([0.5, 1.0]))
