"""Giving up in lines takes two: one asks, `1` answers; any other line means to go on waiting."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.installation import installed
from support.talk import talking

from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey

GOES_ON = "Card please."


@pytest.mark.parametrize(
    "between",
    [
        *("0", ".", "\x1b"),  # asked again
        *("", "x", "11", "1 1", "yes", "4006381333931", "https://museum.example/r/140102345"),
    ],
)
def test_a_line_that_is_no_answer_takes_the_question_back(tmp_path: Path, between: str) -> None:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as lobby:
        with talking(lobby, "--plain") as talk:
            talk.pays("5")
            talk.terminal.until(lambda: lobby.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
            talk.answers("1", to="To stop the payment, type 0")  # nobody has asked
            talk.answers("0", to=GOES_ON)
            talk.answers(between, to="Stop this payment?")
            talk.answers("1", to=GOES_ON)
            talk.hears(GOES_ON)
            assert "Stopping" not in talk.all
            lobby.simulator.terminal.present_card()
            talk.hears("Approved: 5.00 EUR.")
        assert [one.minor for one in lobby.simulator.ledger.movements] == [500]
