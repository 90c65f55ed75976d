"""Solutions of the exercises of chapter 5."""

import numpy as np

product = [[2, 3], [4, 7]]
shapes = [(3, 5), (3, 10)]


def layer_vjp(g, W, A, b):
    return g @ A.T, W.T @ g, np.sum(g, axis=1, keepdims=True)
