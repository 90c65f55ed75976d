"""Every rule of the table goes through the checker; and damaged in turn, each is noticed."""

from __future__ import annotations

import functools
import importlib

import numpy as np
import pytest

import autograd as ag
from autograd import Tensor, Value
from autograd.check import check_gradient
from autograd.functions.register import LATER, rules_in
from autograd.graph import ancestors
from autograd.nn import functional as F
from autograd.node import Node
from autograd.rules import RULES, extremes
from autograd.rules.rule import Elementwise
from tests.autograd.functions.numpy_cases import ARRAYS, CASES, evaluate, leaves_of
from tests.autograd.reference import REFERENCE

# The rules of NumPy's main namespace; those of the others are loaded when they are met, and have tests of their own.
LOADED_LATER = {
    rule.name for modules in LATER.values() for name in modules for rule in rules_in(importlib.import_module(name))
}
TABLE = sorted(set(RULES) - LOADED_LATER)

NO_GRADIENT_OF_THEIR_OWN = {
    "overwritten": "stands in for an array that was written to, and refuses to be differentiated",
    "checkpoint": "runs the function that it wraps again; no formula",
    "share": "the derivative of maximum: piecewise constant, and of arrays without ties boolean",
    "transfer": "moves numbers between libraries: see the tests of other libraries' arrays",
    "truth": "1 or 0 of a condition: piecewise constant",
    "lift": "a Value among Tensors: see test_values_among_tensors",
}

PROGRAMS = {
    # Rules that no NumPy expression of the table records.
    "guarded": lambda x: ag.guarded(x > 0, x, 1.0) * x if hasattr(ag, "guarded") else x,
    "angle": lambda x: np.angle(np.fft.fft(x))[1:2],
    "angle of real": lambda x: np.angle(x) + x,
    "softmax": lambda x: F.softmax(x),
    "log_softmax": lambda x: F.log_softmax(x),
    "modulus": lambda x: np.abs(np.fft.fft(x)),
    "real": lambda x: np.real(np.fft.fft(x)),
    "imag": lambda x: np.imag(np.fft.fft(x)),
    "conj": lambda x: np.real(np.conj(np.fft.fft(x)) * np.fft.fft(x)),
    "np.fft.rfft": lambda x: np.abs(np.fft.rfft(x)),
    "np.fft.irfft": lambda x: np.fft.irfft(np.fft.rfft(x), n=3),
    "np.fft.fftn": lambda x: np.real(np.fft.fftn(x)),
    "np.fft.ifftn": lambda x: np.imag(np.fft.ifftn(x)),
    "astype": lambda x: np.sum(x.astype(np.float32) * x),
    "relu": lambda x: ag.relu(x),
    "step": lambda x: ag.step(x) * x,
}
POINT = np.array([0.5, -1.25, 2.0])


@functools.cache
def recorded() -> dict[str, tuple]:
    """For each rule the smallest program of Tensors that records it: (function, inputs)."""
    found: dict[str, tuple] = {}

    def note(f, xs):
        try:
            y = f(*[Tensor(x) for x in xs])
        except Exception:
            return
        roots = [v for v in (y if isinstance(y, (tuple, list)) else [y]) if isinstance(v, Node)]
        inner = ancestors(*roots)[0] if roots else []
        for node in inner:
            best = found.get(node.rule.name)
            if best is None or len(inner) < best[2]:
                found[node.rule.name] = (f, xs, len(inner))

    with np.errstate(all="ignore"):
        for program in PROGRAMS.values():
            note(program, [POINT])
        for name in REFERENCE:
            note(RULES[name], inside(name, (2,)))
        for expression in CASES:
            names = leaves_of(expression)
            xs = [ARRAYS[n] for n in names]
            if all(x.size and np.isfinite(x).all() for x in xs):
                note(lambda *arrays, e=expression, n=names: evaluate(e, dict(zip(n, arrays, strict=True))), xs)
    return found


def inside(name: str, shape: tuple[int, ...]) -> list:
    """A point of the domain of a scalar rule, away from its kinks."""
    rng, reference = np.random.default_rng(3), REFERENCE[name]
    size = int(np.prod(shape))
    columns = []
    while len(columns) < size:
        point = [rng.uniform(low, high) for low, high in reference.domain]
        if reference.distance(*point) > 1e-2:
            columns.append(point)
    return [np.array(column).reshape(shape) for column in zip(*columns, strict=True)]


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_scalar_rules_on_values(name):
    report = check_gradient(RULES[name], *[float(x) for x in inside(name, ())], order=2, modes=("reverse", "forward"))
    assert report.verdict == "right", str(report)


@pytest.mark.parametrize("expression", CASES)
def test_expressions_on_tensors(expression):
    names = leaves_of(expression)
    xs = [ARRAYS[n] for n in names]
    if not all(np.isfinite(x).all() for x in xs):
        # An input with nan is refused; the expression is checked where the nan is replaced by a number.
        xs = [np.nan_to_num(x, nan=0.35) for x in xs]
    report = check_gradient(lambda *arrays: evaluate(expression, dict(zip(names, arrays, strict=True))), *xs)
    assert report.verdict != "wrong", str(report)


@pytest.mark.parametrize("name", TABLE)
def test_the_rule_is_right(name):
    if name in NO_GRADIENT_OF_THEIR_OWN or is_for_values_alone(name):
        return
    f, xs, _ = recorded()[name]
    report = check_gradient(f, *xs)
    assert report.verdict == "right", str(report)


def is_for_values_alone(name: str) -> bool:
    """Rules of many numbers, which are recorded by Values only: see `test_rules_of_many_values`."""
    return name in VALUES


VALUES = {
    "sum": lambda a, b: ag.sum([a, b, a * b]),
    "dot": lambda a, b: ag.dot([a, b], [b, 2.0], a),
    "logsumexp": lambda a, b: ag.logsumexp([a, b, a * b]),
    "max": lambda a, b: extremes.largest(a, b, a * b),
    "min": lambda a, b: extremes.smallest(a, b, a * b),
}


@pytest.mark.parametrize("name", sorted(VALUES))
def test_rules_of_many_values(name):
    y = VALUES[name](Value(0.5), Value(-1.5))
    assert name in {node.rule.name for node in ancestors(y)[0]}
    assert check_gradient(VALUES[name], 0.5, -1.5, order=2, modes=("reverse", "forward"))


def damage_sign(cs, inputs):
    return [None if c is None else -c if np.any(np.asarray(c)) else np.asarray(c) + 1.0 for c in cs]


def damage_factor(cs, inputs):
    return [None if c is None else c * 1.001 if np.any(np.asarray(c)) else np.asarray(c) + 0.001 for c in cs]


def damage_dropped_term(cs, inputs):
    """One entry is forgotten (or, where it is zero anyway, invented)."""
    out = []
    for c in cs:
        c = np.array(c)
        at = np.unravel_index(np.argmax(np.abs(c)), c.shape)
        c[at] = 0.0 if np.any(c) else 1.0
        out.append(c)
    return out


def damage_swapped(cs, inputs):
    return cs[::-1]


def damage_unbroadcast(cs, inputs):
    """Of what is to be summed over a broadcast axis, only the first slice is kept."""
    return [c[:1] if np.shape(c) != np.shape(x) else c for c, x in zip(cs, inputs, strict=True)]


def mutate(monkeypatch, name, damage):
    rule = RULES[name]
    right = rule.vjp

    def wrong(g, y, inputs, wanted, static):
        return damage(list(right(g, y, inputs, wanted, static)), [inputs[i] for i in wanted])

    monkeypatch.setattr(rule, "vjp", wrong)
    monkeypatch.setattr(rule, "pull_arrays", None)


@pytest.mark.parametrize("damage", [damage_sign, damage_factor, damage_dropped_term], ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", TABLE)
def test_damage_is_noticed(name, damage, monkeypatch):
    if name in NO_GRADIENT_OF_THEIR_OWN or is_for_values_alone(name):
        return
    f, xs, _ = recorded()[name]
    mutate(monkeypatch, name, damage)
    report = check_gradient(f, *xs)
    assert report.verdict == "wrong", f"{name} with {damage.__name__} passes"


def test_values_among_tensors():
    def program(a, x):
        return a * x + a

    assert "lift" in {node.rule.name for node in ancestors(program(Value(0.5), Tensor(POINT)))[0]}
    assert check_gradient(program, 0.5, POINT, order=2, modes=("reverse", "forward"))


BINARY = sorted(
    n
    for n, r in RULES.items()
    if isinstance(r, Elementwise) and len(r.partials) == 2 and n in REFERENCE and n != "share"
)


@pytest.mark.parametrize("name", BINARY)
def test_swapped_inputs_are_noticed(name, monkeypatch):
    xs = inside(name, (3,))
    right = check_gradient(RULES[name], *xs)
    assert right.verdict == "right", str(right)
    with np.errstate(all="ignore"):
        _, back = ag.vjp(RULES[name], *xs)
        one, other = back(np.ones(3))
    mutate(monkeypatch, name, damage_swapped)
    same = np.allclose(one, other)  # addition: both are 1, and swapping is no damage
    assert (check_gradient(RULES[name], *xs).verdict == "right") == same


@pytest.mark.parametrize("name", BINARY)
def test_a_missing_unbroadcast_is_noticed(name, monkeypatch):
    a, b = inside(name, (2, 3))
    f, xs = RULES[name], [a, b[:1]]
    if not np.any(ag.vjp(f, *xs)[1](np.ones((2, 3)))[1]):
        return  # a derivative of zero has no sum to forget
    assert check_gradient(f, *xs).verdict == "right"
    mutate(monkeypatch, name, damage_unbroadcast)
    assert check_gradient(f, *xs).verdict == "wrong"


def test_every_rule_has_a_program():
    missing = set(TABLE) - set(recorded()) - set(NO_GRADIENT_OF_THEIR_OWN) - set(VALUES)
    assert not missing, (
        f"add a program to PROGRAMS, or an expression to the NumPy cases, that records {sorted(missing)}"
    )
