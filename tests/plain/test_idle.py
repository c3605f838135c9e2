"""Customers who need time, and customers who walk away: the real register, a line of pipes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.config.load import load
from kiosk_tui.domain.attempt import MOST_IN_A_ROW
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.reader import Reader
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.plain import waiting
from kiosk_tui.plain.dialogue import converse
from kiosk_tui.plain.input import Gone, Input
from kiosk_tui.plain.line import LineTerminal
from kiosk_tui.plain.session_dialog import SessionDialog
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import open_register
from kiosk_tui.session.screens import screen_settings
from kiosk_tui.simulator.options import Options

DEADLINE_S = 30.0


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


class Counter:
    """Both ends of the line."""

    def __init__(self, dialog: SessionDialog, keys: int, paper: int) -> None:
        self.dialog = dialog
        self._keys = keys
        self._paper = paper
        self.said = ""
        os.set_blocking(paper, False)

    def types(self, text: str) -> None:
        os.write(self._keys, text.encode())

    async def hears(self, words: str) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while words not in self.said:
                await asyncio.sleep(0.01)
                try:
                    self.said += os.read(self._paper, 65536).decode()
                except BlockingIOError:
                    continue

    def forget(self) -> None:
        self.said = ""


@asynccontextmanager
async def counter(lobby: Installation, idle_s: float) -> AsyncIterator[Counter]:
    environment = lobby.environment
    launch = Launch(load(lobby.config, environment), False, "a test", environment)
    settings = replace(screen_settings(launch), idle_s=idle_s)
    (hear, keys), (paper, say) = os.pipe(), os.pipe()
    ears, line = Input(), LineTerminal(hear, say, "utf-8")
    dialog = SessionDialog(settings, line, ears, hear)
    opened = await open_register(launch)
    line.start(ears.take, lambda: ears.take(Gone()))
    talk = asyncio.create_task(converse(dialog))
    try:
        dialog.attach(opened.register)
        await opened.register.start()
        yield Counter(dialog, keys, paper)
    finally:
        os.close(keys)
        await talk
        await opened.close(0.0)
        line.close()
        for one in (hear, paper, say):
            os.close(one)


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
