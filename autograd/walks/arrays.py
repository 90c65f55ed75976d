"""The walk backward over everything but a plain graph of Values: cotangents by node, in a dictionary."""

from __future__ import annotations

from typing import Any, Callable, Container, Iterable, Mapping, Sequence

import numpy as np

from autograd import core, modes
from autograd.anomaly import refuse_anomalous_gradient
from autograd.following import follower
from autograd.functions.broadcasting import sum_of_rows
from autograd.functions.indexing import add_at
from autograd.functions.register import REFUSALS, blame_other_arrays, is_other_array
from autograd.graph import History, ancestors, settling
from autograd.node import KINDS, Node, plain, stored
from autograd.types import Cotangent


def pull_back(
    seeds: Mapping[Node, Cotangent],
    targets: Iterable[Node] | None = None,
    create_graph: bool = False,
    keep: dict[Node, Cotangent] | None = None,
    history: History | None = None,
) -> dict[Node, Cotangent]:
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
        _pull_numbers(inner, cotangents, (), keep)
        return cotangents  # the walk has taken out what belongs to inner nodes
    wanted = set(leaves) if targets is None else set(targets)
    needed = None if wanted.issuperset(leaves) else _needed(inner, wanted)
    watch = modes.watching()
    cotangents = dict(seeds)
    if needed is None and not create_graph and not watch:
        _pull_numbers(inner, cotangents, wanted if targets is not None else (), keep)
    else:
        _pull_carefully(inner, cotangents, wanted, needed, create_graph, watch, keep)
    return {node: cotangents[node] for node in cotangents if node in wanted}


class Giving:
    """What pulls call with an input and its cotangent, for one walk: it adds to the cotangents."""

    __slots__ = ("cotangents", "summed")

    def __init__(self, cotangents: dict[Node, Cotangent]) -> None:
        self.cotangents = cotangents
        self.summed: set[Node] = set()
        """Those whose cotangent is an array of this walk's own, to be added to in place."""

    def __call__(self, x: Any, cotangent: Cotangent) -> None:
        data = x._data
        try:
            if cotangent.dtype is not data.dtype or cotangent.shape != data.shape:
                rows = cotangent.ndim == 2 and cotangent.dtype is data.dtype and cotangent.shape[1:] == data.shape
                cotangent = sum_of_rows(cotangent) if rows else x._fit(cotangent)
        except AttributeError:  # a float, or the tuple of an operation with several results
            cotangent = x._fit(cotangent)
        earlier = self.cotangents.get(x)
        if earlier is not None:
            if x in self.summed:
                earlier += cotangent
                cotangent = earlier
            else:
                cotangent = earlier + cotangent
                self.summed.add(x)
        self.cotangents[x] = cotangent

    def part(self, x: Any, index: Any, cotangent: Cotangent) -> None:
        """Give the cotangent of ``x[index]``, a part of x seen once: no array of zeros around each part."""
        whole: Any = self.cotangents.get(x)
        if type(x._data) is not np.ndarray:
            cotangent = add_at(x._data.shape, index, cotangent, distinct=True)
            self.cotangents[x] = cotangent if whole is None else whole + cotangent
            return
        if whole is None:
            whole = add_at(x._data.shape, index, cotangent.astype(x._data.dtype, copy=False), distinct=True)
            self.cotangents[x] = whole
            self.summed.add(x)
            return
        if x not in self.summed:
            whole = self.cotangents[x] = np.array(whole, x._data.dtype)
            self.summed.add(x)
        whole[index] += cotangent


@np.errstate(all="ignore")
def _pull_numbers(
    inner: Sequence[Node], cotangents: dict[Node, Cotangent], stops: Container[Node], keep: dict[Node, Cotangent] | None
) -> None:
    """The walk for plain numbers toward all leaves: what a training step spends its time on."""
    node: Any = None
    give: Any = Giving(cotangents) if core.compiled is None else core.compiled.giver(cotangents, Giving, sum_of_rows)
    take = cotangents.pop
    usual = getattr(inner[0]._data, "dtype", None) if inner else None
    usual = None if usual is not None and usual.kind == "c" else usual
    try:
        if core.compiled is not None and usual is not None and not stops and keep is None:
            core.compiled.pull_through(inner, cotangents, give, usual, _pull_by_vjp)
            return
        for node in inner:
            g = take(node, None) if not stops or node not in stops else None
            if g is None:
                continue
            if keep is not None:
                keep[node] = g
            pull = node._origin[0].pull_arrays
            data = node._data
            if pull is not None and type(data) is not float and (data.dtype is usual or data.dtype.kind != "c"):
                pull(node, g, cotangents, give)
            else:
                _pull_by_vjp(node, g, give)
    except BaseException as error:
        node = node if getattr(give, "node", None) is None else give.node
        if not isinstance(error, REFUSALS):
            raise
        blame_other_arrays(f"the derivative of {node.rule.name}", node.inputs, error)
        raise


def _pull_by_vjp(node: Any, g: Cotangent, give: Any) -> None:
    """Pull back through a node by its rule's vjp, which asks no more of it than that it is linear in g."""
    rule, *inputs = node._origin
    at = [i for i, x in enumerate(inputs) if type(x) in KINDS]
    numbers = [x._data if type(x) in KINDS else x for x in inputs]
    for i, cotangent in zip(at, rule.vjp(g, node._data, numbers, at, node._static)):
        if cotangent is not None:
            give(inputs[i], cotangent)


@np.errstate(all="ignore")
def _pull_carefully(
    inner: Sequence[Node],
    cotangents: dict[Node, Cotangent],
    wanted: set[Node],
    needed: set[Node] | None,
    create_graph: bool,
    watch: bool,
    keep: dict[Node, Cotangent] | None,
) -> None:
    """The same walk where it is to be recorded, or watched, or not every node is needed."""
    who = follower()
    for node in inner:
        g = cotangents.pop(node, None) if node not in wanted else None
        if g is None:
            continue
        if keep is not None:
            # A number even while recording: a gradient that remembers this node would make a reference cycle.
            keep[node] = plain(g)
        rule, *inputs = node._origin
        at = [i for i, x in enumerate(inputs) if type(x) in KINDS and (needed is None or x in needed)]
        try:
            if create_graph:
                vjp = rule.vjp if who is None else who.pull_of(rule)
                pulled = vjp(g, node, inputs, at, node._static)
            else:
                pulled = rule.vjp(g, node._data, [stored(x) for x in inputs], at, node._static)
        except REFUSALS as error:
            blame_other_arrays(f"the derivative of {rule.name}", inputs, error)
            raise
        for i, cotangent in zip(at, pulled):
            if cotangent is None:
                continue
            if watch:
                refuse_anomalous_gradient(rule, inputs, plain(g), plain(cotangent))
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


def store_gradients(leaves: Mapping[Node, Cotangent], inner: Mapping[Node, Cotangent]) -> None:
    """Add to the ``.grad`` of leaves, and set that of inner nodes; every gradient becomes an array of its node alone.

    Rules pass arrays on where nothing has to be computed (``a + b`` gives both the same one), and give out views. If
    this is interrupted, every ``.grad`` is what it was before.
    """
    given = {id(g) for g in inner.values()}
    found = list(inner.items())
    with settling:
        if _put is not None and not inner and _put(leaves):
            return
        for leaf, g in leaves.items():
            if type(g) is np.ndarray:
                if g.base is not None or id(g) in given or not g.flags.writeable:
                    g = g.copy()
                given.add(id(g))
            elif isinstance(g, np.generic) and type(leaf)._dispatch_order > 1:
                g = np.array(g)
            elif id(g) in given and is_other_array(g):
                g = g.copy()
            elif is_other_array(g):
                given.add(id(g))
            earlier = leaf.grad
            found.append((leaf, g if earlier is None else earlier + g))
        before = [node.grad for node, _ in found]
        try:
            for node, g in found:
                node.grad = g
        except BaseException:
            for (node, _), g in zip(found, before):
                node.grad = g
            raise


_put: Callable[[Mapping[Node, Cotangent]], bool] | None = None if core.compiled is None else core.compiled.put
