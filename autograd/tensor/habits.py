"""What people used to PyTorch write, and what it is called here: the errors name it."""

from __future__ import annotations

from typing import Any

_RECORDED = "nothing: every Tensor is recorded; autograd.no_grad() stops that, and stop_gradient(t) for one"
_SETTINGS = {"dim": "axis", "keepdim": "keepdims"}
_OF_TENSORS = {
    "requires_grad": "every Tensor is recorded; autograd.no_grad() stops that, and stop_gradient(t) for one",
    "dtype": "give it to the array: Tensor(np.asarray(data, dtype))",
    "device": "an array of CuPy's stays on its device inside a Tensor",
}


class _Elsewhere:
    """Stands where PyTorch has an attribute that Tensors have not: the error names ours."""

    __slots__ = ("name", "ours")

    def __init__(self, ours: str) -> None:
        self.ours = ours

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, tensor: Any, kind: Any = None) -> Any:
        raise AttributeError(
            f"a Tensor has no attribute {self.name!r}; what PyTorch calls so is here {self.ours}",
            name=self.name,
            obj=tensor,
        )

    def __set__(self, tensor: Any, value: Any) -> None:
        self.__get__(tensor)


class Habits:
    """Names that Tensors have not. (With a `__getattr__` instead, every attribute would be read more slowly.)"""

    __slots__ = ()

    detach = _Elsewhere("autograd.stop_gradient(t)")
    numpy = _Elsewhere("t.data, the array itself")
    cpu = _Elsewhere("t.data, the array itself")
    view = _Elsewhere("t.reshape(shape)")
    permute = _Elsewhere("t.transpose(axes)")
    unsqueeze = _Elsewhere("np.expand_dims(t, axis)")
    mm = _Elsewhere("t @ other")
    bmm = _Elsewhere("t @ other")
    matmul = _Elsewhere("t @ other")
    norm = _Elsewhere("np.linalg.norm(t)")
    expand = _Elsewhere("np.broadcast_to(t, shape)")
    float = _Elsewhere("t.astype(np.float32)")
    double = _Elsewhere("t.astype(np.float64)")
    clone = _Elsewhere("t + 0, or t.data.copy() for the numbers")
    t = _Elsewhere("t.T")
    dim = _Elsewhere("t.ndim")
    softmax = _Elsewhere("autograd.softmax(t, axis)")
    contiguous = _Elsewhere("nothing: leave it out")
    to = _Elsewhere("t.astype(dtype); arrays of another device stay there inside a Tensor")
    cuda = _Elsewhere("Tensor(cupy.asarray(array)), an array of CuPy's inside a Tensor")
    requires_grad = _Elsewhere(_RECORDED)
    requires_grad_ = _Elsewhere(_RECORDED)
    retain_grad = _Elsewhere("backward(retain_grads=True)")
    grad_fn = _Elsewhere("t.rule, the rule that made it")
    zero_ = _Elsewhere("np.zeros_like(t.data), or t.grad = None for gradients")

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not isinstance(vars(Habits).get(name), _Elsewhere)]


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


def refuse_settings_of_tensors(settings: Any) -> None:
    """Refuse what `Tensor` was told beside data and a label, and say what is done instead.

    Raises
    ------
    TypeError
        Always.
    """
    name = next(iter(settings))
    raise TypeError(f"Tensor() has no {name}=" + (f"; {_OF_TENSORS[name]}" if name in _OF_TENSORS else ""))
