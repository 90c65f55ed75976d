"""Published values: ADBench's three objectives with their derivatives, and SciPy's Rosenbrock function."""

from __future__ import annotations

from examples.programs import adbench, minimise


def test_adbench_objectives_and_derivatives_are_the_published_ones() -> None:
    deviations = adbench.deviations()
    assert len(deviations) == 7
    assert {name: size for name, size in deviations.items() if not size < 1e-8} == {}


def test_scipy_takes_the_derivatives_as_they_are() -> None:
    results = minimise.main()
    assert all(difference < 1e-9 for difference in results.differences.values())
    for name, run in results.runs.items():
        assert abs(run.x - 1).max() < 1e-4, name
