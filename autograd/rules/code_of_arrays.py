"""Code for arrays, made from the same expressions as that for Values (:mod:`autograd.rules.code`)."""

from __future__ import annotations

import ast
import operator
from typing import Any, Callable, Iterator, Sequence

import numpy as np

from autograd import core
from autograd.rules.code import COTANGENT, INPUTS, OPERATORS, OUTPUT, Writer, compiled, function
from autograd.rules.expressions import Symbol, compound, parts
from autograd.rules.of_arrays import power


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
    known: dict[Any, Symbol] = {}
    trees = [unified(x, known) for x in cotangents]
    shared = common(writer, trees)
    variables = dict(writer.variables)
    load, give = [], []
    for name, tree in zip(names, trees):
        node = f"{name}_"
        writer.variables = dict(variables)  # one input may not be asked for, and its own variables not be there
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
    lines = ["kind = type(node)", f"_, {unpacked}= node._origin", *load, *output, *shared, *give]
    source = function("node, g, cotangents, give", lines)
    pull = compiled(rule.name, source, writer.functions, rule.doc)
    tapes = None if core.compiled is None else tuple(map(tape, cotangents))
    return pull if tapes is None or None in tapes else core.compiled.pull(pull, tapes)


def common(writer: Writer, trees: Sequence[Any]) -> list[str]:
    """The assignments of what is needed more than once, whichever of `trees` are asked for."""
    uses: dict[Symbol, int] = {}
    for x in trees:
        parts(x, uses)
    lines = []
    for part in uses:
        if uses[part] > 1 and part.rule is not None and all(part in parts(x) for x in trees):
            first, written = writer.lines(part)
            writer.variables[part] = name = f"t{next(writer.fresh)}"
            lines += [*first, f"{name} = {written}"]
    return lines


def unified(x: Any, known: dict[Any, Any]) -> Any:
    """The expression with one object for all its parts that are alike, which `known` collects.

    What stands in for another expression at isolated points, and is computed only there, is left as it is.
    """
    if not isinstance(x, Symbol) or x.rule is None:
        return x
    sure = 2 if x.rule.write_choice else len(x.args)
    args = (*[unified(argument, known) for argument in x.args[:sure]], *x.args[sure:])
    if any(map(operator.is_not, args, x.args)):
        x = compound(x.rule, args, x.static)
    alike = [id(argument) if isinstance(argument, Symbol) else repr(argument) for argument in args]  # 0 and −0 are two
    return x if x.static else known.setdefault((x.rule, *alike), x)


def tape(x: Any) -> tuple[Any, ...] | None:
    """An expression as the compiled core computes it of arrays, in postfix; ``None`` for a choice between branches.

    A float stands for itself, a whole number for a variable (of :data:`VARIABLES`) that is pushed, a negative one for
    one that is stored, and a pair (function, number of arguments) for a call; negative for an operator, which makes of
    Python's numbers one of them, and not of NumPy's, whose dtype would count.
    """
    if not isinstance(x, Symbol):  # a derivative of 0
        return VARIABLES[COTANGENT], (np.zeros_like, 1)
    variables = dict(VARIABLES)

    def steps(x: Any) -> Iterator[Any]:
        if not isinstance(x, Symbol):
            yield float(x)
        elif x in variables:
            yield variables[x]
        else:
            for argument in x.args:
                yield from steps(argument)
            function = power if x.rule.compute is np.power else x.rule.compute
            yield function, -len(x.args) if function in OPERATORS else len(x.args)

    shared = [part for part, uses in parts(x).items() if part.rule is not None and uses > 1]
    written: list[Any] = []
    for part in shared:
        written += steps(part)
        variables[part] = len(variables)
        written.append(-variables[part])
    simple = all(part.rule is None or not (part.static or part.rule.write_choice) for part in parts(x))
    short = len(variables) <= 32 and all(part.rule is None or 0 < len(part.args) <= 3 for part in parts(x))
    return (*written, *steps(x)) if simple and short else None


VARIABLES = {symbol: i for i, symbol in enumerate((*INPUTS, OUTPUT, COTANGENT))}
"""The numbers of the variables on a tape."""
