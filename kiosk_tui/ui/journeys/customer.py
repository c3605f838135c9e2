"""What a customer does: an amount, a tip, the card, the result; and asking after an earlier payment."""

from __future__ import annotations

from dataclasses import replace

from kiosk_tui.domain.attempt import Attempt
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.tip import asks
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.text.texts import language_of
from kiosk_tui.text.themes import THEMES, drawn
from kiosk_tui.text.wording.outcomes import ended_without_goods
from kiosk_tui.ui.journeys.availability import Availability
from kiosk_tui.ui.journeys.navigator import Appearance, Navigator
from kiosk_tui.ui.journeys.payments import Payment, Payments
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.messages import (
    AgainAsked,
    AmountGiven,
    AmountReconsidered,
    AmountTypingAsked,
    Approached,
    ContrastAsked,
    GaveUp,
    LanguageAsked,
    Left,
    LookupAsked,
    PaymentEnded,
    ReferenceGiven,
    TipGiven,
    TipTypingAsked,
)
from kiosk_tui.ui.screens.amount import Amount
from kiosk_tui.ui.screens.base import KioskScreen
from kiosk_tui.ui.screens.lookup import Lookup
from kiosk_tui.ui.screens.presets import Presets
from kiosk_tui.ui.screens.result import Result, is_ready
from kiosk_tui.ui.screens.tip import TipScreen
from kiosk_tui.ui.screens.tip_typed import TipTyped
from kiosk_tui.ui.screens.waiting import Waiting


class CustomerJourney:
    """The screens that a customer goes through."""

    def __init__(
        self,
        nav: Navigator,
        appearance: Appearance,
        availability: Availability,
        payments: Payments,
        printing: Printing,
    ) -> None:
        self._nav = nav
        self._appearance = appearance
        self._availability = availability
        self._payments = payments
        self._printing = printing
        self._ended: Attempt | None = None
        """The customer's payment whose end is shown."""

    # -- how it is shown ---------------------------------------------------------------------------

    def language_asked(self, message: LanguageAsked) -> None:
        """Say everything in another language, until this customer is gone."""
        screen = self._nav.frame
        if isinstance(screen, KioskScreen) and screen.POLYGLOT:
            theme = self._appearance.color_theme
            self._appearance.configure(replace(self._nav.settings, locale=message.locale))
            self._appearance.use_theme(theme)
            screen.call_later(screen.speak, self._nav.settings)

    def contrast_asked(self, _message: ContrastAsked) -> None:
        """Show high contrast, or the kiosk's own colours again, until this customer is gone."""
        high = drawn(THEMES["high-contrast"], self._nav.settings.rendering)
        is_high = self._appearance.color_theme == high
        self._appearance.use_theme(self._nav.settings.theme if is_high else high)

    # -- a payment -----------------------------------------------------------------------------------

    def approached(self, message: Approached) -> None:
        """Ask for the amount, with what was typed already in it."""
        screen = self._nav.frame
        if isinstance(screen, Amount):  # typed faster than the screen could change
            screen.call_later(screen.begin_with, message)
            return
        if not screen.RESTING or not self._availability.open:
            return
        settings = self._nav.settings
        if settings.price is not None:
            self.amount_given(AmountGiven(settings.price))
        elif settings.presets:
            self._nav.show(Presets(settings))
        else:
            self._nav.show(Amount.begun(settings, message))

    def amount_reconsidered(self, message: AmountReconsidered) -> None:
        """Ask for the amount again, where it was asked for."""
        settings = self._nav.settings
        if settings.price is not None:
            self._nav.rest()
        elif message.amount in settings.presets:
            self._nav.show(Presets(settings))
        else:
            self._nav.show(Amount(settings, message.amount))

    def amount_typing_asked(self, message: AmountTypingAsked) -> None:
        """Let the customer type another amount than those that are offered."""
        self._nav.show(Amount(self._nav.settings, message.nothing))

    def amount_given(self, message: AmountGiven) -> None:
        """Ask for a tip where there is one to choose, else pay."""
        settings = self._nav.settings
        if asks(settings.tip, message.amount):
            self._nav.show(TipScreen(settings, message.amount))
        else:
            self._pay(message.amount, None)

    def tip_typing_asked(self, message: TipTypingAsked) -> None:
        """Let the customer type a tip."""
        self._nav.show(TipTyped(self._nav.settings, message.amount))

    def tip_given(self, message: TipGiven) -> None:
        """Pay."""
        self._pay(message.amount, message.tip)

    def _pay(self, amount: Money, tip: Money | None) -> None:
        settings = self._nav.settings
        order = Order.sale(
            amount,
            settings.place,
            tip=tip,
            language=Language(language_of(settings.locale)),
            until_goods=settings.until_goods,
        )
        self._begin(Attempt(order))

    def _begin(self, attempt: Attempt) -> None:
        def ended(payment: Payment) -> None:
            if not self._payments.failed(payment):
                self._nav.post_message(PaymentEnded(self._payments.outcome(payment), attempt))

        self._payments.begin(attempt.order, ended=ended)

    def gave_up(self, _message: GaveUp) -> None:
        """Ask the register to end the payment; its answer still decides."""
        if self._nav.register is not None:
            self._nav.register.give_up_soon()

    def payment_ended(self, message: PaymentEnded) -> None:
        """Show how it ended."""
        screen = self._nav.frame
        given_up = isinstance(screen, Waiting) and screen.given_up
        self._ended = attempt = message.attempt
        result = Result(
            self._nav.settings,
            message.result,
            given_up=given_up,
            again=attempt is not None and not attempt.is_last,
            ready=is_ready(self._availability.readiness),
            without_goods=ended_without_goods(message.result),
        )
        result.hurry()
        self._nav.show(result)
        if isinstance(message.result, Transaction):
            self._printing.print_slip(message.result)

    def again_asked(self, _message: AgainAsked) -> None:
        """Begin the payment anew that has just ended, as a transaction of its own.

        Only while a customer could begin one, and nothing is due.
        """
        ended, self._ended = self._ended, None
        if ended is None:
            return  # asked for twice: the payment is under way
        if ended.is_last or not is_ready(self._availability.readiness):
            self._nav.rest()
        else:
            self._begin(ended.next())

    def left(self, _message: Left) -> None:
        """Make room for the next customer."""
        self._nav.rest()

    # -- an earlier payment --------------------------------------------------------------------------

    def lookup_asked(self, _message: LookupAsked) -> None:
        """Ask for the reference of an earlier payment."""
        if self._nav.register is not None and self._nav.frame.RESTING:
            self._nav.show(Lookup(self._nav.settings))

    async def reference_given(self, message: ReferenceGiven) -> None:
        """Say what became of it."""
        if self._nav.register is None:
            return
        try:
            found = await self._nav.register.by_reference(message.reference)
        except JournalUnavailableError:
            found = None
        screen = self._nav.frame
        if isinstance(screen, Lookup):
            screen.call_later(screen.answer, found)
