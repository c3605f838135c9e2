"""A payment that ended while nobody watched: shown first, and noted as seen once somebody typed."""

from __future__ import annotations

from typing import Protocol

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.meanwhile import Meanwhile


class UnreadNote(Protocol):
    """The note of the payment whose end nobody has seen yet."""

    def printed(self, transaction_id: str) -> None:
        """Take note that its slip is printed."""

    def seen(self) -> None:
        """Somebody has seen how it ended."""


class UnreadPayment:
    """What the app does about a payment whose end nobody may have seen."""

    def __init__(self, nav: Navigator, printing: Printing) -> None:
        self._nav = nav
        self._printing = printing
        self._note: UnreadNote | None = None
        self._note_loop: OtherLoop
        self._unread: Transaction | None = None
        self._print_it = False
        self._ended_at: float | None = None

    def remember(
        self, note: UnreadNote, unread: Transaction | None, *, printed: bool, loop: OtherLoop
    ) -> None:
        """Show first what ended while nobody watched; its slip is printed unless it was.

        `loop` is the one that the note lives in.
        """
        self._note = note
        self._note_loop = loop
        self._unread = unread
        self._print_it = not printed
        self._printing.on_printed = self._printed

    def show(self) -> bool:
        """Show what ended while nobody watched, once; False when there is nothing to show."""
        one, self._unread = self._unread, None
        if one is None:
            return False
        self._nav.show(Meanwhile(self._nav.settings, one))
        self._ended_at = frame.monotonic()
        if self._print_it:
            self._printing.print_slip(one)
        return True

    def hear(self, notification: Notification) -> None:
        """Keep what will be shown as it stands."""
        if isinstance(notification, TransactionChanged):
            self._ended_at = frame.monotonic()
            if self._unread is not None and self._unread.id == notification.transaction.id:
                self._unread = notification.transaction

    def somebody_is_there(self) -> None:
        """Take note that somebody types, and so has seen what is shown."""
        register, ended_at = self._nav.register, self._ended_at
        if self._note is None or register is None or register.running or self._unread is not None:
            return
        if ended_at is not None and frame.monotonic() - ended_at >= frame.DEAF_S:
            self._ended_at = None
            self._note_loop.soon(self._note.seen)

    def _printed(self, transaction_id: str) -> None:
        """Take note of a slip that was printed, so that it is not printed again."""
        if self._note is not None:
            self._note_loop.soon(self._note.printed, transaction_id)
