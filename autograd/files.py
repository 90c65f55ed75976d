"""Writing a file so that it is there either whole or as it was before."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to a temporary file beside `path`, and put that in its place.

    Raises
    ------
    OSError
        If the file cannot be written; the error names `path`. What was there before is untouched.
    """
    temporary = path.with_name(f".{path.name[:50]}.{os.urandom(16).hex()}.part")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise
