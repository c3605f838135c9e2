"""`kiosk-tui ship`: sends the journal's events to head office, for ever or once.

It reads the journal and loads nothing that could move money; a test looks at what was loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.overlay import overlay_file, read
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.fleet.enrolment import renew
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import NotEnrolledError, head_office
from kiosk_tui.fleet.health import NOT_RUNNING, OTHER_VERSION, SILENT, HealthWatch, RegisterReport
from kiosk_tui.fleet.line import line_of
from kiosk_tui.fleet.orders.closure import closure
from kiosk_tui.fleet.orders.orders import Orders
from kiosk_tui.fleet.shipper import Shipper, boot_id, system_now
from kiosk_tui.fleet.source import JournalSource
from kiosk_tui.observe import logs
from kiosk_tui.remote.link.client import OtherVersionError, watch
from kiosk_tui.remote.link.protocol import RegisterView
from kiosk_tui.remote.sockets.places import SocketError
from kiosk_tui.session.launch import Launch

ASK_S: Final = 3.0
"""A register that lives says how it stands at once."""
LEAVES_S: Final = 0.5
"""After a signal it is gone at the latest by then."""


def run(arguments: argparse.Namespace) -> int:
    """Ship; return the exit code: with `--once` 75 when not everything was taken."""
    launch = need(choose(arguments, says_so=True))
    folder = FleetFolder.beside(launch.journal)
    try:
        head_office(folder)
    except NotEnrolledError as error:
        raise CommandError(Exit.CONFIG, str(error)) from error
    logs.begin(folder.path / "ship.log", to=launch.config.log.to)
    trouble = asyncio.run(_ship(launch, once=arguments.once))
    if trouble:
        raise CommandError(Exit.TRY_AGAIN, trouble)
    return Exit.OK


async def _ship(launch: Launch, *, once: bool) -> str:
    """Ship until everything is told, the kiosk has left its fleet, or a signal ends it."""
    _end_at_signals(Exit.TRY_AGAIN if once else Exit.OK)
    try:
        async with opened(launch.journal) as shipper:
            with contextlib.suppress(asyncio.CancelledError):
                if once:
                    return await _once(shipper)
                await shipper.run()
    except NotEnrolledError as error:
        return str(error) if once else ""
    return "It was told to end before everything was sent." if once else ""


@contextlib.asynccontextmanager
async def opened(journal: Path) -> AsyncIterator[Shipper]:
    """Hold what ships a journal to the head office of the folder beside it."""
    folder = FleetFolder.beside(journal)
    source, line = JournalSource(journal), line_of(folder)
    orders = Orders(folder, system_now)
    try:
        orders.take_up()
        yield Shipper(
            source=source,
            line=line,
            cursor_file=folder.cursor,
            health=HealthWatch(
                source,
                lambda: report_of(journal),
                time.monotonic,
                system_now,
                closed=lambda: closure(folder) is not None,
                configured=lambda: configured(journal),
            ),
            orders=orders,
            renew=lambda: renew(folder, line),
            boot=boot_id(),
        )
    finally:
        source.close()
        await line.close()


async def _once(shipper: Shipper) -> str:
    try:
        return await shipper.settle() or ""
    except JournalUnavailableError as error:
        return str(error)


def _end_at_signals(code: Exit) -> None:
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None  # noqa: S101 - for the types: this runs in one

    def end() -> None:
        task.cancel()
        # a name that is being looked up in a thread would be waited for; everything is on the disk
        loop.call_later(LEAVES_S, os._exit, int(code))

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, end)


def configured(journal: Path) -> str | None:
    """Return the SHA-256 of the settings that head office has configured, as hex; None for none."""
    try:
        overlay = read(overlay_file(journal))
    except ConfigError:
        return None
    if overlay is None or not overlay.settings:
        return None
    told = json.dumps(dict(overlay.settings), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


async def report_of(journal: Path) -> RegisterReport:
    """Ask whoever holds the register how it stands."""
    try:
        async with asyncio.timeout(ASK_S), contextlib.aclosing(watch(journal)) as views:
            view = await anext(views, None)
    except OtherVersionError:
        return RegisterReport(OTHER_VERSION)
    except (SocketError, OSError):
        return RegisterReport(SILENT)
    return RegisterReport(NOT_RUNNING) if view is None else _report(view)


def _report(view: RegisterView) -> RegisterReport:
    since: datetime | None = None
    with contextlib.suppress(ValueError, TypeError):
        since = datetime.fromisoformat(view.since or "")
    return RegisterReport(
        ready=view.open,
        obstacle=view.obstacle or "",
        since=since,
        version=view.holder.version,
        mode=view.holder.mode,
        terminal=view.holder.terminal,
        terminal_state=view.told if view.current is not None else "",
        due=view.due_count,
    )
