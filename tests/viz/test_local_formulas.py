"""What a picture says of the local derivatives of operations on arrays: every rule has words of its own."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pytest

import autograd
import viz
from autograd import Tensor
from autograd.rules.arrays import General, Linear, OfArrays
from autograd.rules.rule import Rule

WITHOUT = {
    "np.linalg.qr": "takes several lines",
    "np.linalg.svd": "takes several lines",
    "svd complement": "takes several lines",
    "np.linalg.eig": "takes several lines",
    "lu": "takes several lines",
    "np.linalg.lstsq": "takes several lines",
    "cond of singular": "has no derivative",
    "peak": "has no derivative",
    "overwritten": "stands for what is gone",
}


def rules() -> dict[str, Rule]:
    """The package's own rules for arrays, by name."""
    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(autograd.__path__, "autograd."):
        if module.name.startswith(("autograd.functions", "autograd.scipy", "autograd.nn", "autograd.graph")):
            try:
                names = vars(importlib.import_module(module.name))
            except ImportError:  # an extra that is not installed
                continue
            found |= {x.name: x for x in names.values() if isinstance(x, (Linear, General))}
    return found


def test_every_rule_for_arrays_has_a_local_formula() -> None:
    found = rules()
    assert len(found) > 60
    silent = {
        name for name, rule in found.items() if not rule.local and type(rule).local_formula is OfArrays.local_formula
    }
    assert silent == WITHOUT.keys() & found.keys()
    words = dict(g="dL/dy", y="y", shape="2×3", share="3", summed="")
    for rule in found.values():
        for i in range(1 if isinstance(rule.local, str) else len(rule.local)):
            if rule.local:
                said = rule.local_formula(i, ["a", "b", "c"], words, {})
                assert "{" not in said and ("dL/dy" in said or said.startswith("0") or "Z" in said)


@pytest.mark.parametrize(
    ("shapes", "subscripts", "number", "said"),
    [
        (((2, 3), (3, 4)), "ij,jk->ik", 0, "Σ over k: 1[ik] · B[jk]"),
        (((2, 3), (3, 4)), "ij,jk->ik", 1, "Σ over i: 1[ik] · A[ij]"),
        (((3,), (3,)), "i,i->", 0, "1[] · B[i]"),
    ],
)  # fmt: skip
def test_the_words_for_einsum(shapes: tuple, subscripts: str, number: int, said: str) -> None:
    rng = np.random.default_rng(0)
    a, b = (Tensor(rng.normal(size=shape), label=name) for shape, name in zip(shapes, "AB"))
    edges = viz.record(np.einsum(subscripts, a, b)).edges
    assert edges[number].contribution == said
    # And what they say is the gradient.
    g = np.ones(np.einsum(subscripts, a.data, b.data).shape)
    out = np.einsum(subscripts, a, b)
    out.backward(g)
    term = subscripts.split("->")[0].split(",")
    other = (b, a)[number].data
    expected = np.einsum(f"{subscripts.split('->')[1]},{term[1 - number]}->{term[number]}", g, other)
    assert np.allclose((a, b)[number].grad, expected)


def test_no_picture_says_applied_to() -> None:
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(3, 3)), label="x")
    L = np.sum(np.linalg.inv(x) @ np.linalg.solve(x, x)) + np.linalg.det(x) + np.sum(np.cumsum(np.prod(x, axis=0)))
    L.backward()
    said = [edge.contribution for edge in viz.record(L).edges if edge.contribution]
    assert len(said) > 8 and not any("applied to" in line for line in said)
    assert any("⁻ᵀ" in line for line in said)
