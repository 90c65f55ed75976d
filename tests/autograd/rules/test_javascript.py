"""Rules as JavaScript: every scalar rule can be written, and a rule that cannot says why."""

from __future__ import annotations

from typing import Any

import pytest

from autograd import Composite, Elementwise, sigmoid
from autograd.rules.javascript import NotWritable, Script
from autograd.rules.rule import OfNumbers
from autograd.rules.table import BUILT_IN, RULES

WITHOUT: dict[str, str] = {}
"""Scalar rules that the page does not have, each with its reason."""

SCALAR = [
    name
    for name in sorted(BUILT_IN)
    if isinstance(RULES[name], OfNumbers) and not getattr(RULES[name], "arrays_only", 0)
]


@pytest.mark.parametrize("name", SCALAR)
def test_every_scalar_rule_has_it_or_a_reason(name: str) -> None:
    if name in WITHOUT:
        with pytest.raises(NotWritable):
            Script().add(RULES[name])
        return
    entry = Script().add(RULES[name])
    count = len(RULES[name].partials)
    assert f"arity: {count or -1}" in entry
    assert not count or entry.count("(g, y, ") == count


def test_a_composite_brings_what_it_calls_first() -> None:
    swish = Composite("swish", lambda x: x * sigmoid(x))
    script = Script()
    assert "f: swish" in script.add(swish)
    first, second = script.source.splitlines()
    assert first.startswith("const sigmoid = ") and second.startswith("const swish = ")


def test_a_rule_of_ones_own_says_what_it_computes() -> None:
    cube = Elementwise("cube", lambda x: x**3, lambda x: x**3, lambda y, x: 3 * x * x, javascript="a * a * a")
    script = Script()
    assert script.add(cube) == "{arity: 1, f: cube, d: [(g, y, a) => (g * ((3 * a) * a))]}"
    assert script.source == "const cube = (a) => (a * a * a);"


def test_rules_of_one_name_are_two_functions() -> None:
    script = Script()
    rules = [Elementwise("f", abs, abs, lambda y, x: 1, javascript=code) for code in ("a + 1", "a + 2")]
    first, second = (script.add(rule) for rule in rules)
    assert first != second and len(script.source.splitlines()) == 2


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (lambda: Elementwise("odd", lambda x: x, lambda x: x, lambda y, x: 1), "give its rule javascript="),
        (lambda: Elementwise("stepped", abs, abs, lambda y, x: 1 if x > 0 else 0), "no formula"),
        (lambda: Elementwise("evil", abs, abs, lambda y, x: 1, javascript="a</script>"), "one expression"),
        (lambda: RULES["floor"], "for arrays"),
        (lambda: RULES["matmul"], "whole arrays"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_says_why(rule: Any, said: str) -> None:
    with pytest.raises(NotWritable, match=said):
        Script().add(rule())
