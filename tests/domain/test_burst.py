"""The line between a scanner and a person."""

from __future__ import annotations

from kiosk_tui.domain.burst import BURST_S


def test_it_lies_between_the_slowest_scanner_and_two_fingers_that_roll() -> None:
    assert 0.020 < BURST_S < 0.040
