"""Solutions of the exercises of chapter 17."""

import numpy as np

standard_error = 100 * (0.9 * 0.1 / 400) ** 0.5
limit = 80 + 20 / 10


def split(count, test, seed):
    order = np.random.default_rng(seed).permutation(count)
    return order[:-test], order[-test:]
