"""A typical wrong answer to each exercise of chapter 17."""

import numpy as np

standard_error = 0.015
limit = 80


def split(count, test, seed):
    order = np.arange(count)
    return order[:-test], order[-test:]
