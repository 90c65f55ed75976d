"""A function, the gradient that is claimed for it, and a point: the one place that calls either of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .clock import Clock
from .limits import BATCHED_NUMBERS, EPS, HALF, HALF_ROUNDING, REACH, SAME_ROW, ULPS
from .richardson import Array
from .signatures import SignatureError, accepts, vjp_signature


class NotDefinedError(ValueError):
    """f has no finite value at the point to check."""


class ShapeError(Exception):
    """A gradient whose shape or dtype is not that of its input. Becomes a finding of the report."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def kind_of(dtype: np.dtype[Any]) -> str:
    """NumPy's letter for the kind of a dtype; "f" also for the small floats of ml_dtypes (bfloat16, float8)."""
    return "f" if dtype.kind == "V" and "float" in dtype.name else dtype.kind


def finfo(dtype: np.dtype[Any]) -> Any:
    """`numpy.finfo`, also of the small floats of ml_dtypes."""
    if dtype.kind != "V":
        return np.finfo(dtype)
    import ml_dtypes  # type: ignore[import-not-found,unused-ignore]  # of the extras

    return ml_dtypes.finfo(dtype)


def as_input(x: Any, name: str) -> Any:
    """One input as a NumPy float array (or scalar), or an error that names it."""
    a = np.asarray(x)
    kind = kind_of(a.dtype)
    if kind in "iub":
        raise TypeError(
            f"{name} has dtype {a.dtype}: a derivative needs real numbers to move in; "
            f"pass floats ({name}.astype(float), or 3.0 instead of 3)"
        )
    if kind == "c":
        raise TypeError(f"{name} is complex: check the real and the imaginary part as two real inputs")
    if kind != "f":
        raise TypeError(f"{name} has dtype {a.dtype}: expected floats, a float array or a list of floats")
    if not np.isfinite(a.astype(np.float64)).all():
        raise ValueError(f"{name} contains nan or inf: there is no derivative to check at that point")
    return a[()] if a.ndim == 0 and not isinstance(x, np.ndarray) else np.array(a)


class Problem:
    """f and its claimed vjp, as functions of flat float64 vectors.

    `f` takes the inputs and returns an array, a number, or a tuple of those. `vjp` is called as ``vjp(g, *xs)``
    and returns one gradient per input.
    Two other signatures are recognised: ``vjp(*xs)`` that returns a function of g (alone, or as
    second of a pair with f's value), and ``vjp(*xs, g)`` if its parameter names are f's followed by a name such as g.
    `exact` is f in a form that takes numbers of any type (default: f itself); `derived` says that the claim was derived
    from f's own program, operation by operation. `batch` is f for many points at once, stacked along a first axis of
    every input and of the value. `clock` is asked before each call.
    """

    def __init__(
        self,
        f: Callable[..., Any],
        vjp: Callable[..., Any],
        xs: Sequence[Any],
        exact: Callable[..., Any] | None = None,
        derived: bool = False,
        batch: Callable[..., Any] | None = None,
        clock: Clock | None = None,
    ) -> None:
        for what, function in (("f", f), ("vjp", vjp)):
            if not callable(function):
                raise TypeError(
                    f"{what} must be a function, got {type(function).__name__}: call as check_vjp(f, vjp, *xs)"
                )
        if not xs:
            raise TypeError("no input to differentiate with respect to: call as check_vjp(f, vjp, *xs)")
        self.f, self.vjp, self.exact, self.derived = f, vjp, exact or f, derived
        self.batch, self.clock = batch, clock or Clock()
        self.xs: list[Any] = [as_input(x, f"input {i}") for i, x in enumerate(xs)]
        self.shapes = [np.shape(x) for x in self.xs]
        self.dtypes = [np.asarray(x).dtype for x in self.xs]
        self.offsets = np.cumsum([0] + [int(np.size(x)) for x in self.xs])
        self.z: Array = self.flatten(self.xs)
        self.call = vjp_signature(f, vjp, len(self.xs))
        self.eps = max([float(finfo(t).eps) for t in self.dtypes] + [EPS])
        self.rounding = self.eps if self.eps < HALF else self.eps * HALF_ROUNDING
        """The unit in which the rounding of a claim is counted."""
        try:
            y = self.value(self.fresh())
        except TypeError as error:
            if not accepts(f, len(self.xs)):
                raise TypeError(f"f does not take {len(self.xs)} argument(s): {error}") from error
            raise
        self.out_is_tuple = isinstance(y, (tuple, list))
        outs = list(y) if self.out_is_tuple else [y]
        for i, o in enumerate(outs):
            kind = kind_of(np.asarray(o).dtype)
            if kind == "c":
                raise TypeError("f returns complex numbers: return the real and the imaginary part as two outputs")
            if kind != "f" and not (kind in "iub" and np.ndim(o) == 0):
                raise TypeError(
                    f"f must return floats, got {type(o).__name__} of dtype {np.asarray(o).dtype}"
                    + (f" as output {i}" if self.out_is_tuple else "")
                )
        self.out_shapes = [np.shape(o) for o in outs]
        self.out_dtypes = [np.asarray(o).dtype for o in outs]
        self.y = self.flatten(outs)
        if not np.isfinite(self.y).all():
            what = "nan" if np.isnan(self.y).any() else "inf"
            raise NotDefinedError(
                f"f returned {what} for {self.describe(self.xs)}: check the gradient at a point of f's domain"
            )
        # float32 gradients are judged against f in float64, if f computes in it.
        low = any(t.itemsize < 8 for t in self.dtypes)
        self.y64 = self.evaluate(self.z) if low else self.y
        if batch is not None and self.takes_batches():
            self.y64 = self.evaluate_all([self.z])[0]
        else:
            self.batch = None

    @staticmethod
    def describe(xs: Sequence[Any]) -> str:
        with np.printoptions(threshold=20, precision=17):
            return ", ".join(
                f"input {i} = {np.asarray(x)!r}" if np.ndim(x) else f"input {i} = {float(x)!r}"
                for i, x in enumerate(xs)
            )

    @staticmethod
    def flatten(parts: Sequence[Any]) -> Array:
        if not parts:
            return np.zeros(0)
        return np.concatenate([np.asarray(p, dtype=np.float64).ravel() for p in parts])

    def split(self, z: NDArray[Any], dtype: bool = False) -> list[Any]:
        """The inputs with the numbers of the flat vector `z`; fresh memory each time. `dtype`: in their own dtype."""
        out: list[Any] = []
        for i, shape in enumerate(self.shapes):
            part = z[self.offsets[i] : self.offsets[i + 1]].reshape(shape)
            part = part.astype(self.dtypes[i]) if dtype else part.copy()
            out.append(part if isinstance(self.xs[i], np.ndarray) else part[()])
        return out

    def fresh(self) -> list[Any]:
        return [x.copy() if isinstance(x, np.ndarray) else x for x in self.xs]

    @property
    def range(self) -> tuple[int, int]:
        """How far cotangents may reach without overflow of the narrowest dtype: decades, and powers of two."""
        narrow = min((finfo(t) for t in self.low_dtypes), key=lambda i: float(i.max), default=None)
        if narrow is None:
            return 3, REACH
        room = int(np.log2(float(narrow.max)))  # 128 for float32, 16 for float16
        return min(3, room // 8), min(REACH, room // 4)

    @property
    def largest(self) -> float:
        """Beyond it a derivative overflows."""
        return min((float(finfo(t).max) for t in self.low_dtypes), default=float(np.finfo(np.float64).max))

    @property
    def safe(self) -> tuple[float, float]:
        """Below and above which a product would underflow or overflow the narrowest dtype."""
        narrow = min((finfo(t) for t in self.low_dtypes), key=lambda i: float(i.max), default=None)
        if narrow is None:
            return 1e-280, 1e280
        return 64 * float(narrow.tiny), float(narrow.max) / 64

    @property
    def low_dtypes(self) -> list[np.dtype[Any]]:
        """The dtypes of inputs and outputs that are narrower than float64."""
        return [t for t in [*self.dtypes, *self.out_dtypes] if kind_of(t) == "f" and t.itemsize < 8]

    def value(self, xs: Sequence[Any]) -> Any:
        """f of inputs as they are."""
        with self.clock.call():
            return self.f(*xs)

    def evaluate(self, z: NDArray[Any]) -> Array:
        """f at the flat vector `z` in float64; nan where f refuses, whatever it raises, or changes its shape."""
        nothing = np.full(self.y.shape, np.nan)
        try:
            y = self.value(self.split(z))
            found = self.flatten(list(y)) if self.out_is_tuple else np.array(y, dtype=np.float64).ravel()
        except Exception:
            return nothing
        return found if found.shape == nothing.shape else nothing

    def evaluate_all(self, points: Iterable[NDArray[Any]]) -> Array:
        """f at many flat vectors, one row for each: by few calls if f takes batches."""
        if self.batch is None:
            return np.stack([self.evaluate(z) for z in points])
        points, rows = iter(points), []
        while some := list(islice(points, self.batch_length())):
            try:
                rows.append(self.evaluate_batch(np.stack(some)))
            except Exception:  # f refuses one of them, and so the batch
                rows.append(np.stack([self.evaluate(z) for z in some]))
        return np.concatenate(rows)

    def batch_length(self) -> int:
        """How many points one batch holds."""
        return max(1, BATCHED_NUMBERS // (self.z.size + self.y.size))

    def evaluate_batch(self, zs: Array) -> Array:
        """f at all rows of `zs` by one call; whatever it raises is raised."""
        assert self.batch is not None
        spans = zip(self.offsets[:-1], self.offsets[1:], self.shapes, strict=True)
        with self.clock.call():
            y = self.batch(*[zs[:, a:b].reshape(len(zs), *shape) for a, b, shape in spans])
        parts = [np.asarray(o, dtype=np.float64) for o in (y if self.out_is_tuple else [y])]
        for part, shape in zip(parts, self.out_shapes, strict=True):
            if part.shape != (len(zs), *shape):
                raise TypeError(f"for {len(zs)} points f returns shape {part.shape}, expected {(len(zs), *shape)}")
        return np.concatenate([part.reshape(len(zs), -1) for part in parts], axis=1)

    def takes_batches(self) -> bool:
        """Whether f of several points at once is f of each alone."""
        points = np.stack([self.z, self.z * (1 + 2.0**-20), self.z * (1 - 2.0**-10)])
        try:
            together = self.evaluate_batch(points)
        except Exception:
            return False
        alone = np.stack([self.evaluate(z) for z in points])
        size = np.abs(self.y).max(initial=0.0)
        return bool(np.allclose(together, alone, rtol=SAME_ROW, atol=SAME_ROW * size, equal_nan=True))

    def exactly(self, z: NDArray[Any]) -> NDArray[Any]:
        """f at a flat vector of complex, long double or mpmath numbers; whatever it raises is raised."""
        with self.clock.call():
            y = self.exact(*self.split(z))
        outs = list(y) if isinstance(y, (tuple, list)) else [y]
        return np.concatenate([np.asarray(o).ravel() for o in outs])

    def cotangent(self, g: Array) -> Any:
        """The flat cotangent `g` in the shape and dtype that vjp expects."""
        parts: list[Any] = []
        at = 0
        for shape, dtype in zip(self.out_shapes, self.out_dtypes, strict=True):
            size = int(np.prod(shape))
            kind = dtype if kind_of(dtype) == "f" else np.dtype(np.float64)
            part = g[at : at + size].reshape(shape).astype(kind)
            parts.append(part if shape else part[()])
            at += size
        return tuple(parts) if self.out_is_tuple else parts[0]

    def raw(self, g: Any, xs: Sequence[Any]) -> list[Any]:
        """vjp called once: the list of its gradients, one per input, exactly as returned."""
        with self.clock.call():
            result = self.call(g, xs)
        if result is NotImplemented:
            raise NotImplementedError("vjp returns NotImplemented")
        if len(self.xs) == 1 and not isinstance(result, (tuple, list)):
            return [result]
        if not isinstance(result, (tuple, list)):
            raise SignatureError(
                f"vjp returned one {type(result).__name__} for {len(self.xs)} inputs: "
                "return a tuple with one gradient per input"
            )
        if len(result) != len(self.xs):
            raise SignatureError(
                f"vjp returned {len(result)} gradients for {len(self.xs)} input(s): return one per input"
            )
        return list(result)

    def gradients(self, results: Sequence[Any]) -> Array:
        """The returned gradients as one flat float64 vector; `ShapeError` if one has not its input's shape or dtype."""
        flat = []
        for i, (r, shape, dtype) in enumerate(zip(results, self.shapes, self.dtypes, strict=True)):
            if r is None:
                flat.append(np.zeros(int(np.prod(shape))))
                continue
            a = np.asarray(r)
            if a.shape != shape:
                raise ShapeError("shape", f"the gradient of input {i} has shape {a.shape}, the input has shape {shape}")
            if a.dtype.kind == "c":
                raise ShapeError("dtype", f"the gradient of input {i} is complex, the input is real")
            if kind_of(a.dtype) != "f" and not (isinstance(r, (int, float)) and a.ndim == 0):
                raise ShapeError("dtype", f"the gradient of input {i} has dtype {a.dtype}, the input has {dtype}")
            same_as_f = all(t == dtype for t in self.out_dtypes)
            if (
                isinstance(r, (np.ndarray, np.generic))
                and a.dtype != dtype
                and (a.dtype.itemsize < dtype.itemsize or same_as_f)
            ):
                raise ShapeError("dtype", f"the gradient of input {i} has dtype {a.dtype}, the input has {dtype}")
            flat.append(a.astype(np.float64).ravel())
        return np.concatenate(flat)

    def claim(self, g: Array, z: Array | None = None) -> Array:
        """The claimed gradient for the flat cotangent `g` at the flat point `z` (default: the point to check)."""
        xs = self.fresh() if z is None else self.split(z, dtype=True)
        return self.gradients(self.raw(self.cotangent(g), xs))

    def claim_nearby(self, g: Array, z: Array, rng: np.random.Generator) -> Array:
        """The claim at a point that lies within two units of rounding of `z`."""
        return self.claim(g, z + rng.choice(ULPS, z.size) * np.abs(z) * self.eps)

    def length(self, d: Array) -> float:
        """How far the point moves along `d` at most, in any coordinate."""
        return float(np.abs(d).max(initial=0.0))

    def hidden(self, g: Array, d: Array) -> Array:
        """The size of what cancels inside ``⟨vjp(g), d⟩`` unseen: of shape (len(g), len(d)) for rows g and d."""
        return np.zeros((len(g), len(d)))

    def claim_swapped(self, g: Array) -> Array:
        """What vjp returns where it is called as ``vjp(*xs, g)``."""
        return self.gradients(list(self.flat_result(self.vjp(*self.fresh(), self.cotangent(g)))))

    @staticmethod
    def flat_result(result: Any) -> Sequence[Any]:
        return result if isinstance(result, (tuple, list)) else [result]

    def claim_in(self, dtype: Any, g: Array, z: Array) -> Array:
        """The claim for inputs and cotangent of another dtype, whatever dtype it comes back in."""
        xs = [x.astype(dtype) for x in map(np.asarray, self.split(z))]
        ct = self.cotangent(g)
        parts = tuple(np.asarray(c).astype(dtype) for c in ct) if self.out_is_tuple else np.asarray(ct).astype(dtype)
        found = self.raw(parts, xs)
        return np.concatenate([np.asarray(r, dtype=np.float64).ravel() for r in found])

    def claim_exactly(self, g: NDArray[Any], z: NDArray[Any]) -> None:
        """vjp called with numbers of any type, to see what it does with them; whatever it raises is raised."""
        parts = np.split(g, np.cumsum([int(np.prod(shape)) for shape in self.out_shapes])[:-1])
        cts = [part.reshape(shape) if shape else part[0] for part, shape in zip(parts, self.out_shapes, strict=True)]
        self.raw(tuple(cts) if self.out_is_tuple else cts[0], self.split(z))

    def locate(self, flat: int) -> tuple[int, tuple[int, ...]]:
        """Input number and index in it of a flat coordinate."""
        i = int(np.searchsorted(self.offsets, flat, side="right") - 1)
        at = np.unravel_index(flat - int(self.offsets[i]), self.shapes[i]) if self.shapes[i] else ()
        return i, tuple(int(k) for k in at)
