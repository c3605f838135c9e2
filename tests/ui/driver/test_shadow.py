"""The lean driver: what it leaves out changes nothing that anybody sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.shadowed import ROWS, Both, foreign, modes, pictures, sizes, writes

from kiosk_tui.ui.driver.shadow import MOMENT_S, STAYS_S, Shadow

acts = st.one_of(
    st.tuples(st.just(Both.write), st.one_of(writes, pictures, modes)),
    st.tuples(st.just(Both.write), st.one_of(writes, pictures)),
    st.tuples(st.just(Both.write), st.sampled_from(["\x1b[2;3H\x1b[31m日本\x1b[0m", "\x1b[2J"])),
    st.tuples(st.just(Both.pause), st.sampled_from([0.0, MOMENT_S, STAYS_S * 2])),
    st.tuples(st.just(Both.message), foreign),
    st.tuples(st.just(Both.resize), sizes),
)


@given(
    all_writes=st.lists(writes, min_size=1, max_size=8), turns=st.booleans(), alone=st.booleans()
)
def test_the_screen_looks_the_same_as_if_everything_had_been_written(
    all_writes: list[str], *, turns: bool, alone: bool
) -> None:
    both = Both(turns=turns, alone=alone)
    for data in all_writes:
        both.write(data)
        assert both.look_alike
    assert both.written <= both.given


@given(
    what=st.lists(acts, min_size=1, max_size=10),
    turns=st.booleans(),
    alone=st.booleans(),
    erases=st.booleans(),
)
def test_nor_do_others_who_write_nor_another_size_nor_time_change_that(
    what: list[tuple[Callable[[Both, Any], None], object]],
    *,
    turns: bool,
    alone: bool,
    erases: bool,
) -> None:
    both = Both(turns=turns, alone=alone, erases=erases)
    for act, detail in what:
        act(both, detail)
        assert both.look_alike


@given(all_writes=st.lists(writes, min_size=2, max_size=5), row=st.integers(1, ROWS))
def test_where_others_write_the_cursor_is_not_taken_to_be_where_it_was_left(
    all_writes: list[str], row: int
) -> None:
    both = Both(turns=True, alone=False)
    for data in all_writes:
        both.write(data)
        assert both.look_alike
        both.unnoticed(f"\x1b[{row};5H")


@given(before=writes, picture=pictures, after=writes, text=foreign)
def test_a_picture_wipes_out_what_nobody_noticed(
    before: str, picture: str, after: str, text: str
) -> None:
    both = Both(turns=True, alone=True)
    both.write(before)
    both.unnoticed(text)
    both.pause(MOMENT_S)
    both.write(picture)
    assert both.look_alike
    both.write(after)
    assert both.look_alike


def test_the_place_of_the_cursor_is_kept_for_a_while() -> None:
    both = Both(turns=True, alone=True)
    both.write("\x1b[3;5Hab")
    assert both.reduced("\x1b[3;7Hcd") == "cd"
    both.pause(STAYS_S * 2)
    assert both.reduced("\x1b[3;9Hef") == "\x1b[3;9Hef"


def test_long_blanks_are_erased_where_that_leaves_the_ground_that_is_set() -> None:
    row = "\x1b[1;1H\x1b[44m" + "x" * 40
    blank = "\x1b[1;1H\x1b[44m" + " " * 40
    for erases in (True, False):
        shadow = Shadow()
        shadow.columns, shadow.erases = 80, erases
        shadow.reduce(row)
        assert ("\x1b[40X" in shadow.reduce(blank)) is erases


def test_a_flag_is_ended_without_setting_the_colours_again() -> None:
    shadow = Shadow()
    shadow.columns, shadow.alone = 80, True
    shadow.reduce("\x1b[1;1H\x1b[1;38;5;200;48;5;100mbold")
    assert shadow.reduce("\x1b[1;5H\x1b[38;5;200;48;5;100mnot") == "\x1b[22mnot"


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


def test_a_picture_is_written_on_a_screen_that_is_wiped_in_its_grounds() -> None:
    """A form of 76 columns on a page: each ground is set once, and no blank is written."""
    blank, form = (
        "\x1b[44m" + " " * 80 + "\x1b[0m",
        "\x1b[44m  \x1b[0m\x1b[46m{:76}\x1b[0m\x1b[44m  \x1b[0m",
    )
    rows = (
        [blank] * 8 + [form.format(text) for text in ("", "  Amount", "  12.55", "")] + [blank] * 12
    )
    for erases in (True, False):
        shadow = Shadow()
        shadow.columns, shadow.rows, shadow.erases = 80, 24, erases
        written = shadow.reduce("\x1b[1;1H" + "\n".join(rows))
        if erases:
            assert written.startswith("\x1b[H\x1b[0;44m\x1b[J\x1b[9;3H\x1b[46m\x1b[76X")
            assert len(written) < 100
        assert (len(written) > 24 * 80) is not erases


def test_what_is_seeded_is_compared_with_the_first_picture_only() -> None:
    now = [100.0]
    shadow = Shadow(clock=lambda: now[0])
    shadow.columns, shadow.rows = 80, 24
    frame = "\x1b[1;1H" + "\n".join("\x1b[31mx\x1b[0m" * 80 for _ in range(24))
    shadow.seed((row, 1, "31", "x" * 80) for row in range(1, 25))
    now[0] += 100 * MOMENT_S
    assert shadow.reduce(frame) == ""
    now[0] += MOMENT_S
    assert shadow.reduce(frame).count("x") == 80 * 24
    shadow.forget()
    now[0] += MOMENT_S
    assert shadow.reduce(frame).count("x") == 80 * 24


def test_a_new_picture_that_was_written_on_a_wiped_screen_is_not_written_again() -> None:
    """Textual draws it twice, and a moment may have passed since the picture before it."""
    now = [100.0]
    shadow = Shadow(clock=lambda: now[0])
    shadow.columns, shadow.rows, shadow.erases = 80, 24, True
    first, second = (
        "\x1b[1;1H" + "\n".join(f"\x1b[4{colour}m{'ab':80}\x1b[0m" for _ in range(24))
        for colour in (4, 6)
    )
    shadow.reduce(first)
    now[0] += MOMENT_S * 0.9
    assert "\x1b[J" in shadow.reduce(second)
    now[0] += MOMENT_S * 0.2
    assert shadow.reduce(second) == ""


@given(all_writes=st.lists(writes, min_size=1, max_size=8), alone=st.booleans())
def test_on_a_linux_console_where_bright_stays_bold_it_looks_the_same_too(
    all_writes: list[str], *, alone: bool
) -> None:
    both = Both(turns=False, alone=alone, linux=True)
    for data in all_writes:
        both.write(data)
        assert both.look_alike


def test_on_a_linux_console_black_is_never_bold_which_is_grey() -> None:
    both = Both(turns=False, alone=True, linux=True)
    both.write("\x1b[1;1H\x1b[97;40mwhite\x1b[0m\x1b[2;1H\x1b[30;42mOK\x1b[0m")
    both.write("\x1b[3;1H\x1b[1;30;42mOK\x1b[0m")
    for row in (1, 2):
        assert [both.lean.buffer[row][column].bold for column in range(2)] == [False, False]
