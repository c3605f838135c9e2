"""A business day's report (X while it goes on, Z once it is closed): on paper, and for other software."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk_tui.domain.days import DayReport, LateEvent
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Total, plain
from kiosk_tui.domain.transaction import reference_of
from kiosk_tui.receipt import export
from kiosk_tui.receipt.day import Heading, Sheet, agreement, day_rows
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.table import TableFormat, csv_lines
from kiosk_tui.text.amounts import format_number
from kiosk_tui.text.times import format_date, format_day_time
from kiosk_tui.text.translations import Texts, texts_in

COLUMNS = ("number", "day", "currency", "what", "which", "count", "amount", "tip")
_AMOUNTS = frozenset({"amount", "tip"})


def report_slip(day: DayReport, paper: Paper, locale: str, heading: Heading) -> list[str]:
    """Return the lines of a report, none longer than the paper's."""
    return list(_lines(day, paper, locale, heading))


def title(day: DayReport, said: Texts) -> str:
    """Return what a report is called."""
    _ = said.gettext
    return _("X REPORT") if day.number is None else _("Z REPORT {number}").format(number=day.number)


def _lines(day: DayReport, paper: Paper, locale: str, heading: Heading) -> Iterator[str]:
    said = texts_in(locale)
    _ = said.gettext
    if heading.demo:
        yield from paper.centred(_("DEMO - no money moves"))
    yield from paper.centred(title(day, said))
    yield from paper.centred(heading.name)
    yield ""
    yield from paper.pair(_("Terminal"), heading.terminal)
    yield from paper.pair(_("Business day"), format_date(day.day, locale))
    if day.opened_at is not None:
        yield from paper.pair(_("From"), format_day_time(day.opened_at, locale, heading.zone))
    yield from paper.pair(_("To"), format_day_time(day.at, locale, heading.zone))
    if not day.currencies and not day.late:
        yield ""
        yield from paper.centred(_("Nothing happened on this day."))
    for one in day.currencies:
        yield ""
        yield from Sheet(day_rows(one, said), one.currency, paper, locale, said).lines()
    if day.late:
        yield ""
        yield from paper.wrapped(_("Of days that were closed before"))
        for late in day.late:
            yield from paper.pair(*late_line(late, locale, said))
    yield ""
    yield from paper.wrapped(_("All days up to this one"))
    for currency, found in day.running.items():
        told = format_number(Total(found.minor, currency), locale)
        yield from paper.pair(f"{currency.code}  {found.count}", told)
    if day.checkpoint:
        yield ""
        yield from paper.pair(_("Checkpoint"), day.checkpoint)
    yield ""
    yield from agreement(day.disagreements, paper, said)


def late_line(late: LateEvent, locale: str, said: Texts) -> tuple[str, str]:
    """Return what happened to which transaction of which day, and its amount."""
    _ = said.gettext
    words = {
        State.CANCELLED: _("cancelled"),
        State.NEEDS_STAFF: _("task"),
        State.SETTLED: _("settled"),
    }
    of = f"Z {late.day}" if late.day else _("before the first Z")
    word = words.get(late.after, _("being cancelled"))
    return f"{reference_of(late.transaction_id)} ({of}): {word}", format_number(late.amount, locale)


def name(day: DayReport) -> str:
    """Return what a file with this report is called."""
    return f"x-{day.day}" if day.number is None else f"z-{day.number:05d}-{day.day}"


def describe(day: DayReport) -> dict[str, Any]:
    """Return a report as JSON shows it: amounts as plain text and in minor units."""
    return {
        "number": day.number,
        "day": day.day.isoformat(),
        "from": day.opened_at and day.opened_at.isoformat(),
        "to": day.at.isoformat(),
        "after_event": day.after,
        "last_event": day.last,
        "checkpoint": day.checkpoint or None,
        "agrees": not day.disagreements,
        "disagreements": list(day.disagreements),
        "totals": export.sums(day.currencies),
        "late": [
            {
                "transaction_id": one.transaction_id,
                "at": one.at.isoformat(),
                "state": one.after,
                "of_day": one.day or None,
                "currency": one.amount.currency.code,
                "amount": plain(one.amount),
                "amount_minor": one.amount.minor,
            }
            for one in day.late
        ],
        "all_days": [
            {
                "currency": currency.code,
                "count": found.count,
                "amount": plain(Total(found.minor, currency)),
                "amount_minor": found.minor,
            }
            for currency, found in day.running.items()
        ],
    }


def json_text(day: DayReport) -> str:
    """Return a report as one line of JSON."""
    return json.dumps(describe(day), ensure_ascii=False) + "\n"


def csv_text(day: DayReport, form: TableFormat = export.POINT) -> str:
    """Return a report as CSV: a line for each sum, below a line with the columns' names."""
    return "".join(csv_lines(COLUMNS, _cells(day), _AMOUNTS, form))


def save(folder: Path, day: DayReport, form: str) -> str:
    """Write a report into a folder, as csv or json; return the file's name. Raises `OSError`."""
    file = f"{name(day)}.{form}"
    text = csv_text(day) if form == "csv" else json_text(day)
    (folder / file).write_text(text, "utf-8", "replace")
    return file


def _cells(day: DayReport) -> Iterator[tuple[Any, ...]]:
    head = ("" if day.number is None else day.number, day.day.isoformat())
    for one in day.currencies:
        for what, which, found in export.rows(one):
            amounts = (
                plain(Total(minor, one.currency)) for minor in (found.minor, found.tip_minor)
            )
            yield (*head, one.currency.code, what, which, found.count, *amounts)
    for late in day.late:
        which = f"{late.transaction_id} {late.after} of {late.day or 'before'}"
        yield (*head, late.amount.currency.code, "late", which, 1, plain(late.amount), "")
    for currency, found in day.running.items():
        told = plain(Total(found.minor, currency))
        yield (*head, currency.code, "all_days", "", found.count, told, "")
    for sentence in day.disagreements:
        yield (*head, "", "disagreement", sentence, "", "", "")
