"""Arrays that an operation keeps: small ones are copied, a change of a large one is noticed."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import ChangedDataError, Tensor, grad, jvp, vjp
from autograd.tensor.constants import COPIED_BYTES, LANES, Fixed, changeable, fingerprint

ROWS, COLUMNS = 480, 100  # 384,000 bytes: not copied


def large(seed: int = 0) -> Any:
    array = np.random.default_rng(seed).normal(size=(ROWS, COLUMNS))
    assert array.nbytes > COPIED_BYTES
    return array


def one_number(x: Any) -> None:
    x[-1, -1] += 1e-9


def refilled(x: Any) -> None:
    x[...] = large(1)


def shuffled(x: Any) -> None:
    np.random.default_rng(0).shuffle(x)


def two_rows_exchanged(x: Any) -> None:
    x[[3, 50]] = x[[50, 3]]


def by_a_ufunc(x: Any) -> None:
    np.multiply(x, 2.0, out=x)


def sorted_in_place(x: Any) -> None:
    x.sort(axis=0)


CHANGES = [one_number, refilled, shuffled, two_rows_exchanged, by_a_ufunc, sorted_in_place]
USES: dict[str, Callable[[Any, Any], Any]] = {
    "matmul": lambda x, w: x @ w,
    "np.matmul": np.matmul,
    "mul": lambda x, w: x * w,
    "reflected": lambda x, w: w / x,
    "where": lambda x, w: np.where(x > 0, x * w, w * w),
    "einsum": lambda x, w: np.einsum("ij,j->i", x, w),
    "dot": lambda x, w: np.dot(w, x.T),
    "tensordot": lambda x, w: np.tensordot(x, w, 1),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("use", USES)
def test_a_change_of_a_large_array_is_noticed(use: str, change: Callable[[Any], None]) -> None:
    x, w = large(), Tensor(np.linspace(1.0, 2.0, COLUMNS))
    y = np.sum(USES[use](x, w) ** 2)
    change(x)
    with pytest.raises(ChangedDataError, match="was changed after"):
        y.backward()
    assert w.grad is None


@pytest.mark.parametrize("use", USES)
def test_without_a_change_nothing_is_refused(use: str) -> None:
    x, w = large(), Tensor(np.linspace(1.0, 2.0, COLUMNS))
    y = np.sum(USES[use](x, w) ** 2)
    y.backward()
    first = w.grad
    w.grad = None
    y.backward()
    np.testing.assert_array_equal(w.grad, first)


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "a column slice": lambda x: x[:, 5:95],
    "transposed": lambda x: x.T,
    "backwards": lambda x: x[::-1, ::-1],
    "every second": lambda x: np.repeat(x, 2, axis=0)[::2],
    "float32": lambda x: np.repeat(x.astype(np.float32), 2, axis=0),
    "float16": lambda x: np.repeat(x.astype(np.float16), 5, axis=0)[:, :-1],
    "integers": lambda x: (100 * x).astype(np.int64),
    "bytes": lambda x: np.repeat((10 * x).astype(np.int8), 9, axis=0)[:, :-1],
    "truth values": lambda x: np.repeat(x > 0, 9, axis=0),
    "complex": lambda x: x + 1j * x,
    "broadcast": lambda x: np.broadcast_to(x, (3, *x.shape)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whatever_the_layout_and_the_dtype(layout: str) -> None:
    x = LAYOUTS[layout](large())
    assert x.nbytes > COPIED_BYTES
    before = Fixed(x)
    assert not before.changed()
    own = x
    while own.base is not None:
        own = own.base
    touched = x if x.flags.writeable else own
    index = (touched.shape[0] // 2, touched.shape[1] // 2)
    touched[index] = not touched[index] if x.dtype.kind == "b" else touched[index] + 1
    assert before.changed()


@given(st.integers(8, 4000), st.data())
def test_any_single_word_and_any_exchange_within_reach_shows(size: int, data: Any) -> None:
    x = np.random.default_rng(size).integers(0, 2**63, size).astype(np.uint64)
    seen = fingerprint(x)
    i, j = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    changed = x.copy()
    changed[i] ^= np.uint64(data.draw(st.integers(1, 2**64 - 1)))
    assert fingerprint(changed) != seen
    exchanged = x.copy()
    exchanged[[i, j]] = exchanged[[j, i]]
    if x[i] != x[j] and (i - j) % LANES:
        assert fingerprint(exchanged) != seen
    assert fingerprint(x.copy()) == seen


def test_the_bits_count_not_the_numbers() -> None:
    x = large()
    x[0, 0] = np.nan
    x[0, 1] = 0.0
    before = Fixed(x)
    assert not before.changed()
    x[0, 1] = -0.0
    assert before.changed()


def test_what_a_sum_is_given_may_change() -> None:
    x, t = large(), Tensor(np.ones((ROWS, COLUMNS)))
    y = np.sum(t + x)  # whose derivative needs no numbers
    x[...] = 0.0
    y.backward()
    np.testing.assert_array_equal(t.grad, np.ones((ROWS, COLUMNS)))


def test_an_array_that_nobody_can_write_to_is_not_read() -> None:
    x = large()
    assert changeable(x)
    part = x[:100]
    part.setflags(write=False)
    assert changeable(part)  # by way of x
    x.setflags(write=False)
    assert not changeable(x) and not changeable(part)
    y = np.sum(x @ Tensor(np.ones(COLUMNS)))
    assert y.inputs[0]._constants == ()


def test_large_indices_are_kept_as_they_were() -> None:
    t, indices = Tensor(np.arange(5.0)), np.zeros(COPIED_BYTES, dtype=np.intp)
    y = np.sum(t[indices])
    indices[:] = 3
    y.backward()
    np.testing.assert_array_equal(t.grad, [COPIED_BYTES, 0, 0, 0, 0])


# --- transforms -----------------------------------------------------------------------------------------


def test_between_recording_and_pulling() -> None:
    x, w = large(), Tensor(np.ones(COLUMNS))
    _, pull = vjp(lambda v: x @ v, np.ones(COLUMNS))
    pull(np.ones(ROWS))
    x[0, 0] += 1.0
    with pytest.raises(ChangedDataError, match="array of shape"):
        pull(np.ones(ROWS))
    _, pull = vjp(lambda v: v * w, np.ones(COLUMNS))
    w.data[0] = 5.0
    with pytest.raises(ChangedDataError, match="data of an input"):
        pull(np.ones(COLUMNS))


@pytest.mark.parametrize("derivative", [grad, lambda f: lambda v: jvp(f, (v,), (v,))])
def test_a_buffer_that_is_written_to_again_within_the_function(derivative: Any) -> None:
    buffer = large()

    def f(v: Any) -> Any:
        total: Any = 0.0
        for seed in range(2):
            buffer[...] = large(seed)
            total = total + np.sum((buffer @ v) ** 2)
        return total

    with pytest.raises(ChangedDataError, match="array of shape"):
        derivative(f)(np.ones(COLUMNS))


def test_a_buffer_may_be_filled_again_while_an_earlier_loss_lives() -> None:
    buffer, w, losses = large(), Tensor(np.ones(COLUMNS)), []
    for seed in range(3):
        buffer[...] = large(seed)
        loss = np.sum((buffer @ w) ** 2)
        loss.backward()
        losses.append(loss)
        expected = 2 * buffer.T @ (buffer @ np.ones(COLUMNS))
        np.testing.assert_allclose(w.grad, expected)
        w.grad = None


def test_a_view_whose_memory_is_no_arrays_is_watched() -> None:
    big = np.ones(20002)
    t = Tensor(np.ones((20000, 3)))
    y = np.sum(t * np.lib.stride_tricks.sliding_window_view(big, 3))
    big[:] = 0
    with pytest.raises(ChangedDataError):
        y.backward()
