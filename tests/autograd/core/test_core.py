"""Which core computes, and that the compiled one keeps what Python alone promises."""

from __future__ import annotations

import copy
import inspect
import math
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

import autograd
from autograd import Composite, Elementwise, General, Value, core, detect_anomaly, exp, jvp, no_grad, register, square
from autograd.rules.table import RULES

ROOT = Path(__file__).parents[3]
compiled_only = pytest.mark.skipif(core.compiled is None, reason="of the compiled core")


def run_alone(script: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_the_environment_switches_it_off() -> None:
    ask = "import autograd.core as c; print(c.name, c.compiled is None)"
    assert run_alone(ask, GRADGRAPH_PURE="1") == "pure True"
    here = f"{core.name} {core.compiled is None}"
    if core.compiled is not None:
        assert run_alone(ask, GRADGRAPH_PURE="0") == run_alone(ask, GRADGRAPH_PURE="") == here


@compiled_only
def test_a_core_of_another_version_is_not_used() -> None:
    script = """if True:
        import sys, types, warnings
        sys.modules["autograd._core"] = types.SimpleNamespace(INTERFACE=-1)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            import autograd.core
        print(autograd.core.name, "install the package again" in str(caught[0].message))
    """
    assert run_alone(script, GRADGRAPH_PURE="") == "pure True"


@compiled_only
def test_another_interpreter_of_the_process_computes_by_python_alone() -> None:
    """Or not at all, where it may not load NumPy."""
    pytest.importorskip("_testcapi")
    script = """if True:
        import sys, _testcapi, autograd.core
        assert autograd.core.name == "compiled"
        before = autograd.Value(2.0)
        code = '''if True:
            import sys, types
            sys.path[:] = %r
            import importlib
            try:
                importlib.import_module("autograd._core")
                outcome = "loaded"
            except ImportError as error:
                outcome = "refused"
            print(outcome, flush=True)
        ''' % sys.path
        package = "import sys, types; m = types.ModuleType('autograd'); m.__path__ = %r; sys.modules['autograd'] = m\\n"
        _testcapi.run_in_subinterp(package % list(autograd.__path__) + "if True:\\n" + code.split("\\n", 1)[1])
        (before * before).backward()
        print(before.grad, flush=True)
    """
    assert run_alone(script).split() == ["refused", "4.0"]


def test_a_program_has_more_than_256_rules() -> None:
    rules = [
        Elementwise(f"times_{i}", lambda x, i=i: i * x, lambda x, i=i: i * x, lambda y, x, i=i: i) for i in range(300)
    ]
    many = [Composite(f"many_{i}", lambda x, i=i: exp(x) * i + square(x)) for i in range(300)]
    x = Value(0.5)
    y = autograd.sum([f(x) for f in (*rules, *many)])
    y.backward()
    total = sum(range(300))
    assert x.grad == pytest.approx(total + total * math.exp(0.5) + 300 * 1.0)


def test_a_formula_that_is_too_long_for_the_core_is_pulled_by_python() -> None:
    def long(x: Any) -> Any:
        for i in range(60):
            x = square(x) * (i + 0.5) / (i + 0.25) - i
        return x

    def deep(x: Any) -> Any:
        y = x
        for i in range(40):
            y = (i + 1.0) * exp(0 * x) + 1 / y
        return y

    for f in (long, deep):
        rule = Composite("wide", f)
        x, z = Value(0.01), Value(0.01)
        rule(x).backward()
        f(z).backward()
        assert rule(x).data == f(z).data
        assert x.grad == pytest.approx(z.grad) or not math.isfinite(z.grad)


def test_threads_walk_graphs_of_their_own_and_a_shared_one() -> None:
    slow = Elementwise("slow", lambda x: x, lambda x: x, lambda y, x: 1.0 if x > -math.inf else 0.0)  # pulled in Python
    shared, failures = Value(1.0), []
    passes, threads = 40, 4

    def work() -> None:
        try:
            for _pass in range(passes):
                x = Value(0.5)
                y = x
                for _ in range(50):
                    y = (y * 0.5 + slow(x)).tanh()
                y.backward()
                expected = x.grad
                again = Value(0.5)
                z = again
                for _ in range(50):
                    z = (z * 0.5 + slow(again)).tanh()
                z.backward()
                assert again.grad == expected
                (slow(shared) * 3.0).backward()
        except BaseException as error:
            failures.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        running = [threading.Thread(target=work) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not failures
    assert shared.grad == 3.0 * passes * threads


def test_a_rule_may_walk_graphs_itself() -> None:
    """Within a walk: over Values of its own, and over a leaf that both have."""
    leaf = Value(3.0)

    def inner(v: float) -> float:
        x = Value(v)
        (x * x * leaf).backward()
        assert isinstance(x.grad, float)
        return x.grad

    rule = General("inner", lambda x: x, lambda g, y, x: (g * inner(x),))
    x = Value(0.5)
    y = x * 2.0 + leaf
    z = Value(y.data)
    z._origin = (rule, y)
    (z * leaf).backward()
    assert x.grad == 2.0 * 3.0 * (2 * 4.0 * 3.0)
    assert leaf.grad == 4.0 + 3.0 * (2 * 4.0 * 3.0) + 16.0


def test_gradients_of_any_kind_are_added_to() -> None:
    import numpy as np

    for given, expected in ((0, 3.0), (True, 4.0), (np.float32(2), 5.0), (10**400, OverflowError), ("g", TypeError)):
        x = Value(2.0)
        x.grad = given
        assert x.grad is given or x.grad == given
        y = x * 3.0
        if isinstance(expected, float):
            y.backward()
            assert float(x.grad) == expected
        else:
            with pytest.raises(expected):
                y.backward()
            assert x.grad == given and y.grad is None
    x = Value(2.0)
    (x * x).backward(create_graph=True)
    recorded = x.grad
    (x * 1.0).backward()
    assert isinstance(x.grad, Value) and x.grad.rule is RULES["add"] and x.grad.inputs == (1.0, recorded)
    x.grad = None


def test_one_node_many_times_and_nodes_far_apart_in_time() -> None:
    """The walk's order is that of the clock, whatever lies between two nodes."""
    x = Value(1.5)
    old = [x * float(i) for i in range(5)]
    for _ in range(50_000):
        Value(0.0)
    middle = [a * b for a, b in zip(old, reversed(old))]
    for _ in range(200_000):
        Value(0.0)
    y = sum(middle, old[3]) * old[1]
    y.backward()
    weights = sum(i * (4 - i) for i in range(5))
    assert x.grad == pytest.approx(3 * weights * 1.5**2 + 2 * 3 * 1.5)


@pytest.mark.parametrize("old_first", [False, True])
def test_a_consumer_far_back_in_time_is_walked_before_what_it_was_made_from(old_first: bool) -> None:
    """Also where the walk comes upon the older of the two by a way on which it has met many nodes."""
    x = Value(3.0)
    oldest = x * 0.5
    old = oldest * 2.0
    for _ in range(140_000):  # more places than a walk keeps for the next one
        core.tick()
    chain = oldest * 1.0
    for _ in range(5_000):
        chain = chain * 1.0
    y = old + chain if old_first else chain + old
    for times in (1, 2):
        y.backward()
        assert (x.grad, oldest.grad, old.grad) == (times * 1.5, 3.0, 1.0)


@hypothesis.given(st.data())
@hypothesis.settings(max_examples=30, deadline=None)
def test_nodes_at_any_distances_in_time(data: st.DataObject) -> None:
    """A linear program with whole numbers, whose gradients are exact, against a sum over its nodes in order."""
    x = Value(1.0)
    nodes, inputs = [x], [()]
    for _ in range(data.draw(st.integers(1, 12))):
        for _ in range(data.draw(st.sampled_from([0, 10, 300, 5_000, 150_000]))):
            core.tick()
        a, b = (data.draw(st.integers(0, len(nodes) - 1)) for _ in range(2))
        nodes.append(nodes[a] + nodes[b])
        inputs.append((a, b))
        for _ in range(data.draw(st.sampled_from([0, 100, 3_000]))):
            nodes.append(nodes[-1] * 1.0)
            inputs.append((len(nodes) - 2,))
    wanted = [0.0] * (len(nodes) - 1) + [1.0]
    for i in reversed(range(len(nodes))):
        for k in inputs[i]:
            wanted[k] += wanted[i]
    nodes[-1].backward()
    assert [node.grad or 0.0 for node in nodes] == wanted


def test_copies_pickles_modes_and_tangents() -> None:
    x = Value(0.5, label="x")
    x.grad = 2.0
    for twin in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert type(twin) is Value and (twin.data, twin.grad, twin.label) == (0.5, 2.0, "x") and twin is not x
    with pytest.raises(TypeError, match="history"):
        copy.copy(x * x)
    with no_grad():
        assert (x * x).inputs == x.tanh().inputs == autograd.dot([x], [x]).inputs == ()
    with detect_anomaly(), pytest.raises(autograd.AnomalyError, match="log"):
        (x - 0.5).log()
    assert jvp(lambda v: v.tanh() * 2, (0.5,), (1.0,))[1] == 2 * (1 - math.tanh(0.5) ** 2)


def test_rules_registered_under_a_name_again_are_the_new_ones() -> None:
    for factor in (2.0, 3.0):
        scaled = Elementwise("scaled_again", lambda x, f=factor: f * x, lambda x: x, lambda y, x, f=factor: f)
        register(scaled)
        x = Value(1.0)
        y = x.scaled_again()
        y.backward()
        assert y.data == x.grad == factor
    del RULES["scaled_again"], Value.scaled_again


def test_methods_are_bound_and_take_what_rules_take() -> None:
    x = Value(-1.0)
    bound = x.leaky_relu
    assert bound().data == -0.01 and bound(0.5).data == -0.5 and x.maximum(2).data == 2.0
    assert list(map(Value.tanh, [x]))[0].data == math.tanh(-1.0)
    with pytest.raises(TypeError):
        x.tanh(1.0, 2.0)
    with pytest.raises(TypeError):
        x.tanh(wrong=1)
    assert (Value.tanh.__name__, Value.tanh.__doc__) == ("tanh", RULES["tanh"].doc)
    shown = [list(inspect.signature(method).parameters) for method in (x.tanh, x.maximum)]  # what help shows
    assert shown == [[], ["others"]]


def test_attributes_hold_what_they_did() -> None:
    x = Value(1)
    x.label = 5
    assert x.label == 5 and x.grad is None and x._origin == ()
    x.label = "name"
    y = x * 2
    assert y.label == "" and y._origin == (RULES["mul"], x, 2.0) and y._time > x._time
    with pytest.raises(AttributeError):
        del x.grad, x.grad
    assert hash(x) == object.__hash__(x) and x in {x} and pow(x, 2).data == 1.0
    with pytest.raises(TypeError):
        pow(x, 2, 3)
