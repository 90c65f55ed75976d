"""PyTorch's graphs read by viz: run in an environment that has PyTorch, as benchmarks/README.md says."""

from __future__ import annotations

from typing import Any, Iterator

import numpy as np
import pytest
import torch
from torch import nn

import viz
from benchmarks.pytorch_graphs.programs import PROGRAMS


def by_name(graph: viz.Graph) -> dict[str, Any]:
    return {node.name: node for node in graph.nodes}


def test_numbers_have_names_values_and_derivatives() -> None:
    a, b, c = (torch.tensor(x, requires_grad=True) for x in (5.0, 3.0, 2.0))
    u = b * c
    v = a + u
    J = 3 * v
    drawing = viz.draw(J, names={"a": a, "b": b, "c": c, "u": u, "v": v, "J": J})
    found = by_name(drawing.graph)
    assert {name: node.value for name, node in found.items()} == {"a": 5, "b": 3, "c": 2, "u": 6, "v": 11, "J": 33}
    assert {name: node.derivative for name, node in found.items()} == {"a": 3, "b": 6, "c": 9, "u": 3, "v": 3, "J": 1}
    assert "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6" in drawing.text
    assert "dJ/db = 6" in drawing.svg


def test_it_leaves_gradients_and_the_graph_as_they_were() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.grad = torch.tensor([7.0, 7.0])
    loss = (x * x).sum()
    assert viz.draw(loss, names={"x": x}).svg
    assert x.grad.tolist() == [7.0, 7.0]
    loss.backward()
    assert x.grad.tolist() == [9.0, 11.0]


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients_of_every_parameter(name: str) -> None:
    """The derivatives of the picture are those that PyTorch's own backward pass leaves in .grad."""
    model, _, loss_of = PROGRAMS[name]()
    loss = loss_of()
    graph = viz.draw(loss, names={"model": model, "loss": loss}).graph
    found = by_name(graph)
    loss.backward()
    for path, parameter in model.named_parameters():
        node = found[path]
        assert node.shape == tuple(parameter.shape)
        expected = parameter.grad.numpy()
        figures = node.derivative_stats
        assert figures is not None
        scale = float(np.abs(expected).max())
        for got, wanted in (
            (figures.low, expected.min()),
            (figures.high, expected.max()),
            (figures.mean, expected.mean()),
        ):
            assert got == pytest.approx(float(wanted), rel=1e-4, abs=1e-5 * scale)
    modules = dict(model.named_modules())
    names = {group.name.partition(" (")[0] for group in graph.groups}
    assert names <= {f"{path.rpartition('.')[2]}: {type(module).__name__}" for path, module in modules.items()}


@pytest.mark.parametrize("name", PROGRAMS)
def test_shown_values_are_those_of_the_forward_pass(name: str) -> None:
    """Modules' outputs, taken by hooks, are found under the figures that the picture shows for what was saved."""
    model, _, loss_of = PROGRAMS[name]()
    seen: list[tuple[tuple[int, ...], float]] = []
    for module in model.modules():
        if not list(module.children()):
            module.register_forward_hook(
                lambda m, i, y: seen.append((tuple(y.shape), y.mean().item())) if isinstance(y, torch.Tensor) else None
            )
    loss = loss_of()
    graph = viz.draw(loss, names={"model": model}).graph
    known = [(n.shape, n.value_stats.mean) for n in graph.nodes if n.kind == "operation" and n.value_stats is not None]
    assert len(known) >= 5
    activations = [(shape, mean) for shape, mean in known if shape in {shape for shape, _ in seen}]
    matched = [
        any(s == shape and m == pytest.approx(mean, rel=1e-4, abs=1e-6) for s, m in seen) for shape, mean in activations
    ]
    assert sum(matched) >= 3


def test_after_backward_it_says_what_is_missing() -> None:
    layer = nn.Linear(3, 2)
    loss = layer(torch.ones(4, 3)).sum()
    loss.backward()
    drawing = viz.draw(loss, names=layer)
    assert "PyTorch has freed what they need" in drawing.graph.remark
    assert drawing.graph.remark.split(".")[0] in drawing.svg
    weight = by_name(drawing.graph)["weight"]
    assert weight.has_grad and not weight.has_derivative


def test_linear_layers_are_one_operation() -> None:
    layer = nn.Linear(3, 2)
    x = torch.ones(4, 3)
    y = layer(x)
    graph = viz.draw(y.sum(), names={"layer": layer, "x": x, "y": y}).graph
    node = by_name(graph)["y"]
    assert node.formula == "linear(x, weight, bias)" and node.shape == (4, 2)
    assert all(n.rule != "transpose" for n in graph.nodes)
    told = {graph.node(edge.source).name: edge.contribution for edge in graph.edges}
    assert told["weight"] == "(dv1/dy)ᵀ · x" and told["bias"] == "dv1/dy, summed over the batch"


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, g: torch.Tensor) -> torch.Tensor:
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g


def odd_programs() -> Iterator[Any]:
    x = torch.randn(3, 4, requires_grad=True)
    yield "custom", Cube.apply(x).sum()
    yield "several results", sum(part.sum() for part in x.unbind(0)) + x.max(dim=0).values.sum()
    yield "in place", (x * 2).add_(1).relu_().sum()
    yield "bfloat16", x.to(torch.bfloat16).sum()
    yield "complex", torch.fft.fft(x).abs().sum()
    yield "sparse", torch.sparse.mm(torch.eye(3).to_sparse(), x).sum()
    yield "indices", x[:, [0, 2]].sum() + x[0, 1]
    yield "checkpoint", torch.utils.checkpoint.checkpoint(lambda t: (t * t).sum(), x, use_reentrant=False)
    yield "alpha", torch.add(x, x, alpha=2).sum()
    yield "leaf", torch.tensor(2.0, requires_grad=True)
    yield "no number", x * 2
    yield "list", [(x * 2).sum(), x.sum()]


@pytest.mark.parametrize("name, root", list(odd_programs()))
def test_odd_programs_are_drawn(name: str, root: Any) -> None:
    drawing = viz.draw(root)
    assert drawing.svg and drawing.text and viz.findings(root) is not None


def test_a_scaled_sum_is_not_written_as_a_sum() -> None:
    x, y = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    graph = viz.draw(torch.add(x, y, alpha=3), names={"x": x, "y": y}).graph
    assert by_name(graph)["y"].derivative == 3
    assert "x + y" not in graph.title


def test_what_has_no_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="has no graph"):
        viz.draw(torch.ones(3))


def test_dead_units_are_found() -> None:
    layer = nn.Linear(3, 4)
    with torch.no_grad():
        layer.bias[1] = -100
        layer.bias[0] = layer.bias[2] = layer.bias[3] = 100
    loss = layer(torch.rand(5, 3)).relu().sum()
    (found,) = [one for one in viz.findings(loss, names=layer) if one.kind == "stops"]
    assert found.size == 1 / 4


def test_parameters_that_are_left_out_are_found() -> None:
    model = nn.ModuleDict({"used": nn.Linear(3, 2), "forgotten": nn.Linear(3, 2)})
    found = viz.findings(model["used"](torch.ones(1, 3)).sum(), names={"model": model})
    assert [one.name for one in found if one.kind == "not reached"] == ["forgotten.weight", "forgotten.bias"]


def test_users_hooks_see_their_own_gradients() -> None:
    """A hook of the user's that changes gradients is part of the program: the picture shows what it makes."""
    x = torch.tensor(2.0, requires_grad=True)
    u = x * x
    u.register_hook(lambda g: g * 10)
    graph = viz.draw(3 * u, names={"x": x, "u": u}).graph
    assert by_name(graph)["x"].derivative == 3 * 10 * 4
