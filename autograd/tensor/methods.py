"""What a Tensor takes over from arrays and from the table: operators, and functions as methods."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from autograd.errors import InPlaceError
from autograd.functions import (
    broadcasting,
    complexes,
    shapes,
    table,  # noqa: F401  (fills the register)
    ufuncs,
)
from autograd.functions.products import matmul, matmul_of_arrays
from autograd.functions.register import FUNCTIONS, REFUSALS, blame_other_arrays
from autograd.habits import refuse_settings
from autograd.rules import activations
from autograd.rules import elementwise as rules
from autograd.tensor.dispatch import binary, unary
from autograd.tensor.memory import BY_METHOD, BY_OPERATOR
from autograd.tensor.operands import factor
from autograd.tensor.recording import reflected

Method = Callable[..., Any]


class Operators:
    """Python's operators, from either side."""

    __slots__ = ()

    __add__ = binary(rules.add, rules.add.scalar, BY_OPERATOR)
    __sub__ = binary(rules.sub, rules.sub.scalar, BY_OPERATOR)
    __mul__ = binary(rules.mul, rules.mul.scalar, BY_OPERATOR, factor)
    __truediv__ = binary(rules.div, rules.div.scalar, BY_OPERATOR)
    __pow__ = binary(rules.power, rules.power.compute, BY_OPERATOR)
    __matmul__ = binary(matmul, matmul_of_arrays, 0)

    __radd__ = reflected(__add__)
    __rsub__ = reflected(__sub__)
    __rmul__ = reflected(__mul__)
    __rtruediv__ = reflected(__truediv__)
    __rpow__ = reflected(__pow__)
    __rmatmul__ = reflected(__matmul__)

    __neg__ = unary(rules.neg, 0)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return rules.absolute(self)

    def __mod__(self, other: Any) -> Any:
        return ufuncs.remainder(self, other)

    def __rmod__(self, other: Any) -> Any:
        return ufuncs.remainder(other, self)

    def __floordiv__(self, other: Any) -> Any:
        return ufuncs.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return ufuncs.floor_divide(other, self)

    def __divmod__(self, other: Any) -> Any:
        return ufuncs.divmod_(self, other)

    def __rdivmod__(self, other: Any) -> Any:
        return ufuncs.divmod_(other, self)


def called(name: str, function: Any) -> Method:
    """The method that calls `function` on the Tensor."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs:
            refuse_settings(name, kwargs)
        try:
            return function(self, *args, **kwargs)
        except REFUSALS as error:
            blame_other_arrays(name, (self, *args), error)
            raise

    method.__name__, method.__doc__ = name, function.__doc__
    return method


def _numpy(function: Any) -> Method:
    method = called(function.__name__, FUNCTIONS.get(function, function))
    method.__doc__ = f"As ``np.{function.__name__}``."
    return method


class ElementwiseMethods:
    """The functions of the table, element by element."""

    __slots__ = ()

    abs = called("abs", rules.absolute)
    acos = unary(rules.acos, BY_METHOD)
    acosh = unary(rules.acosh, BY_METHOD)
    add = called("add", rules.add)
    asin = unary(rules.asin, BY_METHOD)
    asinh = unary(rules.asinh, BY_METHOD)
    atan = unary(rules.atan, BY_METHOD)
    atan2 = called("atan2", rules.atan2)
    atanh = unary(rules.atanh, BY_METHOD)
    cbrt = unary(rules.cbrt, BY_METHOD)
    ceil = _numpy(np.ceil)
    copysign = _numpy(np.copysign)
    cos = unary(rules.cos, BY_METHOD)
    cosh = unary(rules.cosh, BY_METHOD)
    div = called("div", rules.div)
    elu = called("elu", activations.elu)
    erf = unary(rules.erf, BY_METHOD)
    erfc = unary(rules.erfc, BY_METHOD)
    exp = unary(rules.exp, BY_METHOD)
    exp2 = _numpy(np.exp2)
    expm1 = unary(rules.expm1, BY_METHOD)
    floor = _numpy(np.floor)
    floor_divide = _numpy(np.floor_divide)
    fmod = _numpy(np.fmod)
    gelu = unary(activations.gelu, BY_METHOD)
    guarded = called("guarded", rules.guarded)
    heaviside = _numpy(np.heaviside)
    hypot = called("hypot", rules.hypot)
    identity = unary(rules.identity, BY_METHOD)
    ldexp = _numpy(np.ldexp)
    leaky_relu = called("leaky_relu", activations.leaky_relu)
    log = unary(rules.log, BY_METHOD)
    log10 = unary(rules.log10, BY_METHOD)
    log1p = unary(rules.log1p, BY_METHOD)
    log2 = unary(rules.log2, BY_METHOD)
    logaddexp = called("logaddexp", rules.logaddexp)
    logaddexp2 = _numpy(np.logaddexp2)
    maximum = called("maximum", rules.maximum)
    minimum = called("minimum", rules.minimum)
    mish = unary(activations.mish, BY_METHOD)
    mul = called("mul", rules.mul)
    neg = unary(rules.neg, BY_METHOD)
    nextafter = _numpy(np.nextafter)
    power = called("power", rules.power)
    reciprocal = unary(rules.reciprocal, BY_METHOD)
    relu = unary(rules.relu, BY_METHOD)
    remainder = _numpy(np.remainder)
    rint = _numpy(np.rint)
    selu = unary(activations.selu, BY_METHOD)
    share = called("share", rules.share)
    sigmoid = unary(rules.sigmoid, BY_METHOD)
    sign = called("sign", rules.sign)
    silu = unary(activations.silu, BY_METHOD)
    sin = unary(rules.sin, BY_METHOD)
    sinc = _numpy(np.sinc)
    sinh = unary(rules.sinh, BY_METHOD)
    softplus = unary(activations.softplus, BY_METHOD)
    softsign = called("softsign", activations.softsign)
    spacing = _numpy(np.spacing)
    sqrt = unary(rules.sqrt, BY_METHOD)
    square = unary(rules.square, BY_METHOD)
    step = unary(rules.step, BY_METHOD)
    sub = called("sub", rules.sub)
    tan = unary(rules.tan, BY_METHOD)
    tanh = unary(rules.tanh, BY_METHOD)
    trunc = _numpy(np.trunc)
    where = called("where", rules.where)


def _refused(name: str, cure: str) -> Method:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise InPlaceError(f"t.{name}() would overwrite recorded data; use {cure} (to set up a leaf, write to t.data)")

    method.__name__, method.__doc__ = name, "Refused: it would overwrite recorded data."
    return method


class ArrayMethods:
    """The methods of arrays: NumPy's functions of the same names."""

    __slots__ = ()
    _numbers: Any

    all = _numpy(np.all)
    any = _numpy(np.any)
    argmax = _numpy(np.argmax)
    argmin = _numpy(np.argmin)
    argpartition = _numpy(np.argpartition)
    argsort = _numpy(np.argsort)
    clip = _numpy(np.clip)
    cumprod = _numpy(np.cumprod)
    cumsum = _numpy(np.cumsum)
    diagonal = _numpy(np.diagonal)
    dot = _numpy(np.dot)
    flatten = _numpy(np.ravel)
    max = _numpy(np.max)
    mean = _numpy(np.mean)
    min = _numpy(np.min)
    nonzero = _numpy(np.nonzero)
    prod = _numpy(np.prod)
    ptp = _numpy(np.ptp)
    ravel = _numpy(np.ravel)
    repeat = _numpy(np.repeat)
    round = _numpy(np.round)
    searchsorted = _numpy(np.searchsorted)
    squeeze = _numpy(np.squeeze)
    std = _numpy(np.std)
    sum = _numpy(np.sum)
    swapaxes = _numpy(np.swapaxes)
    take = _numpy(np.take)
    trace = _numpy(np.trace)
    var = _numpy(np.var)

    fill = _refused("fill", "np.where(mask, x, t)")
    partition = _refused("partition", "np.partition(t), which returns a new Tensor")
    put = _refused("put", "np.where(mask, x, t)")
    resize = _refused("resize", "np.resize(t), which returns a new Tensor")
    sort = _refused("sort", "np.sort(t), which returns a new Tensor")

    @property
    def T(self) -> Any:
        """The transpose."""
        return shapes.transpose(self, axes=None)

    @property
    def real(self) -> Any:
        """The real parts."""
        return complexes.real(self)

    @property
    def imag(self) -> Any:
        """The imaginary parts."""
        return complexes.imag(self)

    def conj(self) -> Any:
        """The complex conjugates."""
        return complexes.conj(self)

    conjugate = conj

    @property
    def mT(self) -> Any:
        """The last two axes swapped."""
        return shapes.swapaxes(self, -1, -2)

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        """As ``ndarray.reshape``: a shape, or its lengths one by one."""
        return shapes.reshape_(self, shape[0] if len(shape) == 1 else shape, order)

    def transpose(self, *axes: Any) -> Any:
        """As ``ndarray.transpose``: nothing, a tuple of axes, or the axes one by one."""
        return shapes.transpose_(self, (axes[0] if len(axes) == 1 else axes) if axes else None)

    def astype(self, dtype: Any) -> Any:
        """In another floating type; a plain array for integers and booleans, which have no derivative."""
        dtype = np.dtype(dtype)
        return broadcasting.astype(self, dtype=dtype) if dtype.kind in "fc" else self._numbers.astype(dtype)

    def compress(self: Any, condition: Any, axis: Any = None) -> Any:
        """As ``ndarray.compress``: the parts along `axis` for which the condition holds."""
        return np.compress(condition, self, axis=axis)

    def copy(self) -> Any:
        """A Tensor of the same numbers, recorded as made from this one."""
        return rules.identity(self)
