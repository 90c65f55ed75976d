"""Fourier transforms: all lengths, axes and scalings; NumPy's values, derivatives of both orders in both modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor
from tests.autograd.functions.derivatives import check

rng = np.random.default_rng(3)
X = rng.normal(size=(3, 4))
NORMS = (None, "backward", "ortho", "forward")


def complexes(x: Any) -> Any:
    return x + 1j * x * x


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"])
def test_one_axis(name: str, norm: Any) -> None:
    transform = getattr(np.fft, name)
    second = norm == "ortho"
    for axis in (0, -1):
        for n in (None, 1, 2, 3, 4, 5, 6):  # odd and even, cut off and padded
            case = f"{name} {norm} {axis} {n}"
            check(lambda x: transform(x, n, axis, norm), X, case, second=second)
            if name not in ("rfft", "ihfft"):
                check(lambda x: transform(complexes(x), n, axis, norm), X, case, second=second)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2"])
def test_several_axes(name: str, norm: Any) -> None:
    transform = getattr(np.fft, name)
    sizes: list[dict[str, Any]] = [
        {}, {"axes": (0,)}, {"axes": (1, 0)}, {"s": (4, 5), "axes": (0, 1)}, {"s": (2, 3), "axes": (1, 0)},
        {"s": (5, -1), "axes": (0, 1)},
    ]  # fmt: skip
    for options in sizes:
        check(
            lambda x: transform(complexes(x) if name.startswith("i") else x, norm=norm, **options),
            X,
            f"{name} {norm} {options}",
            second=norm == "forward",
        )


def test_three_axes() -> None:
    x = rng.normal(size=(3, 2, 4))
    for axes in (None, (2, 0), (1,)):
        check(lambda x: np.fft.rfftn(x, axes=axes), x)
        check(lambda x: np.fft.irfftn(x * (1 + 2j), axes=axes), x)


@pytest.mark.parametrize("shift", [np.fft.fftshift, np.fft.ifftshift])
def test_shifts(shift: Any) -> None:
    for axes in (None, 0, (1,), (0, -1)):
        check(lambda x: shift(x, axes), X)


@pytest.mark.parametrize("n", [5, 6])
def test_zero_and_nyquist_frequency_have_no_imaginary_gradient(n: int) -> None:
    imaginary = Tensor(rng.normal(size=n // 2 + 1))
    np.sum(rng.normal(size=n) * np.fft.irfft(1j * imaginary, n)).backward()
    assert imaginary.grad is not None
    unused = imaginary.grad == 0
    assert unused.tolist() == [True] + [False] * (n // 2 - 1) + [n % 2 == 0]


def test_energy_is_kept() -> None:
    """Parseval: |rfft(x)|², each frequency counted as often as it stands in the spectrum, is n·|x|²."""
    for n in (7, 8):
        x = Tensor(rng.normal(size=n))
        counts = np.array([1.0] + [2.0] * (n // 2))
        if n % 2 == 0:
            counts[-1] = 1
        np.sum(counts * np.abs(np.fft.rfft(x)) ** 2).backward()
        np.testing.assert_allclose(x.grad, 2 * n * np.asarray(x.data))


def test_float32_stays() -> None:
    x = Tensor(X.astype(np.float32))
    y = np.sum(np.abs(np.fft.rfft(x)) ** 2)
    y.backward()
    assert y.dtype == np.float32 and x.grad.dtype == np.float32


def test_refusals_name_the_cause() -> None:
    x = Tensor(X)
    with pytest.raises(ValueError, match="number of FFT data points"):
        np.fft.fft(x, 0)
    with pytest.raises(TypeError, match="out="):
        np.fft.fft(x, out=np.zeros((3, 4), dtype=complex))
    with pytest.raises(TypeError, match="real numbers"):
        np.fft.rfft(x * 1j)
    with pytest.raises(ValueError, match="norm"):
        np.fft.fft(x, norm="orthogonal")
    with pytest.raises(ValueError, match="one length for each axis"):
        np.fft.fft2(x, s=(1, 2, 3))
