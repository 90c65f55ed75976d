"""The examples run, print what they promise, and write their pictures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import make_readme_picture
from examples.programs import chain, logistic_values, moons, neuron

ROOT = Path(__file__).resolve().parents[2]


def test_chain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert chain.main(tmp_path) == {"a": 3, "b": 6, "c": 9, "u": 3, "v": 3, "J": 1}
    assert "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6" in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chain.svg", "chain_of_b.svg"]


def test_neuron(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    losses = neuron.main(tmp_path)
    assert losses["after"] < losses["before"] / 4
    assert "dL/dw1 = ∂L/∂e · ∂e/∂a · ∂a/∂z · ∂z/∂w1" in capsys.readouterr().out
    assert "</svg>" in (tmp_path / "neuron.svg").read_text(encoding="utf-8")


def test_logistic_regression(tmp_path: Path) -> None:
    result = logistic_values.main(tmp_path)
    assert result["worst"] < 1e-14 and result["J"] < 0.12
    assert len(list(tmp_path.glob("*.svg"))) == 2


def test_moons(tmp_path: Path) -> None:
    assert moons.main(tmp_path, count=40, steps=60)["accuracy"] == 1.0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["moons.png", "moons_neuron.svg"]


def test_readme_picture_is_what_its_script_makes(tmp_path: Path) -> None:
    """Fonts differ from machine to machine, so the words are compared, not the places."""
    make_readme_picture.main(tmp_path)

    def words(file: Path) -> list[str]:
        return sorted(re.findall(r">([^<>]+)</text>", file.read_text(encoding="utf-8")))

    assert words(tmp_path / "chain.svg") == words(ROOT / "docs" / "chain.svg")


@pytest.mark.parametrize(
    "command, written",
    [(("programs/chain.py", "new"), "chain.svg"), (("course/ex03_xor.py", "--quick", "--out", "new"), "03_xor.png")],
)
def test_a_file_runs_by_its_path_from_anywhere(command: tuple[str, ...], written: str, tmp_path: Path) -> None:
    """As an editor's Run button does; the examples are no package that is installed."""
    file, *arguments = command
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    program = f"import runpy, sys; sys.path[:0] = [{str(ROOT)!r}]; import autograd, viz; del sys.path[0]\n"
    program += f"sys.argv = {[file, *arguments]!r}; sys.path[0] = {str((ROOT / 'examples' / file).parent)!r}\n"
    program += f"runpy.run_path({str(ROOT / 'examples' / file)!r}, run_name='__main__')"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", cwd=tmp_path, timeout=120,
        env={**environment, "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"},
    )  # fmt: skip
    assert ran.returncode == 0 and (tmp_path / "new" / written).exists(), ran.stderr


def test_workers(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    pytest.importorskip("sklearn")
    workers = pytest.importorskip("examples.programs.workers")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path)
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        result = workers.train(client, steps=25)
    assert result["after"] < result["before"] / 4 and result["accuracy"] > 0.85
