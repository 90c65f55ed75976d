"""Optimisers over Tensors and Values, learning-rate schedules, gradient clipping."""

from autograd.optim.adagrad import Adadelta, Adagrad, RMSprop
from autograd.optim.adam import Adam, AdamW, NAdam
from autograd.optim.base import Optimizer
from autograd.optim.clip import clip_grad_norm_, clip_grad_value_
from autograd.optim.lbfgs import LBFGS
from autograd.optim.plateau import ReduceLROnPlateau
from autograd.optim.schedules import (
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    Schedule,
    SequentialLR,
    StepLR,
)
from autograd.optim.sgd import SGD

__all__ = [
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "ExponentialLR",
    "LBFGS",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "NAdam",
    "OneCycleLR",
    "Optimizer",
    "RMSprop",
    "ReduceLROnPlateau",
    "SGD",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "clip_grad_norm_",
    "clip_grad_value_",
]
