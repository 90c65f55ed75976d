"""The memory of the compiled core: nothing leaks, nothing is freed too early, and running out of it harms nothing."""

from __future__ import annotations

import gc
import sys
import tracemalloc
import weakref
from typing import Any, Iterator

import pytest

import autograd
from autograd import Elementwise, Value, core, dot, no_grad, where
from tests.autograd.core.alone import run_alone

pytestmark = pytest.mark.skipif(core.compiled is None, reason="of the compiled core")

OWN = Elementwise("own", lambda x: x * x, lambda x: x * x, lambda y, x: 2 * x if x > 0 else -2.0)  # pulled in Python


@pytest.fixture(autouse=True)
def without_the_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def everything() -> Any:
    """Every kind of node, walked, walked while recorded, refused and dropped."""
    a, b, c = Value(0.5, label="a"), Value(2.0), Value(-1.0)
    u = dot([a, b, 0.5], (c, a, b), a) + autograd.sum([a, b, c, 1.0]) + a.tanh() ** 2 / b - where(a, b, c)
    y = u + OWN(a)
    y.backward()
    y.backward(2.0)
    u.backward(create_graph=True)
    assert isinstance(a.grad, Value)
    slope, a.grad, b.grad, c.grad = a.grad, None, 0, None
    slope.backward()
    for x in (a, b, c):
        x.grad = None
    made = Value(3.0, (a, b), "made")
    with pytest.raises(autograd.NoRuleError):
        (made * a).backward()
    with pytest.raises(TypeError):
        a + "a"
    with pytest.raises(TypeError):
        autograd.tanh(a, "a")
    with no_grad():
        (a * b).label = "free"
    y._origin = (y.rule, *y.inputs)
    u = a * b
    a.data = 1.0
    with pytest.raises(autograd.ChangedDataError):
        u.backward()
    return y


def test_nothing_leaks() -> None:
    for _ in range(3):
        everything()
    gc.collect()
    counted = (float, str, int, list, dict)
    tracemalloc.start()
    try:
        for _ in range(20):
            everything()
        gc.collect()
        objects, before = len(gc.get_objects()), tracemalloc.get_traced_memory()[0]
        references = [sys.getrefcount(x) for x in (*counted, OWN, OWN._program, Value)]
        for _ in range(200):
            everything()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(gc.get_objects()) - objects < 20
    assert grown < 20_000, grown  # 200 programs of some 50 nodes would be a megabyte
    after = [sys.getrefcount(x) for x in (*counted, OWN, OWN._program, Value)]
    assert all(abs(new - old) < 60 for new, old in zip(after, references)), (references, after)


def test_a_node_takes_at_most_112_bytes() -> None:
    tracemalloc.start()
    try:
        x, a = Value(1.0), Value(0.5)
        idle = [x * a for _ in range(150_000)]  # more than are kept free
        before, made = tracemalloc.get_traced_memory()[0], []
        for _ in range(10_000):
            x = x * a
        made.append(x)
        assert tracemalloc.get_traced_memory()[0] - before <= 112 * 10_000
    finally:
        tracemalloc.stop()
    assert idle


def test_cycles_are_found() -> None:
    def gone(node: Value) -> weakref.ref[Value]:
        return weakref.ref(node)

    def by_gradient() -> Any:
        x = Value(0.5)
        (x * x.sin()).backward(create_graph=True)  # x.grad was computed from x
        return gone(x)

    def by_label() -> Any:
        x = Value(0.5)
        y = x * 2
        x.label = [y]
        return gone(y)

    def by_rule() -> Any:
        held: list[Any] = []
        rule = Elementwise("local", lambda x: x, lambda x: x, lambda y, x: len(held))
        held.append(rule(Value(0.5)))
        held[0].backward()
        return gone(held[0])

    for cycle in (by_gradient, by_label, by_rule):
        node = cycle()
        assert node() is not None
        gc.collect()
        assert node() is None


def test_what_is_dropped_is_freed_at_once_in_the_middle_of_code_that_it_runs() -> None:
    """A node's end may run any code, which makes and drops nodes itself."""
    ends: list[float] = []

    class Noisy:
        def __init__(self, node: Value) -> None:
            self.node = node

        def __del__(self) -> None:
            y = self.node * 2.0
            y.backward()
            ends.append(y.data)

    x = Value(1.0)
    for i in range(1000):
        x = x + 1.0
        if i % 100 == 0:
            x.label = Noisy(Value(float(i)))
    watched = weakref.ref(x, lambda _: ends.append(-1.0))
    del x
    assert len(ends) == 11 and watched() is None


def test_the_next_graph_lies_in_memory_in_the_order_in_which_it_is_made() -> None:
    """However often one was dropped before: a graph is taken apart in an order of its own."""
    output = run_alone("""
        import gc
        import autograd
        from autograd import Value
        gc.disable()
        weights = [Value(float(i)) for i in range(40)]

        def made():
            layer = [Value(0.5)] * 40
            for _ in range(20):
                layer = [sum((w * x for w, x in zip(weights, layer)), weights[0]).relu() for _ in range(40)]
            return autograd.sum(layer)

        for _ in range(30):
            made()
        addresses = [id(node) for node in autograd.graph.ancestors(made())[0]]
        print(len(addresses), sum(0 < a - b < 1024 for a, b in zip(addresses, addresses[1:])))
    """)
    nodes, in_order = map(int, output.split())
    assert nodes > 60_000 and in_order > 0.99 * nodes


def test_a_walk_that_stops_halfway_leaves_every_gradient() -> None:
    """Also those that had been passed on before Python was needed."""

    def refuse(y: Any, x: Any) -> Any:
        raise RuntimeError("no" if x > 0 else "never")

    refusing = Elementwise("refusing", lambda x: x, lambda x: x, refuse)
    x, z = Value(0.5), Value(2.0)
    z.grad = 3.0
    y = refusing(x * z) * z
    for _ in range(50):
        y = y * 0.5 + z
    nodes = [x, z, y, *autograd.graph.ancestors(y)[0]]
    y.grad = -1.0
    before = [node.grad for node in nodes]
    for _ in range(3):
        with pytest.raises(RuntimeError, match="no"):
            y.backward()
        assert [node.grad for node in nodes] == before
    u = x * z + 1.0
    u.backward()  # what the walk keeps for the next one is empty again
    assert (x.grad, z.grad, u.grad) == (2.0, 3.5, 1.0)


def test_deep_graphs_are_freed_without_recursion() -> None:
    x, a = Value(1.0), Value(0.999)
    y = x
    for _ in range(1_000_000):
        y = y * a
    y.backward()
    first = weakref.ref(y.inputs[0])
    del y
    assert first() is None and x.grad is not None


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("which", ["itself", "another"])
def test_code_that_cuts_the_graph_within_a_walk_frees_nothing_that_is_in_use(readable: bool, which: str) -> None:
    x = Value(0.5)
    doomed: list[Any] = []

    def scalar(v: float, w: float, u: float) -> float:
        while doomed:
            doomed.pop()._origin = ()
        return v

    def partial(y: Any, *inputs: Any) -> Any:
        return called(*inputs) if readable or scalar(*inputs) else 1.0

    called = Elementwise("called", scalar, scalar, *[lambda y, *inputs: 1.0] * 3)
    cutting = Elementwise("cutting", lambda *inputs: 1.0, lambda *inputs: 1.0, *[partial] * 3)
    assert cutting.symbolic == readable
    for _ in range(20):
        u = x * 2.0
        for _ in range(50):
            u = u + 1.0
        y = cutting(u, 10.0 + 5.0, u + 0.0)
        doomed.append(y if which == "itself" else u)
        del u
        if which == "itself":
            y.backward()
        else:
            with pytest.raises((RuntimeError, IndexError)):
                y.backward()
            assert x.grad is None and y.grad is None


def test_running_out_of_memory_is_an_error_and_no_more() -> None:
    """Each allocation of a program fails once; after it the program runs again, with the same numbers."""
    pytest.importorskip("_testcapi")
    output = run_alone("""
        import gc, _testcapi
        import autograd
        from autograd import Value, dot
        gc.disable()

        def program():
            x = Value(0.5)
            ws = [Value(float(i)) for i in range(40)]
            y = dot(ws, ws, x) + autograd.sum(ws) * x
            for i in range(600):
                y = y * 0.5 + x
            y.label = "y"
            x.grad = 3
            y.backward()
            return y.data, x.grad, ws[3].grad, y._origin[2].grad

        wanted = program()
        kept = [Value(0.0) + 1.0 for _ in range(3000)]  # so that new nodes are allocated, too
        failures, finished = 0, 0
        for n in range(3000):
            more = [Value(0.0) for _ in range(n % 7)]
            _testcapi.set_nomemory(n, n + 1)
            try:
                found = program()
            except MemoryError:
                failures += 1
                found = None
            finally:
                _testcapi.remove_mem_hooks()
            finished += found is not None
            assert found in (None, wanted), (n, found)
            kept += [Value(0.0) for _ in range(200)]
            if failures and finished > 25:
                break
        assert program() == wanted
        print(failures)
    """)
    assert int(output) > 50


def test_a_walk_that_runs_out_of_memory_leaves_every_gradient() -> None:
    pytest.importorskip("_testcapi")
    output = run_alone("""
        import gc, _testcapi
        from autograd import Elementwise, Value
        gc.disable()
        slow = Elementwise("slow", lambda x: x, lambda x: x, lambda y, x: 1.0 if x > 0 else 2.0)
        x, z = Value(0.5), Value(2.0)
        z.grad = 3
        y, nodes = x, [x, z]
        for i in range(2000):
            y = y * 0.5 + z if i % 500 else slow(y)
            nodes.append(y)
        y.backward()
        y.backward()
        before = [v.grad for v in nodes]
        for kind in (None, Value(1.0)):
            z.grad = z.grad if kind is None else kind  # a gradient that is no plain number
            before = [v.grad for v in nodes]
            failures = 0
            for n in range(200):
                _testcapi.set_nomemory(n, n + 1)
                try:
                    y.backward()
                except MemoryError:
                    _testcapi.remove_mem_hooks()
                    failures += 1
                    assert [v.grad for v in nodes] == before, n
                else:
                    _testcapi.remove_mem_hooks()
                    for v, g in zip(nodes, before):
                        v.grad = g
            print(failures)
    """)
    assert all(int(count) > 3 for count in output.split())
