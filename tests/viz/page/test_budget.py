"""Five questions, each answered with at most five clicks and keys from the opened page."""

from __future__ import annotations

from autograd import Value
from tests.viz.page.conftest import Open
from tests.viz.programs import labelled, name

BUDGET = 5


def product() -> Value:
    a, b = labelled(a=2, b=3)
    J = name(a * b + a, "J")
    J.backward()
    return J


def test_why_is_dJ_da_4(visit: Open) -> None:
    page = visit(product())
    page.click(page.box("a"))
    assert page.read(".equation").startswith("dJ/da = ∂J/∂v1 · ∂v1/∂a + ∂J/∂a = b + 1 = 3 + 1 = 4") or (
        "= 1 · 3 + 1 = 3 + 1 = 4" in page.read(".equation")
    )
    assert page.done <= BUDGET


def test_which_input_moves_J_most(visit: Open) -> None:
    inputs = labelled(p=1, q=-2, r=0.5, s=3)
    weights = [1.0, 0.1, -7.0, 2.0]
    page = visit(name(sum((w * x for w, x in zip(weights, inputs)), Value(0)), "J"))
    page.click("text=Largest derivative first")
    assert page.tab.locator(".input-row .name").first.inner_text() == "r"
    assert page.done <= BUDGET


def test_where_does_the_gradient_fall_below_a_millionth(visit: Open) -> None:
    (x,) = labelled(x=0.5)
    y, chain = x, []
    for _ in range(24):
        y = y.sigmoid()
        chain.append(y)
    name(y, "J").backward()
    below = [node for node in chain if abs(node.grad) < 1e-6]
    page = visit(y)
    page.click("[data-tab=find]")
    page.click("text=Gradient smaller than")
    answer = page.read(".answers button")
    # The last of the chain whose gradient is below, the first on the way back.
    assert answer.startswith(f"dJ/dv{chain.index(below[-1]) + 1} = ")
    assert page.tab.locator(".box.selected").count() == 1 and page.done <= BUDGET


def test_which_operation_made_the_first_nan(visit: Open) -> None:
    a, b = labelled(a=1, b=2)
    u = name(a - b, "u")
    v = name(u.log(), "v")
    page = visit(name(v * b + a, "J"))
    page.click(".trace .remark button")
    assert "v = log(u) = log(−1) = nan" in page.read(".trace")
    assert "selected" in page.tab.locator(page.box("v")).get_attribute("class")
    assert page.done <= BUDGET


def test_for_which_b_is_dJ_da_zero(visit: Open) -> None:
    page = visit(product())
    page.click(page.box("a"))
    page.click("text=Where is it 0?")
    assert "dJ/da = 0 at b = −1" in page.read("#panel-curve")
    page.click("#panel-curve button.link")
    assert "dJ/da = 0" in page.text(page.box("a"))
    assert page.done <= BUDGET
