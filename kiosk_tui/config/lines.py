"""In which line of a configuration file a setting stands, as far as that can be seen at a glance.

TOML's reader does not tell. A key that is written in some rarer way (quoted, dotted) has no line here.
"""

from __future__ import annotations

import re
from typing import Final

_HEADER: Final = re.compile(r"\s*\[\s*(\w+)\s*\]\s*(?:#.*)?")
_KEY: Final = re.compile(r"\s*(\w+)\s*=")


def lines(text: str) -> dict[str, int]:
    """Return the number of the line of each `section.key`."""
    found: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.fullmatch(line.rstrip("\r")):
            section = header[1]
        elif key := _KEY.match(line):
            found.setdefault(f"{section}.{key[1]}", number)
    return found
