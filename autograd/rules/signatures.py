"""What the signatures of a rule's functions say: refused if they do not go together."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any, Callable, Sequence


def refuse_wrong_count(name: str, scalar: Any, partials: Sequence[Any]) -> None:
    """Raise if the function does not take as many inputs as there are partials, or a partial not one more."""
    for what, f, count in [("scalar", scalar, len(partials)), *(("a partial", p, len(partials) + 1) for p in partials)]:
        if _says_that_it_takes(f, count):
            continue
        try:
            inspect.signature(f).bind(*range(count))
        except TypeError:
            raise TypeError(
                f"{name}: {what} does not take {count} argument{'s' * (count != 1)}; a rule of n inputs needs "
                "n partial derivatives, each a function of the output and the n inputs: lambda y, x: …"
            ) from None
        except ValueError:  # a function in C that does not tell
            continue


def _says_that_it_takes(f: Any, count: int) -> bool:
    """Whether that is plain to see. (To ask :mod:`inspect` of every rule takes a fourth of this package's import.)"""
    if isinstance(f, FunctionType):
        return f.__code__.co_argcount == count and not f.__code__.co_kwonlyargcount
    text = getattr(f, "__text_signature__", None) or ""  # of a function in C: ($module, x, /)
    return text.endswith(", /)") and not set("*=") & set(text) and text.count(",") == count + 1


def takes_settings(partial: Callable[..., Any]) -> bool:
    """Whether a partial depends on settings of the rule, such as an order."""
    return any(p.default is not p.empty for p in inspect.signature(partial).parameters.values())
