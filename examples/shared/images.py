"""Small images: blurred, and drawn side by side."""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np


def blurred(images: Any, share: float) -> Any:
    """Each pixel takes a `share` of its value from the four beside it. (…, height, width) to the same."""
    at_edge = [(0, 0)] * (images.ndim - 2) + [(1, 1), (1, 1)]
    wide = np.pad(images, at_edge, mode="edge")
    around = wide[..., :-2, 1:-1] + wide[..., 2:, 1:-1] + wide[..., 1:-1, :-2] + wide[..., 1:-1, 2:]
    return (1 - share) * images + share * around / 4


def strip(axis: Any, images: Any, below: Sequence[Any], title: str) -> None:
    """Images of one size in a row, white to black, with a word below each."""
    axis.imshow(np.hstack([np.pad(image, 1, constant_values=0.3) for image in images]), cmap="gray_r", vmin=0, vmax=1)
    width = images.shape[-1] + 2
    axis.set_xticks(width * np.arange(len(images)) + width / 2 - 0.5, below)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set(title=title, yticks=[])
