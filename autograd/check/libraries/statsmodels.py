"""statsmodels: links, variances, robust norms, copulas, penalties, and the score and Hessian of every model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..domains import Domain, matrix, vector
from ..survey.pair import Pair, gradient, jacobian, slope


def _data(n: int = 24, p: int = 2) -> Any:
    """Regressors with a constant, and a linear predictor."""
    import numpy as np

    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, p))])
    return rng, x, x @ np.array([0.3, 0.5, -0.4])[: p + 1]


def links() -> Iterator[Pair]:
    from statsmodels.genmod.families import links as module

    unit, positive, real = (0.02, 0.98), (0.1, 5.0), (-3.0, 3.0)
    made: dict[str, tuple[Any, Any, Any]] = {
        "Logit": (module.Logit(), unit, real), "Probit": (module.Probit(), unit, real),
        "Cauchy": (module.Cauchy(), unit, real), "CLogLog": (module.CLogLog(), unit, (-3, 1)),
        "LogLog": (module.LogLog(), unit, (-1, 3)), "Log": (module.Log(), positive, real),
        "LogC": (module.LogC(), unit, (-3, -0.1)), "Identity": (module.Identity(), real, real),
        "InversePower": (module.InversePower(), positive, positive), "Sqrt": (module.Sqrt(), positive, positive),
        "InverseSquared": (module.InverseSquared(), positive, positive),
        "Power": (module.Power(1.7), positive, positive),
        "NegativeBinomial": (module.NegativeBinomial(0.7), positive, (-3, -0.1)),
    }  # fmt: skip
    for name, (link, p, z) in made.items():
        yield slope(f"genmod.families.links.{name}.deriv", link, link.deriv, p)
        yield slope(f"genmod.families.links.{name}.deriv2", link.deriv, link.deriv2, p)
        yield slope(f"genmod.families.links.{name}.inverse_deriv", link.inverse, link.inverse_deriv, z)
        yield slope(f"genmod.families.links.{name}.inverse_deriv2", link.inverse_deriv, link.inverse_deriv2, z)


def variances() -> Iterator[Pair]:
    from statsmodels.genmod.families import varfuncs as v

    made = {"Power": v.Power(1.7), "constant": v.constant, "mu": v.mu, "mu_squared": v.mu_squared, "mu_cubed": v.mu_cubed,
            "Binomial": v.Binomial(1), "NegativeBinomial": v.NegativeBinomial(0.7)}  # fmt: skip
    for name, f in made.items():
        yield slope(f"genmod.families.varfuncs.{name}.deriv", f, f.deriv, (0.1, 0.9))


def robust_norms() -> Iterator[Pair]:
    from statsmodels.robust import norms

    for name in ("LeastSquares", "HuberT", "RamsayE", "AndrewWave", "TrimmedMean", "Hampel", "TukeyBiweight",
                 "TukeyQuartic", "StudentT"):  # fmt: skip
        norm = getattr(norms, name)()
        yield slope(f"robust.norms.{name}.psi", norm.rho, norm.psi, (-9, 9))
        yield slope(f"robust.norms.{name}.psi_deriv", norm.psi, norm.psi_deriv, (-9, 9))
    norm = norms.MQuantileNorm(0.3, norms.HuberT())
    yield slope("robust.norms.MQuantileNorm.psi", norm.rho, norm.psi, (-9, 9))
    yield slope("robust.norms.MQuantileNorm.psi_deriv", norm.psi, norm.psi_deriv, (-9, 9))


def copulas() -> Iterator[Pair]:
    """Generators and their inverses to the fourth derivative, and Pickands dependence functions."""
    from statsmodels.distributions.copula import depfunc_ev, transforms

    for name, theta in (("TransfFrank", 2.5), ("TransfClayton", 1.7), ("TransfGumbel", 1.7), ("TransfIndep", None)):
        law: Any = getattr(transforms, name)()
        more = () if theta is None else (theta,)

        def method(which: str, law: Any = law, more: tuple[Any, ...] = more) -> Callable[[Any], Any]:
            return lambda t: getattr(law, which)(t, *more)

        ladder = ["evaluate", "deriv", "deriv2"]
        inverse = ["inverse", "deriv_inverse", "deriv2_inverse", "deriv3_inverse", "deriv4_inverse"]
        for steps, where in ((ladder, (0.05, 0.95)), (inverse, (0.1, 4.0))):
            for f, df in zip(steps, steps[1:], strict=False):
                if hasattr(law, f) and hasattr(law, df):
                    yield slope(f"distributions.copula.transforms.{name}.{df}", method(f), method(df), where)
    made: dict[str, tuple[Any, ...]] = {"AsymLogistic": (0.5, 0.7, 0.6), "AsymNegLogistic": (0.5, 0.7, 0.6),
                                        "AsymMixed": (0.4, 0.1), "HR": (0.8,)}  # fmt: skip
    for name, arguments in made.items():
        f = getattr(depfunc_ev, name)()
        yield slope(f"distributions.copula.depfunc_ev.{name}.deriv", lambda t, f=f, a=arguments: f.evaluate(t, *a),
                    lambda t, f=f, a=arguments: f.deriv(t, *a), (0.05, 0.95))  # fmt: skip
        yield slope(f"distributions.copula.depfunc_ev.{name}.deriv2", lambda t, f=f, a=arguments: f.deriv(t, *a),
                    lambda t, f=f, a=arguments: f.deriv2(t, *a), (0.05, 0.95))  # fmt: skip


def penalties() -> Iterator[Pair]:
    """`deriv2` is the diagonal of the Hessian, which has no other entries."""
    import numpy as np
    from statsmodels.base import _penalties as module

    made = {"L2": module.L2(), "PseudoHuber": module.PseudoHuber(0.7), "SCAD": module.SCAD(0.8),
            "SCADSmoothed": module.SCADSmoothed(0.8), "L2Univariate": module.L2Univariate()}  # fmt: skip
    for name, penalty in made.items():
        if name != "L2Univariate":
            yield gradient(
                f"base._penalties.{name}.deriv", lambda x, f=penalty: np.sum(f.func(x)), penalty.deriv, vector(5)
            )
        yield slope(
            f"base._penalties.{name}.deriv2",
            penalty.deriv,
            lambda x, f=penalty: f.deriv2(x) * np.ones_like(x),
            (0.1, 4),
        )


def discrete_models() -> Iterator[Pair]:
    """Score and Hessian, observation by observation too."""
    import numpy as np
    from statsmodels.discrete import count_model, discrete_model, truncated_model

    rng, x, eta = _data()
    binary, counts = (rng.random(len(eta)) < 0.5).astype(float), rng.poisson(np.exp(eta) + 0.5)
    classes = rng.integers(0, 3, len(eta))
    d, c, t = discrete_model, count_model, truncated_model
    made: dict[str, tuple[Any, int]] = {
        "Logit": (d.Logit(binary, x), 3), "Probit": (d.Probit(binary, x), 3), "Poisson": (d.Poisson(counts, x), 3),
        "NegativeBinomial nb2": (d.NegativeBinomial(counts, x), 4),
        "NegativeBinomial nb1": (d.NegativeBinomial(counts, x, loglike_method="nb1"), 4),
        "NegativeBinomial geometric": (d.NegativeBinomial(counts, x, loglike_method="geometric"), 3),
        "NegativeBinomialP": (d.NegativeBinomialP(counts, x, p=1.5), 4),
        "GeneralizedPoisson": (d.GeneralizedPoisson(counts, x, p=1), 4),
        "GeneralizedPoisson p=2": (d.GeneralizedPoisson(counts, x, p=2), 4),
        "MNLogit": (d.MNLogit(classes, x), 6),
        "ZeroInflatedPoisson": (c.ZeroInflatedPoisson(counts, x, exog_infl=x[:, :2]), 5),
        "ZeroInflatedPoisson probit": (c.ZeroInflatedPoisson(counts, x, exog_infl=x[:, :2], inflation="probit"), 5),
        "ZeroInflatedGeneralizedPoisson": (c.ZeroInflatedGeneralizedPoisson(counts, x, exog_infl=x[:, :2]), 6),
        "ZeroInflatedNegativeBinomialP": (c.ZeroInflatedNegativeBinomialP(counts, x, exog_infl=x[:, :2]), 6),
        "TruncatedLFPoisson": (t.TruncatedLFPoisson(counts + 1, x), 3),
        "TruncatedLFNegativeBinomialP": (t.TruncatedLFNegativeBinomialP(counts + 1, x), 4),
        "TruncatedLFGeneralizedPoisson": (t.TruncatedLFGeneralizedPoisson(counts + 1, x), 4),
        "HurdleCountModel": (t.HurdleCountModel(counts, x, zerodist="poisson"), 6),
    }  # fmt: skip
    for name, (model, n) in made.items():
        model._transparams = False  # as after a fit: parameters of dispersion themselves, not their logarithms
        module = type(model).__module__.removeprefix("statsmodels.")
        # Parameters of dispersion come last, and are positive.
        where = vector(n, 0.05, 0.6) if n > 3 and name != "MNLogit" else vector(n, -0.6, 0.6)
        yield from _of_likelihood(f"{module}.{name}", model, where)


def _of_likelihood(name: str, model: Any, where: Any, points: int = 2) -> Iterator[Pair]:
    """Whatever the model has of score, score by observation and Hessian."""
    import numpy as np

    if hasattr(model, "score"):
        yield gradient(f"{name}.score", lambda p: float(np.sum(model.loglike(p))),
                       lambda p: np.asarray(model.score(p)).reshape(p.shape), where, points=points)  # fmt: skip
    if hasattr(model, "score_obs") and hasattr(model, "loglikeobs"):
        # Several classes have a column each.
        yield jacobian(
            f"{name}.score_obs",
            lambda p: np.reshape(model.loglikeobs(p), (len(model.endog), -1)).sum(1),
            lambda p: np.asarray(model.score_obs(p)),
            where,
            points=points,
        )
    if hasattr(model, "hessian"):
        yield jacobian(f"{name}.hessian", lambda p: np.asarray(model.score(p)).reshape(p.shape),
                       lambda p: np.asarray(model.hessian(p)), where, points=points)  # fmt: skip


def generalized_linear_models() -> Iterator[Pair]:
    """Every family with every link that suits it: score, and both factors."""
    import numpy as np
    from statsmodels.genmod import families as f
    from statsmodels.genmod.generalized_linear_model import GLM

    rng, x, eta = _data()
    log, mu = f.links.Log(), np.exp(eta)
    made: dict[str, tuple[Any, Any, Domain]] = {
        "Gaussian Identity": (f.Gaussian(), eta + 0.3, vector(3, -0.6, 0.6)),
        "Gaussian Log": (f.Gaussian(log), mu, vector(3, -0.6, 0.6)),
        "Poisson Log": (f.Poisson(), rng.poisson(mu), vector(3, -0.6, 0.6)),
        "Gamma Log": (f.Gamma(log), mu * rng.gamma(2, 0.5, len(mu)), vector(3, -0.6, 0.6)),
        "InverseGaussian Log": (f.InverseGaussian(log), mu, vector(3, -0.6, 0.6)),
        "Binomial Logit": (f.Binomial(), (eta > 0).astype(float), vector(3, -0.6, 0.6)),
        "Binomial Probit": (f.Binomial(f.links.Probit()), (eta > 0).astype(float), vector(3, -0.6, 0.6)),
        "Binomial CLogLog": (f.Binomial(f.links.CLogLog()), (eta > 0).astype(float), vector(3, -0.6, 0.6)),
        "Binomial Cauchy": (f.Binomial(f.links.Cauchy()), (eta > 0).astype(float), vector(3, -0.6, 0.6)),
        "NegativeBinomial Log": (f.NegativeBinomial(alpha=0.7), rng.poisson(mu), vector(3, -0.6, 0.6)),
    }  # fmt: skip
    for name, (family, y, where) in made.items():
        model = GLM(y, x, family=family)
        base = f"genmod.GLM {name}"
        yield gradient(f"{base}.score", lambda p, m=model: m.loglike(p, scale=1.0),
                       lambda p, m=model: m.score(p, scale=1.0), where, points=2)  # fmt: skip
        yield jacobian(f"{base}.hessian", lambda p, m=model: m.score(p, scale=1.0),
                       lambda p, m=model: m.hessian(p, scale=1.0, observed=True), where, points=2)  # fmt: skip


def other_models() -> Iterator[Pair]:
    import numpy as np
    from statsmodels.discrete.conditional_models import ConditionalLogit, ConditionalMNLogit, ConditionalPoisson
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM, PoissonBayesMixedGLM
    from statsmodels.multivariate.factor import Factor
    from statsmodels.othermod.betareg import BetaModel
    from statsmodels.regression.dimred import CovarianceReduction
    from statsmodels.regression.linear_model import OLS
    from statsmodels.regression.process_regression import ProcessMLE
    from statsmodels.tsa.ar_model import AutoReg

    rng, x, eta = _data()
    plain, groups = x[:, 1:], np.repeat(np.arange(6), 4)
    binary, counts = (rng.random(len(eta)) < 0.5).astype(float), rng.poisson(np.exp(eta) + 0.5)
    proportion = np.clip(rng.beta(2, 3, len(eta)), 0.05, 0.95)
    yield from _of_likelihood(
        "othermod.betareg.BetaModel", BetaModel(proportion, x, exog_precision=x[:, :2]), vector(5, -0.5, 0.5)
    )
    yield from _of_likelihood(
        "discrete.ConditionalLogit", ConditionalLogit(binary, plain, groups=groups), vector(2, -1, 1)
    )
    yield from _of_likelihood(
        "discrete.ConditionalPoisson", ConditionalPoisson(counts, plain, groups=groups), vector(2, -1, 1)
    )
    yield from _of_likelihood("discrete.ConditionalMNLogit",
                              ConditionalMNLogit(rng.integers(0, 3, len(eta)), plain, groups=groups), vector(4, -1, 1), 1)  # fmt: skip
    time = np.round(rng.exponential(size=len(eta)), 1) + 0.1
    for ties in ("breslow", "efron"):
        model = PHReg(time, plain, status=(rng.random(len(eta)) < 0.7).astype(int), ties=ties)
        yield from _of_likelihood(f"duration.PHReg {ties}", model, vector(2, -1, 1))
    yield from _of_likelihood("regression.OLS", OLS(eta + 0.3, x), vector(3, -1, 1))
    yield from _of_likelihood("tsa.AutoReg", AutoReg(np.cumsum(rng.normal(size=30)), 1), vector(2, -0.5, 0.5), 1)
    factor = Factor(rng.normal(size=(30, 4)), 1)
    yield gradient("multivariate.Factor.score", factor.loglike, factor.score, vector(8, 0.3, 1.0))
    reduction = CovarianceReduction(groups.astype(float), rng.normal(size=(24, 3)), 1)
    yield gradient("regression.dimred.CovarianceReduction.score", reduction.loglike,
                   lambda p: np.ravel(reduction.score(p)), vector(3, 0.2, 1))  # fmt: skip
    process = ProcessMLE(
        eta + rng.normal(size=24), x[:, :2], x[:, :1], x[:, :1], x[:, :1], rng.uniform(size=24), groups
    )
    yield gradient(
        "regression.ProcessMLE.score", lambda p: process.loglike(p), lambda p: process.score(p), vector(5, -0.5, 0.5)
    )
    effects, ident = np.kron(np.eye(6), np.ones((4, 1))), np.zeros(6, dtype=int)
    for name, kind, y in (("BinomialBayesMixedGLM", BinomialBayesMixedGLM, binary),
                          ("PoissonBayesMixedGLM", PoissonBayesMixedGLM, counts)):  # fmt: skip
        bayes = kind(y, x, effects, ident)
        yield gradient(
            f"genmod.{name}.logposterior_grad", bayes.logposterior, bayes.logposterior_grad, vector(10, -0.5, 0.5)
        )
        yield gradient(f"genmod.{name}.vb_elbo_grad", lambda v, m=bayes: m.vb_elbo(v[:10], np.exp(v[10:])),
                       lambda v, m=bayes: _elbo(m, v), vector(20, -0.5, 0.5), points=1)  # fmt: skip


def _elbo(model: Any, v: Any) -> Any:
    import numpy as np

    mean, sd = model.vb_elbo_grad(v[:10], np.exp(v[10:]))
    return np.concatenate([mean, sd * np.exp(v[10:])])


def rotations() -> Iterator[Pair]:
    """Criteria for rotating factors."""
    import numpy as np
    from statsmodels.multivariate.factor_rotation import _gpa_rotation as g

    h = np.random.default_rng(0).normal(size=(4, 2))
    made: dict[str, Callable[[Any], Any]] = {
        "oblimin_objective quartimin": lambda x: g.oblimin_objective(L=x, gamma=0, rotation_method="oblique", return_gradient=True),
        "oblimin_objective biquartimin": lambda x: g.oblimin_objective(L=x, gamma=0.5, rotation_method="oblique", return_gradient=True),
        "orthomax_objective": lambda x: g.orthomax_objective(L=x, gamma=0.5, return_gradient=True),
        "CF_objective": lambda x: g.CF_objective(L=x, kappa=0.3, rotation_method="oblique", return_gradient=True),
        "vgQ_target": lambda x: g.vgQ_target(h, L=x, rotation_method="oblique"),
        "vgQ_partial_target": lambda x: g.vgQ_partial_target(h, W=np.abs(h) > 0.5, L=x),
    }  # fmt: skip
    for name, f in made.items():
        yield gradient(f"multivariate.factor_rotation.{name}", f, True, matrix(4, 2))


FAMILIES = [
    links,
    variances,
    robust_norms,
    copulas,
    penalties,
    discrete_models,
    generalized_linear_models,
    other_models,
    rotations,
]
