"""An interpreter for every peer: one that the user names, or a throw-away virtual environment, made on first use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).resolve().parent / ".venvs"
NUMPY = "numpy==2.4.6"
CPU = ["--extra-index-url", "https://download.pytorch.org/whl/cpu"]
PEERS: dict[str, list[str]] = {  # peer -> what pip installs
    "micrograd": ["micrograd==0.1.0", NUMPY],
    "torch": ["torch==2.13.0", NUMPY, *CPU],
    "jax": ["jax==0.10.2", NUMPY],
    "mygrad": ["mygrad==2.5.0", NUMPY],
    "hips": ["autograd==1.9.1", "scipy==1.17.1", NUMPY],
    "pytorch_graphs": [
        "torch==2.13.0",
        "torchviz==0.0.3",
        "torchview==0.2.7",
        "torchlens==2.36.1",
        "torchvista==0.2.13",
        "pygraphviz==2.0.4",
        "pytest==9.2.0",
        NUMPY,
        *CPU,
    ],  # fmt: skip
    "torchviz": ["torchviz==0.0.3", "torch==2.13.0", "pygraphviz==2.0.4", NUMPY, *CPU],
}


def interpreter(peer: str, named: dict[str, str]) -> str:
    """The path of the interpreter for `peer`; ours and hand-written NumPy run in the one that runs this."""
    if peer in ("ours", "pure", "numpy"):
        return sys.executable
    if peer in named:
        return named[peer]
    folder = CACHE / peer
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    complete = folder / "installed.txt"  # written last, so that an interrupted installation is made again
    wanted = "\n".join(PEERS[peer])
    if not complete.exists() or complete.read_text() != wanted:
        print(f"installing {' '.join(PEERS[peer])}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS[peer]], check=True)
        complete.write_text(wanted)
    return str(python)


VERSIONS = """
import sys, importlib.metadata as metadata
names = [f"Python {sys.version.split()[0]}"]
for name in sys.argv[1:]:
    try:
        names.append(f"{name} {metadata.version(name)}")
    except metadata.PackageNotFoundError:
        names.append(f"{name} absent")
print(", ".join(names))
"""


CORE = "import autograd.core; print(autograd.core.name, 'core of Value')"


def versions(peer: str, python: str) -> str:
    """What `python` really runs for `peer`: its own version, those of the peer's packages, and our core."""
    packages = [item.split("==")[0] for item in PEERS.get(peer, [NUMPY]) if "==" in item]
    found = [_output(python, VERSIONS, *packages)]
    if peer in ("ours", "pure"):
        found.append(_output(python, CORE, GRADGRAPH_PURE=str(int(peer == "pure"))))
    return ", ".join(found)


def _output(python: str, program: str, *arguments: str, **environment: str) -> str:
    around = {**os.environ, "PYTHONPATH": str(CACHE.parent.parent), **environment}
    command = [python, "-c", program, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=around).stdout.strip()


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print(interpreter(wanted, {}))
