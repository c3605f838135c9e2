"""The journeys of one app, and which of them takes which message.

Loaded while the first picture is on the screen, and with it the screens of whoever sits in front of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from kiosk_tui.domain.tries import Tries
from kiosk_tui.session.settings import Mode
from kiosk_tui.ui import messages
from kiosk_tui.ui.app_message import AppMessage
from kiosk_tui.ui.journeys.availability import Availability
from kiosk_tui.ui.journeys.customer import CustomerJourney
from kiosk_tui.ui.journeys.navigator import Appearance, Navigator, SessionHooks
from kiosk_tui.ui.journeys.other_sessions import OtherSessions
from kiosk_tui.ui.journeys.payments import Payments
from kiosk_tui.ui.journeys.printing import Printing
from kiosk_tui.ui.journeys.staff import StaffJourney
from kiosk_tui.ui.journeys.unread import UnreadPayment

if TYPE_CHECKING:
    # loaded where there is one
    from kiosk_tui.ui.journeys.cashier import CashierJourney
    from kiosk_tui.ui.journeys.technician import TechnicianJourney

Handler = Callable[[Any], Awaitable[None] | None]
MakeTechnician = Callable[[Navigator, Availability, Payments], "TechnicianJourney"]
"""A technician's journey is made by who has its examination; only technicians load it."""


class Journeys:
    """All of them, each handed what it needs."""

    def __init__(self, nav: Navigator, appearance: Appearance, session: SessionHooks) -> None:
        self._nav = nav
        self.service_tries = Tries()
        self.payments = Payments(nav)
        self.printing = Printing(nav)
        self.unread = UnreadPayment(nav, self.printing)
        self.other_sessions = OtherSessions(nav, session)
        self.cashier = self._cashier() if nav.settings.mode is Mode.LANE else None
        show_lane = None if self.cashier is None else self.cashier.show_lane
        self.availability = Availability(nav, appearance, self.printing, self.unread, show_lane)
        self.customer = CustomerJourney(
            nav, appearance, self.availability, self.payments, self.printing
        )
        self.staff = StaffJourney(nav, self.payments, self.printing, self.service_tries, session)
        self.technician: TechnicianJourney | None = None
        self._table = self._routes()

    def _routes(self) -> dict[type[AppMessage], Handler]:
        customer, staff = self.customer, self.staff
        table: dict[type[AppMessage], Handler] = {
            messages.RegisterTold: self._register_told,
            # customers
            messages.LanguageAsked: customer.language_asked,
            messages.ContrastAsked: customer.contrast_asked,
            messages.Approached: customer.approached,
            messages.AmountTypingAsked: customer.amount_typing_asked,
            messages.AmountGiven: customer.amount_given,
            messages.AmountReconsidered: customer.amount_reconsidered,
            messages.TipTypingAsked: customer.tip_typing_asked,
            messages.TipGiven: customer.tip_given,
            messages.GaveUp: customer.gave_up,
            messages.PaymentEnded: customer.payment_ended,
            messages.AgainAsked: customer.again_asked,
            messages.LookupAsked: customer.lookup_asked,
            messages.ReferenceGiven: customer.reference_given,
            messages.Left: customer.left,
            messages.TakeOverAsked: self.other_sessions.take_over_asked,
            # staff
            messages.ServiceAsked: staff.service_asked,
            messages.PinAccepted: staff.pin_accepted,
            messages.SettlingAsked: staff.settling_asked,
            messages.Settled: staff.settled,
            messages.JournalAsked: staff.journal_asked,
            messages.ReprintAsked: self.printing.reprint_asked,
            messages.TestSlipAsked: self.printing.slip_test_asked,
            messages.TestPaymentAsked: staff.rehearsal_asked,
            messages.SelfTestAsked: staff.self_test_asked,
            messages.RetryAsked: staff.retry_asked,
            messages.RestartAsked: staff.restart_asked,
            messages.LeaveAsked: staff.leave_asked,
            messages.ReportAsked: staff.report_asked,
            messages.CloseDayAsked: staff.close_day_asked,
            messages.ReportWanted: staff.report_wanted,
        }
        return table if self.cashier is None else table | _of_cashier(self.cashier)

    def _cashier(self) -> CashierJourney:
        # an unattended kiosk shows none of a lane's screens: 3 MB
        from kiosk_tui.ui.journeys.cashier import CashierJourney  # noqa: PLC0415

        return CashierJourney(self._nav, self.payments, self.printing, self.service_tries)

    def equip(self, make: MakeTechnician) -> None:
        """Rest at a technician's bench from now on."""
        technician = make(self._nav, self.availability, self.payments)
        self.technician = technician
        self.availability.show_bench = technician.show_bench
        self._table |= {
            messages.BenchAsked: technician.bench_asked,
            messages.CheckAsked: technician.check_asked,
            messages.ExchangeAsked: technician.exchange_asked,
            messages.QuestionAsked: technician.question_asked,
            messages.TestSaleAsked: technician.rehearsal_asked,
        }

    async def take(self, message: AppMessage) -> None:
        """Hand a message to the journey that takes it; a technician's is nobody's where there is none."""
        handler = self._table.get(type(message))
        done = None if handler is None else handler(message)
        if isawaitable(done):
            await done

    def takes(self) -> set[type[AppMessage]]:
        """Return what is taken."""
        return set(self._table)

    def _register_told(self, message: messages.RegisterTold) -> None:
        """Let everybody hear the register's news; what is shown may change with it."""
        for one in (self.unread, self.cashier, self.technician, self.availability):
            if one is not None:
                one.hear(message.notification)


def _of_cashier(cashier: CashierJourney) -> dict[type[AppMessage], Handler]:
    return {
        messages.EntryAsked: cashier.entry_asked,
        messages.EntryEnded: cashier.entry_ended,
        messages.GoodsTold: cashier.goods_told,
        messages.OriginalAsked: cashier.original_asked,
        messages.OriginalPicked: cashier.original_picked,
        messages.ListAsked: cashier.list_asked,
        messages.ElsewhereAsked: cashier.elsewhere_asked,
        messages.CardReferenceAsked: cashier.card_reference_asked,
        messages.DetailsAsked: cashier.details_asked,
        messages.FormFilled: cashier.form_filled,
        messages.FormLeft: cashier.form_left,
        messages.TasksAsked: cashier.tasks.asked,
        messages.TaskTaken: cashier.tasks.taken,
        messages.DayAsked: cashier.day_end.asked,
        messages.DayWanted: cashier.day_end.wanted,
        messages.ReportAsked: cashier.day_end.report_asked,
        messages.CloseDayAsked: cashier.day_end.close_asked,
        messages.ReportWanted: cashier.day_end.report_wanted,
        messages.SignedOff: cashier.signed_off,
    }
