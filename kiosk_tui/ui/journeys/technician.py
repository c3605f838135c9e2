"""What a technician does: looks at links, sends questions, and makes a test sale that is cancelled."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Final

from kiosk_tui.diagnosis.chain import CHAIN, Link
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.diagnosis.findings import Finding
from kiosk_tui.diagnosis.sale import judge
from kiosk_tui.diagnosis.subject import Connection
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification, TransactionChanged
from kiosk_tui.text.texts import language_of
from kiosk_tui.ui.journeys.availability import Availability
from kiosk_tui.ui.journeys.navigator import Navigator
from kiosk_tui.ui.journeys.payments import Payment, Payments
from kiosk_tui.ui.messages import (
    BenchAsked,
    CheckAsked,
    ExchangeAsked,
    QuestionAsked,
    TestSaleAsked,
)
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.screens.technician.bench import Bench
from kiosk_tui.ui.screens.technician.exchange import VERSION, ExchangeScreen

log = logging.getLogger(__name__)

PAUSE_S: Final = 2.0
"""Between two questions: asking faster than that has kept a cancellation waiting."""


class TechnicianJourney:
    """The technician's screens. What is found belongs to the examination, not to them.

    `loop` is the one that the examination lives in: it asks over the register's own line.
    """

    def __init__(
        self,
        examination: Examination,
        loop: OtherLoop,
        nav: Navigator,
        availability: Availability,
        payments: Payments,
    ) -> None:
        self._nav = nav
        self._availability = availability
        self._payments = payments
        self._examination = examination
        self._loop = loop
        self._sold: str | None = None
        self._sending = False
        self._looking = False
        self._chosen = CHAIN[0]
        examination.began = partial(OtherLoop.here().soon, self._began)

    def show_bench(self) -> bool:
        """Show the bench. Always true: a technician's program rests there."""
        if isinstance(self._nav.frame, Bench):
            return True  # it is shown, and hears the register's news by itself
        self._nav.show(
            Bench(
                self._nav.settings,
                self._examination,
                self._availability.readiness,
                chosen=self._chosen,
                can_sell=self._nav.register is not None,
            )
        )
        return True

    def bench_asked(self, _message: BenchAsked) -> None:
        """Go back to the bench."""
        self._nav.rest()

    # -- links -------------------------------------------------------------------------------------

    def check_asked(self, message: CheckAsked) -> None:
        """Look at a link or at all; one look at a time."""
        if not self._looking:
            self._chosen = message.link or self._chosen
            self._nav.run_worker(self._examine(message.link), group="bench")

    async def _examine(self, link: Link | None) -> None:
        here, examination = OtherLoop.here(), self._examination

        async def look() -> None:
            async for found in examination.all() if link is None else examination.each(link):
                here.soon(self._found, found)

        self._looking = True
        try:
            await self._loop.begin(look())
        finally:
            self._looking = False

    def _found(self, found: Finding) -> None:
        screen = self._nav.frame
        if isinstance(screen, Bench):
            screen.call_later(screen.tell, found)

    def _began(self, link: Link) -> None:
        screen = self._nav.frame
        if isinstance(screen, Bench):
            screen.call_later(screen.looking, link)

    # -- exchanges ---------------------------------------------------------------------------------

    def exchange_asked(self, _message: ExchangeAsked) -> None:
        """Show what goes over the line."""
        can_sell = self._nav.register is not None
        self._nav.show(ExchangeScreen(self._nav.settings, self._examination, can_sell=can_sell))

    def question_asked(self, message: QuestionAsked) -> None:
        """Send a question so many times, for as long as somebody looks."""
        if not self._sending:
            self._nav.run_worker(self._ask_line(message), group="bench")

    async def _ask_line(self, message: QuestionAsked) -> None:
        line = self._examination.subject.line
        self._sending = True
        try:
            for left in range(message.times - 1, -1, -1):
                screen = self._nav.frame
                if line is None or not isinstance(screen, ExchangeScreen):
                    return
                await self._loop.begin(_ask(line, status=message.kind != VERSION))
                if screen is self._nav.frame:
                    screen.call_later(screen.tell, left)
                if left:
                    await asyncio.sleep(PAUSE_S)
        finally:
            self._sending = False

    # -- the test sale -----------------------------------------------------------------------------

    def rehearsal_asked(self, _message: TestSaleAsked) -> None:
        """Sell the smallest amount; the register cancels it whatever happens."""
        settings = self._nav.settings
        log.info("bench: a test sale")
        order = Order.sale(
            Money(1, settings.amount_max.currency),
            settings.place,
            language=Language(language_of(settings.locale)),
            reason="TEST",
        )
        self._payments.begin(order, rehearsal=True, ended=self._sale_ended)

    def _sale_ended(self, payment: Payment) -> None:
        """Go back to the bench: it says what the sale shows, and follows its cancellation."""
        if self._payments.failed(payment):
            return
        ended = self._payments.outcome(payment)
        self._sold = ended.id if isinstance(ended, Transaction) else None
        self._judge_sale(ended)
        self._chosen = Link.TEST_SALE
        self._nav.call_later(self._nav.rest)

    def hear(self, notification: Notification) -> None:
        """Follow the cancellation of the test sale."""
        if isinstance(notification, TransactionChanged):
            one = notification.transaction
            if one.id == self._sold:
                self._judge_sale(one)

    def _judge_sale(self, ended: Transaction | NotStarted) -> None:
        found = judge(ended)
        self._examination.found[found.link] = found
        self._found(found)


async def _ask(line: Connection, *, status: bool) -> None:
    await (line.status() if status else line.version())
