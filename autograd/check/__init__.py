"""Is this gradient right? Property-based gradient checking."""

from typing import TYPE_CHECKING, Any

from .domains import matrix, simplex, spd, symmetric, tensor, vector
from .forms import check_grad, check_hessp, check_jac
from .point import check_vjp
from .report import Entry, Finding, GradientError, Report

if TYPE_CHECKING:
    from .engine import check_gradient as check_gradient
    from .engine import check_nodes as check_nodes
    from .forall import check_for_all as check_for_all
    from .forall import given_gradients as given_gradients
    from .machine import GraphMachine as GraphMachine
    from .random_programs import programs as programs

__all__ = [
    "Entry",
    "Finding",
    "GradientError",
    "GraphMachine",
    "Report",
    "check_for_all",
    "check_grad",
    "check_gradient",
    "check_hessp",
    "check_jac",
    "check_nodes",
    "check_vjp",
    "given_gradients",
    "matrix",
    "programs",
    "simplex",
    "spd",
    "symmetric",
    "tensor",
    "vector",
]

_LATER = {
    "check_for_all": "forall",
    "given_gradients": "forall",
    "check_gradient": "engine",
    "check_nodes": "engine",
    "GraphMachine": "machine",
    "programs": "random_programs",
}


def __getattr__(name: str) -> Any:
    # What needs hypothesis, or the engine, is imported when it is first used.
    if name in _LATER:
        from importlib import import_module

        try:
            return getattr(import_module(f".{_LATER[name]}", __name__), name)
        except ModuleNotFoundError as error:
            raise ImportError(f'{name} needs {error.name}: pip install "gradgraph[check]"') from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
