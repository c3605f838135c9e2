"""The terminal is asked what it does, again and again, while a payment's answer is awaited.

Owns: which of these polls the journal keeps. They tell what a terminal did, nothing about money. When one
is answered in another way than the one before, both are committed at once; the last one goes on disk in
the commit of the payment's answer; the others are only counted. That the terminal waits for a card is
how every payment begins, and no change.
Invariant: no poll waits for the disk, and no answer waits for a poll whose commit has not begun. The ids
are those that the payment's own commit has reserved. When they are used up no more polls are made: a wait
outlasts them only beyond `MOST_POLLS`, and a question that may stay unasked is not worth a commit.
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
        self._pending: list[Exchange] = []
        self._answered: Exchange | None = None
        self._asked: Exchange | None = None
        self._alike = 0

    @property
    def most(self) -> int:
        """How many ids they need for one payment."""
        return self._timeouts.polls if self.supported else 0

    async def watch(self, transaction: Transaction) -> None:
        """Ask until cancelled; tell each answer."""
        self._pending, self._answered, self._asked, self._alike = [], None, None, 0
        before: object = None
        while self.supported:
            await asyncio.sleep(self._timeouts.status_every_s)
            number = self._journal.reserved_id(transaction.id)
            if number is None:
                return
            place, now = transaction.order.place, self._clock.now()
            asked = self._asked = Exchange(number, transaction.id, ExchangeKind.STATUS, place, now)
            outcome = await self._terminal.status(asked)
            if outcome.state is TerminalState.UNSUPPORTED:
                self.supported = False
            else:
                self._tell(outcome.state)
            poll = replace(
                asked,
                answered_at=self._clock.now(),
                verdict=outcome.state,
                why=outcome.why,
                answer=outcome.answer,
            )
            self._asked = None
            found = outcome.state, outcome.answer and outcome.answer.response_code
            begins = before is None and outcome.state is TerminalState.WAITING_FOR_CARD
            if found == before or begins:
                self._alike += self._answered is not None
                self._answered = poll
            else:
                await self._keep(poll)
            before = found

    def unwritten(self) -> tuple[Exchange, ...]:
        """Return what the answer's commit takes along: the last polls, and what the disk refused."""
        asked = () if self._asked is None else (self._asked,)
        return (*self._pending, *self._last(), *asked)

    async def _keep(self, change: Exchange) -> None:
        self._pending += [*self._last(), change]
        self._answered, self._alike = None, 0
        try:
            await self._journal.close_exchange(*self._pending)
        except JournalUnavailableError:
            return  # the next commit takes it along, as it does when this one is cut short
        self._pending.clear()

    def _last(self) -> list[Exchange]:
        """Return the last poll that was answered as the one before, and says how many were."""
        poll = self._answered
        if poll is None or not self._alike:
            return [] if poll is None else [poll]
        return [replace(poll, why=f"{poll.why} Polls before it that told the same: {self._alike}.")]
