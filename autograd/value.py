"""`Value`: one number that remembers how it was computed."""

from __future__ import annotations

import math
import operator
from numbers import Complex, Real
from typing import TYPE_CHECKING, Any, Callable, Iterable, Sequence

import numpy as np

from autograd import modes
from autograd.annotations import note_derivatives
from autograd.errors import NoRuleError
from autograd.functions.register import implementation_of
from autograd.graph import touch
from autograd.leaving import refuse_leaving
from autograd.lines import follow
from autograd.node import KINDS, Node, plain, running, tick
from autograd.rules import code
from autograd.rules.elementwise import OPERATORS, Choice, identity, share
from autograd.rules.elementwise import exp as _exp
from autograd.rules.nary import log_sum_exp, total, weighted_sum
from autograd.rules.rule import Elementwise, OfNumbers, Rule
from autograd.rules.table import ALIASES, RULES, rule_of_ufunc
from autograd.rules.typeset import function as _function_notation
from autograd.types import Cotangent
from autograd.walks import pull_back, store_gradients, walk_values

_new = object.__new__
_sum = sum  # the builtin; this module defines its own
_data_of = operator.attrgetter("_data")


def constant(x: Any) -> float | None:
    """`x` as a float if it is a plain real number, ``None`` if it is something else.

    Raises
    ------
    TypeError
        If `x` is a complex number.
    """
    if isinstance(x, Real) or isinstance(x, (np.floating, np.integer, np.bool_)):
        return float(x)
    if isinstance(x, Complex):
        raise TypeError(f"a Value holds one real number, not the complex {x!r}; use its real and imaginary parts")
    return None


class Value(Node):
    """One number, and how it was made.

    Arithmetic on Values records a graph; :meth:`backward` walks it once and leaves dJ/dx in the ``grad``
    of every Value that J was made from.

    Parameters
    ----------
    data : number
        Kept as a float.
    label : str
        The name that pictures show.
    _children, _op
        As in micrograd, for code written for it: a Value made by hand from others. No rule stands behind
        it, so a backward pass through it is refused.

    Attributes
    ----------
    data : float
        The number. Setting it after it was used makes the next backward pass through that use raise.
    grad : float or None
        dJ/d(this) after ``J.backward()``; ``None`` before the first. Leaves add up over calls.
    label : str
        The name, empty if none was given.

    Raises
    ------
    TypeError
        If `data` is not a real number.

    Examples
    --------
    >>> a, b, c = Value(5.0), Value(3.0), Value(2.0)
    >>> J = 3 * (a + b * c)
    >>> J.backward()
    >>> J.data, a.grad, b.grad, c.grad
    (33.0, 3.0, 6.0, 9.0)
    """

    __slots__ = ()
    _dispatch_order = 1
    _static: dict[str, Any] = {}

    def __init__(self, data: Any, _children: Iterable[Any] = (), _op: str = "", label: str = "") -> None:
        number = constant(data)
        if number is None:
            raise TypeError(_not_a_number(data))
        self._data = number
        self.grad = None
        self.label = label
        children = tuple(_children)
        self._origin = (Handmade(_op), *children) if children else ()
        self._time = tick()

    def __init_subclass__(cls) -> None:
        raise TypeError("Value cannot be subclassed: the backward pass knows its exact type; wrap it instead")

    @property
    def data(self) -> float:
        """The number."""
        return self._data  # type: ignore[no-any-return]

    @data.setter
    def data(self, number: Any) -> None:
        checked = constant(number)
        if checked is None:
            raise TypeError(_not_a_number(number))
        self._data = checked
        touch(self)

    def backward(self, gradient: float | None = None, *, create_graph: bool = False) -> None:
        """Compute d(self)/dx for every Value x that this one was made from, into ``x.grad``.

        Leaves add to what their ``grad`` holds; the others get the gradient of this call.

        Parameters
        ----------
        gradient : number, optional
            The seed, d(output)/d(self); 1 unless given.
        create_graph : bool
            Record the backward pass too: the leaves' gradients are then Values that can be differentiated
            again. (Inner nodes get plain numbers: a recorded gradient held by a node that it was computed
            from is a reference cycle. A leaf's is one too, until ``zero_grad``.)

        Raises
        ------
        ChangedDataError
            If the data of a Value was changed after it had been used.

        Examples
        --------
        >>> x = Value(0.5)
        >>> y = x.tanh()
        >>> y.backward(create_graph=True)
        >>> slope, x.grad = x.grad, None
        >>> slope.backward()                      # d²tanh/dx² = −2 tanh(1 − tanh²)
        >>> round(x.grad, 6)
        -0.726862
        """
        seed = 1.0 if gradient is None else constant(gradient)
        if seed is None:
            raise TypeError(f"gradient must be a number, not {type(gradient).__name__}")
        if not create_graph and not modes.on():
            walk_values(self, seed)
            return
        inner: dict[Node, Cotangent] = {}
        start = Value(seed)
        leaves = pull_back({self: start if create_graph else seed}, create_graph=create_graph, keep=inner)
        store_gradients(leaves, inner)
        if create_graph and gradient is None:
            note_derivatives(self, start, leaves)

    @staticmethod
    def _apply(rule: Rule, inputs: Sequence[Any], **static: Any) -> Any:
        """Apply `rule` to Values and numbers, and record that."""
        if not isinstance(rule, OfNumbers):
            raise NoRuleError(f"{rule.name} has no rule for single Values; use a Tensor")
        kept = []
        for x in inputs:
            if type(x) is not Value:
                number = constant(x)
                if number is None:
                    raise TypeError(f"{rule.name} takes Values and numbers, not {type(x).__name__}")
                x = number
            kept.append(x)
        data = rule.on_floats(*[x._data if type(x) is Value else x for x in kept])
        if modes.on():
            return _record_with_care(rule, tuple(kept), data)
        node: Value = _new(Value)
        node._data = data
        node.grad = None
        node.label = ""
        node._origin = (rule, *kept)
        node._time = tick()
        return node

    @staticmethod
    def _leaf(number: Any) -> Value:
        """A fresh Value of a number, or of an array without axes."""
        return Value(float(number))

    def _fit(self, cotangent: Cotangent) -> Cotangent:
        """A cotangent as this node's gradient has to be: a float, or a Value."""
        if isinstance(cotangent, (Node, float)) and not isinstance(cotangent, np.generic):
            return cotangent
        return float(cotangent)

    # --- what micrograd calls things -----------------------------------------------------------------

    @property
    def _prev(self) -> set[Any]:
        return {x for x in self._origin[1:] if isinstance(x, Node)}

    @property
    def _op(self) -> str:
        if not self._origin:
            return ""
        rule, *inputs = self._origin
        exponent = inputs[1] if rule.name == "power" else None
        return f"**{exponent:g}" if isinstance(exponent, float) else str(rule.sign)

    # --- comparison and conversion: of the data, plainly -----------------------------------------------

    def __lt__(self, other: Any) -> bool:
        return self._data < _comparable(other)  # type: ignore[no-any-return]

    def __le__(self, other: Any) -> bool:
        return self._data <= _comparable(other)  # type: ignore[no-any-return]

    def __gt__(self, other: Any) -> bool:
        return self._data > _comparable(other)  # type: ignore[no-any-return]

    def __ge__(self, other: Any) -> bool:
        return self._data >= _comparable(other)  # type: ignore[no-any-return]

    def __eq__(self, other: Any) -> Any:
        # Identity between nodes, which are dictionary keys; a number is compared with the data.
        if isinstance(other, Node):
            return self is other
        number = None if isinstance(other, complex) else constant(other)
        return NotImplemented if number is None else self._data == number

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self._data != 0  # type: ignore[no-any-return]

    def __float__(self) -> float:
        if running:
            refuse_leaving(self, "float()")
        return self._data  # type: ignore[no-any-return]

    def __int__(self) -> int:
        if running:
            refuse_leaving(self, "int()")
        return int(self._data)

    def __complex__(self) -> complex:
        if running:
            refuse_leaving(self, "complex()")
        return complex(self._data)

    def __round__(self, digits: int | None = None) -> Any:
        if running:
            refuse_leaving(self, "round()", "x itself, and round what you print: f'{x:.2f}'")
        return round(self._data, digits)

    def item(self) -> float:
        """The number, as a float: leaves the graph, as ``float(v)`` does outside a transform."""
        return self._data  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        name = f", label={self.label!r}" if self.label else ""
        grad = self.grad._data if isinstance(self.grad, Node) else self.grad
        return f"Value(data={self._data:.6g}, grad={grad if grad is None else format(grad, '.6g')}{name})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else str(self)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if any(isinstance(x, np.ndarray) and x.ndim for x in inputs):
            # An array of numbers and a Value: elementwise, an object array of Values.
            lifted = [_objects(x) for x in inputs]
            return getattr(ufunc, method)(*lifted, **options)
        if ufunc in _COMPARISONS and method == "__call__" and not options:
            return _COMPARISONS[ufunc](*[x.item() if isinstance(x, (np.generic, np.ndarray)) else x for x in inputs])
        rule = rule_of_ufunc(ufunc)
        if rule is None and implementation_of(ufunc) is not None:  # which may have been loaded just now
            rule = rule_of_ufunc(ufunc)
        if rule is None or method != "__call__" or options:
            raise NoRuleError(f"np.{ufunc.__name__} has no rule for a Value; {_advice()}")
        return rule(*[x.item() if isinstance(x, np.ndarray) else x for x in inputs])

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        raise NoRuleError(f"np.{function.__name__} has no rule for a Value; {_advice()}")

    # The operators are compiled from the table, at the end of this module, like one method for each of its rules.
    __add__: Callable[[Any, Any], Value]
    __radd__: Callable[[Any, Any], Value]
    __sub__: Callable[[Any, Any], Value]
    __rsub__: Callable[[Any, Any], Value]
    __mul__: Callable[[Any, Any], Value]
    __rmul__: Callable[[Any, Any], Value]
    __truediv__: Callable[[Any, Any], Value]
    __rtruediv__: Callable[[Any, Any], Value]
    __pow__: Callable[[Any, Any], Value]
    __rpow__: Callable[[Any, Any], Value]
    __neg__: Callable[[Any], Value]
    __abs__: Callable[[Any], Value]

    def __pos__(self) -> Value:
        return self

    @classmethod
    def _learn(cls, rule: Any) -> None:
        if isinstance(rule, Elementwise) and not rule.arrays_only:
            setattr(cls, rule.name, _method(rule.name, rule))

    if TYPE_CHECKING:
        # One method for each rule of the table. (No such function at run time: it would slow down every attribute.)
        def __getattr__(self, name: str) -> Any: ...


KINDS.add(Value)


class Handmade(Rule):
    """Stands behind a Value that was given its children and its number by hand."""

    def __init__(self, sign: str) -> None:  # not in the table: there is nothing to look up
        self.name = self.sign = sign or "handmade"
        self.notation = _function_notation(self.name)

    def pull(self, node: Value) -> None:
        """Refuse: there is no derivative."""
        raise NoRuleError(
            f"the Value made by hand as {self.name!r} has no rule, so no gradient can pass through it; "
            "add the operation to the table: autograd.Elementwise(name, scalar, array, partial)"
        )

    def vjp(self, g: Any, y: Any, inputs: Any, wanted: Any, static: Any) -> Any:
        """Refuse: there is no derivative."""
        self.pull(y)


def _record_with_care(rule: Rule, inputs: tuple[Any, ...], data: float) -> Value:
    """Record while a mode is on: perhaps not at all, perhaps with a check for nan and inf."""
    if modes.watching():
        modes.refuse_anomaly(rule, inputs, data)
    node = Value(data)
    if modes.recording():
        node._origin = (rule, *inputs)
    return node


def _objects(x: Any) -> Any:
    if isinstance(x, Value):
        boxed = np.empty((), dtype=object)
        boxed[()] = x
        return boxed
    return np.asarray(x, dtype=object)


# NumPy's numbers on the left of a comparison ask it of the Value by these.
_COMPARISONS: dict[np.ufunc, Callable[[Any, Any], bool]] = {
    np.less: operator.lt, np.less_equal: operator.le, np.greater: operator.gt, np.greater_equal: operator.ge,
    np.equal: operator.eq, np.not_equal: operator.ne,
}  # fmt: skip


def _comparable(other: Any) -> Any:
    if type(other) is Value:
        return other._data
    number = constant(other)
    if number is None:
        raise TypeError(f"a Value compares with Values and numbers, not with {type(other).__name__}")
    return number


def _not_a_number(x: Any) -> str:
    if isinstance(x, Value):
        return "data is a Value already; use it as it is, or make a new leaf of its number: Value(x.data)"
    return f"a Value holds one real number, not {type(x).__name__} {x!r}; for arrays there is Tensor"


def _advice() -> str:
    return "use a Tensor, or leave the graph explicitly with .data"


# --- functions of many Values -----------------------------------------------------------------------------


def sum(values: Iterable[Any]) -> Any:
    """Σ v over any number of Values and numbers, as one node.

    Parameters
    ----------
    values : iterable of Value or number

    Returns
    -------
    Value

    Examples
    --------
    >>> xs = [Value(1.0), Value(2.0), Value(4.0)]
    >>> sum(xs).data
    7.0
    """
    return total(*values)


def dot(ws: Iterable[Any], xs: Iterable[Any], bias: Any = 0.0) -> Any:
    """w₁x₁ + w₂x₂ + … + bias, as one node: a whole neuron before its activation.

    Parameters
    ----------
    ws, xs : iterables of Value or number
        Of the same length.
    bias : Value or number

    Returns
    -------
    Value

    Raises
    ------
    ValueError
        If `ws` and `xs` differ in length.

    Examples
    --------
    >>> w, x = [Value(2.0), Value(-1.0)], [Value(3.0), Value(5.0)]
    >>> dot(w, x, 0.5).data
    1.5
    """
    ws, xs = tuple(ws), tuple(xs)
    if len(ws) != len(xs):
        raise ValueError(f"dot needs as many weights as inputs, got {len(ws)} weights and {len(xs)} inputs")
    w, x, kind = _floats(ws), _floats(xs), type(bias)
    if w is None or x is None or (w is ws and x is xs) or (kind is not Value and kind is not float):
        return weighted_sum(*ws, *xs, bias)
    # What Value._apply would do, without asking each input what it is: a network spends its time here.
    data = _sum(map(operator.mul, w, x), bias if kind is float else bias._data)
    if modes.on():
        return _record_with_care(weighted_sum, (*ws, *xs, bias), data)
    node: Value = _new(Value)
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = (weighted_sum, *ws, *xs, bias)
    node._time = tick()
    return node


def _floats(values: tuple[Any, ...]) -> Sequence[float] | None:
    """The numbers of Values and floats (of floats alone, `values` itself), ``None`` if there is anything else."""
    kinds = set(map(type, values))
    if kinds == _VALUES:
        return list(map(_data_of, values))
    if kinds == _FLOATS:
        return values
    return [x._data if type(x) is Value else x for x in values] if kinds == _BOTH else None


_VALUES, _FLOATS, _BOTH = {Value}, {float}, {Value, float}


def logsumexp(values: Iterable[Any]) -> Any:
    """log(Σ eᵛ) without overflow, as one node.

    Raises
    ------
    ValueError
        If there are no values.

    Examples
    --------
    >>> round(logsumexp([Value(1000.0), Value(1000.0)]).data, 4)
    1000.6931
    """
    values = tuple(values)
    if not values:
        raise ValueError("logsumexp needs at least one value")
    return log_sum_exp(*values)


def softmax(values: Iterable[Any]) -> list[Any]:
    """eᵛ / Σ eᵛ for each v, computed as e^(v − logsumexp) without overflow.

    Returns
    -------
    list of Value
        Positive numbers that sum to 1.

    Examples
    --------
    >>> [round(p.data, 3) for p in softmax([Value(0.0), Value(1.0)])]
    [0.269, 0.731]
    """
    values = list(values)
    top = max(map(float, map(plain, values)), default=0.0)
    if 100 < abs(top) < math.inf:  # where v − logsumexp, two large numbers, would have few digits
        values = [v - top for v in values]
    norm = logsumexp(values)
    return [_exp(v - norm) for v in values]


# --- operators and methods, from the table ------------------------------------------------------------------

_SURROUNDINGS = {"kind": Value, "constant": constant, "record_with_care": _record_with_care}


def _compiled(attribute: str, rule: Elementwise, reflected: bool = False) -> Callable[..., Any]:
    """The method that applies `rule` to one or two operands; compiled when it is first called."""

    made: Callable[..., Any] | None = None

    def method(self: Value, *others: Any) -> Any:
        nonlocal made
        if made is None:
            made = code.method(rule, _SURROUNDINGS, reflected)
            setattr(Value, attribute, made)
        return made(self, *others)

    method.__name__, method.__doc__ = attribute, rule.__doc__
    return method


def _applied(rule: Elementwise) -> Callable[..., Any]:
    def method(self: Value, *others: Any) -> Any:
        return rule(self, *others)

    method.__name__, method.__doc__ = rule.name, rule.__doc__
    return method


def _method(attribute: str, rule: Elementwise) -> Callable[..., Any]:
    return _compiled(attribute, rule) if len(rule.partials) == 1 else _applied(rule)


_INTERNAL = (share, identity)


def _methods() -> dict[str, Callable[..., Any]]:
    """Every operator and every method that Value has from the table, by its attribute."""
    functions = {
        name: rule for name, rule in RULES.items()
        if isinstance(rule, Elementwise) and not (rule.arrays_only or isinstance(rule, Choice) or rule in _INTERNAL)
    }  # fmt: skip
    methods = {name: _method(name, rule) for name, rule in functions.items()}
    methods |= {alias: _method(alias, functions[name]) for alias, name in ALIASES.items()}
    for name, operation in OPERATORS.items():
        methods[f"__{name}__"] = _compiled(f"__{name}__", operation)
        methods[f"__r{name}__"] = _compiled(f"__r{name}__", operation, reflected=True)
    for name in ("neg", "abs"):
        methods[f"__{name}__"] = _compiled(f"__{name}__", functions[name])
    return methods


def _give_methods(methods: dict[str, Callable[..., Any]]) -> None:
    for attribute, method in methods.items():
        setattr(Value, attribute, method)


_give_methods(_methods())
follow(constant)  # and with it what stamps the nodes of this module
