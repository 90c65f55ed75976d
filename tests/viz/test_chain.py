"""One derivative as its paths."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from autograd import Value, tanh
from tests.viz.programs import deep, labelled, name, three
from viz.record import Recording


def test_the_chain_of_the_design() -> None:
    J, v = three()
    assert viz.chain(J, v["b"]).text == "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6"
    assert viz.chain(J, v["c"]).text == "dJ/dc = ∂J/∂v · ∂v/∂u · ∂u/∂c = 3 · 1 · b = 3 · 1 · 3 = 9"
    assert viz.chain(J, v["a"]).text == "dJ/da = ∂J/∂v · ∂v/∂a = 3 · 1 = 3"
    assert viz.chain(J, v["b"]).latex == (
        r"\frac{\mathrm{d} J}{\mathrm{d} b} = \frac{\partial J}{\partial v} \cdot \frac{\partial v}{\partial u}"
        r" \cdot \frac{\partial u}{\partial b} = 3 \cdot 1 \cdot c = 3 \cdot 1 \cdot 2 = 6"
    )


def test_paths_and_numbers() -> None:
    J, v = three()
    chain = viz.chain(J, v["b"])
    (path,) = chain.paths
    assert path.factors == (3, 1, 2) and path.product == 6 and chain.total == 6 and chain.count == 1
    assert [edge.name for edge in path.edges] == ["∂J/∂v", "∂v/∂u", "∂u/∂b"]


def test_several_paths_show_each_product_and_their_sum() -> None:
    a, b = labelled(a=2, b=3)
    J = name(a * b + a, "J")
    assert viz.chain(J, a).text == "dJ/da = ∂J/∂v1 · ∂v1/∂a + ∂J/∂a = 1 · b + 1 = 1 · 3 + 1 = 3 + 1 = 4"


def test_repeated_input_and_negative_numbers() -> None:
    (a,) = labelled(a=-3)
    J = name(a * a * -2, "J")
    assert viz.chain(J, a).text == (
        "dJ/da = ∂J/∂v1 · ∂v1/∂a⁽¹⁾ + ∂J/∂v1 · ∂v1/∂a⁽²⁾ = −2 · a + (−2 · a) = −2 · (−3) + (−2 · (−3)) = 6 + 6 = 12"
    )


def test_small_numbers_never_show_as_zero() -> None:
    (a,) = labelled(a=2)
    J = name(a * 3e-6, "J")
    assert viz.chain(J, a).text == "dJ/da = ∂J/∂a = 3e−06"
    assert viz.chain(J, a).latex.endswith(r"= 3 \cdot 10^{-6}")


def test_format() -> None:
    (a,) = labelled(a=2)
    assert viz.chain(a / 3, a, format=".2f").text.endswith("= 0.33")
    with pytest.raises(ValueError, match="'zz' is no format"):
        viz.chain(a / 3, a, format="zz")


def test_with_respect_to_itself_and_to_a_stranger() -> None:
    J, _ = three()
    assert viz.chain(J, J).text == "dJ/dJ = 1"
    stranger = viz.chain(J, Value(1, label="q"))
    assert stranger.text == "dJ/dq = 0 (J does not depend on q)"
    assert stranger.total == 0 and stranger.count == 0 and stranger.paths == ()
    with pytest.raises(TypeError, match="b must be a Value or a Tensor, not float"):
        viz.chain(J, 2.0)


def test_names_of_variables() -> None:
    a, b = Value(2), Value(3)
    J = a * b
    assert viz.chain(J, a, names=locals()).text == "dJ/da = ∂J/∂a = b = 3"


def test_an_astronomic_number_of_paths_is_counted_not_walked() -> None:
    (x,) = labelled(x=1)
    y = x
    for _ in range(40):
        y = y + y
    start = time.perf_counter()
    chain = viz.chain(y, x)
    text = chain.text
    assert time.perf_counter() - start < 1
    assert chain.count == 2**40 == chain.total
    assert len(chain.paths) == 4 and f"{2**40:,} paths" in text


def test_the_largest_paths_are_shown() -> None:
    (x,) = labelled(x=1)
    y = x
    for factor in (2, -10, 3):
        y = y * factor + y
    products = [path.product for path in viz.chain(y, x, paths=3).paths]
    assert sorted(map(abs, products), reverse=True) == [60, 30, 20]
    assert viz.chain(y, x).count == 8


def test_long_chains_are_abridged() -> None:
    (x,) = labelled(x=0.5)
    y = x
    for _ in range(2000):
        y = tanh(y)
    chain = viz.chain(y, x)
    assert len(chain.paths[0].edges) == 2000
    assert "… (1,992 more)" in chain.text and len(chain.text) < 500


@given(st.integers(5, 40))
@settings(deadline=None, max_examples=30)
def test_total_is_the_gradient_and_grad_is_left_alone(size: int) -> None:
    J = deep(size)
    for leaf in [node for node in Recording(J).ids if node.rule is None]:
        before = leaf.grad
        chain = viz.chain(J, leaf, paths=2000)
        assert math.isclose(chain.total, before, rel_tol=1e-12)
        assert leaf.grad == before
        if chain.count <= 2000:
            assert len(chain.paths) == chain.count
            total = math.fsum(path.product for path in chain.paths)
            assert math.isclose(total, before, rel_tol=1e-9, abs_tol=1e-12)


def test_it_needs_no_backward_pass() -> None:
    (a,) = labelled(a=2)
    J = a * a
    assert viz.chain(J, a).total == 4 and a.grad is None and J.grad is None
    J.backward(create_graph=True)
    assert viz.chain(J, a).total == 4


def test_derivatives_of_derivatives_have_chains() -> None:
    (a,) = labelled(a=2)
    (a**3).backward(create_graph=True)
    assert viz.chain(a.grad, a).total == 12
