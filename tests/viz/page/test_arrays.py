"""What if, for arrays: the page's figures are those of the same program in Python, or grey, and it says why."""

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
    "variance": lambda x, w: np.mean(x, axis=0) * np.var(x, axis=0) + np.std(x) + np.var(x, ddof=1, axis=1)[:, None],
    "clip": lambda x, w: np.clip(x, -0.4, 0.4) * x + np.clip(w.T, x, 0.5),
    "softmax": lambda x, w: softmax(x, axis=1) * x + F.log_softmax(x, 0),
    "logsumexp of axes": lambda x, w: F.logsumexp(x, 1, keepdim=True) * x + F.logsumexp(w, (0, 1)),
    "cross entropy": lambda x, w: F.cross_entropy(x, np.array([0, 2])) + F.nll_loss(x, np.array([1, 0])),
    "weighted classes": lambda x, w: F.cross_entropy(x, np.array([0, 2]), weight=np.array([1.0, 2.0, 0.5])),
    "layer norm": lambda x, w: nn.LayerNorm(3)(x) + F.batch_norm(x, None, None, training=True),
    "max": lambda x, w: np.max(x, axis=1) + np.max(w),
    "min": lambda x, w: np.min(x) * x - w.T.min(axis=0, keepdims=True),
    "range": lambda x, w: np.ptp(x, axis=0),
    "max of ties": lambda x, w: np.max(np.maximum(x, 0.5), axis=0) * np.min(relu(-w)) + np.max(relu(x - 1.0)) * x,
    "max pool": lambda x, w: F.max_pool1d(x[None], 2) + F.max_pool1d(relu(x)[None], 3, stride=1, padding=1)[..., :1],
    "norm": lambda x, w: np.linalg.norm(x) * x + np.linalg.norm(w, axis=0)[0],
    "norm of nothing": lambda x, w: np.linalg.norm(x - x) * x + np.linalg.norm(relu(x - 1.0), axis=0),
    "other norms": lambda x, w: np.linalg.norm(x[0], 0) * np.linalg.norm(w[0], 1),
    "running product": lambda x, w: np.cumprod(x, axis=1) * np.prod(w),
}
CHOSEN: dict[str, Callable[..., Any]] = {
    "where": lambda x, w: np.where(np.array([[True, False, True]]), x, x**2),
    "an index that is an array": lambda x, w: x[::-1, [0, 2]],
    "rows and columns": lambda x, w: x[np.arange(2), np.array([2, 0])],
    "a mask": lambda x, w: x[np.array([[True, False, True], [False, True, True]])],
}
"""The condition or the index is a constant, and so are the numbers that it chooses."""

KEPT: dict[str, Callable[..., Any]] = {
    "sort": lambda x, w: np.sort(x, axis=1) * np.arange(3.0) + w[0, 0],
    "median": lambda x, w: np.median(x, axis=1) + w[0, 0],
    "percentile": lambda x, w: np.percentile(x, 30) + w[0, 0],
    "largest norm": lambda x, w: (
        np.linalg.norm(x, np.inf) + np.linalg.norm(x, 1) + np.linalg.norm(x[0], np.inf) + w[0, 0]
    ),
    "inverse": lambda x, w: np.linalg.inv(x @ x.T) * w[0, 0],
    "partition": lambda x, w: np.partition(x, 1, axis=1)[:, 0] + w[0, 0],
    "running maximum": lambda x, w: np.maximum.accumulate(x, axis=1) * w[0, 0],
    "p-norm": lambda x, w: np.linalg.norm(x[0], 3) * w[0, 0],
    "power of two": lambda x, w: np.exp2(x) * w[0, 0],
}
"""What these make of x stays as it was recorded, in grey; what only w is in follows."""


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


@pytest.mark.parametrize("program", [*COMPUTED, *CHOSEN])
def test_figures_are_those_of_python_at_other_numbers(visit: Open, program: str) -> None:
    function = {**COMPUTED, **CHOSEN}[program]
    page = visit(viz.page(run(function, X, W)))
    change(page, "x", OTHER)
    change(page, "w", W + 0.1)
    assert_equal(page, visit(viz.page(run(function, OTHER, W + 0.1))))
    assert ("stay as they were recorded" in page.read("#panel-inputs")) == (program in CHOSEN)


@pytest.mark.parametrize("program", KEPT)
def test_what_the_page_cannot_compute_is_grey_and_the_rest_follows(visit: Open, program: str) -> None:
    page = visit(viz.page(run(KEPT[program], X, W)))
    change(page, "w", W + 0.1)
    assert_equal(page, visit(viz.page(run(KEPT[program], X, W + 0.1))))
    assert not page.run("() => live.opened.page.graph.lost.some(Boolean)")
    change(page, "x", OTHER)
    lost = set(page.run("() => live.opened.page.graph.names.filter((_, i) => live.opened.page.graph.lost[i])"))
    assert "L" in lost and not lost & {"x", "w"}
    assert page.tab.locator(".lost-value").count() >= 2 and "in grey" in page.read(".trace")
    assert page.tab.locator(".derivation.lost").count() >= 1
    page.click("button >> text=As recorded")
    assert page.tab.locator(".derivation.lost").count() == 0
    assert not page.run("() => live.opened.page.graph.lost.some(Boolean)") and not page.problems


def assert_equal(page: Visit, other: Visit) -> None:
    for (label, ours), (same, theirs) in zip(shown(page), shown(other)):
        assert label == same and ours == theirs, (label, ours, theirs)
    assert not page.problems and not other.problems


@pytest.mark.parametrize("program", [*COMPUTED, *CHOSEN, *KEPT])
def test_before_a_change_the_numbers_are_those_of_the_arrays(visit: Open, program: str) -> None:
    page = visit(viz.page(run({**COMPUTED, **CHOSEN, **KEPT}[program], X, W)))
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
