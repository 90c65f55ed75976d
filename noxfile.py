"""Every environment that the project claims to run in.

    python -m pip install nox && nox

runs the suite on every Python that .ci/pythons finds (name more of them in the environment variable PYTHONS), with the
oldest versions of all dependencies, and with pre-releases; then it writes docs/environments.md. ``nox -s NAME`` runs
one of them, ``nox -l`` lists them, and what follows ``--`` is handed to pytest.
"""

from __future__ import annotations

import configparser
import json
import os
import platform
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / ".nox" / "results"
PAGE = ROOT / "docs" / "environments.md"
HEAD = """\
# Where it runs

*Written by `nox`, on {date}: {cores} cores, {system}.*

The whole suite (tests and doctests), in each environment with the versions that pip takes there on that day; in
`oldest`, with the least ones that `setup.cfg` allows. Expressions that a NumPy refuses itself, since it does not yet
have a function or has it no longer, are not collected with it: the report of the tests names them.

| environment | Python | NumPy | SciPy | result | seconds |
|---|---|---|---|---|---|
"""

listed = subprocess.run([sys.executable, ROOT / ".ci" / "pythons"], capture_output=True, text=True, check=True).stdout
PYTHONS = dict(line.split("\t") for line in listed.splitlines())
RELEASED = [version for version in PYTHONS if re.fullmatch(r"3\.\d+", version)]
# Each process of the tests computes in one thread.
ONE_THREAD = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")

nox.options.default_venv_backend = "virtualenv"
nox.needs_version = ">=2024.4.15"


def version_of(session: nox.Session, package: str) -> str:
    """The version of a package in the session's environment, nothing if it is missing."""
    question = f"from importlib.metadata import distributions as d; print(*(p.version for p in d(name={package!r})))"
    return str(session.run("python", "-c", question, silent=True, log=False)).strip()


def keep(session: nox.Session, result: str, seconds: float | None = None) -> None:
    """Keep a row of the table until it is written."""
    python = session.run("python", "-c", "import platform; print(platform.python_version())", silent=True, log=False)
    versions = [str(python).strip(), version_of(session, "numpy"), version_of(session, "scipy")]
    cells = [session.name, *versions, result, "" if seconds is None else f"{seconds:.0f}"]
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{session.name}.json").write_text(json.dumps(cells), encoding="utf-8")


def run_suite(session: nox.Session, *options: str, **environment: str) -> None:
    """Run all tests, and keep what pytest counted."""
    report = Path(session.create_tmp()) / "report.xml"
    report.unlink(missing_ok=True)
    command = ["python", "-m", "pytest", "-q", f"--junit-xml={report}", *options, *session.posargs]
    try:
        session.run(*command, env={"MPLBACKEND": "Agg", **ONE_THREAD, **environment})
    finally:
        if report.exists() and not session.posargs:  # a part of the tests makes no row
            suite = ElementTree.parse(report).getroot()[0].attrib
            failed, skipped = int(suite["failures"]) + int(suite["errors"]), int(suite["skipped"])
            passed = int(suite["tests"]) - failed - skipped
            counts = {"passed": passed, "**failed**": failed, "skipped": skipped}
            result = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
            keep(session, result, float(suite["time"]))


def install(session: nox.Session, *requirements: str) -> None:
    """Install, and forget the row that an earlier run has left."""
    (RESULTS / f"{session.name}.json").unlink(missing_ok=True)
    session.install(*requirements)


def in_processes(session: nox.Session, *requirements: str) -> None:
    """Install, and run the suite in as many processes as the machine has cores."""
    install(session, "-e", ".[test]", "pytest-xdist", *requirements)
    run_suite(session, "-n", "auto", "--dist", "worksteal")


def in_threads(session: nox.Session) -> None:
    """Install, and run every test in four threads at once, without the global lock."""
    install(session, "-e", ".[test]", "pytest-run-parallel")
    run_suite(session, "--parallel-threads=4", PYTHON_GIL="0")


def define(version: str) -> None:
    """The session of one Python."""

    @nox.session(name=version, python=PYTHONS[version])
    def on_python(session: nox.Session) -> None:
        """The suite with the newest versions of all dependencies; free-threaded builds (t) run it in threads."""
        if version.endswith("t"):
            in_threads(session)
        elif version in RELEASED:
            in_processes(session)
        else:
            may_fail(session)


def may_fail(session: nox.Session) -> None:
    """The suite with pre-releases: a failure is reported, and is none of the whole."""
    try:
        in_processes(session, "--pre")
    except CommandFailed:
        session.warn("failed, as an environment of pre-releases may")
        if not (RESULTS / f"{session.name}.json").exists():
            keep(session, "cannot be installed")


for number in PYTHONS:
    define(number)


@nox.session(python=PYTHONS[RELEASED[0]])
def oldest(session: nox.Session) -> None:
    """The suite on the oldest Python, with the least versions of all dependencies that setup.cfg allows."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    asked = [settings["options"]["install_requires"], *settings["options.extras_require"].values()]
    bounds = {line for lines in asked for line in lines.splitlines() if ">=" in line}
    least = {re.sub(r"\[.*\]", "", line).replace(">=", "==") for line in bounds}  # constraints name no extras
    constraints = Path(session.create_tmp()) / "constraints.txt"
    constraints.write_text("\n".join(sorted(least)), encoding="utf-8")
    in_processes(session, "--constraint", str(constraints))


@nox.session(python=PYTHONS[RELEASED[-1]])
def prerelease(session: nox.Session) -> None:
    """The suite on the newest Python, with a pre-release of NumPy if pip has one; it may fail."""
    install(session, "--pre", "numpy", "scipy")
    if re.search("[a-z]", version_of(session, "numpy")):
        may_fail(session)
    else:
        keep(session, "pip has no pre-release of NumPy")


@nox.session(python=False)
def table(session: nox.Session) -> None:
    """Write docs/environments.md from the last results of the others."""
    kept = [RESULTS / f"{name}.json" for name in (*PYTHONS, "oldest", "prerelease")]
    rows = [json.loads(path.read_text(encoding="utf-8")) for path in kept if path.exists()]
    head = HEAD.format(date=date.today(), cores=os.cpu_count(), system=platform.system())
    lines = ["| " + " | ".join(row) + " |\n" for row in rows]
    if not any(version.endswith("t") for version in PYTHONS):
        lines.append("\nNo free-threaded build of Python was found on that machine.\n")
    PAGE.write_text(head + "".join(lines), encoding="utf-8")
    session.log(f"wrote {PAGE}")
