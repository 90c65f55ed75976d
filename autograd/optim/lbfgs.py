"""L-BFGS: a quasi-Newton method that remembers the last changes of the gradient."""

from __future__ import annotations

import math
from typing import Any, Callable, Iterable, Mapping

import numpy as np

from autograd.optim.base import Optimizer, Options, Run
from autograd.types import Array


class LBFGS(Optimizer):
    """Limited-memory BFGS: steps along −H·g, H an estimate of the inverse Hessian. Nocedal and Wright 2006, ch. 7.

    ``step`` needs a closure that computes loss and gradients anew, and calls it several times.

    Parameters
    ----------
    params : iterable of Tensor or Value
        One group, of one dtype.
    lr : float
        The length of a step, or the first one that the line search tries.
    max_iter : int
        Iterations per call of `step`.
    max_eval : int, optional
        Evaluations per call of `step`; 1.25·max_iter unless given.
    tolerance_grad : float
        Stop when no element of the gradient is larger.
    tolerance_change : float
        Stop when neither the parameters nor the loss change by more.
    history_size : int
        How many changes are remembered.
    line_search_fn : {None, "strong_wolfe"}
        Without a line search each step has length lr (in the first iteration at most lr/‖g‖₁).

    Raises
    ------
    ValueError
        If there are several groups or dtypes, or no such line search.

    Examples
    --------
    >>> from autograd import Tensor
    >>> x = Tensor([-1.2, 1.0])
    >>> optimizer = LBFGS([x], line_search_fn="strong_wolfe", max_iter=60)
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
    ...     loss.backward()
    ...     return loss
    >>> _ = optimizer.step(closure)
    >>> x.data.round(3)
    array([1., 1.])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        if line_search_fn not in (None, "strong_wolfe"):
            raise ValueError(f"LBFGS: line_search_fn must be None or 'strong_wolfe', not {line_search_fn!r}")
        options: Options = dict(
            lr=lr,
            max_iter=max_iter,
            max_eval=max_eval if max_eval is not None else max_iter * 5 // 4,
            tolerance_grad=tolerance_grad,
            tolerance_change=tolerance_change,
            history_size=history_size,
            line_search_fn=line_search_fn,
        )
        super().__init__(params, options)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS takes one group of parameters")
        self._changes: list[tuple[Any, Any]] = []  # (change of the parameters, change of the gradient)
        self._last: tuple[Any, Any] | None = None  # (direction times length, gradient before it)
        self._iterations = 0

    @staticmethod
    def _arranged(parameters: Any) -> list[Run]:
        kinds = {getattr(p._data, "dtype", np.dtype(float)) for p in parameters}
        if len(kinds) > 1:
            raise ValueError(f"LBFGS takes parameters of one dtype, got {', '.join(sorted(map(str, kinds)))}")
        return [Run(parameters)]

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Iterate until nothing improves, or `max_iter` is reached.

        Returns
        -------
        What the closure returned first.

        Raises
        ------
        ValueError
            Without a closure.
        """
        if closure is None:
            raise ValueError(
                "LBFGS.step needs a closure that computes the loss anew, calls backward() and returns the loss"
            )
        (options,), ((run,),) = self.param_groups, self._runs
        first = closure()
        loss, g = float(first), self._gradient(run)
        evaluations = 1
        for i in range(options["max_iter"]):
            if np.abs(g).max(initial=0.0) <= options["tolerance_grad"] or not math.isfinite(loss):
                break
            self._remember(g, options["history_size"])
            direction = self._direction(g)
            slope = float(g @ direction)
            if slope > -options["tolerance_change"]:
                break
            length = options["lr"] * (min(1.0, 1 / float(np.abs(g).sum())) if self._iterations == 0 else 1.0)
            start, before = run.numbers(0, len(run.parameters)).copy(), loss

            def at(t: float, start: Any = start, direction: Any = direction) -> tuple[float, Any]:
                nonlocal evaluations
                self._move(run, start + t * direction)
                evaluations += 1
                value = float(closure())
                return value, self._gradient(run)

            g_before = g
            if options["line_search_fn"]:
                length, loss, g = strong_wolfe(at, length, loss, g, slope, direction)
                self._move(run, start + length * direction)
            elif i < options["max_iter"] - 1:
                loss, g = at(length)
            else:
                self._move(run, start + length * direction)
            self._last = (length * direction, g_before)
            self._iterations += 1
            small = float(np.abs(length * direction).max()) <= options["tolerance_change"]
            if small or abs(loss - before) < options["tolerance_change"] and i < options["max_iter"] - 1:
                break
            if evaluations >= options["max_eval"]:
                break
        return first

    @staticmethod
    def _gradient(run: Run) -> Array:
        parts = [
            np.zeros(np.size(p._data), run.dtype) if p.grad is None else np.ravel(getattr(p.grad, "_data", p.grad))
            for p in run.parameters
        ]
        return np.concatenate(parts)

    @staticmethod
    def _move(run: Run, row: Any) -> None:
        run.write(0, len(run.parameters), row.astype(run.dtype, copy=False))

    def _remember(self, g: Array, size: int) -> None:
        if self._last is None:
            return
        moved, before = self._last
        self._last = None
        change = g - before
        if float(change @ moved) > 1e-10:  # else H would lose its positive curvature
            self._changes.append((moved, change))
            del self._changes[: max(0, len(self._changes) - size)]

    def _direction(self, g: Array) -> Array:
        """−H·g by the two-loop recursion (Nocedal and Wright 2006, algorithm 7.4)."""
        q = -g
        weights = []
        for s, y in reversed(self._changes):
            weight = float(s @ q) / float(y @ s)
            weights.append(weight)
            q = q - weight * y
        if self._changes:
            s, y = self._changes[-1]
            q = q * (float(y @ s) / float(y @ y))
        for (s, y), weight in zip(self._changes, reversed(weights)):
            q = q + s * (weight - float(y @ q) / float(y @ s))
        return q

    def state_dict(self) -> dict[str, Any]:
        state: dict[str, Any] = {
            "iterations": self._iterations,
            "changes": [[s.copy(), y.copy()] for s, y in self._changes],
            "last": [] if self._last is None else [x.copy() for x in self._last],
        }
        return {**super().state_dict(), "state": state}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        state = state_dict["state"]
        if "changes" not in state:
            raise ValueError("the state is not one of LBFGS")
        size = self._runs[0][0].size
        rows = [x for pair in state["changes"] for x in pair] + list(state["last"])
        if any(np.shape(x) != (size,) for x in rows):
            raise ValueError(f"the state belongs to another number of parameters than {size}")
        super().load_state_dict({**state_dict, "state": {}})
        self._iterations = int(state["iterations"])
        self._changes = [(np.array(s), np.array(y)) for s, y in state["changes"]]
        last = [np.array(x) for x in state["last"]]
        self._last = (last[0], last[1]) if last else None


def strong_wolfe(
    at: Callable[[float], tuple[float, Any]],
    length: float,
    loss: float,
    g: Array,
    slope: float,
    direction: Any,
    c1: float = 1e-4,
    c2: float = 0.9,
    trials: int = 25,
) -> tuple[float, float, Any]:
    """A step length t with f(t) ≤ f(0) + c₁·t·f'(0) and |f'(t)| ≤ c₂·|f'(0)|.

    Nocedal and Wright 2006, algorithms 3.5 and 3.6, with cubic interpolation.

    Parameters
    ----------
    at : callable
        t → loss and gradient there.
    length : float
        The first t.
    loss, g, slope
        f(0), the gradient there, and f'(0) < 0.
    direction : ndarray

    Returns
    -------
    t, loss, gradient
        Of the best length found.
    """
    low = (0.0, loss, slope, g)
    last = low
    t = length
    high = None
    for trial in range(trials):
        value, gradient = at(t)
        here = (t, value, float(gradient @ direction), gradient)
        if not math.isfinite(value):
            high = here
            t = (low[0] + t) / 2
            continue
        if value > loss + c1 * t * slope or value >= low[1] and (high is not None or trial):
            high = here
        elif abs(here[2]) <= -c2 * slope:
            return t, value, gradient
        elif here[2] * ((high[0] if high else math.inf) - low[0]) >= 0:
            high, low = low, here
        else:
            last, low = low, here
        if high is None:
            t = min(max(_cubic(last, low, beyond=True), t + 0.01 * (t - last[0])), 10 * t)
        else:
            a, b = sorted((low[0], high[0]))
            if b - a <= 1e-12 * max(1.0, b):
                break
            t = _cubic(low, high) if math.isfinite(high[1]) else (a + b) / 2
            margin = 0.1 * (b - a)
            t = min(max(t, a + margin), b - margin)
    return low[0], low[1], low[3]


def _cubic(a: tuple[float, float, float, Any], b: tuple[float, float, float, Any], beyond: bool = False) -> float:
    """Where the cubic through two points (t, f, f') is smallest."""
    (t0, f0, d0, _), (t1, f1, d1, _) = a, b
    if t0 == t1:
        return t1 * 2 if beyond else t1
    e = d0 + d1 - 3 * (f0 - f1) / (t0 - t1)
    square = e * e - d0 * d1
    if square < 0:
        return 2 * t1 if beyond else (t0 + t1) / 2
    root = math.copysign(math.sqrt(square), t1 - t0)
    bottom = d1 - d0 + 2 * root
    return t1 - (t1 - t0) * (d1 + root - e) / bottom if bottom else (2 * t1 if beyond else (t0 + t1) / 2)
