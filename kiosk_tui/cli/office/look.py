"""`kiosk-tui office list|show|due|silent|reasons|terminals|versions|alarms`: how the fleet stands.

As a check of a monitoring system takes it: `due` ends with 1 when something is overdue or needs a
person, `silent` and `alarms` when there is one, else with 0; 69 when head office could not be asked.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Mapping
from typing import Final

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.office import stories
from kiosk_tui.cli.office.asking import LookAnswer, OfficeQuestion, Question, TableAnswer, answer
from kiosk_tui.cli.office.described import describe_due, described
from kiosk_tui.cli.office.opened import told
from kiosk_tui.office import alarms
from kiosk_tui.office.people.actions import note
from kiosk_tui.office.queries.alarms import alarms as open_alarms
from kiosk_tui.office.queries.due import DueKind, due
from kiosk_tui.office.queries.kiosks import closed_kiosks, kiosks, silent_kiosks
from kiosk_tui.office.queries.terminals import terminals
from kiosk_tui.office.queries.versions import versions
from kiosk_tui.office.wording import DUE, advice, lasting, state_word
from kiosk_tui.text.amounts import format_amount


@told
def run(arguments: argparse.Namespace) -> int:
    """Answer one question; return the exit code."""
    return answer(_QUESTIONS[arguments.action], arguments)


async def _list(asked: OfficeQuestion) -> LookAnswer:
    found = (await kiosks(asked.connection, asked.now, asked.silent)).rows
    heads = ("Kiosk", "State", ">Heard", "Terminal", "Version", ">Due", "~Site")
    rows = [
        [one.kiosk_id, one.state, asked.ago(one.last_seen), one.terminal, one.version,
         str(one.due or ""), one.site]
        for one in found
    ]  # fmt: skip
    return LookAnswer([described(one) for one in found], [TableAnswer(heads, rows)], "No kiosks.")


async def _due(asked: OfficeQuestion) -> LookAnswer:
    found = (await due(asked.connection, asked.now, asked.settings.watch)).rows
    heads = (">Age", "Kiosk", "Reference", ">Amount", ">Tries", "~Why")
    rows = [
        [lasting(asked.now - one.since), one.transaction.kiosk_id, one.transaction.reference,
         format_amount(one.transaction.total, "en"), str(one.attempts), DUE[one.kind].means]
        for one in found
    ]  # fmt: skip
    late = any(one.overdue or one.kind in (DueKind.STAFF, DueKind.LOST) for one in found)
    return LookAnswer(
        [describe_due(one, asked.now) for one in found],
        [TableAnswer(heads, rows)],
        "Everything is settled.",
        Exit.FAILED if late else Exit.OK,
        [
            f"{one.means}: {one.do}"
            for kind, one in DUE.items()
            if kind in {row.kind for row in found}
        ],
    )


async def _silent(asked: OfficeQuestion) -> LookAnswer:
    found = (await silent_kiosks(asked.connection, asked.now, asked.silent)).rows
    heads = (">Silent for", "Kiosk", "Last heard", ">Due", ">Queued", "~Site")
    rows = [
        [lasting(asked.now - one.quiet_since), one.kiosk_id,
         asked.when(one.last_seen) or "never", str(one.due), str(one.queued), one.site]
        for one in found
    ]  # fmt: skip
    objects = [
        described(one) | {"silent_s": round((asked.now - one.quiet_since).total_seconds())}
        for one in found
    ]
    return LookAnswer(
        objects,
        [TableAnswer(heads, rows)],
        "Every kiosk was heard of.",
        Exit.FAILED if found else Exit.OK,
    )


async def _reasons(asked: OfficeQuestion) -> LookAnswer:
    found = (await closed_kiosks(asked.connection, asked.now, asked.silent)).rows
    rows = [
        [one.kiosk_id, asked.ago(one.since) if one.since else "", one.reason, one.site]
        for one in found
    ]
    words = dict.fromkeys(one.reason for one in found)
    return LookAnswer(
        [described(one) | {"todo": advice(one.reason).do} for one in found],
        [TableAnswer(("Kiosk", ">For", "Reason", "~Site"), rows)],
        "Every kiosk that speaks is in service.",
        notes=[f"{one or 'no reason'}: {advice(one).means} {advice(one).do}" for one in words],
    )


async def _terminals(asked: OfficeQuestion) -> LookAnswer:
    found = (await terminals(asked.connection)).rows
    rows = [
        [one.terminal, one.kiosk_id, one.terminal_state if one.present else "not in use",
         asked.when(one.last_at), state_word(one.last_state or ""),
         format_amount(one.last_total, "en") if one.last_total else "", one.site]
        for one in found
    ]  # fmt: skip
    heads = ("Terminal", "Kiosk", "State", "Last", "Ended", ">Amount", "~Site")
    return LookAnswer(
        [described(one) for one in found], [TableAnswer(heads, rows)], "No terminals."
    )


async def _versions(asked: OfficeQuestion) -> LookAnswer:
    found = await versions(asked.connection)
    rows = [
        [one.version or "not told", str(one.kiosks), asked.when(one.last_seen)] for one in found
    ]
    return LookAnswer(
        [described(one) for one in found],
        [TableAnswer(("Version", ">Kiosks", "Last heard"), rows)],
        "No kiosks.",
    )


async def _alarms(asked: OfficeQuestion) -> LookAnswer:
    number = asked.arguments.seen
    if number is not None:
        return await _seen(asked, number)
    found = (await open_alarms(asked.connection)).rows
    rows = [
        [str(one.alarm_id), asked.when(one.last_at), one.kind, one.kiosk_id or "", str(one.times),
         one.sentence]
        for one in found
    ]  # fmt: skip
    return LookAnswer(
        [described(one) for one in found],
        [TableAnswer((">Number", "Last", "Kind", "Kiosk", ">Times", "~What happened"), rows)],
        "No open alarms.",
        Exit.FAILED if found else Exit.OK,
    )


async def _seen(asked: OfficeQuestion, number: int) -> LookAnswer:
    name = f"{getpass.getuser()} (command line)"
    async with asked.connection.transaction():
        if not await alarms.seen(asked.connection, number, name):
            raise CommandError(
                Exit.BAD_DATA, f"There is no open alarm {number}: `kiosk-tui office alarms`."
            )
        await note(asked.connection, name, "alarm seen", str(number))
    return LookAnswer([{"alarm_id": number, "seen_by": name}], nothing=f"Alarm {number} was seen.")


_QUESTIONS: Final[Mapping[str, Question]] = {
    "list": _list,
    "show": stories.show,
    "due": _due,
    "silent": _silent,
    "reasons": _reasons,
    "terminals": _terminals,
    "versions": _versions,
    "alarms": _alarms,
}
