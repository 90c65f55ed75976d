"""The inputs that all contenders share, from fixed seeds."""

from __future__ import annotations

from typing import Any

import numpy as np


def two_moons(count: int = 100, noise: float = 0.1) -> tuple[Any, Any]:
    """Two interleaved half circles: points (count, 2), and labels -1 or 1."""
    rng = np.random.default_rng(1)
    half = count // 2
    angle = np.linspace(0, np.pi, half)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.concatenate([upper, lower]) + noise * rng.standard_normal((2 * half, 2))
    return points, np.repeat([-1.0, 1.0], half)


def layers(sizes: list[int], dtype: str = "float32") -> list[tuple[Any, Any]]:
    """Weights (inputs, outputs) and biases of a fully connected network."""
    rng = np.random.default_rng(2)
    return [
        ((rng.standard_normal((m, n)) * np.sqrt(2 / m)).astype(dtype), (0.5 * rng.standard_normal(n)).astype(dtype))
        for m, n in zip(sizes, sizes[1:])
    ]


def digits(count: int, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Random float32 inputs (count, *shape) and labels from 0 to 9."""
    rng = np.random.default_rng(3)
    return rng.standard_normal((count, *shape)).astype("float32"), rng.integers(0, 10, count)
