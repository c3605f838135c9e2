"""What a cashier does: entries one after the other, and those that are about an earlier one.

Invariant: all money goes through the register; an entry that is under way belongs to it, whatever
screen is shown. A card reference lives in the draft that is being sent, and nowhere else.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from kiosk_tui.domain import references
from kiosk_tui.domain.card_number import holds_card_number
from kiosk_tui.domain.day_clock import day_at, day_span
from kiosk_tui.domain.identity import CardReference, IdentityError, Original
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lane import Draft, can_be
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import DUE
from kiosk_tui.domain.rights import Act
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.domain.tries import Tries
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.session.lane_status import LaneStatus
from kiosk_tui.text.texts import language_of
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.lane import (
    cannot,
    card_number_typed,
    no_card_reference,
    no_number,
    not_known,
    nothing_left,
    several,
)
from kiosk_tui.text.wording.refusals import detail
from kiosk_tui.ui.journeys import forms
from kiosk_tui.ui.journeys.approvals import Approvals
from kiosk_tui.ui.journeys.day_end import DayEnd
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.journeys.payments import Payment, Payments
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.journeys.tasks import OpenTasks
from kiosk_tui.ui.messages import (
    CardReferenceAsked,
    DetailsAsked,
    ElsewhereAsked,
    EntryAsked,
    EntryEnded,
    FormFilled,
    FormLeft,
    GoodsTold,
    ListAsked,
    OriginalAsked,
    OriginalPicked,
    SignedOff,
)
from kiosk_tui.ui.register_link import RegisterLink
from kiosk_tui.ui.screens.lane.form import Form
from kiosk_tui.ui.screens.lane.lane import LaneScreen
from kiosk_tui.ui.screens.lane.pick import Pick
from kiosk_tui.ui.screens.lane.shift import Shift

log = logging.getLogger(__name__)

Filled = Callable[..., Awaitable[str]]
"""Takes what a form holds, by its fields' names; returns why it cannot be used, or nothing."""


class CashierJourney:
    """The screens that a cashier goes through."""

    def __init__(
        self, nav: Navigator, payments: Payments, printing: Printing, tries: Tries
    ) -> None:
        self._nav = nav
        self._payments = payments
        self._printing = printing
        self._approvals = approvals = Approvals(nav, tries)
        self.tasks = OpenTasks(nav, approvals, self.open_lane)
        self.day_end = DayEnd(
            nav, printing, approvals.ask, self.open_lane, lambda: nav.settings.lane
        )
        self._draft: Draft | None = None
        """What the lane begins with when it is shown again."""
        self._about: Draft | None = None
        """The follow-up whose original is being typed."""
        self._sent: Draft | None = None
        """What is under way, without its card reference: it comes back when nothing was sent."""
        self._under_way: Order | None = None
        self._shown: Transaction | NotStarted | None = None
        """What the lane tells of: how the last entry ended."""
        self._slip_of = ""
        """The transaction whose slip is printed once its cancellation has ended."""
        self._forms: dict[str, Filled] = {
            forms.ELSEWHERE: self._elsewhere_given,
            forms.CARD_REFERENCE: self._card_reference_given,
            forms.DETAILS: self._details_given,
            forms.SETTLE: self.tasks.note_given,
            forms.SIGN_ON: approvals.signed_on,
        }

    # -- the lane itself ---------------------------------------------------------------------------

    def show_lane(self) -> None:
        """Show the lane, or ask who is there first."""
        self._nav.call_later(self.open_lane)

    async def open_lane(self, said: str = "") -> None:
        """Show the lane with today's list as it is now."""
        register, settings = self._nav.register, self._nav.settings
        if register is None:
            return
        if settings.lane.people and not self._approvals.cashier:
            self._approvals.ask_to_sign_on()
            return
        shift = await self._shift(register)
        draft, self._draft = self._draft or self._empty(), None
        screen = LaneScreen(settings, draft, shift, lambda: register.answer_due_s)
        self._nav.show(screen)
        if said:
            screen.call_later(screen.say, said)

    async def _shift(self, register: RegisterLink) -> Shift:
        today: tuple[Transaction, ...] = ()
        tasks: tuple[Transaction, ...] = ()
        try:
            today, tasks = await self._today(register), await register.needs_staff()
        except JournalUnavailableError as error:
            log.warning("lane: %s", error)  # the banner says it, too
        if self._shown is None and today:
            self._shown = today[-1]  # how the last one ended, for whoever comes back
        waiting = await register.goods_due()  # perhaps since yesterday
        return Shift(
            cashier=self._approvals.cashier,
            readiness=register.readiness,
            today={one.id: one for one in (*waiting, *today)},
            tasks={one.id for one in tasks},
            shown=waiting[0] if waiting else self._shown,
            running=self._under_way,
            printer=self._printing.trouble,
            status=LaneStatus()
            .ready(register.readiness)
            .served(register.service_s)
            .printing(self._printing.state),
            service_s=lambda: register.service_s,
        )

    async def _today(self, register: RegisterLink) -> tuple[Transaction, ...]:
        zone = self._nav.settings.lane.zone
        return await register.between(*day_span(day_at(register.now(), zone), zone))

    def _empty(self) -> Draft:
        return Draft.empty(self._nav.settings.amount_max.currency)

    def signed_off(self, _message: SignedOff) -> None:
        """Let the next cashier sign on; where nobody signs on, leave."""
        if self._approvals.cashier:
            self._approvals.sign_off()
            self.show_lane()
        else:
            self._nav.exit(0)

    def hear(self, notification: Notification) -> None:
        """Follow what the lane is about, also while another screen is shown."""
        if not isinstance(notification, TransactionChanged):
            return
        one = notification.transaction
        if isinstance(self._shown, Transaction) and self._shown.id == one.id:
            self._shown = one
        self._print_cancellation(one)

    # -- an entry ----------------------------------------------------------------------------------

    async def entry_asked(self, message: EntryAsked) -> None:
        """Send an entry, once whoever has to has agreed."""
        await self._ask_to_send(message.draft)

    async def _ask_to_send(self, draft: Draft) -> None:
        self._draft = replace(draft, card_reference=None)
        acts = (draft.operation.rules.act, *([Act.OVERRIDE] if draft.beyond else []))
        await self._approvals.ask(acts, partial(self._send, draft))

    async def _send(self, draft: Draft, who: str) -> None:
        register = self._nav.register
        if register is None:
            return
        self._draft, self._sent = None, replace(draft, card_reference=None)
        settings = self._nav.settings
        language = Language(language_of(settings.locale))
        order = draft.order(settings.place, language, who, until_goods=settings.until_goods)
        if order.operation.takes_back:
            ended = await self._cancel(register, order, who, ours=draft.whole)
            self._nav.post_message(EntryEnded(ended))
        else:
            self._under_way = replace(order, card_reference=None)
            payment = register.pay(order, overridden_by=(who or "staff") if draft.beyond else "")
            payment.add_done_callback(self._entry_done)
        screen = self._nav.frame
        if not isinstance(screen, LaneScreen):
            await self.open_lane()
        elif self._under_way is not None:
            screen.begin(self._under_way)

    async def _cancel(
        self, register: RegisterLink, order: Order, who: str, *, ours: bool
    ) -> Transaction | NotStarted:
        if ours and order.original is not None:
            ended = await register.cancel(order.original.transaction_id, who or "staff")
        else:
            ended = await register.cancel_elsewhere(order)
        if isinstance(ended, Transaction):
            self._slip_of = ended.id
        return ended

    def _entry_done(self, payment: Payment) -> None:
        if not self._payments.failed(payment):
            self._nav.post_message(EntryEnded(self._payments.outcome(payment)))

    def entry_ended(self, message: EntryEnded) -> None:
        """Show how an entry ended, with its slip; the next amount can be typed at once."""
        draft, self._sent, self._under_way = self._sent, None, None
        self._shown = ended = message.result
        started = isinstance(ended, Transaction)
        screen = self._nav.frame
        if isinstance(screen, LaneScreen):
            screen.call_later(screen.ended, ended, None if started else draft)
        elif not started:
            self._draft = draft
        if isinstance(ended, Transaction):
            if ended.id == self._slip_of:
                self._print_cancellation(ended)  # it may have ended faster than it was told
            else:
                self._printing.print_slip(ended)

    async def goods_told(self, message: GoodsTold) -> None:
        """Tell the register what became of the goods; say on the lane why that is not possible."""
        register, who = self._nav.register, self._approvals.cashier
        if register is None:
            return
        why = f"Said by {who}." if who else ""
        told = await register.goods(message.transaction.id, why, handed_over=message.handed_over)
        if isinstance(told, NotStarted):
            await self.open_lane(detail(told))

    def _print_cancellation(self, one: Transaction) -> None:
        """Print the slip of a cancellation that was asked for here, once it has ended."""
        if self._slip_of == one.id and one.state not in DUE:
            self._slip_of = ""
            self._printing.print_slip(one)

    # -- what an entry is about --------------------------------------------------------------------

    async def original_asked(self, message: OriginalAsked) -> None:
        """Show what a follow-up can be about."""
        await self._pick(message.draft)

    async def list_asked(self, message: ListAsked) -> None:
        """Show today's list."""
        await self._pick(message.draft.of_sale(), message.opened)

    async def _pick(self, draft: Draft, opened: Transaction | None = None) -> None:
        register = self._nav.register
        if register is None:
            return
        self._draft = draft.of_sale()
        try:
            today = await self._today(register)
        except JournalUnavailableError as error:
            await self.open_lane(explained(str(error)))
        else:
            self._nav.show(Pick(self._nav.settings, draft, today[::-1], opened))

    async def original_picked(self, message: OriginalPicked) -> None:
        """Offer what the original still allows."""
        wrong = await self._offer(message.draft, message.transaction)
        await self.open_lane(wrong)

    async def _offer(self, draft: Draft, one: Transaction) -> str:
        """Put a follow-up together; return why that is not possible, or nothing."""
        register = self._nav.register
        if register is None:
            return ""
        if not can_be(draft.operation, one):
            return cannot(one)
        possible = one.charged
        if not draft.operation.takes_back:
            try:
                possible = await register.still_possible(draft.operation, one)
            except JournalUnavailableError as error:
                return explained(str(error))
        if not possible:
            return nothing_left(draft.operation, one)
        offered = None if draft.operation.is_tip else min(possible, one.charged)
        self._draft = draft.about(Original(one.id, one.order.place), possible, offered)
        return ""

    # -- forms -------------------------------------------------------------------------------------

    async def form_filled(self, message: FormFilled) -> None:
        """Do what a form was for, or say on it why what was typed cannot be used."""
        filled = self._forms.get(message.purpose)
        if filled is None:
            wrong = await self._approvals.given(message.purpose, message.values)
        else:
            wrong = await filled(**message.values)
        screen = self._nav.frame
        if wrong and isinstance(screen, Form):
            screen.refuse(wrong)

    async def form_left(self, message: FormLeft) -> None:
        """Go back to where the form was asked for."""
        self._approvals.forget()
        if message.purpose == forms.SETTLE:
            await self.tasks.show()
        else:
            await self.open_lane()

    def elsewhere_asked(self, message: ElsewhereAsked) -> None:
        """Ask for the number of an earlier payment, and where it was made."""
        self._about = message.draft
        self._nav.show(forms.elsewhere(self._nav.settings))

    async def _elsewhere_given(self, number: str, terminal: str, source_id: str) -> str:
        """Find an earlier payment by what was typed."""
        wrong = await self._named(number, terminal, source_id)
        if not wrong:
            await self.open_lane()
        return wrong

    async def _named(self, number: str, terminal: str, source_id: str) -> str:
        draft, register, settings = self._about, self._nav.register, self._nav.settings
        if draft is None or register is None:
            return ""
        try:
            wanted = references.wanted(number, settings.place, terminal, source_id)
        except IdentityError as error:
            return explained(str(error)) if terminal or source_id else no_number(number)
        try:
            found = await register.named(wanted)
            if found is not None:
                return await self._offer(draft, found)
            if wanted.place is None:
                return not_known(number)
            self._draft = draft.about(await register.original(wanted))
        except references.AmbiguousError as error:
            return several(error.found, number, settings.locale)
        except (IdentityError, JournalUnavailableError) as error:
            return explained(str(error))
        return ""

    def card_reference_asked(self, message: CardReferenceAsked) -> None:
        """Ask for the card reference of a card that is not present."""
        self._draft = message.draft
        self._nav.show(forms.card_reference(self._nav.settings))

    async def _card_reference_given(self, reference: str) -> str:
        """Send a sale by reference."""
        try:
            known = CardReference(reference)
        except IdentityError:
            return no_card_reference()
        if self._draft is not None:
            await self._ask_to_send(replace(self._draft, card_reference=known))
        return ""

    def details_asked(self, message: DetailsAsked) -> None:
        """Ask for a receipt number and a reason."""
        self._draft = message.draft
        self._nav.show(forms.details(self._nav.settings, message.draft))

    async def _details_given(self, receipt_number: str, reason: str) -> str:
        """Put them to the entry."""
        if holds_card_number(receipt_number) or holds_card_number(reason):
            return card_number_typed()
        if self._draft is not None:
            self._draft = replace(self._draft, receipt_number=receipt_number, reason=reason)
        await self.open_lane()
        return ""
