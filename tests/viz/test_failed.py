"""A program that failed, drawn as far as it came."""

from __future__ import annotations

import gc
import re
import weakref
from typing import Any, Callable

import numpy as np
import pytest

import viz
from autograd import Tensor, Value, detect_anomaly, nn


def failed(program: Callable[[], Any]) -> viz.Drawing:
    """The picture of the error that `program` ends in."""
    try:
        program()
    except Exception as error:
        return viz.draw(error)
    raise AssertionError("it did not fail")


def inputs_of(drawing: viz.Drawing, id: str) -> list[str]:
    graph = drawing.graph
    return [graph.node(edge.source).name for edge in graph.edges if edge.target == id]


def wrong_product() -> None:
    x, W1 = Tensor(np.ones((4, 3))), Tensor(np.ones((3, 5)))
    W2 = Tensor(np.ones((4, 2)))
    h = np.tanh(x @ W1)
    h @ W2


def test_a_wrong_product_stands_in_its_place() -> None:
    drawing = failed(wrong_product)
    node = drawing.graph.failed
    assert node is not None and node.kind == "failed" and node.formula == "h @ W2"
    assert node.worked == "(4, 5) @ (4, 2)"
    assert inputs_of(drawing, node.id) == ["h", "W2"]
    assert "the inner sizes differ, 5 and 4" in node.failure
    assert re.fullmatch(r".*test_failed\.py:\d+", node.line or "")
    assert {"x", "W1", "h"} <= set(drawing.graph.names)
    for shown in (drawing.svg, drawing.text, drawing.description):
        assert "(4, 5) @ (4, 2)" in shown and "the inner sizes differ" in re.sub(r"</text>\s*<text[^>]*>", " ", shown)
    for shown in (drawing.text, drawing.source, drawing.description):  # there is nothing to differentiate
        assert "no gradient yet" not in shown and "Backward" not in shown and "d?" not in shown


@pytest.mark.parametrize("operation", [
    lambda a, b: a + b, lambda a, b: b * a, np.add, lambda a, b: np.concatenate([a, b], axis=1),
    lambda a, b: np.sum(a, axis=7) + b, lambda a, b: a.reshape(5, 5) + b, lambda a, b: a[10] + b,
    lambda a, b: np.where(a > 0, a, b), lambda a, b: np.einsum("ij,ij->i", a, b),
    lambda a, b: nn.functional.cross_entropy(a, np.zeros(9, int)), lambda a, b: nn.Linear(7, 2)(a),
])  # fmt: skip
def test_every_way_to_an_operation(operation: Callable[[Any, Any], Any]) -> None:
    def program() -> None:
        a, b = Tensor(np.ones((3, 4)), label="a"), Tensor(np.ones(3), label="b")
        operation(a, b)

    drawing = failed(program)
    node = drawing.graph.failed
    assert node is not None and "a" in drawing.graph.names and drawing.svg
    assert {"a", "b"} & set(inputs_of(drawing, node.id))
    assert "(3, 4)" in (node.worked or "")


def test_leaving_a_domain_under_watch() -> None:
    def program() -> None:
        a, b = Value(2.0), Value(2.0)
        with detect_anomaly():
            d = a - b
            d.log()

    node = failed(program).graph.failed
    assert node is not None and node.formula == "log(d)" and node.worked == "log(0)"
    assert node.failure == "AnomalyError: log(0) gave -inf"


def test_a_backward_pass_that_fails_shows_where() -> None:
    def program() -> None:
        a, b = Value(0.0, label="a"), Value(2.0, label="b")
        root = a**0.5
        J = root * b
        with detect_anomaly():
            J.backward()

    drawing = failed(program)
    node = drawing.graph.failed
    assert node is not None and node.name == "root" and node.value == 0
    assert "dJ/droot = 2" in drawing.svg and "the backward pass of 0^0.5" in node.failure


def test_data_changed_since_gives_no_derivatives() -> None:
    def program() -> None:
        a = Value(2.0, label="a")
        y = a * a
        a.data = 3
        y.backward()

    drawing = failed(program)
    assert drawing.graph.failed is not None and drawing.graph.failed.formula == "a·a"
    assert "dy/da" not in drawing.svg and "was changed after" in drawing.text


def test_an_error_of_the_program_itself() -> None:
    def adding_text() -> None:
        h = Value(1.0) + Value(2.0)
        h + "x"

    def another() -> None:
        h = Value(1.0) * 2
        print({}[h])

    assert failed(adding_text).graph.failed.formula == "h + 'x'"
    drawing = failed(another)
    assert "h" in drawing.graph.names and "KeyError" in drawing.svg


def test_an_error_in_the_words_of_the_program() -> None:
    def program() -> None:
        try:
            wrong_product()
        except ValueError as error:
            raise RuntimeError("the network does not fit the data") from error

    assert failed(program).graph.failed.formula == "h @ W2"


def test_errors_that_know_nothing() -> None:
    with pytest.raises(ValueError, match="was never raised"):
        viz.draw(ValueError("no"))
    try:
        {}["x"]
    except KeyError as error:
        with pytest.raises(ValueError, match="nothing was recorded before KeyError"):
            viz.draw(error)


def test_nothing_is_kept_beyond_the_error() -> None:
    def program() -> weakref.ref[Any]:
        x = Tensor(np.ones((4, 3)))
        h = x * 2
        seen = weakref.ref(h)
        try:
            h @ x
        except ValueError as error:
            assert viz.draw(error).svg
        return seen

    gc.collect()
    gc.disable()
    try:
        assert program()() is None
    finally:
        gc.enable()


def test_a_failed_layer_keeps_its_frames() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(5, 2))
    drawing = failed(lambda: model(np.ones((7, 3))))
    node = drawing.graph.failed
    assert node is not None and (node.formula or "").startswith("linear(")
    assert {group.name for group in drawing.graph.groups} >= {"Linear", "ReLU"}


def test_the_page_of_a_failed_program() -> None:
    """It opens on the forward pass, with the failing operation in place."""
    html = failed(wrong_product).page.html
    assert "the inner sizes differ, 5 and 4" in html and '"start":{"show":"forward"' in html.replace(" ", "")
