"""Recurrent layers: RNN, LSTM and GRU, with PyTorch's names, shapes and order of gates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.nn import functional as F
from autograd.nn.module import Module
from autograd.tensor import Tensor
from autograd.types import Array


class _Recurrent(Module):
    """Layers of cells that are fed with a sequence step by step.

    Parameters
    ----------
    input_size, hidden_size : int
    num_layers : int
        Layers on top of each other.
    bias : bool
    batch_first : bool
        Sequences are (batch, length, features) instead of (length, batch, features).
    dropout : float
        Between layers, while training.
    bidirectional : bool
        A second set of cells reads each sequence backwards; the outputs of both are joined.
    rng : numpy Generator or int, optional
        Where the weights (uniform on ±1/√hidden_size, as in PyTorch) and dropout come from.
    dtype : NumPy dtype

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, … : Tensor
        Of each layer (``_l1`` …, backward ones ``_l0_reverse`` …), as in PyTorch.
    """

    gates: int

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        rng: np.random.Generator | int | None = None,
        dtype: DTypeLike = float,
    ) -> None:
        for name, value in (("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", num_layers)):
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, not {value!r}")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.batch_first, self.dropout, self.bidirectional = batch_first, dropout, bidirectional
        self.rng = np.random.default_rng(rng)
        bound = 1 / math.sqrt(hidden_size)
        rows = self.gates * hidden_size
        self._suffixes = [f"_l{i}{way}" for i in range(num_layers) for way in ("", "_reverse")[: 1 + bidirectional]]
        for suffix in self._suffixes:
            first = suffix in ("_l0", "_l0_reverse")
            width = input_size if first else hidden_size * (1 + bidirectional)
            shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, width), "weight_hh": (rows, hidden_size)}
            if bias:
                shapes.update(bias_ih=(rows,), bias_hh=(rows,))
            for name, shape in shapes.items():
                setattr(self, name + suffix, Tensor(self.rng.uniform(-bound, bound, shape).astype(dtype)))

    def _cell(self, fed: Array, state: tuple[Any, ...], weight: Array, bias: Any) -> tuple[Any, ...]:
        """The next state, whose first part is the output; `fed` is what the input contributes."""
        raise NotImplementedError

    states = 1

    def forward(self, x: Array, state: Any = None) -> tuple[Any, Any]:
        """Run over a sequence.

        Parameters
        ----------
        x : Tensor or ndarray, shape (length, batch, input_size), or without batch
            With `batch_first` (batch, length, input_size).
        state : optional
            The first state, (layers·directions, batch, hidden_size) or without batch; a pair (h, c) of them
            for LSTM. Zeros unless given.

        Returns
        -------
        output : Tensor, shape (length, batch, directions·hidden_size)
            What the last layer gives at each step.
        state
            The last state, in the form of the first.
        """
        single = len(x.shape) == 2
        if len(x.shape) not in (2, 3) or x.shape[-1] != self.input_size:
            raise ValueError(
                f"{type(self).__name__} takes (length, batch, {self.input_size}) or (length, {self.input_size}), "
                f"with batch_first (batch, length, {self.input_size}); got shape {x.shape}"
            )
        if single:
            x = x[:, None]
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        starts = self._starts(x, state, single)
        ends: list[tuple[Any, ...]] = []
        ways = 1 + self.bidirectional
        for layer in range(self.num_layers):
            outputs = []
            for way in range(ways):
                at = layer * ways + way
                made, end = self._run(x[::-1] if way else x, starts[at], self._suffixes[at])
                outputs.append(np.stack(made[::-1] if way else made))
                ends.append(end)
            x = outputs[0] if ways == 1 else np.concatenate(outputs, axis=-1)
            if self.dropout and layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training, rng=self.rng)
        last = [np.stack([end[k] for end in ends]) for k in range(self.states)]
        if single:
            x, last = x[:, 0], [part[:, 0] for part in last]
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        return x, tuple(last) if self.states > 1 else last[0]

    def _starts(self, x: Array, state: Any, single: bool) -> list[tuple[Any, ...]]:
        """The first state of each layer and direction."""
        shape = (len(self._suffixes), x.shape[1], self.hidden_size)
        if state is None:
            weight = getattr(self, f"weight_hh{self._suffixes[0]}")
            parts: Any = [np.zeros(shape, weight.dtype)] * self.states
        else:
            parts = state if self.states > 1 else (state,)
            if len(parts) != self.states:
                raise ValueError(f"{type(self).__name__} takes a state of {self.states} parts, got {len(parts)}")
            parts = [part[:, None] if single else part for part in parts]
            for part in parts:
                if part.shape != shape:
                    raise ValueError(f"{type(self).__name__}: the state has shape {part.shape}, expected {shape}")
        return [tuple(part[i] for part in parts) for i in range(shape[0])]

    def _run(self, x: Array, state: tuple[Any, ...], suffix: str) -> tuple[list[Any], tuple[Any, ...]]:
        """One layer in one direction: what the input contributes to all steps is one product."""
        weight = getattr(self, f"weight_hh{suffix}")
        bias = getattr(self, f"bias_hh{suffix}", None)
        fed = F.linear(x, getattr(self, f"weight_ih{suffix}"), getattr(self, f"bias_ih{suffix}", None))
        outputs = []
        for step in range(len(x)):
            state = self._cell(fed[step], state, weight, bias)
            outputs.append(state[0])
        return outputs, state

    def extra_repr(self) -> str:
        settings = [f"{self.input_size}, {self.hidden_size}"]
        usual: dict[str, Any] = {"num_layers": 1, "batch_first": False, "dropout": 0.0, "bidirectional": False}
        return ", ".join(settings + [f"{k}={getattr(self, k)}" for k, v in usual.items() if getattr(self, k) != v])


class RNN(_Recurrent):
    """h ← tanh(x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh), or with relu. Elman 1990.

    Parameters and results as for :class:`LSTM`; ``nonlinearity="relu"`` instead of ``"tanh"``.

    Parameters
    ----------
    input_size : int
        Numbers per step of the input.
    hidden_size : int
        Numbers of the state.
    num_layers : int
        Layers one above the other.
    nonlinearity : {"tanh", "relu"}
        The function of each step.
    **options : options
        bias, batch_first, dropout, bidirectional, rng and dtype, as for :class:`LSTM`.

    Raises
    ------
    ValueError
        If `nonlinearity` is neither of these, or a size no whole number of at least 1.

    Examples
    --------
    >>> output, h = RNN(3, 4, rng=0)(np.ones((5, 2, 3)))
    >>> output.shape, h.shape
    ((5, 2, 4), (1, 2, 4))
    """

    gates = 1

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = "tanh", **options: Any
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"RNN: nonlinearity must be 'tanh' or 'relu', not {nonlinearity!r}")
        super().__init__(input_size, hidden_size, num_layers, **options)
        self.nonlinearity = nonlinearity

    def _cell(self, fed: Array, state: tuple[Any, ...], weight: Array, bias: Any) -> tuple[Any, ...]:
        activate = F.tanh if self.nonlinearity == "tanh" else F.relu
        return (activate(fed + F.linear(state[0], weight, bias)),)


class LSTM(_Recurrent):
    """Long short-term memory. Hochreiter and Schmidhuber 1997.

    With i, f, g, o the four parts of x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh:
    c ← σ(f)·c + σ(i)·tanh(g), h ← σ(o)·tanh(c).

    Parameters
    ----------
    input_size : int
        Numbers per step of the input.
    hidden_size : int
        Numbers of the state.
    num_layers : int
        Layers one above the other.
    bias : bool
        Whether a bias is added.
    batch_first : bool
        Sequences are (batch, length, features) instead of (length, batch, features).
    dropout : float
        Probability of setting a number to 0 between layers, while training.
    bidirectional : bool
        A second network reads each sequence from its end.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.
    dtype : NumPy dtype
        Of the parameters.

    Raises
    ------
    ValueError
        If a size is no whole number of at least 1.

    Examples
    --------
    >>> output, (h, c) = LSTM(3, 4, num_layers=2, rng=0)(np.ones((5, 2, 3)))
    >>> output.shape, h.shape, c.shape
    ((5, 2, 4), (2, 2, 4), (2, 2, 4))
    """

    gates = 4
    states = 2

    def _cell(self, fed: Array, state: tuple[Any, ...], weight: Array, bias: Any) -> tuple[Any, ...]:
        h, c = state
        n = self.hidden_size
        z = fed + F.linear(h, weight, bias)
        forget, enter = F.sigmoid(z[:, n : 2 * n]), F.sigmoid(z[:, :n])
        c = forget * c + enter * F.tanh(z[:, 2 * n : 3 * n])
        return F.sigmoid(z[:, 3 * n :]) * F.tanh(c), c


class GRU(_Recurrent):
    """Gated recurrent unit. Cho et al. 2014, in PyTorch's form.

    With r, z, n the three parts of x·W_ihᵀ + b_ih and r', z', n' those of h·W_hhᵀ + b_hh:
    h ← (1 − u)·tanh(n + σ(r + r')·n') + u·h, where u = σ(z + z').

    Parameters and results as for :class:`LSTM`, with one state.

    Parameters
    ----------
    input_size : int
        Numbers per step of the input.
    hidden_size : int
        Numbers of the state.
    num_layers : int
        Layers one above the other.
    bias : bool
        Whether a bias is added.
    batch_first : bool
        Sequences are (batch, length, features) instead of (length, batch, features).
    dropout : float
        Probability of setting a number to 0 between layers, while training.
    bidirectional : bool
        A second network reads each sequence from its end.
    rng : numpy Generator or int, optional
        Where chance comes from; a number is a seed. A fresh generator unless given.
    dtype : NumPy dtype
        Of the parameters.

    Raises
    ------
    ValueError
        If a size is no whole number of at least 1.

    Examples
    --------
    >>> output, h = GRU(3, 4, bidirectional=True, rng=0)(np.ones((5, 2, 3)))
    >>> output.shape, h.shape
    ((5, 2, 8), (2, 2, 4))
    """

    gates = 3

    def _cell(self, fed: Array, state: tuple[Any, ...], weight: Array, bias: Any) -> tuple[Any, ...]:
        (h,) = state
        n = self.hidden_size
        kept = F.linear(h, weight, bias)
        both = F.sigmoid(fed[:, : 2 * n] + kept[:, : 2 * n])
        reset, update = both[:, :n], both[:, n:]
        new = F.tanh(fed[:, 2 * n :] + reset * kept[:, 2 * n :])
        return (new + update * (h - new),)
