"""Saving and loading: everything comes back; damage is named; the old file survives; a run resumes bit for bit."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import load_file, save_file

from autograd import Tensor, nn, optim
from autograd import serialization as files

leaf = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64, np.int8, np.int64, np.uint32, np.bool_]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    ),
)
names = st.one_of(st.text(max_size=4), st.integers(0, 9))
trees = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=8,
)


def same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@settings(deadline=None, max_examples=40)
@given(tree=trees)
def test_everything_comes_back(tree: Any, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("state") / "state.safetensors"
    files.save({"it": tree}, path)
    assert same(files.load(path), {"it": tree})


def test_other_memory_orders(tmp_path: Path) -> None:
    array = np.arange(6.0).reshape(2, 3)
    state = {"f": np.asfortranarray(array), "view": array[:, ::-1], "big": array.astype(">f8"), "number": np.float32(2)}
    files.save(state, tmp_path / "s")
    found = files.load(tmp_path / "s")
    np.testing.assert_array_equal(found["f"], array)
    np.testing.assert_array_equal(found["view"], array[:, ::-1])
    np.testing.assert_array_equal(found["big"], array)
    assert found["number"] == 2 and isinstance(found["number"], np.float32)


def test_other_programs_read_it_and_are_read(tmp_path: Path) -> None:
    model = nn.Linear(3, 2, rng=0)
    files.save(model.state_dict(), tmp_path / "a")
    assert {name: x.shape for name, x in load_file(tmp_path / "a").items()} == {"weight": (2, 3), "bias": (2,)}
    save_file(model.state_dict(), tmp_path / "b")
    other = nn.Linear(3, 2)
    other.load_state_dict(files.load(tmp_path / "b"))
    np.testing.assert_array_equal(other.weight.data, model.weight.data)


def test_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state"
    files.save({"first": np.arange(4.0), "second": np.arange(100.0)}, path)
    content = path.read_bytes()
    flipped = bytearray(content)
    flipped[-100 * 8 + 3] ^= 1
    path.write_bytes(bytes(flipped))
    with pytest.raises(ValueError, match="damaged: the numbers of (first|second) are not"):
        files.load(path)
    path.write_bytes(content[:-50])
    with pytest.raises(ValueError, match="it ends within the numbers of (first|second)"):
        files.load(path)
    for wrong in (b"", b"no state at all", content[:20]):
        path.write_bytes(wrong)
        with pytest.raises(ValueError, match="damaged, or no file of a state"):
            files.load(path)
    with pytest.raises(FileNotFoundError, match="no file"):
        files.load(tmp_path / "nothing")


def test_a_state_of_another_network_is_named(tmp_path: Path) -> None:
    files.save(nn.Sequential(nn.Linear(3, 2)).state_dict(), tmp_path / "s")
    with pytest.raises(ValueError, match="0.weight has shape"):
        nn.Sequential(nn.Linear(4, 2)).load_state_dict(files.load(tmp_path / "s"))


def test_the_old_file_survives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state"
    files.save({"x": np.ones(3)}, path)
    with pytest.raises(TypeError, match="model: a Linear cannot be saved; save its state_dict"):
        files.save({"model": nn.Linear(2, 2)}, path)
    with pytest.raises(TypeError, match="w.0: a Tensor cannot be saved; save its .data"):
        files.save({"w": [Tensor([1.0])]}, path)
    with pytest.raises(TypeError, match="dtype complex128"):
        files.save({"z": np.ones(2, complex)}, path)
    with pytest.raises(TypeError, match="the state first, then the path"):
        files.save(str(path), {"x": 1})

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left on device: .*state'"):
        files.save({"x": np.zeros(3)}, path)
    np.testing.assert_array_equal(files.load(path)["x"], np.ones(3))
    assert [p.name for p in tmp_path.iterdir()] == ["state"]


def test_a_run_resumes_bit_for_bit(tmp_path: Path) -> None:
    data = np.random.default_rng(0).normal(size=(40, 3))
    target = np.tanh(data @ np.ones((3, 1)))

    def start() -> dict[str, Any]:
        model = nn.Sequential(
            nn.Linear(3, 8, rng=1), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.3, rng=2), nn.Linear(8, 1, rng=3)
        )
        optimizer = optim.Adam(model.parameters(), lr=0.01)
        return dict(
            model=model, optimizer=optimizer, schedule=optim.StepLR(optimizer, 2, 0.5), rng=np.random.default_rng(4)
        )

    def train(run: dict[str, Any], steps: int) -> None:
        for _ in range(steps):
            rows = run["rng"].choice(40, 16)
            run["optimizer"].zero_grad()
            nn.functional.mse_loss(run["model"](data[rows]), target[rows]).backward()
            run["optimizer"].step()
            run["schedule"].step()

    whole, first, second = start(), start(), start()
    train(whole, 9)
    train(first, 4)
    files.save(files.capture(**first, epoch=4), tmp_path / "run")
    state = files.load(tmp_path / "run")
    assert files.restore(state, **second) == {"epoch": 4}
    train(second, 5)
    for name, array in whole["model"].state_dict().items():
        np.testing.assert_array_equal(array, second["model"].state_dict()[name])
    with pytest.raises(KeyError, match="has no other"):
        files.restore(state, other=second["model"])
