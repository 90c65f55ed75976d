"""A typical wrong answer to each exercise of chapter 13."""

import numpy as np

parameters = 64 * 32 + 32 * 10
batches = 44


def cross_entropy_vjp(g, logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return g * p
