"""Losses: values by hand, derivatives against differences, and what must not overflow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd.nn.functional as F
from autograd import Tensor
from tests.autograd.nn.differences import check_derivatives

rng = np.random.default_rng(5)


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
