"""The forms in which people have derivatives: a gradient, a Jacobian, a product with the Hessian.

Each is turned into the pair (f, vjp) that `check_vjp` judges, so there is one judge for all of them. Arguments stand in
SciPy's order, and ``args`` and ``kwargs`` are arguments that nobody differentiates by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .point import check_vjp
from .report import Report, plain
from .signatures import fixing, told
from .trees import mapped

Pair = tuple[Callable[..., Any], Callable[..., Any]]


def check_grad(
    f: Callable[..., Any],
    grad: Callable[..., Any] | bool,
    *xs: Any,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    **options: Any,
) -> Report:
    """Judge whether `grad` is the gradient of the scalar function `f` at the point `xs`.

    Parameters
    ----------
    f
        ``f(*xs, *args, **kwargs)`` returns one number.
    grad
        ``grad(*xs, *args, **kwargs)`` returns the gradient: an array of the input's shape, or one for each
        input in a tuple. ``True``: f returns the pair (value, gradient), as ``scipy.optimize.minimize`` takes it.
    *xs
        The point; most often one array.
    args, kwargs
        Further arguments of both functions, held fixed.
    **options
        ``seed`` and whatever else `check_vjp` takes.

    Returns
    -------
    Report
        See `check_vjp`.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.check import check_grad
    >>> check_grad(lambda x, a: a * np.sum(x ** 2), lambda x, a: 2 * a * x, [1.0, -2.0], args=(3.0,)).verdict
    'right'
    >>> check_grad(lambda x: (np.sum(x ** 3), 2 * x ** 2), True, [1.0, -2.0]).cause
    'off by a factor of 2/3'
    """
    return _called(
        "check_grad", f, grad, check_vjp(*grad_pair(f, grad, args, kwargs), *xs, **options), xs, args, kwargs
    )


def check_jac(
    f: Callable[..., Any],
    jac: Callable[..., Any] | bool,
    *xs: Any,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    **options: Any,
) -> Report:
    """Judge whether `jac` is the derivative of `f`, an array, at the point `xs`.

    It serves every function that comes with its derivative as an array: residuals and their Jacobian, a score and its
    Hessian, a distribution function and its density, a link function and its derivative, a spline and its derivative.

    Parameters
    ----------
    f
        Returns an array of some shape S (or a number).
    jac
        Returns an array of shape ``S + x.shape``; or, where f works entry by entry, the derivatives entry by
        entry in the shape S; or a SciPy sparse matrix or ``LinearOperator`` of shape (m, n). One for each input in a
        tuple, if there are several. ``True``: f returns the pair (value, Jacobian).
        Of a complex f it is the complex derivative, f' for ``np.exp``; of a real f of complex numbers, gradients
        ∂f/∂a + i ∂f/∂b, as for `check_grad`.
    *xs : arrays or numbers
        The point.
    args : sequence
        Further arguments of both functions.
    kwargs : mapping, optional
        Further arguments by name.
    **options : options
        As for :func:`check_vjp`.

    Returns
    -------
    Report
        See :func:`check_vjp`.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.check import check_jac
    >>> a = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> check_jac(lambda x: a @ np.sin(x), lambda x: a * np.cos(x), np.array([0.3, -1.0])).verdict
    'right'
    >>> check_jac(np.tanh, lambda x: 1 - np.tanh(x) ** 2, np.linspace(-1, 1, 5)).verdict  # entry by entry
    'right'
    """
    return _called("check_jac", f, jac, check_vjp(*jac_pair(f, jac, args, kwargs), *xs, **options), xs, args, kwargs)


def check_hessp(
    grad: Callable[..., Any],
    hessp: Callable[..., Any],
    x: Any,
    *,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    **options: Any,
) -> Report:
    """Judge whether ``hessp(x, p, *args)`` is the Hessian at x times the vector p, given the gradient.

    A Hessian is symmetric, so its product with p is also the pull-back of p through `grad`: that is what is judged.

    Parameters
    ----------
    grad : callable
        ``grad(x, *args)`` is the gradient, of x's shape.
    hessp : callable
        ``hessp(x, p, *args)`` is the product, of x's shape.
    x : array_like
        The point.
    args : sequence
        Further arguments of both functions.
    kwargs : mapping, optional
        Further arguments by name.
    **options : options
        As for :func:`check_vjp`: seed, accuracy, seconds …

    Returns
    -------
    Report
        See :func:`check_vjp`.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd.check import check_hessp
    >>> check_hessp(lambda x: 4 * x ** 3, lambda x, p: 12 * x ** 2 * p, np.array([1.0, -0.5])).verdict
    'right'
    """
    pair = hessp_pair(grad, hessp, args, kwargs)
    return _called("check_hessp", grad, hessp, check_vjp(*pair, x, **options), (x,), args, kwargs)


def grad_pair(
    f: Callable[..., Any],
    grad: Callable[..., Any] | bool,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
) -> Pair:
    """A scalar function and its gradient as a pair for `check_vjp`."""
    value, derivative = _both("grad", f, grad, args, kwargs)

    def scalar(*xs: Any) -> Any:
        y = value(*xs)
        if isinstance(y, (tuple, list)):
            raise TypeError(
                "f must return one number for check_grad, got a tuple: if that is (value, gradient), pass True"
            )
        if np.size(y) != 1:
            raise TypeError(
                f"f must return one number for check_grad, got an array of shape {np.shape(y)}: "
                "use check_jac for a function with several outputs"
            )
        return y if np.ndim(y) == 0 else np.asarray(y).reshape(())[()]

    def vjp(g: Any, *xs: Any) -> Any:
        found = derivative(*xs)
        return mapped(lambda part: _times(g, part), found)

    scalar.__name__ = _name(f)
    return scalar, vjp


def jac_pair(
    f: Callable[..., Any],
    jac: Callable[..., Any] | bool,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
) -> Pair:
    """A function and its Jacobian (or its derivative entry by entry) as a pair for `check_vjp`."""
    value, derivative = _both("jac", f, jac, args, kwargs)

    def vjp(g: Any, *xs: Any) -> Any:
        found = derivative(*xs)
        parts = list(found) if isinstance(found, (tuple, list)) else [found]
        if len(parts) != len(xs):
            raise TypeError(f"jac returned {len(parts)} Jacobian(s) for {len(xs)} input(s): return one for each")
        pulled = tuple(
            _real_for(g, x, _pulled(g, part, np.shape(x), i)) for i, (part, x) in enumerate(zip(parts, xs, strict=True))
        )
        return pulled if len(xs) > 1 else pulled[0]

    value.__name__ = _name(f)
    return value, vjp


def hessp_pair(
    grad: Callable[..., Any],
    hessp: Callable[..., Any],
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
) -> Pair:
    """A gradient and the product with the Hessian as a pair for `check_vjp`."""
    fixed = dict(kwargs or {})
    value, _ = _both("grad", grad, grad, args, kwargs)
    value.__name__ = _name(grad)
    return value, lambda g, x: hessp(x, g, *args, **fixed)


def vjp_of(f: Callable[..., Any], vjp: Any = None, grad: Any = None, jac: Any = None) -> Pair | None:
    """The pair for whichever of the three forms is given, None for none: what ``check_for_all(…, grad=)`` takes."""
    given = [name for name, form in (("vjp", vjp), ("grad", grad), ("jac", jac)) if form is not None]
    if len(given) > 1:
        raise TypeError(f"{' and '.join(given)} are given: one form of the derivative is enough")
    if vjp is not None:
        return f, vjp
    if grad is not None:
        return grad_pair(f, grad)
    return jac_pair(f, jac) if jac is not None else None


def _both(
    what: str, f: Any, derivative: Any, args: Sequence[Any], kwargs: Mapping[str, Any] | None
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """f and its derivative with the fixed arguments filled in; also from a function that returns both."""
    if not callable(f):
        raise TypeError(f"f must be a function, got {type(f).__name__}")
    if derivative is not True and not callable(derivative):
        raise TypeError(
            f"{what} must be a function, or True if f returns the pair (value, {what}), got {type(derivative).__name__}"
        )
    f, derivative = fixing(f, args, kwargs), fixing(derivative, args, kwargs)

    def value(*xs: Any) -> Any:
        y = f(*xs)
        return y[0] if derivative is True else y

    def slope(*xs: Any) -> Any:
        return f(*xs)[1] if derivative is True else derivative(*xs)

    return value, slope


def _times(g: Any, gradient: Any) -> Any:
    """g times a gradient, in the gradient's own dtype: a gradient in single precision must show as one."""
    if gradient is None:
        return None
    a = np.asarray(gradient)
    product = a * g
    return product.astype(a.dtype)[()] if a.dtype.kind in "fc" else product


def _pulled(g: Any, jacobian: Any, shape: tuple[int, ...], number: int) -> Any:
    """The cotangent pulled back through one Jacobian, whichever of the accepted forms that has."""
    if jacobian is None:
        return None
    out = np.shape(g)
    if hasattr(jacobian, "rmatvec") or hasattr(jacobian, "tocsr"):  # SciPy's operators and sparse matrices
        flat = np.ravel(g)
        if jacobian.shape != (flat.size, int(np.prod(shape))):
            raise TypeError(f"the Jacobian of input {number} has shape {jacobian.shape}, expected {out + shape}")
        pulled = jacobian.rmatvec(flat) if hasattr(jacobian, "rmatvec") else jacobian.conj().T @ flat
        return np.asarray(pulled).reshape(shape)
    j = np.asarray(jacobian)
    if np.iscomplexobj(g):  # g stands for the loss Re(conj(g) f): see `trees`
        j = np.conj(j)
    if j.shape == out + shape:
        pulled = np.tensordot(g, j, axes=len(out)) if j.ndim else g * j
    elif j.shape == out and _broadcasts(shape, out):
        pulled = _summed(g * j, shape)
    else:
        raise TypeError(
            f"jac returned shape {j.shape} for input {number}: f's value has shape {out} and the input {shape}, "
            f"so the Jacobian has shape {out + shape}"
            + (f", or {out} if f works entry by entry" if _broadcasts(shape, out) else "")
        )
    return np.asarray(pulled).astype(j.dtype)[()] if j.dtype.kind in "fc" else pulled


def _real_for(g: Any, x: Any, gradient: Any) -> Any:
    """A complex f of a real input: the loss is real, and so is its gradient."""
    return np.real(gradient) if gradient is not None and np.iscomplexobj(g) and not np.iscomplexobj(x) else gradient


def _broadcasts(shape: tuple[int, ...], out: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, out) == out
    except ValueError:
        return False


def _summed(a: Any, shape: tuple[int, ...]) -> Any:
    """Summed over the axes along which an input of this shape was broadcast."""
    a = np.asarray(a)
    a = a.sum(axis=tuple(range(a.ndim - len(shape))))
    return a.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1 and a.shape[k] != 1), keepdims=True)


def _name(f: Any) -> str:
    return str(getattr(f, "__name__", type(f).__name__))


def _called(check: str, f: Any, derivative: Any, report: Report, xs: Any, args: Any, kwargs: Any) -> Report:
    """The line that repeats the check, in the words that the user used."""
    names = ["True" if function is True else _name(function) for function in (f, derivative)]
    names = [n if n.isidentifier() else default for n, default in zip(names, ("f", "df"), strict=True)]
    point = ", ".join(plain(x) for x in xs)
    report.snippet = f"{check}({', '.join(names)}, {point}{told(args, kwargs)}, seed={report.seed}).raise_if_wrong()"
    return report
