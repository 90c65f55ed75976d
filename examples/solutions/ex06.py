"""Solutions of the exercises of chapter 6."""

import numpy as np

dJ_db = 3 * 1 * -2
two_paths = (2 * 6 + 1) * 3


def neuron_vjp(g, w, x, b):
    z = w @ x + b
    a = 1 / (1 + np.exp(-z))
    dz = g * a * (1 - a)
    return dz * x, dz * w, dz
