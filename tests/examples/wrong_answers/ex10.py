"""A typical wrong answer to each exercise of chapter 10."""

import numpy as np

at_most = 5 * 0.25


def relu_vjp(g, x):
    return np.maximum(0, g)


def leaky_vjp(g, x):
    return np.where(x > 0, 1.0, 0.1)
