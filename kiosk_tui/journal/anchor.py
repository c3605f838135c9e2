"""An anchor: a second copy of the journal's watermark, outside of the journal's file system.

Owns: one line in a file that the configuration names (`journal.anchor`): the journal's identity, its
last id and receipt number, and whose it is (this machine, this terminal). A file system that came back
empty, or without its last days, cannot be told from a fresh one by anything that lies on it. With an
anchor it can, and the register then stays closed until a person has looked.

The line is synced when a journal is new and when another one takes its place; after each commit it is
overwritten without a sync, so a payment costs no second one. A power cut may leave it half a minute
behind (what the kernel keeps in memory), and a journal that lost less than that is not noticed by it.
That is enough: the last commits are protected by the journal's own sync; the anchor is for a journal that
is gone, another one, or far behind. It is never ahead of the journal.

Invariant: nothing here stops a payment of an intact journal. An anchor of another register is reported,
and neither obeyed nor overwritten: several registers may have been given the same path.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal import rows
from kiosk_tui.journal.database import Connect, connect
from kiosk_tui.journal.refusals import anchored_gone, another_than_anchored, behind_its_anchor
from kiosk_tui.journal.watermark import LONGEST, Known, WatermarkLine, parse
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)

MACHINE: Final = Path("/etc/machine-id")
UNKNOWN: Final = "unknown"
"""What stands for a machine without an id, and for a terminal without a number."""

NO_ANCHOR: Final = (
    "There is no anchor (journal.anchor): a journal that is lost with its whole file system would not be"
    " missed."
)

_KNOWN: Final = 3


class AnchorState(Enum):
    """What there is at an anchor's path."""

    NONE = auto()
    OURS = auto()
    ANOTHERS = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class AnchorReading:
    """What an anchor says; `trouble` is a sentence for staff where it is not ours."""

    standing: AnchorState
    known: Known | None = None
    trouble: str = ""


class Anchor(WatermarkLine):
    """The anchor of one register. Only `compare` raises, and only for the journal's sake."""

    def __init__(self, path: Path, terminal: str, machine: Path = MACHINE) -> None:
        self._whose = (_id_of(machine), terminal or UNKNOWN)
        super().__init__(path, tail=" " + " ".join(self._whose))
        self._told = False

    def look(self) -> AnchorReading:
        """Read it. Never raises."""
        try:
            text = _read(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return AnchorReading(AnchorState.NONE)
        except (OSError, ValueError) as error:
            why = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
            return AnchorReading(AnchorState.UNREADABLE, None, self._unreadable(why))
        if not text:
            return AnchorReading(AnchorState.NONE)  # a file that somebody made for us to write into
        try:
            known = parse(text.split()[:_KNOWN])
            machine, terminal = text.split()[_KNOWN:]
        except ValueError:
            return AnchorReading(
                AnchorState.UNREADABLE, None, self._unreadable("it is no anchor's line")
            )
        if (machine, terminal) == self._whose:
            return AnchorReading(AnchorState.OURS, known)
        whose = "machine" if machine != self._whose[0] else "terminal"
        return AnchorReading(
            AnchorState.ANOTHERS,
            known,
            f"The anchor {self.path} belongs to another {whose}: give each register a path of its"
            " own ([journal] anchor), or remove the file.",
        )

    def known(self) -> Known | None:
        """Return what our own anchor says; None when there is none, or not ours, or unreadable."""
        seen = self.look()
        return seen.known if seen.standing is AnchorState.OURS else None

    def misses(self, path: Path) -> str:
        """Return why a journal is missing at `path`; empty when there need not be one."""
        if path.exists() and not (path.is_file() and path.stat().st_size == 0):
            return ""
        waits = self.look().standing in (AnchorState.OURS, AnchorState.UNREADABLE)
        return anchored_gone(path, self.path) if waits else ""

    def advice(self, path: Path) -> str:
        """Return what is wrong with the anchor of the journal at `path`; empty when nothing is."""
        seen = self.look()
        if seen.trouble:
            return seen.trouble
        if seen.standing is AnchorState.NONE:
            return (
                f"The anchor {self.path} is not there yet: the register writes it when it starts."
            )
        if self.path.stat().st_dev == path.parent.stat().st_dev:
            return (
                f"The anchor {self.path} lies on the journal's own file system, and would be lost with"
                " it: name a file on another one."
            )
        return ""

    def compare(self, connection: sqlite3.Connection, path: Path) -> None:
        """Compare an opened journal with the anchor, then keep the anchor up to date with it.

        Raises `JournalUnavailableError` when it is another journal, or behind the anchor.
        """
        self._told = False
        reached = rows.reached(connection)
        seen = self.look()
        same = seen.known is not None and seen.known.identity == reached.identity
        if seen.standing is AnchorState.OURS and seen.known is not None:
            for trouble in self.troubles(connection, path, seen.known):
                raise JournalUnavailableError(trouble)
        elif seen.trouble:
            log.warning("%s%s", seen.trouble, " It is written anew." * (seen.known is None))
        if seen.standing is AnchorState.ANOTHERS and not same:
            return
        if seen.standing is not AnchorState.OURS or not same:
            # also for the same journal on another machine, or with another terminal
            self._write(reached)
        self.follow(reached.identity)
        self.note(reached.last_id, reached.last_receipt)

    def troubles(self, connection: sqlite3.Connection, path: Path, known: Known) -> Iterator[str]:
        """Yield why a journal is not the one that the anchor names, in sentences."""
        reached = rows.reached(connection)
        if known.identity == reached.identity:
            if known.is_ahead_of(reached):
                yield behind_its_anchor(path, reached, self.path, known)
        elif known.identity != rows.follows(connection):
            yield another_than_anchored(path, self.path)

    def move(self, known: Known) -> None:
        """Name this journal from now on, synced; unless the anchor is another's. Never raises."""
        seen = self.look()
        if seen.standing is AnchorState.ANOTHERS:
            log.warning("%s", seen.trouble)
        else:
            self._write(known)

    def _write(self, known: Known) -> None:
        """Write and sync it. A failure is only logged."""
        try:
            self.make(known)
        except OSError as error:
            self._failed(error)

    def make(self, known: Known) -> None:
        """Write and sync it: by a new file, or in place where its folder cannot be written."""
        try:
            super().make(known)
        except OSError:
            flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            file = os.open(self.path, flags)
            try:
                os.pwrite(file, self._line(known), 0)
                os.ftruncate(file, len(self._line(known)))
                os.fsync(file)
            finally:
                os.close(file)

    def _unreadable(self, why: str) -> str:
        return f"The anchor {self.path} cannot be read: {why}."

    def _failed(self, error: OSError) -> None:
        if not self._told:  # logged once, not with every payment
            log.warning(
                "The anchor %s cannot be written (%s): payments go on, but a journal that is lost"
                " would not be missed.",
                self.path,
                error.strerror or error,
            )
        self._told = True


def open_anchored(
    path: Path,
    anchor: Anchor | None,
    synchronous: str = "FULL",
    opened: Connect = connect,
) -> sqlite3.Connection:
    """Open a journal that an anchor may know of. Raises as `database.connect` does."""
    if anchor is None:
        return opened(path, synchronous)
    missed = anchor.misses(path)
    if missed:
        raise JournalUnavailableError(missed)
    connection = opened(path, synchronous)
    try:
        anchor.compare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _read(path: Path) -> str:
    # O_NONBLOCK: no waiting for a pipe's other end
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise ValueError("it is no file")
        return os.read(file, LONGEST).decode("ascii")
    finally:
        os.close(file)


def _id_of(machine: Path) -> str:
    """Return this machine's id. Without one, as in some containers, all such machines are the same."""
    try:
        text = _read(machine).strip()
    except (OSError, ValueError):
        return UNKNOWN
    return text if text.isalnum() else UNKNOWN
