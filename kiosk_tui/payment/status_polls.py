"""The terminal is asked what it does, again and again, while a payment's answer is awaited.

Owns: which of these polls the journal keeps. They tell what a terminal did, nothing about money: one
that is answered in another way than the one before is committed at once, the last one goes on disk in
the commit of the payment's answer, the others are only counted.
Invariant: no poll waits for the disk, and no answer waits for a poll. Its id is one of those that the
payment's own commit has reserved. When these are used up no more polls are made: the wait cannot outlast
them but by their bound, and a commit for a question that may stay unasked is not worth its wear.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Transaction
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.payment.ports import Clock, JournalWrites, Terminal


class StatusPolls:
    """The polls of one payment at a time."""

    def __init__(
        self,
        *,
        journal: JournalWrites,
        terminal: Terminal,
        clock: Clock,
        timeouts: Timeouts,
        supported: bool,
        tell: Callable[[TerminalState], None],
    ) -> None:
        self._journal = journal
        self._terminal = terminal
        self._clock = clock
        self._timeouts = timeouts
        self._tell = tell
        self.supported = supported
        """Whether the account knows the question, as far as it is known."""
        self._changes: list[Exchange] = []
        self._last: Exchange | None = None
        self._alike = 0

    @property
    def most(self) -> int:
        """How many ids they need for one payment."""
        return self._timeouts.polls if self.supported else 0

    async def watch(self, transaction: Transaction) -> None:
        """Ask until cancelled; tell each answer."""
        self._changes, self._last, self._alike = [], None, 0
        before = None
        while self.supported:
            await asyncio.sleep(self._timeouts.status_every_s)
            number = self._journal.reserved_id(transaction.id)
            if number is None:
                return
            self._alike += self._last is not None
            place, now = transaction.order.place, self._clock.now()
            poll = self._last = Exchange(number, transaction.id, ExchangeKind.STATUS, place, now)
            outcome = await self._terminal.status(poll)
            if outcome.state is TerminalState.UNSUPPORTED:
                self.supported = False
            else:
                self._tell(outcome.state)
            poll = self._last = replace(
                poll,
                answered_at=self._clock.now(),
                verdict=outcome.state,
                why=outcome.why,
                answer=outcome.answer,
            )
            found = outcome.state, outcome.answer and outcome.answer.response_code
            if found != before:
                before = found
                await self._commit(self._counted(poll))

    def unwritten(self) -> tuple[Exchange, ...]:
        """Return what the answer's commit takes along: the last poll, and what the disk refused."""
        if self._last is None:
            return tuple(self._changes)
        return (*self._changes, self._counted(self._last))

    async def _commit(self, change: Exchange) -> None:
        self._changes.append(change)
        self._last, self._alike = None, 0
        try:
            await self._journal.close_exchange(change)
        except JournalUnavailableError:
            return  # the answer's commit takes it along, as it does when this one is cut short
        self._changes.remove(change)

    def _counted(self, poll: Exchange) -> Exchange:
        """Return a poll that says how many before it are not kept."""
        if not self._alike:
            return poll
        count = f"Polls before it that told nothing new: {self._alike}."
        return replace(poll, why=f"{poll.why} {count}".strip())
