"""`Tensor`: one NumPy array that remembers how it was computed.

NumPy finds its way here by itself: ``np.tanh(x @ w + b)`` on Tensors arrives in ``__array_ufunc__`` and
``__array_function__``, which look the function up in the table.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Iterator, Mapping, Sequence

import numpy as np

from autograd import modes
from autograd.annotations import note_derivatives
from autograd.errors import InPlaceError, LeavesGraphError, NoRuleError
from autograd.functions import broadcasting as linear
from autograd.functions import (
    complexes,
    indexing,
    products,
    shapes,
    table,  # noqa: F401  (fills the register)
    ufuncs,
)
from autograd.functions.register import CONSTANT, FUNCTIONS, REFUSED, implementation_of
from autograd.graph import touch, where_complex
from autograd.node import KINDS, Node, plain, tick
from autograd.rules.elementwise import OPERATORS, absolute, give_operators, neg
from autograd.rules.rule import Elementwise, Rule
from autograd.rules.table import RULES, rule_of_ufunc
from autograd.tensor import dispatch
from autograd.tensor.memory import BY_METHOD, BY_OPERATOR, BY_UFUNC, SMALLEST, Released, release_inputs
from autograd.tensor.watched import Watched, watch
from autograd.value import Value
from autograd.walks import pull_back, store_gradients

_new = object.__new__
_NOTHING: Mapping[str, Any] = {}


class Tensor(Node):
    """A NumPy array of real numbers, and how it was made.

    Plain NumPy code on Tensors records a graph; :meth:`backward` walks it once and leaves the gradient
    in the ``grad`` of every leaf.

    Parameters
    ----------
    data : array_like of numbers
        Copied. Integers and booleans become float64; float16, float32 and float64 stay.
    label : str
        The name that pictures show.

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
        If `data` is complex or holds no numbers.

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

    __slots__ = ("_static", "_view")
    _dispatch_order = 2

    def __init__(self, data: Any, label: str = "") -> None:
        self._data = leaf_data(data)
        self.grad = None
        self.label = label
        self._origin = ()
        self._static = _NOTHING
        self._view: Any = None
        self._time = tick()

    def __init_subclass__(cls) -> None:
        raise TypeError("Tensor cannot be subclassed: results would lose the class; wrap it instead")

    # --- data ------------------------------------------------------------------------------------------

    @property
    def data(self) -> Any:
        """The numbers, as an array whose changes are noticed."""
        view: Any = self._view
        if view is None:
            if isinstance(self._data, (np.generic, Released)):
                self._data = np.asarray(self._data)
            if not isinstance(self._data, np.ndarray):
                return self._data
            view = self._view = watch(self)
        return view

    @data.setter
    def data(self, array: Any) -> None:
        if array is self._view and array is not None:
            return  # t.data -= g: written, and noted, already
        self._data = leaf_data(array)
        self._view = None
        touch(self)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self._data.shape  # type: ignore[no-any-return]

    @property
    def dtype(self) -> Any:
        """The type of the numbers."""
        return self._data.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The number of numbers."""
        return self._data.size  # type: ignore[no-any-return]

    @property
    def itemsize(self) -> int:
        """Bytes per number."""
        return self._data.itemsize  # type: ignore[no-any-return]

    @property
    def nbytes(self) -> int:
        """Bytes of all numbers."""
        return self._data.nbytes  # type: ignore[no-any-return]

    def item(self) -> Any:
        """The single number as a plain float: leaves the graph."""
        return self._data.item()

    def tolist(self) -> Any:
        """The numbers as nested lists of floats: leaves the graph."""
        return self._data.tolist()

    # --- backward --------------------------------------------------------------------------------------

    def backward(
        self, gradient: Any = None, *, create_graph: bool = False, retain_grads: bool = False
    ) -> None:
        """Compute the gradient of this scalar for every leaf it was made from, into their ``grad``.

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
        data = self._data
        if gradient is None:
            if data.size != 1:
                raise ValueError(
                    f"backward() starts from a scalar, but this Tensor has shape {self.shape}; "
                    "reduce it first (e.g. .sum()) or pass gradient=, an array of that shape"
                )
            if data.dtype.kind == "c":
                raise ValueError(f"backward() starts from a real number; this one is {where_complex(self)}")
            seed: Any = np.ones(data.shape, data.dtype) if data.ndim else data.dtype.type(1)
        else:
            if np.iscomplexobj(plain(gradient)) and data.dtype.kind != "c":
                raise ValueError("gradient is complex, but this Tensor is real; pass its real part")
            seed = gradient if isinstance(gradient, Tensor) and create_graph else np.array(plain(gradient), data.dtype)
            if seed.shape != data.shape:
                raise ValueError(f"gradient has shape {seed.shape}, but this Tensor has shape {data.shape}")
        if create_graph and not isinstance(seed, Node):
            seed = leaf_of(seed)
        inner: dict[Node, Any] = {}
        leaves = pull_back({self: seed}, create_graph=create_graph, keep=inner if retain_grads else None)
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
        return linear.fit(cotangent, data.shape, data.dtype)

    # --- recording -------------------------------------------------------------------------------------

    @staticmethod
    def _apply(rule: Rule, inputs: Sequence[Any], **static: Any) -> Any:
        """Apply `rule` to Tensors, arrays and numbers, and record that."""
        kept = tuple([x if type(x) is Tensor or type(x) is float else operand(x) for x in inputs])
        data = rule.compute(*[x._data if type(x) is Tensor else x for x in kept], **static)
        for x in kept:
            if type(x) is Tensor and x._data.nbytes >= SMALLEST:
                release_inputs(x)
        return record(rule, kept, data, static)

    # --- NumPy's protocols -----------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        fast = _FAST.get(ufunc)
        if fast is not None and method == "__call__" and not options:
            return fast(*inputs)
        if options.pop("out", None) is not None:
            raise InPlaceError(
                f"np.{ufunc.__name__} cannot write into out=: recorded data is never overwritten; "
                "drop out= and use the returned Tensor"
            )
        if method == "__call__":
            accepted = ("casting", "order", "subok", "axis") if ufunc.signature else ("casting", "order", "subok")
            refused = [name for name in options if name not in accepted]
            if refused:
                cure = "np.where(mask, new, old)" if "where" in refused else "x.astype(dtype)"
                raise TypeError(f"np.{ufunc.__name__} of a Tensor does not take {refused[0]}=; use {cure}")
            implementation = FUNCTIONS.get(ufunc) or rule_of_ufunc(ufunc) or implementation_of(ufunc)
            if implementation is not None:
                return implementation(*inputs, **({"axis": options["axis"]} if "axis" in options else {}))
            if ufunc in CONSTANT:
                return ufunc(*[plain(x) for x in inputs])
        elif (ufunc, method) in FUNCTIONS:
            return FUNCTIONS[ufunc, method](*inputs, **options)
        elif method == "outer" and not options:
            a, b = inputs
            return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b)
        elif ufunc in CONSTANT:
            return getattr(ufunc, method)(*[plain(x) for x in inputs], **options)
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        raise NoRuleError(no_rule(f"{_module_of(ufunc)}{name}", ufunc))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        implementation = implementation_of(function)
        if implementation is not None:
            return implementation(*args, **kwargs)
        if function in CONSTANT:
            return function(*[_plain_all(x) for x in args], **{k: _plain_all(x) for k, x in kwargs.items()})
        module = "np" if function.__module__ == "numpy" else function.__module__.replace("numpy", "np")
        raise NoRuleError(no_rule(f"{module}.{function.__name__}", function))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise LeavesGraphError(
            "a Tensor does not turn into a plain array by itself, because its gradient would be lost; "
            "use t.data for the numbers, or np.stack / np.concatenate to build arrays of Tensors"
        )

    # --- what Python asks of a sequence and of a number --------------------------------------------------

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError("a 0-d Tensor has no length; use .item() for its number")
        return len(self._data)

    def __iter__(self) -> Iterator[Any]:
        if not self._data.ndim:
            raise TypeError("a 0-d Tensor cannot be iterated over; use .item() for its number")
        return (self[i] for i in range(len(self._data)))

    def __getitem__(self, index: Any) -> Any:
        index = indexing.checked(index)
        return record(indexing.getitem, (self,), self._data[index], {"index": index})

    def __setitem__(self, index: Any, value: Any) -> None:
        raise InPlaceError(
            "t[i] = x would overwrite recorded data; build a new Tensor instead: np.where(mask, x, t), "
            "or np.concatenate / np.stack of the parts (to set up a leaf, write to t.data[i])"
        )

    def __float__(self) -> float:
        return float(self._single("float"))

    def __int__(self) -> int:
        return int(self._single("int"))

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise ValueError(
                f"the truth value of a Tensor of shape {self.shape} is ambiguous; use np.any or np.all of t.data"
            )
        return bool(self._data)

    def _single(self, wanted: str) -> Any:
        if self._data.size != 1:
            raise LeavesGraphError(
                f"{wanted}() needs a single number, but this Tensor has shape {self.shape}; "
                "use t.data for the array, or reduce it first"
            )
        return self._data.item()

    def __index__(self) -> int:
        raise LeavesGraphError("a Tensor cannot be an index; use integers, or int(t) if rounding is meant")

    def __format__(self, spec: str) -> str:
        return format(self._data.item() if self._data.ndim == 0 else self._data, spec) if spec else str(self)

    def __repr__(self) -> str:
        name = f", label={self.label!r}" if self.label else ""
        made = f", made by {self._origin[0].name}" if self._origin else ""
        numbers = np.array2string(np.asarray(self._data), separator=", ", prefix="Tensor(")
        return f"Tensor({numbers}, {self.dtype}{made}{name})"

    def __pos__(self) -> Tensor:
        return self

    def __lt__(self, other: Any) -> Any:
        return self._data < plain(other)

    def __le__(self, other: Any) -> Any:
        return self._data <= plain(other)

    def __gt__(self, other: Any) -> Any:
        return self._data > plain(other)

    def __ge__(self, other: Any) -> Any:
        return self._data >= plain(other)

    def __eq__(self, other: Any) -> Any:
        # Identity between nodes, which are dictionary keys; numbers and arrays compare element by element.
        return self is other if isinstance(other, Node) else self._data == other

    def __ne__(self, other: Any) -> Any:
        return self is not other if isinstance(other, Node) else self._data != other

    __hash__ = object.__hash__

    # --- methods: the NumPy functions of the same names ----------------------------------------------------

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
        return linear.astype(self, dtype=dtype) if dtype.kind in "fc" else self._data.astype(dtype)

    def compress(self, condition: Any, axis: Any = None) -> Any:
        """As ``ndarray.compress``: the parts along `axis` for which the condition holds."""
        return np.compress(condition, self, axis=axis)

    def copy(self) -> Any:
        """A Tensor of the same numbers, recorded as made from this one."""
        return RULES["identity"](self)


KINDS.add(Tensor)

# --- making nodes -------------------------------------------------------------------------------------------


def record(rule: Rule, inputs: tuple[Any, ...], data: Any, static: Mapping[str, Any] = _NOTHING) -> Any:
    """A Tensor of `data`, made by `rule` from `inputs`."""
    if modes.active:
        if modes.watching():
            modes.refuse_anomaly(rule, inputs, data)
        if not modes.recording():
            return _unrecorded(data)
    node = _new(Tensor)
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = (rule, *inputs)
    node._static = static
    node._view = None
    node._time = tick()
    return node


def leaf_of(data: Any) -> Tensor:
    """A leaf with the caller's numbers: an array of floats is not copied, only seen read-only."""
    if isinstance(data, np.ndarray) and data.dtype.kind in "fc":
        data = data.view()
        data.setflags(write=False)
    elif not isinstance(data, (np.floating, np.complexfloating)):
        data = leaf_data(data)
    return _unrecorded(data)


Tensor._leaf = staticmethod(leaf_of)  # type: ignore[attr-defined]
Tensor._record = staticmethod(record)  # type: ignore[attr-defined]


def _unrecorded(data: Any) -> Tensor:
    """A leaf that holds `data` itself."""
    node: Tensor = _new(Tensor)
    node._data = data
    node.grad = None
    node.label = ""
    node._origin = ()
    node._static = _NOTHING
    node._view = None
    node._time = tick()
    return node


def leaf_data(data: Any) -> Any:
    """`data` as a fresh array of real floating-point numbers.

    Raises
    ------
    TypeError
        If it is complex, or holds something that is no number.
    """
    if isinstance(data, Node):
        raise TypeError(f"data is a {type(data).__name__} already; use it as it is, or copy its numbers: x.data")
    try:
        array = np.array(data)
    except LeavesGraphError:
        message = "data holds Tensors or Values; join them with np.stack, which keeps their gradients"
        raise LeavesGraphError(message) from None
    if array.dtype.kind in "biu":
        array = array.astype(np.float64)
    if array.dtype.kind == "c":
        raise TypeError("a Tensor holds real numbers, not complex ones; make it of the real and imaginary parts")
    if array.dtype.kind != "f":
        raise TypeError(f"a Tensor holds numbers, but data has dtype {array.dtype}: {_excerpt(data)}")
    return array


# Arrays up to this size are copied when an operation records them: less than the operation itself costs.
COPIED_BYTES = 64 * 1024


def operand(x: Any) -> Any:
    """What an operation may be applied to beside Tensors: numbers and arrays of numbers; a Value is lifted.

    An array is kept as it is now, whatever its owner writes into it before the backward pass: it is
    copied, unless it is large (over 64 KiB) and then has to be left alone.

    Raises
    ------
    TypeError
        If `x` is anything else.
    """
    kind = type(x)
    if kind is float or kind is int or kind is Tensor:
        return x
    if kind is np.ndarray:
        kept = x.copy() if x.nbytes <= COPIED_BYTES else x
    elif kind is Watched:
        kept = np.array(x)
    elif kind is Value:
        return record(lift, (x,), np.float64(x._data))
    elif isinstance(x, np.ma.MaskedArray):
        raise TypeError("a Tensor knows no masked arrays; use np.where(mask, x, t), or the nan functions")
    elif isinstance(x, np.generic) or hasattr(x, "__array_function__"):
        kept = x
    elif isinstance(x, (complex, bool)) or x is None:
        return x
    else:
        kept = np.asarray(x)
    if kept.dtype.kind not in "biufc":
        raise TypeError(f"a Tensor works with arrays of numbers, not with dtype {kept.dtype}: {_excerpt(x)}")
    return kept


class _Lift(Elementwise):
    arrays_only = True
    pull_arrays = None  # its input is no array


lift = _Lift(
    "lift", float, lambda x: np.float64(x), lambda y, x: 1, doc="A Value as a Tensor without axes.",
)  # fmt: skip


def no_rule(name: str, function: Any = None) -> str:
    """The message for a function that the table lacks, or refuses for a reason."""
    if function in REFUSED:
        return f"{name} has no rule for Tensors: {REFUSED[function]}"
    return (
        f"{name} has no rule for Tensors; write it with functions that have one, add a rule "
        f"(autograd.functions.register.implements), or leave the graph explicitly with t.data"
    )


def _module_of(ufunc: np.ufunc) -> str:
    """``np.`` for NumPy's own, ``scipy.special.`` for SciPy's, nothing for others (``np.frompyfunc``, Numba)."""
    for module, name in (("numpy", "np."), ("scipy.special", "scipy.special.")):
        if getattr(sys.modules.get(module), ufunc.__name__, None) is ufunc:
            return name
    return ""


def _plain_all(x: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(_plain_all(one) for one in x)
    return plain(x)


def _excerpt(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 60 else text[:57] + "…"


# --- operators and fast ways -----------------------------------------------------------------------------------

_FAST: dict[np.ufunc, Callable[..., Any]] = {}


def _install(rule: Elementwise) -> None:
    """The fast ways to `rule`: for NumPy's dispatch, and with one operand as a method."""
    if len(rule.partials) > 2 or rule.defaults or rule.on_complex:
        return
    if len(rule.partials) == 1:
        apply = dispatch.unary(rule, Tensor, record, BY_UFUNC)
        if not hasattr(Tensor, rule.name):
            setattr(Tensor, rule.name, dispatch.unary(rule, Tensor, record, BY_METHOD))
    else:
        apply = dispatch.binary(rule, Tensor, record, operand, rule.compute, BY_UFUNC)
    if isinstance(rule.compute, np.ufunc) and rule_of_ufunc(rule.compute) is rule:
        _FAST[rule.compute] = apply


give_operators(Tensor)
_by_operator = {
    _name: dispatch.binary(
        _rule, Tensor, record, operand, _rule.compute if _name == "pow" else _rule.scalar, BY_OPERATOR
    )
    for _name, _rule in OPERATORS.items()
}
_by_operator["matmul"] = _FAST[np.matmul] = dispatch.binary(products.matmul, Tensor, record, operand, np.matmul, 0)
for _name, _apply in _by_operator.items():
    setattr(Tensor, f"__{_name}__", _apply)
    setattr(Tensor, f"__r{_name}__", dispatch.reflected(_apply))
for _name, _rounding in (("mod", ufuncs.remainder), ("floordiv", ufuncs.floor_divide), ("divmod", ufuncs.divmod_)):
    setattr(Tensor, f"__{_name}__", lambda self, other, _f=_rounding: _f(self, other))
    setattr(Tensor, f"__r{_name}__", lambda self, other, _f=_rounding: _f(other, self))
Tensor.__round__ = lambda self, digits=0: ufuncs.round_(self, digits)  # type: ignore[attr-defined]
for _entry in [_rule for _rule in RULES.values() if isinstance(_rule, Elementwise)]:
    if _entry is not lift:
        _install(_entry)


def _function_method(name: str, function: Any) -> Callable[..., Any]:
    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        return function(self, *args, **kwargs)

    method.__name__, method.__doc__ = name, f"As ``np.{name}``."
    return method


_METHODS = (
    "sum", "prod", "mean", "max", "min", "var", "std", "argmax", "argmin", "argsort", "cumsum", "cumprod",
    "squeeze", "ravel", "swapaxes", "take", "repeat", "clip", "dot", "diagonal", "trace", "round",
    "nonzero", "all", "any", "argpartition", "searchsorted", "ptp",
)  # fmt: skip

for _name in _METHODS:
    setattr(Tensor, _name, _function_method(_name, FUNCTIONS.get(getattr(np, _name), getattr(np, _name))))


def _in_place(name: str) -> Callable[..., Any]:
    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        cure = "np.where(mask, x, t)" if name in ("fill", "put") else f"np.{name}(t), which returns a new Tensor"
        raise InPlaceError(f"t.{name}() would overwrite recorded data; use {cure} (to set up a leaf, write to t.data)")

    method.__name__, method.__doc__ = name, "Refused: it would overwrite recorded data."
    return method


for _name in ("sort", "partition", "resize", "fill", "put"):
    setattr(Tensor, _name, _in_place(_name))
Tensor.flatten = _function_method("ravel", np.ravel)  # type: ignore[attr-defined]

for _entry in [_rule for _rule in RULES.values() if isinstance(_rule, Elementwise)]:  # activations and the like
    if not hasattr(Tensor, _entry.name):
        setattr(Tensor, _entry.name, _function_method(_entry.name, _entry))
Tensor.abs = _function_method("abs", absolute)  # type: ignore[attr-defined]
Tensor.neg = _function_method("neg", neg)  # type: ignore[attr-defined]
