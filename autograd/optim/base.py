"""What all optimisers share: groups of parameters with settings, and steps that are fused over parameters.

The formulas of first-order methods are elementwise. So small parameters are joined into one run of numbers,
and long runs are cut into pieces that stay in the cache: one formula serves a million numbers or a
thousand Values alike.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from autograd.following import follower, followers
from autograd.functions.register import is_other_array
from autograd.graph import touch
from autograd.node import Node, plain
from autograd.types import Array

PIECE = 1 << 14
"""Numbers that a formula is applied to at a time."""

JOINED = 1 << 13
"""Parameters of at most so many numbers are joined."""

Options = dict[str, Any]


class Run:
    """Parameters of one type that are updated together, and the state of all as one row of numbers."""

    def __init__(self, parameters: Sequence[Any]) -> None:
        self.parameters = list(parameters)
        lengths = [getattr(p._data, "size", 1) for p in parameters]
        ends = np.cumsum(lengths).tolist()
        self.places = [slice(end - n, end) for end, n in zip(ends, lengths)]
        first = parameters[0]._data
        self.dtype = first.dtype if isinstance(first, np.ndarray) else np.dtype(float)
        self.size = ends[-1]
        self.state: dict[str, Any] = {}
        self.steps = [0] * len(lengths)

    def parts(self) -> Iterator[tuple[int, int]]:
        """Which parameters, first to last, can take their step together: all, unless gradients are missing."""
        have = [p.grad is not None for p in self.parameters]
        if all(have) and len(set(self.steps)) == 1:
            yield 0, len(have)
        else:
            yield from ((i, i + 1) for i, there in enumerate(have) if there)

    def numbers(self, first: int, last: int) -> Array:
        """The data of some parameters in one row; of a single one no copy, if that can be."""
        if last - first == 1 and isinstance(self.parameters[first]._data, np.ndarray):
            return self.parameters[first]._data.reshape(-1)
        return joined([p._data for p in self.parameters[first:last]], self.dtype)

    def gradients(self, first: int, last: int) -> Array:
        """The gradients of some parameters in one row."""
        grads = [plain(p.grad) for p in self.parameters[first:last]]
        return (
            grads[0].reshape(-1)
            if last - first == 1 and isinstance(grads[0], np.ndarray)
            else joined(grads, self.dtype)
        )

    def write(self, first: int, last: int, row: Any) -> None:
        """Give the parameters their new data, and note that it changed."""
        start = self.places[first].start
        alone = last - first == 1
        for p, place in zip(self.parameters[first:last], self.places[first:last]):
            data = p._data
            if not isinstance(data, np.ndarray):
                p._data = float(row[place.start - start])
            elif not (alone and np.may_share_memory(data, row)):
                data[...] = row[place.start - start : place.stop - start].reshape(data.shape)
            touch(p)


def joined(arrays: Sequence[Any], dtype: Any) -> Array:
    """Arrays, or floats, as one row of numbers."""
    if not isinstance(arrays[0], np.ndarray):
        return np.array(arrays, dtype)
    return np.concatenate([x.reshape(-1) for x in arrays])


class Optimizer:
    """Adjusts parameters by their gradients; base class.

    Parameters
    ----------
    params : iterable of Tensor or Value, or of dicts
        What to adjust; dicts ``{"params": …, "lr": …}`` give settings to groups of them.
    defaults : dict
        The settings of groups that do not say otherwise.

    Attributes
    ----------
    param_groups : list of dict
        Per group its ``"params"``, and settings, which may be changed between steps.

    Raises
    ------
    TypeError
        If something is no Tensor or Value.
    ValueError
        If there are no parameters, one is named twice, or was computed from others.

    Examples
    --------
    >>> from autograd import Value, optim
    >>> x = Value(3.0)
    >>> optimizer = optim.SGD([x], lr=0.1)
    >>> isinstance(optimizer, optim.Optimizer), optimizer.param_groups[0]["lr"]
    (True, 0.1)
    """

    def __init__(self, params: Iterable[Any], defaults: Options) -> None:
        kind = type(params).__name__
        if callable(getattr(params, "parameters", None)):
            raise TypeError(f"params is a list of Tensors or Values, not the {kind} itself: pass its .parameters()")
        if isinstance(params, Node) or not hasattr(params, "__iter__"):
            raise TypeError(f"params is a list of Tensors or Values, e.g. model.parameters(), not a {kind}")
        given = list(params)
        if not given:
            raise ValueError("params is empty; there is nothing to adjust")
        groups = given if isinstance(given[0], Mapping) else [{"params": given}]
        self.defaults = defaults
        self.param_groups: list[Options] = []
        self._runs: list[list[Run]] = []
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Adjust more parameters: ``{"params": …}`` with settings of their own."""
        unknown = set(group) - set(self.defaults) - {"params"}
        if unknown:
            raise ValueError(
                f"{type(self).__name__} has no setting {sorted(unknown)[0]!r}; it has {', '.join(self.defaults)}"
            )
        parameters = [group["params"]] if isinstance(group["params"], Node) else list(group["params"])
        seen = {p for other in self.param_groups for p in other["params"]}
        for p in parameters:
            if not isinstance(p, Node):
                raise TypeError(f"parameters are Tensors or Values, not {type(p).__name__}")
            if p._origin:
                raise ValueError(f"a parameter has to be a leaf, but {p.label or 'one'} was computed by {p.rule}")
            if p in seen:
                raise ValueError(f"the parameter {p.label or p!r} is named twice")
            seen.add(p)
        whole = {**self.defaults, **group, "params": parameters}
        self._check(whole)
        self.param_groups.append(whole)
        self._runs.append(self._arranged(parameters))

    @staticmethod
    def _arranged(parameters: Sequence[Any]) -> list[Run]:
        """Small parameters of one type joined, each larger one on its own."""
        together: dict[Any, list[Any]] = {}
        for p in parameters:
            data = p._data
            key: Any = (type(p), getattr(data, "dtype", None)) if getattr(data, "size", 1) <= JOINED else p
            together.setdefault(key, []).append(p)
        return [Run(some) for some in together.values()]

    def _check(self, options: Options) -> None:
        """Refuse settings that make no sense."""
        for name, value in options.items():
            if name in ("lr", "eps", "weight_decay", "momentum") and not value >= 0:
                raise ValueError(f"{type(self).__name__}: {name} must not be negative, got {value!r}")
        for name in ("rho", "alpha"):
            if not 0 <= options.get(name, 0) <= 1:
                raise ValueError(f"{type(self).__name__}: {name} must lie between 0 and 1, got {options[name]!r}")
        for beta in options.get("betas", ()):
            if not 0 <= beta < 1:
                raise ValueError(f"{type(self).__name__}: betas must lie in [0, 1), got {options['betas']!r}")

    # --- steps -----------------------------------------------------------------------------------------

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters (``.grad = None``)."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Adjust every parameter that has a gradient, in place.

        Parameters
        ----------
        closure : callable, optional
            Computes the loss and the gradients anew before the step.

        Returns
        -------
        What the closure returned.
        """
        if followers and (who := follower()) is not None and who.stepped(self, closure):
            return None
        loss = closure() if closure is not None else None
        for group, runs in zip(self.param_groups, self._runs):
            if {id(p) for p in group["params"]} != {id(p) for run in runs for p in run.parameters}:
                raise ValueError(
                    f'{type(self).__name__}: the list "params" of a group was changed, but what is remembered belongs '
                    "to the old one; add_param_group adds parameters, and one whose grad is None stays as it is"
                )
            for run in runs:
                for first, last in run.parts():
                    self._step_run(group, run, first, last)
        return loss

    def _step_run(self, options: Options, run: Run, first: int, last: int) -> None:
        """One step of some parameters of a run, piece by piece."""
        if is_other_array(run.parameters[first]._data):
            library = type(run.parameters[first]._data).__module__.partition(".")[0]
            raise TypeError(
                f"{type(self).__name__} works on NumPy's arrays, but a parameter is one of {library}; use SGD without "
                "momentum, or write the step: p.data = p.data - lr * p.grad"
            )
        for i in range(first, last):
            run.steps[i] += 1
        t = run.steps[first]
        if not run.state:
            run.state = {name: np.full(run.size, start, run.dtype) for name, start in self._state(options).items()}
        p, g = run.numbers(first, last), run.gradients(first, last)
        start = run.places[first].start
        state = {name: row[start : start + p.size] for name, row in run.state.items()}
        for at in range(0, p.size, PIECE):
            piece = slice(at, at + PIECE)
            self._update(p[piece], g[piece], t, options, **{name: row[piece] for name, row in state.items()})
        run.write(first, last, p)

    def _state(self, options: Options) -> dict[str, float]:
        """What the method remembers for each number: names and what they start from."""
        return {}

    def _update(self, p: Array, g: Array, t: int, options: Options, **state: Any) -> None:
        """The formula: adjust the row p by its gradients g at step t = 1, 2, …, and the state, in place."""
        raise NotImplementedError

    # --- the state -------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Settings and state as plain dicts and arrays: ``{"state": {"0": {"step": …}, …}, "param_groups": […]}``.

        Parameters are numbered in order.
        """
        numbers = {p: i for i, p in enumerate(p for group in self.param_groups for p in group["params"])}
        state: dict[str, Any] = {}
        for runs in self._runs:
            for run in runs:
                for p, place, step in zip(run.parameters, run.places, run.steps):
                    if step:
                        rows = {name: row[place].reshape(np.shape(p._data)).copy() for name, row in run.state.items()}
                        state[str(numbers[p])] = {"step": step, **rows}
        groups = [{**group, "params": [numbers[p] for p in group["params"]]} for group in self.param_groups]
        return {"state": dict(sorted(state.items(), key=lambda item: int(item[0]))), "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave.

        Raises
        ------
        ValueError
            If it belongs to other groups or shapes of parameters, or to another method.
        """
        groups = state_dict["param_groups"]
        sizes = [len(group["params"]) for group in groups]
        if sizes != [len(group["params"]) for group in self.param_groups]:
            raise ValueError(f"the state belongs to groups of {sizes} parameters; this optimiser has other groups")
        for own, group in zip(self.param_groups, groups):
            if set(group) != set(own):
                odd = sorted(set(group) ^ set(own))[0]
                raise ValueError(
                    f"the state is not one of {type(self).__name__}: only one of them has the setting {odd!r}"
                )
        numbers = {p: str(i) for i, p in enumerate(p for group in self.param_groups for p in group["params"])}
        saved = {str(key): value for key, value in state_dict["state"].items()}
        loaded = []
        for own, group, runs in zip(self.param_groups, groups, self._runs):
            options = {**group, "params": own["params"]}
            options = {k: tuple(v) if isinstance(own[k], tuple) else v for k, v in options.items()}
            for run in runs:
                rows = {name: np.full(run.size, start, run.dtype) for name, start in self._state(options).items()}
                steps = [0] * len(run.parameters)
                for i, (p, place) in enumerate(zip(run.parameters, run.places)):
                    mine = saved.get(numbers[p])
                    if mine is None:
                        continue
                    steps[i] = int(mine["step"])
                    for name, row in rows.items():
                        if name not in mine or np.shape(mine[name]) != np.shape(p._data):
                            found = f"has shape {np.shape(mine[name])}" if name in mine else "is missing"
                            raise ValueError(
                                f"the state's {name!r} of parameter {numbers[p]} {found}, "
                                f"expected shape {np.shape(p._data)}"
                            )
                        row[place] = np.ravel(mine[name])
                loaded.append((run, rows if any(steps) else {}, steps))
            own.update(options)
        for run, rows, steps in loaded:
            run.state, run.steps = rows, steps

    def __repr__(self) -> str:
        settings = ", ".join(f"{k}={v!r}" for k, v in self.param_groups[0].items() if k != "params")
        return f"{type(self).__name__}({sum(len(g['params']) for g in self.param_groups)} parameters, {settings})"
