"""An array that speaks NumPy's protocols and lets nothing turn it into NumPy's own: what a GPU's array does."""

from __future__ import annotations

from typing import Any

import numpy as np


class StrictArray:
    """Numbers that only NumPy's functions reach, and only together with others of their kind and plain numbers."""

    def __init__(self, numbers: Any) -> None:
        self._hidden = np.array(numbers)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("a StrictArray is not converted into NumPy's array behind the caller's back")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        refuse_mixtures(inputs)
        if method not in ("__call__", "outer"):
            raise TypeError(f"StrictArray has no ufunc.{method}")
        if out is not None:
            options["out"] = opened(out)
        result = getattr(ufunc, method)(*opened(inputs), **options)
        return closed(result) if out is None else out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        kwargs.pop("like", None)
        return closed(function(*opened(args), **opened(kwargs)))

    @property
    def shape(self) -> tuple[int, ...]:
        return self._hidden.shape

    @property
    def dtype(self) -> Any:
        return self._hidden.dtype

    @property
    def ndim(self) -> int:
        return self._hidden.ndim

    @property
    def size(self) -> int:
        return self._hidden.size

    @property
    def nbytes(self) -> int:
        return self._hidden.nbytes

    @property
    def T(self) -> Any:
        return closed(self._hidden.T)

    @property
    def real(self) -> Any:
        return closed(self._hidden.real)

    @property
    def imag(self) -> Any:
        return closed(self._hidden.imag)

    def __len__(self) -> int:
        return len(self._hidden)

    def __getitem__(self, index: Any) -> Any:
        return closed(self._hidden[opened(index)])

    def __setitem__(self, index: Any, value: Any) -> None:
        refuse_mixtures([value])
        self._hidden[opened(index)] = opened(value)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        return StrictArray(self._hidden.astype(dtype))

    def copy(self) -> Any:
        return StrictArray(self._hidden)

    def reshape(self, *shape: Any) -> Any:
        return closed(self._hidden.reshape(*shape))

    def transpose(self, *axes: Any) -> Any:
        return closed(self._hidden.transpose(*axes))

    def all(self) -> Any:
        return closed(self._hidden.all())

    def get(self) -> Any:
        """The only way out, as that of CuPy's arrays."""
        return self._hidden.copy()

    def item(self) -> Any:
        return self._hidden.item()

    def __float__(self) -> float:
        return float(self._hidden)

    def __bool__(self) -> bool:
        return bool(self._hidden)

    def __repr__(self) -> str:
        return f"StrictArray({self._hidden!r})"


def _operator(ufunc: Any, reflected: bool = False) -> Any:
    def method(self: Any, other: Any) -> Any:
        if getattr(type(other), "__array_ufunc__", None) is not None and not isinstance(
            other, (StrictArray, np.generic)
        ):
            return NotImplemented
        return ufunc(other, self) if reflected else ufunc(self, other)

    return method


for _name, _ufunc in {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.true_divide,
    "pow": np.power,
    "matmul": np.matmul,
    "mod": np.remainder,
    "floordiv": np.floor_divide,
    "and": np.logical_and,
    "or": np.logical_or,
}.items():
    setattr(StrictArray, f"__{_name}__", _operator(_ufunc))
    setattr(StrictArray, f"__r{_name}__", _operator(_ufunc, reflected=True))
for _name, _ufunc in {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}.items():
    setattr(StrictArray, f"__{_name}__", _operator(_ufunc))
for _name, _ufunc in {"neg": np.negative, "abs": np.absolute, "invert": np.logical_not}.items():
    setattr(StrictArray, f"__{_name}__", lambda self, ufunc=_ufunc: ufunc(self))


def opened(x: Any) -> Any:
    """The numbers inside, also in lists, tuples and dicts."""
    if isinstance(x, StrictArray):
        return x._hidden
    if isinstance(x, dict):
        return {name: opened(one) for name, one in x.items()}
    return type(x)(map(opened, x)) if type(x) in (list, tuple) else x


def closed(x: Any) -> Any:
    """Arrays, and the numbers that NumPy gives for arrays without axes, hidden again."""
    if isinstance(x, (np.ndarray, np.generic)):
        return StrictArray(x)
    return type(x)(map(closed, x)) if type(x) in (list, tuple) else x


def refuse_mixtures(inputs: Any) -> None:
    for x in inputs:
        if isinstance(x, np.ndarray) and x.ndim:
            raise TypeError("a StrictArray computes with no array of NumPy's; turn that into a StrictArray first")
