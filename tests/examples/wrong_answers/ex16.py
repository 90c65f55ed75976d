"""A typical wrong answer to each exercise of chapter 16."""

import numpy as np

second = 1 / 8


def attention(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return weights @ V


def normalise_vjp(g, x):
    return g / x.std()
