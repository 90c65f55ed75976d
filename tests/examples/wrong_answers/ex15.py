"""A typical wrong answer to each exercise of chapter 15."""

import numpy as np

through_time = 0.25
remembered = 0.9


def step_vjp(g, h, x, W, U):
    new = np.tanh(W @ h + U @ x)
    dz = g * (1 - new**2)
    return W @ dz, U.T @ dz, np.outer(dz, h), np.outer(dz, x)
