"""The recorded program beside its picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viz
from autograd import Tensor, jit


def test_code_beside_the_picture(tmp_path: Path) -> None:
    w = Tensor([1.0, 2.0], label="w")

    def step(x: Any) -> Any:
        w.grad = None
        h = np.tanh(w * x)
        loss = np.sum(h * h)
        loss.backward()
        w.data -= 0.1 * w.grad
        return loss

    compiled = jit(step)
    with pytest.raises(ValueError, match="call it first"):
        viz.code(compiled, np.ones(2))
    for _ in range(3):
        compiled(np.ones(2))
    before, gradient = w.data.copy(), w.grad
    picture = viz.code(compiled, np.ones(2))
    np.testing.assert_array_equal(w.data, before)
    assert w.grad is gradient
    assert "h = np.tanh(" in picture.code and "# update" in picture.code
    written = picture.save(tmp_path / "program.svg").read_text()
    texts = ["".join(element.itertext()) for element in ET.fromstring(written).iter("{http://www.w3.org/2000/svg}text")]
    for line in picture.code.split("\n"):
        assert not line or line in texts
    assert picture.code.split("\n")[0] in picture.save(tmp_path / "program.html").read_text()
    with pytest.raises(ValueError, match="saved as .svg"):
        picture.save(tmp_path / "program.png")
    with pytest.raises(TypeError, match="autograd.jit returned"):
        viz.code(step)
