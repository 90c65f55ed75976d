"""A typical wrong answer to each exercise of chapter 8."""

after_two = 0.5
largest_rate = 0.25


def descend(slope, w, rate, steps):
    first = slope(w)
    for _ in range(steps):
        w = w - rate * first
    return w
