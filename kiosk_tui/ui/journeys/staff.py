"""What staff do behind the service PIN. Each entry of the menu that is used is logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.rights import Act
from kiosk_tui.domain.transaction import Order
from kiosk_tui.domain.tries import Tries
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.self_test import Part, PartCheck
from kiosk_tui.session.pins import service_refusal
from kiosk_tui.text.texts import _, language_of
from kiosk_tui.text.times import day
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.printing import why
from kiosk_tui.text.wording.refusals import whole
from kiosk_tui.ui.exit_codes import RESTART
from kiosk_tui.ui.journeys.navigator import Navigator, SessionHooks
from kiosk_tui.ui.journeys.payments import Payments
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.messages import (
    CloseDayAsked,
    JournalAsked,
    LeaveAsked,
    PinAccepted,
    ReportAsked,
    ReportWanted,
    RestartAsked,
    RetryAsked,
    SelfTestAsked,
    ServiceAsked,
    Settled,
    SettlingAsked,
    TestPaymentAsked,
)
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.service.menu import Menu, Unfinished
from kiosk_tui.ui.screens.service.pin import Pin
from kiosk_tui.ui.screens.service.self_test import SelfTest
from kiosk_tui.ui.screens.service.settle import Settle
from kiosk_tui.ui.screens.service.transactions import TransactionList

if TYPE_CHECKING:
    from kiosk_tui.ui.journeys.day_end import DayEnd

log = logging.getLogger(__name__)

SHOWN: Final = 200
"""So many of the newest transactions can be leafed through."""


class StaffJourney:
    """The screens behind the PIN.

    `tries` are the wrong service PINs so far, wherever they were typed.
    """

    def __init__(
        self,
        nav: Navigator,
        payments: Payments,
        printing: Printing,
        tries: Tries,
        session: SessionHooks,
    ) -> None:
        self._nav = nav
        self._payments = payments
        self._printing = printing
        self._tries = tries
        self._session = session

    def service_asked(self, _message: ServiceAsked) -> None:
        """Ask for the PIN."""
        self._nav.show(Pin(self._nav.settings, self._check_pin))

    async def _check_pin(self, pin: str) -> str:
        wrong = await service_refusal(
            self._tries, self._nav.settings.pin_fits, pin, frame.monotonic()
        )
        if not wrong:
            log.info("service: the PIN was right")
        return wrong

    async def pin_accepted(self, _message: PinAccepted) -> None:
        """Show the service menu."""
        await self._menu()

    async def _menu(self, said: str = "") -> None:
        refused = self._session.reload_refused
        if refused and not said:
            said = _("The old settings stay: {why}").format(why=refused)
        self._nav.show(Menu(self._nav.settings, await self._unfinished(), said=said))

    async def _unfinished(self) -> Unfinished:
        """Return what is due, and what needs staff as far as the journal can be read."""
        register, printer = self._nav.register, self._printing.receipts is not None
        if register is None:
            return Unfinished(printer=printer)
        due = await register.due()
        try:
            for_staff, newest = await register.needs_staff(), await register.newest(SHOWN)
        except JournalUnavailableError:
            return Unfinished(due, printer=printer)
        now = day(self._nav.settings.now())
        today = sum(day(one.created_at) == now for one in newest)
        return Unfinished(due, for_staff, today, printer)

    async def settling_asked(self, _message: SettlingAsked) -> None:
        """Ask what was done about the oldest transaction that needs staff."""
        for_staff = (await self._unfinished()).for_staff
        if for_staff:
            self._nav.show(Settle(self._nav.settings, for_staff[0]))
        else:
            self._nav.rest()

    async def settled(self, message: Settled) -> None:
        """Write down what staff did, and go back to the menu, or say why not."""
        if self._nav.register is None:
            return
        log.info("service: %s is settled", message.transaction.id)
        done = await self._nav.register.settle(message.transaction.id, message.note)
        await self._menu(whole(done) if isinstance(done, NotStarted) else "")

    async def journal_asked(self, _message: JournalAsked) -> None:
        """Show the newest transactions."""
        if self._nav.register is None:
            return
        log.info("service: the journal is read")
        try:
            newest = await self._nav.register.newest(SHOWN)
        except JournalUnavailableError as error:
            await self._menu(explained(str(error)))
        else:
            self._nav.show(TransactionList(self._nav.settings, newest))

    async def report_asked(self, message: ReportAsked) -> None:
        """Show what the business day comes to so far."""
        log.info("service: the business day is looked at")
        await self._days().report_asked(message)

    async def close_day_asked(self, message: CloseDayAsked) -> None:
        """Close the business day."""
        log.info("service: the business day is closed")
        await self._days().close_asked(message)

    async def report_wanted(self, message: ReportWanted) -> None:
        """Print a business day's report, or write it into a file."""
        await self._days().report_wanted(message)

    def _days(self) -> DayEnd:
        # a kiosk loads it when its staff asks
        from kiosk_tui.ui.journeys.day_end import DayEnd  # noqa: PLC0415
        from kiosk_tui.ui.screens.service.service_day import ServiceDay  # noqa: PLC0415

        nav = self._nav
        return DayEnd(nav, self._printing, _agreed, self._menu, nav.settings.days, ServiceDay)

    def rehearsal_asked(self, _message: TestPaymentAsked) -> None:
        """Take the smallest amount, and cancel it in any case."""
        settings = self._nav.settings
        log.info("service: a test payment")
        order = Order.sale(
            settings.amount_min,
            settings.place,
            language=Language(language_of(settings.locale)),
            reason="TEST",
        )
        self._payments.begin(order, rehearsal=True)

    async def self_test_asked(self, _message: SelfTestAsked) -> None:
        """Look at the whole chain and say what was found."""
        if self._nav.register is None:
            return
        log.info("service: a self-test")
        screen = SelfTest(self._nav.settings)
        self._nav.show(screen)
        findings = await self._nav.register.self_test()
        if self._printing.receipts is not None:
            printer = await self._printing.receipts.state()
            findings += (PartCheck(Part.PRINTER, printer.prints, why(printer.condition)),)
        if self._nav.frame is screen:
            screen.call_later(screen.tell, findings)  # once it is mounted, however slow the machine

    def retry_asked(self, _message: RetryAsked) -> None:
        """Try at once what waits for its turn."""
        if self._nav.register is not None:
            log.info("service: what is due is tried now")
            self._nav.register.retry()
        self._nav.rest()

    async def restart_asked(self, _message: RestartAsked) -> None:
        """Begin anew with the configuration as it is now, if it can be used."""
        wrong = await asyncio.to_thread(self._nav.settings.what_is_wrong)
        if wrong:
            await self._menu(wrong)
            return
        log.info("service: the program begins anew")
        self._nav.exit(RESTART)

    def leave_asked(self, _message: LeaveAsked) -> None:
        """End the program; a payment that runs is finished first, without a screen."""
        log.info("service: the program is left")
        self._nav.exit(0)


async def _agreed(_acts: Sequence[Act], then: Callable[[str], Awaitable[None]]) -> None:
    """Go on: whoever is here knows the service PIN."""
    await then("")
