"""Exit codes: sysexits where they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.remote.sockets.places import SocketError
from kiosk_tui.session import errors


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


@contextmanager
def session_exits(not_opened: Exit = Exit.TRY_AGAIN) -> Iterator[None]:
    """Give what ends a session its exit code. `not_opened`: the journal is held, or cannot be opened."""
    try:
        yield
    except Exception as error:
        code = _code_of(error, not_opened)
        if code is None:
            raise
        raise CommandError(code, str(error)) from error


def _code_of(error: Exception, not_opened: Exit) -> Exit | None:
    # a command line that is wrong needs none of these

    codes: dict[type[Exception], Exit] = {
        errors.HeldError: not_opened,
        errors.JournalRefusedError: not_opened,
        errors.UnavailableError: Exit.UNAVAILABLE,
        errors.FaultError: Exit.SOFTWARE,
        errors.TakenOverError: Exit.OK,
        JournalUnavailableError: Exit.UNAVAILABLE,
        SocketError: Exit.UNAVAILABLE,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
