"""No recursion, no reference cycles: long chains run, and a dropped graph is gone at once."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
import weakref
from typing import Callable, Iterator

import pytest

from autograd import Value, dot

LENGTH = 200_000


@pytest.fixture(autouse=True)
def without_the_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    "link",
    [
        lambda y, x: 1 - y,
        lambda y, x: dot([y, 0.5], [1.0, x]),
        lambda y, x: (y * 0.5).sin(),
    ],
)
def test_a_long_chain_runs_and_is_freed_at_once(link: Callable[[Value, Value], Value]) -> None:
    x = Value(0.5)
    y = x
    middle = None
    for i in range(LENGTH):
        y = link(y, x)
        if i == LENGTH // 2:
            middle = weakref.ref(y)
    y.backward()
    assert x.grad is not None and middle is not None and middle() is not None
    del y
    assert middle() is None


def test_second_order_is_freed_with_the_leaf_s_gradient() -> None:
    x = Value(0.5)
    y = x
    for _ in range(LENGTH // 10):
        y = y * 1.0
    y = y * y.sin()
    y.backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    slope.backward()
    inner = weakref.ref(y)
    x.zero_grad()
    del y, slope
    assert inner() is None
    assert gc.collect() == 0


def test_graphs_of_every_kind_leave_nothing_behind() -> None:
    def program(x: Value) -> None:
        u = x * x + x.exp()
        y = dot([u, x], [x, u], 1.0).tanh() / (1 + u.maximum(x))
        nodes.extend(map(weakref.ref, (u, y)))
        y.backward()
        y.backward(gradient=2.0)
        y.backward(create_graph=True)
        x.zero_grad()

    nodes: list[weakref.ref[Value]] = []
    program(Value(0.5))
    assert [node() for node in nodes] == [None, None]
    assert gc.collect() == 0


def test_deep_graphs_are_freed_on_a_small_stack() -> None:
    """Dropped in a thread with a stack of 2 MiB: deallocation must not nest."""
    script = f"""
import threading
from autograd import Value
def work():
    y = Value(1.0)
    for _ in range({LENGTH}):
        y = y + 1.0
    del y
threading.stack_size(2 * 1024 * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print("freed")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert done.stdout == "freed\n", done.stderr


def test_memory_per_recorded_operation() -> None:
    x = Value(0.5)
    y = x
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(10_000):
        y = (y * x).sin()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert used / 20_000 <= 250
