"""Every numbered example runs, and its results are what it promises: the numbers of the lectures, the accuracies."""

from __future__ import annotations

import importlib
import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from examples.__main__ import found, subject
from examples.shared.sequences import FREQUENCY_BITS

EXAMPLES = found()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that runs an example by its number, once, and gives its results; `done` has what else came of it."""
    done: dict[str, tuple[Any, list[Path], str]] = {}

    def run(number: Any) -> Any:
        number = str(number)
        if number not in done:
            out = tmp_path_factory.mktemp(f"example{number}")
            module = importlib.import_module(f"examples.course.{EXAMPLES[number].stem}")
            printed = io.StringIO()
            with threadpool_limits(1), redirect_stdout(printed):  # more threads would only wait for each other
                found = module.main(True, out)
            done[number] = found, sorted(out.iterdir()), printed.getvalue()
        return done[number][0]

    run.done = done
    return run


def test_there_are_seventeen_in_teaching_order() -> None:
    assert [name for name in EXAMPLES if name.isdigit()] == [str(number) for number in range(1, 18)]
    assert [int(name.rstrip("bcd")) for name in EXAMPLES] == sorted(int(name.rstrip("bcd")) for name in EXAMPLES)
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


SAID = {
    "1": ["E = t − y = 1.1 − 0.7500 = 0.3500 = (A + ΔA)x − Ax = ΔA·x; ΔA = E/x = 0.1167, A = 0.3667",
          "new A = f(old A, dJ/dA) = A − α·dJ/dA"],
    "2": ["(0, 0) → 0  (0, 1) → 0  (1, 0) → 0  (1, 1) → 1", "(w₁, w₂, θ) = (0.5, 0.5, 0.7)",
          "products [0.  0.5], sum 0.5, with the bias -0.19999999999999996"],
    "3": ["layer 0: 2 inputs; layer 1: 2 hidden units; layer 2: 1 output", "A 3-layer network has 2 hidden layers",
          "0 0 → 1 0 → 0\n0 1 → 1 1 → 1\n1 0 → 1 1 → 1\n1 1 → 0 1 → 0"],
    "4": ["[False  True  True]", "[0.26894142 0.73105858 0.88079708]", "maximum(0, x) is [0. 1. 2.]"],
    "4b": ["(ac)x + (bc + d) = 10·0.7 + 14 = 21", "= 1 · c · 1 · a = 1 · 5 · 1 · 2 = 10"],
    "5": ["z[1] = W[1] a[0] + b[1]: (3, 2) @ (2, 1) + (3, 1) = (3, 1);  a[1] = tanh(z[1])", "a[2] = σ(z[2])"],
    "5b": ["(1 2; 3 4)·(5 6; 7 8) = (19 22; 43 50)", "(1 2 3; 4 5 6)·(1 2; 3 4; 5 6) = (22 28; 49 64)",
           "shapes (2,3) and (2,2) not aligned: 3 (dim 1) != 2 (dim 0)", "[ 5 11 17]", "ndim 2, shape (3, 2)",
           "shape (2, 4) = 2 × (m + 1)", "z₁⁽²⁾ = Σᵢ θ₁ᵢ⁽¹⁾xᵢ = 0.1·1 + 0.4·0.5 − 0.2·(−1) + 0.3·2 = 1.10"],
    "6": ["a moves by 0.001: 3a moves by 0.003, 3 times as much; a² by 0.010001, 10.001 times as much",
          "J moves by 0.003, so ∂J/∂a = 3", "u = b·c   = 6", "v = a + u = 11", "J = 3·v   = 33",
          "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6", "3 · 1 · c = 3c = 6"],
    "6b": ["∂L/∂θ₁₀⁽¹⁾ = −2(y₁ − a₁)σ(1 − σ)x₀ = -0.295432; by backward() -0.295432",
           "θ₁₀⁽¹⁾ := 0.5 − 1·(-0.2954) = 0.7954", "L = 0.4169 → 0.0559"],
    "7": ["θ = (b; w)", "dz = da · a(1 − a) = −y(1 − a) + (1 − y)a = −y + ya + a − ya = a − y"],
    "7b": ["J, dw₁, dw₂, db over m = 10,000 examples"],
    "7c": ["41  93242     1", "80  93287     0", "18  87312     1", "27  71244     1", "X has shape (64, 1437)"],
    "8": ["left of the minimum: dJ/dw = -5, w := w − α dJ/dw = -0.5 − 0.2·(-5) = 0.5",
          "right of the minimum: dJ/dw = +5, w := w − α dJ/dw = 4.5 − 0.2·(+5) = 3.5"],
    "8b": ["too slowly: full batches (here); too little: vanishing gradients (10); too much: overfitting (11)"],
    "13": ["the ten probabilities"],
    "13b": ["Parameters, which training changes: W and b", "Hyperparameters, which are fixed before:"],
    "15b": ["CNN: convolutions", "RNN, LSTM, GRU", "hybrid: one of each"],
}  # fmt: skip
"""What the lectures' slides show, as the examples print it."""


@pytest.mark.parametrize("number", SAID)
def test_the_lectures_numbers_are_printed(number: str, results: Any) -> None:
    results(number)
    printed = results.done[number][2]
    assert [text for text in SAID[number] if text not in printed] == []


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
    assert found.step == [False, True, True]
    assert found.sigmoid == pytest.approx([0.26894142, 0.73105858, 0.88079708], abs=1e-8)
    assert found.relu == [0, 1, 2]
    assert [found.largest[name] for name in ("step", "sigmoid", "tanh", "relu")] == pytest.approx([0, 0.25, 1, 1])
    assert found.at_4["sigmoid"] == pytest.approx(np.exp(-4) / (1 + np.exp(-4)) ** 2)
    assert found.softmax_sums < 1e-12


def test_4b_why_activations(results: Any) -> None:
    found = results("4b")
    assert (found.slope, found.difference) == (10, pytest.approx(0, abs=1e-12))
    assert found.lines[1] == pytest.approx(found.lines[0], abs=1e-3)
    logistic, linear, curved = found.losses.values()
    assert linear == pytest.approx(logistic, rel=0.1) and curved < 0.5 * linear
    assert found.accuracies["tanh hidden layer + sigmoid"] > 0.93


def test_5_matrix_form(results: Any) -> None:
    found = results(5)
    assert found.shapes[0] == [(3, 2), (2, 1), (3, 1), (3, 1), (3, 1)]
    assert found.shapes[2] == [(2, 2), (2, 1), (2, 1), (2, 1), (2, 1)]
    assert found.shapes_m == [(3, 5), (2, 5), (2, 5)]
    assert found.difference < 1e-12 and found.gradient_shapes_agree


def test_5b_matrix_products(results: Any) -> None:
    found = results("5b")
    assert found.products == [[[19, 22], [43, 50]], [[22, 28], [49, 64]]]
    assert found.refused == "shapes (2,3) and (2,2) not aligned: 3 (dim 1) != 2 (dim 0)"
    assert found.rows == [5, 11, 17]
    assert (found.z2[0], found.by_indices) == pytest.approx((1.1, 1.1))
    assert found.a2 == pytest.approx([1 / (1 + np.exp(-z)) for z in found.z2])
    assert found.z3 == pytest.approx([0.2 - 0.5 * found.a2[0] + 0.7 * found.a2[1]])
    assert found.a3 == pytest.approx([1 / (1 + np.exp(-found.z3[0]))])


def test_6_chain_rule(results: Any) -> None:
    found = results(6)
    assert found.nudged["3a"] == pytest.approx([3, 3, 3])
    assert found.nudged["a²"] == pytest.approx([11, 10.1, 10.001])
    assert found.nudged_J == pytest.approx({"a": 0.003, "b": 0.006, "c": 0.009})
    assert found.forward == {"a": 5, "b": 3, "c": 2, "u": 6, "v": 11, "J": 33}
    assert found.backward == {"a": 3, "b": 6, "c": 9, "u": 3, "v": 3, "J": 1}
    assert found.chain_of_b == "dJ/db = ∂J/∂v · ∂v/∂u · ∂u/∂b = 3 · 1 · c = 3 · 1 · 2 = 6"


def test_6b_neuron(results: Any) -> None:
    found = results("6b")
    a = 1 / (1 + np.exp(0.6))
    assert found.factors == pytest.approx([-2 * (1 - a), a * (1 - a), 1])
    assert found.by_hand == pytest.approx([-2 * (1 - a) * a * (1 - a) * x for x in (1, 2, -1)])
    assert found.by_graph == pytest.approx(found.by_hand)
    assert "= ∂L/∂a₁⁽²⁾ · ∂a₁⁽²⁾/∂z₁⁽²⁾ · ∂z₁⁽²⁾/∂θ₁₀⁽¹⁾ = −2·(y₁ − a₁⁽²⁾) · a₁⁽²⁾·(1 − a₁⁽²⁾) · x₀ =" in found.chain
    assert found.theta == pytest.approx([t - g for t, g in zip((0.5, -0.4, 0.3), found.by_hand)])
    assert found.losses[0] == pytest.approx((1 - a) ** 2)
    assert all(later < earlier for earlier, later in zip(found.losses, found.losses[1:]))


def test_7_logistic_regression(results: Any) -> None:
    found = results(7)
    a = 1 / (1 + np.exp(-1.1))
    for y, example in zip((1, 0), found.examples):
        assert example.a == pytest.approx(a)
        assert example.L == pytest.approx(-np.log(a) if y else -np.log(1 - a))
        assert example.da == pytest.approx(-y / a + (1 - y) / (1 - a))
        assert example.multiplied == pytest.approx([a - y] * 4)
        assert example.by_hand == pytest.approx([1.5 * (a - y), -0.5 * (a - y), a - y])
        assert example.by_graph == pytest.approx(example.by_hand)
        assert "= (−y/a + (1 − y)/(1 − a)) · a·(1 − a) · x₁ =" in example.chain
    assert found.worst < 1e-14


def test_7b_many_examples(results: Any) -> None:
    found = results("7b")
    loop, vectorised, by_autograd = found.found.values()
    assert loop == pytest.approx(vectorised, abs=1e-12) and by_autograd == pytest.approx(vectorised, abs=1e-12)
    assert found.seconds["without the loop"][-1] < found.seconds["in a loop"][-1]


def test_7c_cat_or_not(results: Any) -> None:
    found = results("7c")
    assert found.shape == (64, 1437)
    assert found.losses[0] == pytest.approx(np.log(2)) and found.losses[-1] < 0.07
    assert found.right > 0.97 > found.always_no


def test_7d_squared_error(results: Any) -> None:
    found = results("7d")
    assert found.smallest["squared error"] < -0.05 and found.smallest["cross-entropy"] > -1e-12
    entropy, squares = found.losses["cross-entropy"][1.0], found.losses["squared error"][1.0]
    assert entropy[-1] < 0.02 * entropy[0] and squares[-1] > 0.8 * squares[0]  # it stalls
    fast = found.losses["squared error"][30.0]
    assert fast[-1] < 0.1 * fast[0]


def test_8_gradient_descent(results: Any) -> None:
    found = results(8)
    assert found.signs["left"] == pytest.approx([-0.5, -5, 0.5])
    assert found.signs["right"] == pytest.approx([4.5, 5, 3.5])
    small, right, large = found.losses.values()
    assert right[-1] - found.least < 1e-3 < small[-1] - found.least
    assert small[-1] < small[0] and large[-1] > 5 * large[0]


def test_8b_mini_batches(results: Any) -> None:
    found = results("8b")
    assert found.microseconds[20_000] < 20_000 / 200 * found.microseconds[200]  # an example costs less among many
    assert found.rates["stochastic"] < found.rates["mini-batch of 20"] < found.rates["full batch"]
    assert max(max(excess) for excess in found.excess.values()) < 0.01


def test_9_optimisers(results: Any) -> None:
    runs = results(9).runs
    median = {where: {name: np.median(one.tests) for name, one in some.items()} for where, some in runs.items()}
    assert len(median["ravine"]) == 8
    assert 0.2 < median["ravine"]["SGD"] / median["ravine"]["momentum"] < 5
    assert all(0.2 < height / median["noisy"]["SGD"] < 5 for height in median["noisy"].values())
    adaptive = ("AdaGrad", "RMSprop", "Adadelta", "Adam", "NAdam")
    assert all(median["long"][name] < 0.1 * median["long"]["SGD"] for name in ("momentum", *adaptive))
    assert all(0.25 < median["turned"][name] / median["turned"]["SGD"] < 2 for name in adaptive)
    assert median["turned"]["momentum"] < 0.2 * min(median["turned"][name] for name in ("SGD", *adaptive))
    assert median["saddle"]["SGD"] > 0.049  # of 0.05 at the saddle itself
    assert all(median["saddle"][name] < 0.01 for name in ("momentum", *adaptive))
    assert all(min(runs["dent"][name].tests) > 0.3 for name in ("SGD", "RMSprop", "Adadelta"))
    assert all(max(runs["dent"][name].tests) < 0.01 for name in ("momentum", "Nesterov", "Adam"))


def test_10_vanishing_gradients(results: Any) -> None:
    ratios = {kind: sizes[0] / sizes[-1] for kind, sizes in results(10).sizes.items()}
    assert ratios["sigmoid"] < 1e-5 < ratios["sigmoid, weights × 4"] < 0.1
    assert min(ratios["ReLU"], ratios["tanh"]) > 0.1


def test_10b_speed_of_relu(results: Any) -> None:
    found = results("10b")
    assert found.epochs["ReLU"][0] <= found.limit < found.epochs["sigmoid"][0]


def test_11_overfitting(results: Any) -> None:
    found = results(11)
    losses = {name: tuned.curves[:, :, 1] for name, tuned in found.runs.items()}
    rise = {name: some[:, -1] - some.min(axis=1) for name, some in losses.items()}
    assert all(rise["without dropout"] > 0.05)
    assert rise["with dropout"].mean() < 0.6 * rise["without dropout"].mean()
    assert losses["with dropout"].min(axis=1).mean() < losses["without dropout"].min(axis=1).mean()
    assert found.runs["without dropout"].curves[:, -1, 0].max() < 0.1  # learned by heart, wrong labels included
    assert [len(on) for on in found.kept] == [4, 8, 8, 3] and [sum(on) for on in found.kept] == [4, 4, 4, 3]


def test_11b_pretraining(results: Any) -> None:
    random, pretrained, relu = results("11b").runs.values()
    assert random.losses[3e-3] > 1.5 * pretrained.losses[3e-3]  # at one small rate it looks enormous
    for better in (pretrained, relu):  # as the text says: more than twice the error of its mean, about its deviation
        gain = better.tests - random.tests
        assert 0.02 < gain.mean() < 0.12 and 0.5 < gain.mean() / gain.std(ddof=1) < 2.5
        assert gain.mean() > 2 * gain.std(ddof=1) / np.sqrt(len(gain))


def test_12_house_prices(results: Any) -> None:
    found = results(12)
    assert 400 < found.hinge < 1000  # between the first and the last hut
    assert found.line @ (400, 1) < 0
    assert found.weights == pytest.approx(found.least_squares, rel=1e-3)


def test_12b_many_features(results: Any) -> None:
    found = results("12b")
    one, *hidden = found.errors.values()
    assert 50 < one.mean() < 62 and found.guess == pytest.approx(77, abs=0.5)
    for errors in hidden:
        assert abs((errors - one).mean()) < (errors - one).std(ddof=1)


def test_13_digits(results: Any) -> None:
    found = results(13)
    assert found.accuracy >= 0.97
    assert np.mean(found.losses[-45:]) < 0.1 < found.losses[0]
    assert found.probabilities.shape == (360, 10)
    assert found.probabilities.sum(axis=1) == pytest.approx(1)


def test_13b_hyperparameters(results: Any) -> None:
    found = results("13b")
    assert found.best[0] == 1.0  # neither the slowest nor the fastest rate
    assert found.tried[0.01, 64] > 2 * found.tried[1.0, 64] < 0.5 * found.tried[10.0, 64]
    assert found.tried[1.0, 4] > 2 * found.tried[0.1, 4]  # a narrow network wants a smaller rate
    assert found.test > 0.9 and found.kept


def test_14_cnn(results: Any) -> None:
    found = results(14)
    dense, convolutional = found.parameters.values()
    assert dense == pytest.approx(convolutional, rel=0.01)
    more = found.runs["convolutional"].tests - found.runs["fully connected"].tests
    assert more.mean() > 0 and found.runs["convolutional"].tests.min() > 0.96
    assert found.milliseconds["convolutional"] > found.milliseconds["fully connected"]


def test_14b_what_units_see(results: Any) -> None:
    found = results("14b")
    assert len(found.lines) == 16 and {"|", "/", "\\"} <= set(found.lines)
    assert min(found.read.values()) >= 9
    assert np.mean(found.purity["trained"]) < np.mean(found.purity["random weights"]) + 0.05


def test_15_recurrent(results: Any) -> None:
    found = results(15)
    assert set(found.errors) == {"RNN", "LSTM", "GRU"}
    assert max(found.errors.values()) < 0.75 * found.repeated
    assert all(len(values) == 150 for values in found.free.values())


def test_15b_letters(results: Any) -> None:
    found = results("15b")
    assert set(found.bits) == {"RNN", "LSTM", "GRU"} and max(found.bits.values()) < 2.5


def test_16_transformer(results: Any) -> None:
    found = results(16)
    transformer, lstm = found.runs.values()
    assert found.ahead == 0
    assert found.parameters["Transformer"] == pytest.approx(found.parameters["LSTM"], rel=0.02)
    assert transformer.tests.mean() < 0.8 * FREQUENCY_BITS
    assert lstm.tests.max() < transformer.tests.min()
    assert set(found.milliseconds) == {"Transformer", "LSTM"} and min(found.milliseconds.values()) > 0


def test_17_data_size(results: Any) -> None:
    found = results(17)
    linear, small, medium, large = (rows.mean(axis=1) for rows in found.strokes.values())
    assert np.ptp([linear[0], small[0], medium[0], large[0]]) < 0.15
    assert linear[-1] < 0.45 < 0.5 < small[-1] < medium[-1] - 0.03 and medium[-1] < large[-1] - 0.02
    assert all(np.all(np.diff(curve) > 0) for curve in (linear, small, medium, large))
    assert large[-1] - large[1] > linear[-1] - linear[1]
    assert large[-1] < 0.9125 + 3 * np.sqrt(0.9125 * 0.0875 / 3000)
    on_digits = [scores.mean() for scores in found.digits.values()]
    assert min(on_digits) > 0.93 and np.ptp(on_digits) < 0.04
