"""Optimisers: each against its published formula written out, step by step; groups, state, clipping."""

from __future__ import annotations

import math
from typing import Any, Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Tensor, Value, optim
from autograd.errors import ChangedDataError
from autograd.optim.base import JOINED, PIECE


def gradient(p: Any, t: int) -> Any:
    return 2 * p + np.sin(3 * p + t)


# --- the formulas, one number at a time: p → p after each step -------------------------------------------


def sgd(p: float) -> Iterator[float]:  # with momentum: Polyak 1964
    velocity = 0.0
    for t in range(1, 99):
        velocity = 0.9 * velocity + gradient(p, t)
        p -= 0.1 * velocity
        yield p


def nesterov(p: float) -> Iterator[float]:
    velocity = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        velocity = 0.9 * velocity + g
        p -= 0.1 * (g + 0.9 * velocity)
        yield p


def adagrad(p: float) -> Iterator[float]:  # Duchi et al. 2011
    total = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        total += g * g
        p -= 0.1 * g / (math.sqrt(total) + 1e-10)
        yield p


def adadelta(p: float) -> Iterator[float]:  # Zeiler 2012, algorithm 1
    squares = deltas = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        squares = 0.9 * squares + 0.1 * g * g
        delta = -math.sqrt(deltas + 1e-6) / math.sqrt(squares + 1e-6) * g
        deltas = 0.9 * deltas + 0.1 * delta * delta
        p += delta
        yield p


def rmsprop(p: float) -> Iterator[float]:  # Hinton 2012, lecture 6e
    mean_square = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        mean_square = 0.99 * mean_square + 0.01 * g * g
        p -= 0.1 * g / (math.sqrt(mean_square) + 1e-8)
        yield p


def adam(p: float) -> Iterator[float]:  # Kingma and Ba 2015, algorithm 1
    m = v = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        p -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield p


def adamw(p: float) -> Iterator[float]:  # Loshchilov and Hutter 2019, algorithm 2
    m = v = 0.0
    for t in range(1, 99):
        g = gradient(p, t)
        p -= 0.1 * 0.2 * p
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        p -= 0.1 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield p


def nadam(p: float) -> Iterator[float]:  # Dozat 2016, algorithm 2 with its warming schedule
    def mu(t: int) -> float:
        return 0.9 * (1 - 0.5 * 0.96 ** (t / 250))

    m = v = 0.0
    product = 1.0
    for t in range(1, 99):
        g = gradient(p, t)
        product *= mu(t)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        m_hat = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        p -= 0.1 * m_hat / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield p


METHODS: dict[str, tuple[Callable[[float], Iterator[float]], Callable[[Any], Any]]] = {
    "sgd": (sgd, lambda ps: optim.SGD(ps, lr=0.1, momentum=0.9)),
    "nesterov": (nesterov, lambda ps: optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True)),
    "adagrad": (adagrad, lambda ps: optim.Adagrad(ps, lr=0.1)),
    "adadelta": (adadelta, optim.Adadelta),
    "rmsprop": (rmsprop, lambda ps: optim.RMSprop(ps, lr=0.1)),
    "adam": (adam, lambda ps: optim.Adam(ps, lr=0.1)),
    "adamw": (adamw, lambda ps: optim.AdamW(ps, lr=0.1, weight_decay=0.2)),
    "nadam": (nadam, lambda ps: optim.NAdam(ps, lr=0.1)),
}
PLAIN: dict[str, Callable[[Any], Any]] = {"plain": lambda ps: optim.SGD(ps, lr=0.1, weight_decay=0.01),
                                          **{name: make for name, (_, make) in METHODS.items()}}  # fmt: skip


def give_gradients(parameters: list[Any], t: int) -> None:
    for p in parameters:
        g = gradient(np.array(p.data), t)
        p.grad = float(g) if isinstance(p, Value) else g


@pytest.mark.parametrize("method", METHODS)
def test_formula(method: str) -> None:
    formula, make = METHODS[method]
    starts = [0.7, -1.3, 2.0]
    tensor, values = Tensor(starts), [Value(x) for x in starts]
    optimiser = make([tensor, *values])
    for t, expected in enumerate(zip(range(10), *[formula(x) for x in starts]), 1):
        give_gradients([tensor, *values], t)
        optimiser.step()
        np.testing.assert_allclose(tensor.data, expected[1:], rtol=1e-12)
        np.testing.assert_allclose([v.data for v in values], expected[1:], rtol=1e-12)


@pytest.mark.parametrize("method", PLAIN)
def test_joining_and_cutting_change_nothing(method: str) -> None:
    """Many small parameters, one larger than a piece, another memory order, a missing gradient: as one by one."""
    rng = np.random.default_rng(0)
    shapes: list[Any] = [(3,), (), (2, 3), (PIECE + 5,), (JOINED // 4, 5)]
    arrays = [rng.normal(size=shape) for shape in shapes] + [np.asfortranarray(rng.normal(size=(3, 4)))]
    arrays += [rng.normal(size=4).astype(np.float32)]
    together, alone = [Tensor(a) for a in arrays], [Tensor(a) for a in arrays]
    fused = PLAIN[method](together)
    single = [PLAIN[method]([p]) for p in alone]
    for t in range(1, 5):
        give_gradients(together, t)
        give_gradients(alone, t)
        if t == 2:
            together[2].grad = alone[2].grad = None
        fused.step()
        for optimiser in single:
            optimiser.step()
        for p, q, array in zip(together, alone, arrays):
            np.testing.assert_array_equal(p.data, q.data)
            assert p.dtype == array.dtype and p.shape == array.shape


@pytest.mark.parametrize("method", PLAIN)
def test_state_resumes_bit_for_bit(method: str) -> None:
    def start() -> list[Any]:
        return [Tensor([0.5, -2.0]), Tensor(1.0), Value(0.3)]

    whole, first = start(), start()
    steady, before = PLAIN[method](whole), PLAIN[method](first)
    for t in range(1, 4):
        for parameters, optimiser in ((whole, steady), (first, before)):
            give_gradients(parameters, t)
            optimiser.step()
    second = start()
    for p, q in zip(second, first):
        p.data = q.data
    after = PLAIN[method](second)
    after.load_state_dict(before.state_dict())
    for t in range(4, 8):
        for parameters, optimiser in ((whole, steady), (second, after)):
            give_gradients(parameters, t)
            optimiser.step()
    assert [np.array(p.data).tolist() for p in whole] == [np.array(p.data).tolist() for p in second]


def rosenbrock(x: Any) -> Any:
    return ((1 - x[:-1]) ** 2).sum() + 100 * ((x[1:] - x[:-1] ** 2) ** 2).sum()


def closure_for(optimiser: Any, loss: Callable[[], Any]) -> Callable[[], Any]:
    def closure() -> Any:
        optimiser.zero_grad()
        value = loss()
        value.backward()
        return value

    return closure


@settings(deadline=None, max_examples=15)
@given(st.lists(st.floats(-2, 2), min_size=2, max_size=5))
def test_lbfgs_finds_a_minimum(start: list[float]) -> None:
    x = Tensor(start)
    optimiser = optim.LBFGS([x], line_search_fn="strong_wolfe", max_iter=100, tolerance_change=1e-16)
    closure = closure_for(optimiser, lambda: rosenbrock(x))
    for _ in range(5):
        optimiser.step(closure)
    closure()
    assert np.abs(x.grad).max() < 1e-4


def test_lbfgs_solves_a_quadratic_of_values_and_resumes() -> None:
    def run(interrupted: bool) -> list[float]:
        values = [Value(3.0), Value(-2.0)]

        def make() -> tuple[Any, Any]:
            optimiser = optim.LBFGS(values, max_iter=2)
            loss = lambda: (values[0] - 1) ** 2 + 3 * (values[1] - values[0]) ** 2
            return optimiser, closure_for(optimiser, loss)

        optimiser, closure = make()
        for i in range(8):
            if interrupted and i == 2:
                state = optimiser.state_dict()
                optimiser, closure = make()
                optimiser.load_state_dict(state)
            optimiser.step(closure)
        return [v.data for v in values]

    assert run(False) == run(True)
    np.testing.assert_allclose(run(False), [1, 1], atol=1e-6)
    with pytest.raises(ValueError, match="closure"):
        optim.LBFGS([Value(1.0)]).step()


def test_groups() -> None:
    a, b = Tensor([1.0]), Tensor([1.0])
    optimiser = optim.SGD([{"params": [a], "lr": 0.5}, {"params": [b]}], lr=0.1)
    a.grad = b.grad = np.ones(1)
    optimiser.step()
    assert a.data[0] == 0.5 and b.data[0] == 0.9
    optimiser.param_groups[1]["lr"] = 1.0
    optimiser.step()
    assert b.data[0] == pytest.approx(-0.1)
    c = Value(1.0)
    optimiser.add_param_group({"params": c, "momentum": 0.9})
    c.grad = 1.0
    optimiser.step()
    assert c.data == 0.9
    optimiser.zero_grad()
    assert a.grad is b.grad is c.grad is None
    assert "3 parameters" in repr(optimiser)


def test_a_step_is_noticed() -> None:
    for make in PLAIN.values():
        for x in (Tensor([2.0]), Value(2.0)):
            loss = x * x
            x.grad = np.ones(1) if isinstance(x, Tensor) else 1.0
            make([x]).step()
            with pytest.raises(ChangedDataError):
                loss.backward()


def test_gradients_are_not_written_to() -> None:
    for make in PLAIN.values():
        x = Tensor(np.arange(4.0))
        g = np.full(4, 2.0)
        x.grad = g
        optimiser = make([x])
        optimiser.step()
        optimiser.step()
        assert x.grad is g and (g == 2).all()


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: optim.SGD([]), ValueError, "empty"),
        (lambda: optim.SGD(Tensor([1.0])), TypeError, "list of Tensors"),
        (lambda: optim.SGD([1.0]), TypeError, "not float"),
        (lambda: optim.SGD([Tensor([1.0]) * 2]), ValueError, "leaf"),
        (lambda: optim.SGD([Value(1.0)], lr=-1), ValueError, "lr must not be negative"),
        (lambda: optim.SGD([Value(1.0)], nesterov=True), ValueError, "nesterov"),
        (lambda: optim.Adam([Value(1.0)], betas=(1.0, 0.9)), ValueError, "betas"),
        (lambda: optim.Adam([{"params": [Value(1.0)], "momentum": 1}]), ValueError, "no setting 'momentum'"),
        (lambda: optim.LBFGS([Tensor([1.0]), Tensor(np.float32([1]))]), ValueError, "one dtype"),
        (lambda: optim.StepLR(None, 3), TypeError, "Optimizer"),
    ],
)  # fmt: skip
def test_refusals(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_twice_the_same_parameter() -> None:
    x = Value(1.0)
    with pytest.raises(ValueError, match="twice"):
        optim.SGD([x, x])


def test_states_that_do_not_fit() -> None:
    adam = optim.Adam([Tensor([1.0, 2.0])])
    adam.param_groups[0]["params"][0].grad = np.ones(2)
    adam.step()
    state = adam.state_dict()
    with pytest.raises(ValueError, match="not one of SGD"):
        optim.SGD([Tensor([1.0, 2.0])]).load_state_dict(state)
    with pytest.raises(ValueError, match=r"'exp_avg' of parameter 0 has shape \(2,\)"):
        optim.Adam([Tensor([1.0])]).load_state_dict(state)
    with pytest.raises(ValueError, match="other groups"):
        optim.Adam([Tensor([1.0]), Value(1.0)]).load_state_dict(state)


def test_clipping() -> None:
    a, b = Tensor([3.0, 0.0]), Value(4.0)
    for norm, expected in ((2, 5.0), (1, 7.0), (math.inf, 4.0)):
        a.grad, b.grad = np.array([3.0, 0.0]), 4.0
        assert optim.clip_grad_norm_([a, b, Value(0.0)], 1.0, norm) == pytest.approx(expected)
        np.testing.assert_allclose([*a.grad, b.grad], np.array([3, 0, 4]) / expected, rtol=1e-5)
    a.grad, b.grad = np.array([0.3, 0.0]), 0.4
    optim.clip_grad_norm_([a, b], 1.0)
    assert b.grad == 0.4
    optim.clip_grad_value_([a, b], 0.2)
    assert a.grad.tolist() == [0.2, 0] and b.grad == 0.2
    b.grad = math.nan
    with pytest.raises(ValueError, match="nan"):
        optim.clip_grad_norm_([b], 1.0, error_if_nonfinite=True)


def test_schedules_in_a_row_and_on_a_plateau() -> None:
    sgd = optim.SGD([Value(0.0)], lr=1.0)
    schedule = optim.SequentialLR(sgd, [optim.LinearLR(sgd, 0.25, total_iters=3), optim.CosineAnnealingLR(sgd, 4)], [3])
    rates = []
    for _ in range(8):
        rates += schedule.get_last_lr()
        schedule.step()
    np.testing.assert_allclose(
        rates, [0.25, 0.5, 0.75, 1, 0.5 + 0.5 * math.sqrt(0.5), 0.5, 0.5 - 0.5 * math.sqrt(0.5), 0], atol=1e-15
    )
    again = optim.SequentialLR(sgd, [optim.LinearLR(sgd, 0.25, total_iters=3), optim.CosineAnnealingLR(sgd, 4)], [3])
    again.load_state_dict(schedule.state_dict())
    assert again.last_epoch == 8 and again.get_last_lr() == schedule.get_last_lr()
    sgd.param_groups[0]["lr"] = 1.0
    plateau = optim.ReduceLROnPlateau(sgd, factor=0.5, patience=1, min_lr=0.3)
    seen = []
    for loss in (1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5):
        plateau.step(loss)
        seen += plateau.get_last_lr()
    assert seen == [1, 1, 1, 0.5, 0.5, 0.3, 0.3]
    with pytest.raises(ValueError, match="made for 2 steps"):
        one = optim.OneCycleLR(sgd, 1.0, 2)
        one.step()
        one.step()


@pytest.mark.parametrize("change", [lambda params: params.pop(), lambda params: params.append(Tensor(1.0))])
def test_a_list_of_parameters_that_was_changed_is_refused(change: Any) -> None:
    """What was taken out would move on, and what was put in would not move."""
    w, b = Tensor(np.ones(3)), Tensor(0.0)
    optimizer = optim.Adam([w, b], lr=0.1)
    change(optimizer.param_groups[0]["params"])
    (np.sum(w) + b).backward()
    with pytest.raises(ValueError, match="add_param_group"):
        optimizer.step()
