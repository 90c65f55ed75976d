"""A typical wrong answer to each exercise of chapter 7."""

import numpy as np

dw1 = -0.2


def dL_da(a, y):
    return -y / a - (1 - y) / (1 - a)


def gradient(w, b, X, y):
    a = 1 / (1 + np.exp(-(w @ X + b)))
    dz = a - y
    return X @ dz, np.sum(dz)
