"""Adam and its variants: momentum over a mean of squares, both corrected for their start from 0."""

from __future__ import annotations

import math
from typing import Any, Iterable

import numpy as np

from autograd.optim.base import Optimizer, Options
from autograd.types import Array


class Adam(Optimizer):
    """m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g²; p ← p − lr·m̂/(√v̂ + eps). Kingma and Ba 2015.

    m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) make up for the start from 0.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts with settings
        The parameters p that are trained; a dict holds those of one group under "params", and settings of its own.
    lr : float
        Learning rate.
    betas : (float, float)
        β₁ and β₂, the shares of the past in the means of g and of g².
    eps : float
        Keeps the divisor from 0.
    weight_decay : float
        λ: adds λ·p to g.
    amsgrad : bool
        The largest v so far in place of v. Reddi, Kale and Kumar 2018.

    Examples
    --------
    >>> from autograd import Tensor
    >>> w = Tensor([1.0, -2.0])
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(6)
    array([ 0.9, -1.9])
    """

    decoupled = False

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad))

    def _state(self, options: Options) -> dict[str, float]:
        return dict.fromkeys(["exp_avg", "exp_avg_sq", *["max_exp_avg_sq"] * options["amsgrad"]], 0.0)

    def _update(
        self,
        p: Array,
        g: Array,
        t: int,
        options: Options,
        exp_avg: Array = None,
        exp_avg_sq: Array = None,
        max_exp_avg_sq: Array = None,
        **state: Any,
    ) -> None:
        beta1, beta2 = options["betas"]
        lr = options["lr"]
        if options["weight_decay"] and self.decoupled:
            p *= 1 - lr * options["weight_decay"]
        elif options["weight_decay"]:
            g = g + options["weight_decay"] * p
        exp_avg *= beta1
        exp_avg += (1 - beta1) * g
        exp_avg_sq *= beta2
        square = g * g
        square *= 1 - beta2
        exp_avg_sq += square
        if options["amsgrad"]:
            np.maximum(max_exp_avg_sq, exp_avg_sq, out=max_exp_avg_sq)
            exp_avg_sq = max_exp_avg_sq
        scale = np.sqrt(exp_avg_sq, out=square)
        scale /= math.sqrt(1 - beta2**t)
        scale += options["eps"]
        np.divide(exp_avg, scale, out=scale)
        scale *= lr / (1 - beta1**t)
        p -= scale


class AdamW(Adam):
    """Adam with weight decay apart from the gradient: first p ← (1 − lr·λ)·p. Loshchilov and Hutter 2019.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts with settings
        The parameters p that are trained; a dict holds those of one group under "params", and settings of its own.
    lr : float
        Learning rate.
    betas : (float, float)
        β₁ and β₂, the shares of the past in the means of g and of g².
    eps : float
        Keeps a divisor from 0.
    weight_decay : float
        λ, the share of each parameter that a step of lr 1 takes away; 0.01 unless given.
    amsgrad : bool
        Divide by the largest v̂ so far. Reddi, Kale and Kumar 2018.

    Examples
    --------
    >>> from autograd import Tensor, optim
    >>> w = Tensor([1.0, -2.0])
    >>> optimizer = optim.AdamW([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(4)
    array([ 0.899, -1.898])
    """

    decoupled = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad)


class NAdam(Optimizer):
    """Adam with Nesterov's momentum: p ← p − lr·((1 − μₜ)·g/(1 − Πμ) + μₜ₊₁·m/(1 − μₜ₊₁·Πμ))/(√v̂ + eps). Dozat 2016.

    μₜ = β₁·(1 − ½·0.96^(t·momentum_decay)), Πμ = μ₁·…·μₜ; m, v and v̂ as for :class:`Adam`.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts with settings
        The parameters p that are trained; a dict holds those of one group under "params", and settings of its own.
    lr : float
        Learning rate.
    betas : (float, float)
        β₁ and β₂, the shares of the past in the means of g and of g².
    eps : float
        Keeps the divisor from 0.
    weight_decay : float
        λ: adds λ·p to g.
    momentum_decay : float
        How fast μₜ rises to β₁.
    decoupled_weight_decay : bool
        As in :class:`AdamW`, instead of adding λ·p to g.

    Examples
    --------
    >>> from autograd import Tensor, optim
    >>> w = Tensor([1.0, -2.0])
    >>> optimizer = optim.NAdam([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data.round(4)
    array([ 0.8944, -1.8944])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
    ) -> None:
        self._products: dict[tuple[float, float], list[float]] = {}
        options = dict(
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay,
        )
        super().__init__(params, options)

    def _state(self, options: Options) -> dict[str, float]:
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}

    @staticmethod
    def _mu(t: int, beta1: float, decay: float) -> float:
        return float(beta1 * (1 - 0.5 * 0.96 ** (t * decay)))

    def _product(self, t: int, beta1: float, decay: float) -> float:
        """μ₁·…·μₜ."""
        known = self._products.setdefault((beta1, decay), [1.0])
        while len(known) <= t:
            known.append(known[-1] * self._mu(len(known), beta1, decay))
        return known[t]

    def _update(
        self,
        p: Array,
        g: Array,
        t: int,
        options: Options,
        exp_avg: Array = None,
        exp_avg_sq: Array = None,
        **state: Any,
    ) -> None:
        beta1, beta2 = options["betas"]
        lr, decay = options["lr"], options["momentum_decay"]
        if options["weight_decay"] and options["decoupled_weight_decay"]:
            p *= 1 - lr * options["weight_decay"]
        elif options["weight_decay"]:
            g = g + options["weight_decay"] * p
        now, after = self._mu(t, beta1, decay), self._mu(t + 1, beta1, decay)
        product = self._product(t, beta1, decay)
        exp_avg *= beta1
        exp_avg += (1 - beta1) * g
        exp_avg_sq *= beta2
        exp_avg_sq += (1 - beta2) * (g * g)
        scale = np.sqrt(exp_avg_sq / (1 - beta2**t))
        scale += options["eps"]
        p -= (lr * (1 - now) / (1 - product)) * g / scale
        p -= (lr * after / (1 - product * after)) * exp_avg / scale
