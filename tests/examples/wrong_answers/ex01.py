"""A typical wrong answer to each exercise of chapter 1."""

new_A = 1.5


def adjust(A, x, t, L):
    return A + L * (t - A * x)


def dJ_dA(A, x, t):
    return -(t - A * x)
