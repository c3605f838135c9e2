"""A note beside the journal: the payment whose end nobody at the screen has seen yet.

One line in `<journal>.unseen`: the transaction's id, and whether its slip was printed. It is made
when a payment begins and removed when a key shows that somebody is there after its end, so a line
that was cut, a crash and a power cut all leave it. No payment depends on it: who loses it has to look
into the list, and a disk that refuses it costs a line in the log.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.files.reading import read
from kiosk_tui.files.writing import write
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.records import dataclass
from kiosk_tui.session.register import OpenRegister

LONGEST: Final = 200
"""Bytes of a note; what is longer is none."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """What the note says."""

    transaction_id: str
    printed: bool = False


class Unread:
    """The note of one journal, kept by whoever holds the register. Nothing here waits or raises."""

    def __init__(self, journal: Path) -> None:
        self._path = journal.with_name(journal.name + ".unseen")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="unseen")
        self._note: Note | None = None

    def found(self) -> Note | None:
        """Return what an earlier process left."""
        try:
            number, *rest = read(self._path, LONGEST).decode("ascii").split()
        except (OSError, ValueError):
            return None
        if not number.isdigit() or len(number) > 18:  # noqa: PLR2004 - no id of ours
            return None
        self._note = Note(number, rest == ["printed"])
        return self._note

    def begun(self, transaction_id: str) -> None:
        """Take note that a payment has begun."""
        self._keep(Note(transaction_id))

    def printed(self, transaction_id: str) -> None:
        """Take note that its slip is printed: it is not printed again."""
        if self._note is not None and self._note.transaction_id == transaction_id:
            self._keep(Note(transaction_id, printed=True))

    def seen(self) -> None:
        """Somebody has seen how it ended."""
        if self._note is not None:
            self._note = None
            self._soon(lambda: self._path.unlink(missing_ok=True))

    def close(self) -> None:
        """Finish what is being written."""
        self._thread.shutdown(wait=True)

    def _keep(self, note: Note) -> None:
        self._note = note
        word = " printed" if note.printed else ""
        self._soon(lambda: self._write(f"{note.transaction_id}{word}\n"))

    def _write(self, text: str) -> None:
        draft = self._path.with_name(self._path.name + ".new")
        write(draft, text)
        draft.replace(self._path)

    def _soon(self, work: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # closed: a slip may end after its register
            self._thread.submit(_or_log, work)


class Remember(Protocol):
    """Takes the note, and the transaction that is in it."""

    def __call__(self, note: Unread, unseen: Transaction | None, *, printed: bool) -> None: ...


async def keep_unread(opened: OpenRegister, journal: Path, remember: Remember) -> None:
    """Keep the note while the register is open; `remember` is given what an earlier process left."""
    note = Unread(journal)
    left = note.found()
    opened.beside.callback(note.close)

    def heard(notification: Notification) -> None:
        if (
            isinstance(notification, TransactionChanged)
            and notification.transaction.state is State.AUTHORIZING
        ):
            note.begun(notification.transaction.id)

    opened.register.listen(heard)
    unseen = None
    if left is not None:
        with contextlib.suppress(JournalUnavailableError):
            unseen = await opened.register.transaction(TransactionId.stored(left.transaction_id))
    remember(note, unseen, printed=left is not None and left.printed)


def _or_log(work: Callable[[], object]) -> None:
    try:
        work()
    except OSError as error:
        log.warning("what nobody has seen is not noted: %s", error)
