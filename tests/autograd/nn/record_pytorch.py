"""Record what PyTorch computes for the cases of `pytorch_cases.py`, into tests/data/pytorch.

Run from the root of the project by an interpreter that has PyTorch: ``python -m tests.autograd.nn.record_pytorch``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.autograd.nn import pytorch_cases as cases

FOLDER = Path("tests/data/pytorch")
NAMES = {"MultiHeadAttention": "MultiheadAttention"}


def layers() -> dict[str, Any]:
    """Parameters, inputs, outputs, gradients for a random seed, and the state after a second call."""
    import torch

    found: dict[str, Any] = {}
    rng = np.random.default_rng(3)
    for name, (kind, args, settings, shapes) in cases.LAYERS.items():
        layer = getattr(torch.nn, NAMES.get(kind, kind))(*args, **settings)
        for key, tensor in layer.state_dict().items():
            if tensor.is_floating_point() and not key.startswith("running"):
                tensor.copy_(torch.tensor(rng.normal(size=tensor.shape)).float())
            found[f"{name}/state/{key}"] = tensor.numpy().astype(float if tensor.is_floating_point() else int)
        layer = layer.double()
        inputs = [torch.tensor(2 * rng.normal(size=shape), requires_grad=True) for shape in shapes]
        y = layer(*inputs)
        y = y[0] if isinstance(y, tuple) else y
        seed = torch.tensor(rng.normal(size=tuple(y.shape)))
        y.backward(seed)
        found[f"{name}/output"], found[f"{name}/seed"] = y.detach().numpy(), seed.numpy()
        for i, x in enumerate(inputs):
            found[f"{name}/input/{i}"], found[f"{name}/gradient/{i}"] = x.detach().numpy(), x.grad.numpy()
        for key, p in layer.named_parameters():
            found[f"{name}/slope/{key}"] = p.grad.numpy()
        if any(True for _ in layer.buffers()):
            for key, b in layer.named_buffers():
                found[f"{name}/after/{key}"] = b.numpy()
            layer.eval()
            found[f"{name}/in-use"] = layer(*inputs).detach().numpy()
    return found


def losses() -> dict[str, Any]:
    """Inputs, targets, losses, gradients for a random seed."""
    import torch

    found: dict[str, Any] = {}
    rng = np.random.default_rng(4)
    for name, (kind, settings, shape, target) in cases.LOSSES.items():
        settings = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
        x = 2 * rng.normal(size=shape)
        if kind in ("NLLLoss", "KLDivLoss"):
            x = x - np.log(np.exp(x).sum(1, keepdims=True))
        t = {
            "classes": cases.CLASSES,
            "normal": rng.normal(size=shape),
            "uniform": rng.uniform(size=shape),
            "simplex": rng.dirichlet(np.ones(shape[1]), shape[0]),
        }[target]
        leaf = torch.tensor(x, requires_grad=True)
        y = getattr(torch.nn, kind)(**settings)(leaf, torch.tensor(t))
        seed = torch.tensor(rng.normal(size=tuple(y.shape)))
        y.backward(seed)
        found |= {f"{name}/input": x, f"{name}/target": t, f"{name}/loss": y.detach().numpy(),
                  f"{name}/seed": seed.numpy(),
                  f"{name}/gradient": leaf.grad.numpy()}  # fmt: skip
    return found


def trajectories() -> dict[str, Any]:
    """All parameters after each step, and the learning rates of each epoch."""
    import torch

    torch.set_default_dtype(torch.float64)  # NAdam keeps its product of momenta in the default type
    found: dict[str, Any] = {}
    for name, (kind, settings) in cases.OPTIMISERS.items():
        parameters = [torch.nn.Parameter(torch.tensor(x)) for x in cases.starts()]
        optimiser = getattr(torch.optim, kind)(parameters, **settings)
        path = []
        for step in range(cases.STEPS):
            for p in parameters:
                p.grad = torch.tensor(cases.slope(p.detach().numpy(), step))
            optimiser.step()
            path.append(np.concatenate([p.detach().numpy().ravel() for p in parameters]))
        found[name] = np.array(path)
    for name, line_search in (("lbfgs", None), ("lbfgs-wolfe", "strong_wolfe")):
        p = torch.nn.Parameter(torch.tensor([-1.2, 1.0]).double())
        optimiser = torch.optim.LBFGS(
            [p], lr=0.3 if line_search is None else 1, max_iter=4, history_size=3, line_search_fn=line_search
        )

        def closure(p: Any = p, optimiser: Any = optimiser) -> Any:
            optimiser.zero_grad()
            loss = 10 * (p[1] - p[0] ** 2) ** 2 + (1 - p[0]) ** 2
            loss.backward()
            return loss

        path = []
        for _ in range(cases.STEPS):
            optimiser.step(closure)
            path.append(p.detach().numpy().copy())
        found[name] = np.array(path)
    for name, (kind, settings) in cases.SCHEDULES.items():
        optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        schedule = getattr(torch.optim.lr_scheduler, kind)(optimiser, **settings)
        rates = []
        for _ in range(cases.EPOCHS):
            rates.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            schedule.step() if len(rates) < cases.EPOCHS else None
        found[f"schedule/{name}"] = np.array(rates)
    return found


if __name__ == "__main__":
    import torch

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, found in (("layers", layers()), ("losses", losses()), ("trajectories", trajectories())):
        np.savez_compressed(FOLDER / f"{name}.npz", **found)
        print(name, len(found), "arrays")
    (FOLDER / "README.md").write_text(
        "# Numbers that PyTorch computes\n\n"
        f"Recorded by `python -m tests.autograd.nn.record_pytorch` with PyTorch {torch.__version__.split('+')[0]}:\n"
        "layers, losses and optimisers with the settings in `tests/autograd/nn/pytorch_cases.py`.\n"
        "Keys say what each array is.\n"
    )
