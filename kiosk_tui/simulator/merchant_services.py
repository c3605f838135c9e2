"""TECS's merchant services, as far as they are known: the status of a transaction, its history, its push.

Source: a repackaged definition of merchant-services 2.42.53. Numbers are numbers here, amounts are minor units;
`responseCode` is the service's own, the transaction's is `tecsengineResponseCode`. An unknown transaction is
answered with HTTP 400.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kiosk_tui.simulator import answers
from kiosk_tui.simulator.answers import HostReply
from kiosk_tui.simulator.ledger import Entry, EntryKind, HostLedger, Status

PATH = "/merchantservices"

_TYPES = {
    EntryKind.CHARGE: "SALE",
    EntryKind.HOLD: "PREAUTHORIZATION",
    EntryKind.COMPLETION: "COMPLETION",
    EntryKind.REFUND: "REFUND",
}
_CARD = {"cardNumber": "4111111111111111", "cardExpiration": "2712", "merchantName": "SIMULATOR"}
"""What these services tell, too: whoever reads them has to drop it."""


class MerchantServices:
    """What TECS tells of its ledger to whoever has credentials of their own for it.

    `tell` is given the word about each transaction that was booked or has changed: a push.
    """

    def __init__(self, ledger: HostLedger, now: Callable[[], datetime]) -> None:
        self.user: str | None = None
        """Who may ask; None takes anybody."""
        self.password = ""
        self.tell: Callable[[dict[str, Any]], None] = lambda _word: None
        self._ledger = ledger
        self._now = now
        self._booked: dict[str, str] = {}
        ledger.changed = self._changed

    def status(self, authorization: str | None, body: bytes) -> HostReply:
        """Answer `statusTransaction`."""
        if self.user is not None and authorization != self._expected():
            return HostReply(401, b"")
        try:
            asked = json.loads(body)
            wanted, terminal = str(int(asked["transactionId"])), str(int(asked["terminalId"]))
        except (ValueError, TypeError, KeyError):
            return _refused("transactionId and terminalId are numbers")
        entry = self._ledger.entry(wanted)
        if entry is None or entry.terminal.lstrip("0") != terminal:
            return _refused("transaction not found")
        facts = {"responseCode": 0, "responseMessage": "OK"}
        return HostReply(200, answers.encode(facts | self.word(entry) | _CARD))

    def history(self) -> dict[str, Any]:
        """Return everything, as `transactionHistory` answers it."""
        words = [self.word(one) for one in self._ledger.entries.values()]
        return {"responseCode": 0, "responseMessage": "OK", "transactionHistories": words}

    def word(self, entry: Entry) -> dict[str, Any]:
        """Return what is told of one transaction."""
        declined = entry.status is Status.DECLINED
        return {
            "terminalId": _number(entry.terminal),
            "transactionId": entry.transaction_id,
            "sourceId": _number(entry.source_id),
            "transactionType": _TYPES[entry.kind],
            "amount": entry.amount_minor,
            "tipAmount": entry.tip_minor,
            "currency": entry.currency,
            "tecsengineResponseCode": 5 if declined else 0,
            "tecsengineResponseText": "DECLINED" if declined else "APPROVED",
            "transactionDate": self._booked.get(entry.transaction_id, self._moment()),
            "transactionServerDate": self._moment(),
            "originalTransactionId": entry.original_id or "",
            "cancelled": entry.status is Status.CANCELLED,
            "clearingStatus": "NOT CLEARED",
        }

    def _changed(self, entry: Entry) -> None:
        self._booked.setdefault(entry.transaction_id, self._moment())
        self.tell(self.word(entry))

    def _moment(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds")

    def _expected(self) -> str:
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _refused(why: str) -> HostReply:
    return HostReply(400, answers.encode({"responseCode": 1, "responseMessage": why}))
