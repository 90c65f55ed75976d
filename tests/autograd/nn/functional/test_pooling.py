"""Pooling: values against plain loops, derivatives against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd.nn.functional as F
from autograd import Tensor
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


def pool_by_loops(x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, how: Any) -> Any:
    fill = -np.inf if how is np.max else 0.0
    x = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2), constant_values=fill)
    out = [(x.shape[2 + i] - dilation[i] * (kernel[i] - 1) - 1) // stride[i] + 1 for i in (0, 1)]
    y = np.zeros((*x.shape[:2], *out))
    for i, j in np.ndindex(*out):
        rows = slice(i * stride[0], i * stride[0] + dilation[0] * (kernel[0] - 1) + 1, dilation[0])
        columns = slice(j * stride[1], j * stride[1] + dilation[1] * (kernel[1] - 1) + 1, dilation[1])
        y[:, :, i, j] = how(x[:, :, rows, columns], axis=(2, 3))
    return y


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_max_pool2d(data: Any) -> None:
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    kernel, stride = data.draw(pair), data.draw(pair)
    dilation = data.draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    x = rng.permutation(2 * 6 * 5).reshape(1, 2, 6, 5) / 10
    np.testing.assert_array_equal(
        F.max_pool2d(x, kernel, stride, padding, dilation), pool_by_loops(x, kernel, stride, padding, dilation, np.max)
    )
    check_derivatives(lambda x: F.max_pool2d(x, kernel, stride, padding, dilation), x, second=False)
    check_derivatives(lambda x: F.max_pool2d(x * x, kernel, stride, padding, dilation), x[:, :1])


@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_avg_pool2d(data: Any) -> None:
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    kernel, stride = data.draw(pair), data.draw(pair)
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    x = rng.normal(size=(2, 2, 5, 4))
    np.testing.assert_allclose(
        F.avg_pool2d(x, kernel, stride, padding), pool_by_loops(x, kernel, stride, padding, (1, 1), np.mean), atol=1e-14
    )
    ones = F.avg_pool2d(np.ones_like(x), kernel, stride, padding, count_include_pad=False)
    np.testing.assert_allclose(ones, 1)
    check_derivatives(lambda x: F.avg_pool2d(x * x, kernel, stride, padding, count_include_pad=False), x[:1])


def test_pools_share_and_reach_over_the_end() -> None:
    x = Tensor(np.zeros((1, 1, 4)))
    F.max_pool1d(x, 2).sum().backward()
    np.testing.assert_array_equal(x.grad, np.full((1, 1, 4), 0.5))
    x = np.arange(5.0).reshape(1, 1, 5)
    np.testing.assert_array_equal(F.max_pool1d(x, 2, ceil_mode=True), [[[1, 3, 4]]])
    np.testing.assert_array_equal(F.avg_pool1d(x, 2, ceil_mode=True), [[[0.5, 2.5, 4]]])
    np.testing.assert_array_equal(F.max_pool(x, 5), F.max_pool1d(x[0], 5)[None])
    np.testing.assert_array_equal(F.avg_pool(x, 2, divisor_override=1), [[[1, 5]]])
    assert F.max_pool2d(np.ones((3, 4, 4)), 2).shape == (3, 2, 2)


def test_a_batch_in_any_memory_order() -> None:
    x = rng.normal(size=(3, 2, 4, 4))
    w = rng.normal(size=(2, 2, 3, 3))
    orders = [x, np.asfortranarray(x), np.ascontiguousarray(x[..., ::-1])[..., ::-1], x.astype(np.float32)]
    for one in orders:
        t = Tensor(one)
        F.max_pool2d(F.conv2d(t, w, padding=1), 2).sum().backward()
        if one is x:
            expected = t.grad
        np.testing.assert_allclose(t.grad, expected, rtol=1e-5)
        assert t.grad.dtype == one.dtype
