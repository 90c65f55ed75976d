"""Initialisers: new weights for a parameter, in place. Each returns the parameter.

Names are PyTorch's. `rng` is a numpy Generator or a seed; without one, fresh chance. A parameter is a Tensor
(or an array) of shape (out, in) or (out, in, *kernel): each output is fed by in·kernel numbers (fan in), each
input feeds out·kernel (fan out).
"""

from autograd.nn.init.fill import constant_, eye_, normal_, ones_, uniform_, zeros_
from autograd.nn.init.gains import calculate_gain, fans
from autograd.nn.init.scaled import (
    he_normal_,
    he_uniform_,
    kaiming_normal_,
    kaiming_uniform_,
    lecun_normal_,
    lecun_uniform_,
    orthogonal_,
    xavier_normal_,
    xavier_uniform_,
)

__all__ = [
    "calculate_gain",
    "constant_",
    "eye_",
    "fans",
    "he_normal_",
    "he_uniform_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "lecun_normal_",
    "lecun_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
