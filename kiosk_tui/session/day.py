"""A day of the journal: its totals, and its slip."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from kiosk_tui.domain.day_clock import DayClock, day_at, day_span
from kiosk_tui.domain.days import DayReport
from kiosk_tui.domain.totals import Totals, totals
from kiosk_tui.journal.day_reports import close_day, day_so_far
from kiosk_tui.journal.reader import read_day
from kiosk_tui.receipt.day import Heading, day_slip
from kiosk_tui.receipt.day_report import report_slip
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.session.launch import Launch, place, zone_of


def utc_now() -> datetime:
    """Return the wall clock."""
    return datetime.now(UTC)


def today(launch: Launch) -> date:
    """Return the day that it is where the register stands."""
    return day_at(datetime.now(UTC), zone_of(launch.config))


def day_totals(launch: Launch, day: date) -> Totals:
    """Add up a day of the journal, which another process may be writing.

    Raises `JournalUnavailableError`.
    """
    start, end = day_span(day, zone_of(launch.config))
    return totals(read_day(launch.journal, start, end), start, end)


def day_lines(launch: Launch, day: Totals, paper: Paper) -> list[str]:
    """Return a day's end as lines, in the kiosk's own language."""
    return day_slip(day, paper, launch.config.kiosk.languages[0], day_heading(launch))


def day_heading(launch: Launch) -> Heading:
    """Return whose day it is."""
    kiosk, zone = launch.config.kiosk, zone_of(launch.config)
    return Heading(
        kiosk.name or kiosk.id, place(launch).terminal, datetime.now(UTC), zone, launch.demo
    )


def day_clock(launch: Launch) -> DayClock:
    """Return when a business day begins where the register stands."""
    hour, minute = launch.config.day.starts.split(":")
    return DayClock(time(int(hour), int(minute)), zone_of(launch.config))


def report_so_far(launch: Launch) -> DayReport:
    """Return what the business day comes to so far (X). Raises `JournalUnavailableError`."""
    return day_so_far(launch.journal, utc_now(), day_clock(launch))


def close_business_day(
    launch: Launch,
    now: datetime | None = None,
    number: int | None = None,
    *,
    ended: bool = False,
) -> DayReport:
    """Close the business day, whoever has the register; return its report (Z). See `close_day`.

    Raises `NothingToCloseError`, `JournalUnavailableError`.
    """
    return close_day(launch.journal, now or utc_now(), day_clock(launch), number, ended=ended)


def report_lines(launch: Launch, day: DayReport, paper: Paper) -> list[str]:
    """Return a report as lines, in the kiosk's own language."""
    return report_slip(day, paper, launch.config.kiosk.languages[0], day_heading(launch))
