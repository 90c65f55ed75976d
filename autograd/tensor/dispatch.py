"""From NumPy and from Python's operators to the rules: what NumPy's protocols ask, and ways without detours.

``np.tanh(x @ w + b)`` on Tensors arrives in ``__array_ufunc__`` and ``__array_function__``, which look the
function up in the register. An elementwise function of one or two operands has a fast way, made when it is first used.
"""

from __future__ import annotations

import sys
from typing import Any, Sequence

import numpy as np

from autograd import modes
from autograd.errors import InPlaceError, NoRuleError
from autograd.following import looked
from autograd.functions.products import matmul, matmul_of_arrays
from autograd.functions.register import (
    CONSTANT,
    FUNCTIONS,
    REFUSALS,
    REFUSED,
    blame_other_arrays,
    implementation_of,
    refuse_nodes,
)
from autograd.node import Node, plain
from autograd.rules.rule import Elementwise, Rule
from autograd.rules.table import RULES, rule_of_ufunc
from autograd.tensor import recording
from autograd.tensor.constants import COPIED_BYTES
from autograd.tensor.memory import BY_UFUNC, Released, computed, numbers, release_inputs
from autograd.tensor.operands import held, operand, operands
from autograd.tensor.recording import SMALLEST, Way, made, record, simply, way

FAST: dict[Any, Way] = {}
"""The fast ways of the ufuncs, and of the rules of one input, that were used so far."""

SETTLED = frozenset((type(None), bool, int, float, str))
"""Types of settings that nobody can write into."""


# --- applying a rule -----------------------------------------------------------------------------------


def apply(rule: Rule, inputs: Sequence[Any], **static: Any) -> Any:
    """Apply `rule` to Tensors, arrays and numbers, and record that."""
    if simply is not None and (node := simply(rule, inputs, static)) is not None:
        return node
    if not static and len(inputs) == 1:
        fast = FAST.get(rule)
        if fast is None:
            fast = unary(rule, 0)
            if RULES.get(rule.name) is rule:  # one that stays
                FAST[rule] = fast
        return fast(inputs[0])
    kind: Any = recording.TENSOR
    careful: Any = modes.active and modes.on()
    for name, setting in static.items():
        if type(setting) is np.ndarray and setting.nbytes <= COPIED_BYTES and setting.dtype.kind != "O":
            static[name] = held(setting)  # a copy: nothing to be watched
        elif type(setting) not in SETTLED:
            static[name], careful = _setting(rule, name, setting), True
    if len(inputs) == 1 and not careful and type(inputs[0]) is kind:
        x = inputs[0]._data
        if type(x) is np.ndarray and x.nbytes < SMALLEST:
            return made(rule.compute(x, **static), (rule, *inputs), static)
    arrays, common = [], None
    origin: list[Any] = [rule]
    for x in inputs:
        if type(x) is kind:
            y = x._data
        elif type(x) is np.ndarray:
            x = y = x.copy() if x.nbytes < SMALLEST else x
        else:
            break
        if y.nbytes >= SMALLEST or (y.dtype is not common and common is not None):
            break
        common = y.dtype
        arrays.append(y)
        origin.append(x)
    else:  # small arrays of one dtype: nothing to be cast, watched or thrown away
        try:
            data = rule.compute(*arrays, **static)
        except REFUSALS as error:
            blame_other_arrays(rule.name, arrays, error)
            raise
        if careful:
            return record(rule, tuple(origin[1:]), data, static)
        return made(data, tuple(origin), static)
    kept = operands(inputs, rule.own_dtype)
    try:
        data = rule.compute(*[numbers(x) if type(x) is kind else x for x in kept], **static)
    except REFUSALS as error:
        blame_other_arrays(rule.name, kept, error)
        raise
    for x in kept:
        if type(x) is kind and x._data.nbytes >= SMALLEST:
            release_inputs(x)
    return record(rule, kept, data, static)


def _setting(rule: Rule, name: str, x: Any) -> Any:
    """A setting of an operation as it is kept: no node, whose gradient would be lost, and nothing that may change."""
    refuse_nodes(rule.name, **{name: x})
    return held(x)


def unary(rule: Rule, references: int) -> Way:
    """``apply(a)`` for a Tensor a.

    `references` is how many an operand has that nobody else holds (`memory.BY_METHOD`, `BY_UFUNC`).
    """

    def apply(a: Any) -> Any:
        x = a._data
        data = rule.compute(x) if x.nbytes < SMALLEST else computed(a, references, rule, rule.compute)
        if modes.active and modes.on():
            return record(rule, (a,), data)
        return made(data, (rule, a))

    apply.__name__, apply.__doc__ = rule.name, rule.doc
    return way(rule, None, apply, 1)


def binary(rule: Rule, compute: Way, references: int, constant: Way = operand) -> Way:
    """``apply(a, b)`` where at least one is a Tensor.

    `references` is how many an operand has that nobody else holds (`memory.BY_OPERATOR`, `BY_UFUNC`); with 0, no
    operand's memory is ever taken. `constant` makes an operand of what is no Tensor.
    """

    def apply(a: Any, b: Any) -> Any:
        kind: Any = recording.TENSOR
        careful: Any = modes.active and modes.on()
        if type(a) is kind:
            x = a._data
            if type(b) is kind:
                y = b._data
                if type(y) is Released:
                    y = numbers(b)
            elif type(b) is float:
                y = b
            elif type(b) is int and -2048 <= b <= 2048:  # as in `operand`
                b = y = float(b)
            else:
                b = y = constant(b, x.dtype)
                if type(b) is kind:
                    y = b._data
                elif type(b) is np.ndarray and b.nbytes > COPIED_BYTES:
                    careful = True
        else:
            y = numbers(b)
            a = x = constant(a, y.dtype)
            if type(a) is kind:
                x = a._data
            elif type(a) is np.ndarray and a.nbytes > COPIED_BYTES:
                careful = True
        try:
            if a is x or x.nbytes < SMALLEST:
                data = compute(x, y)
            else:
                data = computed(a, references, rule, compute, y)
        except REFUSALS as error:
            blame_other_arrays(rule.name, (a, b), error)
            raise
        if careful:
            return record(rule, (a, b), data)
        return made(data, (rule, a, b))

    apply.__name__, apply.__doc__ = rule.name, rule.doc
    return way(rule, compute, apply, 2)


def _fast(ufunc: np.ufunc) -> Way | None:
    """A new fast way for `ufunc`, if it has one."""
    if ufunc is np.matmul:
        return binary(matmul, matmul_of_arrays, 0)
    rule = rule_of_ufunc(ufunc)
    if not isinstance(rule, Elementwise) or rule.compute is not ufunc or FUNCTIONS.get(ufunc, rule) is not rule:
        return None
    if rule.defaults or rule.on_complex or type(rule).__call__ is not Elementwise.__call__:
        return None
    if len(rule.partials) == 1:
        return unary(rule, BY_UFUNC)
    return binary(rule, rule.compute, BY_UFUNC) if len(rule.partials) == 2 else None


# --- NumPy's protocols ---------------------------------------------------------------------------------


def ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What a ufunc, or one of its methods, gives for Tensors.

    Raises
    ------
    InPlaceError
        If it is to write into recorded data.
    NoRuleError
        If there is no rule for it.
    """
    try:
        return _ufunc(ufunc, method, inputs, options)
    except REFUSALS as error:
        blame_other_arrays(_name_of(ufunc, method), inputs, error)
        raise


def _ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    if (out := options.pop("out", None)) is not None:
        for x in (*inputs, *out):
            if isinstance(x, Node):
                looked(x, "a write into an array")
        raise InPlaceError(
            f"np.{ufunc.__name__} cannot write into out=: recorded data is never overwritten; "
            "drop out= and use the returned Tensor"
        )
    if method == "__call__":
        if not options and ufunc not in FAST and (fast := _fast(ufunc)):
            FAST[ufunc] = fast
            return fast(*inputs)
        accepted = ("casting", "order", "subok", "axis") if ufunc.signature else ("casting", "order", "subok")
        refused = [name for name in options if name not in accepted]
        if refused:
            cure = "np.where(mask, new, old)" if "where" in refused else "x.astype(dtype)"
            raise TypeError(f"np.{ufunc.__name__} of a Tensor does not take {refused[0]}=; use {cure}")
        implementation = FUNCTIONS.get(ufunc) or rule_of_ufunc(ufunc) or implementation_of(ufunc)
        if implementation is not None:
            return implementation(*inputs, **({"axis": options["axis"]} if "axis" in options else {}))
        if ufunc in CONSTANT:
            return ufunc(*[plain(x) for x in inputs])
    elif (ufunc, method) in FUNCTIONS:
        return FUNCTIONS[ufunc, method](*inputs, **options)
    elif method == "outer" and not options:
        a, b = inputs
        return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)
    elif ufunc in CONSTANT:
        return getattr(ufunc, method)(*[plain(x) for x in inputs], **options)
    raise NoRuleError(no_rule(_name_of(ufunc, method), ufunc))


def function(function: Any, args: Any, kwargs: Any) -> Any:
    """What another NumPy function gives for Tensors.

    Raises
    ------
    NoRuleError
        If there is no rule for it.
    """
    implementation = implementation_of(function)
    if implementation is not None:
        try:
            return implementation(*args, **kwargs)
        except REFUSALS as error:
            blame_other_arrays(f"np.{function.__name__}", (*args, *kwargs.values()), error)
            raise
    if function in CONSTANT:
        return function(*[_plain_all(x) for x in args], **{k: _plain_all(x) for k, x in kwargs.items()})
    module = "np" if function.__module__ == "numpy" else function.__module__.replace("numpy", "np")
    raise NoRuleError(no_rule(f"{module}.{function.__name__}", function))


def no_rule(name: str, function: Any = None) -> str:
    """The message for a function that the table lacks, or refuses for a reason."""
    if function in REFUSED:
        return f"{name} has no rule for Tensors: {REFUSED[function]}"
    return (
        f"{name} has no rule for Tensors; write it with functions that have one, add a rule "
        f"(autograd.functions.register.implement), or leave the graph explicitly with t.data"
    )


def _name_of(ufunc: np.ufunc, method: str) -> str:
    name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
    return f"{_module_of(ufunc)}{name}"


def _module_of(ufunc: np.ufunc) -> str:
    """``np.`` for NumPy's own, ``scipy.special.`` for SciPy's, nothing for others (``np.frompyfunc``, Numba)."""
    for module, name in (("numpy", "np."), ("scipy.special", "scipy.special.")):
        if getattr(sys.modules.get(module), ufunc.__name__, None) is ufunc:
            return name
    return ""


def _plain_all(x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(_plain_all(one) for one in x)
    return plain(x)
