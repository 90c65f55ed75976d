"""The corpus of planted bugs and tricky gradients: every bug is caught within ten draws, no right one is accused."""

import numpy as np
import pytest

from autograd.check import check_vjp
from benchmarks.check_corpus.bugs import corpus as bugs
from benchmarks.check_corpus.rights import corpus as rights


@pytest.mark.parametrize("case", bugs.cases, ids=lambda c: c.name)
def test_the_bug_is_caught(case):
    f, vjp = case.pair()
    rng = np.random.default_rng()
    assert any(check_vjp(f, vjp, *case.sample(rng)).verdict == "wrong" for _ in range(10))


@pytest.mark.parametrize("case", rights.cases, ids=lambda c: c.name)
def test_no_false_alarm(case):
    f, vjp = case.pair()
    rng = np.random.default_rng()
    for _ in range(2):
        report = check_vjp(f, vjp, *case.sample(rng))
        assert report.verdict != "wrong", str(report)


@pytest.mark.parametrize(
    "name, shows", [("relu: slope 1 below zero", lambda x: x < 0), ("sin: wrong beyond 5", lambda x: x > 5)]
)
def test_a_bug_in_a_region_is_caught_at_once_where_the_point_lies_in_it(name, shows):
    """One draw may miss the region, and there the gradient is right: every eighth does, and every third."""
    case = next(c for c in bugs.cases if c.name == name)
    rng = np.random.default_rng()
    for _ in range(20):
        (x,) = case.sample(rng)
        f, vjp = case.pair()
        assert check_vjp(f, vjp, x).verdict == ("wrong" if shows(x).any() else "right")


def test_the_corpus_is_large_enough():
    assert len(bugs.cases) >= 100 and len(rights.cases) >= 60
