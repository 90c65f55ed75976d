"""A large problem seen through few numbers, as a small one for the same judge.

Outputs are projected on cotangents, and inputs are some coordinates (`Selected`) or steps along some directions
(`Along`). Neither the Jacobian nor f's values on a ladder of steps are ever held: an elementwise function of 10⁵
numbers takes the memory of a few dozen of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .limits import HIGH_ENTRIES
from .problem import Problem
from .richardson import Array


class Reduced(Problem):
    """``w ↦ ⟨g, f(z(w))⟩`` for each of some cotangents g, and what the claim makes of it.

    Parameters
    ----------
    whole
        The large problem.
    gs
        Cotangents, of shape (q, m): the value has q numbers.
    start
        The input w at which ``z(w)`` is the point `at`.
    at
        A flat point of the large problem (default: the point to check).
    rows
        The outputs that depend on w, where that is known: others would but add their rounding.
    """

    def __init__(
        self, whole: Problem, gs: Array, start: Array, at: Array | None = None, rows: NDArray[np.intp] | None = None
    ) -> None:
        self.whole, self.gs, self.start = whole, gs, start
        self.at, self.base = at, whole.z if at is None else at
        self.rows = rows
        self.weights = gs if rows is None else gs[:, rows]
        batch = None if whole.batch is None else self._values
        super().__init__(self._value, self._pull, [start], self._exactly, whole.derived, batch)
        self.eps, self.rounding = whole.eps, whole.rounding

    def point(self, w: NDArray[Any]) -> NDArray[Any]:
        """The flat point of the large problem for the small input."""
        raise NotImplementedError

    def pulled(self, gradient: Array) -> Array:
        """The gradient by the small input, from that by the large one."""
        raise NotImplementedError

    def project(self, y: NDArray[Any]) -> NDArray[Any]:
        """⟨g, y⟩ for each cotangent; `y` may have rows of its own."""
        return np.asarray((y if self.rows is None else y[..., self.rows]) @ self.weights.T)

    def batch_length(self) -> int:
        return self.whole.batch_length()  # it is the whole problem's arrays that are stacked

    def _value(self, w: Array) -> Array:
        return self.project(self.whole.evaluate(self.point(w)))

    def _values(self, ws: Array) -> Array:
        return self.project(self.whole.evaluate_batch(np.stack([self.point(w) for w in ws])))

    def _exactly(self, w: NDArray[Any]) -> NDArray[Any]:
        if w.dtype == object and self.whole.z.size + self.whole.y.size > HIGH_ENTRIES:
            raise TypeError("f has too many inputs and outputs for 60 digits")
        return self.project(self.whole.exactly(self.point(w)))

    def _pull(self, h: Array, w: Array) -> Array:
        return self.pulled(self.whole.claim(h @ self.gs, self.place(w)))

    def place(self, w: Array) -> Array | None:
        """The flat point, None for the one to check itself, whose inputs keep their own dtype to the bit."""
        return self.at if np.array_equal(w, self.start) else self.point(w)

    def claim_in(self, dtype: Any, g: Array, z: Array) -> Array:
        return self.pulled(self.whole.claim_in(dtype, g @ self.gs, self.point(z)))

    def claim_nearby(self, g: Array, z: Array, rng: np.random.Generator) -> Array:
        return self.pulled(self.whole.claim_nearby(g @ self.gs, self.point(z), rng))


class Selected(Reduced):
    """Some coordinates, the others held where they are."""

    def __init__(
        self,
        whole: Problem,
        gs: Array,
        coordinates: NDArray[np.intp],
        at: Array | None = None,
        rows: NDArray[np.intp] | None = None,
    ) -> None:
        self.coordinates = coordinates
        super().__init__(whole, gs, (whole.z if at is None else at)[coordinates], at, rows)

    def point(self, w: NDArray[Any]) -> NDArray[Any]:
        z = self.base.astype(w.dtype).view(type(w))
        z[self.coordinates] = w
        return z

    def pulled(self, gradient: Array) -> Array:
        return gradient[self.coordinates]


class Along(Reduced):
    """Steps along some directions.

    Parameters
    ----------
    directions
        Lengths of shape (k, n) in units of `scale`, kept in single precision: they have few bits.
    scale
        The length of one step along each coordinate, a power of two.
    claims
        The claimed gradients for `gs`, of shape (q, n).
    """

    def __init__(
        self,
        whole: Problem,
        gs: Array,
        directions: NDArray[np.float32],
        scale: Array,
        claims: Sequence[Array],
        at: Array | None = None,
    ) -> None:
        self.directions, self.scale = directions, scale
        self.longest = np.array([float(np.abs(self.direction(k)).max(initial=0.0)) for k in range(len(directions))])
        self.moved = (directions != 0).any(axis=0)
        squares = [np.where(np.isfinite(c), c * scale, 0.0) ** 2 for c in claims]
        # Random signs: what cancels, and the rounding that is left of it, is a random sum.
        self.sizes = np.sqrt(np.stack([[float(d.astype(np.float64) ** 2 @ c) for d in directions] for c in squares]))
        super().__init__(whole, gs, np.zeros(len(directions)), at)

    def direction(self, k: int) -> Array:
        """One of the directions, in the inputs' own units."""
        return np.asarray(self.scale * self.directions[k])

    def point(self, w: NDArray[Any]) -> NDArray[Any]:
        z = self.base.astype(w.dtype).view(type(w))
        for k in range(len(w)):
            if w.dtype == object or w[k] != 0:
                z = z + w[k] * self.direction(k)
        return z

    def pulled(self, gradient: Array) -> Array:
        g = np.where(self.moved, self.scale * gradient, 0.0)
        return np.array([float(np.dot(d, g)) for d in self.directions])

    def length(self, d: Array) -> float:
        return float((np.abs(d) * self.longest).max(initial=0.0))

    def hidden(self, g: Array, d: Array) -> Array:
        return np.asarray(np.abs(g) @ self.sizes @ np.abs(d).T)
