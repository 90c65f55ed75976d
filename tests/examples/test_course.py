"""Every numbered example runs, and its results are what it promises: the numbers of the lectures, the accuracies."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from examples.__main__ import found, subject

EXAMPLES = found()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that runs an example by its number, once, and gives its results and its pictures."""
    done: dict[str, tuple[Any, list[Path]]] = {}

    def run(number: Any) -> Any:
        number = str(number)
        if number not in done:
            out = tmp_path_factory.mktemp(f"example{number}")
            module = importlib.import_module(f"examples.course.{EXAMPLES[number].stem}")
            with threadpool_limits(1):  # small matrices: more threads would only wait for each other
                done[number] = module.main(True, out), sorted(out.iterdir())
        return done[number][0]

    run.done = done  # type: ignore[attr-defined]
    return run


def test_there_are_seventeen_in_teaching_order() -> None:
    assert [name for name in EXAMPLES if name.isdigit()] == [str(number) for number in range(1, 18)]
    assert [int(name.rstrip("b")) for name in EXAMPLES] == sorted(int(name.rstrip("b")) for name in EXAMPLES)
    assert all(len(subject(path)) <= 120 for path in EXAMPLES.values())


@pytest.mark.parametrize("number", EXAMPLES)
def test_pictures_are_written_and_small(number: str, results: Any) -> None:
    results(number)
    pictures = results.done[number][1]
    assert pictures
    for path in pictures:
        start = path.read_bytes()[:400]
        assert start.startswith((b"\x89PNG", b"GIF89a")) or b"<svg" in start, path
        assert 2_000 < path.stat().st_size < 100_000, path


def test_1_parameter(results: Any) -> None:
    found = results(1)
    assert found.full == pytest.approx([0.25, 1.1 / 3, 2.9])
    assert found.half == pytest.approx([0.25, 0.308333, 1.604167], abs=1e-6)
    assert found.by_gradient == pytest.approx(found.full[1])
    assert found.noisy[1.0][-1] == pytest.approx(4.0)
    assert abs(found.noisy[0.1][-1] - 1.5) < 0.5


def test_2_perceptron(results: Any) -> None:
    found = results(2)
    assert found.with_theta == [0, 0, 0, 1]
    assert (found.products, found.total) == ([0, 0.5], -0.19999999999999996)
    assert found.varied == [[0, 0, 0, 1], [0, 0, 1, 1], [0, 1, 1, 1], [1, 1, 1, 1]]
    assert found.on_the_line == 0
    assert found.tables == {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}


def test_2b_perceptron_rule(results: Any) -> None:
    found = results("2b")
    assert found.tables == results(2).tables
    assert all(errors[-1] == 0 < errors[0] for errors in found.errors.values())
    assert found.gradient_of_step == [0, 0, 0]


def test_3_xor(results: Any) -> None:
    found = results(3)
    assert found.best_line == 3
    assert 0 not in found.rule_errors
    by_nand, by_and = found.tables.values()
    assert by_nand == [[0, 0, 1, 0, 0], [0, 1, 1, 1, 1], [1, 0, 1, 1, 1], [1, 1, 0, 1, 0]]
    assert by_and == [[0, 0, 0, 0, 0], [0, 1, 1, 0, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 0]]
    assert found.solved[4] == 3


def test_4_activations(results: Any) -> None:
    found = results(4)
    assert found["symbols"] == ("c·a", "c·b + d")
    assert [found[name]["max"] for name in ("step", "sigmoid", "tanh", "relu")] == pytest.approx([0, 0.25, 1, 1])
    assert found["sigmoid"]["at_4"] == pytest.approx(np.exp(-4) / (1 + np.exp(-4)) ** 2)
    assert max(found["difference"], found["logistic_difference"], found["softmax_sums"]) < 1e-12


def test_5_matrix_form(results: Any) -> None:
    found = results(5)
    assert found["shapes"][0] == ((3, 2), (2, 1), (3, 1), (3, 1), (3, 1))
    assert found["shapes"][2] == ((2, 2), (2, 1), (2, 1), (2, 1), (2, 1))
    assert found["shapes_m"] == [(3, 5), (2, 5), (2, 5)]
    assert found["difference"] < 1e-12 and found["gradient_shapes_agree"]
    assert "not aligned: 1 (dim 1) != 3 (dim 0)" in found["error"]


def test_6_chain_rule(results: Any) -> None:
    found = results(6)
    assert found["chain"] == {"J": 33, "a": 3, "b": 6, "c": 9}
    assert found["neuron"]["by_hand"] == pytest.approx(found["neuron"]["by_graph"], rel=1e-12)
    a = 1 / (1 + np.exp(0.6))
    assert found["neuron"]["by_graph"] == pytest.approx([(a - 1) * a * (1 - a) * x for x in (1, 2, -1)])


def test_7_logistic_regression(results: Any) -> None:
    found = results(7)
    assert found["difference"] < 1e-12
    assert found["times"]["vectorised"] < found["times"]["explicit loops"]
    assert found["smallest"]["squared error"] < -0.01
    assert found["smallest"]["cross-entropy"] > -1e-12
    assert found["accuracy"] > 0.7
    assert found["theta"] == pytest.approx([1, -1, -0.3], abs=0.15)


def test_8_gradient_descent(results: Any) -> None:
    found = results(8)
    small, right, large = (found["losses"][name] for name in ("too small", "right", "too large"))
    assert right[-1] - found["least"] < 1e-3 < small[-1] - found["least"]
    assert small[-1] < small[0] and large[-1] > 5 * large[0]
    assert max(found["excess"].values()) < 0.05


def test_9_optimisers(results: Any) -> None:
    found = results(9)
    assert max(found["ravine"].values()) < 0.2  # from 4.45
    assert found["saddle"]["SGD"] > -0.1
    assert all(found["saddle"][name] < -0.4 for name in ("Nesterov", "AdaGrad", "RMSprop", "Adam"))


def test_10_vanishing_gradients(results: Any) -> None:
    found = results(10)
    assert found["first_to_last"]["sigmoid"] < 1e-5
    assert found["first_to_last"]["ReLU"] > 0.1
    assert found["epochs"]["ReLU"] <= found["limit"]
    assert found["epochs"]["sigmoid"] is None


def test_11_overfitting(results: Any) -> None:
    found = results(11)
    without, dropped = found["without dropout"], found["with dropout"]
    assert without["test"] > 1.1 * without["best"]
    assert without["training"] < dropped["training"] and dropped["test"] < without["test"]
    assert found["pre-trained"]["test"] < 0.8 * found["random start"]["test"]


def test_12_house_prices(results: Any) -> None:
    found = results(12)
    assert (found["w"], found["b"]) == pytest.approx(tuple(found["exact"]), rel=0.05)
    for training, test in found["errors"].values():
        assert test < 0.8 * found["guess"] and training < 60


def test_13_digits(results: Any) -> None:
    found = results(13)
    assert found["accuracy"] >= 0.97
    assert np.mean(found["losses"][-45:]) < 0.1 < found["losses"][0]


def test_14_cnn(results: Any) -> None:
    found = results(14)
    assert found["accuracy"] >= 0.95  # of 8 epochs; the whole run of 30 reaches 98.5 %
    for means in found["excited"].values():
        assert means[-1] > means[0] + 0.5


def test_15_recurrent(results: Any) -> None:
    found = results(15)
    assert set(found["errors"]) == set(found["bits"]) == {"RNN", "LSTM", "GRU"}
    assert max(found["errors"].values()) < 0.75 * found["lazy"]
    assert max(found["bits"].values()) < 2.5


def test_16_transformer(results: Any) -> None:
    found = results(16)
    assert found["ahead"] == 0
    assert found["bits"]["Transformer"] < 0.8 * found["blind"]


def test_17_data_size(results: Any) -> None:
    found = results(17)
    for curve in found["curves"].values():
        assert curve[-1] > curve[0]
    assert found["curves"]["large (128-128)"][-1] > found["curves"]["linear"][-1] > found["curves"]["small (6)"][-1]
