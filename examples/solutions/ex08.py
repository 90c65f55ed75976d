"""Solutions of the exercises of chapter 8."""

after_two = (1 - 0.25 * 2) ** 2
largest_rate = 2 / 4


def descend(slope, w, rate, steps):
    for _ in range(steps):
        w = w - rate * slope(w)
    return w
