"""Never a wrong number: whatever a recording cannot hold for makes a call ordinary, and says why."""

from __future__ import annotations

import copy
import os
import pickle
import random
import threading
from array import array
from contextvars import ContextVar
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, grad, jit, nn, no_grad, optim, value_and_grad
from autograd.nn import functional as F

RNG = np.random.default_rng(0)
GENERATOR = np.random.default_rng(1)


def same_as_eager(f: Any, calls: list[Any], g: Any = None) -> Any:
    """`f` under jit gives what an ordinary twin of it gives, call by call."""
    compiled, twin = jit(f), g or f
    for args in calls:
        np.testing.assert_allclose(_plain(compiled(*args)), _plain(twin(*args)), rtol=1e-10)
    return compiled


def _plain(x: Any) -> Any:
    return np.array(x.data) if isinstance(x, Tensor) else x


def points(count: int) -> list[Any]:
    return [(RNG.normal(size=4),) for _ in range(count)]


# --- looks at results ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [
    lambda h: 2.0 if h > 0 else -1.0,
    lambda h: float(h),
    lambda h: h.item(),
    lambda h: 3.0 if bool(h) else 1.0,
    lambda h: float(int(h)),
    lambda h: 1.0 if h == 0 else 2.0,
    lambda h: float(f"{h:.3f}"),
    lambda h: h.tolist(),
    lambda h: float(np.argmax(np.stack([h, h * 2]))),
    lambda h: float(np.sign(h.astype(int))),
])  # fmt: skip
def test_a_look_at_a_result_makes_the_program_eager(look: Any) -> None:
    def loss(x: Any) -> Any:
        h = Tensor(np.ones(4)) @ x if not isinstance(x, Tensor) else np.sum(x)
        return np.sum(x * x) * look(h if isinstance(h, Tensor) else Tensor(h))

    w = Tensor(np.ones(4))

    def f(x: Any) -> Any:
        h = np.sum(w * x)
        return np.sum(w * x * x) * look(h)

    compiled = same_as_eager(f, points(8))
    assert compiled.eager and compiled.reasons
    with pytest.raises(ValueError, match="no recorded program"):
        assert compiled.source


def test_what_led_to_a_look_is_undone() -> None:
    w = Tensor(np.ones(3))
    seen: list[int] = []

    def step(x: Any) -> Any:
        seen.append(len(seen))
        w.grad = None
        loss = np.sum((w * x) ** 2)
        loss.backward()
        w.data -= 0.1 * w.grad
        return loss.item()

    compiled = jit(step)
    value = compiled(np.ones(3))
    assert seen == [0] and compiled.eager and value == 3.0
    np.testing.assert_allclose(w.data, 0.8)


def test_a_branch_by_a_parameter_is_a_look() -> None:
    w = Tensor(1.0)

    def f(x: Any) -> Any:
        return w * x if w > 0 else -5 * x

    compiled = jit(f)
    for value in (1.0, 2.0, 3.0, -1.0, -2.0, 1.0):
        w.data = value
        expected = value * 2 if value > 0 else -10.0
        np.testing.assert_allclose(_plain(compiled(np.array(2.0))), expected)
    assert compiled.eager


# --- what the function can see ------------------------------------------------------------------------------

scale = 2.0
table = {"shift": 1.0}


def test_globals_closures_and_attributes_that_change() -> None:
    global scale
    factor = [3.0]

    class Model:
        gain = 1.0

        def __init__(self) -> None:
            self.bias = 0.5

        def __call__(self, x: Any) -> Any:
            return np.sum(x * x) * scale * factor[0] * self.gain + self.bias + table["shift"]

    model = Model()
    compiled = jit(lambda x: model(x))

    def check(count: int = 3) -> None:
        for (x,) in points(count):
            np.testing.assert_allclose(compiled(x), model(x))

    check(4)
    scale = 5.0
    check()
    factor[0] = -1.0
    check()
    model.bias = 7.0
    check()
    table["shift"] = 0.0
    check()
    Model.gain = 4.0
    check()
    scale = 2.0
    table["shift"] = 1.0
    check()
    assert not compiled.eager


def test_a_captured_array_that_changes_in_place() -> None:
    for size in (4, 40_000):
        constant = RNG.normal(size=size)
        f = value_and_grad(lambda x: np.sum(np.tanh(x) * constant))
        compiled = jit(f)
        for i in range(6):
            x = RNG.normal(size=size)
            constant[i % 4] += 1.0
            (a, da), (b, db) = compiled(x), f(x)
            np.testing.assert_allclose(a, b)
            np.testing.assert_allclose(da, db)


def test_an_array_made_of_an_argument_outside_the_graph() -> None:
    def f(x: Any, labels: Any) -> Any:
        hot = np.eye(3)[labels]
        return np.sum(np.tanh(x) * hot)

    compiled, g = jit(value_and_grad(f)), value_and_grad(f)
    for _ in range(12):
        x, labels = RNG.normal(size=(5, 3)), RNG.integers(0, 3, 5)
        (a, da), (b, db) = compiled(x, labels), g(x, labels)
        np.testing.assert_allclose(a, b)
        np.testing.assert_allclose(da, db)


def test_numbers_made_of_whole_arguments() -> None:
    def f(x: Any, labels: Any) -> Any:
        count = int((labels == 0).sum())
        mask = labels > 1
        return np.sum(np.where(mask, x, x * x)) / (1 + count) + labels.sum() * np.sum(x)

    compiled, g = jit(value_and_grad(f)), value_and_grad(f)
    for _ in range(20):
        x, labels = RNG.normal(size=5), RNG.integers(0, 3, 5)
        (a, da), (b, db) = compiled(x, labels), g(x, labels)
        np.testing.assert_allclose(a, b)
        np.testing.assert_allclose(da, db)


def test_labels_of_a_classifier_may_change() -> None:
    w = Tensor(RNG.normal(size=(5, 3)))

    def step(x: Any, labels: Any) -> Any:
        w.grad = None
        loss = F.cross_entropy(x @ w, labels)
        loss.backward()
        return loss

    compiled = jit(step)
    for _ in range(8):
        x, labels = RNG.normal(size=(4, 5)), RNG.integers(0, 3, 4)
        value, g = _plain(compiled(x, labels)), w.grad.copy()
        np.testing.assert_allclose(value, _plain(step(x, labels)))
        np.testing.assert_allclose(g, w.grad)
    assert not compiled.reasons
    with pytest.raises(ValueError, match="none of the classes"):
        compiled(x, np.array([0, 1, 2, 3]))


def test_an_index_of_labels() -> None:
    w = Tensor(RNG.normal(size=(6, 3)))
    f = jit(lambda rows: np.sum(w[rows] ** 2))
    for _ in range(6):
        rows = RNG.integers(0, 6, 4)
        loss = f(rows)
        w.grad = None
        loss.backward()
        g = w.grad.copy()
        w.grad = None
        np.sum(w[rows] ** 2).backward()
        np.testing.assert_allclose(g, w.grad)
    assert not f.reasons


# --- chance -------------------------------------------------------------------------------------------------


def test_dropout_draws_anew() -> None:
    model, twin = nn.Dropout(0.5, rng=0), nn.Dropout(0.5, rng=0)
    compiled = jit(lambda x: model(x))
    for _ in range(6):
        np.testing.assert_allclose(_plain(compiled(np.ones(100))), _plain(twin(np.ones(100))))
    assert not compiled.reasons and "drawn" in compiled.source
    # A caller's own draws move the source as well.
    assert model.rng.random() == twin.rng.random()
    np.testing.assert_allclose(_plain(compiled(np.ones(100))), _plain(twin(np.ones(100))))


def test_training_with_dropout_is_training_with_dropout() -> None:
    def trainer(compile_it: bool) -> Any:
        source = np.random.default_rng(3)
        model = nn.Sequential(
            nn.Linear(4, 8, rng=0),
            nn.Dropout(0.3, rng=source),
            nn.ReLU(),
            nn.Dropout(0.3, rng=source),
            nn.Linear(8, 3, rng=1),
        )
        optimizer = optim.Adam(model.parameters(), lr=0.01)

        def step(x: Any, k: Any) -> Any:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), k)
            loss.backward()
            optimizer.step()
            return loss.data

        return (jit(step) if compile_it else step), model, source

    (compiled, model, source), (ordinary, twin, other) = trainer(True), trainer(False)
    for i in range(8):
        x, k = RNG.normal(size=(5, 4)), RNG.integers(0, 3, 5)
        if i == 5:  # a shape of its own: recorded in between
            x, k = x[:3], k[:3]
        np.testing.assert_allclose(compiled(x, k), ordinary(x, k), rtol=1e-9)
        assert source.bit_generator.state == other.bit_generator.state
    for p, q in zip(model.parameters(), twin.parameters()):
        np.testing.assert_allclose(p.data, q.data, rtol=1e-9)
    assert not compiled.reasons


def test_the_gradient_through_dropout_is_that_of_its_own_draw() -> None:
    w, source = Tensor(np.ones(50)), np.random.default_rng(5)
    f = jit(lambda x: np.sum(F.dropout(w * x, 0.5, rng=source)))
    for _ in range(3):
        f(np.ones(50))
    first, second = f(np.ones(50)), f(np.full(50, 2.0))
    state = source.bit_generator.state
    first.backward()  # by another run: the memory is the second's
    assert source.bit_generator.state == state
    np.testing.assert_allclose(np.sum(w.grad), first.data)
    w.grad = None
    second.backward()
    np.testing.assert_allclose(np.sum(w.grad), second.data)


def test_a_call_that_is_not_replayed_draws_as_it_would_have() -> None:
    def make() -> Any:
        source = np.random.default_rng(7)
        return lambda x, k: np.sum(F.dropout(x, 0.5, rng=source)) * (2.0 if k.max() > 5 else 1.0)

    few, many = np.array([1, 2]), np.array([1, 9])
    same_as_eager(make(), [(np.ones(20), k) for k in (few, few, few, many, many, many, few, few)], make())


def test_dropout_beside_other_draws_is_ordinary() -> None:
    def make() -> Any:
        source = np.random.default_rng(7)
        return lambda x: np.sum(F.dropout(x, 0.5, rng=source)) * source.normal()

    assert same_as_eager(make(), points(5), make()).eager


@pytest.mark.parametrize("draw", [
    lambda: np.random.normal(), lambda: random.random(), lambda: np.random.default_rng().normal(),
    lambda: GENERATOR.normal(),
])  # fmt: skip
def test_other_chance(draw: Any) -> None:
    compiled = jit(lambda x: np.sum(x) * draw())
    values = {float(compiled(np.ones(3))) for _ in range(6)}
    assert len(values) == 6 and compiled.eager


def test_iterators_are_not_replayed() -> None:
    batches = iter(range(100))
    compiled = jit(lambda x: np.sum(x) * next(batches))
    assert [compiled(np.ones(1)) for _ in range(5)] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert "iterator" in compiled.reasons[0]


def test_variables_that_the_function_changes() -> None:
    history: list[Any] = []
    count = 0

    def f(x: Any) -> Any:
        nonlocal count
        count += 1
        history.append("called")
        return np.sum(x) * count

    compiled = jit(f)
    assert [compiled(np.ones(1)) for _ in range(5)] == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert len(history) == 5 and compiled.eager


def test_running_statistics_of_batch_norm() -> None:
    a, b = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
    compiled = jit(lambda x: a(x))
    for _ in range(5):
        x = RNG.normal(size=(8, 3))
        np.testing.assert_allclose(_plain(compiled(x)), _plain(b(x)))
        np.testing.assert_allclose(a.running_mean, b.running_mean)
    a.eval(), b.eval()
    np.testing.assert_allclose(_plain(compiled(x)), _plain(b(x)))


def test_training_and_evaluation_are_told_apart() -> None:
    layer = nn.Sequential(nn.Linear(3, 3, rng=0), nn.Dropout(0.5, rng=0)).eval()
    compiled = jit(lambda x: layer(x))
    x = RNG.normal(size=(2, 3))
    for _ in range(4):
        np.testing.assert_allclose(_plain(compiled(x)), _plain(layer(x)))
    assert not compiled.reasons
    layer.train()
    assert any(np.any(_plain(compiled(x)) == 0) for _ in range(3))


# --- modes, threads, errors ---------------------------------------------------------------------------------


def test_modes() -> None:
    w = Tensor(np.ones(3))
    compiled = jit(lambda x: np.sum(np.log(w * x)))
    for _ in range(3):
        compiled(np.ones(3))
    with no_grad():
        assert compiled(np.ones(3)).inputs == ()
    with autograd.detect_anomaly(), pytest.raises(autograd.AnomalyError):
        compiled(np.zeros(3))
    assert compiled(np.ones(3)).inputs and not compiled.eager
    inside = jit(lambda x: _without(x, w))
    for _ in range(4):
        assert inside(np.ones(3)).inputs == ()
    assert inside.eager


def _without(x: Any, w: Any) -> Any:
    with no_grad():
        return np.sum(w * x)


def test_threads() -> None:
    f = value_and_grad(lambda x: np.sum(np.tanh(x @ x.T) ** 2))
    compiled = jit(f)
    inputs = [RNG.normal(size=(20, 20)) for _ in range(4)]
    for _ in range(3):
        compiled(inputs[0])
    wrong: list[Any] = []

    def work(x: Any) -> None:
        value, g = f(x)
        for _ in range(50):
            v, h = compiled(x)
            if not (np.allclose(v, value) and np.allclose(g, h)):
                wrong.append(x)

    threads = [threading.Thread(target=work, args=(x,)) for x in inputs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_an_error_in_mid_call_leaves_everything_usable() -> None:
    w = Tensor(np.eye(2))

    def step(x: Any) -> Any:
        w.grad = None
        loss = np.sum(np.linalg.inv(w * x) ** 2)
        loss.backward()
        w.data -= 0.01 * w.grad
        return loss

    compiled = jit(step)
    good = np.array([[2.0, 1.0], [0.5, 3.0]])
    for _ in range(3):
        compiled(good)
    before = w.data.copy()
    with pytest.raises(np.linalg.LinAlgError):
        compiled(np.zeros((2, 2)))
    np.testing.assert_array_equal(w.data, before)
    loss = compiled(good)
    after = w.data.copy()
    w.data = before
    np.testing.assert_allclose(_plain(step(good)), _plain(loss))
    np.testing.assert_allclose(w.data, after)


def test_an_error_while_recording() -> None:
    def f(x: Any) -> Any:
        if x.shape[0] > 3:
            raise KeyError("too long")
        return np.sum(x)

    compiled = jit(f)
    with pytest.raises(KeyError, match="too long"):
        compiled(np.ones(4))
    assert compiled(np.ones(2)) == 2.0


def test_an_error_of_the_function_itself_is_no_reason_against_recording() -> None:
    weight = Tensor(RNG.normal(size=(10, 3)))

    def f(numbers: Any) -> Any:
        return np.sum(F.embedding(numbers, weight) ** 2)

    compiled = jit(f)
    for i in range(12):
        numbers = np.random.default_rng(i).integers(0, 10, 5)
        if i in (0, 6):
            with pytest.raises(ValueError, match="from 0 to 9"):
                compiled(numbers + 10)
        (result, expected), gradients = (compiled(numbers), f(numbers)), []
        for y in (result, expected):
            weight.grad = None
            y.backward()
            gradients.append(weight.grad)
        np.testing.assert_allclose(result.data, expected.data)
        np.testing.assert_allclose(*gradients)
    assert not compiled.eager and len(compiled.reasons) == 1


# --- what is handed out and handed in -----------------------------------------------------------------------


def test_results_that_the_caller_keeps() -> None:
    f = value_and_grad(lambda x: np.sum(np.exp(x) * x))
    compiled = jit(f)
    kept = []
    for _ in range(8):
        x = RNG.normal(size=50)
        value, g = compiled(x)
        kept.append((f(x)[1], g, g[:3], g[:3].copy()))
        if len(kept) % 2:
            g *= 1.0  # the caller's own
    for expected, g, part, as_it_was in kept:
        np.testing.assert_allclose(g, expected)
        np.testing.assert_array_equal(part, as_it_was)


def test_gradients_that_the_caller_keeps() -> None:
    w = Tensor(np.ones(3))

    def step(x: Any) -> Any:
        w.grad = None
        loss = np.sum((w * x) ** 2)
        loss.backward()
        return loss

    compiled = jit(step)
    kept = []
    for i in range(6):
        compiled(np.full(3, float(i)))
        kept.append(w.grad)
    for i, g in enumerate(kept):
        np.testing.assert_allclose(g, 2.0 * i * i)


def test_shapes_dtypes_and_settings_have_recordings_of_their_own() -> None:
    f = value_and_grad(lambda x, power=2: np.sum(np.tanh(x) ** power))
    compiled = jit(f)
    for _ in range(3):
        for x in (
            RNG.normal(size=3),
            RNG.normal(size=(2, 3)),
            RNG.normal(size=3).astype("f4"),
            np.asfortranarray(RNG.normal(size=(3, 2))),
        ):
            for power in (2, 3):
                (a, da), (b, db) = compiled(x, power), f(x, power)
                np.testing.assert_allclose(a, b, rtol=1e-6)
                np.testing.assert_allclose(da, db, rtol=1e-6)
                assert da.dtype == db.dtype
    assert not compiled.reasons


def test_an_argument_written_to_between_calls_and_before_backward() -> None:
    w = Tensor(np.ones(3))
    compiled = jit(lambda x: np.sum(w * np.tanh(w * x)))
    x = RNG.normal(size=3)
    for i in range(5):
        x[0] = i
        loss = compiled(x)
        kept = x.copy()
        x[:] = 100.0
        w.grad = None
        loss.backward()
        g, w.grad = w.grad, None
        np.sum(w * np.tanh(w * kept)).backward()
        np.testing.assert_allclose(g, w.grad)
        x[:] = kept


def test_gradients_add_up_as_they_do_without() -> None:
    w, v = Tensor(np.ones(3)), Tensor(np.ones(3))

    def step(p: Any, x: Any) -> Any:
        loss = np.sum((p * x) ** 2)
        loss.backward()
        return loss

    compiled = jit(lambda x: step(w, x))
    for i in range(6):
        x = RNG.normal(size=3)
        compiled(x)
        step(v, x)
        np.testing.assert_allclose(w.grad, v.grad)
        if i % 2:
            w.grad = v.grad = None


def test_parameters_changed_outside_and_replaced() -> None:
    layer = nn.Linear(3, 2, rng=0)
    compiled = jit(lambda x: layer(x))
    for i in range(8):
        x = RNG.normal(size=(4, 3))
        np.testing.assert_allclose(_plain(compiled(x)), _plain(layer(x)))
        if i == 3:
            layer.weight.data = RNG.normal(size=(2, 3))
        if i == 4:
            layer.weight.data *= 2
        if i == 5:
            layer.weight = Tensor(RNG.normal(size=(2, 3)))
        if i == 6:
            layer.load_state_dict(nn.Linear(3, 2, rng=1).state_dict())


def test_a_parameter_used_again_after_its_update() -> None:
    def twin(w: Any) -> Any:
        def step(x: Any) -> Any:
            for _ in range(2):
                w.grad = None
                loss = np.sum((w * x - 1) ** 2)
                loss.backward()
                w.data -= 0.1 * w.grad
            return loss

        return step

    a, b = Tensor(np.ones(3)), Tensor(np.ones(3))
    compiled, plain = jit(twin(a)), twin(b)
    for _ in range(5):
        x = RNG.normal(size=3)
        np.testing.assert_allclose(_plain(compiled(x)), _plain(plain(x)))
        np.testing.assert_allclose(a.data, b.data)


def test_values_and_complex_arrays_are_not_recorded() -> None:
    compiled = jit(lambda x: x * x)
    assert compiled(autograd.Value(3.0)).data == 9.0 and compiled.eager
    compiled = jit(lambda x: np.sum(np.abs(x)))
    assert compiled(np.array([3 + 4j])) == 5.0


def test_writing_into_an_argument_is_noticed() -> None:
    def f(x: Any) -> Any:
        x += 1.0
        return np.sum(x)

    compiled = jit(f)
    compiled(np.ones(2))
    for _ in range(3):
        x = np.ones(2)
        assert compiled(x) == 4.0
        assert x[0] == 2.0
    assert "writes into" in compiled.reasons[0]


def test_methods_are_refused() -> None:
    class Model:
        @jit
        def step(self, x: Any) -> Any:
            return x

    with pytest.raises(TypeError, match="bound"):
        Model().step(1.0)
    with pytest.raises(TypeError, match="takes a function"):
        jit(3.0)


def _step(net: Any, optimizer: Any) -> Any:
    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def test_optimisers_in_turn() -> None:
    for make in (
        lambda p: optim.SGD(p, lr=0.1),
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1),
        lambda p: optim.SGD(p, lr=0.1, weight_decay=0.1),
        lambda p: optim.Adam(p, lr=0.1),
    ):
        nets = [nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1)) for _ in range(2)]
        optimizers = [make(net.parameters()) for net in nets]

        plain, compiled = _step(nets[0], optimizers[0]), jit(_step(nets[1], optimizers[1]))
        for i in range(8):
            x, y = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 1))
            np.testing.assert_allclose(_plain(compiled(x, y)), _plain(plain(x, y)))
            for p, q in zip(nets[0].parameters(), nets[1].parameters()):
                np.testing.assert_allclose(p.data, q.data)
                np.testing.assert_allclose(p.grad, q.grad)
            if i == 4:
                for optimizer in optimizers:
                    optimizer.param_groups[0]["lr"] = 0.01
        assert not compiled.reasons


def test_settings_of_optimisers_that_the_program_reads() -> None:
    w = Tensor(np.ones(2))
    optimizer = optim.SGD([w], lr=0.5)

    def step(x: Any) -> Any:
        optimizer.zero_grad()
        loss = np.sum((w * x) ** 2) * optimizer.param_groups[0]["lr"]
        loss.backward()
        return loss

    compiled = jit(step)
    for i in range(6):
        optimizer.param_groups[0]["lr"] = 0.5 if i < 4 else 0.25
        np.testing.assert_allclose(_plain(compiled(np.ones(2))), 2 * optimizer.param_groups[0]["lr"])
        np.testing.assert_allclose(w.grad, 2 * optimizer.param_groups[0]["lr"])


def test_an_optimiser_with_a_step_of_its_own() -> None:
    a, b = Tensor(np.ones(2)), Tensor(np.ones(2))
    steps = []
    for w in (a, b):
        optimizer = optim.LBFGS([w])

        def step(x: Any, w: Any = w, optimizer: Any = optimizer) -> Any:
            def closure() -> Any:
                optimizer.zero_grad()
                loss = np.sum((w * x - 3) ** 4)
                loss.backward()
                return loss

            return optimizer.step(closure)

        steps.append(step)
    compiled = jit(steps[0])
    for _ in range(3):
        np.testing.assert_allclose(_plain(compiled(np.ones(2))), _plain(steps[1](np.ones(2))))
        np.testing.assert_allclose(a.data, b.data)
    assert compiled.eager


def test_gradients_of_an_earlier_call_in_the_program() -> None:
    def twin(w: Any) -> Any:
        def step(x: Any) -> Any:
            before = w.grad
            w.grad = None
            loss = np.sum((w * x) ** 2)
            loss.backward()
            if before is not None:
                w.data -= 0.1 * (w.grad + 0.5 * before)
            return loss

        return step

    a, b = Tensor(np.ones(3)), Tensor(np.ones(3))
    compiled, plain = jit(twin(a)), twin(b)
    for _ in range(7):
        x = RNG.normal(size=3)
        np.testing.assert_allclose(_plain(compiled(x)), _plain(plain(x)))
        np.testing.assert_allclose(a.data, b.data)


@pytest.mark.parametrize("read", [
    lambda p, x: np.sum(p * x * p.grad),
    lambda p, x: np.sum(p * x) * p.grad.sum(),
    lambda p, x: np.sum(p * x) + float(p.grad[0]),
    lambda p, x: np.sum(np.where(p.grad > 1, p, x)),
    lambda p, x: _halved(p) or np.sum(p * x),
])  # fmt: skip
def test_numbers_of_a_gradient_that_was_there_before_the_call(read: Any) -> None:
    p, twin = Tensor(np.ones(3)), Tensor(np.ones(3))
    p.grad, twin.grad = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0])
    compiled = jit(lambda x: read(p, x))
    for i in range(6):
        if i == 4:
            p.grad, twin.grad = np.array([5.0, 0.5, 0.25]), np.array([5.0, 0.5, 0.25])
        x = RNG.normal(size=3)
        np.testing.assert_allclose(compiled(x).data, read(twin, x).data, rtol=1e-12)
        np.testing.assert_array_equal(p.grad, twin.grad)
    assert compiled.reasons == ["a gradient of an earlier call in the program"]


def _halved(p: Any) -> None:
    p.grad *= 0.5


def test_a_gradient_of_a_value_that_was_there_before_the_call() -> None:
    v, w = Value(2.0), Tensor(np.ones(3))
    v.grad = 3.0
    compiled = jit(lambda x: np.sum(w * x) * v.grad)
    for i in range(5):
        v.grad = 3.0 if i < 4 else 7.0
        assert compiled(np.ones(3)).item() == 3 * v.grad
    assert compiled.reasons == ["a gradient of an earlier call in the program"]


def test_branches_by_the_kind_of_an_argument() -> None:
    compiled = jit(lambda x: np.sum(x) * (2 if isinstance(x, np.ndarray) else 5))
    assert [compiled(np.ones(2)) for _ in range(4)] == [4.0] * 4


def test_second_derivatives_go_through() -> None:
    compiled = jit(lambda x: np.sum(np.tanh(x) ** 3))
    plain = lambda x: np.sum(np.tanh(x) ** 3)
    for _ in range(4):
        x = RNG.normal(size=3)
        np.testing.assert_allclose(grad(compiled)(x), grad(plain)(x))
        np.testing.assert_allclose(autograd.hessian(compiled)(x), autograd.hessian(plain)(x))
        np.testing.assert_allclose(jit(autograd.hessian(plain))(x), autograd.hessian(plain)(x))
    twice = jit(grad(lambda x: np.sum(grad(plain)(x) ** 2)))
    for _ in range(4):
        x = RNG.normal(size=3)
        np.testing.assert_allclose(twice(x), grad(lambda x: np.sum(grad(plain)(x) ** 2))(x))


# --- what is made of whole numbers ------------------------------------------------------------------------------


LABELS = [np.array(x) for x in ([0, 1, 2, 1, 0], [0, 1, 2, 1, 0], [0, 1, 2, 1, 0], [0, 1, 0, 1, 0], [4, 3, 2, 1, 0])]


@pytest.mark.parametrize("f", [
    lambda x, k: np.sum(x) * len(np.unique(k)),
    lambda x, k: np.sum(x) / np.bincount(k).size,
    lambda x, k: np.mean(x[np.flatnonzero(k)]),
    lambda x, k: np.sum(x[:1] + k[k > 1]),
    lambda x, k: sum(np.sum(x[k == one]) ** 2 for one in np.unique(k)),
    lambda x, k: np.sum(x) * len(set(k)),
    lambda x, k: np.sum(x) * {0: 3.0, 4: 5.0}.get(k[0], 7.0),
    lambda x, k: np.sum(x) * float(str(k[0])),
    lambda x, k: np.sum(x) * (2 if isinstance(k, np.ndarray) else 3),
    lambda x, k: np.sum(x) * (2 if isinstance(x, np.ndarray) else 3),
    lambda x, k: np.sum(autograd.at(x)[k].set(0.0) ** 2),
    lambda x, k: np.sum(autograd.at(x)[k].add(1.0) ** 2),
    lambda x, k: np.sum(autograd.at(x)[k > 0].set(7.0) ** 2),
])  # fmt: skip
def test_shapes_and_places_that_depend_on_whole_numbers(f: Any) -> None:
    x = RNG.normal(size=5)
    same_as_eager(f, [(x, labels) for labels in LABELS])


@pytest.mark.parametrize("f", [
    lambda x, k: np.sum(x[k > 0]),
    lambda x, k: x.reshape(5, 1)[k[0], 0],
    lambda x, k: sum(x[i] for i in k),
    lambda x, k: np.sum(x[np.digitize(k, [1, 2, 3])]),
])  # fmt: skip
def test_the_gradient_of_what_whole_numbers_choose(f: Any) -> None:
    x = RNG.normal(size=5)
    same_as_eager(grad(f), [(x, labels) for labels in LABELS])


@pytest.mark.parametrize("f", [
    lambda x, p: np.sum(x) * (1 if np.isscalar(p) else 2),
    lambda x, p: np.sum(x) * (1 if isinstance(x, Tensor) else 2),
    lambda x, p: np.sum(x) * (1 if type(x).__name__ == "Tensor" else 2),
    lambda x, p: np.sum(x) * (1 if isinstance(p, float) else 2),
])  # fmt: skip
def test_a_program_that_asks_for_types_is_ordinary_from_the_first_call_on(f: Any) -> None:
    assert same_as_eager(f, [(x, 2.0) for (x,) in points(4)]).eager


# --- what is seen where it hides --------------------------------------------------------------------------------


@pytest.mark.parametrize("hide, put", [
    (lambda: array("d", [1.0]), lambda held, value: held.__setitem__(0, value)),
    (lambda: bytearray(b"a"), lambda held, value: held.__setitem__(0, int(value))),
    (lambda: ContextVar("value"), lambda held, value: held.set(value)),
    (lambda: os.environ, lambda held, value: held.__setitem__("GRADGRAPH_TEST", str(value))),
])  # fmt: skip
def test_what_cannot_be_watched_is_never_replayed(hide: Any, put: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADGRAPH_TEST", "")
    held = hide()

    def value() -> Any:
        if isinstance(held, ContextVar):
            return held.get()
        return 1.0 * held[0] if held is not os.environ else float(os.environ["GRADGRAPH_TEST"])

    compiled = jit(lambda x: np.sum(x * value()))
    for i in range(6):
        put(held, float(i // 3 + 1))
        assert float(compiled(np.ones(2))) == 2.0 * (i // 3 + 1)


def test_a_parameter_leaves_its_optimiser() -> None:
    w, b = Tensor(np.ones(3)), Tensor(0.0)
    optimizer = optim.SGD([w, b], lr=0.1)

    @jit
    def step(x: Any) -> None:
        optimizer.zero_grad()
        np.sum((x * w + b) ** 2).backward()
        optimizer.step()

    for _ in range(4):
        step(np.full(3, 0.1))
    optimizer.param_groups[0]["params"].remove(b)
    frozen = float(b.data)
    step(np.ones(3))
    assert float(b.data) == frozen


def test_momentum_that_is_switched_on() -> None:
    def trained(jitted: bool) -> Any:
        w = Tensor(np.ones(3))
        optimizer = optim.SGD([w], lr=0.1)

        def step(x: Any) -> None:
            optimizer.zero_grad()
            np.sum((x * w) ** 2).backward()
            optimizer.step()

        step = jit(step) if jitted else step
        for i in range(8):
            if i == 4:
                optimizer.param_groups[0]["momentum"] = 0.9
            step(np.array([0.5, 0.1, 0.2]))
        return w.data

    np.testing.assert_allclose(trained(True), trained(False), rtol=1e-10)


def test_a_tensor_given_twice_has_its_gradient_once() -> None:
    f = jit(lambda t, u: np.sum(t**2 * u))
    for _ in range(5):
        t = Tensor([1.0, 2.0])
        f(t, t).backward()
        np.testing.assert_allclose(t.grad, [3.0, 12.0])


def test_state_written_by_the_first_call_holds_numbers() -> None:
    w, velocity = Tensor(np.ones(2)), {"w": np.zeros(2)}

    @jit
    def step(x: Any) -> None:
        w.grad = None
        np.sum((x * w) ** 2).backward()
        velocity["w"] = 0.9 * velocity["w"] + w.grad

    step(np.ones(2))
    assert type(velocity["w"]) is np.ndarray
    step(np.ones(2))
    np.testing.assert_allclose(velocity["w"], 3.8)


def test_a_global_jit_that_is_named_like_a_method_is_replayed() -> None:
    """The code of ``step`` mentions the name ``step``, by ``optimizer.step()``: it can see itself."""
    space: dict[str, Any] = {"np": np, "w": Tensor(np.ones(2)), "jit": jit}
    space["optimizer"] = optim.SGD([space["w"]], lr=0.1)
    lines = [
        "@jit",
        "def step(x):",
        "    optimizer.zero_grad()",
        "    np.sum((w * x) ** 2).backward()",
        "    optimizer.step()",
    ]
    exec("\n".join(lines), space)
    for _ in range(4):
        space["step"](np.ones(2))
    assert space["step"].reasons == [] and space["step"].source
    np.testing.assert_allclose(space["w"].data, 0.8**4)


def test_one_array_given_twice_is_another_call_than_two_arrays() -> None:
    compiled = jit(lambda a, b: np.sum(a * b) if a is b else np.sum(a + b))
    x, y = np.array([2.0, 5.0]), np.array([3.0, 7.0])
    for _ in range(4):
        assert compiled(x, y) == 17.0
    for _ in range(4):
        assert compiled(x, x) == 29.0


def _into(labels: Any, write: Any) -> Any:
    taken = np.empty(len(labels), int)
    write(labels, taken)
    return taken


@pytest.mark.parametrize("read", [
    lambda k: _into(k, lambda k, taken: np.cumsum(k, out=taken)),
    lambda k: _into(k, lambda k, taken: k.cumsum(out=taken)),
    lambda k: _into(k, lambda k, taken: k.clip(0, 2, taken)),
    lambda k: copy.deepcopy(k),
    lambda k: pickle.loads(pickle.dumps(k)),
    lambda k: getattr(k, "array", k),  # as whatever else may lead to the numbers unseen
])  # fmt: skip
def test_whole_numbers_that_are_the_same_in_the_first_calls(read: Any) -> None:
    w = Tensor(np.arange(1.0, 6.0))
    same, other = np.array([0, 1, 2, 3, 4]), np.array([4, 1, 0, 2, 2])
    same_as_eager(lambda k: np.sum(w * read(k)), [(same,), (same,), (same,), (other,), (same,), (other,)])


def test_each_array_of_whole_numbers_is_compared_when_it_differs_first() -> None:
    w, same = Tensor(np.arange(1.0, 6.0)), np.array([0, 1, 2, 3, 4])
    same_as_eager(
        lambda j, k: np.sum(w * j * getattr(k, "array", k)),
        [(same, same.copy()), (same, same.copy()), (same + 1, same), (same + 2, same), (same, same + 1)],
    )


def test_a_gradient_that_changes_hands_is_not_written_over() -> None:
    # As many references as before, but another holder.
    w = Tensor(np.ones(3))

    @jit
    def step(x: Any) -> Any:
        w.grad = None
        loss = np.sum(w * x)
        loss.backward()
        return loss

    for i in range(4):
        step(np.full(3, float(i)))
    kept, w.grad = w.grad, None
    step(np.full(3, 7.0))
    step(np.full(3, 8.0))
    assert np.array_equal(kept, np.full(3, 3.0)) and np.array_equal(w.grad, np.full(3, 8.0))
    part = w.grad[:1]
    step(np.full(3, 9.0))
    assert np.array_equal(part, [8.0]) and np.array_equal(w.grad, np.full(3, 9.0))


def test_a_result_keeps_its_gradient_when_the_next_call_does_not_fit() -> None:
    w = Tensor(np.ones(3))

    @jit
    def f(x: Any, k: Any) -> Any:
        return np.sum(w * x * x) * (2.0 if k.max() > 5 else 1.0)

    for i in range(3):
        f(np.arange(3.0) + i, np.array([1, 2]))
    y = f(np.array([1.0, 2.0, 3.0]), np.array([1, 2]))
    f(np.full(3, 7.0), np.array([1, 9]))  # is recorded anew
    y.backward()
    np.testing.assert_allclose(w.grad, [1.0, 4.0, 9.0])


@pytest.mark.parametrize("optimiser", [optim.SGD, optim.Adam])
def test_a_schedule_beside_a_step_that_is_replayed(optimiser: Any) -> None:
    def trainer(compile_it: bool) -> Any:
        model = nn.Linear(3, 2, rng=0)
        optimizer = optimiser(model.parameters(), lr=0.1)

        def step(x: Any) -> Any:
            optimizer.zero_grad()
            loss = np.sum(model(x) ** 2)
            loss.backward()
            optimizer.step()
            return loss.data

        return jit(step) if compile_it else step, optim.StepLR(optimizer, 2, 0.5)

    (compiled, schedule), (ordinary, other) = trainer(True), trainer(False)
    for _ in range(8):
        x = RNG.normal(size=(4, 3))
        np.testing.assert_allclose(compiled(x), ordinary(x), rtol=1e-10)
        schedule.step()
        other.step()
    assert not compiled.reasons


def test_values_at_many_points_are_not_dropped_out_once_for_all() -> None:
    source, w = np.random.default_rng(0), Value(2.0)
    drawn = jit(lambda x: w * x * float(F.dropout(np.ones(1), 0.5, rng=source)[0]))
    found = drawn.batch(np.ones(40))
    assert len(set(np.asarray(found.data).tolist())) == 2


@pytest.mark.parametrize("second_call", [False, True])
def test_what_the_function_sees_changes_before_the_backward_pass(second_call: bool) -> None:
    factor, held = np.array([2.0]), {"scale": 2.0}

    def change_factor() -> None:
        factor[0] = 5.0

    for change in (change_factor, lambda: held.update(scale=3.0)):
        factor[0], held["scale"] = 2.0, 2.0
        compiled = jit(lambda x: np.sum(x * x * factor) * held["scale"])
        x = Tensor([1.0, 2.0])
        y = [compiled(x) for _ in range(3)][-1]
        if second_call:
            compiled(x)  # writes over what the former has left in memory
        change()
        if second_call:
            with pytest.raises(autograd.ChangedDataError, match="was changed after"):
                y.backward()
        else:
            y.backward()
            np.testing.assert_array_equal(x.grad, [8.0, 16.0])


class Remembering(optim.Optimizer):
    """Plain descent that keeps the latest gradient, and what it had in common with the one before."""

    def __init__(self, params: Any) -> None:
        super().__init__(params, {"lr": 1e-3})
        self.latest: Any = None
        self.products: list[float] = []

    def _state(self, options: Any) -> Any:
        return {}

    def _update(self, p: Any, g: Any, t: int, options: Any) -> None:
        if self.latest is not None:
            self.products.append(float(self.latest @ g))
        self.latest = g
        p -= options["lr"] * g


def test_an_optimiser_that_keeps_a_gradient() -> None:
    def products(compiler: Any) -> list[float]:
        w = Tensor(np.linspace(0.0, 1.0, 9000))  # too many to be joined: the optimiser gets the gradient itself
        optimiser = Remembering([w])

        def step(x: Any) -> Any:
            optimiser.zero_grad()
            loss = np.sum(w * w * x)
            loss.backward()
            optimiser.step()
            return loss

        compiled = compiler(step)
        for k in range(7):
            compiled(np.full(9000, 1.0 + k))
        return optimiser.products

    np.testing.assert_allclose(products(jit), products(lambda f: f), rtol=1e-12)


def test_gradients_that_the_function_only_forgets_are_forgotten_at_every_call() -> None:
    w, other = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])

    @jit
    def step(x: Any) -> Any:
        w.grad = other.grad = None
        loss = np.sum(x * w * w)
        loss.backward()
        return loss

    for k in range(6):
        other.grad = np.array([7.0, 7.0]) if k > 2 else None  # of another loss
        step(np.array([1.0, k]))
        assert other.grad is None
        np.testing.assert_array_equal(w.grad, [2.0, 4.0 * k])
    assert not step.eager


def test_every_tensor_that_is_an_argument_gets_its_own_gradient() -> None:
    w, factor = Tensor([1.0, 2.0]), np.array([5.0, 6.0])

    def step(x: Any) -> Any:
        w.grad = None
        loss = np.sum(x * w * factor)
        loss.backward()
        return loss

    for f in (jit(step), jit(lambda x: (np.sum(x) * 2.0).backward())):
        given = [Tensor([1.0, float(k)]) for k in range(6)]
        for x in given:
            f(x)
        expected = [5.0, 12.0] if f.__name__ == "step" else [2.0, 2.0]
        for x in given:
            np.testing.assert_array_equal(x.grad, expected)


@pytest.mark.parametrize("argument", [np.array(2.0), 2.0, np.ones(3)])
def test_what_a_replay_returns_is_of_the_type_that_the_call_returns(argument: Any) -> None:
    functions = [
        value_and_grad(lambda x: np.sum(x * x)),
        lambda x: +x,
        lambda x: (+x, x, 2.0 * x),
        grad(lambda x: np.sum(np.sin(x))),
    ]
    for f in functions:
        compiled = jit(f)
        for _ in range(4):
            found, expected = compiled(argument), f(argument)
            parts = zip(found, expected) if isinstance(expected, tuple) else [(found, expected)]
            for a, b in parts:
                assert type(a) is type(b) and np.shape(a) == np.shape(b)
                assert (a is argument) == (b is argument)
                np.testing.assert_array_equal(a, b)
        assert not compiled.eager


def test_a_copy_of_an_argument_is_a_new_one_at_each_call() -> None:
    x = np.ones(3)
    compiled = jit(lambda x: +x)
    kept = [compiled(x) for _ in range(4)]
    kept[-1][:] = 5.0
    assert all(k is not x for k in kept) and compiled.reasons == []
    np.testing.assert_array_equal(compiled(x), np.ones(3))
    np.testing.assert_array_equal(kept[0], np.ones(3))


def test_probabilities_are_checked_at_each_replay() -> None:
    w = Tensor(np.ones(4))
    compiled = jit(lambda p, t: F.binary_cross_entropy(p * w, t))
    t = np.array([0.0, 1.0, 1.0, 0.0])
    for _ in range(4):
        p = RNG.uniform(size=4)
        y, twin = compiled(p, t), F.binary_cross_entropy(Tensor(p) * w, t)
        np.testing.assert_allclose(y.data, twin.data, rtol=1e-12)
    assert compiled.reasons == []
    with pytest.raises(ValueError, match="probabilities from 0 to 1"):
        compiled(np.full(4, 1.5), t)


@pytest.mark.parametrize("f", [
    lambda t, x, kept: np.sum(t * x * kept) / kept.sum(),
    lambda t, x, kept: np.sum(t * x) / np.sum(kept),
    lambda t, x, kept: np.sum(t * x) * kept.astype(int).max(),
])  # fmt: skip
def test_sums_of_a_mask_are_numbers_of_the_program(f: Any) -> None:
    t = Tensor(np.ones(8))
    compiled = jit(lambda x, kept: f(t, x, kept))
    for i in range(14):
        x, kept = RNG.normal(size=8), np.arange(8) < 3 + i % 5
        np.testing.assert_allclose(compiled(x, kept).data, f(t, x, kept).data, rtol=1e-12)
    assert compiled.reasons == []
