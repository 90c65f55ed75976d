"""What ``import viz`` does not load."""

from __future__ import annotations

import subprocess
import sys

import viz

LATER = {"autograd.check", "autograd.nn", "viz.page.live", "viz.fonts", "html", "subprocess"}
"""Slow to load, and of no use to most pictures."""


def test_what_is_slow_loads_when_it_is_asked_for() -> None:
    program = (
        "import sys, autograd; before = set(sys.modules); import viz; "
        f"print({LATER} & set(sys.modules) - before); viz.draw_check, viz.summary, viz.LivePage; "
        "print({'autograd.check', 'autograd.nn', 'viz.page.live'} <= set(sys.modules), callable(viz.page))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ran.stdout.split() == ["set()", "True", "True"], ran.stderr


def test_everything_is_there() -> None:
    assert set(viz.__all__) <= set(dir(viz))
    assert all(getattr(viz, name) is not None for name in viz.__all__)
    assert not hasattr(viz, "draw_nothing")
