"""Modules: what they find, their state, their modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, nn
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
