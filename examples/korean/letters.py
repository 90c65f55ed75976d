# Made from examples/shared/letters.py by python -m docs.korean.
"""글자 모델의 비교: 동요의 두 절만 빼고 모두 배운다. 뺀 절 중 하나로 고르고 마지막 절로 평가한다."""

from __future__ import annotations

from time import thread_time
from typing import Any

import numpy as np

from autograd import nn, no_grad
from autograd.nn import functional as F
from examples.shared.sequences import ALPHABET, CONTEXT, KNOWN, LETTERS, VERSE, pieces, train
from examples.korean.tuning import Trial

# 마지막 절(VERSE)을 뺀 동요는 빈 줄로 끝난다. 그 앞의 절까지 빼도 마찬가지이다.
_blank = np.flatnonzero((KNOWN[:-1] == KNOWN[-1]) & (KNOWN[1:] == KNOWN[-1]))
TAUGHT = KNOWN[: _blank[-2] + 2]


def letter_loss(logits: Any, targets: Any) -> Any:
    return F.cross_entropy(logits.reshape(-1, LETTERS), targets.ravel())


class LSTM(nn.Module):
    """글자의 번호 (길이, 배치)에서 다음 글자마다의 로짓 (길이, 배치, 글자 수)으로: 매개변수 28,484개."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.letters, self.cell = nn.Embedding(LETTERS, 32, rng=rng), nn.LSTM(32, 65, rng=rng)
        self.head = nn.Linear(65, LETTERS, rng=rng)

    def forward(self, codes: Any) -> Any:
        return self.head(self.cell(self.letters(codes))[0])


def bits(model: Any, before: Any, verse: Any) -> float:
    """한 절의 글자당 비트, 글자마다 앞의 48글자를 보고 말한다."""
    text = np.concatenate([before[-CONTEXT:], verse])
    windows = np.stack([text[i : i + CONTEXT] for i in range(len(verse))], axis=1)
    with no_grad():
        return float(letter_loss(model(windows)[-1], verse)) / np.log(2)


def teach_letters(kind: Any, steps: int, rate: float, seed: int) -> Trial:
    """48글자짜리 조각 16개의 미니배치; 끝에서 둘째 절로 검증하고 마지막 절로 평가한다."""
    rng = np.random.default_rng(seed)
    model = kind(rng)
    losses = train(model, pieces(TAUGHT, CONTEXT, 16, rng), letter_loss, steps, rate)
    chooses, judges = bits(model, TAUGHT, KNOWN[len(TAUGHT) :]), bits(model, KNOWN, VERSE)
    return Trial(chooses, judges, np.array(losses) / np.log(2), model)


def step_time(model: Any) -> float:
    """미니배치의 순전파와 역전파에 이 스레드가 쓰는 밀리초: 열 번 중 가장 짧은 것."""
    codes, targets = pieces(TAUGHT, CONTEXT, 16, np.random.default_rng(0))()
    times = []
    for _ in range(10):
        began = thread_time()
        letter_loss(model(codes), targets).backward()
        times.append(1000 * (thread_time() - began))
        model.zero_grad()
    return min(times)


def draw_attention(axes: Any, looked: Any, codes: Any) -> None:
    """헤드(`looked`의 한 행)마다 글자 하나(행)가 그 앞의 글자 하나하나(열)에서 얼마나 가져오는지."""
    names = [ALPHABET[k].replace("\n", "⏎").replace(" ", "␣") for k in codes]
    for head, (axis, shares) in enumerate(zip(axes, looked)):
        image = axis.imshow(shares, cmap="Blues", vmin=0, vmax=looked.max())
        axis.set_xticks(range(len(names)), names, fontsize=8)
        axis.set_yticks(range(len(names)), names, fontsize=8)
        axis.set(title=f"헤드 {head + 1}", xlabel="… 돌아보는 글자", ylabel="" if head % 2 else "글자마다 …")
    axes[0].figure.colorbar(image, ax=axes, label="어텐션의 몫")
