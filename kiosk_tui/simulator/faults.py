"""What can go wrong, and the amounts that make it go wrong.

An amount of 90xx minor units (90.01 in EUR) is a fault, one of 80xx a decline or a customer; every
other amount just works.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk_tui.simulator.terminal import Customer


class Fault(StrEnum):
    """A fault of the line, the REST service or the host."""

    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    CUT = "cut"
    GARBAGE = "garbage"
    EMPTY = "empty"
    OTHER_ID = "other_id"
    NO_ID = "no_id"
    GATEWAY_BEFORE = "gateway_before"
    GATEWAY_AFTER = "gateway_after"
    SERVER_ERROR = "server_error"
    HANG_BEFORE = "hang_before"
    HANG_AFTER = "hang_after"
    SLOW = "slow"
    UNKNOWN_CODE = "unknown_code"
    PARTIAL = "partial"
    LATE_CHARGE = "late_charge"
    REFUSE_CANCELLATION = "refuse_cancellation"
    LOSE_CANCELLATIONS = "lose_cancellations"
    EXTRA_FIELDS = "extra_fields"
    CARD_DATA = "card_data"
    DUPLICATE_ID = "duplicate_id"


MEANINGS: Final[dict[Fault, str]] = {
    Fault.DROP_BEFORE: "the line breaks before anything is charged",
    Fault.DROP_AFTER: "charged, then the line breaks without an answer",
    Fault.CUT: "charged, the answer is cut in the middle",
    Fault.GARBAGE: "charged, the answer is no JSON",
    Fault.EMPTY: "charged, the answer has no body",
    Fault.OTHER_ID: "charged, the answer names another transaction",
    Fault.NO_ID: "charged, the answer names no transaction",
    Fault.GATEWAY_BEFORE: "HTTP 504, nothing charged",
    Fault.GATEWAY_AFTER: "charged, HTTP 504",
    Fault.SERVER_ERROR: "charged, HTTP 500",
    Fault.HANG_BEFORE: "no answer, nothing charged",
    Fault.HANG_AFTER: "charged, no answer",
    Fault.SLOW: "charged and answered, but late",
    Fault.UNKNOWN_CODE: "charged, answered with a code that no list has (4711)",
    Fault.PARTIAL: "charged in part (code 10)",
    Fault.LATE_CHARGE: 'no answer, a cancellation is "not found", then it is charged',
    Fault.REFUSE_CANCELLATION: "charged, no answer; its cancellation is refused (9023)",
    Fault.LOSE_CANCELLATIONS: "charged, no answer; its first cancellations get no answer",
    Fault.EXTRA_FIELDS: "charged, the answer has fields that no list has",
    Fault.CARD_DATA: "charged, the answer is full of card data",
    Fault.DUPLICATE_ID: "refused as a duplicate transaction id (9006)",
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What one request meets. `decline` is a response code; `times` counts lost cancellations."""

    fault: Fault | None = None
    decline: str | None = None
    customer: Customer = Customer.PRESENTS
    after_s: float | None = None
    late_s: float = 200.0
    times: int = 2


NORMAL: Final = Behaviour()

TRIGGERS: Final[dict[int, tuple[Behaviour, str]]] = {
    **{
        9001 + number: (Behaviour(fault=fault), MEANINGS[fault])
        for number, fault in enumerate(Fault)
    },
    8004: (Behaviour(customer=Customer.CANCELS), "the customer cancels at the terminal (8004)"),
    8003: (Behaviour(customer=Customer.WALKS_OFF), "the customer walks off: no card (8003)"),
    8005: (Behaviour(decline="5"), "declined: do not honour (5)"),
    8014: (Behaviour(decline="8014"), "the terminal is busy (8014)"),
    8051: (Behaviour(decline="51"), "declined: not enough money (51)"),
    8054: (Behaviour(decline="54"), "declined: card expired (54)"),
    8055: (Behaviour(decline="55"), "declined: wrong PIN (55)"),
    8075: (Behaviour(decline="75"), "declined: PIN tried too often (75)"),
    8091: (Behaviour(decline="91"), "declined: issuer not reachable (91)"),
}
"""Amount in minor units → what happens, and how to say it."""


def triggered(amount_minor: int) -> Behaviour:
    """Return what an amount asks for."""
    found = TRIGGERS.get(amount_minor)
    return NORMAL if found is None else found[0]
