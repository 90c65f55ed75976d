"""Which libraries there are, and the pairs of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from .pair import Pair

FOLDER = Path(__file__).parent.parent / "libraries"
Family = Callable[[], Iterable[Pair]]


def names() -> list[str]:
    """The files of ``autograd/check/libraries``."""
    return sorted(p.stem for p in FOLDER.glob("*.py") if p.stem != "__init__")


def families(library: str) -> list[Family]:
    """The families of one library, none of them run yet; ``"scipy"`` also stands for ``scipy_special`` and the like.

    Raises
    ------
    ValueError
        If there is no such registry.
    """
    files = [name for name in names() if name == library or name.startswith(f"{library}_")]
    if not files:
        raise ValueError(f"no registry for the library {library!r}: there are {', '.join(names())}")
    package = __package__.rpartition(".")[0]
    return [family for name in files for family in import_module(f"{package}.libraries.{name}").FAMILIES]


def load(library: str) -> dict[str, Pair]:
    """All pairs of one library by name; whatever a family raises is raised.

    Raises
    ------
    ValueError
        If there is no such registry, or two pairs have one name.
    ImportError
        If the library is not installed.

    Examples
    --------
    >>> from autograd.check.survey.registry import load
    >>> load("numpy")["polynomial.Chebyshev.deriv"].check(0.3).verdict
    'right'
    """
    found: dict[str, Pair] = {}
    for family in families(library):
        gather(family, found)
    return found


def gather(family: Family, found: dict[str, Pair]) -> None:
    """The pairs of one family, added to `found`."""
    for pair in family():
        if pair.name in found:
            raise ValueError(f"the name {pair.name!r} stands twice in the registry")
        found[pair.name] = pair
