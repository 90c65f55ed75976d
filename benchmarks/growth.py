"""How the time of a step grows with its size, for this package and each peer: measured, and drawn.

    python benchmarks/growth.py growth.svg

Left, one training step of a fully connected network (moons to 1,024 pictures of digits); right, chains of single
numbers. Where a line ends early, the table that is printed says why.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import environments
from harness import WORKS, Result, failures, measure, note, table
from run import modules
from works.chains import OPERATIONS

SIZES = {
    "mlp-moons": 100 * (2 * 16 + 16 * 16 + 16),
    "mlp-digits-64": 64 * (784 * 256 + 256 * 128 + 128 * 10),
    "mlp-digits-1024": 1024 * (784 * 256 + 256 * 128 + 128 * 10),
    **{f"chain-{operations}": operations for operations in OPERATIONS},
}
"""Multiplications of the forward pass, and operations, by work."""
JIT = {"mlp-moons": "jit-moons", "mlp-digits-64": "jit-digits-64", "mlp-digits-1024": "jit-digits-1024"}
"""Where the same step is measured recorded once and replayed."""
STYLES = {
    "gradgraph": ("C0", "-"), "gradgraph, operators": ("C0", "-"), "gradgraph, nn": ("C0", "--"),
    "gradgraph, jit": ("C0", ":"), "gradgraph, pure": ("C0", ":"), "NumPy by hand": ("black", "-"),
    "PyTorch": ("C1", "-"), "PyTorch, double": ("C1", "-"), "JAX, jit": ("C2", "-"), "MyGrad": ("C3", "-"),
    "HIPS autograd": ("C4", "-"), "micrograd": ("C5", "-"),
}  # fmt: skip


def lines(results: list[Result]) -> dict[str, list[tuple[int, float]]]:
    """For each contender the sizes and its seconds per step."""
    found: dict[str, list[tuple[int, float]]] = {}
    for result in results:
        size = next(SIZES[name] for name in SIZES if result.work.name in (name, JIT.get(name)))
        for name in result.samples:
            if name in STYLES and not (result.work.name in JIT.values() and name != "gradgraph, jit"):
                found.setdefault(name, []).append((size, result.median(name, "time")))
    return found


def draw(results: list[Result], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    matplotlib.rcParams["svg.hashsalt"] = "growth"
    figure, axes = plt.subplots(1, 2, figsize=(12, 5), layout="constrained")
    panels = (
        ("A training step of a network", "multiplications in the forward pass", lambda name: "chain" not in name),
        ("A chain of single numbers, forward and backward", "operations", lambda name: "chain" in name),
    )
    for axis, (title, label, belongs) in zip(axes, panels):
        for name, points in lines([result for result in results if belongs(result.work.name)]).items():
            colour, dashes = STYLES[name]
            axis.loglog(*zip(*points), marker="o", markersize=4, color=colour, linestyle=dashes, label=name)
        axis.set(title=title, xlabel=label, ylabel="seconds per step")
        axis.grid(alpha=0.3)
        axis.legend(fontsize=9)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("picture", type=Path, help="where the plot is written: an .svg, .png or .pdf")
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH", help="as for run.py")
    parser.add_argument("--rounds", type=int, default=5, help="samples of each contender (default: 5)")
    parser.add_argument("--threads", type=int, default=2, help="threads for each contender's arrays (default: 2)")
    options = parser.parse_args()
    named = dict(item.split("=", 1) for item in options.python)
    where = modules()
    results: list[Any] = []
    for name in [*SIZES, *JIT.values()]:
        work = WORKS[name]
        pythons = {one.peer: environments.interpreter(one.peer, named) for one in work.contenders.values()}
        note(name)
        results.append(measure(where[name], work, pythons, options.rounds, 0.1, options.threads))
        print("\n".join(table(results[-1])), flush=True)
    draw(results, options.picture)
    return int(any(map(failures, results)))


if __name__ == "__main__":
    raise SystemExit(main())
