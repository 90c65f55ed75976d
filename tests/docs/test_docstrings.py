"""Every public name says what it takes, what it gives, what it raises, and shows an example."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import textwrap
from importlib import import_module
from types import ModuleType
from typing import Any, Iterator

import pytest

import autograd
from autograd.rules import Elementwise, Rule

MODULES = (
    "autograd", "autograd.nn", "autograd.nn.init", "autograd.nn.functional", "autograd.optim", "autograd.training",
    "autograd.check", "autograd.linalg", "autograd.special", "autograd.distributed", "autograd.scalarize", "viz",
)  # fmt: skip


def public() -> Iterator[tuple[str, Any]]:
    """Functions and classes that the modules offer: those of ``__all__``, else those that are defined there."""
    found: set[int] = set()
    for name in MODULES:
        module = import_module(name)
        for attribute in getattr(module, "__all__", None) or sorted(vars(module)):
            thing = getattr(module, attribute)
            own = hasattr(module, "__all__") or getattr(thing, "__module__", "").startswith(name)
            if own and not attribute.startswith("_") and callable(thing) and id(thing) not in found:
                found.add(id(thing))
                yield f"{name}.{attribute}", thing


OFFERED = {name: thing for name, thing in public() if not isinstance(thing, ModuleType)}
RULES = {name: thing for name, thing in OFFERED.items() if isinstance(thing, Rule)}
ERRORS = {name for name, thing in OFFERED.items() if isinstance(thing, type) and issubclass(thing, BaseException)}
WRITTEN = {name: thing for name, thing in OFFERED.items() if name not in ERRORS and name not in RULES}
MADE_BY_US = {
    "autograd.check.Entry", "autograd.check.Finding", "autograd.check.Report", "viz.Chain", "viz.CheckPicture",
    "viz.CodePicture", "viz.Drawing", "viz.Finding", "viz.Findings", "viz.Graph", "viz.LivePage", "viz.Loaded",
    "viz.NetworkPicture", "viz.Path", "viz.Picture", "viz.Summary", "viz.Frames",
}  # fmt: skip
"""Classes that nobody calls: what functions hand out."""


def sections(thing: Any) -> dict[str, str]:
    """The sections of a docstring by their headings; what comes before them under ''."""
    parts = re.split(r"^([A-Z][A-Za-z ]+)\n-{3,}$", inspect.getdoc(thing) or "", flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2]))}


def arguments(thing: Any) -> list[str]:
    """The names that a caller may give."""
    return [name for name in inspect.signature(thing).parameters if not name.startswith("_") and name != "self"]


def bare(parameters: str) -> list[str]:
    """The entries of a section that give a name and a type, and no sentence."""
    lines = parameters.rstrip().splitlines()
    following = [*lines[1:], ""]
    return [line for line, after in zip(lines, following) if line[:1].strip() and not after.startswith("    ")]


def test_a_parameter_without_a_sentence_is_found() -> None:
    assert bare("x : float\n    A number.\ny : int\n\nz : int") == ["y : int", "z : int"]


def raises(thing: Any) -> bool:
    """Whether its own code raises; what it calls is not read."""
    if isinstance(thing, type):
        thing = thing.__init__  # of the class, whatever it is
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    except (OSError, TypeError):
        return False
    return any(isinstance(node, ast.Raise) for node in ast.walk(tree))


def test_there_are_many() -> None:
    assert len(WRITTEN) > 150 and len(RULES) > 45


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_the_docstring_is_whole(name: str) -> None:
    thing = WRITTEN[name]
    found = sections(thing)
    assert len(found[""].strip()) >= 8 and ">>> " in found.get("Examples", "")
    assert not bare(found.get("Parameters", ""))
    if name in MADE_BY_US:
        return
    for argument in arguments(thing):
        described = re.search(
            rf"^\**{re.escape(argument)}\b|^[\w, *]*, \**{re.escape(argument)}\b", found.get("Parameters", ""), re.M
        )
        assert described, f"the parameter {argument} is not described"
    if not isinstance(thing, type) and inspect.signature(thing).return_annotation not in ("None", None):
        assert "Returns" in found or "Yields" in found
    if raises(thing):
        assert "Raises" in found


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_what_it_is(name: str) -> None:
    rule = RULES[name]
    found = sections(rule)
    if isinstance(rule, Elementwise):
        names = list(inspect.signature(rule).parameters)
        assert len(names) == len(rule.partials) and found[""].startswith(f"{rule.name}({', '.join(names)[:1]}")
        assert all(re.search(rf"^{argument} : ", found["Parameters"], re.M) for argument in names)
        assert "Returns" in found and ">>> " in found["Examples"]
    tests = doctest.DocTestFinder().find(rule, name, globs={})
    for test in tests or [doctest.DocTestParser().get_doctest(rule.__doc__ or "", {}, name, None, None)]:
        assert doctest.DocTestRunner().run(test).failed == 0


def test_help_shows_a_signature(capsys: pytest.CaptureFixture[str]) -> None:
    help(autograd.leaky_relu)
    assert "leaky_relu(x, a=0.01, /)" in capsys.readouterr().out
