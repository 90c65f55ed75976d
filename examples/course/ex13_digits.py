"""Handwritten digits by a multi-layer perceptron, trained by hand in the four steps of mini-batch learning.

1,797 images of 8 × 8 pixels; 1,437 to learn from and 360 for the test, always the same. The network is 64-64-10 with
ReLU; softmax and cross-entropy are one function of the ten outputs (logits). Nothing is hidden in a helper; the four
steps are written out:

1. draw a mini-batch: 32 images at random, without putting them back before all have been seen; 2. compute the
gradient of their mean loss by every weight and bias: forward, then `backward()`; 3. update: each parameter goes a
little way, 0.3, against its gradient; 4. repeat.

Softmax makes probabilities of the logits; the largest of a picture's ten is the answer. Example 13b uses `fit`.

After K. Saito, *Deep Learning from Scratch* (2016), chapter 4.5; the digits are E. Alpaydin's and C. Kaynak's (1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import viz
from autograd import Tensor, no_grad
from autograd.nn import functional as F
from examples.shared.common import BLUE, RED, heading, plt, progress, run, save
from examples.shared.datasets import digits

SIZES, BATCH, RATE = (64, 64, 10), 32, 0.3


@dataclass
class Results:
    accuracy: float
    losses: list[float]  # of each mini-batch
    probabilities: np.ndarray  # of the ten classes, for each test image


def start(rng: np.random.Generator) -> list[Any]:
    """W and b of every layer: normal with variance 2/inputs, and 0 (K. He, 2015)."""
    shapes = [(nout, nin) for nin, nout in zip(SIZES, SIZES[1:])]
    return [Tensor(p) for m, n in shapes for p in (rng.normal(0, np.sqrt(2 / n), (m, n)), np.zeros(m))]


def logits(parameters: list[Any], x: Any) -> Any:
    W1, b1, W2, b2 = parameters
    return F.linear(F.relu(F.linear(x, W1, b1)), W2, b2)


def probabilities(parameters: list[Any], X: Any) -> Any:
    """Of the ten classes, for each image."""
    with no_grad():
        return F.softmax(logits(parameters, X), axis=1).data  # S1.7 softmax: the probabilities of a picture's classes


def main(quick: bool, out: Path) -> Results:
    X, y, X_test, y_test = digits()
    rng, epochs = np.random.default_rng(1), 20 if quick else 40
    parameters, losses, scores = start(rng), [], []
    heading(f"A network {'-'.join(map(str, SIZES))}, {sum(p.size for p in parameters):,} parameters, {epochs} epochs")
    for _ in progress(range(epochs), "epochs"):
        order = rng.permutation(len(y))
        for first in range(0, len(y), BATCH):  # S2.11 the four steps
            batch = order[first : first + BATCH]  # 1. a mini-batch
            loss = F.cross_entropy(logits(parameters, X[batch]), y[batch])
            for p in parameters:
                p.zero_grad()
            loss.backward()  # 2. its gradient
            for p in parameters:
                p.data -= RATE * p.grad  # 3. a step against it
            losses.append(loss.item())  # 4. again
        answers = [np.argmax(probabilities(parameters, images), axis=1) for images in (X, X_test)]
        scores.append([100 * np.mean(answer == labels) for answer, labels in zip(answers, (y, y_test))])
    print("right after 10, 20 … epochs: " + ", ".join(f"{a:.1f} % (test {b:.1f} %)" for a, b in scores[9::10]))
    chances, answers = probabilities(parameters, X_test), answers[1]
    wrong = np.flatnonzero(answers != y_test)
    print(f"{scores[-1][1]:.2f} % of the 360 test images right ({len(wrong)} wrong)")
    for k in (0, *wrong[:2]):
        print(f"a {y_test[k]}: the ten probabilities {chances[k].round(3)}, so the answer is {answers[k]}")

    figure = plt.figure(figsize=(10, 7), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=(1.2, 1))
    history = {"loss": np.mean(np.reshape(losses, (epochs, -1)), axis=1)}
    history |= {f"% right, {what}": np.array(scores)[:, k] for k, what in enumerate(("training", "test"))}
    viz.plot_history(history, log=True, ax=top.subplots()).get_legend().set_loc("center right")
    bottom.suptitle("answers and their probabilities: three pictures, and three on which it is wrong")
    for (picture, bars), k in zip(bottom.subplots(2, 6).T, (0, 1, 2, *wrong[:3])):
        picture.imshow(X_test[k].reshape(8, 8), cmap="gray_r")
        picture.set(title=f"{answers[k]} for a {y_test[k]}", xticks=[], yticks=[])
        bars.bar(range(10), chances[k], color=BLUE if answers[k] == y_test[k] else RED)
        bars.set(xticks=range(10), ylim=(0, 1.05), yticks=(0, 1))
    save(figure, out, "13_digits")
    return Results(scores[-1][1] / 100, losses, chances)


if __name__ == "__main__":
    run(main)
