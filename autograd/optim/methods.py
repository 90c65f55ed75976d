"""First-order methods. Each class says what it remembers, and its formula for a row of numbers."""

from __future__ import annotations

import math
from typing import Any, Callable, Iterable

import numpy as np

from autograd.following import follower, followers
from autograd.graph import touch
from autograd.node import plain
from autograd.optim.base import Optimizer, Options


class SGD(Optimizer):
    """Gradient descent: p ← p − lr·g; with momentum μ, b ← μ·b + (1 − dampening)·g and p ← p − lr·b.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts with settings
        The parameters p that are trained; a dict holds those of one group under "params", and settings of its own.
    lr : float
        Learning rate.
    momentum : float
        μ. Polyak 1964. In the first step b = g.
    dampening : float
        The share of g that momentum does not take up.
    weight_decay : float
        λ: adds λ·p to g.
    nesterov : bool
        p ← p − lr·(g + μ·b). Nesterov 1983, in the form of Sutskever et al. 2013.

    Raises
    ------
    ValueError
        If Nesterov's form is asked for without momentum, or with dampening.

    Examples
    --------
    >>> from autograd import Tensor
    >>> w = Tensor([1.0, -2.0])
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data
    array([ 0.8, -1.6])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("SGD: nesterov needs a momentum above 0 and no dampening")
        options = dict(lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov)
        super().__init__(params, options)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        if any(group["momentum"] for group in self.param_groups):
            return super().step(closure)
        if followers and (who := follower()) is not None and who.stepped(self, closure):
            return None
        # Nothing to remember: joining parameters would cost more than it saves.
        loss = closure() if closure is not None else None
        for group in self.param_groups:
            lr, decay = group["lr"], group["weight_decay"]
            for p in group["params"]:
                g = plain(p.grad)
                if g is not None:
                    p._data -= lr * (g + decay * p._data if decay else g)
                    touch(p)
        return loss

    def _state(self, options: Options) -> dict[str, float]:
        return {"momentum_buffer": 0.0} if options["momentum"] else {}

    def _update(self, p: Any, g: Any, t: int, options: Options, momentum_buffer: Any = None, **state: Any) -> None:
        mu = options["momentum"]
        if options["weight_decay"]:
            g = g + options["weight_decay"] * p
        if mu:
            momentum_buffer *= mu if t > 1 else 0
            momentum_buffer += g if t == 1 or not options["dampening"] else (1 - options["dampening"]) * g
            g = g + mu * momentum_buffer if options["nesterov"] else momentum_buffer
        p -= options["lr"] * g


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

    def _update(self, p: Any, g: Any, t: int, options: Options, sum: Any = None, **state: Any) -> None:
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
        self, p: Any, g: Any, t: int, options: Options, square_avg: Any = None, acc_delta: Any = None, **state: Any
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
        p: Any,
        g: Any,
        t: int,
        options: Options,
        square_avg: Any = None,
        momentum_buffer: Any = None,
        grad_avg: Any = None,
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
        p: Any,
        g: Any,
        t: int,
        options: Options,
        exp_avg: Any = None,
        exp_avg_sq: Any = None,
        max_exp_avg_sq: Any = None,
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
        self, p: Any, g: Any, t: int, options: Options, exp_avg: Any = None, exp_avg_sq: Any = None, **state: Any
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
