"""TECS's merchant services, asked about one transaction: a second opinion, for people.

Source: a repackaged definition of merchant-services 2.42.53, to be confirmed with TECS. It is another service
with credentials of its own. Numbers are sent as numbers; `responseCode` is the service's own, the transaction's
is `tecsengineResponseCode`; what it does not know is answered with HTTP 400.
Invariant: it explains, and never closes a cancellation: nothing here is an outcome that a register could take.
Card number, expiry and names are dropped on arrival.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Final

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict

from kiosk_tui.domain.card_number import holds_card_number
from kiosk_tui.domain.identity import Place, TransactionId
from kiosk_tui.records import dataclass
from kiosk_tui.tecs import errors
from kiosk_tui.tecs.auth import Secret, basic
from kiosk_tui.tecs.client import Endpoint, new_http
from kiosk_tui.tecs.codes import CodeTable, PaymentVerdict, normal
from kiosk_tui.tecs.content import body_of
from kiosk_tui.tecs.reading import UnreadableError, fields_of
from kiosk_tui.tecs.redaction import looks_like_id
from kiosk_tui.tecs.spelling import digits, one_line

PATH: Final = "/public/statusTransaction"

_LONGEST: Final = 40
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN = 400, 401, 403


def _text(value: object) -> str:
    text = one_line(value)[:_LONGEST] if isinstance(value, str) else ""
    return "" if holds_card_number(text) else text


def _number(value: object) -> str:
    return digits(value)[:_LONGEST]


def _id(value: object) -> str:
    number = digits(value).lstrip("0")
    return number if looks_like_id(number) else ""


Text = Annotated[str, BeforeValidator(_text)]
Number = Annotated[str, BeforeValidator(_number)]
Identity = Annotated[str, BeforeValidator(_id)]


class StatusAnswer(BaseModel):
    """What is kept of an answer: texts, under TECS's names; what is not as it should be is empty."""

    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    transactionId: Identity = ""  # noqa: N815 - TECS's names
    terminalId: Number = ""  # noqa: N815
    sourceId: Number = ""  # noqa: N815
    transactionSeqNumber: Number = ""  # noqa: N815
    transactionType: Text = ""  # noqa: N815
    originalTransactionId: Identity = ""  # noqa: N815
    originalTerminalId: Number = ""  # noqa: N815
    tecsengineResponseCode: Number = ""  # noqa: N815
    amount: Number = ""
    tipAmount: Number = ""  # noqa: N815
    currency: Text = ""
    authorizationCode: Text = ""  # noqa: N815
    traceNumber: Number = ""  # noqa: N815
    cardBrand: Text = ""  # noqa: N815
    transactionDate: Text = ""  # noqa: N815
    transactionServerDate: Text = ""  # noqa: N815
    clearingStatus: Text = ""  # noqa: N815
    clearingAmount: Number = ""  # noqa: N815
    clearingCurrency: Text = ""  # noqa: N815
    clearingBatchId: Text = ""  # noqa: N815
    clearingDate: Text = ""  # noqa: N815


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What TECS said of a transaction; `fields` are its own names, empty ones left out.

    `known` is None where there was no clear answer, and `why` says why not.
    """

    known: bool | None
    why: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The transaction's own response code without zeros in front; empty where none was told."""
        told = self.fields.get("tecsengineResponseCode", "")
        return normal(told) if told else ""


class StatusService:
    """The service at `url`. No method raises for a bad line or a bad answer."""

    def __init__(
        self,
        url: str,
        user: str,
        password: Secret,
        transport: httpx.AsyncBaseTransport | None = None,
        line: Endpoint | None = None,
    ) -> None:
        """`line` brings proxy, authorities and patience of one that is configured already."""
        self._line = line or Endpoint(url)
        self._url = url.rstrip("/") + PATH
        self._authorization = basic(user, password) if user else None
        self._http = new_http(self._line, transport)

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def ask(self, number: TransactionId, place: Place) -> SecondOpinion:
        """Ask about one transaction. Money is not touched, so it may be asked as often as one likes."""
        if not place.terminal.isdigit():
            return SecondOpinion(
                None, f"Terminal {place.terminal} is no number: TECS cannot be asked."
            )
        asked = {"transactionId": int(number), "terminalId": int(place.terminal)}
        if place.source.isdigit():
            asked["sourceId"] = int(place.source)
        headers = {"Content-Type": "application/json"}
        if self._authorization is not None:
            headers["Authorization"] = await self._authorization.header()
        fields: Mapping[str, object] = {}
        unreadable = ""
        try:
            async with (
                asyncio.timeout(self._line.connect_s + self._line.courtesy_s),
                self._http.stream(
                    "POST", self._url, content=json.dumps(asked).encode(), headers=headers
                ) as response,
            ):
                told = response.headers.get("content-type", "")
                fields = fields_of(await body_of(response), told)
        except UnreadableError as error:
            unreadable = f"What came back {error}."
        except TimeoutError:
            return SecondOpinion(None, "TECS did not answer in time.")
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no answer
            return SecondOpinion(None, errors.sentence(error))
        status = response.status_code
        if status in (_UNAUTHORIZED, _FORBIDDEN):
            return SecondOpinion(None, f"TECS refused the user or the password (HTTP {status}).")
        if status == _BAD_REQUEST:
            return SecondOpinion(known=False)
        if not response.is_success:
            return SecondOpinion(None, f"TECS answered with HTTP status {status}.")
        return SecondOpinion(None, unreadable) if unreadable else _read(fields, number, place)


def _read(fields: Mapping[str, object], number: TransactionId, place: Place) -> SecondOpinion:
    told = StatusAnswer.model_validate(dict(fields))
    kept = {name: value for name, value in told.model_dump().items() if value}
    same_terminal = told.terminalId.lstrip("0") in ("", place.terminal.lstrip("0"))
    if told.transactionId != number or not same_terminal:
        return SecondOpinion(None, "What came back is about another transaction.")
    return SecondOpinion(known=True, fields=kept)


def explained(opinion: SecondOpinion, codes: CodeTable | None = None) -> str:
    """Return in a sentence or two what the answer means for people. It is no outcome."""
    if opinion.known is None:
        return f"TECS gave no second opinion. {opinion.why}"
    if not opinion.known:
        return (
            "TECS does not know this transaction there. That closes nothing: a charge can still arrive,"
            " and only an answer to its cancellation settles it."
        )
    code = opinion.code
    if not code:
        said = "TECS knows it, and does not tell how it ended."
    else:
        verdict = (codes or CodeTable()).payment(code)
        word = {
            PaymentVerdict.APPROVED: "It is approved at TECS",
            PaymentVerdict.DECLINED: "It is declined at TECS",
        }.get(verdict, "TECS tells a code that settles nothing")
        said = f"{word} (code {code})."
    facts = [
        f"{label} {opinion.fields[name]}"
        for name, label in _FACTS.items()
        if opinion.fields.get(name, "").strip("0")
    ]
    return f"{said} {', '.join(facts)}." if facts else said


_FACTS: Final = {
    "amount": "amount in minor units",
    "tipAmount": "tip",
    "currency": "currency",
    "authorizationCode": "authorization",
    "traceNumber": "STAN",
    "clearingStatus": "clearing status",
    "clearingBatchId": "clearing batch",
}
