"""The lean driver: what it leaves out changes nothing that anybody sees."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.ui.driver.shadow import MOMENT_S, Shadow

COLUMNS, ROWS = 12, 4

styles = st.sampled_from(["\x1b[97;40m", "\x1b[1;31m", "\x1b[30;42m"])
texts = st.text(st.sampled_from(" ab█│€"), min_size=1, max_size=6)
stretches = st.builds(
    lambda row, column, style, text: (
        f"\x1b[{row};{column}H{style}{text[: COLUMNS - column + 1]}\x1b[0m"
    ),
    st.integers(1, ROWS),
    st.integers(1, COLUMNS),
    styles,
    texts,
)
plain = st.builds(lambda row, text: f"\x1b[{row};1H{text}\n", st.integers(1, ROWS - 1), texts)
writes = st.lists(stretches | plain, min_size=1, max_size=6).map(
    lambda parts: "".join(parts) + "\x1b[1;1H"
)


def _screen(*, newlines: bool) -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(COLUMNS, ROWS)
    if newlines:
        screen.set_mode(pyte.modes.LNM)
    return screen, pyte.Stream(screen)


def _look(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool]]]:
    return [[_seen(screen.buffer[y][x]) for x in range(COLUMNS)] for y in range(ROWS)]


def _seen(cell: pyte.screens.Char) -> tuple[str, str, str, bool]:
    """Return what is seen: of a blank its ground, and in reverse video it looks as a block does."""
    if cell.data != " ":
        return cell.data, cell.fg, cell.bg, cell.bold
    return ("█", cell.fg, cell.bg, cell.bold) if cell.reverse else (" ", "", cell.bg, False)


@given(all_writes=st.lists(writes, min_size=1, max_size=8), turns=st.booleans())
def test_the_screen_looks_the_same_as_if_everything_had_been_written(
    all_writes: list[str], *, turns: bool
) -> None:
    (all_of_it, raw), (lean, thin) = _screen(newlines=True), _screen(newlines=False)
    shadow = Shadow()
    shadow.columns, shadow.rows, shadow.turns = COLUMNS, ROWS, turns
    written = 0
    for data in all_writes:
        raw.feed(data)
        reduced = shadow.reduce(data)
        thin.feed(reduced)
        written += len(reduced)
        assert _look(lean) == _look(all_of_it)
    assert written <= sum(map(len, all_writes)) + len(all_writes) * 4


def test_what_is_there_already_is_not_written_again() -> None:
    shadow = Shadow()
    shadow.columns = 80
    data = "\x1b[3;5H\x1b[97;40mhello\x1b[0m\x1b[1;1H"
    assert "hello" in shadow.reduce(data)
    assert shadow.reduce(data) == ""


def test_a_picture_of_the_whole_screen_is_written_whole_once_in_a_moment() -> None:
    """Textual draws a new screen two or three times; what others wrote is wiped by the next one."""
    now = [100.0]
    shadow = Shadow(clock=lambda: now[0])
    shadow.columns, shadow.rows = 80, 24
    frame = "\x1b[1;1H" + "\n".join("x" * 80 for _ in range(24))
    assert shadow.reduce(frame).count("x") == 80 * 24
    assert shadow.reduce(frame) == ""
    now[0] += MOMENT_S
    assert shadow.reduce(frame).count("x") == 80 * 24


def test_what_it_does_not_understand_goes_through_and_makes_it_forget() -> None:
    shadow = Shadow()
    shadow.columns = 80
    shadow.reduce("\x1b[1;1Habc")
    for strange in ("\x1b]0;title\x07", "\x1b[2J", "日本"):
        assert shadow.reduce(strange) == strange
        assert "abc" in shadow.reduce("\x1b[1;1Habc")
