"""What screens and the register tell the app: facts in the past tense.

Owns: the Textual messages. Refuses to know: what follows from them; a journey decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.domain.attempt import Attempt
from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.totals import Totals
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.notifications import Notification
from kiosk_tui.records import dataclass
from kiosk_tui.ui.app_message import AppMessage


@dataclass
class RegisterTold(AppMessage):
    """The register has news."""

    notification: Notification


@dataclass
class Approached(AppMessage):
    """Somebody began at the welcome screen, perhaps with a digit of the amount.

    Or with digits that came in one piece (`run`, with an Enter among them where `entered`), or with a
    whole amount that was pasted.
    """

    digit: int | None = None
    run: str = ""
    entered: bool = False
    pasted: Money | None = None


@dataclass
class AmountGiven(AppMessage):
    """The customer confirmed an amount."""

    amount: Money


@dataclass
class AmountTypingAsked(AppMessage):
    """None of the amounts that are offered is the right one."""

    nothing: Money


@dataclass
class TipGiven(AppMessage):
    """The customer chose a tip, or none."""

    amount: Money
    tip: Money | None


@dataclass
class GaveUp(AppMessage):
    """The customer does not want to wait any longer."""


@dataclass
class PaymentEnded(AppMessage):
    """The payment has its outcome, and that is on disk.

    `attempt` is which of a customer's payments in a row it was; None when it was nobody's.
    """

    result: Transaction | NotStarted
    attempt: Attempt | None = None


@dataclass
class AgainAsked(AppMessage):
    """The customer wants to begin the payment anew that has just ended."""


@dataclass
class Left(AppMessage):
    """The customer has finished, gone back to the beginning, or walked away."""


@dataclass
class AmountReconsidered(AppMessage):
    """The customer went back from the tip to the amount."""

    amount: Money


@dataclass
class ServiceAsked(AppMessage):
    """Somebody pressed the service key."""


@dataclass
class PinAccepted(AppMessage):
    """The service PIN was right."""


@dataclass
class LeaveAsked(AppMessage):
    """Somebody who may do so wants to leave the program."""


@dataclass
class TipTypingAsked(AppMessage):
    """The customer wants to type a tip of his own."""

    amount: Money


@dataclass
class SettlingAsked(AppMessage):
    """Staff wants to close what no machine can settle."""


@dataclass
class Settled(AppMessage):
    """Staff wrote down what was done about a transaction."""

    transaction: Transaction
    note: str


@dataclass
class RetryAsked(AppMessage):
    """Staff wants due cancellations and the look at the chain to happen now."""


@dataclass
class LanguageAsked(AppMessage):
    """The customer wants another language."""

    locale: str


@dataclass
class ContrastAsked(AppMessage):
    """The customer wants other colours: high contrast, or the usual ones again."""


@dataclass
class LookupAsked(AppMessage):
    """Somebody wants to know what became of an earlier payment."""


@dataclass
class ReferenceGiven(AppMessage):
    """Somebody typed the reference of an earlier payment: nine digits."""

    reference: str


@dataclass
class JournalAsked(AppMessage):
    """Staff wants to read the journal."""


@dataclass
class ReprintAsked(AppMessage):
    """Staff wants a slip again."""

    transaction: Transaction


@dataclass
class TestPaymentAsked(AppMessage):
    """Staff wants to see the whole chain work, and nothing to stay charged."""


@dataclass
class SelfTestAsked(AppMessage):
    """Staff wants to know whether everything is as it should be."""


@dataclass
class TestSlipAsked(AppMessage):
    """Staff wants to see whether the printer prints."""


@dataclass
class RestartAsked(AppMessage):
    """Staff wants the program to begin anew, with the configuration as it is now."""


@dataclass
class BenchAsked(AppMessage):
    """A technician wants to see the chain."""


@dataclass
class CheckAsked(AppMessage):
    """A technician wants a link looked at, or all of them."""

    link: Link | None


@dataclass
class ExchangeAsked(AppMessage):
    """A technician wants to see what goes over the line."""


@dataclass
class QuestionAsked(AppMessage):
    """A technician wants a question sent, so many times."""

    kind: str
    times: int


@dataclass
class TestSaleAsked(AppMessage):
    """A technician wants a sale of the smallest amount, and its cancellation."""


# -- the cashier's lane ----------------------------------------------------------------------------


@dataclass
class EntryAsked(AppMessage):
    """The cashier wants an entry to be sent as it stands."""

    draft: Draft


@dataclass
class EntryEnded(AppMessage):
    """An entry has an outcome, and that is on disk; or it was not started."""

    result: Transaction | NotStarted


@dataclass
class GoodsTold(AppMessage):
    """The cashier said whether the goods of a payment were handed over."""

    transaction: Transaction
    handed_over: bool


@dataclass
class OriginalAsked(AppMessage):
    """An entry needs the earlier payment that it is about."""

    draft: Draft


@dataclass
class OriginalPicked(AppMessage):
    """The cashier picked the earlier payment that an entry is about."""

    draft: Draft
    transaction: Transaction


@dataclass
class ElsewhereAsked(AppMessage):
    """The earlier payment is not in the list: its number is typed."""

    draft: Draft


@dataclass
class CardReferenceAsked(AppMessage):
    """A sale by reference needs the card's."""

    draft: Draft


@dataclass
class DetailsAsked(AppMessage):
    """The cashier wants to type a reason and a receipt number."""

    draft: Draft


@dataclass
class ListAsked(AppMessage):
    """The cashier wants to read today's list, and act on one of its entries; perhaps on this one."""

    draft: Draft
    opened: Transaction | None = None


@dataclass
class FormFilled(AppMessage):
    """A form was filled in; `purpose` is whose it was."""

    purpose: str
    values: Mapping[str, str]


@dataclass
class FormLeft(AppMessage):
    """A form was left without being filled in."""

    purpose: str


@dataclass
class TasksAsked(AppMessage):
    """Somebody wants to see what is due and what needs a person."""


@dataclass
class TaskTaken(AppMessage):
    """Somebody wants to settle a task."""

    transaction: Transaction


@dataclass
class DayAsked(AppMessage):
    """Somebody wants to see what a day came to; None is today."""

    day: date | None = None


@dataclass
class DayWanted(AppMessage):
    """Somebody wants a day's end on paper or in a file: `print`, `csv` or `json`."""

    totals: Totals
    form: str


@dataclass
class ReportAsked(AppMessage):
    """Somebody wants to see what the business day comes to so far (X)."""


@dataclass
class CloseDayAsked(AppMessage):
    """Somebody wants to close the business day (Z)."""


@dataclass
class ReportWanted(AppMessage):
    """Somebody wants a report on paper or in a file: `print`, `csv` or `json`."""

    report: DayReport
    form: str


@dataclass
class SignedOff(AppMessage):
    """The cashier goes."""


@dataclass
class TakeOverAsked(AppMessage):
    """A cashier wants the register that another session holds; a kiosk's needs the service PIN."""

    pin: str = ""
