"""scikit-learn: kernels by their hyperparameters, the losses of its models, the objectives that its solvers minimise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..domains import vector
from ..survey.pair import Pair, gradient, hessian_product, jacobian, pullback, slope


def _data(n: int = 12, p: int = 3) -> tuple[Any, Any]:
    import numpy as np

    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, p))
    return x, x @ np.array([1.0, -0.5, 0.3])[:p] + 0.3 * rng.normal(size=n)


def kernels() -> Iterator[Pair]:
    """``kernel(X, eval_gradient=True)``: the kernel matrix and its derivative by the logarithms of the parameters."""
    from sklearn.gaussian_process import kernels as k

    x, y = _data(6)
    made: dict[str, Any] = {
        "RBF": k.RBF(1.2), "RBF anisotropic": k.RBF([1.2, 0.7, 2.0]), "ConstantKernel": k.ConstantKernel(1.5),
        "WhiteKernel": k.WhiteKernel(0.5), "Matern nu=0.5": k.Matern(1.2, nu=0.5), "Matern nu=1.5": k.Matern(1.2, nu=1.5),
        "Matern nu=2.5": k.Matern(1.2, nu=2.5), "Matern nu=inf": k.Matern(1.2, nu=float("inf")),
        "Matern nu=0.9": k.Matern(1.2, nu=0.9), "Matern anisotropic": k.Matern([1.2, 0.7, 2.0], nu=1.5),
        "RationalQuadratic": k.RationalQuadratic(1.2, 0.8), "ExpSineSquared": k.ExpSineSquared(1.2, 2.0),
        "DotProduct": k.DotProduct(0.8), "Sum": k.RBF(1.2) + k.DotProduct(0.8),
        "Product": k.RBF(1.2) * k.RationalQuadratic(0.9, 0.8), "Exponentiation": k.RationalQuadratic(0.9, 0.8) ** 2,
        "PairwiseKernel rbf": k.PairwiseKernel(0.7, metric="rbf"),
        "PairwiseKernel laplacian": k.PairwiseKernel(0.7, metric="laplacian"),
        "PairwiseKernel polynomial": k.PairwiseKernel(0.7, metric="polynomial"),
    }  # fmt: skip
    for name, kernel in made.items():
        yield jacobian(
            f"gaussian_process.kernels.{name}",
            lambda t, kernel=kernel: kernel.clone_with_theta(t)(x),
            lambda t, kernel=kernel: kernel.clone_with_theta(t)(x, eval_gradient=True)[1],
            vector(len(kernel.theta), -1, 1), points=2,
        )  # fmt: skip


def gaussian_processes() -> Iterator[Pair]:
    """The log marginal likelihood by the logarithms of the kernel's parameters."""
    from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor
    from sklearn.gaussian_process import kernels as k

    x, y = _data()
    kernel = k.ConstantKernel(1.5) * k.RBF([1.2, 0.7, 2.0]) + k.WhiteKernel(0.5)
    regressor = GaussianProcessRegressor(kernel, optimizer=None).fit(x, y)
    classifier = GaussianProcessClassifier(k.ConstantKernel(1.5) * k.RBF(1.2), optimizer=None).fit(x, y > 0)
    for name, model, n in (("GaussianProcessRegressor", regressor, 5), ("GaussianProcessClassifier", classifier, 2)):
        yield gradient(f"gaussian_process.{name}.log_marginal_likelihood",
                       lambda t, m=model: m.log_marginal_likelihood(t, eval_gradient=True), True, vector(n, -1, 1))  # fmt: skip


def losses() -> Iterator[Pair]:
    """Every loss of ``sklearn._loss`` with its gradient, and that with its Hessian where it is exact."""
    import numpy as np
    from sklearn._loss import loss as module

    targets = {"HalfPoissonLoss": 3.0, "HalfGammaLoss": 2.0, "HalfTweedieLoss": 2.0, "HalfTweedieLossIdentity": 2.0,
               "HalfBinomialLoss": 1.0, "ExponentialLoss": 1.0}  # fmt: skip
    for name in ("HalfSquaredError", "AbsoluteError", "PinballLoss", "HuberLoss", "HalfPoissonLoss", "HalfGammaLoss",
                 "HalfTweedieLoss", "HalfTweedieLossIdentity", "HalfBinomialLoss", "ExponentialLoss"):  # fmt: skip
        loss = getattr(module, name)()

        def value(x: Any, loss: Any = loss, y: float = targets.get(name, 0.4)) -> Any:
            return loss.loss(np.full(np.size(x), y), np.ravel(x).astype(float)).reshape(np.shape(x))

        def grad(x: Any, loss: Any = loss, y: float = targets.get(name, 0.4)) -> Any:
            return loss.gradient(np.full(np.size(x), y), np.ravel(x).astype(float)).reshape(np.shape(x))

        def both(x: Any, order: int, loss: Any = loss, y: float = targets.get(name, 0.4)) -> Any:
            found = loss.gradient_hessian(np.full(np.size(x), y), np.ravel(x).astype(float))
            return found[order].reshape(np.shape(x))

        where = (0.05, 5) if name.endswith("Identity") else (-4, 4)
        yield slope(f"_loss.{name}.gradient", value, grad, where)
        if name not in ("AbsoluteError", "PinballLoss", "HuberLoss"):
            # These three have the constant 1 for a Hessian, on purpose.
            yield slope(f"_loss.{name}.gradient_hessian gradient", value, lambda x, b=both: b(x, 0), where)
            yield slope(
                f"_loss.{name}.gradient_hessian hessian", lambda x, b=both: b(x, 0), lambda x, b=both: b(x, 1), where
            )
    many = module.HalfMultinomialLoss(n_classes=3)
    y = np.array([1.0, 0.0])
    where_many = vector(6)
    yield gradient("_loss.HalfMultinomialLoss.gradient", lambda r: many.loss(y, r.reshape(2, 3)).sum(),
                   lambda r: many.gradient(y, r.reshape(2, 3)).ravel(), where_many)  # fmt: skip
    yield gradient("_loss.HalfMultinomialLoss.gradient_proba", lambda r: many.loss(y, r.reshape(2, 3)).sum(),
                   lambda r: many.gradient_proba(y, r.reshape(2, 3))[0].ravel(), where_many)  # fmt: skip


def stochastic_losses() -> Iterator[Pair]:
    """The losses of ``SGDClassifier`` and ``SGDRegressor``."""
    from sklearn.linear_model import _sgd_fast

    made = {"Hinge": (1.0,), "SquaredHinge": (1.0,), "ModifiedHuber": (), "EpsilonInsensitive": (0.3,),
            "SquaredEpsilonInsensitive": (0.3,)}  # fmt: skip
    for name, arguments in made.items():
        loss = getattr(_sgd_fast, name)(*arguments)
        yield slope(f"linear_model._sgd_fast.{name}.py_dloss", lambda p, f=loss: f.py_loss(float(p), 1.0),
                    lambda p, f=loss: f.py_dloss(float(p), 1.0), (-4, 4), vectorize=True)  # fmt: skip


def linear_models() -> Iterator[Pair]:
    """``LinearModelLoss``: gradient, Hessian, and the product with it, for each of its losses."""
    import numpy as np
    from sklearn._loss import loss as module
    from sklearn.linear_model._huber import _huber_loss_and_gradient
    from sklearn.linear_model._linear_loss import LinearModelLoss

    x, y = _data()
    targets = {"HalfSquaredError": y, "HalfPoissonLoss": np.exp(y), "HalfGammaLoss": np.exp(y), "HalfTweedieLoss": np.exp(y),
               "HalfBinomialLoss": (y > 0).astype(float)}  # fmt: skip
    for name, target in targets.items():
        loss = LinearModelLoss(getattr(module, name)(), fit_intercept=True)
        more = {"X": x, "y": target, "l2_reg_strength": 0.3}
        where = vector(4, -1, 1)
        yield gradient(f"linear_model.LinearModelLoss({name}).loss_gradient",
                       lambda w, f=loss, m=more: f.loss_gradient(w, **m), True, where)  # fmt: skip
        yield gradient(f"linear_model.LinearModelLoss({name}).gradient", lambda w, f=loss, m=more: f.loss(w, **m),
                       lambda w, f=loss, m=more: f.gradient(w, **m), where)  # fmt: skip
        yield jacobian(f"linear_model.LinearModelLoss({name}).gradient_hessian",
                       lambda w, f=loss, m=more: f.gradient(w, **m),
                       lambda w, f=loss, m=more: f.gradient_hessian(w, **m)[1], where)  # fmt: skip
        yield hessian_product(f"linear_model.LinearModelLoss({name}).gradient_hessian_product",
                              lambda w, f=loss, m=more: f.gradient(w, **m),
                              lambda w, p, f=loss, m=more: f.gradient_hessian_product(w, **m)[1](p), where)  # fmt: skip
    ones = np.ones(len(y))
    many = LinearModelLoss(module.HalfMultinomialLoss(n_classes=3), fit_intercept=True)
    labels = np.digitize(y, [-0.5, 0.5]).astype(float)
    more = {"X": x, "y": labels, "l2_reg_strength": 0.3}
    yield gradient("linear_model.LinearModelLoss(HalfMultinomialLoss).loss_gradient",
                   lambda w: many.loss_gradient(w, **more), True, vector(12, -1, 1))  # fmt: skip
    yield hessian_product("linear_model.LinearModelLoss(HalfMultinomialLoss).gradient_hessian_product",
                          lambda w: many.gradient(w, **more),
                          lambda w, p: many.gradient_hessian_product(w, **more)[1](p), vector(12, -1, 1))  # fmt: skip
    yield gradient("linear_model.HuberRegressor", lambda w: _huber_loss_and_gradient(w, x, y, 1.35, 0.01, ones), True,
                   vector(5, 0.1, 2))  # fmt: skip


def embeddings() -> Iterator[Pair]:
    """t-SNE and neighbourhood components analysis."""
    import numpy as np
    from scipy.spatial.distance import squareform
    from sklearn.manifold import _t_sne
    from sklearn.neighbors import NeighborhoodComponentsAnalysis

    rng = np.random.default_rng(0)
    p = rng.uniform(0.1, 1, (6, 6))
    p = squareform((p + p.T) * (1 - np.eye(6)))
    p = p / (2 * p.sum())
    for dof in (1, 3):
        yield gradient(f"manifold.TSNE _kl_divergence degrees_of_freedom={dof}",
                       lambda e, dof=dof: _t_sne._kl_divergence(e, p, dof, 6, 2), True, vector(12))  # fmt: skip
    x, y = _data(8)
    model = NeighborhoodComponentsAnalysis(n_components=2, verbose=0)
    model.n_iter_ = 0
    same = (y > 0)[:, None] == (y > 0)
    yield gradient("neighbors.NeighborhoodComponentsAnalysis",
                   lambda t: model._loss_grad_lbfgs(t, x, same, -1.0), True, vector(6))  # fmt: skip


def networks() -> Iterator[Pair]:
    """Multilayer perceptrons: the activations, and the whole loss by all weights."""
    import numpy as np
    from sklearn.neural_network import MLPClassifier, MLPRegressor, _base

    def copied(f: Callable[..., Any]) -> Callable[[Any], Any]:
        def value(x: Any) -> Any:
            x = np.array(x, dtype=float)
            f(x)
            return x

        return value

    for name in ("identity", "logistic", "tanh", "relu"):
        activate = copied(_base.ACTIVATIONS[name])

        def pull(g: Any, x: Any, activate: Any = activate, name: str = name) -> Any:
            delta = np.array(g, dtype=float)
            _base.DERIVATIVES[name](activate(x), delta)
            return delta

        yield pullback(f"neural_network.{name}", activate, pull, (-4, 4), at_once=8)
    x, y = _data()
    for activation in ("identity", "logistic", "tanh", "relu"):
        for kind in (MLPRegressor, MLPClassifier):
            model = kind(
                hidden_layer_sizes=(4,), activation=activation, solver="lbfgs", max_iter=2, random_state=0, alpha=0.1
            )
            target = y if kind is MLPRegressor else np.digitize(y, [-0.5, 0.5])
            model.fit(x, target)
            outputs = y[:, None] if kind is MLPRegressor else model._label_binarizer.transform(target)
            layers = [x, np.empty((len(x), 4)), np.empty((len(x), outputs.shape[1]))]
            deltas = [np.empty_like(a) for a in layers[1:]]
            grads = [np.empty_like(w) for w in model.coefs_], [np.empty_like(b) for b in model.intercepts_]
            size = sum(w.size for w in [*model.coefs_, *model.intercepts_])

            def loss(w: Any, m: Any = model, o: Any = outputs, a: Any = layers, d: Any = deltas, g: Any = grads) -> Any:
                value, gradient = m._loss_grad_lbfgs(w.copy(), x, o.astype(float), None, a, d, *g)
                return value, gradient.copy()

            yield gradient(f"neural_network.{kind.__name__} {activation}", loss, True, vector(size), points=1)


FAMILIES = [kernels, gaussian_processes, losses, stochastic_losses, linear_models, embeddings, networks]
