"""A typical wrong answer to each exercise of chapter 12."""

hinge = 50
nothing_learned = -8000


def mean_squared_error_vjp(g, y, t):
    return g * 2 * (y - t)
