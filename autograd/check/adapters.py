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

import functools
import importlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .point import check_vjp
from .report import Report
from .trees import is_container, leaves, mapped, rebuilt

Pair = tuple[Callable[..., Any], Callable[..., Any]]


def torch_pair(f: Any, kwargs: Mapping[str, Any] | None = None) -> Pair:
    """A ``torch.autograd.Function`` (the class), or any function of tensors, as a pair on NumPy arrays.

    The results may be nested (an LSTM's), and complex: those are taken as real arrays with a last axis of two. Results
    that carry no gradient (indices, integers) are left out. ``kwargs`` are held fixed.
    """
    import torch

    apply: Any = getattr(f, "apply") if isinstance(f, type) and issubclass(f, torch.autograd.Function) else f  # noqa: B009  (untyped)
    fixed = dict(kwargs or {})

    def run(xs: Any, track: bool) -> tuple[list[Any], list[Any], bool]:
        """The inputs as tensors, the real parts of all results that can have a gradient, and whether it is just one."""
        inputs = [_tensor(x, track) for x in xs]
        # Functions that work in place must not write into a leaf.
        y = apply(*[x.clone() if track and x.requires_grad else x for x in inputs], **fixed)
        found = [v for _, v in leaves(y, tuples=True) if isinstance(v, torch.Tensor)]
        found = [v.to_dense() if v.layout != torch.strided else v for v in found]
        moving = [v for v in found if v.is_floating_point() or v.is_complex()]
        real = [torch.view_as_real(v.resolve_conj()) if v.is_complex() else v for v in moving]
        return inputs, real, isinstance(y, torch.Tensor)

    def value(*xs: Any) -> Any:
        with torch.no_grad():
            _, outputs, single = run(xs, False)
        arrays = tuple(_array(v) for v in outputs)
        return arrays[0] if single and len(arrays) == 1 else arrays

    def vjp(g: Any, *xs: Any) -> Any:
        with torch.enable_grad():
            inputs, outputs, _ = run(xs, True)
        seeds = list(g) if isinstance(g, (tuple, list)) else [g]
        recorded = [(y, _tensor(v).to(y.dtype)) for y, v in zip(outputs, seeds, strict=True) if y.requires_grad]
        if not recorded:
            raise NotImplementedError("PyTorch records no result of f that depends on the inputs")
        ys, gs = zip(*recorded, strict=True)
        found = torch.autograd.grad(ys, inputs, gs, allow_unused=True)
        return tuple(None if v is None else _array(v).copy() for v in found)

    value.__name__ = getattr(f, "__name__", type(f).__name__)
    return value, vjp


def _tensor(x: Any, track: bool = False) -> Any:
    """A fresh tensor with the numbers of a NumPy array, number or tensor; bfloat16 by way of float32."""
    import torch

    if isinstance(x, torch.Tensor):
        return x.detach().clone().requires_grad_(track and (x.is_floating_point() or x.is_complex()))
    a = np.array(x, order="C")  # views of tensors depend on the order in memory
    if a.dtype.name == "bfloat16":
        return torch.tensor(a.astype(np.float32)).to(torch.bfloat16).requires_grad_(track)
    return torch.tensor(a, requires_grad=track and a.dtype.kind in "fc")


def _array(v: Any) -> Any:
    """A tensor as a NumPy array."""
    import torch

    v = v.detach()
    if v.dtype == torch.bfloat16:
        import ml_dtypes

        return v.float().numpy().astype(ml_dtypes.bfloat16)
    return v.resolve_conj().resolve_neg().numpy()


def _unpacked(
    f: Callable[..., Any], xs: Sequence[Any], moves: Callable[[Any], bool]
) -> tuple[Callable[..., Any], list[Any]]:
    """A function of containers (an LSTM's state) as one of the leaves inside that `moves` accepts, and those leaves."""
    xs = tuple(np.array(x) if isinstance(x, list) and not is_container(x) else x for x in xs)  # as `check_vjp`
    parts = [v for _, v in leaves(xs, tuples=True)]
    moving = [i for i, v in enumerate(parts) if moves(v)]

    def spread(*values: Any, **fixed: Any) -> Any:
        supply = dict(zip(moving, values, strict=True))
        whole = rebuilt(xs, iter([supply.get(i, v) for i, v in enumerate(parts)]), tuples=True)
        return f(*whole, **fixed)

    spread.__name__ = getattr(f, "__name__", type(f).__name__)
    return spread, [parts[i] for i in moving]


def _tensors(f: Callable[..., Any], xs: Sequence[Any]) -> tuple[Callable[..., Any], list[Any]]:
    """`_unpacked` for PyTorch: the tensors inside as arrays, and arrays of integers as tensors."""
    import torch

    fixed = [mapped(lambda v: v if not isinstance(v, np.ndarray) or _moves(v) else torch.as_tensor(v), x) for x in xs]
    spread, found = _unpacked(f, fixed, lambda v: _moves(v) or _floats(v))
    return spread, [_array(v) if isinstance(v, torch.Tensor) else v for v in found]


def _moves(v: Any) -> bool:
    """Whether a leaf is a number or array to differentiate by; integers are held fixed."""
    return isinstance(v, (float, complex, np.generic, np.ndarray)) and np.asarray(v).dtype.kind not in "iubOSU"


def _floats(v: Any) -> bool:
    import torch

    return isinstance(v, torch.Tensor) and (v.is_floating_point() or v.is_complex())


def _batch(f: Callable[..., Any], fixed: Mapping[str, Any]) -> Callable[..., Any]:
    """f of many points at once, by ``torch.func.vmap``; it raises where that cannot map f."""
    import torch

    def many(*stacks: Any) -> Any:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # vmap says where it is slow
            y = torch.func.vmap(lambda *xs: f(*xs, **fixed))(*[_tensor(x) for x in stacks])
        found = [v for _, v in leaves(y, tuples=True) if isinstance(v, torch.Tensor)]
        if not all(v.is_floating_point() for v in found):
            raise TypeError("only real results are mapped")
        arrays = tuple(_array(v) for v in found)
        return arrays[0] if isinstance(y, torch.Tensor) else arrays

    return many


def check_torch(f: Any, *xs: Any, kwargs: Mapping[str, Any] | None = None, **options: Any) -> Report:
    """Check a ``torch.autograd.Function`` (the class) or a function of tensors at the point `xs`.

    Parameters
    ----------
    f
        Takes and returns tensors, alone or in lists, tuples, dicts and dataclasses.
    *xs
        Arrays, numbers or tensors (of which the data is taken, whether they require a gradient or not), also
        nested. Integers, and tensors of integers, are held fixed.
    kwargs
        Further arguments, held fixed.
    **options
        As for `check_vjp`. f is called for many points at once by ``torch.func.vmap`` wherever that gives the same
        numbers; ``batched=False`` says not to try.
    """
    import torch

    if isinstance(f, type) and issubclass(f, torch.autograd.Function):
        name, f = f.__name__, getattr(f, "apply")  # noqa: B009  (untyped)
    else:
        name = getattr(f, "__name__", type(f).__name__)
    spread, arrays = _tensors(f, xs)
    spread.__name__ = name
    if not any(map(np.iscomplexobj, arrays)):
        options.setdefault("batched", _batch(spread, dict(kwargs or {})))
    return check_vjp(*torch_pair(spread, kwargs), *arrays, **options)


def check_torch_module(module: Any, *xs: Any, **options: Any) -> Report:
    """Check a PyTorch module with respect to its inputs and, after those, each of its parameters, in float64.

    The inputs may be nested, as an LSTM's ``x, (h, c)``; so may its results. The report calls a parameter by its name.
    """
    import copy

    import torch
    from torch.func import functional_call

    module = copy.deepcopy(module).double()
    names = [n for n, _ in module.named_parameters()]
    start = [_array(p).copy() for p in module.parameters()]
    xs = tuple(_doubled(x) for x in xs)
    spread, arrays = _tensors(lambda *inputs: functional_call(module, parameters, inputs), xs)
    parameters: dict[str, Any] = {}

    def run(*tensors: Any) -> Any:
        parameters.update(zip(names, tensors[len(arrays) :], strict=True))
        with torch.random.fork_rng(devices=[]):  # the same dropout each time
            torch.manual_seed(0)
            return spread(*tensors[: len(arrays)])

    run.__name__ = type(module).__name__
    report = check_vjp(*torch_pair(run), *arrays, *start, **options)
    return report.renamed([*(f"input {i}" for i in range(len(arrays))), *names])


def _doubled(x: Any) -> Any:
    return mapped(lambda v: v.double() if _floats(v) else v, x)


def jax_pair(f: Callable[..., Any]) -> Pair:
    """A JAX function (with a ``custom_vjp`` or not) as a pair on NumPy arrays; run in float64 where those are.

    The results may be nested; those that carry no gradient (indices, integers) are left out.
    """
    import jax

    # The switch that is local to a block; older releases have it elsewhere.
    enable_x64 = (
        jax.enable_x64 if hasattr(jax, "enable_x64") else importlib.import_module("jax.experimental").enable_x64
    )
    single: list[bool] = []

    def arrays(xs: Any) -> list[Any]:
        return [jax.numpy.asarray(np.asarray(x)) for x in xs]

    def flat(*xs: Any) -> list[Any]:
        y = f(*xs)
        single[:] = [not is_container(y)]
        found = [jax.numpy.asarray(v) for _, v in leaves(y, tuples=True)]
        return [v for v in found if jax.numpy.issubdtype(v.dtype, jax.numpy.inexact)]

    def value(*xs: Any) -> Any:
        with enable_x64(True):
            found = tuple(np.array(v) for v in flat(*arrays(xs)))
            return found[0] if single[0] and len(found) == 1 else found

    def vjp(g: Any, *xs: Any) -> Any:
        with enable_x64(True):
            _, pull = jax.vjp(flat, *arrays(xs))
            # Complex cotangents are the conjugates of those that are meant here: see `trees`.
            cotangents = arrays([np.conj(v) for v in (g if isinstance(g, (tuple, list)) else [g])])
            return tuple(np.conj(np.array(v)) for v in pull(cotangents))

    value.__name__ = getattr(f, "__name__", "f")
    return value, vjp


def check_jax(f: Callable[..., Any], *xs: Any, kwargs: Mapping[str, Any] | None = None, **options: Any) -> Report:
    """Check a JAX function, with a ``custom_vjp`` or without, at the point `xs`.

    Parameters
    ----------
    f
        Takes and returns arrays of JAX, alone or in lists, tuples, dicts and dataclasses.
    *xs
        Arrays and numbers, also nested. Integers are held fixed.
    kwargs
        Further arguments, held fixed.
    **options
        As for `check_vjp`; ``batched=jax.vmap(f)`` calls f for many points at once.
    """
    spread, arrays = _unpacked(functools.partial(f, **dict(kwargs or {})), xs, _moves_in_jax)
    spread.__name__ = getattr(f, "__name__", "f")
    return check_vjp(*jax_pair(spread), *map(np.asarray, arrays), **options)


def _moves_in_jax(v: Any) -> bool:
    import jax

    return _moves(np.asarray(v) if isinstance(v, jax.Array) else v)


def hips_pair(f: Callable[..., Any]) -> Pair:
    """A function or primitive of HIPS autograd as a pair on NumPy arrays.

    HIPS autograd has this package's import name. Where it is the one installed, load the checker, which needs NumPy
    alone, from its folder under another name with `load_beside`.
    """
    try:
        from autograd.builtins import tuple as tuple_  # type: ignore[import-not-found]  # HIPS autograd
        from autograd.core import make_vjp  # type: ignore[attr-defined]  # likewise
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
