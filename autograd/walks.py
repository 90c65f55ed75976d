"""The walks: backward over Values, backward over everything else, and forward.

Each node is visited once, consumers before producers (forward the other way round).
"""

from __future__ import annotations

from threading import RLock
from typing import Any, Container, Iterable, Mapping, Sequence

import numpy as np

from autograd import modes
from autograd.functions.broadcasting import fit
from autograd.graph import ancestors, refuse_changes
from autograd.node import KINDS, Node, by_time, plain, stored
from autograd.rules.rule import General

# The walk over Values keeps running sums in the nodes themselves, and leaves are added to after each
# walk: one thread at a time.
_settling = RLock()


def pull_back(
    seeds: Mapping[Node, Any],
    targets: Iterable[Node] | None = None,
    create_graph: bool = False,
    keep: dict[Node, Any] | None = None,
    history: tuple[list[Node], list[Node]] | None = None,
) -> dict[Node, Any]:
    """The backward pass: cotangents from the seeded nodes down to the leaves, or to the `targets` alone.

    Each node is visited once, consumers before producers; its rule turns the cotangent of the output
    into those of the inputs.

    Parameters
    ----------
    seeds : dict
        Where it starts: the cotangent (number, array or Node) of each output.
    targets : iterable of Node, optional
        Stop at these, and compute only what they need.
    create_graph : bool
        Evaluate the rules on nodes instead of numbers, so that the result can be differentiated again.
    keep : dict, optional
        Where the cotangents of inner nodes are put, instead of being released as the walk goes.
    history : optional
        What :func:`ancestors` returned for the seeded nodes, if known.

    Returns
    -------
    dict
        Cotangents by node, of the targets (or leaves) that the seeded nodes depend on.
    """
    inner, leaves = history or ancestors(*seeds)
    if targets is None and not create_graph and not modes.on():
        cotangents = dict(seeds)
        with np.errstate(all="ignore"):
            _pull_numbers(inner, cotangents, (), keep)
        return cotangents  # the walk has taken out what belongs to inner nodes
    wanted = set(leaves) if targets is None else set(targets)
    needed = None if wanted.issuperset(leaves) else _needed(inner, wanted)
    watch = modes.watching()
    cotangents = dict(seeds)
    with np.errstate(all="ignore"):
        if needed is None and not create_graph and not watch:
            _pull_numbers(inner, cotangents, wanted if targets is not None else (), keep)
        else:
            _pull_carefully(inner, cotangents, wanted, needed, create_graph, watch, keep)
    return {node: cotangents[node] for node in cotangents if node in wanted}


def _pull_numbers(
    inner: Sequence[Node], cotangents: dict[Node, Any], stops: Container[Node], keep: dict[Node, Any] | None
) -> None:
    """The walk for plain numbers toward all leaves: what a training step spends its time on."""
    earlier_of, take = cotangents.get, cotangents.pop
    summed: set[Node] = set()  # those whose cotangent is an array of this walk's own, to be added to in place

    def give(x: Any, cotangent: Any) -> None:
        data = x._data
        try:
            if cotangent.dtype is not data.dtype or cotangent.shape != data.shape:
                # Most often the gradient of a bias, which was added to every row.
                rows = cotangent.dtype is data.dtype and cotangent.ndim == 2 and cotangent.shape[1:] == data.shape
                cotangent = np.add.reduce(cotangent, axis=0) if rows else x._fit(cotangent)
        except AttributeError:  # a float, or the tuple of an operation with several results
            cotangent = x._fit(cotangent)
        earlier = earlier_of(x)
        if earlier is not None:
            if x in summed:
                earlier += cotangent
                cotangent = earlier
            else:
                cotangent = earlier + cotangent
                summed.add(x)
        cotangents[x] = cotangent

    def give_part(x: Any, index: Any, cotangent: Any) -> None:
        """Give the cotangent of ``x[index]``, a part of x seen once: no array of zeros around each part."""
        whole: Any = earlier_of(x)
        if x not in summed:
            data = x._data
            whole = np.zeros(data.shape, data.dtype) if whole is None else np.array(whole, data.dtype)
            cotangents[x] = whole
            summed.add(x)
        whole[index] += cotangent

    give.part = give_part  # type: ignore[attr-defined]

    for node in inner:
        g = take(node, None) if not stops or node not in stops else None
        if g is None:
            continue
        if keep is not None:
            keep[node] = g
        pull = node._origin[0].pull_arrays
        if pull is not None and type(node._data) is not float and node._data.dtype.kind != "c":
            pull(node, g, cotangents, give)
            continue
        rule, *inputs = node._origin
        at = [i for i, x in enumerate(inputs) if type(x) in KINDS]
        data = [x._data if type(x) in KINDS else x for x in inputs]
        for i, cotangent in zip(at, rule.vjp(g, node._data, data, at, node._static)):
            if cotangent is not None:
                give(inputs[i], cotangent)


def _pull_carefully(
    inner: Sequence[Node],
    cotangents: dict[Node, Any],
    wanted: set[Node],
    needed: set[Node] | None,
    create_graph: bool,
    watch: bool,
    keep: dict[Node, Any] | None,
) -> None:
    """The same walk where it is to be recorded, or watched, or not every node is needed."""
    for node in inner:
        g = cotangents.pop(node, None) if node not in wanted else None
        if g is None:
            continue
        if keep is not None:
            # A number even while recording: a gradient that remembers this node would make a reference cycle.
            keep[node] = plain(g)
        rule, *inputs = node._origin
        at = [i for i, x in enumerate(inputs) if type(x) in KINDS and (needed is None or x in needed)]
        if create_graph:
            pulled = rule.vjp(g, node, inputs, at, node._static)
        else:
            pulled = rule.vjp(g, node._data, [stored(x) for x in inputs], at, node._static)
        for i, cotangent in zip(at, pulled):
            if cotangent is None:
                continue
            if watch:
                modes.refuse_anomalous_gradient(rule, inputs, plain(g), plain(cotangent))
            x = inputs[i]
            cotangent = x._fit(cotangent)
            earlier = cotangents.get(x)
            cotangents[x] = cotangent if earlier is None else earlier + cotangent


def _needed(inner: Sequence[Node], wanted: set[Node]) -> set[Node]:
    """The nodes of `inner` that depend on a wanted one, and the wanted ones."""
    needed = set(wanted)
    for node in reversed(inner):
        if node not in needed:
            for x in node._origin:
                if isinstance(x, Node) and x in needed:
                    needed.add(node)
                    break
    return needed


def store_gradients(leaves: Mapping[Node, Any], inner: Mapping[Node, Any]) -> None:
    """Add to the ``.grad`` of leaves, and set that of inner nodes; every gradient becomes an array of its node alone.

    Rules pass arrays on where nothing has to be computed (``a + b`` gives both the same one), and give out views. If
    this is interrupted, every ``.grad`` is what it was before.
    """
    given = {id(g) for g in inner.values()}
    found = list(inner.items())
    with _settling:
        for leaf, g in leaves.items():
            if isinstance(g, np.generic) and type(leaf)._dispatch_order > 1:
                g = np.array(g)
            elif isinstance(g, np.ndarray):
                if g.base is not None or not g.flags.writeable or id(g) in given:
                    g = g.copy()
                given.add(id(g))
            found.append((leaf, g if leaf.grad is None else leaf.grad + g))
        before = [node.grad for node, _ in found]
        try:
            for node, g in found:
                node.grad = g
        except BaseException:
            for (node, _), g in zip(found, before):
                node.grad = g
            raise


def push_forward(
    inner: Sequence[Node], tangents: Mapping[Node, Any], create_graph: bool = False
) -> dict[Node, Any]:
    """The forward pass of tangents through recorded nodes (`inner` as from :func:`ancestors`).

    Returns
    -------
    dict
        The tangents of the given nodes and of all inner ones that depend on them.
    """
    known = dict(tangents)
    with np.errstate(all="ignore"):
        for node in reversed(inner):
            if node in known:
                continue
            rule, *inputs = node._origin
            moving = {i: known[x] for i, x in enumerate(inputs) if isinstance(x, Node) and x in known}
            if not moving:
                continue
            y = node if create_graph else node._data
            if not create_graph:
                inputs = [stored(x) for x in inputs]
            if isinstance(rule, General):
                tangent = _push_by_pulling(rule, moving, y, inputs, node)
            else:
                tangent = rule.jvp(moving, y, inputs, node._static)
            known[node] = node._fit(tangent)
    return known


def _push_by_pulling(rule: General, moving: Mapping[int, Any], y: Any, inputs: Sequence[Any], node: Any) -> Any:
    """The tangent of an operation that is known by its vjp alone.

    The vjp u ↦ Jᵀu is linear. Recorded on a u of zeros, its own vjp at the tangents v is J·v (Townsend 2017,
    "A new trick for calculating Jacobian vector products").
    """
    u = node._leaf(np.zeros_like(plain(y)))
    total: Any = None
    keep = isinstance(y, Node) or any(isinstance(v, Node) for v in moving.values())
    for image, v in zip(rule.vjp(u, y, inputs, tuple(moving), node._static), moving.values()):
        if isinstance(image, Node):
            if not isinstance(plain(image), float):  # the sum over what was broadcast is part of Jᵀ
                image = fit(image, np.shape(plain(v)), np.asarray(plain(v)).dtype)
            term = pull_back({image: v}, [u], create_graph=keep).get(u)
            if term is not None:
                total = term if total is None else total + term
    return total if total is not None else np.zeros_like(plain(y))


def walk_values(root: Any, seed: float = 1.0) -> None:
    """The backward pass for a graph of Values: sums run in the nodes' ``grad``, and every rule has its compiled pull.

    Leaves add to their ``grad``; inner nodes get the gradient of this call. If anything goes wrong, every ``grad`` is
    what it was before.
    """
    with _settling:
        # A fresh object marks what has been visited, and is the zero that the sum starts from.
        zero = float("0")
        kind = type(root)
        nodes, earlier = [root], [root.grad]
        try:
            root.grad = zero
            for node in nodes:  # which grows as it goes
                for x in node._origin:
                    if type(x) is kind and x.grad is not zero:
                        earlier.append(x.grad)
                        nodes.append(x)
                        x.grad = zero
            inner = [node for node in nodes if node._origin]
            inner.sort(key=by_time, reverse=True)
            refuse_changes(inner)
            root.grad = seed
            for node in inner:
                node._origin[0].pull(node)
            for node, before in zip(nodes, earlier):
                if before is not None and not node._origin:
                    node.grad += before
        except BaseException:
            for node, before in zip(nodes, earlier):
                node.grad = before
            raise
