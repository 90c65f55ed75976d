"""`Tensor`: one NumPy array that remembers how it was computed.

NumPy finds its way here by itself: ``np.tanh(x @ w + b)`` on Tensors arrives in ``__array_ufunc__`` and
``__array_function__``, which look the function up in the table.
"""

from __future__ import annotations

import sys
from typing import Any, Iterator, NoReturn

import numpy as np

from autograd import modes
from autograd.annotations import note_derivatives
from autograd.errors import InPlaceError, LeavesGraphError
from autograd.following import follower, followers, looked
from autograd.functions import broadcasting, indexing, outside, ufuncs, updates
from autograd.functions.register import holds_complex, is_other_array
from autograd.graph import touch
from autograd.leaving import refuse_leaving
from autograd.node import KINDS, Node, plain, running
from autograd.numpy_protocol import no_mask
from autograd.rules.rule import Elementwise
from autograd.tensor import dispatch, recording
from autograd.tensor.complexes import where_complex
from autograd.tensor.dispatch import FAST
from autograd.tensor.habits import Habits, refuse_settings_of_tensors
from autograd.tensor.memory import numbers
from autograd.tensor.methods import ArrayMethods, ElementwiseMethods, Operators, called
from autograd.tensor.operands import leaf_data, leaf_of, seed_like
from autograd.tensor.recording import Recorded, made, protocol, record
from autograd.tensor.watched import watch
from autograd.walks import pull_back, store_gradients


def _array_ufunc(self: Any, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
    """What NumPy's protocol calls for a ufunc."""
    fast = FAST.get(ufunc)
    if fast is not None and method == "__call__" and not options:
        return fast(*inputs)
    return dispatch.ufunc(ufunc, method, inputs, options)


class Tensor(Operators, ElementwiseMethods, ArrayMethods, Habits, Recorded):
    """A NumPy array of real numbers, and how it was made.

    Plain NumPy code on Tensors records a graph; :meth:`backward` walks it once and leaves the gradient
    in the ``grad`` of every leaf.

    Parameters
    ----------
    data : array_like of numbers
        Copied. Integers and booleans become float64; float16, float32 and float64 stay.
    label : str
        The name that pictures show.
    **settings
        None: ``requires_grad=True`` and the like raise an error that says what is done here instead.

    Attributes
    ----------
    data : ndarray
        The numbers. Writing to them is noticed: a backward pass through an earlier use then raises.
    grad : ndarray or None
        The gradient after ``backward()``, of the shape and dtype of `data`; ``None`` before the first.
        Leaves add up over calls; other Tensors get theirs with ``backward(retain_grads=True)``.

    Raises
    ------
    TypeError
        If `data` is complex or holds no numbers, or a setting is given.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> w = Tensor([1.0, -1.0])
    >>> loss = np.sum(np.tanh(x @ w) ** 2)
    >>> loss.backward()
    >>> w.grad.round(4)
    array([-2.5588, -3.8382])
    """

    __slots__ = ()

    _dispatch_order = 2
    __pandas_priority__ = 5000  # a Series (3000) or a DataFrame (4000) leaves its operators to the Tensor

    def __init__(self, data: Any, label: str = "", **settings: NoReturn) -> None:
        if settings:
            refuse_settings_of_tensors(settings)
        self._data = leaf_data(data)
        self.label = label

    def __init_subclass__(cls) -> None:
        raise TypeError("Tensor cannot be subclassed: results would lose the class; wrap it instead")

    # --- data ------------------------------------------------------------------------------------------

    @property
    def data(self) -> Any:
        """The numbers, as an array whose changes are noticed."""
        if followers and (who := follower()) is not None:
            return who.read(self)
        view: Any = self._view
        if view is None:
            if isinstance(numbers(self), np.generic):
                self._data = np.asarray(self._data)
            if not isinstance(self._data, np.ndarray):
                return self._data
            view = self._view = watch(self)
        return view

    @data.setter
    def data(self, array: Any) -> None:
        if followers and (who := follower()) is not None and who.written(self, array):
            return
        if array is self._view and array is not None:
            return  # t.data -= g: written, and noted, already
        self._data = leaf_data(array)
        self._view = None
        touch(self)

    @property
    def _numbers(self) -> Any:
        if followers:
            looked(self, "a look at its numbers")
        return numbers(self)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self._data.shape  # type: ignore[no-any-return]  # of any library's array

    @property
    def dtype(self) -> Any:
        """The type of the numbers."""
        return self._data.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim  # type: ignore[no-any-return]  # of any library's array

    @property
    def size(self) -> int:
        """The number of numbers."""
        return self._data.size  # type: ignore[no-any-return]  # of any library's array

    @property
    def itemsize(self) -> int:
        """Bytes per number."""
        return self._data.itemsize  # type: ignore[no-any-return]  # of any library's array

    @property
    def nbytes(self) -> int:
        """Bytes of all numbers."""
        return self._data.nbytes  # type: ignore[no-any-return]  # of any library's array

    def item(self) -> Any:
        """The single number as a plain one, without a gradient: leaves the graph."""
        data = self._numbers
        return data.item() if hasattr(data, "item") else np.asarray(data).item()

    def tolist(self) -> Any:
        """The numbers as nested lists of floats: leaves the graph."""
        data = self._numbers
        return data.tolist() if hasattr(data, "tolist") else np.asarray(data).tolist()

    @classmethod
    def _learn(cls, rule: Any) -> None:
        if isinstance(rule, Elementwise):
            setattr(cls, rule.name, called(rule.name, rule))

    # --- backward --------------------------------------------------------------------------------------

    def backward(self, gradient: Any = None, *, create_graph: bool = False, retain_grads: bool = False) -> None:
        """Compute the gradient of this scalar for every leaf it was made from, into their ``grad``.

        Leaves add to what their ``grad`` holds, so a second call on the same graph doubles it: call ``zero_grad`` in
        between.

        Parameters
        ----------
        gradient : array_like, optional
            The seed, of this Tensor's shape; needed unless this is a scalar. The result is then the
            vector-Jacobian product.
        create_graph : bool
            Record the backward pass too: gradients are then Tensors that can be differentiated again.
        retain_grads : bool
            Keep the gradients of inner Tensors too (pictures ask for that); else they are released as
            the walk goes.

        Raises
        ------
        ValueError
            If this is no scalar and no `gradient` is given, or if that has another shape.
        ChangedDataError
            If data was changed after it had been used.

        Examples
        --------
        >>> x = Tensor([1.0, 2.0])
        >>> (x * x).backward(gradient=[1.0, 10.0])
        >>> x.grad
        array([ 2., 40.])
        """
        if followers and (who := follower()) is not None and who.backward(self, gradient, create_graph, retain_grads):
            return
        data = self._data
        kept = create_graph or retain_grads
        if gradient is None:
            if data.size != 1:
                raise ValueError(
                    f"backward() starts from a scalar, but this Tensor has shape {self.shape}; "
                    "reduce it first (e.g. .sum()) or pass gradient=, an array of that shape"
                )
            if data.dtype.kind == "c":
                raise ValueError(f"backward() starts from a real number; this one is {where_complex(self)}")
            of_numpy = isinstance(data, np.generic) or not (data.ndim or is_other_array(data))
            seed: Any = data.dtype.type(1) if of_numpy else np.ones_like(data)
        else:
            if holds_complex(plain(gradient)) and data.dtype.kind != "c":
                raise ValueError("gradient is complex, but this Tensor is real; pass its real part")
            numbers = plain(gradient)
            seed = gradient if isinstance(gradient, Tensor) and create_graph else seed_like(data, numbers, kept)
            if seed.shape != data.shape:
                raise ValueError(f"gradient has shape {seed.shape}, but this Tensor has shape {data.shape}")
        if create_graph and not isinstance(seed, Node):
            seed = leaf_of(seed)
        inner: dict[Node, Any] = {}
        leaves = pull_back({self: seed}, create_graph=create_graph, keep=inner if retain_grads else None)
        if not kept and gradient is not None:  # the caller's own array may have come through as it is
            leaves.update({leaf: seed.copy() for leaf, g in leaves.items() if g is seed})
        store_gradients(leaves, inner)
        if create_graph and gradient is None:
            note_derivatives(self, seed, leaves)

    def _fit(self, cotangent: Any) -> Any:
        """A cotangent with the shape and dtype of this Tensor: broadcasting and promotion undone."""
        data = self._data
        try:
            if cotangent.shape == data.shape and cotangent.dtype == data.dtype:
                return cotangent
        except AttributeError:
            cotangent = np.asarray(cotangent)
        return broadcasting.fit(cotangent, data.shape, data.dtype)

    # --- recording -------------------------------------------------------------------------------------

    _apply = staticmethod(dispatch.apply)
    _mask = no_mask
    _leaf = staticmethod(leaf_of)
    _record = staticmethod(record)

    # --- NumPy's protocols -----------------------------------------------------------------------------

    __array_ufunc__ = protocol(FAST, _array_ufunc)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch.function(function, args, kwargs)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise LeavesGraphError(outside.refusal(sys._getframe(1)))

    # --- what Python asks of a sequence and of a number --------------------------------------------------

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError("a 0-d Tensor has no length; use .item() for its number")
        return int(self._data.shape[0])

    def __iter__(self) -> Iterator[Any]:
        if not self._data.ndim:
            raise TypeError("a 0-d Tensor cannot be iterated over; use .item() for its number")
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        index = indexing.checked(index)
        data, static = numbers(self)[index], {"index": index}
        if modes.active and modes.on():
            return record(indexing.getitem, (self,), data, static)
        return made(data, (indexing.getitem, self), static)

    @property
    def at(self) -> updates.At:
        """Where to change the array, in a new one: ``t.at[index].set(values)``, see :func:`autograd.at`."""
        return updates.at(self)

    def __setitem__(self, index: Any, value: Any) -> None:
        shown = updates.written(index)
        raise InPlaceError(
            f"t[{shown}] = x would overwrite recorded data; write t = t.at[{shown}].set(x), a new Tensor with x there, "
            "or t.at[…].add, .multiply, .min, .max (to set up a leaf, write to t.data[…])"
        )

    def __float__(self) -> float:
        return float(self._single("float()"))

    def __int__(self) -> int:
        return int(self._single("int()"))

    def __complex__(self) -> complex:
        return complex(self._single("complex()"))

    def __round__(self, digits: int = 0) -> Any:
        if running:
            refuse_leaving(self, "round()", "np.round(x), which keeps x in the graph with its derivative, 0")
        return ufuncs.round_(self, digits)

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise ValueError(
                f"the truth value of a Tensor of shape {self.shape} is ambiguous; use np.any or np.all of t.data"
            )
        return bool(self._numbers)

    def _single(self, wanted: str) -> Any:
        if self._data.size != 1:
            raise LeavesGraphError(
                f"{wanted} needs a single number, but this Tensor has shape {self.shape}; "
                "use t.data for the array, or reduce it first"
            )
        if running:
            refuse_leaving(self, wanted)
        return self.item()

    def __index__(self) -> int:
        raise LeavesGraphError("a Tensor cannot be an index; use integers, or int(t) if rounding is meant")

    def __format__(self, spec: str) -> str:
        return format(self.item() if self.ndim == 0 else self._numbers, spec) if spec else str(self)

    def __repr__(self) -> str:
        name = f", label={self.label!r}" if self.label else ""
        made = f", made by {self._origin[0].name}" if self._origin else ""
        data = self._numbers
        written = (
            repr(data) if is_other_array(data) else np.array2string(np.asarray(data), separator=", ", prefix="Tensor(")
        )
        return f"Tensor({written}, {self.dtype}{made}{name})"

    def __lt__(self, other: Any) -> Any:
        return self._numbers < plain(other)

    def __le__(self, other: Any) -> Any:
        return self._numbers <= plain(other)

    def __gt__(self, other: Any) -> Any:
        return self._numbers > plain(other)

    def __ge__(self, other: Any) -> Any:
        return self._numbers >= plain(other)

    def __eq__(self, other: Any) -> Any:
        # Identity between nodes, which are dictionary keys; numbers and arrays compare element by element.
        return self is other if isinstance(other, Node) else self._numbers == other

    def __ne__(self, other: Any) -> Any:
        return self is not other if isinstance(other, Node) else self._numbers != other

    __hash__ = object.__hash__


KINDS.add(Tensor)
recording.make(Tensor)
