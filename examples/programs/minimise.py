"""SciPy's optimisers take our derivatives as they are: `jac=grad(f)`, `hess=hessian(f)`, `hessp=hvp(f)`.

The function is Rosenbrock's valley (Rosenbrock 1960), whose derivatives SciPy ships written out by hand; ours come
from the function alone.

    python examples/programs/minimise.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult, minimize, rosen_der, rosen_hess, rosen_hess_prod

from autograd import grad, hessian, hvp
from examples.shared.command_line import run_program


def valley(x: Any) -> Any:
    """Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², smallest (0) at (1, …, 1)."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@dataclass
class Results:
    """How far the derivatives are from SciPy's, and what SciPy's methods found with ours."""

    differences: dict[str, float]
    runs: dict[str, OptimizeResult]


def main() -> Results:
    """Compare the derivatives with SciPy's, then minimise with each kind of derivative."""
    start, v = np.array([1.3, 0.7, 0.8, 1.9, 1.2]), np.arange(5.0)
    differences = {
        "gradient": np.abs(grad(valley)(start) - rosen_der(start)).max(),
        "Hessian": np.abs(hessian(valley)(start) - rosen_hess(start)).max(),
        "Hessian times a vector": np.abs(hvp(valley)(start, v) - rosen_hess_prod(start, v)).max(),
    }
    for name, difference in differences.items():
        print(f"{name:24s} differs from SciPy's by at most {difference:.1e}")
    runs = {
        "BFGS": minimize(valley, start, method="BFGS", jac=grad(valley)),
        "Newton-CG": minimize(valley, start, method="Newton-CG", jac=grad(valley), hessp=hvp(valley), tol=1e-10),
        "trust-exact": minimize(valley, start, method="trust-exact", jac=grad(valley), hess=hessian(valley)),
    }
    for name, run in runs.items():
        print(f"{name:12s} {run.nit:3d} steps to {np.round(run.x, 6)}")
    return Results(differences, runs)


if __name__ == "__main__":
    run_program(main)
