"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import count
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import settings

# A test of speed is a benchmark, not a test: a busy machine fails nothing here.
settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.register_profile("few", parent=settings.get_profile("unhurried"), max_examples=5)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """Load the package's own plugin in a checkout too that is not installed."""
    if not config.pluginmanager.hasplugin("gradcheck"):
        config.pluginmanager.register(import_module("autograd.check.pytest_plugin"), "gradcheck")
    config.pluginmanager.register(ForgetExamples())


class ForgetExamples:
    """What the example of a docstring registers is out of the table again after it: its names are gone by then."""

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        table = import_module("autograd.rules.table")
        before = set(table.RULES)
        yield
        if isinstance(item, pytest.DoctestItem):
            for name in table.RULES.keys() - before:
                del table.RULES[name]
                for kind in table.KINDS:
                    if name in vars(kind):
                        delattr(kind, name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which cases this NumPy has no function for, and what was left out for want of a program."""
    left_out = import_module("tests.autograd.functions.numpy_cases").LEFT_OUT
    if left_out:
        terminalreporter.section(f"not collected, since NumPy {np.__version__} refuses them itself: {len(left_out)}")
        terminalreporter.write_line("\n".join(left_out))
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = {reason[2].removeprefix("Skipped: ") for reason in skipped if isinstance(reason, tuple)}
    for reason in sorted(reasons):
        if reason.startswith("left out: "):
            terminalreporter.write_line(reason)


_fresh_seeds = np.random.SeedSequence


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give the test random choices of its own, the same in every run. (A check draws fresh ones at each call.)"""
    seeds = count(crc32(item.name.encode()))

    def seeded(entropy: Any = None, **settings: Any) -> Any:
        return _fresh_seeds(next(seeds) if entropy is None else entropy, **settings)

    np.random.SeedSequence = seeded
