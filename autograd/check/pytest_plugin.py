"""pytest: the fixture `gradcheck`. An undecided gradient fails the test too: it has not been shown to be right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .point import check_vjp
from .report import GradientError, Report


class GradCheck:
    """What the fixture `gradcheck` gives: call it to check at one point, or `for_all` for a whole domain."""

    def __call__(
        self, f: Callable[..., Any], *xs: Any, vjp: Callable[..., Any] | None = None, **options: Any
    ) -> Report:
        """Check at the point `xs`: ``gradcheck(f, x)`` for an engine's program, ``gradcheck(f, vjp, x)`` for a pair."""
        __tracebackhide__ = True
        if vjp is None and xs and callable(xs[0]):
            vjp, xs = xs[0], xs[1:]
        if vjp is not None:
            report = check_vjp(f, vjp, *xs, **options)
        else:
            from .engine import check_gradient

            report = check_gradient(f, *xs, **options)
        return _demand(report)

    def for_all(self, f: Callable[..., Any], *domains: Any, **options: Any) -> Report:
        """Check at all points of a domain; see `autograd.check.check_for_all`."""
        __tracebackhide__ = True
        from .forall import check_for_all

        return _demand(check_for_all(f, *domains, **options))


def _demand(report: Report) -> Report:
    __tracebackhide__ = True
    if not report:
        raise GradientError(report)
    return report


@pytest.fixture
def gradcheck() -> GradCheck:
    """Check gradients: ``gradcheck(f, x)``, ``gradcheck(f, vjp, x)``, ``gradcheck.for_all(f, "positive")``."""
    return GradCheck()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A wrong gradient is told by its report alone: no tracebacks through the checker, no notes of hypothesis."""
    result = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, GradientError):
        result.longrepr = str(call.excinfo.value.report)
    return result


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """``assert report.verdict == …`` is short by itself; ``assert report == …`` shows the report."""
    if isinstance(left, Report):
        return [f"verdict {left.verdict!r}", *str(left).splitlines()]
    return None
