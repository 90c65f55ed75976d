"""Convolutions: values against plain loops, derivatives against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd.nn.functional as F
from autograd import Tensor
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


def conv_by_loops(x: Any, w: Any, b: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    x = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    kernel = w.shape[2:]
    out = [(x.shape[2 + i] - dilation[i] * (kernel[i] - 1) - 1) // stride[i] + 1 for i in (0, 1)]
    y = np.zeros((x.shape[0], w.shape[0], *out))
    per = w.shape[1]
    for o in range(w.shape[0]):
        first = o // (w.shape[0] // groups) * per
        for i, j in np.ndindex(*out):
            for p, q in np.ndindex(*kernel):
                patch = x[:, first : first + per, i * stride[0] + p * dilation[0], j * stride[1] + q * dilation[1]]
                y[:, o, i, j] += patch @ w[o, :, p, q]
    return y + b[:, None, None]


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_conv2d(data: Any) -> None:
    pair = st.tuples(st.integers(1, 2), st.integers(1, 2))
    stride, dilation, kernel = data.draw(pair), data.draw(pair), data.draw(pair)
    padding = data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    groups = data.draw(st.sampled_from([1, 2]))
    batch = data.draw(st.integers(1, 2))
    x = rng.normal(size=(batch, 2, 4, 3))
    w, b = rng.normal(size=(2, 2 // groups, *kernel)), rng.normal(size=2)
    expected = conv_by_loops(x, w, b, stride, padding, dilation, groups)
    np.testing.assert_allclose(F.conv2d(x, w, b, stride, padding, dilation, groups), expected, atol=1e-12)
    y = Tensor(x)
    check_derivatives(lambda x, w, b: F.conv2d(x, w, b, stride, padding, dilation, groups), x, w, b, second=batch == 1)
    assert F.conv2d(y, w, groups=groups).dtype == np.float64


@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_conv_transpose2d_is_the_adjoint(data: Any) -> None:
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    stride, dilation, kernel = data.draw(pair), data.draw(pair), data.draw(pair)
    groups = data.draw(st.sampled_from([1, 3]))
    extra = tuple(data.draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation))
    g, w = rng.normal(size=(2, 3, 2, 3)), rng.normal(size=(3, 2, *kernel))
    up = F.conv_transpose2d(g, w, None, stride, 0, extra, groups, dilation)
    x = rng.normal(size=up.shape)
    down = F.conv2d(x, w.reshape(3, 2, *kernel), None, stride, 0, dilation, groups)
    np.testing.assert_allclose(np.sum(down[:, :, :2, :3] * g), np.sum(x * up), atol=1e-9)
    b = rng.normal(size=2 * groups)
    check_derivatives(
        lambda g, w, b: F.conv_transpose2d(g, w, b, stride, 0, extra, groups, dilation), g, w, b, second=False
    )


def test_conv_transpose2d_second_order() -> None:
    check_derivatives(
        lambda g, w: F.conv_transpose2d(g, w, stride=2, padding=1),
        rng.normal(size=(1, 2, 2, 3)),
        rng.normal(size=(2, 1, 3, 2)),
    )


def test_one_and_three_axes() -> None:
    x, w = rng.normal(size=(2, 3, 7)), rng.normal(size=(4, 3, 3))
    check_derivatives(lambda x, w: F.conv1d(x, w, stride=2, padding="valid"), x, w)
    np.testing.assert_allclose(
        F.conv1d(x, w, padding=1), F.conv2d(x[:, :, None], w[:, :, None], padding=(0, 1))[:, :, 0]
    )
    assert F.conv1d(x, w[:, :, :2], padding="same").shape == (2, 4, 7)
    assert F.conv1d(x[0], w).shape == (4, 5)
    assert F.conv_transpose1d(x, w.transpose(1, 0, 2)).shape == (2, 4, 9)
    cube, filters = rng.normal(size=(1, 2, 3, 4, 3)), rng.normal(size=(2, 2, 2, 2, 2))
    check_derivatives(lambda x, w: F.conv3d(x, w), cube, filters, second=False)


def test_convolution_in_blocks() -> None:
    """Sizes at which the windows are copied, and the products cut, in several pieces."""
    x = rng.normal(size=(40, 3, 40, 40)).astype(np.float32)
    w, b = rng.normal(size=(8, 3, 5, 5)).astype(np.float32), rng.normal(size=8).astype(np.float32)
    t, u = Tensor(x), Tensor(w)
    y = F.conv2d(t, u, b, padding=2)
    np.testing.assert_allclose(y.data, conv_by_loops(x, w, b, (1, 1), (2, 2), (1, 1), 1), rtol=1e-4, atol=1e-4)
    g = rng.normal(size=y.shape).astype(np.float32)
    y.backward(g)
    assert t.grad.dtype == u.grad.dtype == np.float32
    # ⟨g, conv(x, w)⟩ is linear in x and in w: a sum of terms that may cancel
    terms = g.astype(float) * (y.data.astype(float) - b[:, None, None])
    close: Any = dict(rtol=0, atol=1e-6 * np.sum(np.abs(terms)))
    np.testing.assert_allclose(np.sum(t.grad.astype(float) * x), np.sum(terms), **close)
    np.testing.assert_allclose(np.sum(u.grad.astype(float) * w), np.sum(terms), **close)
