"""Formulas as text, LaTeX and Python: golden, and read back."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import RULES, Elementwise, Notation, Symbol, Value, exp, maximum, relu, sigmoid, sin, sqrt, square, tanh
from autograd.rules.code import source
from tests.autograd.reference import REFERENCE

a, b, c, n = map(Symbol, "abcn")

GOLDEN = [
    (3 * (a + b * c), "3·(a + b·c)", r"3 \cdot \left(a + b \cdot c\right)"),
    ((a + b) * c, "(a + b)·c", r"\left(a + b\right) \cdot c"),
    (a + b + c, "a + b + c", "a + b + c"),
    (a - (b - c), "a − (b − c)", r"a - \left(b - c\right)"),
    (a - b - c, "a − b − c", "a - b - c"),
    (a * b * c, "a·b·c", r"a \cdot b \cdot c"),
    (a / (b * c), "a/(b·c)", r"\frac{a}{b \cdot c}"),
    (a / (b + c), "a/(b + c)", r"\frac{a}{b + c}"),
    ((a + b) / c, "(a + b)/c", r"\frac{a + b}{c}"),
    (a / b / c, "a/b/c", r"\frac{\frac{a}{b}}{c}"),
    (a / (b / c), "a/(b/c)", r"\frac{a}{\frac{b}{c}}"),
    (-(a + b), "−(a + b)", r"-\left(a + b\right)"),
    (-(a * b), "−a·b", r"-a \cdot b"),
    (a * (-b), "a·(−b)", r"a \cdot \left(-b\right)"),
    (a + (-b), "a + (−b)", r"a + \left(-b\right)"),
    ((-a) ** 2, "(−a)²", r"\left(-a\right)^{2}"),
    (-(a**2), "−a²", "-a^{2}"),
    ((a + b) ** 10, "(a + b)¹⁰", r"\left(a + b\right)^{10}"),
    (a**-1, "a⁻¹", "a^{-1}"),
    (a**0.5, "a^0.5", "a^{0.5}"),
    (a**n, "a^n", "a^{n}"),
    (a ** (n + 1), "a^(n + 1)", "a^{n + 1}"),
    ((a**b) ** c, "(a^b)^c", r"\left(a^{b}\right)^{c}"),
    (a ** (b**c), "a^(b^c)", "a^{b^{c}}"),
    (2**a, "2^a", "2^{a}"),
    (square(a + b), "(a + b)²", r"\left(a + b\right)^{2}"),
    (exp(-a), "exp(−a)", "e^{-a}"),
    (exp(a) ** 2, "exp(a)²", r"\left(e^{a}\right)^{2}"),
    (1 / (1 + exp(-a)), "1/(1 + exp(−a))", r"\frac{1}{1 + e^{-a}}"),
    (sqrt(a + b), "√(a + b)", r"\sqrt{a + b}"),
    (abs(a - b), "|a − b|", r"\left|a - b\right|"),
    (tanh(a * b), "tanh(a·b)", r"\tanh\left(a \cdot b\right)"),
    (sigmoid(a), "σ(a)", r"\sigma\left(a\right)"),
    (maximum(a, 0), "max(a, 0)", r"\max\left(a, 0\right)"),
    (relu(a + 1), "relu(a + 1)", r"\operatorname{relu}\left(a + 1\right)"),
    (1e-10 * a, "1e−10·a", r"1 \cdot 10^{-10} \cdot a"),
    (1e-10**a, "1e−10^a", r"\left(1 \cdot 10^{-10}\right)^{a}"),
    (a * math.inf, "a·∞", r"a \cdot \infty"),
    (a * 1, "a", "a"),
    (a + 0, "a", "a"),
    (a**1, "a", "a"),
]


@pytest.mark.parametrize(("expression", "text", "latex"), GOLDEN)
def test_golden(expression: Symbol, text: str, latex: str) -> None:
    assert expression.text() == text
    assert expression.latex() == latex


def test_golden_derivatives() -> None:
    y = Symbol("y")
    expected = {
        "tanh": ["1 − y²"],
        "sigmoid": ["y·(1 − y)"],
        "exp": ["y"],
        "log": ["1/a"],
        "log2": ["1/(a·ln 2)"],
        "sqrt": ["1/(2·y)"],
        "norm_root": ["1/(2·y)"],
        "power": ["b·a^(b − 1)", "y·log(a)"],
        "div": ["1/b", "−y/b"],
        "asin": ["1/√((1 − a)·(1 + a))"],
        "erf": ["2/√π·exp(−a²)"],
        "selu": ["(λ if a > 0 else y + λ·α)"],
        "hypot": ["a/y", "b/y"],
        "abs": ["sign(a)"],
        "relu": ["step(y)"],
        "maximum": ["[a > b]", "[b > a]"],
    }
    for name, formulas in expected.items():
        operands = [a, b][: len(formulas)]
        assert [RULES[name].partial(i, y, operands).text() for i in range(len(formulas))] == formulas
    assert RULES["power"].partial(0, y, [a, 2]).text() == "2·a"
    assert RULES["power"].partial(0, y, [a, 3]).text() == "3·a²"
    assert RULES["mul"].partial(0, y, [a, 4.0]) == 4.0


def test_sums_and_dots() -> None:
    dot, total = RULES["dot"].notation, RULES["sum"].notation
    assert dot.write(["w1", "w2", "x1", "x2", "b"], "text") == "w1·x1 + w2·x2 + b"
    assert dot.write(["w1", "x1", 0.0], "text") == "w1·x1"
    assert dot.write([a, b + c, 0.5], "latex") == r"a \cdot \left(b + c\right) + 0.5"
    assert dot.write([3.0], "text") == "3"
    assert dot.write([a, -2.0, 1.0, b, -1.0], "text") == "a·1 + (−2)·b + (−1)"
    assert total.write([a, b * c, a - b], "text") == "a + b·c + a − b"
    assert total.write([], "text") == "0"


def test_names_in_latex() -> None:
    written = {"x1": "x_{1}", "w": "w", "loss": r"\mathrm{loss}", "w_ij": r"\mathrm{w\_ij}", "a%": r"\mathrm{a\%}"}
    assert {name: Symbol(name).latex() for name in written} == written


def test_a_formula_that_branches_on_a_symbol_is_refused() -> None:
    with pytest.raises(TypeError, match="autograd.where"):
        bool(a > 0)


@pytest.mark.parametrize("name", [*sorted(REFERENCE), "where", "guarded"])
def test_every_rule_prints_itself_and_its_derivatives(name: str) -> None:
    rule = RULES[name]
    count = len(rule.partials) if isinstance(rule, Elementwise) else 3
    names = [f"x{i}" for i in range(count)]
    for style in ("text", "latex"):
        written = rule.notation.write(names, style)
        assert written and "{*}" not in written and balanced(written)
    for i in range(count):
        partial = rule.partial(i, Symbol("y"), list(map(Symbol, names)))
        if isinstance(partial, Symbol):
            assert balanced(partial.text()) and balanced(partial.latex()) and balanced(source(partial))
        else:
            assert float(partial) in (-1.0, 0.0, 1.0)


def balanced(written: str) -> bool:
    depth = {"(": 0, "{": 0, "[": 0}
    opening = {")": "(", "}": "{", "]": "["}
    for character in written:
        if character in depth:
            depth[character] += 1
        elif character in opening:
            depth[opening[character]] -= 1
        if min(depth.values()) < 0:
            return False
    return not any(depth.values())


def test_recorded_nodes_print() -> None:
    x, w = Value(2.0), Value(3.0)
    y = (x * w).tanh()
    assert y.rule.notation.write([y.inputs[0].rule.notation.write(["x", "w"], "text")], "text") == "tanh(x·w)"


def test_notation_of_ones_own() -> None:
    notation = Notation("{0} ⊕ {1}", r"{0} \oplus {1}")
    assert notation.write(["p", "q"], "text") == "p ⊕ q"
    assert notation.write(["p", "q"], "latex") == r"p \oplus q"


# --- what is printed reads back as the same number ---------------------------------------------------------

NUMBERS = {"a": 0.7, "b": 1.9, "c": 0.4}
_leaves = st.sampled_from([a, b, c]) | st.sampled_from([2.0, 3.0, 0.5, -2.0, 1e-7])
_BINARY = {
    "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y,
    "^": lambda x, y: x**y,
}  # fmt: skip
_UNARY = {"neg": lambda x: -x, "exp": exp, "sin": sin, "sqrt": sqrt, "tanh": tanh, "square": square}


def _extend(inner: Any) -> Any:
    return st.tuples(st.sampled_from(sorted(_BINARY)), inner, inner) | st.tuples(st.sampled_from(sorted(_UNARY)), inner)


trees = st.recursive(_leaves, _extend, max_leaves=8)


def build(tree: Any, leaf: Any) -> Any:
    if not isinstance(tree, tuple):
        return leaf(tree)
    name, *parts = tree
    return (_BINARY.get(name) or _UNARY[name])(*[build(part, leaf) for part in parts])


def number_of(leaf: Any) -> float:
    return NUMBERS[leaf.text()] if isinstance(leaf, Symbol) else leaf


def read(written: str) -> Any:
    return eval(written, {"__builtins__": {}}, {**NUMBERS, **_UNARY, "power": pow, "abs": abs})


def text_as_python(text: str) -> str:
    text = text.replace("−", "-").replace("·", "*").replace("^", "**").replace("√(", "sqrt(")
    digits = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
    plain = str.maketrans(digits, "0123456789-")
    return re.sub(f"[{digits}]+", lambda m: f"**({m[0].translate(plain)})", text)


def latex_as_python(latex: str) -> str:
    """Enough of LaTeX to read the expressions above: groups, fractions, roots, powers, functions."""
    latex = latex.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\cdot", "*").replace("e^{", r"exp{")
    for pattern, python in (
        (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
        (r"(?:\\sqrt)\{([^{}]*)\}", r"sqrt(\1)"),
        (r"exp\{([^{}]*)\}", r"exp(\1)"),
        (r"\^\{([^{}]*)\}", r"**(\1)"),
    ) * 20:
        latex = re.sub(pattern, python, latex)
    return latex.replace("\\", "")


@settings(max_examples=300, deadline=None)
@given(trees)
def test_all_styles_read_back(tree: Any) -> None:
    try:
        exact = build(tree, number_of)
    except (ArithmeticError, ValueError):
        assume(False)
    assume(not isinstance(exact, complex) and 1e-30 < abs(exact) < 1e30)
    expression = build(tree, lambda leaf: leaf)
    assume(isinstance(expression, Symbol))
    # √(−2)^0 is 1, and has a number in it that no text of numbers reads back.
    assume(not re.search(r"\b(nan|inf)\b", source(expression)))
    # Text shows six digits of a number; constants that were worked out need more.
    assume(all(float(f"{float(x):.6g}") == float(x) for x in re.findall(r"\d+\.\d+(?:e-?\d+)?", source(expression))))
    for written in (source(expression), text_as_python(expression.text()), latex_as_python(expression.latex())):
        assert read(written) == pytest.approx(exact, rel=1e-9), written
