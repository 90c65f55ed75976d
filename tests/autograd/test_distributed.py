"""Gradients of parts of the data inside Dask's tasks: equal to those of one process, also when a worker is lost."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import pytest

from autograd import value_and_grad
from autograd.distributed import distributed_value_and_grad

distributed = pytest.importorskip("distributed", reason="the extra `scale` is not installed")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 4)), RNG.normal(size=60)
PARAMETERS = {"w": RNG.normal(size=(4, 8)), "v": (RNG.normal(size=8), 0.5)}
ROWS = [slice(i, i + 10) for i in range(0, 60, 10)]


def loss(parameters: Any, x: Any, y: Any) -> Any:
    v, b = parameters["v"]
    return np.sum((np.tanh(x @ parameters["w"]) @ v + b - y) ** 2)


def load(rows: slice) -> tuple[Any, Any]:
    return X[rows], Y[rows]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path)
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def in_one_process() -> tuple[Any, Any]:
    results = [value_and_grad(loss)(PARAMETERS, *load(rows)) for rows in ROWS]
    value, w, v, b = 0.0, 0.0, 0.0, 0.0
    for one, gradient in results:
        value, w, v, b = value + one, w + gradient["w"], v + gradient["v"][0], b + gradient["v"][1]
    return value, (w, v, b)


def assert_equal(found: tuple[Any, Any]) -> None:
    value, (w, v, b) = in_one_process()
    assert found[0] == value and found[1]["v"][1] == b
    np.testing.assert_array_equal(found[1]["w"], w)
    np.testing.assert_array_equal(found[1]["v"][0], v)


def test_equal_to_one_process_to_the_last_bit(client: Any) -> None:
    step = distributed_value_and_grad(loss, client)
    assert_equal(step(PARAMETERS, [load(rows) for rows in ROWS]))
    assert_equal(step(PARAMETERS, [client.submit(load, rows, pure=False) for rows in ROWS]))
    whole = value_and_grad(loss)(PARAMETERS, X, Y)
    assert step(PARAMETERS, [(X, Y)])[0] == whole[0]
    with pytest.raises(ValueError, match="no parts of the data"):
        step(PARAMETERS, [])


def test_a_worker_lost_in_mid_step_loses_nothing(client: Any, tmp_path: Path) -> None:
    """The first task to find no mark leaves one and kills its own process, as a machine that fails would."""
    mark, loads = tmp_path / "killed", [client.submit(load, rows, pure=False) for rows in ROWS]
    distributed.wait(loads)  # both workers hold some of the data by now
    before = {worker["pid"] for worker in client.run(_whoami).values()}

    def dangerous(parameters: Any, x: Any, y: Any) -> Any:
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.05)
        return loss(parameters, x, y)

    assert_equal(distributed_value_and_grad(dangerous, client)(PARAMETERS, loads))
    client.wait_for_workers(2, timeout=30)
    assert mark.exists() and before != {worker["pid"] for worker in client.run(_whoami).values()}


def _whoami() -> dict[str, int]:
    return {"pid": os.getpid()}
