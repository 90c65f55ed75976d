"""MyGrad: the backward pass of its functions, layers and losses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..domains import Domain, matrix, vector
from ..survey.pair import Pair, pullback


def _pair(f: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A function of MyGrad's tensors as one of arrays, and its backward pass."""
    import mygrad
    import numpy as np

    def value(*xs: Any) -> Any:
        with mygrad.no_autodiff:
            return np.array(f(*[mygrad.tensor(np.array(x)) for x in xs]).data)[()]

    def vjp(g: Any, *xs: Any) -> Any:
        inputs = [mygrad.tensor(np.array(x, dtype=float), constant=False) for x in xs]
        f(*inputs).backward(np.asarray(g))
        gradients = tuple(
            np.zeros(np.shape(x)) if t.grad is None else np.array(t.grad) for t, x in zip(inputs, xs, strict=True)
        )
        return gradients if len(xs) > 1 else gradients[0][()]

    return value, vjp


def elementwise() -> Iterator[Pair]:
    import mygrad as mg
    from mygrad.nnet import activations

    some: dict[str, Any] = {
        "absolute": "real", "arccos": (-0.99, 0.99), "arccosh": (1.01, 20), "arccot": (0.1, 9), "arccoth": (1.05, 9),
        "arccsc": (1.05, 9), "arccsch": (0.1, 9), "arcsec": (1.05, 9), "arcsin": (-0.99, 0.99), "arcsinh": "real",
        "arctan": "real", "arctanh": (-0.99, 0.99), "cbrt": (0.01, 10), "cos": "real", "cosh": (-8, 8), "cot": (0.1, 3),
        "coth": (0.1, 9), "csc": (0.1, 3), "csch": (0.1, 9), "exp": (-20, 20), "exp2": (-20, 20), "expm1": (-20, 20),
        "log": (0.01, 20), "log10": (0.01, 20), "log1p": (-0.99, 20), "log2": (0.01, 20), "negative": "real",
        "positive": "real", "reciprocal": (0.05, 9), "sec": (-1.4, 1.4), "sech": (-9, 9), "sin": "real",
        "sinc": (-6, 6), "sinh": (-8, 8), "sqrt": (0.01, 20), "square": "real", "tan": (-1.4, 1.4), "tanh": (-20, 20),
    }  # fmt: skip
    for name, where in some.items():
        yield pullback(name, *_pair(getattr(mg, name)), where, at_once=8)
    for name in ("elu", "hard_tanh", "leaky_relu", "relu", "selu", "sigmoid", "soft_sign", "tanh"):
        f = getattr(activations, name)
        apply = (lambda x, f=f: f(x, 0.3)) if name in ("elu", "leaky_relu") else f
        yield pullback(f"nnet.activations.{name}", *_pair(apply), (-20, 20), at_once=8)


def of_two() -> Iterator[Pair]:
    import mygrad as mg

    positive = matrix(2, 3, 0.2, 3)
    for name in ("add", "subtract", "multiply", "divide", "power", "arctan2", "logaddexp", "logaddexp2", "maximum",
                 "minimum"):  # fmt: skip
        yield pullback(name, *_pair(getattr(mg, name)), positive, vector(3, 0.2, 3))
    yield pullback("matmul", *_pair(mg.matmul), matrix(2, 3), matrix(3, 2))
    yield pullback("linalg.norm", *_pair(lambda x: mg.linalg.norm(x, axis=0)), matrix(3, 2))
    yield pullback("where", *_pair(lambda x, y: mg.where([True, False, True], x, y)), vector(3), vector(3))
    yield pullback("concatenate", *_pair(lambda x, y: mg.concatenate([x, y])), vector(3), vector(2))
    yield pullback("stack", *_pair(lambda x, y: mg.stack([x, y], axis=1)), vector(3), vector(3))
    yield pullback("einsum", *_pair(lambda x, y: mg.einsum("ij,jk->ki", x, y)), matrix(2, 3), matrix(3, 2))
    yield pullback("einsum repeated", *_pair(lambda x: mg.einsum("ii->i", x)), matrix(3, 3))
    yield pullback("multi_matmul", *_pair(lambda x, y: mg.multi_matmul([x, y, x])), matrix(2, 3), matrix(3, 2))
    yield pullback("add_sequence", *_pair(lambda x, y: mg.add_sequence(x, y, x)), vector(3), vector(3))
    yield pullback("multiply_sequence", *_pair(lambda x, y: mg.multiply_sequence(x, y, x)), vector(3), vector(3))


def of_arrays() -> Iterator[Pair]:
    import mygrad as mg

    a = matrix(2, 3)
    some: dict[str, tuple[Callable[..., Any], Domain]] = {
        "sum": (lambda x: mg.sum(x, axis=0), a), "mean": (lambda x: mg.mean(x, axis=1), a),
        "prod": (lambda x: mg.prod(x, axis=1), a), "cumsum": (lambda x: mg.cumsum(x, axis=1), a),
        "cumprod": (lambda x: mg.cumprod(x, axis=1), a), "max": (lambda x: mg.max(x, axis=1), a),
        "min": (lambda x: mg.min(x, axis=1), a), "var": (lambda x: mg.var(x, axis=1), a),
        "std": (lambda x: mg.std(x, axis=1, ddof=1), a), "clip": (lambda x: mg.clip(x, -1, 1), a),
        "transpose": (mg.transpose, a), "moveaxis": (lambda x: mg.moveaxis(x, 0, 1), a),
        "swapaxes": (lambda x: mg.swapaxes(x, 0, 1), a), "reshape": (lambda x: mg.reshape(x, (3, 2)), a),
        "ravel": (mg.ravel, a), "roll": (lambda x: mg.roll(x, 1, axis=1), a), "squeeze": (mg.squeeze, matrix(1, 3)),
        "repeat": (lambda x: mg.repeat(x, 2, axis=1), a), "broadcast_to": (lambda x: mg.broadcast_to(x, (2, 2, 3)), a),
        "expand_dims": (lambda x: mg.expand_dims(x, 1), a), "getitem": (lambda x: x[:, [0, 2, 0]], a),
        "atleast_3d": (mg.atleast_3d, a),
    }  # fmt: skip
    for name, (f, where) in some.items():
        yield pullback(name, *_pair(f), where)


def networks() -> Iterator[Pair]:
    import numpy as np
    from mygrad.nnet import activations, layers, losses

    labels = np.array([0, 2])
    yield pullback("nnet.activations.softmax", *_pair(activations.softmax), matrix(2, 3))
    yield pullback("nnet.activations.logsoftmax", *_pair(activations.logsoftmax), matrix(2, 3))
    yield pullback("nnet.activations.glu", *_pair(lambda x: activations.glu(x)), matrix(2, 4))
    yield pullback(
        "nnet.losses.softmax_crossentropy", *_pair(lambda x: losses.softmax_crossentropy(x, labels)), matrix(2, 3)
    )
    yield pullback("nnet.losses.multiclass_hinge", *_pair(lambda x: losses.multiclass_hinge(x, labels)), matrix(2, 3))
    yield pullback("nnet.losses.negative_log_likelihood",
                   *_pair(lambda x: losses.negative_log_likelihood(x, labels)), matrix(2, 3))  # fmt: skip
    yield pullback("nnet.losses.softmax_focal_loss",
                   *_pair(lambda x: losses.softmax_focal_loss(x, labels, alpha=0.7, gamma=2.0)), matrix(2, 3))  # fmt: skip
    yield pullback("nnet.losses.focal_loss",
                   *_pair(lambda x: losses.focal_loss(x, labels, alpha=0.7, gamma=2.0)), matrix(2, 3, 0.1, 0.9))  # fmt: skip
    yield pullback("nnet.losses.margin_ranking_loss",
                   *_pair(lambda x, y: losses.margin_ranking_loss(x, y, 1, 0.3)), vector(3), vector(3))  # fmt: skip
    image, kernel = Domain((1, 2, 4, 4), -1, 1), Domain((2, 2, 2, 2), -1, 1)
    yield pullback("nnet.layers.conv_nd", *_pair(lambda x, w: layers.conv_nd(x, w, stride=1)), image, kernel, points=1)
    yield pullback("nnet.layers.max_pool", *_pair(lambda x: layers.max_pool(x, (2, 2), 2)), image, points=1)
    yield pullback("nnet.layers.batchnorm",
                   *_pair(lambda x, g, b: layers.batchnorm(x, gamma=g, beta=b, eps=1e-5)),
                   matrix(4, 2), vector(2), vector(2))  # fmt: skip


FAMILIES = [elementwise, of_two, of_arrays, networks]
