"""`fit`: it learns, keeps a history, refuses what it cannot use, and stops at nan."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, nn, optim, training
from autograd.errors import AnomalyError
from tests.autograd.training.small import X, Y, fit, network


def test_fit_learns_and_keeps_a_history() -> None:
    model = network()
    history = fit(model, epochs=40, metric=training.accuracy, validation=(X[:20], Y[:20]))
    assert list(history) == ["loss", "accuracy", "lr", "val_loss", "val_accuracy"]
    assert all(len(numbers) == 40 for numbers in history.values())
    assert history["accuracy"][-1] > 0.95 and history["loss"][-1] < history["loss"][0] / 3
    found = training.evaluate(model, X[:20], Y[:20], nn.CrossEntropyLoss(), training.accuracy)
    assert found["loss"] == pytest.approx(history["val_loss"][-1]) and model.training
    assert fit(network()) == fit(network())


def test_every_epoch_is_reported() -> None:
    seen: list[int] = []
    fit(network(), on_epoch=lambda epoch, history: seen.append(epoch))
    assert seen == [1, 2, 3]


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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"loss": "mse"}, "loss is a function of outputs and targets, e.g. nn.MSELoss(), not 'mse'"),
        ({"loss": nn.MSELoss}, "loss is MSELoss, a class; make one of it: MSELoss()"),
        ({"validation": 0.2}, "validation is a pair (inputs, targets), not float"),
    ],
)
def test_a_loss_or_validation_of_another_kind_is_refused(given: Any, said: str) -> None:
    with pytest.raises(TypeError, match=re.escape(f"fit: {said}")):
        fit(network(), **given)


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
