"""The same network in both layers: an MLP of Values as a Sequential of Tensors, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.nn import activations
from autograd.nn.layers import Linear, Sequential
from autograd.nn.module import Module
from autograd.nn.scalar import MLP
from autograd.rules.table import RULES
from autograd.tensor import Tensor

_MODULES: dict[str, Any] = {
    "relu": activations.ReLU,
    "leaky_relu": activations.LeakyReLU,
    "elu": activations.ELU,
    "selu": activations.SELU,
    "gelu": activations.GELU,
    "silu": activations.SiLU,
    "sigmoid": activations.Sigmoid,
    "tanh": activations.Tanh,
    "softplus": activations.Softplus,
    "softsign": activations.Softsign,
    "softmax": activations.Softmax,
}
"""The activation of a layer of neurons, by the name in the table → the module that computes it."""


class _Function(Module):
    """An activation that has no module of its own: a function of the table, or any callable."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.function(x)

    def extra_repr(self) -> str:
        return getattr(self.function, "__name__", repr(self.function))


def to_tensor(model: MLP, dtype: Any = float) -> Sequential:
    """An MLP of Values as a Sequential of Linear layers and activations, with the same weights.

    Parameters
    ----------
    model : MLP
    dtype : NumPy dtype

    Returns
    -------
    Sequential
        Takes (batch, nin) and gives (batch, nout).

    Examples
    --------
    >>> mlp = MLP(2, [3, 1], rng=0)
    >>> model = to_tensor(mlp)
    >>> bool(abs(model(np.array([[0.5, -1.0]])).item() - mlp([0.5, -1.0]).data) < 1e-12)
    True
    """
    modules: list[Any] = []
    for layer in model.layers:
        neurons = layer.neurons
        linear = Linear(len(neurons[0].w), len(neurons), dtype=dtype)
        linear.weight = Tensor(np.array([[w.data for w in n.w] for n in neurons], dtype))
        linear.bias = Tensor(np.array([n.b.data for n in neurons], dtype))
        modules.append(linear)
        activation = layer.activation
        if callable(activation):
            modules.append(_Function(activation))
        elif activation is not None:
            module = _MODULES.get(activation)
            modules.append(module() if module else _Function(RULES[activation]))
    return Sequential(*modules)


def to_values(model: Sequential) -> MLP:
    """A Sequential of Linear layers and activations as an MLP of Values, with the same weights.

    Raises
    ------
    TypeError
        If a module has no counterpart of neurons.

    Examples
    --------
    >>> mlp = to_values(Sequential(Linear(2, 3, rng=0), activations.Tanh(), Linear(3, 1, rng=1)))
    >>> mlp
    MLP of [Layer of [TanhNeuron(2), TanhNeuron(2), TanhNeuron(2)], Layer of [LinearNeuron(3)]]
    """
    names = {module: name for name, module in _MODULES.items()}
    linears: list[Linear] = []
    functions: list[Any] = []
    for module in model:
        if isinstance(module, Linear):
            linears.append(module)
            functions.append(None)
        elif linears and functions[-1] is None and (type(module) in names or isinstance(module, _Function)):
            functions[-1] = _activation(names, module)
        else:
            raise TypeError(f"to_values: {module!r} has no counterpart of neurons; it takes Linear layers, each "
                            "followed by at most one activation")  # fmt: skip
    if not linears:
        raise TypeError("to_values needs at least one Linear layer")
    mlp = MLP(linears[0].in_features, [layer.out_features for layer in linears], functions)
    for layer, linear in zip(mlp.layers, linears):
        bias = np.zeros(linear.out_features) if linear.bias is None else linear.bias.data
        for neuron, row, b in zip(layer.neurons, linear.weight.data.tolist(), bias.tolist()):
            neuron.b.data = b
            for w, number in zip(neuron.w, row):
                w.data = number
    return mlp


def _activation(names: dict[Any, str], module: Any) -> Any:
    """What neurons call an activation: its name in the table, or a function if its settings are not the usual ones."""
    if isinstance(module, _Function):
        return module.function
    if isinstance(module, activations.Softmax):
        if module.dim not in (-1, 1):
            raise TypeError(f"to_values: a layer of neurons has its softmax over all outputs (dim=-1), not {module!r}")
        return "softmax"
    return names[type(module)] if vars(module) == vars(type(module)()) else module
