"""The electronic cash register: what screens, the command line and other software use.

Owns: the tasks that outlive any screen (the running payment, the replay of cancellations, the regular
check of disk, server and clock) and the facts that decide whether a payment may start.
Invariant: nothing here belongs to a screen; a screen that goes away leaves the payment running. Nobody
outside of this room needs anything behind the register: flow, recovery, ledger and journal are its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import random

from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.follow_up import FollowUpError
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import IN_FLIGHT, Command, Event
from kiosk_tui.domain.limits import why_forbidden
from kiosk_tui.domain.transaction import Order, OrderError, Transaction
from kiosk_tui.payment.background import BackgroundTasks
from kiosk_tui.payment.flow import Flow, NotStarted, Refusal
from kiosk_tui.payment.goods import Goods
from kiosk_tui.payment.ledger import Edit, TransactionLedger
from kiosk_tui.payment.notifications import (
    Listeners,
    ReadinessChanged,
    TerminalTold,
    TransactionChanged,
)
from kiosk_tui.payment.policy import Exposure, OptionalRequests, Timeouts
from kiosk_tui.payment.ports import Clock, Journal, Terminal
from kiosk_tui.payment.queries import Queries
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.payment.readiness_watch import ReadinessWatch
from kiosk_tui.payment.recovery import Recovery
from kiosk_tui.payment.self_test import PartCheck, findings
from kiosk_tui.payment.status_polls import StatusPolls
from kiosk_tui.payment.terms import Allowed, Terms
from kiosk_tui.payment.unsigned import NoSigner

_Ended = Transaction | NotStarted


class Register(Queries):
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
        signing: NoSigner | None = None,
    ) -> None:
        super().__init__(journal, completion_percent)
        self._terms = terms or Terms()
        self.signing = signing or NoSigner()
        """Who signs what fiscal law wants signed, and what is known of it."""
        self._terminal = terminal
        self._clock = clock
        self._listeners = Listeners()
        self._payment: asyncio.Task[Transaction | NotStarted] | None = None
        self._retired = ""
        timeouts = timeouts or Timeouts()
        self._background = BackgroundTasks(timeouts.look_again_s)
        optional = optional_requests or OptionalRequests()
        line = asyncio.Lock()
        self._ledger = TransactionLedger(journal, clock, self._on_change)
        self._recovery = Recovery(
            ledger=self._ledger,
            journal=journal,
            terminal=terminal,
            clock=clock,
            timeouts=timeouts,
            chance=chance or random.Random(),
            line=line,
        )
        self._goods = Goods(
            ledger=self._ledger,
            journal=journal,
            clock=clock,
            wait_s=timeouts.goods_s,
            line=line,
            plan=self._recovery.plan,
            begin=self._background.begin,
        )
        self._flow = Flow(
            ledger=self._ledger,
            journal=journal,
            terminal=terminal,
            clock=clock,
            timeouts=timeouts,
            plan=self._recovery.plan,
            polls=StatusPolls(
                journal=journal,
                terminal=terminal,
                clock=clock,
                timeouts=timeouts,
                supported=optional.status_query,
                tell=lambda state: self._listeners.tell(TerminalTold(state)),
            ),
            ask_signer=self.signing.ask,
            await_goods=self._goods.wait,
            aborts=optional.abort,
            line=line,
        )
        self._watch = ReadinessWatch(
            journal=journal,
            terminal=terminal,
            clock=clock,
            timeouts=timeouts,
            exposure=exposure or Exposure(),
            ledger=self._ledger,
            recovery=self._recovery,
            abort=self._flow.abort,
            goods=self._goods,
            tell=lambda readiness: self._listeners.tell(ReadinessChanged(readiness)),
        )

        # asked of its parts as they are
        self.now = clock.now
        self.keep_use = journal.keep_use
        self.listen = self._listeners.add
        self.goods_due = self._ledger.goods_due
        self.look = self._watch.look
        self.replay = self._recovery.replay
        self.signs = self._watch.heartbeat.signs
        self.closed_by_office = self._watch.closed_by_office

    # -- life ----------------------------------------------------------------------------------

    async def start(self) -> None:
        """Take up what is open, look once, then go on replaying cancellations and looking."""
        await self.look()
        for duty in (self._recovery.run, self._watch.run, *self.signing.duties):
            self._background.keep(duty)

    def retire(self, why: str) -> None:
        """Begin no payment from now on, and tell whoever asks why; what runs goes on."""
        self._retired = why

    async def close(self, patience_s: float) -> None:
        """End: let a running payment finish for up to `patience_s`, leave the rest to the journal."""
        if self._payment is not None and not self._payment.done():
            await asyncio.wait({self._payment}, timeout=patience_s)
            self._payment.cancel()
            await asyncio.gather(self._payment, return_exceptions=True)
        await self._background.close()
        await self._flow.close()
        with contextlib.suppress(JournalUnavailableError):
            await self._ledger.catch_up()

    # -- payments ------------------------------------------------------------------------------

    def pay(
        self, order: Order, *, rehearsal: bool = False, overridden_by: str = ""
    ) -> asyncio.Task[_Ended]:
        """Start a payment as a task of the register; waiting for it may stop, the payment won't.

        A `rehearsal` is cancelled even when it is approved. An order under a caller's reference that
        is in the journal already is not paid again: the earlier transaction is the answer.
        `overridden_by` is who of the staff answers for an amount or a tip beyond the limits; it is
        kept in the event log.
        """
        if self.running:
            return asyncio.create_task(_busy())
        self.signing.forget()
        self._payment = asyncio.create_task(self._pay(order, overridden_by, rehearsal=rehearsal))
        return self._payment

    async def _pay(self, order: Order, overridden_by: str, *, rehearsal: bool) -> _Ended:
        try:
            with self._references.drawing_on(order):
                begun = await self._checked(order, overridden_by, rehearsal=rehearsal)
                if not isinstance(begun, Allowed):
                    return begun
                with self._watch.heartbeat.paying():
                    result = await self._flow.pay(begun.order, rehearsal=rehearsal, why=begun.why)
        finally:
            self._watch.judge()
        if isinstance(result, NotStarted) and result.refusal is Refusal.JOURNAL:
            self._watch.journal_failed(result.why)
        return result

    async def _checked(self, order: Order, by: str, *, rehearsal: bool) -> Allowed | _Ended:
        """Return the order as it may be paid, or why not; or what came of it when it is known."""
        try:
            known = await self.known(order)
            if known is not None:
                return known
            original = await self._references.measured_by(order)
            judged = self._terms.judge(order, by, original, rehearsal=rehearsal)
            if judged.why_not:
                return NotStarted(Refusal.INVALID, judged.why_not)
            if self._watch.clock_jumped:
                await self.look()
            if self._retired or not self.readiness.open:
                return NotStarted(Refusal.CLOSED, self._retired or self.readiness.why)
            return Allowed(self._terms.with_reason(await self._references.allow(order)), judged.why)
        except JournalUnavailableError as error:
            return self._not_written(error)
        except FollowUpError as error:
            return NotStarted(Refusal.INVALID, str(error))

    async def begun(self, payment: asyncio.Task[Transaction | NotStarted]) -> None:
        """Wait until a payment's answer is awaited, or the payment was refused or has ended."""
        under_way = asyncio.create_task(self._flow.under_way.wait())
        try:
            await asyncio.wait({payment, under_way}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            under_way.cancel()

    async def give_up(self) -> None:
        """Say that the customer does not want to wait any longer, however early that is said."""
        if self._goods.waiting:
            return  # it is paid: only its goods, or staff, can end it
        self.signing.give_up()
        if self._payment is not None and not self._flow.under_way.is_set():
            await self.begun(self._payment)
        await self._flow.give_up()

    def give_up_soon(self) -> None:
        """Let the register see to it; who asks does not wait for the terminal's answer."""
        self._background.begin(self.give_up())

    async def cancel(self, transaction_id: TransactionId, by: str = "staff") -> _Ended:
        """Ask for the cancellation of an approved transaction; it is due from then on.

        Who asked for it (`by`) is kept in the event log.
        """
        try:
            async with self._references.cancelling(transaction_id) as why_not:
                if why_not:
                    return NotStarted(Refusal.INVALID, why_not)
                edit = Edit(why=f"Cancellation asked for by {by}.")
                due = self._goods.awaits(transaction_id)
                write = self._goods.undo if due else self._ledger.change
                changed = await write(transaction_id, Event.CANCEL_REQUESTED, edit=edit)
        except JournalUnavailableError as error:
            return self._not_written(error)
        if changed is None:
            return NotStarted(Refusal.INVALID, await self.why_not_changed(transaction_id))
        self._recovery.plan(*changed, self._clock.monotonic())
        return changed[0]

    async def cancel_elsewhere(self, order: Order) -> Transaction | NotStarted:
        """Cancel a transaction that is not in this journal; due until TECS has answered."""
        try:
            self._terminal.check(order)
            async with self._references.cancelling_elsewhere(order) as found:
                why_not = why_forbidden(order) or found
                if why_not:
                    return NotStarted(Refusal.INVALID, why_not)
                begun = await self._ledger.begin_cancellation(self._terms.with_reason(order))
        except OrderError as error:
            return NotStarted(Refusal.INVALID, str(error))
        except JournalUnavailableError as error:
            return self._not_written(error)
        self._recovery.plan(begun, Command.CANCEL)
        return begun

    async def goods(
        self, transaction_id: TransactionId, *, handed_over: bool, why: str = ""
    ) -> _Ended:
        """Say whether the goods of a payment were handed over; where not, it is cancelled, wholly.

        Saying the same again returns the transaction as it is. "Handed over" is on disk when this returns;
        it is refused once the cancellation has begun, and "failed" once they were handed over.
        """
        try:
            return await self._goods.say(transaction_id, why, handed_over=handed_over)
        except JournalUnavailableError as error:
            return self._not_written(error)

    async def settle(self, transaction_id: TransactionId, note: str) -> Transaction | NotStarted:
        """Close what no machine can settle, with what a person did about it."""
        if holds_card_number(note):
            return NotStarted(Refusal.INVALID, f"The note {REFUSED}.")
        try:
            changed = await self._ledger.change(
                transaction_id, Event.SETTLED_BY_STAFF, edit=Edit(note=note)
            )
        except JournalUnavailableError as error:
            return self._not_written(error)
        if changed is None:
            return NotStarted(Refusal.INVALID, await self.why_not_changed(transaction_id))
        return changed[0]

    async def recover(self) -> None:
        """As `replay`, once goods are not waited for; again until TECS's "not found" can be believed."""
        await self._goods.over()
        await self.replay()
        while self._recovery.settling:
            await asyncio.sleep(self.next_attempt_in_s or 0.0)
            await self.replay()

    def retry(self) -> None:
        """Make every attempt that waits for its time now, and look again."""
        self._recovery.hurry()
        self._watch.look_soon()

    async def due_once(self, transaction_id: TransactionId) -> Transaction | None:
        """Make the attempts that are due now, and return how that transaction stands.

        None when it has ended and the disk does not tell how: whoever asked knows that it was due.
        """
        await self.replay()
        known = self._ledger.live(transaction_id)
        if known is not None:
            return known
        try:
            return await self.transaction(transaction_id)
        except JournalUnavailableError:
            return None

    async def self_test(self) -> tuple[PartCheck, ...]:
        """Look at every part that a payment needs, and say how each is."""
        await self.look()
        return findings(self._watch.facts())

    @property
    def due(self) -> tuple[Transaction, ...]:
        """The cancellations that TECS has not answered, oldest first."""
        return self._ledger.due()

    @property
    def payment(self) -> asyncio.Task[Transaction | NotStarted] | None:
        """The payment that was started last, if any; it may have ended."""
        return self._payment

    @property
    def in_flight(self) -> Transaction | None:
        """The transaction whose answer is awaited."""
        return self._flow.in_flight

    @property
    def answer_due_s(self) -> float | None:
        """Seconds until waiting for the answer, or for goods, ends; None when nothing is awaited."""
        return self._goods.due_s if self._goods.waiting else self._flow.answer_due_s

    @property
    def tells_steps(self) -> bool:
        """Whether the terminal is asked what it does (`terminal.status_query`), until it says that it is not."""
        return self._flow.tells_steps

    @property
    def service_s(self) -> float | None:
        """How long the server took to answer the last look, in seconds; None when it did not."""
        return self._watch.service_s

    @property
    def next_attempt_in_s(self) -> float | None:
        """Seconds until the next cancellation attempt, or None when nothing is due."""
        return self._recovery.next_in_s()

    @property
    def readiness(self) -> Readiness:
        """Whether a payment may start, and why not."""
        return self._watch.readiness

    @property
    def running(self) -> bool:
        """Whether a payment is under way, or its goods are waited for."""
        paying = self._payment is not None and not self._payment.done()
        return paying or self._goods.waiting

    @property
    def quiet(self) -> bool:
        """Whether no payment is under way, and no late answer is listened for."""
        return not self.running and not self._flow.listening

    @property
    def behind(self) -> bool:
        """Whether something has happened that the disk has not taken yet."""
        return self._ledger.behind

    def _not_written(self, error: JournalUnavailableError) -> NotStarted:
        self._watch.journal_failed(str(error))
        return NotStarted(Refusal.JOURNAL, str(error))

    def _on_change(self, transaction: Transaction) -> None:
        self._goods.changed(transaction)
        self._listeners.tell(TransactionChanged(transaction))
        self.signing.changed()
        if transaction.state not in IN_FLIGHT:
            self._watch.judge()


async def _busy() -> NotStarted:
    return NotStarted(Refusal.BUSY, "A payment is running already.")
