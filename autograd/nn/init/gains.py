"""By how much weights have to be scaled: the fans of a parameter, and the gain of an activation."""

from __future__ import annotations

import math

from autograd.types import Array


def fans(tensor: Array) -> tuple[int, int]:
    """Fan in and fan out of a parameter.

    Parameters
    ----------
    tensor : Tensor or ndarray, shape (out, in) + kernel
        The parameter.

    Returns
    -------
    (int, int)
        Inputs and outputs of one unit.

    Raises
    ------
    ValueError
        If it has fewer than two axes.

    Examples
    --------
    >>> import numpy as np
    >>> fans(np.zeros((16, 6, 5, 5)))
    (150, 400)
    """
    shape = tensor.shape
    if len(shape) < 2:
        raise ValueError(f"fan in and fan out need a parameter of at least 2 axes, got shape {shape}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


_GAINS = {"linear": 1.0, "conv": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 0.75}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights before an activation are larger than before none.

    ``"linear"``, ``"sigmoid"``: 1; ``"tanh"``: 5/3; ``"relu"``: √2; ``"leaky_relu"``: √(2/(1 + slope²)) with
    slope `param` (0.01); ``"selu"``: 3/4.

    Parameters
    ----------
    nonlinearity : str
        The activation's name.
    param : float, optional
        The slope of ``"leaky_relu"`` below 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If no gain is known for that activation.

    Examples
    --------
    >>> round(calculate_gain("relu"), 4)
    1.4142
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope * slope))
    if nonlinearity not in _GAINS:
        raise ValueError(f"no gain is known for {nonlinearity!r}; choose one of {', '.join(_GAINS)}, leaky_relu")
    return _GAINS[nonlinearity]
