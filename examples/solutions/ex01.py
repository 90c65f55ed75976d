"""Solutions of the exercises of chapter 1."""

new_A = 0.5 + 0.5 * (3 - 0.5 * 2) / 2


def adjust(A, x, t, L):
    return A + L * (t - A * x) / x


def dJ_dA(A, x, t):
    return -(t - A * x) * x
