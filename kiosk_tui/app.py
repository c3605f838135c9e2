"""The full-screen app: which screen follows from which fact.

Owns: the order of screens. Invariant: the payment belongs to the register; a screen that goes away,
or this whole app, leaves it running.
Refuses to know: how a payment is made, and the configuration's file.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import BindingType

from kiosk_tui.screens.driver import LeanDriver
from kiosk_tui.screens.frame import Frame
from kiosk_tui.screens.starting import Starting
from kiosk_tui.screens.stylesheets import sheet

if TYPE_CHECKING:
    # Everything else is loaded while the first picture is on the screen: old machines are slow.
    from kiosk_tui.domain.money import Money
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.messages import (
        AmountGiven,
        AmountReconsidered,
        Approached,
        GaveUp,
        LeaveAsked,
        Left,
        PaymentEnded,
        PinAccepted,
        RegisterTold,
        RetryAsked,
        ServiceAsked,
        Settled,
        SettlingAsked,
        TipGiven,
        TipTypingAsked,
    )
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.payment.register import News, Register
    from kiosk_tui.screens.service.pin import Tries
    from kiosk_tui.screens.settings import ScreenSettings

log = logging.getLogger(__name__)

FAILED = 70
"""The exit code after a fault of ours (sysexits: software)."""


class KioskApp(App[int], inherit_bindings=False):
    """Shows screens and tells the register what customers want."""

    BINDINGS: ClassVar[list[BindingType]] = []
    CSS_PATH = str(sheet("frame"))
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False

    settings: ScreenSettings
    """Known once `configure` was called; nothing but the first picture is shown before."""

    def __init__(self) -> None:
        # the 16 colours that every console has, written as such: right on the VT, and few bytes
        super().__init__(driver_class=LeanDriver, ansi_color=True)
        self.animation_level = "none"
        self.painted = asyncio.Event()
        self.crashed = False
        self._till: Register | None = None
        self._readiness: Readiness | None = None
        self._tries: Tries | None = None

    # -- life ------------------------------------------------------------------------------------

    def get_default_screen(self) -> Frame:
        """Start with a picture that needs nothing yet."""
        return Starting()

    def on_ready(self) -> None:
        """Say that the first picture is on the screen."""
        self.painted.set()

    def configure(self, settings: ScreenSettings) -> None:
        """Learn what was configured."""
        self.settings = settings

    def attach(self, register: Register) -> None:
        """Work with this register from now on."""
        from kiosk_tui.payment.register import ReadinessChanged  # noqa: PLC0415

        self._till = register
        register.listen(self._heard)
        self._heard(ReadinessChanged(register.readiness))

    def close_for(self, readiness: Readiness) -> None:
        """Show why the register cannot even be opened."""
        from kiosk_tui.payment.register import ReadinessChanged  # noqa: PLC0415

        self._heard(ReadinessChanged(readiness))

    def _heard(self, news: News) -> None:
        from kiosk_tui.messages import RegisterTold  # noqa: PLC0415

        self.post_message(RegisterTold(news))

    def _handle_exception(self, error: Exception) -> None:
        """Log a fault of ours and end; Textual would print it with every local variable."""
        log.error("the screen failed", exc_info=error)
        self.crashed = True
        self._return_code = FAILED
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    # -- the register's news -----------------------------------------------------------------------

    def on_register_told(self, event: RegisterTold) -> None:
        """Pass news on, and open or close for customers."""
        from kiosk_tui.payment.readiness import Obstacle  # noqa: PLC0415
        from kiosk_tui.payment.register import ReadinessChanged  # noqa: PLC0415

        screen = self._frame
        if isinstance(event.news, ReadinessChanged):
            before, now = self._readiness, event.news.readiness
            if now.obstacle is Obstacle.STARTING:
                return
            self._readiness = now
            changed = before is None or before.open != now.open
            closing = screen.IDLE and screen.SERVICE and not now.open  # before anybody has paid
            if changed and (screen.RESTING or closing):
                self._rest(interrupted=closing)
                return
        screen.call_later(screen.hear, event.news)  # after it is mounted, however slow the machine

    @property
    def _frame(self) -> Frame:
        screen = self.screen
        if not isinstance(screen, Frame):
            raise TypeError(f"{type(screen).__name__} is no screen of the kiosk")
        return screen

    def _rest(self, *, interrupted: bool = False) -> None:
        """Go to where nobody is in the middle of anything."""
        from kiosk_tui.screens.out_of_service import OutOfService  # noqa: PLC0415
        from kiosk_tui.screens.welcome import Welcome  # noqa: PLC0415

        readiness = self._readiness
        if readiness is None:
            return
        if readiness.open:
            self._go(Welcome(self.settings, len(readiness.due)))
        else:
            self._go(OutOfService(self.settings, readiness, interrupted=interrupted))

    def _go(self, screen: Frame) -> None:
        """Show a fresh screen. The first one lies over the default screen, which cannot be switched."""
        if len(self.screen_stack) == 1:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)

    # -- a customer ---------------------------------------------------------------------------------

    def on_approached(self, event: Approached) -> None:
        """Ask for the amount, with the digits that were typed already in it."""
        from kiosk_tui.domain.money import type_digit, zero  # noqa: PLC0415
        from kiosk_tui.screens.amount import Amount  # noqa: PLC0415

        screen = self._frame
        if isinstance(screen, Amount):  # typed faster than the screen could change
            if event.digit is not None:
                screen.call_later(screen.digit, event.digit)
            return
        if not screen.RESTING or self._readiness is None or not self._readiness.open:
            return
        nothing = zero(self.settings.amount_max.currency)
        self._ask_amount(nothing if event.digit is None else type_digit(nothing, event.digit))

    def on_amount_reconsidered(self, event: AmountReconsidered) -> None:
        """Ask for the amount again."""
        self._ask_amount(event.amount)

    def _ask_amount(self, amount: Money) -> None:
        from kiosk_tui.screens.amount import Amount  # noqa: PLC0415

        self._go(Amount(self.settings, amount))

    def on_amount_given(self, event: AmountGiven) -> None:
        """Ask for a tip where there is one to choose, else pay."""
        from kiosk_tui.domain.tip import offers  # noqa: PLC0415
        from kiosk_tui.screens.tip import Tip  # noqa: PLC0415

        policy = self.settings.tip
        if policy.ask and (policy.custom or offers(policy, event.amount)):
            self._go(Tip(self.settings, event.amount))
        else:
            self._pay(event.amount, None)

    def on_tip_typing_asked(self, event: TipTypingAsked) -> None:
        """Let the customer type a tip."""
        from kiosk_tui.screens.tip_typed import TipTyped  # noqa: PLC0415

        self._go(TipTyped(self.settings, event.amount))

    def on_tip_given(self, event: TipGiven) -> None:
        """Pay."""
        self._pay(event.amount, event.tip)

    def _pay(self, amount: Money, tip: Money | None) -> None:
        from kiosk_tui.domain.transaction import Operation, Order  # noqa: PLC0415
        from kiosk_tui.screens.waiting import Waiting  # noqa: PLC0415

        register = self._till
        if register is None or register.running:
            return  # a second press: the first one is on its way
        order = Order(
            operation=Operation.SALE_AND_TIP if tip else Operation.SALE,
            amount=amount,
            place=self.settings.place,
            tip=tip,
            language=self.settings.languages[0][:2],
        )
        payment = register.pay(order)
        payment.add_done_callback(self._payment_done)
        self._go(Waiting(self.settings, order.charged, lambda: register.flow.answer_due_s))

    def _payment_done(self, payment: asyncio.Task[Any]) -> None:
        from kiosk_tui.messages import PaymentEnded  # noqa: PLC0415

        if not payment.cancelled() and payment.exception() is None:
            self.post_message(PaymentEnded(payment.result()))
        elif not payment.cancelled():
            # the journal has it as open; a new process takes it up
            self._handle_exception(RuntimeError("a payment failed inside the register"))
            log.error("the payment failed", exc_info=payment.exception())

    async def on_gave_up(self, _event: GaveUp) -> None:
        """Ask the register to end the payment; its answer still decides."""
        if self._till is not None:
            await self._till.give_up()

    def on_payment_ended(self, event: PaymentEnded) -> None:
        """Show how it ended."""
        from kiosk_tui.screens.result import Result  # noqa: PLC0415
        from kiosk_tui.screens.waiting import Waiting  # noqa: PLC0415

        given_up = isinstance(self.screen, Waiting) and self.screen.given_up
        self._go(Result(self.settings, event.result, given_up=given_up))

    def on_left(self, _event: Left) -> None:
        """Make room for the next customer."""
        self._rest()

    # -- staff --------------------------------------------------------------------------------------

    def on_service_asked(self, _event: ServiceAsked) -> None:
        """Ask for the PIN."""
        from kiosk_tui.screens.service.pin import Pin, Tries  # noqa: PLC0415

        self._tries = self._tries or Tries()
        self._go(Pin(self.settings, self._tries))

    async def on_pin_accepted(self, _event: PinAccepted) -> None:
        """Show the service menu."""
        from kiosk_tui.screens.service.menu import Menu  # noqa: PLC0415

        due, for_staff = await self._unfinished()
        self._go(Menu(self.settings, due, for_staff))

    async def _unfinished(self) -> tuple[tuple[Transaction, ...], tuple[Transaction, ...]]:
        """Return what is due, and what needs staff as far as the journal can be read."""
        from kiosk_tui.payment.ports import JournalUnavailableError  # noqa: PLC0415

        if self._till is None:
            return (), ()
        try:
            return self._till.due, await self._till.needs_staff()
        except JournalUnavailableError:
            return self._till.due, ()

    async def on_settling_asked(self, _event: SettlingAsked) -> None:
        """Ask what was done about the oldest transaction that needs staff."""
        from kiosk_tui.screens.service.settle import Settle  # noqa: PLC0415

        _, for_staff = await self._unfinished()
        if for_staff:
            self._go(Settle(self.settings, for_staff[0]))
        else:
            self._rest()

    async def on_settled(self, event: Settled) -> None:
        """Write down what staff did, and go back to the menu, or say why not."""
        from kiosk_tui.payment.flow import NotStarted  # noqa: PLC0415
        from kiosk_tui.screens.service.menu import Menu  # noqa: PLC0415

        if self._till is None:
            return
        done = await self._till.settle(event.transaction.id, event.note)
        said = done.why if isinstance(done, NotStarted) else ""
        self._go(Menu(self.settings, *await self._unfinished(), said=said))

    def on_retry_asked(self, _event: RetryAsked) -> None:
        """Try at once what waits for its turn."""
        if self._till is not None:
            self._till.recovery.hurry()
            self._till.look_soon()
        self._rest()

    def on_leave_asked(self, _event: LeaveAsked) -> None:
        """End the program; a payment that runs is finished first, without a screen."""
        self.exit(0)
