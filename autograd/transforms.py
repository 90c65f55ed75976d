"""Functions in, derivatives out: grad, vjp, jvp, jacobian, hessian and their kin.

Each records the function once, on fresh variables, and walks that graph backward or forward. Where the
result still depends on other variables (those of an enclosing derivative, or Tensors and Values that
the function uses from outside), it is itself recorded, so that derivatives nest freely and no gradient
goes missing; else it is plain numbers and arrays.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from autograd import modes, pytrees
from autograd.graph import ancestors, where_complex
from autograd.node import Node, plain, tick
from autograd.rules.elementwise import identity
from autograd.rules.rule import General, is_complex
from autograd.rules.typeset import function
from autograd.tensor.tensor import COPIED_BYTES, Tensor, leaf_of, record
from autograd.value import Value
from autograd.walks import pull_back, push_forward

Function = Callable[..., Any]


class _Recorded:
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
            self.variables = [_variable(x, i) for i, x in enumerate(self.given)]
            fresh = pytrees.rebuild(self.primals, list(self.variables))
            called = list(args)
            for place, x in zip(places, fresh):
                called[place] = x
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
        own = set(self.variables)
        # Whatever else the outputs were made from is a variable too, to be differentiated by somebody else;
        # not so what the function itself made.
        self.nested = modes.recording() and any(
            leaf not in own and leaf._time < started for leaf in self.history[1]
        )

    def scalar(self) -> Any:
        """The output, which has to be a single real number."""
        y = self.output
        structured = isinstance(y, (list, tuple, dict))
        if structured or np.size(plain(y)) != 1:
            what = type(y).__name__ if structured else f"shape {np.shape(plain(y))}"
            raise ValueError(
                f"grad needs a function with a scalar output, not {what}; use jacobian or elementwise_grad, "
                "or reduce the output"
            )
        if np.asarray(plain(y)).dtype.kind == "c":
            raise ValueError(f"grad needs a real output; this one is {where_complex(y)}")
        return y

    def cotangents(self, seeds: Mapping[Node, Any], nested: bool = False) -> list[Any]:
        """The cotangents of the variables, zeros where nothing arrives; recorded if the seeds are `nested` too."""
        nested = nested or self.nested
        pulled = pull_back(seeds, self.variables, create_graph=nested, history=self.history) if seeds else {}
        results = [_like(x, pulled.get(v), v) for x, v in zip(self.given, self.variables)]
        # x + y pulls one array back to both: who adds to the one must not change the other.
        for i, g in enumerate(results):
            if isinstance(g, np.ndarray) and any(g is earlier for earlier in results[:i]):
                results[i] = g.copy()
        return results

    def shaped(self, per_variable: list[Any]) -> Any:
        """One result per variable, in the form of the arguments."""
        results = pytrees.rebuild(self.primals, per_variable)
        return results[0] if self.single else tuple(results)

    def plain(self, tree: Any) -> Any:
        """Outputs as the caller gets them: plain, unless other variables are in play."""
        return tree if self.nested else pytrees.mapped(_released, tree)


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
        if not isinstance(y, Node) and np.asarray(y).dtype.kind not in "biufc":
            name = getattr(f, "__name__", "the function")
            advice = "does it lack a return?" if y is None else "return numbers, arrays, or lists and dicts of them"
            raise TypeError(f"{name} returned {y!r:.60}, which has no derivative: {advice}")


def _variable(x: Any, i: int) -> Any:
    """A fresh variable with the number or array `x`; one that remembers `x` if that is a variable."""
    if isinstance(x, Node):
        return identity(x)
    if isinstance(x, (str, bytes)) or x is None:
        raise TypeError(f"cannot differentiate with respect to {x!r}: choose arguments that are numbers with argnums")
    return leaf_of(x)


def _like(x: Any, g: Any, variable: Node) -> Any:
    """A derivative as it is returned for an argument given as `x`."""
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
    g = np.asarray(g)
    return g if g.base is None and g.flags.writeable else g.copy()


def _released(y: Any) -> Any:
    """An output as a plain number, or as an array of the caller's own."""
    if not isinstance(y, Node):
        return y
    data = y._data
    if isinstance(y, Value) or (not data.ndim and data.dtype == np.float64):
        return float(data)
    return data.copy() if isinstance(data, np.ndarray) and not (data.base is None and data.flags.writeable) else data


def _copied(tree: Any) -> Any:
    return pytrees.mapped(lambda x: x.copy() if isinstance(x, np.ndarray) else x, tree)


def _one(y: Node) -> Any:
    return 1.0 if isinstance(y, Value) else np.ones(y._data.shape, y._data.dtype)


def _seed(y: Node, g: Any) -> Any:
    """A cotangent for output `y`, or a tangent of variable `y`, checked."""
    if np.iscomplexobj(plain(g)) and not is_complex(y):
        raise ValueError("a complex cotangent or tangent was given for real numbers; pass its real part")
    if isinstance(g, Node):
        g_shape = np.shape(plain(g))
    else:
        g = float(g) if isinstance(y, Value) else np.array(g, dtype=y._data.dtype)  # it may come out as a result
        g_shape = np.shape(g)
    if g_shape != np.shape(plain(y)):
        raise ValueError(
            f"the cotangent or tangent has shape {g_shape}, but what it belongs to has shape {np.shape(plain(y))}"
        )
    return g


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Function:
    """A function that returns f's value and its gradient.

    Parameters
    ----------
    f : callable
        Of numbers, arrays, Values, Tensors, or nested lists, tuples and dicts of them; its output is a
        scalar.
    argnums : int or sequence of int
        Which positional arguments to differentiate with respect to.
    has_aux : bool
        f returns ``(output, aux)``; aux is passed through.

    Returns
    -------
    callable
        ``(*args) -> (value, gradient)``, with ``((value, aux), gradient)`` if `has_aux`. The gradient has the form
        of the argument (a tuple of such for several), and its dtypes.

    Raises
    ------
    ValueError
        If the output is no real scalar, or `argnums` names no argument.

    Examples
    --------
    >>> import numpy as np
    >>> value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    (5.0, array([2., 4.]))
    """

    @wraps(f)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        call = _Recorded(f, args, kwargs, argnums, has_aux)
        y = call.scalar()
        gradient = call.shaped(call.cotangents({y: _one(y)} if isinstance(y, Node) else {}))
        value = call.plain(y)
        return ((value, call.plain(call.aux)), gradient) if has_aux else (value, gradient)

    return derivative


def grad(f: Function, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Function:
    """The gradient of a scalar function: ``grad(f)(x)`` has the form of x. Nests to any order.

    Parameters and errors as for :func:`value_and_grad`; with `has_aux` it returns ``(gradient, aux)``.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import tanh
    >>> round(grad(grad(grad(tanh)))(0.5), 6)     # third derivative
    -0.565209
    >>> grad(lambda w: np.sum(w["a"] * w["b"]))({"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])})
    {'a': array([3., 4.]), 'b': array([1., 2.])}
    """
    both = value_and_grad(f, argnums, has_aux)

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, g = both(*args, **kwargs)
        return (g, value[1]) if has_aux else g

    return gradient


def elementwise_grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The derivative of a function that works element by element, at every element at once.

    For y = f(x) with each yᵢ depending on xᵢ alone it returns all ∂yᵢ/∂xᵢ (in general: the gradient of
    the sum of the output).

    Examples
    --------
    >>> import numpy as np
    >>> elementwise_grad(np.tanh)(np.array([0.0, 1.0])).round(4)
    array([1.  , 0.42])
    """

    @wraps(f)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        call = _Recorded(f, args, kwargs, argnums, False)
        for y in filter(is_complex, call.nodes):
            raise ValueError(f"elementwise_grad needs a real output; this one is {where_complex(y)}")
        return call.shaped(call.cotangents({y: _one(y) for y in call.nodes}))

    return derivative


def vjp(f: Function, *primals: Any, has_aux: bool = False) -> Any:
    """f's output, and the function that pulls a cotangent of it back: u ↦ Jᵀu.

    Parameters
    ----------
    f : callable
    *primals
        The arguments; all are differentiated.
    has_aux : bool
        f returns ``(output, aux)``.

    Returns
    -------
    output, pull
        ``pull(u)``, u in the form of the output, returns a tuple with one cotangent per argument. Can be
        called any number of times. With `has_aux` a third result, aux.

    Examples
    --------
    >>> import numpy as np
    >>> y, pull = vjp(lambda x, w: x @ w, np.array([[1.0, 2.0]]), np.array([3.0, 4.0]))
    >>> y, pull(np.array([1.0]))
    (array([11.]), (array([[3., 4.]]), array([1., 2.])))
    """
    # The recorded graph outlives this call: what the caller does later to the arrays, or to the output, is no concern.
    call = _Recorded(f, _copied(list(primals)), {}, tuple(range(len(primals))), has_aux)

    def pull(cotangent: Any) -> Any:
        given = pytrees.leaves(cotangent)
        if len(given) != len(call.outputs):
            raise ValueError(f"the cotangent has {len(given)} parts, but the output has {len(call.outputs)}")
        seeds: dict[Node, Any] = {}
        for y, g in zip(call.outputs, given):
            if isinstance(y, Node):
                g = _seed(y, g)
                seeds[y] = seeds[y] + g if y in seeds else g
        return call.shaped(call.cotangents(seeds, any(isinstance(g, Node) for g in given)))

    output = _copied(call.plain(call.output))
    return (output, pull, _copied(call.plain(call.aux))) if has_aux else (output, pull)


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False) -> Any:
    """f's output and its directional derivative J·v, by forward mode.

    Parameters
    ----------
    f : callable
    primals, tangents : sequences of equal form
        The arguments, and the direction in which each moves.
    has_aux : bool
        f returns ``(output, aux)``; aux is the third result.

    Returns
    -------
    output, tangent
        Of the same form.

    Raises
    ------
    ValueError
        If primals and tangents differ in form or shape.

    Examples
    --------
    >>> import numpy as np
    >>> jvp(np.sin, (np.array([0.0, 1.0]),), (np.array([1.0, 2.0]),))[1].round(4)
    array([1.    , 1.0806])
    """
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise TypeError("jvp takes primals and tangents as tuples: jvp(f, (x,), (v,))")
    call = _Recorded(f, primals, {}, tuple(range(len(primals))), has_aux)
    moves = pytrees.leaves(list(tangents))
    if len(moves) != len(call.variables):
        raise ValueError(f"{len(call.variables)} numbers and arrays are given as primals, but {len(moves)} as tangents")
    nested = call.nested or any(isinstance(v, Node) for v in moves)
    known = {x: _seed(x, v) for x, v in zip(call.variables, moves)}
    pushed = push_forward(call.history[0], known, create_graph=nested)
    results = [
        _like(plain(y) if not nested else y, pushed.get(y), y) if isinstance(y, Node) else np.zeros_like(y) * 1.0
        for y in call.outputs
    ]
    results = [float(t) if isinstance(t, np.ndarray) and not t.ndim and t.dtype == float else t for t in results]
    tangent = pytrees.rebuild(call.output, results)
    output = call.output if nested else call.plain(call.output)
    return (output, tangent, call.plain(call.aux)) if has_aux else (output, tangent)


def jacobian(f: Function, argnums: int | Sequence[int] = 0, mode: str | None = None) -> Function:
    """The Jacobian: all ∂yᵢ/∂xⱼ, of shape ``y.shape + x.shape``.

    Parameters
    ----------
    f : callable
        Of numbers, arrays or nested structures of them, with such an output.
    argnums : int or sequence of int
        As for :func:`grad`.
    mode : {"forward", "reverse"}, optional
        How to compute it; by default whichever needs fewer passes (one per input, or one per output).

    Returns
    -------
    callable
        Same arguments as f. For a structured output the result has its form, and within that the form of
        the argument.

    Raises
    ------
    ValueError
        If `mode` is something else.

    Examples
    --------
    >>> import numpy as np
    >>> jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """
    if mode not in (None, "forward", "reverse"):
        raise ValueError(f"mode is {mode!r}; choose 'forward' or 'reverse', or leave it out for the cheaper one")

    @wraps(f)
    def derivative(*args: Any, **kwargs: Any) -> Any:
        call = _Recorded(f, args, kwargs, argnums, False)
        if any(is_complex(x) for x in call.variables):
            raise ValueError("jacobian is for real arguments; take the real and the imaginary part as two")
        inputs = sum(np.size(plain(x)) for x in call.variables)
        outputs = sum(np.size(plain(y)) for y in call.outputs)
        forward = mode == "forward" or (mode is None and inputs < outputs)
        blocks = _by_columns(call) if forward else _by_rows(call)
        rows = [call.shaped([_like_block(x, block) for x, block in zip(call.given, row)]) for row in blocks]
        return pytrees.rebuild(call.output, rows)

    return derivative


def _like_block(x: Any, block: Any) -> Any:
    if not isinstance(block, Node) and np.ndim(block) == 0 and isinstance(x, (float, int)):
        return float(block)
    if isinstance(block, Node) or not isinstance(x, Node):
        return block
    return Value(float(block)) if isinstance(x, Value) and np.ndim(block) == 0 else leaf_of(block)


def _basis(x: Any) -> list[Any]:
    """Every unit vector in the shape of a node's data."""
    data = plain(x)
    if isinstance(x, Value):
        return [1.0]
    units = []
    for k in range(data.size):
        unit = np.zeros(data.size, data.dtype)
        unit[k] = 1
        units.append(unit.reshape(data.shape))
    return units


def _assembled(parts: list[Any], shape: tuple[int, ...], axis: int, dtype: Any) -> Any:
    if not parts:
        return np.zeros(shape, dtype)
    if shape == () and isinstance(parts[0], Node):
        return parts[0]
    return np.reshape(np.stack([_as_array(p) for p in parts], axis=axis), shape)


def _as_array(x: Any) -> Any:
    return x if isinstance(x, Tensor) else Tensor._apply(identity, (x,)) if isinstance(x, Value) else np.asarray(x)


def _by_rows(call: _Recorded) -> list[list[Any]]:
    blocks = []
    for y in call.outputs:
        pulled = []
        if isinstance(y, Node):
            for unit in _basis(y):
                pulled.append(_row(call, y, unit))
        row = []
        for x in call.variables:
            data = plain(x)
            shape = np.shape(plain(y)) + np.shape(data)
            parts = [p[x] if x in p else np.zeros_like(data) for p in pulled]
            row.append(_assembled(parts, shape, 0, getattr(data, "dtype", float)) if parts else np.zeros(shape))
        blocks.append(row)
    return blocks


def _row(call: _Recorded, y: Node, unit: Any) -> dict[Node, Any]:
    """One row of the Jacobian: the derivative of one number of y."""

    def pulled(seed: Any) -> dict[Node, Any]:
        return pull_back({y: seed}, call.variables, create_graph=call.nested, history=call.history)

    real = pulled(unit)
    if not is_complex(y):
        return real
    imaginary = pulled(1j * unit)  # the seed i pulls the gradient of the imaginary part back
    return {x: real[x] + 1j * imaginary[x] for x in real}


def _by_columns(call: _Recorded) -> list[list[Any]]:
    columns = []
    for x in call.variables:
        columns.append([push_forward(call.history[0], {x: unit}, create_graph=call.nested) for unit in _basis(x)])
    blocks = []
    for y in call.outputs:
        row = []
        for x, pushed in zip(call.variables, columns):
            data = plain(y)
            shape = np.shape(data) + np.shape(plain(x))
            parts = [p[y] if isinstance(y, Node) and y in p else np.zeros_like(data) for p in pushed]
            row.append(_assembled(parts, shape, -1, getattr(data, "dtype", float)))
        blocks.append(row)
    return blocks


def hessian(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The matrix of second derivatives of a scalar function, of shape ``x.shape + x.shape``.

    Examples
    --------
    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f, argnums), argnums, mode="reverse")


def hvp(f: Function, argnums: int = 0) -> Function:
    """Hessian times vector, ``(x, v) -> H(x)·v``, without building H.

    Returns
    -------
    callable
        ``(*args, v)``: f's arguments, then the vector in the form of the differentiated one. SciPy's
        ``minimize(..., hessp=hvp(f))`` takes it as it is.

    Examples
    --------
    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 6., 12.])
    """

    @wraps(f)
    def product(*args: Any, **kwargs: Any) -> Any:
        if len(args) < 2:
            raise TypeError("hvp(f) takes f's arguments and then the vector: hvp(f)(x, v)")
        *primals, v = args

        def slope(*inner: Any) -> Any:
            slopes, vector = pytrees.leaves(grad(f, argnums)(*inner, **kwargs)), pytrees.leaves(v)
            given, needed = ([np.shape(plain(x)) for x in parts] for parts in (vector, slopes))
            if given != needed:
                raise ValueError(f"the vector is made of parts of shapes {given}, but the argument of {needed}")
            terms = [np.sum(a * b) if isinstance(a, Tensor) else a * b for a, b in zip(slopes, vector)]
            return sum(terms[1:], terms[0])

        return grad(slope, argnums)(*primals)

    return product


def stop_gradient(x: Any) -> Any:
    """The plain numbers of `x` (or of all in a structure): constants, from here on.

    Examples
    --------
    >>> import numpy as np
    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    return pytrees.mapped(lambda leaf: np.array(leaf._data)[()] if isinstance(leaf, Tensor) else plain(leaf), x)


def checkpoint(f: Function) -> Function:
    """`f` with its inner results thrown away, and computed again when the backward pass needs them.

    Memory for time: a chain of n checkpointed pieces keeps n intermediate results instead of all.

    Parameters
    ----------
    f : callable
        With one Tensor (or Value) as output; run once forward and once more per backward pass, so it has
        to compute the same again. Variables that it uses from outside get their gradients as well.

    Returns
    -------
    callable

    Raises
    ------
    TypeError
        If the output is not a single Tensor or Value.

    Examples
    --------
    >>> import numpy as np
    >>> piece = checkpoint(lambda x: np.tanh(np.sin(x) ** 2))
    >>> grad(lambda x: np.sum(piece(piece(x))))(np.array([0.5])).round(5)
    array([0.34773])
    """

    @wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = [_as_it_is_now(x) for x in pytrees.leaves(list(args))]
        inputs = [x for x in given if isinstance(x, Node)]
        if not inputs or not modes.recording():
            return f(*args, **kwargs)
        settings = pytrees.mapped(_as_it_is_now, kwargs)

        def again(variables: Sequence[Any]) -> Any:
            supply = iter(variables)
            called = pytrees.rebuild(list(args), [next(supply) if isinstance(x, Node) else x for x in given])
            return f(*called, **settings)

        started = tick()
        y = again([_detached(x) for x in inputs])
        if not isinstance(y, Node):
            raise TypeError(f"checkpoint needs a function with one Tensor or Value as output, not {type(y).__name__}")
        outside = _used_from_before(y, started)
        rule = _Segment(again, [type(x) for x in inputs], outside)
        if isinstance(y, Tensor):
            return record(rule, (*inputs, *outside), y._data)
        node = Value(y._data)
        node._origin = (rule, *inputs, *outside)
        return node

    return run


def _as_it_is_now(x: Any) -> Any:
    """A small array copied, as any operation does that keeps one: its owner may write into it before the second run."""
    return x.copy() if isinstance(x, np.ndarray) and x.nbytes <= COPIED_BYTES else x


def _detached(x: Node) -> Any:
    return Value(x._data) if isinstance(x, Value) else leaf_of(x._data)


def _used_from_before(y: Node, started: int) -> list[Node]:
    """The nodes older than `started` that the computation of y since then has used."""
    older: list[Node] = []
    stack, seen = [y], {y}
    while stack:
        node = stack.pop()
        if node._time < started:
            older.append(node)
            continue
        for x in node._origin:
            if isinstance(x, Node) and x not in seen:
                seen.add(x)
                stack.append(x)
    return older


class _Segment(General):
    """A checkpointed call: its derivative is that of a second run. Not in the table, since each call has its own."""

    def __init__(self, again: Function, kinds: Sequence[type], outside: Sequence[Node]) -> None:
        self.name = self.sign = self.__name__ = "checkpoint"
        self.notation = function(self.name)
        self.again, self.kinds, self.outside = again, kinds, outside

    def vjp(
        self, g: Any, y: Any, inputs: Sequence[Any], wanted: Sequence[int], static: Mapping[str, Any]
    ) -> Sequence[Any]:
        nested = isinstance(g, Node) or any(isinstance(x, Node) for x in inputs)
        with modes.enabled():
            variables = [
                identity(x) if isinstance(x, Node) else Value(x) if kind is Value else leaf_of(x)
                for kind, x in zip(self.kinds, inputs)
            ]
            output = self.again(variables)
        sources = [*variables, *self.outside]
        pulled = pull_back({output: g}, [sources[i] for i in wanted], create_graph=nested)
        return [pulled.get(sources[i]) for i in wanted]
