"""Pictures of array programs, and of the scalar programs behind them."""

from __future__ import annotations

import numpy as np
import pytest

import viz
from autograd import Tensor


def program() -> tuple[Tensor, dict[str, Tensor]]:
    x = Tensor([1.0, 2.0], label="x")
    w = Tensor([[1.0, -1.0], [0.5, 2.0], [0.1, 0.2], [3.0, 4.0]], label="w")
    z = w @ x
    L = np.sum(np.tanh(z), axis=0)
    L.label = "L"
    return L, {"x": x, "w": w, "z": z}


def test_shapes_values_and_settings() -> None:
    L, v = program()
    L.backward(retain_grads=True)
    nodes = {n.name: n for n in viz.record(L, {"z": v["z"]}).nodes}
    assert nodes["z"].formula == "w @ x" and nodes["z"].shape == (4,)
    assert nodes["w"].value is None and nodes["w"].shape == (4, 2) and nodes["x"].value == [1.0, 2.0]
    assert nodes["L"].formula == "np.sum(v1, axis=0)"
    np.testing.assert_array_equal(nodes["x"].grad, v["x"].grad)
    text = viz.draw(L).text
    assert "w  = 4×2" in text and "∂v2/∂v1 = 1 − v2²" in text and "= matmulᵀ" in text


def test_indices_and_reshaping_are_written() -> None:
    t = Tensor(np.arange(6.0).reshape(2, 3), label="t")
    y = t[1:, 0].reshape(1, 1)[0, 0] * t[-1, np.array([0, 1])] + t[..., 2]
    formulas = [n.formula for n in viz.record(y).nodes]
    assert "t[1:, 0]" in formulas and "t[-1, array(2)]" in formulas and "t[…, 2]" in formulas


def test_the_chain_of_an_array_is_its_gradient() -> None:
    L, v = program()
    chain = viz.chain(L, v["x"])
    assert v["x"].grad is None
    L.backward()
    np.testing.assert_allclose(chain.total, v["x"].grad, rtol=1e-14)
    assert chain.text.startswith("dL/dx = ∂L/∂v2 · ∂v2/∂v1 · ∂v1/∂x = [")
    assert "4×2 array" in viz.chain(L, v["w"]).text


def test_what_backward_released_is_called_so() -> None:
    L, _ = program()
    assert {n.grad_note for n in viz.record(L).nodes} == {"no gradient yet"}
    L.backward()
    notes = {n.name: n.grad_note for n in viz.record(L).nodes}
    assert notes == {"x": "", "w": "", "v1": "gradient not kept", "v2": "gradient not kept", "L": "gradient not kept"}


def test_a_gradient_of_two_passes_is_not_called_dL() -> None:
    L, _ = program()
    L.backward()
    assert viz.record(L).node("n1").grad_name == "dL/dx"
    L.backward()
    assert viz.record(L).node("n1").grad_name == "grad"


def test_as_scalars() -> None:
    x, w = Tensor([1.0, 2.0]), Tensor([3.0, -1.0], label="w")
    y = np.sum(np.tanh(w * x))
    drawing = viz.draw(y, names={"x": x, "y": y}, scalars=True)
    assert [n.name for n in drawing.graph.inputs] == ["x[0]", "x[1]", "w[0]", "w[1]"]
    assert "no gradient yet" in drawing.source and x.grad is None
    assert drawing.graph.nodes[-1].name == "y" and drawing.graph.nodes[-1].value == pytest.approx(y.item())
    y.backward()
    inputs = viz.draw(y, names={"x": x}, scalars=True).graph.inputs
    np.testing.assert_allclose([n.grad for n in inputs], [*x.grad, *w.grad], rtol=1e-12)


def test_as_scalars_draws_one_number() -> None:
    with pytest.raises(ValueError, match=r"scalars=True draws one number, but this has shape \(3,\)"):
        viz.draw(Tensor([1.0, 2.0, 3.0]) * 2, scalars=True)


def test_pictures_of_arrays_can_be_rendered() -> None:
    L, v = program()
    L.backward()
    assert "w @ x" in viz.draw(L, of=v["w"]).svg
    assert viz.draw(L * 2.0, show="forward").svg.startswith("<svg")
