"""Gradients of other engines, each tested where that engine is installed; without it, a clear error."""

import builtins
import importlib.util

import numpy as np
import pytest

from autograd.check import adapters, check_vjp

X = np.array([0.3, -1.2, 2.0])


def test_hips_is_told_apart_from_this_package():
    with pytest.raises(ImportError, match="not HIPS autograd"):
        adapters.check_hips(np.sin, X)
    space = {}
    exec(adapters.load_beside(), space)
    report = space["gradcheck"].check_vjp(np.sin, lambda g, x: g * np.cos(x), X)
    assert report.verdict == "right"


def test_nothing_is_imported_before_it_is_needed(monkeypatch):
    right = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.split(".")[0] in ("torch", "jax", "scipy"):
            raise ImportError(f"{name} is not here")
        return right(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert check_vjp(np.sin, lambda g, x: g * np.cos(x), X)
    for check in (adapters.check_torch, adapters.check_jax):
        with pytest.raises(ImportError, match="is not here"):
            check(np.sin, X)


if importlib.util.find_spec("torch"):

    def test_torch():
        import torch

        class Cube(torch.autograd.Function):
            factor = 3.0

            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x**3

            @staticmethod
            def backward(ctx, g):
                return g * Cube.factor * ctx.saved_tensors[0] ** 2

        assert adapters.check_torch(Cube, X)
        Cube.factor = 3.003
        report = adapters.check_torch(Cube, X)
        assert report.verdict == "wrong" and "factor" in report.cause
        assert adapters.check_torch(lambda x, y: torch.sin(x) * y, X, X + 1)
        module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh())
        assert adapters.check_torch_module(module, X)

    def test_torch_in_half_precision():
        import torch

        for dtype in (torch.bfloat16, torch.float16, torch.float32):
            x = torch.tensor([0.3, -1.2, 2.0], dtype=dtype, requires_grad=True)
            assert adapters.check_torch(torch.sin, x), dtype
            assert adapters.check_torch(lambda x: torch.tanh(x).sum(), x), dtype

            class Sine(torch.autograd.Function):
                @staticmethod
                def forward(ctx, x):
                    ctx.save_for_backward(x)
                    return torch.sin(x)

                @staticmethod
                def backward(ctx, g):
                    return g * 1.5 * torch.cos(ctx.saved_tensors[0])

            assert adapters.check_torch(Sine, x).verdict == "wrong", dtype

    def test_torch_is_called_in_batches_where_it_can_be():
        import torch

        calls = []

        def f(x):
            calls.append(1)
            return torch.sin(x) * x.sum()

        x = np.linspace(-1, 1, 30)
        assert adapters.check_torch(f, x, seed=0, batched=False)
        alone = len(calls)
        calls.clear()
        assert adapters.check_torch(f, x, seed=0)
        assert len(calls) < alone / 3
        # What vmap refuses is called one by one.
        assert adapters.check_torch(lambda x: x * 2 if x.sum() > 0 else x * 3, x + 1)
        assert adapters.check_torch(torch.linalg.inv, np.eye(3) + 0.1)

    def test_torch_takes_complex_numbers_lists_and_integers():
        import torch

        assert adapters.check_torch(torch.exp, torch.tensor([1 + 2j, 0.1j]))
        assert adapters.check_torch(torch.sin, [0.3, -1.2])
        labels = np.array([0, 2])
        assert adapters.check_torch(torch.nn.functional.cross_entropy, np.array([X, -X]), labels)

    def test_torch_with_nested_results():
        import torch

        lstm = torch.nn.LSTM(3, 2)
        h, c = torch.zeros(1, 1, 2), torch.zeros(1, 1, 2)
        report = adapters.check_torch_module(lstm, torch.randn(4, 1, 3), (h + 0.1, c - 0.2))
        assert report.verdict == "right" and any(e.name.startswith("weight_ih_l0") for e in report.entries)


if importlib.util.find_spec("ml_dtypes"):

    def test_bfloat16_of_ml_dtypes():
        import ml_dtypes

        x = X.astype(ml_dtypes.bfloat16)
        right = lambda g, x: (g * np.cos(x)).astype(x.dtype)
        assert check_vjp(np.sin, right, x)
        assert check_vjp(np.tanh, lambda g, x: (g * (1 - np.tanh(x) ** 2)).astype(x.dtype), x)
        assert check_vjp(np.sin, lambda g, x: (g * np.cos(x) * x.dtype.type(1.5)).astype(x.dtype), x).verdict == "wrong"
        assert check_vjp(np.sin, lambda g, x: (g * np.cos(x)).astype(np.float32), x).findings[0].kind == "dtype"


if importlib.util.find_spec("jax"):

    def test_jax():
        import jax

        @jax.custom_vjp
        def cube(x):
            return x**3

        cube.defvjp(lambda x: (x**3, x), lambda x, g: (g * 3 * x**2,))
        assert adapters.check_jax(cube, X)

        @jax.custom_vjp
        def wrong(x):
            return x**3

        wrong.defvjp(lambda x: (x**3, x), lambda x, g: (g * 2 * x**2,))
        assert adapters.check_jax(wrong, X).verdict == "wrong"
        assert adapters.check_jax(lambda x, y: (jax.numpy.sin(x) * y, x @ y), X, X + 1)

    def test_jax_with_nested_inputs_and_results():
        import jax.numpy as jnp

        def loss(p, k, scale=1.0):
            return {"loss": scale * jnp.sum(p["w"] ** k) + p["b"][0], "best": (jnp.argmax(p["w"]), jnp.max(p["w"]))}

        point = {"w": X, "b": (0.5,)}
        assert adapters.check_jax(loss, point, 3, kwargs={"scale": 2.0}, seconds=60.0)
        assert adapters.check_jax(jnp.exp, np.array([1 + 2j, 0.1j]))
        assert adapters.check_jax(jnp.tanh, X, batched=jnp.tanh)
