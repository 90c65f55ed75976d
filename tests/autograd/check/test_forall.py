"""All points of a domain: bugs in a corner are found, shrunk, and printed as a test; right gradients pass."""

import time

import numpy as np
import pytest
from hypothesis import example, find, given, settings
from hypothesis import strategies as st

from autograd.check import GradientError, check_for_all, check_vjp, given_gradients, vector
from autograd.check import strategies as own


def sine_vjp(g, x):
    return g * np.cos(x)


def test_a_right_gradient_passes_in_seconds():
    start = time.process_time()
    report = check_for_all(np.sin, vjp=sine_vjp)
    assert report.verdict == "right" and "300 points" in report.confidence
    assert time.process_time() - start < 10


def test_a_bug_beyond_a_threshold_is_found_and_shrunk():
    report = check_for_all(np.sin, (-10, 10), vjp=lambda g, x: g * np.where(x > 7, 0.9, 1) * np.cos(x))
    assert report.verdict == "wrong"
    x = np.ravel(report.xs[0])
    assert x.size <= 2 and (x > 7).any()
    assert "wrong where input 0 is at least" in report.where or "wrong at entries" in report.where


def test_a_branch_of_one_percent_is_found():
    bad = lambda g, x: g * 2 * x * np.where(np.floor(x * 50) % 100 == 7, 1.5, 1)
    for _ in range(3):
        assert check_for_all(lambda x: x * x, (-10, 10), vjp=bad).verdict == "wrong"


def test_the_counterexample_is_simple_and_the_printed_test_fails():
    report = check_for_all(lambda x: np.maximum(x, 0), vjp=lambda g, x: g * np.where(x < 0, 0.1, x > 0))
    (x,) = np.ravel(report.xs[0]).tolist()
    assert x < 0 and len(repr(x)) <= 6  # -1.0, or another round number: which one depends on the hypothesis installed
    assert f"@example(x=np.array({x!r}" in report.snippet.replace("[", "").replace("]", "")

    def relu(x):
        return np.maximum(x, 0)

    def relu_vjp(g, x):
        return g * np.ones_like(x)

    report = check_for_all(relu, vjp=relu_vjp)
    space = {"relu": relu, "relu_vjp": relu_vjp}
    exec(report.snippet, space)
    with pytest.raises(GradientError):
        settings(database=None, deadline=None)(space["test_gradient_of_relu"])()


def test_kinks_and_ties_are_drawn_and_forgiven():
    assert check_for_all(lambda x: np.maximum(x, 0), vjp=lambda g, x: g * (x > 0))
    assert check_for_all(np.abs, vjp=lambda g, x: g * np.sign(x))
    share = lambda g, x: g * (x == np.max(x)) / np.sum(x == np.max(x))
    assert check_for_all(lambda x: np.max(x), vjp=share)
    full = lambda g, x: g * (x == np.max(x))
    assert check_for_all(lambda x: np.max(x), vjp=full).verdict == "wrong"


def test_broadcasting_partners_are_drawn():
    report = check_for_all(lambda x, y: x * y, vjp=lambda g, x, y: (g * y, g * x))
    # Shrunk to the end it is a (1,) for a (), which says less about sums than a larger one does.
    assert report.verdict == "wrong" and ("not summed" in report.cause or "has shape" in str(report))


@pytest.mark.parametrize("domain", ["positive", "unit", (0.5, 2), "log", st.floats(1, 2), own.near([1.0, 2.0])])
def test_domains(domain):
    assert (
        check_for_all(lambda x: np.log(x + 1e-9), domain, vjp=lambda g, x: g / (x + 1e-9), max_examples=60).verdict
        != "wrong"
    )


def test_matrix_and_simplex_domains():
    entropy = lambda p: -np.sum(p * np.log(p))
    assert check_for_all(entropy, "simplex", vjp=lambda g, p: -g * (np.log(p) + 1), max_examples=60)
    det = np.linalg.det
    inverse = lambda g, a: g * det(a) * np.linalg.inv(a).T
    assert check_for_all(det, "positive definite", vjp=inverse, max_examples=40)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: check_for_all(np.sin, (1, 0), vjp=sine_vjp), ValueError, "empty"),
        (lambda: check_for_all(np.sin, "nowhere", vjp=sine_vjp), ValueError, "unknown domain"),
        (lambda: check_for_all(np.sin, (0, np.inf), vjp=sine_vjp), ValueError, "finite"),
        (lambda: check_for_all(lambda x, y: x, "real", "real", "real", vjp=sine_vjp), TypeError, "takes 2 input"),
        (lambda: given_gradients(np.sin), TypeError, "parentheses"),
        (lambda: check_for_all(np.sin, vjp=sine_vjp, order=2), ValueError, "engine"),
    ],
)
def test_bad_use_gets_a_clear_error(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_points_where_f_is_not_defined_are_counted():
    report = check_for_all(np.log, vjp=lambda g, x: g / x, max_examples=60)
    assert report.verdict == "right" and "f is not defined at" in str(report) and "% of the points drawn" in str(report)

    def picky(x):
        if np.any(x < 0):
            raise RuntimeError("negative")
        return np.sqrt(x)

    report = check_for_all(picky, vjp=lambda g, x: g * 0.5 / np.sqrt(x), shape=(), max_examples=60)
    assert report.verdict == "right" and "RuntimeError: negative" in report.confidence
    report = check_for_all(picky, "negative", vjp=lambda g, x: g, shape=(), max_examples=20)
    assert report.verdict == "undecided" and "100%" in report.reason


def test_a_derivative_that_overflows_is_not_accused():
    for seed in range(3):  # cotangents reach a thousand
        report = check_vjp(np.log, lambda g, x: g / x, np.full(3, 1.4240472694449728e-306), seed=seed)
        assert report.verdict != "wrong", report
    assert check_vjp(np.log, lambda g, x: g / x, np.full(2, 1e-308)).verdict != "wrong"
    assert check_vjp(np.log, lambda g, x: g * np.inf, np.full(2, 1e-280)).verdict == "wrong"


def test_infinite_slopes_at_the_edge_are_not_accused():
    for seed in range(3):
        root = lambda g, x: g * 0.5 / np.sqrt(x)
        report = check_for_all(np.sqrt, "nonnegative", vjp=root, max_examples=40, seed=seed)
        assert report.verdict == "right"


def test_the_derivatives_of_all_points_are_counted():
    report = check_for_all(np.sin, vjp=sine_vjp, max_examples=40)
    assert report.tally.points >= 30 and report.tally.derivatives > 60 and report.tally.sharpness < 1e-6
    assert "derivatives at" in str(report)


def test_given_gradients_stacks_with_settings_and_example():
    seen = []

    @settings(max_examples=25, deadline=None, database=None)
    @example(x=np.array([0.0, 1.0]))
    @given_gradients((0, 3), vjp=lambda g, x: g * 2 * x, shape=(2,))
    def test_square(x):
        seen.append(x)
        return x * x

    test_square()
    assert any(np.array_equal(x, [0.0, 1.0]) for x in seen)

    @settings(max_examples=50, deadline=None, database=None)
    @given_gradients((-3, 3), vjp=lambda g, x: g * 2 * np.abs(x), shape=(2,))
    def test_wrong(x):
        return x * x

    with pytest.raises(GradientError, match="wrong"):
        test_wrong()


def test_given_gradients_differentiates_programs():
    @settings(max_examples=20, deadline=None, database=None)
    @given_gradients("positive")
    def test_program(x):
        return np.log(x) * x

    test_program()


@settings(max_examples=50, deadline=None)
@given(own.interval(-2, 5), own.log_scale(1e-3, 1e3, signed=True), own.near([1.0], 1e-3), own.shapes(), st.data())
def test_strategies_keep_to_their_domains(a, b, c, shape, data):
    assert -2 <= a <= 5
    assert 0.99e-3 <= abs(b) <= 1.01e3
    assert abs(c - 1) <= 1.001e-3
    partner = data.draw(own.broadcast_partners(shape))
    assert np.broadcast_shapes(partner, shape) == shape
    array = data.draw(own.layouts(own.arrays(own.interval(0, 1), shape)))
    assert np.shape(array) == shape and np.all((array >= 0) & (array <= 1))
    if shape:
        np.sum(array, axis=data.draw(own.axes(len(shape))))
    p = data.draw(own.simplexes())
    assert p.sum() == pytest.approx(1) and (p > 0).all()
    m = data.draw(own.positive_definite())
    assert np.linalg.eigvalsh(m).min() > 0.2 and np.allclose(m, m.T)
    s = data.draw(own.symmetric())
    assert np.array_equal(s, s.T)


def test_special_values_come_first_and_often():
    assert find(own.interval(-5, 5), lambda x: True) == 0
    drawn = []

    @settings(max_examples=200, database=None)
    @given(own.interval(-5, 5))
    def draw(x):
        drawn.append(x)

    draw()
    assert {0.0, 1.0, -1.0, 0.5, -5.0, 5.0} <= set(drawn)
    assert len({round(x) for x in drawn}) >= 9


def test_progress_is_reported():
    calls = []
    check_for_all(np.sin, vjp=sine_vjp, max_examples=20, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1][1] == 20 and len(calls) >= 15


def test_containers_of_domains_and_a_test_to_paste_for_them():
    def f(p, x):
        return np.sum(np.tanh(p["w"] * x + p["b"][0]))

    domain = {"w": vector(2), "b": ((-1, 1),)}
    assert check_for_all(f, domain, vector(2), max_examples=40)  # by the engine

    def cube(p):
        return p["k"] * np.sum(p["a"] ** 3)

    def grad(p):  # in another order than the input
        return {"k": None, "a": p["k"] * 3 * p["a"] ** 2 * np.where(p["a"] > 1, 1.01, 1.0)}

    domain = {"a": vector(3), "k": 2}
    report = check_for_all(cube, domain, grad=grad, max_examples=80, seed=1)
    assert report.verdict == "wrong" and report.worst.name.startswith("input 0['a']")
    assert "points({'a': vector(3, -2, 2), 'k': 2})" in report.snippet
    space = {"cube": cube, "grad": grad, "f": cube}
    exec(report.snippet, space)
    with pytest.raises(GradientError):
        settings(database=None, deadline=None)(space["test_gradient_of_cube"])()


def test_the_time_is_kept_while_a_counterexample_is_made_smaller():
    def slow(x):
        time.sleep(0.01)
        return np.sin(x)

    start = time.perf_counter()
    check_for_all(slow, (-3, 3), vjp=lambda g, x: 1.5 * g * np.cos(x), seconds=2, shape=(), seed=0)
    assert time.perf_counter() - start < 10  # a judgement alone takes as long


def test_nothing_judged_is_not_right():
    def slow(x):
        time.sleep(0.05)
        return np.sin(x)

    report = check_for_all(slow, "real", vjp=lambda g, x: g * np.cos(x), seconds=0.2)
    assert report.verdict == "undecided" and "before any point was judged" in report.reason
