"""NumPy expressions, each to be differentiated with respect to every array of ARRAYS that it names."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

_rng = np.random.default_rng(20)

ARRAYS: dict[str, Any] = {
    "s": np.array(0.7),
    "u": np.array([-0.4, 0.9, 0.3]),
    "v": np.array([0.5, -1.2, 2.0]),
    "w": _rng.normal(size=7),
    "k": np.array([0.3, -0.8, 1.1, 0.6]),
    "p": _rng.uniform(0.5, 2.0, 3),
    "A": _rng.normal(size=(2, 3, 4)),
    "B": _rng.normal(size=(4, 2)),
    "C": _rng.normal(size=(2, 4, 3)),
    "M": _rng.normal(size=(3, 3)),
    "N": _rng.normal(size=(3, 3)),
    "P": _rng.uniform(0.5, 2.0, (2, 3)),
    "Q": _rng.uniform(0.5, 2.0, (2, 3)),
    "U": _rng.uniform(-0.9, 0.9, (3, 4)),
    "R": np.array([[0.5, np.nan, -1.5, 0.2], [1.0, 2.5, np.nan, np.nan], [0.3, 0.1, 0.7, -0.4]]),
    "F": np.asfortranarray(_rng.normal(size=(3, 4))),
    "E": np.zeros((0, 3)),
}
"""All elements differ, so that no expression below stands at a tie or at a kink unless it says so."""

CONSTANTS: dict[str, Any] = {
    "np": np,
    "c3": np.array([1.0, -0.5, 2.0]),
    "mask": np.array([[True, False, True], [False, False, True], [True, True, False]]),
    "mask2": np.array([[True, False, True], [False, True, False]]),
    "I": np.array([2, 0, 2, 1]),
    "grid": np.array([-2.0, -0.5, 0.25, 1.0, 2.5]),
}

_UNARY = (
    "negative positive absolute fabs square cbrt exp exp2 expm1 sin cos tan arctan sinh cosh tanh arcsinh sinc i0 deg2rad "
    "rad2deg degrees radians nan_to_num real sign floor ceil trunc rint round fix spacing copy"
).split()
_REDUCTIONS = (
    "sum prod mean max min std var median ptp average amax amin nansum nanprod nanmean nanmax nanmin nanstd nanvar nanmedian"
).split()

ELEMENTWISE = [
    *(f"np.{f}(U)" for f in _UNARY),
    *(f"np.{f}(P)" for f in "sqrt log log2 log10 log1p reciprocal".split()),
    *(f"np.{f}(U)" for f in "arcsin arccos arctanh".split()),
    "np.arccosh(P + 1)", "np.sinc(s - s)", "np.i0(s - s)", "np.sinc(U * 1e-3)", "np.i0(10 * U)", "np.round(U, 1)",
    "np.around(U, 1)",
    *(f"np.{f}(P, Q)" for f in "add subtract multiply divide true_divide power float_power arctan2 hypot logaddexp logaddexp2 "
      "maximum minimum fmax fmin remainder mod fmod copysign heaviside floor_divide nextafter".split()),
    *(f"np.{f}(M, v)" for f in "add multiply hypot maximum fmin arctan2 remainder fmod logaddexp2 copysign".split()),
    "np.divmod(M, v)[1]", "np.divmod(M, 0.7)[0] + M", "np.modf(M)[0]", "np.modf(M)[1] * M", "np.frexp(M)[0]",
    "np.ldexp(M, I[:3])",
    "M % 0.7", "2.5 % P", "M // 0.7 + M", "7 // P + P", "divmod(P, 0.3)[1]", "np.float_power(P, 2)", "np.fmax(R, 0.4)",
    "np.fmin(R, U)",
    "np.fmax(U, R)", "np.heaviside(v - v, p)", "-M", "abs(M)", "+M", "M ** 2", "P ** 0.5", "2.0 ** M", "P ** Q",
    "M ** 3", "1 / P", "c3 - M",
    "M * np.float64(2)", "np.add.outer(u, v)", "np.multiply.outer(M, v)", "np.subtract.outer(2.0, v)",
    "np.maximum.outer(u, v)",
    "np.conj(M)", "np.imag(M) + M", "M.real", "M.conj()", "np.nan_to_num(R)", "np.nan_to_num(R, nan=s)",
    "np.clip(M, -0.5, 0.5)", "np.clip(M, None, v)", "M.clip(u - 1, u + 1)",
    "np.abs(np.exp(1j * M) + v)",
]  # fmt: skip

REDUCTIONS = [
    *(f"np.{f}(A)" for f in _REDUCTIONS),
    *(f"np.{f}(A, axis=-2)" for f in _REDUCTIONS),
    *(f"np.{f}(A, axis=1, keepdims=True)" for f in _REDUCTIONS),
    *(f"np.{f}(A, axis=(0, 2))" for f in "sum prod mean max min std var median ptp nansum nanprod nanmean nanmax nanmin nanstd nanvar".split()),
    *(f"np.{f}(A, axis=(2, 0), keepdims=True)" for f in "sum prod mean max std median nanmean nanmedian".split()),
    *(f"np.{f}(R, axis={axis})" for f in _REDUCTIONS if f.startswith("nan") for axis in (None, 0, 1)),
    "A.sum()", "A.mean(axis=0)", "A.max(1)", "A.min(axis=-1, keepdims=True)", "A.std(2, ddof=1)", "A.var(axis=(0, 1))",
    "A.prod(0)",
    "np.var(A, axis=1, ddof=1)", "np.std(A, axis=(0, 2), ddof=1)", "np.var(A, 1, correction=1)",
    "np.std(M, axis=1, mean=np.mean(M, 1, keepdims=True))",
    "np.nanvar(R, axis=1, ddof=1)", "np.nanstd(R, ddof=1)", "np.sum(M, initial=2.0)", "np.prod(M, axis=0, initial=3.0)",
    "np.max(M, initial=0.2)",
    "np.min(M, axis=1, initial=0.2)", "np.sum(M, axis=0, where=mask)", "np.prod(M, axis=1, where=mask)",
    "np.mean(M, axis=0, where=mask)",
    "np.var(M, axis=1, where=mask)", "np.std(M, where=mask)", "np.max(M, axis=0, where=mask, initial=-9)",
    "np.min(M, where=mask, initial=9)",
    "np.nansum(R, axis=0, where=c3[:, None] > 0)", "np.nanmax(R, initial=-5)", "np.nanmean(R, where=c3[:, None] > 0)",
    "np.prod(M * np.array([0.0, 1, 1]), axis=1)", "np.prod(M * np.array([0.0, 0, 1]), axis=1)", "np.prod(s)",
    "np.sum(s)", "np.max(s)", "np.var(s)",
    "np.sum(E)", "np.sum(E, axis=0)", "np.prod(E, axis=0)", "np.sum(E, axis=1)", "np.max(E, axis=1)",
    "np.cumsum(E, axis=0)", "np.max(E, initial=1.0)",
    "np.sum(M, dtype=np.float64)", "np.mean(A, axis=1, dtype=np.longdouble)", "np.cumsum(M, axis=0, dtype=float)",
    "np.var(M, dtype=np.longdouble)", "np.trace(M, dtype=np.float64)",
    "np.add.reduce(M)", "np.multiply.reduce(M, axis=1)", "np.maximum.reduce(M)", "np.minimum.reduce(M, axis=None)",
    "np.logaddexp.reduce(M, axis=1)",
    "np.add.accumulate(M)", "np.multiply.accumulate(M, axis=1)", "np.maximum.accumulate(w)",
    "np.minimum.accumulate(M, axis=1)",
    *(f"np.quantile(A, 0.3, axis=1, method='{m}')" for m in "linear inverted_cdf averaged_inverted_cdf closest_observation "
      "interpolated_inverted_cdf hazen weibull median_unbiased normal_unbiased lower higher midpoint nearest".split()),
    "np.quantile(A, [0.1, 0.5, 1.0])", "np.quantile(A, [[0.1], [0.6]], axis=(0, 1))",
    "np.percentile(A, 35, axis=2, keepdims=True)",
    "np.percentile(w, [0, 20, 100])", "np.nanquantile(R, 0.3, axis=1)", "np.nanpercentile(R, [20, 70], axis=0)",
    "np.nanmedian(R, axis=0)",
    "np.quantile(w, 0.4, weights=[1, 2, 1, 0, 3, 1, 2], method='inverted_cdf')",
    "np.average(M, axis=0, weights=p)", "np.average(M, weights=N ** 2)",
    "np.average(M, axis=1, weights=c3 + 2, keepdims=True)",
    "np.average(A, axis=(0, 1), weights=P)", "np.average(A, axis=(1, 0), weights=P.T)", "np.average(c3, weights=p)",
    "np.average(M, 0, p, returned=True)[0]",
    "np.cov(M)", "np.cov(M, rowvar=False)", "np.cov(u, v)", "np.cov(M, bias=True)", "np.cov(M, ddof=0, aweights=p)",
    "np.cov(M, fweights=[1, 2, 3])",
    "np.cov(M, fweights=[1, 2, 3], aweights=p)", "np.cov(w)", "np.corrcoef(M)", "np.corrcoef(u, v)",
    "np.corrcoef(U, rowvar=False)", "np.corrcoef(w)",
    "np.bincount([0, 2, 2, 5], weights=k)", "np.bincount([1, 1, 0], weights=v, minlength=4)",
    "np.histogram([0.1, 0.4, 0.9, 0.4], bins=3, weights=k)[0]",
    "np.histogram(c3, bins=[-1, 0, 1, 2], weights=p, density=True)[0]",
]  # fmt: skip

CUMULATIVE = [
    "np.cumsum(A)", "np.cumsum(A, axis=1)", "A.cumsum(-1)", "np.cumprod(A, axis=2)", "np.cumprod(w)", "M.cumprod()",
    "np.nancumsum(R, axis=1)",
    "np.nancumprod(R, axis=0)", "np.nancumsum(R)", "np.cumprod(M * np.array([[1.0], [0], [1]]), axis=0)",
    "np.cumprod(M * np.array([[0.0], [0], [1]]), axis=0)", "np.diff(A)", "np.diff(A, n=2, axis=1)",
    "np.diff(A, axis=0)", "np.diff(w, n=3)",
    "np.diff(M, axis=0, prepend=s, append=N)", "np.diff(M, prepend=0.0)", "np.diff(c3, prepend=s)", "np.diff(w, n=0)",
    "np.ediff1d(M)",
    "np.ediff1d(w, to_begin=s, to_end=v)", "np.ediff1d(w, to_end=[1.0, 2.0])", "np.gradient(w)", "np.gradient(w, 0.3)",
    "np.gradient(M)[0]",
    "np.gradient(M)[1]", "np.gradient(A, axis=1)", "np.gradient(A, axis=(0, 2))[1]", "np.gradient(w, edge_order=2)",
    "np.gradient(M, 0.5, s)[1]",
    "np.gradient(v, c3.cumsum() * 2 + [0, 3, 3])", "np.gradient(v, p.cumsum())",
    "np.gradient(k, np.cumsum(k ** 2), edge_order=2)",
    "np.gradient(A, p.cumsum(), axis=1, edge_order=2)", "np.gradient(c3, s)", "np.trapezoid(w)",
    "np.trapezoid(M, axis=0)", "np.trapezoid(M, v)",
    "np.trapezoid(M, dx=s)", "np.trapezoid(A, p, axis=1)", "np.trapezoid(M, N, axis=0)", "np.trapezoid(c3, v)",
    "np.unwrap(w * 4)",
    "np.unwrap(M * 5, axis=0)", "np.unwrap(w * 3, period=2.5)",
]  # fmt: skip

SELECTION = [
    "np.where(mask, M, N)", "np.where(mask, M, 0.0)", "np.where(mask, c3, v)", "np.where(M > 0, M, v)",
    "np.where(True, u, M)", "np.where(mask, s, v)",
    "np.select([M > 0.5, M < -0.5], [M, N], default=s)", "np.select([mask, ~mask], [v, M])",
    "np.choose([0, 1, 0], [u, v])",
    "np.choose(mask.astype(int), [M, s])", "np.choose([5, -1, 1], [u, v, c3], mode='clip')",
    "np.choose([4, -2, 1], [u, v, p], mode='wrap')",
    "np.piecewise(M, [M < 0, M >= 0.5], [lambda x: x ** 2, lambda x: 3 * x, lambda x: -x])",
    "np.piecewise(w, w > 0, [np.sin, 2.0])",
    "np.piecewise(w, [w > 0, w > 0.5], [np.sin, np.cos])",
    "np.piecewise(s, [s < 0, s >= 0], [lambda x: -x, lambda x: x ** 3])",
    "np.sort(A)", "np.sort(A, axis=0)", "np.sort(A, axis=None)", "np.sort(w, kind='stable')", "np.partition(w, 3)",
    "np.partition(A, 1, axis=1)",
    "np.partition(A, (0, 2), axis=-1)", "np.partition(A, 5, axis=None)", "np.take(A, [0, 2], axis=1)",
    "np.take(A, I, axis=2)", "np.take(A, 5)",
    "np.take(w, [[1, -1], [0, 0]])", "np.take(w, [9, -9], mode='wrap')", "np.take(w, [9, -9], mode='clip')",
    "A.take([1, 1], 0)",
    "np.take_along_axis(M, np.array([[0, 0, 2]]), 0)", "np.take_along_axis(M, np.array([[0], [2], [1]]), 1)",
    "np.take_along_axis(M, np.array([3, 1]), None)",
    "np.compress([True, False, True], M, axis=0)", "np.compress([True, True], M)", "M.compress([False, True, True], 1)",
    "np.extract(mask, M)",
    "np.extract(M > 0, M)", "np.unique(w)", "np.unique(M * 0 + v)", "np.unique_values(v)", "np.unique_counts(v)[0]",
    "np.unique_all(v)[0]", "np.unique_inverse(v)[0]", "np.union1d(u, v)",
    "np.setdiff1d(w, [0.0])", "np.setxor1d(u, v)", "np.trim_zeros(w * [0, 0, 1, 1, 0, 1, 0])",
    "np.trim_zeros(w * [0, 0, 1, 1, 0, 1, 0], 'b')",
    "M[0]", "M[-1, 1]", "M[1:, ::2]", "M[::-1]", "M[..., None, 0]", "M[None]", "M[[0, 0, 2]]", "M[:, [1, 1]]",
    "M[[0, 1], [1, 1]]", "M[mask]", "M[I]",
    "M[mask[0]]", "M[mask[0], 1:]", "M[[[0], [1]], [0, 0, 2]]", "A[0, :, [1, 1]]", "A[:, 1, [0, 3, 0]]",
    "A[:, [0, 2], :][..., 0]", "A[[1, 0], :, [0, 3]]",
    "A[..., [0, 1]]", "A[mask2]", "A[1, mask[0]]", "A[np.newaxis, 0, [[0, 1], [2, 2]], 1:3]", "M[()]", "M[M > 0]",
    "w[I]", "w[np.array(3)]", "w[2:2]", "w[[]]",
    "A[0, np.array([True, False, True]), -1]", "F[:, [0, 0]]", "F[::-1, 1]", "M.T[[0, 0], 1:]",
    "M[np.ix_([0, 2], [1, 1])]", "s[...]", "s[()]", "s[None]",
    "np.apply_along_axis(np.cumsum, 0, M)", "np.apply_along_axis(lambda r: r[:2] * r[2], 1, A.transpose(0, 2, 1))",
    "np.apply_along_axis(np.sum, 1, A)",
    "np.apply_along_axis(lambda r: np.outer(r, r), 1, M)", "np.apply_over_axes(np.sum, A, [0, 2])",
    "np.apply_over_axes(np.mean, A, 1)",
    "np.interp(u, grid, [1.0, 3, 2, 5, 4])", "np.interp(c3, grid, w[:5])", "np.interp(v * 1.5, grid, w[:5])",
    "np.interp(v * 9, grid, w[:5], left=s, right=1.0)",
    "np.interp(v, np.cumsum(p), u)", "np.interp(c3 + 7, grid, w[:5], period=5.0)", "np.interp(s, [0.0, 1.0, 2.0], v)",
    "np.interp(M, [0.0], [2.0]) + M",
]  # fmt: skip

SHAPES = [
    "np.reshape(A, (4, 6))", "A.reshape(6, -1)", "A.reshape((2, 12), order='F')", "np.ravel(A)",
    "np.ravel(A, order='F')", "A.flatten()", "A.ravel()",
    "np.transpose(A)", "A.transpose(2, 0, 1)", "A.transpose((1, 0, 2))", "np.transpose(A, (0, -1, 1))", "A.T", "A.mT",
    "np.matrix_transpose(A)",
    "np.permute_dims(A, (2, 1, 0))", "np.swapaxes(A, 0, -1)", "A.swapaxes(1, 2)", "np.moveaxis(A, 0, -1)",
    "np.moveaxis(A, (0, 1), (2, 0))",
    "np.rollaxis(A, 2)", "np.rollaxis(A, 0, 3)", "np.expand_dims(M, 1)", "np.expand_dims(M, (0, -1))",
    "np.squeeze(M[None])", "np.squeeze(M[:, None], 1)",
    "M[None].squeeze(axis=0)", "np.broadcast_to(v, (2, 3))", "np.broadcast_to(s, (2, 3))",
    "np.broadcast_to(u[:, None], (3, 2))",
    "np.broadcast_arrays(u, M)[0]", "np.atleast_1d(s)", "np.atleast_2d(v)", "np.atleast_3d(M)", "np.atleast_3d(v)",
    "np.atleast_1d(s, v)[0]",
    "np.flip(A)", "np.flip(A, (0, 2))", "np.fliplr(M)", "np.flipud(M)", "np.rot90(M)", "np.rot90(A, 3, (0, 2))",
    "np.rot90(M, 2)", "np.roll(w, 2)",
    "np.roll(M, 1)", "np.roll(A, (1, -1), (0, 2))", "np.roll(M, -4, axis=1)", "np.roll(M, (1, 1), axis=0)", "M.copy()",
    "M.astype(float)", "np.astype(M, float)",
    "F.T", "F.reshape(-1)", "np.full_like(M, s)", "np.full_like(M, v)", "np.array([u, v], like=u)",
    "np.asarray([[s, s], [s, 2.0]], like=u)",
    "np.full((2, 3), v, like=v)", "np.asanyarray([v, v], like=v)", "np.ascontiguousarray(M + 0, like=M)",
    "np.asfortranarray(2 * M, like=M)", "np.linspace(s, v, 4)", "np.linspace(0.0, s, 5, endpoint=False)",
    "np.linspace(u, v, 3, axis=1)", "np.linspace(s, 2.0, 1)",
    "np.linspace(u, 2.0, 4, retstep=True)[1]", "np.logspace(u, v, 4)", "np.logspace(0, 1, 3, base=p)",
    "np.geomspace(p, 3 * p, 4)", "np.geomspace(-1.0, -p, 3)",
    "np.meshgrid(u, v)[0]", "np.meshgrid(u, w)[1]", "np.meshgrid(u, k, indexing='ij')[1]",
    "np.meshgrid(u, v, sparse=True)[1]", "np.meshgrid(u, c3, p)[2]",
]  # fmt: skip

JOINING = [
    "np.concatenate([M, N])", "np.concatenate((M, mask * 1.0, N), axis=1)", "np.concatenate([M, v], axis=None)",
    "np.concat([M, N], axis=-1)",
    "np.concatenate([M, M])", "np.stack([u, v, u])", "np.concatenate([M, N], dtype=np.longdouble)",
    "np.linspace(s, 2.0, 3, dtype=float)", "np.stack([M, N], axis=-1)", "np.stack((c3, v), 1)",
    "np.vstack([M, v])", "np.hstack([u, v])",
    "np.hstack([M, N])", "np.dstack([M, N])", "np.dstack([u, v])", "np.column_stack([u, M])",
    "np.block([[M, N], [N, M]])", "np.block([u, v])",
    "np.block([[M, u[:, None]], [v, s]])", "np.block(M)", "np.split(A, 2)[1]", "np.split(w, [2, 5])[1]",
    "np.array_split(w, 3)[0]", "np.hsplit(M, 3)[1]",
    "np.vsplit(M, [1])[1]", "np.dsplit(A, 2)[0]", "np.array_split(A, 3, axis=2)[2]", "np.tile(M, 2)",
    "np.tile(v, (2, 2))", "np.tile(A, (2, 1, 1, 2))", "np.tile(s, 3)", "np.repeat(M, 2)", "np.repeat(M, 2, axis=1)",
    "np.repeat(M, [1, 0, 3], axis=0)", "v.repeat(3)",
    "np.append(M, v)", "np.append(M, N, axis=1)", "np.append(c3, s)", "np.insert(w, 2, s)",
    "np.insert(M, 1, v, axis=0)", "np.insert(M, 1, v, axis=1)",
    "np.insert(w, [1, 5], u[:2])", "np.insert(M, [0, 2], s, axis=1)", "np.insert(M, slice(0, 2), v[:2, None], axis=0)",
    "np.insert(M, [1], N, axis=1)",
    "np.insert(c3, -1, s)", "np.insert(M, 4, v[:2])", "np.delete(w, 2)", "np.delete(M, [0, 2], axis=1)",
    "np.delete(M, slice(1, 3), axis=0)", "np.delete(M, 4)",
    "np.delete(w, [True, False, True, False, False, False, True])", "np.resize(w, (2, 5))", "np.resize(M, 4)",
    "np.resize(v, (2, 2, 2))",
    *(f"np.pad(M, 1, mode='{m}')" for m in "constant edge wrap reflect symmetric linear_ramp mean maximum minimum median".split()),
    *(f"np.pad(A, ((0, 1), (2, 0), (1, 3)), mode='{m}')" for m in "constant edge wrap reflect symmetric linear_ramp mean maximum minimum median".split()),
    *(f"np.pad(v, (5, 4), mode='{m}')" for m in "wrap reflect symmetric".split()),
    *(f"np.pad(v, (5, 4), mode='{m}', reflect_type='odd')" for m in "reflect symmetric".split()),
    *(f"np.pad(M, ((1, 2), (4, 3)), mode='{m}', reflect_type='odd')" for m in "reflect symmetric".split()),
    *(f"np.pad(U, 2, mode='{m}', stat_length={n})" for m in "mean maximum minimum median".split() for n in ("2", "((1, 2), (3, 1))")),
    "np.pad(M, 1, constant_values=3.0)", "np.pad(M, 1, constant_values=s)",
    "np.pad(M, ((1, 0), (0, 2)), constant_values=((s, 1), (2.0, s)))",
    "np.pad(v, (2, 1), constant_values=(s, 2 * s))", "np.pad(v, (2, 3), 'linear_ramp', end_values=(s, 1.0))",
    "np.pad(M, (0, 1), 'linear_ramp', end_values=2.0)",
    "np.pad(v, 0, 'edge')", "np.pad(E, ((1, 1), (0, 0)))", "np.pad(M, ((1, 2),), 'edge')",
]  # fmt: skip

PRODUCTS = [
    "np.dot(M, N)", "np.dot(u, v)", "np.dot(M, v)", "np.dot(v, M)", "np.dot(A, B)", "np.dot(s, M)", "np.dot(A, C)",
    "M.dot(v)", "np.dot(c3, v)", "np.dot(v, 2.0)",
    "M @ N", "M @ v", "v @ M", "u @ v", "A @ B", "A @ C", "A @ k", "v @ A", "c3 @ M", "M @ c3", "np.matmul(A, B)",
    "np.matmul(M, A)", "A[:, None] @ C",
    "np.inner(u, v)", "np.inner(M, N)", "np.inner(A, B.T)", "np.inner(s, v)", "np.outer(u, w)", "np.outer(M, v)",
    "np.vdot(u, v)", "np.vdot(M, N)",
    "np.vecdot(M, N)", "np.vecdot(M, v, axis=0)",
    "np.tensordot(A, B, 1)", "np.tensordot(A, C, axes=([1, 2], [2, 1]))", "np.tensordot(u, v, 0)",
    "np.tensordot(A, A, 3)", "np.tensordot(M, A, axes=(0, 1))",
    "np.kron(M, P)", "np.kron(u, v)", "np.kron(A, M)", "np.kron(s, v)", "np.kron(v, M)", "np.cross(u, v)",
    "np.cross(M, v)", "np.cross(M, N, axis=0)",
    "np.cross(M, N, axisa=0, axisc=0)", "np.cross(c3, v)",
    "np.einsum('ij,jk->ik', M, N)", "np.einsum('ij,ij->', M, N)", "np.einsum('ij,jk', M, N)", "np.einsum('ii', M)",
    "np.einsum('ii->i', M)", "np.einsum('ij->ji', M)",
    "np.einsum('ij->', M)", "np.einsum('...ij,...jk->...ik', A, C)", "np.einsum('...i,i->...', A, k)",
    "np.einsum('i...->...', A)", "np.einsum('i,i', u, v)",
    "np.einsum('ijk,kl,j->il', A, B, v)", "np.einsum('ij,jk,kl->il', M, N, M, optimize=True)",
    "np.einsum('iij->j', M[:, :, None] * v)", "np.einsum('i,j,k->ijk', u, v, p)",
    "np.einsum('ij,kj->ik', M, c3[None])", "np.einsum(M, [0, 1], N, [1, 2], [0, 2])", "np.einsum('bij,bjk->bik', A, C)",
    "np.einsum('i,->i', v, s)", "np.einsum('ij,i->', M, v)",
    "np.einsum('iij,jk->ik', M[:, :, None] * v, N)", "np.einsum('ij,jk,ki', M, N, M)",
    "np.einsum('ij,j->i', M[:, :1], v)",
    *(f"np.convolve(w, v, '{m}')" for m in ("full", "same", "valid")),
    *(f"np.convolve(v, w, '{m}')" for m in ("full", "same", "valid")),
    *(f"np.convolve(w, k, '{m}')" for m in ("full", "same", "valid")),
    *(f"np.correlate(w, v, '{m}')" for m in ("full", "same", "valid")),
    *(f"np.correlate(v, w, '{m}')" for m in ("full", "same", "valid")),
    *(f"np.correlate(w, k, '{m}')" for m in ("full", "same", "valid")),
    *(f"np.correlate(k, w, '{m}')" for m in ("full", "same", "valid")),
    "np.convolve(c3, v)", "np.convolve(s, v)", "np.triu(M)", "np.tril(M, 1)", "np.triu(A, -1)", "np.tril(U, -1)",
    "np.triu(v)", "np.tril(v)", "np.diag(M)", "np.diag(M, 1)",
    "np.diag(v)", "np.diag(v, -1)", "np.diagflat(M)", "np.diagflat(v, 2)", "np.diagonal(A)", "np.diagonal(A, 1, 2, 0)",
    "M.diagonal(-1)", "np.diagonal(U, 1)", "np.trace(M)",
    "np.trace(A)", "np.trace(U, 1)", "M.trace()", "np.trace(A, -1, 1, 2)", "np.vander(v)", "np.vander(v, 2)",
    "np.vander(v, 4, increasing=True)",
    "np.polyval(k, w)", "np.polyval(k, 0.3)", "np.polyval([1.0, 2, 3], M)", "np.poly1d([1.0, 2, 3])(M)",
    "np.poly1d(k)(v)", "np.polyadd(k, v)", "np.polysub(v, k)", "np.polymul(k, v)",
    "np.polydiv(w, v)[0]", "np.polydiv(w, v)[1]", "np.polyder(w)", "np.polyder(w, 2)", "np.polyint(k)",
    "np.polyint(k, 2, v[:2])", "np.poly(v)", "np.polyfit(c3, v, 1)", "np.polyfit(p, v, 1)",
    "np.polyfit([0.0, 1, 2, 4], B, 2)", "np.polyfit(w, w ** 3, 2, w=np.arange(1.0, 8))",
    "np.polyfit([0.0, 1, 2], v, 1, w=p)",
    "np.roots([1.0, 0, -1]) + np.roots(np.poly(p))[1:]", "np.abs(np.roots(k))",
]  # fmt: skip

# What NumPy 2.x came to take, or takes no longer: functions, keywords, kinds of argument.
NOT_IN_EVERY_NUMPY = [
    "np.clip(M, min=0.1)", "np.cumulative_sum(M, axis=1)", "np.cumulative_sum(w, include_initial=True)",
    "np.cumulative_prod(M, axis=0, include_initial=True)", "np.unstack(M)[1]", "np.unstack(A, axis=2)[3]",
    "np.pad(M, {0: (1, 2)}, 'wrap')", "np.matvec(M, v)", "np.matvec(A, k)", "np.vecmat(v, M)", "np.vecmat(u, A)",
    "np.cross(u[:2], v)",
]  # fmt: skip


def leaves_of(expression: str) -> list[str]:
    """The names in ARRAYS that `expression` uses."""
    return [name for name in compile(expression, expression, "eval").co_names if name in ARRAYS] + [
        name for name in _inner_names(expression) if name in ARRAYS
    ]


def _inner_names(expression: str) -> list[str]:
    code = compile(expression, expression, "eval")
    inner = [name for constant in code.co_consts if hasattr(constant, "co_names") for name in constant.co_names]
    return [name for name in inner if name not in code.co_names]


def evaluate(expression: str, leaves: dict[str, Any]) -> Any:
    """The value of `expression`, with these in place of the arrays of the same names."""
    return eval(expression, {**CONSTANTS, **ARRAYS, **leaves})


def _taken_by_numpy(expression: str) -> bool:
    """Whether the NumPy that is installed evaluates `expression` on plain arrays."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            evaluate(expression, {})
        except (AttributeError, TypeError, ValueError):
            return False
    return True


LEFT_OUT = [expression for expression in NOT_IN_EVERY_NUMPY if not _taken_by_numpy(expression)]
"""The cases that this NumPy cannot evaluate itself: not collected, and counted in the report."""

CASES = [
    *ELEMENTWISE, *REDUCTIONS, *CUMULATIVE, *SELECTION, *SHAPES, *JOINING, *PRODUCTS,
    *(expression for expression in NOT_IN_EVERY_NUMPY if expression not in LEFT_OUT),
]  # fmt: skip
