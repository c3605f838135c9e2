"""What head office says: each word of a kiosk has a meaning here, and something to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk_tui.office.queries.due import DueKind
from kiosk_tui.office.wording import DUE, REASONS, advice, lasting, operation_word, state_word
from kiosk_tui.payment.readiness import Obstacle


def test_every_obstacle_of_a_kiosk_has_a_meaning_and_something_to_do() -> None:
    assert {*map(str, Obstacle)} <= REASONS.keys()
    assert DUE.keys() == set(DueKind)


def test_what_a_newer_version_says_is_shown_as_it_is() -> None:
    assert advice("low_voltage").means == "low voltage"
    assert state_word("HELD") == "HELD"
    assert operation_word("instalment") == "instalment"
    assert (state_word("CANCEL_DUE"), operation_word("refund")) == ("being cancelled", "Refund")


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (None, "-"), (-3, "0 s"), (0.4, "0 s"), (45, "45 s"), (125, "2 min"), (3600, "1 h"),
        (3700, "1 h 1 min"), (90_000, "1 d 1 h"), (timedelta(days=2, minutes=5), "2 d"),
    ],
)  # fmt: skip
def test_a_length_of_time_is_written_as_people_say_it(
    length: float | timedelta | None, written: str
) -> None:
    assert lasting(length) == written
