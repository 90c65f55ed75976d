"""Networks in both layers: of Values and of Tensors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, nn

ACTIVATIONS = ["relu", "tanh", "sigmoid", "linear", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "softsign"]


@settings(deadline=None, max_examples=30)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    names=st.lists(st.sampled_from(ACTIVATIONS), min_size=3, max_size=3),
    softmax=st.booleans(),
    seed=st.integers(0, 99),
)
def test_one_network_in_both_layers(sizes: list[int], names: list[str], softmax: bool, seed: int) -> None:
    count = len(sizes) - 1
    chosen = names[:count]
    if softmax and sizes[-1] > 1:
        chosen[-1] = "softmax"
    mlp = nn.MLP(sizes[0], sizes[1:], activation=chosen, rng=seed)
    model = mlp.to_tensor()
    x = np.random.default_rng(seed).normal(size=(2, sizes[0]))
    y = model(x)
    (y * y).sum().backward()
    total = Value(0.0)
    for row, expected in zip(x.tolist(), y.data):
        out = mlp(row)
        out = out if isinstance(out, list) else [out]
        np.testing.assert_allclose([v.data for v in out], expected, rtol=1e-12, atol=1e-14)
        for v in out:
            total = total + v * v
    total.backward()
    for layer, linear in zip(mlp.layers, [m for m in model if isinstance(m, nn.Linear)]):
        np.testing.assert_allclose(
            [[w.grad for w in n.w] for n in layer.neurons], linear.weight.grad, rtol=1e-9, atol=1e-12
        )
        np.testing.assert_allclose([n.b.grad for n in layer.neurons], linear.bias.grad, rtol=1e-9, atol=1e-12)
    back = model.to_values()
    assert repr(back) == repr(mlp)
    assert [p.data for p in back.parameters()] == [p.data for p in mlp.parameters()]


def test_networks_without_a_counterpart() -> None:
    with pytest.raises(TypeError, match="no counterpart"):
        nn.Sequential(nn.Linear(2, 2), nn.Dropout()).to_values()
    with pytest.raises(TypeError, match="at least one Linear"):
        nn.Sequential().to_values()
    slope = nn.Sequential(nn.Linear(1, 1), nn.LeakyReLU(0.5), nn.Linear(1, 1, bias=False))
    x = -2.0
    assert slope.to_values()([x]).data == pytest.approx(slope(np.array([[x]])).item())
