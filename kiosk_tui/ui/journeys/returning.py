"""Coming back: what ended while nobody watched, a register that another session holds or takes over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from textual import events

from kiosk_tui.ui.journeys.path import Path
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.screens import frame

if TYPE_CHECKING:
    from kiosk_tui.domain.slip import PrintOutcome
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.payment.notifications import Notification
    from kiosk_tui.remote.link.takeover import Held
    from kiosk_tui.ui.messages import TakeOverAsked


class UnreadNote(Protocol):
    """The note of the payment whose end nobody has seen yet."""

    def printed(self, transaction_id: str) -> None:
        """Take note that its slip is printed."""

    def seen(self) -> None:
        """Somebody has seen how it ended."""


def _nobody(_: str) -> None:
    """Tell nobody."""


class ReturningPath(Path):
    """What the app does about other sessions of the same register, earlier ones and present ones."""

    shown: Callable[[str], None] = staticmethod(_nobody)
    """Told the name of each screen that is shown."""
    take_over: Callable[[str], None] = staticmethod(_nobody)
    """Asks whoever holds the register for it, with a PIN."""
    _note: UnreadNote | None = None
    _note_loop: OtherLoop
    _unseen: Transaction | None = None
    _print_unseen = False
    _ended_at: float | None = None

    # -- what nobody has seen ----------------------------------------------------------------------

    def remember(
        self,
        note: UnreadNote,
        unseen: Transaction | None,
        *,
        printed: bool,
        loop: OtherLoop | None = None,
    ) -> None:
        """Show first what ended while nobody watched; its slip is printed unless it was.

        `loop` is the note's, where it is not this one.
        """
        self._note = note
        self._note_loop = loop or OtherLoop.here()
        self._unseen = unseen
        self._print_unseen = not printed

    def show_unseen(self) -> bool:
        """Show what ended while nobody watched, once; False when there is nothing to show."""
        from kiosk_tui.ui.screens.meanwhile import Meanwhile  # noqa: PLC0415

        one, self._unseen = self._unseen, None
        if one is None:
            return False
        self.go(Meanwhile(self.settings, one))
        self._ended_at = frame.monotonic()
        if self._print_unseen:
            self.print_slip(one)
        return True

    def note(self, notification: Notification) -> None:
        """Keep what will be shown as it stands."""
        from kiosk_tui.payment.notifications import TransactionChanged  # noqa: PLC0415

        if isinstance(notification, TransactionChanged):
            self._ended_at = frame.monotonic()
            if self._unseen is not None and self._unseen.id == notification.transaction.id:
                self._unseen = notification.transaction

    def slip_done(self, one: Transaction, outcome: PrintOutcome) -> None:
        """Take note of a slip that was printed, so that it is not printed again."""
        from kiosk_tui.domain.slip import Printed  # noqa: PLC0415

        if self._note is not None and isinstance(outcome, Printed):
            self._note_loop.soon(self._note.printed, one.id)

    async def on_event(self, event: events.Event) -> None:
        """Take a key after a payment's end as the sign that somebody has seen it."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.somebody_is_there()
        await super().on_event(event)

    def somebody_is_there(self) -> None:
        """Take note that somebody types, and so has seen what is shown."""
        till, ended_at = self.till, self._ended_at
        if self._note is None or till is None or till.running or self._unseen is not None:
            return
        if ended_at is not None and frame.monotonic() - ended_at >= frame.DEAF_S:
            self._ended_at = None
            self._note_loop.soon(self._note.seen)

    # -- a register that another session holds -------------------------------------------------------

    def held(self, held: Held) -> None:
        """Show who holds the register."""
        self.call_later(self._show_held, held)  # inside of the app: whoever tells is not

    def _show_held(self, held: Held) -> None:
        from kiosk_tui.ui.screens.held import HeldScreen  # noqa: PLC0415

        screen = self.frame
        if self.till is not None:
            return
        if isinstance(screen, HeldScreen):
            screen.tell(held)
        else:
            self.go(HeldScreen(self.settings, held))

    def on_take_over_asked(self, event: TakeOverAsked) -> None:
        """Ask for the register."""
        self.take_over(event.pin)

    def taken_over(self, by: str) -> None:
        """Show that another session has the register now; nothing else can be done here."""
        self.call_later(self._show_taken_over, by)

    def _show_taken_over(self, by: str) -> None:
        from kiosk_tui.ui.screens.taken_over import TakenOver  # noqa: PLC0415

        self.go(TakenOver(self.settings, by))

    if TYPE_CHECKING:

        def call_later(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
            """Call when the app's other work is done."""
            ...
