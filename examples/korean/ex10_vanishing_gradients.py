# Made from examples/course/ex10_vanishing_gradients.py by python -m docs.korean.
"""기울기 소실: 시그모이드, tanh, ReLU를 쓴 열 층.

거꾸로 갈 때 층마다 기울기에 활성화 함수의 기울기가 곱해진다. 시그모이드의 기울기는 많아야 1/4이므로 열 층을 지나면 많아야 백만분의 1이
남는다. 앞쪽 층은 오차를 거의 전해 받지 못해 배우지 못한다. ReLU는 유닛이 켜진 곳에서 그대로 전하고, tanh도 거의 그렇다. 처음
가중치를 크게 하면(× 4, 0에서의 기울기 1/4을 되돌린다) 시그모이드 신경망에 도움이 된다. 예제 10b에서 모두 학습시킨다.

기울기 소실은 S. Hochreiter (1991)가 발견했다. 처음 가중치는 X. Glorot과 Y. Bengio (2010), K. He 외
(2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection

from autograd import nn
from autograd.nn import functional as F
from examples.shared.common import BLUE, RED, heading, plt, run, save
from examples.shared.datasets import digits

SIZES = (64, *[32] * 9, 10)
KINDS: dict[str, tuple[Any, float]] = {
    # 활성화 함수, 그리고 첫 가중치의 표준편차 × √입력 수.
    "sigmoid": (nn.Sigmoid, 1.0),
    "시그모이드, 가중치 × 4": (nn.Sigmoid, 4.0),
    "tanh": (nn.Tanh, 1.0),
    "ReLU": (nn.ReLU, np.sqrt(2)),
}


@dataclass
class Results:
    sizes: dict[str, list[float]]  # dJ/dW의 제곱평균제곱근, 첫 층부터 마지막 층까지


def network(kind: str, rng: np.random.Generator) -> nn.Sequential:
    activation, gain = KINDS[kind]
    parts: list[Any] = []
    for nin, nout in zip(SIZES, SIZES[1:]):
        layer = nn.Linear(nin, nout, rng=rng)
        nn.init.normal_(layer.weight, 0, gain / np.sqrt(nin), rng=rng)
        nn.init.zeros_(layer.bias)
        parts += [layer, activation()]
    return nn.Sequential(*parts[:-1])


def gradients(model: nn.Sequential, X: Any, y: Any) -> list[Any]:
    """학습하기 전, 배치 하나에 대한 모든 층의 dJ/dW."""
    model.zero_grad()
    F.cross_entropy(model(X), y).backward()
    return [layer.weight.grad for layer in model if isinstance(layer, nn.Linear)]


def draw(axis: Any, slopes: list[Any], largest: float, title: str, shown: int = 6) -> None:
    """층마다 처음 몇 유닛; 가중치의 기울기가 클수록 선이 붉다(여섯 자릿수에 걸쳐)."""
    for k, slope in enumerate(slopes):
        size = np.abs(slope[:shown, :shown])
        lines = [((k, -j), (k + 1, -i)) for i in range(size.shape[0]) for j in range(size.shape[1])]
        strength = np.clip(1 + np.log10(np.maximum(size.ravel(), 1e-300) / largest) / 6, 0, 1)
        axis.add_collection(LineCollection(lines, colors=RED, alpha=strength**2, linewidths=2.5 * strength))
        axis.text(k + 0.5, -shown - 0.1, f"{np.sqrt(np.mean(slope**2)):.0e}", ha="center", color=RED, fontsize=8)
    for k in range(len(slopes) + 1):
        axis.plot([k] * shown, -np.arange(shown), "o", ms=7, mfc="white", mec=BLUE)
    axis.set(title=title, xlim=(-0.3, len(slopes) + 0.3), ylim=(-shown - 0.4, 0.5))
    axis.set_axis_off()


def main(quick: bool, out: Path) -> Results:
    X, y, *_ = digits()
    heading("학습 전 dJ/dW의 제곱평균제곱근, 첫 층에서 마지막 층까지")
    flows, sizes = {}, {}
    for kind in KINDS:  # S1.3 learns too little: the vanishing gradient
        flows[kind] = gradients(network(kind, np.random.default_rng(0)), X[:256], y[:256])
        sizes[kind] = [float(np.sqrt(np.mean(slope**2))) for slope in flows[kind]]
        ratio = sizes[kind][0] / sizes[kind][-1]
        print(f"{kind:>21}: " + " ".join(f"{size:.0e}" for size in sizes[kind]) + f"; 첫째 / 마지막 = {ratio:.1e}")

    figure, axes = plt.subplots(2, 1, figsize=(9, 6.4))
    largest = max(float(np.abs(slope).max()) for slope in flows["ReLU"])
    for axis, kind in zip(axes, ("sigmoid", "ReLU")):
        draw(axis, flows[kind], largest, f"{kind}: dJ/dW의 크기, 층마다 유닛 여섯 개 (아래: 제곱평균제곱근)")
    save(figure, out, "10_vanishing_gradients")
    return Results(sizes)


if __name__ == "__main__":
    run(main)
