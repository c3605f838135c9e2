"""How it stands with a slip: what a printer says of itself, and what counts of it."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.slip import Condition, NotPrinted, PrinterState


@pytest.mark.parametrize("condition", list(Condition))
def test_a_printer_that_cannot_say_how_it_is_is_believed_to_print(condition: Condition) -> None:
    stops = {Condition.PAPER_OUT, Condition.COVER_OPEN, Condition.OFFLINE}
    assert PrinterState(condition).prints is (condition not in stops)


def test_what_is_not_printed_is_the_same_whatever_the_printer_lacked() -> None:
    assert NotPrinted("no paper", Condition.PAPER_OUT) == NotPrinted("no paper")
    assert NotPrinted("no paper").condition is Condition.OFFLINE
