"""The switches: recording off, and a watch for nan and inf; both per thread, and over with their block."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import AnomalyError, Tensor, Value, detect_anomaly, no_grad

LAYERS = pytest.mark.parametrize("variable", [Value, Tensor], ids=["Value", "Tensor"])
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@LAYERS
def test_no_grad_records_nothing(variable: Any) -> None:
    x = variable(3.0)
    with no_grad():
        y, z = x * x, autograd.dot([x], [x])
        with no_grad():
            pass
        w = x.exp()
    assert y.inputs == z.inputs == w.inputs == () and y.data == z.data == 9.0
    assert (x * x).inputs == (x, x)


@LAYERS
def test_no_grad_ends_with_an_exception(variable: Any) -> None:
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert (variable(1.0) + 1).inputs


@LAYERS
def test_a_derivative_is_recorded_within_no_grad(variable: Any) -> None:
    with no_grad():
        slope = autograd.grad(lambda x: x * x)(variable(3.0))
        assert (variable(1.0) + 1).inputs == ()
    assert slope.data == 6.0 and slope.inputs == ()


@LAYERS
def test_modes_belong_to_one_thread(variable: Any) -> None:
    x, seen = variable(3.0), []
    with no_grad(), detect_anomaly():
        thread = threading.Thread(target=lambda: seen.append(((x * x).inputs, (x * 0.0).log().data)))
        thread.start()
        thread.join()
    assert seen == [((x, x), -np.inf)]


@LAYERS
def test_detect_anomaly_names_operation_and_line(variable: Any) -> None:
    x = variable(0.0)
    with detect_anomaly():
        (x + 1).log()
        with pytest.raises(AnomalyError, match=r"log\(0(\.0)?\) gave -inf at .*test_modes.py:\d+"):
            x.log()
    assert x.log().data == -np.inf  # the watch ends with its block


@LAYERS
def test_detect_anomaly_watches_the_backward_pass(variable: Any) -> None:
    x = variable(0.0)
    with detect_anomaly():
        y = x.sqrt()
        with pytest.raises(AnomalyError, match=r"backward pass of √\(0(\.0)?\) made inf out of 1"):
            y.backward()


@LAYERS
def test_detect_anomaly_sees_a_dot(variable: Any) -> None:
    with detect_anomaly(), pytest.raises(AnomalyError, match="inf"):
        autograd.dot([variable(1e300)], [variable(1e300)])


@LAYERS
def test_detect_anomaly_watches_inside_a_transform(variable: Any) -> None:
    with detect_anomaly(), pytest.raises(AnomalyError, match="log"):
        autograd.grad(lambda x: (x - 1.0).log())(variable(1.0))
