"""What people used to PyTorch write, and what it is called here: the errors name it.

What Tensors alone lack stands in `autograd.tensor.habits`.
"""

from __future__ import annotations

from typing import Any, Mapping

from autograd.numpy_protocol import no_mask

OF_VALUES = {
    "detach": "autograd.stop_gradient(v), or v.data: the number",
    "numpy": "v.data, the number itself",
    "cpu": "v.data, the number itself",
    "view": "nothing: a Value is one number; a Tensor has reshape(shape)",
    "reshape": "nothing: a Value is one number; a Tensor has reshape(shape)",
    "clone": "v + 0, or Value(v.data) for a fresh leaf",
    "softmax": "autograd.softmax(values), of many at once",
    "requires_grad": "nothing: every Value is recorded; autograd.no_grad() stops that, and stop_gradient(v) for one",
    "requires_grad_": "nothing: every Value is recorded; autograd.no_grad() stops that, and stop_gradient(v) for one",
    "retain_grad": "nothing: every Value keeps the gradient of the last backward()",
    "grad_fn": "v.rule, the rule that made it",
    "zero_": "v.data = 0.0, or v.zero_grad() for gradients",
    "double": "nothing: a Value holds a float of double precision",
    "float": "nothing: a Value holds a float of double precision; a Tensor has astype(np.float32)",
    "to": "nothing: a Value holds a Python float; a Tensor has astype(dtype)",
    "cuda": "nothing: a Value holds a Python float; a Tensor may hold an array of CuPy's",
}
"""Of Values: what PyTorch has, and what there is instead."""

_SETTINGS = {"dim": "axis", "keepdim": "keepdims"}


class Elsewhere:
    """Stands where PyTorch has an attribute that there is not here: the error names ours."""

    __slots__ = ("name", "ours")

    def __init__(self, ours: str) -> None:
        self.ours = ours

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, node: Any, kind: Any = None) -> Any:
        raise AttributeError(
            f"a {(kind or type(node)).__name__} has no attribute {self.name!r}; what PyTorch calls so is here "
            f"{self.ours}",
            name=self.name,
            obj=node,
        )

    def __set__(self, node: Any, value: Any) -> None:
        self.__get__(node)


def hint(kind: type, hints: Mapping[str, str]) -> None:
    """Let a class answer by hints whose own source has no room for them.

    (With a `__getattr__` instead, every attribute would be read more slowly.)
    """
    for name, ours in hints.items():
        place = Elsewhere(ours)
        place.__set_name__(kind, name)
        setattr(kind, name, place)
    setattr(kind, "__dir__", there)  # noqa: B010  (mypy refuses the plain assignment)


def there(node: Any) -> list[str]:
    """The names of a node's attributes, without those that are there to raise: whoever lists a node asks for each."""
    everything = [(name, x) for base in type(node).__mro__ for name, x in vars(base).items()]
    return sorted(
        {*object.__dir__(node)} - {name for name, x in everything if isinstance(x, Elsewhere) or x is no_mask}
    )


def refuse_settings(name: str, settings: Any) -> None:
    """Refuse PyTorch's names of settings, by ours.

    Raises
    ------
    TypeError
        If one is among `settings`.
    """
    for given, ours in _SETTINGS.items():
        if given in settings:
            raise TypeError(f"{name}() has no {given}=; as in NumPy it is {ours}=")


def refuse_all_settings(name: str, settings: Any) -> None:
    """As :func:`refuse_settings`, for a function that has none beside those that its signature names.

    Raises
    ------
    TypeError
        Always.
    """
    refuse_settings(name, settings)
    raise TypeError(f"{name}() got an unexpected keyword argument {next(iter(settings))!r}")
