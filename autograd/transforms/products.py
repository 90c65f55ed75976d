"""Products with the Jacobian, without building it: vjp and jvp; and with the Hessian: hvp."""

from __future__ import annotations

from functools import wraps
from typing import Any, Sequence

import numpy as np

from autograd import pytrees
from autograd.graph import refuse_changes
from autograd.node import Node, plain
from autograd.tensor import Tensor
from autograd.transforms.gradients import grad
from autograd.transforms.recorded_call import Function, RecordedCall, check_function, copied, like, seed_of
from autograd.types import Cotangent
from autograd.walks import push_forward


def vjp(f: Function, *primals: Any, has_aux: bool = False) -> Any:
    """f's output, and the function that pulls a cotangent of it back: u ↦ Jᵀu.

    Parameters
    ----------
    f : callable
        Of numbers, arrays or nested structures of them, with such an output.
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
    check_function("vjp", f)
    # The recorded graph outlives this call: what the caller does later to the arrays, or to the output, is no concern.
    call = RecordedCall(f, copied(list(primals)), {}, tuple(range(len(primals))), has_aux)

    def pull(cotangent: Cotangent) -> Any:
        given = pytrees.leaves_like(call.output, cotangent, "the cotangent", "the output")
        seeds: dict[Node, Any] = {}
        for y, g in zip(call.outputs, given):
            if isinstance(y, Node):
                g = seed_of(y, g)
                seeds[y] = seeds[y] + g if y in seeds else g
        refuse_changes(call.history[0])
        return call.shaped(call.cotangents(seeds, any(isinstance(g, Node) for g in given)))

    output = copied(call.plain_output())
    return (output, pull, copied(call.plain_aux())) if has_aux else (output, pull)


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False) -> Any:
    """f's output and its directional derivative J·v, by forward mode. Wengert 1964.

    Parameters
    ----------
    f : callable
        Of numbers, arrays or nested structures of them, with such an output.
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
    check_function("jvp", f)
    if not isinstance(primals, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise TypeError("jvp takes primals and tangents as tuples: jvp(f, (x,), (v,))")
    call = RecordedCall(f, primals, {}, tuple(range(len(primals))), has_aux)
    moves = pytrees.leaves_like(call.primals, list(tangents), "tangents", "primals")
    nested = call.nested or any(isinstance(v, Node) for v in moves)
    known = {x: seed_of(x, v) for x, v in zip(call.variables, moves)}
    pushed = push_forward(call.history[0], known, create_graph=nested)
    results = [
        like(plain(y) if not nested else y, pushed.get(y), y) if isinstance(y, Node) else np.zeros_like(y) * 1.0
        for y in call.outputs
    ]
    results = [
        float(t) if isinstance(t, (np.ndarray, np.float64)) and not t.ndim and t.dtype == float else t for t in results
    ]
    tangent = pytrees.rebuild(call.output, results)
    output = call.output if nested else call.plain_output()
    return (output, tangent, call.plain_aux()) if has_aux else (output, tangent)


def hvp(f: Function, argnums: int = 0) -> Function:
    """Hessian times vector, ``(x, v) -> H(x)·v``, without building H. Pearlmutter 1994.

    Parameters
    ----------
    f : callable
        Returns one real number.
    argnums : int
        The place of the argument to differentiate by.

    Returns
    -------
    callable
        ``(*args, v)``: f's arguments, then the vector in the form of the differentiated one. SciPy's
        ``minimize(..., hessp=hvp(f))`` takes it as it is.

    Raises
    ------
    TypeError
        From the function that is returned, if the vector is missing.
    ValueError
        If the vector has another shape than the argument.

    Examples
    --------
    >>> import numpy as np
    >>> hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 6., 12.])
    """

    check_function("hvp", f)

    @wraps(f)
    def product(*args: Any, **kwargs: Any) -> Any:
        if len(args) < 2:
            raise TypeError("hvp(f) takes f's arguments and then the vector: hvp(f)(x, v)")
        *primals, v = args

        def slope(*inner: Any) -> Any:
            slope_of_all = grad(f, argnums)(*inner, **kwargs)
            slopes, vector = pytrees.leaves(slope_of_all), pytrees.leaves_like(slope_of_all, v, "the vector", "x")
            given, needed = ([np.shape(plain(x)) for x in parts] for parts in (vector, slopes))
            if given != needed:
                raise ValueError(f"the vector is made of parts of shapes {given}, but the argument of {needed}")
            terms = [np.sum(a * b) if isinstance(a, Tensor) else a * b for a, b in zip(slopes, vector)]
            return sum(terms[1:], terms[0])

        return grad(slope, argnums)(*primals)

    return product
