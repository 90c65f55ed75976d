"""A typical wrong answer to each exercise of chapter 3."""

gates = 15
xnor = [(-1, -1, 1.5), (1, 1, -0.5), (1, 1, -1.5)]
parameters = 12
