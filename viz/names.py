"""What the nodes of a picture are called: their label, else the caller's variable name, else v1, v2, …"""

from __future__ import annotations

from itertools import count
from typing import Any, Iterable, Iterator, Mapping

from autograd.node import Node

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def name_nodes(nodes: Iterable[Node], names: Mapping[str, Any] | None = None) -> dict[Node, str]:
    """A name for each node, no two alike.

    Parameters
    ----------
    nodes : iterable of Node
        In order of creation.
    names : mapping, optional
        Names for the nodes without a label, as ``locals()`` gives them. Nodes inside lists, tuples and
        dicts are found too: ``w[0]``. Names with a leading underscore are left out.

    Raises
    ------
    TypeError
        If `names` is no mapping.

    Examples
    --------
    >>> from autograd import Value
    >>> a, b, w = Value(1, label="a"), Value(2), [Value(3)]
    >>> list(name_nodes([a, b, *w, a * b], {"b": b, "w": w}).values())
    ['a', 'b', 'w[0]', 'v1']
    """
    nodes = list(nodes)
    if names is not None and not isinstance(names, Mapping):
        kind = type(names).__name__
        raise TypeError(f"names must map names to Values and Tensors, as locals() does, not be a {kind}")
    variables: dict[Node, str] = {}
    for name, value in (names or {}).items():
        if not str(name).startswith("_"):
            for part, node in _nodes_in(str(name), value):
                variables.setdefault(node, part)
    wanted = {node: node.label if node.label.strip() else variables.get(node, "") for node in nodes}
    taken = set(wanted.values())
    numbered = (name for name in map("v{}".format, count(1)) if name not in taken)
    named: dict[Node, str] = {}
    seen: set[str] = set()
    repeats: dict[str, Iterator[int]] = {}
    for node in nodes:
        name = wanted[node] or next(numbered)
        if name in seen:
            again = repeats.setdefault(name, count(2))
            name = next(n for n in (name + str(k).translate(_SUBSCRIPTS) for k in again) if n not in taken | seen)
        seen.add(name)
        named[node] = name
    return named


def _nodes_in(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Node]]:
    if isinstance(value, Node):
        yield name, value
    elif depth < 3 and isinstance(value, (list, tuple)):
        for i, part in enumerate(value):
            yield from _nodes_in(f"{name}[{i}]", part, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for key, part in value.items():
            yield from _nodes_in(f"{name}[{key!r}]", part, depth + 1)
    elif depth < 3 and callable(getattr(type(value), "named_parameters", None)):
        for part_name, part in value.named_parameters():
            yield from _nodes_in(f"{name}.{part_name}", part, depth + 1)
