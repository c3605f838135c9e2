"""Tables: gaps between all columns, amounts and references whole at any width, colours on terminals only."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.fakes import transaction

from kiosk_tui.cli.day_table import day_table
from kiosk_tui.cli.table import Column, table
from kiosk_tui.cli.transactions import line, listing, named_states
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Currency
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.totals import CurrencyTotals, Sum, Totals
from kiosk_tui.receipt.day import Heading, day_rows, day_slip
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.text.translations import texts_in
from kiosk_tui.text.wording.states import in_words, standing

EUR = Currency("EUR", 2)
DAY = datetime(2026, 11, 27, tzinfo=UTC)
WIDTHS = st.sampled_from([20, 40, 80, 100, 120, 200])
COUNTS = st.integers(0, 10**9)
MINORS = st.integers(-(10**13), 10**13)
SUMS = st.builds(Sum, COUNTS, MINORS, st.integers(0, 10**9))
ANY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def totals(
    approved: Mapping[Operation, Sum], brands: Mapping[str, Sum], others: list[Sum]
) -> Totals:
    elsewhere, reversed_, not_paid, net, due = others
    one = CurrencyTotals(
        EUR, approved, {}, elsewhere, reversed_, not_paid, {State.CANCEL_DUE: due}, brands, net
    )
    return Totals(DAY, DAY + timedelta(days=1), [one], [])


@ANY
@given(
    st.dictionaries(st.sampled_from(list(Operation)), SUMS),
    st.dictionaries(st.text("ABCDEFGH ", max_size=40), SUMS, max_size=3),
    st.lists(SUMS, min_size=5, max_size=5),
    WIDTHS,
)
def test_a_count_and_a_sum_never_touch(
    monkeypatch: pytest.MonkeyPatch,
    approved: Mapping[Operation, Sum],
    brands: Mapping[str, Sum],
    others: list[Sum],
    width: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    day = totals(approved, brands, others)
    heading = Heading("", "88091105", DAY, UTC)
    for lines in (list(day_table(day, "en", heading)), day_slip(day, Paper(48), "en", heading)):
        told = "\n".join(lines)
        rows = day_rows(day.currencies[0], texts_in("en"))
        for _, found in (*rows.moved, rows.total, *rows.brands, *rows.open):
            amount = f"{abs(found.minor) // 100:,}.{abs(found.minor) % 100:02}"
            assert re.search(
                rf"(?:^|  ){found.count}  +-?{re.escape(amount)}(?:$|  )", told, re.MULTILINE
            )


@ANY
@given(
    st.lists(
        st.tuples(st.from_regex(r"[0-9]{9}", fullmatch=True), MINORS, st.text(max_size=60)),
        min_size=1,
        max_size=5,
    ),
    WIDTHS,
)
def test_references_and_amounts_are_whole_at_any_width(
    monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, int, str]], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    columns = [Column("Reference"), Column("Amount", right=True), Column("Note", wraps=True)]
    notes = [" ".join(filter(str.isprintable, note)) for *_, note in rows]
    lines = table(
        columns,
        [[one, str(minor), note] for (one, minor, _), note in zip(rows, notes, strict=True)],
    )
    told = [found for drawn in lines if (found := re.match(r"(\d{9})  +(-?\d+)(?:  |$)", drawn))]
    assert [(found[1], int(found[2])) for found in told] == [(one, minor) for one, minor, _ in rows]
    assert len({found.end(2) for found in told}) == 1  # right-aligned


def test_a_list_begins_with_the_reference_and_says_states_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [replace(transaction(), state=state, why="APPROVED by nobody") for state in State]
    for width in (40, 80, 200):
        monkeypatch.setenv("COLUMNS", str(width))
        head, *lines = listing(found)
        assert head.split()[:5] == ["Reference", "Time", "What", "Amount", "State"]
        rows = [one for one in lines if not one.startswith(" ")]
        for one, row in zip(found, rows, strict=True):
            assert row.startswith(one.reference.replace(" ", ""))
            assert f"  {standing(one.state)}" in row
            assert f"  {one.charged}  " in row
        assert not set("\n".join(lines).split()) & set(State)
        assert "\x1b" not in "".join(lines)
        assert width == 40 or all(len(one) <= width for one in lines)
    for one in found:
        assert line(one).startswith(one.reference.replace(" ", ""))
        assert standing(one.state).word in line(one)
    assert listing([]) == ["No transactions."]


def test_colours_go_with_marks_and_never_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    one = transaction()
    plain = listing([one])
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = listing([one])
    assert "\x1b[" in "".join(coloured)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", drawn).rstrip() for drawn in coloured] == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert listing([one]) == plain


def test_a_state_is_asked_for_by_its_name_or_by_its_word() -> None:
    for state in State:
        for text in (state, state.lower(), standing(state).word, f" {standing(state)} "):
            assert state in named_states(text)
    assert named_states("being cancelled") == [State.CANCEL_DUE, State.VOID_DUE]
    assert named_states("nonsense") == []
    assert in_words("1 is APPROVED, not CANCEL_DUE.") == "1 is approved, not being cancelled."


@pytest.mark.parametrize(
    "arguments",
    [
        ("journal", "list", "--json", "--demo"),
        ("journal", "export", "--demo"),
        ("totals", "--json", "--demo"),
        ("sale", "--help"),
        ("version",),
    ],
)
def test_what_programs_read_never_loads_rich(arguments: tuple[str, ...], tmp_path: object) -> None:
    code = (
        "import sys; from kiosk_tui.cli.main import main\n"
        f"try: main({list(arguments)})\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name.split('.')[0] in ('rich', 'textual', 'shtab') for name in sys.modules))"
    )
    environment = {"PATH": "/usr/bin:/bin", "STATE_DIRECTORY": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, env=environment, check=False).returncode == 0
