"""What a technician does: looks at links, sends questions, and makes a test sale that is cancelled."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk_tui.ui.journeys.path import Path
from kiosk_tui.ui.other_loop import OtherLoop

if TYPE_CHECKING:
    # loaded when there is a technician
    from kiosk_tui.diagnosis.chain import Link
    from kiosk_tui.diagnosis.examination import Examination
    from kiosk_tui.diagnosis.findings import Finding
    from kiosk_tui.diagnosis.subject import Connection
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.payment.flow import NotStarted
    from kiosk_tui.payment.notifications import Notification
    from kiosk_tui.ui.messages import (
        BenchAsked,
        CheckAsked,
        ExchangeAsked,
        QuestionAsked,
        TestSaleAsked,
    )

log = logging.getLogger(__name__)

PAUSE_S: Final = 2.0
"""Between two questions: asking faster than that has kept a cancellation waiting."""


class BenchPath(Path):
    """The technician's screens. What is found belongs to the examination, not to them."""

    examination: Examination | None = None
    _line: OtherLoop
    """The loop that the examination lives in: it asks over the register's own line."""
    _sold: str | None = None
    _sending: bool = False
    _looking: bool = False
    _chosen: Link | None = None

    def equip(self, examination: Examination, line: OtherLoop | None = None) -> None:
        """Rest at the bench from now on. `line`: the examination's loop, where it is not this one."""
        here = OtherLoop.here()
        self.examination = examination
        self._line = line or here
        examination.began = partial(here.soon, self._began)
        if self.till is not None:
            self.till.follow(self._heard_of_sale)
        self.call_later(self.rest)

    def show_bench(self) -> bool:
        """Show the bench, where there is one."""
        if self.examination is None:
            return False
        from kiosk_tui.diagnosis.chain import CHAIN  # noqa: PLC0415
        from kiosk_tui.ui.screens.technician.bench import Bench  # noqa: PLC0415

        if isinstance(self.frame, Bench):
            return True  # it is shown, and hears the register's news by itself
        chosen = self._chosen or CHAIN[0]
        self.go(
            Bench(
                self.settings,
                self.examination,
                self.readiness,
                chosen=chosen,
                can_sell=self.till is not None,
            )
        )
        return True

    def on_bench_asked(self, _event: BenchAsked) -> None:
        """Go back to the bench."""
        self.rest()

    # -- links -------------------------------------------------------------------------------------

    def on_check_asked(self, event: CheckAsked) -> None:
        """Look at a link or at all; one look at a time."""
        if self.examination is not None and not self._looking:
            self._chosen = event.link or self._chosen
            self.run_worker(self._examine(self.examination, event.link), group="bench")

    async def _examine(self, examination: Examination, link: Link | None) -> None:
        here = OtherLoop.here()

        async def look() -> None:
            async for found in examination.all() if link is None else examination.each(link):
                here.soon(self._found, found)

        self._looking = True
        try:
            await self._line.begin(look())
        finally:
            self._looking = False

    def _found(self, found: Finding) -> None:
        from kiosk_tui.ui.screens.technician.bench import Bench  # noqa: PLC0415

        screen = self.frame
        if isinstance(screen, Bench):
            screen.call_later(screen.tell, found)

    def _began(self, link: Link) -> None:
        from kiosk_tui.ui.screens.technician.bench import Bench  # noqa: PLC0415

        screen = self.frame
        if isinstance(screen, Bench):
            screen.call_later(screen.looking, link)

    # -- exchanges ---------------------------------------------------------------------------------

    def on_exchange_asked(self, _event: ExchangeAsked) -> None:
        """Show what goes over the line."""
        from kiosk_tui.ui.screens.technician.exchange import ExchangeScreen  # noqa: PLC0415

        if self.examination is not None:
            can_sell = self.till is not None
            self.go(ExchangeScreen(self.settings, self.examination, can_sell=can_sell))

    def on_question_asked(self, event: QuestionAsked) -> None:
        """Send a question so many times, for as long as somebody looks."""
        if self.examination is not None and not self._sending:
            self.run_worker(self._ask_line(self.examination, event), group="bench")

    async def _ask_line(self, examination: Examination, event: QuestionAsked) -> None:
        from kiosk_tui.ui.screens.technician.exchange import VERSION, ExchangeScreen  # noqa: PLC0415

        line = examination.subject.line
        self._sending = True
        try:
            for left in range(event.times - 1, -1, -1):
                screen = self.frame
                if line is None or not isinstance(screen, ExchangeScreen):
                    return
                await self._line.begin(_ask(line, status=event.kind != VERSION))
                if screen is self.frame:
                    screen.tell(left)
                if left:
                    await asyncio.sleep(PAUSE_S)
        finally:
            self._sending = False

    # -- the test sale -----------------------------------------------------------------------------

    def on_test_sale_asked(self, _event: TestSaleAsked) -> None:
        """Sell the smallest amount; the register cancels it whatever happens."""
        from kiosk_tui.domain.language import Language  # noqa: PLC0415
        from kiosk_tui.domain.money import Money  # noqa: PLC0415
        from kiosk_tui.domain.transaction import Order  # noqa: PLC0415
        from kiosk_tui.text.texts import language_of  # noqa: PLC0415
        from kiosk_tui.ui.screens.waiting import Waiting  # noqa: PLC0415

        register = self.till
        if register is None or register.running:
            return  # a second press: the first one is on its way
        log.info("bench: a test sale")
        order = Order.sale(
            Money(1, self.settings.amount_max.currency),
            self.settings.place,
            language=Language(language_of(self.settings.locale)),
            reason="TEST",
        )
        payment = register.pay(order, rehearsal=True)
        payment.add_done_callback(self._sold_one)
        self.go(Waiting(self.settings, order.charged, lambda: register.answer_due_s))

    def _sold_one(self, payment: asyncio.Future[Transaction | NotStarted]) -> None:
        """Go back to the bench: it says what the sale shows, and follows its cancellation."""
        from kiosk_tui.diagnosis.chain import Link  # noqa: PLC0415
        from kiosk_tui.domain.transaction import Transaction  # noqa: PLC0415

        if payment.cancelled() or payment.exception() is not None:
            self.payment_done(payment)
            return
        ended = payment.result()
        self._sold = ended.id if isinstance(ended, Transaction) else None
        self._judge_sale(ended)
        self._chosen = Link.TEST_SALE
        self.call_later(self.rest)

    def _heard_of_sale(self, notification: Notification) -> None:
        from kiosk_tui.payment.notifications import TransactionChanged  # noqa: PLC0415

        if (
            isinstance(notification, TransactionChanged)
            and notification.transaction.id == self._sold
        ):
            self._judge_sale(notification.transaction)

    def _judge_sale(self, ended: Transaction | NotStarted) -> None:
        from kiosk_tui.diagnosis.sale import judge  # noqa: PLC0415

        if self.examination is not None:
            found = judge(ended)
            self.examination.found[found.link] = found
            self._found(found)


async def _ask(line: Connection, *, status: bool) -> None:
    await (line.status() if status else line.version())
