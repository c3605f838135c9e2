"""What staff do behind the service PIN. Each entry of the menu that is used is logged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from kiosk_tui.ui.journeys.path import Path

if TYPE_CHECKING:
    # loaded when somebody asks for the service menu
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.domain.tries import Tries
    from kiosk_tui.ui.messages import (
        BookAsked,
        LeaveAsked,
        PinAccepted,
        RestartAsked,
        RetryAsked,
        SelfTestAsked,
        ServiceAsked,
        Settled,
        SettlingAsked,
        TestPaymentAsked,
    )

log = logging.getLogger(__name__)

RESTART: Final = 64_000
"""What the app returns when the program is to begin anew; no process ever ends with it."""

SHOWN: Final = 200
"""So many of the newest transactions can be leafed through."""


class StaffPath(Path):
    """The screens behind the PIN."""

    _tries: Tries | None = None

    reload_refused: str = ""
    """Why the configuration that somebody wanted taken was not; staff reads it in the menu."""

    def on_service_asked(self, _event: ServiceAsked) -> None:
        """Ask for the PIN."""
        from kiosk_tui.ui.screens.service.pin import Pin  # noqa: PLC0415

        self.go(Pin(self.settings, self.service_tries))

    @property
    def service_tries(self) -> Tries:
        """The wrong PINs so far, wherever they were typed."""
        from kiosk_tui.domain.tries import Tries  # noqa: PLC0415

        self._tries = self._tries or Tries()
        return self._tries

    async def on_pin_accepted(self, _event: PinAccepted) -> None:
        """Show the service menu."""
        await self._menu()

    async def _menu(self, said: str = "") -> None:
        from kiosk_tui.ui.screens.service.menu import Menu  # noqa: PLC0415

        due, for_staff = await self._unfinished()
        self.go(Menu(self.settings, due, for_staff, said=said or self.reload_refused))

    async def _unfinished(self) -> tuple[tuple[Transaction, ...], tuple[Transaction, ...]]:
        """Return what is due, and what needs staff as far as the journal can be read."""
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415

        if self.till is None:
            return (), ()
        due = await self.till.due()
        try:
            return due, await self.till.needs_staff()
        except JournalUnavailableError:
            return due, ()

    async def on_settling_asked(self, _event: SettlingAsked) -> None:
        """Ask what was done about the oldest transaction that needs staff."""
        from kiosk_tui.ui.screens.service.settle import Settle  # noqa: PLC0415

        _, for_staff = await self._unfinished()
        if for_staff:
            self.go(Settle(self.settings, for_staff[0]))
        else:
            self.rest()

    async def on_settled(self, event: Settled) -> None:
        """Write down what staff did, and go back to the menu, or say why not."""
        from kiosk_tui.payment.flow import NotStarted  # noqa: PLC0415
        from kiosk_tui.text.wording.refusals import whole  # noqa: PLC0415

        if self.till is None:
            return
        log.info("service: %s is settled", event.transaction.id)
        done = await self.till.settle(event.transaction.id, event.note)
        await self._menu(whole(done) if isinstance(done, NotStarted) else "")

    async def on_book_asked(self, _event: BookAsked) -> None:
        """Show the newest transactions."""
        from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
        from kiosk_tui.ui.screens.service.transactions import TransactionList  # noqa: PLC0415

        if self.till is None:
            return
        log.info("service: the journal is read")
        try:
            newest = await self.till.newest(SHOWN)
        except JournalUnavailableError as error:
            await self._menu(str(error))
        else:
            self.go(TransactionList(self.settings, newest))

    def on_test_payment_asked(self, _event: TestPaymentAsked) -> None:
        """Take the smallest amount, and cancel it in any case."""
        from kiosk_tui.domain.language import Language  # noqa: PLC0415
        from kiosk_tui.domain.transaction import Order  # noqa: PLC0415
        from kiosk_tui.text.texts import language_of  # noqa: PLC0415
        from kiosk_tui.ui.screens.waiting import Waiting  # noqa: PLC0415

        register = self.till
        if register is None or register.running:
            return
        log.info("service: a test payment")
        order = Order.sale(
            self.settings.amount_min,
            self.settings.place,
            language=Language(language_of(self.settings.locale)),
            reason="TEST",
        )
        payment = register.pay(order, rehearsal=True)
        payment.add_done_callback(self.payment_done)
        self.go(Waiting(self.settings, order.charged, lambda: register.answer_due_s))

    async def on_self_test_asked(self, _event: SelfTestAsked) -> None:
        """Look at the whole chain and say what was found."""
        from kiosk_tui.payment.self_test import Part, PartCheck  # noqa: PLC0415
        from kiosk_tui.text.wording.printing import why  # noqa: PLC0415
        from kiosk_tui.ui.screens.service.self_test import SelfTest  # noqa: PLC0415

        if self.till is None:
            return
        log.info("service: a self-test")
        screen = SelfTest(self.settings)
        self.go(screen)
        findings = await self.till.self_test()
        if self.receipts is not None:
            printer = await self.receipts.state()
            findings += (PartCheck(Part.PRINTER, printer.prints, why(printer.condition)),)
        if self.frame is screen:
            screen.call_later(
                screen.tell, findings
            )  # after it is mounted, however slow the machine

    def on_retry_asked(self, _event: RetryAsked) -> None:
        """Try at once what waits for its turn."""
        if self.till is not None:
            log.info("service: what is due is tried now")
            self.till.retry()
        self.rest()

    async def on_restart_asked(self, _event: RestartAsked) -> None:
        """Begin anew with the configuration as it is now, if it can be used."""
        import asyncio  # noqa: PLC0415

        wrong = await asyncio.to_thread(self.settings.what_is_wrong)
        if wrong:
            await self._menu(wrong)
            return
        log.info("service: the program begins anew")
        self.exit(RESTART)

    def on_leave_asked(self, _event: LeaveAsked) -> None:
        """End the program; a payment that runs is finished first, without a screen."""
        log.info("service: the program is left")
        self.exit(0)
