"""The examples run, print what they promise, and write their pictures."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from docs import make_readme_picture
from examples.programs import moons
from viz.cli import main as draw

ROOT = Path(__file__).resolve().parents[2]


def test_moons(tmp_path: Path) -> None:
    assert moons.main(tmp_path, count=40, steps=60)["accuracy"] == 1.0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["moons.png", "moons_neuron.svg"]


def test_the_command_of_the_readme_draws_its_picture(tmp_path: Path) -> None:
    make_readme_picture.main(tmp_path)
    command = re.search(r"python -m viz (.*) -o J.svg", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert command and draw([*shlex.split(command[1]), "-o", str(tmp_path / "J.svg")]) == 0
    assert (tmp_path / "J.svg").read_bytes() == (tmp_path / "chain.svg").read_bytes()


def test_readme_picture_is_what_its_script_makes(tmp_path: Path) -> None:
    """Fonts differ from machine to machine, so the words are compared, not the places."""
    make_readme_picture.main(tmp_path)

    def words(file: Path) -> list[str]:
        return sorted(re.findall(r">([^<>]+)</text>", file.read_text(encoding="utf-8")))

    assert words(tmp_path / "chain.svg") == words(ROOT / "docs" / "chain.svg")


@pytest.mark.parametrize(
    "command, written",
    [
        (("programs/pictures.py", "new"), "still_neuron.svg"),
        (("course/ex03_xor.py", "--quick", "--out", "new"), "03_xor.png"),
    ],
)
def test_a_file_runs_by_its_path_from_anywhere(command: tuple[str, ...], written: str, tmp_path: Path) -> None:
    """As an editor's Run button does; the examples are no package that is installed."""
    file, *arguments = command
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    program = f"import runpy, sys; sys.path[:0] = [{str(ROOT)!r}]; import autograd, viz; del sys.path[0]\n"
    program += f"sys.argv = {[file, *arguments]!r}; sys.path[0] = {str((ROOT / 'examples' / file).parent)!r}\n"
    program += f"runpy.run_path({str(ROOT / 'examples' / file)!r}, run_name='__main__')"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        timeout=120,
        env={**environment, "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"},
    )
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
