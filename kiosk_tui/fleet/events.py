"""What is told of an event: THE allow-list of what leaves a kiosk.

Invariant: every value was picked by name and fits its field, or is left empty. A value that does not fit
is never cut or cleaned into one: what is left of a masked card number would still be one. No value keeps
an event from being told.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Final

from kiosk_tui.domain.card_number import holds_card_number, is_card_number
from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.totals import CurrencyTotals, Sum
from kiosk_tui.domain.transaction import Exchange
from kiosk_tui.fleet.wire import ClosedDay, GivenSignature, JournalEvent, ToldSheet, ToldSum
from kiosk_tui.journal.outbox_reader import OutboxSignature, ToldEvent

_WORD: Final = re.compile(r"[A-Za-z0-9_.:+-]{0,40}")
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{0,8}")
"""TECS's response codes have up to four digits; a card number has at least twelve."""
_NUMBER: Final = re.compile(r"[A-Za-z0-9]{0,9}")
"""A STAN and an authorization number (9 characters in TECS's API definition)."""
_BRAND: Final = re.compile(r"[^\W\d_]+(?:[ .&'+-]{1,2}[^\W\d_]+){0,3}")
"""A few words of letters: `VISA`, `V PAY`, `American Express`."""
_LONGEST_BRAND: Final = 24
_TERMINAL: Final = re.compile(r"[0-9A-Za-z]{1,8}")
_SOURCE: Final = re.compile(r"[0-9A-Za-z]{0,2}")
_ID: Final = re.compile(r"[1-9][0-9]{0,19}")
_MOMENT: Final = re.compile(r"20[2-9][0-9](?:0[1-9]|1[0-2])[0-3][0-9]")
"""How registers' ids begin (TECS's samples), and no card number does."""
_NO_TERMINAL: Final = "UNKNOWN"


def journal_event(seq: int, told: ToldEvent) -> JournalEvent:
    """Return what head office is told of an event at place `seq` of the outbox."""
    one, event = told.transaction, told.event
    order, original = one.order, one.order.original
    place = None if original is None else original.place
    return JournalEvent(
        seq=seq,
        transaction_id=one.id,
        number=event.number,
        at=event.at if event.at.tzinfo else event.at.replace(tzinfo=UTC),
        event=_fitting(_WORD, event.event),
        state=_fitting(_WORD, event.state_after),
        operation=_fitting(_WORD, str(order.operation)),
        currency=order.amount.currency.code,
        exponent=order.amount.currency.exponent,
        minor=order.amount.minor + (one.tip.minor if one.tip else 0),
        tip_minor=one.tip.minor if one.tip else None,
        sent_minor=one.amount_sent.minor,
        terminal=_fitting(_TERMINAL, order.place.terminal, _NO_TERMINAL),
        source_id=_fitting(_SOURCE, order.place.source_id),
        original_id=None if original is None else _id(str(original.transaction_id)),
        original_terminal=None if place is None else _fitting(_TERMINAL, place.terminal) or None,
        original_source_id=None if place is None else _fitting(_SOURCE, place.source_id) or None,
        **_answer(told.closed),
        committed=told.committed,
    )


def closed_day(seq: int, day: DayReport) -> ClosedDay:
    """Return what head office is told of a closed day at place `seq` of the outbox.

    Not who asked for what, and not the transactions that came late: it has those.
    """
    return ClosedDay(
        seq=seq,
        number=day.number or 1,
        day=day.day,
        opened_at=day.opened_at,
        at=day.at,
        after=day.after,
        last=day.last,
        late=len(day.late),
        disagreements=len(day.disagreements),
        sheets=tuple(_sheets(day)),
    )


def given_signature(told: OutboxSignature) -> GivenSignature:
    """Return what head office is told of a signature. A signer knows no card; its texts are looked at all the same."""
    content = told.event.content
    texts = {name: str(content[name]) for name in ("text", "code")}
    return GivenSignature(
        seq=told.seq,
        transaction_id=str(int(content["transaction"])),
        number=content["number"],
        at=told.event.at,
        **{name: "" if holds_card_number(one) else one for name, one in texts.items()},
    )


def _sheets(day: DayReport) -> Iterator[ToldSheet]:
    counted = {one.currency: one for one in day.currencies}
    for currency in sorted({*counted, *day.running}, key=lambda one: one.code):
        one = counted.get(currency)
        yield ToldSheet(
            currency=currency.code,
            exponent=currency.exponent,
            running=_sum(day.running.get(currency, Sum())),
            **({} if one is None else _counted(one)),
        )


def _counted(one: CurrencyTotals) -> dict[str, Any]:
    brands: dict[str, Sum] = {}
    for name, found in one.brands.items():
        told = _brand(name)
        brands[told] = brands.get(told, Sum()).with_(found)
    return {
        "approved": {_fitting(_WORD, name): _sum(found) for name, found in one.approved.items()},
        "cancelled": {_fitting(_WORD, name): _sum(found) for name, found in one.cancelled.items()},
        "open": {_fitting(_WORD, name): _sum(found) for name, found in one.open.items()},
        "brands": {name: _sum(found) for name, found in brands.items()},
        "elsewhere": _sum(one.elsewhere),
        "reversed": _sum(one.reversed),
        "not_paid": _sum(one.not_paid),
        "net": _sum(one.net),
    }


def _sum(one: Sum) -> ToldSum:
    return ToldSum(count=one.count, minor=one.minor, tip_minor=one.tip_minor)


def _id(number: str) -> str | None:
    """Return an original's id, unless a card number is or hides in what was given as one."""
    if _MOMENT.match(number) is None and any(
        is_card_number(number[start:end])
        for start, end in itertools.combinations(range(len(number) + 1), 2)
    ):
        return None
    return number if _ID.fullmatch(number) else None


def _answer(closed: Exchange | None) -> dict[str, str]:
    if closed is None:
        return {}
    about = {
        "exchange": _fitting(_WORD, str(closed.kind)),
        "verdict": _fitting(_WORD, str(closed.verdict)),
    }
    answer = closed.answer
    if answer is None:
        return about
    return about | {
        "response_code": _fitting(_CODE, answer.response_code),
        "stan": _fitting(_NUMBER, answer.fields.get("stan", "")),
        "authorization_number": _fitting(_NUMBER, answer.authorization_number),
        "brand": _brand(answer.fields.get("credit_card_issuer_and_acquirer_company", "")),
    }


def _brand(company: str) -> str:
    """Return the brand of `Acquirer;BRAND`, or nothing where that is not a few plain words."""
    brand = company.rpartition(";")[2].strip()
    return _fitting(_BRAND, brand) if len(brand) <= _LONGEST_BRAND else ""


def _fitting(form: re.Pattern[str], text: str, otherwise: str = "") -> str:
    return text if form.fullmatch(text) else otherwise
