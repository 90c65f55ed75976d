"""Stand-ins for arrays that are another one's at the next call: running statistics, gradients of earlier calls.

While a program is recorded, a :class:`Moving` stands in a module for an array that it writes to while it trains. What
the module does to it becomes a part of the program. An :class:`EarlierGradient` stands for the gradient that a
parameter has from an earlier call: it may be dropped, or asked whether it is there. Whoever asks for numbers of either
makes the program eager.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.given import Looked
from autograd.tensor import Tensor
from autograd.tensor.operands import leaf_of


class Hidden:
    """Stands for an array whose numbers are not to be looked at."""

    __slots__ = ()

    __array_ufunc__ = None  # NumPy's functions and operators refuse it
    __hash__ = None  # type: ignore[assignment]  # as an array

    def told(self) -> str:
        """Why a program is eager that looks at them."""
        raise NotImplementedError

    def _looked(self, *_: Any) -> Any:
        raise Looked(self.told())

    _look: Any = _looked
    __array__ = __bool__ = __int__ = __index__ = __float__ = __len__ = __iter__ = __getitem__ = __setitem__ = _look
    __repr__ = __str__ = __format__ = __reduce__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _look
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = _look
    __rpow__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = _look
    __iadd__ = __isub__ = __imul__ = __itruediv__ = _look

    def __getattr__(self, name: str) -> Any:
        return self._looked()


class EarlierGradient(Hidden):
    """Stands for the gradient of a leaf that was there before the call."""

    __slots__ = ("leaf",)

    def __init__(self, leaf: Any) -> None:
        self.leaf = leaf

    def told(self) -> str:
        return "a gradient of an earlier call in the program"


class Moving(Hidden):
    """Stands for an array that is moved by ``*=`` and ``+=``.

    Attributes
    ----------
    array : ndarray
        The array itself, which nothing is done to while the program is recorded.
    before, now : Tensor
        Its numbers as variables of the program, before the call and now. Of whole numbers, which are counted: ``int``.
    """

    __slots__ = ("array", "name", "before", "now")

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

    def told(self) -> str:
        return f"a look at {self.name}, which the program changes"
