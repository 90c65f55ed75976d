"""What the page computes in a real browser is what Python computes, and is written as Python writes it."""

from __future__ import annotations

import math
import random
import struct
from typing import Any, Callable, Sequence

import mpmath
import pytest

import viz
from autograd import Value, erf, erfc
from autograd.graph import ancestors
from tests.viz.page.programs import ELEMENTWISE, SPECIAL, agree, program, run
from viz.formatting import show
from viz.page.columns import Columns

Build = Callable[[Sequence[float]], tuple[Value, list[Value]]]

RUNS = 24
COMPUTE = """([data, rules, points]) => {
  const graph = live.graph(data, eval(rules));
  return points.map((xs) => {
    graph.reset();
    xs.forEach(([i, x]) => graph.set(i, Number(x)));
    graph.update();
    return [[...graph.values].map(String), [...graph.slopes].map(String)];
  });
}"""


@pytest.fixture(scope="module")
def engine(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A tab with the page's script in it, but without the page's policy, which forbids eval."""
    page = viz.page(Value(1, label="a") * 2)
    path = tmp_path_factory.mktemp("engine") / "engine.html"
    path.write_text(
        "<script>" + page.html.split("<script>")[1].split("</script>")[0].split("live.start(")[0] + "</script>"
    )
    tab = browser.new_page()
    tab.goto(path.as_uri())
    yield tab
    tab.close()


def number(text: str) -> float:
    return float(text.replace("Infinity", "inf").replace("NaN", "nan"))


def text(x: float) -> str:
    return repr(x).replace("inf", "Infinity").replace("nan", "NaN")


def nodes_of(result: Value) -> list[Any]:
    inner, leaves = ancestors(result)
    return sorted([*inner, *leaves], key=lambda node: node._time)


def compared(engine: Any, build: Build, points: list[list[float]], seed: int, exact: float = 1e-12) -> None:
    """Compare the page, which is given the program at some numbers, with Python at each of these points."""
    result, inputs = build(())
    nodes = nodes_of(result)
    columns = Columns(viz.record(result))
    assert columns.data["scalar"], columns.without
    asked = [[[nodes.index(x), text(v)] for x, v in zip(inputs, point) if x in nodes] for point in points]
    found = engine.evaluate(COMPUTE, [columns.data, f"({columns.script})", asked])
    ulps = random.Random(seed)
    for point, (values, slopes) in zip(points, found):
        there, _ = build(point)
        there.backward()
        moved = [run(nodes, dict(zip(inputs, point)), ulps) for _ in range(RUNS)]
        for i, (node, other) in enumerate(zip(nodes, nodes_of(there))):
            for ours, theirs, others in (
                (values[i], other.data, [m[0][node] for m in moved]),
                (slopes[i], other.grad, [m[1][node] for m in moved]),
            ):
                assert agree(number(ours), theirs, others, exact), (seed, node, point, ours, theirs)


@pytest.mark.parametrize("part", range(8))
def test_random_programs(engine: Any, part: int) -> None:
    """200 programs, each at ordinary points, at special ones, and in mixture."""
    for seed in range(25 * part, 25 * part + 25):
        draw = random.Random(seed)
        points = [[draw.gauss(0, 1.5) for _ in range(4)], [draw.choice(SPECIAL) for _ in range(4)]]
        points.append([draw.choice([draw.gauss(0, 1.5), draw.choice(SPECIAL)]) for _ in range(4)])
        compared(engine, lambda numbers: program(seed, numbers), points, seed)


@pytest.mark.parametrize("rule", ELEMENTWISE, ids=lambda rule: rule.name)
def test_each_rule_at_special_points(engine: Any, rule: Any) -> None:
    """Kinks by the documented conventions, ends of domains, ±1000, 1e-300, inf and nan."""
    count = len(rule.partials)
    special = [*SPECIAL, 0.25, -0.5, 27.0, -27.0, math.inf, -math.inf, math.nan]
    pairs = [[x, y] for x in special for y in special]
    points = {1: [[x] for x in special], 2: pairs, 3: [[c, *pair] for pair in pairs[::5] for c in (0.0, 1.0)]}[count]

    def build(numbers: Sequence[float]) -> tuple[Value, list[Value]]:
        inputs = [Value(x, label=f"x{i}") for i, x in enumerate(numbers or (0.7, 0.8, 0.9)[:count])]
        return rule(*inputs), inputs

    compared(engine, build, points, 0)


def test_the_error_function_is_exact(engine: Any) -> None:
    """To 1e-12 of what mpmath computes with 40 digits, into the far tails."""
    (x,) = (Value(0.1, label="x"),)
    columns = [Columns(viz.record(f(x))) for f in (erf, erfc)]
    points = [i / 37 for i in range(-300, 1000)] + [1e-300, -1e-9, 1.9999999, 2.0, 26.5]
    for name, column in zip(("erf", "erfc"), columns):
        found = engine.evaluate(COMPUTE, [column.data, f"({column.script})", [[[0, text(x)]] for x in points]])
        with mpmath.workdps(40):
            for point, (values, _) in zip(points, found):
                truth = float(getattr(mpmath, name)(point))
                assert abs(number(values[1]) - truth) <= 1e-12 * abs(truth) + 5e-324, (name, point)


def test_numbers_are_written_as_in_python(engine: Any) -> None:
    """10,000 numbers in several formats, halves and the ends of the range among them."""
    draw = random.Random(0)
    special = [
        0.0, -0.0, 0.5, 1.5, 2.5, 0.125, 2.675, 9999.5, 99995.0, 1e16, 1e22, 1e23, 5e-324, 1.7976931348623157e308,
        math.inf, -math.inf, math.nan, 1e-5, 9.9995e-5, 123456.5, 9999999.5, 1e7, 1e4,
    ]  # fmt: skip
    kinds = [
        lambda: draw.choice(special), lambda: draw.randint(-(10**6), 10**6) / 8, lambda: draw.gauss(0, 1),
        lambda: draw.gauss(0, 1) * 10.0 ** draw.randint(-30, 30), lambda: struct.unpack("d", draw.randbytes(8))[0],
    ]  # fmt: skip
    specs = [
        ".4g",
        ".3f",
        ".2e",
        ".0f",
        "",
        "g",
        ".10g",
        ".17g",
        "+.3g",
        ",.2f",
        "010.3f",
        ".1%",
        "#.3g",
        "*^14.2e",
        ".1",
        "z.1f",
    ]
    cases = [(draw.choice(kinds)(), spec) for spec in specs for _ in range(10_000 // len(specs))]
    asked = [[text(x), spec] for x, spec in cases]
    found = engine.evaluate(
        "cases => cases.map(([x, spec]) => [live.format(Number(x), spec), live.show(Number(x), spec)])", asked
    )
    for (x, spec), (plain, shown) in zip(cases, found):
        if "z" in spec and not hasattr(format, "z"):
            try:
                format(x, spec)
            except ValueError:  # Python 3.10 does not know it
                continue
        assert plain == format(x, spec), (x, spec)
        assert shown == show(x, spec), (x, spec)
