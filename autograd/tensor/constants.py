"""Arrays that an operation keeps for its derivative, and whose owner may write into them meanwhile.

Small ones are copied, which costs less than the operation itself. Of large ones the numbers are summed up
when they are used, and once more before a walk: a change is then an error instead of a wrong gradient.
An array that nobody can write to (``x.setflags(write=False)`` on it and on what it is a view of) is spared that.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping

import numpy as np

from autograd.rules.rule import Rule

COPIED_BYTES = 256 * 1024
"""Up to this size an array is copied when an operation keeps it."""

LANES = 1021
"""How many sums make a fingerprint. A prime: rows that change places do not keep to their lanes."""

_WEIGHTS = np.cumprod(np.full(LANES, 0x9E3779B97F4A7C15, np.uint64))
"""What each lane counts: powers of an odd number, so that no change of a single sum can vanish."""

_PIECE = 1 << 16
"""Numbers of a piece, of an array that does not lie in one stretch of memory."""


class Fixed:
    """A large array as it was when an operation used it."""

    __slots__ = ("array", "fingerprint")

    def __init__(self, array: Any) -> None:
        self.array = array
        self.fingerprint = fingerprint(array)

    def changed(self) -> bool:
        """Whether its numbers are others by now."""
        return fingerprint(self.array) != self.fingerprint


def fixed(rule: Rule, inputs: tuple[Any, ...], static: Mapping[str, Any]) -> tuple[Fixed, ...]:
    """The large arrays that `rule` was applied to and that its derivative may need, as they are now."""
    large = list(filter(is_large, inputs))
    for x in static.values():  # indices, for example
        if type(x) is np.ndarray or type(x) is tuple:
            large += filter(is_large, x if type(x) is tuple else (x,))
    return tuple([Fixed(x) for x in large if changeable(x)]) if large and any(rule.uses_inputs) else ()


def is_large(x: Any) -> bool:
    """Whether `x` is an array that is kept without a copy."""
    return type(x) is np.ndarray and x.nbytes > COPIED_BYTES


def changeable(array: Any) -> bool:
    """Whether somebody can write into `array`, or into an array that it is a view of."""
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return True
        array = array.base
    return not (array is None or isinstance(array, bytes))  # memory of something else, which may write to it


def fingerprint(array: Any) -> int:
    """A number that is another one as soon as a number of `array` is, and the same for the same numbers.

    The memory is read as 8-byte words, and every LANES-th is summed (modulo 2⁶⁴): about as fast as memory can be
    read. Unseen is what leaves all these sums as they were: two words exchanged that are a multiple of LANES
    apart, or changes that cancel out (by chance: once in 2⁶⁴).
    """
    parts = [_fingerprint_of_words(piece) for piece in _pieces(array)]
    return parts[0] if len(parts) == 1 else hash(tuple(parts))


def _pieces(array: Any) -> Iterator[Any]:
    """The numbers in order of memory, as arrays without gaps."""
    if array.flags.c_contiguous:
        yield array.reshape(-1)
    elif array.flags.f_contiguous:
        yield array.T.reshape(-1)
    else:
        pieces: Any = np.nditer
        flags = ["external_loop", "buffered", "zerosize_ok"]
        yield from pieces(array, flags, [["readonly", "contig"]], order="K", buffersize=_PIECE)


def _fingerprint_of_words(piece: Any) -> int:
    octets = piece.view(np.uint8)
    words = octets[: octets.size // 8 * 8].view(np.uint64)
    rows = words.size // LANES
    sums = np.add.reduce(words[: rows * LANES].reshape(rows, LANES), axis=0)
    rest = words[rows * LANES :]
    sums[: rest.size] += rest
    return hash((int(sums @ _WEIGHTS), octets[words.size * 8 :].tobytes()))
