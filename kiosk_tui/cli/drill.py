"""`kiosk-tui drill`: kill and cut a real register on this machine, and show that no money is lost.

Plays beside the real journal, on the same disk, and never opens that journal or speaks to the real
TECS. Whatever ends it, no process and no scratch is left, but for the evidence of a failure.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import kiosk_tui
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.drill_view import DrillView
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.text.times import local

if TYPE_CHECKING:
    # the simulator behind them is an extra
    from kiosk_tui.lab.drill.cases import Case
    from kiosk_tui.lab.drill.drill import CaseResult

_WHERE: Final = "import kiosk_tui; print(kiosk_tui.__file__)"


def run(arguments: argparse.Namespace) -> int:
    """Drill, print, write the report; return 0 when every row passed, 1 when one failed."""
    try:
        from kiosk_tui.lab.drill.cases import CASES  # noqa: PLC0415 - an extra
        from kiosk_tui.lab.drill.child import PROGRAM  # noqa: PLC0415
    except ImportError as error:
        raise CommandError(
            Exit.UNAVAILABLE,
            f"The drill needs the simulator, which is not installed ({error.name}): install"
            " kiosk-tui[simulator].",
        ) from error
    folder = choose(arguments).journal.absolute().parent
    now = local(datetime.now(UTC))
    reports = _reports(arguments.report or folder / f"drill-{now:%Y%m%d-%H%M%S}.txt")
    _check_program()
    with _scratch(folder) as scratch:
        return _whole(CASES, PROGRAM, scratch, reports, json_wanted=arguments.json)


def _whole(
    cases: Sequence[Case],
    program: Sequence[str],
    scratch: Path,
    reports: tuple[Path, Path],
    *,
    json_wanted: bool,
) -> int:
    from kiosk_tui.lab.drill import report  # noqa: PLC0415 - an extra

    began = time.monotonic()
    known = report.facts(scratch, local(datetime.now(UTC)))
    view = DrillView(json_wanted=json_wanted)
    view.lines(report.heading(known, len(cases)))
    rows = asyncio.run(_drilled(cases, program, scratch, view))
    seconds = time.monotonic() - began
    summary = report.summary(known, rows, seconds)
    whole = summary | {"rows": [report.described(row) for row in rows]}
    _write(reports, report.text(known, rows, seconds), json.dumps(whole, indent=1) + "\n")
    view.lines(report.verdict(rows, seconds))
    view.lines([f"Report: {reports[0]} and {reports[1].name}"])
    view.json(summary | {"report": [str(path) for path in reports]})
    return Exit.FAILED if summary["failed"] else Exit.OK


async def _drilled(
    cases: Sequence[Case], program: Sequence[str], scratch: Path, view: DrillView
) -> list[CaseResult]:
    from kiosk_tui.lab.drill.drill import drill  # noqa: PLC0415 - an extra

    _end_on_signals()
    rows = []
    # closed here and now, whatever happens: it holds processes
    async with contextlib.aclosing(drill(cases, program, scratch)) as playing:
        with ProgressLine("Drilling", len(cases)) as progress:
            async for row in playing:
                rows.append(row)
                view.row(row)
                progress.tell("Drilling", done=len(rows))
    return sorted(rows, key=lambda row: row.number)


def _end_on_signals() -> None:
    """Make SIGTERM and SIGHUP end the drill as Ctrl-C does: cleanly."""
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Make a folder beside the journal; gone afterwards, but for the evidence of failed rows."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix="drill-", dir=folder))
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE,
            f"{folder} cannot be written ({error.strerror}): the drill plays where the journal lies,"
            " so run it as the register's user.",
        ) from error
    try:
        yield scratch
    except (asyncio.CancelledError, KeyboardInterrupt):
        shutil.rmtree(scratch)
        raise CommandError(
            Exit.INTERRUPTED, "The drill was stopped before its end: it shows nothing."
        ) from None
    except BaseException:
        shutil.rmtree(scratch)
        raise
    if not any(scratch.iterdir()):
        scratch.rmdir()


def _reports(asked: Path) -> tuple[Path, Path]:
    """Return where the report goes, for people and for programs. Raises `CommandError`."""
    other = asked.with_suffix(".txt" if asked.suffix == ".json" else ".json")
    for path in (asked, other):
        if path.exists():
            raise CommandError(Exit.USAGE, f"{path} exists already: name another with --report.")
    return (other, asked) if asked.suffix == ".json" else (asked, other)


def _write(reports: tuple[Path, Path], text: str, data: str) -> None:
    for path, content in zip(reports, (text, data), strict=True):
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(file, "w", encoding="utf-8", errors="replace") as stream:
                stream.write(content)
        except OSError as error:
            raise CommandError(
                Exit.UNAVAILABLE, f"The report {path} cannot be written: {error.strerror}."
            ) from error


def _check_program() -> None:
    """See that a child is this very program: from a checkout, the working folder decides."""
    found = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _WHERE], capture_output=True, text=True, check=False, timeout=60
    ).stdout.strip()
    if found != kiosk_tui.__file__:
        raise CommandError(
            Exit.UNAVAILABLE,
            f"Started from here, the register would be {found or 'none at all'}, and not"
            f" {kiosk_tui.__file__}: change to another folder.",
        )
