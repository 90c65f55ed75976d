# Made from examples/shared/tuning.py by python -m docs.korean.
"""심사를 견딜 비교: 모두에게 같은 학습률 후보, 검증으로 고르기, 여러 시드."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

import numpy as np

from autograd import nn, optim, training
from autograd.nn import functional as F
from examples.shared.common import BLUE, GREY
from examples.shared.progress import progress


@dataclass(frozen=True)
class Split:
    """배우는 데 쓰는 행, 학습률과 멈출 때를 고르는 행, 평가에만 쓰는 행: 각각 X와 y."""

    train: tuple[Any, Any]
    validation: tuple[Any, Any]
    test: tuple[Any, Any]

    def first(self, count: int) -> Split:
        """같은 것을 배우는 행을 `count`개로 줄여서."""
        X, y = self.train
        return Split((X[:count], y[:count]), self.validation, self.test)


@dataclass(frozen=True)
class Trial:
    """학습 한 번: 검증 손실, 테스트 행의 평가, 손실들, 그리고 끝난 때."""

    validation: float
    test: Any
    curve: np.ndarray
    model: Any = None


@dataclass(frozen=True)
class Tuned:
    """모든 시드의 평균 검증 손실이 가장 작은 학습률; 그리고 시드마다의 학습."""

    losses: dict[float, float]
    """학습률마다 평균 검증 손실."""
    rate: float
    trials: list[Trial]

    @property
    def tests(self) -> Any:
        return np.hstack([trial.test for trial in self.trials])

    @property
    def curves(self) -> Any:
        return np.array([trial.curve for trial in self.trials])


def split(X: Any, y: Any, validation: int, test: int, seed: int) -> Split:
    """행을 무작위로 섞어 마지막 `test`개와 그 앞의 `validation`개를 따로 둔다."""
    order = np.random.default_rng(seed).permutation(len(y))
    parts = np.split(order, [len(y) - validation - test, len(y) - test])
    return Split(*((X[part], y[part]) for part in parts))


def tune(trial: Callable[[float, int], Trial], rates: Any, seeds: int, what: str) -> Tuned:
    """모든 학습률을 모든 시드로, 진행 막대를 보이며 실행하고 가장 좋은 학습률을 남긴다."""
    pairs = [(rate, seed) for rate in rates for seed in range(seeds)]
    trials = [trial(rate, seed) for rate, seed in progress(pairs, what)]
    runs = {rate: trials[k * seeds : (k + 1) * seeds] for k, rate in enumerate(rates)}
    losses = {rate: float(np.mean([one.validation for one in some])) for rate, some in runs.items()}
    rate = min(rates, key=lambda rate: np.nan_to_num(losses[rate], nan=np.inf))
    return Tuned(losses, rate, runs[rate])


def dense(sizes: Sequence[int], rng: np.random.Generator, activation: Any = nn.ReLU) -> nn.Sequential:
    """이 크기의 완전 연결층들, 입력이 먼저, 사이에 활성화 함수; 단정밀도."""
    layers = [nn.Linear(nin, nout, rng=rng, dtype=np.float32) for nin, nout in zip(sizes, sizes[1:])]
    return nn.Sequential(*[part for layer in layers for part in (layer, activation())][:-1])


def learn(
    model: Any,
    data: Split,
    rate: float,
    epochs: int,
    seed: int,
    loss: Any = F.cross_entropy,
    metric: Any = training.accuracy,
    batch_size: int = 32,
    patience: int | None = None,
) -> Trial:
    """검증 손실이 `patience` 에폭(전체의 5분의 1) 동안 나아지지 않을 때까지 Adam; 가장 좋았던 때로 평가한다.

    정확도로, `metric`이 없으면 손실로 평가한다. 곡선: 에폭마다 스텝들의 평균 손실과 그 뒤의 검증 손실.
    """
    optimizer = optim.Adam(model.parameters(), lr=rate)
    history = training.fit(
        model, *data.train, loss=loss, optimizer=optimizer, epochs=epochs, batch_size=batch_size,
        validation=data.validation, early_stopping=patience or max(5, epochs // 5), rng=seed, progress=False,
    )  # fmt: skip
    found = training.evaluate(model, *data.test, loss, metric)
    losses = np.transpose([history["loss"], history["val_loss"]])
    return Trial(losses[:, 1].min(), list(found.values())[-1], losses, model)


def spread(numbers: Any, digits: int = 1) -> str:
    """평균 ± 표준 편차."""
    return f"{np.mean(numbers):.{digits}f} ± {np.std(numbers, ddof=1):.{digits}f}"


def plot_spread(axis: Any, groups: dict[str, np.ndarray], each: str, **settings: Any) -> None:
    """무리마다 기둥 하나: 수는 점으로(범례에서 `each`), 평균 ± 표준 편차와 함께."""
    for place, numbers in enumerate(groups.values()):
        across = place + np.linspace(-0.2, 0.1, len(numbers))
        axis.plot(across, numbers, ".", color=GREY, label="" if place else each)
        bar = {"yerr": np.std(numbers, ddof=1), "label": "" if place else "평균 ± 표준 편차"}
        axis.errorbar(place + 0.25, np.mean(numbers), fmt="o", color=BLUE, capsize=4, **bar)
    axis.set_xticks(range(len(groups)), groups)
    axis.set_xlim(-0.5, len(groups) - 0.4)
    axis.margins(y=0.15)
    axis.set(**settings)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2)


def plot_losses(axis: Any, tuned: Tuned, colour: str, name: str) -> None:
    """에폭에 따른 스텝의 손실(점선)과 검증 손실: 평균, 그리고 ± 표준 편차의 띠."""
    for k, (what, style) in enumerate((("훈련", "--"), ("나머지", "-"))):
        mean, deviation = tuned.curves[:, :, k].mean(axis=0), tuned.curves[:, :, k].std(axis=0, ddof=1)
        axis.plot(mean, style, color=colour, label=f"{name}, {what}")
        axis.fill_between(range(len(mean)), mean - deviation, mean + deviation, color=colour, alpha=0.15, lw=0)
    axis.legend(title="평균, 그리고 ± 표준 편차의 띠")
