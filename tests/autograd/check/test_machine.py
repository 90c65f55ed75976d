"""The stateful test of the engine: it passes, takes operations of the user, and notices a wrong one."""

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from autograd.check import GraphMachine
from autograd.rules import RULES

FOUND = [Phase.generate]  # that it is found is the point here; making it small takes a minute
FEW = settings(max_examples=25, stateful_step_count=15, deadline=None, database=None)


class WithCube(GraphMachine):
    operations = {**GraphMachine.operations, "cube": (lambda t: t * t * t, lambda x: x**3, 1)}


TestGraphs = WithCube.TestCase
TestGraphs.settings = FEW


def test_a_wrong_rule_is_noticed(monkeypatch):
    rule = RULES["mul"]
    right = rule.vjp
    monkeypatch.setattr(rule, "vjp", lambda *args: [1.1 * c for c in right(*args)])
    monkeypatch.setattr(rule, "pull_arrays", None)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(GraphMachine, settings=settings(FEW, max_examples=200, phases=FOUND))


def test_an_operation_that_differs_from_its_replay_is_noticed():
    class Wrong(GraphMachine):
        operations = {"sin": (np.sin, lambda x: np.sin(x) * 1.01, 1)}

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Wrong, settings=settings(FEW, phases=FOUND))
