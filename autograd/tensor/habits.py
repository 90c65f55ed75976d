"""What people used to PyTorch write, and what it is called here: the errors name it."""

from __future__ import annotations

from typing import Any

_ATTRIBUTES = {
    "detach": "autograd.stop_gradient(t)",
    "numpy": "t.data, the array itself",
    "cpu": "t.data, the array itself",
    "view": "t.reshape(shape)",
    "permute": "t.transpose(axes)",
    "unsqueeze": "np.expand_dims(t, axis)",
    "mm": "t @ other",
    "bmm": "t @ other",
    "matmul": "t @ other",
    "norm": "np.linalg.norm(t)",
    "expand": "np.broadcast_to(t, shape)",
    "float": "t.astype(np.float32)",
    "double": "t.astype(np.float64)",
    "requires_grad": "nothing: every Tensor is recorded; autograd.no_grad() stops that, and stop_gradient(t) for one",
    "requires_grad_": "nothing: every Tensor is recorded; autograd.no_grad() stops that, and stop_gradient(t) for one",
    "retain_grad": "backward(retain_grads=True)",
    "grad_fn": "t.rule, the rule that made it",
    "zero_": "np.zeros_like(t.data), or t.grad = None for gradients",
}
_SETTINGS = {"dim": "axis", "keepdim": "keepdims"}


class _Elsewhere:
    """Stands where PyTorch has an attribute that Tensors have not: the error names ours."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, tensor: Any, kind: Any = None) -> Any:
        raise AttributeError(
            f"a Tensor has no attribute {self.name!r}; what PyTorch calls so is here {_ATTRIBUTES[self.name]}",
            name=self.name,
            obj=tensor,
        )


class Habits:
    """Names that Tensors have not. (With a `__getattr__` instead, every attribute would be read more slowly.)"""

    __slots__ = ()

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name not in _ATTRIBUTES]


for _name in _ATTRIBUTES:
    setattr(Habits, _name, _Elsewhere(_name))


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
