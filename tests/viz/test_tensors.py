"""Pictures of array programs, and of the scalar programs behind them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import viz
from autograd import Tensor
from tests.viz.programs import dead_units


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
    assert "w  = 4×2 numbers: −1 … 4, mean 1.225" in text
    assert "dL/dv1 = dL/dv2 ⊙ (1 − v2²)" in text and "dL/dw  = dL/dv1 · xᵀ" in text


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
    assert "4×2 numbers: " in viz.chain(L, v["w"]).text


def test_what_backward_released_is_known_all_the_same() -> None:
    L, v = program()
    assert viz.draw(L).source.count("no gradient yet") == 5
    L.backward()
    assert v["z"].grad is None
    inner = viz.record(L).nodes[2]
    assert (inner.name, inner.has_grad, inner.has_derivative) == ("v1", False, True)
    assert "no gradient" not in viz.draw(L).source


def test_a_gradient_of_two_passes_is_called_what_it_is() -> None:
    L, v = program()
    L.backward()
    L.backward()
    node = viz.record(L).nodes[0]
    assert node.accumulated and node.passes == "accumulated over 2 passes"
    np.testing.assert_allclose(np.array(node.grad), 2 * np.array(node.derivative))
    text = viz.draw(L).text
    line = next(line for line in text.splitlines() if line.strip().startswith("dL/dx"))
    assert f"= {viz.chain(L, v['x']).text.split(' = ')[-1]}" in line, "text and chain say the same"


def test_a_shape_is_never_read_as_a_number() -> None:
    x = Tensor([0.5, 2.0, -1.0, 3.0, 0.0, 1.0, -2.0, 4.0], label="x")
    with np.errstate(all="ignore"):
        L = np.mean(np.log(x))
        L.backward()
    drawing = viz.draw(L)
    assert "8 numbers: −2 … 4, mean 0.9375, 12% zeros" in drawing.text and "= 8\n" not in drawing.text
    assert "⚠ 2 nan, 1 inf" in drawing.source and "x</B> = 8" not in drawing.source
    assert "v1 = log(x) is the first that is not finite: 2 nan, 1 inf (outside the domain)" in drawing.source
    first = drawing.graph.first_not_finite
    assert first is not None and first.name == "v1"


def test_dead_units_are_seen() -> None:
    shown = viz.draw(dead_units()).source
    assert "63% zeros" in shown and "mean 0.1466, 50% zeros" in shown


def test_local_derivatives_of_arrays_say_something() -> None:
    edges = {e.name: e for e in viz.record(dead_units()).edges}
    assert edges["∂v1/∂W1"].formula == "xᵀ" and edges["∂v1/∂W1"].contribution == "xᵀ · dL/dv1"
    assert edges["∂v3/∂h"].contribution == "dL/dv3 · W2ᵀ"
    assert edges["∂h/∂v2"].contribution == "dL/dh ⊙ [v2 > 0]"
    assert edges["∂v2/∂b1"].contribution == "dL/dv2, summed over axis 0"
    assert edges["∂L/∂v5"].contribution == "1/16, to each of 16"


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


def test_as_scalars_draws_every_number() -> None:
    drawing = viz.draw(Tensor([1.0, 2.0, 3.0], label="t") * 2, scalars=True)
    assert len(drawing.graph.roots) == 3 and drawing.graph.differentiated == "(v1 + v2 + v3)"


def test_pictures_of_arrays_can_be_rendered() -> None:
    L, v = program()
    L.backward()
    assert "w @ x" in viz.draw(L, of=v["w"]).svg
    assert viz.draw(L * 2.0, show="forward").svg.startswith("<svg")


@pytest.mark.parametrize("other", [0.0, np.array([1.0, 2.0]), Tensor([3.0, 4.0], label="y")])
def test_a_choice_by_an_array_is_drawn(other: Any) -> None:
    x = Tensor([1.0, -2.0], label="x")
    J = np.where(np.array([True, False]), x, other).sum()
    J.backward()
    written = viz.draw(J).text
    assert "v1 = (x if array(2) else" in written and "dv2/dv1 ⊙ (1 if array(2) else 0) = [1, 0]" in written
