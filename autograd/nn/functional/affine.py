"""Maps x ↦ L(x, weight) + bias as one node: the fully connected layer; the family that convolution shares."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from autograd.functions.broadcasting import sum_of_rows
from autograd.functions.products import of_matrices
from autograd.rules.arrays import Linear, PullOfArrays
from autograd.types import Array, Cotangent, Settings


class Affine(Linear):
    """An operation of (x, weight) or (x, weight, bias): linear in x and in weight, the bias added along an axis.

    Parameters
    ----------
    channel : int
        The axis of the result that the bias runs along.
    """

    def __init__(
        self,
        *definition: Any,
        channel: int,
        doc: str,
        local: tuple[str, ...],
        pull_arrays: PullOfArrays | None = None,
    ) -> None:
        super().__init__(*definition, self._pull_bias, doc=doc, local=local, pull_arrays=pull_arrays)
        self.channel = channel

    def _pull_bias(self, g: Cotangent, *inputs: Any, **static: Any) -> Array:
        if g.ndim == 2 and self.channel in (1, -1):
            return sum_of_rows(g)
        return np.sum(g, axis=tuple(i for i in range(g.ndim) if i != self.channel % g.ndim))

    def jvp(self, tangents: Mapping[int, Any], y: Any, inputs: Sequence[Any], static: Settings) -> Array:
        total: Any = None
        for i, tangent in tangents.items():
            if i == 2:
                shape = [1] * y.ndim
                shape[self.channel] = -1
                term = np.broadcast_to(np.reshape(tangent, shape), y.shape)
            else:
                term = self(*[tangent if k == i else x for k, x in enumerate(inputs[:2])], **static)
            total = term if total is None else total + term
        return total


def _linear(x: Array, weight: Array, bias: Array | None = None) -> Array:
    y = of_matrices(x, weight.T) if x.ndim == 2 else np.matmul(x, weight.T)
    if bias is not None:
        y += bias
    return y


def rows(x: Array) -> Array:
    """x as a matrix: all axes but the last in one."""
    return x if x.ndim == 2 else np.reshape(x, (-1, x.shape[-1]))


def _pull_matrices(node: Any, g: Cotangent, cotangents: Any, give: Any) -> None:
    """The three adjoints for a batch of rows, which needs no questions; else by way of the rule."""
    _, x, weight, *bias = node._origin
    kind = type(node)
    rows_of_x = x._data if type(x) is kind else x
    matrix = weight._data if type(weight) is kind else weight
    flat = rows_of_x.ndim == 2
    plain = flat and type(rows_of_x) is type(matrix) is type(g) is np.ndarray  # as `of_matrices` asks, but once
    if type(x) is kind:
        give(x, g.dot(matrix) if plain else np.matmul(g, matrix))
    if type(weight) is kind:
        give(weight, g.T.dot(rows_of_x) if plain else _affine.adjoints[1](g, rows_of_x, matrix))
    for b in bias:
        if type(b) is kind:
            give(b, sum_of_rows(g) if flat else _affine.adjoints[2](g))


_affine = Affine(
    "linear",
    _linear,
    lambda g, x, weight, bias=None: np.matmul(g, weight),
    lambda g, x, weight, bias=None: np.matmul(rows(g).T, rows(x)),
    channel=-1,
    pull_arrays=_pull_matrices,
    doc="x·weightᵀ + bias.",
    local=("{g} · {1}", "({g})ᵀ · {0}", "{g}, summed over the batch"),
)


def linear(input: Array, weight: Array, bias: Array | None = None) -> Any:
    """Fully connected layer: y = x·Wᵀ + b, as one node.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., in_features)
        The numbers x.
    weight : Tensor or ndarray, shape (out_features, in_features)
        The matrix W.
    bias : Tensor or ndarray, shape (out_features,), optional
        The vector b.

    Returns
    -------
    Tensor or ndarray, shape (..., out_features)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> linear(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([0.5, 0.0]))
    array([[11.5, 17. ]])
    """
    shape = weight.shape
    if len(shape) != 2 or input.shape[-1:] != shape[1:]:
        raise ValueError(
            f"linear: input of shape {input.shape} does not fit weight of shape {shape}; "
            "weight is (out_features, in_features) and input (..., in_features)"
        )
    if bias is None:
        return _affine(input, weight)
    if bias.shape != shape[:1]:
        raise ValueError(f"linear: bias has shape {bias.shape}, but weight has {shape[0]} rows")
    return _affine(input, weight, bias)
