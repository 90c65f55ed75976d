"""What people used to PyTorch write of a Tensor, and what it is called here: the errors name it."""

from __future__ import annotations

from typing import Any

from autograd.habits import Elsewhere

_RECORDED = "nothing: every Tensor is recorded; autograd.no_grad() stops that, and stop_gradient(t) for one"
_OF_TENSORS = {
    "requires_grad": "every Tensor is recorded; autograd.no_grad() stops that, and stop_gradient(t) for one",
    "dtype": "give it to the array: Tensor(np.asarray(data, dtype))",
    "device": "an array of CuPy's stays on its device inside a Tensor",
}


class Habits:
    """Names that Tensors have not. (With a `__getattr__` instead, every attribute would be read more slowly.)"""

    __slots__ = ()

    detach = Elsewhere("autograd.stop_gradient(t)")
    numpy = Elsewhere("t.data, the array itself")
    cpu = Elsewhere("t.data, the array itself")
    view = Elsewhere("t.reshape(shape)")
    permute = Elsewhere("t.transpose(axes)")
    unsqueeze = Elsewhere("np.expand_dims(t, axis)")
    mm = Elsewhere("t @ other")
    bmm = Elsewhere("t @ other")
    matmul = Elsewhere("t @ other")
    norm = Elsewhere("np.linalg.norm(t)")
    expand = Elsewhere("np.broadcast_to(t, shape)")
    float = Elsewhere("t.astype(np.float32)")
    double = Elsewhere("t.astype(np.float64)")
    clone = Elsewhere("t + 0, or t.data.copy() for the numbers")
    t = Elsewhere("t.T")
    dim = Elsewhere("t.ndim")
    softmax = Elsewhere("autograd.softmax(t, axis)")
    contiguous = Elsewhere("nothing: leave it out")
    to = Elsewhere("t.astype(dtype); arrays of another device stay there inside a Tensor")
    cuda = Elsewhere("Tensor(cupy.asarray(array)), an array of CuPy's inside a Tensor")
    requires_grad = Elsewhere(_RECORDED)
    requires_grad_ = Elsewhere(_RECORDED)
    retain_grad = Elsewhere("backward(retain_grads=True)")
    grad_fn = Elsewhere("t.rule, the rule that made it")
    zero_ = Elsewhere("np.zeros_like(t.data), or t.grad = None for gradients")


def refuse_settings_of_tensors(settings: Any) -> None:
    """Refuse what `Tensor` was told beside data and a label, and say what is done instead.

    Raises
    ------
    TypeError
        Always.
    """
    name = next(iter(settings))
    raise TypeError(f"Tensor() has no {name}=" + (f"; {_OF_TENSORS[name]}" if name in _OF_TENSORS else ""))
