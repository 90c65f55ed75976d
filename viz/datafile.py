"""A recorded graph as a JSON file, by columns, and back: to be drawn, stepped through and compared elsewhere.

The form, of version 1, all of it plain JSON:

``format``, ``version``
    ``"gradgraph"`` and 1.
``title``, ``differentiated``, ``differentiated_latex``, ``remark``
    As in :class:`viz.Graph`.
``roots``
    Numbers of nodes. Nodes, edges and groups are numbered from 0 on, oldest first.
``groups``
    Of each its name and the number of the group around it, or null.
``nodes``, ``edges``
    A column for each attribute of :class:`viz.model.NodeInfo` and :class:`viz.model.EdgeInfo`, by its name. A column is
    a list with an entry for each; ``{"all": x}`` where every entry is x; or ``{"few": {"3": x}}`` where few entries are
    not as usual. A column that is missing is as usual throughout. Usual is: of a node's ``short`` its name, of its
    ``derivative_name`` dJ/d followed by its name; of an edge's ``name`` ∂u/∂b with the names of both nodes, of its
    ``factor`` its formula; of all else what the class says, or nothing.
``findings``
    What :func:`viz.findings` finds: columns again.

``count`` says how many entries a column has. Numbers that JSON has not are ``{"float": "nan"}``, ``"inf"``, ``"-inf"``;
complex ones ``{"complex": [re, im]}``. Nodes among ``operands`` are ``{"node": 3}``, figures of arrays
``{"stats": [size, low, mean, high, zeros, nan, inf]}``.
"""

from __future__ import annotations

import os
from dataclasses import MISSING, fields
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, Sequence

from viz.findings import Finding
from viz.model import EdgeInfo, Graph, Group, NodeInfo
from viz.outline import Outline
from viz.stats import Stats

FORMAT, VERSION = "gradgraph", 1
Row = dict[str, Any]
_ABOUT = ("title", "differentiated", "differentiated_latex", "remark")


class Loaded:
    """A graph that was read from a file: like a recording, without live nodes. Made by :func:`load`.

    Attributes
    ----------
    graph : Graph
    found : list of Finding
        What was found in it when it was recorded.

    Examples
    --------
    >>> import tempfile, viz
    >>> from autograd import Value
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     loaded = viz.load(viz.draw(Value(2, label="a") * 3).save(f"{folder}/J.json"))
    >>> loaded.graph.title, loaded.found
    ('v1 = a·3', [])
    """

    def __init__(self, graph: Graph, found: Sequence[Finding]) -> None:
        self.graph, self.found = graph, list(found)
        self.ids: dict[Any, str] = {}

    @cached_property
    def outline(self) -> Outline:
        """What folding asks for."""
        return Outline.of(self.graph)

    def __repr__(self) -> str:
        return f"<loaded {self.graph.title}: {len(self.graph.nodes)} nodes, {len(self.graph.edges)} edges>"


def load(path: str | os.PathLike[str]) -> Loaded:
    """Read a graph that :meth:`Drawing.save` has written as JSON, here or elsewhere.

    What is loaded can be given to :func:`viz.draw` and :func:`viz.page` like the program itself; its ``.graph`` is the
    plain data, which is equal to that of an equal program.

    Parameters
    ----------
    path : str or path
        ``"J.json"``.

    Returns
    -------
    Loaded

    Raises
    ------
    OSError
        If there is no such file.
    ValueError
        If it holds something else, or a version that this one does not know.

    Examples
    --------
    >>> import tempfile, viz
    >>> from autograd import Value
    >>> a, b = Value(2, label="a"), Value(3, label="b")
    >>> J = a * b + a
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     loaded = viz.load(viz.draw(J).save(f"{folder}/J.json"))
    >>> loaded
    <loaded v2 = a·b + a: 4 nodes, 4 edges>
    >>> loaded.graph == viz.record(J)
    True
    >>> viz.draw(loaded, of="a").text.splitlines()[-1]
    '  dv2/da = ∂v2/∂v1 · ∂v1/∂a + ∂v2/∂a = 1 · b + 1 = 1 · 3 + 1 = 3 + 1 = 4'
    """
    path = Path(path)
    try:
        import json

        data = json.loads(path.read_bytes().decode(errors="surrogatepass"))
    except ValueError as error:
        raise ValueError(f"{path} is not a graph that was saved as JSON: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"{path} is not a graph that was saved as JSON; write one with viz.draw(J).save('J.json')")
    if (version := data.get("version")) != VERSION:
        raise ValueError(f"{path} is of version {version}, of which only {VERSION} is known here; update gradgraph")
    try:
        return loads(data)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is damaged: {type(error).__name__}: {error}") from None


def dumps(graph: Graph, findings: Sequence[Finding] = ()) -> str:
    """A graph, and what was found in it, as the text of a file."""
    every: list[Sequence[Any]] = [graph.nodes, graph.edges, graph.groups]
    number = {part.id: i for parts in every for i, part in enumerate(parts)}
    nodes, edges, found = (_entries(all, number) for all in (graph.nodes, graph.edges, findings))
    data = {
        "format": FORMAT,
        "version": VERSION,
        **{name: getattr(graph, name) for name in _ABOUT},
        "roots": [number[id] for id in graph.roots],
        "groups": [[group.name, None if group.parent is None else number[group.parent]] for group in graph.groups],
        "nodes": _columns(nodes, NodeInfo, _of_node(graph.differentiated)),
        "edges": _columns(edges, EdgeInfo, _of_edge(nodes)),
        "findings": _columns(found, Finding, {}),
    }
    import json

    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def loads(data: Mapping[str, Any]) -> Loaded:
    """The graph, and what was found in it, from the data of a file."""
    nodes = list(_rows(data["nodes"], NodeInfo, _of_node(data["differentiated"])))
    edges = list(_rows(data["edges"], EdgeInfo, _of_edge(nodes)))
    found = list(_rows(data["findings"], Finding, {}))
    graph = Graph(
        nodes=[NodeInfo(f"n{i}", **_decoded(row)) for i, row in enumerate(nodes, 1)],
        edges=[EdgeInfo(f"e{i}", **_decoded(row)) for i, row in enumerate(edges, 1)],
        roots=tuple(f"n{i + 1}" for i in data["roots"]),
        groups=[
            Group(f"g{i}", name, None if parent is None else f"g{parent + 1}")
            for i, (name, parent) in enumerate(data["groups"], 1)
        ],
        **{name: data[name] for name in _ABOUT},
    )
    known = {node.id for node in graph.nodes}
    for id in (*graph.roots, *(end for edge in graph.edges for end in (edge.source, edge.target))):
        if id not in known:
            raise IndexError(f"there is no node number {int(id[1:]) - 1}")
    if not graph.roots:
        raise IndexError("it has no root")
    return Loaded(graph, [Finding(**_decoded(row)) for row in found])


# --- columns ------------------------------------------------------------------------------------------------

Usual = Mapping[str, Callable[[Row], Any]]


def _of_node(differentiated: str) -> Usual:
    return {"short": lambda row: row["name"], "derivative_name": lambda row: f"d{differentiated}/d{row['name']}"}


def _of_edge(nodes: Sequence[Row]) -> Usual:
    def name(row: Row) -> str:
        return f"∂{nodes[row['target']]['name']}/∂{nodes[row['source']]['name']}"

    return {"name": name, "factor": lambda row: row["formula"]}


def _defaults(kind: type, usual: Usual) -> dict[str, Callable[[Row], Any]]:
    """What is usual of each attribute, given those before it."""
    found: dict[str, Callable[[Row], Any]] = {}
    for field in fields(kind):
        default = None if field.default is MISSING else _encoded(field.name, field.default, {})
        found[field.name] = usual.get(field.name) or partial(_always, default)
    found.pop("id", None)
    return found


def _always(default: Any, row: Row) -> Any:
    return default


def _columns(rows: Sequence[Row], kind: type, usual: Usual) -> dict[str, Any]:
    found: dict[str, Any] = {"count": len(rows)}
    for name, expected in _defaults(kind, usual).items():
        column = [row[name] for row in rows]
        few = {str(i): x for i, (x, row) in enumerate(zip(column, rows)) if x != expected(row)}
        if len(few) > 1 and all(x == column[0] for x in column):
            found[name] = {"all": column[0]}
        elif len(few) > len(rows) // 4:
            found[name] = column
        elif few:
            found[name] = {"few": few}
    return found


def _rows(columns: Mapping[str, Any], kind: type, usual: Usual) -> Iterator[Row]:
    defaults = _defaults(kind, usual)
    for i in range(columns["count"]):
        row: Row = {}
        for name, expected in defaults.items():
            column = columns.get(name, {})
            if isinstance(column, list):
                row[name] = column[i]
            elif "all" in column:
                row[name] = column["all"]
            else:
                row[name] = column["few"][str(i)] if str(i) in column.get("few", ()) else expected(row)
        yield row


# --- entries ------------------------------------------------------------------------------------------------


def _entries(parts: Sequence[Any], number: Mapping[str, int]) -> list[Row]:
    names = [field.name for field in fields(parts[0]) if field.name != "id"] if parts else []
    return [{name: _encoded(name, getattr(part, name), number) for name in names} for part in parts]


def _encoded(name: str, x: Any, number: Mapping[str, int]) -> Any:
    """An attribute for JSON: ids as numbers."""
    if name in ("group", "source", "target", "node"):
        return None if x is None else number[x]
    if name in ("members", "also"):
        return [number[id] for id in x]
    if name == "operands" and x is not None:
        return [{"node": number[one]} if isinstance(one, str) else _plain(one) for one in x]
    return _plain(x)


def _plain(x: Any) -> Any:
    if isinstance(x, float) and not (x - x == 0):
        return {"float": repr(x)}
    if isinstance(x, complex):
        return {"complex": [_plain(x.real), _plain(x.imag)]}
    if isinstance(x, Stats):
        return {"stats": [_plain(part) for part in x]}
    if isinstance(x, (list, tuple)):
        return [_plain(part) for part in x]
    return x


def _decoded(row: Row) -> Row:
    return {name: _attribute(name, x) for name, x in row.items()}


def _attribute(name: str, x: Any) -> Any:
    if name in ("source", "target", "node"):
        return None if x is None else f"n{x + 1}"
    if name == "group":
        return None if x is None else f"g{x + 1}"
    if name in ("members", "also"):
        return tuple(f"n{i + 1}" for i in x)
    if name == "operands":
        return None if x is None else tuple(f"n{one['node'] + 1}" if _is(one, "node") else _back(one) for one in x)
    return tuple(x) if name == "shape" else _back(x)


def _back(x: Any) -> Any:
    if _is(x, "float"):
        return float(x["float"])
    if _is(x, "complex"):
        return complex(*map(_back, x["complex"]))
    if _is(x, "stats"):
        return Stats(*map(_back, x["stats"]))
    return [_back(part) for part in x] if isinstance(x, list) else x


def _is(x: Any, what: str) -> bool:
    return isinstance(x, dict) and what in x
