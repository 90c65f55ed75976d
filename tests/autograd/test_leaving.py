"""What would leave the graph silently while a derivative is taken is refused; what leaves it openly is not."""

from __future__ import annotations

import copy
import math
import pickle
import threading
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import (
    LeavesGraphError,
    Tensor,
    Value,
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    stop_gradient,
    value_and_grad,
    vjp,
)
from autograd.leaving import depends
from autograd.node import running


def unrecorded(f: Any) -> Any:
    with no_grad():
        return f()


TRANSFORMS: dict[str, Callable[[Any, Any], Any]] = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x),
    "elementwise_grad": lambda f, x: elementwise_grad(f)(x),
    "vjp": lambda f, x: vjp(f, x),
    "jvp": lambda f, x: jvp(f, (x,), (1.0,)),
    "jacobian": lambda f, x: jacobian(f)(x),
    "jacobian, forward": lambda f, x: jacobian(f, mode="forward")(x),
    "hessian": lambda f, x: hessian(f)(x),
    "hvp": lambda f, x: hvp(f)(x, 1.0),
    "grad of grad": lambda f, x: grad(grad(f))(x),
    "grad of checkpoint": lambda f, x: grad(checkpoint(f))(x),
    "grad of a checkpoint inside": lambda f, x: grad(lambda y: checkpoint(f)(y * 2.0))(x),
    "grad inside no_grad": lambda f, x: unrecorded(lambda: grad(f)(x)),
}
ARGUMENTS = {"number": 0.5, "Value": Value(0.5), "Tensor": Tensor(0.5)}


def write_into_an_array(x: Any) -> Any:
    z = np.zeros(3)
    z[0] = x * x
    return np.sum(z) * x


def fill_from_a_list(x: Any) -> Any:
    return np.sum(np.array([x, 2.0 * x], float)) * x


LEAVING: dict[str, Callable[[Any], Any]] = {
    "float": lambda x: x * float(x),
    "int": lambda x: x * int(x + 2.0),
    "round": lambda x: x * round(x),
    "round to digits": lambda x: x * round(x * x, 2),
    "complex": lambda x: x * complex(x).real,
    "math.sin": lambda x: x * math.sin(x),
    "math alone": math.sin,
    "math.floor": lambda x: x * math.floor(x),
    "np.float64": lambda x: x * np.float64(x),
    "array item": write_into_an_array,
    "array of floats": fill_from_a_list,
    "%": lambda x: x * float("%.3f" % x),
    "computed": lambda x: x * math.exp((x * x + 1.0) / 2.0),
}


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_number_that_leaves_inside_a_transform_is_refused(transform: str, argument: str) -> None:
    for name, f in LEAVING.items():
        with pytest.raises(LeavesGraphError) as refused:
            TRANSFORMS[transform](f, ARGUMENTS[argument])
        message = str(refused.value)
        if "plain array by itself" not in message:  # which is refused everywhere
            assert "while a derivative is taken" in message and "x.item() or stop_gradient(x)" in message, name
    assert not running


def test_the_cure_is_named() -> None:
    with pytest.raises(LeavesGraphError, match=r"^float\(\) would make .* of a Tensor .*np.sin\(x\) for math.sin\(x\)"):
        grad(math.sin)(0.5)
    with pytest.raises(LeavesGraphError, match=r"^round\(\) .*np.round\(x\), which keeps x in the graph"):
        grad(round)(0.5)
    with pytest.raises(LeavesGraphError, match=r"^int\(\) .* of a Value"):
        grad(int)(Value(0.5))


def test_a_write_into_an_array_names_its_line() -> None:
    """NumPy would say "setting an array element with a sequence"."""
    with pytest.raises(LeavesGraphError) as refused:
        grad(write_into_an_array)(0.5)
    assert any(frame.line == "z[0] = x * x" for frame in traceback.extract_tb(refused.value.__traceback__))


def boxed(x: Any) -> Any:
    return np.array([x * x, x, 3.0 * x, 1.0], dtype=object)


NUMPYS: dict[str, Callable[[Any], Any]] = {
    "gradient": lambda x: np.sum(np.gradient(boxed(x))),
    "i0": lambda x: np.sum(np.i0(boxed(x))),
    "astype": lambda x: np.sum(boxed(x).astype(np.float32)),
    "asarray": lambda x: np.sum(np.asarray([x, 1.0], dtype=float)),
}


@pytest.mark.parametrize("function", NUMPYS)
def test_numpys_functions_of_object_arrays_are_refused(function: str) -> None:
    with pytest.raises(LeavesGraphError):
        grad(NUMPYS[function])(Value(0.5))


def test_scipys_functions_are_refused() -> None:
    signal, ndimage = pytest.importorskip("scipy.signal"), pytest.importorskip("scipy.ndimage")
    integrate = pytest.importorskip("scipy.integrate")
    for x in (0.5, Value(0.5)):
        for f in (
            lambda x: np.sum(signal.iirnotch(x, 30.0)[0]),
            lambda x: integrate.quad(lambda t: t * x, 0.0, 1.0)[0],
        ):
            with pytest.raises(LeavesGraphError):
                grad(f)(x)
        with pytest.raises((LeavesGraphError, TypeError)):  # an older SciPy looks first for several widths in it
            grad(lambda x: np.sum(ndimage.gaussian_filter(np.arange(5.0), x)))(x)
    with pytest.raises((LeavesGraphError, RuntimeError)):  # NumPy's objects are not supported, says SciPy
        grad(lambda x: np.sum(ndimage.gaussian_filter(boxed(x), 1.0)))(Value(0.5))


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("argument", [0.5, Value(0.5), Tensor(0.5), {"w": 0.5}])
def test_copies_of_variables_are_refused(copier: Any, argument: Any) -> None:
    def f(x: Any) -> Any:
        made = copier(x["w"] if isinstance(x, dict) else x)
        return made * made

    with pytest.raises((LeavesGraphError, TypeError), match="cut off|computed"):
        grad(f)(argument)


# --- what is allowed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("transform", ["grad", "value_and_grad", "jvp", "jacobian", "hessian", "grad of checkpoint"])
@pytest.mark.parametrize("argument", ARGUMENTS)
def test_what_is_said_openly_or_only_looks_is_allowed(transform: str, argument: str) -> None:
    def f(x: Any) -> Any:
        u = x * x
        assert isinstance(u.item(), float) and isinstance(f"{u} {u!r} {u:.3f}", str)
        assert u < 1.0 and u >= 0.0 and bool(u) and (u > x) in (True, False) and max(u, x) is not None
        assert float(u.data) == u.item() == float(stop_gradient(u))
        with no_grad():
            assert math.sqrt(u) == float(abs(x))
        losses.append(u)
        other = Value(2.0) * Tensor(3.0)  # nothing of x in it
        return u * x * float(other) * int(other) * math.sqrt(stop_gradient(other) - 2.0)

    losses: list[Any] = []
    TRANSFORMS[transform](f, ARGUMENTS[argument])
    assert float(losses[0]) == 0.25 and not running


def test_the_results_of_a_transform_are_plain_numbers() -> None:
    for result in (grad(np.sin)(0.5), jvp(np.sin, (0.5,), (1.0,))[1], vjp(np.sin, 0.5)[1](1.0)[0]):
        assert type(result) is float and math.isclose(result, math.cos(0.5))
    assert math.isclose(float(grad(np.sin)(Tensor(0.5))), math.cos(0.5))


def test_outside_a_transform_python_converts_as_ever() -> None:
    w = Value(2.0)
    losses = []
    for _ in range(3):
        loss = w * w
        loss.backward()
        losses.append(float(loss))
    assert losses == [4.0] * 3


# --- nesting, exceptions, threads ------------------------------------------------------------------------


def test_an_inner_derivative_may_use_its_own_plain_results() -> None:
    """Newton's steps inside f by plain numbers: nothing of x is in them."""

    def f(x: Any) -> Any:
        t = 1.0
        for _ in range(20):
            t = t - float((t**2 - 2.0) / grad(lambda s: s**2 - 2.0)(t))
        return x * t

    assert grad(f)(1.0) == pytest.approx(math.sqrt(2.0))


def test_an_inner_result_that_depends_on_the_outer_variable_is_refused() -> None:
    def f(x: Any) -> Any:
        return x * float(grad(lambda y: x * y * y)(1.0))

    with pytest.raises(LeavesGraphError):
        grad(f)(3.0)
    assert grad(lambda x: x * grad(lambda y: x * y * y)(1.0))(3.0) == 12.0


def test_the_outer_variable_is_guarded_while_the_inner_function_runs_and_after() -> None:
    def within(x: Any) -> Any:
        return grad(lambda y: y * math.sin(x))(1.0)

    def after(x: Any) -> Any:
        grad(lambda y: y * y)(1.0)
        return x * math.sin(x)

    for f in (within, after):
        with pytest.raises(LeavesGraphError):
            grad(f)(3.0)
    assert not running


def test_an_exception_ends_the_guard() -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x * 2.0)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        grad(f)(3.0)
    assert not running and float(kept[0]) == 6.0

    def g(x: Any) -> Any:
        try:
            return x * math.sin(x)
        except TypeError:  # LeavesGraphError is one, as of any function that takes numbers alone
            return x * np.sin(x)

    assert grad(g)(0.5) == pytest.approx(math.sin(0.5) + 0.5 * math.cos(0.5))


def test_a_value_error_of_the_function_itself_passes() -> None:
    def f(x: Any) -> Any:
        raise ValueError("mine") from KeyError("the cause")

    with pytest.raises(ValueError, match="mine") as raised:
        grad(f)(3.0)
    assert isinstance(raised.value.__cause__, KeyError)


def test_other_threads_convert_as_ever_and_helpers_are_guarded() -> None:
    found: dict[str, Any] = {}
    loss = Value(2.0) * 3.0

    def elsewhere(x: Any) -> None:
        found["unrelated"] = float(loss)
        found["made meanwhile"] = float(Value(2.0) * loss)
        try:
            found["of x"] = float(x * 2.0)
        except LeavesGraphError:
            found["of x"] = "refused"

    def f(x: Any) -> Any:
        thread = threading.Thread(target=elsewhere, args=(x,))
        thread.start()
        thread.join()
        return x * x

    assert grad(f)(3.0) == 6.0
    assert found == {"unrelated": 6.0, "made meanwhile": 12.0, "of x": "refused"}


def test_many_threads_take_derivatives_at_once() -> None:
    failures: list[Any] = []

    def work(k: int) -> None:
        for i in range(100):
            x = float(k + i)
            try:
                if grad(lambda y: y * y * stop_gradient(y))(x) != pytest.approx(2 * x * x):
                    failures.append(x)
                with pytest.raises(LeavesGraphError):
                    grad(math.sin)(x)
                float(Value(x) * 2.0)
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and not running


def test_dependence_is_found_without_recursion_and_ends_at_what_is_older() -> None:
    older = Value(1.0)
    for _ in range(50_000):
        older = older * 1.0

    def f(x: Any) -> Any:
        assert not depends(older) and depends(x)
        y = older * 2.0
        for _ in range(50_000):
            y = y + 1.0
        assert not depends(y) and depends(y + x)
        assert float(y) == 50_002.0
        return x * float(y)

    assert grad(f)(Value(1.0)).data == 50_002.0


def test_printing_with_a_percent_sign_is_refused_with_the_way_to_print() -> None:
    with pytest.raises(LeavesGraphError, match=r"f'\{x:.2f\}' or str\(x\) to print it"):
        grad(lambda x: ("%.2f" % x, x * x)[1])(1.0)
    assert grad(lambda x: (f"{x:.2f} {x}", x * x)[1])(1.0) == 2.0
