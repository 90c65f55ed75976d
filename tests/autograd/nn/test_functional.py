"""The functions of `autograd.nn.functional`: values against plain loops, derivatives against differences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
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
    check_derivatives(lambda x, w, b: F.conv2d(x, w, b, stride, padding, dilation, groups), x, w, b,
                      second=batch == 1)  # fmt: skip
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
    # ⟨g, conv(x, w)⟩ is linear in x and in w
    expected = np.sum(g.astype(float) * (y.data.astype(float) - b[:, None, None]))
    np.testing.assert_allclose(np.sum(t.grad.astype(float) * x), expected, rtol=1e-4)
    np.testing.assert_allclose(np.sum(u.grad.astype(float) * w), expected, rtol=1e-4)


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


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3)])
def test_linear(shape: Any) -> None:
    x, w, b = rng.normal(size=shape), rng.normal(size=(4, 3)), rng.normal(size=4)
    np.testing.assert_allclose(F.linear(x, w, b), x @ w.T + b)
    check_derivatives(F.linear, x, w, b)
    check_derivatives(lambda w, b: F.linear(x, w, b), w, b)
    y = F.linear(Tensor(x), w, b)
    assert y.rule.name == "linear" and len(y.inputs) == 3


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_softmax_and_kin(dim: int) -> None:
    x = rng.normal(size=(3, 4))
    for f in (F.softmax, F.log_softmax, F.logsumexp):
        check_derivatives(lambda x, f=f: f(x, dim), x)
    p = F.softmax(x, dim)
    np.testing.assert_allclose(p.sum(dim), 1)
    np.testing.assert_allclose(np.log(p), F.log_softmax(x, dim))
    check_derivatives(lambda x: F.logsumexp(x, (0, 1), keepdim=True), x)
    for f in (F.softmax, F.log_softmax, F.logsumexp):
        np.testing.assert_array_equal(f(x, axis=dim), f(x, dim))


def test_softmax_and_kin_far_out() -> None:
    x = Tensor([[1000.0, -1000.0, 999.0], [-np.inf, 0.0, -np.inf], [-1000.0, -1000.0, -1000.0]])
    p = F.softmax(x)
    np.testing.assert_allclose(p.data[0], [1 / (1 + math.exp(-1)), 0, 1 / (1 + math.e)])
    np.testing.assert_allclose(p.data[1], [0, 1, 0])
    assert F.log_softmax(x).data[0, 1] == pytest.approx(-2000 - math.log(1 + math.exp(-1)))
    np.testing.assert_allclose(F.logsumexp(x).data, [1000 + math.log1p(math.exp(-1)), 0, -1000 + math.log(3)])
    F.logsumexp(x).sum().backward()
    np.testing.assert_allclose(x.grad, p.data)
    lost = Tensor([-np.inf, -np.inf])
    y = F.logsumexp(lost)
    y.backward()
    assert y.item() == -np.inf and np.array_equal(lost.grad, [0, 0])
    assert F.softmax(Tensor(np.float32([1, 2]))).dtype == np.float32


def entropy_by_hand(x: Any, q: Any) -> Any:
    return -np.sum(q * (x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))), axis=1)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy(smoothing: float, weighted: bool, reduction: str) -> None:
    x = rng.normal(size=(5, 3))
    target = np.array([2, 0, 1, 1, 2])
    weight = np.array([0.5, 1.0, 2.0]) if weighted else None
    q = (1 - smoothing) * np.eye(3)[target] + smoothing / 3
    each = weight[target] if weighted else np.ones(5)
    losses = entropy_by_hand(x, q * (1 if weight is None else weight))
    expected = {"mean": losses.sum() / each.sum(), "sum": losses.sum(), "none": losses}[reduction]
    how: Any = dict(weight=weight, reduction=reduction, label_smoothing=smoothing)
    np.testing.assert_allclose(F.cross_entropy(x, target, **how), expected)
    check_derivatives(lambda x: F.cross_entropy(x, target, **how), x)
    # a row that is to be ignored changes nothing
    more, also = np.vstack([x, x[:1]]), np.append(target, 9)
    ignoring = F.cross_entropy(more, also, ignore_index=9, **how)
    np.testing.assert_allclose(ignoring if reduction != "none" else ignoring[:5], expected)
    check_derivatives(lambda x: F.cross_entropy(x, also, ignore_index=9, **how), more, second=False)


def test_cross_entropy_of_probabilities_and_pictures() -> None:
    x, q = rng.normal(size=(4, 3)), rng.dirichlet(np.ones(3), 4)
    np.testing.assert_allclose(F.cross_entropy(x, q), entropy_by_hand(x, q).mean())
    check_derivatives(F.cross_entropy, x, q)
    deep, classes = rng.normal(size=(2, 3, 2, 2)), rng.integers(0, 3, (2, 2, 2))
    flat = F.cross_entropy(deep.transpose(0, 2, 3, 1).reshape(-1, 3), classes.ravel(), reduction="none")
    np.testing.assert_allclose(F.cross_entropy(deep, classes, reduction="none"), flat.reshape(2, 2, 2))
    check_derivatives(lambda x: F.cross_entropy(x, classes), deep, second=False)
    assert F.cross_entropy(x[0], np.array(1)) == pytest.approx(entropy_by_hand(x[:1], np.eye(3)[[1]])[0])
    far = Tensor([[1000.0, -1000.0]])
    loss = F.cross_entropy(far, np.array([1]))
    loss.backward()
    assert loss.item() == 2000 and np.array_equal(far.grad, [[1, -1]])


@pytest.mark.parametrize(
    "loss", [F.mse_loss, F.l1_loss, F.huber_loss, F.smooth_l1_loss, F.binary_cross_entropy_with_logits]
)
def test_losses_of_pairs(loss: Any) -> None:
    x, t = 2 * rng.normal(size=(3, 2)), rng.uniform(size=(3, 2))
    for reduction in ("mean", "sum", "none"):
        check_derivatives(lambda x, t, r=reduction: loss(x, t, reduction=r), x, t)
    np.testing.assert_allclose(loss(x, t), loss(x, t, reduction="none").mean())
    with pytest.raises(ValueError, match=r"shape \(3, 2\) but target \(2,\)"):
        loss(x, t[0])
    with pytest.raises(ValueError, match="reduction"):
        loss(x, t, reduction="average")


def test_losses_of_two_classes() -> None:
    p, t, z = rng.uniform(0.1, 0.9, 4), rng.uniform(size=4), rng.normal(size=4)
    check_derivatives(F.binary_cross_entropy, p, t)
    np.testing.assert_allclose(
        F.binary_cross_entropy(1 / (1 + np.exp(-z)), t), F.binary_cross_entropy_with_logits(z, t)
    )
    weighted = F.binary_cross_entropy_with_logits(z, t, pos_weight=3.0, weight=np.full(4, 2.0))
    s = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(weighted, np.mean(-2 * (3 * t * np.log(s) + (1 - t) * np.log(1 - s))))
    x = Tensor([800.0, -800.0, 40.0])
    loss = F.binary_cross_entropy_with_logits(x, np.array([1.0, 1.0, 1.0]), reduction="none")
    np.testing.assert_allclose(loss.data, [0, 800, math.exp(-40)])
    loss.sum().backward()
    np.testing.assert_allclose(x.grad, [0, -1, -math.exp(-40)], rtol=1e-12)
    edge = Tensor([0.0, 1.0])
    F.binary_cross_entropy(edge, np.array([1.0, 1.0])).backward()
    assert np.isfinite(edge.grad).all()
    with pytest.raises(ValueError, match="probabilities"):
        F.binary_cross_entropy(np.array([1.5]), np.array([1.0]))
    check_derivatives(lambda x: F.hinge_loss(x, np.array([1.0, -1.0, 1.0, -1.0])), z)
    with pytest.raises(ValueError, match="-1 or 1"):
        F.hinge_loss(z, t)


def test_nll_and_kl() -> None:
    x, target = F.log_softmax(rng.normal(size=(4, 3))), np.array([0, 2, 1, 2])
    np.testing.assert_allclose(F.nll_loss(x, target), F.cross_entropy(x, target))
    check_derivatives(lambda x: F.nll_loss(x, target, weight=np.array([1.0, 2.0, 3.0])), x)
    q = rng.dirichlet(np.ones(3), 4)
    check_derivatives(F.kl_div, x, q)
    np.testing.assert_allclose(F.kl_div(x, q, "batchmean"), np.sum(q * (np.log(q) - x)) / 4)
    np.testing.assert_allclose(F.kl_div(x, np.log(q), log_target=True), F.kl_div(x, q))
    assert F.kl_div(np.log([0.5, 0.5]), np.array([0.0, 1.0]), "sum") == pytest.approx(math.log(2))


def test_norms() -> None:
    x, w, b = rng.normal(size=(4, 3, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    y = F.layer_norm(x, (3, 2), eps=0.0)
    np.testing.assert_allclose(y.mean((1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(y.var((1, 2)), 1)
    check_derivatives(lambda x, w, b: F.layer_norm(x, (3, 2), w, b), x, w, b)
    check_derivatives(lambda x, w, b: F.batch_norm(x, None, None, w, b, True), x, w[:, 0], b[:, 0])
    mean, variance = rng.normal(size=3), rng.uniform(1, 2, size=3)
    check_derivatives(lambda x, w, b: F.batch_norm(x, mean, variance, w, b), x, w[:, 0], b[:, 0])
    before = mean.copy()
    F.batch_norm(x, mean, variance, training=True, momentum=0.5)
    np.testing.assert_allclose(mean, 0.5 * before + 0.5 * x.mean((0, 2)))


def test_dropout() -> None:
    x = Tensor(np.ones((200, 100), np.float32))
    y = F.dropout(x, 0.25, rng=3)
    kept = y.data != 0
    assert abs(kept.mean() - 0.75) < 0.01 and np.unique(y.data).size == 2 and y.dtype == np.float32
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)
    assert F.dropout(x, 0.5, training=False) is x
    np.testing.assert_array_equal(F.dropout(x, 0.5, rng=np.random.default_rng(1)).data, F.dropout(x, 0.5, rng=1).data)
    assert not F.dropout(x, 1.0).data.any()
    with pytest.raises(ValueError, match="probability"):
        F.dropout(x, 1.5)


def test_lookup() -> None:
    weight = rng.normal(size=(4, 3))
    index = np.array([[0, 2], [2, 3]])
    check_derivatives(lambda w: F.embedding(index, w), weight)
    w = Tensor(weight)
    F.embedding(index, w, padding_idx=2).sum().backward()
    np.testing.assert_array_equal(w.grad.sum(1), [3, 0, 0, 3])
    np.testing.assert_array_equal(F.one_hot(index, 4), np.eye(4)[index])
    with pytest.raises(ValueError, match="0 to 3"):
        F.embedding([4], w)
    with pytest.raises(TypeError, match="whole numbers"):
        F.one_hot([0.5])


def test_attention() -> None:
    q, k, v = (rng.normal(size=(2, 3, 4)) for _ in range(3))
    check_derivatives(F.scaled_dot_product_attention, q, k, v, second=False)
    check_derivatives(lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), q, k, v, second=False)
    causal = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    np.testing.assert_allclose(causal[:, 0], v[:, 0])
    np.testing.assert_allclose(causal, F.scaled_dot_product_attention(q, k, v, attn_mask=np.tri(3, dtype=bool)))


@pytest.mark.parametrize(
    "f",
    [
        F.relu,
        F.leaky_relu,
        F.elu,
        F.selu,
        F.gelu,
        lambda x: F.gelu(x, "tanh"),
        F.silu,
        F.softplus,
        F.softsign,
        F.sigmoid,
        F.tanh,
        F.logsigmoid,
        F.hardtanh,
        F.relu6,
        lambda x: F.softplus(x, 2.0),
    ],  # fmt: skip
)
def test_activations(f: Any) -> None:
    check_derivatives(f, np.array([-2.3, -0.7, 0.4, 1.9, 6.5]))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: F.conv2d(np.ones((1, 2, 3, 3)), np.ones((1, 3, 2, 2))), "input has 2 channels"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 4, 4))), "does not fit into"),
        (lambda: F.conv2d(np.ones((3, 3)), np.ones((1, 1, 2, 2))), "got shape"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), stride=0), "stride must be"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(2)), "bias has shape"),
        (lambda: F.conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), stride=2, padding="same"), "needs stride=1"),
        (lambda: F.conv_transpose2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), output_padding=1), "output_padding"),
        (lambda: F.max_pool2d(np.ones((1, 1, 3, 3)), 2, padding=2), "more than half"),
        (lambda: F.linear(np.ones((2, 3)), np.ones((4, 2))), "does not fit weight"),
        (lambda: F.linear(np.ones((2, 3)), np.ones((4, 3)), np.ones(3)), "bias has shape"),
        (lambda: F.cross_entropy(np.ones((2, 3)), np.array([0, 3])), "none of the classes"),
        (lambda: F.cross_entropy(np.ones((2, 3)), np.array([0.0, 1.0])), "whole numbers"),
        (lambda: F.cross_entropy(np.ones((2, 3)), np.array([0, 1]), label_smoothing=2), "label_smoothing"),
        (lambda: F.layer_norm(np.ones((2, 3)), 2), "does not end in"),
        (lambda: F.batch_norm(np.ones((1, 3)), None, None, training=True), "larger batch"),
        (lambda: F.batch_norm(np.ones((2, 3)), np.ones(2), np.ones(2)), "3 channels"),
    ],
)  # fmt: skip
def test_refusals(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
