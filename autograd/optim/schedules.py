"""Learning rates as functions of the number of steps: schedules, with PyTorch's names."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Any, Callable, Mapping, Sequence

from autograd.optim.base import Optimizer


class Schedule:
    """Sets the learning rate of every group as a function of the number of calls of :meth:`step`; base class.

    Creating one sets the first rate. A rate is always computed from the initial one, so that nothing drifts.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.

    Attributes
    ----------
    last_epoch : int
        The number of calls of `step` so far.
    base_lrs : list of float
        The rates that the groups had.

    Raises
    ------
    TypeError
        If `optimizer` is none.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = optim.ExponentialLR(optim.SGD([Value(1.0)], lr=1.0), gamma=0.5)
    >>> isinstance(schedule, optim.Schedule), schedule.last_epoch, schedule.base_lrs
    (True, 0, [1.0])
    """

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"a schedule needs an Optimizer, not {type(optimizer).__name__}")
        self.optimizer = optimizer
        self.base_lrs = [group["lr"] for group in optimizer.param_groups]
        self.last_epoch = 0
        self._set()

    def rate(self, base: float, t: int) -> float:
        """The learning rate after `t` calls of `step`."""
        raise NotImplementedError

    def get_last_lr(self) -> list[float]:
        """The rates that are set now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def step(self) -> None:
        """Go on to the next rate."""
        self.last_epoch += 1
        self._set()

    def _set(self) -> None:
        for group, base in zip(self.optimizer.param_groups, self.base_lrs):
            group["lr"] = self.rate(base, self.last_epoch)

    def state_dict(self) -> dict[str, Any]:
        """What :meth:`load_state_dict` needs to go on."""
        return {"last_epoch": self.last_epoch, "base_lrs": list(self.base_lrs)}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self.last_epoch, self.base_lrs = int(state_dict["last_epoch"]), list(state_dict["base_lrs"])
        self._set()


class LambdaLR(Schedule):
    """base·f(t).

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    lr_lambda : callable
        ``lr_lambda(t)`` is the factor after t steps.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = LambdaLR(optim.SGD([Value(1.0)], lr=0.5), lambda t: 1 / (1 + t))
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.25]
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        return base * self.lr_lambda(t)


class ConstantLR(Schedule):
    """base·factor for the first total_iters steps, then base.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    factor : float
        The factor.
    total_iters : int
        The number of steps that the change takes.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = ConstantLR(optim.SGD([Value(1.0)], lr=1.0), factor=0.5, total_iters=1)
    >>> before = schedule.get_last_lr()
    >>> schedule.step()
    >>> before, schedule.get_last_lr()
    ([0.5], [1.0])
    """

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5) -> None:
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        return base * self.factor if t < self.total_iters else base


class StepLR(Schedule):
    """base·gamma^⌊t/step_size⌋.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    step_size : int
        Steps between two falls.
    gamma : float
        The factor.

    Raises
    ------
    ValueError
        If `step_size` is less than 1.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = StepLR(optim.SGD([Value(1.0)], lr=1.0), step_size=2, gamma=0.5)
    >>> rates = []
    >>> for _ in range(5):
    ...     rates += schedule.get_last_lr()
    ...     schedule.step()
    >>> rates
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        if step_size < 1:
            raise ValueError(f"StepLR: step_size must be at least 1, not {step_size!r}")
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        return base * self.gamma ** (t // self.step_size)


class MultiStepLR(Schedule):
    """base·gamma^(number of milestones reached).

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    milestones : sequence of int
        The steps at which the rate falls.
    gamma : float
        The factor.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = MultiStepLR(optim.SGD([Value(1.0)], lr=1.0), milestones=[1, 3])
    >>> rates = []
    >>> for _ in range(4):
    ...     rates += schedule.get_last_lr()
    ...     schedule.step()
    >>> [round(rate, 12) for rate in rates]
    [1.0, 0.1, 0.1, 0.01]
    """

    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: float = 0.1) -> None:
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        return base * float(self.gamma ** bisect_right(self.milestones, t))


class ExponentialLR(Schedule):
    """base·gamma^t.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    gamma : float
        The factor.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = ExponentialLR(optim.SGD([Value(1.0)], lr=1.0), gamma=0.5)
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        return base * float(self.gamma**t)


class LinearLR(Schedule):
    """base times a factor that goes from start_factor to end_factor in total_iters steps: a warm-up.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    start_factor : float
        The first factor.
    end_factor : float
        The last factor.
    total_iters : int
        The number of steps that the change takes.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = LinearLR(optim.SGD([Value(1.0)], lr=1.0), start_factor=0.5, total_iters=2)
    >>> schedule.get_last_lr()
    [0.5]
    >>> schedule.step()
    >>> schedule.get_last_lr()
    [0.75]
    """

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        way = min(1.0, t / self.total_iters)
        return base * (self.start_factor + (self.end_factor - self.start_factor) * way)


class CosineAnnealingLR(Schedule):
    """eta_min + (base − eta_min)·(1 + cos(π·t/T_max))/2. Loshchilov and Hutter 2017.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    T_max : int
        Steps from the largest rate to the least.
    eta_min : float
        The least rate.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = CosineAnnealingLR(optim.SGD([Value(1.0)], lr=1.0), T_max=2)
    >>> schedule.step()
    >>> [round(lr, 12) for lr in schedule.get_last_lr()]
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class CosineAnnealingWarmRestarts(Schedule):
    """Cosine annealing that starts again after T_0 steps, then after T_0·T_mult … Loshchilov and Hutter 2017.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    T_0 : int
        Steps of the first fall.
    T_mult : int
        How many times longer each fall is than the last.
    eta_min : float
        The least rate.

    Raises
    ------
    ValueError
        If `T_0` or `T_mult` is less than 1.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = CosineAnnealingWarmRestarts(optim.SGD([Value(1.0)], lr=1.0), T_0=2)
    >>> rates = []
    >>> for _ in range(4):
    ...     rates += schedule.get_last_lr()
    ...     schedule.step()
    >>> [round(rate, 12) for rate in rates]
    [1.0, 0.5, 1.0, 0.5]
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:
        if T_0 < 1 or T_mult < 1:
            raise ValueError("CosineAnnealingWarmRestarts: T_0 and T_mult must be at least 1")
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        length = self.T_0
        while t >= length:
            t, length = t - length, length * self.T_mult
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / length)) / 2


class OneCycleLR(Schedule):
    """Up from max_lr/div_factor to max_lr, then down to (max_lr/div_factor)/final_div_factor. Smith and Topin 2018.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    max_lr : float
        The highest rate.
    total_steps : int
        The number of steps from the first rate to the last.
    pct_start : float
        The share of steps that go up.
    anneal_strategy : {"cos", "linear"}
        Along half a cosine, or along a line.
    div_factor, final_div_factor : float
        The highest rate divided by the first, and the first divided by the last.

    Raises
    ------
    ValueError
        From `step`, after total_steps − 1 of them.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> schedule = OneCycleLR(optim.SGD([Value(1.0)], lr=1.0), max_lr=1.0, total_steps=10)
    >>> rates = []
    >>> for _ in range(4):
    ...     rates += schedule.get_last_lr()
    ...     schedule.step()
    >>> [round(rate, 2) for rate in rates]
    [0.04, 0.52, 1.0, 0.95]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float,
        total_steps: int,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy must be 'cos' or 'linear', not {anneal_strategy!r}")
        if total_steps < 1 or not 0 <= pct_start <= 1:
            raise ValueError("OneCycleLR: total_steps must be at least 1 and pct_start lie between 0 and 1")
        self.max_lr, self.total_steps, self.pct_start = max_lr, total_steps, pct_start
        self.anneal_strategy, self.div_factor, self.final_div_factor = anneal_strategy, div_factor, final_div_factor
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        if t >= self.total_steps:
            raise ValueError(f"OneCycleLR was made for {self.total_steps} steps; this would be number {t + 1}")
        top = self.pct_start * self.total_steps - 1
        start = self.max_lr / self.div_factor
        if t <= top:
            return self._between(start, self.max_lr, t / top if top else 1.0)
        return self._between(self.max_lr, start / self.final_div_factor, (t - top) / (self.total_steps - 1 - top))

    def _between(self, a: float, b: float, way: float) -> float:
        return a + (b - a) * (way if self.anneal_strategy == "linear" else (1 - math.cos(math.pi * way)) / 2)


class SequentialLR(Schedule):
    """One schedule after another: the next one takes over at each milestone, counting from 0 again.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rates are set.
    schedulers : sequence of Schedule
        All made for this optimiser, in this order, e.g. a warm-up and a decay.
    milestones : sequence of int
        The steps at which the next schedule takes over.

    Raises
    ------
    ValueError
        If there is not one milestone less than schedules.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> sgd = optim.SGD([Value(1.0)], lr=1.0)
    >>> both = SequentialLR(sgd, [LinearLR(sgd, 0.5, total_iters=2), ExponentialLR(sgd, 0.1)], [2])
    >>> rates = []
    >>> for _ in range(4):
    ...     rates += both.get_last_lr()
    ...     both.step()
    >>> rates
    [0.5, 0.75, 1.0, 0.1]
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[Schedule], milestones: Sequence[int]) -> None:
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(f"SequentialLR: {len(schedulers)} schedulers need {len(schedulers) - 1} milestones")
        self.schedulers, self.milestones = list(schedulers), list(milestones)
        bases = self.schedulers[0].base_lrs
        for schedule in self.schedulers:  # those made later saw what the earlier ones had set
            schedule.base_lrs = bases
        for group, base in zip(optimizer.param_groups, bases):
            group["lr"] = base
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        at = bisect_right(self.milestones, t)
        return self.schedulers[at].rate(base, t - (self.milestones[at - 1] if at else 0))
