"""What the nodes of a picture are called: label, the caller's variable, the place in a network, else v1, v2, …"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import Any, Iterable, Iterator, Mapping

from autograd.annotations import Scope, derivative_of, place_of
from autograd.node import Node
from viz import formatting

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
GREEK = dict(
    zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(),
        "α β γ δ ε ζ η θ ι κ λ μ ν ξ π ρ σ τ υ φ χ ψ ω Γ Δ Θ Λ Ξ Π Σ Υ Φ Ψ Ω".split(),
    )
)
_GREEK_NAME = r"(%s)_?(\d*)(_?)" % "|".join(sorted(GREEK, key=len, reverse=True))  # compiled at its first use


def name_nodes(
    nodes: Iterable[Node], names: Mapping[str, Any] | None = None, scopes: Mapping[Node, Scope] | None = None
) -> dict[Node, str]:
    """A name for each node, no two alike.

    Parameters
    ----------
    nodes : iterable of Node
        In order of creation.
    names : mapping, optional
        Names for the nodes without a label, as ``locals()`` gives them. Nodes inside lists, tuples and
        dicts are found too: ``w[0]``. Names with a leading underscore are left out.
    scopes : mapping, optional
        The part of the program that each node belongs to, for the results of neurons.

    Raises
    ------
    TypeError
        If `names` is no mapping.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b, theta, w = Value(1, label="a"), Value(2), Value(2.5), [Value(3)]
    >>> list(name_nodes([a, b, theta, *w, a * b], {"b": b, "theta": theta, "w": w}).values())
    ['a', 'b', 'θ', 'w[0]', 'v1']
    """
    nodes = list(nodes)
    if names is not None and not isinstance(names, Mapping):
        kind = type(names).__name__
        raise TypeError(f"names must map names to Values and Tensors, as locals() does, not be a {kind}")
    variables: dict[Node, str] = {}
    for name, value in (names or {}).items():
        if not str(name).startswith("_"):
            for part, node in nodes_in(str(name), value):
                if node not in variables or ("." in variables[node] and "." not in part):
                    variables[node] = part
    wanted = {node: _wanted(node, variables, scopes or {}) for node in nodes}
    taken = set(wanted.values())
    numbered = (name for name in map("v{}".format, count(1)) if name not in taken)
    named: dict[Node, str] = {}
    seen: set[str] = set()
    repeats: dict[str, Iterator[int]] = {}
    for node in nodes:
        name = wanted[node] or _derivative(node, named, variables) or next(numbered)
        if name in seen:
            again = repeats.setdefault(name, count(2))
            name = next(n for n in map(_repeated, again, _forever(name)) if n not in taken and n not in seen)
        seen.add(name)
        named[node] = name
    return named


def _wanted(node: Node, variables: Mapping[Node, str], scopes: Mapping[Node, Scope]) -> str:
    if node.label.strip():
        return pretty(node.label)
    variable = variables.get(node, "")
    place = None if node.rule else place_of(node)
    # A path through a network, m.layers.0.neurons.1.w.0, says no more than the frame and the name in it.
    if place and (not variable or "." in variable):
        return in_network(place.name, place.scope)
    if not variable and node in scopes and scopes[node].name.startswith("neuron"):
        summed = any(isinstance(x, Node) and place_of(x) for x in node.inputs)
        return in_network("z" if summed else "a", scopes[node])
    return pretty(variable)


def in_network(name: str, scope: Scope) -> str:
    """A neuron's w₂ among all weights of a network, as lectures write it: w₁₂⁽³⁾ in neuron 1 of layer 3.

    Examples
    --------
    >>> layer = Scope("layer 3")
    >>> in_network("w₂", Scope("neuron 1", layer)), in_network("b", Scope("neuron 1", layer))
    ('w₁₂⁽³⁾', 'b₁⁽³⁾')
    """
    neuron, layer = _numbers(scope)
    stem = name.rstrip("₀₁₂₃₄₅₆₇₈₉")
    index = name[len(stem) :]
    between = "," if neuron and index and len(neuron + index) > 2 else ""
    return f"{stem}{neuron}{between}{index}" + (f"⁽{layer}⁾" if layer else "")


@lru_cache(maxsize=256)
def _numbers(scope: Scope) -> tuple[str, str]:
    """The neuron's number as an index, and the layer's raised."""
    numbers = {kind: number for kind, _, number in (part.name.partition(" ") for part in scope.path)}
    return numbers.get("neuron", "").translate(_SUBSCRIPTS), numbers.get("layer", "").translate(_SUPERSCRIPTS)


def pretty(name: str) -> str:
    """A Greek letter's name as the letter, with its number as index.

    Examples
    --------
    >>> pretty("theta"), pretty("theta_10"), pretty("theatre"), pretty("w1")
    ('θ', 'θ₁₀', 'theatre', 'w1')
    """
    found = re.fullmatch(_GREEK_NAME, name)
    return GREEK[found[1]] + found[2].translate(_SUBSCRIPTS) if found else name


def _repeated(k: int, name: str) -> str:
    """The k-th of one name: w₂; w₁⁽²⁾ where there is an index already."""
    if name[-1] in "₀₁₂₃₄₅₆₇₈₉":
        return f"{name}⁽{str(k).translate(_SUPERSCRIPTS)}⁾"
    return name + str(k).translate(_SUBSCRIPTS)


def _forever(name: str) -> Iterator[str]:
    while True:
        yield name


def _derivative(node: Node, named: Mapping[Node, str], variables: Mapping[Node, str]) -> str:
    """``d²y/dx²``, of a node that came out of a recorded backward pass."""
    found = derivative_of(node)
    if found is None:
        return ""
    nodes = [ref() for ref in (found.of, *found.by)]
    alive = [x for x in nodes if x is not None]
    if len(alive) < len(nodes):
        return ""
    names = [named.get(x) or (x.label and pretty(x.label)) or variables.get(x, "") for x in alive]
    return derivative_name(names[0] or "y", names[1:]) if all(names[1:]) else ""


def derivative_name(of: str, by: list[str]) -> str:
    """``dy/dx``, ``d²y/dx²``, ``∂²y/∂x∂w``.

    Examples
    --------
    >>> derivative_name("y", ["x"]), derivative_name("y", ["x", "x"]), derivative_name("y", ["x", "w"])
    ('dy/dx', 'd²y/dx²', '∂²y/∂x∂w')
    """
    order = str(len(by)).translate(_SUPERSCRIPTS) if len(by) > 1 else ""
    if len(set(by)) == 1:
        return f"d{order}{of}/d{by[0]}{order}"
    return f"∂{order}{of}/" + "".join(f"∂{x}" for x in by)


_SUBSCRIPT_RUN, _SUPERSCRIPT_RUN = "[₀-₉,]*[₀-₉]$", "⁽?[⁰¹²³⁴-⁹]+⁾?$"
_ASCII = {
    **{c: str(i) for i, c in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{c: str(i) for i, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    "⁽": "(",
    "⁾": ")",
}
_LATEX_GREEK = {letter: "\\" + name for name, letter in GREEK.items()} | {"ο": "o"}
_LATEX_SPECIAL = {
    "\\": r"\backslash{}", "~": r"{\sim}", "^": r"\text{\textasciicircum}", "−": "-", " ": r"\ ", "·": r"\cdot ",
    **{c: "\\" + c for c in "_#$%&{}"},
}  # fmt: skip


def latex_of(name: str) -> str:
    r"""A name for LaTeX's mathematics mode: indices lowered and raised, Greek letters, special characters escaped.

    Examples
    --------
    >>> print(latex_of("θ₁₀⁽¹⁾"), latex_of("w1"), latex_of("x_1^2"), latex_of("d²y/dx²"))
    \theta_{10}^{(1)} w_{1} \mathrm{x\_1\text{\textasciicircum}2} \frac{\mathrm{d}^{2} y}{\mathrm{d} x^{2}}
    """
    if parts := parts_of_derivative(name):
        order = f"^{{{len(parts[1])}}}" if len(parts[1]) > 1 else ""
        return rf"\frac{{\mathrm{{d}}{order} {latex_of(parts[0])}}}{{\mathrm{{d}} {latex_of(parts[1][0])}{order}}}"
    raised = re.search(_SUPERSCRIPT_RUN, name)
    stem = name[: raised.start()] if raised else name
    lowered = re.search(_SUBSCRIPT_RUN, stem) or re.search(r"(?<=\w)[0-9]+$", stem if stem.isidentifier() else "")
    digits = stem[lowered.start() :] if lowered else ""
    stem = stem[: len(stem) - len(digits)]
    if not stem:
        return latex_of(f"v{name}") if digits and not name.isdecimal() else name
    if digits and stem.endswith("_") and len(stem) > 1:
        stem = stem[:-1]
    written = "".join(_LATEX_GREEK.get(c) or _LATEX_SPECIAL.get(c) or _ASCII.get(c, c) for c in stem)
    if len(stem.strip("_")) > 1:
        plain = all(ord(c) < 128 or c in _LATEX_GREEK for c in stem)
        written = rf"\mathrm{{{written}}}" if plain else formatting.latex_text(stem)
    elif ord(stem[0]) > 0x24F and stem not in _LATEX_GREEK:
        written = rf"\text{{{stem}}}"
    index = "".join(_ASCII.get(c, c) for c in digits)
    power = "".join(_ASCII.get(c, c) for c in raised[0]) if raised else ""
    return written + (f"_{{{index}}}" if index else "") + (f"^{{{power}}}" if power else "")


_DERIVATIVE = r"d([⁰¹²³⁴⁵⁶⁷⁸⁹]*)([^/]+)/d([^/]+?)\1"


def parts_of_derivative(name: str) -> tuple[str, list[str]] | None:
    """What ``d²y/dx²`` is the derivative of, and by what; ``None`` of other names.

    Examples
    --------
    >>> parts_of_derivative("d²y/dx²"), parts_of_derivative("x")
    (('y', ['x', 'x']), None)
    """
    found = re.fullmatch(_DERIVATIVE, name)
    if not found:
        return None
    order = int(found[1].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")) or 1)
    return found[2], [found[3]] * order


def nodes_in(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """The nodes that a variable holds: itself, in lists, tuples, dicts, and as parameters of a module."""
    if isinstance(value, Node):
        yield name, value
    elif depth < 3 and isinstance(value, (list, tuple)):
        for i, part in enumerate(value):
            yield from nodes_in(f"{name}[{i}]", part, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for key, part in value.items():
            yield from nodes_in(f"{name}[{key!r}]", part, depth + 1)
    elif depth < 3 and callable(getattr(type(value), "named_parameters", None)):
        for part_name, part in value.named_parameters():
            yield from nodes_in(f"{name}.{part_name}", part, depth + 1)


def lecture_names(model: Any) -> dict[str, Node]:
    """Names for the weights of a network as many lectures write them: θ₁₂⁽³⁾ leads from input 2 to neuron 1 of layer 3.

    The bias counts as the weight of input 0.

    Parameters
    ----------
    model : MLP, Layer or Neuron
        The network whose parameters get labels.

    Returns
    -------
    dict
        For ``names=`` of :func:`viz.draw`.

    Examples
    --------
    >>> from autograd import nn
    >>> list(lecture_names(nn.MLP(2, [1], rng=0)))
    ['θ₁₁⁽¹⁾', 'θ₁₂⁽¹⁾', 'θ₁₀⁽¹⁾']
    """
    named = {}
    for parameter in model.parameters():
        place = place_of(parameter)
        if place is not None:
            name = "θ₀" if place.name == "b" else "θ" + place.name[1:]
            named[in_network(name, place.scope)] = parameter
    return named
