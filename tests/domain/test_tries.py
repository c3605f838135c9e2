"""A PIN may be wrong five times; then nobody looks at it for a minute."""

from __future__ import annotations

from kiosk_tui.domain.tries import LOCKED_S, TRIES, Tries


def test_the_fifth_wrong_one_locks_for_a_while() -> None:
    tries = Tries()
    for _ in range(TRIES):
        assert not tries.locked(100.0)
        tries.tried(100.0)
    assert tries.locked(100.0)
    assert tries.locked(100.0 + LOCKED_S - 1)
    assert not tries.locked(100.0 + LOCKED_S)


def test_a_right_one_counts_anew() -> None:
    tries = Tries()
    for _ in range(TRIES - 1):
        tries.tried(0.0)
    tries.right()
    tries.tried(0.0)
    assert not tries.locked(0.0)
