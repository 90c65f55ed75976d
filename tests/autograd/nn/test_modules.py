"""Modules: what they find, their state, their modes; initialisers; networks in both layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Tensor, Value, nn
from autograd.errors import ChangedDataError

rng = np.random.default_rng(2)


class Block(nn.Module):
    def __init__(self) -> None:
        self.scale = Tensor(3.0)
        self.layers = [nn.Linear(2, 2, rng=0), nn.Linear(2, 2, bias=False, rng=1)]
        self.named = {"head": nn.Linear(2, 1, rng=2)}
        self.shared = self.layers[0]
        self.register_buffer("count", np.zeros(1))
        self.notes = ["no parameter"]

    def forward(self, x: Any) -> Any:
        self.last = self.scale * x  # recorded, hence no parameter
        return self.named["head"](self.layers[1](self.layers[0](self.last)))


def test_parts_and_parameters() -> None:
    block = Block()
    block(np.ones((3, 2)))
    names = ["scale", "layers.0.weight", "layers.0.bias", "layers.1.weight", "named.head.weight", "named.head.bias"]
    assert [name for name, _ in block.named_parameters()] == names
    assert len(block.parameters()) == 6 and all(isinstance(p, Tensor) for p in block.parameters())
    assert list(block.state_dict()) == names + ["shared.weight", "shared.bias", "count"]
    assert [name for name, _ in block.named_buffers()] == ["count"]
    assert [name for name, _ in block.named_children()] == ["layers.0", "layers.1", "named.head", "shared"]
    assert len(block.modules()) == 4 and block.modules()[0] is block
    assert not block.eval().training and not block.layers[0].training
    assert block.train().layers[1].training
    assert repr(nn.Sequential(nn.Linear(1, 2), nn.Sequential(nn.Tanh()))) == (
        "Sequential(\n  (0): Linear(in_features=1, out_features=2, bias=True)\n"
        "  (1): Sequential(\n    (0): Tanh()\n  )\n)"
    )
    loss = block(np.ones((3, 2))).sum()
    loss.backward()
    assert all(p.grad is not None for p in block.parameters())
    block.zero_grad()
    assert all(p.grad is None for p in block.parameters())
    with pytest.raises(NotImplementedError, match="no forward"):
        nn.Module()(1)


def test_a_module_inside_itself() -> None:
    a, b = nn.Module(), nn.Module()
    a.other, b.other, b.weight = b, a, Tensor(1.0)
    assert [name for name, _ in a.named_parameters()] == ["other.weight"]
    assert len(a.modules()) == 2


def test_state() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    model(rng.normal(size=(8, 3)))
    state = model.state_dict()
    state["0.weight"][...] = 7  # a copy
    assert not (model[0].weight.data == 7).all()
    other = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    other.load_state_dict(model.state_dict())
    x = rng.normal(size=(5, 3))
    np.testing.assert_array_equal(model.eval()(x).data, other.eval()(x).data)
    with pytest.raises(KeyError, match="missing: 0.bias; unknown: 0.biases"):
        other.load_state_dict({("0.biases" if k == "0.bias" else k): v for k, v in state.items()})
    before = other.state_dict()
    with pytest.raises(ValueError, match=r"3.bias has shape \(2,\), but the state holds \(3,\)"):
        other.load_state_dict({**state, "3.bias": np.zeros(3)})
    for name, array in other.state_dict().items():
        np.testing.assert_array_equal(array, before[name])  # nothing was changed
    with pytest.raises(ValueError, match="3.bias holds real numbers"):
        other.load_state_dict({**state, "3.bias": np.array(["a", "b"])})
    other.load_state_dict({"0.bias": np.ones(4)}, strict=False)
    assert (other[0].bias.data == 1).all()


def test_loading_is_noticed() -> None:
    layer = nn.Linear(2, 1)
    loss = (layer(np.ones((1, 2))) ** 2).sum()
    layer.load_state_dict(layer.state_dict())
    with pytest.raises(ChangedDataError):
        loss.backward()


def test_state_of_values() -> None:
    mlp, other = nn.MLP(2, [3, 1], rng=0), nn.MLP(2, [3, 1], rng=1)
    other.load_state_dict(mlp.state_dict())
    assert other([0.3, 0.4]).data == mlp([0.3, 0.4]).data
    assert "layers.0.neurons.2.w.1" in mlp.state_dict()
    assert len(mlp.parameters()) == len(mlp.named_parameters()) == 13


def test_sequential() -> None:
    model = nn.Sequential(nn.Linear(2, 3), np.tanh, nn.Linear(3, 1))
    assert model(np.ones((4, 2))).shape == (4, 1)
    assert len(model) == 3 and model[1] is np.tanh and len(model[:2]) == 2
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert len(model.append(nn.Tanh())) == 4 and [*model][3] is model[3]
    with pytest.raises(TypeError, match="not int"):
        nn.Sequential(3)


def test_dtype_and_rng() -> None:
    layers: list[tuple[Any, tuple[int, ...]]] = [
        (nn.Linear, (3, 2)), (nn.Conv2d, (1, 2, 3)), (nn.LSTM, (2, 3)), (nn.Embedding, (4, 3)),
        (nn.MultiHeadAttention, (4, 2)),
    ]  # fmt: skip
    for layer, args in layers:
        first, second, third = (layer(*args, rng=r, dtype=np.float32) for r in (5, np.random.default_rng(5), 6))
        for (name, a), b, c in zip(first.named_parameters(), second.parameters(), third.parameters()):
            assert a.dtype == np.float32
            np.testing.assert_array_equal(a.data, b.data)
            assert "bias" in name or not np.array_equal(a.data, c.data)
    wide = nn.Linear(100, 50, rng=0)
    assert 0.09 < np.abs(wide.weight.data).max() <= 0.1
    dropout = nn.Dropout(0.5, rng=1)
    x = np.ones(100)
    assert not np.array_equal(dropout(x), dropout(x)) and dropout.eval()(x) is x


@pytest.mark.parametrize(
    "initialise, std",
    [
        (lambda w: nn.init.uniform_(w, -1, 3, rng=0), 4 / math.sqrt(12)),
        (lambda w: nn.init.normal_(w, 1, 0.5, rng=0), 0.5),
        (lambda w: nn.init.xavier_uniform_(w, rng=0), math.sqrt(2 / (100 + 60))),
        (lambda w: nn.init.xavier_normal_(w, 2.0, rng=0), 2 * math.sqrt(2 / (100 + 60))),
        (lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu", rng=0), math.sqrt(2 / 100)),
        (lambda w: nn.init.kaiming_normal_(w, 0.5, "fan_out", rng=0), math.sqrt(2 / 1.25 / 60)),
        (lambda w: nn.init.he_normal_(w, nonlinearity="relu", rng=0), math.sqrt(2 / 100)),
        (lambda w: nn.init.lecun_uniform_(w, rng=0), math.sqrt(1 / 100)),
        (lambda w: nn.init.lecun_normal_(w, rng=0), math.sqrt(1 / 100)),
        (lambda w: nn.init.orthogonal_(w, rng=0), math.sqrt(1 / 100)),
        (nn.init.zeros_, 0),
        (lambda w: nn.init.constant_(w, 2.0), 0),
    ],
)
def test_initialisers(initialise: Any, std: float) -> None:
    w = Tensor(np.full((60, 100), 9.0))
    assert initialise(w) is w
    assert w.data.std() == pytest.approx(std, rel=0.05)
    array = np.zeros((60, 100))
    initialise(array)
    np.testing.assert_array_equal(array, w.data)


def test_initialisers_of_filters() -> None:
    assert nn.init.fans(np.zeros((8, 4, 3, 3))) == (36, 72)
    q = nn.init.orthogonal_(np.zeros((4, 3, 2, 2)), 2.0, rng=0).reshape(4, 12)
    np.testing.assert_allclose(q @ q.T, 4 * np.eye(4), atol=1e-12)
    np.testing.assert_array_equal(nn.init.eye_(np.zeros((2, 3))), np.eye(2, 3))
    assert nn.init.calculate_gain("leaky_relu", 0.5) == pytest.approx(math.sqrt(1.6))
    with pytest.raises(ValueError, match="2 axes"):
        nn.init.xavier_normal_(np.zeros(3))
    with pytest.raises(ValueError, match="no gain"):
        nn.init.calculate_gain("cosine")


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


def test_recurrent_errors_and_unrolled_gradient() -> None:
    lstm = nn.LSTM(3, 2, dropout=0.5, num_layers=2, rng=0)
    with pytest.raises(ValueError, match="got shape"):
        lstm(np.ones((4, 2, 5)))
    with pytest.raises(ValueError, match="expected"):
        lstm(np.ones((4, 2, 3)), (np.zeros((2, 1, 2)), np.zeros((2, 2, 2))))
    x = rng.normal(size=(4, 2, 3))
    whole, end = lstm.eval()(x)
    first, middle = lstm(x[:2])
    second, last = lstm(x[2:], middle)
    np.testing.assert_allclose(np.concatenate([first.data, second.data]), whole.data)
    np.testing.assert_allclose(last[1].data, end[1].data)


def test_attention_masks() -> None:
    layer = nn.MultiHeadAttention(4, 2, rng=0)
    x = rng.normal(size=(3, 2, 4))
    _, weights = layer(x, x, x, is_causal=True)
    assert (np.triu(weights.data, 1) == 0).all()
    np.testing.assert_allclose(weights.data.sum(-1), 1)
    hidden = np.array([[False, False, True], [False, True, True]])
    _, weights = layer(x, x, x, key_padding_mask=hidden, average_attn_weights=False)
    assert (
        weights.shape == (2, 2, 3, 3) and (weights.data[hidden[:, None, None] * np.ones((2, 2, 3, 3), bool)] == 0).all()
    )
    single, _ = layer(x[:, 0], x[:, 0], x[:, 0])
    np.testing.assert_allclose(single.data, layer(x, x, x)[0].data[:, 0])
    with pytest.raises(ValueError, match="must divide"):
        nn.MultiHeadAttention(5, 2)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: nn.Linear(0, 1), "in_features"),
        (lambda: nn.Conv2d(3, 4, 3, groups=2), "groups=2 must divide"),
        (lambda: nn.Conv2d(3, 4, (3, 3, 3)), "kernel_size"),
        (lambda: nn.Dropout(2), "probability"),
        (lambda: nn.MSELoss("average"), "reduction"),
        (lambda: nn.RNN(2, 2, nonlinearity="cos"), "nonlinearity"),
        (lambda: nn.BatchNorm2d(3)(np.ones((2, 3))), "4 axes"),
        (lambda: nn.Embedding(3, 2, padding_idx=3), "padding_idx"),
    ],
)
def test_refusals(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
