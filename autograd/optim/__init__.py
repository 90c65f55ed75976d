"""Optimisers over Tensors and Values, learning-rate schedules, gradient clipping."""

from autograd.optim.base import Optimizer
from autograd.optim.clip import clip_grad_norm_, clip_grad_value_
from autograd.optim.methods import SGD, Adadelta, Adagrad, Adam, AdamW, NAdam, RMSprop

__all__ = [
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "NAdam",
    "Optimizer",
    "RMSprop",
    "SGD",
    "clip_grad_norm_",
    "clip_grad_value_",
]
