"""The training loop: batches, fit, early stopping, and what happens at nan."""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, nn, optim, training
from autograd.errors import AnomalyError

X = np.random.default_rng(0).normal(size=(60, 2))
Y = (X[:, 0] * X[:, 1] > 0).astype(int)


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 16, rng=0), nn.Tanh(), nn.Linear(16, 2, rng=1))


def fit(model: Any, **settings: Any) -> training.History:
    usual: dict[str, Any] = dict(loss=nn.CrossEntropyLoss(), epochs=3, batch_size=16, rng=0, progress=False)
    if "optimizer" not in settings:
        settings["optimizer"] = optim.Adam(model.parameters(), lr=0.05)
    return training.fit(model, X, Y, **{**usual, **settings})


def test_batches() -> None:
    seen = list(training.batches(np.arange(10), np.arange(10) * 2, batch_size=4, rng=3))
    assert [len(x) for x, _ in seen] == [4, 4, 2] and all((y == 2 * x).all() for x, y in seen)
    order = np.concatenate([x for x, _ in seen])
    assert sorted(order) == list(range(10)) and not (order == np.arange(10)).all()
    again = np.concatenate([x for x, _ in training.batches(np.arange(10), np.arange(10) * 2, batch_size=4, rng=3)])
    np.testing.assert_array_equal(order, again)
    assert len(list(training.batches(np.arange(10), batch_size=4, drop_last=True))) == 2
    with pytest.raises(ValueError, match="different lengths: 3, 4"):
        training.batches(np.ones(3), np.ones(4))
    with pytest.raises(ValueError, match="batch_size"):
        training.batches(np.ones(3), batch_size=0)


def test_fit_learns_and_keeps_a_history() -> None:
    model = network()
    history = fit(model, epochs=40, metric=training.accuracy, validation=(X[:20], Y[:20]))
    assert list(history) == ["loss", "accuracy", "lr", "val_loss", "val_accuracy"]
    assert all(len(numbers) == 40 for numbers in history.values())
    assert history["accuracy"][-1] > 0.95 and history["loss"][-1] < history["loss"][0] / 3
    found = training.evaluate(model, X[:20], Y[:20], nn.CrossEntropyLoss(), training.accuracy)
    assert found["loss"] == pytest.approx(history["val_loss"][-1]) and model.training
    assert fit(network()) == fit(network())


def test_schedules_clipping_and_lbfgs() -> None:
    model = network()
    sgd = optim.SGD(model.parameters(), lr=0.1)
    history = fit(model, optimizer=sgd, schedule=optim.ExponentialLR(sgd, 0.5), clip_norm=1e-9)
    np.testing.assert_allclose(history["lr"], [0.1, 0.05, 0.025])
    np.testing.assert_allclose(model[0].weight.data, network()[0].weight.data, atol=1e-7)
    steps = optim.StepLR(sgd, 1)
    fit(model, optimizer=sgd, schedule=steps, schedule_every="step")
    assert steps.last_epoch == 12
    plateau = optim.ReduceLROnPlateau(sgd, patience=0)
    sgd.param_groups[0]["lr"] = 0.0
    fit(model, optimizer=sgd, schedule=plateau, epochs=2)
    assert plateau.bad_steps == 0
    lbfgs = optim.LBFGS(model.parameters(), line_search_fn="strong_wolfe")
    history = fit(model, optimizer=lbfgs, batch_size=60, epochs=10)
    assert history["loss"][-1] < 0.1


def test_early_stopping_gives_the_best_back() -> None:
    model = network()
    stopping = training.EarlyStopping(patience=3, monitor="loss", min_delta=1e9)
    history = fit(model, epochs=50, early_stopping=stopping)
    assert len(history["loss"]) == 4  # inf to the first loss is the only improvement
    best = network()
    fit(best, epochs=1)
    for p, q in zip(model.parameters(), best.parameters()):
        np.testing.assert_array_equal(p.data, q.data)
    with pytest.raises(ValueError, match="watches 'val_loss'"):
        fit(model, early_stopping=training.EarlyStopping(monitor="val_loss"))
    model = network()
    frozen = optim.SGD(model.parameters(), lr=0.0)
    assert len(fit(model, optimizer=frozen, epochs=50, early_stopping=5, shuffle=False)["loss"]) == 6
    for mistaken in (True, "val_loss", 2.5):
        with pytest.raises(TypeError, match="early_stopping is a number of epochs or EarlyStopping"):
            fit(model, early_stopping=mistaken)
    seen: list[int] = []
    fit(model, on_epoch=lambda epoch, history: seen.append(epoch))
    assert seen == [1, 2, 3]


def test_an_optimizer_of_other_parameters_is_refused() -> None:
    with pytest.raises(ValueError, match="none of the model's parameters"):
        fit(network(), optimizer=optim.Adam(network().parameters()))
    with pytest.raises(TypeError, match="optimizer is one of autograd.optim"):
        fit(network(), optimizer="adam")
    with pytest.raises(TypeError, match=r"pass its \.parameters\(\)"):
        optim.Adam(network())


def test_nan_names_step_and_operation() -> None:
    class Log(nn.Module):
        def __init__(self) -> None:
            self.factor = Tensor(1.0)

        def forward(self, x: Any) -> Any:
            return np.log(self.factor * x)

    x = np.ones((6, 1))
    x[4] = -1
    model = Log()
    with pytest.raises(AnomalyError, match=r"stopped at step 3 \(epoch 1\): the loss is nan; log.* gave .*nan"):
        training.fit(
            model,
            x,
            np.zeros((6, 1)),
            loss=nn.MSELoss(),
            optimizer=optim.SGD(model.parameters(), lr=0.1),
            batch_size=2,
            shuffle=False,
            progress=False,
        )
    assert math.isfinite(model.factor.item())


def test_a_gradient_that_is_not_finite_is_refused_before_the_step() -> None:
    class Root(nn.Module):
        def __init__(self) -> None:
            self.weight = Tensor([1.0])

        def forward(self, x: Any) -> Any:
            return np.sqrt(self.weight * x)

    model = Root()
    with pytest.raises(AnomalyError, match="step 1 .*gradient is not finite"):
        training.fit(
            model,
            np.zeros((2, 1)),
            np.ones((2, 1)),
            loss=nn.MSELoss(),
            optimizer=optim.SGD(model.parameters()),
            progress=False,
        )
    assert model.weight.data[0] == 1


def test_progress(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fit(network(), progress=True, metric=training.accuracy)
    shown = capsys.readouterr().err
    assert "loss" in shown and "accuracy" in shown and "12/12" in shown
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "tqdm":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    fit(network(), progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3 and lines[2].startswith("epoch 3/3  loss ") and lines[2].endswith("0 s left")


def test_accuracy_of_two_classes() -> None:
    assert training.accuracy(np.array([[0.3], [-0.2], [1.0]]), np.array([1, -1, -1])) == pytest.approx(2 / 3)
    assert training.accuracy(Tensor([0.3, -0.2]), np.array([1, 0])) == 1
