"""The command lines that mean the full screen, read without the parser.

Building the parser for every command costs a tenth of the first picture. What is not one of these few
plain forms is the parser's, which reads each of these the same (a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Final

_MODES: Final = ("kiosk", "lane", "technician")


def full_screen(arguments: Sequence[str]) -> SimpleNamespace | None:
    """Read `[run] [--demo] [--mode MODE] [--config FILE]`; None for anything else."""
    told = SimpleNamespace(command="run", config=None, mode=None, demo=False, plain=False)
    rest = list(arguments[1:] if arguments[:1] == ["run"] else arguments)
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option == "--demo" and not equals:
            told.demo = True
            continue
        if option not in ("--mode", "--config") or not (equals or rest):
            return None
        value = value if equals else rest.pop(0)
        if option == "--mode" and value in _MODES:
            told.mode = value
        elif option == "--config" and value and not value.startswith("-"):
            told.config = Path(value)
        else:
            return None
    return told
