"""What ``import viz`` does not load."""

from __future__ import annotations

import subprocess
import sys

import viz


def test_the_checker_and_the_networks_load_when_they_are_asked_for() -> None:
    program = (
        "import sys, viz; early = {'autograd.check', 'autograd.nn'} & set(sys.modules); viz.draw_check; viz.summary; "
        "print(early, {'autograd.check', 'autograd.nn'} <= set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ran.stdout.split() == ["set()", "True"], ran.stderr


def test_everything_is_there() -> None:
    assert set(viz.__all__) <= set(dir(viz))
    assert all(getattr(viz, name) is not None for name in viz.__all__)
    assert not hasattr(viz, "draw_nothing")
