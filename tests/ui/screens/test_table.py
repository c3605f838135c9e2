"""Columns of a list: apart, aligned, and cut only where it is said."""

from __future__ import annotations

from textual.style import Style

from kiosk_tui.ui.screens.table import table

ROWS = [
    [("1", ""), ("140 102 345", ""), ("€5.00", ""), ("+ approved", "ok-text")],
    [("2", ""), ("140 102 346", ""), ("€1,234.56", ""), ("! being cancelled", "warn")],
]


def _lines(room: int, *, whole: bool = False) -> list[str]:
    return table(
        ROWS, room, lambda _: Style(), right=frozenset({2}), whole=whole
    ).plain.splitlines()


def test_columns_are_at_least_two_apart_and_amounts_end_together() -> None:
    first, second = _lines(60)
    assert first.index("€5.00") + 5 == second.index("€1,234.56") + 9
    assert second.split("  ")[0] == "2"
    assert "140 102 346  " in second


def test_what_does_not_fit_is_cut_in_the_last_column_and_says_so() -> None:
    _, second = _lines(40)
    assert second.endswith("..")
    assert "€1,234.56" in second
    assert len(second) == 40


def test_what_has_to_be_whole_takes_more_rows() -> None:
    lines = _lines(38, whole=True)
    assert len(lines) == 3
    assert " ".join(lines[1].split() + lines[2].split()).endswith("! being cancelled")
    assert lines[2].startswith(" " * 20)
