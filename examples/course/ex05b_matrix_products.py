"""Matrix products: row times column, examples as columns or as rows, and the bias as one more column Θ.

An array has a number of axes (ndim) and a shape: (rows, columns). The element (i, j) of a product A·B is row i of A
times column j of B, so A must have as many columns as B has rows; the product has A's rows and B's columns. A product
that does not fit is refused, in NumPy's words: the first mistake that everyone makes.

One example is a column x in some books, and a layer W x + b; in others it is a row, and a layer x W + b. The numbers
are the same. The bias can be a column of the matrix: Θ of shape 2 × (m + 1), whose column 0 belongs to an input x₀ = 1.
Then z₁⁽²⁾ = Σᵢ θ₁ᵢ⁽¹⁾xᵢ: the first index is the neuron that it goes to, the second the input that it comes from, the
number in brackets the layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Tensor, dot, sigmoid
from examples.shared.common import BLUE, ORANGE, heading, plt, run, save


@dataclass
class Results:
    products: list[list[list[float]]]
    refused: str
    rows: list[float]
    z2: list[float]
    a2: list[float]
    z3: list[float]
    a3: list[float]
    by_indices: float  # z₁⁽²⁾ once more, as the sum over i


def on_one_line(matrix: Any) -> str:
    """(1 2; 3 4), as it is written in a line of text."""
    return "(" + "; ".join(" ".join(f"{number:g}" for number in row) for row in np.atleast_2d(matrix)) + ")"


def draw(A: Any, B: Any, out: Path) -> None:
    """A·B with B above, so that every element stands where its row and its column cross."""
    C = A @ B
    figure, axis = plt.subplots(figsize=(5.2, 4.4))
    for name, matrix, left, top in (("A", A, 0, 4), ("B", B, 4, 0), ("A·B", C, 4, 4)):
        axis.text(left - 0.6, top - 0.7, name, color=BLUE, ha="right")
        for i, j in np.ndindex(*matrix.shape):
            marked = (matrix is A and i == 1) or (matrix is B and j == 0) or (matrix is C and (i, j) == (1, 0))
            colour = ORANGE if marked else "white"
            axis.add_patch(plt.Rectangle((left + j - 0.5, top + i - 0.5), 1, 1, fc=colour, ec="black", alpha=0.6))
            axis.text(left + j, top + i, f"{matrix[i, j]:g}", ha="center", va="center")
    axis.set(xlim=(-2, 6), ylim=(6, -1.4), aspect="equal", title="4·1 + 5·3 + 6·5 = 49: row 1 of A times column 0 of B")
    axis.set_axis_off()
    save(figure, out, "05b_matrix_products")


def main(quick: bool, out: Path) -> Results:
    heading("Arrays")  # S3.11 ndim, shape, rows, columns
    for array in (np.array([1, 2, 3, 4]), np.array([[1, 2], [3, 4], [5, 6]])):
        print(f"{array.tolist()}: ndim {array.ndim}, shape {array.shape}", end="; ")
    print("the second has 3 rows and 2 columns")

    heading("Products: row times column")  # S3.12 (19 22; 43 50) and (22 28; 49 64), S2.6 row times column
    pairs = [([[1, 2], [3, 4]], [[5, 6], [7, 8]]), ([[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4], [5, 6]])]
    products = [Tensor(A) @ Tensor(B) for A, B in pairs]
    for (A, B), product in zip(pairs, products):
        print(f"{on_one_line(A)}·{on_one_line(B)} = {on_one_line(product.data)}   shape {product.shape}")
    try:
        Tensor(pairs[1][0]) @ Tensor(pairs[0][0])
    except ValueError as error:
        refused = str(error)  # S3.13 shapes (2,3) and (2,2) not aligned
    print(f"(2×3)·(2×2): ValueError: {refused}")
    X, W = np.array([1, 2]), np.array([[1, 3, 5], [2, 4, 6]])
    rows = X @ W  # S3.14 X·W = (5, 11, 17), the example as a row
    print(f"rows: X·W = {on_one_line(X)}·{on_one_line(W)} = {rows};  columns: Wᵀ·Xᵀ = {W.T @ X}, the same")

    heading("Two layers, the bias a column of Θ and x₀ = 1")
    x = np.array([1, 0.5, -1, 2])  # x₀ = 1, then the m = 3 inputs
    theta1 = np.array([[0.1, 0.4, -0.2, 0.3], [-0.3, 0.2, 0.5, 0.1]])  # S2.6 Θ of shape 2 × (m + 1)
    theta2 = np.array([[0.2, -0.5, 0.7]])
    z2 = theta1 @ x  # S2.5 z₁⁽²⁾ = Σᵢ θ₁ᵢ⁽¹⁾xᵢ, a₁⁽²⁾ = σ(z₁⁽²⁾)
    a2 = sigmoid(z2)
    z3 = theta2 @ np.concatenate([[1], a2])  # S2.7 a⁽²⁾, z⁽³⁾, a⁽³⁾ = g(z⁽³⁾)
    a3 = sigmoid(z3)
    by_indices = dot(theta1[0].tolist(), x.tolist())
    print(f"Θ⁽¹⁾ = {on_one_line(theta1)}, shape {theta1.shape} = 2 × (m + 1); x = {x}")
    print(f"z₁⁽²⁾ = Σᵢ θ₁ᵢ⁽¹⁾xᵢ = 0.1·1 + 0.4·0.5 − 0.2·(−1) + 0.3·2 = {by_indices:.2f}")
    print(f"a₁⁽²⁾ = σ(z₁⁽²⁾) = {a2[0]:.4f}")
    print(f"z⁽²⁾ = Θ⁽¹⁾x = {z2.round(4)}, a⁽²⁾ = σ(z⁽²⁾) = {a2.round(4)}; with a₀⁽²⁾ = 1 in front")
    print(f"z⁽³⁾ = Θ⁽²⁾a⁽²⁾ = {z3.round(4)}, a⁽³⁾ = g(z⁽³⁾) = {a3.round(4)}")

    draw(*(np.array(matrix) for matrix in pairs[1]), out)
    layers = [layer.tolist() for layer in (z2, a2, z3, a3)]
    return Results([p.data.tolist() for p in products], refused, rows.tolist(), *layers, by_indices)


if __name__ == "__main__":
    run(main)
