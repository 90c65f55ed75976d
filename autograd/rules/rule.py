"""What a rule is: one operation, how to compute it, its derivative as a formula, how to print it.

A derivative is written once, over operators and other rules, and evaluated on whatever is passed in:
floats and arrays give numbers, Values and Tensors give a new recorded graph (hence every order),
symbols give a tree, which is printed, or compiled. The families:

* :class:`Elementwise`: one partial derivative per input (``tanh``: 1 − y²).
* :class:`Nary`: the same for any number of inputs (:mod:`autograd.rules.nary`).
* :class:`Linear`: linear in each input, or in all together (``sum``, ``matmul``). The adjoint is a
  formula over operations of the family; the tangent is the operation itself (:mod:`autograd.rules.arrays`).
* :class:`General`: anything else, by its vector-Jacobian product; its tangent is derived from that.
"""

from __future__ import annotations

import inspect
import operator
from functools import cached_property, reduce
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd import core
from autograd.errors import NoRuleError
from autograd.node import Node, plain
from autograd.rules import code, code_of_arrays
from autograd.rules.careful import careful, carefully
from autograd.rules.expressions import Symbol, compound, derivative, evaluate, parts
from autograd.rules.signatures import refuse_wrong_count, takes_settings
from autograd.rules.table import RULES, rule_named
from autograd.rules.typeset import Notation, function
from autograd.types import Settings

Formula = Callable[..., Any]


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
    """One operation. Calling it applies it to numbers, arrays, Values, Tensors or symbols.

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

    Examples
    --------
    >>> from autograd import Rule, tanh
    >>> isinstance(tanh, Rule), tanh.name, tanh(0.0)
    (True, 'tanh', 0.0)
    """

    simplify: Formula | None = None
    write_choice: Formula | None = None
    """For rules that compute only the branch that is chosen: how they are written as code."""
    defaults: tuple[Any, ...] = ()
    on_complex: Formula | None = None
    """What to apply to complex numbers instead, for a function that is not holomorphic."""
    partials: tuple[Formula, ...] = ()
    pull_arrays: Callable[..., None] | None = None
    """For arrays, where there is a faster way than `vjp`: ``(node, g, cotangents, give)``
    calls ``give(input, cotangent)``, which adds to `cotangents`."""

    uses_output = True
    """Whether the derivative needs the numbers of the output."""
    uses_inputs: tuple[bool, ...] = (True, True)
    """Whether it needs those of each input."""
    own_dtype: tuple[int, ...] = ()
    """The inputs that no arithmetic is done with (a condition, a whole exponent): constants there keep their dtype."""

    compute: Formula

    def __init__(
        self, name: str, compute: Formula, *, notation: Notation | None = None, sign: str | None = None, doc: str = ""
    ) -> None:
        self.name = name
        self.compute = compute
        self.notation = notation or function(name)
        self.sign = sign or name
        self.doc = self.__doc__ = doc or None
        self.__name__ = name

    @core.caller
    def __call__(self, *inputs: Any, **static: Any) -> Any:
        if self.on_complex is not None and is_complex(inputs[0]):
            return self.on_complex(*inputs, **static)
        if self.defaults:
            inputs = self.complete(inputs)
        kind = leading_kind(inputs)
        if kind is None:
            return self.evaluate(*inputs, **static)
        return kind._apply(self, inputs, **static)

    def __repr__(self) -> str:
        return f"<rule {self.name}>"

    def __copy__(self) -> Rule:
        return self

    def __deepcopy__(self, memo: Any) -> Rule:
        return self

    def __reduce__(self) -> Any:
        if RULES.get(self.name) is not self:
            raise TypeError(
                f"the rule {self.name} is pickled by its name, so it has to be in the table: "
                "autograd.register(rule), where it is defined"
            )
        return rule_named, (self.name,)

    @property
    def compute_into(self) -> Formula | None:
        """What computes it into the memory of another array (``out=``), where there is such a function."""
        return self.compute if isinstance(self.compute, np.ufunc) else None

    def notation_of(self, static: Settings) -> Notation:
        """How it is written with these settings."""
        return self.notation

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

    def vjp(self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Settings) -> Sequence[Any]:
        """The cotangents of the inputs numbered `wanted`, given the cotangent `g` of the output `y`."""
        raise NotImplementedError

    def jvp(self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Settings) -> Any:
        """The tangent of the output, given the tangents of some inputs by their number."""
        raise NotImplementedError

    def pull(self, node: Any) -> None:
        """Add the gradient of `node` to its inputs' (all Values or floats)."""
        code.pull_carefully(self, node)


class OfNumbers(Rule):
    """A rule for Values too: it computes with Python's floats, and has a slope for each input."""

    scalar: Callable[..., float]
    _program: Any = None
    """What the compiled core makes of it."""

    def evaluate(self, *inputs: Any, **static: Any) -> Any:
        for x in inputs:
            if static or not isinstance(x, (float, int)) or isinstance(x, np.generic):
                return self.compute(*inputs, **static)
        return self.on_floats(*map(float, inputs))

    def on_floats(self, *inputs: float) -> float:
        """The value at Python floats, following IEEE: inf and nan, no exception."""
        try:
            if not careful.get():
                return float(self.scalar(*inputs))  # NumPy's own functions give NumPy's numbers
        except (ArithmeticError, ValueError):
            pass
        return carefully(self.compute, inputs)

    def slopes(self, wanted: Sequence[int], y: Any, inputs: Sequence[Any], static: Settings) -> Sequence[Any]:
        """∂y/∂input of the inputs numbered `wanted`."""
        raise NotImplementedError

    def vjp(self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Settings) -> Sequence[Any]:
        return [times(g, slope) for slope in self.slopes(wanted, y, inputs, static)]

    def jvp(self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Settings) -> Any:
        terms = map(times, tangents.values(), self.slopes(tuple(tangents), y, inputs, static))
        return reduce(operator.add, terms)


class Elementwise(OfNumbers):
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
        For each input its partial derivative ``(y, *inputs) -> ∂y/∂input`` as a formula. It is read once, at the
        first use: what it takes from outside must not change after that.
    defaults : tuple
        Numbers that stand in for the last inputs where they are left out.
    simplify : callable, optional
        ``(*inputs) -> expression or None``: a shorter way to write a special case, for symbols.
    javascript : str, optional
        What it computes, as an expression of JavaScript in the inputs a, b, c …: ``"a * a"``. The live page needs it,
        unless `scalar` is a function of Python's ``math``.

    Raises
    ------
    TypeError
        If there are not as many partials as inputs, or a partial does not take the output and every input.

    Examples
    --------
    >>> from autograd import exp
    >>> exp(0.0), exp.partials[0](exp(0.0), 0.0)
    (1.0, 1.0)
    """

    arrays_only = False
    """Whether it is for Tensors alone: no method of Value, no word of the language of programs."""

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
        simplify: Formula | None = None,
        javascript: str | None = None,
    ) -> None:
        super().__init__(name, array, notation=notation, sign=sign, doc=doc)
        self.javascript = javascript
        self.scalar = scalar
        self.partials = partials
        self.defaults = defaults
        self.simplify = simplify
        refuse_wrong_count(name, scalar, partials)

    # --- the derivative ----------------------------------------------------------------------------------

    def partial(self, i: int, y: Any, inputs: Sequence[Any]) -> Any:
        return self.partials[i](y, *inputs)

    def slope(self, i: int, y: Any, *inputs: Any, **static: Any) -> Any:
        """∂y/∂input of whatever is passed in."""
        if not isinstance(y, Symbol) and self._reckons_with_truths:
            names = (code.OUTPUT, *self.symbols)
            return evaluate(self.partials[i](*names), dict(zip(names, (y, *inputs))))
        return self.partials[i](y, *inputs, **static)

    @cached_property
    def _reckons_with_truths(self) -> bool:
        """Whether a partial adds or multiplies truth values, which arrays do otherwise than numbers; its tree knows."""
        return any(part.rule is RULES["truth"] for tree in self.cotangents or () for part in parts(tree))

    def cotangent(self, i: int, g: Any, y: Any, *inputs: Any, **static: Any) -> Any:
        """What `g` becomes on its way from the output to the i-th input: g·∂y/∂input, of whatever is passed in."""
        partial = self.slope(i, y, *inputs, **static)
        return times(g, conjugate(partial) if is_complex(y) else partial)

    def vjp(self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Settings) -> Sequence[Any]:
        y, inputs = self._checked(y, inputs)
        return [self.cotangent(i, g, y, *inputs, **static) for i in wanted]

    def slopes(self, wanted: Sequence[int], y: Any, inputs: Sequence[Any], static: Settings) -> Sequence[Any]:
        y, inputs = self._checked(y, inputs)
        return [self.slope(i, y, *inputs, **static) for i in wanted]

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

    # --- read as trees ------------------------------------------------------------------------------------

    def tree(self, *inputs: Any) -> Any:
        """What the rule computes, as an expression."""
        return compound(self, inputs)

    @property
    def symbols(self) -> Sequence[Symbol]:
        """The names of its inputs in expressions."""
        return code.INPUTS[: len(self.partials)]

    @cached_property
    def cotangents(self) -> Sequence[Any] | None:
        """The cotangent of each input, as an expression; ``None`` if a formula cannot be evaluated on symbols."""
        try:
            return [self.cotangent(i, code.COTANGENT, code.OUTPUT, *self.symbols) for i in range(len(self.partials))]
        except (TypeError, ValueError, AttributeError):
            return None

    @property
    def symbolic(self) -> bool:
        """Whether the partials can be evaluated on symbols: printed, and recorded to be differentiated again."""
        return self.cotangents is not None

    @cached_property
    def uses_output(self) -> bool:  # type: ignore[override]  # made when it is first asked for
        """Whether the derivative needs the numbers of the output."""
        return self.cotangents is None or any(code.OUTPUT in parts(one) for one in self.cotangents)

    @cached_property
    def uses_inputs(self) -> tuple[bool, ...]:  # type: ignore[override]  # made when it is first asked for
        """Whether it needs those of each input."""
        found = self.cotangents
        return tuple(found is None or any(x in parts(one) for one in found) for x in self.symbols)

    @cached_property
    def pull(self) -> Callable[[Any], None]:
        """``pull(node)`` adds the gradient of `node`, times each partial, to its inputs' (all Values or floats)."""
        if self.cotangents is None:
            return lambda node: code.pull_carefully(self, node)
        return code.pull(self, self.cotangents)

    @cached_property
    def pull_arrays(self) -> Callable[..., None] | None:  # type: ignore[override]  # made when it is first asked for
        """For arrays: ``(node, g, cotangents, give)`` gives each input its cotangent, g times the partial."""
        if self.cotangents is None or any(map(takes_settings, self.partials)):
            return None
        return code_of_arrays.pull_arrays(self, self.cotangents)


class Composite(Elementwise):
    """An elementwise rule whose value is a formula over other rules too. It is one node all the same.

    Parameters
    ----------
    name : str
        The word for it in the table, in messages and in pictures.
    formula : callable
        ``(*inputs) -> y`` over operators and other rules.
    partials : callables, optional
        As for :class:`Elementwise`, where they are shorter or more accurate than what the chain rule makes
        of the formula.
    array : callable, optional
        A NumPy function that computes the same.
    **options
        notation, sign, doc and defaults, as for :class:`Elementwise`.

    Examples
    --------
    >>> from autograd import Symbol, sigmoid
    >>> swish = Composite("swish", lambda x: x * sigmoid(x), doc="x·σ(x).")
    >>> swish(0.0), swish.partial(0, Symbol("y"), [Symbol("x")]).text()
    (0.0, 'σ(x) + x·σ(x)·(1 − σ(x))')
    """

    def __init__(
        self, name: str, formula: Formula, *partials: Formula, array: Formula | None = None, **options: Any
    ) -> None:
        parameters = inspect.signature(formula).parameters.values()
        options.setdefault("defaults", tuple(p.default for p in parameters if p.default is not p.empty))
        partials = partials or tuple(map(self._derived, range(len(parameters))))
        super().__init__(name, formula, array or formula, *partials, **options)
        self.formula = formula
        # What is not given is compiled when it is first asked for: the formula may be over rules defined later.
        del self.scalar
        if array is None:
            del self.compute

    def tree(self, *inputs: Any) -> Any:
        return self.formula(*inputs)

    def _derived(self, i: int) -> Formula:
        return lambda y, *inputs: evaluate(self._slopes[i], dict(zip(self.symbols, inputs)))

    @cached_property
    def _slopes(self) -> Sequence[Any]:
        return [derivative(self.tree(*self.symbols), x) for x in self.symbols]

    @cached_property
    def scalar(self) -> Callable[..., float]:  # type: ignore[override]  # made when it is first asked for
        return self._compiled(arrays=False)

    @cached_property
    def compute(self) -> Formula:  # type: ignore[override]  # made when it is first asked for
        return self._compiled(arrays=True)

    @cached_property
    def compute_into(self) -> Formula | None:
        if isinstance(self.compute, np.ufunc):
            return self.compute
        return code_of_arrays.function_into(self.name, self.tree(*self.symbols), self.symbols)

    def _compiled(self, arrays: bool) -> Formula:
        tree = self.tree(*self.symbols)
        if not isinstance(tree, Symbol):
            raise TypeError(f"{self.name}: the formula is {tree!r} whatever the inputs; a constant needs no rule")
        return code.function_of(self.name, tree, self.symbols, arrays)


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
    """g·partial, where a constant partial of ±1 costs no multiplication, and one of 0 gives 0 of any g."""
    if type(partial) is int:
        if partial == 1:
            return g
        if partial == -1:
            return -g
        if partial == 0 and isinstance(g, float):
            return 0.0
        if partial == 0 and isinstance(g, Node):
            return g._leaf(np.zeros_like(plain(g)))
        if partial == 0 and hasattr(g, "dtype"):
            return np.zeros_like(g)
    if isinstance(partial, Symbol) and partial.rule is RULES["neg"]:
        return -times(g, partial.args[0])
    if isinstance(partial, Symbol) and partial.rule is RULES["div"] and type(partial.args[0]) is int:
        return times(g, partial.args[0]) / partial.args[1]  # g/x is rounded once, g·(1/x) twice
    return g * partial
