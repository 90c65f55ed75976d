"""What all tests share."""

from __future__ import annotations

from importlib import import_module

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Load the package's own plugin in a checkout too that is not installed."""
    if not config.pluginmanager.hasplugin("gradcheck"):
        config.pluginmanager.register(import_module("autograd.check.pytest_plugin"), "gradcheck")
