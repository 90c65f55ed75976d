"""SciPy's special functions: those that SciPy differentiates itself, and those whose derivative is another of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..domains import vector
from ..survey.pair import Pair, jacobian, slope

POSITIVE = (0.05, 20.0)
ORDERS = 1.3
"""The order of Bessel functions: no whole number, so that no shortcut is taken."""


def bessel() -> Iterator[Pair]:
    """The functions and SciPy's own derivatives of them, each to the third order."""
    from scipy import special as s

    for name in ("jv", "yv", "iv", "kv"):
        f, df = getattr(s, name), getattr(s, name + "p")
        yield slope(f"special.{name}p n=1", lambda x, f=f: f(ORDERS, x), lambda x, df=df: df(ORDERS, x), POSITIVE)
        for n in (2, 3):
            yield slope(
                f"special.{name}p n={n}",
                lambda x, df=df, n=n: df(ORDERS, x, n - 1),
                lambda x, df=df, n=n: df(ORDERS, x, n),
                POSITIVE,
            )
    for name, part in (("h1vp", "real"), ("h1vp", "imag"), ("h2vp", "real"), ("h2vp", "imag")):
        f, df = {"h1vp": s.hankel1, "h2vp": s.hankel2}[name], getattr(s, name)
        yield slope(
            f"special.{name} {part}",
            lambda x, f=f, part=part: getattr(f(ORDERS, x), part),
            lambda x, df=df, part=part: getattr(df(ORDERS, x), part),
            POSITIVE,
        )
    for name in ("spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"):
        f = getattr(s, name)
        yield slope(
            f"special.{name} derivative", lambda x, f=f: f(3, x), lambda x, f=f: f(3, x, derivative=True), (0.1, 20)
        )
    for name, sign in (("j0", "j1"), ("i0", "i1"), ("k0", "k1"), ("y0", "y1")):
        f, other = getattr(s, name), getattr(s, sign)
        factor = 1 if name == "i0" else -1
        yield slope(f"special.{name}", f, lambda x, other=other, factor=factor: factor * other(x), POSITIVE)
    scaled: dict[str, Callable[[Any], Any]] = {
        "jve": lambda x: s.jvp(ORDERS, x),
        "ive": lambda x: (s.ivp(ORDERS, x) - s.iv(ORDERS, x)) / _exp(x),
        "kve": lambda x: (s.kvp(ORDERS, x) + s.kv(ORDERS, x)) * _exp(x),
    }
    for name, df in scaled.items():
        yield slope(f"special.{name}", lambda x, name=name: getattr(s, name)(ORDERS, x), df, POSITIVE)
    for name in ("i0e", "i1e", "k0e", "k1e"):
        order = int(name[1])
        f, plain, plainp = getattr(s, name), *((s.iv, s.ivp) if name[0] == "i" else (s.kv, s.kvp))
        side = -1 if name[0] == "i" else 1
        yield slope(
            f"special.{name}",
            f,
            lambda x, o=order, p=plain, q=plainp, sign=side: (q(o, x) + sign * p(o, x)) * _exp(sign * x),
            POSITIVE,
        )


def _exp(x: Any) -> Any:
    import numpy as np

    return np.exp(x)


def airy() -> Iterator[Pair]:
    from scipy import special as s

    for i, name in ((0, "Ai"), (2, "Bi")):
        yield slope(f"special.airy {name}", lambda x, i=i: s.airy(x)[i], lambda x, i=i: s.airy(x)[i + 1], (-15, 8))
        yield slope(f"special.airy {name}'", lambda x, i=i: s.airy(x)[i + 1], lambda x, i=i: x * s.airy(x)[i], (-15, 8))


def kelvin() -> Iterator[Pair]:
    from scipy import special as s

    for name in ("ber", "bei", "ker", "kei"):
        yield slope(f"special.{name}p", getattr(s, name), getattr(s, name + "p"), (0.05, 30))


def by_value_and_derivative() -> Iterator[Pair]:
    """Functions that return (value, derivative)."""
    import numpy as np
    from scipy import special as s

    degrees = 180 / np.pi
    both: dict[str, tuple[Callable[[Any], Any], Any]] = {
        "pbdv": (lambda x: s.pbdv(1.3, x), (-6, 6)),
        "pbvv": (lambda x: s.pbvv(1.3, x), (-4, 4)),
        "pbwa": (lambda x: s.pbwa(1.3, x), (-4, 4)),
        "mathieu_modcem1": (lambda x: s.mathieu_modcem1(2, 1.5, x), (0.1, 2)),
        "mathieu_modcem2": (lambda x: s.mathieu_modcem2(2, 1.5, x), (0.1, 2)),
        "mathieu_modsem1": (lambda x: s.mathieu_modsem1(2, 1.5, x), (0.1, 2)),
        "mathieu_modsem2": (lambda x: s.mathieu_modsem2(2, 1.5, x), (0.1, 2)),
        "pro_ang1": (lambda x: s.pro_ang1(1, 3, 1.5, x), (-0.95, 0.95)),
        "obl_ang1": (lambda x: s.obl_ang1(1, 3, 1.5, x), (-0.95, 0.95)),
        "pro_rad1": (lambda x: s.pro_rad1(1, 3, 1.5, x), (1.1, 6)),
        "pro_rad2": (lambda x: s.pro_rad2(1, 3, 1.5, x), (1.1, 6)),
        "obl_rad1": (lambda x: s.obl_rad1(1, 3, 1.5, x), (0.1, 6)),
        "obl_rad2": (lambda x: s.obl_rad2(1, 3, 1.5, x), (0.1, 6)),
    }
    for name, (f, where) in both.items():
        yield slope(f"special.{name}", lambda x, f=f: f(x)[0], lambda x, f=f: f(x)[1], where)
    for name in ("mathieu_cem", "mathieu_sem"):  # the angle is in degrees, the derivative by the radian
        f = getattr(s, name)
        yield slope(
            f"special.{name}",
            lambda x, f=f: f(2, 1.5, x * degrees)[0],
            lambda x, f=f: f(2, 1.5, x * degrees)[1],
            (0, 6),
        )
    yield slope("special.ellipj sn", lambda u: s.ellipj(u, 0.4)[0],
                lambda u: s.ellipj(u, 0.4)[1] * s.ellipj(u, 0.4)[2], (-6, 6))  # fmt: skip
    yield slope("special.ellipj cn", lambda u: s.ellipj(u, 0.4)[1],
                lambda u: -s.ellipj(u, 0.4)[0] * s.ellipj(u, 0.4)[2], (-6, 6))  # fmt: skip
    yield slope("special.ellipj dn", lambda u: s.ellipj(u, 0.4)[2],
                lambda u: -0.4 * s.ellipj(u, 0.4)[0] * s.ellipj(u, 0.4)[1], (-6, 6))  # fmt: skip
    yield slope("special.ellipj ph", lambda u: s.ellipj(u, 0.4)[3], lambda u: s.ellipj(u, 0.4)[2], (0, 6))


def legendre() -> Iterator[Pair]:
    """The families with ``diff_n``."""
    import numpy as np
    from scipy import special as s

    for n in (1, 2):
        yield slope(f"special.legendre_p diff_n={n}", lambda x, n=n: s.legendre_p(4, x, diff_n=n - 1)[n - 1],
                    lambda x, n=n: s.legendre_p(4, x, diff_n=n)[n], (-1, 1))  # fmt: skip
        yield slope(f"special.assoc_legendre_p diff_n={n}",
                    lambda x, n=n: s.assoc_legendre_p(4, 2, x, diff_n=n - 1)[n - 1],
                    lambda x, n=n: s.assoc_legendre_p(4, 2, x, diff_n=n)[n], (-0.95, 0.95))  # fmt: skip
        yield slope(f"special.sph_legendre_p diff_n={n}",
                    lambda x, n=n: s.sph_legendre_p(4, 2, x, diff_n=n - 1)[n - 1],
                    lambda x, n=n: s.sph_legendre_p(4, 2, x, diff_n=n)[n], (0.1, 3))  # fmt: skip
    yield slope("special.legendre_p_all diff_n", lambda x: s.legendre_p_all(4, x)[0, 4],
                lambda x: s.legendre_p_all(4, x, diff_n=1)[1, 4], (-1, 1))  # fmt: skip
    yield slope("special.assoc_legendre_p_all diff_n", lambda x: s.assoc_legendre_p_all(4, 3, x)[0, 4, 1],
                lambda x: s.assoc_legendre_p_all(4, 3, x, diff_n=1)[1, 4, 1], (-0.95, 0.95))  # fmt: skip
    for part in ("real", "imag"):
        for i, angle in enumerate(("theta", "phi")):
            at: Any = (lambda x: (x, 0.7)) if i == 0 else (lambda x: (0.7, x))
            yield slope(
                f"special.sph_harm_y diff_n {angle} {part}",
                lambda x, at=at, part=part: getattr(s.sph_harm_y(3, 2, *at(x)), part),
                lambda x, at=at, i=i, part=part: getattr(s.sph_harm_y(3, 2, *at(x), diff_n=1)[1][..., i], part),
                (0.1, 3),
            )
    for name in ("legendre", "chebyt", "chebyu", "chebyc", "chebys", "hermite", "hermitenorm", "laguerre"):
        p = getattr(s, name)(5)
        yield slope(f"special.{name}.deriv", p, p.deriv(), (-1, 1))
    for name, arguments in (("genlaguerre", (5, 0.7)), ("jacobi", (5, 0.7, 1.2)), ("gegenbauer", (5, 0.7))):
        p = getattr(s, name)(*arguments)
        yield slope(f"special.{name}.deriv", p, p.deriv(), (-1, 1))
    evaluated: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
        "eval_chebyt": (lambda x: s.eval_chebyt(5, x), lambda x: 5 * s.eval_chebyu(4, x)),
        "eval_legendre": (lambda x: s.eval_legendre(5, x), lambda x: s.legendre_p(5, x, diff_n=1)[1]),
        "eval_hermite": (lambda x: s.eval_hermite(5, x), lambda x: 10 * s.eval_hermite(4, x)),
        "eval_hermitenorm": (lambda x: s.eval_hermitenorm(5, x), lambda x: 5 * s.eval_hermitenorm(4, x)),
        "eval_laguerre": (lambda x: s.eval_laguerre(5, x), lambda x: -s.eval_genlaguerre(4, 1.0, x)),
        "eval_genlaguerre": (lambda x: s.eval_genlaguerre(5, 0.7, x), lambda x: -s.eval_genlaguerre(4, 1.7, x)),
        "eval_gegenbauer": (lambda x: s.eval_gegenbauer(5, 0.7, x), lambda x: 1.4 * s.eval_gegenbauer(4, 1.7, x)),
        "eval_jacobi": (
            lambda x: s.eval_jacobi(5, 0.7, 1.2, x), lambda x: 0.5 * 7.9 * s.eval_jacobi(4, 1.7, 2.2, x)),
        "eval_sh_legendre": (
            lambda x: s.eval_sh_legendre(5, x), lambda x: 2 * s.legendre_p(5, 2 * x - 1, diff_n=1)[1]),
        "eval_sh_chebyt": (lambda x: s.eval_sh_chebyt(5, x), lambda x: 10 * s.eval_chebyu(4, 2 * x - 1)),
        "eval_chebyc": (lambda x: s.eval_chebyc(5, x), lambda x: 5 * s.eval_chebyu(4, x / 2)),
    }  # fmt: skip
    for name, (f, df) in evaluated.items():
        yield slope(f"special.{name}", f, df, (0, 1) if "_sh_" in name else (-0.98, 0.98))
    yield jacobian("special.legendre_p of several degrees", lambda x: np.array([s.legendre_p(k, x) for k in range(4)]).reshape(4),
                   lambda x: np.array([s.legendre_p(k, x, diff_n=1)[1] for k in range(4)]).reshape(4),
                   (-0.9, 0.9))  # fmt: skip


def elementary() -> Iterator[Pair]:
    """Functions of one number with a derivative in closed form, or made of SciPy's own."""
    import numpy as np
    from scipy import special as s

    two = 2 / np.sqrt(np.pi)

    def pdf(x: Any) -> Any:
        return np.exp(-x * x / 2) / np.sqrt(2 * np.pi)

    with_derivative: dict[str, tuple[Any, Any, Any]] = {
        "erf": (s.erf, lambda x: two * np.exp(-x * x), (-6, 6)),
        "erfc": (s.erfc, lambda x: -two * np.exp(-x * x), (-6, 20)),
        "erfcx": (s.erfcx, lambda x: 2 * x * s.erfcx(x) - two, (-4, 4)),
        "erfi": (s.erfi, lambda x: two * np.exp(x * x), (-4, 4)),
        "erfinv": (s.erfinv, lambda y: np.exp(s.erfinv(y) ** 2) / two, (-0.999, 0.999)),
        "erfcinv": (s.erfcinv, lambda y: -np.exp(s.erfcinv(y) ** 2) / two, (0.001, 1.999)),
        "dawsn": (s.dawsn, lambda x: 1 - 2 * x * s.dawsn(x), (-5, 5)),
        "wofz imag": (lambda x: s.wofz(x).imag, lambda x: two - 2 * x * s.wofz(x).imag, (-4, 4)),
        "fresnel S": (lambda x: s.fresnel(x)[0], lambda x: np.sin(np.pi * x * x / 2), (-5, 5)),
        "fresnel C": (lambda x: s.fresnel(x)[1], lambda x: np.cos(np.pi * x * x / 2), (-5, 5)),
        "ndtr": (s.ndtr, pdf, (-30, 8)),
        "log_ndtr": (s.log_ndtr, lambda x: np.exp(-x * x / 2 - s.log_ndtr(x)) / np.sqrt(2 * np.pi), (-30, 8)),
        "ndtri": (s.ndtri, lambda p: 1 / pdf(s.ndtri(p)), (0.001, 0.999)),
        "ndtri_exp": (s.ndtri_exp, lambda y: np.exp(y) / pdf(s.ndtri_exp(y)), (-30, -0.01)),
        "exp1": (s.exp1, lambda x: -np.exp(-x) / x, (0.01, 30)),
        "expi": (s.expi, lambda x: np.exp(x) / x, (0.01, 30)),
        "expn": (lambda x: s.expn(3, x), lambda x: -s.expn(2, x), (0.01, 30)),
        "sici Si": (lambda x: s.sici(x)[0], lambda x: np.sinc(x / np.pi), (0, 30)),
        "sici Ci": (lambda x: s.sici(x)[1], lambda x: np.cos(x) / x, (0.01, 30)),
        "shichi Shi": (lambda x: s.shichi(x)[0], lambda x: np.sinh(x) / x, (0.01, 20)),
        "shichi Chi": (lambda x: s.shichi(x)[1], lambda x: np.cosh(x) / x, (0.01, 20)),
        "gamma": (s.gamma, lambda x: s.gamma(x) * s.digamma(x), (-3.9, 20)),
        "rgamma": (s.rgamma, lambda x: -s.rgamma(x) * s.digamma(x), (0.05, 20)),
        "gammaln": (s.gammaln, s.digamma, (0.01, 100)),
        "loggamma": (s.loggamma, s.digamma, (0.01, 100)),
        "digamma": (s.digamma, lambda x: s.polygamma(1, x), (-3.9, 50)),
        "polygamma 1": (lambda x: s.polygamma(1, x), lambda x: s.polygamma(2, x), (0.05, 50)),
        "polygamma 4": (lambda x: s.polygamma(4, x), lambda x: s.polygamma(5, x), (0.05, 50)),
        "beta": (lambda x: s.beta(x, 1.7), lambda x: s.beta(x, 1.7) * (s.psi(x) - s.psi(x + 1.7)), (0.05, 20)),
        "betaln": (lambda x: s.betaln(x, 1.7), lambda x: s.psi(x) - s.psi(x + 1.7), (0.05, 20)),
        "betainc": (lambda x: s.betainc(2.3, 1.7, x), lambda x: x**1.3 * (1 - x) ** 0.7 / s.beta(2.3, 1.7), (0, 1)),
        "betaincc": (lambda x: s.betaincc(2.3, 1.7, x), lambda x: -(x**1.3) * (1 - x) ** 0.7 / s.beta(2.3, 1.7), (0, 1)),
        "betaincinv": (
            lambda p: s.betaincinv(2.3, 1.7, p),
            lambda p: s.beta(2.3, 1.7) / (s.betaincinv(2.3, 1.7, p) ** 1.3 * (1 - s.betaincinv(2.3, 1.7, p)) ** 0.7),
            (0.01, 0.99)),
        "gammainc": (lambda x: s.gammainc(2.3, x), lambda x: np.exp(-x) * x**1.3 / s.gamma(2.3), (0.01, 30)),
        "gammaincc": (lambda x: s.gammaincc(2.3, x), lambda x: -np.exp(-x) * x**1.3 / s.gamma(2.3), (0.01, 30)),
        "gammaincinv": (
            lambda p: s.gammaincinv(2.3, p),
            lambda p: s.gamma(2.3) * np.exp(s.gammaincinv(2.3, p)) / s.gammaincinv(2.3, p) ** 1.3, (0.01, 0.99)),
        "gammainccinv": (
            lambda p: s.gammainccinv(2.3, p),
            lambda p: -s.gamma(2.3) * np.exp(s.gammainccinv(2.3, p)) / s.gammainccinv(2.3, p) ** 1.3, (0.01, 0.99)),
        "ellipk": (s.ellipk, lambda m: (s.ellipe(m) / (1 - m) - s.ellipk(m)) / (2 * m), (0.01, 0.99)),
        "ellipkm1": (s.ellipkm1, lambda p: -(s.ellipe(1 - p) / p - s.ellipkm1(p)) / (2 * (1 - p)), (0.01, 0.9)),
        "ellipe": (s.ellipe, lambda m: (s.ellipe(m) - s.ellipk(m)) / (2 * m), (0.01, 0.99)),
        "ellipkinc": (lambda p: s.ellipkinc(p, 0.6), lambda p: 1 / np.sqrt(1 - 0.6 * np.sin(p) ** 2), (-4, 4)),
        "ellipeinc": (lambda p: s.ellipeinc(p, 0.6), lambda p: np.sqrt(1 - 0.6 * np.sin(p) ** 2), (-4, 4)),
        "lambertw": (lambda x: s.lambertw(x).real, lambda x: (s.lambertw(x) / (x * (1 + s.lambertw(x)))).real, (0.01, 50)),
        "lambertw -1": (lambda x: s.lambertw(x, -1).real,
                        lambda x: (s.lambertw(x, -1) / (x * (1 + s.lambertw(x, -1)))).real, (-0.36, -0.01)),
        "wrightomega": (s.wrightomega, lambda x: s.wrightomega(x) / (1 + s.wrightomega(x)), (-20, 50)),
        "expit": (s.expit, lambda x: s.expit(x) * s.expit(-x), (-40, 40)),
        "logit": (s.logit, lambda p: 1 / (p * (1 - p)), (0.001, 0.999)),
        "log_expit": (s.log_expit, lambda x: s.expit(-x), (-40, 40)),
        "softplus": (getattr(s, "softplus", lambda x: np.logaddexp(0, x)), s.expit, (-40, 40)),
        "entr": (s.entr, lambda x: -np.log(x) - 1, (0.01, 10)),
        "kl_div": (lambda x: s.kl_div(x, 0.7), lambda x: np.log(x / 0.7), (0.01, 10)),
        "rel_entr": (lambda x: s.rel_entr(x, 0.7), lambda x: np.log(x / 0.7) + 1, (0.01, 10)),
        "xlogy": (lambda x: s.xlogy(x, 0.7), lambda x: np.log(0.7) + 0 * x, (0.01, 10)),
        "xlogy y": (lambda y: s.xlogy(1.3, y), lambda y: 1.3 / y, (0.01, 10)),
        "xlog1py": (lambda y: s.xlog1py(1.3, y), lambda y: 1.3 / (1 + y), (-0.9, 10)),
        "huber": (lambda r: s.huber(1.3, r), lambda r: np.clip(r, -1.3, 1.3), (-5, 5)),
        "pseudo_huber": (lambda r: s.pseudo_huber(1.3, r), lambda r: r / np.sqrt(1 + (r / 1.3) ** 2), (-5, 5)),
        "boxcox": (lambda x: s.boxcox(x, 0.4), lambda x: x ** (0.4 - 1), (0.01, 10)),
        "boxcox1p": (lambda x: s.boxcox1p(x, 0.4), lambda x: (1 + x) ** (0.4 - 1), (-0.9, 10)),
        "inv_boxcox": (lambda y: s.inv_boxcox(y, 0.4), lambda y: (1 + 0.4 * y) ** (1 / 0.4 - 1), (-2, 10)),
        "inv_boxcox1p": (lambda y: s.inv_boxcox1p(y, 0.4), lambda y: (1 + 0.4 * y) ** (1 / 0.4 - 1), (-2, 10)),
        "exprel": (s.exprel, lambda x: (x * np.exp(x) - np.expm1(x)) / x**2, (0.1, 20)),
        "cosm1": (s.cosm1, lambda x: -np.sin(x), (-6, 6)),
        "expm1": (s.expm1, np.exp, (-20, 20)),
        "log1p": (s.log1p, lambda x: 1 / (1 + x), (-0.99, 20)),
        "exp2": (s.exp2, lambda x: np.log(2) * s.exp2(x), (-20, 20)),
        "exp10": (s.exp10, lambda x: np.log(10) * s.exp10(x), (-20, 20)),
        "cbrt": (s.cbrt, lambda x: 1 / (3 * s.cbrt(x) ** 2), (0.01, 20)),
        "sindg": (s.sindg, lambda x: np.pi / 180 * s.cosdg(x), (-300, 300)),
        "cosdg": (s.cosdg, lambda x: -np.pi / 180 * s.sindg(x), (-300, 300)),
        "tandg": (s.tandg, lambda x: np.pi / 180 * (1 + s.tandg(x) ** 2), (-80, 80)),
        "cotdg": (s.cotdg, lambda x: -np.pi / 180 * (1 + s.cotdg(x) ** 2), (5, 170)),
        "sinc": (s.sinc, lambda x: (np.cos(np.pi * x) - s.sinc(x)) / x, (0.1, 6)),
        "spence": (s.spence, lambda x: np.log(x) / (1 - x), (0.05, 0.9)),
        "zeta q": (lambda q: s.zeta(2.5, q), lambda q: -2.5 * s.zeta(3.5, q), (0.05, 20)),
        "struve": (lambda x: s.struve(1.3, x), lambda x: s.struve(0.3, x) - 1.3 / x * s.struve(1.3, x), (0.1, 20)),
        "modstruve": (
            lambda x: s.modstruve(1.3, x), lambda x: s.modstruve(0.3, x) - 1.3 / x * s.modstruve(1.3, x), (0.1, 15)),
        "itstruve0": (s.itstruve0, lambda x: s.struve(0, x), (0.1, 20)),
        "it2struve0": (s.it2struve0, lambda x: -s.struve(0, x) / x, (0.1, 20)),
        "itmodstruve0": (s.itmodstruve0, lambda x: s.modstruve(0, x), (0.1, 15)),
        "iti0k0 I": (lambda x: s.iti0k0(x)[0], s.i0, (0.1, 15)),
        "iti0k0 K": (lambda x: s.iti0k0(x)[1], s.k0, (0.1, 15)),
        "itj0y0 J": (lambda x: s.itj0y0(x)[0], s.j0, (0.1, 20)),
        "itj0y0 Y": (lambda x: s.itj0y0(x)[1], s.y0, (0.1, 20)),
        "it2i0k0 I": (lambda x: s.it2i0k0(x)[0], lambda x: (s.i0(x) - 1) / x, (0.1, 15)),
        "it2i0k0 K": (lambda x: s.it2i0k0(x)[1], lambda x: -s.k0(x) / x, (0.1, 15)),
        "it2j0y0 J": (lambda x: s.it2j0y0(x)[0], lambda x: (1 - s.j0(x)) / x, (0.1, 20)),
        "it2j0y0 Y": (lambda x: s.it2j0y0(x)[1], lambda x: -s.y0(x) / x, (0.1, 20)),
        "itairy Ai": (lambda x: s.itairy(x)[0], lambda x: s.airy(x)[0], (0.1, 8)),
        "itairy Bi": (lambda x: s.itairy(x)[1], lambda x: s.airy(x)[2], (0.1, 8)),
        "itairy Ai(-t)": (lambda x: s.itairy(x)[2], lambda x: s.airy(-x)[0], (0.1, 8)),
        "itairy Bi(-t)": (lambda x: s.itairy(x)[3], lambda x: s.airy(-x)[2], (0.1, 8)),
        "hyp0f1": (lambda x: s.hyp0f1(1.3, x), lambda x: s.hyp0f1(2.3, x) / 1.3, (-20, 20)),
        "hyp1f1": (lambda x: s.hyp1f1(0.7, 1.3, x), lambda x: 0.7 / 1.3 * s.hyp1f1(1.7, 2.3, x), (-20, 20)),
        "hyperu": (lambda x: s.hyperu(0.7, 1.3, x), lambda x: -0.7 * s.hyperu(1.7, 2.3, x), (0.1, 20)),
        "hyp2f1": (
            lambda x: s.hyp2f1(0.7, 1.1, 1.3, x), lambda x: 0.77 / 1.3 * s.hyp2f1(1.7, 2.1, 2.3, x), (-3, 0.9)),
        "wright_bessel": (
            lambda x: s.wright_bessel(0.7, 1.3, x), lambda x: s.wright_bessel(0.7, 2.0, x), (0.01, 10)),
        "log_wright_bessel": (
            lambda x: s.log_wright_bessel(0.7, 1.3, x),
            lambda x: np.exp(s.log_wright_bessel(0.7, 2.0, x) - s.log_wright_bessel(0.7, 1.3, x)), (0.01, 10)),
        "elliprf": (lambda y: s.elliprf(y, 1.2, 2.0), lambda y: -s.elliprd(1.2, 2.0, y) / 6, (0.05, 10)),
        "elliprc": (lambda x: s.elliprc(x, 2.0), lambda x: _elliprc_dx(x), (0.05, 1.8)),
        "elliprg": (
            lambda z: s.elliprg(0.7, 1.2, z),
            lambda z: (s.elliprf(0.7, 1.2, z) - z / 3 * s.elliprd(0.7, 1.2, z)) / 4, (0.05, 10)),
        "agm": (lambda x: s.agm(1.0, x), _agm_dx, (0.05, 0.95)),
        "voigt_profile": (lambda x: s.voigt_profile(x, 0.8, 0.5), lambda x: _voigt_dx(x), (-6, 6)),
        "diric": (lambda x: s.diric(x, 5), lambda x: (2.5 * np.cos(2.5 * x) * np.sin(x / 2)
                  - 0.5 * np.sin(2.5 * x) * np.cos(x / 2)) / (5 * np.sin(x / 2) ** 2), (0.2, 6)),
        "multigammaln": (np.vectorize(lambda a: s.multigammaln(a, 3)),
                         lambda a: s.psi(a) + s.psi(a - 0.5) + s.psi(a - 1), (1.2, 20)),
        "powm1": (lambda x: s.powm1(x, 0.7), lambda x: 0.7 * x**-0.3, (0.01, 10)),
        "poch": (lambda x: s.poch(x, 1.3), lambda x: s.poch(x, 1.3) * (s.psi(x + 1.3) - s.psi(x)), (0.05, 20)),
        "stdtr": (lambda t: s.stdtr(3.5, t), lambda t: np.exp(s.gammaln(2.25) - s.gammaln(1.75))
                  / np.sqrt(3.5 * np.pi) * (1 + t * t / 3.5) ** -2.25, (-20, 20)),
        "chdtr": (lambda x: s.chdtr(3.5, x), lambda x: x**0.75 * np.exp(-x / 2) / (2**1.75 * s.gamma(1.75)), (0.01, 30)),
        "chdtrc": (lambda x: s.chdtrc(3.5, x), lambda x: -x**0.75 * np.exp(-x / 2) / (2**1.75 * s.gamma(1.75)), (0.01, 30)),
        "fdtr": (lambda x: s.fdtr(3.5, 4.5, x), lambda x: _f_pdf(x), (0.01, 20)),
        "fdtrc": (lambda x: s.fdtrc(3.5, 4.5, x), lambda x: -_f_pdf(x), (0.01, 20)),
        "gdtr": (lambda x: s.gdtr(1.4, 2.3, x), lambda x: 1.4**2.3 * x**1.3 * np.exp(-1.4 * x) / s.gamma(2.3), (0.01, 20)),
        "gdtrc": (
            lambda x: s.gdtrc(1.4, 2.3, x), lambda x: -(1.4**2.3) * x**1.3 * np.exp(-1.4 * x) / s.gamma(2.3), (0.01, 20)),
        "kolmogorov": (s.kolmogorov, lambda x: -8 * x * sum((-1) ** (k - 1) * k * k * np.exp(-2 * k * k * x * x)
                       for k in range(1, 40)), (0.2, 3)),
        "pdtr m": (lambda m: s.pdtr(3, m), lambda m: -np.exp(-m) * m**3 / 6, (0.01, 20)),
        "bdtr p": (lambda p: s.bdtr(3, 8, p), lambda p: -5 * s.binom(8, 3) * p**3 * (1 - p) ** 4, (0.01, 0.99)),
        "nbdtr p": (lambda p: s.nbdtr(3, 4, p), lambda p: p**3 * (1 - p) ** 3 / s.beta(4, 4), (0.01, 0.99)),
        "tklmbda": (np.vectorize(lambda x: s.tklmbda(x, 0.3)), lambda x: _tukey_pdf(x), (-3, 3)),
        "hankel modulus": (
            lambda x: s.jv(0, x) ** 2 + s.yv(0, x) ** 2,
            lambda x: -2 * (s.jv(0, x) * s.jv(1, x) + s.yv(0, x) * s.yv(1, x)), (0.1, 20)),
    }  # fmt: skip
    for name, (f, df, where) in with_derivative.items():
        yield slope(f"special.{name}", f, df, where)


def _elliprc_dx(x: Any) -> Any:
    from scipy import special as s

    return (s.elliprc(x, 2.0) - 1 / x**0.5) / (2 * (2.0 - x))


def _agm_dx(x: Any) -> Any:
    """With M = agm(1, x) and m = 1 − x², M = π / (2 K(m)); K' by the elliptic integrals."""
    import numpy as np
    from scipy import special as s

    m = 1 - x * x
    k, e = s.ellipk(m), s.ellipe(m)
    slope_of_k = (e / (1 - m) - k) / (2 * m)
    return np.pi / 2 * slope_of_k * 2 * x / k**2


def _voigt_dx(x: Any) -> Any:
    import numpy as np
    from scipy import special as s

    z = (x + 0.5j) / (0.8 * np.sqrt(2))
    w = s.wofz(z)
    return ((-2 * z * w + 2j / np.sqrt(np.pi)) / (0.8 * np.sqrt(2))).real / (0.8 * np.sqrt(2 * np.pi))


def _f_pdf(x: Any) -> Any:
    from scipy import special as s

    a, b = 3.5 / 2, 4.5 / 2
    return (3.5 / 4.5) ** a * x ** (a - 1) * (1 + 3.5 / 4.5 * x) ** -(a + b) / s.beta(a, b)


def _tukey_pdf(x: Any) -> Any:
    import numpy as np
    from scipy import special as s

    p = np.vectorize(lambda v: s.tklmbda(v, 0.3))(x)
    return 1 / (p**-0.7 + (1 - p) ** -0.7)


def several_inputs() -> Iterator[Pair]:
    import numpy as np
    from scipy import special as s

    def softmax_jac(x: Any) -> Any:
        p = s.softmax(x)
        return np.diag(p) - np.outer(p, p)

    yield jacobian("special.softmax", s.softmax, softmax_jac, vector(4))
    yield jacobian("special.log_softmax", s.log_softmax, lambda x: np.eye(4) - s.softmax(x), vector(4))
    yield jacobian("special.logsumexp", s.logsumexp, s.softmax, vector(4, -50, 50))


FAMILIES = [bessel, airy, kelvin, by_value_and_derivative, legendre, elementary, several_inputs]
