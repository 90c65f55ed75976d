"""Products of arrays: matmul, and all that einsum can say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from autograd.functions.register import arraylikes, implement, named, normalised_axes, refuse
from autograd.node import Node, stored
from autograd.rules.arrays import Linear
from autograd.rules.rule import conjugate
from autograd.rules.typeset import POWER, PRODUCT, Notation
from autograd.types import Array, Cotangent


def of_matrices(a: Array, b: Any) -> Array:
    """The product of two matrices, by BLAS also where ``np.matmul`` does without (an axis of 1), and with less ado."""
    return a.dot(b) if type(a) is np.ndarray and type(b) is np.ndarray else np.matmul(a, b)


def matmul_of_arrays(a: Array, b: Any) -> Any:
    """As ``np.matmul``, for the operator ``@``."""
    if type(a) is np.ndarray and type(b) is np.ndarray and a.ndim == 2 and b.ndim == 2:
        return a.dot(b)
    try:
        return np.matmul(a, b)
    except ValueError as error:
        raise (unaligned(a, b) or error) from None


def unaligned(a: Array, b: Array) -> ValueError | None:
    """What does not fit in the shapes of a product, in the words of NumPy's own `dot`; ``None`` if all does."""
    if not np.ndim(a) or not np.ndim(b):
        return ValueError("matmul multiplies along axes, and a single number has none: write a * b")
    inner, shapes = max(b.ndim - 2, 0), [str(shape).replace(" ", "") for shape in (a.shape, b.shape)]
    if a.shape[-1] != b.shape[inner]:
        why = f"{a.shape[-1]} (dim {a.ndim - 1}) != {b.shape[inner]} (dim {inner})"
    elif a.ndim > 2 and b.ndim > 2:
        why = f"the axes before the last two, {a.shape[:-2]} and {b.shape[:-2]}, are not broadcast to each other"
    else:
        return None
    return ValueError(f"shapes {shapes[0]} and {shapes[1]} not aligned: {why}")


def _swap(x: Array) -> Array:
    return x.T if x.ndim == 2 else np.swapaxes(x, -1, -2)


def _turned(x: Array) -> Array:
    """The transposes, as a right factor is multiplied fastest: of many matrices of a middle size, written out."""
    turned = _swap(x)
    return (
        turned.copy() if type(x) is np.ndarray and x.ndim > 2 and all(24 <= n <= 112 for n in x.shape[-2:]) else turned
    )


def _matmul_left(g: Cotangent, a: Array, b: Array) -> Array:
    b = conjugate(b)
    if b.ndim == 1:
        return g * b if a.ndim == 1 else _all_products(g, b) if a.ndim == 2 else g[..., None] * b
    if a.ndim == 1:
        return np.matmul(b, g[..., None])[..., 0]
    return np.matmul(g, _turned(b))


def _matmul_right(g: Cotangent, a: Array, b: Array) -> Array:
    a = conjugate(a)
    if a.ndim == 1:
        return g * a if b.ndim == 1 else _all_products(a, g) if b.ndim == 2 else a[:, None] * g[..., None, :]
    if b.ndim == 1:
        return np.matmul(_swap(a), g[..., None])[..., 0]
    if b.ndim == 2 and a.ndim > 2:  # one matrix for a whole batch: one product, not a sum of many
        return np.matmul(_rows(a).T, _rows(g))
    return np.matmul(_swap(a), g)


def _all_products(a: Array, b: Array) -> Array:
    """aᵢ·bⱼ of two vectors: of numbers as a product of matrices, which takes half the time."""
    return of_matrices(a[:, None], b[None]) if type(a) is np.ndarray and type(b) is np.ndarray else a[:, None] * b


def _rows(x: Array) -> Array:
    return np.reshape(x, (-1, x.shape[-1]))


def _pull_matrices(node: Any, g: Cotangent, cotangents: Any, give: Any) -> None:
    """The two adjoints for a matrix times a matrix, which needs no questions; else by way of the rule."""
    _, a, b = node._origin
    kind = type(node)
    x = a._data if type(a) is kind else a
    y = b._data if type(b) is kind else b
    if x.ndim == 2 and y.ndim == 2:
        plain = type(x) is type(y) is type(g) is np.ndarray  # as `of_matrices` asks, but once
        if a is not x:
            give(a, g.dot(y.T) if plain else np.matmul(g, y.T))
        if b is not y:
            give(b, x.T.dot(g) if plain else np.matmul(x.T, g))
        return
    if a is b and x.ndim == 1:  # a vector's square
        give(a, (g + g) * x)
        return
    if a is not x:
        give(a, _matmul_left(g, x, y))
    if b is not y:
        give(b, of_matrices(x.T, g) if x.ndim == 2 and y.ndim == 1 else _matmul_right(g, x, y))


matmul = Linear(
    "matmul",
    np.matmul,
    _matmul_left,
    _matmul_right,
    notation=Notation("{0} @ {1}", r"{0} \, {1}", precedence=PRODUCT, needs=(PRODUCT, POWER)),
    pull_arrays=_pull_matrices,
    doc="The matrix product a·b.",
    local=("{g} · {1}ᵀ", "{0}ᵀ · {g}"),
)


# --- einsum ---------------------------------------------------------------------------------------------


_LARGE = 20_000
"""Multiplications from which on a contraction is worth rearranging into a matrix product."""


def _einsum(*operands: Any, subscripts: str) -> Array:
    if len(operands) == 2:
        product = _by_matmul(*operands, *subscripts.replace("->", ",").split(","))
        if product is not None:
            return product
    return np.einsum(subscripts, *operands, optimize=len(operands) > 2)


def _by_matmul(a: Any, b: Any, left: str, right: str, output: str) -> Any:
    """A contraction of two large arrays as one (batched) matrix product; ``None`` where it is none."""
    sizes = dict(zip(left, a.shape))
    if any(sizes.get(c, n) != n for c, n in zip(right, b.shape)):
        return None
    sizes.update(zip(right, b.shape))
    batch = [c for c in left if c in right and c in output]
    summed = [c for c in left if c in right and c not in output]
    rows, columns = [c for c in left if c not in right], [c for c in right if c not in left]
    m, k, n = (math.prod([sizes[c] for c in letters]) for letters in (rows, summed, columns))
    if min(m, k, n) < 2 or math.prod(sizes.values()) < _LARGE or not set(rows + columns) <= set(output):
        return None
    stack = [sizes[c] for c in batch]
    x = a.transpose([left.index(c) for c in batch + rows + summed]).reshape(*stack, m, k)
    y = b.transpose([right.index(c) for c in batch + summed + columns]).reshape(*stack, k, n)
    letters = batch + rows + columns
    return np.matmul(x, y).reshape([sizes[c] for c in letters]).transpose([letters.index(c) for c in output])


def _einsum_adjoint(g: Cotangent, i: int, *operands: Any, subscripts: str) -> Array:
    """The cotangent of operand i: einsum of g and the other operands into operand i's letters.

    Letters of operand i that stand nowhere else were summed over: the gradient is constant along them.
    """
    terms, output = subscripts.split("->")
    inputs = terms.split(",")
    mine = inputs[i]
    others = [(t, conjugate(x)) for k, (t, x) in enumerate(zip(inputs, operands)) if k != i]
    known = set(output).union(*[set(t) for t, _ in others]) if others else set(output)
    shape = np.shape(stored(operands[i]))
    target = "".join(c for c in mine if c in known)
    subscripts = ",".join([output, *[t for t, _ in others]]) + "->" + target
    pulled = contraction(g, *[x for _, x in others], subscripts=subscripts)
    if len(target) < len(mine):
        pulled = np.reshape(pulled, tuple(n if c in known else 1 for c, n in zip(mine, shape)))
    # An operand of length 1 along a letter that is longer elsewhere was broadcast.
    return pulled if pulled.shape == shape else _repeat_lost(pulled, shape)


def _repeat_lost(pulled: Array, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(pulled, tuple(max(n, m) for n, m in zip(pulled.shape, shape)))


class Einsum(Linear):
    """Sums of products: linear in each operand."""

    def vjp(self, g: Cotangent, y: Array, inputs: Any, wanted: Any, static: Any) -> Any:
        return [_einsum_adjoint(g, i, *inputs, **static) for i in wanted]

    def local_formula(self, i: int, inputs: Any, words: Any, static: Any) -> str:
        """The sum of products that gives a gradient: ``Σₖ dL/dy[ik]·B[jk]``, each with its letters."""
        terms, output = static["subscripts"].split("->")
        own, *others = [terms.split(",")[i], *(t for k, t in enumerate(terms.split(",")) if k != i)]
        names = [name for k, name in enumerate(inputs) if k != i]
        factors = [f"{words['g']}[{output}]", *(f"{name}[{term}]" for name, term in zip(names, others))]
        summed = "".join(sorted({*output, *"".join(others)} - {*own}))
        return (f"Σ over {', '.join(summed)}: " if summed else "") + " · ".join(factors)


contraction = Einsum("einsum", _einsum, doc="Sum over repeated letters of the products.")


def _without_repeats(term: str, operand: Array) -> tuple[str, Any]:
    """A term that names a letter twice (``ii``) as one that does not: the diagonal is taken first."""
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            i = term.index(letter)
            j = term.index(letter, i + 1)
            if operand.shape[i] != operand.shape[j]:
                lengths = f"{operand.shape[i]} and {operand.shape[j]}"
                raise ValueError(f"einsum: {letter!r} stands for axes of length {lengths}")
            diagonal = np.diagonal(operand, 0, i, j)
            operand = np.moveaxis(diagonal, -1, 0) if diagonal.ndim > 1 else diagonal
            term = letter + term.replace(letter, "", 2)
    return term, operand


def einsum(
    *operands: Any,
    out: Any = None,
    dtype: DTypeLike | None = None,
    order: Any = None,
    casting: Any = None,
    optimize: Any = False,
) -> Any:
    refuse("einsum", out=out, dtype=dtype, casting=casting)
    subscripts, arrays = _spelled_out(operands)
    terms, output = subscripts.split("->")
    pairs = [_without_repeats(t, x) for t, x in zip(terms.split(","), arrays)]
    order_of_work = _pairwise([t for t, _ in pairs], [x.shape for _, x in pairs], output) if len(pairs) > 2 else None
    if len(pairs) == 1 and pairs[0][0] == output and isinstance(pairs[0][1], Node) and pairs[0][1] is not arrays[0]:
        return pairs[0][1]  # a diagonal is all that was asked for
    if order_of_work is None:
        return contraction(*[x for _, x in pairs], subscripts=",".join(t for t, _ in pairs) + "->" + output)
    for i, j, result in order_of_work:
        (t, x), (u, z) = pairs[i], pairs[j]
        made = contraction(x, z, subscripts=f"{t},{u}->{result}")
        pairs = [p for k, p in enumerate(pairs) if k not in (i, j)] + [(result, made)]
    ((term, result_array),) = pairs
    return result_array if term == output else contraction(result_array, subscripts=f"{term}->{output}")


def _pairwise(terms: list[str], shapes: list[Any], output: str) -> list[tuple[int, int, str]]:
    """Which two operands to contract in which order: NumPy's greedy path, as pairs.

    Contracting two at a time keeps the backward pass as cheap as the forward one.
    """
    path = np.einsum_path(",".join(terms) + "->" + output, *[np.empty(s) for s in shapes], optimize="greedy")[0][1:]
    work = []
    remaining = list(terms)
    for step in path:
        chosen = sorted(step)
        while len(chosen) > 1:
            i, j = chosen[0], chosen[1]
            left = [t for k, t in enumerate(remaining) if k not in (i, j)]
            needed = set(output).union(*[set(t) for t in left]) if left else set(output)
            result = "".join(c for c in dict.fromkeys(remaining[i] + remaining[j]) if c in needed)
            work.append((i, j, result))
            remaining = [*left, result]
            chosen = sorted([k - (k > i) - (k > j) for k in chosen[2:]] + [len(remaining) - 1])
    return work


def _spelled_out(operands: Any) -> tuple[str, list[Any]]:
    """The subscripts with an explicit output and letters in place of ``...``; the arrays."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0].replace(" ", ""), list(operands[1:])
    else:  # einsum(a, [0, 1], b, [1, 2], [0, 2])
        rest = list(operands)
        arrays, terms = [], []
        while len(rest) > 1:
            arrays.append(rest.pop(0))
            terms.append("".join("..." if k is Ellipsis else letters[k] for k in rest.pop(0)))
        subscripts = ",".join(terms)
        if rest:
            subscripts += "->" + "".join("..." if k is Ellipsis else letters[k] for k in rest[0])
    arrays = arraylikes(*arrays)
    left, arrow, output = subscripts.partition("->")
    terms = left.split(",")
    if len(terms) != len(arrays):
        raise ValueError(f"einsum has {len(terms)} terms in {subscripts!r} but {len(arrays)} operands")
    # Letters for the axes that ... stands for, aligned at the right as in broadcasting.
    spare = [x.ndim - len(t) + 3 for t, x in zip(terms, arrays) if "..." in t]
    free = [c for c in letters if c not in subscripts]
    dots = "".join(free[: max(spare, default=0)])
    for k, (term, x) in enumerate(zip(terms, arrays)):
        if "..." in term:
            n = x.ndim - len(term) + 3
            terms[k] = term.replace("...", dots[len(dots) - n :])
        if len(terms[k]) != x.ndim:
            raise ValueError(f"einsum term {term!r} names {len(term)} axes, but its operand has {x.ndim}")
    if arrow:
        output = output.replace("...", dots)
    else:
        named = "".join(terms)
        output = dots + "".join(sorted(c for c in set(named) if named.count(c) == 1 and c not in dots))
    return ",".join(terms) + "->" + output, arrays


# --- the other products, by matmul and einsum --------------------------------------------------------------


def dot(a: Array, b: Array, out: Any = None) -> Any:
    refuse("dot", out=out)
    a, b = arraylikes(a, b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    if a.shape[-1] != b.shape[max(b.ndim - 2, 0)]:
        raise unaligned(a, b) or ValueError
    if b.ndim <= 2:
        return matmul(a, b)
    return tensordot(a, b, axes=((a.ndim - 1,), (b.ndim - 2,)))


def tensordot(a: Array, b: Array, axes: Any = 2) -> Any:
    a, b = arraylikes(a, b)
    if np.ndim(axes) == 0:
        n = int(axes)
        left, right = tuple(range(a.ndim - n, a.ndim)), tuple(range(n))
    else:
        left, right = normalised_axes(axes[0], a.ndim), normalised_axes(axes[1], b.ndim)
    if [a.shape[i] for i in left] != [b.shape[j] for j in right]:
        raise ValueError(f"tensordot: axes {left} of shape {a.shape} do not fit axes {right} of shape {b.shape}")
    free_a = [i for i in range(a.ndim) if i not in left]
    free_b = [j for j in range(b.ndim) if j not in right]
    n = int(np.prod([a.shape[i] for i in left], dtype=int))
    rows = np.reshape(np.transpose(a, (*free_a, *left)), (int(np.prod([a.shape[i] for i in free_a], dtype=int)), n))
    columns = np.reshape(np.transpose(b, (*right, *free_b)), (n, int(np.prod([b.shape[j] for j in free_b], dtype=int))))
    return np.reshape(np.matmul(rows, columns), [a.shape[i] for i in free_a] + [b.shape[j] for j in free_b])


implement(
    {
        **dict.fromkeys(named("linalg.matmul"), matmul),
        np.einsum: einsum,
        np.dot: dot,
        **dict.fromkeys(named("tensordot", "linalg.tensordot"), tensordot),
    }
)
