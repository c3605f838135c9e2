"""`kiosk-tui office days`: closed days against TECS's turnover, to the cent; 65 where something differs."""

from __future__ import annotations

import argparse
from typing import Any

from kiosk_tui.cli.exits import Exit
from kiosk_tui.cli.office.asking import LookAnswer, OfficeQuestion, TableAnswer, answer
from kiosk_tui.cli.office.opened import told
from kiosk_tui.domain.money import plain
from kiosk_tui.office.queries.found import WHOLE
from kiosk_tui.office.reconciliation.days import (
    ComparedDay,
    ComparedSheet,
    DayDifference,
    DayFilter,
    compared_days,
)
from kiosk_tui.text.amounts import format_amount


@told
def run(arguments: argparse.Namespace) -> int:
    """Answer; return the exit code."""
    return answer(_days, arguments)


async def _days(asked: OfficeQuestion) -> LookAnswer:
    wanted = DayFilter(asked.arguments.kiosk, number=asked.arguments.number)
    found = (await compared_days(asked.connection, asked.settings, wanted, WHOLE)).rows
    sheets = [(one, sheet) for one in found for sheet in one.sheets]
    heads = ("Day", "Kiosk", ">Z", "Closed", ">Count", ">Net", ">At TECS", ">Difference")
    rows = [
        [one.day.isoformat(), one.kiosk_id, str(one.number), asked.when(one.closed_at),
         str(sheet.net.count), *(format_amount(total, "en") for total in
         (sheet.total, sheet.turnover)), format_amount(sheet.difference, "en") if sheet.differences
         else "to the cent"]
        for one, sheet in sheets
    ]  # fmt: skip
    named = [
        [one.kiosk_id, str(one.number), each.reference if each.transaction_id else "",
         *(format_amount(total, "en") for total in (each.here, each.there, each.total)), each.sentence]
        for one, sheet in sheets
        for each in sheet.differences
    ]  # fmt: skip
    about = ("Kiosk", ">Z", "Reference", ">Day", ">TECS", ">Difference", "~What")
    return LookAnswer(
        [_described(one, sheet) for one, sheet in sheets],
        [TableAnswer(heads, rows), TableAnswer(about, named, "What differs")],
        "No day was closed.",
        Exit.BAD_DATA
        if any(sheet.differences and not sheet.waits for _, sheet in sheets)
        else Exit.OK,
    )


def _described(one: ComparedDay, sheet: ComparedSheet) -> dict[str, Any]:
    return {
        "kiosk": one.kiosk_id,
        "site": one.site,
        "journal": one.epoch,
        "number": one.number,
        "day": one.day.isoformat(),
        "closed_at": one.closed_at.isoformat(),
        "currency": sheet.total.currency.code,
        "count": sheet.net.count,
        "net": plain(sheet.total),
        "net_minor": sheet.total.minor,
        "turnover_minor": sheet.turnover.minor,
        "difference_minor": sheet.difference.minor,
        "running_minor": sheet.running.minor,
        "late": one.late,
        "disagreements": one.disagreements,
        "differences": [_difference(each) for each in sheet.differences],
    }


def _difference(one: DayDifference) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "terminal": one.terminal or None,
        "id": one.transaction_id or None,
        "day_minor": one.here.minor,
        "tecs_minor": one.there.minor,
        "difference_minor": one.total.minor,
    }
