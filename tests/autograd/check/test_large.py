"""Large inputs: projected outputs, the wrong coordinate found and named, calls in batches, a limit of time."""

import time
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest

from autograd.check import GradientError, check_gradient, check_vjp
from autograd.check.clock import Clock, OutOfTime
from autograd.check.large import Search
from autograd.check.limits import BATCHED_NUMBERS
from autograd.check.outcome import Outcome
from autograd.check.problem import Problem
from autograd.check.reduced import Along, Selected
from autograd.check.verdicts import Kind, Verdict

N = 4_000
RNG = np.random.default_rng(0)
X = RNG.normal(size=N)


def sine_vjp(g, x):
    return g * np.cos(x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


RIGHT = {
    "sin": (np.sin, sine_vjp, X),
    "float32": (np.sin, sine_vjp, X.astype(np.float32)),
    "relu with zeros": (lambda x: np.maximum(x, 0), lambda g, x: g * (x > 0), np.where(RNG.random(N) < 0.3, 0, X)),
    "kinks nearby": (lambda x: np.abs(x - 1), lambda g, x: g * np.sign(x - 1), X),
    "one of many": (np.max, lambda g, x: g * (x == x.max()), X),
    "a dense Jacobian": (np.cumsum, lambda g, x: np.cumsum(g[::-1])[::-1], X),
    "softmax": (softmax, lambda g, x: softmax(x) * (g - g @ softmax(x)), X),
    "saturated": (sigmoid, lambda g, x: g * sigmoid(x) * (1 - sigmoid(x)), 10 * X),
    "all scales": (np.log, lambda g, x: g / x, 10 ** RNG.uniform(-8, 8, N)),
    "tiny": (lambda x: 1 - np.cos(x), lambda g, x: g * np.sin(x), 1e-8 * X),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_gradients_of_many_inputs(name):
    f, vjp, x = RIGHT[name]
    report = check_vjp(f, vjp, x, seed=1)
    assert report.verdict == "right", str(report)
    assert "random direction" in report.confidence  # one, where the first shows that f is too coarse for more


def off_at(i, c, factor):
    c = np.array(c)
    c[i] *= factor
    return c


@pytest.mark.parametrize("i", [0, 2_345, N - 1])
@pytest.mark.parametrize("name", ["sin", "float32", "a dense Jacobian", "all scales"])
def test_one_wrong_coordinate_is_found_and_named(name, i):
    f, vjp, x = RIGHT[name]
    report = check_vjp(f, lambda g, x: off_at(i, vjp(g, x), 2 if name == "float32" else 1.01), x, seed=2)
    assert report.verdict == "wrong" and report.worst.index == (i,)
    assert report.worst.claimed != pytest.approx(report.worst.numeric, rel=1e-3)


def test_a_sum_over_many_inputs():
    report = check_vjp(lambda x: np.sum(np.sin(x)), lambda g, x: off_at(77, g * np.cos(x), 1.001), X)
    assert report.verdict == "wrong" and report.worst.index == (77,)


def test_a_gradient_that_is_wrong_everywhere_has_its_cause_named():
    assert check_vjp(np.sin, lambda g, x: 0.5 * sine_vjp(g, x), X).cause == "off by a factor of 1/2"
    assert "absolute value" in check_vjp(np.sin, lambda g, x: sine_vjp(np.abs(g), x), X).cause
    assert check_vjp(np.sin, lambda g, x: off_at(5, sine_vjp(g, x), np.nan), X).worst.index == (5,)


def test_jumps_nearby_are_no_accusation():
    for seed in range(2):
        assert check_vjp(np.round, lambda g, x: 0 * g, 100 * X, seed=seed).verdict != "wrong"


def test_few_inputs_and_many_outputs_are_named_by_coordinate():
    a, v = RNG.normal(size=(N, 7)), RNG.normal(size=7)
    assert check_vjp(lambda v: np.tanh(a @ v), lambda g, v: a.T @ (g * (1 - np.tanh(a @ v) ** 2)), v)
    wrong = check_vjp(lambda v: a @ v, lambda g, v: off_at(3, a.T @ g, 1.001), v)
    assert wrong.verdict == "wrong" and wrong.worst.index == (3,)


def test_several_large_inputs_and_the_engine():
    def swapped(g, x, y):
        return g * x, g * y

    assert check_vjp(np.multiply, lambda g, x, y: (g * y, g * x), X, X[::-1].copy())
    assert check_vjp(np.multiply, swapped, X, X[::-1].copy()).verdict == "wrong"
    assert check_gradient(lambda x: np.sin(x) * x, X).verdict == "right"


def test_memory_is_that_of_a_few_vectors():
    tracemalloc.start()
    assert check_vjp(np.sin, sine_vjp, np.tile(X, 25))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


def test_reduced_problems_are_the_large_one_seen_through_few_numbers():
    p = Problem(np.sin, sine_vjp, [X])
    gs = RNG.normal(size=(2, N))
    claims = [p.claim(g) for g in gs]
    d = RNG.choice([-1.0, 1.0], (3, N)).astype(np.float32)
    along = Along(p, gs, d, np.full(N, 0.5), claims)
    assert along.y == pytest.approx(gs @ np.sin(X)) and along.z.size == 3
    assert along.claim(np.array([1.0, 0.0])) == pytest.approx(0.5 * d.astype(float) @ claims[0])
    assert along.evaluate(np.array([0.0, 1e-3, 0.0])) == pytest.approx(gs @ np.sin(X + 5e-4 * d[1]))
    some = Selected(p, gs, np.array([4, 9]), rows=np.array([4, 9]))
    assert some.y == pytest.approx(gs[:, [4, 9]] @ np.sin(X[[4, 9]]))
    assert some.claim(np.array([0.0, 1.0])) == pytest.approx(claims[1][[4, 9]])


def test_batches_save_calls():
    calls = []

    def f(x):
        calls.append(np.shape(x))
        return np.sin(x) * np.exp(x)

    def vjp(g, x):
        return g * np.exp(x) * (np.sin(x) + np.cos(x))

    x = X[:40]
    assert check_vjp(f, vjp, x, seed=0)
    alone = len(calls)
    calls.clear()
    assert check_vjp(f, vjp, x, seed=0, batched=True)
    assert len(calls) < alone / 10 and max(len(shape) for shape in calls) == 2
    assert check_vjp(f, lambda g, x: off_at(3, vjp(g, x), 1.01), x, batched=True).worst.index == (3,)
    assert check_vjp(f, vjp, X, batched=True)
    assert check_vjp(np.sum, lambda g, x: g * np.ones_like(x), x, batched=lambda x: np.sum(x, axis=1))


def test_an_f_that_does_not_take_batches_is_refused():
    with pytest.raises(TypeError, match="stacked along a first axis"):
        check_vjp(np.cumsum, lambda g, x: np.cumsum(g[::-1])[::-1], X[:5], batched=True)
    with pytest.raises(TypeError, match="plain arrays"):
        check_vjp(lambda d: d["a"], lambda g, d: {"a": g}, {"a": X[:3]}, batched=True)


def test_the_time_is_kept_between_calls():
    def slow(x):
        time.sleep(0.02)
        return np.sin(x)

    start = time.perf_counter()
    report = check_vjp(slow, sine_vjp, X[:100], seconds=0.3)
    assert time.perf_counter() - start < 3
    assert report.verdict == "undecided" and "the time was over (0.3 s) after" in report.reason
    assert "a call is not interrupted" in report.reason
    with pytest.raises(GradientError):
        report.raise_unless_right()
    assert check_gradient(lambda x: np.sin(x), X[:5], seconds=30).verdict == "right"
    with pytest.raises(ValueError, match="a time above 0"):
        check_vjp(np.sin, sine_vjp, X[:3], seconds=0)


def test_what_was_found_wrong_before_the_time_was_over_stays_wrong():
    def shape(g, x):
        return np.ones(3)

    assert check_vjp(np.sin, shape, X[:5], seconds=30).verdict == "wrong"
    with pytest.raises(OutOfTime):
        with Clock(0.0).call():
            pass
    assert "before anything" in str(Clock(0.0))


def test_the_report_counts_the_directions_that_were_compared():
    """One with kinks ends the comparison early; then the others were not looked at."""
    outcome = Outcome(Verdict.RIGHT, 1.0, 1.0, 1e-9, 1.0, 1.0, Kind.SMOOTH)
    judge = SimpleNamespace(z=np.ones(900), s=np.ones(900))
    search = SimpleNamespace(
        each=False, judge=judge, still=np.zeros(0), directions=np.ones((24, 900)), claims=[judge.z]
    )
    text = Search.confidence(search, [("random", 1.0, [outcome])] * 3)
    assert "3 random directions" in text and "54 %" in text


def test_a_batch_of_a_large_problem_holds_few_points():
    size, most = 50_000, 0

    def f(x):
        nonlocal most
        most = max(most, x.size)
        return np.sin(x)

    assert check_vjp(f, lambda g, x: g * np.cos(x), np.linspace(-1, 1, size), seed=0, batched=True)
    assert size < most <= BATCHED_NUMBERS
