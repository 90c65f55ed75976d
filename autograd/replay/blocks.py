"""Chains of elementwise operations on large arrays, block by block: the next one finds in the cache what one gave."""

from __future__ import annotations

import math
from typing import Any, Iterator, Sequence

import numpy as np

from autograd.functions.broadcasting import broadcast
from autograd.replay.kernels import KERNELS, Step, in_lines, of_ufunc
from autograd.replay.operations import Op, Var, uses_of, vars_of
from autograd.rules.elementwise import share, step

LARGE = 1 << 17
"""Bytes of a result from which on a chain is computed block by block."""

BLOCK = 1 << 16
"""Bytes of a block."""


def with_blocks(ops: Sequence[Op], kept: set[Var], late: set[Var]) -> list[Op]:
    """The operations, chains of neighbours joined where nobody else reads what lies between."""
    if not any(map(_is_large, ops)):
        return list(ops)
    uses = uses_of(ops)
    found: list[Op] = []
    chain: list[Op] = []

    def end() -> None:
        found.extend(chain if len(chain) < 2 else [_joined(chain)])
        chain.clear()

    for op in ops:
        if not _fits(op):
            end()
            found.append(op)
            continue
        before = chain[-1].out if chain else None
        inside = before is not None and before in vars_of(op) and uses[before] == vars_of(op).count(before)
        if not (
            inside
            and before is not None
            and before not in kept
            and before.shape == op.out.shape
            and (before in late) == (op.out in late)
        ):
            end()
        chain.append(op)
    end()
    return found


def _is_large(op: Op) -> bool:
    shape = op.out.shape
    return bool(shape) and math.prod(shape) * op.out.dtype.itemsize >= LARGE


def _fits(op: Op) -> bool:
    shape = op.out.shape
    if not (op.kind == "ufunc" or op.rule in (share, step)) or not _is_large(op):
        return False
    for x in vars_of(op):
        if x.op is not None and x.op.kind == "view":
            number = x.op.rule is broadcast and x.op.inputs[0].shape == ()
            if not number:
                return False
        elif x.shape not in (shape, (), shape[1:]):
            return False
    return True


def _joined(chain: Sequence[Op]) -> Op:
    made = {op.out for op in chain}
    reads = dict.fromkeys(x for op in chain for x in vars_of(op) if x not in made)
    joined = Op("blocks", "blocks", None, list(reads), {}, chain[-1].out)
    joined.parts = tuple(chain)
    joined.backward = chain[-1].backward
    return joined


def single(ops: Sequence[Op]) -> Iterator[Op]:
    """The operations one by one."""
    for op in ops:
        yield from op.parts or (op,)


def steps_of(op: Op, arrays: Any, out: Any) -> list[Step]:
    """The calls of a joined chain."""
    shape = out.shape
    rows = max(1, BLOCK // max(1, out.nbytes // shape[0]))
    size = rows * max(1, out.nbytes // shape[0])
    scratch = {part.out: np.ndarray((rows, *shape[1:]), part.out.dtype, in_lines(size)) for part in op.parts[:-1]}
    steps: list[Step] = []
    for start in range(0, shape[0], rows):
        block = slice(start, min(start + rows, shape[0]))

        def piece(x: Any, block: slice = block) -> Any:
            if not isinstance(x, Var):
                return x
            if x in scratch:
                return scratch[x][: block.stop - block.start]
            return arrays[x][block] if x.shape == shape else arrays[x]

        for part in op.parts:
            target = out[block] if part is op.parts[-1] else piece(part.out)
            inputs = [piece(x) for x in part.inputs]
            if part.kind == "ufunc":
                steps += of_ufunc(part.function, inputs, target)
            else:
                steps += KERNELS[part.rule](inputs, {}, target) or ()
    return steps
