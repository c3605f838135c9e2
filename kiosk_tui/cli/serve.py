"""`kiosk-tui serve`: the register without a screen, driven by POS software over a socket.

A payment belongs to the register: when systemd says stop (SIGTERM) the running one is finished and
told first, or left to the journal.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

from kiosk_tui.cli import described, opening, output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.signals import ENDING
from kiosk_tui.config import secrets
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.places import loopback
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.observe import logs
from kiosk_tui.remote.pos.dispatcher import Dispatcher
from kiosk_tui.remote.pos.server import Door, PosServer
from kiosk_tui.remote.sockets.places import SocketError, listening
from kiosk_tui.session.launch import Launch, UnavailableError
from kiosk_tui.session.link import open_link
from kiosk_tui.session.register import OpenRegister, open_register, pos_terms

log = logging.getLogger(__name__)

ENDS = "The register ends: connect again when it is back."


@dataclass(frozen=True, slots=True)
class _Where:
    """What `serve` listens at."""

    path: Path
    group: str
    tcp: tuple[str, int] | None
    token: str = field(repr=False)


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody says stop; return the exit code."""
    launch = need(choose(arguments, says_so=True))
    where = _where(arguments, launch)
    logs.to_file(launch.journal.with_name("kiosk-tui.log"))
    return asyncio.run(_serve(launch, where))


async def _serve(launch: Launch, where: _Where) -> int:
    ended = asyncio.Event()
    for number in ENDING:
        asyncio.get_running_loop().add_signal_handler(number, _end, ended, number)
    opened = await _opened(launch)
    till = Dispatcher(opened.register, pos_terms(launch, described.describe))
    server = PosServer(till)
    try:
        doors = _doors(where)
        for door in doors:
            await server.listen(door)
        opened.beside.push_async_callback(server.close, ENDS)
        link = await open_link(opened, launch, "serve")
        await opened.register.start()
        _say(launch, where, doors)
        failing = asyncio.create_task(till.failed.wait())
        ending = asyncio.create_task(ended.wait())
        await asyncio.wait({failing, ending}, return_when=asyncio.FIRST_COMPLETED)
        failing.cancel()
        ending.cancel()
        link.ending("the running payment is finished first")
    finally:
        opened.register.retire(ENDS)
        await opening.finish(opened, launch)
    if till.failed.is_set():
        raise CommandError(Exit.SOFTWARE, "A payment failed inside the register; the log has it.")
    return Exit.OK


def _end(ended: asyncio.Event, number: signal.Signals) -> None:
    log.info("ending on %s", number.name)
    ended.set()


async def _opened(launch: Launch) -> OpenRegister:
    try:
        return await open_register(launch, launch.config.kiosk.mode)
    except JournalUnavailableError as error:
        raise CommandError(Exit.TRY_AGAIN, str(error)) from error
    except UnavailableError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error


def _where(arguments: argparse.Namespace, launch: Launch) -> _Where:
    """Return where to listen. Raises `ConfigError` or `CommandError`."""
    pos = launch.config.pos
    tcp = arguments.tcp or pos.tcp
    address = loopback(tcp) if tcp else None
    if tcp and address is None:
        raise CommandError(
            Exit.USAGE, f"'{tcp}' is no address of this machine: write 127.0.0.1:8701."
        )
    token = ""
    if address is not None:
        file = arguments.token_file or pos.token_file
        if not file:
            raise CommandError(
                Exit.USAGE,
                "--tcp needs --token-file: every user of this machine can connect to a port.",
            )
        token = secrets.find(secrets.POS_TOKEN, file, launch.environment)[0].reveal()
        if len(token) < 16:  # noqa: PLR2004 - what nobody guesses
            raise ConfigError("pos.token_file: the token is too short: use 16 characters or more.")
    return _Where(_path(arguments, launch), pos.group, address, token)


def _path(arguments: argparse.Namespace, launch: Launch) -> Path:
    if arguments.socket is not None:
        return Path(arguments.socket)
    if launch.config.pos.socket and not launch.demo:
        return Path(launch.config.pos.socket)
    runtime = launch.environment.get("RUNTIME_DIRECTORY")
    if runtime and not launch.demo:
        return Path(runtime.split(":")[0]) / "pos.sock"
    return launch.journal.with_name("pos.sock")


def _doors(where: _Where) -> list[Door]:
    try:
        doors = [Door(listening(where.path.absolute(), where.group))]
        if where.tcp is not None:
            host, port = where.tcp
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            doors.append(Door(socket.create_server((host, port), family=family), where.token))
    except SocketError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    except OSError as error:
        what = f"The port {where.tcp and where.tcp[1]} cannot be opened: {error.strerror}."
        raise CommandError(Exit.UNAVAILABLE, what) from error
    return doors


def _say(launch: Launch, where: _Where, doors: list[Door]) -> None:
    places = [str(where.path)]
    if where.tcp is not None:
        places.append(f"{where.tcp[0]} port {doors[-1].socket.getsockname()[1]}")
    demo = " DEMO - no money moves." if launch.demo else ""
    told = f"Serving POS software at {' and '.join(places)}.{demo}"
    # whoever does not read it must not keep POS software waiting
    threading.Thread(target=_tell, args=(told,), daemon=True).start()


def _tell(told: str) -> None:
    with output.unheard():
        output.say(told)
