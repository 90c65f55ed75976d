"""The steps by which a ladder is read, each alone; and what is measured of the roughness of f."""

import numpy as np
import pytest

from autograd.check import ladder, noise
from autograd.check.numeric import climb
from autograd.check.tally import Tally
from autograd.check.taylor import Taylor
from autograd.check.verdicts import Kind, Verdict


@pytest.fixture(autouse=True)
def silent():
    with np.errstate(all="ignore"):
        yield


def rows(f):
    return lambda points: np.stack([f(z) for z in points])


def rungs(f, x=0.0):
    z = np.array([float(x)])
    return climb(rows(f), z, np.array([1.0 if x == 0 else abs(x)]), f(z))


def test_two_sided_is_the_derivative_of_a_smooth_function():
    value, error = ladder.two_sided(rungs(np.exp, 1.0))
    assert abs(value[0] - np.e) <= 3 * error[0] < 1e-8


def test_two_sided_of_a_constant_is_zero_to_rounding():
    value, error = ladder.two_sided(rungs(lambda x: 0 * x + 5.0, 1.0))
    assert value[0] == 0 and error[0] < 1e-14


@pytest.mark.parametrize("sign, slope", [(1, 1.0), (-1, 0.0)])
def test_one_sided_slopes_of_relu(sign, slope):
    side = ladder.one_sided(rungs(lambda x: np.maximum(x, 0)), sign)
    assert side.there.all() and side.value[0] == pytest.approx(slope, abs=1e-9)


def test_one_side_may_be_missing():
    rung = rungs(np.sqrt)
    assert ladder.one_sided(rung, 1).there.all() and not ladder.one_sided(rung, -1).there.any()


def test_kinks_are_where_the_sides_differ():
    for f, kinked in ((np.abs, True), (lambda x: x * np.abs(x), False), (np.sin, False)):
        rung = rungs(f)
        assert ladder.kinks(ladder.one_sided(rung, -1), ladder.one_sided(rung, 1))[0] == kinked


def test_jumps_and_the_slope_beside_them():
    rung = rungs(lambda x: np.where(x > 0, 2 * x + 1, 0.0))
    assert ladder.jumps(rung, 1)[0] and not ladder.jumps(rung, -1)[0]
    assert ladder.beside_a_jump(rung, 1).value[0] == pytest.approx(2)
    assert not ladder.jumps(rungs(np.cbrt), 1)[0]


def test_steep_is_a_slope_without_bound():
    assert ladder.steep(rungs(np.sqrt), 1)[0] and ladder.steep(rungs(np.cbrt), -1)[0]
    assert not ladder.steep(rungs(np.abs), 1)[0] and not ladder.steep(rungs(lambda x: np.where(x > 0, 1.0, 0)), 1)[0]


@pytest.mark.parametrize(
    "f, kind, low, high",
    [
        (np.sin, Kind.SMOOTH, 1, 1),
        (np.abs, Kind.KINK, -1, 1),
        (lambda x: np.sqrt(np.abs(x)), Kind.KINK, -np.inf, np.inf),
        (lambda x: np.where(x > 0, np.sqrt(np.maximum(x, 0)), 0.5 * x), Kind.KINK, 0.5, np.inf),
        (np.cbrt, Kind.VERTICAL, None, None),
        (lambda x: x * np.sqrt(x), Kind.ONE_SIDED, 0, 0),
        (lambda x: np.abs(x) ** 1.5, Kind.SMOOTH, 0, 0),
        (lambda x: x - np.tanh(x), Kind.SMOOTH, 0, 0),
        (lambda x: np.abs(x) * x, Kind.SMOOTH, 0, 0),
    ],
)
def test_read_names_the_kind_and_the_interval(f, kind, low, high):
    found = ladder.read(rungs(f))
    assert Kind(found.kind[0]) == kind
    if low is not None:
        assert found.low[0] == pytest.approx(low, abs=1e-6) and found.high[0] == pytest.approx(high, abs=1e-6)


@pytest.mark.parametrize("x", [1e-8, -1e-9, 1e-12, 1e-16])
@pytest.mark.parametrize(
    "f, unit",
    [
        (lambda x: np.log(1 + x * x), 2.2e-16),
        (lambda x: 1 - np.cos(x), 1.1e-16),
        (lambda x: (x + 1000) - 1000, 1.1e-13),
        (lambda x: np.maximum(x, 0) + 0 * x, 0.0),
        (lambda x: 0 * x + 3, 0.0),
    ],
)
def test_the_grain_is_the_unit_in_which_f_moves(f, unit, x):
    z = np.array([x])
    if unit == 0.0 and x > 0 and f(z)[0] == x:
        return  # relu moves there
    assert noise.grain(rows(f), z, np.abs(z), f(z))[0] == pytest.approx(unit, rel=0.1)


def test_roughness_sees_the_steps_of_a_solver_and_no_kink():
    def stairs(t):
        return np.round(np.sin(1 + t) / 1e-6)[:, None] * 1e-6

    assert noise.roughness(stairs)[0] == pytest.approx(5e-7, rel=0.5)
    assert noise.roughness(lambda t: np.sin(1 + t)[:, None])[0] == 0
    assert noise.roughness(lambda t: 3 + abs(t)[:, None])[0] == 0


def test_steps_far_away_are_seen_and_kinks_are_not():
    def late(t):
        return (np.exp(t) + 1e-6 * (t > 0.37))[:, None]

    assert noise.far_steps(late)[0] == pytest.approx(5e-7, rel=0.9)
    assert noise.far_steps(lambda t: np.exp(t)[:, None])[0] == 0
    assert noise.far_steps(lambda t: (np.exp(t) + 1e-3 * np.abs(t - 0.37))[:, None])[0] == 0


def test_graininess_tells_lost_precision_from_steps():
    single = lambda t: np.float32(np.sin(1 + t)).astype(np.float64)[:, None]
    assert noise.graininess(single)[0] > 1e-8
    assert noise.graininess(lambda t: np.sin(1 + t)[:, None])[0] < 1e-10


def test_words_and_their_order():
    assert Verdict.worst([]) == "right" and f"{Verdict.NO_GRADIENT}" == "no gradient"
    assert [v.value for v in sorted(Verdict, key=lambda v: v.rank)] == ["right", "undecided", "no gradient", "wrong"]
    assert Kind.of([Kind.KINK, Kind.SMOOTH]) == Kind.KINK and Kind.KINK.broken and not Kind.KINK.has_slope


@pytest.mark.parametrize("slope, order", [(np.cos(0.5), 2), (1.1 * np.cos(0.5), 1)])
def test_the_order_of_the_taylor_remainder(slope, order):
    found = Taylor.of(rungs(np.sin, 0.5), np.ones(1), 0.5 * slope)
    assert found.order == pytest.approx(order, abs=0.1)


def test_the_tally_adds_up():
    a, b = Tally(3, 1, 1e-9, ["kink at x0 = 0"]), Tally(2, 2, 5e-8, ["kink at x0 = 0"])
    a.add(b)
    assert (a.derivatives, a.points, a.sharpness, a.singular) == (5, 3, 5e-8, ["kink at x0 = 0"])
