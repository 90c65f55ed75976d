"""Pictures of PyTorch's graphs, side by side: seconds from the loss (or the model) to a file, its size, its nodes.

Run in an environment that has PyTorch and the peers, as benchmarks/README.md says. The peers draw with the program
``dot``; ours with pygraphviz, which is the same library.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import time
import warnings
from pathlib import Path
from typing import Callable

import viz
from benchmarks.pytorch_graphs.programs import PROGRAMS, Program

ROUNDS = 3


def ours(program: Program, path: Path) -> Path:
    model, _, loss_of = program
    loss = loss_of()
    return viz.draw(loss, names={"model": model, "loss": loss}).save(path.with_suffix(".svg"))


def ours_whole(program: Program, path: Path) -> Path:
    model, _, loss_of = program
    loss = loss_of()
    return viz.draw(loss, names={"model": model, "loss": loss}, fold=False).save(path.with_suffix(".svg"))


def torchviz(program: Program, path: Path) -> Path:
    import torchviz as peer

    model, _, loss_of = program
    dot = peer.make_dot(loss_of(), params=dict(model.named_parameters()), show_saved=True)
    return Path(dot.render(str(path), format="svg", cleanup=True))


def torchview(program: Program, path: Path) -> Path:
    import torchview as peer

    model, inputs, _ = program
    graph = peer.draw_graph(model, input_data=inputs, expand_nested=True, mode="train").visual_graph
    return Path(graph.render(str(path), format="svg", cleanup=True))


def torchlens(program: Program, path: Path) -> Path:
    import torchlens as peer

    model, inputs, _ = program
    peer.trace(model, inputs[0]).draw(vis_save_only=True, vis_fileformat="svg", vis_outpath=str(path))
    return path.with_suffix(".svg")


def torchlens_both(program: Program, path: Path) -> Path:
    import torchlens as peer

    model, inputs, _ = program
    trace = peer.trace(model, inputs[0], capture=peer.options.CaptureOptions(backward_ready=True))
    trace.log_backward(trace[trace.output_layers[0]].out.sum())
    trace.draw_combined(vis_save_only=True, vis_fileformat="svg", vis_outpath=str(path))
    return path.with_suffix(".svg")


def torchvista(program: Program, path: Path) -> Path:
    import torchvista as peer

    model, inputs, _ = program
    peer.trace_model(model, inputs, export_format="html", export_path=str(path.with_suffix(".html")))
    return path.with_suffix(".html")


CONTENDERS: dict[str, Callable[[Program, Path], Path]] = {
    "viz.draw": ours, "viz.draw, fold=False": ours_whole, "torchviz": torchviz, "torchview": torchview,
    "TorchLens, forward": torchlens, "TorchLens, both": torchlens_both, "torchvista": torchvista,
}  # fmt: skip


def measured(draw: Callable[[Program, Path], Path], name: str, folder: Path) -> str:
    """The shortest of several times, and what the file is like."""
    seconds, written = [], folder
    for _ in range(ROUNDS):
        program = PROGRAMS[name]()
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            written = draw(program, folder / f"{name}_{draw.__name__}")
        seconds.append(time.perf_counter() - start)
    text = written.read_text(encoding="utf-8", errors="replace")
    size = f"{written.stat().st_size / 1000:,.0f} kB"
    nodes = len(re.findall(r'class="node"', text)) if written.suffix == ".svg" else 0
    return f"{min(seconds):.2f} s, {size}" + (f", {nodes} nodes" if nodes else "")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    print("| | " + " | ".join(PROGRAMS) + " |\n|---|" + "---|" * len(PROGRAMS))
    for contender, draw in CONTENDERS.items():
        cells = []
        for name in PROGRAMS:
            try:
                cells.append(measured(draw, name, folder))
            except Exception as error:  # a peer that fails is part of the comparison
                cells.append(f"{type(error).__name__}: {str(error)[:60]}")
        print(f"| {contender} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("pytorch_graphs"))
