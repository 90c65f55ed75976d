"""Updates that read what other parameters have just become, and modules that were ordinary for no good reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, jit, nn, optim
from autograd.nn import functional as F

RNG = np.random.default_rng(0)


def gradient(t: Any, x: Any) -> Any:
    t.grad = None
    loss = ((t * x) ** 2).sum()
    loss.backward()
    return loss


def average(t: Any, u: Any, x: Any) -> Any:
    loss = gradient(t, x)
    t.data -= 0.1 * t.grad
    u.data = 0.9 * u.data + 0.1 * t.data
    return loss


def momentum(t: Any, u: Any, x: Any) -> Any:
    loss = gradient(t, x)
    u.data *= 0.9
    u.data += t.grad
    t.data -= 0.1 * u.data
    return loss


def to_and_fro(t: Any, u: Any, x: Any) -> Any:
    t.data -= 0.1 * x
    u.data -= 0.1 * t.data
    t.data -= 0.5 * u.data
    return x.sum()


def replaced_then_changed(t: Any, u: Any, x: Any) -> Any:
    t.data = t.data + x
    t.data -= 0.5 * u.data
    u.data -= 0.1 * x
    u.data = 2.0 * u.data
    return x.sum()


def exchanged(t: Any, u: Any, x: Any) -> Any:
    a, b = t.data * 1.0, u.data * 1.0
    t.data, u.data = b + x, a - x
    return x.sum()


def size_afterwards(t: Any, u: Any, x: Any) -> Any:
    gradient(t, x)
    t.data -= 0.1 * t.grad
    return (t.data**2).sum() + (u.data * x).sum()


@pytest.mark.parametrize("update", [average, momentum, to_and_fro, replaced_then_changed, exchanged, size_afterwards])
def test_new_numbers_that_others_are_made_of(update: Any) -> None:
    twins = [(Tensor(np.ones(4)), Tensor(np.full(4, 2.0))) for _ in range(2)]
    t, u = twins[0]
    compiled = jit(lambda x: update(t, u, x))
    held: list[Any] = [[], []]
    for _ in range(8):
        x = RNG.normal(size=4)
        for seen, (p, q) in zip(held, twins):
            seen += [p.data, q.data]
        found, expected = compiled(x), update(*twins[1], x)
        np.testing.assert_allclose(*[np.array(y.data if isinstance(y, Tensor) else y) for y in (found, expected)])
        for p, q in zip(*twins):
            np.testing.assert_allclose(p.data, q.data)
        for p, q in zip(*held):  # an array that was held has changed in place, or stayed as it was
            np.testing.assert_allclose(p, q)
    assert compiled.eager is (update is replaced_then_changed)


class Block(nn.Module):
    """Attention, dropout, and a normalised sum."""

    def __init__(self) -> None:
        self.attention, self.norm = nn.MultiHeadAttention(8, 2, dropout=0.2, rng=0), nn.LayerNorm(8)

    def forward(self, x: Any, mask: Any) -> Any:
        y, _ = self.attention(x, x, x, attn_mask=mask)
        return self.norm(x + y)


@pytest.mark.parametrize("mask", [np.eye(5, dtype=bool), np.triu(np.full((5, 5), -9.0), 1), None])
def test_attention(mask: Any) -> None:
    def training(model: Any) -> Any:
        optimizer = optim.SGD(model.parameters(), lr=0.1)

        def step(x: Any, mask: Any) -> Any:
            optimizer.zero_grad()
            y = np.swapaxes(model(x, mask), 0, 1)
            loss = (F.scaled_dot_product_attention(y, y, y, attn_mask=mask) ** 4).mean()
            loss.backward()
            optimizer.step()
            return loss

        return step

    a, b = Block(), Block()
    compiled, ordinary = jit(training(a)), training(b)
    for _ in range(6):
        x = RNG.normal(size=(5, 2, 8))
        np.testing.assert_allclose(compiled(x, mask).data, ordinary(x, mask).data, rtol=1e-9)
    assert compiled.reasons == []
    for p, q in zip(a.parameters(), b.parameters()):
        np.testing.assert_allclose(p.data, q.data, rtol=1e-9, atol=1e-12)


def test_attention_with_a_mask_that_it_sees_is_replayed() -> None:
    mask, block = np.triu(np.ones((5, 5), bool), 1), Block()
    compiled = jit(lambda x: (block(x, mask) ** 4).mean())
    for _ in range(3):
        compiled(RNG.normal(size=(5, 2, 8)))
    assert compiled.reasons == []


def test_elements_taken_at_labels() -> None:
    t = Tensor(RNG.normal(size=(4, 3)))
    f = lambda x, k: (np.take_along_axis(t * x, k[:, None], axis=1) + np.take(t, k, axis=1)).sum()  # noqa: E731
    compiled = jit(f)
    for _ in range(8):
        x, k = RNG.normal(size=(4, 3)), RNG.integers(0, 3, 4)
        gradients = []
        for function in (compiled, f):
            t.grad = None
            y = function(x, k)
            y.backward()
            gradients += [y.data, t.grad]
        np.testing.assert_allclose(gradients[0], gradients[2])
        np.testing.assert_allclose(gradients[1], gradients[3])
    assert compiled.reasons == []


@pytest.mark.parametrize("limit", [1e-2, 1e3])
@pytest.mark.parametrize("norm_type", [2.0, 1.0, 3.0, np.inf])
@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam])
def test_gradients_are_clipped_inside_a_replay(kind: Any, norm_type: float, limit: float) -> None:
    def world(wrap: Any) -> Any:
        w, b = Tensor(np.random.default_rng(0).normal(size=(4, 3))), Tensor(np.zeros(3))
        optimizer = kind([w, b], lr=0.1)

        def step(x: Any, labels: Any) -> Any:
            optimizer.zero_grad()
            loss = F.cross_entropy(x @ w + b, labels)
            loss.backward()
            norm = optim.clip_grad_norm_([w, b], limit, norm_type)
            optim.clip_grad_value_([b], 0.1 * limit)
            optimizer.step()
            return loss, norm

        return w, b, wrap(step)

    (w, b, compiled), (twin_w, twin_b, step) = world(jit), world(lambda f: f)
    for _ in range(6):
        x, labels = RNG.normal(size=(5, 4)), RNG.integers(0, 3, 5)
        (loss, norm), (twin_loss, twin_norm) = compiled(x, labels), step(x, labels)
        assert type(norm) is float and norm == pytest.approx(twin_norm, rel=1e-9)
        for a, c in ((loss, twin_loss), (w, twin_w), (b, twin_b)):
            np.testing.assert_allclose(a.data, c.data, rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(w.grad, twin_w.grad, rtol=1e-9, atol=1e-13)
    assert compiled.reasons == []


def test_gradients_that_are_clipped_in_single_precision() -> None:
    def world(wrap: Any) -> Any:
        w = Tensor(np.ones((4, 3), np.float32))

        def step(x: Any) -> Any:
            w.grad = None
            loss = np.sum(np.tanh(x @ w) ** 2)
            loss.backward()
            optim.clip_grad_norm_(w, 0.5)
            w.data -= 0.1 * w.grad
            return loss

        return w, wrap(step)

    (w, compiled), (twin, step) = world(jit), world(lambda f: f)
    for _ in range(6):
        x = RNG.normal(size=(5, 4)).astype(np.float32)
        compiled(x), step(x)
        assert w.dtype == w.grad.dtype == np.float32
        np.testing.assert_allclose(w.data, twin.data, rtol=1e-5)
    assert compiled.reasons == []


def test_clipping_that_may_refuse_is_ordinary() -> None:
    w = Tensor(np.ones(3))

    def step(x: Any) -> Any:
        w.grad = None
        (w * x).sum().backward()
        return optim.clip_grad_norm_(w, 1.0, error_if_nonfinite=True)

    compiled = jit(step)
    compiled(np.ones(3))
    with pytest.raises(ValueError, match="the norm of the gradients is inf"):
        compiled(np.array([np.inf, 1.0, 1.0]))
    assert compiled.eager
