"""Bugs of kinds that the first two corpora lack: powers near 0, branches, complex results, indices, transposes."""

from __future__ import annotations

import numpy as np

from autograd.check import check_for_all, check_grad, check_jac, check_vjp

from .cases import FIVE, FOUR, SQUARE, TALL, bug, log_sum_exp, rng, sigmoid, softmax

bug("x**5 exponent 5 not 4", check_vjp, lambda x: x**5, lambda g, x: 5 * g * x**5, np.array([0.9, -0.8]))
bug("x**3 near 0: 3x", check_vjp, lambda x: x**3, lambda g, x: 3 * g * x, np.array([1e-4, 1.0]))
bug("|x| slope at negative", check_vjp, np.abs, lambda g, x: g * np.where(x <= 0, 1, 1.0), np.array([-0.5, 1.0]))
bug(
    "where: branch slopes swapped",
    check_vjp,
    lambda x: np.where(x > 1, x, 2 * x - 1),
    lambda g, x: g * np.where(x > 1, 2, 1.0),
    np.array([1.5, 0.2]),
)
bug(
    "where: kink slope outside the hull",
    check_vjp,
    lambda x: np.where(x > 1, x, 2 * x - 1),
    lambda g, x: g * np.where(x == 1, 2.5, np.where(x > 1, 1, 2.0)),
    np.array([1.0, 0.2]),
)
bug(
    "logsumexp: not normalised by max",
    check_grad,
    log_sum_exp,
    lambda x: np.exp(x - x.max()),
    np.array([1e4, 1e4 - 2, -1e4]),
)
bug("logsumexp huge: nan", check_grad, log_sum_exp, lambda x: np.exp(x) / np.exp(x).sum(), np.array([1e4, 1e4 - 2, 3]))
bug("softmax: diagonal only", check_vjp, softmax, lambda g, x: g * softmax(x) * (1 - softmax(x)), np.array([1.0, 2, 3]))
bug("softmax 1e3 diagonal", check_vjp, softmax, lambda g, x: g * softmax(x), np.array([1e3, 1e3 - 1, 1e3 - 3]))
bug("complex: conj forgotten", check_vjp, lambda z: z * z, lambda g, z: g * 2 * z, np.array([1 + 2j, 0.5 - 1j]))
bug("|z|^2: factor", check_vjp, lambda z: np.sum(np.abs(z) ** 2), lambda g, z: g * z, np.array([1 + 2j, 0.5 - 1j]))
bug(
    "|z|^2 : conj",
    check_vjp,
    lambda z: np.sum(np.abs(z) ** 2),
    lambda g, z: g * 2 * np.conj(z),
    np.array([1 + 2j, 0.5 - 1j]),
)
bug("real FFT: inverse scale", check_vjp, lambda x: np.fft.fft(x).real, lambda g, x: np.fft.ifft(g).real, FIVE)
bug(
    "float32: 1% off at one",
    check_vjp,
    lambda x: np.sum(x * x),
    lambda g, x: (2 * g * x * np.where(np.arange(200) == 17, 1.01, 1)).astype(np.float32),
    rng.normal(size=200).astype(np.float32),
)
bug(
    "float32 cancellation: 1-cos form",
    check_vjp,
    lambda x: np.sin(x),
    lambda g, x: (g * (1 - (1 - np.cos(x)) * np.float32(1.001))).astype(np.float32),
    np.array([1.0, 2.0], dtype=np.float32),
)
bug(
    "broadcast: not summed scalar",
    check_vjp,
    lambda a, b: a * np.sin(b),
    lambda g, a, b: (float(np.mean(g * np.sin(b))), g * a * np.cos(b)),
    0.3,
    rng.normal(size=(2, 3)),
)
bug(
    "broadcast: wrong axis summed",
    check_vjp,
    lambda a, b: a[:, None] * b[None, :],
    lambda g, a, b: ((g * b).sum(0), (g * a[:, None]).sum(0)),
    np.array([1.0, 2, 3]),
    np.array([2.0, -1, 1]),
)
bug(
    "mean: divides by wrong axis",
    check_vjp,
    lambda x: x.mean(0),
    lambda g, x: np.broadcast_to(g / 3, (4, 3)).copy(),
    TALL,
)
bug("sum over wrong axis, square", check_vjp, lambda x: x.sum(0), lambda g, x: np.repeat(g[:, None], 3, 1), SQUARE)
bug(
    "max: gradient to all",
    check_vjp,
    lambda x: x.max(1),
    lambda g, x: g[:, None] * np.ones((2, 3)),
    np.array([[1.0, 1.5, 0], [2, 3, 2.5]]),
)
bug("off by one cumsum", check_vjp, np.cumsum, lambda g, x: np.concatenate([np.cumsum(g[::-1])[::-1][1:], [0]]), FIVE)
bug(
    "off by one diff",
    check_vjp,
    np.diff,
    lambda g, x: np.concatenate([[0], g]) - np.concatenate([[0], g[1:], [0]]),
    FIVE,
)
bug(
    "sort: permutation inverse",
    check_vjp,
    lambda x: np.sort(x),
    lambda g, x: g[np.argsort(x)],
    np.array([3.0, 1.0, 2.0]),
)
bug("shift by one", check_vjp, lambda x: np.roll(x, 1), lambda g, x: np.roll(g, 1), FIVE)
bug("A x: missing transpose", check_vjp, lambda x: SQUARE @ x, lambda g, x: SQUARE @ g, np.array([1.0, 2, 3]))
bug("det: missing transpose", check_grad, np.linalg.det, lambda a: np.linalg.det(a) * np.linalg.inv(a), SQUARE)
bug("inverse: order", check_vjp, np.linalg.inv, lambda g, a: -(lambda w: w @ g @ w)(np.linalg.inv(a)), SQUARE)
bug(
    "matmul: g b instead of g b^T",
    check_vjp,
    lambda a, b: a @ b,
    lambda g, a, b: (g @ b, a.T @ g),
    SQUARE,
    SQUARE.T.copy() + 1,
)
bug(
    "tiny scale 1e-200 off 2%",
    check_vjp,
    lambda x: 1e-200 * np.sin(x),
    lambda g, x: 1.02e-200 * g * np.cos(x),
    np.array([0.4, 2.0]),
)
bug(
    "tiny input 1e-200 off 2%",
    check_vjp,
    lambda x: np.sin(x * 1e200),
    lambda g, x: g * 1.02e200 * np.cos(x * 1e200),
    np.array([1e-200, 3e-200]),
)
bug("tiny term dropped 1e-9", check_vjp, lambda x: x + 1e-9 * x**2 * 1e4, lambda g, x: g * 1.0, np.array([1.0, 2.0]))
bug(
    "hypot: power",
    check_vjp,
    np.hypot,
    lambda g, a, b: (g * a / np.hypot(a, b) ** 2, g * b / np.hypot(a, b)),
    np.array([1e-3, 3.0]),
    np.array([2.0, 4.0]),
)
bug(
    "sinc: pi missing",
    check_vjp,
    np.sinc,
    lambda g, x: g * np.where(x == 0, 0, (np.cos(x) - np.sinc(x)) / np.where(x == 0, 1, x)),
    np.array([0.0, 0.5, 1.0]),
)
bug(
    "arctan2 swapped",
    check_vjp,
    np.arctan2,
    lambda g, y, x: (-g * y / (x * x + y * y), g * x / (x * x + y * y)),
    np.array([1.0, -1.0, 0.5]),
    np.array([-1.0, -1.0, -2.0]),
)
bug(
    "gather: overwritten",
    check_vjp,
    lambda x: x[np.array([0, 0, 2])],
    lambda g, x: np.array([g[1], 0, g[2]]),
    np.array([1.0, 2, 3]),
)
bug(
    "cosine similarity: second term",
    check_vjp,
    lambda a, b: a @ b / np.sqrt((a @ a) * (b @ b)),
    lambda g, a, b: (g * b / np.sqrt((a @ a) * (b @ b)), g * a / np.sqrt((a @ a) * (b @ b))),
    FOUR,
    FOUR[::-1].copy(),
)
bug(
    "cross entropy: label off by one",
    check_grad,
    lambda x: log_sum_exp(x) - x[1],
    lambda x: softmax(x) - np.array([0, 0, 1.0]),
    np.array([5.0, -2, 3]),
)
bug(
    "log sigmoid: sign of x",
    check_vjp,
    lambda x: -np.logaddexp(0, -x),
    lambda g, x: g * sigmoid(x),
    np.array([-3.0, 2.0, 0.1]),
)
bug(
    "large offset 1e8 + sin, 1% off",
    check_vjp,
    lambda x: 1e8 + np.sin(x),
    lambda g, x: 1.01 * g * np.cos(x),
    np.array([0.5, 1.0]),
)
bug(
    "oscillating, 0.1% off",
    check_vjp,
    lambda x: np.sin(1e6 * x),
    lambda g, x: g * 1.001e6 * np.cos(1e6 * x),
    np.array([0.1, 2.0]),
)
bug(
    "domain: wrong beyond 30",
    check_for_all,
    lambda x: np.log1p(x),
    (0, 50),
    vjp=lambda g, x: g / (1 + x) * np.where(x > 30, 1.05, 1),
    seconds=20,
)
bug(
    "domain: huber kink at 2",
    check_for_all,
    lambda x: np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5),
    (-5, 5),
    vjp=lambda g, x: g * np.clip(x, -1.1, 1.1),
    seconds=20,
)
bug(
    "jac transposed",
    check_jac,
    lambda p: np.array([p[0] * np.cos(p[1]), p[0] * np.sin(p[1])]),
    lambda p: np.array([[np.cos(p[1]), -p[0] * np.sin(p[1])], [np.sin(p[1]), p[0] * np.cos(p[1])]]).T,
    np.array([2.0, 0.3]),
)
bug(
    "normalise: std ddof",
    check_vjp,
    lambda x: (x - x.mean()) / x.std(),
    lambda g, x: (lambda s, y: (g - g.mean() - y * (g * y).sum() / (x.size - 1)) / s)(
        x.std(), (x - x.mean()) / x.std()
    ),
    FIVE,
)
bug(
    "layer norm: mean of g missing",
    check_vjp,
    lambda x: (x - x.mean()) / x.std(),
    lambda g, x: (lambda s, y: (g - y * (g * y).mean()) / s)(x.std(), (x - x.mean()) / x.std()),
    FIVE,
)
bug("prod: includes itself", check_grad, np.prod, lambda x: np.prod(x) * np.ones(5), FIVE)
bug(
    "conv: flipped kernel",
    check_vjp,
    lambda x: np.convolve(x, np.array([1.0, 2, 3]), "valid"),
    lambda g, x: np.convolve(g, np.array([1.0, 2, 3]), "full"),
    FIVE,
)
