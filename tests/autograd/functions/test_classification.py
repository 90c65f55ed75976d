"""Nothing of NumPy is forgotten: every public function and array method is classified, and documented."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import NoRuleError, Tensor
from autograd.errors import AutogradError
from autograd.functions.classification import classify, public
from autograd.functions.register import REFUSED

PUBLIC = dict(public())

# What an array has and a Tensor lacks, and why.
NOT_ON_TENSOR = {
    "memory and its layout": (
        "base byteswap ctypes data_ptr device flags getfield setfield setflags strides to_device view flat"
    ),
    "bytes and files: t.data has them": "dump dumps tobytes tofile",
    "gone since NumPy 2.1": "itemset newbyteorder tostring",
    "chooses by integers, which a Tensor does not hold": "choose",
}


@pytest.mark.parametrize("name", PUBLIC)
def test_every_function_is_classified(name: str) -> None:
    assert classify(name, PUBLIC[name]) is not None, f"{name} has no rule, and is not constant, refused or outside"


def test_a_new_function_would_be_noticed() -> None:
    assert classify("np.new_in_numpy_9", lambda x: x) is None


def test_every_array_method_is_there_or_left_out_for_a_reason() -> None:
    left_out = {name for names in NOT_ON_TENSOR.values() for name in names.split()}
    methods = {name for name in dir(np.ndarray) if not name.startswith("_")}
    there = {name for name in dir(Tensor) if hasattr(Tensor, name)}  # others say what is called so here
    assert methods - there <= left_out
    assert not left_out & there


def dispatched(function: Any) -> bool:
    return isinstance(function, np.ufunc) or type(function).__name__ == "_ArrayFunctionDispatcher"


@pytest.mark.filterwarnings("ignore:The 'fix_imports' flag:DeprecationWarning")  # np.save, given every position
@pytest.mark.parametrize("name", [n for n, f in PUBLIC.items() if f in REFUSED and dispatched(f)])
def test_refused_by_name(name: str) -> None:
    t, function = Tensor([1.0, 2.0]), PUBLIC[name]
    attempts = [(t,), (t, t), (t, 0), (t, 0, 1.0), ("file", t), (t, t, t), (t, np.array([0]), 1.0, 0)]
    errors = []
    for arguments in attempts:
        try:
            function(*arguments)
        except NoRuleError as error:
            errors.append(str(error))
        except (TypeError, ValueError, AttributeError):  # not this function's signature
            continue
        else:
            if name != "np.printoptions":
                raise AssertionError(f"{name} accepted a Tensor")
    short = getattr(function, "__name__", name)
    assert name == "np.printoptions" or any(short in message and REFUSED[function] in message for message in errors)


CONSTANT_UFUNCS = [n for n, f in PUBLIC.items() if isinstance(f, np.ufunc) and (classify(n, f) or "?")[0] == "constant"]


@pytest.mark.parametrize("name", CONSTANT_UFUNCS)
def test_constant_ufuncs_give_plain_arrays(name: str) -> None:
    t = Tensor([1.0, 2.0])
    y = PUBLIC[name](*[t] * PUBLIC[name].nin)
    assert isinstance(y, np.ndarray) and y.dtype == bool


IN_PLACE = {
    "sort": lambda t: t.sort(), "partition": lambda t: t.partition(1), "fill": lambda t: t.fill(0.0),
    "put": lambda t: t.put([0], 1.0),
    "resize": lambda t: t.resize(3), "item": lambda t: t.__setitem__(0, 1.0),
    "out": lambda t: np.add(t, t, out=np.zeros(2)),
    "out=t": lambda t: np.add(1.0, np.ones(2), out=t), "copyto": lambda t: np.copyto(t, 1.0),
    "fill_diagonal": lambda t: np.fill_diagonal(t, 0),
    "sum out": lambda t: np.sum(t, out=np.zeros(())), "at": lambda t: np.add.at(t, [0], 1.0),
    "nan_to_num": lambda t: np.nan_to_num(t, copy=False),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_PLACE)
def test_writing_is_refused(name: str) -> None:
    t = Tensor([1.0, 2.0])
    with pytest.raises(TypeError) as error:
        IN_PLACE[name](t)
    assert isinstance(error.value, AutogradError) or "drop" in str(error.value)
    assert t.data.tolist() == [1.0, 2.0]


# Ways in which a gradient could get lost without a word.
SILENT = {
    "array": lambda t: np.array([t, t]), "asarray": lambda t: np.asarray(t), "sum of a list": lambda t: np.sum([t, t]),
    "full": lambda t: np.full(2, t), "full_like": lambda t: np.full_like(np.zeros(2), t),
    "arange": lambda t: np.arange(t[0]),
    "vectorize": lambda t: np.vectorize(lambda x: x * 2)(t),
    "frompyfunc": lambda t: np.frompyfunc(lambda x: x, 1, 1)(t),
    "random": lambda t: np.random.default_rng(0).normal(t), "index": lambda t: np.arange(9)[t],
    "take": lambda t: np.take(np.arange(9.0), t),
    "quantile": lambda t: np.quantile(np.ones(3), t), "histogram": lambda t: np.histogram(t),
    "histogram bins": lambda t: np.histogram([1.0], t),
    "choose": lambda t: np.choose(t, [t, t]), "bincount": lambda t: np.bincount(t),
    "insert at": lambda t: np.insert(np.ones(3), t, 1.0),
    "dtype": lambda t: np.sum(t, dtype=int),
    "where of a ufunc": lambda t: np.add(t, 1.0, where=np.array([True, False])),
    "repeat": lambda t: np.repeat(np.ones(2), t), "reduceat": lambda t: np.add.reduceat(t, [0, 1]),
    "polynomial": lambda t: np.polynomial.Polynomial([1.0, 2.0])(t), "ndarray.dot": lambda t: np.ones(2).dot(t),
    "r_": lambda t: np.r_[t, t],
    "pad function": lambda t: np.pad(t, 1, mode=lambda *a: None), "pad empty": lambda t: np.pad(t, 1, mode="empty"),
    "setitem of an array": lambda t: np.zeros((2, 2)).__setitem__(0, t),
    "masked": lambda t: t * np.ma.array([1.0, 2.0]),
    "apply_along_axis": lambda t: np.apply_along_axis(lambda r: r * t, 0, np.ones(2)),
    "save": lambda t: np.save("file", t),
    "interp of xp alone": lambda t: np.interp([0.5], [0.0, 1.0], [0.0, 1.0], left=t),
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_no_gradient_goes_missing_silently(name: str) -> None:
    with pytest.raises(TypeError):
        SILENT[name](Tensor([1.0, 2.0]))


def test_the_documented_table_is_up_to_date() -> None:
    docs = Path(__file__).resolve().parents[3] / "docs"
    spec = importlib.util.spec_from_file_location("make_numpy_table", docs / "make_numpy_table.py")
    assert spec is not None and spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = (docs / "numpy.md").read_text(encoding="utf-8").splitlines()
    # Another NumPy has other functions: what it has in common with the documented one has to agree.
    documented = {line.split("`")[1]: line for line in written if line.startswith("| `")}
    rows = generator.rows()
    for name, row in rows.items():
        assert name not in documented or documented[name] == row, "run python docs/make_numpy_table.py"
    missing = set(rows) - set(documented)
    assert not missing or np.__version__ not in "\n".join(written), f"run python docs/make_numpy_table.py: {missing}"
    assert generator.conventions() in "\n".join(written)
