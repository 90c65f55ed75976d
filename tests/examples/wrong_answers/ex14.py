"""A typical wrong answer to each exercise of chapter 14."""

import numpy as np

size = 14
parameters = 16 * 3 * 3 + 16


def convolution_vjp(g, x, k):
    return np.correlate(g, k, "full"), np.correlate(x, g, "valid")
