"""Logistic regression on pictures: each becomes a column. A cat or not, asked of handwritten digits: a 3 or not.

The data of a regression may be a table, such as a list of advertisements and whether a user clicked on them (structured
data: each column means something); or they may be sound, text, pictures (unstructured: a single pixel means nothing). A
picture becomes one column of its pixels, x ∈ ℝⁿ, and m of them the matrix X with m columns. Then ŷ = σ(wᵀX + b) is m
answers at once, and training is example 7b's gradient, in steps. w has a number for each pixel, so it can be looked at
as a picture.

After A. Ng, *Neural Networks and Deep Learning* (deeplearning.ai, 2017), week 2; the digits are scikit-learn's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograd import value_and_grad
from examples.course.ex07b_many_examples import J
from examples.shared.common import BLUE, heading, plt, run, save
from examples.shared.datasets import digits

CLICKS = ((41, 93242, 1), (80, 93287, 0), (18, 87312, 1), (27, 71244, 1))
STEPS, RATE = 300, 1.0


@dataclass
class Results:
    shape: tuple[int, int]  # of X, a column for each picture
    losses: list[float]
    right: float  # the share of the test pictures
    always_no: float  # what "not a 3", always, gets right


def main(quick: bool, out: Path) -> Results:
    heading("Structured data, a table: user age, ad id, click")  # S4.4 structured and unstructured data
    print("\n".join(f"{age:>8} {ad:>6} {click:>5}" for age, ad, click in CLICKS))
    print("Unstructured data: sound, text, pictures, such as these of 8 × 8 pixels.")

    heading("A picture is a column x ∈ ℝⁿ; X has m columns")  # S4.7 cat or not
    images, labels, test_images, test_labels = digits()
    X, y = images.T, (labels == 3).astype(float)
    print(f"n = {X.shape[0]}, m = {X.shape[1]}: X has shape {X.shape}; y = 1 for the {y.sum():.0f} pictures of a 3")

    theta, losses = np.zeros(65), []  # θ = (b; w)
    for _ in range(STEPS):
        loss, slope = value_and_grad(J)(theta, X, y)
        theta -= RATE * slope
        losses.append(float(loss))
    answers, wanted = theta[1:] @ test_images.T + theta[0] > 0, test_labels == 3
    right, always_no = float(np.mean(answers == wanted)), float(np.mean(~wanted))
    print(f"{STEPS} steps of gradient descent: J = {losses[0]:.4f} → {losses[-1]:.4f}")
    print(f"{right:.1%} of the {len(wanted)} test pictures right; always answering no, {always_no:.1%}")

    figure, axes = plt.subplots(1, 4, figsize=(11, 3.4), width_ratios=(1, 0.4, 1.2, 1.5), layout="constrained")
    first = images[np.flatnonzero(y)[0]]
    axes[0].imshow(first.reshape(8, 8), cmap="gray_r")
    axes[1].imshow(first[:, None], cmap="gray_r", aspect=0.2)
    shown = axes[2].imshow(theta[1:].reshape(8, 8), cmap="RdBu", vmin=-3, vmax=3)
    figure.colorbar(shown, shrink=0.8)
    for axis, title in zip(axes, ("a picture", "its column x", "weights w as a picture")):
        axis.set(title=title, xticks=[], yticks=[])
    axes[3].plot(losses, color=BLUE)
    axes[3].set(xlabel="steps", ylabel="J", title=f"{right:.1%} of the test pictures right", ylim=(0, 0.72))
    save(figure, out, "07c_cat_or_not")
    return Results(X.shape, losses, right, always_no)


if __name__ == "__main__":
    run(main)
