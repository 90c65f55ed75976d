"""A file is there either whole or as it was before."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from autograd.files import write_whole


def test_a_file_is_written_with_the_usual_permissions(tmp_path: Path) -> None:
    path, usual = tmp_path / "new", tmp_path / "usual"
    usual.write_bytes(b"")
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two" and path.stat().st_mode == usual.stat().st_mode
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new", "usual"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "no space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, error: BaseException
) -> None:
    def fail(*args: object) -> None:
        raise error

    path = tmp_path / "state"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(type(error)) as raised:
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["state"]
    if isinstance(error, OSError):
        assert str(path) in str(raised.value) and ".part" not in str(raised.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "state"
    with pytest.raises(FileNotFoundError, match="missing.state'"):
        write_whole(path, b"new")
