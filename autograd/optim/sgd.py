"""Gradient descent, with and without momentum."""

from __future__ import annotations

from typing import Any, Callable, Iterable

from autograd.following import follower, followers
from autograd.graph import touch
from autograd.node import plain
from autograd.optim.base import Optimizer, Options
from autograd.types import Array


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

    def _update(
        self, p: Array, g: Array, t: int, options: Options, momentum_buffer: Array = None, **state: Any
    ) -> None:
        mu = options["momentum"]
        if options["weight_decay"]:
            g = g + options["weight_decay"] * p
        if mu:
            momentum_buffer *= mu if t > 1 else 0
            momentum_buffer += g if t == 1 or not options["dampening"] else (1 - options["dampening"]) * g
            g = g + mu * momentum_buffer if options["nesterov"] else momentum_buffer
        p -= options["lr"] * g
