"""Training in the page: the steps are those of Python, and the region is what the network says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
import viz
from autograd import Value, nn
from tests.viz.page.conftest import Open, Visit

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([-1.0, 1.0, 1.0, -1.0])


def model(inputs: int = 2, outputs: int = 1) -> nn.MLP:
    return nn.MLP(inputs, [4, outputs], "tanh", rng=1)


def trained(net: nn.MLP, X: Any, Y: Any, steps: int, rate: float) -> list[float]:
    """The mean losses of gradient descent."""

    def loss() -> Value:
        found = autograd.sum([(net([Value(x) for x in row]) - t) ** 2 for row, t in zip(X.tolist(), Y.tolist())])
        return found / len(X)

    losses = []
    for _ in range(steps):
        net.zero_grad()
        value = loss()
        value.backward()
        losses.append(value.data)
        for p in net.parameters():
            p.data -= rate * p.grad
    return [*losses, loss().data]


def history(page: Visit) -> list[float]:
    return list(page.run("() => live.opened.page.descent.history"))


def test_steps_are_those_of_python(visit: Open) -> None:
    page = visit(viz.page(model(), X=X, y=Y), "#tab=descend")
    page.tab.fill("input[aria-label='Step size']", "0.2")
    for _ in range(3):
        page.click("#panel-descend button >> text=/^Step$/")
    assert history(page) == pytest.approx(trained(model(), X, Y, 3, 0.2), rel=1e-12)
    assert "3 steps, mean L = " in page.read("#panel-descend .told") and not page.problems
    assert "mean L by step" in page.read("#panel-descend figcaption")


def test_the_example_that_is_shown_stays_and_reset_forgets(visit: Open) -> None:
    page = visit(viz.page(model(), X=X, y=Y), "#tab=descend")
    page.tab.select_option(".sample select", "2")
    state = "() => live.opened.page.data.network.inputs.map((i) => live.opened.page.graph.values[i])"
    page.click("#panel-descend button >> text=/^Step$/")
    assert page.run(state) == [1, 0, 1]
    page.click("#panel-descend button >> text=As recorded")
    assert history(page) == [] and not page.run("() => live.opened.page.graph.changed")


def test_the_region_is_what_the_network_says(visit: Open) -> None:
    net = model()
    page = visit(viz.page(net, X=X, y=Y), "#tab=descend")
    says = page.run("() => live.opened.page.descent.at([[0.2, 0.9], [1.1, -0.3]])")
    for x, y, found in says:
        assert found == pytest.approx(net([Value(x), Value(y)]).data, rel=1e-12)
    assert page.tab.locator(".region").count() == 2 and page.tab.locator(".example").count() == 4
    page.run("() => { for (let k = 0; k < 400; k++) live.opened.page.descent.step(); }")
    assert history(page)[-1] < 0.1


def test_running_stops_where_it_diverges(visit: Open) -> None:
    page = visit(viz.page(nn.MLP(1, [1], None, rng=0), X=[[1.0], [2.0]], y=[1.0, 3.0]), "#tab=descend")
    page.tab.fill("input[aria-label='Step size']", "3")
    page.click("#panel-descend button >> text=/^Run$/")
    page.until("document.querySelector('#panel-descend .told').textContent.includes('diverges')")
    page.until("!live.opened.page.descent.timer")


def test_of_one_input_a_curve_and_of_several_outputs_the_loss_alone(visit: Open) -> None:
    page = visit(viz.page(model(1), X=[[0.0], [1.0], [2.0]], y=[0.0, 1.0, 0.0]), "#tab=descend")
    assert "y along x1" in page.read("#panel-descend figcaption")
    assert page.tab.locator("#panel-descend .dot.mark").count() == 3
    page = visit(viz.page(model(2, 2), X=X, y=np.eye(2)[[0, 1, 1, 0]]), "#tab=descend")
    page.click("#panel-descend button >> text=/^Step$/")
    assert page.tab.locator("#panel-descend figure").count() == 1 and not page.problems


def test_a_loss_of_ones_own(visit: Open) -> None:
    made = viz.page(model(), X=X, y=Y, loss=lambda y, t: (1 - y * t).relu())
    page = visit(made, "#tab=descend")
    losses = [max(0.0, 1 - model()([Value(x) for x in row]).data * t) for row, t in zip(X, Y)]
    assert page.run("() => live.opened.page.descent.gradient().loss") == pytest.approx(np.mean(losses), rel=1e-12)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="in each of 4 rows"):
        viz.page(model(), X=X, y=[1.0, 2.0])
    with pytest.raises(ValueError, match="needs y"):
        viz.page(model(), X=X, loss=lambda y, t: y)
    with pytest.raises(ValueError, match="made from the output and the target"):
        viz.page(model(), X=X, y=Y, loss=lambda y, t: y)
    with pytest.raises(TypeError, match="y is for a network"):
        viz.page(Value(1.0), y=Y)
    with pytest.raises(TypeError, match="give the loss"):
        viz.page(model().to_tensor(), X=X, y=Y)
