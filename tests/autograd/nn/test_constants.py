"""Constants beside Tensors in losses and layers: of every dtype, and changed between forward and backward."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import pytest

from autograd import Tensor
from autograd.nn import functional as F

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 3))
P = RNG.uniform(0.1, 0.9, (4, 3))
PICTURE = RNG.normal(size=(2, 2, 6, 6))

# A function of a Tensor x and constants, which are given as arrays that it must not hold on to.
WHOLE: dict[str, tuple[Any, Any, list[Any]]] = {
    "mse_loss": (F.mse_loss, X, [RNG.integers(0, 120, (4, 3))]),
    "l1_loss": (F.l1_loss, X, [RNG.integers(0, 120, (4, 3))]),
    "huber_loss": (F.huber_loss, X, [RNG.integers(0, 3, (4, 3))]),
    "binary_cross_entropy": (F.binary_cross_entropy, P, [RNG.integers(0, 2, (4, 3)), RNG.integers(1, 100, (4, 3))]),
    "binary_cross_entropy_with_logits": (
        lambda x, t, w, p: F.binary_cross_entropy_with_logits(x, t, w, pos_weight=p), X,
        [RNG.integers(0, 2, (4, 3)), RNG.integers(1, 100, (4, 3)), RNG.integers(1, 100, 3)],
    ),
    "hinge_loss": (F.hinge_loss, X, [np.ones((4, 3), int)]),
    "kl_div": (F.kl_div, X, [RNG.integers(0, 100, (4, 3))]),
    "cross_entropy, probabilities": (lambda x, q: F.cross_entropy(x, q, label_smoothing=0.1), X, [P]),
    "cross_entropy, weights": (lambda x, w: F.cross_entropy(x, np.array([0, 2, 1, 1]), w), X, [np.array([1, 100, 90])]),
    "linear": (lambda b, x, w: F.linear(x, w, b), X[0], [RNG.integers(0, 120, (4, 3)), RNG.integers(0, 120, (3, 3))]),
    "layer_norm": (lambda x, w, b: F.layer_norm(x, 3, w, b), X, [np.array([1, 100, 3]), np.array([5, 6, 7])]),
    "batch_norm": (
        lambda x, m, v, w, b: F.batch_norm(x, m, v, w, b), X,
        [np.array([1, 100, 3]), np.array([5, 6, 7]), np.array([1, 2, 3]), np.array([1, 2, 3])],
    ),
    "conv2d": (lambda x, w: F.conv2d(x, w), PICTURE, [RNG.integers(0, 100, (3, 2, 3, 3))]),
    "conv2d, bias": (
        lambda b, x, w: F.conv2d(x, w, b), X[0],
        [RNG.integers(0, 100, (2, 2, 6, 6)), RNG.integers(0, 100, (3, 2, 3, 3))],
    ),
    "attention": (
        lambda v, q, k: F.scaled_dot_product_attention(q, k, v), X,
        [RNG.integers(0, 2, (4, 3)), RNG.integers(0, 2, (4, 3))],
    ),
    "attention, mask": (
        lambda q, m: F.scaled_dot_product_attention(q, q, q, m), X, [RNG.integers(0, 100, (4, 4))],
    ),
}  # fmt: skip

LABELS: dict[str, tuple[Any, Any, list[Any]]] = {
    "cross_entropy": (F.cross_entropy, X, [np.array([0, 2, 1, 1])]),
    "cross_entropy, none": (lambda x, t: F.cross_entropy(x, t, reduction="none"), X, [np.array([0, 2, 1, 1])]),
    "cross_entropy, smooth": (lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1), X, [np.array([0, 2, 1, 1])]),
    "nll_loss": (F.nll_loss, X, [np.array([0, 2, 1, 1])]),
    "embedding": (lambda w, i: F.embedding(i, w), X, [np.array([0, 3, 1, 1])]),
    "attention": (lambda q, m: F.scaled_dot_product_attention(q, q, q, m), X, [np.tri(4, dtype=bool)]),
}


def gradient(f: Any, x: Any, constants: list[Any], change: bool = False) -> tuple[Any, Any]:
    leaf = Tensor(x)
    y = f(leaf, *constants)
    for array in constants if change else ():
        array[...] = ~array if array.dtype == bool else 0 if array.dtype.kind in "iu" else 3 * array + 1
    y.backward(np.cos(np.arange(y.size)).reshape(y.shape))
    return y.data, leaf.grad


@pytest.mark.parametrize("name", WHOLE)
def test_every_dtype(name: str) -> None:
    f, x, constants = WHOLE[name]
    for dtype in (np.int8, np.uint8, np.int16, np.int64, np.uint64, np.float16, np.float32, np.longdouble):
        if name.startswith("cross_entropy, prob") and np.dtype(dtype).kind != "f":
            continue
        typed = [c.astype(dtype) for c in constants]
        value, found = gradient(f, x, typed)
        right, truth = gradient(f, x, [c.astype(np.float64) for c in typed])
        np.testing.assert_allclose(value, right, rtol=1e-12, err_msg=dtype.__name__)
        np.testing.assert_allclose(found, truth, rtol=1e-11, atol=1e-14, err_msg=dtype.__name__)


@pytest.mark.parametrize("name", [*WHOLE, *(f"labels of {name}" for name in LABELS)])
def test_constants_may_change_after_use(name: str) -> None:
    f, x, constants = {**WHOLE, **{f"labels of {name}": case for name, case in LABELS.items()}}[name]
    value, expected = gradient(f, x, [c.copy() for c in constants])
    again, found = gradient(f, x, [c.copy() for c in constants], change=True)
    np.testing.assert_array_equal(found, expected)


SMALL = np.array([[100, -100, 3], [7, 90, -3]], dtype=np.int8)
PIXELS = np.full((1, 2, 4, 4), 100, dtype=np.int8)
OF_WHOLE_NUMBERS: list[Callable[[Any], Any]] = [
    lambda f: F.cross_entropy(f(SMALL), np.array([0, 2])),
    lambda f: F.nll_loss(f(SMALL), np.array([0, 2]), reduction="mean"),
    lambda f: F.mse_loss(f(SMALL), f(-SMALL)),
    lambda f: F.avg_pool2d(f(PIXELS), 2),
    lambda f: F.conv2d(f(PIXELS), f(PIXELS[:, :, :3, :3])),
    lambda f: F.scaled_dot_product_attention(f(SMALL), f(SMALL), f(SMALL)),
]


@pytest.mark.parametrize("case", range(len(OF_WHOLE_NUMBERS)))
def test_plain_whole_numbers_do_not_overflow(case: int) -> None:
    """Before, int8 alone went through in int8: a mean of (100, 100, 100, 100) was 4."""
    call = OF_WHOLE_NUMBERS[case]
    np.testing.assert_allclose(call(lambda x: x), call(lambda x: x.astype(float)), rtol=1e-12)
