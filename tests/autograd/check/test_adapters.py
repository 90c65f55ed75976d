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
