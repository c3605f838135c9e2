"""Requests that an integrator may begin with, each with the answer that this simulator gives.

The answers are not written down: the requests are played, in their order, against a simulator of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kiosk_tui.simulator.answers import Effect, HostReply
from kiosk_tui.simulator.faults import TRIGGERS
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import FIELDS, FORMS, What
from kiosk_tui.simulator.tecs import Simulator

NOW: Final = datetime(2026, 11, 30, 12, 0, 0)  # noqa: DTZ001 - the protocol's times have no zone
_TERMINAL: Final = "88091105"
_FIRST_ID: Final = 20261130120000001
NUMBER_OF_REFUSED: Final = "20261130120000999"
"""The transaction id of requests that are refused."""


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request, by a name of its own, and what it is an example of."""

    name: str
    summary: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlayedExample:
    """A request with its answer."""

    request: ExampleRequest
    reply: HostReply

    @property
    def value(self) -> Any:
        """What the answer holds: an object, or the text that is no JSON."""
        try:
            return json.loads(self.reply.body)
        except ValueError:
            return self.reply.body.decode()

    @property
    def whole(self) -> bool:
        """Whether an answer arrives, and all of it."""
        return self.reply.effect is Effect.SEND and bool(self.reply.body)


def requests() -> Iterator[ExampleRequest]:
    """Yield one request per kind, then one per amount that makes something go wrong, in order."""
    numbers = iter(range(_FIRST_ID, _FIRST_ID + 1000))
    numbered: dict[What, str] = {}
    for what, more, amount, summary in _KINDS:
        numbered[what] = number = str(next(numbers))
        card = more.format(**{one: numbered[one].zfill(20) for one in numbered})
        changes = {"card_number": card} if what is not What.SALE_AND_TIP else {"ecr_data": card}
        yield ExampleRequest(what.value, summary, _fields(what, number, amount, **changes))
    for amount_minor, (_, meaning) in sorted(TRIGGERS.items()):
        fields = _fields(What.SALE, str(next(numbers)), str(amount_minor))
        yield ExampleRequest(
            f"amount_{amount_minor}", f"Amount {amount_minor / 100:.2f}: {meaning}", fields
        )


def broken_requests() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield requests that no kind allows, each with what is wrong with it."""
    sale = _fields(What.SALE, NUMBER_OF_REFUSED, "1255")
    yield (
        "A field is missing or no text",
        {name: value for name, value in sale.items() if name != "currency"},
    )
    yield "A field is too long", sale | {"amount": "1" * (FIELDS["amount"].longest + 1)}
    yield "Type, identifier and indicator are no kind of request", sale | {"message_type": "0099"}


async def play(asked: Iterable[ExampleRequest]) -> tuple[Simulator, list[PlayedExample]]:
    """Play requests against a fresh simulator, which is returned, too; takes no time."""

    async def at_once(_seconds: float) -> None:
        return None

    tecs = Simulator(Options(card_s=0, host_s=0), sleep=at_once, now=lambda: NOW)
    return tecs, [
        PlayedExample(one, await tecs.make_transaction(None, json.dumps(one.fields).encode()))
        for one in asked
    ]


_KINDS: Final = (
    (What.SALE, "", "1255", "A sale of 12.55 EUR"),
    (What.SALE_AND_TIP, "TIP=125;", "1255", "A sale of 12.55 EUR and a tip of 1.25"),
    (What.MOTO, "REF20117", "2000", "A card that is not present, by its reference"),
    (What.PREAUTHORIZATION, "", "10000", "Reserve 100.00 EUR"),
    (What.COMPLETION, "TXID{preauthorization}", "8000", "Charge 80.00 of what was reserved"),
    (What.GRATUITY, "TXID{sale}", "100", "A tip of 1.00 on the sale"),
    (
        What.REFERENCED_REFUND,
        f"TXID{{moto}}_01_{_TERMINAL}",
        "500",
        "Pay 5.00 of the MOTO sale back",
    ),
    (What.REFUND, "", "500", "Pay 5.00 back to the card that is presented"),
    (What.CANCELLATION, "TXID{sale}", "1255", "Take the sale back"),
    (What.BALANCE, "", "0", "What the card holds"),
    (What.STATUS, "", "0", "What the terminal does"),
    (What.ABORT, "", "0", "Abort, while nothing runs"),
)
"""Kind, its card_number (a tip's ecr_data), amount, summary: what is referred to stands before."""


def _fields(what: What, number: str, amount: str, **changes: str) -> dict[str, str]:
    """Return a request as the documentation's examples fill it."""
    kind, identifier, indicator = FORMS[what].key
    return dict.fromkeys(FIELDS, "") | {
        "amount": amount,
        "currency": "EUR",
        "desired_currency": "EUR",
        "language": "en",
        "message_type": kind,
        "payment_reason": "Test",
        "receipt_layout": "01",
        "receipt_number": "1",
        "terminal_number": _TERMINAL,
        "transaction_date_time": f"{NOW:%Y%m%d%H%M%S}",
        "transaction_id": number,
        "transaction_origin_identifier": identifier,
        "transaction_origin_indicator": indicator,
        "transaction_place": "1010 Vienna",
        "transaction_source_id": "1",
        **changes,
    }
