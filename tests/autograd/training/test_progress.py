"""What is shown while it runs, with tqdm and without."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from autograd import training
from tests.autograd.training.small import fit, network


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
