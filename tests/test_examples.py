"""The examples run, print what they promise, and write their pictures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from examples import chain, logistic_values, make_readme_picture, moons, neuron

ROOT = Path(__file__).parent.parent


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


def test_runs_as_a_script_from_anywhere(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "chain.py"), str(tmp_path / "new")],
        capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, timeout=120,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PATH": ""},
    )  # fmt: skip
    assert run.returncode == 0 and (tmp_path / "new" / "chain.svg").exists(), run.stderr


def test_workers(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `scale` is not installed")
    pytest.importorskip("sklearn")
    workers = pytest.importorskip("examples.workers")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path)
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        result = workers.train(client, steps=25)
    assert result["after"] < result["before"] / 4 and result["accuracy"] > 0.85
