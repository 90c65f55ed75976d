"""What modules write to while they train: running statistics under jit are those of ordinary calls, to the last bit."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, grad, jit, nn, no_grad, optim, stop_gradient, value_and_grad
from autograd.nn import functional as F

RNG = np.random.default_rng(0)


class Twice(nn.Module):
    """One layer of normalisation at two places."""

    def __init__(self) -> None:
        self.linear, self.norm, self.out = nn.Linear(4, 6, rng=0), nn.BatchNorm1d(6), nn.Linear(6, 3, rng=1)

    def forward(self, x: Any) -> Any:
        return self.out(self.norm(np.tanh(self.norm(self.linear(x)))))


def dense(**settings: Any) -> Any:
    linear = nn.Linear(4, 6, rng=0, dtype=settings.get("dtype", float))
    return nn.Sequential(linear, nn.BatchNorm1d(6, **settings), nn.ReLU(), nn.Linear(6, 3, rng=1))


def images() -> Any:
    convolution = nn.Conv2d(1, 2, 3, bias=False, rng=0)
    return nn.Sequential(convolution, nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3, rng=1))


def lines() -> Any:
    convolution = nn.Conv1d(1, 2, 3, bias=False, rng=0)
    return nn.Sequential(convolution, nn.BatchNorm1d(2), nn.Flatten(), nn.Linear(4, 3, rng=1))


def error(model: Any, x: Any, labels: Any) -> Any:
    return np.mean((model(x) - F.one_hot(labels, 3)) ** 2)


def by_sgd(model: Any) -> Any:
    optimizer = optim.SGD(model.parameters(), lr=0.1)

    def step(x: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        loss = error(model, x, labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


def by_adam(model: Any) -> Any:
    optimizer = optim.Adam(model.parameters(), lr=0.01)

    def step(x: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        loss = error(model, x, labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


def by_hand(model: Any) -> Any:
    parameters = model.parameters()

    def step(x: Any, labels: Any) -> Any:
        for p in parameters:
            p.grad = None
        loss = error(model, x, labels)
        loss.backward()
        for p in parameters:
            p.data -= 0.1 * p.grad
        return loss.data

    return step


def batch(shape: tuple[int, ...], dtype: Any = float) -> tuple[Any, Any]:
    return RNG.normal(size=shape).astype(dtype), RNG.integers(0, 3, shape[0])


def numbers(x: Any) -> Any:
    return np.array(x.data) if isinstance(x, Tensor) else x


def assert_same_state(a: Any, b: Any, exactly: bool = True) -> None:
    for (name, x), (_, y) in zip(a.named_buffers(), b.named_buffers()):
        assert x.dtype == y.dtype and (not exactly or x.tobytes() == y.tobytes()), name
        np.testing.assert_allclose(x, y, rtol=1e-12)
    for x, y in zip(a.parameters(), b.parameters()):
        np.testing.assert_allclose(x.data, y.data, rtol=1e-10 if x.dtype == float else 1e-5, atol=1e-12)


@pytest.mark.parametrize("make, shape", [
    (dense, (8, 4)), (images, (5, 1, 4, 4)), (lines, (5, 1, 4)), (Twice, (8, 4)), (lambda: dense(momentum=0.0), (8, 4)),
    (lambda: dense(momentum=1.0), (8, 4)), (lambda: dense(affine=False), (8, 4)),
    (lambda: dense(track_running_stats=False), (8, 4)), (lambda: dense(dtype=np.float32), (8, 4)),
])  # fmt: skip
@pytest.mark.parametrize("training", [by_sgd, by_adam, by_hand])
def test_steps_of_training(make: Any, shape: Any, training: Any) -> None:
    a, b = make(), make()
    compiled, ordinary = jit(training(a)), training(b)
    for _ in range(12):
        x, labels = batch(shape, a.parameters()[0].dtype)
        np.testing.assert_allclose(numbers(compiled(x, labels)), numbers(ordinary(x, labels)), rtol=1e-6)
        # To the last bit as long as what is normalised is so: gradients of convolutions are summed in another order.
        assert_same_state(a, b, exactly=len(shape) == 2)
    assert not compiled.reasons and compiled.source


def test_a_bias_that_normalisation_takes_away() -> None:
    """Its gradient is 0: what is computed for it is rounding alone."""
    a, b = (nn.Sequential(nn.Conv1d(1, 2, 3, rng=0), nn.BatchNorm1d(2), nn.Flatten(), nn.Linear(4, 3, rng=1))
            for _ in range(2))  # fmt: skip
    compiled, ordinary = jit(by_sgd(a)), by_sgd(b)
    for _ in range(8):
        x, labels = batch((5, 1, 4))
        np.testing.assert_allclose(numbers(compiled(x, labels)), numbers(ordinary(x, labels)), rtol=1e-9)
        assert_same_state(a, b, exactly=False)
    assert not compiled.reasons


def test_the_mean_over_all_batches_is_ordinary() -> None:
    a, b = dense(momentum=None), dense(momentum=None)
    compiled, ordinary = jit(by_sgd(a)), by_sgd(b)
    for _ in range(5):
        x, labels = batch((8, 4))
        compiled(x, labels), ordinary(x, labels)
        assert_same_state(a, b)
    assert compiled.eager and "num_batches_tracked" in compiled.reasons[0]


def test_derivatives_of_a_replay_move_nothing() -> None:
    a, b = dense(), dense()
    f = jit(lambda x: (a(x) ** 3).sum())
    g = lambda x: (b(x) ** 3).sum()  # noqa: E731
    for _ in range(4):
        x, _ = batch((8, 4))
        (u, du), (v, dv) = value_and_grad(f)(x), value_and_grad(g)(x)
        np.testing.assert_allclose(numbers(du), numbers(dv), rtol=1e-9)
        assert_same_state(a, b)
    u, v = f(x), g(x)
    for y in (u, v, u, v):  # the second time, the function is called again
        y.backward()
        assert_same_state(a, b)
    for p, q in zip(a.parameters(), b.parameters()):
        np.testing.assert_allclose(p.grad, q.grad, rtol=1e-9)
    twice = [numbers(grad(lambda x, h=h: (grad(h)(x) ** 2).sum())(x)) for h in (f, g)]
    np.testing.assert_allclose(*twice, rtol=1e-7)
    assert_same_state(a, b)
    assert not f.reasons


def test_values_and_gradients_inside() -> None:
    a, b = dense(), dense()
    f, g = jit(value_and_grad(lambda x: (a(x) ** 3).sum())), value_and_grad(lambda x: (b(x) ** 3).sum())
    for _ in range(5):
        x, _ = batch((8, 4))
        np.testing.assert_allclose(numbers(f(x)[1]), numbers(g(x)[1]), rtol=1e-9)
        assert_same_state(a, b)
    assert not f.reasons


def test_training_and_evaluation_by_turns_have_a_recording_each() -> None:
    a, b = dense(), dense()
    compiled, ordinary = jit(lambda x: a(x)), lambda x: b(x)
    recordings = []
    for turn in range(12):
        a.train(turn % 2 == 0), b.train(turn % 2 == 0)
        for _ in range(3):
            x, _ = batch((8, 4))
            np.testing.assert_allclose(numbers(compiled(x)), numbers(ordinary(x)), rtol=1e-9)
            assert_same_state(a, b)
        recordings.append(compiled._recordings and next(iter(compiled._recordings.values()))[0])
    assert not compiled.eager
    assert recordings[0] is recordings[2] is recordings[10]  # nothing that training reads has changed


def test_statistics_that_their_owner_changes() -> None:
    a, b = dense(), dense()
    compiled, ordinary = jit(by_sgd(a)), by_sgd(b)
    saved = a.state_dict()

    def in_place(model: Any) -> None:
        model._modules[1].running_mean[...] = 5.0
        model._modules[1].num_batches_tracked[...] = 40

    def replaced(model: Any) -> None:
        model._modules[1].running_var = np.full(6, 2.0)

    def loaded(model: Any) -> None:
        model.load_state_dict(saved)

    def slower(model: Any) -> None:
        model._modules[1].momentum = 0.01

    for change in (None, in_place, replaced, loaded, slower):
        for model in (a, b) if change else ():
            change(model)
        for _ in range(4):
            x, labels = batch((8, 4))
            compiled(x, labels), ordinary(x, labels)
            assert_same_state(a, b)
    assert not compiled.eager


def test_calls_without_recording_move_them_too() -> None:
    a, b = dense(), dense()
    compiled = jit(lambda x: a(x))
    for i in range(8):
        x, _ = batch((8, 4))
        if i % 3 == 2:
            with no_grad():
                compiled(x), b(x)
        else:
            compiled(x), b(x)
        assert_same_state(a, b)


def _by_name(model: Any) -> Any:
    return getattr(model._modules[1], "running_" + "mean")[0]


@pytest.mark.parametrize("look", [
    lambda model: model._modules[1].running_mean[0],
    lambda model: float(model._modules[1].running_mean.sum()),
    lambda model: np.mean(model._modules[1].running_var),
    lambda model: 2.0 if model._modules[1].num_batches_tracked > 3 else 1.0,
    lambda model: 1.0 * int(model._modules[1].num_batches_tracked),
    lambda model: model.state_dict()["1.running_mean"][0],
    lambda model: sum(x.sum() for x in model.buffers()),
    lambda model: copy.deepcopy(model)._modules[1].running_var[0],
    lambda model: copy.copy(model._modules[1].running_var)[0],
    lambda model: np.stack(model.buffers()[:2]).max(),
    _by_name,
    lambda model: vars(model._modules[1])["running_mean"][1],
    lambda model: float(f"{model._modules[1].num_batches_tracked}"),
    lambda model: model._modules[1].running_mean @ np.ones(6),
    lambda model: np.ones(6) @ model._modules[1].running_mean,
    lambda model: (Tensor(np.ones(6)) * model._modules[1].running_var).sum(),
    lambda model: float(model.eval()(np.ones((2, 4))).sum().data) + 0 * len(model.train().children()),
])  # fmt: skip
@pytest.mark.parametrize("before", [True, False])
def test_who_looks_at_them_is_ordinary(look: Any, before: bool) -> None:
    def following(model: Any) -> Any:
        def loss(x: Any) -> Any:
            factor = look(model) if before else 1.0
            h = (model(x) ** 3).sum()
            return h * (factor if before else look(model))

        return loss

    a, b = dense(), dense()
    compiled, ordinary = jit(following(a)), following(b)
    for _ in range(6):
        x, _ = batch((8, 4))
        np.testing.assert_allclose(numbers(compiled(x)), numbers(ordinary(x)), rtol=1e-9)
        assert_same_state(a, b)
    assert compiled.eager


@pytest.mark.parametrize("held", [
    lambda norm: norm.running_mean, lambda norm: norm.running_mean[:2], lambda norm: norm.running_mean.reshape(2, 3),
    lambda norm: [norm.running_mean], lambda norm: {"mean": norm.running_mean},
    lambda norm: memoryview(norm.running_mean), lambda norm: np.asarray(memoryview(norm.running_mean)),
])  # fmt: skip
def test_arrays_that_the_function_can_see_elsewhere(held: Any) -> None:
    def following(model: Any) -> Any:
        seen = held(model._modules[1])

        def loss(x: Any) -> Any:
            array = seen[0] if isinstance(seen, list) else seen["mean"] if isinstance(seen, dict) else seen
            factor = 1.0 if np.sum(array) > 0 else 2.0
            return (model(x) ** 3).sum() * factor * np.sum(array)

        return loss

    a, b = dense(), dense()
    compiled, ordinary = jit(following(a)), following(b)
    for _ in range(6):
        x, _ = batch((8, 4))
        np.testing.assert_allclose(numbers(compiled(x)), numbers(ordinary(x)), rtol=1e-9)
        assert_same_state(a, b)


def test_two_layers_with_one_array() -> None:
    def make() -> Any:
        model = nn.Sequential(nn.BatchNorm1d(4), nn.BatchNorm1d(4))
        model._modules[1].running_mean = model._modules[0].running_mean
        return model

    a, b = make(), make()
    compiled = jit(lambda x: a(x))
    for _ in range(5):
        x, _ = batch((8, 4))
        np.testing.assert_allclose(numbers(compiled(x)), numbers(b(x)), rtol=1e-9)
        assert_same_state(a, b)


def test_statistics_given_as_an_argument() -> None:
    a, b = dense(), dense()
    f = lambda model: lambda x, mean: (model(x) ** 3).sum() * mean[0]  # noqa: E731
    compiled, ordinary = jit(f(a)), f(b)
    for _ in range(6):
        x, _ = batch((8, 4))
        u = compiled(x, a._modules[1].running_mean)
        v = ordinary(x, b._modules[1].running_mean)
        np.testing.assert_allclose(numbers(u), numbers(v), rtol=1e-9)
        assert_same_state(a, b)


@pytest.mark.parametrize("given", [lambda mean: mean, lambda mean: mean[::-1], Tensor], ids=["array", "view", "Tensor"])
def test_statistics_given_as_an_argument_once_the_program_is_known(given: Any) -> None:
    """The function moves them before it uses what it was given."""
    a, b = dense(), dense()
    f = lambda model: lambda x, mean: (model(x) ** 3).sum() * mean[0]  # noqa: E731
    compiled, ordinary = jit(f(a)), f(b)
    for k in range(8):
        x, _ = batch((8, 4))
        means = [given(model._modules[1].running_mean if k % 4 == 3 else np.arange(6.0)) for model in (a, b)]
        np.testing.assert_allclose(numbers(compiled(x, means[0])), numbers(ordinary(x, means[1])), rtol=1e-9)
        assert_same_state(a, b)


def test_returned_statistics() -> None:
    a, b = dense(), dense()
    compiled = jit(lambda x: (a(x), a._modules[1].running_mean))
    for _ in range(4):
        x, _ = batch((8, 4))
        (u, mean), v = compiled(x), b(x)
        np.testing.assert_allclose(numbers(u), numbers(v), rtol=1e-9)
        assert mean is a._modules[1].running_mean
        assert_same_state(a, b)


def test_arrays_of_the_users_own_are_ordinary() -> None:
    arrays = [(np.zeros(4), np.ones(4)) for _ in range(2)]
    f = lambda mean, var: lambda x: (F.batch_norm(x, mean, var, training=True) ** 3).sum()  # noqa: E731
    compiled, ordinary = jit(f(*arrays[0])), f(*arrays[1])
    for _ in range(5):
        x, _ = batch((8, 4))
        np.testing.assert_allclose(numbers(compiled(x)), numbers(ordinary(x)), rtol=1e-9)
        np.testing.assert_array_equal(arrays[0], arrays[1])
    assert compiled.eager


def test_a_call_that_raises_moves_what_the_ordinary_one_moves() -> None:
    def failing(model: Any) -> Any:
        weight = Tensor(np.ones((3, 2)))

        def f(x: Any, other: Any) -> Any:
            return (model(x) @ weight).sum() + other.sum() * (1 / len(other))

        return f

    a, b = dense(), dense()
    compiled, ordinary = jit(failing(a)), failing(b)
    for i in range(8):
        x, _ = batch((8, 4))
        other = np.ones(0 if i in (0, 5) else 2)
        for f in (compiled, ordinary):
            if len(other):
                f(x, other)
            else:
                with pytest.raises(ZeroDivisionError):
                    f(x, other)
        assert_same_state(a, b)
    for f in (compiled, ordinary):
        with pytest.raises(ValueError, match="more than one"):
            f(x[:1], np.ones(2))
    assert_same_state(a, b)
    assert not compiled.eager


def test_the_source_moves_them() -> None:
    model = dense()
    compiled = jit(by_sgd(model))
    for _ in range(3):
        x, labels = batch((8, 4))
        compiled(x, labels)
    source = compiled.source
    assert "new running statistics:" in source and "np.var(" in source
    space: dict[str, Any] = {}
    exec(source, space)
    given = {name: np.copy(array) for name, array in compiled.inputs.items()}
    *_, mean, variance = space["step"](**given)
    compiled(x, labels)
    np.testing.assert_array_equal(mean, model._modules[1].running_mean)
    np.testing.assert_array_equal(variance, model._modules[1].running_var)


# --- numbers that no gradient flows through, in a recording --------------------------------------------------


def test_embeddings_with_a_padding_index() -> None:
    a, b = (nn.Embedding(5, 3, padding_idx=1, rng=0) for _ in range(2))

    def training(layer: Any) -> Any:
        def step(words: Any) -> Any:
            layer.weight.grad = None
            loss = (layer(words) ** 3).sum()
            loss.backward()
            layer.weight.data -= 0.1 * layer.weight.grad
            return loss

        return step

    compiled, ordinary = jit(training(a)), training(b)
    for _ in range(8):
        words = RNG.integers(0, 5, (2, 4))
        np.testing.assert_allclose(numbers(compiled(words)), numbers(ordinary(words)), rtol=1e-12)
        np.testing.assert_allclose(a.weight.grad, b.weight.grad, rtol=1e-12)
        assert not np.any(a.weight.grad[1])
    assert not compiled.reasons


@pytest.mark.parametrize("choose", [
    lambda labels, x: np.where(labels > 1, x, 0.0),
    lambda labels, x: np.where(labels, x, 2 * x),
    lambda labels, x: np.where((labels == 0)[::-1], stop_gradient(x), x * x),
    lambda labels, x: np.where(labels > 1, labels, x),
])  # fmt: skip
def test_conditions_made_of_labels(choose: Any) -> None:
    w = Tensor(np.ones(4))
    f = lambda labels, x: (choose(labels, w * x) ** 2).sum()  # noqa: E731
    compiled = jit(value_and_grad(f, argnums=1))
    for _ in range(8):
        labels, x = RNG.integers(0, 4, 4), RNG.normal(size=4)
        (u, du), (v, dv) = compiled(labels, x), value_and_grad(f, argnums=1)(labels, x)
        np.testing.assert_allclose(numbers(u), numbers(v), rtol=1e-12)
        np.testing.assert_allclose(numbers(du), numbers(dv), rtol=1e-12)
    assert not compiled.reasons


def test_what_no_gradient_flows_through() -> None:
    w = Tensor(np.arange(1.0, 4.0))
    f = lambda x: (stop_gradient(w * x) * x * w).sum()  # noqa: E731
    compiled = jit(value_and_grad(f))
    for _ in range(4):
        x = RNG.normal(size=3)
        for u, v in zip(compiled(x), value_and_grad(f)(x)):
            np.testing.assert_allclose(numbers(u), numbers(v), rtol=1e-12)
    assert not compiled.reasons
