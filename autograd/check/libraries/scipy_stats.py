"""SciPy's continuous distributions: every distribution function with its density.

The distribution function, the survival function, their logarithms and their inverses are six functions each; a subclass
may bring its own formula for any of them, or leave it to the general one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..survey.pair import Pair, jacobian, slope

SLOW = {
    "argus", "dpareto_lognorm", "exponnorm", "foldcauchy", "foldnorm", "gausshyper", "genexpon", "genhyperbolic",
    "geninvgauss", "irwinhall", "kappa4", "ksone", "kstwo", "levy_stable", "norminvgauss", "recipinvgauss",
    "rel_breitwigner", "vonmises", "vonmises_line",
}  # fmt: skip
"""Their values are integrals or searches: few points, and not the inverses, which search among such values."""
LEFT_OUT = {"studentized_range"}
"""A second for each value."""


def distributions() -> Iterator[Pair]:
    """All of ``scipy.stats`` with the shape parameters of SciPy's own tests, or else 1.5, 2, 2.5 …"""
    import numpy as np
    from scipy import stats
    from scipy.stats._distr_params import distcont

    shapes: dict[str, Any] = {}
    for name, parameters in distcont:
        if isinstance(name, str):
            shapes.setdefault(name, parameters)
    for name in sorted(shapes):
        if name in LEFT_OUT or not hasattr(stats, name):
            continue
        law = getattr(stats, name)(*shapes[name])
        with np.errstate(all="ignore"):
            low, high = (float(v) for v in law.ppf([0.002, 0.998]))
            ends = [float(v) for v in law.support()]
        # Not onto the very ends of the support, where most densities stop.
        inside = (max(low, ends[0] + 1e-9), min(high, ends[1] - 1e-9))
        if not np.isfinite(inside).all() or inside[0] >= inside[1]:
            continue
        yield from _of(f"stats.{name}", law, inside, slow=name in SLOW)


def _of(name: str, law: Any, inside: tuple[float, float], slow: bool = False) -> Iterator[Pair]:
    import numpy as np

    slopes: dict[str, tuple[Callable[[Any], Any], Any]] = {
        "cdf": (law.pdf, inside),
        "sf": (lambda x: -law.pdf(x), inside),
        "logcdf": (lambda x: np.exp(law.logpdf(x) - law.logcdf(x)), inside),
        "logsf": (lambda x: -np.exp(law.logpdf(x) - law.logsf(x)), inside),
    }
    if not slow:
        slopes["ppf"] = (lambda p: 1 / law.pdf(law.ppf(p)), (0.01, 0.99))
        slopes["isf"] = (lambda p: -1 / law.pdf(law.isf(p)), (0.01, 0.99))
    for method, (df, where) in slopes.items():
        few: Any = {"points": 1, "at_once": 2} if slow else {}
        yield slope(f"{name}.{method}", getattr(law, method), df, where, **few)


def new_distributions() -> Iterator[Pair]:
    """The classes of the newer interface."""
    import numpy as np
    from scipy import stats

    laws: dict[str, Any] = {
        "Normal": (lambda: stats.Normal(mu=0.3, sigma=1.2), (-3.0, 4.0)),
        "Uniform": (lambda: stats.Uniform(a=-1.0, b=2.0), (-0.99, 1.99)),
        "Logistic": (lambda: stats.Logistic(), (-6.0, 6.0)),
    }
    for name, (make, (low, high)) in laws.items():
        if not hasattr(stats, name):
            continue
        law: Any = make()
        for method, df in (
            ("cdf", law.pdf),
            ("ccdf", lambda x, law=law: -law.pdf(x)),
            ("logcdf", lambda x, law=law: np.exp(law.logpdf(x) - law.logcdf(x))),
            ("logccdf", lambda x, law=law: -np.exp(law.logpdf(x) - law.logccdf(x))),
        ):
            yield slope(f"stats.{name}.{method}", getattr(law, method), df, (low, high))
        yield slope(f"stats.{name}.icdf", law.icdf, lambda p, law=law: 1 / law.pdf(law.icdf(p)), (0.01, 0.99))
        yield slope(f"stats.{name}.iccdf", law.iccdf, lambda p, law=law: -1 / law.pdf(law.iccdf(p)), (0.01, 0.99))


def empirical() -> Iterator[Pair]:
    import numpy as np
    from scipy import stats

    sample = np.random.default_rng(0).normal(size=40)
    kde = stats.gaussian_kde(sample)
    yield slope("stats.gaussian_kde.integrate_box_1d", lambda x: kde.integrate_box_1d(-9.0, x),
                lambda x: kde(x)[0], (-3, 3), vectorize=True)  # fmt: skip
    law = stats.rv_histogram(np.histogram(sample, bins=8))
    yield slope("stats.rv_histogram.cdf", law.cdf, law.pdf, (-1.5, 1.5))
    yield slope("stats.boxcox", lambda x: stats.boxcox(x, 0.4), lambda x: x**-0.6, (0.1, 5))
    yield slope("stats.yeojohnson", lambda x: stats.yeojohnson(x, 0.4),
                lambda x: np.where(x >= 0, (np.abs(x) + 1) ** -0.6, (np.abs(x) + 1) ** 0.6), (-4, 4))  # fmt: skip


def several_inputs() -> Iterator[Pair]:
    """The normal distribution's rectangles: the derivative by a corner is a density times a conditional probability."""
    import numpy as np
    from scipy import stats

    from ..domains import vector

    r = 0.4
    law = stats.multivariate_normal([0, 0], [[1, r], [r, 1]])

    def corner(x: Any) -> Any:
        s = np.sqrt(1 - r * r)
        return np.array([stats.norm.pdf(x[0]) * stats.norm.cdf((x[1] - r * x[0]) / s),
                         stats.norm.pdf(x[1]) * stats.norm.cdf((x[0] - r * x[1]) / s)])  # fmt: skip

    yield jacobian("stats.multivariate_normal.cdf", law.cdf, corner, vector(2))


FAMILIES = [distributions, new_distributions, empirical, several_inputs]
