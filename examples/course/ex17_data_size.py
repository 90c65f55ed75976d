"""Data size against performance: a linear model and networks of three sizes, on data with a known limit.

A figure that every lecture on deep learning shows, mostly drawn by hand: with little data all methods are alike; with
more, the simple ones level off, and the larger the network, the better. Here it is measured.

The handwritten digits do not show it: they are few and easy, and with all of them a linear model is about as good as a
large network (printed first). So the task is made: a stroke in one of eight directions lies anywhere in a noisy image;
which direction? A linear model adds up what each pixel says by itself, and no pixel knows. There are as many images as
one likes. And the limit is known: a tenth of the labels is drawn at random, so that no method can get more than 90 % +
10 %/8 = 91.25 % right. The figure comes out, except for its end: near the limit the large network gains less from more
data than the smaller ones.

Held equal: the images of each seed, Adam, mini-batches of 64, the rate (the best of the same nine by validation
loss), and the end (when that loss has not improved for a fifth of the epochs). Not equal: a larger network costs more
time. Bars are the standard deviation over seeds, each with images and first weights of its own.

The figure is from A. Ng, "Machine Learning Yearning" (2018), chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from examples.shared.common import GREY, heading, plt, run, save
from examples.shared.datasets import BLIND, DIRECTIONS, all_digits, strokes
from examples.shared.tuning import Split, Trial, Tuned, dense, learn, split, spread, tune

LIMIT, RATES = 1 - BLIND + BLIND / DIRECTIONS, (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
HIDDEN = {"linear": (), "small (8)": (8,), "medium (32)": (32,), "large (256-128)": (256, 128)}


@dataclass(frozen=True)
class Results:
    """Test accuracies: on the digits, one for each seed; on strokes, a row of them for each number of images."""

    digits: dict[str, np.ndarray]
    sizes: tuple[int, ...]
    strokes: dict[str, np.ndarray]
    rates: dict[str, list[float]]  # the best, for each number of images


def compare(name: str, data: list[Split], quick: bool) -> Tuned:
    """One model at its best rate: a trial for each split."""
    epochs = int((1500 if quick else 4000) / np.sqrt(len(data[0].train[0])))

    def trial(rate: float, seed: int) -> Trial:
        sizes = (data[seed].train[0].shape[1], *HIDDEN[name], data[seed].test[1].max() + 1)
        return learn(dense(sizes, np.random.default_rng(seed)), data[seed], rate, epochs, seed, batch_size=64)

    return tune(trial, (1e-2,) if quick else RATES, len(data), f"{name}, {len(data[0].train[0]):,} images")


def main(quick: bool, out: Path) -> Results:
    sizes = (100, 800, 3200) if quick else (100, 400, 1600, 6400, 12800)
    seeds = range(2 if quick else 4)
    rows = [split(*all_digits(), 200, 397, seed) for seed in seeds]
    digits = {name: compare(name, rows, quick) for name in ("linear", "large (256-128)")}
    heading(f"Digits, 1,200 to learn from: % of 397 test images right, mean ± deviation of {len(seeds)} seeds")
    for name, tuned in digits.items():
        print(f"{name:>16} {spread(100 * tuned.tests)} at rate {tuned.rate:g}")

    others = [strokes(1000, np.random.default_rng(99)), strokes(3000, np.random.default_rng(100))]
    pool = [Split(strokes(sizes[-1], np.random.default_rng(seed)), *others) for seed in seeds]
    heading(f"Strokes: % of 3,000 test images right; at most {LIMIT:.2%} can be")
    print(f"{'images':>16} " + " ".join(f"{size:>11,}" for size in sizes))
    curves, rates = {}, {}  # S0.7 more data
    for name in HIDDEN:
        row = [compare(name, [some.first(size) for some in pool], quick) for size in sizes]
        curves[name], rates[name] = np.array([one.tests for one in row]), [one.rate for one in row]
        print(f"{name:>16} " + " ".join(f"{spread(100 * one.tests):>11}" for one in row))
        print(f"{'at rate':>16} " + " ".join(f"{one.rate:>11g}" for one in row))
    gains = [f"{name} {100 * (rows[-1] - rows[-2]).mean():+.1f}" for name, rows in curves.items()]
    print(f"gained by the last step, in points: {', '.join(gains)}")

    figure, (axis, shown) = plt.subplots(1, 2, figsize=(10, 4.4), width_ratios=(3.2, 1))
    for (name, rows), marker in zip(curves.items(), "sov^"):
        means, bars = 100 * rows.mean(axis=1), 100 * rows.std(axis=1, ddof=1)
        axis.errorbar(sizes, means, bars, fmt=f"{marker}-", capsize=3, label=name)
    axis.axhline(100 * LIMIT, color=GREY, ls=":", label=f"the limit, {LIMIT:.2%}")
    axis.axhline(100 / DIRECTIONS, color=GREY, ls="--", lw=1, label="by chance")
    axis.set_xscale("log")
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    axis.set(xlabel="training images", ylabel="% of test images right", title="performance against amount of data")
    axis.legend(title="mean ± deviation of the seeds", loc="upper left", bbox_to_anchor=(0, 0.95))
    shown.imshow(
        np.block([[row.reshape(10, 10) for row in pool[0].train[0][k : k + 3]] for k in range(0, 18, 3)]), "gray_r"
    )
    shown.set(title="some of the images", xticks=[], yticks=[])
    save(figure, out, "17_data_size")
    return Results({name: tuned.tests for name, tuned in digits.items()}, sizes, curves, rates)


if __name__ == "__main__":
    run(main)
