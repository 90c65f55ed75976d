"""What if, for arrays: the page's figures are those of the same program in Python, or it says why there are none."""

from __future__ import annotations

import json
from typing import Any, Callable

import numpy as np
import pytest

import viz
from autograd import Tensor, nn, relu, softmax
from autograd.nn import functional as F
from tests.viz.page.conftest import Open, Visit, live
from tests.viz.programs import name

X = np.array([[0.3, -1.2, 0.8], [2.0, 0.1, -0.5]])
W = np.array([[0.5, -1.0], [0.25, 2.0], [-0.75, 0.1]])
# Another order of sizes and signs, in every row, column and altogether.
OTHER = np.array([[-0.7, 0.9, -1.1], [0.2, 1.5, 0.6]])

COMPUTED: dict[str, Callable[..., Any]] = {
    "products": lambda x, w: np.tanh(x @ w),
    "broadcast": lambda x, w: x * w[:, 0] + 2.0 / (3.0 + x**2),
    "reshape and transpose": lambda x, w: x.T.reshape(2, 3) * w.T + np.concatenate([w.T[:1], x[1:]]),
    "pieces": lambda x, w: x[:, 1:] ** 2 + x[::-1, :2] * x[0, None, 1:],
    "mean": lambda x, w: np.mean(x, axis=0) * np.sum(x, axis=1, keepdims=True),
    "kinks": lambda x, w: relu(x) + np.abs(x) + np.maximum(x, 0.1) + np.minimum(x, w.T),
    "einsum": lambda x, w: np.einsum("ij,jk->ik", x, w) ** 2,
    "cumulative": lambda x, w: np.cumsum(x, axis=1) * x,
    "product": lambda x, w: np.prod(x, axis=1),
    "linear layer": lambda x, w: nn.Linear(3, 2, rng=0)(x),
    "stack": lambda x, w: np.stack([x, x * 2]) @ w,
    "trace": lambda x, w: np.trace(x @ w) + np.outer(x[0], x[1]),
    "logsumexp": lambda x, w: np.logaddexp(x, w.T) + np.log1p(np.exp(x)),
}
REFUSED: dict[str, Callable[..., Any]] = {
    "mean and variance": lambda x, w: np.mean(x, axis=0) * np.var(x, axis=0) + np.std(x),
    "clip": lambda x, w: np.clip(x, -0.4, 0.4) * x,
    "softmax": lambda x, w: softmax(x, axis=1) * x,
    "where": lambda x, w: np.where(np.array([[True, False, True]]), x, x**2),
    "an index that is an array": lambda x, w: x[::-1, [0, 2]],
    "a mask": lambda x, w: x[x > 0],
    "max": lambda x, w: np.max(x, axis=1),
    "min": lambda x, w: np.min(x) * x,
    "sort": lambda x, w: np.sort(x, axis=1) * np.arange(3.0),
    "median": lambda x, w: np.median(x, axis=1),
    "percentile": lambda x, w: np.percentile(x, 30),
    "norm": lambda x, w: np.linalg.norm(x, np.inf),
    "inverse": lambda x, w: np.linalg.inv(x @ w),
    "amax": lambda x, w: x.max(axis=0),
    "ptp": lambda x, w: np.ptp(x, axis=0),
    "partition": lambda x, w: np.partition(x, 1, axis=1)[:, 0],
    "cross entropy": lambda x, w: F.cross_entropy(x, np.array([0, 2])),
    "layer norm": lambda x, w: nn.LayerNorm(3)(x),
    "max pool": lambda x, w: F.max_pool1d(x[None], 2),
    "running maximum": lambda x, w: np.maximum.accumulate(x, axis=1),
}


def run(program: Callable[..., Any], x: np.ndarray, w: np.ndarray) -> Tensor:
    found = program(Tensor(x, label="x"), Tensor(w, label="w"))
    found = found * np.arange(1.0, 1.0 + found.size).reshape(found.shape)
    return name(np.sum(found**2), "L")


def change(page: Visit, label: str, array: np.ndarray) -> None:
    """Give the numbers of an input other values, as a visitor would one by one."""
    for index in np.ndindex(array.shape):
        called = f"{label}[{', '.join(map(str, index))}]"
        page.run(
            """([called, x]) => {
              const { page } = live.opened, i = page.sums.names.indexOf(called);
              if (i >= 0) page.change(i, x);
            }""",
            [called, float(array[index])],
        )


def shown(page: Visit) -> Any:
    return page.run("() => live.opened.page.view.boxes.map((b) => [b.name, live.opened.page.graph.figures(b.node)])")


@pytest.mark.parametrize("program", [*COMPUTED, *REFUSED])
def test_figures_are_those_of_python_at_other_numbers(visit: Open, program: str) -> None:
    """Of every program that the page computes; of the rest it gives its reason, and changes nothing."""
    function = {**COMPUTED, **REFUSED}[program]
    made = viz.page(run(function, X, W))
    page = visit(made)
    if not page.run("() => live.opened.page.sums.knobs.length"):
        assert program in REFUSED and len(page.run("live.opened.page.data.reason")) > 10
        assert "whole arrays" in page.read("#panel-inputs")
        return
    assert program in COMPUTED
    change(page, "x", OTHER)
    change(page, "w", W + 0.1)
    other = visit(viz.page(run(function, OTHER, W + 0.1)))
    for (label, ours), (same, theirs) in zip(shown(page), shown(other)):
        assert label == same and ours == theirs, (label, ours, theirs)
    assert not page.problems and not other.problems


@pytest.mark.parametrize("program", COMPUTED)
def test_before_a_change_the_numbers_are_those_of_the_arrays(visit: Open, program: str) -> None:
    made = viz.page(run(COMPUTED[program], X, W))
    page = visit(made)
    before = shown(page)
    computed = page.run(
        "() => live.opened.page.view.boxes.map((b) => [b.name, live.opened.page.numbers.figures(b.node)])"
    )
    assert json.dumps(before) == json.dumps(computed)


def test_choosing_an_array_lists_its_numbers(visit: Open) -> None:
    page = visit(live("dead_units"))
    page.click(page.box("W2"))
    assert page.tab.locator(".input-row .name").first.inner_text() == "W2[0, 0]"
    before = page.text(page.box("L"))
    field = page.tab.locator("input[aria-label='Value of W2[5, 0]']")
    field.fill("3")
    field.press("Enter")
    assert page.text(page.box("L")) != before
    page.until("location.hash.includes('W2%5B5%2C%200%5D=3')")
    again = visit(live("dead_units"), page.run("location.hash"))
    assert again.text(again.box("L")) == page.text(page.box("L"))
    page.click("text=As recorded")
    assert page.text(page.box("L")) == before and not page.problems


def test_curve_and_descent_of_arrays(visit: Open) -> None:
    page = visit(live("dead_units"))
    page.click(page.box("W2"))
    page.click("[data-tab=curve]")
    page.tab.select_option("select[aria-label=Along]", label="W2[5, 0]")
    assert "They agree." in page.read("#panel-curve")
    page.click("[data-tab=descend]")
    page.tab.fill("input[aria-label='Step size']", "0.01")
    loss = "() => live.opened.page.sums.values[live.opened.page.sums.roots[0]]"
    before = page.run(loss)
    page.click("#panel-descend button >> text=/^Step$/")
    assert page.run(loss) < before and not page.problems


def test_colours_and_notes_follow_the_numbers_of_arrays(visit: Open) -> None:
    page = visit(name(np.sum(np.log(Tensor([1.0, 2.0], label="x"))), "L"), "#colour=value")
    assert "finite" not in page.read(".trace")
    page.run("() => live.opened.page.change(0, -1)")
    assert "is the first that is not finite" in page.read(".trace") and "nan, inf" in page.read(".legend")


def test_too_many_numbers_say_so(visit: Open) -> None:
    page = visit(name(np.sum(Tensor(np.ones((40, 40)), label="x") ** 2), "L"))
    for tab in ("inputs", "curve", "descend"):
        page.click(f"[data-tab={tab}]")
        assert "hold 3,201 numbers, of which the page computes at most 1,000" in page.read(f"#panel-{tab}")
    assert not page.problems


def test_a_loaded_program_says_why(visit: Open, tmp_path: Any) -> None:
    path = viz.draw(run(COMPUTED["products"], X, W)).save(tmp_path / "L.json")
    page = visit(viz.page(viz.load(path)))
    assert "since it was not recorded here" in page.read("#panel-inputs") and not page.problems
