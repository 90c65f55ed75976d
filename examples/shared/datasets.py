"""The data of the examples; all of it ships with scikit-learn or stands here. Nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

RHYME = Path(__file__).parent / "rhyme.txt"


def digits() -> tuple[Any, Any, Any, Any]:
    """scikit-learn's 1,797 handwritten digits of 8 × 8 pixels in [0, 1]: training X, y and test X, y.

    The split is fixed: 360 rows, drawn once by a generator with seed 0, are for the test alone.
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))
    train, test = order[:-360], order[-360:]
    return images[train] / 16, labels[train], images[test] / 16, labels[test]


def all_digits() -> tuple[Any, Any]:
    """The same images, all 1,797 as they come, to be split by whoever wants several splits: X (single precision), y."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return (images / 16).astype(np.float32), labels


DIRECTIONS, BLIND = 8, 0.1


def strokes(count: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Images of 10 × 10 pixels, flattened: a stroke 5 pixels long in one of 8 directions, anywhere, under noise.

    With the number of its direction, in steps of 22.5°; a tenth of these labels is drawn blindly.
    """
    directions = rng.integers(0, DIRECTIONS, count)
    x, y = np.mgrid[:10, :10][:, None] - rng.uniform(2.5, 6.5, (2, count, 1, 1))
    angle = (directions * np.pi / DIRECTIONS)[:, None, None]
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    ink = np.exp(-2 * (across**2 + np.maximum(np.abs(along) - 2.5, 0) ** 2))
    images = (ink + rng.normal(0, 0.2, ink.shape)).reshape(count, -1).astype(np.float32)
    return images, np.where(rng.random(count) < BLIND, rng.integers(0, DIRECTIONS, count), directions)


def rhyme() -> tuple[Any, Any, str]:
    """The rhyme "The House That Jack Built" (printed 1755) as numbers: all verses but the last, the last, the alphabet.

    Every verse repeats the one before and adds a line in front, so whoever has read the others knows most of the last.
    """
    text = RHYME.read_text(encoding="utf-8")
    alphabet = "".join(sorted(set(text)))
    codes = np.array([alphabet.index(letter) for letter in text])
    cut = text.rindex("\n\n") + 2
    return codes[:cut], codes[cut:], alphabet


def mackey_glass(count: int, delay: int = 17) -> Any:
    """A chaotic series: dx/dt = 0.2 x(t − τ)/(1 + x(t − τ)¹⁰) − 0.1 x, shifted and scaled to mean 0, variance 1.

    One number per unit of time, after 300 units in which it forgets its start; by Runge and Kutta's method in steps of
    0.1 over which the delayed value is held.

    M. Mackey and L. Glass, "Oscillation and chaos in physiological control systems", Science 197 (1977).
    """
    h, steps = 0.1, 10
    lag = delay * steps
    x = np.full(lag + (300 + count) * steps, 1.2)
    for i in range(lag, len(x) - 1):
        feed = 0.2 * x[i - lag] / (1 + x[i - lag] ** 10)
        k1 = feed - 0.1 * x[i]
        k2 = feed - 0.1 * (x[i] + h / 2 * k1)
        k3 = feed - 0.1 * (x[i] + h / 2 * k2)
        k4 = feed - 0.1 * (x[i] + h * k3)
        x[i + 1] = x[i] + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    series = x[::steps][-count:]
    return (series - series.mean()) / series.std()
