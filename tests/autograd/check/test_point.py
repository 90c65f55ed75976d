"""`check_vjp`: verdicts, reports, the protocol, and clear errors for bad use."""

import numpy as np
import pytest

from autograd.check import GradientError, check_vjp


def sine_vjp(g, x):
    return g * np.cos(x)


X = np.array([0.3, -1.2, 2.0])


def test_the_sign_of_a_zero_is_no_slope():
    for zero in (0.0, -0.0):
        report = check_vjp(lambda x: np.sqrt(np.abs(x) + 0.0 * x) * (x >= 0), lambda g, x: g * 0.5 / np.sqrt(x), zero)
        assert report.verdict != "wrong"

    def root(x):
        if np.any(x < 0):
            raise RuntimeError("negative")
        return np.sqrt(x)

    assert check_vjp(root, lambda g, x: g * 0.5 / np.sqrt(x), -0.0).verdict != "wrong"
    assert check_vjp(root, lambda g, x: -g * 0.5 / np.sqrt(x), 0.0).verdict == "wrong"


def test_a_right_gradient_is_true_and_a_wrong_one_raises():
    report = check_vjp(np.sin, sine_vjp, X)
    assert report and report.verdict == "right" and report.raise_if_wrong() is report and report.reason == ""
    report = check_vjp(np.sin, lambda g, x: -g * np.cos(x), X)
    assert not report and report.verdict == "wrong"
    with pytest.raises(GradientError, match="the sign is wrong") as caught:
        report.raise_if_wrong()
    assert isinstance(caught.value, AssertionError) and caught.value.report is report


def test_the_report_names_the_coordinate_the_numbers_and_a_way_to_reproduce():
    def vjp(g, x):
        return g * np.cos(x) * np.array([1, 1, 1.001])

    report = check_vjp(np.sin, vjp, X)
    worst = report.worst
    assert worst.input == 0 and worst.index == (2,) and worst.ratio > 1e4
    assert worst.claimed == pytest.approx(1.001 * worst.numeric, rel=1e-6) and worst.error < 1e-8
    text = str(report)
    order = [
        "input 0[2]",
        "input 0:",
        "cotangent",
        "claimed",
        "smooth here",
        "numeric ± error",
        "reproduce",
        f"seed={report.seed}",
    ]
    assert [text.index(t) for t in order] == sorted(text.index(t) for t in order)


def test_the_same_seed_repeats_a_check():
    a = check_vjp(np.sin, lambda g, x: 2 * g, X, seed=5)
    b = check_vjp(np.sin, lambda g, x: 2 * g, X, seed=5)
    assert [e.claimed for e in a.entries] == [e.claimed for e in b.entries] and str(a) == str(b)
    assert check_vjp(np.sin, sine_vjp, X).seed != check_vjp(np.sin, sine_vjp, X).seed


@pytest.mark.parametrize("slope", [0.0, 0.25, 1.0])
def test_any_subgradient_is_right_at_a_kink(slope):
    report = check_vjp(
        lambda x: np.maximum(x, 0), lambda g, x: g * np.where(x == 0, slope, x > 0), np.array([0.0, 1.0])
    )
    assert report.verdict == "right"


@pytest.mark.parametrize("slope", [-0.1, 1.1, np.nan])
def test_outside_the_one_sided_slopes_it_is_wrong(slope):
    report = check_vjp(
        lambda x: np.maximum(x, 0), lambda g, x: g * np.where(x == 0, slope, x > 0), np.array([0.0, 1.0])
    )
    assert report.verdict == "wrong"
    if not np.isnan(slope):
        assert report.worst.kind == "kink" and report.kink and "one-sided" in str(report)


def test_too_near_a_kink_is_undecided_and_says_so():
    x = np.array([1 + 1e-13])

    def vjp(g, x):
        return g * (np.sign(x - 1) + np.exp(x))

    # In exact arithmetic there is nothing too near; in float64 alone there is.
    assert check_vjp(lambda x: np.abs(x - 1) + np.exp(x), vjp, x).verdict == "right"
    report = check_vjp(lambda x: np.abs(x - 1) + np.exp(x.astype(float)), vjp, x)
    assert report.verdict == "undecided" and not report
    assert "kink" in report.reason
    assert report.raise_if_wrong() is report
    with pytest.raises(GradientError):
        report.raise_unless_right()


def test_ties_are_judged_along_all_ones():
    x = np.array([2.0, 2.0, 1.0])
    assert check_vjp(np.max, lambda g, x: g * (x == x.max()) / np.sum(x == x.max()), x)
    assert check_vjp(np.max, lambda g, x: g * (np.arange(3) == np.argmax(x)), x)
    report = check_vjp(np.max, lambda g, x: g * (x == x.max()), x)
    assert report.verdict == "wrong" and "direction" in report.worst.name


def test_tiny_and_huge_gradients_are_judged_relatively():
    f = lambda x: 1e-30 * np.sum(x * x)
    assert check_vjp(f, lambda g, x: g * 2e-30 * x, X)
    assert check_vjp(f, lambda g, x: g * 2.0002e-30 * x, X).verdict == "wrong"
    f = lambda x: 1e30 * np.sum(x * x)
    assert check_vjp(f, lambda g, x: g * 2e30 * x, X)
    assert check_vjp(f, lambda g, x: g * 2.0002e30 * x, X).verdict == "wrong"


def test_large_inputs_are_sampled_and_the_wrong_coordinate_is_found():
    x = np.random.default_rng(0).normal(size=2000)
    assert "%" in check_vjp(lambda x: np.sum(np.sin(x)), sine_vjp, x).confidence

    def vjp(g, x):
        return g * np.cos(x) * np.where(np.arange(x.size) == 1234, 1.01, 1)

    report = check_vjp(lambda x: np.sum(np.sin(x)), vjp, x)
    assert report.verdict == "wrong" and report.worst.index == (1234,)


def test_float32_is_judged_with_a_float32_error_bar():
    x = X.astype(np.float32)
    assert check_vjp(np.sin, sine_vjp, x)
    assert check_vjp(np.sin, lambda g, x: (g * np.cos(x) * 1.001).astype(np.float32), x).verdict == "wrong"
    report = check_vjp(np.sin, lambda g, x: (g * np.cos(x)).astype(float), x)
    assert report.verdict == "wrong" and report.findings[0].kind == "dtype"


@pytest.mark.parametrize(
    "x", [np.array(0.7), 0.7, np.zeros((0, 3)), np.array([[0.7]]), np.asfortranarray(np.ones((2, 3)))]
)
def test_scalars_and_odd_shapes(x):
    assert check_vjp(np.sin, sine_vjp, x)


def test_several_inputs_and_outputs():
    def f(x, y):
        return x * y, np.sum(y)

    def vjp(g, x, y):
        return g[0] * y, g[0] * x + g[1]

    assert check_vjp(f, vjp, X, X + 1)
    assert check_vjp(f, lambda g, x, y: (g[0] * y, g[0] * x), X, X + 1).verdict == "wrong"


def test_other_ways_to_write_a_vjp():
    assert check_vjp(np.sin, lambda x: lambda g: g * np.cos(x), X)
    assert check_vjp(lambda x: np.sin(x), lambda x: (np.sin(x), lambda g: g * np.cos(x)), X)

    def f(x, y):
        return x * y

    def vjp(x, y, g):
        return g * y, g * x

    assert check_vjp(f, vjp, X, X + 1)


def test_cotangents_are_changed_and_scaled():
    for change in (np.abs, lambda g: np.clip(g, -1e6, 1e6), lambda g: g + 1e-9, np.ones_like, lambda g: g[::-1]):
        assert check_vjp(np.sin, lambda g, x, change=change: sine_vjp(change(g), x), X).verdict == "wrong"
    report = check_vjp(np.sin, lambda g, x: np.abs(g) * np.cos(x), X)
    assert "absolute value" in report.cause


@pytest.mark.parametrize(
    "f, vjp, xs, cause",
    [
        (lambda x: x**3, lambda g, x: g * 2 * x**2, (X,), "factor of 2/3"),
        (np.sin, lambda g, x: 0 * x, (X,), "zero where it should not be"),
        (lambda a, b: a / b, lambda g, a, b: (-g * a / b**2, g / b), (X, X + 3), "swapped"),
        (
            lambda a, v: a @ v,
            lambda g, a, v: (np.outer(v, g), a.T @ g),
            (np.arange(9.0).reshape(3, 3), X),
            "transposed",
        ),
        (lambda x, y: x + y, lambda g, x, y: (g * 1.0, g * 1.0), (np.ones((2, 3)), X), "not summed"),
        (np.sin, lambda g, x: (g.astype("f4") * np.cos(x.astype("f4"))).astype(float), (X,), "single precision"),
    ],
)
def test_likely_causes(f, vjp, xs, cause):
    report = check_vjp(f, vjp, *xs, seed=1)
    assert report.verdict == "wrong" and cause in report.cause


def test_a_buffer_that_is_reused_is_found():
    out = np.zeros(3)
    report = check_vjp(np.sin, lambda g, x: np.multiply(g, np.cos(x), out=out), X)
    assert report.verdict == "wrong" and report.findings[0].kind == "shared buffer"


def test_changing_inputs_is_found():
    def vjp(g, x):
        g *= np.cos(x)
        return g

    report = check_vjp(np.sin, vjp, X)
    assert report.verdict == "wrong" and "changes the cotangent" in str(report)


def test_shared_memory_is_found_but_views_of_the_cotangent_are_fine():
    assert check_vjp(np.add, lambda g, x, y: (g, g), X, X + 1).findings[0].kind == "shares memory"
    assert check_vjp(np.transpose, lambda g, x: g.T, np.ones((2, 3)))
    assert check_vjp(np.sum, lambda g, x: np.broadcast_to(g, x.shape), np.ones((2, 3)))


def test_stale_caches_are_found():
    seen = {}

    def vjp(g, x):
        seen.setdefault(x.shape, np.cos(x))
        return g * seen[x.shape]

    report = check_vjp(np.sin, vjp, X)
    assert report.verdict == "wrong" and "stale cache" in str(report)


def test_one_array_twice_is_found():
    def vjp(g, x, y):
        return (g * y, g * x) if x is not y else (2 * g * y, 2 * g * x)

    report = check_vjp(np.multiply, vjp, X, X + 1)
    assert report.verdict == "wrong" and report.findings[0].kind == "repeated input"


def test_a_function_that_is_not_deterministic_is_reported():
    rng = np.random.default_rng(0)
    report = check_vjp(lambda x: np.sin(x) + rng.normal(), sine_vjp, X)
    assert report.verdict == "undecided" and "not deterministic" in report.reason
    report = check_vjp(np.sin, lambda g, x: g * np.cos(x) + 1e-9 * rng.normal(), X)
    assert report.verdict == "wrong" and "not deterministic" in str(report)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: check_vjp(np.sin, sine_vjp, np.array([1, 2])), TypeError, "input 0 has dtype int64"),
        (lambda: check_vjp(np.sin, sine_vjp, 3), TypeError, "floats"),
        (lambda: check_vjp(np.sin, sine_vjp, np.array([np.nan])), ValueError, "input 0 contains nan"),
        (
            lambda: check_vjp(np.log, lambda g, x: g / x, np.array([-1.0])),
            ValueError,
            r"f returned nan for input 0 = array\(\[-1",
        ),
        (lambda: check_vjp(np.sin, sine_vjp), TypeError, "no input"),
        (lambda: check_vjp(np.sin, 3.0, X), TypeError, "vjp must be a function"),
        (lambda: check_vjp(np.sin, lambda: 0, X), TypeError, "must take 2 arguments"),
        (lambda: check_vjp(lambda x: x, sine_vjp, X, X), TypeError, "argument"),
        (lambda: check_vjp(np.multiply, lambda g, x, y: g * y, X, X), TypeError, "one ndarray for 2 inputs"),
        (lambda: check_vjp(np.sin, lambda g, x: (g, g), X), TypeError, "2 gradients for 1 input"),
        (lambda: check_vjp(lambda x: "text", sine_vjp, X), TypeError, "f must return floats"),
    ],
)
def test_bad_use_gets_a_clear_error(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_wrong_shapes_are_a_verdict():
    report = check_vjp(np.sin, lambda g, x: (g * np.cos(x))[None], X)
    assert report.verdict == "wrong" and "(1, 3)" in report.reason and "(3,)" in report.reason


def test_mpmath_resolves_what_float64_cannot():
    x = np.array([1.0, 2.0, -0.5])

    def f(x):
        return x[0] + 1e-25 * np.sum(np.sin(x) * np.exp(x[1])) - np.maximum(x[2], 0 * x[2])

    def vjp(g, x, factor=1.0):
        d = 1e-25 * np.cos(x) * np.exp(x[1])
        d[1] += 1e-25 * np.sum(np.sin(x)) * np.exp(x[1]) * factor
        return g * (d + np.array([1.0, 0, 0]))

    assert check_vjp(f, vjp, x, precision="mpmath")
    report = check_vjp(f, lambda g, x: vjp(g, x, 1.001), x, precision="mpmath")
    assert report.verdict == "wrong" and report.worst.index == (1,)
    assert check_vjp(lambda x: abs(x), lambda g, x: g * 0.5, np.array([0.0]), precision="mpmath").verdict == "right"
    with pytest.raises(TypeError, match="runs on mpmath numbers"):
        check_vjp(np.linalg.inv, lambda g, x: g, np.eye(2), precision="mpmath")
    with pytest.raises(ValueError, match="mpmath"):
        check_vjp(f, vjp, x, precision="quad")


def test_a_gradient_that_is_nothing_but_rounding_is_forgiven():
    x = np.full(3, 1e-8)
    for _ in range(5):
        assert check_vjp(np.var, lambda g, x: g * 2 * (x - np.sum(x) / 3) / 3, x).verdict != "wrong"


A, B = np.random.default_rng(0).normal(size=(2, 3, 3))


@pytest.mark.parametrize(
    "f, vjp, xs, cause",
    [
        (np.sin, lambda x, g: g * np.cos(x), (X,), "arguments are swapped"),
        (lambda a, b: a @ b, lambda g, a, b: (g @ b, a.T @ g), (A, B), "input 1 is not transposed"),
        (np.sin, lambda g, x: g * (np.sin(x + 1e-5) - np.sin(x)) / 1e-5, (X,), "forward ones with a step of 1e-5"),
        (
            np.exp,
            lambda g, x: g * (np.exp(x + 1e-3) - np.exp(x - 1e-3)) / 2e-3,
            (X,),
            "central ones with a step of 1e-3",
        ),
        (
            lambda x: np.sin(np.pi * x),
            lambda g, x: g * float(np.float32(np.pi)) * np.cos(np.pi * x),
            (X,),
            "a constant is rounded to single precision",
        ),
        (
            lambda a: np.log(np.linalg.det(np.linalg.cholesky(a))),
            lambda g, a: g * 0.5 * np.linalg.inv(a),
            (A @ A.T + np.eye(3),),
            "lower triangle of input 0",
        ),
        (lambda a: np.sum(a * a.T), lambda g, a: g * 2 * np.tril(a), (A @ A.T,), "lower triangle only"),
    ],
)
def test_further_causes(f, vjp, xs, cause):
    report = check_vjp(f, vjp, *xs)
    assert report.verdict == "wrong" and cause in report.cause


def test_a_cause_is_not_guessed_from_one_coordinate():
    """At 2 a factor of 1.001 looks like a forward difference of the cube with a step of 2/1000."""
    report = check_vjp(lambda x: x**3, lambda g, x: g * 3.003 * x**2, np.array([0.3, -1.2, 2.0]))
    assert report.cause == "off by a factor of 1.001"


def test_a_vjp_without_a_gradient_is_neither_right_nor_wrong():
    def none(g, x):
        raise NotImplementedError("sorting has none")

    for vjp in (none, lambda g, x: NotImplemented):
        report = check_vjp(np.sin, vjp, X)
        assert report.verdict == "no gradient" and not report and report.raise_if_wrong() is report
        with pytest.raises(GradientError):
            report.raise_unless_right()
    assert "sorting has none" in check_vjp(np.sin, none, X).reason


def test_what_f_raises_off_the_point_is_no_matter():
    def f(x):
        if x[0] != 0.3:
            raise RuntimeError("singular")
        return np.sin(x)

    assert check_vjp(f, sine_vjp, X).verdict in ("right", "undecided")


def test_infinite_claims_of_both_signs_are_nobodys_nan():
    def root(g, x):
        return g * 0.5 / np.sqrt(x)

    assert check_vjp(np.sqrt, root, np.array([0.0, 0.0, 1.0])).verdict == "undecided"
    assert check_vjp(np.sqrt, lambda g, x: -root(g, x), np.array([0.0, 1.0])).verdict == "wrong"


def test_five_equal_entries_may_be_sorted_any_way():
    def ranked(g, x):
        out = np.empty_like(x)
        out[np.argsort(x, kind="stable")] = g
        return out

    for _ in range(3):
        assert check_vjp(np.sort, ranked, np.ones(5)).verdict == "right"
    assert check_vjp(np.sort, lambda g, x: 1.1 * ranked(g, x), np.ones(5)).verdict == "wrong"


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("x", [2.0, 4.0, 6.0, 8.0])
def test_textbook_rules_in_low_precision(dtype, x):
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    point = np.array([x, 0.3], dtype)
    assert check_vjp(np.tanh, lambda g, x: g * (1 - np.tanh(x) ** 2), point)
    assert check_vjp(sigmoid, lambda g, x: g * sigmoid(x) * (1 - sigmoid(x)), point)
    assert check_vjp(np.tanh, lambda g, x: g * dtype(1.2) * (1 - np.tanh(x) ** 2), point).verdict == "wrong"


def newton(a, tolerance):
    """x with x³ + x = a, by Newton's method."""
    x = np.ones_like(a)
    while np.any(np.abs(x**3 + x - a) > tolerance):
        x = x - (x**3 + x - a) / (3 * x**2 + 1)
    return x


def bisected(a, tolerance):
    low, high = 0.0 * a, 0.0 * a + 4.0
    while np.max(high - low) > tolerance:
        middle = 0.5 * (low + high)
        above = middle**3 + middle > a
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return 0.5 * (low + high)


@pytest.mark.parametrize("tolerance", [1e-12, 1e-9, 1e-6, 1e-5, 1e-4])
@pytest.mark.parametrize("solve", [newton, bisected])
def test_solvers_are_not_accused_of_their_tolerance(solve, tolerance):
    a = np.array([0.7, 2.9])
    for _ in range(2):
        report = check_vjp(lambda a: solve(a, tolerance), lambda g, a: g / (3 * solve(a, tolerance) ** 2 + 1), a)
        assert report.verdict != "wrong", str(report)
    if tolerance < 1e-5:
        wrong = check_vjp(lambda a: solve(a, tolerance), lambda g, a: 1.03 * g / (3 * solve(a, tolerance) ** 2 + 1), a)
        assert wrong.verdict == "wrong"


def iterated(a, tolerance):
    """The same root, by a damped fixed point."""
    x = np.ones_like(a)
    while np.any(np.abs(x**3 + x - a) > tolerance):
        x = x - (x**3 + x - a) / 12
    return x


@pytest.mark.parametrize("tolerance", [1e-8, 1e-6, 1e-4])
@pytest.mark.parametrize("solve", [newton, bisected, iterated])
def test_a_solver_in_the_claim_alone_is_not_accused(solve, tolerance):
    """It makes steps along x; what is rough over a few units of rounding too is no solver."""

    def claim(g, a):
        return g / (3 * solve(a, tolerance) ** 2 + 1)

    report = check_vjp(lambda a: newton(a, 1e-14), claim, 2.9, seed=0)
    assert report.verdict != "wrong", str(report)
    off = check_vjp(lambda a: newton(a, 1e-14), lambda g, a: 1.03 * claim(g, a), 2.9, seed=0)
    assert off.verdict == "wrong", str(off)


@pytest.mark.parametrize(
    "claim",
    [
        lambda g, a: g * (newton(a + 1e-10, 1e-14) - newton(a, 1e-14)) / 1e-10,
        lambda g, a: g / (3 * newton(a.astype(np.float16).astype(float), 1e-14) ** 2 + 1),
        lambda g, a: g / (3 * newton(a.astype(np.float32).astype(float), 1e-14) ** 2 + 1),
        lambda g, a: g / (3 * newton(a, 1e-14) ** 2 + 1) * np.where(a > 2.5, 1 + 1e-5, 1),
    ],
    ids=["differences", "half precision", "single precision", "a factor in a branch"],
)
def test_what_is_rough_otherwise_is_no_solver(claim):
    report = check_vjp(lambda a: newton(a, 1e-14), claim, np.array([2.9]), seed=0)
    assert report.verdict == "wrong", str(report)


@pytest.mark.parametrize("tolerance", [1e-8, 1e-6, 1e-4])
@pytest.mark.parametrize("array", [True, False])
def test_bisection_in_the_claim_of_a_formula(tolerance, array):
    """60 digits prove f's slope, and that the claim rounds nothing: its steps are those of a solver."""

    def root(a):
        low, high = 0.0 * a, 0.0 * a + 4.0
        while np.max(high - low) > tolerance:
            middle = 0.5 * (low + high)
            above = middle * middle > a
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return 0.5 * (low + high)

    def claim(g, a):
        return g / 2 / (root(a) if array else float(root(np.array([float(a)]))[0]))

    x = np.array([2.3]) if array else 2.3
    report = check_vjp(np.sqrt, claim, x, seed=0)
    assert report.verdict == "undecided" and "the claim is rough at" in report.reason, str(report)
    assert check_vjp(np.sqrt, lambda g, a: 1.03 * claim(g, a), x, seed=0).verdict == "wrong"


TABLE = np.linspace(0, 7, 1001)


@pytest.mark.parametrize(
    "slope",
    [
        lambda x: np.round(np.cos(x), 6),
        lambda x: np.cos(TABLE)[np.rint(x / 7 * 1000).astype(int)],
        lambda x: np.interp(x, TABLE[::10], np.cos(TABLE[::10])),
        lambda x: 1 - 2 * np.sin(x / 2).astype(np.float32).astype(float) ** 2,
    ],
    ids=["six digits", "the nearest in a table", "between two of a table", "single precision"],
)
def test_a_claim_that_rounds_is_no_bisection(slope):
    assert check_vjp(np.sin, lambda g, x: g * slope(x), np.array([2.2]), seed=0).verdict == "wrong"


def slow_fixed_point(a, tolerance):
    """The root again; the first coordinate decides when to stop, and its error shrinks by a twentieth in each step."""
    x, step = np.zeros_like(a), np.array([0.05, 0.1])
    while True:
        change = step * (x**3 / 10 + x - a)
        x = x - change
        if np.max(np.abs(change)) <= tolerance:
            return x


def test_a_slow_fixed_point_in_the_claim():
    def f(a):
        x = np.zeros_like(a)
        for _ in range(30):
            x = x - (x**3 / 10 + x - a) / (0.3 * x * x + 1)
        return x

    def claim(g, a):
        return g / (0.3 * slow_fixed_point(a, 1e-5) ** 2 + 1)

    a = np.array([1.3, 0.7])
    report = check_vjp(f, claim, a, seed=0)
    assert report.verdict == "undecided" and "the claim is rough at" in report.reason, str(report)
    assert check_vjp(f, lambda g, a: 1.03 * claim(g, a), a, seed=0).verdict == "wrong"


def test_beside_a_slope_of_zero_no_claim_is_off_by_a_factor():
    """No share of 0 is anything: it was divided by."""
    from types import SimpleNamespace

    from autograd.check.steps import is_a_factor

    assert not is_a_factor(SimpleNamespace(outcomes=[SimpleNamespace(claimed=1e-3, numeric=0.0)]), 0)


def gmres(m, b, tolerance):
    basis = [b / np.linalg.norm(b)]
    h = np.zeros((b.size + 1, b.size))
    for k in range(b.size):
        v = m @ basis[k]
        for j in range(k + 1):
            h[j, k] = basis[j] @ v
            v = v - h[j, k] * basis[j]
        h[k + 1, k] = np.linalg.norm(v)
        right = np.linalg.norm(b) * np.eye(k + 2)[0]
        y = np.linalg.lstsq(h[: k + 2, : k + 1], right, rcond=None)[0]
        if np.linalg.norm(h[: k + 2, : k + 1] @ y - right) <= tolerance * np.linalg.norm(b) or h[k + 1, k] < 1e-14:
            break
        basis.append(v / h[k + 1, k])
    return np.stack(basis[: k + 1], axis=1) @ y


@pytest.mark.parametrize("tolerance", [1e-6, 1e-4])
def test_a_solver_that_takes_as_many_steps_everywhere_near_x(tolerance):
    m = np.random.default_rng(5).normal(size=(12, 12)) / np.sqrt(12) + 2 * np.eye(12)
    rest, x = np.random.default_rng(6).normal(size=10), np.random.default_rng(50).normal(size=2)

    def f(t):
        return gmres(m, np.append(rest, t), tolerance)

    def claim(g, t):
        return np.linalg.solve(m.T, g)[-2:]

    report = check_vjp(f, claim, x, seed=0)
    assert report.verdict == "undecided" and "f is rough at" in report.reason, str(report)
    assert check_vjp(f, lambda g, t: 1.03 * claim(g, t), x, seed=0).verdict == "wrong"


def decayed(rate, tolerance):
    """y(1) for y' = -rate y and y(0) = 1, and its derivative, by Bogacki and Shampine's pair with step control."""

    def slope(y):
        return np.array([-rate * y[0], -y[0] - rate * y[1]])

    t, h, y = 0.0, 0.05, np.array([1.0, 0.0])
    while t < 1:
        h = min(h, 1 - t)
        first = slope(y)
        second = slope(y + h / 2 * first)
        third = slope(y + 0.75 * h * second)
        new = y + h * (2 * first + 3 * second + 4 * third) / 9
        error = np.abs(h * (-5 / 72 * first + second / 12 + third / 9 - slope(new) / 8)).max() / tolerance
        if error <= 1:
            t, y = t + h, new
        h *= min(4.0, max(0.2, 0.9 * max(error, 1e-9) ** (-1 / 3)))
    return y


@pytest.mark.parametrize("where", ["f", "claim", "both"])
def test_an_ode_solver_leaves_kinks_all_along(where):
    x, tolerance = np.array([1.7]), 1e-4

    def f(k):
        return np.exp(-k) if where == "claim" else np.array([decayed(k[0], tolerance)[0]])

    def claim(g, k):
        return -g * np.exp(-k) if where == "f" else g * decayed(k[0], tolerance)[1]

    report = check_vjp(f, claim, x, seed=0)
    assert report.verdict == "undecided" and "is rough at" in report.reason, str(report)
    assert check_vjp(f, lambda g, k: 1.03 * claim(g, k), x, seed=0).verdict == "wrong"


def test_what_a_solver_leaves_of_a_small_entry_is_a_share_of_the_largest():
    """The fixed point z = tanh(W z + x), its derivative solved to 1e-4: an entry of 1e-3 of it is off by percents."""
    w = np.random.default_rng(8).normal(size=(5, 5))
    w *= 0.7 / np.linalg.norm(w, 2)
    x = np.random.default_rng(50).normal(size=5)

    def f(x):
        z = np.zeros(5)
        for _ in range(8):
            y = np.tanh(w @ z + x)
            z = z - np.linalg.solve(np.eye(5) - (1 - y * y)[:, None] * w, z - y)
        return z

    def claim(g, x):
        s, u = 1 - f(x) ** 2, np.zeros(5)
        while True:
            v = g + w.T @ (s * u)
            u, change = v, np.abs(v - u).max()
            if change <= 1e-4 * np.abs(g).max():
                return s * u

    assert check_vjp(f, claim, x, seed=0).verdict == "undecided"
    assert check_vjp(f, lambda g, x: 1.03 * claim(g, x), x, seed=0).verdict == "wrong"


def test_a_stationary_iteration_whose_rest_is_linear():
    """Its steps depend on the cotangent alone, and as many are taken for all: a rest of 1e-8 of the largest entry."""
    b = np.random.default_rng(7).normal(size=(10, 10))
    a = b @ b.T / 10 + np.eye(10)
    low, f = np.linalg.inv(np.tril(a)), lambda x: np.linalg.solve(a, x)

    def claim(g, x):
        u = np.zeros_like(g)
        while True:
            v = low @ (g - np.triu(a, 1) @ u)
            u, change = v, np.abs(v - u).max()
            if change <= 1e-8 * np.abs(v).max():
                return u

    x = np.random.default_rng(50).normal(size=10)
    report = check_vjp(f, claim, x, seed=0)
    assert report.verdict == "undecided" and "rough at" in report.reason, str(report)
    assert check_vjp(f, lambda g, x: 1.03 * claim(g, x), x, seed=0).verdict == "wrong"


def conjugate_gradients(a, b, tolerance):
    x, r = np.zeros_like(b), b.copy()
    p, size = r.copy(), r @ r
    while np.sqrt(size) > tolerance * np.sqrt(b @ b):
        ap = a @ p
        step = size / (p @ ap)
        x, r = x + step * p, r - step * ap
        size, before = r @ r, size
        p = r + size / before * p
    return x


@pytest.mark.parametrize("of_f, of_claim", [(1e-13, 1e-4), (1e-13, 1e-6), (1e-6, 1e-13)])
def test_conjugate_gradients_in_f_and_in_the_claim(of_f, of_claim):
    rng = np.random.default_rng(1200)
    m, b = rng.normal(size=(12, 12)), rng.normal(size=12)
    a = m @ m.T / 12 + 0.3 * np.eye(12)
    for seed in range(2):
        report = check_vjp(
            lambda b: conjugate_gradients(a, b, of_f), lambda g, b: conjugate_gradients(a, g, of_claim), b, seed=seed
        )
        assert report.verdict != "wrong", str(report)
    if of_claim < 1e-5:
        off = check_vjp(
            lambda b: conjugate_gradients(a, b, of_f), lambda g, b: 1.03 * conjugate_gradients(a, g, of_claim), b
        )
        assert off.verdict == "wrong"


@pytest.mark.parametrize("tolerance", [1e-6, 1e-4])
def test_conjugate_gradients_that_scatter_as_rounding_does(tolerance):
    """With 24 unknowns and a bad condition each change of the last bit is another error, as large as the tolerance."""
    rng = np.random.default_rng(1000)
    q, _ = np.linalg.qr(rng.normal(size=(24, 24)))
    a, b = (q * np.geomspace(1, 1e-3, 24)) @ q.T, rng.normal(size=24)
    inverse = np.linalg.inv(a)

    def f(t):
        return inverse @ np.append(b[:-2], t)

    def claim(g, t):
        return conjugate_gradients(a, g, tolerance)[-2:]

    report = check_vjp(f, claim, b[-2:], seed=0)
    assert report.verdict != "wrong", str(report)
    assert check_vjp(f, lambda g, t: 1.03 * claim(g, t), b[-2:], seed=0).verdict == "wrong"


def test_rounding_is_no_solver():
    """A claim that is not linear in its cotangent by rounding alone is not excused by that."""
    x = np.random.default_rng(1).normal(size=20)

    def lost(g, x):
        return (g * (1 + 1e-13 * x) - g) * 1e13

    def single(g, x):
        return (g.astype(np.float32) * np.cos(x).astype(np.float32)).astype(float)

    assert check_vjp(lambda x: x * x / 2, lost, x, seed=0).verdict == "wrong"
    assert check_vjp(np.sin, single, x, seed=0).verdict == "wrong"


@pytest.mark.parametrize(
    "f, claim, x",
    [
        (lambda x: (1 - np.exp(-x)) / x, lambda g, x: g * (x / 3 - 0.5), 1e-15),
        (lambda x: x / (np.exp(x) - 1), lambda g, x: g * (x / 6 - 0.5), -1e-16),
    ],
)
def test_a_slope_that_one_plus_x_would_lose_accuses_nobody(monkeypatch, f, claim, x):
    """f's own values are off by a tenth; no court is there to tell."""
    from autograd.check import court

    monkeypatch.setattr(court.HighCourt, "rule", lambda self, d: None)
    monkeypatch.setattr(court.LongCourt, "rule", lambda self, d, reach, floor: None)
    assert check_vjp(f, claim, np.array([x]), seed=0).verdict == "undecided"
    assert check_vjp(np.log, lambda g, x: 1.2 * g / x, np.array([1e-18]), seed=0).verdict == "wrong"


@pytest.mark.parametrize("x", [1e-11, 1e-12])
def test_a_term_that_short_steps_do_not_move(monkeypatch, x):
    """1 - x moves in units of 1e-16 while x log x moves in far finer ones; no court is there to tell."""
    from autograd.check import court

    monkeypatch.setattr(court.HighCourt, "rule", lambda self, d: None)
    monkeypatch.setattr(court.LongCourt, "rule", lambda self, d, reach, floor: None)

    def entropy(x):
        return -x * np.log(x) - (1 - x) * np.log(1 - x)

    claim = lambda g, x: g * (np.log1p(-x) - np.log(x))  # noqa: E731
    assert check_vjp(entropy, claim, np.array([x]), seed=0).verdict != "wrong"
    assert check_vjp(entropy, lambda g, x: 1.2 * claim(g, x), np.array([x]), seed=0).verdict == "wrong"


def test_a_kink_far_away_excuses_nothing():
    """Half a percent off, and f bends a little elsewhere: that is no solver's tolerance."""
    f, slope = lambda x: np.sin(x) + 1e-3 * np.abs(x - 1.7), lambda x: np.cos(x) + 1e-3 * np.sign(x - 1.7)
    for seed in range(3):
        assert check_vjp(f, lambda g, x: g * 1.005 * slope(x), np.array([1.2, 0.4]), seed=seed).verdict == "wrong"


def test_the_accuracy_may_be_told():
    a = np.array([0.7, 2.9])
    pair = (lambda a: bisected(a, 1e-5), lambda g, a: g / (3 * bisected(a, 1e-5) ** 2 + 1))
    assert check_vjp(*pair, a, accuracy=1e-5).verdict != "wrong"
    assert check_vjp(np.sin, lambda g, x: 1.00001 * sine_vjp(g, x), X, accuracy=1e-4).verdict != "wrong"
    assert check_vjp(np.sin, lambda g, x: 1.05 * sine_vjp(g, x), X, accuracy=1e-4).verdict == "wrong"
    with pytest.raises(ValueError, match="accuracy is a relative error"):
        check_vjp(np.sin, sine_vjp, X, accuracy=2)


def test_an_underflowing_gradient_is_right_at_60_digits():
    x = np.array([26.8, 27.5, 40.0])
    assert check_vjp(lambda x: np.exp(-x * x), lambda g, x: g * -2 * x * np.exp(-x * x), x, precision="mpmath")


def test_a_right_report_says_how_sharp_it_was():
    text = str(check_vjp(np.abs, lambda g, x: g * np.sign(x), np.array([0.0, 1.0])))
    assert "right to" in text and "derivatives" in text and "kink at x0[0] = 0" in text
    assert check_vjp(np.sin, sine_vjp, X).taylor.order == pytest.approx(2, abs=0.5)


def test_a_constant_of_single_precision_is_no_early_stop(monkeypatch):
    """Without a court three parts in 10⁸ could be a solver's rest, were they not the same everywhere."""
    from autograd.check import court

    monkeypatch.setattr(court.HighCourt, "rule", lambda self, d: None)
    monkeypatch.setattr(court.LongCourt, "rule", lambda self, d, reach, floor: None)
    sixth, x = float(np.float32(1 / 6)), np.array([2.047, -1.2, 0.4, 5.0, -4.0])
    hardsigmoid = (lambda x: np.clip(x + 3, 0, 6) / 6, lambda g, x: g * sixth * (abs(x) < 3))
    wave = (lambda x: np.sin(np.pi * x), lambda g, x: g * float(np.float32(np.pi)) * np.cos(np.pi * x))
    for pair in (hardsigmoid, wave):
        report = check_vjp(*pair, x, seed=0)
        assert report.verdict == "wrong" and "single precision" in report.cause, str(report)
    y = np.array([0.3, 0.9])
    rest = check_vjp(lambda x: np.sin(x) + 1e-9 * np.sin(9 * x), lambda g, x: g * np.cos(x), y, seed=0)
    assert rest.verdict == "undecided" and "rough at" in rest.reason, str(rest)
    told = check_vjp(np.sin, lambda g, x: g * np.cos(x) * (1 + 5e-8), np.array([0.3, 0.9]), accuracy=1e-10, seed=0)
    assert told.verdict == "wrong"


def test_a_kink_in_the_widest_window_is_no_roughness():
    from autograd.check import noise

    kink = lambda t: np.stack([np.clip(2.047 + 2 * t + 3, 0, 6) / 6], axis=1)
    assert noise.roughness(kink)[0] == 0
    steps = lambda t: np.stack([2 + t + 1e-4 * np.floor(7 * t + 0.3)], axis=1)
    assert noise.roughness(steps)[0] > 1e-5


@pytest.mark.parametrize("x", [-8.4, -9.5, -10.0, -12.0])
def test_where_f_is_rounded_to_a_constant_a_tiny_slope_is_not_accused(monkeypatch, x):
    from math import erf, pi

    from autograd.check import court

    monkeypatch.setattr(court.LongCourt, "rule", lambda self, d, reach, floor: None)
    phi = lambda x: np.exp(-x * x / 2) / np.sqrt(2 * pi)
    ndtr = lambda x: 0.5 * (1 + erf(x / 2**0.5))
    assert check_vjp(ndtr, lambda g, x: g * phi(x), x).verdict != "wrong"
    assert check_vjp(lambda x: x * ndtr(x), lambda g, x: g * (ndtr(x) + x * phi(x)), x).verdict != "wrong"
    assert check_vjp(lambda x: np.maximum(x, 0.0), lambda g, x: g * 1e-3, x).verdict == "wrong"


@pytest.mark.parametrize("x", [30.0, 35.0, 40.0])
def test_the_grain_is_looked_for_as_far_as_x_is_from_zero(x):
    for f in (lambda x: np.log(1 - np.exp(-x)), lambda x: np.log(-np.expm1(-x))):
        assert check_vjp(f, lambda g, x: g / np.expm1(x), np.array([x, 1.0])).verdict != "wrong"
        assert check_vjp(f, lambda g, x: 1.1 * g / np.expm1(x), np.array([1.0, x])).verdict == "wrong"


@pytest.mark.parametrize(
    ("f", "vjp"),
    [
        (lambda x: x - np.tanh(x), lambda g, x: g * np.tanh(x) ** 2),
        (lambda x: x - np.sin(x), lambda g, x: g * (1 - np.cos(x))),
        (lambda x: np.tan(x) - x, lambda g, x: g * np.tan(x) ** 2),
    ],
)
def test_a_flat_point_of_a_smooth_function(f, vjp):
    """At 60 digits the step itself leaves 3e-41 of a slope of 0."""
    assert check_vjp(f, vjp, 0.0)
    assert check_vjp(f, lambda g, x: vjp(g, x) + 1e-9 * g, 0.0).verdict == "wrong"


def test_functions_of_two_numbers_at_sixty_digits():
    def f(a, b):
        return np.arctan2(a, b) + np.hypot(a, b) + np.logaddexp(a, b)

    def vjp(g, a, b):
        r, s = np.hypot(a, b), 1 / (1 + np.exp(b - a))
        return g * (b / r**2 + a / r + s), g * (-a / r**2 + b / r + 1 - s)

    assert check_vjp(f, vjp, 0.7, 0.2, precision="mpmath")
    assert check_vjp(f, lambda g, a, b: vjp(1.001 * g, a, b), 0.7, 0.2).worst.proven


def test_a_tiny_coordinate_beside_others_accuses_nobody():
    """x log(1 + x) does not move at 9e-114, and over short steps at 2e-6 it is a straight line."""
    entropy = lambda p: -(p * np.log(p) + (1 - p) * np.log(1 - p))
    x = np.array([[0.0, 0.0, 1.0], [2.4e-6, 9e-114, 0.0]])
    for seed in range(5):
        assert check_vjp(lambda x: x * np.log(1 + x), lambda g, x: g * (np.log1p(x) + x / (1 + x)), x, seed=seed)
        p = np.array([0.5, 1.4e-76])
        assert check_vjp(entropy, lambda g, p: g * (np.log(1 - p) - np.log(p)), p, seed=seed)
        assert check_vjp(entropy, lambda g, p: g * np.log(1 - p), p, seed=seed).verdict == "wrong"


def test_a_textbook_formula_that_loses_digits_beside_one_is_not_accused():
    """exp(-x) moves in units of the rounding of 1, far more than x does: six digits are lost at 1e-5, four at 1e-6."""
    f, vjp = lambda x: (1 - np.exp(-x)) / x, lambda g, x: g * (np.exp(-x) * (1 + x) - 1) / x**2
    for x in (1e-4, 1e-5, -2.3e-5, 1e-6, -4.7e-6):
        assert check_vjp(f, vjp, x, seed=1)
        assert check_vjp(f, lambda g, x: 1.03 * vjp(g, x), x, seed=1).verdict == "wrong"
    assert check_vjp(f, vjp, 1e-8, seed=1).verdict == "wrong"  # off by all of it
    for seed in (3, 4):
        assert check_vjp(f, vjp, [1e-5, 2.3e-5, -4e-6], seed=seed).verdict != "wrong"
        assert check_vjp(f, lambda g, x: 1.03 * vjp(g, x), [1e-5, 2.3e-5, -4e-6], seed=seed).verdict == "wrong"
