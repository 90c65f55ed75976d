"""The test that a counterexample leaves behind: in the user's own words, ready to paste."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .domains import MAKERS, Domain
from .report import plain
from .strategies import holds_domains


def regression_test(
    f: Callable[..., Any],
    derivative: Callable[..., Any] | None,
    xs: Sequence[Any],
    names: Sequence[str],
    domains: Sequence[Any],
    check: str = "check_vjp",
    fixed: str = "",
) -> str:
    """A test over the same domain that fails until the gradient is mended, and first of all at the point found.

    Parameters
    ----------
    derivative
        The vjp, gradient or Jacobian; None for a program of the engine.
    xs
        The point.
    names
        Of f's inputs.
    domains
        One for each input, as the user gave them.
    check
        The function that judges: "check_vjp", "check_grad", "check_jac" or "check_gradient".
    fixed
        Further arguments of it, as source.
    """
    names = names if len(set(names)) == len(names) == len(xs) else [f"x{i}" for i in range(len(xs))]
    functions = {"f": f} if derivative is None else {"f": f, check.removeprefix("check_"): derivative}
    called = [_name(function, default) for default, function in functions.items()]
    imports = [line for default, function in functions.items() if (line := _import(function, default))]
    drawn, needed = [], {"points"} if len(domains) else set()
    strategies_used: set[str] = set()
    for n, x, d in zip(names, xs, domains, strict=True):
        text = _source(d)
        strategies_used |= _strategies(d)
        if holds_domains(d) or (isinstance(d, Domain) and d.shape):
            needed |= set(MAKERS) & set(re.findall(r"\b\w+(?=\()", text))
            drawn.append(f"{n}=points({text})")
        elif isinstance(d, SearchStrategy) and not strategies_used:
            drawn.append(f"{n}=points((-10, 10), {np.shape(x)})")
        else:
            drawn.append(f"{n}=points({text}, {np.shape(x)})")
    makers = sorted(needed - {"points"})
    lines = ["import numpy as np", "from hypothesis import example, given"]
    if strategies_used:
        lines.append(f"from hypothesis.strategies import {', '.join(sorted(strategies_used))}")
    lines += [f"from autograd.check import {check}"]
    if makers:
        lines.append(f"from autograd.check.domains import {', '.join(makers)}")
    lines += ["from autograd.check.strategies import points", *imports]
    arguments = ", ".join(f"{n}={plain(x)}" for n, x in zip(names, xs, strict=True))
    return "\n".join(lines) + (
        f"\n\n@given({', '.join(drawn)})\n@example({arguments})\n"
        f"def test_gradient_of_{called[0].strip('_')}({', '.join(names)}):\n"
        f"    {check}({', '.join([*called, *names])}{fixed}).raise_if_wrong()\n"
    )


def _name(function: Any, default: str) -> str:
    name = getattr(function, "__name__", default)
    return name if name.isidentifier() else default


def _import(function: Any, default: str) -> str:
    """How the user's test gets at a function: an import, or a word on what to put there."""
    name, module = _name(function, default), getattr(function, "__module__", None)
    if module == "__main__":
        file = getattr(sys.modules["__main__"], "__file__", None)
        module = Path(file).stem if file else None
    found = sys.modules.get(module or "")
    whole = getattr(function, "__qualname__", name)
    if module and whole == name and (found is None or hasattr(found, name) or module != "__main__"):
        if inspect.getattr_static(found, name, None) is not None or found is None:
            return f"from {_public(module, name, function)} import {name}"
    return f"# {name}: your function"


def _public(module: str, name: str, function: Any) -> str:
    """The module that a user imports the function from: SciPy's are made in `_optimize` and shown in `optimize`."""
    outer = module.split("._")[0]
    shown = getattr(sys.modules.get(outer), name, None) is function
    return outer if shown else module


def _source(domain: Any) -> str:
    """A domain as Python source."""
    if isinstance(domain, Domain):
        return str(domain)
    if holds_domains(domain):
        if isinstance(domain, dict):
            return "{" + ", ".join(f"{key!r}: {_source(value)}" for key, value in domain.items()) + "}"
        if not isinstance(domain, (list, tuple)):
            values = ", ".join(f"{f.name}={_source(getattr(domain, f.name))}" for f in dataclasses.fields(domain))
            return f"{type(domain).__name__}({values})"
        inside = ", ".join(map(_source, domain))
        return f"[{inside}]" if isinstance(domain, list) else f"({inside}{',' * (len(domain) == 1)})"
    if isinstance(domain, np.ndarray):
        return plain(domain)
    return repr(domain)


def _strategies(domain: Any) -> set[str]:
    """The names that a strategy's repr needs from hypothesis, if it is source that makes the strategy again."""
    if not isinstance(domain, SearchStrategy):
        return set()
    try:
        eval(repr(domain), {"__builtins__": {}, **vars(st)})
    except Exception:
        return set()
    return {name for name in re.findall(r"\b([a-z_]+)\(", repr(domain)) if hasattr(st, name)}
