"""`kiosk-tui serve`: the register without a screen, driven by POS software over a socket.

A payment belongs to the register: when systemd says stop (SIGTERM) the running one is finished and
told first, or left to the journal.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kiosk_tui.cli import described, output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.config import secrets
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.places import loopback
from kiosk_tui.receipt import export
from kiosk_tui.remote.pos.dispatcher import Dispatcher, PosTerms
from kiosk_tui.remote.pos.orders import OrderDefaults
from kiosk_tui.remote.pos.server import PosServer, PosSocket
from kiosk_tui.remote.sockets.passed import pass_on, passed
from kiosk_tui.remote.sockets.places import SocketError, listening
from kiosk_tui.session.day import day_totals
from kiosk_tui.session.errors import FaultError, UnavailableError
from kiosk_tui.session.front import SERVE, Reason
from kiosk_tui.session.launch import Launch, place, zone_of
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.reload import begin_anew
from kiosk_tui.session.session import Session


@dataclass(frozen=True, slots=True)
class _Where:
    """What `serve` listens at: the sockets that systemd has opened, or its own at `path`."""

    path: Path
    group: str
    tcp: tuple[str, int] | None
    token: str = field(repr=False)
    given: Sequence[socket.socket] = ()


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody says stop; return the exit code."""
    launch = need(choose(arguments, says_so=True))
    where = _where(arguments, launch)
    with session_exits():
        anew = asyncio.run(_serve(launch, where))
    if anew:
        pass_on(os.environ, os.getpid())
        begin_anew()
    return Exit.OK


async def _serve(launch: Launch, where: _Where) -> bool:
    return await PosFront(launch, where).run()


class PosFront:
    """POS software's side of the register: its sockets are open while the register is."""

    resting = True
    """A payment that runs is the register's to wait for; connections come again by themselves."""

    def __init__(self, launch: Launch, where: _Where) -> None:
        self._launch = launch
        self._where = where
        self._sockets: list[PosSocket] = []
        self._failed = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self) -> bool:
        """Serve until the end; return whether to begin anew. Raises `SessionError`, `ConfigError`."""
        async with Session(self, SERVE) as session:
            session.begin(lambda: self._launch)
            session.catch_signals()
            session.supervise()
            await session.open()
            _say(self._launch, self._where, self._sockets)
            failing = asyncio.create_task(self._failed.wait())
            ending = asyncio.create_task(self._ended.wait())
            await asyncio.wait({failing, ending}, return_when=asyncio.FIRST_COMPLETED)
            failing.cancel()
            ending.cancel()
        if self._failed.is_set():
            raise FaultError("A payment failed inside the register; the log has it.")
        return session.anew

    async def attach(self, opened: OpenRegister) -> None:
        """Open the sockets; whoever comes in is served from the first look at the chain on."""
        till = Dispatcher(opened.register, _terms(self._launch))
        self._failed = till.failed
        server = PosServer(till)
        opened.beside.push_async_callback(server.close, SERVE.ends)
        for one in _sockets(self._where):
            await server.listen(one)
            self._sockets.append(one)

    async def alive(self) -> bool:
        """Say whether the sockets are open: this loop, which serves them, has moved."""
        return bool(self._sockets)

    def told(self, news: object) -> None:
        """Hear nothing: why a new configuration was not taken is in the log, and told systemd."""

    def leave(self, why: Reason) -> None:  # noqa: ARG002 - whatever the reason is
        """End."""
        self._ended.set()


def _terms(launch: Launch) -> PosTerms:
    """Tell POS software's side what it needs to know of the configuration."""
    config = launch.config
    return PosTerms(
        defaults=OrderDefaults(place(launch), config.terminal.currency, config.kiosk.languages[0]),
        kiosk_id=config.kiosk.id,
        demo=launch.demo,
        zone=zone_of(launch.config),
        describe=described.describe,
        totals=lambda day: export.describe(day_totals(launch, day)),
    )


# -- where it listens ----------------------------------------------------------------------------


def _where(arguments: argparse.Namespace, launch: Launch) -> _Where:
    """Return where to listen. Raises `ConfigError` or `CommandError`."""
    pos = launch.config.pos
    tcp = arguments.tcp or pos.tcp
    address = loopback(tcp) if tcp else None
    if tcp and address is None:
        raise CommandError(
            Exit.USAGE, f"'{tcp}' is no address of this machine: write 127.0.0.1:8701."
        )
    given = _given()
    token = ""
    if address is not None or any(one.family != socket.AF_UNIX for one in given):
        token = _token(arguments, launch)
    return _Where(_path(arguments, launch), pos.group, address, token, given)


def _token(arguments: argparse.Namespace, launch: Launch) -> str:
    file = arguments.token_file or launch.config.pos.token_file
    if not file:
        raise CommandError(
            Exit.USAGE,
            "--tcp needs --token-file: every user of this machine can connect to a port.",
        )
    token: str = secrets.find(secrets.POS_TOKEN, file, launch.environment)[0].reveal()
    if len(token) < 16:  # noqa: PLR2004 - what nobody guesses
        raise ConfigError("pos.token_file: the token is too short: use 16 characters or more.")
    return token


def _given() -> list[socket.socket]:
    """Return what systemd has opened for us: Unix sockets, and ports that only this machine reaches."""
    try:
        given = [made for _, made in passed(os.environ, os.getpid())]
    except SocketError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    for made in given:
        if made.family not in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
            raise CommandError(Exit.UNAVAILABLE, "A passed socket is neither Unix nor TCP.")
        if made.family != socket.AF_UNIX:
            host, port = made.getsockname()[:2]
            if loopback(f"[{host}]:{port}" if ":" in host else f"{host}:{port}") is None:
                what = f"The passed port {port} is not this machine's alone: let systemd listen at"
                raise CommandError(Exit.UNAVAILABLE, f"{what} 127.0.0.1:{port}.")
    return given


def _path(arguments: argparse.Namespace, launch: Launch) -> Path:
    if arguments.socket is not None:
        return Path(arguments.socket)
    if launch.config.pos.socket and not launch.demo:
        return Path(launch.config.pos.socket)
    runtime = launch.environment.get("RUNTIME_DIRECTORY")
    if runtime and not launch.demo:
        return Path(runtime.split(":")[0]) / "pos.sock"
    return launch.journal.with_name("pos.sock")


def _sockets(where: _Where) -> list[PosSocket]:
    """Return what to listen at; a port needs the token. Raises `UnavailableError`."""
    sockets = [
        PosSocket(made, "" if made.family == socket.AF_UNIX else where.token)
        for made in where.given
    ]
    try:
        if not any(made.family == socket.AF_UNIX for made in where.given):
            sockets.append(PosSocket(listening(where.path.absolute(), where.group)))
        if where.tcp is not None and all(one.socket.family == socket.AF_UNIX for one in sockets):
            host, port = where.tcp
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            sockets.append(
                PosSocket(socket.create_server((host, port), family=family), where.token)
            )
    except SocketError as error:
        raise UnavailableError(str(error)) from error
    except OSError as error:
        what = f"The port {where.tcp and where.tcp[1]} cannot be opened: {error.strerror}."
        raise UnavailableError(what) from error
    return sockets


def _say(launch: Launch, where: _Where, sockets: Sequence[PosSocket]) -> None:
    demo = " DEMO - no money moves." if launch.demo else ""
    places = " and ".join(_named(one.socket, where) for one in sockets)
    told = f"Serving POS software at {places}.{demo}"
    # whoever does not read it must not keep POS software waiting
    threading.Thread(target=_tell, args=(told,), daemon=True).start()


def _named(made: socket.socket, where: _Where) -> str:
    name = made.getsockname()
    if made.family != socket.AF_UNIX:
        return f"{name[0]} port {name[1]}"
    return str(name) if made in where.given else str(where.path)


def _tell(told: str) -> None:
    with output.unheard():
        output.say(told)
