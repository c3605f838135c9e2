"""How a kiosk stands, for head office: what its register says of itself, and what its disk says.

The register is asked, and never waited for: one that ended or hangs is told as such.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from kiosk_tui import __version__
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.fleet.source import JournalSource
from kiosk_tui.fleet.wire import Health
from kiosk_tui.journal.disk_space import free_bytes
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)

EVERY_S: Final = 20.0
"""The register is asked at most so often."""
NOT_RUNNING: Final = "not_running"
SILENT: Final = "silent"
OTHER_VERSION: Final = "other_version"
"""It runs a version that this one cannot ask: after an update, until the register starts anew."""
_WORD: Final = re.compile(r"[A-Za-z0-9_.:+-]{0,40}")
_TERMINAL: Final = re.compile(r"[0-9A-Za-z]{1,8}")


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What a register says of itself. `trouble` is why it says nothing; all else is empty then."""

    trouble: str = ""
    ready: bool = False
    obstacle: str = ""
    since: datetime | None = None
    version: str = ""
    mode: str = ""
    terminal: str = ""
    terminal_state: str = ""
    due: int = 0


class HealthWatch:
    """Takes a kiosk's health, from a report that is at most `EVERY_S` old."""

    def __init__(
        self,
        source: JournalSource,
        ask: Callable[[], Awaitable[RegisterReport]],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        *,
        closed: Callable[[], bool] = lambda: False,
        configured: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Take health by these: `closed` and `configured` say what head office has ordered."""
        self._source = source
        self._ask = ask
        self._clock = clock
        self._now = now
        self._closed = closed
        self._configured = configured
        self._report = RegisterReport(NOT_RUNNING)
        self._asked_at: float | None = None
        self._silent_since: datetime | None = None
        self._due = 0
        self._read_at: tuple[int, bool] | None = None
        self._last_payment: datetime | None = None

    async def take(self, queued: int, newest: int) -> Health:
        """Return the health now: `queued` events wait, and `newest` is the outbox's last place."""
        await self._look()
        report = self._report
        self._read(newest)
        terminal = report.terminal if _TERMINAL.fullmatch(report.terminal) else None
        return Health(
            ready=report.ready,
            reason=_word(report.trouble or report.obstacle),
            since=self._silent_since if report.trouble else report.since,
            version=_word(report.version or __version__),
            mode=_word(report.mode),
            terminal=terminal,
            terminal_state=_word(report.terminal_state),
            disk_free_bytes=self._free(),
            queued=queued,
            due=self._due if report.trouble else report.due,
            last_payment_at=self._last_payment,
            closed_by_office=self._closed(),
            configuration=self._configured(),
        )

    def _read(self, newest: int) -> None:
        """Learn from the journal what nobody else says. Without a new event nothing is asked."""
        known = newest, bool(self._report.trouble)
        if known == self._read_at:
            return
        with contextlib.suppress(JournalUnavailableError):  # whoever ships says so
            reader = self._source.reader()
            paid = reader.transactions(states=(State.APPROVED,), limit=1)
            self._last_payment = paid[0].updated_at if paid else None
            if self._report.trouble:  # counts every row, as nobody pays meanwhile
                self._due = len(reader.contents().ids(DUE))
            self._read_at = known

    async def _look(self) -> None:
        at = self._clock()
        if self._asked_at is not None and at - self._asked_at < EVERY_S:
            return
        self._asked_at = at
        self._report = await self._ask()
        if not self._report.trouble:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = self._now()
            log.info("the register says nothing: %s", self._report.trouble)

    def _free(self) -> int | None:
        try:
            return free_bytes(self._source.path.parent)
        except (OSError, JournalUnavailableError):
            return None


def _word(text: str) -> str:
    return text if _WORD.fullmatch(text) else ""
