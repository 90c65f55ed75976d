"""What all tests share."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import settings

# A test of speed is a benchmark, not a test: a busy machine fails nothing here.
settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """Load the package's own plugin in a checkout too that is not installed."""
    if not config.pluginmanager.hasplugin("gradcheck"):
        config.pluginmanager.register(import_module("autograd.check.pytest_plugin"), "gradcheck")
