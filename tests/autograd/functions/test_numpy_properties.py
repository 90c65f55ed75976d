"""Random shapes, axes, broadcasting, indices and cuts: values as NumPy's, and both modes adjoint to each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograd import Tensor, grad, jvp, vjp

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
FILLED = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)
COMMON = settings(max_examples=60, deadline=None)


def numbers(shape: Any, seed: int = 0) -> Any:
    """Distinct numbers, away from each other, in random order, and no one halfway between two others."""
    count = int(np.prod(shape, dtype=int))
    rng = np.random.default_rng(seed + 7919 * count)
    return (rng.permutation(count).reshape(shape) - 3.3 + rng.uniform(0, 0.3, shape)) / 5


def agree(f: Any, *arrays: Any) -> None:
    """f has NumPy's value, ⟨u, J v⟩ = ⟨Jᵀu, v⟩, J v is the slope of f along v, and second derivatives are symmetric."""
    expected = np.asarray(f(*arrays))
    y = f(*map(Tensor, arrays))
    assert isinstance(y, Tensor) and y.shape == expected.shape and y.dtype == expected.dtype
    size = max(1.0, float(np.max(np.abs(expected), initial=0.0)))  # padding extrapolates, and sums what it added
    np.testing.assert_allclose(y.data, expected, rtol=1e-13, atol=1e-13 * size)
    rng = np.random.default_rng(1)
    v = [rng.uniform(-1, 1, x.shape) for x in arrays]
    u = rng.uniform(-1, 1, expected.shape)
    pushed = jvp(f, arrays, v)[1]
    pulled = vjp(f, *arrays)[1](u)
    inner = sum(float(np.sum(p * q)) for p, q in zip(pulled, v))
    np.testing.assert_allclose(np.sum(u * pushed), inner, rtol=1e-10, atol=1e-11)
    h = 1e-6
    ahead, behind = (np.asarray(f(*(x + s * h * w for x, w in zip(arrays, v)))) for s in (1, -1))
    size = 1 + np.max(np.abs(expected), initial=0)
    np.testing.assert_allclose(pushed, (ahead - behind) / (2 * h), rtol=1e-6, atol=1e-7 * size)

    def bent(*xs: Any) -> Any:
        return np.sum(u * np.sin(f(*xs)))

    places = tuple(range(len(arrays)))
    w = [rng.uniform(-1, 1, x.shape) for x in arrays]
    turned = [jvp(grad(bent, argnums=places), arrays, along)[1] for along in (v, w)]
    left, right = (sum(float(np.sum(p * q)) for p, q in zip(a, b)) for a, b in ((turned[0], w), (turned[1], v)))
    np.testing.assert_allclose(left, right, rtol=1e-8, atol=1e-9)


@st.composite
def axes_of(draw: Any, ndim: int) -> Any:
    if ndim == 0 or draw(st.booleans()):
        return None
    chosen = draw(st.lists(st.integers(0, ndim - 1), min_size=1, max_size=ndim, unique=True))
    signed = tuple(axis - ndim if draw(st.booleans()) else axis for axis in chosen)
    return signed[0] if len(signed) == 1 and draw(st.booleans()) else signed


@COMMON
@given(st.data(), SHAPES, st.booleans())
def test_reductions(data: Any, shape: Any, keepdims: bool) -> None:
    axis = data.draw(axes_of(len(shape)))
    x = numbers(shape)
    names = ["sum", "prod", "nansum", "nanprod"]
    if x.size:
        names += ["mean", "max", "min", "var", "std", "median", "ptp", "nanmean", "nanmax", "nanmedian"]
    name = data.draw(st.sampled_from(names))
    if name in ("std", "var") and np.size(np.sum(x, axis=axis)) == x.size:
        name = "mean"  # of single elements: a kink
    if "prod" in name and x.size:
        x = 2 * x / np.max(np.abs(x))  # a product of hundreds of larger numbers leaves the range of floats
    agree(lambda a: getattr(np, name)(a, axis=axis, keepdims=keepdims), x)


@COMMON
@given(st.data(), FILLED)
def test_along_one_axis(data: Any, shape: Any) -> None:
    axis = data.draw(st.one_of(st.integers(-len(shape), len(shape) - 1)))
    n = shape[axis]
    k = data.draw(st.integers(0, n - 1))
    operations = {
        "cumsum": lambda a: np.cumsum(a, axis=axis), "cumprod": lambda a: np.cumprod(a, axis=axis),
        "diff": lambda a: np.diff(a, axis=axis),
        "sort": lambda a: np.sort(a, axis=axis), "partition": lambda a: np.partition(a, k, axis=axis),
        "flip": lambda a: np.flip(a, axis),
        "roll": lambda a: np.roll(a, k - 2, axis), "delete": lambda a: np.delete(a, k, axis),
        "repeat": lambda a: np.repeat(a, k, axis),
        "insert": lambda a: np.insert(a, k, 0.5, axis), "take": lambda a: np.take(a, [k, 0, k], axis),
        "trapezoid": lambda a: np.trapezoid(a, axis=axis),
        "quantile": lambda a: np.quantile(a, [0.2, 0.9], axis=axis), "split": lambda a: np.array_split(a, 2, axis)[1],
        "argsorted": lambda a: np.take_along_axis(a, np.argsort(a, axis=axis), axis),
        "maximum": lambda a: np.maximum.accumulate(a, axis=axis),
        "move": lambda a: np.moveaxis(a, axis, 0), "expand": lambda a: np.expand_dims(a, axis),
        "gradient": lambda a: np.gradient(a, axis=axis),
        "compress": lambda a: np.compress(np.arange(n) != k, a, axis), "append": lambda a: np.append(a, a, axis),
    }  # fmt: skip
    name = data.draw(st.sampled_from(sorted(operations)))
    if name == "gradient" and n < 2:
        name = "flip"
    agree(operations[name], numbers(shape))


@COMMON
@given(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=3), st.sampled_from([
    lambda a, b, c: a * b + c, lambda a, b,
    c: np.where(np.arange(3)[: np.shape(c)[-1] if np.ndim(c) else 1] > 0, a * c, b), lambda a, b,
    c: np.maximum(a, b) - c,
    lambda a, b, c: np.hypot(a - b, 1.5) / (2 + c * c), lambda a, b, c: np.clip(a * 1.1, b - 0.31, c + 3.17),
    lambda a, b, c: np.broadcast_arrays(a, b, c)[1] * b,
    lambda a, b, c: np.add.outer(a, b).sum() * c,
]))  # fmt: skip
def test_broadcasting(shapes: Any, f: Any) -> None:
    arrays = [numbers(shape, seed) + 0.01234 * seed for seed, shape in enumerate(shapes.input_shapes)]
    agree(lambda a, b, c: f(a, b, c) + 0.0, *arrays)


@settings(max_examples=150, deadline=None)
@given(st.data(), FILLED)
def test_basic_indices(data: Any, shape: Any) -> None:
    index = data.draw(hnp.basic_indices(shape, allow_newaxis=True))
    agree(lambda a: a[index], numbers(shape))


@settings(max_examples=150, deadline=None)
@given(st.data(), FILLED)
def test_mixed_indices(data: Any, shape: Any) -> None:
    """Integers, slices, arrays with repeats, and masks, side by side."""
    common = data.draw(hnp.array_shapes(min_dims=1, max_dims=2, max_side=3))
    parts: list[Any] = []
    for n in shape[: data.draw(st.integers(1, len(shape)))]:
        kind = data.draw(st.sampled_from(["int", "slice", "array", "all"]))
        if kind == "int":
            parts.append(data.draw(st.integers(-n, n - 1)))
        elif kind == "slice":
            parts.append(data.draw(st.slices(n)))
        elif kind == "array":
            parts.append(data.draw(hnp.arrays(np.intp, common, elements=st.integers(-n, n - 1))))
        else:
            parts.append(slice(None))
    if data.draw(st.booleans()):
        parts.insert(data.draw(st.integers(0, len(parts))), None)
    if sum(part is not None for part in parts) < len(shape) and data.draw(st.booleans()):
        parts.append(Ellipsis)
    agree(lambda a: a[tuple(parts)], numbers(shape))


@COMMON
@given(st.data(), FILLED)
def test_masks(data: Any, shape: Any) -> None:
    part = shape[: data.draw(st.integers(1, len(shape)))]
    mask = data.draw(hnp.arrays(bool, part))
    agree(lambda a: a[mask], numbers(shape))


@COMMON
@given(st.data(), FILLED)
def test_padding(data: Any, shape: Any) -> None:
    modes = ["constant", "edge", "wrap", "reflect", "symmetric", "linear_ramp", "mean", "maximum", "minimum", "median"]
    mode = data.draw(st.sampled_from(modes))
    widths = [(data.draw(st.integers(0, 6)), data.draw(st.integers(0, 6))) for _ in shape]
    options = {}
    if mode in ("reflect", "symmetric"):
        options["reflect_type"] = data.draw(st.sampled_from(["even", "odd"]))
    if mode in ("mean", "maximum", "minimum", "median"):
        options["stat_length"] = data.draw(st.one_of(st.none(), st.integers(1, 5)))
    agree(lambda a: np.pad(a, widths, mode=mode, **options), numbers(shape))


@COMMON
@given(hnp.mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3))
def test_matmul(shapes: Any) -> None:
    agree(np.matmul, *(numbers(shape, seed) for seed, shape in enumerate(shapes.input_shapes)))


@COMMON
@given(st.data())
def test_einsum(data: Any) -> None:
    sizes = dict(zip("abcd", data.draw(st.tuples(*[st.integers(1, 3)] * 4))))
    term = st.lists(st.sampled_from("abcd"), max_size=3).map("".join)
    terms = data.draw(st.lists(term, min_size=1, max_size=3))
    present = sorted(set("".join(terms)))
    output = "".join(data.draw(st.permutations([c for c in present if data.draw(st.booleans())])))
    subscripts = ",".join(terms) + "->" + output
    arrays = [numbers(tuple(sizes[c] for c in t), seed) for seed, t in enumerate(terms)]
    agree(lambda *xs: np.einsum(subscripts, *xs), *arrays)


@COMMON
@given(
    st.integers(1, 7), st.integers(1, 7), st.sampled_from(["full", "same", "valid"]),
    st.sampled_from([np.convolve, np.correlate]),
)  # fmt: skip
def test_convolution(n: int, m: int, mode: Any, f: Any) -> None:
    agree(lambda a, v: f(a, v, mode), numbers((n,)), numbers((m,), 1))


@COMMON
@given(st.data(), FILLED)
def test_reshaping(data: Any, shape: Any) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    letter = data.draw(st.sampled_from("CF"))
    reps = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=4))
    agree(lambda a: np.tile(np.reshape(np.transpose(a, order), shape[::-1], order=letter), reps), numbers(shape))


@COMMON
@given(
    FILLED, st.sampled_from([np.float32, np.float64, np.float16]),
    st.sampled_from([np.float32, np.float64, np.int64, np.bool_]),
)  # fmt: skip
def test_gradients_keep_the_dtype(shape: Any, dtype: Any, other: Any) -> None:
    x = Tensor(numbers(shape).astype(dtype))
    constant = np.ones(shape, other)
    y = np.sum(np.cumsum(x * constant, axis=0)[..., -1:] ** 2)
    assert y.dtype == np.result_type(dtype, other)
    y.backward()
    assert x.grad.dtype == dtype and x.grad.shape == shape
