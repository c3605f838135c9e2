"""`python -m kiosk_tui.compiled`: load what a start loads, and write what was compiled for it."""

from __future__ import annotations

import importlib
import sys

from kiosk_tui.compiled import generated, patterns, table
from kiosk_tui.compiled.taking import GENERATED, LOADED, PATTERNS


def write(file: str = table.FILE) -> None:
    """Write the file anew. Raises `OSError`."""
    with patterns.noted() as found, generated.noted() as code:
        for name in LOADED:
            importlib.import_module(name)
    table.write({PATTERNS: found, GENERATED: code}, file)


if __name__ == "__main__":
    write(*sys.argv[1:])
