"""Neurons and layers of single Values: small enough to draw, and micrograd's interface.

A neuron is one `dot` node and one activation, so its picture fits a screen whatever its number of inputs.
"""

from __future__ import annotations

import random
from typing import Any, Callable, Sequence, Union

from autograd.annotations import Scope, place, subscript
from autograd.many import dot, softmax
from autograd.nn.module import Module
from autograd.rules.rule import Elementwise
from autograd.rules.table import RULES
from autograd.value import Value

Activation = Union[str, bool, None, Callable[[Value], Value]]
"""The name of a function of the table, a callable from Value to Value, or ``None`` for a linear neuron."""


class Neuron(Module):
    """One neuron: activation(w₁x₁ + … + wₙxₙ + b).

    Parameters
    ----------
    nin : int
        Number of inputs.
    activation : str, callable or None
        A function of one number from the table by its name (``"relu"``, ``"tanh"``, ``"sigmoid"``,
        ``"step"`` …), a callable from Value to Value, or ``None`` for a linear neuron.
    nonlin : bool
        micrograd's switch: ``False`` for a linear neuron.
    rng : random.Random, numpy Generator or int, optional
        Where the weights come from, uniform in [−1, 1); a number is a seed. By default Python's global
        generator, which ``random.seed`` sets. The bias starts at 0.

    Attributes
    ----------
    w : list of Value
    b : Value

    Raises
    ------
    ValueError
        If there is no such activation, or `nin` is no number of inputs.

    Examples
    --------
    >>> n = Neuron(2, "tanh", rng=0)
    >>> for p, number in zip(n.parameters(), (1.0, -2.0, 0.5)):
    ...     p.data = number
    >>> y = n([0.5, 0.25])
    >>> round(y.data, 6), n
    (0.462117, TanhNeuron(2))
    """

    def __init__(self, nin: int, activation: Activation = "relu", *, nonlin: bool = True, rng: Any = None) -> None:
        _check_size("nin", nin)
        uniform = generator(rng).uniform
        self.w = [Value(uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self._scope = Scope("neuron")
        self._name_parameters()
        self._kind, self._activate = _function(activation if nonlin else None)

    def _name_parameters(self) -> None:
        place(self._scope, {**{f"w{subscript(i)}": w for i, w in enumerate(self.w, 1)}, "b": self.b})

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A copy has parameters of its own, which are called as the first ones are.
        self.__dict__.update(state)
        self._name_parameters()

    def __call__(self, x: Sequence[Any]) -> Value:
        """The output for the inputs `x` (Values or numbers)."""
        if len(x) != len(self.w):
            raise ValueError(f"this neuron takes {len(self.w)} inputs, got {len(x)}")
        z = dot(self.w, x, self.b)
        if type(z) is not Value:
            raise TypeError("x holds Tensors, but a Neuron takes Values and numbers; MLP(…).to_tensor() takes Tensors")
        activate = self._activate
        if activate is None:
            return z
        return getattr(Value, activate)(z) if isinstance(activate, str) else activate(z)

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]

    @property
    def activation(self) -> str:
        """What the activation is called: ``Tanh``, ``ReLU``, ``Linear``."""
        return self._kind

    def __repr__(self) -> str:
        return f"{self._kind}Neuron({len(self.w)})"


class Layer(Module):
    """Neurons side by side, all fed with the same inputs.

    Parameters
    ----------
    nin, nout : int
        Numbers of inputs and of neurons.
    activation : str, callable or None
        As for :class:`Neuron`; or ``"softmax"``, over the outputs of all neurons together.
    nonlin, rng
        As for :class:`Neuron`.

    Examples
    --------
    >>> layer = Layer(3, 2, "softmax", rng=0)
    >>> layer
    Layer of [LinearNeuron(3), LinearNeuron(3)]
    >>> p, q = layer([1.0, 2.0, 3.0])
    >>> round(p.data + q.data, 12)
    1.0
    """

    def __init__(
        self, nin: int, nout: int, activation: Activation = "relu", *, nonlin: bool = True, rng: Any = None
    ) -> None:
        _check_size("nout", nout)
        rng = generator(rng)
        self._softmax = activation == "softmax" and nonlin
        self.activation = _name(activation if nonlin else None)
        self.neurons = [Neuron(nin, None if self._softmax else activation, nonlin=nonlin, rng=rng) for _ in range(nout)]
        self._scope = Scope("layer")
        for i, neuron in enumerate(self.neurons, 1):
            neuron._scope.name, neuron._scope.parent = f"neuron {i}", self._scope

    def __call__(self, x: Sequence[Any]) -> Any:
        """The outputs: a list of Values, or the one Value of a layer of one neuron."""
        out = [neuron.__call__(x) for neuron in self.neurons]  # a sixth less time than neuron(x)
        if self._softmax:
            out = softmax(out)
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


def _name(activation: Activation) -> str | Callable[[Value], Value] | None:
    """An activation as its name in the table, a callable, or ``None`` for none."""
    if activation is True:
        return "relu"
    return None if activation is False or activation == "linear" else activation


def _function(activation: Activation) -> tuple[str, str | Callable[[Value], Value] | None]:
    """What a neuron's name says of its activation, and the function, or the method of Value that has this name."""
    activation = _name(activation)
    if activation is None:
        return "Linear", None
    if callable(activation):
        return getattr(activation, "__name__", type(activation).__name__), activation
    rule = RULES.get(activation)
    if not isinstance(rule, Elementwise) or len(rule.partials) - len(rule.defaults) != 1:
        hint = "; it needs a whole Layer" if activation == "softmax" else ""
        raise ValueError(
            f"activation {activation!r} is no function of one number in the table{hint}; "
            "try 'relu', 'tanh', 'sigmoid' or 'linear', or pass a callable"
        )
    name = rule.sign if rule.sign != rule.name else rule.name.title().replace("_", "")
    # By its name: what Value has under it is compiled at the first use, and cannot be pickled.
    return name, rule.name if hasattr(Value, rule.name) else rule


def generator(rng: Any) -> Any:
    """Something with ``uniform(low, high)``: `rng` itself, or one seeded with it."""
    if rng is None:
        return random
    if isinstance(rng, int):
        return random.Random(rng)
    if not hasattr(rng, "uniform"):
        raise TypeError(f"rng must be a random.Random, a numpy Generator or a seed, not {type(rng).__name__}")
    return rng


def _check_size(name: str, size: Any) -> None:
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {size!r}")
