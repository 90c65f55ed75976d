"""Code for arrays, made from the same expressions as that for Values (:mod:`autograd.rules.code`)."""

from __future__ import annotations

import ast
from typing import Any, Callable, Sequence

import numpy as np

from autograd.rules.code import COTANGENT, INPUTS, OUTPUT, Writer, compiled, function
from autograd.rules.expressions import Symbol


def function_into(name: str, tree: Symbol, inputs: Sequence[Symbol]) -> Callable[..., Any] | None:
    """The function of arrays whose last operation writes into the array `out`, if that is a ufunc."""
    if not isinstance(tree.rule.compute, np.ufunc):
        return None
    names = [x.names["text"] for x in inputs]
    writer = Writer(True, dict(zip(inputs, names)))
    last = ast.unparse(writer.name(tree.rule.compute, tree.rule.name))
    operands = [writer.lines(x) for x in tree.args]
    first = [line for lines, _ in operands for line in lines]
    result = f"{last}({', '.join(written for _, written in operands)}, out=out)"
    return compiled(name, function(", ".join([*names, "out"]), [*first, f"return {result}"]), writer.functions)


def pull_arrays(rule: Any, cotangents: Sequence[Any]) -> Callable[..., None]:
    """The function that gives each input of a node of arrays its cotangent: ``(node, g, cotangents, give)``."""
    names = [x.names["text"] for x in INPUTS[: len(cotangents)]]
    writer = Writer(True, {**dict(zip(INPUTS, names)), OUTPUT: "y", COTANGENT: "g"})
    load, give = [], []
    for name, tree in zip(names, cotangents):
        node = f"{name}_"
        if isinstance(tree, Symbol):
            first, cotangent = writer.lines(tree)
        else:  # a derivative of 0
            first, cotangent = [], f"{ast.unparse(writer.name(np.zeros_like, 'zeros_like'))}(g)"
        # The first cotangent to arrive, of the right type and shape, is put in place without a call.
        differs = f" or cotangent.shape != {node}._data.shape" if len(names) > 1 else ""
        give += [
            f"if type({node}) is kind:",
            *[f"    {line}" for line in first],
            f"    cotangent = {cotangent}",
            f"    if {node} in cotangents or cotangent.dtype is not {node}._data.dtype{differs}:",
            f"        give({node}, cotangent)",
            "    else:",
            f"        cotangents[{node}] = cotangent",
        ]
    for name, used in zip(names, rule.uses_inputs):
        if used:
            load.append(f"{name} = {name}_._data if type({name}_) is kind else {name}_")
    output = ["y = node._data"] if rule.uses_output else []
    unpacked = "".join(f"{name}_, " for name in names)
    lines = ["kind = type(node)", f"_, {unpacked}= node._origin", *load, *output, *give]
    return compiled(rule.name, function("node, g, cotangents, give", lines), writer.functions, rule.doc)
