"""`check_gradient`: the engine's own programs, both modes, second order, and the node that goes wrong."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import Elementwise, Symbol, Tensor, Value, core
from autograd.check import check_for_all, check_gradient, check_nodes, programs
from autograd.rules import RULES, bytecode, code
from autograd.rules.expressions import parts

BOTH = ("reverse", "forward")
# Nearer to 0 the slopes of atan2, which are 1/x, leave the range of floats on their way back: inf − inf.
NUMBERS = st.floats(-2, 2).filter(lambda x: x == 0 or abs(x) > 1e-100)


def test_value_and_tensor_programs_in_both_modes_to_second_order():
    assert check_gradient(lambda a, b: (a * b).tanh() + a.relu(), 0.5, -2.0, order=2, modes=BOTH)
    x, w = np.random.default_rng(0).normal(size=(3, 4)), np.random.default_rng(1).normal(size=(4, 2))
    assert check_gradient(lambda x, w: np.tanh(x @ w), x, w, order=2, modes=BOTH)
    assert check_gradient(lambda x: np.sum(np.sin(x) * x), np.array([1.0, 2.0, 3.0]), order=3)


def test_values_and_tensors_as_points_and_tuples_as_outputs():
    assert check_gradient(lambda a: a.exp(), Value(0.3))
    assert check_gradient(lambda t: np.exp(t), Tensor([0.3, 1.0]))
    assert check_gradient(lambda x, y: (x * y, np.sum(y)), np.ones(3), np.arange(3.0))


def test_float32_and_kinks():
    assert check_gradient(lambda x: np.sin(x), np.array([1.0, 0.0], np.float32))
    assert check_gradient(lambda a: a.relu(), 0.0)
    assert check_gradient(lambda x: np.max(x), np.array([1.0, 1.0, 0.0]))


def damaged(monkeypatch, name, change):
    """The rule `name` with its cotangents changed; compiled forms of the rule out of the way."""
    rule = RULES[name]
    right = rule.vjp
    monkeypatch.setattr(rule, "vjp", lambda g, y, inputs, wanted, static: change(right(g, y, inputs, wanted, static)))
    monkeypatch.setattr(rule, "pull_arrays", None)


def test_the_first_wrong_node_is_found(monkeypatch):
    damaged(monkeypatch, "sin", lambda cs: [1.01 * c for c in cs])
    report = check_gradient(lambda x: np.exp(np.tanh(np.sin(x * 2))), np.array([1.0, 2.0]))
    assert report.verdict == "wrong" and "'sin'" in report.cause
    assert [n.report.verdict for n in report.nodes] == ["right", "wrong"]
    assert report.nodes[-1].node.rule is RULES["sin"]


# What pulls a Value's gradient: Python's function where Python alone computes, bytecode with the compiled core.
PULLED_BY_PYTHON = ["tanh", "mul", "silu", "dot", "sum", "logsumexp"] if core.compiled is None else ["logsumexp"]


@pytest.mark.parametrize("name", PULLED_BY_PYTHON)
def test_the_compiled_pull_of_values_is_what_is_checked(name, monkeypatch):
    """A rule's pull is damaged, and nothing else: its formula, and every other way of asking it, stays right."""
    rule = RULES[name]
    right = rule.pull

    def wrong(node):
        right(node)
        for x in node.inputs:
            if isinstance(x, Value):
                x.grad += 100.0

    programs = {
        "dot": lambda a, b: ag.dot([a, b], [b, 2.0], a), "sum": lambda a, b: ag.sum([a, b, a]),
        "logsumexp": lambda a, b: ag.logsumexp([a, b]), "mul": lambda a, b: a * b,
    }  # fmt: skip
    program = programs.get(name, lambda a, b: rule(a * 1.5) + b)
    assert check_gradient(program, 0.5, -1.25)
    monkeypatch.setattr(rule, "pull", wrong)
    report = check_gradient(program, 0.5, -1.25)
    assert report.verdict == "wrong" and f"'{name}'" in report.cause


@pytest.mark.skipif(core.compiled is None, reason="Python alone reads no bytecode")
@pytest.mark.parametrize("name", ["tanh", "mul", "silu"])
def test_the_bytecode_of_values_is_what_is_checked(name, monkeypatch):
    """The bytecode of a rule's derivative is damaged, and nothing else."""
    right = RULES[name]
    count = len(right.partials)
    program = (lambda rule: lambda a, b: rule(a * 1.5) + b) if count == 1 else (lambda rule: lambda a, b: rule(a, b))
    twin = Elementwise("twin", right.scalar, right.compute, *right.partials)
    assert check_gradient(program(twin), 0.5, -1.25)
    read = bytecode._read

    def wrong(reader, trees):
        derivative = any(code.COTANGENT in parts(tree) for tree in trees if isinstance(tree, Symbol))
        return read(reader, [1.01 * tree for tree in trees] if derivative else trees)

    monkeypatch.setattr(bytecode, "_read", wrong)
    bent = Elementwise("bent", right.scalar, right.compute, *right.partials)
    report = check_gradient(program(bent), 0.5, -1.25)
    assert report.verdict == "wrong" and "'bent'" in report.cause


def test_the_other_ways_of_asking_a_rule_are_held_to_backward(monkeypatch):
    """The walk over Values takes the compiled pull, which stays right; a recorded pass takes the rule's vjp."""
    rule = RULES["tanh"]
    right = rule.vjp
    monkeypatch.setattr(rule, "vjp", lambda *args: [2 * c for c in right(*args)])
    report = check_gradient(lambda a: a.tanh(), 0.5)
    assert report.verdict == "wrong" and "by backward() and" in str(report)


def test_the_compiled_pull_of_tensors_is_what_is_checked(monkeypatch):
    rule = RULES["tanh"]
    right = rule.pull_arrays
    monkeypatch.setattr(rule, "pull_arrays", lambda node, g, cotangents, give: right(node, 3 * g, cotangents, give))
    report = check_gradient(lambda x: np.tanh(x), np.array([0.5, 1.0]))
    assert report.verdict == "wrong" and "'tanh'" in report.cause


def test_the_way_between_the_layers_is_checked(monkeypatch):
    from autograd.tensor.operands import lift

    monkeypatch.setattr(lift, "vjp", lambda g, y, inputs, wanted, static: [2 * g for _ in wanted])
    assert check_gradient(lambda a, x: np.sum(a * x), 0.5, np.array([1.0, 2.0])).verdict == "wrong"


def test_nodes_of_a_right_program_are_all_right():
    nodes = check_nodes(lambda a, b: (a * b + a).tanh(), 0.5, 2.0)
    assert [n.name for n in nodes] == ["mul", "add", "tanh"] and all(n.report for n in nodes)


def test_forward_against_reverse(monkeypatch):
    rule = RULES["tanh"]
    right = rule.jvp
    monkeypatch.setattr(rule, "jvp", lambda *args: 1.5 * right(*args))
    report = check_gradient(lambda x: np.tanh(x), np.array([0.5, 1.0]), modes=BOTH)
    assert report.verdict == "wrong" and "⟨v, J u⟩" in str(report)
    assert check_gradient(lambda x: np.tanh(x), np.array([0.5, 1.0])).verdict == "right"


def test_whole_domains():
    assert check_for_all(lambda x: np.sum(x * np.tanh(x)), max_examples=60)
    assert check_for_all(lambda a, b: a * b.tanh(), "real", (-2, 2), max_examples=60)
    assert check_for_all(lambda x: ag.log(x), "positive", order=2, modes=BOTH, max_examples=20)


@settings(max_examples=25, deadline=None)
@given(programs(), NUMBERS, NUMBERS)
def test_random_programs_of_values(program, a, b):
    assert check_gradient(program, a, b).verdict != "wrong", f"{program}\n{a!r}, {b!r}"


@settings(max_examples=15, deadline=None)
@given(programs(inputs=2, max_lines=4), st.lists(NUMBERS, min_size=3, max_size=3))
def test_random_programs_of_tensors(program, numbers):
    x = np.array(numbers)
    assert check_gradient(program, x, np.array(0.7)).verdict != "wrong", f"{program}\n{x!r}"


def test_a_program_prints_itself():
    from autograd.check.random_programs import Program

    program = Program(1, (("exp", (0,)), ("mul", (0, 1))))
    space = {name: getattr(ag, name) for name in ("exp", "tanh", "mul")}
    exec(str(program), space)
    assert space["program"](0.3) == pytest.approx(program(0.3))
    with pytest.raises(TypeError, match="takes 1 input"):
        program(1.0, 2.0)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: check_gradient(np.sin, np.ones(2), modes="sideways"), ValueError, "'reverse' and 'forward'"),
        (lambda: check_gradient(np.sin, np.ones(2), order=0), ValueError, "order"),
        (lambda: check_gradient(3.0, np.ones(2)), TypeError, "must be a function"),
        (lambda: check_gradient(np.sin, np.array([1, 2])), TypeError, "dtype int64"),
        (lambda: check_gradient(np.sin, np.ones(100), modes="forward"), ValueError, "64"),
    ],
)
def test_bad_use_gets_a_clear_error(call, error, words):
    with pytest.raises(error, match=words):
        call()


@dataclasses.dataclass
class Layer:
    weight: object
    bias: object
    width: int = 2


def test_containers_of_values_and_tensors_as_arguments():
    layer = Layer(np.array([1.0, 2.0]), 0.5)
    report = check_gradient(lambda v: {"y": v.weight * v.bias, "z": [v.bias * v.width]}, layer, order=2, modes=BOTH)
    assert report.verdict == "right" and {e.name for e in report.entries} >= {"reverse: input 0.bias"}
    assert check_gradient(lambda p, a: (p["a"] * a).tanh() + p["b"][0], {"a": Value(0.3), "b": (1.5,)}, 2.0)


def test_the_leaf_of_a_container_that_is_wrong_is_named(monkeypatch):
    damaged(monkeypatch, "sin", lambda cs: [1.01 * c for c in cs])
    report = check_gradient(lambda p: np.sum(np.sin(p["w"]) * p["k"]), {"w": np.ones(2), "k": 3})
    assert report.verdict == "wrong" and report.worst.name.startswith("input 0['w']") and "'sin'" in report.cause
    assert "{'w': np.array([1.0, 1.0]), 'k': 3}" in report.snippet


QUOTIENTS = {
    "(1 - exp(-x)) / x": lambda x: (1 - np.exp(-x)) / x,
    "(1 - cos x) / x²": lambda x: (1 - np.cos(x)) / (x * x),
    "(exp x - exp(-x) - 2x) / x³": lambda x: (np.exp(x) - np.exp(-x) - 2 * x) / x**3,
    "log(1 + exp x)": lambda x: np.log(1 + np.exp(x)),
}


@pytest.mark.parametrize("name", QUOTIENTS)
def test_a_derivative_is_not_asked_to_be_better_than_the_program(name):
    for x in (0.01, -0.01, 1e-7, 1e-10, 1.3552527156068805e-20, -1e-20, 2.0**-72, -45.0, -60.0):
        report = check_gradient(QUOTIENTS[name], x, modes=("reverse", "forward"), seed=0)
        assert report.verdict != "wrong", f"at {x}: {report}"


def test_two_ways_that_differ_by_more_than_rounding_are_told_apart():
    from autograd.check.ways import _is_rounding

    rng = np.random.default_rng(0)
    assert _is_rounding(lambda xs: 1e-9 * rng.normal(), [0.3])
    assert not _is_rounding(lambda xs: 1e-9 * np.cos(xs[0]), [0.3])


def test_a_program_that_has_lost_all_of_its_value_is_not_accused_of_its_derivative():
    report = check_gradient(lambda x: (1 - np.exp(-x)) / x, np.array([2.3e-308]))  # 0 instead of 1; x² is 0
    assert report.verdict == "undecided" and "loses its digits" in report.reason


def test_a_derivative_that_is_none_is_wrong_where_the_program_has_its_value(monkeypatch):
    damaged(monkeypatch, "sin", lambda cs: [np.nan * c for c in cs])
    for x in (0.5, 1e-20, 1e-300):
        assert check_gradient(lambda x: np.sin(x) + 1, np.array([x])).verdict == "wrong"
