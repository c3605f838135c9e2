"""Customers who need time, and customers who walk away: the real register, a line of pipes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.counter import counter
from support.installation import Installation, installed

from kiosk_tui.domain.attempt import MOST_IN_A_ROW
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.plain import waiting
from kiosk_tui.simulator.options import Options


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


async def test_who_walks_away_is_asked_once_and_leaves_nothing_pending(lobby: Installation) -> None:
    async with counter(lobby, idle_s=0.05) as front:
        await front.hears("Amount in EUR")
        front.types("12.55\n")
        await front.hears("You pay 12.55 EUR.")
        await front.hears("Do you need more time? Press Enter.")
        front.forget()
        await front.hears("Back to the beginning. Nothing was charged.")
        await front.hears("Amount in EUR")
    assert lobby.simulator.ledger.requests == []


async def test_who_needs_more_time_is_asked_the_same_again(lobby: Installation) -> None:
    async with counter(lobby, idle_s=0.5) as front:
        await front.hears("Amount in EUR")
        front.types("12.55\n")
        await front.hears("Do you need more time?")
        front.forget()
        front.types("\n")
        await front.hears("You pay 12.55 EUR.")
    assert lobby.simulator.ledger.requests == []  # that Enter was not the one that pays


async def test_a_register_that_closes_ends_the_questions_before_anything_is_sent(
    lobby: Installation,
) -> None:
    async with counter(lobby, idle_s=60) as front:
        await front.hears("Amount in EUR")
        front.types("12.55\n")
        await front.hears("You pay")
        front.dialog.close_for(Readiness(Obstacle.CLOCK, "The clock says 1970."))
        await front.hears("Your payment was not started. Nothing was charged.")
        await front.hears("The clock of this machine is wrong.")
        front.forget()
        front.dialog.close_for(Readiness(None))
        await front.hears("Open again.")
    assert lobby.simulator.ledger.requests == []


async def test_who_waits_is_told_from_time_to_time_and_may_give_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "STILL_S", 0.05)
    with installed(tmp_path, Options(card_s=1000)) as slow:
        async with counter(slow, idle_s=60) as front:
            front.types("12.55\n\n0\n")
            await front.hears(" left. 0 stops the payment.")
            front.types("0\n")
            await front.hears("Stop this payment? Type 1, then Enter, within 20 seconds.")
            front.types("1\n")
            await front.hears("Stopped: 12.55 EUR. You stopped this payment.")
        assert slow.simulator.ledger.movements == []


async def test_giving_up_before_the_payment_has_begun_counts_once_it_has(tmp_path: Path) -> None:
    with installed(tmp_path, Options(card_s=1000)) as slow:
        async with counter(slow, idle_s=60) as front:
            front.types("12.55\n\n0\n0\n1\n")
            await front.hears("Stopped: 12.55 EUR. You stopped this payment.")
        assert slow.simulator.ledger.movements == []


async def test_a_declined_payment_is_begun_anew_by_a_line_and_three_times_at_most(
    lobby: Installation,
) -> None:
    offer = "To pay 80.51 EUR again, type 1, then Enter."
    async with counter(lobby, idle_s=60) as front:
        front.types("80.51\n\n0\n")
        for _ in range(MOST_IN_A_ROW - 1):
            await front.hears("Declined: 80.51 EUR. The card's limit or balance does not allow it.")
            await front.hears(offer)
            await front.hears("Enter for the next payment.")
            front.forget()
            front.types("1\n")
            await front.hears("To pay: 80.51 EUR.")
        await front.hears("Enter for the next payment.")
        assert offer not in front.said
        front.forget()
        front.types("1\n")
        await front.hears("Pay by card")
    reader = Reader(lobby.journal)
    found = reader.transactions()
    reader.close()
    assert [one.state for one in found] == [State.DECLINED] * MOST_IN_A_ROW
    assert len({one.id for one in found}) == MOST_IN_A_ROW
    assert {one.charged.minor for one in found} == {8051}
