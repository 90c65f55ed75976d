"""Functions in, derivatives out: grad, vjp, jvp, jacobian, hessian and their kin.

Each records the function once, on fresh variables, and walks that graph backward or forward. Where the
result still depends on other variables (those of an enclosing derivative, or Tensors and Values that
the function uses from outside), it is itself recorded, so that derivatives nest freely and no gradient
goes missing; else it is plain numbers and arrays.

While the function runs, nothing that depends on its variables becomes a plain number by itself: ``float(x)``,
``math.sin(x)`` and ``a[0] = x`` raise (see :mod:`autograd.leaving`).
"""

from autograd.transforms.checkpointing import checkpoint
from autograd.transforms.gradients import elementwise_grad, grad, stop_gradient, value_and_grad
from autograd.transforms.jacobians import hessian, jacobian
from autograd.transforms.products import hvp, jvp, vjp

__all__ = [
    "checkpoint",
    "elementwise_grad",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "stop_gradient",
    "value_and_grad",
    "vjp",
]
