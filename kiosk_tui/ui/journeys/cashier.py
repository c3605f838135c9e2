"""What a cashier does: entries one after the other, and those that are about an earlier one.

Invariant: all money goes through the register; an entry that is under way belongs to it, whatever
screen is shown. A card reference lives in the draft that is being sent, and nowhere else.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from kiosk_tui.ui.journeys.approval import LeavePath

if TYPE_CHECKING:
    # loaded while the first picture is on the screen
    from kiosk_tui.domain.lane import Draft
    from kiosk_tui.domain.transaction import Order, Transaction
    from kiosk_tui.payment.flow import NotStarted
    from kiosk_tui.ui.messages import (
        CardReferenceAsked,
        DetailsAsked,
        ElsewhereAsked,
        EntryAsked,
        EntryEnded,
        ListAsked,
        OriginalAsked,
        OriginalPicked,
        RegisterTold,
        SignedOff,
    )
    from kiosk_tui.ui.register_link import RegisterLink
    from kiosk_tui.ui.screens.lane.shift import Shift

log = logging.getLogger(__name__)

ELSEWHERE: Final = "elsewhere"
CARD_REFERENCE: Final = "card_reference"
DETAILS: Final = "details"


class LanePath(LeavePath):
    """The screens that a cashier goes through."""

    _draft: Draft | None = None
    """What the lane begins with when it is shown again."""
    _about: Draft | None = None
    """The follow-up whose original is being typed."""
    _sent: Draft | None = None
    """What is under way, without its card reference: it comes back when nothing was sent."""
    _shown: Transaction | NotStarted | None = None
    _under_way: Order | None = None
    _slip_of: str = ""
    """The transaction whose slip is printed once its cancellation has ended."""

    # -- the lane itself ---------------------------------------------------------------------------

    def to_lane(self) -> None:
        """Show the lane, or ask who is there first."""
        self.call_later(self.open_lane)

    async def open_lane(self, said: str = "") -> None:
        """Show the lane with today's list as it is now."""
        from kiosk_tui.ui.screens.lane.lane import LaneScreen  # noqa: PLC0415

        register = self.till
        if register is None:
            return
        if self.settings.lane.people and not self.cashier:
            self.ask_who()
            return
        shift = await self._shift(register)
        draft, self._draft = self._draft or self._empty(), None
        screen = LaneScreen(self.settings, draft, shift, lambda: register.answer_due_s)
        self.go(screen)
        if said:
            screen.call_later(screen.say, said)

    async def _shift(self, register: RegisterLink) -> Shift:
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.shift import Shift  # noqa: PLC0415

        today: tuple[Transaction, ...] = ()
        tasks: tuple[Transaction, ...] = ()
        try:
            today, tasks = await self._today(register), await register.needs_staff()
        except JournalUnavailableError as error:
            log.warning("lane: %s", error)  # the banner says it, too
        if self._shown is None and today:
            self._shown = today[-1]  # how the last one ended, for whoever comes back
        return Shift(
            cashier=self.cashier,
            readiness=register.readiness,
            today={one.id: one for one in today},
            tasks={one.id for one in tasks},
            shown=self._shown,
            running=self._under_way,
            printer=self.printer_trouble,
        )

    async def _today(self, register: RegisterLink) -> tuple[Transaction, ...]:
        from kiosk_tui.domain.totals import day_at, day_span  # noqa: PLC0415

        zone = self.settings.lane.zone
        return await register.between(*day_span(day_at(register.now(), zone), zone))

    def _empty(self) -> Draft:
        from kiosk_tui.domain.lane import Draft  # noqa: PLC0415

        return Draft.empty(self.settings.amount_max.currency)

    def on_signed_off(self, _event: SignedOff) -> None:
        """Let the next cashier sign on; where nobody signs on, leave."""
        if self.cashier:
            log.info("lane: %s has signed off", self.cashier)
            self.cashier = ""
            self.to_lane()
        else:
            self.exit(0)

    def on_register_told(self, event: RegisterTold) -> None:
        """Follow what the lane is about, also while another screen is shown."""
        from kiosk_tui.domain.lifecycle import DUE  # noqa: PLC0415
        from kiosk_tui.domain.transaction import Transaction  # noqa: PLC0415
        from kiosk_tui.payment.notifications import TransactionChanged  # noqa: PLC0415

        if not isinstance(event.notification, TransactionChanged):
            return
        one = event.notification.transaction
        if isinstance(self._shown, Transaction) and self._shown.id == one.id:
            self._shown = one
        if self._slip_of == one.id and one.state not in DUE:
            self._slip_of = ""
            self.print_slip(one)

    # -- an entry ----------------------------------------------------------------------------------

    async def on_entry_asked(self, event: EntryAsked) -> None:
        """Send an entry, once whoever has to has agreed."""
        await self._ask_to_send(event.draft)

    async def _ask_to_send(self, draft: Draft) -> None:
        from kiosk_tui.domain.rights import Act  # noqa: PLC0415

        self._draft = replace(draft, card_reference=None)
        acts = (draft.operation.rules.act, *([Act.OVERRIDE] if draft.beyond else []))
        await self.with_leave(acts, partial(self._send, draft))

    async def _send(self, draft: Draft, who: str) -> None:
        from kiosk_tui.domain.language import Language  # noqa: PLC0415
        from kiosk_tui.text.texts import language_of  # noqa: PLC0415
        from kiosk_tui.ui.messages import EntryEnded  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.lane import LaneScreen  # noqa: PLC0415

        register = self.till
        if register is None:
            return
        self._draft, self._sent = None, replace(draft, card_reference=None)
        language = Language(language_of(self.settings.locale))
        order = draft.order(self.settings.place, language, who)
        if order.operation.takes_back:
            ended = await self._cancel(register, order, who, ours=draft.whole)
            self.post_message(EntryEnded(ended))
        else:
            self._under_way = replace(order, card_reference=None)
            payment = register.pay(order, overridden_by=(who or "staff") if draft.beyond else "")
            payment.add_done_callback(self._entry_done)
        screen = self.frame
        if not isinstance(screen, LaneScreen):
            await self.open_lane()
        elif self._under_way is not None:
            screen.begin(self._under_way)

    async def _cancel(
        self, register: RegisterLink, order: Order, who: str, *, ours: bool
    ) -> Transaction | NotStarted:
        from kiosk_tui.domain.transaction import Transaction  # noqa: PLC0415

        if ours and order.original is not None:
            ended = await register.cancel(order.original.transaction_id, who or "staff")
        else:
            ended = await register.cancel_elsewhere(order)
        if isinstance(ended, Transaction):
            self._slip_of = ended.id
        return ended

    def _entry_done(self, payment: asyncio.Future[Any]) -> None:
        from kiosk_tui.ui.messages import EntryEnded  # noqa: PLC0415

        if payment.cancelled() or payment.exception() is not None:
            self.payment_done(payment)
        else:
            self.post_message(EntryEnded(payment.result()))

    def on_entry_ended(self, event: EntryEnded) -> None:
        """Show how an entry ended, with its slip; the next amount can be typed at once."""
        from kiosk_tui.domain.lifecycle import DUE  # noqa: PLC0415
        from kiosk_tui.domain.transaction import Transaction  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.lane import LaneScreen  # noqa: PLC0415

        draft, self._sent, self._under_way = self._sent, None, None
        self._shown = event.result
        started = isinstance(event.result, Transaction)
        screen = self.frame
        if isinstance(screen, LaneScreen):
            screen.call_later(screen.ended, event.result, None if started else draft)
        elif not started:
            self._draft = draft
        if isinstance(event.result, Transaction):
            cancelling = event.result.id == self._slip_of
            if not cancelling:
                self.print_slip(event.result)
            elif event.result.state not in DUE:  # it ended faster than it was told
                self._slip_of = ""
                self.print_slip(event.result)

    # -- what an entry is about --------------------------------------------------------------------

    async def on_original_asked(self, event: OriginalAsked) -> None:
        """Show what a follow-up can be about."""
        await self._pick(event.draft)

    async def on_list_asked(self, event: ListAsked) -> None:
        """Show today's list."""
        await self._pick(event.draft.of_sale())

    async def _pick(self, draft: Draft) -> None:
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.ui.screens.lane.pick import Pick  # noqa: PLC0415

        if self.till is None:
            return
        self._draft = draft.of_sale()
        try:
            today = await self._today(self.till)
        except JournalUnavailableError as error:
            await self.open_lane(str(error))
        else:
            self.go(Pick(self.settings, draft, today[::-1]))

    async def on_original_picked(self, event: OriginalPicked) -> None:
        """Offer what the original still allows."""
        wrong = await self._offer(event.draft, event.transaction)
        await self.open_lane(wrong)

    async def _offer(self, draft: Draft, one: Transaction) -> str:
        """Put a follow-up together; return why that is not possible, or nothing."""
        from kiosk_tui.domain.identity import Original  # noqa: PLC0415
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.domain.lane import can_be  # noqa: PLC0415
        from kiosk_tui.text.wording.lane import cannot, nothing_left  # noqa: PLC0415

        if self.till is None:
            return ""
        if not can_be(draft.operation, one):
            return cannot(one)
        possible = one.charged
        if not draft.operation.takes_back:
            try:
                possible = await self.till.still_possible(draft.operation, one)
            except JournalUnavailableError as error:
                return str(error)
        if not possible:
            return nothing_left(draft.operation, one)
        offered = None if draft.operation.is_tip else min(possible, one.charged)
        self._draft = draft.about(Original(one.id, one.order.place), possible, offered)
        return ""

    # -- forms -------------------------------------------------------------------------------------

    def on_elsewhere_asked(self, event: ElsewhereAsked) -> None:
        """Ask for the number of an earlier payment, and where it was made."""
        from kiosk_tui.ui.journeys import forms  # noqa: PLC0415

        self._about = event.draft
        self.go(forms.elsewhere(self.settings, ELSEWHERE))

    async def elsewhere_given(self, number: str, terminal: str, source_id: str) -> str:
        """Find an earlier payment by what was typed; return why it cannot be used, or nothing."""
        from kiosk_tui.domain import references  # noqa: PLC0415
        from kiosk_tui.domain.identity import IdentityError  # noqa: PLC0415
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.text.wording.lane import no_number, not_known, several  # noqa: PLC0415

        draft = self._about
        if draft is None or self.till is None:
            return ""
        try:
            wanted = references.wanted(number, self.settings.place, terminal, source_id)
        except IdentityError as error:
            return str(error) if terminal or source_id else no_number(number)
        try:
            found = await self.till.named(wanted)
            if found is not None:
                return await self._offer(draft, found)
            if wanted.place is None:
                return not_known(number)
            self._draft = draft.about(await self.till.original(wanted))
        except references.AmbiguousError as error:
            return several(error.found, number, self.settings.locale)
        except (IdentityError, JournalUnavailableError) as error:
            return str(error)
        return ""

    def on_card_reference_asked(self, event: CardReferenceAsked) -> None:
        """Ask for the card reference of a card that is not present."""
        from kiosk_tui.ui.journeys import forms  # noqa: PLC0415

        self._draft = event.draft
        self.go(forms.card_reference(self.settings, CARD_REFERENCE))

    async def card_reference_given(self, reference: str) -> None:
        """Send a sale by reference."""
        from kiosk_tui.domain.identity import CardReference, IdentityError  # noqa: PLC0415
        from kiosk_tui.text.wording.lane import no_card_reference  # noqa: PLC0415

        try:
            known = CardReference(reference)
        except IdentityError:
            self.refuse(no_card_reference())
            return
        if self._draft is not None:
            await self._ask_to_send(replace(self._draft, card_reference=known))

    def on_details_asked(self, event: DetailsAsked) -> None:
        """Ask for a receipt number and a reason."""
        from kiosk_tui.ui.journeys import forms  # noqa: PLC0415

        self._draft = event.draft
        self.go(forms.details(self.settings, DETAILS, event.draft))

    async def details_given(self, receipt_number: str, reason: str) -> None:
        """Put them to the entry."""
        from kiosk_tui.domain.card_number import holds_card_number  # noqa: PLC0415
        from kiosk_tui.text.wording.lane import card_number_typed  # noqa: PLC0415

        if holds_card_number(receipt_number) or holds_card_number(reason):
            self.refuse(card_number_typed())
            return
        if self._draft is not None:
            self._draft = replace(self._draft, receipt_number=receipt_number, reason=reason)
        await self.open_lane()
