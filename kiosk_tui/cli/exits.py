"""Exit codes: sysexits where they fit."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class Exit(IntEnum):
    """What a script can tell from the exit code."""

    OK = 0
    DECLINED = 1
    FAILED = 1
    USAGE = 2
    BAD_DATA = 65
    UNAVAILABLE = 69
    SOFTWARE = 70
    TRY_AGAIN = 75
    CONFIG = 78
    INTERRUPTED = 130


class CommandError(Exception):
    """Ends a command with one sentence on stderr, `more` each on a line of its own, and an exit code."""

    def __init__(self, code: Exit, sentence: str, more: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.code = code
        self.more = more
