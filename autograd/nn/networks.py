"""Whole networks: an MLP of Values, a Sequential of modules, and each as the other.

They stand together since each can turn itself into the other.
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import DTypeLike

from autograd.nn import activations
from autograd.nn.linear import Linear
from autograd.nn.module import Module
from autograd.nn.scalar import Activation, Layer, generator
from autograd.rules.table import RULES
from autograd.tensor import Tensor
from autograd.types import Array
from autograd.value import Value


class MLP(Module):
    """A multi-layer perceptron: layers one after another. Rumelhart, Hinton and Williams 1986.

    Parameters
    ----------
    nin : int
        Number of inputs.
    nouts : sequence of int
        Number of neurons of each layer.
    activation : str, callable or None, or a sequence of them
        One for all layers but the last, which stays linear as in micrograd; or a sequence with one for
        each layer.
    rng
        As for :class:`Neuron`.

    Raises
    ------
    ValueError
        If a sequence of activations has not as many entries as there are layers.

    Examples
    --------
    >>> model = MLP(2, [16, 16, 1], rng=1)
    >>> len(model.parameters())
    337
    >>> model([0.5, -1.0]).backward()
    >>> MLP(2, [2, 1], activation=["tanh", "sigmoid"])
    MLP of [Layer of [TanhNeuron(2), TanhNeuron(2)], Layer of [SigmoidNeuron(2)]]
    """

    def __init__(
        self,
        nin: int,
        nouts: Iterable[int],
        activation: Activation | Sequence[Activation] = "relu",
        *,
        rng: Any = None,
    ) -> None:
        sizes = [nin, *nouts]
        count = len(sizes) - 1
        if not count:
            raise ValueError("nouts is empty; give the number of neurons of each layer, e.g. [16, 16, 1]")
        if isinstance(activation, (list, tuple)):
            activations = list(activation)
            if len(activations) != count:
                raise ValueError(
                    f"activation has {len(activations)} entries for {count} layers; give one for each layer, "
                    "or a single one for all but the last"
                )
        else:
            activations = [activation] * (count - 1) + [None]
        rng = generator(rng)
        self.layers = [Layer(sizes[i], sizes[i + 1], activations[i], rng=rng) for i in range(count)]
        for i, layer in enumerate(self.layers, 1):
            layer._scope.name = f"layer {i}"

    def __call__(self, x: Array) -> Any:
        """The outputs of the last layer: a list of Values, or one Value if it is a single neuron."""
        for layer in self.layers[:-1]:
            x = layer(x)
            if type(x) is Value:
                x = (x,)
        return self.layers[-1](x)

    def parameters(self) -> list[Value]:
        return [p for layer in self.layers for p in layer.parameters()]

    def to_tensor(self, dtype: DTypeLike = float) -> Any:
        """The same network of Tensors, a Sequential that takes (batch, nin): :func:`autograd.nn.to_tensor`."""
        return to_tensor(self, dtype)

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"


class Sequential(Module):
    """Modules one after another.

    Parameters
    ----------
    *modules : Module, or any callable
        Functions such as ``np.tanh`` serve as well.

    Raises
    ------
    TypeError
        If something is no function.

    Examples
    --------
    >>> from autograd import nn
    >>> model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.ReLU(), nn.Linear(3, 1, rng=1))
    >>> model(np.ones((5, 2))).shape
    (5, 1)
    >>> len(model.parameters()), model[1]
    (4, ReLU())
    """

    def __init__(self, *modules: Any) -> None:
        for module in modules:
            if not callable(module):
                raise TypeError(f"Sequential takes modules and functions, not {type(module).__name__}")
        self._modules = list(modules)

    def forward(self, x: Array) -> Any:
        for module in self._modules:
            x = module(x)
        return x

    def _parts(self) -> Iterator[tuple[str, Any]]:
        return ((str(i), module) for i, module in enumerate(self._modules))

    def append(self, module: Any) -> Sequential:
        """Add a module at the end; returns the Sequential."""
        self._modules.append(module)
        return self

    def to_values(self) -> Any:
        """The same network of Values, an MLP of neurons: :func:`autograd.nn.to_values`."""
        return to_values(self)

    def __getitem__(self, index: Any) -> Any:
        return Sequential(*self._modules[index]) if isinstance(index, slice) else self._modules[index]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules)


# --- each as the other ---------------------------------------------------------------------------------

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

    def forward(self, x: Array) -> Any:
        return self.function(x)

    def extra_repr(self) -> str:
        return getattr(self.function, "__name__", repr(self.function))


def to_tensor(model: MLP, dtype: DTypeLike = float) -> Sequential:
    """An MLP of Values as a Sequential of Linear layers and activations, with the same weights.

    Parameters
    ----------
    model : MLP
        Its Values are read, and stay as they are.
    dtype : NumPy dtype
        Of the parameters.

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

    Parameters
    ----------
    model : Sequential
        Of Linear layers and activations.

    Returns
    -------
    MLP

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
            raise TypeError(
                f"to_values: {module!r} has no counterpart of neurons; it takes Linear layers, each "
                "followed by at most one activation"
            )
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
