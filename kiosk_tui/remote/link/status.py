"""How a register stands, for those who watch it: never a customer's input."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import OPEN
from kiosk_tui.domain.money import by_currency, plain
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, TerminalTold, TransactionChanged
from kiosk_tui.payment.register import Register
from kiosk_tui.remote.link.protocol import WATCH, Holder, RegisterView, TransactionBrief, time

SHOWN: Final = 5
"""So many due cancellations and last results are told one by one."""


class StatusFeed:
    """Listens to a register; `changed` is called when it stands otherwise than before."""

    def __init__(self, register: Register, holder: Holder, changed: Callable[[], None]) -> None:
        self._register = register
        self._holder = holder
        self._changed = changed
        self._screen = self._told = self._ending = ""
        self._last: list[Transaction] = []
        register.listen(self._heard)

    async def load(self) -> None:
        """Learn the last results of earlier processes; a journal that cannot be read has none."""
        with contextlib.suppress(JournalUnavailableError):
            newest = await self._register.newest(SHOWN)
            self._last += [one for one in newest if one.state not in OPEN]

    def shown(self, screen: str) -> None:
        """Take note of the screen that is shown, by its name."""
        self._screen = screen
        self._changed()

    def ending(self, why: str) -> None:
        """Take note that the program ends, and why."""
        self._ending = why
        self._changed()

    def view(self) -> RegisterView:
        """Return how the register stands now."""
        register, now = self._register, self._register.now()
        readiness, current, due = register.readiness, register.in_flight, register.due
        left = register.answer_due_s
        return RegisterView(
            watch=WATCH,
            at=time(now),
            holder=self._holder,
            screen=self._screen,
            ending=self._ending,
            open=readiness.open,
            obstacle=None if readiness.obstacle is None else str(readiness.obstacle),
            why=readiness.why,
            since=None if readiness.since is None else time(readiness.since),
            current=None if current is None else brief(current),
            age_s=None if current is None else _age_s(current, now),
            seconds_left=None if left is None else round(left),
            told="" if current is None else self._told,
            behind=register.behind,
            due_count=len(due),
            due_totals=totals(due),
            due=tuple(brief(one) for one in due[:SHOWN]),
            last=tuple(brief(one) for one in self._last),
        )

    def _heard(self, notification: Notification) -> None:
        if isinstance(notification, TransactionChanged):
            self._told = ""
            self._remember(notification.transaction)
        elif isinstance(notification, TerminalTold):
            self._told = str(notification.state)
        self._changed()

    def _remember(self, one: Transaction) -> None:
        """Keep the newest results first, each once."""
        ended = [one] if one.state not in OPEN else []
        others = [other for other in self._last if other.id != one.id]
        self._last = [*ended, *others][:SHOWN]


def brief(one: Transaction) -> TransactionBrief:
    """Return what a technician needs to know of a transaction."""
    return TransactionBrief(
        id=one.id,
        reference=one.reference,
        operation=str(one.order.operation),
        state=str(one.state),
        total=plain(one.charged),
        currency=one.order.amount.currency.code,
        created_at=time(one.created_at),
        updated_at=time(one.updated_at),
        attempts=one.attempts,
        response_code="" if one.answer is None else one.answer.response_code,
        why=one.why,
    )


def totals(these: Sequence[Transaction]) -> dict[str, str]:
    """Sum up what is charged, by currency."""
    sums = by_currency(one.charged for one in these)
    return {currency.code: plain(total) for currency, total in sums.items()}


def _age_s(one: Transaction, now: datetime) -> float:
    return max(0.0, round((now - one.created_at).total_seconds(), 1))
