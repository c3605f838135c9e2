"""Slips, and the slip of a whole day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from kiosk_tui.config.models.receipt import ReceiptSettings
from kiosk_tui.domain.totals import Totals, day_at, day_span, totals
from kiosk_tui.journal.reader import read_day
from kiosk_tui.receipt.day import Heading, day_slip
from kiosk_tui.receipt.printer import Printer
from kiosk_tui.receipt.receipts import Receipts, Style
from kiosk_tui.receipt.slip import Copy
from kiosk_tui.receipt.text_files import TextFiles
from kiosk_tui.session.launch import Launch, languages, place, zone_of


def receipts(launch: Launch) -> Receipts | None:
    """Return what prints slips, or nothing where no printer is configured."""
    config = launch.config.receipt
    if not config.printer:
        return None
    style = Style(
        columns=config.columns,
        copies=tuple(Copy(one) for one in config.copies),
        declined=config.declined,
        locales=languages(launch),
        demo=launch.demo,
    )
    return Receipts(_printer(config), style)


def _printer(config: ReceiptSettings) -> Printer:
    from kiosk_tui.receipt.escpos import Device, EscPos  # noqa: PLC0415

    if config.printer.startswith("text:"):
        return TextFiles(Path(config.printer.partition("://")[2]))
    return EscPos(Device(config.printer, config.profile, config.ask))


def today(launch: Launch) -> date:
    """Return the day that it is where the register stands."""
    return day_at(datetime.now(UTC), zone_of(launch.config))


def day_totals(launch: Launch, day: date) -> Totals:
    """Add up a day of the journal, which another process may be writing.

    Raises `JournalUnavailableError`.
    """
    start, end = day_span(day, zone_of(launch.config))
    return totals(read_day(launch.journal, start, end), start, end)


def day_lines(launch: Launch, day: Totals, columns: int) -> list[str]:
    """Return a day's end as lines, in the kiosk's own language."""
    kiosk, zone = launch.config.kiosk, zone_of(launch.config)
    heading = Heading(
        kiosk.name or kiosk.id, place(launch).terminal, datetime.now(UTC), zone, launch.demo
    )
    return day_slip(day, columns, kiosk.languages[0], heading)
