"""The walks backward: seeds, what an interrupted one leaves behind, and threads beside each other."""

from __future__ import annotations

import linecache
import sys
import threading
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, core, no_grad
from autograd.graph import settling
from autograd.node import plain

PACKAGE = str(Path(autograd.__file__).parent)


class Interrupted(BaseException):
    """Stands in for KeyboardInterrupt."""


def interrupted_at(step: int, run: Callable[[], None]) -> bool:
    """Run, and raise at the step-th line that is executed inside the package. Whether it came that far."""
    left = step

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal left
        file = frame.f_code.co_filename
        if not file.startswith((PACKAGE, "<rule")):
            return None
        # No signal is handled between a lock and its `with`, nor at the nothing that `try:` does; a trace would be.
        if event == "line" and not linecache.getline(file, frame.f_lineno).lstrip().startswith(("with ", "try:")):
            left -= 1
            if left < 0:
                sys.settrace(None)
                raise Interrupted
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    except Interrupted:
        return True
    finally:
        sys.settrace(before)
        # Python 3.13 traces a line between the end of a `with` and its exit, too, which no signal can interrupt.
        while settling._is_owned():
            settling.release()
    return False


def values() -> tuple[Any, list[Any]]:
    a, b = Value(0.5), Value(2.0)
    u = a * b
    return u.tanh() + a * u, [a, b, u]


def tensors() -> tuple[Any, list[Any]]:
    a, b = Tensor([0.5, 1.0]), Tensor([2.0, 3.0])
    u = a * b
    return np.sum(np.tanh(u) + a * u), [a, b, u]


@pytest.mark.parametrize("settings", [{}, {"gradient": 2.0}, {"create_graph": True}, {"retain_grads": True}])
@pytest.mark.parametrize("program", [values, tensors])
def test_an_interrupted_pass_leaves_every_gradient_as_it_was(program: Any, settings: Any) -> None:
    if program is values and "retain_grads" in settings:
        settings = {}
    y, nodes = program()
    nodes = [*nodes, y]

    def gradients() -> list[Any]:
        return [None if x.grad is None else np.array(plain(x.grad), dtype=float).tolist() for x in nodes]

    def reset() -> None:
        for x, g in zip(nodes, given):
            x.grad = g

    y.backward()  # so that there is something to lose
    given, before = [x.grad for x in nodes], gradients()
    y.backward(**settings)
    after = gradients()
    reset()
    step, finished = 0, False
    while interrupted_at(step, lambda: y.backward(**settings)):
        finished = finished or gradients() == after  # from some line on, all is done
        assert gradients() == (after if finished else before), step
        reset()
        step += 1
    # The compiled core's walk has no line in which it could be interrupted.
    assert step > (3 if core.compiled and program is values and not settings.get("create_graph") else 20)
    assert gradients() == after != before


def test_a_seed_is_the_same_walk() -> None:
    (y, (a, b, _)), (z, (c, d, _)) = values(), values()
    y.backward()
    z.backward(gradient=-3.0)
    assert (c.grad, d.grad) == pytest.approx((-3 * a.grad, -3 * b.grad), rel=1e-15)


def test_a_thread_in_no_grad_changes_nothing_for_the_others() -> None:
    inside, leave = threading.Event(), threading.Event()

    def idle() -> None:
        with no_grad():
            inside.set()
            leave.wait(10)

    other = threading.Thread(target=idle)
    other.start()
    try:
        assert inside.wait(10)
        for program in (values, tensors):
            y, (a, _, _) = program()
            y.backward()
            assert a.grad is not None and y.inputs
    finally:
        leave.set()
        other.join()


def test_interrupted_passes_leave_no_lock_behind() -> None:
    for make in (values, tensors):
        for step in range(60):
            interrupted_at(step, make()[0].backward)
    free: list[bool] = []
    other = threading.Thread(target=lambda: free.append(settling.acquire(timeout=5) and settling.release() is None))
    other.start()
    other.join()
    assert free == [True]
