"""The file that holds what was compiled, beside the modules' own code.

As theirs, it is good for every Python whose code has the same number, and so outlives its security updates.
"""

from __future__ import annotations

import marshal
import sys
from _frozen_importlib_external import MAGIC_NUMBER
from _sre import CODESIZE, MAGIC  # type: ignore[import-not-found]
from typing import Any, Final

FILE: Final = f"{__file__.rpartition('/')[0]}/__pycache__/compiled.{sys.implementation.cache_tag}"
MADE_FOR: Final = (MAGIC_NUMBER, MAGIC, CODESIZE, sys.byteorder)
"""By what Python tells code that it can run, of modules and of patterns."""
_VERSION: Final = 2
"""Of the format: the last one whose bytes follow from the values alone, so that a package repeats."""


def read(file: str = FILE) -> dict[str, dict[Any, Any]]:
    """Return the tables by their names; none where they are missing, damaged or another Python's."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 - no `pathlib` before the first picture
            made_for, tables = marshal.loads(stream.read())  # noqa: S302 - as a `.pyc`, and beside them
    except (OSError, EOFError, TypeError, ValueError):
        return {}
    return tables if made_for == MADE_FOR and isinstance(tables, dict) else {}


def write(tables: dict[str, dict[Any, Any]], file: str = FILE) -> None:
    """Put the tables into the file, wholly or not at all. Raises `OSError`."""
    import os  # noqa: PLC0415 - when a program is installed
    from pathlib import Path  # noqa: PLC0415

    place = Path(file)
    place.parent.mkdir(exist_ok=True)
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    fresh.write_bytes(marshal.dumps((MADE_FOR, tables), _VERSION))
    fresh.replace(place)
