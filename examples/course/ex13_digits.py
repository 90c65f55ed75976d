"""Handwritten digits by a multi-layer perceptron, trained by hand in the four steps of mini-batch learning.

1,797 images of 8 × 8 pixels; 1,437 to learn from and 360 for the test, always the same. The network is 64-64-10 with
ReLU; softmax and cross-entropy are one function of the ten outputs (logits). Nothing is hidden in a helper; the four
steps stand there:

1. draw a mini-batch: 32 images at random, without putting them back before all have been seen; 2. compute the
gradient of their mean loss by every weight and bias: forward, then `backward()`; 3. update: each parameter goes a
little way, 0.3, against its gradient; 4. repeat.

The steps are those of K. Saito, *Deep Learning from Scratch* (2016), chapter 4.5; the digits E. Alpaydin's and C.
Kaynak's (UCI repository, 1998); the first weights K. He's (2015).
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from autograd import Tensor, no_grad
from autograd.nn import functional as F
from examples.shared.common import BLUE, RED, heading, plt, run, save
from examples.shared.datasets import digits

SIZES, BATCH, RATE = (64, 64, 10), 32, 0.3


def start(rng: np.random.Generator) -> list[Any]:
    """W and b of every layer: normal with variance 2/inputs, and 0."""
    parameters = []
    for nin, nout in zip(SIZES, SIZES[1:]):
        parameters += [Tensor(rng.normal(0, np.sqrt(2 / nin), (nout, nin))), Tensor(np.zeros(nout))]
    return parameters


def logits(parameters: list[Any], x: Any) -> Any:
    W1, b1, W2, b2 = parameters
    return F.linear(F.relu(F.linear(x, W1, b1)), W2, b2)


def accuracy(parameters: list[Any], X: Any, y: Any) -> tuple[float, Any]:
    """The share of right answers, and the answers."""
    with no_grad():
        answers = np.argmax(logits(parameters, X), axis=1)
    return float(np.mean(answers == y)), answers


def main(quick: bool, out: Path) -> dict[str, Any]:
    X, y, X_test, y_test = digits()
    rng = np.random.default_rng(1)
    parameters = start(rng)
    epochs = 20 if quick else 40
    losses, scores, began = [], [], perf_counter()

    heading(f"A network {'-'.join(map(str, SIZES))}, {sum(p.size for p in parameters):,} parameters, {epochs} epochs")
    for epoch in range(epochs):
        order = rng.permutation(len(y))
        for first in range(0, len(y), BATCH):
            batch = order[first : first + BATCH]  # 1. a mini-batch
            loss = F.cross_entropy(logits(parameters, X[batch]), y[batch])
            for p in parameters:
                p.zero_grad()
            loss.backward()  # 2. its gradient
            for p in parameters:
                p.data -= RATE * p.grad  # 3. a step against it
            losses.append(loss.item())  # 4. again
        scores.append((accuracy(parameters, X, y)[0], accuracy(parameters, X_test, y_test)[0]))
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1:2}: training {scores[-1][0]:.1%}, test {scores[-1][1]:.1%} right")
    seconds = perf_counter() - began
    score, answers = accuracy(parameters, X_test, y_test)
    wrong = np.flatnonzero(answers != y_test)
    print(f"{score:.2%} of the 360 test images right ({len(wrong)} wrong), in {seconds:.1f} s")

    figure = plt.figure(figsize=(11, 5.2))
    grid = figure.add_gridspec(2, 2, height_ratios=(2.6, 1))
    left, right = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
    left.semilogy(losses, color=BLUE, lw=0.5)
    left.set(xlabel="mini-batches", ylabel="cross-entropy", title="loss of each mini-batch")
    right.plot(np.array(scores)[:, 0] * 100, color=BLUE, ls="--", label="training")
    right.plot(np.array(scores)[:, 1] * 100, color=RED, label="test")
    right.set(xlabel="epochs", ylabel="% right", ylim=(85, 100.5), title=f"at the end {score:.1%} on the test images")
    right.legend(loc="lower right")
    strip = figure.add_subplot(grid[1, :])
    strip.set_axis_off()
    shown = [*range(12 - min(6, len(wrong))), *wrong[:6]]
    strip.imshow(np.hstack([np.pad(X_test[k].reshape(8, 8), 1) for k in shown]), cmap="gray_r")
    for place, k in enumerate(shown):
        mistaken = answers[k] != y_test[k]
        text = f"{answers[k]} for {y_test[k]}" if mistaken else answers[k]
        strip.text(10 * place + 4.5, -1, text, ha="center", color=RED if mistaken else BLUE)
    save(figure, out, "13_digits")
    return {"accuracy": score, "seconds": seconds, "losses": losses}


if __name__ == "__main__":
    run(main)
