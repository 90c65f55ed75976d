"""Solutions of the exercises of chapter 12."""

hinge = 50 / 0.2
nothing_learned = 0


def mean_squared_error_vjp(g, y, t):
    return g * 2 * (y - t) / len(t)
