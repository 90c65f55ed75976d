"""Where the results of a recorded program are to lie: what is handed out has memory of its own, updates come last."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from autograd.replay.operations import Op, Var, vars_of


def handed_out(recording: Any) -> list[Var]:
    """What callers, parameters and optimisers get."""
    found = [x.var for x in recording.outputs if x.var is not None]
    found += [var for _, var in recording.final_vars if var is not None]
    found += [var for _, gradients in recording.stepped for _, var in gradients if var is not None]
    found += list(recording.pulled_vars.values())
    return found


def separate_results(recording: Any) -> list[Op]:
    """The operations; what is handed out more than once, or is no result of one, gets a copy of its own."""
    ops = list(recording.program.ops)
    taken: set[Var] = set()
    given_to: dict[tuple[Any, Var], Var] = {}

    def own(var: Var, whose: Any = None) -> Var:
        if (whose, var) in given_to:
            return given_to[whose, var]
        if var.kind == "made" and var not in taken:
            taken.add(var)
            given_to[whose, var] = var
            return var
        copy = Var(var.shape, var.dtype, "made")
        ops.append(Op("call", "copy", np.array, [var], {}, copy))
        taken.add(copy)
        given_to[whose, var] = copy
        return copy

    for x in recording.outputs:
        if x.var is not None:
            x.var = own(x.var)
    recording.final_vars = [(p, var if var is None else own(var, p)) for p, var in recording.final_vars]
    recording.stepped = [
        (optimizer, [(p, var if var is None else own(var, p)) for p, var in gradients])
        for optimizer, gradients in recording.stepped
    ]
    recording.pulled_vars = {x: own(var, x) for x, var in recording.pulled_vars.items()}
    recording.written = [
        (leaf, var if var.kind == "made" else own(var), in_place) for leaf, var, in_place in recording.written
    ]
    return ops


def late_ones(recording: Any, ops: Sequence[Op], into: Mapping[Var, Var]) -> set[Op]:
    """What comes after the rest: what only the backward pass needs, or only the writes to parameters."""
    if recording.seed_var is not None:
        early: set[Any] = {x.var for x in recording.outputs if x.var is not None}
        early.update(var for _, _, var in recording.moved)
        for op in reversed(ops):
            if op.out in early:
                early.update(vars_of(op))
        return {op for op in ops if op.out not in early}
    late = {op for op in ops if op.out in into}
    kept = {*handed_out(recording), *[var for _, var, _ in recording.written if var not in into]}
    kept.update(var for _, _, var in recording.moved)
    read_early: set[Var] = set()
    read_late: set[Var] = set()
    for op in reversed(ops):
        if op.kind == "ufunc" and op.out in read_late and op.out not in read_early and op.out not in kept:
            late.add(op)
        (read_late if op in late else read_early).update(op.reads)
    return late
