"""How many planted bugs each gradient checker catches, and how many right gradients it accuses.

Run: ``python -m benchmarks.check_corpus`` (``--python torch=/path/to/python`` names an environment that has a
checker; others are made on first use). Each checker runs in a process of its own, at the same random points, ten per
case. Writes the table into docs/checking.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.environments import interpreter, versions

from .bugs import corpus as bugs
from .rights import corpus as rights

ROOT = Path(__file__).resolve().parents[2]
DOC = ROOT / "docs" / "checking.md"
START, END = "<!-- table of checkers -->", "<!-- end of table -->"
NAMES = {  # in the order of the table
    "ours": "autograd.check",
    "torch": "PyTorch gradcheck",
    "jax": "JAX check_grads",
    "hips": "HIPS check_grads",
}


def run(peer: str, python: str, draws: int) -> dict[str, Any]:
    """The verdicts of one checker, from a process of its own."""
    command = [python, "-m", "benchmarks.check_corpus.worker", peer, str(draws)]
    where = ROOT if peer != "hips" else Path(__file__).parent
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, env=environment(peer), check=False)
    if done.returncode:
        raise RuntimeError(f"{peer}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def environment(peer: str) -> dict[str, str]:
    """HIPS autograd shares our import name: its process finds the corpus, but not our package."""
    import os
    import tempfile

    variables = dict(os.environ)
    if peer == "hips":
        beside = Path(tempfile.mkdtemp(prefix="corpus-"))
        (beside / "benchmarks").symlink_to(ROOT / "benchmarks")
        variables["PYTHONPATH"] = str(beside)
    return variables


def summary(result: dict[str, Any]) -> dict[str, Any]:
    """Counts over the corpus for one checker."""
    cases = result["cases"]
    missed = [c for c in bugs.cases if "wrong" not in cases[c.name]]
    accused = [c for c in rights.cases if "wrong" in cases[c.name]]
    draws = [v for c in rights.cases for v in cases[c.name]]
    return {
        "missed": missed,
        "accused": accused,
        "alarms": draws.count("wrong") / len(draws),
        "undecided": draws.count("undecided") / len(draws),
        "ms": 1e3 * statistics.median(result["times"]),
    }


def table(results: dict[str, dict[str, Any]]) -> str:
    """The table and, below it, the categories in which each checker errs."""
    lines = [
        f"| checker | bugs missed (of {len(bugs.cases)}) | right gradients accused (of {len(rights.cases)}) "
        "| false alarms per draw | undecided per draw | median time of a check |",
        "|---|---|---|---|---|---|",
    ]
    for peer, result in results.items():
        s = summary(result)
        lines.append(
            f"| {NAMES[peer]} | {len(s['missed'])} ({len(s['missed']) / len(bugs.cases):.0%}) "
            f"| {len(s['accused'])} ({len(s['accused']) / len(rights.cases):.0%}) | {s['alarms']:.1%} "
            f"| {s['undecided']:.1%} | {s['ms']:.1f} ms |"
        )
    categories = sorted({c.category for c in bugs.cases})
    lines += ["", "Bugs missed by category:", "", "| checker | " + " | ".join(categories) + " |"]
    lines.append("|---" * (len(categories) + 1) + "|")
    for peer, result in results.items():
        missed = [c.category for c in summary(result)["missed"]]
        lines.append(f"| {NAMES[peer]} | " + " | ".join(str(missed.count(c)) for c in categories) + " |")
    categories = sorted({c.category for c in rights.cases})
    lines += ["", "Right gradients accused by category:", "", "| checker | " + " | ".join(categories) + " |"]
    lines.append("|---" * (len(categories) + 1) + "|")
    for peer, result in results.items():
        accused = [c.category for c in summary(result)["accused"]]
        lines.append(f"| {NAMES[peer]} | " + " | ".join(str(accused.count(c)) for c in categories) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check_corpus", description=__doc__)
    parser.add_argument("--python", action="append", default=[], metavar="PEER=PATH", help="an environment for a peer")
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    options = parser.parse_args()
    named = dict(item.split("=", 1) for item in options.python)
    results, used = {}, []
    for peer in NAMES:
        python = interpreter(peer, named)
        used.append(f"{NAMES[peer]}: {versions(peer, python)}")
        print(f"running {NAMES[peer]}", file=sys.stderr, flush=True)
        results[peer] = run(peer, python, options.draws)
    text = table(results) + "\n\n" + "; ".join(used) + "."
    print(text)
    for peer, result in results.items():
        s = summary(result)
        print(f"\n{NAMES[peer]} missed: {[c.name for c in s['missed']]}\naccused: {[c.name for c in s['accused']]}")
    if not options.no_write:
        before, rest = DOC.read_text().split(START)
        DOC.write_text(f"{before}{START}\n{text}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
