"""HIPS autograd: the vjps of its NumPy and SciPy wrappers.

It has this package's import name, so it needs a Python of its own: ``--library hips --python other/bin/python``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from ..adapters import hips_pair
from ..domains import Domain, matrix, spd, vector
from ..survey.pair import Pair, pullback


def _pair(f: Callable[..., Any]) -> Any:
    """Several gradients come as a tuple; one comes alone."""
    value, vjp = hips_pair(f)

    def pull(g: Any, *xs: Any) -> Any:
        found = vjp(g, *xs)
        return found if len(xs) > 1 else found[0]

    return value, pull


def elementwise() -> Iterator[Pair]:
    anp: Any = import_module("autograd.numpy")
    special: Any = import_module("autograd.scipy.special")

    some: dict[str, Any] = {
        "abs": "real", "arccos": (-0.99, 0.99), "arccosh": (1.01, 20), "arcsin": (-0.99, 0.99), "arcsinh": "real",
        "arctan": "real", "arctanh": (-0.99, 0.99), "cos": "real", "cosh": (-8, 8), "deg2rad": "real", "degrees": "real",
        "exp": (-20, 20), "exp2": (-20, 20), "expm1": (-20, 20), "fabs": "real", "log": (0.01, 20), "log10": (0.01, 20),
        "log1p": (-0.99, 20), "log2": (0.01, 20), "negative": "real", "rad2deg": "real", "radians": "real",
        "reciprocal": (0.05, 9), "sin": "real", "sinc": (-6, 6), "sinh": (-8, 8), "sqrt": (0.01, 20), "square": "real",
        "tan": (-1.4, 1.4), "tanh": (-20, 20), "nan_to_num": "real", "real": "real",
    }  # fmt: skip
    for name, where in some.items():
        yield pullback(f"numpy.{name}", *_pair(getattr(anp, name)), where, at_once=8)
    functions: dict[str, Any] = {
        "erf": (-6, 6), "erfc": (-6, 20), "erfinv": (-0.999, 0.999), "erfcinv": (0.001, 1.999), "expit": (-40, 40),
        "logit": (0.001, 0.999), "gamma": (-3.9, 20), "gammaln": (0.01, 100), "psi": (-3.9, 50), "digamma": (-3.9, 50),
        "rgamma": (0.05, 20), "i0": (-20, 20), "i1": (-20, 20), "j0": (-20, 20), "j1": (-20, 20), "y0": (0.1, 20),
        "y1": (0.1, 20),
    }  # fmt: skip
    for name, where in functions.items():
        yield pullback(f"scipy.special.{name}", *_pair(getattr(special, name)), where, at_once=8)
    fixed: dict[str, tuple[Callable[[Any], Any], Any]] = {
        "jn": (lambda x: special.jn(2, x), (0.1, 20)), "yn": (lambda x: special.yn(2, x), (0.1, 20)),
        "iv": (lambda x: special.iv(1.3, x), (0.1, 20)),
        "ive": (lambda x: special.ive(1.3, x), (0.1, 20)), "polygamma": (lambda x: special.polygamma(1, x), (0.05, 20)),
        "gammainc": (lambda x: special.gammainc(2.3, x), (0.01, 20)),
        "gammaincc": (lambda x: special.gammaincc(2.3, x), (0.01, 20)),
        "betainc": (lambda x: special.betainc(2.3, 1.7, x), (0.01, 0.99)),
    }  # fmt: skip
    for name, (f, where) in fixed.items():
        yield pullback(f"scipy.special.{name}", *_pair(f), where, at_once=8)
    two = vector(3, 0.2, 3)
    yield pullback("scipy.special.beta", *_pair(special.beta), two, two)
    yield pullback("scipy.special.betaln", *_pair(special.betaln), two, two)
    yield pullback("scipy.special.logsumexp", *_pair(lambda x: special.logsumexp(x, axis=0)), matrix(3, 2))
    yield pullback("scipy.special.multigammaln", *_pair(lambda a: special.multigammaln(a, 3)), (1.2, 20), at_once=8)


def of_two() -> Iterator[Pair]:
    anp: Any = import_module("autograd.numpy")

    positive = matrix(2, 3, 0.2, 3)
    for name in ("add", "subtract", "multiply", "divide", "power", "arctan2", "logaddexp", "logaddexp2", "maximum",
                 "minimum", "fmax", "fmin", "hypot", "mod", "remainder", "true_divide"):  # fmt: skip
        if hasattr(anp, name):
            yield pullback(f"numpy.{name}", *_pair(getattr(anp, name)), positive, vector(3, 0.2, 3))
    some: dict[str, tuple[Callable[..., Any], list[Domain]]] = {
        "dot": (anp.dot, [matrix(2, 3), matrix(3, 2)]), "matmul": (anp.matmul, [matrix(2, 3), matrix(3, 2)]),
        "inner": (anp.inner, [matrix(2, 3), matrix(2, 3)]), "outer": (anp.outer, [vector(3), vector(2)]),
        "kron": (anp.kron, [matrix(2, 2), matrix(2, 3)]), "cross": (anp.cross, [vector(3), vector(3)]),
        "tensordot": (lambda x, y: anp.tensordot(x, y, 1), [matrix(2, 3), matrix(3, 2)]),
        "einsum": (lambda x, y: anp.einsum("ij,jk->ki", x, y), [matrix(2, 3), matrix(3, 2)]),
        "concatenate": (lambda x, y: anp.concatenate((x, y)), [vector(3), vector(2)]),
        "where": (lambda x, y: anp.where(anp.array([True, False, True]), x, y), [vector(3), vector(3)]),
        "stack": (lambda x, y: anp.stack([x, y], axis=1), [vector(3), vector(3)]),
    }  # fmt: skip
    for name, (f, where) in some.items():
        yield pullback(f"numpy.{name}", *_pair(f), *where)


def of_arrays() -> Iterator[Pair]:
    anp: Any = import_module("autograd.numpy")

    a, square = matrix(2, 3), matrix(3, 3)
    some: dict[str, tuple[Callable[..., Any], Domain]] = {
        "sum": (lambda x: anp.sum(x, axis=0), a), "mean": (lambda x: anp.mean(x, axis=1), a),
        "prod": (lambda x: anp.prod(x, axis=1), a), "var": (lambda x: anp.var(x, axis=1, ddof=1), a),
        "std": (lambda x: anp.std(x, axis=1), a), "max": (lambda x: anp.max(x, axis=1), a),
        "min": (lambda x: anp.min(x, axis=1), a), "cumsum": (lambda x: anp.cumsum(x, axis=1), a),
        "sort": (lambda x: anp.sort(x, axis=-1), vector(5)), "partition": (lambda x: anp.partition(x, 2), vector(5)),
        "transpose": (anp.transpose, a), "moveaxis": (lambda x: anp.moveaxis(x, 0, 1), a),
        "swapaxes": (lambda x: anp.swapaxes(x, 0, 1), a), "rollaxis": (lambda x: anp.rollaxis(x, 1), a),
        "reshape": (lambda x: anp.reshape(x, (3, 2)), a), "ravel": (anp.ravel, a),
        "squeeze": (anp.squeeze, matrix(1, 3)), "expand_dims": (lambda x: anp.expand_dims(x, 1), a),
        "repeat": (lambda x: anp.repeat(x, 2, axis=1), a), "tile": (lambda x: anp.tile(x, (2, 2)), a),
        "roll": (lambda x: anp.roll(x, 1, axis=1), a), "rot90": (anp.rot90, a), "flipud": (anp.flipud, a),
        "fliplr": (anp.fliplr, a), "diag": (anp.diag, square), "diagonal": (anp.diagonal, square),
        "trace": (anp.trace, square), "tril": (anp.tril, square), "triu": (anp.triu, square),
        "clip": (lambda x: anp.clip(x, -1, 1), a), "diff": (lambda x: anp.diff(x, axis=1), a),
        "gradient": (lambda x: anp.gradient(x), vector(6)), "pad": (lambda x: anp.pad(x, 1, "constant"), a),
        "broadcast_to": (lambda x: anp.broadcast_to(x, (2, 2, 3)), a), "getitem": (lambda x: x[:, [0, 2, 0]], a),
        "atleast_3d": (anp.atleast_3d, a), "array_split": (lambda x: anp.array_split(x, 2)[0], vector(5)),
        "hsplit": (lambda x: anp.hsplit(x, 3)[1], a), "vsplit": (lambda x: anp.vsplit(x, 2)[1], a),
        "linspace": (lambda x: anp.linspace(x[0], x[1], 5), vector(2)),
        "make_diagonal": (lambda x: anp.make_diagonal(x, axis1=-1, axis2=-2), a),
        "fft.fft": (lambda x: anp.real(anp.fft.fft(x)), vector(5)), "fft.ifft": (lambda x: anp.imag(anp.fft.ifft(x)), vector(5)),
        "fft.rfft": (lambda x: anp.real(anp.fft.rfft(x)), vector(6)),
        "fft.fft2": (lambda x: anp.real(anp.fft.fft2(x)), a), "fft.fftshift": (anp.fft.fftshift, vector(5)),
        "fft.ifftshift": (anp.fft.ifftshift, vector(5)),
        "fft.rfftn": (lambda x: anp.imag(anp.fft.rfftn(x)), matrix(2, 4)),
    }  # fmt: skip
    for name, (f, where) in some.items():
        yield pullback(f"numpy.{name}", *_pair(f), where)


def linear_algebra() -> Iterator[Pair]:
    anp: Any = import_module("autograd.numpy")
    sla: Any = import_module("autograd.scipy.linalg")

    some: dict[str, tuple[Callable[..., Any], list[Domain]]] = {
        "numpy.linalg.det": (anp.linalg.det, [spd(3)]), "numpy.linalg.inv": (anp.linalg.inv, [spd(3)]),
        "numpy.linalg.pinv": (anp.linalg.pinv, [matrix(3, 2)]),
        "numpy.linalg.slogdet": (lambda x: anp.linalg.slogdet(x)[1], [spd(3)]),
        "numpy.linalg.solve": (anp.linalg.solve, [spd(3), vector(3)]),
        "numpy.linalg.norm": (anp.linalg.norm, [matrix(2, 3)]),
        "numpy.linalg.norm nuc": (lambda x: anp.linalg.norm(x, "nuc"), [matrix(2, 3)]),
        "numpy.linalg.cholesky": (lambda x: anp.linalg.cholesky((x + x.T) / 2), [spd(3)]),
        "numpy.linalg.eigh values": (lambda x: anp.linalg.eigh((x + x.T) / 2)[0], [spd(3)]),
        "numpy.linalg.eigh vectors": (lambda x: anp.abs(anp.linalg.eigh((x + x.T) / 2)[1]), [spd(3)]),
        "numpy.linalg.eig values": (lambda x: anp.sum(anp.abs(anp.linalg.eig(x)[0]) ** 2), [matrix(3, 3)]),
        "numpy.linalg.svd values": (lambda x: anp.linalg.svd(x, full_matrices=False)[1], [matrix(3, 2)]),
        "numpy.linalg.svd vectors": (lambda x: anp.abs(anp.linalg.svd(x, full_matrices=False)[0]), [matrix(3, 2)]),
        "scipy.linalg.sqrtm": (lambda x: anp.real(sla.sqrtm(x)), [spd(3)]),
        "scipy.linalg.solve_triangular": (lambda x, b: sla.solve_triangular(x, b, lower=True), [spd(3), vector(3)]),
        "scipy.linalg.solve_sylvester": (sla.solve_sylvester, [spd(2), spd(2), matrix(2, 2)]),
    }  # fmt: skip
    for name, (f, where) in some.items():
        yield pullback(name, *_pair(f), *where)


def statistics() -> Iterator[Pair]:
    """By the value and by every parameter."""
    anp: Any = import_module("autograd.numpy")
    signal: Any = import_module("autograd.scipy.signal")
    stats: Any = import_module("autograd.scipy.stats")

    x, scale = vector(3), vector(3, 0.5, 2)
    for method in ("pdf", "cdf", "sf", "logpdf", "logcdf", "logsf"):
        if hasattr(stats.norm, method):
            yield pullback(f"scipy.stats.norm.{method}", *_pair(getattr(stats.norm, method)), x, x, scale)
        if hasattr(stats.t, method) and method in ("pdf", "cdf", "logpdf", "logcdf"):
            f = (lambda v, m=method: getattr(stats.t, m)(v, 3.5)) if "cdf" in method else getattr(stats.t, method)
            yield pullback(f"scipy.stats.t.{method}", *_pair(f), *([x] if "cdf" in method else [x, scale]))
    for method in ("pdf", "logpdf"):
        yield pullback(f"scipy.stats.gamma.{method}", *_pair(getattr(stats.gamma, method)), scale, scale)
        yield pullback(
            f"scipy.stats.beta.{method}", *_pair(getattr(stats.beta, method)), vector(3, 0.1, 0.9), scale, scale
        )
        yield pullback(f"scipy.stats.chi2.{method}", *_pair(lambda v, m=method: getattr(stats.chi2, m)(v, 3.5)), scale)
        yield pullback(f"scipy.stats.dirichlet.{method}",
                       *_pair(lambda a, m=method: getattr(stats.dirichlet, m)(anp.array([0.2, 0.5, 0.3]), a)), scale)  # fmt: skip
        yield pullback(f"scipy.stats.multivariate_normal.{method}",
                       *_pair(lambda v, mu, m=method: getattr(stats.multivariate_normal, m)(v, mu, 0.7 * anp.eye(3))), x, x)  # fmt: skip
    yield pullback("scipy.stats.gamma.cdf", *_pair(lambda v: stats.gamma.cdf(v, 2.3)), scale)
    yield pullback("scipy.stats.beta.cdf", *_pair(lambda v: stats.beta.cdf(v, 2.3, 1.7)), vector(3, 0.1, 0.9))
    yield pullback("scipy.stats.chi2.cdf", *_pair(lambda v: stats.chi2.cdf(v, 3.5)), scale)
    yield pullback("scipy.stats.multivariate_normal.entropy",
                   *_pair(lambda s: stats.multivariate_normal.entropy(anp.zeros(3), s)), spd(3))  # fmt: skip
    yield pullback("scipy.stats.poisson.pmf", *_pair(lambda mu: stats.poisson.pmf(3, mu)), scale)
    yield pullback("scipy.stats.poisson.logpmf", *_pair(lambda mu: stats.poisson.logpmf(3, mu)), scale)
    yield pullback("scipy.signal.convolve", *_pair(lambda a, b: signal.convolve(a, b)), vector(5), vector(3))


FAMILIES = [elementwise, of_two, of_arrays, linear_algebra, statistics]
