"""Arrays that modules write to while they train, outside the graph: running statistics.

While a program is recorded, a :class:`Moving` stands in the module for such an array. What the module does to it
becomes a part of the program; whoever else asks for its numbers makes the program eager.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.given import Looked
from autograd.tensor import Tensor
from autograd.tensor.operands import leaf_of


class Moving:
    """Stands for an array that is moved by ``*=`` and ``+=``.

    Attributes
    ----------
    array : ndarray
        The array itself, which nothing is done to while the program is recorded.
    before, now : Tensor
        Its numbers as variables of the program, before the call and now. Of whole numbers, which are counted: ``int``.
    """

    __slots__ = ("array", "name", "before", "now")

    __array_ufunc__ = None  # NumPy's functions and operators refuse it
    __hash__ = None  # type: ignore[assignment]  # as an array

    def __init__(self, array: Any, name: str) -> None:
        self.array, self.name = array, name
        self.before: Any = leaf_of(array.copy()) if array.dtype.kind == "f" else 0
        self.now = self.before

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape  # type: ignore[no-any-return]  # of an array

    @property
    def dtype(self) -> Any:
        return self.array.dtype

    @property
    def moved(self) -> bool:
        return self.now is not self.before

    def __imul__(self, other: Any) -> Any:  # type: ignore[misc]  # no short way of writing a product
        if not isinstance(self.before, Tensor):
            self._looked()
        return self._moved_to(self.now * other)

    def __iadd__(self, other: Any) -> Any:  # type: ignore[misc]  # likewise
        counts = isinstance(other, int)
        if counts is isinstance(self.before, Tensor):
            self._looked()
        return self._moved_to(self.now + other)

    def _moved_to(self, value: Any) -> Moving:
        if isinstance(value, Tensor) and value.shape != self.shape:
            raise Looked(f"{self.name} is moved by what has another shape")
        self.now = value.astype(self.dtype) if isinstance(value, Tensor) and value.dtype != self.dtype else value
        return self

    def _looked(self, *_: Any) -> Any:
        raise Looked(f"a look at {self.name}, which the program changes")

    _look: Any = _looked
    __array__ = __bool__ = __int__ = __index__ = __float__ = __len__ = __iter__ = __getitem__ = __setitem__ = _look
    __repr__ = __str__ = __format__ = __reduce__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _look
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = _look
    __rpow__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = __isub__ = __itruediv__ = _look

    def __getattr__(self, name: str) -> Any:
        return self._looked()
