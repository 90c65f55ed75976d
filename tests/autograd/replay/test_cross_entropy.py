"""Cross-entropy in a recording: in steps that forward and backward pass share, and in NumPy alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, grad, jit, value_and_grad
from autograd.nn import functional as F

RNG = np.random.default_rng(0)


def numbers(x: Any) -> Any:
    return np.array(x.data) if isinstance(x, Tensor) else x


@pytest.mark.parametrize("shape, kind, settings", [
    ((6, 3), int, {}), ((6, 3), np.int8, {}), ((6, 3), np.uint64, {}), ((6, 1), int, {}), ((1, 3), int, {}),
    ((6, 3), int, {"reduction": "sum"}), ((6, 3), int, {"reduction": "none"}), ((6, 100), int, {}),
    ((6, 3), int, {"weight": np.array([1.0, 2.0, 0.5])}), ((6, 3), int, {"ignore_index": 1}),
    ((6, 3), int, {"label_smoothing": 0.1}), ((2, 3, 4), int, {}), ((2, 3, 4, 2), int, {"ignore_index": 0}),
])  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_replayed_as_it_stands(shape: Any, kind: Any, settings: Any, dtype: Any) -> None:
    f = lambda x, labels: F.cross_entropy(x * x[:1], labels, **settings).sum()  # noqa: E731
    compiled = jit(value_and_grad(f))
    ignored = settings.get("ignore_index")
    for _ in range(12):
        x = (3 * RNG.normal(size=shape)).astype(dtype)
        labels = RNG.integers(0, shape[1], (shape[0], *shape[2:])).astype(kind)
        if ignored is not None:
            labels.flat[:2] = (ignored, ignored + 1)
        for found, expected in zip(compiled(x, labels), value_and_grad(f)(x, labels)):
            assert np.asarray(found).dtype == np.asarray(expected).dtype
            np.testing.assert_allclose(found, expected, rtol=1e-9 if dtype == np.float64 else 1e-4, atol=1e-7)
    assert compiled.reasons == [] and compiled.source


def test_scores_that_are_large_or_infinite() -> None:
    f = lambda x, labels: F.cross_entropy(1.0 * x, labels)  # noqa: E731
    compiled = jit(value_and_grad(f))
    labels = np.array([0, 1, 2])
    ordinary = [RNG.normal(size=(3, 3)) for _ in range(3)]
    for special in (1e300, -1e300, np.inf, -np.inf, np.nan, 1000.0):
        for place in ((0, 0), (0, 1), (2, slice(None))):
            x = RNG.normal(size=(3, 3))
            x[place] = special
            ordinary.append(x)
    for x in ordinary:
        with np.errstate(all="ignore"):
            for found, expected in zip(compiled(x, labels), value_and_grad(f)(x, labels)):
                np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-300)
    assert compiled.reasons == []


def test_labels_out_of_range_are_refused_as_without() -> None:
    compiled = jit(lambda x, labels: F.cross_entropy(x, labels))
    for _ in range(4):
        compiled(RNG.normal(size=(3, 3)), RNG.integers(0, 3, 3))
    for wrong in (3, -1):
        with pytest.raises(ValueError, match="none of the classes"):
            compiled(RNG.normal(size=(3, 3)), np.array([0, 1, wrong]))
    assert numbers(compiled(np.zeros((3, 3)), np.array([0, 1, 2]))) == pytest.approx(np.log(3))


def test_a_gradient_of_its_gradient() -> None:
    f = lambda x, labels: F.cross_entropy(x, labels)  # noqa: E731
    g = lambda h: lambda x, labels: (grad(h)(x, labels) ** 2).sum()  # noqa: E731
    compiled = jit(f)
    outer = jit(grad(g(f)))
    for _ in range(5):
        x, labels = RNG.normal(size=(4, 3)), RNG.integers(0, 3, 4)
        expected = grad(g(f))(x, labels)
        np.testing.assert_allclose(grad(g(compiled))(x, labels), expected, rtol=1e-9)
        np.testing.assert_allclose(outer(x, labels), expected, rtol=1e-9)


def test_its_source_is_numpy_alone() -> None:
    w = Tensor(RNG.normal(size=(4, 3)), label="w")

    def step(x: Any, labels: Any) -> Any:
        w.grad = None
        loss = F.cross_entropy(x @ w, labels)
        loss.backward()
        w.data -= 0.1 * w.grad
        return loss

    compiled = jit(step)
    for _ in range(3):
        compiled(RNG.normal(size=(6, 4)), RNG.integers(0, 3, 6))
    assert "autograd" not in compiled.source and "labels] +=" in compiled.source
    inputs = {name: np.copy(x) for name, x in compiled.inputs.items()}
    space: dict[str, Any] = {}
    exec(compiled.source, space)
    value, d_w, new_w = space["step"](**inputs)
    np.testing.assert_allclose(value, compiled(inputs["x"], inputs["labels"]).data)
    np.testing.assert_allclose(d_w, w.grad)
    np.testing.assert_allclose(new_w, w.data)
