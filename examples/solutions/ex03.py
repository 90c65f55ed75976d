"""Solutions of the exercises of chapter 3."""

gates = 14  # all but XOR and XNOR
xnor = [(1, 1, -1.5), (-1, -1, 0.5), (1, 1, -0.5)]  # AND, NOR, OR
parameters = 2 * 4 + 4 + 4 * 1 + 1
