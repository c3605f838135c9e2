"""What a technician reads: plain lines, cut to the width, that no peer's words can spoil."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from remote.link.conftest import HOLDER

from kiosk_tui.cli.watch import changes
from kiosk_tui.remote.link.picture import lines, resting
from kiosk_tui.remote.link.protocol import RegisterView, TransactionBrief

ONE = TransactionBrief(
    id="20261123140102345",
    reference="140 102 345",
    operation="sale",
    state="AUTHORIZING",
    total="12.55",
    currency="EUR",
    created_at="2026-11-23T14:01:02.345+00:00",
    updated_at="2026-11-23T14:01:02.345+00:00",
    attempts=3,
    response_code="",
    why="No answer\x1b[2J came in time.",
)
VIEW = RegisterView(
    watch=1,
    at="2026-11-23T14:01:05.345+00:00",
    holder=HOLDER,
    screen="Waiting",
    ending="",
    open=True,
    obstacle=None,
    why="",
    since=None,
    current=ONE,
    age_s=3.0,
    seconds_left=177,
    told="card_read",
    behind=False,
    due_count=0,
    due_totals={},
    due=(),
    last=(),
)


def test_a_running_payment_ages_while_it_is_watched() -> None:
    text = "\n".join(lines(VIEW, 4.0, 200))
    for words in (
        "kiosk-tui run as user 7 (process 4711)   lane",
        "DEMO - no money moves",
        "Screen    Waiting",
        "sale 12.55 EUR   > under way   for 7 s   2:53 left   terminal: card read",
        "reference 140 102 345",
        "Due       no cancellation",
        "Last      nothing yet",
    ):
        assert words in text


def test_what_is_wrong_stands_out() -> None:
    told = replace(
        VIEW,
        open=False,
        why="The server does not answer.",
        current=None,
        behind=True,
        ending="the running payment is finished first",
        due_count=2,
        due_totals={"EUR": "25.10", "CHF": "1.00"},
        due=(ONE,),
        last=(replace(ONE, state="CANCELLED"), ONE),
    )
    text = "\n".join(lines(told, 40.0, 200))
    for words in (
        "State     closed: The server does not answer.",
        "Ending    the running payment is finished first",
        "Disk      refuses",
        "Now       no payment runs",
        "Due       2 cancellations, 25.10 EUR and 1.00 CHF",
        "3 attempts",
        "- cancelled",
        "NO SIGN OF LIFE for 40 s",
    ):
        assert words in text


@pytest.mark.parametrize("columns", [20, 80, 132])
def test_nothing_is_wider_than_the_screen_nor_moves_its_cursor(columns: int) -> None:
    for line in lines(replace(VIEW, due_count=1, due=(ONE,), last=(ONE,)), 99.0, columns):
        assert len(line) <= columns
        assert line.isprintable()


def test_where_nothing_runs_the_journal_speaks() -> None:
    last = replace(ONE, state="CANCEL_DUE", updated_at="not a time")
    drawn = resting("Nothing runs on journal.db.", {"CANCEL_DUE": 1, "VOID_DUE": 0}, [last], 200)
    assert drawn[0] == "Nothing runs on journal.db."
    assert "Open      1 being cancelled" in drawn
    assert any("140 102 345   not a time" in line for line in drawn)


TEXTS = st.lists(st.text("ab c", max_size=12), max_size=6)


@given(TEXTS, TEXTS)
def test_only_what_changes_is_written_and_the_screen_shows_it(
    before: list[str], after: list[str]
) -> None:
    rows = dict(enumerate(before))
    row = at = 0
    written = changes(before, after)
    for part in filter(None, written.split("\x1b[")):
        if part.startswith("K"):
            rows[row] = rows[row][:at]
            continue
        place, _, text = part.partition("H")
        row, at = (int(one) - 1 for one in place.split(";"))
        line = rows.get(row, "").ljust(at)
        rows[row] = line[:at] + text + line[at + len(text) :]
        at += len(text)
    shown = [rows.get(number, "") for number in range(max(len(before), len(after)))]
    wanted = [*after, *[""] * (len(before) - len(after))]
    assert [one.rstrip() for one in shown] == [one.rstrip() for one in wanted]


def test_a_second_that_passes_costs_a_few_bytes() -> None:
    first, second = lines(VIEW, 4.0, 80), lines(VIEW, 5.0, 80)
    assert 0 < len(changes(first, second)) < 60
    assert changes(first, first) == ""
