"""Three real objectives with published derivatives: a Gaussian mixture, bundle adjustment, a long LSTM.

The problems, their inputs and the published values are those of ADBench (microsoft/ADBench, MIT licence), its
smallest instance of each; `tests/data/adbench/README.md` says what they compute. Plain NumPy code, and a
derivative that agrees with the published one by ADBench's own rule: |x − y| / max(1, |x| + |y|) < 1e-8.

    python examples/programs/adbench.py
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from autograd import jacobian, sigmoid, value_and_grad
from examples.shared.command_line import run_program

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "adbench"


def rows_of(name: str) -> list[list[float]]:
    """The numbers of an input file, line by line."""
    lines = (DATA / name).read_text().splitlines()
    return [[float(word) for word in line.split()] for line in lines if line.strip()]


# --- Gaussian mixture ----------------------------------------------------------------------------------


def read_mixture() -> tuple[tuple[Any, Any, Any], Any, float, int]:
    """Parameters (α, μ, [q, l]), points, and γ and m of the Wishart prior."""
    rows = rows_of("gmm.txt")
    d, k, n = map(int, rows[0])
    alphas = np.array(rows[1 : 1 + k]).ravel()
    means, inverse_factors = np.array(rows[1 + k : 1 + 2 * k]), np.array(rows[1 + 2 * k : 1 + 3 * k])
    gamma, m = rows[1 + 3 * k + n]
    return (alphas, means, inverse_factors), np.array(rows[1 + 3 * k : 1 + 3 * k + n]).reshape(n, d), gamma, int(m)


def mixture(parameters: tuple[Any, Any, Any], points: Any, gamma: float, m: int) -> Any:
    """Log-likelihood of the points under the mixture, with a Wishart prior on the inverse covariances."""
    alphas, means, inverse_factors = parameters
    n, d = points.shape
    k = len(alphas)
    q, entries = inverse_factors[:, :d], inverse_factors[:, d:]
    # The strictly lower triangle of Q is filled column by column.
    below = [(i, j) for j in range(d) for i in range(j + 1, d)]
    place = np.zeros((len(below), d, d))
    for position, (i, j) in enumerate(below):
        place[position, i, j] = 1.0
    factor = np.exp(q)[:, :, None] * np.eye(d) + np.einsum("ke,eij->kij", entries, place)
    z = np.einsum("kij,nkj->nki", factor, points[:, None, :] - means)
    exponents = alphas + q.sum(axis=1) - 0.5 * np.sum(z**2, axis=2)
    freedom = d + m + 1
    log_gamma = d * (d - 1) / 4 * math.log(math.pi) + sum(math.lgamma((freedom - i) / 2) for i in range(d))
    prior = (
        0.5 * gamma**2 * (np.sum(np.exp(q) ** 2) + np.sum(entries**2))
        - m * np.sum(q)
        - k * (freedom * d * math.log(gamma / math.sqrt(2)) - log_gamma)
    )
    return (
        -n * d / 2 * math.log(2 * math.pi)
        + np.sum(np.logaddexp.reduce(exponents, axis=1))
        - n * np.logaddexp.reduce(alphas)
        + prior
    )


# --- bundle adjustment ---------------------------------------------------------------------------------


def read_adjustment() -> tuple[Any, Any, Any, Any]:
    """Camera, point, weight and the observed feature."""
    _, camera, point, weight, feature = map(np.array, rows_of("ba.txt"))
    return camera, point, weight, feature


def reprojection_error(camera: Any, point: Any, weight: Any, feature: Any) -> Any:
    """Weighted distance between where the camera sees the point and where it was observed."""
    rotation, centre, focal, principal, distortion = camera[:3], camera[3:6], camera[6], camera[7:9], camera[9:]
    x = point - centre
    angle = np.linalg.norm(rotation)
    axis = rotation / angle
    # Rodrigues' rotation formula
    turned = x * np.cos(angle) + np.cross(axis, x) * np.sin(angle) + axis * np.dot(axis, x) * (1 - np.cos(angle))
    seen = turned[:2] / turned[2]
    r2 = np.sum(seen**2)
    seen = seen * (1 + distortion[0] * r2 + distortion[1] * r2**2)
    return weight * (seen * focal + principal - feature)


# --- LSTM ----------------------------------------------------------------------------------------------


def read_lstm() -> tuple[tuple[Any, Any], Any, Any]:
    """Parameters (main: layers × 2 × 4b, extra: 3 × b), initial state (layers × 2 × b), sequence."""
    rows = rows_of("lstm.txt")
    layers, _, width = map(int, rows[0])
    ends = np.cumsum([1, 2 * layers, 3, 2 * layers])
    main, extra, state = (np.array(rows[a:b]) for a, b in zip(ends, ends[1:]))
    return (main.reshape(layers, 2, -1), extra), state.reshape(layers, 2, width), np.array(rows[ends[-1] :])


def lstm(parameters: tuple[Any, Any], state: Any, sequence: Any) -> Any:
    """Mean negative log-likelihood of each next symbol, over more than a thousand steps in a row."""
    main, (in_scale, out_scale, out_bias) = parameters
    steps, width = len(sequence) - 1, sequence.shape[1]
    layers = [(weight, bias) for weight, bias in main]
    cells = [(hidden, cell) for hidden, cell in state]
    total = 0.0
    for t in range(steps):
        x = sequence[t] * in_scale
        for i, (weight, bias) in enumerate(layers):
            hidden, cell = cells[i]
            gates = np.concatenate([x, hidden, x, hidden]) * weight + bias
            forget, take, give = np.split(sigmoid(gates[: 3 * width]), 3)
            cell = cell * forget + take * np.tanh(gates[3 * width :])
            x = give * np.tanh(cell)
            cells[i] = x, cell
        prediction = x * out_scale + out_bias
        normalised = prediction - np.log(2 + np.sum(np.exp(prediction)))
        total = total + np.sum(sequence[t + 1] * normalised)
    return -total / (steps * width)


# --- against the published values ----------------------------------------------------------------------


def deviation(x: Any, y: Any) -> float:
    """ADBench's measure of disagreement, the largest over all numbers."""
    x, y = np.ravel(x), np.ravel(y)
    return float(np.max(np.abs(x - y) / np.maximum(1, np.abs(x) + np.abs(y))))


def deviations() -> dict[str, float]:
    """How far each value and each derivative is from the published one."""
    published = json.loads((DATA / "reference.json").read_text())
    parameters, points, gamma, m = read_mixture()
    likelihood, (d_alphas, d_means, d_factors) = value_and_grad(mixture)(parameters, points, gamma, m)
    camera, point, weight, feature = read_adjustment()
    blocks = jacobian(reprojection_error, argnums=(0, 1, 2))(camera, point, weight, feature)
    weights, state, sequence = read_lstm()
    loss, slopes = value_and_grad(lstm)(weights, state, sequence)
    gmm, ba = published["gmm"], published["ba"]
    d_mixture = np.concatenate([d_alphas, d_means.ravel(), d_factors.ravel()])
    error = reprojection_error(camera, point, weight, feature)
    return {
        "mixture, value": deviation(likelihood, gmm["objective"]),
        "mixture, gradient": deviation(d_mixture, gmm["gradient"]),
        "bundle adjustment, value": deviation(error, ba["reprojection_error"]),
        "bundle adjustment, Jacobian": deviation(np.concatenate(blocks, axis=1), ba["jacobian_2x15"]),
        "bundle adjustment, weight": deviation(jacobian(lambda w: 1 - w**2)(weight), ba["weight_derivative"]),
        "LSTM, value": deviation(loss, published["lstm"]["objective"]),
        "LSTM, gradient": deviation(np.concatenate([x.ravel() for x in slopes]), published["lstm"]["gradient"]),
    }


def main() -> None:
    """Say how far each is off."""
    for name, size in deviations().items():
        print(f"{name:28s} {size:.1e} from the published")


if __name__ == "__main__":
    run_program(main)
