"""The gradients of other engines, as pairs (f, vjp) for `check_vjp`. Each engine is imported only when asked for.

Examples
--------
Check a custom ``torch.autograd.Function``, a module with respect to its input and all of its parameters, a JAX
function with a ``custom_vjp``::

    check_torch(MyFunction, x)
    check_torch_module(module, x)
    check_jax(f, x)
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .point import check_vjp
from .report import Report

Pair = tuple[Callable[..., Any], Callable[..., Any]]


def torch_pair(f: Any) -> Pair:
    """A ``torch.autograd.Function`` (the class), or any function of tensors, as a pair on NumPy arrays."""
    import torch

    apply: Any = getattr(f, "apply") if isinstance(f, type) and issubclass(f, torch.autograd.Function) else f  # noqa: B009

    def tensors(xs: Any, track: bool) -> list[Any]:
        return [torch.tensor(np.array(x), requires_grad=track) for x in xs]

    def value(*xs: Any) -> Any:
        with torch.no_grad():
            y = apply(*tensors(xs, False))
        return tuple(v.detach().numpy() for v in y) if isinstance(y, (tuple, list)) else y.detach().numpy()

    def vjp(g: Any, *xs: Any) -> Any:
        inputs = tensors(xs, True)
        y = apply(*inputs)
        outputs = list(y) if isinstance(y, (tuple, list)) else [y]
        cotangents = [torch.tensor(np.array(v)) for v in (g if isinstance(y, (tuple, list)) else [g])]
        found = torch.autograd.grad(outputs, inputs, cotangents, allow_unused=True)
        return tuple(None if v is None else v.detach().numpy().copy() for v in found)

    value.__name__ = getattr(f, "__name__", type(f).__name__)
    return value, vjp


def check_torch(f: Any, *xs: Any, seed: int | None = None) -> Report:
    """Check a ``torch.autograd.Function`` or a function of tensors at the arrays `xs`."""
    value, vjp = torch_pair(f)
    return check_vjp(value, vjp, *xs, seed=seed)


def check_torch_module(module: Any, *xs: Any, seed: int | None = None) -> Report:
    """Check a PyTorch module with respect to its inputs and, after those, each of its parameters, in float64."""
    import copy

    from torch.func import functional_call

    module = copy.deepcopy(module).double()
    names = [n for n, p in module.named_parameters()]
    start = [p.detach().numpy().copy() for p in module.parameters()]

    def run(*tensors: Any) -> Any:
        count = len(tensors) - len(names)
        return functional_call(module, dict(zip(names, tensors[count:], strict=True)), tensors[:count])

    run.__name__ = type(module).__name__
    value, vjp = torch_pair(run)
    return check_vjp(value, vjp, *xs, *start, seed=seed)


def jax_pair(f: Callable[..., Any]) -> Pair:
    """A JAX function (with a ``custom_vjp`` or not) as a pair on NumPy arrays; run in float64 where those are."""
    import jax

    # The switch that is local to a block; older releases have it elsewhere.
    enable_x64 = (
        jax.enable_x64 if hasattr(jax, "enable_x64") else importlib.import_module("jax.experimental").enable_x64
    )

    def arrays(xs: Any) -> list[Any]:
        return [jax.numpy.asarray(np.asarray(x)) for x in xs]

    def value(*xs: Any) -> Any:
        with enable_x64(True):
            y = f(*arrays(xs))
            return tuple(np.array(v) for v in y) if isinstance(y, (tuple, list)) else np.array(y)

    def vjp(g: Any, *xs: Any) -> Any:
        with enable_x64(True):
            y, pull = jax.vjp(f, *arrays(xs))
            cotangent = (
                tuple(arrays(g)) if isinstance(y, tuple) else list(arrays(g)) if isinstance(y, list) else arrays([g])[0]
            )
            return tuple(np.array(v) for v in pull(cotangent))

    value.__name__ = getattr(f, "__name__", "f")
    return value, vjp


def check_jax(f: Callable[..., Any], *xs: Any, seed: int | None = None) -> Report:
    """Check a JAX function at the arrays `xs`."""
    value, vjp = jax_pair(f)
    return check_vjp(value, vjp, *xs, seed=seed)


def hips_pair(f: Callable[..., Any]) -> Pair:
    """A function or primitive of HIPS autograd as a pair on NumPy arrays.

    HIPS autograd has this package's import name. Where it is the one installed, load the checker, which needs NumPy
    alone, from its folder under another name with `load_beside`.
    """
    try:
        from autograd.builtins import tuple as tuple_  # type: ignore[import-not-found]
        from autograd.core import make_vjp  # type: ignore[import-not-found]
    except ImportError:
        raise ImportError(
            "the installed package 'autograd' is not HIPS autograd: in an environment that has it, load "
            "this checker under another name (see autograd.check.adapters.load_beside)"
        ) from None

    def vjp(g: Any, *xs: Any) -> Any:
        pull, _ = make_vjp(lambda packed: f(*packed), tuple_(xs))
        return tuple(pull(g))

    def value(*xs: Any) -> Any:
        return f(*xs)

    value.__name__ = getattr(f, "__name__", "f")
    return value, vjp


def check_hips(f: Callable[..., Any], *xs: Any, seed: int | None = None) -> Report:
    """Check a function or primitive of HIPS autograd at the arrays `xs`."""
    value, vjp = hips_pair(f)
    return check_vjp(value, vjp, *xs, seed=seed)


LOADER = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("gradcheck", FOLDER + "/__init__.py", submodule_search_locations=[FOLDER])
gradcheck = importlib.util.module_from_spec(spec)
sys.modules["gradcheck"] = gradcheck
spec.loader.exec_module(gradcheck)
"""


def load_beside() -> str:
    """Source that loads this checker as the module ``gradcheck`` in a process where ``autograd`` is HIPS autograd."""
    from pathlib import Path

    return LOADER.replace("FOLDER", repr(str(Path(__file__).parent)))
