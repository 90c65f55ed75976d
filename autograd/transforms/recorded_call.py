"""One recorded call of a function: what every transform starts from."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd import modes, pytrees
from autograd.functions.register import holds_complex, is_other_array, size_of
from autograd.graph import ancestors
from autograd.leaving import differentiating
from autograd.node import Node, plain, stored, tick
from autograd.rules.elementwise import identity
from autograd.rules.rule import is_complex
from autograd.tensor import Tensor
from autograd.tensor.complexes import where_complex
from autograd.tensor.operands import leaf_of, seed_like
from autograd.value import Value
from autograd.walks import pull_back

Function = Callable[..., Any]


class RecordedCall:
    """One recorded call of a function: its fresh variables, its outputs, and the graph between them."""

    def __init__(
        self, f: Function, args: Sequence[Any], kwargs: Mapping[str, Any], argnums: Any, has_aux: bool
    ) -> None:
        self.single = not isinstance(argnums, (tuple, list))
        places = _places((argnums,) if self.single else tuple(argnums), len(args), f)
        self.primals = [args[i] for i in places]
        self.given = pytrees.leaves(self.primals)
        started = tick()
        with modes.enabled():
            self.variables = [_variable(x) for x in self.given]
            fresh = pytrees.rebuild(self.primals, list(self.variables))
            called = list(args)
            for place, x in zip(places, fresh):
                called[place] = x
            with differentiating(self.variables):
                self.output = f(*called, **kwargs)
        self.aux = None
        if has_aux:
            if not (isinstance(self.output, tuple) and len(self.output) == 2):
                raise TypeError("with has_aux=True the function has to return a pair (output, aux)")
            self.output, self.aux = self.output
        self.outputs = pytrees.leaves(self.output)
        self.nodes = [y for y in self.outputs if isinstance(y, Node)]
        if len(self.nodes) < len(self.outputs):
            _check_constants(self.outputs, f)
        self.history = ancestors(*self.nodes)
        self.started = started
        self.nested = self._uses_others(self.history[1])

    def _uses_others(self, leaves: Sequence[Node]) -> bool:
        """Whether `leaves` hold variables of somebody else, that is, from before: not what the function itself made."""
        own = set(self.variables)
        return modes.recording() and any(leaf not in own and leaf._time < self.started for leaf in leaves)

    def scalar(self) -> Any:
        """The output, which has to be a single real number."""
        y = self.output
        structured = isinstance(y, (list, tuple, dict))
        if structured or size_of(stored(y)) != 1:
            what = type(y).__name__ if structured else f"shape {np.shape(stored(y))}"
            raise ValueError(
                f"grad needs a function with a scalar output, not {what}; use jacobian or elementwise_grad, "
                "or reduce the output"
            )
        if holds_complex(stored(y)):
            raise ValueError(f"grad needs a real output; this one is {where_complex(y)}")
        return y

    def cotangents(self, seeds: Mapping[Node, Any], nested: bool = False) -> list[Any]:
        """The cotangents of the variables, zeros where nothing arrives; recorded if the seeds are `nested` too."""
        nested = nested or self.nested
        pulled = pull_back(seeds, self.variables, create_graph=nested, history=self.history) if seeds else {}
        results = [like(x, pulled.get(v), v) for x, v in zip(self.given, self.variables)]
        # x + y pulls one array back to both: who adds to the one must not change the other.
        for i, g in enumerate(results):
            if (isinstance(g, np.ndarray) or is_other_array(g)) and any(g is earlier for earlier in results[:i]):
                results[i] = g.copy()
        return results

    def shaped(self, per_variable: list[Any]) -> Any:
        """One result per variable, in the form of the arguments."""
        results = pytrees.rebuild(self.primals, per_variable)
        return results[0] if self.single else tuple(results)

    def plain_output(self) -> Any:
        """The output as the caller gets it: plain, unless other variables are in play."""
        return self.output if self.nested else pytrees.mapped(_handed_out, self.output)

    def plain_aux(self) -> Any:
        """The same for aux, which may have been made from other variables than the output."""
        parts = [p for x in pytrees.leaves(self.aux) for p in (x.flat if _is_box(x) else (x,)) if isinstance(p, Node)]
        return self.aux if self._uses_others(ancestors(*parts)[1]) else pytrees.mapped(_handed_out, self.aux)


def check_function(transform: str, f: Any) -> None:
    """Raise if what is to be differentiated is no function."""
    if not callable(f):
        cure = f"; write {transform}(f)(x), not {transform}(f(x))" if isinstance(f, (Node, float, np.ndarray)) else ""
        raise TypeError(f"{transform} takes a function, not {f!r:.60} ({type(f).__name__}){cure}")


def _places(argnums: Sequence[int], count: int, f: Function) -> list[int]:
    places = []
    for i in argnums:
        if not isinstance(i, (int, np.integer)) or not -count <= i < count:
            name = getattr(f, "__name__", "the function")
            raise ValueError(f"argnums: {name} was called with {count} positional arguments, so there is no {i!r}")
        places.append(int(i) % count)
    if len(set(places)) < len(places):
        raise ValueError(f"argnums: {tuple(argnums)} names an argument twice")
    return places


def _check_constants(outputs: Sequence[Any], f: Function) -> None:
    """A constant output has a derivative, 0; a forgotten ``return`` has none."""
    for y in outputs:
        if not isinstance(y, Node) and not is_other_array(y) and np.asarray(y).dtype.kind not in "biufc":
            name = getattr(f, "__name__", "the function")
            advice = "does it lack a return?" if y is None else "return numbers, arrays, or lists and dicts of them"
            raise TypeError(f"{name} returned {y!r:.60}, which has no derivative: {advice}")


def _variable(x: Any) -> Any:
    """A fresh variable with the number or array `x`; one that remembers `x` if that is a variable."""
    if isinstance(x, Node):
        return identity(x)
    if isinstance(x, (str, bytes)) or x is None:
        raise TypeError(f"cannot differentiate with respect to {x!r}: choose arguments that are numbers with argnums")
    return leaf_of(np.complex128(x) if type(x) is complex else x)


def like(x: Any, g: Any, variable: Node) -> Any:
    """A derivative `g` (``None`` for 0) as it is returned for an argument given as `x`."""
    if g is None:
        g = 0.0 if isinstance(variable, Value) else np.zeros_like(variable._data)
    if isinstance(g, Node):
        return g
    if isinstance(x, Value):
        return Value(g)
    if isinstance(x, Tensor):
        return leaf_of(g)
    if isinstance(x, (float, int)):
        return float(g)
    if isinstance(x, complex):
        return complex(g)
    if is_other_array(g):
        return g
    g = np.asarray(g)
    return g if g.base is None and g.flags.writeable else g.copy()


def _is_box(x: Any) -> bool:
    """Whether `x` is an array of objects, which may be Values and Tensors."""
    return isinstance(x, np.ndarray) and x.dtype == object


def _handed_out(y: Any) -> Any:
    """An output as a plain number, or as an array of the caller's own."""
    if _is_box(y):
        return np.frompyfunc(_handed_out, 1, 1)(y)
    if not isinstance(y, Node):
        return y
    if isinstance(y, Value):
        return y.data
    data = plain(y)
    if is_other_array(data):
        return data
    if not data.ndim and data.dtype == np.float64:
        return float(data)
    return np.array(data) if isinstance(data, np.ndarray) and not (data.base is None and data.flags.writeable) else data


def copied(tree: Any) -> Any:
    """A structure whose arrays are the caller's no longer."""
    return pytrees.mapped(lambda x: x.copy() if isinstance(x, np.ndarray) else x, tree)


def one(y: Node) -> Any:
    """The cotangent of a scalar, or of a sum: ones."""
    if isinstance(y, Value):
        return 1.0
    data = y._data
    return np.ones_like(data) if is_other_array(data) else np.ones(data.shape, data.dtype)


def seed_of(y: Node, g: Any) -> Any:
    """A cotangent for output `y`, or a tangent of variable `y`, checked."""
    if holds_complex(plain(g)) and not is_complex(y):
        raise ValueError("a complex cotangent or tangent was given for real numbers; pass its real part")
    if isinstance(g, Node):
        g_shape = np.shape(stored(g))
    else:
        g = float(g) if isinstance(y, Value) else seed_like(y._data, g)  # it may come out as a result
        g_shape = np.shape(g)
    if g_shape != np.shape(stored(y)):
        raise ValueError(
            f"the cotangent or tangent has shape {g_shape}, but what it belongs to has shape {np.shape(stored(y))}"
        )
    return g
