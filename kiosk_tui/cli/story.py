"""`kiosk-tui journal show`: one transaction with its events and exchanges, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from kiosk_tui.cli.described import describe
from kiosk_tui.cli.transactions import state_words
from kiosk_tui.domain.fiscal import EventSignature
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.transaction import Exchange, Transaction
from kiosk_tui.journal.reader import LoggedEvent
from kiosk_tui.text.times import stamp
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import in_words

_NAME: Final = 24


def story(
    one: Transaction,
    events: Sequence[LoggedEvent],
    exchanges: Sequence[Exchange],
    signed: Sequence[EventSignature] = (),
) -> Iterator[str]:
    """Yield the lines."""
    from kiosk_tui.cli.table import Column, table  # noqa: PLC0415 - rich

    yield from (f"{name:<{_NAME}}{value}" for name, value in _facts(one))
    yield ""
    yield from table(
        [Column("Time"), Column("What happened"), Column("State"), Column("Why", wraps=True)],
        [_event(event) for event in events],
    )
    yield ""
    heads = (Column("Sent"), Column("Request"), Column("Id"), Column("Answer", wraps=True))
    yield from table(heads, [_sent(exchange) for exchange in exchanges])
    if signed:
        yield ""
        yield from table(
            [Column("Signed"), Column("State"), Column("Signature", wraps=True)],
            [_signature(each) for each in signed],
        )


def _facts(one: Transaction) -> Iterator[tuple[str, str]]:
    """Yield what the JSON holds, in words, the reference first."""
    told_to_programs = describe(one)
    first = {"reference": told_to_programs.pop("reference")}
    for name, value in (first | told_to_programs).items():
        if value in (None, "") or name.endswith("_minor") or name in ("currency", "paid"):
            continue
        told = one_line(str(value)).strip()
        if name == "state":
            told = state_words(one.state)
        elif name == "operation":
            told = kind(one.order.operation)
        elif name in ("amount", "tip", "total"):
            told = f"{value} {one.order.amount.currency.code}"
        elif name.endswith("_at"):
            told = stamp(datetime.fromisoformat(value))
        elif name in ("why", "note"):
            told = in_words(told)
        yield name.replace("_", " "), told


def _event(one: LoggedEvent) -> list[str]:
    why = in_words(one_line(one.why).strip())
    return [stamp(one.at), _words(one.event), state_words(State(one.state_after)), why]


def _sent(one: Exchange) -> list[str]:
    answer = f"{_words(one.verdict) or 'unanswered'}  {one_line(one.why)}".strip()
    return [stamp(one.sent_at), str(one.kind), one.id, in_words(answer)]


def _signature(one: EventSignature) -> list[str]:
    if one.signature is None or one.at is None:
        return ["owed", state_words(one.state), ""]
    told = "  ".join(filter(None, (one.signature.text, one.signature.code)))
    return [stamp(one.at), state_words(one.state), one_line(told)]


def _words(constant: str) -> str:
    return constant.replace("_", " ").lower()
