"""What people used to PyTorch write, and what it is called here: the errors name it.

What Tensors alone lack stands in `autograd.tensor.habits`.
"""

from __future__ import annotations

from inspect import getattr_static
from typing import Any

_NUMBER = "v.data, the number itself"
_SHAPE = "nothing: a Value is one number; a Tensor has reshape(shape)"
_RECORDED = "nothing: every Value is recorded; autograd.no_grad() stops that, and stop_gradient(v) for one"
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


class Habits:
    """Names that Values have not, nor any node. (With a `__getattr__`, every attribute would be read more slowly.)"""

    __slots__ = ()

    detach = Elsewhere("autograd.stop_gradient(v), or v.data: the number")
    numpy = Elsewhere(_NUMBER)
    cpu = Elsewhere(_NUMBER)
    view = Elsewhere(_SHAPE)
    reshape: Any = Elsewhere(_SHAPE)
    clone = Elsewhere("v + 0, or Value(v.data) for a fresh leaf")
    softmax = Elsewhere("autograd.softmax(values), of many at once")
    requires_grad = Elsewhere(_RECORDED)
    requires_grad_ = Elsewhere(_RECORDED)
    retain_grad = Elsewhere("nothing: every Value keeps the gradient of the last backward()")
    grad_fn = Elsewhere("v.rule, the rule that made it")
    zero_ = Elsewhere("v.data = 0.0, or v.zero_grad() for gradients")
    double = Elsewhere("nothing: a Value holds a float of double precision")
    float = Elsewhere("nothing: a Value holds a float of double precision; a Tensor has astype(np.float32)")
    to = Elsewhere("nothing: a Value holds a Python float; a Tensor has astype(dtype)")
    cuda = Elsewhere("nothing: a Value holds a Python float; a Tensor may hold an array of CuPy's")

    def __dir__(self) -> list[str]:
        """Without the names that are there to raise: whoever lists a node asks for each."""
        kind = type(self)
        names = [name for name in super().__dir__() if not isinstance(getattr_static(kind, name, None), Elsewhere)]
        return [name for name in names if name != "_mask"]


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
