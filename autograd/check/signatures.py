"""How a vjp may be written: ``vjp(g, *xs)``, ``vjp(*xs, g)``, ``vjp(*xs)`` that returns a function of g."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
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
