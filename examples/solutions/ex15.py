"""Solutions of the exercises of chapter 15."""

import numpy as np

through_time = 3 * 0.5**2
remembered = 0.9**10


def step_vjp(g, h, x, W, U):
    new = np.tanh(W @ h + U @ x)
    dz = g * (1 - new**2)
    return W.T @ dz, U.T @ dz, np.outer(dz, h), np.outer(dz, x)
