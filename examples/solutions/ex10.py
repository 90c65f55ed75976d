"""Solutions of the exercises of chapter 10."""

import numpy as np

at_most = 0.25**5


def relu_vjp(g, x):
    return g * (x > 0)


def leaky_vjp(g, x):
    return np.where(x > 0, g, 0.1 * g)
