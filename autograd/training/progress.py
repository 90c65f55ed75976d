"""How far training has come: tqdm's bar, or a line for each epoch."""

from __future__ import annotations

import sys
import time
from typing import Any

from autograd.training.history import Means


class Silent:
    """No progress shown."""

    def advance(self, means: Means) -> None:
        """A batch is done."""

    def epoch(self, epoch: int, results: dict[str, float]) -> None:
        """An epoch is done."""

    def close(self) -> None:
        """Training is over."""


class Bar(Silent):
    """tqdm's bar over all batches, with loss, metric and the time left."""

    def __init__(self, tqdm: Any, total: int) -> None:
        self.bar = tqdm(total=total, unit="batch", file=sys.stderr)

    def advance(self, means: Means) -> None:
        self.bar.set_postfix({name: f"{v:.4g}" for name, v in means.values().items()}, refresh=False)
        self.bar.update()

    def epoch(self, epoch: int, results: dict[str, float]) -> None:
        self.bar.set_description(f"epoch {epoch}", refresh=False)
        self.bar.set_postfix({name: f"{v:.4g}" for name, v in results.items()}, refresh=False)

    def close(self) -> None:
        self.bar.close()


class Lines(Silent):
    """A line per epoch."""

    def __init__(self, epochs: int) -> None:
        self.epochs, self.start = epochs, time.perf_counter()

    def epoch(self, epoch: int, results: dict[str, float]) -> None:
        left = (time.perf_counter() - self.start) / epoch * (self.epochs - epoch)
        shown = "  ".join(f"{name} {value:.4g}" for name, value in results.items())
        print(f"epoch {epoch}/{self.epochs}  {shown}  {left:.0f} s left", file=sys.stderr, flush=True)


def progress_bar(progress: bool, epochs: int, count: int) -> Silent:
    if not progress:
        return Silent()
    try:
        from tqdm import tqdm
    except ImportError:
        return Lines(epochs)
    return Bar(tqdm, epochs * count)
