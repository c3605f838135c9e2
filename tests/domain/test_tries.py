"""Each wrong PIN after two doubles the wait, up to a quarter of an hour; a right one ends it."""

from __future__ import annotations

from kiosk_tui.domain.tries import FIRST_S, FREE, MOST_S, Tries


def test_each_wrong_pin_after_two_doubles_the_wait() -> None:
    tries = Tries()
    waits = []
    for _ in range(FREE + 3):
        tries.tried(10.0)
        waits.append(tries.locked_s(10.0))
    assert waits == [0.0] * FREE + [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]


def test_the_wait_has_a_limit_and_an_end() -> None:
    tries = Tries()
    for _ in range(1000):
        tries.tried(10.0)
    assert tries.locked_s(10.0) == MOST_S
    assert tries.locked_s(10.0 + MOST_S - 1) == 1
    assert tries.locked_s(10.0 + MOST_S) == 0


def test_a_right_one_counts_anew() -> None:
    tries = Tries()
    for _ in range(FREE + 1):
        tries.tried(0.0)
    assert tries.wrong == FREE + 1
    tries.right()
    assert (tries.wrong, tries.locked_s(0.0)) == (0, 0.0)
    tries.tried(0.0)
    assert not tries.locked_s(0.0)
