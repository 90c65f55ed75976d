"""Lets one file of this folder run by its path, as an editor's Run button does.

Python then looks for the package `examples` in this folder, not in the one that holds it; this module leads it there.
"""

from pathlib import Path

__path__ = [str(Path(__file__).resolve().parents[1])]
