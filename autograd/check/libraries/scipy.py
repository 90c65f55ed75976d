"""SciPy without its special functions and distributions: interpolation, optimisation, linear algebra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..domains import matrix, spd, vector
from ..survey.pair import Pair, gradient, hessian_product, jacobian, pullback, slope


def splines() -> Iterator[Pair]:
    """Every interpolator with its ``derivative()`` and its ``antiderivative()``."""
    import numpy as np
    from scipy import interpolate as ip

    x = np.array([0.0, 0.7, 1.1, 2.0, 2.6, 3.3, 4.0, 4.4, 5.0])
    y = np.sin(2 * x) + 0.3 * x
    inside = (0.05, 4.95)
    made: dict[str, Any] = {
        "CubicSpline": ip.CubicSpline(x, y),
        "CubicHermiteSpline": ip.CubicHermiteSpline(x, y, 2 * np.cos(2 * x)),
        "PchipInterpolator": ip.PchipInterpolator(x, y),
        "Akima1DInterpolator": ip.Akima1DInterpolator(x, y),
        "Akima1DInterpolator makima": ip.Akima1DInterpolator(x, y, method="makima"),
        "PPoly": ip.PPoly(np.random.default_rng(0).normal(size=(4, 8)), x),
        "BPoly": ip.BPoly(np.random.default_rng(0).normal(size=(4, 8)), x),
        "BSpline": ip.make_interp_spline(x, y, k=3),
        "make_interp_spline k=5": ip.make_interp_spline(x, y, k=5),
        "make_smoothing_spline": ip.make_smoothing_spline(x, y, lam=0.1),
        "UnivariateSpline": ip.UnivariateSpline(x, y, s=0.1),
        "InterpolatedUnivariateSpline": ip.InterpolatedUnivariateSpline(x, y, k=4),
        "LSQUnivariateSpline": ip.LSQUnivariateSpline(x, y, [1.5, 3.0]),
        "KroghInterpolator": ip.KroghInterpolator(x, y),
        "BarycentricInterpolator": ip.BarycentricInterpolator(x, y),
    }
    for name, f in made.items():
        base, _, option = name.partition(" ")
        option = f" {option}" if option else ""
        df = f.derivative() if name not in ("KroghInterpolator", "BarycentricInterpolator") else f.derivative
        yield slope(f"interpolate.{base}.derivative{option}", f, df, inside)
        if hasattr(f, "antiderivative"):
            yield slope(f"interpolate.{base}.antiderivative{option}", f.antiderivative(), f, inside)
        if hasattr(f, "derivative") and hasattr(df, "derivative"):
            yield slope(f"interpolate.{base}.derivative twice{option}", df, df.derivative(), inside)
    knots = ip.splrep(x, y)
    yield slope("interpolate.splev der=1", lambda t: ip.splev(t, knots), lambda t: ip.splev(t, knots, der=1), inside)
    yield slope(
        "interpolate.splev der=2", lambda t: ip.splev(t, knots, der=1), lambda t: ip.splev(t, knots, der=2), inside
    )
    yield slope("interpolate.splder", lambda t: ip.splev(t, knots), lambda t: ip.splev(t, ip.splder(knots)), inside)
    yield slope(
        "interpolate.splantider", lambda t: ip.splev(t, ip.splantider(knots)), lambda t: ip.splev(t, knots), inside
    )
    yield slope("interpolate.splint", lambda t: ip.splint(0, t, knots), lambda t: ip.splev(t, knots), inside,
                vectorize=True)  # fmt: skip


def surfaces() -> Iterator[Pair]:
    import numpy as np
    from scipy import interpolate as ip

    u = np.linspace(0, 4, 9)
    z = np.sin(u)[:, None] * np.cos(0.7 * u)
    uu, vv = (a.ravel() for a in np.meshgrid(u, u, indexing="ij"))
    made: dict[str, Any] = {
        "RectBivariateSpline": ip.RectBivariateSpline(u, u, z),
        "SmoothBivariateSpline": ip.SmoothBivariateSpline(uu, vv, z.ravel(), s=0.01),
    }
    for name, f in made.items():
        yield slope(
            f"interpolate.{name} dx", lambda x, f=f: f.ev(x, 1.3), lambda x, f=f: f.ev(x, 1.3, dx=1), (0.1, 3.9)
        )
        yield slope(
            f"interpolate.{name} dy", lambda y, f=f: f.ev(1.3, y), lambda y, f=f: f.ev(1.3, y, dy=1), (0.1, 3.9)
        )
        yield slope(f"interpolate.{name} dx dy", lambda y, f=f: f.ev(1.3, y, dx=1),
                    lambda y, f=f: f.ev(1.3, y, dx=1, dy=1), (0.1, 3.9))  # fmt: skip
        if hasattr(f, "partial_derivative"):
            part = f.partial_derivative(1, 0)
            yield slope(f"interpolate.{name}.partial_derivative", lambda x, f=f: f.ev(x, 1.3),
                        lambda x, part=part: part(x, np.full_like(x, 1.3), grid=False), (0.1, 3.9))  # fmt: skip
    nd = ip.RegularGridInterpolator((u, u), z, method="cubic")
    for axis in (0, 1):
        nu = [1 - axis, axis]
        at: Any = (lambda t: np.array([t, 1.3])) if axis == 0 else (lambda t: np.array([1.3, t]))
        yield slope(f"interpolate.RegularGridInterpolator nu axis {axis}", lambda t, at=at: nd(at(t))[0],
                    lambda t, at=at, nu=nu: nd(at(t), nu=nu)[0], (0.1, 3.9), vectorize=True, points=1)  # fmt: skip
    sphere = ip.RectSphereBivariateSpline(np.linspace(0.2, 3, 9), np.linspace(0.1, 6, 9), z)
    yield slope("interpolate.RectSphereBivariateSpline dtheta", lambda x: sphere.ev(x, 1.3),
                lambda x: sphere.ev(x, 1.3, dtheta=1), (0.3, 2.9))  # fmt: skip
    yield slope("interpolate.RectSphereBivariateSpline dphi", lambda x: sphere.ev(1.3, x),
                lambda x: sphere.ev(1.3, x, dphi=1), (0.3, 5.5))  # fmt: skip


def optimisation() -> Iterator[Pair]:
    import numpy as np
    from scipy import optimize as so
    from scipy.optimize._lsq.least_squares import IMPLEMENTED_LOSSES

    x = vector(5)
    yield gradient("optimize.rosen_der", so.rosen, so.rosen_der, x)
    yield jacobian("optimize.rosen_hess", so.rosen_der, so.rosen_hess, x)
    yield hessian_product("optimize.rosen_hess_prod", so.rosen_der, so.rosen_hess_prod, x)
    for name, loss in IMPLEMENTED_LOSSES.items():
        if loss is None:
            continue

        def rho(z: Any, order: int, loss: Any = loss, name: str = name) -> Any:
            out = np.empty((3, np.size(z)))
            result = loss(np.atleast_1d(np.asarray(z, dtype=float)), out, False)
            return (out if result is None else result)[order].reshape(np.shape(z))

        yield slope(
            f"optimize.least_squares loss {name} first", lambda z, r=rho: r(z, 0), lambda z, r=rho: r(z, 1), (0.01, 9)
        )
        yield slope(
            f"optimize.least_squares loss {name} second", lambda z, r=rho: r(z, 1), lambda z, r=rho: r(z, 2), (0.01, 9)
        )


def matrix_functions() -> Iterator[Pair]:
    """Fréchet derivatives: pulling g back through a primary matrix function is its derivative at the transpose."""
    import numpy as np
    from scipy import linalg as la

    a = matrix(3, 3, -1.5, 1.5)
    yield pullback("linalg.expm_frechet", la.expm, lambda g, x: la.expm_frechet(x.T, g, compute_expm=False), a)
    yield pullback(
        "linalg.expm_frechet blockEnlarge", la.expm,
        lambda g, x: la.expm_frechet(x.T, g, method="blockEnlarge", compute_expm=False), a)  # fmt: skip

    def of_block(f: Any) -> Any:
        def vjp(g: Any, x: Any) -> Any:
            n = len(x)
            return np.real(f(np.block([[x.T, g], [np.zeros((n, n)), x.T]])))[:n, n:]

        return vjp

    for name in ("sinm", "cosm", "sinhm", "coshm", "tanhm"):
        f = getattr(la, name)
        yield pullback(f"linalg.{name} of a block", f, of_block(f), a)
    yield pullback("linalg.sqrtm of a block", lambda x: np.real(la.sqrtm(x)), of_block(la.sqrtm), spd(3, -1, 1))
    yield pullback("linalg.logm of a block", lambda x: np.real(la.logm(x)), of_block(la.logm), spd(3, -1, 1))
    yield pullback("linalg.inv", la.inv, lambda g, x: -la.inv(x).T @ g @ la.inv(x).T, spd(3, -1, 1))
    yield gradient("linalg.det", la.det, lambda x: la.det(x) * la.inv(x).T, spd(3, -1, 1))
    b = np.array([0.3, -1.0, 2.0])

    def solve_vjp(g: Any, x: Any) -> Any:
        u = la.solve(x.T, g)
        return -np.outer(u, la.solve(x, b))

    yield pullback("linalg.solve", lambda x: la.solve(x, b), solve_vjp, spd(3, -1, 1))


def transforms() -> Iterator[Pair]:
    """Linear maps and their adjoints."""
    import numpy as np
    from scipy import fft, ndimage, signal
    from scipy.sparse.linalg import aslinearoperator

    x = vector(6)
    adjoint = {1: 1, 2: 3, 3: 2, 4: 4}
    for name in ("dct", "dst"):
        for kind, other in adjoint.items():
            if kind == 1 and name == "dct":
                continue  # not symmetric without its half weights at the ends
            f = getattr(fft, name)
            yield pullback(f"fft.{name} type {kind}", lambda v, f=f, k=kind: f(v, type=k, norm="ortho"),
                           lambda g, v, f=f, k=other: f(g, type=k, norm="ortho"), x)  # fmt: skip
    h = np.array([0.3, -1.0, 0.7])
    yield pullback(
        "signal.convolve full", lambda v: signal.convolve(v, h), lambda g, v: signal.correlate(g, h, "valid"), x
    )
    yield pullback(
        "signal.correlate full", lambda v: signal.correlate(v, h), lambda g, v: signal.convolve(g, h, "valid"), x
    )
    yield pullback("signal.fftconvolve full", lambda v: signal.fftconvolve(v, h),
                   lambda g, v: signal.fftconvolve(g, h[::-1], "valid"), x)  # fmt: skip
    yield pullback("ndimage.correlate1d", lambda v: ndimage.correlate1d(v, h, mode="constant"),
                   lambda g, v: ndimage.convolve1d(g, h, mode="constant"), x)  # fmt: skip
    op = aslinearoperator(np.random.default_rng(0).normal(size=(4, 6)))
    yield jacobian("sparse.linalg.LinearOperator.rmatvec", op.matvec, lambda v: op, x)
    yield jacobian("sparse.linalg.LinearOperator product", lambda v: (op @ op.T).matvec(op.matvec(v)),
                   lambda v: op @ op.T @ op, x)  # fmt: skip


def integration() -> Iterator[Pair]:
    """What is integrated is the derivative of the integral."""
    import numpy as np
    from scipy import integrate

    def f(t: Any) -> Any:
        return np.exp(-t) * np.cos(3 * t)

    yield slope(
        "integrate.quad", lambda x: integrate.quad(f, 0, x, epsabs=1e-13, epsrel=1e-13)[0], f, (0.1, 5), vectorize=True
    )


FAMILIES = [splines, surfaces, optimisation, matrix_functions, transforms, integration]
