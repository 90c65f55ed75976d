"""The special functions of SciPy (``scipy.special``'s ufuncs), loaded when one of them first meets a Tensor.

Each has its derivative in every argument that has a usable one. In others (the order of a Bessel function, the
first parameter of an incomplete gamma function) a constant is needed; a Tensor there is refused by name.
Where only a limit exists (``xlogy`` at 0, say) the formulas are those of the limit, or follow IEEE as `log` does.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special as sp

from autograd.errors import NoRuleError
from autograd.functions import ufuncs
from autograd.functions.register import implement
from autograd.functions.ufuncs import ratio
from autograd.node import Node, plain
from autograd.rules import elementwise as e
from autograd.rules.rule import Elementwise, Formula
from autograd.rules.table import BY_UFUNC
from autograd.rules.typeset import function
from autograd.types import Array

SQRT_PI = math.sqrt(math.pi)


class Special(Elementwise):
    """An elementwise rule around one of SciPy's ufuncs."""

    arrays_only = True

    def __init__(self, name: str, compute: Formula, *partials: Formula, doc: str) -> None:
        super().__init__(name, lambda *x: float(compute(*x)), compute, *partials, notation=function(name), doc=doc)

    def __call__(self, *inputs: Any, **static: Any) -> Any:
        return super().__call__(*self._in_one_dtype(inputs), **static)

    def _in_one_dtype(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """Constants in the dtype that SciPy computes in, which for mixed ones is often float64 beside float32."""
        dtypes = [getattr(plain(x), "dtype", None) for x in inputs]
        if len(set(dtypes) - {None}) < 2 or not isinstance(self.compute, np.ufunc):
            return inputs
        asked = [type(x) if dtype is None else dtype for x, dtype in zip(inputs, dtypes)]
        chosen = self.compute.resolve_dtypes((*asked, None))[-1]
        constant = [dtype is not None and not isinstance(x, Node) for x, dtype in zip(inputs, dtypes)]
        return tuple([x.astype(chosen) if one else x for x, one in zip(inputs, constant)])


def _none(name: str) -> Formula:
    """Stands in for a partial derivative without a usable formula."""

    def refuse(y: Any, *inputs: Any) -> Any:
        raise NoRuleError(f"scipy.special.{name} has no derivative in this argument; pass a plain array there")

    return refuse


# --- error functions and the normal distribution -------------------------------------------------------

erfcx: Special = Special("erfcx", sp.erfcx, lambda y, x: 2 * x * y - 2 / SQRT_PI, doc="exp(x²)·erfc x.")
erfi = Special("erfi", sp.erfi, lambda y, x: 2 / SQRT_PI * e.exp(e.square(x)), doc="−i·erf(ix).")
erfinv = Special("erfinv", sp.erfinv, lambda y, x: SQRT_PI / 2 * e.exp(e.square(y)), doc="The inverse of erf.")
erfcinv = Special("erfcinv", sp.erfcinv, lambda y, x: -SQRT_PI / 2 * e.exp(e.square(y)), doc="The inverse of erfc.")
dawsn = Special("dawsn", sp.dawsn, lambda y, x: 1 - 2 * x * y, doc="Dawson's integral exp(−x²) ∫₀ˣ exp(t²) dt.")
ndtr = Special("ndtr", sp.ndtr, lambda y, x: e.exp(-e.square(x) / 2) / math.sqrt(2 * math.pi), doc="Φ(x).")
# φ/Φ by erfcx, without the quotient of two vanishing numbers.
log_ndtr = Special(
    "log_ndtr", sp.log_ndtr, lambda y, x: math.sqrt(2 / math.pi) / erfcx(-x / math.sqrt(2)), doc="log Φ(x)."
)
ndtri = Special("ndtri", sp.ndtri, lambda y, p: math.sqrt(2 * math.pi) * e.exp(e.square(y) / 2), doc="Φ⁻¹(p).")
ndtri_exp = Special(
    "ndtri_exp", sp.ndtri_exp, lambda y, x: math.sqrt(2 * math.pi) * e.exp(e.square(y) / 2 + x), doc="Φ⁻¹(eˣ)."
)

# --- gamma and beta functions --------------------------------------------------------------------------

# ζ(s, q) = Σ 1/(k + q)ˢ: the derivatives of ψ. For whole s ≥ 2.
zeta: Special = Special(
    "zeta", sp.zeta, _none("zeta"), lambda y, s, q: -s * zeta(s + 1, q), doc="Hurwitz's zeta function ζ(s, q)."
)
digamma: Special = Special("psi", sp.psi, lambda y, x: zeta(2, x), doc="The digamma function ψ(x).")
gamma = Special("gamma", sp.gamma, lambda y, x: y * digamma(x), doc="Γ(x).")
gammaln: Special = Special("gammaln", sp.gammaln, lambda y, x: digamma(x), doc="log|Γ(x)|.")
loggamma = Special("loggamma", sp.loggamma, lambda y, x: digamma(x), doc="log Γ(x).")
beta = Special(
    "beta",
    sp.beta,
    lambda y, a, b: y * (digamma(a) - digamma(a + b)),
    lambda y, a, b: y * (digamma(b) - digamma(a + b)),
    doc="Γ(a)·Γ(b)/Γ(a + b).",
)
betaln: Special = Special(
    "betaln",
    sp.betaln,
    lambda y, a, b: digamma(a) - digamma(a + b),
    lambda y, a, b: digamma(b) - digamma(a + b),
    doc="log|Γ(a)·Γ(b)/Γ(a + b)|.",
)
binom = Special(
    "binom",
    sp.binom,
    lambda y, n, k: y * (digamma(n + 1) - digamma(n - k + 1)),
    lambda y, n, k: y * (digamma(n - k + 1) - digamma(k + 1)),
    doc="The binomial coefficient n over k.",
)
poch = Special(
    "poch",
    sp.poch,
    lambda y, z, m: y * (digamma(z + m) - digamma(z)),
    lambda y, z, m: y * digamma(z + m),
    doc="Γ(z + m)/Γ(z).",
)
gammainc = Special(
    "gammainc",
    sp.gammainc,
    _none("gammainc"),
    lambda y, a, x: e.exp(xlogy(a - 1, x) - x - gammaln(a)),
    doc="The lower incomplete gamma function, regularised.",
)
gammaincc = Special(
    "gammaincc",
    sp.gammaincc,
    _none("gammaincc"),
    lambda y, a, x: -e.exp(xlogy(a - 1, x) - x - gammaln(a)),
    doc="The upper incomplete gamma function, regularised.",
)
gammaincinv = Special(
    "gammaincinv",
    sp.gammaincinv,
    _none("gammaincinv"),
    lambda y, a, p: e.exp(y + gammaln(a) - xlogy(a - 1, y)),
    doc="The inverse of gammainc in x.",
)
gammainccinv = Special(
    "gammainccinv",
    sp.gammainccinv,
    _none("gammainccinv"),
    lambda y, a, p: -e.exp(y + gammaln(a) - xlogy(a - 1, y)),
    doc="The inverse of gammaincc in x.",
)


def _beta_density(a: Any, b: Any, x: Array) -> Array:
    return e.exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b))


betainc = Special(
    "betainc",
    sp.betainc,
    _none("betainc"),
    _none("betainc"),
    lambda y, a, b, x: _beta_density(a, b, x),
    doc="The incomplete beta function, regularised.",
)
betaincinv = Special(
    "betaincinv",
    sp.betaincinv,
    _none("betaincinv"),
    _none("betaincinv"),
    lambda y, a, b, p: 1 / _beta_density(a, b, y),
    doc="The inverse of betainc in x.",
)

# --- logistic function, entropies, Box-Cox --------------------------------------------------------------

expit: Special = Special("expit", sp.expit, lambda y, x: y * expit(-x), doc="1/(1 + e⁻ˣ).")
log_expit = Special("log_expit", sp.log_expit, lambda y, x: expit(-x), doc="−log(1 + e⁻ˣ).")
logit = Special("logit", sp.logit, lambda y, p: 1 / (p * (1 - p)), doc="log(p/(1 − p)).")
xlogy: Special = Special(
    "xlogy", sp.xlogy, lambda y, a, b: e.log(b), lambda y, a, b: ratio(a, b, zero=a), doc="a·log b, 0 at a = 0."
)
xlog1py: Special = Special(
    "xlog1py",
    sp.xlog1py,
    lambda y, a, b: e.log1p(b),
    lambda y, a, b: ratio(a, 1 + b, zero=a),
    doc="a·log(1 + b), 0 at a = 0.",
)
entr = Special("entr", sp.entr, lambda y, x: -e.log(x) - 1, doc="−x·log x.")
rel_entr = Special(
    "rel_entr", sp.rel_entr, lambda y, a, b: e.log(a / b) + 1, lambda y, a, b: ratio(-a, b, zero=a), doc="a·log(a/b)."
)
kl_div = Special(
    "kl_div",
    sp.kl_div,
    lambda y, a, b: e.log(a / b),
    lambda y, a, b: 1 - ratio(a, b, zero=a),
    doc="a·log(a/b) − a + b.",
)
boxcox = Special("boxcox", sp.boxcox, lambda y, x, k: x ** (k - 1), _none("boxcox"), doc="(xᵏ − 1)/k, log x for k = 0.")
boxcox1p = Special(
    "boxcox1p", sp.boxcox1p, lambda y, x, k: (1 + x) ** (k - 1), _none("boxcox1p"), doc="boxcox of 1 + x."
)
inv_boxcox = Special(
    "inv_boxcox", sp.inv_boxcox, lambda y, x, k: y ** (1 - k), _none("inv_boxcox"), doc="The inverse of boxcox."
)
inv_boxcox1p = Special(
    "inv_boxcox1p",
    sp.inv_boxcox1p,
    lambda y, x, k: (1 + y) ** (1 - k),
    _none("inv_boxcox1p"),
    doc="The inverse of boxcox1p.",
)
huber = Special(
    "huber",
    sp.huber,
    lambda y, d, r: e.where(plain(e.absolute(r)) > plain(d), e.absolute(r) - d, 0),
    lambda y, d, r: e.maximum(e.minimum(r, d), -d),
    doc="r²/2 for |r| ≤ d, else d·(|r| − d/2).",
)
pseudo_huber = Special(
    "pseudo_huber",
    sp.pseudo_huber,
    lambda y, d, r: 2 * y / d - e.square(r) / e.hypot(d, r),
    lambda y, d, r: r * d / e.hypot(d, r),
    doc="d²·(√(1 + (r/d)²) − 1).",
)

# --- Bessel functions, by their recurrences: without a division that fails at 0 --------------------------

jv: Special = Special("jv", sp.jv, _none("jv"), lambda y, v, x: (jv(v - 1, x) - jv(v + 1, x)) / 2, doc="Jᵥ(x).")
yv: Special = Special("yv", sp.yv, _none("yv"), lambda y, v, x: (yv(v - 1, x) - yv(v + 1, x)) / 2, doc="Yᵥ(x).")
yn = Special("yn", sp.yn, _none("yn"), lambda y, n, x: (yv(n - 1, x) - yv(n + 1, x)) / 2, doc="Yₙ(x) for whole n.")
iv: Special = Special("iv", sp.iv, _none("iv"), lambda y, v, x: (iv(v - 1, x) + iv(v + 1, x)) / 2, doc="Iᵥ(x).")
kv: Special = Special("kv", sp.kv, _none("kv"), lambda y, v, x: -(kv(v - 1, x) + kv(v + 1, x)) / 2, doc="Kᵥ(x).")
ive: Special = Special(
    "ive",
    sp.ive,
    _none("ive"),
    lambda y, v, x: (ive(v - 1, x) + ive(v + 1, x)) / 2 - e.sign(x) * y,
    doc="e^−|x|·Iᵥ(x).",
)
kve: Special = Special(
    "kve", sp.kve, _none("kve"), lambda y, v, x: y - (kve(v - 1, x) + kve(v + 1, x)) / 2, doc="eˣ·Kᵥ(x)."
)
j0 = Special("j0", sp.j0, lambda y, x: -j1(x), doc="J₀(x).")
j1: Special = Special("j1", sp.j1, lambda y, x: (j0(x) - jv(2, x)) / 2, doc="J₁(x).")
y0 = Special("y0", sp.y0, lambda y, x: -y1(x), doc="Y₀(x).")
y1: Special = Special("y1", sp.y1, lambda y, x: y0(x) - y / x, doc="Y₁(x).")
i0 = Special("i0", sp.i0, lambda y, x: i1(x), doc="I₀(x).")
i1: Special = Special("i1", sp.i1, lambda y, x: (i0(x) + iv(2, x)) / 2, doc="I₁(x).")
i0e = Special("i0e", sp.i0e, lambda y, x: i1e(x) - e.sign(x) * y, doc="e^−|x|·I₀(x).")
i1e: Special = Special("i1e", sp.i1e, lambda y, x: (i0e(x) + ive(2, x)) / 2 - e.sign(x) * y, doc="e^−|x|·I₁(x).")
k0 = Special("k0", sp.k0, lambda y, x: -k1(x), doc="K₀(x).")
k1: Special = Special("k1", sp.k1, lambda y, x: -k0(x) - y / x, doc="K₁(x).")
k0e = Special("k0e", sp.k0e, lambda y, x: y - k1e(x), doc="eˣ·K₀(x).")
k1e: Special = Special("k1e", sp.k1e, lambda y, x: y - k0e(x) - y / x, doc="eˣ·K₁(x).")

# --- integrals of elementary functions ------------------------------------------------------------------

expi = Special("expi", sp.expi, lambda y, x: e.exp(x) / x, doc="The exponential integral ∫ eᵗ/t dt up to x.")
exp1 = Special("exp1", sp.exp1, lambda y, x: -e.exp(-x) / x, doc="The exponential integral ∫ e⁻ᵗ/t dt from x on.")
expn: Special = Special("expn", sp.expn, _none("expn"), lambda y, n, x: _expn_slope(n, x), doc="∫₁ e^(−xt)/tⁿ dt.")


def _expn_slope(n: Any, x: Array) -> Array:
    # −Eₙ₋₁; E₀(x) = e⁻ˣ/x ends the recurrence.
    n = np.asarray(plain(n))
    last = -e.exp(-x) * (1 + 1 / x) / x
    return last if np.all(n == 0) else np.where(n == 0, last, -expn(np.maximum(n - 1, 0), x))


si = Special("si", lambda x: sp.sici(x)[0], lambda y, x: ufuncs.sinc(x / math.pi), doc="The sine integral.")
ci = Special("ci", lambda x: sp.sici(x)[1], lambda y, x: e.cos(x) / x, doc="The cosine integral.")
fresnel_s = Special(
    "fresnel_s", lambda x: sp.fresnel(x)[0], lambda y, x: e.sin(e.square(x) * (math.pi / 2)), doc="∫₀ˣ sin(πt²/2) dt."
)
fresnel_c = Special(
    "fresnel_c", lambda x: sp.fresnel(x)[1], lambda y, x: e.cos(e.square(x) * (math.pi / 2)), doc="∫₀ˣ cos(πt²/2) dt."
)


def sici(x: Array) -> Any:
    return si(x), ci(x)


def fresnel(z: Array) -> Any:
    return fresnel_s(z), fresnel_c(z)


# --- SciPy's own forms of elementary functions ------------------------------------------------------------

_SAME_AS_OURS = {sp.erf: e.erf, sp.erfc: e.erfc, sp.expm1: e.expm1, sp.log1p: e.log1p, sp.cbrt: e.cbrt}
BY_UFUNC.update(_SAME_AS_OURS)
exp10 = Special("exp10", sp.exp10, lambda y, x: y * math.log(10), doc="10ˣ.")
cosm1 = Special("cosm1", sp.cosm1, lambda y, x: -e.sin(x), doc="cos x − 1, exact near 0.")
sindg: Special = Special("sindg", sp.sindg, lambda y, x: cosdg(x) * (math.pi / 180), doc="Sine of x degrees.")
cosdg: Special = Special("cosdg", sp.cosdg, lambda y, x: -sindg(x) * (math.pi / 180), doc="Cosine of x degrees.")


_special = [rule for rule in list(vars().values()) if isinstance(rule, Special)]

implement(
    {
        **{rule.compute: rule for rule in _special if isinstance(rule.compute, np.ufunc)},
        **_SAME_AS_OURS,
        sp.exp2: ufuncs.exp2,
        sp.sici: sici,
        sp.fresnel: fresnel,
    }
)
