"""Tensors of another library's arrays, which speak NumPy's protocols and refuse to become NumPy's."""

from __future__ import annotations

import warnings
from typing import Any, Iterator

import numpy as np
import pytest

from autograd import NoRuleError, Tensor
from autograd.nn import functional as F
from tests.autograd.functions.numpy_cases import ARRAYS, CASES, evaluate, leaves_of
from tests.autograd.tensor.strict_array import StrictArray, opened


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """NumPy warns of what some cases are about: empty slices, all-nan rows."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


REFUSED: set[str] = set()


def both(expression: str) -> tuple[Any, Any]:
    found = []
    for kind in (np.array, StrictArray):
        leaves = {name: Tensor(kind(ARRAYS[name])) for name in leaves_of(expression)}
        y = evaluate(expression, leaves)
        weights = kind(np.random.default_rng(3).uniform(0.5, 1.5, y.shape))
        y.backward(weights)
        found.append((y._data, [leaf.grad for leaf in leaves.values()]))
    return found[0], found[1]


@pytest.mark.parametrize("expression", CASES)
def test_the_table_works_on_them_or_refuses_by_name(expression: str) -> None:
    try:
        (y, gradients), (other, others) = both(expression)
    except NoRuleError as error:
        assert "StrictArray" in str(error), error
        return
    assert isinstance(other, StrictArray)
    np.testing.assert_allclose(opened(other), y, rtol=1e-12, atol=1e-13)
    for wanted, found in zip(gradients, others):
        assert found is None or isinstance(found, StrictArray)
        np.testing.assert_allclose(opened(found), wanted, rtol=1e-10, atol=1e-12) if wanted is not None else None


def test_count():
    import collections

    c = collections.Counter()
    why = collections.Counter()
    for e in CASES:
        try:
            both(e)
            c["ok"] += 1
        except NoRuleError as error:
            c["no"] += 1
            why[str(error)[:150]] += 1
            print(e, "::", str(error)[:170])
    print(c)
