"""Solutions of the exercises of chapter 7."""

import numpy as np

dw1 = 2 * (0.8 - 1)


def dL_da(a, y):
    return -y / a + (1 - y) / (1 - a)


def gradient(w, b, X, y):
    a = 1 / (1 + np.exp(-(w @ X + b)))
    dz = a - y
    return X @ dz / len(y), np.mean(dz)
