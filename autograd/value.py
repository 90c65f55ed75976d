"""`Value`: one number that remembers how it was computed."""

from __future__ import annotations

from numbers import Complex, Real
from typing import TYPE_CHECKING, Any, Callable, Iterable, Sequence, cast

import numpy as np

from autograd import core, modes
from autograd.annotations import note_derivatives
from autograd.anomaly import refuse_anomaly
from autograd.connection import connect
from autograd.errors import NoRuleError
from autograd.following import followers, looked
from autograd.graph import touch
from autograd.leaving import refuse_leaving
from autograd.lines import follow
from autograd.node import FIELDS, KINDS, Node, running, tick
from autograd.numpy_protocol import apply_ufunc, no_mask, refuse
from autograd.rules import code
from autograd.rules.elementwise import absolute, add, div, mul, neg, power, sub, words
from autograd.rules.handmade import Handmade
from autograd.rules.rule import Elementwise, OfNumbers, Rule
from autograd.types import Cotangent
from autograd.walks import pull_back, store_gradients, walk_values


def constant(x: Any) -> float | None:
    """`x` as a float if it is a plain real number, ``None`` if it is something else.

    Raises
    ------
    TypeError
        If `x` is a complex number.
    """
    if isinstance(x, _REAL):
        return float(x)
    if isinstance(x, Complex):
        raise TypeError(f"a Value holds one real number, not the complex {x!r}; use its real and imaginary parts")
    return None


_REAL = (float, int, np.floating, np.integer, np.bool_, Real)  # the abstract class, which is slow, at the end


def number(x: Any, refusal: str) -> float:
    """`x` as a float.

    Raises
    ------
    TypeError
        If it is no plain real number: `refusal`, and its type.
    """
    if (found := constant(x)) is None:
        raise TypeError(f"{refusal} {type(x).__name__}")
    return found


def record_with_care(rule: Rule, inputs: tuple[Any, ...], data: float) -> Value:
    """Record while a mode is on: perhaps not at all, perhaps with a check for nan and inf."""
    if modes.watching():
        refuse_anomaly(rule, inputs, data)
    node = Value(data)
    if modes.recording():
        node._origin = (rule, *inputs)
    return node


if core.compiled is not None:
    connect(constant, record_with_care)


def _compiled(attribute: str, rule: Elementwise, reflected: bool = False) -> Callable[..., Any]:
    """The method that applies `rule` to one or two operands; compiled when it is first called."""

    made: Callable[..., Any] | None = None

    def method(self: Value, *others: Any) -> Any:
        nonlocal made
        if made is None:
            made = code.method(rule, _SURROUNDINGS, reflected)
            setattr(Value, attribute, made)
        return made(self, *others)

    method.__name__, method.__doc__ = attribute, rule.doc
    return method


def _method(attribute: str, rule: Elementwise) -> Callable[..., Any]:
    """The method for a rule of one input, which is compiled; with more it is the rule that is called."""
    if core.compiled is not None:
        return cast(Callable[..., Any], core.compiled.method(rule))
    if len(rule.partials) == 1:
        return _compiled(attribute, rule)

    def method(self: Value, *others: Any) -> Any:
        return rule(self, *others)

    method.__name__, method.__doc__ = attribute, rule.doc
    return method


@core.adopted
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

    __slots__ = FIELDS
    _dispatch_order = 1
    _data: float
    _static: dict[str, Any] = {}

    def __init__(self, data: Any, _children: Iterable[Any] = (), _op: str = "", label: str = "") -> None:
        self._data = _held(data)
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
        if followers:
            looked(self, "a look at its number")
        return self._data

    @data.setter
    def data(self, number: Any) -> None:
        self._data = _held(number)
        touch(self)

    _numbers = data

    def backward(self, gradient: float | None = None, *, create_graph: bool = False) -> None:
        """Compute d(self)/dx for every Value x that this one was made from, into ``x.grad``.

        Leaves add to what their ``grad`` holds; the others get the gradient of this call. So a second call on the same
        graph doubles the gradients of the leaves: call ``zero_grad`` on them (or on the model) in between.

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
        >>> a = Value(2.0)
        >>> J = 3 * a
        >>> J.backward()
        >>> J.backward()
        >>> a.grad
        6.0
        """
        seed = 1.0 if gradient is None else number(gradient, "gradient must be a number, not")
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
        if static:
            raise TypeError(f"{rule.name} of Values takes no settings, but was given {', '.join(static)}")
        refusal = f"{rule.name} takes Values and numbers, not"
        kept: list[Any] = [x if type(x) is Value else number(x, refusal) for x in inputs]
        data = rule.on_floats(*[x._data if type(x) is Value else x for x in kept])
        return recorded(data, (rule, *kept))

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

    def __lt__(self, other: Any) -> Any:
        return self.data < _comparable(other)

    def __le__(self, other: Any) -> Any:
        return self.data <= _comparable(other)

    def __gt__(self, other: Any) -> Any:
        return self.data > _comparable(other)

    def __ge__(self, other: Any) -> Any:
        return self.data >= _comparable(other)

    def __eq__(self, other: Any) -> Any:
        # Identity between nodes, which are dictionary keys; a number is compared with the data.
        if isinstance(other, Node):
            return self is other
        return bool(self.data == other) if isinstance(other, (_REAL, Complex)) else NotImplemented

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self.data != 0

    def _leaving(self, by: str, *cure: str) -> float:
        """The number, unless that would lose the gradient of a transform that is running."""
        if running:
            refuse_leaving(self, by, *cure)
        return self.data

    def __float__(self) -> float:
        return self._leaving("float()")

    def __int__(self) -> int:
        return int(self._leaving("int()"))

    def __complex__(self) -> complex:
        return complex(self._leaving("complex()"))

    def __round__(self, digits: int | None = None) -> Any:
        return round(self._leaving("round()", "x itself, and round what you print: f'{x:.2f}'"), digits)

    def item(self) -> float:
        """The number, as a float: leaves the graph, as ``float(v)`` does outside a transform."""
        return self.data

    def __repr__(self) -> str:
        name = f", label={self.label!r}" if self.label else ""
        grad = self.grad._data if isinstance(self.grad, Node) else self.grad
        return f"Value(data={self._data:.6g}, grad={grad if grad is None else format(grad, '.6g')}{name})"

    def __format__(self, spec: str) -> str:
        return format(self.data, spec) if spec else str(self)

    # What NumPy does with a Value: see `numpy_protocol`.

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        refuse(function)

    _mask = no_mask

    __add__, __radd__ = _compiled("__add__", add), _compiled("__radd__", add, reflected=True)
    __sub__, __rsub__ = _compiled("__sub__", sub), _compiled("__rsub__", sub, reflected=True)
    __mul__, __rmul__ = _compiled("__mul__", mul), _compiled("__rmul__", mul, reflected=True)
    __truediv__, __rtruediv__ = _compiled("__truediv__", div), _compiled("__rtruediv__", div, reflected=True)
    __pow__, __rpow__ = _compiled("__pow__", power), _compiled("__rpow__", power, reflected=True)
    __neg__ = _compiled("__neg__", neg)
    __abs__ = _compiled("__abs__", absolute)

    def __pos__(self) -> Value:
        return self

    # The rules of numbers as methods. The body of a class is its namespace, which a table can fill like any other.
    vars().update({name: _method(name, rule) for name, rule in words().items()})

    @classmethod
    def _learn(cls, rule: Any) -> None:
        if isinstance(rule, Elementwise) and not rule.arrays_only:
            setattr(cls, rule.name, _method(rule.name, rule))

    if TYPE_CHECKING:
        # One method for each rule of the table. (No such function at run time: it would slow down every attribute.)
        def __getattr__(self, name: str) -> Any: ...


KINDS.add(Value)

_SURROUNDINGS = {"kind": Value, "new": Value.__new__, "constant": constant, "record_with_care": record_with_care}

recorded: Callable[[float, tuple[Any, ...]], Value] = code.recorder(_SURROUNDINGS)


def _comparable(other: Any) -> Any:
    if isinstance(other, (Node, np.ndarray)):  # an array compares element by element, from its own side
        return other._data if type(other) is Value else other
    return number(other, "a Value compares with Values, numbers and arrays, not with")


def _held(x: Any) -> float:
    """`x` as the data of a Value."""
    if isinstance(x, Value):
        raise TypeError("data is a Value already; use it as it is, or make a new leaf of its number: Value(x.data)")
    if (found := constant(x)) is None:
        raise TypeError(f"a Value holds one real number, not {type(x).__name__} {x!r}; for arrays there is Tensor")
    return found


follow(constant)  # and with it what stamps the nodes of this module
