"""The file that a monitoring system reads: always whole, never waited for."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from kiosk_tui.files import reading, writing

_MOST_BYTES: Final = 100_000


def write(path: Path, text: str) -> None:
    """Put a text in the place of the one before, at once and whole. Raises `OSError`."""
    # the exporter reads every *.prom in the folder: half a file must be called otherwise
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        writing.write(draft, text, 0o644)  # the exporter is another user
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def read(path: Path) -> str:
    """Return what was written last, or nothing."""
    try:
        return reading.read(path, _MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
