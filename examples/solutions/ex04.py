"""Solutions of the exercises of chapter 4."""

import numpy as np


def one_layer(a, b, c, d):
    return a * c, c * b + d


def sigmoid_vjp(g, x):
    y = 1 / (1 + np.exp(-x))
    return g * y * (1 - y)


def softmax_vjp(g, x):
    y = np.exp(x - x.max())
    y /= y.sum()
    return y * (g - np.sum(g * y))
