"""What to do instead, where NumPy or SciPy makes a plain array of a Tensor without asking it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from autograd.functions.register import implementation_of

_INSTEAD = {
    "r_": "np.concatenate([a, b])",
    "c_": "np.column_stack([a, b])",
    "full": "np.broadcast_to(t, shape)",
    "full_like": "np.broadcast_to(t, shape)",
    "select": "np.where(condition, x, t)",
    "vectorize": "the function on the whole Tensor",
}
_TWINS = {"linalg": "autograd.linalg", "special": "autograd.special"}
_NUMBERS = "for the numbers alone take t.data"


def refusal(frame: Any) -> str:
    """The sentence for a Tensor that is asked for a plain array by the code running in `frame`."""
    lost = "a Tensor does not turn into a plain array by itself, because its gradient would be lost; "
    call = _outermost_call(frame)
    if call is None:
        join = "join Tensors by np.stack([t1, t2]) or np.concatenate instead of np.array"
        return f"{lost}{join}; write into an array by autograd.at(array)[index].set(t); {_NUMBERS}"
    module, name, owner = call
    return lost + (_for_scipy if module.startswith("scipy") else _for_numpy)(module, name, owner)


def _outermost_call(frame: Any) -> tuple[str, str, Any] | None:
    """Module, name and object of the function of NumPy's or SciPy's that the user has called, if it is in Python."""
    call = None
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        package = module.partition(".")[0]
        if package not in ("numpy", "scipy", "autograd"):
            break
        if package != "autograd" and not module.startswith("scipy._lib"):  # a decorator of SciPy's is no call
            call = module, frame.f_code.co_name, frame.f_locals.get("self")
        frame = frame.f_back
    return call


def _for_numpy(module: str, name: str, owner: Any) -> str:
    if owner is not None:
        kind = type(owner).__name__
        name = {"RClass": "r_", "CClass": "c_"}.get(kind, kind)
    if name in _INSTEAD:
        return f"np.{name} does not ask it: use {_INSTEAD[name]}, or {_NUMBERS}"
    known = None if module.startswith("numpy.ma") else _with_rule(name)
    if known is not None:
        return f"{known} does not look for Tensors in a list: join them, {known}(np.stack([t1, t2])); {_NUMBERS}"
    return f"np.{name} does not ask it: write what it does with functions that have a rule, or {_NUMBERS}"


def _for_scipy(module: str, name: str, owner: Any) -> str:
    room = module.split(".")[1]
    if room == "sparse":
        return f"a sparse matrix does not ask it: use all its numbers, m.toarray() @ t, or {_NUMBERS}"
    what = f"scipy.{room}.{name}"
    if owner is not None:
        owner = getattr(owner, "dist", owner)  # a distribution with its parameters
        known = getattr(owner, "name", None) or type(owner).__name__.removesuffix("_gen")
        what = f"scipy.{room}.{known}" + ("" if name == "__init__" else f".{name}")
        if room == "stats":
            return (
                f"{what} has no derivative: write its formula with np and the ufuncs of scipy.special, for norm.logpdf "
                f"-((x - m) / s)**2 / 2 - np.log(s) - np.log(2 * np.pi) / 2; or {_NUMBERS}"
            )
    if room in _TWINS and name in import_module(_TWINS[room]).__all__:
        return f"{what} does not ask it: use {_TWINS[room]}.{name}, or {_NUMBERS}"
    known = _with_rule(name)
    if known is not None:
        return f"{what} does not ask it: use {known}, or {_NUMBERS}"
    return f"{what} has no rule: write what it does with functions that have one, or {_NUMBERS}"


def _with_rule(name: str) -> str | None:
    """The full name of NumPy's function of that name, if Tensors have one for it."""
    for space, prefix in ((np, "np"), (np.linalg, "np.linalg"), (np.fft, "np.fft")):
        function = getattr(space, name, None)
        if function is not None and implementation_of(function) is not None:
            return f"{prefix}.{name}"
    return None
