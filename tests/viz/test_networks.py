"""Networks as circles, blocks and tables; plots of their training."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viz
from autograd import Tensor, nn
from viz.formatting import show
from viz.network import _shown
from viz.style import NEGATIVE, NEITHER, POSITIVE
from viz.trace import output_shapes


def convolutional() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, rng=0), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 16, 10, rng=1)
    )


# --- neurons ------------------------------------------------------------------------------------------------


def test_weights_are_width_and_sign() -> None:
    neuron = nn.Neuron(2, "tanh", rng=0)
    neuron.w[0].data, neuron.w[1].data = 2.0, -1.0
    picture = viz.draw_network(neuron)
    first, second = [line for line in picture.source.splitlines() if "->" in line]
    assert f'penwidth=3.50 color="{POSITIVE}"' in first and "dotted" not in first
    assert f'penwidth=2.05 color="{NEGATIVE}" style=dotted' in second, "red and dashed mean backward, and nothing else"
    neuron.w[1].data = 0.0
    assert f'penwidth=0.5 color="{NEITHER}"' in viz.draw_network(neuron).source, "zero has no sign"
    assert "2 inputs" in picture.source and "1 × Tanh" in picture.source


def test_activations_stand_inside() -> None:
    model = nn.MLP(2, [3, 1], "tanh", rng=0)
    svg = viz.draw_network(model, x=[0.5, -1.0]).svg
    hidden = model.layers[0]([0.5, -1.0])
    for v in [0.5, -1.0, *(h.data for h in hidden), model([0.5, -1.0]).data]:
        assert f">{show(v, '.3g')}</text>" in svg
    assert all(p.grad is None for p in model.parameters())


def test_gradients_in_the_backward_view() -> None:
    model = nn.MLP(2, [2, 1], "tanh", rng=0)
    assert "no gradient yet" in viz.draw_network(model, view="backward").svg
    model([0.5, -1.0]).backward()
    svg = viz.draw_network(model, view="backward").svg
    for layer in model.layers:
        for neuron in layer.neurons:
            assert f">{show(neuron.b.grad, '.3g')}</text>" in svg
            assert all(f"gradient = {show(w.grad, '.3g')}<" in svg for w in neuron.w)


def test_large_layers_are_abridged() -> None:
    assert _shown(12, 12) == list(range(12))
    assert _shown(300, 5) == [0, 1, None, 298, 299]
    picture = viz.draw_network(nn.MLP(400, [300, 2], rng=0), most=5)
    assert picture.source.count('label="⋮"') == 2
    assert "400 inputs" in picture.source and "300 × ReLU" in picture.source
    assert picture.svg.count('class="edge"') == 4 * 4 + 4 * 2


def test_same_network_same_bytes(tmp_path: Path) -> None:
    first, second = (viz.draw_network(nn.MLP(2, [3, 1], rng=1), x=[1, 2]) for _ in range(2))
    assert first.source == second.source and first.svg == second.svg
    for ending in ("svg", "png", "html", "txt", "dot"):
        assert first.save(tmp_path / f"network.{ending}").stat().st_size > 50


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(TypeError, match="draw_network takes a network"):
        viz.draw_network(3)
    with pytest.raises(ValueError, match="view must be"):
        viz.draw_network(nn.Neuron(2), view="up")
    with pytest.raises(ValueError, match="takes 2 inputs, got 3"):
        viz.draw_network(nn.Neuron(2), x=[1, 2, 3])
    with pytest.raises(ValueError, match="at least 3"):
        viz.draw_network(nn.Neuron(2), most=2)


# --- blocks -------------------------------------------------------------------------------------------------


def test_blocks_show_shapes_and_parameters() -> None:
    model = convolutional()
    shown = " ".join(re.findall(r">([^<>]+)</text>", viz.draw_network(model, (2, 1, 4, 4)).svg))
    for part in ("0 Conv2d", "output 2×8×4×4", "weight 8×1×3×3", "80 parameters", "4 Linear", "output 2×10", "1,290"):
        assert part in shown
    assert viz.draw_network(model).source.count("->") == 4


def test_many_blocks_are_readable_on_a_slide() -> None:
    """Fitted into 12 × 6.3 in, no text is smaller than 11 points: long networks stand in rows, short ones in one."""
    for count, rows in ((2, 1), (4, 2), (9, 3)):
        parts = [part for _ in range(count) for part in (nn.Linear(64, 64, rng=0), nn.Tanh())]
        picture = viz.draw_network(nn.Sequential(*parts), (1, 64))
        width, height = map(float, re.findall(r'width="([\d.]+)" height="([\d.]+)"', picture.svg)[0])
        smallest = min(map(float, re.findall(r'font-size="([\d.]+)"', picture.svg)))
        assert smallest * min(12 * 72 / width, 6.3 * 72 / height) >= 11
        assert picture.source.count("rank=same") == rows
        assert len(re.findall("class=.edge", picture.svg)) == 2 * count - 1, "each part feeds the next"


def test_gradient_sizes_in_the_backward_view() -> None:
    model = nn.Sequential(nn.Linear(2, 1, rng=0))
    assert "weight: no gradient yet" in viz.draw_network(model, view="backward").source
    model(np.array([[3.0, 4.0]])).sum().backward()
    assert "|∂weight| = 3.54" in viz.draw_network(model, view="backward").source  # √((9 + 16)/2)


class Branching(nn.Module):
    def __init__(self) -> None:
        self.left, self.right = nn.Linear(2, 3, rng=0), nn.Sequential(nn.Linear(2, 3, rng=1), nn.Dropout(0.5))
        self.scale = Tensor(np.ones(3))

    def forward(self, x: Any) -> Any:
        return (self.left(x) + self.right(x)) * self.scale


def test_no_order_is_invented_where_none_is_known() -> None:
    picture = viz.draw_network(Branching())
    assert all(part in picture.source for part in ("left Linear", "right.0 Linear", "scale 3"))
    assert 'class="node"' in picture.svg and 'class="edge' not in picture.svg


def test_shapes_are_found_without_a_trace_left() -> None:
    model = convolutional()
    before = [np.array(b) for b in model.buffers()]
    call = nn.Module.__call__
    shapes = output_shapes(model, (2, 1, 4, 4))
    assert shapes[model] == (2, 10) and shapes[model[0]] == (2, 8, 4, 4)
    assert nn.Module.__call__ is call and all(module.training for module in model.modules())
    for old, new in zip(before, model.buffers()):
        np.testing.assert_array_equal(old, new)
    with pytest.raises(ValueError):
        output_shapes(model, (2, 3))
    assert nn.Module.__call__ is call and model.training


def test_indices_and_several_inputs() -> None:
    embedding = nn.Embedding(5, 3, rng=0)
    assert output_shapes(embedding, np.array([[0, 4]]))[embedding] == (1, 2, 3)

    class Sum(nn.Module):
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

    total = Sum()
    assert output_shapes(total, (np.ones((2, 1)), np.ones(3)))[total] == (2, 3)


# --- tables -------------------------------------------------------------------------------------------------


def test_summary(capsys: pytest.CaptureFixture[str]) -> None:
    table = viz.summary(convolutional(), (2, 1, 4, 4))
    assert table.parameters == 80 + 16 + 1290
    assert capsys.readouterr().out == "" and repr(table) == str(table)  # print(summary(m)) prints once
    printed = str(table)
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert "0 (Conv2d) [2, 8, 4, 4] 80" in lines and "4 (Linear) [2, 10] 1,290" in lines
    assert f"Trainable: {table.parameters:,}" in lines and "Sequential [2, 10] –" in lines


def test_summary_of_values_and_of_parts() -> None:
    table = viz.summary(nn.MLP(2, [16, 16, 1], rng=0))
    assert "Total parameters: 337" in str(table) and "Size: 2.7 kB" in str(table)
    assert table.parameters == 337 and [row.parameters for row in table.rows] == [0, 48, 272, 17]
    table = viz.summary(Branching(), (4, 2))
    assert [(row.depth, row.name, row.parameters) for row in table.rows] == [
        (0, "", 3),
        (1, "left", 9),
        (1, "right", 0),
        (2, "0", 9),
        (2, "1", 0),
    ]
    shared = nn.Linear(2, 2)
    table = viz.summary(nn.Sequential(shared, nn.ReLU(), shared))
    assert table.parameters == 6 and table.rows[-1].kind == "Linear, shared" and table.rows[-1].parameters == 0
    with pytest.raises(TypeError, match="summary takes a network"):
        viz.summary([1, 2])


# --- plots --------------------------------------------------------------------------------------------------


@pytest.fixture
def axes() -> Any:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, ax = pyplot.subplots()
    yield ax
    pyplot.close("all")


def test_matplotlib_is_imported_only_when_called() -> None:
    program = "import sys, viz; print('matplotlib' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root)
    assert done.stdout == "False\n"


def test_the_boundary_of_a_decision_region_is_where_the_score_changes_sign(axes: Any) -> None:
    X = np.array([[0.0, 0.0], [2.0, 2.0], [0.0, 2.0], [2.0, 0.0]])
    model = nn.Neuron(2, None, rng=0)
    model.w[0].data, model.w[1].data, model.b.data = 1.0, 1.0, -2.0
    ax = viz.plot_decision_region(model, X, [0, 1, 1, 0], steps=21, ax=axes)
    black = [c for c in ax.collections if np.array_equal(c.get_edgecolor(), [[0, 0, 0, 1]])]
    (line,) = [c for c in black if c.get_linewidth() == 1.5]
    vertices = line.get_paths()[0].vertices
    assert len(vertices) > 9
    np.testing.assert_allclose(vertices.sum(axis=1), 2.0, atol=1e-9)


def test_the_boundary_between_probabilities_lies_at_a_half(axes: Any) -> None:
    X = np.array([[0.0, 0.0], [2.0, 2.0], [0.0, 2.0], [2.0, 0.0]])
    model = nn.Neuron(2, "sigmoid", rng=0)
    model.w[0].data, model.w[1].data, model.b.data = 1.0, 1.0, -2.0
    ax = viz.plot_decision_region(model, X, steps=21, ax=axes)
    (line,) = [c for c in ax.collections if np.array_equal(c.get_edgecolor(), [[0, 0, 0, 1]]) and c.get_paths()][:1]
    np.testing.assert_allclose(line.get_paths()[0].vertices.sum(axis=1), 2.0, atol=1e-9)


def test_decision_regions_of_arrays_and_of_many_classes(axes: Any) -> None:
    X = np.random.default_rng(0).normal(size=(9, 2))
    viz.plot_decision_region(nn.Sequential(nn.Linear(2, 1, rng=0)), X, np.arange(9) % 2, steps=9, ax=axes)
    viz.plot_decision_region(nn.Linear(2, 3, rng=0), X, np.arange(9) % 3, steps=9, ax=axes)
    viz.plot_decision_region(nn.MLP(2, [3, 3], rng=0), X, steps=5, ax=axes)
    with pytest.raises(ValueError, match=r"X must have shape \(n, 2\)"):
        viz.plot_decision_region(nn.Linear(3, 1), np.ones((4, 3)))
    with pytest.raises(ValueError, match="must score each point"):
        viz.plot_decision_region(lambda points: np.ones(3), X, steps=5, ax=axes)


def test_surface(axes: Any) -> None:
    bowl = viz.plot_surface(lambda x, y: x * x + y * y, (-2, 2), (-1, 1), path=[(2, 1), (0, 0)], steps=9)
    assert bowl.get_zlim()[1] >= 5 and bowl.get_xlim()[0] <= -2
    lines = viz.plot_surface(lambda x, y: Tensor(x) * y, kind="contour", steps=9, ax=axes)
    assert lines is axes and lines.get_xlabel() == "x"
    with pytest.raises(ValueError, match="kind must be"):
        viz.plot_surface(lambda x, y: x, kind="pie")
    with pytest.raises(ValueError, match="ylim must be"):
        viz.plot_surface(lambda x, y: x, ylim=(1, 1))


def test_history(axes: Any) -> None:
    ax = viz.plot_history({"loss": [3, 2, 1], "val_loss": [3, 3, 2], "accuracy": [0.1, 0.5, 0.9]}, log=True, ax=axes)
    assert [line.get_label() for line in ax.lines] == ["loss", "val_loss"] and ax.get_yscale() == "log"
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[1, 3], [2, 2], [3, 1]])
    assert all(float(tick).is_integer() for tick in ax.get_xticks())  # there is no half an epoch
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["loss", "val_loss", "accuracy"]
    by_epoch = viz.plot_history([{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0}])
    np.testing.assert_array_equal(by_epoch.lines[0].get_ydata(), [2, 1])
    with pytest.raises(ValueError, match="the history is empty"):
        viz.plot_history({})


def test_gradient_flow(axes: Any) -> None:
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Sigmoid(), nn.Linear(2, 1, rng=1))
    with pytest.raises(ValueError, match="no parameter has a gradient yet"):
        viz.plot_gradient_flow(model)
    model(np.ones((3, 2))).sum().backward()
    ax = viz.plot_gradient_flow(model, ax=axes)
    names = [name for name, _ in model.named_parameters()]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == names
    largest = [np.abs(p.grad).max() for p in model.parameters()]
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches[: len(names)]], largest)
