"""Adagrad and what grew from it: each number has a rate of its own, made from the squares of its past gradients."""

from __future__ import annotations

from typing import Any, Iterable

import numpy as np

from autograd.optim.base import Optimizer, Options
from autograd.types import Array


class Adagrad(Optimizer):
    """s ← s + g²; p ← p − lr/(1 + (t − 1)·lr_decay)·g/(√s + eps). Duchi, Hazan and Singer 2011.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts with settings
        The parameters p that are trained; a dict holds those of one group under "params", and settings of its own.
    lr : float
        Learning rate.
    lr_decay : float
        How fast the rate falls with the number of steps t.
    weight_decay : float
        λ: adds λ·p to g.
    initial_accumulator_value : float
        What s starts from.
    eps : float
        Keeps the divisor from 0.

    Examples
    --------
    >>> from autograd import Tensor, optim
    >>> w = Tensor([1.0, -2.0])
    >>> optimizer = optim.Adagrad([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(4)
    array([ 0.9, -1.9])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        options = dict(
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )
        super().__init__(params, options)

    def _state(self, options: Options) -> dict[str, float]:
        return {"sum": options["initial_accumulator_value"]}

    def _update(self, p: Array, g: Array, t: int, options: Options, sum: Array = None, **state: Any) -> None:
        if options["weight_decay"]:
            g = g + options["weight_decay"] * p
        sum += g * g
        scale = np.sqrt(sum)
        scale += options["eps"]
        np.divide(g, scale, out=scale)
        scale *= options["lr"] / (1 + (t - 1) * options["lr_decay"])
        p -= scale


class Adadelta(Optimizer):
    """s ← ρ·s + (1 − ρ)·g²; Δ = √(a + eps)/√(s + eps)·g; a ← ρ·a + (1 − ρ)·Δ²; p ← p − lr·Δ. Zeiler 2012.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts with settings
        The parameters p that are trained; a dict holds those of one group under "params", and settings of its own.
    lr : float
        Learning rate.
    rho : float
        ρ, the share of the past in both means.
    eps : float
        Keeps both roots from 0, and so sets the size of the first steps.
    weight_decay : float
        λ: adds λ·p to g.

    Examples
    --------
    >>> from autograd import Tensor, optim
    >>> w = Tensor([1.0, -2.0])
    >>> optimizer = optim.Adadelta([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(4)
    array([ 0.9997, -1.9997])
    """

    def __init__(
        self, params: Iterable[Any], lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay))

    def _state(self, options: Options) -> dict[str, float]:
        return {"square_avg": 0.0, "acc_delta": 0.0}

    def _update(
        self,
        p: Array,
        g: Array,
        t: int,
        options: Options,
        square_avg: Array = None,
        acc_delta: Array = None,
        **state: Any,
    ) -> None:
        rho, eps = options["rho"], options["eps"]
        if options["weight_decay"]:
            g = g + options["weight_decay"] * p
        square_avg *= rho
        square_avg += (1 - rho) * (g * g)
        delta = np.sqrt(acc_delta + eps)
        delta /= np.sqrt(square_avg + eps)
        delta *= g
        acc_delta *= rho
        acc_delta += (1 - rho) * (delta * delta)
        p -= options["lr"] * delta


class RMSprop(Optimizer):
    """s ← α·s + (1 − α)·g²; p ← p − lr·g/(√s + eps). Hinton 2012, Lecture 6e; Graves 2013 for `centered`.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts with settings
        The parameters p that are trained; a dict holds those of one group under "params", and settings of its own.
    lr : float
        Learning rate.
    alpha : float
        α, the share of the past in the mean.
    eps : float
        Keeps the divisor from 0.
    weight_decay : float
        λ: adds λ·p to g.
    momentum : float
        μ: b ← μ·b + g/(√s + eps) and p ← p − lr·b.
    centered : bool
        √(s − m²) instead of √s, with m ← α·m + (1 − α)·g.

    Examples
    --------
    >>> from autograd import Tensor, optim
    >>> w = Tensor([1.0, -2.0])
    >>> optimizer = optim.RMSprop([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(4)
    array([ 0., -1.])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        options = dict(lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum, centered=centered)
        super().__init__(params, options)

    def _state(self, options: Options) -> dict[str, float]:
        names = ["square_avg", *["momentum_buffer"] * bool(options["momentum"]), *["grad_avg"] * options["centered"]]
        return dict.fromkeys(names, 0.0)

    def _update(
        self,
        p: Array,
        g: Array,
        t: int,
        options: Options,
        square_avg: Array = None,
        momentum_buffer: Array = None,
        grad_avg: Array = None,
        **state: Any,
    ) -> None:
        alpha = options["alpha"]
        if options["weight_decay"]:
            g = g + options["weight_decay"] * p
        square_avg *= alpha
        square_avg += (1 - alpha) * (g * g)
        if options["centered"]:
            grad_avg *= alpha
            grad_avg += (1 - alpha) * g
            scale = np.sqrt(square_avg - grad_avg * grad_avg)
        else:
            scale = np.sqrt(square_avg)
        scale += options["eps"]
        np.divide(g, scale, out=scale)
        if options["momentum"]:
            momentum_buffer *= options["momentum"]
            momentum_buffer += scale
            scale = options["lr"] * momentum_buffer
        else:
            scale *= options["lr"]
        p -= scale
