"""The dialogue in a language that nobody speaks: what is left in our letters must be data."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.counter import counter
from support.installation import installed
from support.strange import WORD, speak_strangely, strange

from kiosk_tui.payment.readiness import Obstacle, Readiness

DATA = {"EUR", "Enter"}


async def test_whatever_a_line_says_can_be_said_in_another_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_strangely(monkeypatch)
    with installed(tmp_path) as lobby:
        async with counter(lobby, idle_s=60) as front:
            front.types("12.55\n\n2\n")
            await front.hears(strange("Approved"))
            await front.hears(strange("Enter for the next payment."))
            front.types("\n80.51\n\n0\n")
            await front.hears(strange("Declined"))
            front.types("\n*\n123456789\n0\n")
            await front.hears(strange("This reference is not known here."))
            front.dialog.close_for(
                Readiness(Obstacle.UNREACHABLE, "No connection to TECS could be made.")
            )
            await front.hears(strange("Trying again."))
    left = [word for word in WORD.findall(front.said) if word not in DATA]
    assert not left, front.said
