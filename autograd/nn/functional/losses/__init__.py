"""Losses: how far an output is from its target, as one number (or one per element)."""

from autograd.nn.functional.losses.many_classes import cross_entropy, kl_div, nll_loss
from autograd.nn.functional.losses.regression import huber_loss, l1_loss, mse_loss, smooth_l1_loss
from autograd.nn.functional.losses.two_classes import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge_loss,
)

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "hinge_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "mse_loss",
    "nll_loss",
    "smooth_l1_loss",
]
