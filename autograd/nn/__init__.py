"""Neurons and networks: of Values (small enough to draw), and of Tensors (at NumPy's speed)."""

from typing import TYPE_CHECKING, Any

from autograd.nn import functional, init
from autograd.nn.activations import (
    ELU,
    GELU,
    SELU,
    Hardtanh,
    Identity,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)
from autograd.nn.attention import MultiHeadAttention
from autograd.nn.convolution import Conv1d, Conv2d, ConvTranspose2d
from autograd.nn.dropout import Dropout
from autograd.nn.embedding import Embedding
from autograd.nn.flatten import Flatten
from autograd.nn.linear import Linear
from autograd.nn.losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HingeLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from autograd.nn.module import Module
from autograd.nn.networks import MLP, Sequential, to_tensor, to_values
from autograd.nn.normalisation import BatchNorm1d, BatchNorm2d, LayerNorm
from autograd.nn.pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from autograd.nn.recurrent import GRU, LSTM, RNN
from autograd.nn.scalar import Layer, Neuron

if not TYPE_CHECKING:  # mypy would take every name for an attribute

    def __getattr__(name: str) -> Any:
        instead = ": a Tensor that is an attribute of a Module is a parameter" if name == "Parameter" else ""
        raise AttributeError(f"module 'autograd.nn' has no attribute {name!r}{instead}")


__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "AvgPool1d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "CrossEntropyLoss",
    "Dropout",
    "ELU",
    "Embedding",
    "Flatten",
    "GELU",
    "GRU",
    "Hardtanh",
    "HingeLoss",
    "HuberLoss",
    "Identity",
    "KLDivLoss",
    "L1Loss",
    "LSTM",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "MLP",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Module",
    "MultiHeadAttention",
    "NLLLoss",
    "Neuron",
    "RNN",
    "ReLU",
    "ReLU6",
    "SELU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Softsign",
    "Tanh",
    "functional",
    "init",
    "to_tensor",
    "to_values",
]
