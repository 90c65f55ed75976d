"""What a function can see changes between calls, in ways that no argument shows; what it gives away is written to."""

from __future__ import annotations

import functools
import os
import sys
import types
import weakref
from collections.abc import Callable
from os import getenv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, jit, value_and_grad
from autograd.replay import environment


@pytest.fixture(autouse=True, params=[0, 8])
def patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks by generated code from the first replay on, and as they are at first."""
    monkeypatch.setattr(environment, "PATIENCE", request.param)


Change = Callable[[int], None]


def calls(count: int = 8) -> list[Any]:
    return [np.random.default_rng(i).normal(size=4) for i in range(count)]


# --- what it reads ------------------------------------------------------------------------------------------


def function_attribute() -> tuple[Any, Change]:
    def scale() -> None: ...

    scale.by = 1.0
    return lambda x: np.sum(x * scale.by), lambda i: setattr(scale, "by", float(i))


def code_of_a_helper() -> tuple[Any, Change]:  # as IPython's autoreload does
    def helper(x: Any) -> Any:
        return np.sum(x)

    def other(x: Any) -> Any:
        return np.sum(x) * 7

    def change(i: int) -> None:
        helper.__code__ = other.__code__

    return lambda x: helper(x * x), change


def defaults_of_a_helper() -> tuple[Any, Change]:
    def helper(x: Any, by: float = 1.0) -> Any:
        return np.sum(x) * by

    return lambda x: helper(x * x), lambda i: setattr(helper, "__defaults__", (float(i),))


def keyword_defaults_of_a_helper() -> tuple[Any, Change]:
    def helper(x: Any, *, by: float = 1.0) -> Any:
        return np.sum(x) * by

    return lambda x: helper(x * x), lambda i: helper.__kwdefaults__.update(by=float(i))


def keywords_of_a_partial() -> tuple[Any, Change]:
    part = functools.partial(lambda x, by: np.sum(x) * by, by=1.0)
    return lambda x: part(x), lambda i: part.keywords.update(by=float(i))


def order_of_a_dict() -> tuple[Any, Change]:
    one, other = np.ones(4), np.arange(4.0)
    table = {"a": one, "b": other}

    def change(i: int) -> None:
        table.clear()
        table.update(b=one, a=other)

    return lambda x: np.sum(x * table["a"]), change


def a_global_hides_a_builtin() -> tuple[Any, Change]:
    space: dict[str, Any] = {"np": np}
    exec("def f(x): return np.sum(x) * abs(-2.0)", space)
    return space["f"], lambda i: space.update(abs=lambda x: x * 3)


def globals_by_string() -> tuple[Any, Change]:
    space: dict[str, Any] = {"np": np, "by": 1.0}
    exec("def f(x): return np.sum(x) * globals()['by']", space)
    return space["f"], lambda i: space.update(by=float(i))


def a_module(name: str) -> Any:
    module: Any = types.ModuleType(name)
    module.by = 1.0
    return module


def module_by_string() -> tuple[Any, Change]:
    module, name = a_module("settings_by_string"), "b" + "y"
    return lambda x: np.sum(x) * getattr(module, name), lambda i: setattr(module, "by", float(i))


def module_in_a_helper() -> tuple[Any, Change]:
    module = a_module("settings_in_a_helper")

    def helper(module: Any, x: Any) -> Any:
        return np.sum(x) * module.by

    return lambda x: helper(module, x), lambda i: setattr(module, "by", float(i))


def module_imported_inside() -> tuple[Any, Change]:
    module = sys.modules["settings_inside"] = a_module("settings_inside")

    def f(x: Any) -> Any:
        import settings_inside

        return np.sum(x) * settings_inside.by

    return f, lambda i: setattr(module, "by", float(i))


def name_imported_inside() -> tuple[Any, Change]:
    module = sys.modules["settings_from"] = a_module("settings_from")

    def f(x: Any) -> Any:
        from settings_from import by

        return np.sum(x) * by

    return f, lambda i: setattr(module, "by", float(i))


def environment_variable() -> tuple[Any, Change]:
    os.environ["GRADGRAPH_TEST"] = "1"
    return lambda x: np.sum(x) * float(getenv("GRADGRAPH_TEST", "")), lambda i: os.environ.update(GRADGRAPH_TEST=str(i))


def weak_reference() -> tuple[Any, Change]:
    held = functools.partial(np.sum)
    held.by = 1.0
    of = weakref.ref(held)

    def change(i: int, held: Any = held) -> None:
        held.by = float(i)

    return lambda x: np.sum(x) * of().by, change


def read_only_view_of_a_dict() -> tuple[Any, Change]:
    table = {"by": 1.0}
    proxy = types.MappingProxyType(table)
    return lambda x: np.sum(x) * proxy["by"], lambda i: table.update(by=float(i))


def values_of_a_dict() -> tuple[Any, Change]:
    table = {"by": 1.0}
    values = table.values()
    return lambda x: np.sum(x) * sum(values), lambda i: table.update(by=float(i))


def method_of_a_list() -> tuple[Any, Change]:
    numbers = [1.0]
    at = numbers.__getitem__
    return lambda x: np.sum(x) * at(0), lambda i: numbers.__setitem__(0, float(i))


def element_of_a_structured_array() -> tuple[Any, Change]:
    element = np.ones(3, [("by", float)])[0]
    return lambda x: np.sum(x) * float(element["by"]), lambda i: element.__setitem__("by", float(i))


def number_of_c() -> tuple[Any, Change]:
    import ctypes

    number = ctypes.c_double(1.0)
    return lambda x: np.sum(x) * number.value, lambda i: setattr(number, "value", float(i))


class Twice:
    def __call__(self, x: Any) -> Any:
        return self.scaled(x)

    def scaled(self, x: Any) -> Any:
        return np.sum(x) * 2


class Thrice:
    def scaled(self, x: Any) -> Any:
        return np.sum(x) * 3


def method_of_one_object() -> tuple[Any, Change]:
    model: Any = Twice()
    return lambda x: model.scaled(x), lambda i: setattr(model, "scaled", lambda x: np.sum(x) * i)


def method_of_a_subclass() -> tuple[Any, Change]:
    class Own(Twice):
        pass

    model = Own()
    return lambda x: model.scaled(x), lambda i: setattr(Own, "scaled", lambda self, x: np.sum(x) * i)


def class_of_an_object() -> tuple[Any, Change]:
    model: Any = Twice()
    return lambda x: model.scaled(x), lambda i: setattr(model, "__class__", Thrice)


@pytest.mark.parametrize("made", [
    function_attribute, code_of_a_helper, defaults_of_a_helper, keyword_defaults_of_a_helper, keywords_of_a_partial,
    order_of_a_dict, a_global_hides_a_builtin, globals_by_string, module_by_string, module_in_a_helper,
    module_imported_inside, name_imported_inside, environment_variable, weak_reference, read_only_view_of_a_dict,
    values_of_a_dict, method_of_a_list, element_of_a_structured_array, number_of_c, method_of_one_object,
    method_of_a_subclass, class_of_an_object,
])  # fmt: skip
def test_what_it_reads_changes(made: Any) -> None:
    f, change = made()
    compiled, ordinary = jit(value_and_grad(f)), value_and_grad(f)
    for i, x in enumerate(calls()):
        if i >= 4:
            change(i // 2)
        for found, expected in zip(compiled(x), ordinary(x)):
            np.testing.assert_allclose(found, expected)


def test_files_are_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "numbers.npy"

    def by_numpy(x: Any) -> Any:
        return np.sum(x * np.load(path))

    def by_open(x: Any) -> Any:
        with open(path.with_suffix(".txt")) as file:
            return np.sum(x * float(file.read()))

    for f in (by_numpy, by_open):
        compiled = jit(f)
        for i, x in enumerate(calls()):
            np.save(path, np.full(4, float(i // 3)))
            path.with_suffix(".txt").write_text(str(i // 3))
            np.testing.assert_allclose(compiled(x), f(x))
        assert "reads from outside" in compiled.reasons[0]


def test_a_module_that_is_imported_for_the_first_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings_of_later.py").write_text("by = 2.0")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "settings_of_later", raising=False)

    @jit
    def f(x: Any) -> Any:
        import settings_of_later

        return np.sum(x) * settings_of_later.by

    for x in calls(3):
        np.testing.assert_allclose(f(x), 2 * np.sum(x))
    sys.modules["settings_of_later"].by = 3.0
    np.testing.assert_allclose(f(calls()[0]), 3 * np.sum(calls()[0]))
    assert "import it outside" in f.reasons[0]


# --- what it writes -----------------------------------------------------------------------------------------


def test_an_attribute_of_the_function_counts_its_calls() -> None:
    def f(x: Any) -> Any:
        f.calls += 1
        return np.sum(x) * f.calls

    f.calls = 0
    compiled = jit(f)
    for i, x in enumerate(calls(), 1):
        np.testing.assert_allclose(compiled(x), i * np.sum(x))


def test_a_large_array_that_the_function_writes_to() -> None:
    state = np.zeros(400_000)
    view = state[:4]

    def f(x: Any) -> Any:
        view[...] += 1
        state[5] += 1
        return np.sum(x * view) * state[5]

    compiled = jit(f)
    for i, x in enumerate(calls(), 1):
        np.testing.assert_allclose(compiled(x), i**2 * np.sum(x))
    assert state.flags.writeable and view.flags.writeable


# --- memory that is shared ----------------------------------------------------------------------------------


def trained(update: Any, compile: Any) -> list[Any]:
    """What two parameters are after each of some steps, as arrays that the caller keeps."""
    p, q = Tensor(np.ones(4)), Tensor(np.arange(4.0))

    def step(x: Any) -> Any:
        p.grad = q.grad = None
        loss = np.sum((p * x - q) ** 2)
        loss.backward()
        update(p, q)
        return loss

    run = compile(step)
    kept: list[Any] = []
    for x in calls():
        run(x)
        kept += [p.data, q.data, p.data.copy(), q.data.copy()]
    p.data[0] = 77.0
    return [*kept, p.data, q.data]


def momentum(p: Any, q: Any) -> None:
    q.data = 0.9 * q.data + p.grad
    p.data = p.data - 0.1 * q.data


def in_place(p: Any, q: Any) -> None:
    p.data -= 0.1 * p.grad
    q.data -= 0.1 * p.data


def replaced(p: Any, q: Any) -> None:
    p.data = p.data - 0.1 * p.grad
    q.data = q.data - 0.1 * q.grad


def one_array_for_both(p: Any, q: Any) -> None:
    p.data = q.data = p.data - 0.1 * p.grad


def a_gradient_as_numbers(p: Any, q: Any) -> None:
    q.data = p.grad


def exchanged(p: Any, q: Any) -> None:
    p.data, q.data = q.data - 0.1 * q.grad, p.data - 0.1 * p.grad


@pytest.mark.parametrize("update", [momentum, in_place, replaced, one_array_for_both, a_gradient_as_numbers, exchanged])
def test_arrays_of_parameters_that_the_caller_keeps(update: Any) -> None:
    for found, expected in zip(trained(update, jit), trained(update, lambda f: f)):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("f", [lambda x: x.T, lambda x: x[:2], lambda x: x.reshape(-1)[1:]])
def test_a_result_that_is_a_view_of_an_argument(f: Any) -> None:
    compiled = jit(f)
    for i in range(4):
        x = np.arange(6.0).reshape(2, 3) + i
        y = compiled(x)
        y[0] = 7.0
        assert 7.0 in x
    assert "in the memory of an argument" in compiled.reasons[0]


def test_the_numbers_of_a_parameter_as_a_result() -> None:
    p = Tensor(np.ones(4))

    @jit
    def step(x: Any) -> Any:
        p.grad = None
        np.sum((p * x) ** 2).backward()
        p.data -= 0.1 * p.grad
        return p.data

    assert all(step(x) is p.data for x in calls(4))
