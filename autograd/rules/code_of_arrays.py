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
    first, result = lines_into(writer, tree, "out")
    return compiled(name, function(", ".join([*names, "out"]), [*first, f"return {result}"]), writer.functions)


def lines_into(writer: Writer, x: Symbol, out: str) -> tuple[list[str], str]:
    """As ``writer.lines(x)``, the last operation writing into the array `out` if it is a ufunc."""
    lines, written = writer.lines(x)
    if x in writer.variables or x.static or not isinstance(getattr(x.rule, "compute", None), np.ufunc):
        return lines, written
    last = ast.unparse(writer.name(x.rule.compute, x.rule.name))
    operands = ", ".join(ast.unparse(writer.expression(argument)) for argument in x.args)
    return lines, f"{last}({operands}, out={out})"


PIECE = 256 * 1024
"""Bytes of a piece: where several operations follow one another, large arrays go through them piece by piece, since
what is computed in between then stays in the processor's cache."""


def pull_arrays(rule: Any, cotangents: Sequence[Any]) -> Callable[..., None]:
    """The function that gives each input of a node of arrays its cotangent: ``(node, g, cotangents, give)``."""
    compute, several = cotangents_of(rule, cotangents)
    uses_output, uses_inputs = rule.uses_output, rule.uses_inputs

    def pull(node: Any, g: Any, cotangents: Any, give: Any) -> None:
        kind = type(node)
        _, *inputs = node._origin
        # Numbers that are not used may have been thrown away.
        numbers = [x._data if type(x) is kind else x for x, used in zip(inputs, uses_inputs) if used]
        if uses_output:
            numbers.append(node._data)
        places = [None if type(x) is kind else False for x in inputs]
        large = several and type(g) is np.ndarray and g.nbytes >= 2 * PIECE
        found = in_pieces(compute, g, numbers, places) if large else compute(g, *numbers, *places)
        for x, cotangent in zip(inputs, found):
            if cotangent is not None:
                give(x, cotangent)

    tapes = None if core.compiled is None else tuple(map(tape, cotangents))
    return pull if tapes is None or None in tapes else core.compiled.pull(pull, tapes)


def cotangents_of(rule: Any, trees: Sequence[Any]) -> tuple[Callable[..., Any], bool]:
    """The function of g, the inputs and the output as far as they are used, and a place for each input's cotangent: an
    array, None for a new one, False if it is not asked for. And whether it takes more than one operation."""
    names = [x.names["text"] for x in INPUTS[: len(trees)]]
    writer = Writer(True, {**dict(zip(INPUTS, names)), OUTPUT: "y", COTANGENT: "g"})
    known: dict[Any, Symbol] = {}
    trees = [unified(x, known) for x in trees]
    lines, results, shared = common(writer, trees), [], dict(writer.variables)
    for name, x in zip(names, trees):
        writer.variables = dict(shared)  # one input may not be asked for, and its own variables not be there
        if isinstance(x, Symbol):
            first, cotangent = lines_into(writer, x, f"to_{name}")
        else:  # a derivative of 0
            first, cotangent = [], f"{ast.unparse(writer.name(np.zeros_like, 'zeros_like'))}(g)"
        lines += [
            f"d{name} = None",
            f"if to_{name} is not False:",
            *[f"    {line}" for line in [*first, f"d{name} = {cotangent}"]],
        ]
        results.append(f"d{name}")
    used = [name for name, used in zip(names, rule.uses_inputs) if used] + ["y"] * rule.uses_output
    parameters = ", ".join(["g", *used, *[f"to_{name}" for name in names]])
    source = function(parameters, [*lines, f"return {', '.join(results)},"])
    several = any(sum(part.rule is not None for part in parts(x)) > 1 for x in trees)
    return compiled(rule.name, source, writer.functions, rule.doc), several


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


def in_pieces(compute: Callable[..., Any], g: Any, numbers: Sequence[Any], places: Sequence[Any]) -> Sequence[Any]:
    """``compute(g, *numbers, *places)``, piece by piece if all arrays are of one shape and without gaps."""
    flat = [g.reshape(-1)]
    for x in numbers:
        if isinstance(x, np.ndarray) and x.ndim:
            if type(x) is not np.ndarray or x.shape != g.shape or not x.flags.c_contiguous:
                return compute(g, *numbers, *places)  # type: ignore[no-any-return]  # a tuple
            x = x.reshape(-1)
        flat.append(x)
    whole: list[Any] = []
    length = PIECE // g.itemsize
    for start in range(0, g.size, length):
        piece = slice(start, start + length)
        if whole:
            places = [array if array is False else array[piece] for array in whole]
        found = compute(*[x[piece] if isinstance(x, np.ndarray) and x.ndim else x for x in flat], *places)
        if not whole:
            results = [None if part is None else np.empty(g.shape, part.dtype) for part in found]
            whole = [False if array is None else array.reshape(-1) for array in results]
        for array, place, part in zip(whole, places, found):
            if part is not None and part is not place:
                array[piece] = part
    return results


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
