"""The loop around a step: mini-batches, `fit` with a progress bar and a history, early stopping."""

from autograd.training.early_stopping import EarlyStopping
from autograd.training.history import History as History
from autograd.training.loop import evaluate, fit
from autograd.training.metrics import accuracy
from autograd.training.minibatches import batches

__all__ = ["EarlyStopping", "accuracy", "batches", "evaluate", "fit"]
