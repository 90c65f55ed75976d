"""Right gradients of ordinary formulas are not accused, at inputs down to 1e-16 and over the named domains.

A part of ``python -m benchmarks.check_corpus.survey``, which goes over every formula, magnitude and domain: here
each formula is met at some magnitudes and over one domain, and each magnitude and domain by some formulas.
"""

import itertools

import numpy as np
import pytest

from autograd.check import check_for_all, check_gradient, check_vjp
from autograd.check.strategies import NAMED
from benchmarks.check_corpus.formulas import FORMULAS
from benchmarks.check_corpus.survey import points

DOMAINS = [*NAMED, "nonzero", "log", "signed log"]


def test_the_survey_is_large_enough():
    assert len(FORMULAS) >= 60


def some(formula, step):
    """Every so many points of a formula; the first goes on from formula to formula, so that all magnitudes are met."""
    return itertools.islice(points(formula), FORMULAS.index(formula) % step, None, step)


def test_the_points_cover_all_magnitudes_and_signs():
    for step in (7, 16):
        met = {(round(np.log10(abs(x[0]))), np.sign(x[0])) for formula in FORMULAS for x in some(formula, step)}
        assert met == {(-k, sign) for k in range(17) for sign in (1, -1)}


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
def test_the_exact_gradient_is_right_at_every_magnitude(formula):
    verdicts = []
    for x in some(formula, 7):
        report = check_vjp(formula.value, formula.vjp, x)
        assert report.verdict != "wrong", f"at {x}: {report}"
        verdicts.append(report.verdict)
    assert verdicts.count("right") >= len(verdicts) - 1


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
def test_the_engines_gradient_is_not_accused(formula):
    for x in some(formula, 16):
        report = check_gradient(formula.value, x)
        assert report.verdict != "wrong", f"at {x}: {report}"


@pytest.mark.parametrize("k, formula", list(enumerate(FORMULAS)), ids=lambda f: getattr(f, "name", ""))
def test_the_engines_gradient_is_not_accused_over_domains(k, formula):
    domain = DOMAINS[k % len(DOMAINS)]
    shape = (formula.size,) if formula.size else (1,)
    report = check_for_all(formula.value, domain, shape=shape, max_examples=4, seed=k)
    assert report.verdict != "wrong", f"over {domain!r}: {report}"


@pytest.mark.parametrize("exponent", [-2, -5, -7, -8, -9, -12])
def test_wrong_gradients_of_such_formulas_are_still_caught(exponent):
    x = np.array([10.0**exponent])
    wrong = {
        "half": (lambda x: np.log(1 + x * x), lambda g, x: g * x / (1 + x * x)),
        "zero": (lambda x: 1 - np.cos(x), lambda g, x: 0 * x),
        "sign": (lambda x: np.log(np.cosh(x)), lambda g, x: -g * np.tanh(x)),
        "2 %": (lambda x: x * np.log(1 + x), lambda g, x: g * 1.02 * (np.log1p(x) + x / (1 + x))),
    }
    for name, (f, vjp) in wrong.items():
        report = check_vjp(f, vjp, x)
        assert report.verdict == "wrong" and report.worst.proven, f"{name}: {report}"
        assert "proved" in str(report)


def test_a_claim_that_cancels_by_percents_is_wrong_and_one_that_loses_digits_is_right():
    def claim(g, x):
        return g * (1 - np.cos(x))

    assert check_vjp(lambda x: x - np.sin(x), claim, np.array([1e-4])).verdict == "right"
    assert check_vjp(lambda x: x - np.sin(x), claim, np.array([1.3e-8])).verdict == "wrong"


def test_without_a_court_nobody_is_accused_for_a_few_grains(monkeypatch):
    from autograd.check import court

    monkeypatch.setattr(court.HighCourt, "rule", lambda self, d: None)
    monkeypatch.setattr(court.LongCourt, "rule", lambda self, d, reach, floor: None)
    for f, slope in (
        (lambda x: np.log(1 + x * x), lambda x: 2 * x / (1 + x * x)),
        (lambda x: 1 - np.cos(x), np.sin),
        (lambda x: np.exp(x) - 1 - x, np.expm1),
        (lambda x: np.sqrt(1 + x) - 1, lambda x: 0.5 / np.sqrt(1 + x)),
    ):
        for k in range(0, 17, 2):
            report = check_vjp(f, lambda g, x, slope=slope: g * slope(x), np.array([10.0**-k]))
            assert report.verdict != "wrong", str(report)
    half = [lambda x: np.log(1 + x * x), lambda g, x: g * x]
    assert check_vjp(*half, np.array([1e-8])).verdict == "undecided"
    report = check_vjp(*half, np.array([0.5]))
    assert report.verdict == "wrong" and not report.worst.court
