"""The ways of the cursor: each leads where it should, and none is longer than a jump."""

from __future__ import annotations

from itertools import pairwise

import pyte
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.ui.driver.moves import Place, jump, way
from kiosk_tui.ui.driver.tour import short_tour

COLUMNS, ROWS = 30, 8
places = st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS))


def _nothing_again(row: int, start: int, end: int) -> None:
    del row, start, end


def _dots_again(row: int, start: int, end: int) -> str:
    del row
    return "." * (end - start)


def _screen_of_dots() -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.Stream(screen)
    stream.feed("\r\n".join("." * COLUMNS for _ in range(ROWS)))
    return screen, stream


@given(start=places, end=places, again=st.booleans())
def test_a_way_leads_to_its_end_and_changes_nothing(
    start: Place, end: Place, *, again: bool
) -> None:
    screen, stream = _screen_of_dots()
    stream.feed(jump(start))
    text = way(start, end, _dots_again if again else _nothing_again)
    stream.feed(text)
    assert (screen.cursor.y + 1, screen.cursor.x + 1) == end
    assert set("".join(screen.display)) == {"."}
    assert len(text) <= len(jump(end))


def test_from_a_place_that_is_not_known_it_is_a_jump() -> None:
    assert way(None, (3, 4), _nothing_again) == "\x1b[3;4H"


def test_nothing_is_written_to_stay() -> None:
    assert way((3, 4), (3, 4), _nothing_again) == ""


costs = st.integers(1, 12).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 9), min_size=size, max_size=size),
        min_size=size + 1,
        max_size=size + 1,
    )
)


@given(table=costs)
def test_a_tour_visits_every_place_once_and_is_not_longer_than_their_order(
    table: list[list[int]],
) -> None:
    *between, first = table
    order = short_tour(first, between)
    assert sorted(order) == list(range(len(first)))
    assert _length(order, first, between) <= _length(list(range(len(first))), first, between)


def _length(order: list[int], first: list[int], between: list[list[int]]) -> int:
    steps = sum(between[a][b] for a, b in pairwise(order))
    return first[order[0]] + steps
