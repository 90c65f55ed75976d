"""Rules compiled: the formula is printed as Python and that source is compiled.

A Value program spends its time between operations, not in them, so each rule gets two functions without
any call inside: a method that computes and records, and a `pull` that adds to the inputs' gradients. A
program of small arrays is alike, and each rule gets a `pull` for arrays.
Only the notation decides what they compute: the formula still stands once, in the table.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from autograd.node import plain
from autograd.rules.expressions import Symbol, number
from autograd.rules.rule import RULES, Elementwise, Rule

_NAMES = ("a", "b", "c")

_PULL = """\
def pull(node):
    _, {unpack} = node._origin
    {load}
    y = node._data
    g = node.grad
    try:
        {partials}
    except (ArithmeticError, ValueError):
        return slow_pull(node)
    {add}
"""

_PULL_ARRAYS = """\
def pull(node, g, cotangents, give):
    _, {unpack} = node._origin
    {load}
    y = node._data
    {give}
"""

_BINARY = """\
def method(self, other):
    a = self._data
    if type(other) is kind:
        b = other._data
    else:
        other = b = constant(other)
        if b is None:
            return NotImplemented
    try:
        data = {forward}
    except (ArithmeticError, ValueError):
        data = on_floats(a, b)
    if modes:
        return record_with_care(rule, (self, other), data)
    node = new(kind)
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = (rule, self, other)
    node._time = tick()
    return node
"""

_REFLECTED = """\
def method(self, other):
    b = self._data
    other = a = constant(other)
    if a is None:
        return NotImplemented
    try:
        data = {forward}
    except (ArithmeticError, ValueError):
        data = on_floats(a, b)
    if modes:
        return record_with_care(rule, (other, self), data)
    node = new(kind)
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = (rule, other, self)
    node._time = tick()
    return node
"""

_UNARY = """\
def method(self):
    a = self._data
    try:
        data = {forward}
    except (ArithmeticError, ValueError):
        data = on_floats(a)
    if modes:
        return record_with_care(rule, (self,), data)
    node = new(kind)
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = (rule, self)
    node._time = tick()
    return node
"""


def scalar_functions() -> dict[str, Any]:
    """The functions on floats that printed formulas call, by name."""
    return {name: rule.scalar for name, rule in RULES.items() if isinstance(rule, Elementwise)}


def pull_source(rule: Elementwise) -> str:
    """Source of the function that adds a node's gradient, times each partial, to its inputs."""
    names = _NAMES[: len(rule.partials)]
    y = Symbol("y")
    formulas = [partial(y, *map(Symbol, names)) for partial in rule.partials]
    written = [f.python() if isinstance(f, Symbol) else number(f, "python") for f in formulas]
    used = {name for name in names if any(_mentions(f, name) for f in formulas)}
    load, partials, add = [], [], []
    for name, formula, source in zip(names, formulas, written):
        if name in used:
            load.append(f"{name}_ = {name}\n    {name} = {name}_ if type({name}_) is float else {name}_._data")
        node = f"{name}_" if name in used else name
        if isinstance(formula, Symbol):
            # Only what is asked: no partial with respect to a constant.
            partials.append(f"d{name} = g * ({source}) if type({node}) is not float else 0.0")
            gradient = f"d{name}"
        else:
            gradient = {"1.0": "g", "-1.0": "-g"}.get(source, f"g * {source}")
        add.append(f"if type({node}) is not float:\n        {node}.grad += {gradient}")
    return _PULL.format(
        unpack=", ".join(names) + ("," if len(names) == 1 else ""),
        load="\n    ".join(load) or "pass",
        partials="\n        ".join(partials) or "pass",
        add="\n    ".join(add),
    )


def pull_arrays_source(rule: Elementwise) -> str:
    """Source of the function that gives each input of a Tensor its cotangent, g times the partial."""
    names = _NAMES[: len(rule.partials)]
    y = Symbol("y")
    formulas = [partial(y, *map(Symbol, names)) for partial in rule.partials]
    used = {name for name in names if any(_mentions(f, name) for f in formulas)}
    load = [f"{n}_ = {n}\n    if type({n}) is kind:\n        {n} = {n}_._data" for n in names if n in used]
    give = []
    for name, formula in zip(names, formulas):
        node = f"{name}_" if name in used else name
        source = formula.python() if isinstance(formula, Symbol) else number(formula, "python")
        if " if " in source:
            raise ValueError("a conditional expression does not work element by element")
        cotangent = {"1.0": "g", "-1.0": "-g"}.get(source, f"g * ({source})")
        # The first cotangent to arrive, of the right type and shape, is put in place without a call.
        differs = f"or cotangent.shape != {node}._data.shape" if len(names) > 1 else ""
        give.append(
            f"""if type({node}) is kind:
        cotangent = {cotangent}
        if {node} in cotangents or cotangent.dtype is not {node}._data.dtype {differs}:
            give({node}, cotangent)
        else:
            cotangents[{node}] = cotangent"""
        )
    return _PULL_ARRAYS.format(
        unpack=", ".join(names) + ("," if len(names) == 1 else ""),
        load="\n    ".join(load) or "pass",
        give="\n    ".join(give),
    )


def array_functions() -> dict[str, Any]:
    """The functions on arrays that printed formulas call, by name."""
    functions = {name: rule.compute for name, rule in RULES.items() if isinstance(rule, Elementwise)}
    # A factor of truth values serves as one of zeros and ones.
    return {**functions, "step": lambda x: x > 0}


def note_uses(rule: Elementwise) -> None:
    """Note which numbers the rule's formulas mention: the others need not be kept."""
    names = _NAMES[: len(rule.partials)]
    try:
        formulas = [partial(Symbol("y"), *map(Symbol, names)) for partial in rule.partials]
    except (TypeError, ValueError, AttributeError):
        return
    rule.uses_output = any(_mentions(f, "y") for f in formulas)
    rule.uses_inputs = tuple(any(_mentions(f, name) for f in formulas) for name in names)


def compile_pull_arrays(rule: Elementwise, kind: type) -> Callable[..., None] | None:
    """The compiled `pull` of a rule for nodes of type `kind`; ``None`` where there is a choice to make inside."""
    try:
        source = pull_arrays_source(rule)
    except (TypeError, ValueError, AttributeError):
        return None
    return _compile(source, rule, "pull", {"kind": kind}, array_functions())


def compile_pull(rule: Elementwise) -> Callable[[Any], None]:
    """The compiled `pull` of a rule; uncompiled where its formula cannot be evaluated on symbols."""

    def slow_pull(node: Any) -> None:
        pull_carefully(rule, node)

    try:
        source = pull_source(rule)
    except (TypeError, ValueError, AttributeError):
        return slow_pull
    return _compile(source, rule, "pull", {"slow_pull": slow_pull})


def compile_method(rule: Elementwise, reflected: bool, surroundings: dict[str, Any]) -> Callable[..., Any]:
    """A method of Value that applies `rule` to the Value, and another one or a number."""
    template = _UNARY if len(rule.partials) == 1 else _REFLECTED if reflected else _BINARY
    operands = [Symbol(name) for name in _NAMES[: len(rule.partials)]]
    forward = rule.notation.write(operands, "python")
    if not any(c in forward for c in "+-*/") or rule.name in ("square", "power"):
        forward = f"compute({', '.join(_NAMES[: len(rule.partials)])})"
    source = template.format(forward=forward)
    return _compile(source, rule, "method", {"compute": rule.scalar, "on_floats": rule.on_floats, **surroundings})


def _mentions(formula: Any, name: str) -> bool:
    if not isinstance(formula, Symbol):
        return False
    if formula.notation is None:
        return formula.names["python"] == name
    return any(_mentions(x, name) for x in formula.args)


def _compile(
    source: str, rule: Rule, name: str, surroundings: dict[str, Any], functions: dict[str, Any] | None = None
) -> Callable[..., Any]:
    namespace = {**(functions or scalar_functions()), "rule": rule, "float": float, **surroundings}
    exec(compile(source, f"<rule {rule.name}>", "exec"), namespace)
    made: Callable[..., Any] = namespace[name]
    made.__name__ = rule.name
    made.__doc__ = rule.__doc__
    return made


def pull_carefully(rule: Elementwise, node: Any) -> None:
    """What the compiled pull does, on NumPy's floats: inf and nan where Python's floats raise."""
    inputs = node._origin[1:]
    with np.errstate(all="ignore"):
        numbers = [np.float64(plain(x)) for x in inputs]
        y = np.float64(node._data)
        partials = [0.0 if type(x) is float else rule.partials[i](y, *numbers) for i, x in enumerate(inputs)]
        for x, partial in zip(inputs, partials):
            if type(x) is not float:
                x.grad += float(node.grad * partial)
