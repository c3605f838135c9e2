"""A flood of lines becomes a trickle, and says what was left out."""

from __future__ import annotations

import logging

from kiosk_tui.observe.logs.rate_limit import AN_HOUR, KNOWN, PLAINLY, RateLimit


class Flood:
    """Lines at moments of our choice, and those that were written."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.limit = RateLimit(lambda: self.now)
        self.written: list[str] = []

    def line(self, text: str, *arguments: object, level: int = logging.INFO) -> None:
        record = logging.LogRecord("kiosk_tui.x", level, "", 1, text, arguments, None)
        if self.limit.filter(record):
            self.written.append(record.getMessage())


def test_a_week_without_tecs_fill_no_disk() -> None:
    flood = Flood()
    week = 7 * 24 * 3600
    for _ in range(week // 5):
        flood.now += 5
        flood.line("transaction %s is %s", 7, "CANCEL_DUE")
        flood.line("closed: the server does not answer")
    assert len(flood.written) < 2 * (week / 3600 + 20)
    assert sum(map(len, flood.written)) < 100_000
    assert flood.written[-1].endswith("(and 719 times more since it was last written)")


def test_a_line_that_comes_a_few_times_is_written_each_time() -> None:
    flood = Flood()
    for _ in range(PLAINLY + 3):
        flood.line("service: a self-test")
    assert flood.written == ["service: a self-test"] * PLAINLY


def test_what_was_quiet_for_long_is_news_again() -> None:
    flood = Flood()
    for _ in range(PLAINLY + 3):
        flood.line("closed")
    flood.now += 3 * 3600
    flood.line("closed")
    flood.line("closed")
    assert flood.written[PLAINLY:] == [
        "closed (and 3 times more since it was last written)",
        "closed",
    ]


def test_lines_in_turns_are_held_back_as_well() -> None:
    flood = Flood()
    for number in range(1000):
        flood.line("open" if number % 2 else "closed")
    assert len(flood.written) == 2 * PLAINLY


def test_lines_that_differ_are_bounded_an_hour_and_errors_have_their_own_bound() -> None:
    flood = Flood()
    for number in range(5000):
        flood.line("news %d", number)
    flood.line("100% broken", level=logging.ERROR)
    assert len(flood.written) == AN_HOUR + 1
    assert flood.written[-1] == "100% broken"
    flood.now += 3600
    flood.line("news 100%")
    assert flood.written[-1] == "news 100% (4400 other lines were left out: too many in an hour)"


def test_only_so_many_lines_are_remembered() -> None:
    flood = Flood()
    for number in range(10 * KNOWN):
        flood.now += 60
        flood.line("news %d", number)
    assert len(flood.limit._lines) == KNOWN
