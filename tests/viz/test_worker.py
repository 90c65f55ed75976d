"""Graphviz in a process of its own: where it crashes, this one goes on, and there is a picture all the same."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

import viz
from autograd import Tensor
from viz import worker

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pygraphviz") is None, reason="no pygraphviz here: the program dot serves instead"
)
SMALL = 'digraph { a -> b [pos="0,0"] }'


def test_a_child_is_kept_and_a_new_one_comes_after_a_crash() -> None:
    assert worker.by_worker(SMALL, "svg", "dot", "-Gdpi=72").count(b"<svg") == 1
    (first,) = worker._kept.values()
    assert worker.by_worker(SMALL, "svg", "dot", "-Gdpi=72") and list(worker._kept.values()) == [first]
    first.kill()
    first.wait()
    assert worker.by_worker(SMALL, "svg", "dot", "-Gdpi=72") == b"" and not worker._kept
    assert worker.by_worker(SMALL, "svg", "dot", "-Gdpi=72").count(b"<svg") == 1


def test_what_graphviz_cannot_read_is_an_error_and_no_crash() -> None:
    with pytest.raises(viz.RenderError, match="Graphviz failed"):
        viz.render.render("digraph {", "svg")
    assert worker.by_worker(SMALL, "svg", "dot", "-Gdpi=72")


def test_a_layout_that_crashes_is_made_with_straight_arrows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def crashing(source: str, format: str, engine: str, sharp: str) -> bytes:
        asked.append(source)
        failing = engine == "dot" and "splines=line" not in source
        return b"" if failing else found(source, format, engine, sharp)

    found = worker.by_worker
    monkeypatch.setattr(worker, "by_worker", crashing)
    x = Tensor(np.ones(3), label="x")
    assert viz.draw((x * 2).sum()).svg.count("<path") > 4
    assert any("splines=line" in source for source in asked)
