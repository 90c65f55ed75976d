"""What training keeps for each epoch, and the running means that it is made from."""

from __future__ import annotations

import math

History = dict[str, list[float]]
"""Per epoch: ``"loss"``, ``"lr"``, the metric by its name, and with validation ``"val_loss"`` and ``"val_…"``."""


class Means:
    """Running means, weighted by the number of rows."""

    def __init__(self) -> None:
        self.count = 0
        self.sums: dict[str, float] = {}

    def add(self, count: int, **values: float) -> None:
        self.count += count
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + count * value

    def values(self) -> dict[str, float]:
        return {name: total / self.count for name, total in self.sums.items()} if self.count else {"loss": math.nan}
