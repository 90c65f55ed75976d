"""The page of a network: circles and weights, with the same player, and the same sums."""

from __future__ import annotations

import numpy as np
import pytest

import viz
from autograd import Tensor, Value, nn
from tests.viz.page.conftest import Open

X = [[0.5, -1.0, 2.0], [1.0, 0.0, -1.0], [-0.3, 0.2, 0.1]]


def model() -> nn.MLP:
    return nn.MLP(3, [4, 2, 1], "tanh", rng=0)


def test_neurons_are_circles_and_weights_are_lines(visit: Open) -> None:
    net = model()
    page = visit(viz.page(net, X=X))
    assert page.tab.locator("circle").count() == 3 + 4 + 2 + 1
    assert page.tab.locator(".weight").count() == 3 * 4 + 4 * 2 + 2 * 1
    widths = page.run("""() => {
      const { view, picture, graph } = live.opened.page;
      return picture.lines.map(({ weight, node }) => [graph.values[node], Number(weight.getAttribute("stroke-width")),
        weight.getAttribute("class")]);
    }""")
    weights = [w.data for layer in net.layers for neuron in layer.neurons for w in neuron.w]
    assert sorted(w for w, *_ in widths) == sorted(weights)
    by_size = sorted(widths, key=lambda entry: abs(entry[0]))
    assert [width for _, width, _ in by_size] == sorted(width for _, width, _ in widths)
    assert all(("positive" in kind) == (w > 0) for w, _, kind in widths) and not page.problems


def test_the_backward_pass_leaves_gradients_on_the_weights(visit: Open) -> None:
    net = model()
    page = visit(viz.page(net, X=X))
    page.press("Home")
    drawn = "() => [...document.querySelectorAll('.gradient-line')].map((x) => Number(x.getAttribute('stroke-width')))"
    assert set(page.run(drawn)) == {0}
    page.press("End")
    assert min(page.run(drawn)) > 0
    out = net([Value(x) for x in X[0]])
    out.backward()
    page.press("ArrowLeft")
    assert "; dy/dw" in page.read(".sentence")
    grads = {w.data: w.grad for layer in net.layers for neuron in layer.neurons for w in neuron.w}
    found = page.run("""() => {
      const { picture, graph } = live.opened.page;
      return picture.lines.map(({ node, title }) => [graph.values[node], graph.slopes[node], title.textContent]);
    }""")
    assert {w: g for w, g, _ in found} == pytest.approx(grads, rel=1e-12)
    assert all("w" in told for *_, told in found)


def test_steps_through_the_layers(visit: Open) -> None:
    page = visit(viz.page(model(), X=X[0]))
    page.press("Home")
    for _ in range(4):
        page.press("ArrowRight")
    assert "tanh" in page.read(".sentence") and "4" in page.read(".count")
    values = page.run("() => [...document.querySelectorAll('.box .value')].filter((x) => x.textContent).length")
    assert values == 3 + 4  # the inputs and the first layer


def test_another_example_is_given(visit: Open) -> None:
    net = model()
    page = visit(viz.page(net, X=X))
    page.choose("select[aria-label=Example]", "2: 1, 0, −1")
    out = net([Value(x) for x in X[1]])
    assert page.run("() => live.opened.page.graph.values[live.opened.page.graph.roots[0]]") == pytest.approx(
        out.data, rel=1e-12
    )
    alone = visit(viz.page(net, X=X[0]))
    assert alone.tab.locator("select[aria-label=Example]").count() == 0


def test_a_neuron_is_traced_and_opened(visit: Open) -> None:
    page = visit(viz.page(model(), X=X))
    page.click(page.box("x1"))
    assert page.read(".equation").startswith("dy/dx1")
    page.click(page.box("layer 1, neuron 2"))
    assert page.read(".equation").startswith("dy/da₂⁽¹⁾")
    page.click(".actions >> text=Open")
    assert page.tab.locator("circle").count() == 0 and page.tab.locator(page.box("w₂₁⁽¹⁾")).count() == 1
    page.click('.frame-title[aria-label="Close neuron 2"]')
    assert page.tab.locator("circle").count() == 10 and not page.problems


def test_a_wide_network_is_abridged(visit: Open) -> None:
    page = visit(viz.page(nn.MLP(60, [60, 1], "tanh", rng=0), X=np.linspace(-1, 1, 60)))
    assert page.tab.locator("circle").count() < 12 and not page.problems


def test_a_layer_and_a_neuron(visit: Open) -> None:
    for part, circles in ((nn.Layer(2, 3, "tanh", rng=0), 5), (nn.Neuron(2, "tanh", rng=0), 3)):
        page = visit(viz.page(part, X=[1.0, -1.0]))
        assert page.tab.locator("circle").count() == circles and not page.problems


def test_a_network_of_tensors_has_its_modules_as_groups(visit: Open) -> None:
    net = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=0))
    page = visit(viz.page(net, X=np.array(X)))
    assert not page.problems and page.run("() => live.opened.page.graph.groups.length") >= 2
    names = page.run("live.opened.page.graph.groups.map((group) => group.name)")
    assert "weight" in page.text(".picture") and "Linear" in names


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="needs an input"):
        viz.page(model())
    with pytest.raises(ValueError, match="X must have 3 numbers"):
        viz.page(model(), X=[1.0, 2.0])
    with pytest.raises(ValueError, match="X must have 3 numbers"):
        viz.page(model(), X=np.ones((2, 2, 3)))
    for root in (Value(2) * 3, Tensor([1.0]) * 2):
        with pytest.raises(TypeError, match="X is for a network"):
            viz.page(root, X=[1.0])
