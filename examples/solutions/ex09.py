"""Solutions of the exercises of chapter 9."""

import numpy as np


def momentum(w, v, slope, rate, beta):
    v = beta * v + slope
    return w - rate * v, v


def adagrad(w, s, slope, rate):
    s = s + slope**2
    return w - rate * slope / np.sqrt(s), s


first_step = 0.1
