"""Inputs and outputs that are not plain real arrays: nested containers, dataclasses, complex numbers.

`flattened` turns a function of them, and its gradient, into a pair on real arrays, which is what `check_vjp` judges.

The convention for complex numbers is that of PyTorch, and of this package's engine: the gradient of a real loss L with
respect to z = a + ib is ∂L/∂a + i ∂L/∂b, and a cotangent g stands for the loss Re(conj(g)·f). So a holomorphic f has
``vjp(g, z) = g * conj(f'(z))``. (JAX and HIPS autograd use the conjugate; `check_jax` translates.)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .signatures import vjp_signature


def is_container(x: Any) -> bool:
    """Whether `x` holds inputs rather than being one: a dict, a dataclass, a list or tuple of more than plain numbers.

    Examples
    --------
    >>> is_container([1.0, 2.0]), is_container({"w": 1.0}), is_container([np.ones(2)])
    (False, True, True)
    """
    if isinstance(x, dict) or (dataclasses.is_dataclass(x) and not isinstance(x, type)):
        return True
    return isinstance(x, (list, tuple)) and not _numbers(x)


def _numbers(x: Any) -> bool:
    if isinstance(x, (list, tuple)):
        return not hasattr(x, "_fields") and all(_numbers(v) for v in x)
    return isinstance(x, (int, float, complex, np.number))


def leaves(x: Any, path: str = "", tuples: bool = False) -> Iterator[tuple[str, Any]]:
    """All that `x` holds, with its path: ``("['w'][0]", array)``. `tuples`: tuples of numbers are containers too."""
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        for field in dataclasses.fields(x):
            yield from leaves(getattr(x, field.name), f"{path}.{field.name}", tuples)
    elif isinstance(x, dict):
        for key, value in x.items():
            yield from leaves(value, f"{path}[{key!r}]", tuples)
    elif isinstance(x, (list, tuple)) and (tuples or is_container(x)):
        for i, value in enumerate(x):
            yield from leaves(value, f"{path}[{i}]", tuples)
    else:
        yield path, x


def rebuilt(x: Any, supply: Iterator[Any], tuples: bool = False) -> Any:
    """A container like `x` with other leaves, in order."""
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        new = {f.name: rebuilt(getattr(x, f.name), supply, tuples) for f in dataclasses.fields(x)}
        return dataclasses.replace(x, **new)
    if isinstance(x, dict):
        return type(x)((key, rebuilt(value, supply, tuples)) for key, value in x.items())
    if isinstance(x, (list, tuple)) and (tuples or is_container(x)):
        parts = [rebuilt(value, supply, tuples) for value in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    return next(supply)


def spread(
    f: Callable[..., Any], xs: Sequence[Any], moves: Callable[[Any], bool]
) -> tuple[Callable[..., Any], list[Any], list[str]]:
    """f as a function of all leaves of its inputs that `moves` accepts, these leaves, and what they are called.

    Containers that f returns become tuples of their leaves.
    """
    if not any(map(is_container, xs)):
        return f, list(xs), []
    parts = list(leaves(tuple(xs), tuples=True))
    moving = [i for i, (_, v) in enumerate(parts) if moves(v)]

    def of_leaves(*values: Any) -> Any:
        supply = dict(zip(moving, values, strict=True))
        whole = rebuilt(tuple(xs), iter([supply.get(i, v) for i, (_, v) in enumerate(parts)]), tuples=True)
        y = f(*whole)
        return tuple(v for _, v in leaves(y, tuples=True)) if is_container(y) else y

    of_leaves.__name__ = getattr(f, "__name__", type(f).__name__)
    names = [f"input {p[1 : p.index(']')]}{p[p.index(']') + 1 :]}" for p, _ in parts]
    return of_leaves, [parts[i][1] for i in moving], [names[i] for i in moving]


def mapped(function: Callable[[Any], Any], x: Any) -> Any:
    """`function` applied to every leaf."""
    return rebuilt(x, iter([function(leaf) for _, leaf in leaves(x)]))


@dataclasses.dataclass(frozen=True)
class Flat:
    """A pair on real arrays, and how its inputs are called."""

    f: Callable[..., Any]
    vjp: Callable[..., Any]
    xs: list[Any]
    names: list[str]


def flattened(f: Callable[..., Any], vjp: Callable[..., Any], xs: Sequence[Any]) -> Flat | None:
    """The pair as one on real arrays, or None if that is what it is already.

    Integers, booleans, strings and None inside containers are held fixed.
    """
    plain_inputs = not any(is_container(x) or _kind(x) == "c" for x in xs)
    try:
        y = f(*[mapped(_copy, x) for x in xs])
    except Exception:
        if plain_inputs:
            return None  # whoever judges the pair reports that
        raise
    plain_output = not any(is_container(v) or _kind(v) == "c" for v in (y if isinstance(y, (tuple, list)) else [y]))
    if plain_inputs and plain_output and not isinstance(y, dict):
        return None
    call = vjp_signature(f, vjp, len(xs))
    inside = tuple(xs)
    moving = [(f"input {p[1 : p.index(']')]}{p[p.index(']') + 1 :]}", v) for p, v in _inputs(inside) if _moves(v)]
    names, arrays = [], []
    for name, v in moving:
        if _kind(v) == "c":
            names += [f"{name}.real", f"{name}.imag"]
            arrays += [np.array(np.real(v)), np.array(np.imag(v))]
        else:
            names.append(name)
            arrays.append(np.array(v) if np.ndim(v) else v)
    if not arrays:
        raise TypeError("no input holds a float or a complex number: there is nothing to differentiate by")

    def together(parts: Sequence[Any]) -> tuple[Any, ...]:
        supply = iter(parts)

        def next_leaf(v: Any) -> Any:
            if not _moves(v):
                return v
            return _complex(next(supply), next(supply), v) if _kind(v) == "c" else next(supply)

        return tuple(rebuilt(x, iter([next_leaf(v) for _, v in leaves(x)])) for x in inside)

    def apart(tree: Any) -> tuple[Any, ...]:
        parts: list[Any] = []
        for _, v in leaves(tree, tuples=True):
            if _moves(v):
                parts += [np.real(v), np.imag(v)] if _kind(v) == "c" else [v]
        return tuple(parts)

    def value(*parts: Any) -> Any:
        return apart(f(*together(parts)))

    def pull(g: Any, *parts: Any) -> Any:
        supply = iter(g)
        seeds = [
            (_complex(next(supply), next(supply), v) if _kind(v) == "c" else next(supply)) if _moves(v) else v
            for _, v in leaves(y, tuples=True)
        ]
        result = call(rebuilt(y, iter(seeds), tuples=True), together(parts))
        if len(inside) == 1 and not (isinstance(result, (tuple, list)) and len(result) == 1):
            result = (result,)
        return _gradients(result, inside)

    value.__name__ = getattr(f, "__name__", "f")
    return Flat(value, pull, arrays, names)


def _inputs(xs: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    for i, x in enumerate(xs):
        yield from leaves(x, f"[{i}]")


def _gradients(result: Any, xs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The gradients of all moving leaves, real and imaginary parts apart; None stands for a whole branch of zeros."""
    if not isinstance(result, (tuple, list)) or len(result) != len(xs):
        raise TypeError(f"vjp returned {type(result).__name__} for {len(xs)} inputs: return one gradient for each")
    out: list[Any] = []
    for i, (c, x) in enumerate(zip(result, xs, strict=True)):
        for part, name, v in _paired(c, x, f"input {i}"):
            if not _moves(v):
                continue
            if _kind(v) == "c":
                out += [None, None] if part is None else [np.real(part), np.imag(part)]
            elif part is not None and _kind(part) == "c":
                raise TypeError(f"the gradient of {name} is complex, the input is real")
            else:
                out.append(part)
    return tuple(out)


def _paired(gradient: Any, x: Any, name: str) -> Iterator[tuple[Any, str, Any]]:
    """Each leaf of an input with its gradient: by key in a dict, by name in a dataclass, else by place."""
    if not is_container(x):
        if is_container(gradient):
            raise TypeError(
                f"the gradient of {name} is a {type(gradient).__name__} of arrays, the input an array or a number: a "
                "gradient has the structure of its input"
            )
        yield gradient, name, x
        return
    if dataclasses.is_dataclass(x):
        parts = {f".{f.name}": getattr(x, f.name) for f in dataclasses.fields(x)}
        given = {f".{key}": value for key, value in getattr(gradient, "__dict__", {}).items()}
    elif isinstance(x, dict):
        parts = {f"[{key!r}]": value for key, value in x.items()}
        given = {f"[{key!r}]": value for key, value in gradient.items()} if isinstance(gradient, dict) else {}
    else:
        parts = {f"[{k}]": value for k, value in enumerate(x)}
        listed = gradient if isinstance(gradient, (list, tuple)) else ()
        given = {f"[{k}]": value for k, value in enumerate(listed)}
    if gradient is not None and set(parts) != set(given):
        raise TypeError(
            f"the gradient of {name} holds {', '.join(given) or type(gradient).__name__}, the input "
            f"{', '.join(parts)}: a gradient has the structure of its input"
        )
    for key, value in parts.items():
        yield from _paired(given.get(key), value, name + key)


def _kind(v: Any) -> str:
    return (
        np.asarray(v).dtype.kind if isinstance(v, (int, float, complex, np.generic, np.ndarray, list, tuple)) else "O"
    )


def _moves(v: Any) -> bool:
    return _kind(v) in "fc" or (isinstance(v, np.ndarray) and v.dtype.kind == "f")


def _complex(real: Any, imag: Any, like: Any) -> Any:
    return (np.asarray(real) + 1j * np.asarray(imag)).astype(np.result_type(np.asarray(real).dtype, np.complex64))[()]


def _copy(v: Any) -> Any:
    return v.copy() if isinstance(v, np.ndarray) else np.array(v) if isinstance(v, (list, tuple)) else v
