"""Why a session did not begin, or how it ended: for whoever started it, who gives it an exit code."""

from __future__ import annotations

from typing import Final

from kiosk_tui.config.faults import ConfigError


class SessionError(Exception):
    """A session that did not begin, or had to end; the text is a sentence."""


class HeldError(SessionError):
    """Another process holds the register; the text says which."""


class JournalRefusedError(SessionError):
    """The journal cannot be opened: its disk, or what is in it."""


class UnavailableError(SessionError):
    """Something that was asked for is not installed, or cannot be opened."""


class FaultError(SessionError):
    """A fault of ours; the log has it."""


class TakenOverError(SessionError):
    """Another session asked for the register and has it now: an end in order."""


NO_SESSION: Final = (SessionError, ConfigError)
"""What a session raises; everything else is a fault of ours."""
