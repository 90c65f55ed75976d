"""The source of a recorded program runs when it is pasted elsewhere, and gives the same numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, jit, nn, optim, softplus, value_and_grad
from autograd.nn import functional as F
from tests.autograd.replay.programs import Twin, numbers, random_program

RNG = np.random.default_rng(0)


def pasted(compiled: Any, **settings: Any) -> list[Any]:
    """What the source gives, run on its own, on the inputs of the latest replay."""
    space: dict[str, Any] = {}
    exec(compile(compiled.source, "<pasted>", "exec"), space)
    name = next(name for name, x in space.items() if getattr(x, "__code__", None) is not None)
    with np.errstate(all="ignore"):
        return list(space[name](**compiled.inputs, **settings))


def test_backpropagation_as_written_by_hand() -> None:
    w, b = Tensor(RNG.normal(size=(3, 2)), label="w"), Tensor(np.zeros(2), label="b")

    def loss(x: Any, y: Any) -> Any:
        h = np.tanh(x @ w + b)
        error = h - y
        return np.mean(error * error)

    compiled = jit(loss)
    for _ in range(3):
        compiled(RNG.normal(size=(4, 3)), RNG.normal(size=(4, 2)))
    assert compiled.source == Path(__file__).with_name("source.txt").read_text()
    value, d_b, d_w = pasted(compiled)
    again = compiled(compiled.inputs["x"], compiled.inputs["y"])
    again.backward()
    np.testing.assert_allclose(value, again.data)
    np.testing.assert_allclose(d_w, w.grad)
    np.testing.assert_allclose(d_b, b.grad)


def test_it_runs_where_only_numpy_is(tmp_path: Path) -> None:
    compiled = jit(value_and_grad(lambda w, x: np.sum(softplus(x @ w)[1:] ** 2) / np.sqrt(1 + w[0, 0] ** 2)))
    for _ in range(3):
        value, g = compiled(RNG.normal(size=(3, 2)), RNG.normal(size=(4, 3)))
    assert "autograd" not in compiled.source
    np.savez(tmp_path / "inputs.npz", **compiled.inputs)
    (tmp_path / "pasted.py").write_text(
        f"{compiled.source}\n\nvalue, g = program(**np.load('inputs.npz'))\nnp.savez('results.npz', value=value, g=g)\n"
    )
    subprocess.run([sys.executable, "-I", "pasted.py"], cwd=tmp_path, check=True)
    with np.load(tmp_path / "results.npz") as results:
        np.testing.assert_allclose(results["value"], value)
        np.testing.assert_allclose(results["g"], g)


def test_a_training_step_with_calls_that_are_imported() -> None:
    net = nn.Sequential(nn.Linear(5, 4, rng=0), nn.GELU(), nn.Linear(4, 3, rng=1))
    optimizer = optim.SGD(net.parameters(), lr=0.1)

    def step(x: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), labels)
        loss.backward()
        optimizer.step()
        return loss

    compiled = jit(step)
    for _ in range(3):
        compiled(RNG.normal(size=(6, 5)), RNG.integers(0, 3, 6))
    assert "import erfc" in compiled.source and "# update" in compiled.source
    x, labels = RNG.normal(size=(6, 5)), RNG.integers(0, 3, 6)
    compiled(x, labels)
    inputs = {name: x.copy() for name, x in compiled.inputs.items()}
    expected = compiled(inputs["x"], inputs["labels"])
    space: dict[str, Any] = {}
    exec(compiled.source, space)
    value, *rest = space["step"](**inputs)
    count = len(net.parameters())
    np.testing.assert_allclose(value, expected.data)
    for p, g, new in zip(net.parameters(), rest[:count], rest[count:]):
        np.testing.assert_allclose(g, p.grad)
        np.testing.assert_allclose(new, p.data)


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_random_programs(first: int) -> None:
    for seed in range(first, first + 20):
        program = random_program(seed)
        twin = Twin(program, True)
        try:
            with np.errstate(all="ignore"):
                for call in range(3):
                    found = twin.results(numbers(program, call)[: program.arguments])
        except (AttributeError, TypeError, ValueError):
            continue
        if twin.call.reasons or program.training:
            continue
        results = pasted(twin.call)
        tolerance = 1e-9 if program.dtype == "f8" else 2e-3
        np.testing.assert_allclose(results[0], found[0], rtol=tolerance, atol=tolerance)
        gradients = found[2::2] if twin.backward else found[1:]
        for g, expected in zip(results[1:], [x for x in gradients if not (x.ndim == 0 and np.isnan(x))]):
            np.testing.assert_allclose(g, expected, rtol=tolerance, atol=tolerance * (1 + np.max(np.abs(expected))))
