"""Solutions of the exercises of chapter 2."""

total = 0.5 + 0.5 - 0.7
nor = (-1, -1, 0.5)


def rule(w, b, x, t):
    y = 1 if w @ x + b > 0 else 0
    return w + (t - y) * x, b + (t - y)
