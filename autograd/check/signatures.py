"""How a vjp may be written: ``vjp(g, *xs)``, ``vjp(*xs, g)``, ``vjp(*xs)`` that returns a function of g."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

COTANGENT_NAMES = {
    "g",
    "gy",
    "gz",
    "dy",
    "dz",
    "dout",
    "ct",
    "cotangent",
    "v",
    "u",
    "g_out",
    "grad",
    "grad_out",
    "grad_output",
    "upstream",
    "seed",
}


class SignatureError(TypeError):
    """vjp does not return one gradient per input: bad use, rather than a wrong gradient."""


def accepts(function: Callable[..., Any], count: int) -> bool:
    """Whether a function can be called with so many positional arguments."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # a builtin without a signature
        return True
    return True


def fixing(f: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
    """f with further arguments held fixed: `args` after the inputs, `kwargs` by name.

    Examples
    --------
    >>> fixing(lambda x, a, b=1: a * x + b, (3,), {"b": 2})(10)
    32
    """
    if not isinstance(args, (tuple, list)):
        raise TypeError(f"args must be a tuple of further arguments, got {type(args).__name__}: write args=(a,)")
    named = dict(kwargs or {})
    if not callable(f) or not (args or named):
        return f

    @functools.wraps(f)
    def fixed(*xs: Any) -> Any:
        return f(*xs, *args, **named)

    try:
        left = [p for name, p in inspect.signature(f).parameters.items() if name not in named]
    except ValueError:  # a builtin without a signature
        return fixed
    placed = [p for p in left if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p for p in placed if p.default is p.empty]
    if not any(p.kind == p.VAR_POSITIONAL for p in left):
        fixed.__signature__ = inspect.Signature(required[: len(required) - len(args)])  # type: ignore[attr-defined]
    return fixed


def told(args: Sequence[Any], kwargs: Mapping[str, Any] | None) -> str:
    """The fixed arguments as a report's line repeats them."""
    return (f", args={args!r}" if len(args) else "") + (f", kwargs={dict(kwargs)!r}" if kwargs else "")


def vjp_signature(f: Callable[..., Any], vjp: Callable[..., Any], count: int) -> Callable[[Any, Sequence[Any]], Any]:
    """How to call `vjp` as a function of g and the inputs: see `Problem`."""
    if accepts(vjp, count + 1):
        try:
            names, own = list(inspect.signature(vjp).parameters), list(inspect.signature(f).parameters)
        except ValueError:
            return lambda g, xs: vjp(g, *xs)
        last = names[-1] if names else ""
        if len(names) == count + 1 and names[:-1] == own and last in COTANGENT_NAMES and last not in own:
            return lambda g, xs: vjp(*xs, g)
        return lambda g, xs: vjp(g, *xs)
    if accepts(vjp, count):

        def closure(g: Any, xs: Sequence[Any]) -> Any:
            result = vjp(*xs)
            pullback = result[1] if isinstance(result, tuple) and len(result) == 2 and callable(result[1]) else result
            if not callable(pullback):
                raise SignatureError(
                    f"vjp takes {count} argument(s), as if it returned a function of the cotangent, but it "
                    f"returned {type(pullback).__name__}: define vjp(g, *xs)"
                )
            return pullback(g)

        return closure
    raise TypeError(f"vjp cannot be called as vjp(g, *xs) with {count} input(s): it must take {count + 1} arguments")
