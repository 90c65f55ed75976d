"""SGD, Adagrad, Adam and their kin (`sgd.py`, `adagrad.py`, `adam.py`): each against its published formula."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Tensor, Value
from tests.autograd.optim.formulas import METHODS, give_gradients


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
