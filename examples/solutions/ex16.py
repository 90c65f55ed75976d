"""Solutions of the exercises of chapter 16."""

import numpy as np

second = 1 / 2


def attention(Q, K, V):
    scores = np.where(np.tri(len(Q)) > 0, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return weights @ V


def normalise_vjp(g, x):
    y = (x - x.mean()) / x.std()
    return (g - g.mean() - y * np.mean(g * y)) / x.std()
