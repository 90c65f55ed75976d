"""What a rule is: one operation, how to compute it, its derivative as a formula, how to print it.

A derivative is written once, over operators and other rules, and evaluated on whatever is passed in:
floats and arrays give numbers, Values and Tensors give a new recorded graph (hence every order),
symbols give text. Three families:

* :class:`Elementwise`: one partial derivative per input (``tanh``: 1 − y²).
* :class:`Linear`: linear in each input, or in all together (``sum``, ``matmul``). The adjoint is a
  formula over operations of the family; the tangent is the operation itself.
* :class:`General`: anything else, by its vector-Jacobian product; its tangent is derived from that.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd.errors import NoRuleError
from autograd.node import plain
from autograd.rules.expressions import Notation, Symbol, function

Formula = Callable[..., Any]

RULES: dict[str, "Rule"] = {}
"""Every rule by name: the table."""

BUILT_IN: set[str] = set()
"""The names of the rules that come with the package; a rule of one's own may be defined again."""


_BY_UFUNC: dict[np.ufunc, "Rule"] = {}


def rule_named(name: str) -> Rule:
    """The rule of that name."""
    return RULES[name]


def rule_of_ufunc(ufunc: np.ufunc) -> Rule | None:
    """The rule that computes with `ufunc`, if there is one."""
    return _BY_UFUNC.get(ufunc)


def computes_too(ufunc: np.ufunc, rule: Rule) -> None:
    """Let `rule` stand for another ufunc that computes the same."""
    _BY_UFUNC[ufunc] = rule


def leading_kind(inputs: Sequence[Any]) -> Any:
    """The type among `inputs` that decides how a rule is applied to them, or ``None`` for plain numbers."""
    kind, order = None, 0
    for x in inputs:
        found = type(x)
        rank = getattr(found, "_dispatch_order", 0)
        if rank > order:
            kind, order = found, rank
    return kind


class Rule:
    """One operation of the table. Calling it applies it to numbers, arrays, Values, Tensors or symbols.

    Parameters
    ----------
    name : str
        Its name: what the table, the expression language and error messages call it.
    compute : callable
        The NumPy function: arrays in, array out.
    notation : Notation, optional
        How it is written; by default ``name(x, …)``.
    sign : str, optional
        Short form for a node in a picture (micrograd's ``_op``), by default the name.
    doc : str, optional
        One sentence with the formula that it computes.
    """

    simplify: Callable[..., Any] | None = None
    defaults: tuple[Any, ...] = ()
    partials: tuple[Formula, ...] = ()
    pull_arrays: Callable[..., None] | None = None
    """For arrays, where there is a faster way than `vjp`: ``(node, g, cotangents, give)``
    calls ``give(input, cotangent)``, which adds to `cotangents`."""

    uses_output = True
    """Whether the derivative needs the numbers of the output."""
    uses_inputs: tuple[bool, ...] = (True, True)
    """Whether it needs those of each input."""

    def __init__(
        self,
        name: str,
        compute: Formula,
        *,
        notation: Notation | None = None,
        sign: str | None = None,
        doc: str = "",
    ) -> None:
        if name in BUILT_IN:
            raise ValueError(f"a rule named {name!r} exists already; choose another name")
        self.name = name
        self.compute = compute
        self.notation = notation or function(name)
        self.sign = sign or name
        self.__doc__ = doc or None
        self.__name__ = name
        RULES[name] = self
        if isinstance(compute, np.ufunc):
            _BY_UFUNC.setdefault(compute, self)

    def __call__(self, *inputs: Any, **static: Any) -> Any:
        if self.defaults:
            inputs = self.complete(inputs)
        kind = leading_kind(inputs)
        if kind is None:
            return self.evaluate(*inputs, **static)
        return kind._apply(self, inputs, **static)

    def __repr__(self) -> str:
        return f"<rule {self.name}>"

    def __reduce__(self) -> Any:
        return rule_named, (self.name,)

    def complete(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """`inputs` with the defaults for those left out."""
        missing = len(self.partials) - len(inputs)
        return inputs + self.defaults[-missing:] if 0 < missing <= len(self.defaults) else inputs

    def partial(self, i: int, y: Any, inputs: Sequence[Any]) -> Any:
        """∂y/∂(i-th input) evaluated at these; with symbols, the formula to print. ``None`` if there is none."""
        return None

    def evaluate(self, *inputs: Any, **static: Any) -> Any:
        """The operation on plain numbers and arrays."""
        return self.compute(*inputs, **static)

    def vjp(
        self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]
    ) -> Sequence[Any]:
        """The cotangents of the inputs numbered `wanted`, given the cotangent `g` of the output `y`."""
        raise NotImplementedError

    def jvp(
        self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Mapping[str, Any]
    ) -> Any:
        """The tangent of the output, given the tangents of some inputs by their number."""
        raise NotImplementedError

    def pull(self, node: Any) -> None:
        """Add the gradient of `node` to its inputs' (all Values or floats)."""
        inputs = node._origin[1:]
        wanted = [i for i, x in enumerate(inputs) if type(x) is not float]
        numbers = [plain(x) for x in inputs]
        for i, cotangent in zip(wanted, self.vjp(node.grad, node._data, numbers, wanted, {})):
            inputs[i].grad += float(cotangent)


class Elementwise(Rule):
    """A function of numbers, applied to each element; inputs broadcast against each other.

    Parameters
    ----------
    name, doc, notation, sign
        As for :class:`Rule`.
    scalar : callable
        The function on Python floats. Where it raises (``math.log(0)``), the NumPy function gives the
        IEEE value instead (−inf).
    array : callable
        The same function on arrays.
    partials : callables
        For each input its partial derivative ``(y, *inputs) -> ∂y/∂input`` as a formula.
    defaults : tuple
        Numbers that stand in for the last inputs where they are left out.
    simplify : callable, optional
        ``(*inputs) -> expression or None``: a shorter way to write a special case, for symbols.

    Examples
    --------
    >>> from autograd.rules import exp
    >>> exp(0.0), exp.partials[0](exp(0.0), 0.0)
    (1.0, 1.0)
    """

    on_complex: Formula | None = None
    """What to apply to complex numbers instead, for a function that is not holomorphic."""

    def __init__(
        self,
        name: str,
        scalar: Callable[..., float],
        array: Formula,
        *partials: Formula,
        notation: Notation | None = None,
        sign: str | None = None,
        doc: str = "",
        defaults: tuple[Any, ...] = (),
        simplify: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__(name, array, notation=notation, sign=sign, doc=doc)
        self.scalar = scalar
        self.partials = partials
        self.defaults = defaults
        self.simplify = simplify

    def __call__(self, *inputs: Any, **static: Any) -> Any:
        if self.on_complex is not None and is_complex(inputs[0]):
            return self.on_complex(*inputs)
        return super().__call__(*inputs, **static)

    def evaluate(self, *inputs: Any, **static: Any) -> Any:
        for x in inputs:
            if not isinstance(x, (float, int)) or isinstance(x, np.generic):
                return self.compute(*inputs, **static)
        return self.on_floats(*map(float, inputs))

    def partial(self, i: int, y: Any, inputs: Sequence[Any]) -> Any:
        return self.partials[i](y, *inputs)

    def pull(self, node: Any) -> None:
        """Add the gradient of `node`, times each partial, to its inputs' (all Values or floats).

        The first call compiles this for the rule and stands it in place of this method.
        """
        from autograd.rules.code import compile_pull

        self.__dict__["pull"] = compile_pull(self)
        self.pull(node)

    def on_floats(self, *inputs: float) -> float:
        """The value at Python floats, following IEEE: inf and nan, no exception."""
        try:
            return self.scalar(*inputs)
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                return float(self.compute(*map(np.float64, inputs)))

    def vjp(
        self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]
    ) -> Sequence[Any]:
        y, inputs = self._checked(y, inputs)
        if is_complex(y):
            return [times(g, conjugate(self.partials[i](y, *inputs))) for i in wanted]
        return [times(g, self.partials[i](y, *inputs)) for i in wanted]

    def jvp(
        self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Mapping[str, Any]
    ) -> Any:
        y, inputs = self._checked(y, inputs)
        total: Any = None
        for i, tangent in tangents.items():
            term = times(tangent, self.partials[i](y, *inputs))
            total = term if total is None else total + term
        return total


    def _checked(self, y: Any, inputs: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        """Output and inputs as the partials take them: Python's floats as NumPy's, which follow IEEE.

        A partial that is to be recorded must not leave the graph on its way (``math.cos(x)`` would).
        """
        if type(y) is float:
            return np.float64(y), list(map(np.float64, inputs))
        if getattr(type(y), "_dispatch_order", 0) == 1 and not self.symbolic:
            raise NoRuleError(
                f"the derivative of {self.name} is a formula for plain numbers, so it cannot be differentiated again; "
                "it has to be written over autograd's functions and operators, with autograd.where for choices"
            )
        return y, inputs

    @cached_property
    def symbolic(self) -> bool:
        """Whether the partials can be evaluated on symbols: printed, and recorded to be differentiated again."""
        symbols = list(map(Symbol, "abcdefgh"[: len(self.partials)]))
        try:
            for partial in self.partials:
                partial(Symbol("y"), *symbols)
        except (TypeError, ValueError, AttributeError):
            return False
        return True


def is_complex(x: Any) -> bool:
    """Whether x is an array or Tensor of complex numbers."""
    dtype = getattr(x, "dtype", None)
    return dtype is not None and dtype.kind == "c"


def conjugate(x: Any) -> Any:
    """The complex conjugate; x itself where that is real.

    The gradient of a real loss with respect to z = a + ib is ∂L/∂a + i·∂L/∂b. So a cotangent passes a
    linear map by its conjugate transpose, and a holomorphic function by its conjugated derivative.
    """
    return np.conjugate(x) if is_complex(x) or type(x) is complex else x


def times(g: Any, partial: Any) -> Any:
    """g·partial, where a constant partial of ±1 costs no multiplication."""
    if type(partial) is int:
        if partial == 1:
            return g
        if partial == -1:
            return -g
        if partial == 0 and isinstance(g, np.ndarray):  # also where g is infinite
            return np.zeros_like(g)
    return g * partial


class Linear(Rule):
    """An operation that is linear in each of its array inputs.

    Parameters
    ----------
    compute : callable
        ``(*inputs, **static) -> array``.
    adjoints : callables
        For each input ``(g, *inputs, **static) -> its cotangent``, a formula over NumPy functions that
        have rules themselves. With ``joint=True`` a single callable ``(g, i, *inputs, **static)`` for
        the i-th of any number of inputs.
    joint : bool
        The operation is linear in all inputs together (``concatenate``), not in each for fixed
        others (``matmul``).
    """

    def __init__(
        self,
        name: str,
        compute: Formula,
        *adjoints: Formula,
        joint: bool = False,
        notation: Notation | None = None,
        sign: str | None = None,
        doc: str = "",
    ) -> None:
        super().__init__(name, compute, notation=notation, sign=sign, doc=doc)
        self.adjoints = adjoints
        self.joint = joint
        self.uses_output = False

    def vjp(
        self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]
    ) -> Sequence[Any]:
        if self.joint:
            (adjoint,) = self.adjoints
            return [adjoint(g, i, *inputs, **static) for i in wanted]
        return [self.adjoints[i](g, *inputs, **static) for i in wanted]

    def jvp(
        self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Mapping[str, Any]
    ) -> Any:
        if self.joint:
            moved = [tangents[i] if i in tangents else np.zeros_like(plain(x)) for i, x in enumerate(inputs)]
            return self(*moved, **static)
        total: Any = None
        for i, tangent in tangents.items():
            term = self(*inputs[:i], tangent, *inputs[i + 1 :], **static)
            total = term if total is None else total + term
        return total


class General(Rule):
    """An operation known by its vector-Jacobian product.

    Parameters
    ----------
    compute : callable
        ``(*inputs, **static) -> array``.
    vjp : callable
        ``(g, y, *inputs, **static) -> tuple`` with the cotangent of each input (``None`` for one that
        has no derivative), linear in g, written over NumPy functions that have rules.
    notation, sign, doc
        As for :class:`Rule`.

    Notes
    -----
    The tangent needs no second formula: the graph's forward pass gets it out of the vjp.
    """

    def __init__(
        self,
        name: str,
        compute: Formula,
        vjp: Formula,
        *,
        notation: Notation | None = None,
        sign: str | None = None,
        doc: str = "",
    ) -> None:
        super().__init__(name, compute, notation=notation, sign=sign, doc=doc)
        self.formula = vjp

    def vjp(
        self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]
    ) -> Sequence[Any]:
        cotangents = self.formula(g, y, *inputs, **static)
        return [cotangents[i] for i in wanted]
