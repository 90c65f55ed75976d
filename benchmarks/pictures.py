"""Pictures of large programs: time and size in every format, and what the notice foretold.

python benchmarks/pictures.py

The default output of each format is to take at most 5 s and 5 MB, and the notice of a flat drawing to be right by a
factor of 2. Times of outputs are those of the processors, Graphviz's process included; those of the notice are seconds
of the clock.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import viz
from autograd import Value, dot, nn, tanh

FORMATS = ("svg", "png", "pdf", "html", "txt")


def chain(size: int) -> Value:
    """One operation after another."""
    y: Any = Value(0.1, label="x")
    for _ in range(size // 3):
        y = (y * 1.1 + 0.1).sigmoid()
    return y


def tangle(size: int) -> Value:
    """Each operation on two of the last twenty results, and without a pattern."""
    chance = random.Random(0)
    values: list[Any] = [Value(0.1 * i + 0.1, label=f"x{i}") for i in range(8)]
    while len(values) < size:
        x, y = chance.sample(values[-20:], 2)
        values.append(chance.choice([lambda x, y: x * y, lambda x, y: x + y, lambda x, y: tanh(x)])(x, y))
    return sum(values[-20:], Value(0.0))


def training(size: int) -> Value:
    """The loss of an MLP 4-16-16-1 over so many examples that there are about `size` nodes."""
    model = nn.MLP(4, [16, 16, 1], "tanh", rng=0)
    chance = random.Random(0)
    total: Any = Value(0.0)
    for _ in range(size // 72):
        total = total + (model([chance.gauss(0, 1) for _ in range(4)]) - 1) ** 2
    return total


def wide(size: int) -> Value:
    """Neurons of twelve inputs, one after another."""
    values: list[Any] = [Value(0.1 * i, label=f"x{i}") for i in range(12)]
    while len(values) < size:
        values.append(dot(values[-12:], values[:12]).tanh())
    return values[-1]


def spent() -> float:
    """Seconds of processor time, of this process and of those that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def default(make: Callable[[int], Value], size: int, folder: Path) -> None:
    """One line: what each format takes as it comes, or that the picture is refused."""
    root = make(size)
    root.backward()
    told = []
    for format in FORMATS:
        start = spent()
        try:
            path = viz.draw(root).save(folder / f"picture.{format}")
        except ValueError as refused:
            told.append(f"refused in {spent() - start:.1f} s ({str(refused).partition(';')[0]})")
            break
        told.append(f"{format} {spent() - start:.1f} s {path.stat().st_size / 1e6:.2f} MB")
    print(f"{make.__name__} {size:,}: {', '.join(told)}")


def notice(make: Callable[[int], Value], size: int, folder: Path) -> None:
    """One line: what a flat drawing takes, against what was foretold."""
    root = make(size)
    root.backward()
    drawing = viz.draw(root, fold=False)
    start = perf_counter()
    found = drawing.save(folder / "flat.svg").stat().st_size / 1e6
    took = perf_counter() - start
    if not drawing.note:
        print(f"{make.__name__}, {len(drawing.drawn.nodes):,} nodes flat: {took:.2f} s, {found:.2f} MB, no notice")
        return
    seconds, megabytes = (float(x) for x in re.findall(r"([\d.]+) (?:s|MB)\b", drawing.note)[:2])
    print(
        f"{make.__name__}, {len(drawing.drawn.nodes):,} nodes flat: {took:.2f} s, {took / seconds:.2f} of what was "
        f"foretold; {found:.2f} MB, {found / megabytes:.2f} of what was foretold"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for make in (chain, tangle, training):
            for size in (84, 700, 22_000, 50_000):
                default(make, size, folder)
        for make in (chain, tangle, wide):
            for size in (600, 2_000, 4_000):
                notice(make, size, folder)


if __name__ == "__main__":
    main()
