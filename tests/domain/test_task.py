"""Why a person has to look, told from what went over the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from support.fakes import exchange, transaction

from kiosk_tui.domain.identity import Place
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import CancelVerdict
from kiosk_tui.domain.task import Task, task
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Order

PLACE = Place("88091105", "1")
THEN = datetime(2026, 11, 1, tzinfo=UTC)
ORDER = Order(Operation.SALE, Money(1255, Currency("EUR", 2)), PLACE)
SALE = transaction(ORDER, State.NEEDS_STAFF, "1", THEN)
REFUND = replace(SALE, order=replace(ORDER, operation=Operation.REFUND))


_CANCEL = ExchangeKind.CANCELLATION


def _wire(*verdicts: str) -> list[Exchange]:
    tries = enumerate(verdicts, 2)
    return [
        exchange(number="1", at=THEN, verdict="approved"),
        *(exchange(_CANCEL, str(number), "1", at=THEN, verdict=one) for number, one in tries),
    ]


def test_a_refund_is_lost_whatever_the_cancellation_said() -> None:
    assert task(REFUND, _wire(CancelVerdict.REFUSED)) is Task.REFUND_LOST


def test_a_refused_cancellation_means_that_the_charge_was_cleared() -> None:
    assert task(SALE, _wire(CancelVerdict.UNANSWERED, CancelVerdict.REFUSED)) is Task.REFUSED


def test_not_found_after_an_approval_is_a_contradiction() -> None:
    for verdict in (CancelVerdict.ORIGINAL_NOT_FOUND, CancelVerdict.ORIGINAL_DECLINED):
        assert task(SALE, _wire(CancelVerdict.UNANSWERED, verdict)) is Task.CONTRADICTION


def test_the_last_answer_counts_and_an_attempt_without_one_does_not() -> None:
    assert task(SALE, _wire(CancelVerdict.ORIGINAL_NOT_FOUND, "refused", "")) is Task.REFUSED
    assert task(SALE, _wire()) is Task.REFUSED


def test_an_approval_after_it_was_settled_is_told_as_such() -> None:
    assert task(replace(SALE, note="looked"), _wire(CancelVerdict.REFUSED)) is Task.LATE
