# Made from examples/exercises/ex17.py by python -m docs.korean.
"""17장 연습 문제: 데이터의 크기와 성능."""

from __future__ import annotations

from typing import Any

import numpy as np

from examples.korean.exercises.judge import Wrong, exercise, is_number


@exercise()
def standard_error(answer: Any) -> None:
    """신경망이 테스트 그림 400장 중 90 %를 맞힌다. 이 비율의 표준오차는 몇 %인가?"""
    is_number(answer, 1.5, {0.015: "퍼센트로 답하라", 0.0225: "제곱근이 빠졌다", 30: "그림의 수로 나눈다"})


@exercise()
def limit(answer: Any) -> None:
    """클래스가 10개인 그림에서 레이블의 5분의 1을 무작위로 뽑았다. 가능한 가장 높은 정확도는 몇 %인가?"""
    is_number(answer, 82, {80: "무작위 레이블도 맞을 수 있다", 0.82: "퍼센트로 답하라", 98: "5분의 1은 20 %이다"})


@exercise("""
    def split(count, test, seed):
        rng = np.random.default_rng(seed)
        return rng.integers(0, count, count - test), rng.integers(0, count, test)
""")
def split(answer: Any) -> None:
    """`count`개의 행에서 학습용 행과 테스트용 행을 고르는 다음 코드에서 틀린 곳을 찾아라."""
    for count, test in ((10, 3), (100, 20)):
        rows, others = answer(count, test, 0)
        if len(rows) != count - test or len(others) != test:
            raise Wrong(f"행은 {count - test}개와 {test}개가 필요한데 {len(rows)}개와 {len(others)}개이다")
        if set(map(int, rows)) & set(map(int, others)):
            raise Wrong("어떤 행은 학습에도 테스트에도 쓰인다: 그러면 테스트가 아니다")
        if {*map(int, rows), *map(int, others)} != set(range(count)):
            raise Wrong("어떤 행은 한 번도 뽑히지 않는다: 다른 행이 두 번 뽑히거나 없는 행이 뽑힌다")
        if np.array_equal(rows, answer(count, test, 1)[0]):
            raise Wrong("시드가 다르면 다른 행을 뽑아야 한다")
