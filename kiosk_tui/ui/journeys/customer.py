"""What a customer does: an amount, a tip, the card, the result; and asking after an earlier payment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk_tui.ui.journeys.path import Path

if TYPE_CHECKING:
    # loaded while the first picture is on the screen
    from kiosk_tui.domain.money import Money
    from kiosk_tui.ui.messages import (
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


class CustomerPath(Path):
    """The screens that a customer goes through."""

    # -- how it is shown ---------------------------------------------------------------------------

    async def on_language_asked(self, event: LanguageAsked) -> None:
        """Say everything in another language, until this customer is gone."""
        from kiosk_tui.ui.screens.base import KioskScreen  # noqa: PLC0415

        screen = self.frame
        if isinstance(screen, KioskScreen) and screen.POLYGLOT:
            look = self.look
            self.configure(replace(self.settings, locale=event.locale))
            self.wear(look)
            await screen.speak(self.settings)

    def on_contrast_asked(self, _event: ContrastAsked) -> None:
        """Show high contrast, or the kiosk's own colours again, until this customer is gone."""
        from kiosk_tui.text.themes import THEMES  # noqa: PLC0415

        high = THEMES["high-contrast"]
        self.wear(self.settings.theme if self.look is high else high)

    # -- a payment -----------------------------------------------------------------------------------

    def on_approached(self, event: Approached) -> None:
        """Ask for the amount, with what was typed already in it."""
        from kiosk_tui.ui.messages import AmountGiven  # noqa: PLC0415
        from kiosk_tui.ui.screens.amount import Amount  # noqa: PLC0415
        from kiosk_tui.ui.screens.presets import Presets  # noqa: PLC0415

        screen = self.frame
        if isinstance(screen, Amount):  # typed faster than the screen could change
            screen.call_later(screen.begin_with, event)
            return
        if not screen.RESTING or not self.open_for_customers:
            return
        settings = self.settings
        if settings.price is not None:
            self.on_amount_given(AmountGiven(settings.price))
        elif settings.presets:
            self.go(Presets(settings))
        else:
            self.go(Amount.begun(settings, event))

    def on_amount_reconsidered(self, event: AmountReconsidered) -> None:
        """Ask for the amount again, where it was asked for."""
        from kiosk_tui.ui.screens.presets import Presets  # noqa: PLC0415

        if self.settings.price is not None:
            self.rest()
        elif event.amount in self.settings.presets:
            self.go(Presets(self.settings))
        else:
            self._ask_amount(event.amount)

    def on_amount_typing_asked(self, event: AmountTypingAsked) -> None:
        """Let the customer type another amount than those that are offered."""
        self._ask_amount(event.nothing)

    def _ask_amount(self, amount: Money) -> None:
        from kiosk_tui.ui.screens.amount import Amount  # noqa: PLC0415

        self.go(Amount(self.settings, amount))

    def on_amount_given(self, event: AmountGiven) -> None:
        """Ask for a tip where there is one to choose, else pay."""
        from kiosk_tui.domain.tip import offers  # noqa: PLC0415
        from kiosk_tui.ui.screens.tip import TipScreen  # noqa: PLC0415

        policy = self.settings.tip
        if policy.ask and (policy.custom or offers(policy, event.amount)):
            self.go(TipScreen(self.settings, event.amount))
        else:
            self._pay(event.amount, None)

    def on_tip_typing_asked(self, event: TipTypingAsked) -> None:
        """Let the customer type a tip."""
        from kiosk_tui.ui.screens.tip_typed import TipTyped  # noqa: PLC0415

        self.go(TipTyped(self.settings, event.amount))

    def on_tip_given(self, event: TipGiven) -> None:
        """Pay."""
        self._pay(event.amount, event.tip)

    def _pay(self, amount: Money, tip: Money | None) -> None:
        from kiosk_tui.domain.language import Language  # noqa: PLC0415
        from kiosk_tui.domain.transaction import Order  # noqa: PLC0415
        from kiosk_tui.text.texts import language_of  # noqa: PLC0415
        from kiosk_tui.ui.screens.waiting import Waiting  # noqa: PLC0415

        register = self.till
        if register is None or register.running:
            return  # a second press: the first one is on its way
        order = Order.sale(
            amount,
            self.settings.place,
            tip=tip,
            language=Language(language_of(self.settings.locale)),
        )
        payment = register.pay(order)
        payment.add_done_callback(self.payment_done)
        self.go(Waiting(self.settings, order.charged, lambda: register.answer_due_s))

    def on_gave_up(self, _event: GaveUp) -> None:
        """Ask the register to end the payment; its answer still decides."""
        if self.till is not None:
            self.till.give_up_soon()

    def on_payment_ended(self, event: PaymentEnded) -> None:
        """Show how it ended."""
        from kiosk_tui.domain.transaction import Transaction  # noqa: PLC0415
        from kiosk_tui.ui.screens.result import Result  # noqa: PLC0415
        from kiosk_tui.ui.screens.waiting import Waiting  # noqa: PLC0415

        screen = self.frame
        given_up = isinstance(screen, Waiting) and screen.given_up
        self.go(Result(self.settings, event.result, given_up=given_up))
        if isinstance(event.result, Transaction):
            self.print_slip(event.result)

    def on_left(self, _event: Left) -> None:
        """Make room for the next customer."""
        self.rest()

    # -- an earlier payment --------------------------------------------------------------------------

    def on_lookup_asked(self, _event: LookupAsked) -> None:
        """Ask for the reference of an earlier payment."""
        from kiosk_tui.ui.screens.lookup import Lookup  # noqa: PLC0415

        if self.till is not None and self.frame.RESTING:
            self.go(Lookup(self.settings))

    async def on_reference_given(self, event: ReferenceGiven) -> None:
        """Say what became of it."""
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.ui.screens.lookup import Lookup  # noqa: PLC0415

        if self.till is None:
            return
        try:
            found = await self.till.by_reference(event.reference)
        except JournalUnavailableError:
            found = None
        screen = self.frame
        if isinstance(screen, Lookup):
            screen.answer(found)
