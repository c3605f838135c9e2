"""The electronic cash register: what screens, the command line and recovery all use.

Owns: the tasks that outlive any screen (the running payment, the replay, the look at the chain) and
the facts that decide whether a payment may start.
Invariant: nothing here belongs to a screen; a screen that goes away leaves the payment running.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.follow_up import FollowUpError
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import IN_FLIGHT, Command, Event
from kiosk_tui.domain.limits import why_forbidden
from kiosk_tui.domain.outcome import Probe
from kiosk_tui.domain.transaction import Order, OrderError, Transaction
from kiosk_tui.payment.clock import JumpWatch
from kiosk_tui.payment.flow import Flow, NotStarted, Refusal
from kiosk_tui.payment.heartbeat import Heartbeat
from kiosk_tui.payment.ledger import Edit, Ledger
from kiosk_tui.payment.notifications import (
    Listeners,
    Notification,
    ReadinessChanged,
    TerminalTold,
    TransactionChanged,
)
from kiosk_tui.payment.policy import Exposure, OptionalRequests, Timeouts
from kiosk_tui.payment.ports import Clock, Journal, Terminal
from kiosk_tui.payment.queries import Archive
from kiosk_tui.payment.readiness import Facts, Obstacle, Readiness, judge
from kiosk_tui.payment.recovery import Recovery
from kiosk_tui.payment.self_test import PartCheck, findings
from kiosk_tui.payment.terms import Terms

log = logging.getLogger(__name__)


class Register(Archive):
    """One terminal, one journal, one transaction at a time."""

    def __init__(
        self,
        *,
        journal: Journal,
        terminal: Terminal,
        clock: Clock,
        timeouts: Timeouts | None = None,
        exposure: Exposure | None = None,
        optional_requests: OptionalRequests | None = None,
        chance: random.Random | None = None,
        completion_percent: int = 100,
        terms: Terms | None = None,
    ) -> None:
        super().__init__(journal, completion_percent)
        self._terms = terms or Terms()
        self._terminal = terminal
        self._clock = clock
        self._patience = timeouts or Timeouts()
        self._exposure = exposure or Exposure()
        self._listeners = Listeners()
        self._tasks: set[asyncio.Task[None]] = set()
        self._payment: asyncio.Task[Transaction | NotStarted] | None = None
        self._probe: Probe | None = None
        self._journal_trouble = ""
        self._taken_up = False
        self._look_now = asyncio.Event()
        self._jumps = JumpWatch(clock)
        self.heartbeat = Heartbeat(clock)
        self._retired = ""
        self.readiness = Readiness(Obstacle.STARTING)
        self._books = Ledger(journal, clock, self._on_change)
        self.recovery = Recovery(
            ledger=self._books,
            journal=journal,
            terminal=terminal,
            clock=clock,
            timeouts=self._patience,
            chance=chance or random.Random(),
        )
        self.flow = Flow(
            ledger=self._books,
            journal=journal,
            terminal=terminal,
            clock=clock,
            timeouts=self._patience,
            optional_requests=optional_requests or OptionalRequests(),
            plan=self.recovery.plan,
            tell_terminal=lambda state: self._listeners.tell(TerminalTold(state)),
        )

    def listen(self, listener: Callable[[Notification], None]) -> Callable[[], None]:
        """Be told what happens; the returned function ends it."""
        return self._listeners.add(listener)

    # -- life ----------------------------------------------------------------------------------

    async def start(self) -> None:
        """Take up what is open, look at the chain once, then keep replaying and looking."""
        await self.look()
        self._spawn(self._keep(lambda: self.recovery.run(self.flow)))
        self._spawn(self._keep(self._look_forever))

    async def take_up(self) -> None:
        """Feed a restart to what an earlier process left open. Raises `JournalUnavailableError`."""
        if not self._taken_up:
            await self.recovery.take_up(self.flow)
            self._taken_up = True

    def retire(self, why: str) -> None:
        """Begin no payment from now on, and tell whoever asks why; what runs goes on."""
        self._retired = why

    async def close(self, patience_s: float) -> None:
        """End: let a running payment finish for up to `patience_s`, leave the rest to the journal."""
        if self._payment is not None and not self._payment.done():
            await asyncio.wait({self._payment}, timeout=patience_s)
            self._payment.cancel()
            await asyncio.gather(self._payment, return_exceptions=True)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.flow.close()
        with contextlib.suppress(JournalUnavailableError):
            await self._books.catch_up()

    # -- payments ------------------------------------------------------------------------------

    def pay(
        self, order: Order, *, rehearsal: bool = False, overridden_by: str = ""
    ) -> asyncio.Task[Transaction | NotStarted]:
        """Start a payment as a task of the register; waiting for it may stop, the payment won't.

        A `rehearsal` is cancelled even when it is approved. An order under a caller's reference that
        is in the journal already is not paid again: the earlier transaction is the answer.
        `overridden_by` is who of the staff answers for an amount or a tip beyond the limits; it is
        kept in the event log.
        """
        if self._payment is not None and not self._payment.done():
            return asyncio.create_task(_busy())
        self._payment = asyncio.create_task(self._pay(order, overridden_by, rehearsal=rehearsal))
        return self._payment

    async def _pay(
        self, order: Order, overridden_by: str, *, rehearsal: bool
    ) -> Transaction | NotStarted:
        judged = self._terms.judge(order, overridden_by, rehearsal=rehearsal)
        try:
            with self._originals.drawing_on(order):
                checked = await self._checked(order, judged.why_not)
                if not isinstance(checked, Order):
                    return checked
                with self.heartbeat.paying():
                    result = await self.flow.pay(checked, rehearsal=rehearsal, why=judged.why)
        finally:
            self._judge()
        if isinstance(result, NotStarted) and result.refusal is Refusal.JOURNAL:
            self._journal_failed(result.why)
        return result

    async def _checked(self, order: Order, why_not: str) -> Order | Transaction | NotStarted:
        """Return the order as it may be paid, or why not; or what came of it when it is known."""
        try:
            known = await self.known(order)
            if known is not None:
                return known
            if why_not:
                return NotStarted(Refusal.INVALID, why_not)
            if self._jumps.jumped:
                await self.look()
            if self._retired or not self.readiness.open:
                return NotStarted(Refusal.CLOSED, self._retired or self.readiness.why)
            return self._terms.with_reason(await self._originals.allow(order))
        except JournalUnavailableError as error:
            return self._not_written(error)
        except FollowUpError as error:
            return NotStarted(Refusal.INVALID, str(error))

    async def give_up(self) -> None:
        """Say that the customer does not want to wait any longer, however early that is said."""
        payment = self._payment
        if payment is not None and not self.flow.under_way.is_set():
            under_way = asyncio.create_task(self.flow.under_way.wait())
            await asyncio.wait({payment, under_way}, return_when=asyncio.FIRST_COMPLETED)
            under_way.cancel()
        await self.flow.give_up()

    def give_up_soon(self) -> None:
        """Let the register see to it; who asks does not wait for the terminal's answer."""
        self._spawn(self.give_up())

    async def cancel(
        self, transaction_id: TransactionId, by: str = "staff"
    ) -> Transaction | NotStarted:
        """Ask for the cancellation of an approved transaction; it is due from then on.

        Who asked for it (`by`) is kept in the event log.
        """
        try:
            async with self._originals.cancelling(transaction_id) as why_not:
                if why_not:
                    return NotStarted(Refusal.INVALID, why_not)
                edit = Edit(why=f"Cancellation asked for by {by}.")
                changed = await self._books.change(
                    transaction_id, Event.CANCEL_REQUESTED, edit=edit
                )
        except JournalUnavailableError as error:
            return self._not_written(error)
        if changed is None:
            return NotStarted(Refusal.INVALID, await self.why_not_changed(transaction_id))
        self.recovery.plan(*changed, self._clock.monotonic())
        return changed[0]

    async def cancel_elsewhere(self, order: Order) -> Transaction | NotStarted:
        """Cancel a transaction that is not in this journal; due until TECS has answered."""
        try:
            self._terminal.check(order)
            async with self._originals.cancelling_elsewhere(order) as found:
                why_not = why_forbidden(order) or found
                if why_not:
                    return NotStarted(Refusal.INVALID, why_not)
                begun = await self._books.begin_cancellation(self._terms.with_reason(order))
        except OrderError as error:
            return NotStarted(Refusal.INVALID, str(error))
        except JournalUnavailableError as error:
            return self._not_written(error)
        self.recovery.plan(begun, Command.CANCEL)
        return begun

    async def settle(self, transaction_id: TransactionId, note: str) -> Transaction | NotStarted:
        """Close what no machine can settle, with what a person did about it."""
        if holds_card_number(note):
            return NotStarted(Refusal.INVALID, f"The note {REFUSED}.")
        try:
            changed = await self._books.change(
                transaction_id, Event.SETTLED_BY_STAFF, edit=Edit(note=note)
            )
        except JournalUnavailableError as error:
            return self._not_written(error)
        if changed is None:
            return NotStarted(Refusal.INVALID, await self.why_not_changed(transaction_id))
        return changed[0]

    async def due_once(self, transaction_id: TransactionId) -> Transaction | None:
        """Make the attempts that are due now, and return how that transaction stands.

        None when it has ended and the disk does not tell how: whoever asked knows that it was due.
        """
        await self.recovery.replay(self.flow)
        known = self._books.live(transaction_id)
        if known is not None:
            return known
        try:
            return await self._journal.transaction(transaction_id)
        except JournalUnavailableError:
            return None

    async def self_test(self) -> tuple[PartCheck, ...]:
        """Look at every part of the chain, and say how each is."""
        await self.look()
        return findings(self._facts())

    @property
    def due(self) -> tuple[Transaction, ...]:
        """The cancellations that TECS has not answered, oldest first."""
        return self._books.due()

    @property
    def payment(self) -> asyncio.Task[Transaction | NotStarted] | None:
        """The payment that was started last, if any; it may have ended."""
        return self._payment

    def now(self) -> datetime:
        """Return the register's wall clock, UTC."""
        return self._clock.now()

    @property
    def running(self) -> bool:
        """Whether a payment is under way."""
        return self._payment is not None and not self._payment.done()

    @property
    def quiet(self) -> bool:
        """Whether no payment is under way, and no late answer is listened for."""
        return not self.running and not self.flow.listening

    @property
    def behind(self) -> bool:
        """Whether something has happened that the disk has not taken yet."""
        return self._books.behind

    # -- the chain -----------------------------------------------------------------------------

    async def look(self) -> Readiness:
        """Look at disk, server and clock once, and judge."""
        await self._look_at_journal()
        was_reachable = self._probe is not None and self._probe.reachable
        self._probe = await self._terminal.probe()
        self._jumps.looked()
        if self._probe.reachable and not was_reachable:
            self.recovery.hurry()
        self._judge()
        self.heartbeat.looked()
        return self.readiness

    def look_soon(self) -> None:
        """Look again without waiting for the next turn."""
        self._look_now.set()

    async def _look_at_journal(self) -> None:
        try:
            with self.heartbeat.asking():
                await self._journal.check_writable()
            await self._books.catch_up()
            await self.take_up()
        except JournalUnavailableError as error:
            self._journal_failed(str(error))
        else:
            self._journal_trouble = ""
        self.heartbeat.refused(bool(self._journal_trouble))

    def _journal_failed(self, why: str) -> None:
        self._taken_up = False  # what was refused may be on the disk all the same, and open
        self._journal_trouble = why
        self._judge()

    def _not_written(self, error: JournalUnavailableError) -> NotStarted:
        self._journal_failed(str(error))
        return NotStarted(Refusal.JOURNAL, str(error))

    async def _look_forever(self) -> None:
        while True:
            times = self._patience
            wait = times.look_s if self.readiness.open else times.look_again_s
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._look_now.wait()
            self._look_now.clear()
            await self.look()

    def _facts(self) -> Facts:
        return Facts(
            now=self._clock.now(),
            journal_trouble=self._journal_trouble,
            probe=self._probe,
            due=self._books.due(),
        )

    def _judge(self) -> None:
        facts = self._facts()
        found = judge(facts, self._exposure)
        same = found.obstacle is self.readiness.obstacle
        since = self.readiness.since if same and self.readiness.since else facts.now
        retry = None if found.open else self._retry_in_s(found)
        found = replace(found, since=since, retry_in_s=retry)
        if not same and found.open:
            log.info("open for payments")
        elif not same:
            log.warning("closed: %s", found.why, extra={"obstacle": str(found.obstacle)})
        if found != self.readiness:
            self.readiness = found
            self._listeners.tell(ReadinessChanged(found))

    def _retry_in_s(self, found: Readiness) -> float:
        due = found.obstacle is Obstacle.CANCELLATION_DUE
        return (self.recovery.next_in_s() or 0.0) if due else self._patience.look_again_s

    # -- telling -------------------------------------------------------------------------------

    def _on_change(self, transaction: Transaction) -> None:
        self._listeners.tell(TransactionChanged(transaction))
        if transaction.state not in IN_FLIGHT:
            self._judge()

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Keep a duty going: a fault of ours is logged, and the duty taken up again."""
        while True:
            try:
                await work()
            except Exception:
                log.exception("a duty of the register failed and is taken up again")
                await asyncio.sleep(self._patience.look_again_s)


async def _busy() -> NotStarted:
    return NotStarted(Refusal.BUSY, "A payment is running already.")
