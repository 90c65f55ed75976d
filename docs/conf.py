"""How Sphinx builds the site: ``python -m sphinx -W docs build/docs`` (extra ``docs``). No network is needed.

Two kinds of pages are made at build time, from the code: the reference (``docs/reference/``, a page for each public
name) and the pictures (``docs/pictures/``).
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
EXAMPLES = DOCS.parent / "examples"
sys.path.insert(0, str(DOCS.parent))
os.environ["GRADGRAPH_PURE"] = "1"  # autodoc cannot read the signatures of the compiled core's methods

project = "gradgraph"
copyright = author = "the gradgraph authors"
extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
]
html_theme = "furo"
html_title = "gradgraph"
myst_heading_anchors = 4
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
autosummary_generate = True
autosummary_ignore_module_all = False
autodoc_typehints = "none"  # the docstrings say it in words
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
toc_object_entries = False

# Files of the repository that are pages of the site, whole or from one heading to another.
MIRRORED = {
    "tutorial/start": ("README.md", "## A tour of five minutes", "## Good to know"),
    "conventions": ("README.md", "## Good to know", "## How it compares"),
    "benchmarks": ("benchmarks/README.md", "", ""),
    "changelog": ("CHANGELOG.md", "", ""),
    "contributing": ("CONTRIBUTING.md", "", ""),
}

REFERENCE = {
    "autograd": "Values, Tensors and derivatives",
    "autograd.check": "Checking gradients",
    "viz": "Pictures",
    "autograd.nn": "Networks",
    "autograd.nn.functional": "Networks as functions",
    "autograd.nn.init": "Initial weights",
    "autograd.optim": "Optimisers and schedules",
    "autograd.training": "Training",
    "autograd.special": "SciPy's special functions",
    "autograd.linalg": "SciPy's matrix functions",
    "autograd.distributed": "Beyond one process",
    "autograd.scalarize": "Tensor programs as scalars",
}


def public(module: str) -> list[str]:
    """The names that a module offers: its ``__all__``, else what it defines itself."""
    space = import_module(module)
    names = getattr(space, "__all__", None)
    if names is None:
        names = [n for n, x in vars(space).items() if not n.startswith("_") and getattr(x, "__module__", "") == module]
    return sorted(n for n in names if getattr(getattr(space, n), "__doc__", None))


def reference() -> None:
    """Write a page per module that lists its names, and the table of rules."""
    from autograd import RULES, Rule

    folder = DOCS / "reference"
    folder.mkdir(exist_ok=True)
    for module, title in REFERENCE.items():
        space = import_module(module)
        names = [n for n in public(module) if not isinstance(getattr(space, n), (Rule, type(sys)))]
        lines = [f"{title}", "=" * len(title), "", f".. py:module:: {module}", "", f"Module ``{module}``.", ""]
        lines += [f".. currentmodule:: {module}", "", ".. autosummary::", "   :toctree: generated", "   :nosignatures:"]
        lines += ["", *(f"   {name}" for name in names), ""]
        (folder / f"{module}.rst").write_text("\n".join(lines), encoding="utf-8")
    (folder / "rules.md").write_text(rules(RULES), encoding="utf-8")


def rules(table: Any) -> str:
    """The functions of the table of rules, with their derivatives as the engine reads them."""
    import autograd
    from autograd import Symbol
    from autograd.rules.rule import Elementwise

    lines = [
        "# Functions of numbers",
        "",
        "Each is a function of `autograd`, a method of Values and Tensors, and a word of the language of",
        "`python -m viz`.",
        "Their derivatives are written here from the formulas that the engine computes with; y is the output.",
        "",
        "| function | what it is | derivative |",
        "|---|---|---|",
    ]
    for name, rule in sorted(table.items()):
        if not isinstance(rule, Elementwise) or name not in dir(autograd.rules.elementwise):
            continue
        count = len(rule.partials)
        inputs = ["x"] if count == 1 else list("abcde"[:count])
        symbols = [Symbol(x) for x in inputs]
        partials = [rule.partial(i, Symbol("y"), symbols) for i in range(count)]
        written = [p.text() if isinstance(p, Symbol) else format(p, "g") for p in partials]
        derivatives = "; ".join(f"∂/∂{x} = {p}" for x, p in zip(inputs, written)).replace("|", "\\|")
        first = (rule.doc or "").strip().replace("|", "\\|")
        lines.append(f"| `{name}({', '.join(inputs)})` | {first} | {derivatives} |")
    return "\n".join(lines) + "\n"


def pictures() -> None:
    """Draw what the pages show, by the code as it is."""
    import viz
    from autograd import Value
    from autograd.nn import MLP, Neuron

    folder = DOCS / "pictures"
    folder.mkdir(exist_ok=True)
    a, b, c = Value(5, label="a"), Value(3, label="b"), Value(2, label="c")
    u = b * c
    v = a + u
    J = 3 * v
    J.backward()
    viz.draw(J, names={"u": u, "v": v, "J": J}).save(folder / "chain.svg")
    for name, model in {
        "neuron": Neuron(2, "sigmoid", rng=0),
        "network": MLP(2, [4, 1], activation=["tanh", "sigmoid"], rng=0),
    }.items():
        y = model([Value(1.0, label="x1"), Value(-0.5, label="x2")])
        y.backward()
        viz.draw(y, names={"y": y}).save(folder / f"{name}.svg")


# Its text may be an image, which is a link itself.
LINK = re.compile(r"(!?\[)((?:!\[[^\]]*\]\([^)]*\)|[^\]])*)\]\(([^)#:\s]+)(#[^)\s]*)?\)")


def page(app: Any, name: str, source: list[str]) -> None:
    """Read a page of the site: mirrored ones from their file, and links so that they stay on the site.

    A link to a file of the code becomes the name of that file, one to a notebook or an example downloads it.
    """
    folder = (DOCS / name).parent
    if name in MIRRORED:
        file, start, end = MIRRORED[name]
        text = (DOCS.parent / file).read_text(encoding="utf-8")
        first, last = text.find(start), text.find(end) if end else len(text)
        source[0] = text[first:last]
        if start:  # its headings stand a level higher on a page of their own
            source[0] = re.sub(r"^##", "#", source[0], flags=re.MULTILINE)
        folder = (DOCS.parent / file).parent
    here = (DOCS / name).parent
    pages = {(DOCS.parent / file).resolve(): DOCS / f"{page}.md" for page, (file, _, _) in MIRRORED.items()}

    def turned(link: re.Match[str]) -> str:
        opening, text, target, anchor = link.groups()
        text = LINK.sub(turned, text)
        file = (folder / target).resolve()
        file = pages.get(file, file)
        if DOCS in file.parents:
            return f"{opening}{text}]({os.path.relpath(file, here)}{anchor or ''})"
        if file.suffix == ".ipynb" or EXAMPLES in file.parents and file.is_file():
            return f"{{download}}`{text} <{os.path.relpath(file, here)}>`"
        return f"`{os.path.relpath(file, DOCS.parent)}`" if file.exists() else link.group()

    source[0] = LINK.sub(turned, source[0])


def bars(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Leave |x| in a docstring what it is: reStructuredText would look for a substitution."""
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            parts = re.split(r"(``.*?``)", line)
            lines[i] = "".join(part if part.startswith("``") else part.replace("|", "\\|") for part in parts)


def setup(app: Any) -> None:
    """Called by Sphinx."""
    reference()
    pictures()
    app.connect("source-read", page)
    app.connect("autodoc-process-docstring", bars)
