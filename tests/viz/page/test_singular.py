"""Where functions have kinks, ties and holes, an input that is moved there in the page gives what Python gives.

What is recorded must not depend on the numbers that it was recorded at: each function is recorded at three points, one
of them ordinary, and computed at all of them by the page's own modules, in Node.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest

import viz
from autograd import Tensor, logsumexp, softmax
from autograd.nn import functional as F
from tests.viz.page.test_agreement import number, text
from viz.page.numbers import numbers_of
from viz.read import read

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node here, which runs the page's modules")

POINTS = {
    "ordinary": [0.3, -1.2, 0.8, 2.0],
    "all equal": [0.7, 0.7, 0.7, 0.7],
    "all 0": [0.0, 0.0, 0.0, 0.0],
    "one 0": [0.5, 0.0, -2.0, 3.0],
    "two 0": [0.5, 0.0, 0.0, 3.0],
    "rows of 0": [0.0, 0.0, 0.5, 2.0],
    "columns of 0": [0.0, 1.5, 0.0, 2.0],
    "ties": [2.0, 0.5, 2.0, -1.0],
    "far": [1000.0, -1000.0, 1000.0, 0.0],
    "all unlikely": [-math.inf] * 4,
    "one likely": [-math.inf, 0.5, 1.0, -math.inf],
}
FINITE = [name for name, x in POINTS.items() if np.isfinite(x).all()]
RECORDED = ("ordinary", "all equal", "two 0")
EACH = np.arange(1.0, 5.0)
ROWS = np.array([1.0, 2.0])

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "std": np.std,
    "std with correction": lambda x: np.std(x, ddof=1),
    "std of rows": lambda x: np.std(x.reshape(2, 2), axis=1) @ ROWS,
    "std around a given mean": lambda x: np.std(x, mean=0.7),
    "nanstd": np.nanstd,
    "root of var": lambda x: np.sqrt(np.var(x)),
    "var": np.var,
    "norm": np.linalg.norm,
    "norm of rows": lambda x: np.linalg.norm(x.reshape(2, 2), axis=1) @ ROWS,
    "1-norm": lambda x: np.linalg.norm(x, 1),
    "Frobenius norm": lambda x: np.linalg.norm(x.reshape(2, 2)),
    "hypot": lambda x: np.sum(np.hypot(x[:2], x[2:])),
    "arctan2": lambda x: np.sum(np.arctan2(x[:2], x[2:])),
    "prod": np.prod,
    "prod of rows": lambda x: np.prod(x.reshape(2, 2), axis=1) @ ROWS,
    "cumprod": lambda x: np.cumprod(x) @ EACH,
    "nanprod": np.nanprod,
    "max": np.max,
    "min": np.min,
    "ptp": np.ptp,
    "nanmax": np.nanmax,
    "maximum": lambda x: np.maximum(x[:2], x[2:]) @ ROWS,
    "minimum": lambda x: np.minimum(x[:2], x[2:]) @ ROWS,
    "fmax": lambda x: np.fmax(x[:2], x[2:]) @ ROWS,
    "max pool": lambda x: np.sum(F.max_pool1d(x.reshape(1, 1, 4), 2)),
    "power": lambda x: np.sum(np.abs(x[:2]) ** x[2:]),
    "x⁰": lambda x: np.sum(x**0.0),
    "x¹": lambda x: np.sum(x**1.0),
    "x⁻¹": lambda x: np.sum(x**-1.0),
    "√|x|": lambda x: np.sum(np.abs(x) ** 0.5),
    "cbrt": lambda x: np.sum(np.cbrt(x)),
    "ratio": lambda x: np.sum(x[:2] / x[2:]),
    "x log x": lambda x: np.sum(np.abs(x) * np.log(np.abs(x))),
    "abs": lambda x: np.abs(x) @ EACH,
    "relu": lambda x: F.relu(x) @ EACH,
    "leaky relu": lambda x: F.leaky_relu(x) @ EACH,
    "elu": lambda x: F.elu(x) @ EACH,
    "hardtanh": lambda x: F.hardtanh(x) @ EACH,
    "clip": lambda x: np.clip(x, 0.7, 2.0) @ EACH,
    "smooth l1": lambda x: F.smooth_l1_loss(x, np.full(4, 0.7)),
    "l1": lambda x: F.l1_loss(x, np.full(4, 0.7)),
    "layer norm": lambda x: F.layer_norm(x, (4,)) @ EACH,
    "covariance": lambda x: np.cov(x, EACH)[0, 1],
}
UNLIKELY: dict[str, Callable[[Any], Any]] = {
    "logsumexp": logsumexp,
    "softmax": lambda x: softmax(x) @ EACH,
    "log softmax": lambda x: F.log_softmax(x, 0) @ EACH,
    "logaddexp": lambda x: np.logaddexp(x[:2], x[2:]) @ ROWS,
    "cross entropy": lambda x: F.cross_entropy(x.reshape(2, 2), np.array([0, 1])),
}
"""Those that are asked at −∞ too, the logarithm of nothing."""

SCRIPT = """
const { Graph } = await import("FOLDER/graph.js"), numerics = await import("FOLDER/numerics.js");
let asked = "";
for await (const part of process.stdin) asked += part;
const found = JSON.parse(asked).map(([data, rules, at, points]) => {
  const graph = new Graph(data, (0, eval)(rules)(numerics));
  return points.map((xs) => {
    graph.reset();
    xs.forEach((x, i) => graph.set(at[i], Number(x)));
    graph.update();
    return [graph.values[data.roots[0]], ...at.map((i) => graph.slopes[i])].map(String);
  });
});
console.log(JSON.stringify(found));
"""


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_page_agrees_with_python_at_singular_points() -> None:
    cases = [(name, f, FINITE) for name, f in FUNCTIONS.items()]
    cases += [(name, f, list(POINTS)) for name, f in UNLIKELY.items()]
    tried = [(name, f, asked, start) for name, f, asked in cases for start in RECORDED]
    found = _in_node([_recorded(f, POINTS[start], asked) for _, f, asked, start in tried])
    wrong = []
    for (name, f, asked, start), results in zip(tried, found):
        for point, result in zip(asked, results):
            expected, got = _in_python(f, POINTS[point]), list(map(number, result))
            if math.isnan(expected[0]):  # which has no derivatives
                expected, got = expected[:1], got[:1]
            if not np.allclose(got, expected, rtol=1e-9, atol=1e-12, equal_nan=True):
                wrong.append(f"{name}, recorded at {start}, at {point}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)


def _recorded(f: Callable[[Any], Any], start: list[float], asked: list[str]) -> list[Any]:
    """What the page is made of, recorded at `start`, and the points at which it is asked."""
    x = Tensor(start, label="x")
    recording = read(f(x))
    columns = numbers_of(recording).columns(".4g")
    at = columns.data["numbers"][recording.nodes.index(x)]
    return [columns.data, f"({columns.script})", at, [[text(number) for number in POINTS[point]] for point in asked]]


def _in_python(f: Callable[[Any], Any], start: list[float]) -> list[float]:
    x = Tensor(start)
    y = f(x)
    y.backward()
    return [float(y.data), *np.asarray(x.grad).tolist()]


def _in_node(cases: list[Any]) -> list[Any]:
    modules = (Path(viz.__file__).parent / "page" / "js").as_uri()
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT.replace("FOLDER", modules)],
        input=json.dumps(cases), capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    found: list[Any] = json.loads(done.stdout)
    return found
