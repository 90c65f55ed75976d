"""Every environment that the project claims to run in.

    python -m pip install nox && nox

runs the suite on every Python that .ci/pythons finds (the environment variable PYTHONS names more), with the newest and
with the oldest versions that setup.cfg allows, with pre-releases, and in threads on a free-threaded build; and writes
docs/environments.md. ``nox -s NAME`` runs one, ``nox -l`` lists them, what follows ``--`` is handed to pytest.
"""

from __future__ import annotations

import configparser
import json
import os
import platform
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / ".nox" / "results"
PAGE = ROOT / "docs" / "environments.md"

listed = subprocess.run([sys.executable, ROOT / ".ci" / "pythons"], capture_output=True, text=True, check=True).stdout
PYTHONS: dict[str, str] = dict(line.split("\t") for line in listed.splitlines())
FINAL = [version for version in PYTHONS if re.fullmatch(r"3\.\d+", version)]
FREE_THREADED = [version for version in PYTHONS if version.endswith("t")]
EARLY = [version for version in PYTHONS if version not in FINAL and version not in FREE_THREADED]

# Each process of the tests computes in one thread.
ENVIRONMENT = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1") | {"MPLBACKEND": "Agg"}
PARALLEL = ["-n", "auto", "--dist", "worksteal"]

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = True
nox.options.stop_on_first_error = False


def test(session: nox.Session, *options: str, optional: bool = False, **environment: str) -> None:
    """Run the suite and keep the outcome for the table; an optional one may fail."""
    report = Path(session.create_tmp()) / "report.xml"
    report.unlink(missing_ok=True)
    row: dict[str, Any] = {"environment": session.name, "optional": optional, "result": "did not run"}
    try:
        for package in ("numpy", "scipy"):
            row[package] = session.run(
                "python", "-c", f"import {package}; print({package}.__version__)", silent=True, log=False
            ).strip()
        row["python"] = session.run(
            "python", "-c", "import platform; print(platform.python_version())", silent=True, log=False
        ).strip()
        started = time.monotonic()
        session.run(
            "python", "-m", "pytest", "-q", *options, f"--junit-xml={report}", *session.posargs,
            env=ENVIRONMENT | environment,
        )  # fmt: skip
    except CommandFailed:
        if not optional:
            raise
        session.warn("failed, which this environment may")
    finally:
        if report.exists():
            counts = ElementTree.parse(report).getroot()[0].attrib
            bad = int(counts["failures"]) + int(counts["errors"])
            skipped = int(counts["skipped"])
            row["result"] = f"{int(counts['tests']) - bad - skipped:,} passed" + (f", **{bad} failed**" if bad else "")
            row["result"] += f", {skipped} skipped" if skipped else ""
            row["seconds"] = round(time.monotonic() - started)
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"{session.name}.json").write_text(json.dumps(row), encoding="utf-8")


def newest(version: str) -> None:
    """The suite on one Python, with the newest versions that pip finds for it."""

    @nox.session(name=version, python=PYTHONS[version])
    def with_newest(session: nox.Session) -> None:
        """The suite, with the newest versions of all dependencies."""
        session.install("-e", ".[test]", "pytest-xdist")
        test(session, *PARALLEL)


def early(version: str) -> None:
    """The suite on a Python that is not yet released."""

    @nox.session(name=version, python=PYTHONS[version])
    def on_pre_release(session: nox.Session) -> None:
        """The suite on a pre-release of Python, which may fail."""
        try:
            session.install("--pre", "-e", ".[test]", "pytest-xdist")
        except CommandFailed:
            session.warn("the dependencies cannot be installed on this pre-release")
        test(session, *PARALLEL, optional=True)


def free_threaded(version: str) -> None:
    """The suite in several threads on a free-threaded build."""

    @nox.session(name=version, python=PYTHONS[version])
    def in_threads(session: nox.Session) -> None:
        """The suite on a free-threaded build, every test in four threads at once."""
        session.install("-e", ".[test]", "pytest-run-parallel")
        test(session, "--parallel-threads=4", PYTHON_GIL="0")


for number in FINAL:
    newest(number)
for number in EARLY:
    early(number)
for number in FREE_THREADED:
    free_threaded(number)


def oldest_versions() -> str:
    """A constraints file: all that setup.cfg asks for, at the lower bound."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    requirements = [settings["options"]["install_requires"], *settings["options.extras_require"].values()]
    lines = {line.strip() for requirement in requirements for line in requirement.splitlines()}
    return "\n".join(sorted(line.replace(">=", "==") for line in lines if ">=" in line))


@nox.session(python=PYTHONS[FINAL[0]])
def oldest(session: nox.Session) -> None:
    """The suite on the oldest Python, with the oldest version of every dependency."""
    constraints = Path(session.create_tmp()) / "constraints.txt"
    constraints.write_text(oldest_versions(), encoding="utf-8")
    session.install("-e", ".[test]", "pytest-xdist", "--constraint", str(constraints))
    test(session, *PARALLEL)


@nox.session(python=PYTHONS[FINAL[-1]])
def prerelease(session: nox.Session) -> None:
    """The suite with pre-releases of NumPy and all else, where pip has any; it may fail."""
    session.install("--pre", "-e", ".[test]", "pytest-xdist")
    test(session, *PARALLEL, optional=True)


@nox.session(python=PYTHONS[FINAL[-1]])
def deprecations(session: nox.Session) -> None:
    """The suite on the newest Python, where whatever warns of a deprecation fails."""
    session.install("-e", ".[test]", "pytest-xdist")
    test(session, *PARALLEL, "-W", "error::DeprecationWarning")


@nox.session(python=False)
def table(session: nox.Session) -> None:
    """Write docs/environments.md from what the last runs of the other sessions gave."""
    rows = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in RESULTS.glob("*.json")}
    names = [*PYTHONS, "oldest", "prerelease", "deprecations"]
    lines = [
        f"| {name} | {row.get('python', '')} | {row.get('numpy', '')} | {row.get('scipy', '')} | {row['result']} "
        f"| {row.get('seconds', '')} |"
        for name in names
        if (row := rows.get(name))
    ]
    missing = [] if FREE_THREADED else ["No free-threaded build of Python was found on this machine."]
    PAGE.write_text(
        HEAD.format(date=date.today(), machine=f"{os.cpu_count()} cores, {platform.system()}")
        + "\n".join(lines)
        + "\n".join(["\n", *missing]).rstrip()
        + "\n",
        encoding="utf-8",
    )
    session.log(f"wrote {PAGE.relative_to(ROOT)}")


HEAD = """\
# Where it runs

*Written by `nox`, on {date}, {machine}.*

"""
