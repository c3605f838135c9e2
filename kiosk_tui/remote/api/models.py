"""What goes in and out, as pydantic models: the OpenAPI document is made from them.

A field that is not known is refused: one that was misspelled must not change what is paid. Answers grow by
fields, none is ever taken away.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.payment.readiness import Obstacle

LONGEST_TEXT = 400


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("it holds a character that cannot be printed")
    return text


Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_printable)]
AmountText = Annotated[
    Text,
    Field(
        description="In the currency's major unit, with a point",
        examples=["12.55"],
        json_schema_extra={"pattern": r"^[0-9]{1,11}(\.[0-9]{1,4})?$"},
    ),
]


class ApiRequest(BaseModel):
    """A body that is sent to the register."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ApiAnswer(BaseModel):
    """A body that the register answers with."""

    model_config = ConfigDict(frozen=True)


class OrderFields(ApiRequest):
    """What every order may say."""

    currency: Text | None = Field(
        default=None, description="ISO 4217; else the configuration's", examples=["EUR"]
    )
    language: Text | None = Field(
        default=None, description="The customer's language; else the kiosk's", examples=["de"]
    )
    reason: Text | None = Field(default=None, description="The payment reason")
    receipt_number: Text | None = Field(default=None, description="Else the register's own")
    personal_id: Text | None = Field(default=None, description="Who of the staff asks for it")


class PaymentRequest(OrderFields):
    """One order: every operation of the register but what a path of its own is for."""

    operation: Operation = Field(
        default=Operation.SALE, description="A sale with a `tip` is a `sale_and_tip` by itself"
    )
    amount: AmountText | None = Field(
        default=None, description="Needed by every operation but `balance`", examples=["12.55"]
    )
    tip: AmountText | None = Field(default=None, description="Beside the amount", examples=["1.25"])
    card_reference: Text | None = Field(
        default=None, description="For `moto`: the reference that TECS gave, never a card number"
    )
    original: Text | None = Field(
        default=None,
        description="The earlier transaction, in any spelling (id, TXID…, the reference of its slip)",
    )
    original_terminal: Text | None = Field(default=None, description="Its terminal, when another")
    original_source_id: Text | None = Field(default=None, description="Its source id, when another")
    until_goods: StrictBool = Field(
        default=False,
        description="Only until the goods are handed over: say so at …/goods in time, or it is cancelled",
    )


class FollowUpRequest(OrderFields):
    """An order about the payment in the path."""

    amount: AmountText


class GoodsRequest(ApiRequest):
    """What became of the goods."""

    outcome: Literal["handed_over", "failed"] = Field(
        description="Handed over: the payment stays. Failed: it is cancelled, wholly"
    )


class EmptyRequest(ApiRequest):
    """Nothing: the path says it all. The body may be left out."""


class DayClosing(EmptyRequest):
    """Close the day that goes on."""

    number: StrictInt | None = Field(
        default=None,
        ge=1,
        description="The number that the day is to get: asked again, it is the same day, and no second one",
    )


class PaymentAnswer(ApiAnswer):
    """A transaction, as it stands on the disk."""

    running: bool = Field(description="A card may be charged at any moment: the answer is awaited")
    final: bool = Field(description="Nothing changes by itself any more")
    paid: bool = Field(description="The customer has paid: the sign to hand out goods")
    goods_due: bool = Field(
        description="Of a payment until goods the only sign to hand them out: say at …/goods how it went"
    )
    id: str
    reference: str = Field(description="The nine digits on its slip")
    operation: Operation
    state: State
    currency: str
    amount: str
    amount_minor: int
    tip: str | None
    tip_minor: int | None
    total: str = Field(description="What was charged or paid back: amount and tip")
    total_minor: int
    terminal: str
    source_id: str
    original_id: str | None
    original_terminal: str | None
    created_at: str
    updated_at: str
    response_code: str | None
    response_text: str | None
    authorization_number: str | None
    card: str | None = Field(description="At most the first six and last four digits")
    card_brand: str | None
    stan: str | None
    foreign_tx_amount: str | None
    exchange_rate: str | None
    ex_fee: str | None
    cancellation_attempts: int
    next_attempt_at: str | None
    reason: str
    receipt_number: str
    personal_id: str
    until_goods: bool
    caller_reference: str = Field(description="The Idempotency-Key that it was ordered with")
    why: str
    note: str
    balance_minor: str | None


class PaymentList(ApiAnswer):
    """The transactions that a key stands for: one or none."""

    payments: list[PaymentAnswer]


class RegisterAnswer(ApiAnswer):
    """The register, and whether a payment may start."""

    open: bool
    obstacle: Obstacle | None
    why: str
    since: str | None
    running: PaymentAnswer | None = Field(description="The payment whose answer is awaited")
    seconds_left: int | None = Field(
        description="So long its answer, or word of the goods, is waited for"
    )
    due: list[PaymentAnswer] = Field(description="Cancellations that TECS has not answered")
    goods_due: list[PaymentAnswer] = Field(
        description="Payments until goods whose goods are waited for"
    )
    version: str
    kiosk_id: str
    terminal: str
    source_id: str
    currency: str
    demo: bool = Field(description="No money moves")


class DaySum(ApiAnswer):
    """One sum of a day."""

    currency: str
    what: str
    which: str
    count: int
    amount: str
    amount_minor: int
    tip: str
    tip_minor: int


class TotalsAnswer(ApiAnswer):
    """What a day came to, as `kiosk-tui totals --json` has it."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    day: str
    start: str = Field(alias="from")
    end: str = Field(alias="to")
    agrees: bool
    disagreements: list[str]
    totals: list[DaySum]


class DayRunningTotal(ApiAnswer):
    """What all days came to, up to and with one."""

    currency: str
    count: int
    amount: str
    amount_minor: int


class LateEventAnswer(ApiAnswer):
    """What happened to a transaction that an earlier day has counted (None: before days were closed)."""

    transaction_id: str
    at: str
    state: State
    of_day: int | None
    currency: str
    amount: str
    amount_minor: int


class DayAnswer(ApiAnswer):
    """A business day, as `kiosk-tui day --json` has it: what was committed since the day before was closed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    number: int | None = Field(description="None while the day goes on")
    day: str
    start: str | None = Field(alias="from")
    end: str = Field(alias="to")
    after_event: int
    last_event: int
    checkpoint: str | None
    agrees: bool
    disagreements: list[str]
    totals: list[DaySum]
    late: list[LateEventAnswer]
    all_days: list[DayRunningTotal]


class DayList(ApiAnswer):
    """Closed days, the newest first."""

    days: list[DayAnswer]


class TerminalStep(ApiAnswer):
    """What the terminal says that it is doing; `payment` is the id of the running one."""

    state: TerminalState
    payment: str | None


class StreamEnd(ApiAnswer):
    """Why a stream ends, or why it could not be resumed."""

    why: str


class ProblemAnswer(ApiAnswer):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="Which problem it is: a reference to its documentation")
    title: str
    status: int
    detail: str = Field(description="One sentence for people")
    payments: list[PaymentAnswer] = Field(default=[], description="Where several are meant")


def told(model: type[ApiAnswer], facts: dict[str, Any]) -> bytes:
    """Write an answer: what a model does not name is not told."""
    return model.model_validate(facts).model_dump_json(by_alias=True).encode()
