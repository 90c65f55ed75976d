"""Layers, losses, optimisers and schedules against numbers recorded from PyTorch (see record_pytorch.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, nn, optim
from tests.autograd.nn import pytorch_cases as cases

FOLDER = Path(__file__).parents[2] / "data" / "pytorch"
LAYERS = np.load(FOLDER / "layers.npz")
LOSSES = np.load(FOLDER / "losses.npz")
PATHS = np.load(FOLDER / "trajectories.npz")


def under(found: Any, prefix: str) -> dict[str, Any]:
    return {key[len(prefix) :]: found[key] for key in found.files if key.startswith(prefix)}


def close(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", cases.LAYERS)
def test_layer(name: str) -> None:
    kind, args, settings, shapes = cases.LAYERS[name]
    layer = getattr(nn, kind)(*args, **settings)
    layer.load_state_dict(under(LAYERS, f"{name}/state/"))  # the same names and shapes
    inputs = [Tensor(LAYERS[f"{name}/input/{i}"]) for i in range(len(shapes))]
    y = layer(*inputs)
    y = y[0] if isinstance(y, tuple) else y
    close(y.data, LAYERS[f"{name}/output"])
    y.backward(LAYERS[f"{name}/seed"])
    for i, x in enumerate(inputs):
        close(x.grad, LAYERS[f"{name}/gradient/{i}"])
    slopes = under(LAYERS, f"{name}/slope/")
    assert {key for key, _ in layer.named_parameters()} == set(slopes)
    for key, p in layer.named_parameters():
        close(p.grad, slopes[key])
    if layer.buffers():
        after = under(LAYERS, f"{name}/after/")
        assert {key for key, _ in layer.named_buffers()} == set(after)
        for key, b in layer.named_buffers():
            close(b, after[key])
        close(layer.eval()(*inputs).data, LAYERS[f"{name}/in-use"])


@pytest.mark.parametrize("name", cases.LAYERS)
def test_layer_in_single_precision(name: str) -> None:
    kind, args, settings, shapes = cases.LAYERS[name]
    state = under(LAYERS, f"{name}/state/")
    layer = getattr(nn, kind)(*args, **settings, **({"dtype": np.float32} if state else {}))
    layer.load_state_dict(state)
    inputs = [Tensor(LAYERS[f"{name}/input/{i}"].astype(np.float32)) for i in range(len(shapes))]
    y = layer(*inputs)
    y = y[0] if isinstance(y, tuple) else y
    assert y.dtype == np.float32
    np.testing.assert_allclose(y.data, LAYERS[f"{name}/output"], rtol=1e-3, atol=1e-4)
    y.backward(LAYERS[f"{name}/seed"])
    assert all(x.grad.dtype == np.float32 for x in [*inputs, *layer.parameters()])
    assert all(b.dtype in (np.float32, np.int64) for b in layer.buffers())
    for i, x in enumerate(inputs):
        np.testing.assert_allclose(x.grad, LAYERS[f"{name}/gradient/{i}"], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", cases.LOSSES)
def test_loss_in_single_precision(name: str) -> None:
    kind, settings, _, _ = cases.LOSSES[name]
    x, target = Tensor(LOSSES[f"{name}/input"].astype(np.float32)), LOSSES[f"{name}/target"]
    settings = {k: v.astype(np.float32) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    loss = getattr(nn, kind)(**settings)(x, target.astype(np.float32) if target.dtype.kind == "f" else target)
    assert loss.dtype == np.float32
    loss.backward(LOSSES[f"{name}/seed"])
    np.testing.assert_allclose(x.grad, LOSSES[f"{name}/gradient"], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", cases.LOSSES)
def test_loss(name: str) -> None:
    kind, settings, _, _ = cases.LOSSES[name]
    x = Tensor(LOSSES[f"{name}/input"])
    loss = getattr(nn, kind)(**settings)(x, LOSSES[f"{name}/target"])
    close(loss.data, LOSSES[f"{name}/loss"])
    loss.backward(LOSSES[f"{name}/seed"])
    close(x.grad, LOSSES[f"{name}/gradient"])


def follow(optimiser: Any, parameters: list[Any]) -> Any:
    """The path of the parameters, of Tensors or Values."""
    path = []
    for step in range(cases.STEPS):
        for p in parameters:
            g = cases.slope(np.asarray(p.data), step)
            p.grad = float(g) if isinstance(p, Value) else g
        optimiser.step()
        path.append(np.concatenate([np.ravel(p.data) for p in parameters]))
    return np.array(path)


@pytest.mark.parametrize("name", cases.OPTIMISERS)
def test_optimiser(name: str) -> None:
    kind, settings = cases.OPTIMISERS[name]
    parameters = [Tensor(x) for x in cases.starts()]
    close(follow(getattr(optim, kind)(parameters, **settings), parameters), PATHS[name])


@pytest.mark.parametrize("name", cases.OPTIMISERS)
def test_optimiser_of_values(name: str) -> None:
    kind, settings = cases.OPTIMISERS[name]
    number = Value(cases.starts()[-1].item())
    close(follow(getattr(optim, kind)([number], **settings), [number]), PATHS[name][:, -1:])


@pytest.mark.parametrize("name", ["lbfgs", "lbfgs-wolfe"])
def test_lbfgs(name: str) -> None:
    p = Tensor([-1.2, 1.0])
    wolfe = "strong_wolfe" if name.endswith("wolfe") else None
    optimiser = optim.LBFGS([p], lr=1 if wolfe else 0.3, max_iter=4, history_size=3, line_search_fn=wolfe)

    def closure() -> Any:
        optimiser.zero_grad()
        loss = 10 * (p[1] - p[0] ** 2) ** 2 + (1 - p[0]) ** 2
        loss.backward()
        return loss

    path = []
    for _ in range(cases.STEPS):
        optimiser.step(closure)
        path.append(np.array(p.data))
    if wolfe is None:
        np.testing.assert_allclose(path, PATHS[name], rtol=1e-7)
    else:  # another line search takes other steps to the same place
        np.testing.assert_allclose(path[-1], PATHS[name][-1], rtol=1e-5)


@pytest.mark.parametrize("name", cases.SCHEDULES)
def test_schedule(name: str) -> None:
    kind, settings = cases.SCHEDULES[name]
    optimiser = optim.SGD([Value(0.0)], lr=0.5)
    schedule = getattr(optim, kind)(optimiser, **settings)
    rates = []
    for _ in range(cases.EPOCHS):
        rates.append(optimiser.param_groups[0]["lr"])
        if len(rates) < cases.EPOCHS:
            schedule.step()
    close(rates, PATHS[f"schedule/{name}"])
