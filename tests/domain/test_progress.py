"""How far the terminal says that it is: never a step that nobody told."""

from __future__ import annotations

import pytest

from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.progress import STEPS, TerminalProgress

WAITING, READ = STEPS


def test_nothing_is_told_before_the_terminal_tells() -> None:
    assert TerminalProgress().now is None
    assert TerminalProgress(asked=False).told == frozenset()


def test_a_step_that_was_skipped_was_not_told() -> None:
    read = TerminalProgress().after(READ)
    assert set(read.told) == {READ}
    assert read.now is READ


def test_a_terminal_that_asks_for_the_card_again_is_believed() -> None:
    again = TerminalProgress().after(WAITING).after(READ).after(WAITING)
    assert set(again.told) == {WAITING, READ}
    assert again.now is WAITING


@pytest.mark.parametrize("state", [one for one in TerminalState if one not in STEPS])
def test_what_is_no_step_changes_nothing(state: TerminalState) -> None:
    one = TerminalProgress().after(WAITING)
    assert one.after(state) is one
