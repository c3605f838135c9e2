"""The disk of one machine, as `proofs.simulation` wants it, on files that forget.

Owns: when power is cut (at which call of SQLite to the file system) and what is left after it. The
process goes at that very call; what it still does in the same breath reaches a folder nobody reads.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal import rows
from proofs.power.files import Fate, Folder
from proofs.power.sqlite import Connection, Zeros, connect
from proofs.simulation.disk import ANY_OPEN, APPROVED_ONCE, CANCEL_ASKED, STATE, TRANSACTIONS

JOURNAL: Final = Path("journal.db")

_ZEROS: Final = 8 * 1024
"""Bytes of the log, where there are zeros, and as many more after each cut: they come behind a log."""

_UNREADABLE: Final = (sqlite3.Error, JournalUnavailableError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Cut:
    """Power goes at the `call`-th call since the last cut (1 is the first); `fate` of the unsynced."""

    call: int
    fate: Fate
    seed: int
    down_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Machine:
    """What is known before the power is switched on. `lies` and `keeps_names` are `Folder`'s.

    `zeros` is what the register does to its log.
    """

    cuts: tuple[Cut, ...] = ()
    fresh: bool = False
    checkpoint_pages: int = 1000
    zeros: Zeros = Zeros.NONE
    lies: bool = False
    keeps_names: bool = True


class PowerDisk:
    """Calls `cut` each time the power goes; `lose_power` is called back then."""

    def __init__(
        self, machine: Machine, cut: Callable[[], None], tell: Callable[[str], None]
    ) -> None:
        self._machine = machine
        self._cuts = list(machine.cuts)
        self._cut = cut
        self._tell = tell
        self._open: Connection | None = None
        self._opened_in: Folder | None = None
        self._refused = ""
        self.healed = False
        self.struck = 0
        self._mount({} if machine.fresh else _made_earlier())

    @property
    def calls(self) -> int:
        """How often the disk was asked since power came back."""
        return self.folder.calls

    def connect(self, _path: Path, synchronous: str) -> sqlite3.Connection:
        """Open the journal; a process that had it open is gone, and has closed it if it could."""
        self.close()
        self._opened_in = self.folder
        try:
            machine, size = self._machine, _ZEROS * (1 + self.struck)
            self._open = connect(
                self.folder, JOURNAL, synchronous, machine.checkpoint_pages, machine.zeros, size
            )
        except _UNREADABLE as error:
            self._refused = str(error)
            raise
        found: Any = self._open
        return found  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close the journal in good order."""
        if self._open is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open.close()
            self._open = None

    def lose_power(self) -> None:
        """Put in the place of all files what the cut leaves of them."""
        cut = self._cuts.pop(0)
        self.struck += 1
        self._mount(self.folder.survivors(cut.fate, cut.seed))

    def transactions(self) -> list[Transaction]:
        """Return what the journal holds; nothing when it cannot be read (see `damage`)."""
        try:
            return [rows.read_transaction(row) for row in self._execute(TRANSACTIONS)]
        except _UNREADABLE:
            return []

    def anything_open(self) -> bool:
        """Say whether the journal may hold a transaction that has not ended."""
        if self._refused:
            return False  # it will never open: nothing to wait for
        if self._open is None or self._open.closed:
            return True
        try:
            return self._execute(ANY_OPEN).fetchone() is not None
        except _UNREADABLE:
            return True

    def state(self, transaction_id: str) -> str:
        """Return the state that is committed, or nothing."""
        if self._open is not None and not self._open.closed and self._open.in_transaction:
            return "(not committed)"
        found = self._execute(STATE, (int(transaction_id),)).fetchone()
        return "" if found is None else str(found[0])

    def was_approved(self, transaction_id: str) -> bool:
        """Say whether the event log holds an approval."""
        return self._execute(APPROVED_ONCE, (int(transaction_id),)).fetchone() is not None

    def cancellation_asked(self, transaction_id: str) -> bool:
        """Say whether the event log holds staff's wish to cancel it."""
        return self._execute(CANCEL_ASKED, (int(transaction_id),)).fetchone() is not None

    def holds(self, secret: bytes) -> bool:
        """Say whether these bytes are in any file."""
        return any(secret in content for content in self.folder.everything().values())

    def damage(self) -> list[str]:
        """Return what SQLite finds wrong with the file, a sentence each."""
        if self._refused:
            return [f"The journal cannot be opened: {self._refused}"]
        try:
            found = [row[0] for row in self._execute("PRAGMA integrity_check")]
        except _UNREADABLE as error:
            return [f"The journal cannot be read: {error}."]
        return [f"The file is damaged: {line}." for line in found if line != "ok"]

    def _execute(self, text: str, values: tuple[int, ...] = ()) -> sqlite3.Cursor:
        # one that was open when the power went still shows what the cut has taken away
        if self._open is None or self._open.closed or self._opened_in is not self.folder:
            self.connect(JOURNAL, "FULL")
        found: Any = self._open
        return found.execute(text, values)  # type: ignore[no-any-return]

    def _mount(self, files: dict[str, bytes]) -> None:
        self.folder = Folder(files, lies=self._machine.lies, keeps_names=self._machine.keeps_names)
        self.folder.cut_at = self._cuts[0].call if self._cuts else 0
        self.folder.on_cut = self._goes

    def _goes(self, what: str) -> None:
        if not self.healed:
            cut = self._cuts[0]
            self._tell(f"POWER CUT at call {cut.call} ({what}); the unsynced is {cut.fate}")
            self._cut()


@cache
def _made_earlier() -> dict[str, bytes]:
    """Return the files of a journal that was made, closed and written to the disk long ago."""
    folder = Folder()
    connect(folder, JOURNAL, "FULL", 1000).close()
    return folder.everything()
