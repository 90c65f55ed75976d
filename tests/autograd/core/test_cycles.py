"""Cycles of references through Values, of which the garbage collector is told only once there can be one."""

from __future__ import annotations

import textwrap

import pytest

from autograd import core
from tests.autograd.core.alone import run_alone

pytestmark = pytest.mark.skipif(core.compiled is None, reason="of the compiled core")

CYCLES = {
    "label": "x.label = [y]",
    "label that is a kind of text": "x.label = Text('x'); x.label.y = y",
    "gradient": "x.grad = Holder(y)",
    "gradient of an inner node": "u.grad = Holder(y)",
    "recorded gradient": "y.backward(create_graph=True)",
    "rule of one's own": """
        held = []
        rule = Elementwise("local", lambda x: x, lambda x: x, lambda y, x: len(held))
        y = rule(y)
        held.append(y)""",
    "method of a rule of one's own": """
        rule = Elementwise("local", lambda x: x, lambda x: x, lambda y, x: 1.0)
        autograd.register(rule)
        y = y.local()
        rule.held = y
        autograd.register(Elementwise("local", lambda x: x, lambda x: x, lambda y, x: 1.0))
        del rule""",
    "origin of what is in use": "x._origin = (y.rule, y, 1.0)",
    "origin of a leaf that was touched": "x.data = 2.0; x._origin = (y.rule, y, 1.0)",
    "itself as origin": "y = Value(1.0); y._origin = (u.rule, y, 1.0)",
    "origin of two new ones": """
        y, z = Value(1.0), Value(2.0)
        y._origin = (u.rule, z, 1.0)
        z._origin = (u.rule, y, 1.0)""",
    "value made by hand": "y = Value(1.0, [y], 'made'); x.label = Holder(y)",
    "label that is set while another dies": """
        class Noisy:
            def __del__(self):
                self.x.label = self.y
        noisy = Noisy()
        noisy.x, noisy.y = x, y
        z = Value(0.0)
        for _ in range(100):
            z = z + x
        z.label = str(noisy)  # harmless
        w = z * 2.0
        for _ in range(100):
            w = w + z
        import weakref
        end = weakref.ref(w, lambda _, noisy=noisy: setattr(noisy.x, "label", [noisy.y]))
        del noisy, z, w, end""",
    "label that a thread sets": """
        import threading
        thread = threading.Thread(target=lambda: setattr(x, "label", [y]))
        thread.start()
        thread.join()
        del thread""",
}


@pytest.mark.parametrize("cycle", CYCLES)
def test_each_kind_is_found_though_its_nodes_are_older(cycle: str) -> None:
    """Each in a process of its own, where nothing could close a cycle before."""
    lines = textwrap.indent(textwrap.dedent(CYCLES[cycle]).strip(), " " * 12).strip()
    program = f"""
        import gc, weakref
        import autograd
        from autograd import Elementwise, Value

        class Holder:
            def __init__(self, held):
                self.held = held

        class Text(str):
            pass

        kept = [Value(float(i)) for i in range(10)]

        def made():
            x = Value(0.5)
            u = x * 2.0
            y = (u + x).tanh()
            for _ in range(5):
                y = y * u + 1.0
            {lines}
            return weakref.ref(y)

        for _ in range(3):
            for i in range(100):
                kept.append(kept[i] * 2.0)  # some are dropped again
            del kept[10:50]
            gc.disable()
            y = made()
            if y() is not None:
                assert gc.is_tracked(y()), "the collector was not told"
                gc.enable()
                gc.collect()
            print(y() is None)
    """
    assert run_alone(program).split() == ["True"] * 3


def test_the_collector_knows_no_node_of_a_program_that_makes_no_cycle() -> None:
    output = run_alone("""
        import copy, gc, pickle
        import autograd
        from autograd import Value, nn

        model = nn.MLP(2, [4, 1], activation="tanh")
        x = Value(2.0, label="x")
        for _ in range(3):
            y = (x * x + x.exp() / 3 - 1.0 + model([x, 0.5])) / (x - x) + (1000 * x).exp() + abs(-x) ** 2
            y.backward()
            autograd.sum([x, y]).backward()
            for p in model.parameters():
                p.data -= 0.1 * p.grad
            model.zero_grad()
            copy.deepcopy(model), pickle.loads(pickle.dumps(x))
            with autograd.no_grad():
                x * x
            with autograd.detect_anomaly():
                x * x
        autograd.grad(lambda a: a * a.tanh())(0.5), autograd.hessian(lambda a: a**3)(2.0)
        print(sum(isinstance(one, Value) for one in gc.get_objects()))
    """)
    assert output.split() == ["0"]


def test_once_told_the_collector_knows_every_node_that_is_alive_and_no_other() -> None:
    output = run_alone("""
        import gc, random
        from autograd import Value, core
        gc.disable()
        random.seed(1)
        kept = [Value(float(i)) for i in range(100)]
        for _ in range(400_000):  # more than are kept free; by turns many and few
            kept.append(random.choice(kept) * 2.0)
            if random.random() < 1e-5:
                del kept[random.randrange(100, 1000):]
        del kept[100::3]

        def alive():
            found, queue = set(kept), list(kept)
            while queue:
                for x in queue.pop().inputs:
                    if isinstance(x, Value) and x not in found:
                        found.add(x)
                        queue.append(x)
            return found

        core.compiled.track()
        for _ in range(3):
            known = {one for one in gc.get_objects() if isinstance(one, Value)}
            assert known == alive() and len(known) > 1000
            del kept[1000:], known
            kept += [kept[i] + 1.0 for i in range(900)]
        print("well")
    """)
    assert output.split() == ["well"]


def test_a_weak_reference_ends_before_what_it_calls_collects_garbage() -> None:
    output = run_alone("""
        import gc, weakref
        from autograd import Value, core
        core.compiled.track()
        ends = []
        for _ in range(100):
            x = Value(1.0, label="x")
            y = x * 2.0
            end = weakref.ref(y, lambda _: ends.append(gc.collect()))
            del x, y
        print(len(ends))
    """)
    assert output.split() == ["100"]
