"""`kiosk-tui serve`: the register without a screen, driven by other software over HTTP.

A payment belongs to the register: when systemd says stop (SIGTERM) the running one is finished and
told first, or left to the journal.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from kiosk_tui.cli import described, output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import CommandError, Exit, session_exits
from kiosk_tui.config import secrets
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.places import ip_address
from kiosk_tui.journal.day_reports import closed_days
from kiosk_tui.receipt import day_report, export
from kiosk_tui.remote.sockets.passed import pass_on
from kiosk_tui.session.day import close_business_day, day_totals, report_so_far
from kiosk_tui.session.errors import FaultError
from kiosk_tui.session.front import SERVE, Reason
from kiosk_tui.session.launch import Launch, place, zone_of
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.session import Session
from kiosk_tui.session.signals import begin_anew

try:
    from kiosk_tui.remote.api.desk import ApiTerms, DayTerms, PaymentDesk
    from kiosk_tui.remote.api.endpoints import Endpoints, given, open_sockets
    from kiosk_tui.remote.api.orders import OrderDefaults
    from kiosk_tui.remote.api.serving import ApiServer, ApiSocket, ServerCertificate
    from kiosk_tui.remote.api.tokens import EVERYTHING, ApiCaller, ApiToken
except ImportError as missing:
    raise CommandError(
        Exit.UNAVAILABLE,
        f"The API is not installed ({missing.name}): install kiosk-tui[api].",
    ) from missing

_SHORTEST_TOKEN = 16
"""Characters: what nobody guesses."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody says stop; return the exit code."""
    launch = need(choose(arguments, says_so=True))
    with session_exits():
        anew = asyncio.run(_serve(launch, _endpoints(arguments, launch)))
    if anew:
        pass_on(os.environ, os.getpid())
        begin_anew()
    return Exit.OK


async def _serve(launch: Launch, at: Endpoints) -> bool:
    return await ApiFront(launch, at).run()


class ApiFront:
    """Other software's side of the register: its sockets are open while the register is."""

    failed = False
    resting = True
    """A payment that runs is the register's to wait for; connections come again by themselves."""

    def __init__(self, launch: Launch, at: Endpoints) -> None:
        self._launch = launch
        self._at = at
        self._sockets: list[ApiSocket] = []
        self._failed = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self) -> bool:
        """Serve until the end; return whether to begin anew. Raises `SessionError`, `ConfigError`."""
        async with Session(self, SERVE) as session:
            self._launch = session.begin(lambda: self._launch)
            session.catch_signals()
            session.supervise()
            await session.open()
            _say(self._launch, self._at, self._sockets)
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
        desk = PaymentDesk(opened.register, _terms(self._launch))
        self._failed = desk.failed
        server = ApiServer(desk, self._at.tokens, self._at.hosts)
        opened.beside.push_async_callback(server.close, SERVE.ends)
        for one in open_sockets(self._at):
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


def _terms(launch: Launch) -> ApiTerms:
    """Tell other software's side what it needs to know of the configuration."""
    config = launch.config
    return ApiTerms(
        defaults=OrderDefaults(place(launch), config.terminal.currency, config.kiosk.languages[0]),
        kiosk_id=config.kiosk.id,
        demo=launch.demo,
        zone=zone_of(launch.config),
        describe=described.describe,
        totals=lambda day: export.describe(day_totals(launch, day)),
        days=DayTerms(
            closed=lambda: [day_report.describe(one) for one in closed_days(launch.journal)],
            so_far=lambda: day_report.describe(report_so_far(launch)),
            close=lambda number: day_report.describe(close_business_day(launch, number=number)),
        ),
    )


# -- where it listens ----------------------------------------------------------------------------


def _endpoints(arguments: argparse.Namespace, launch: Launch) -> Endpoints:
    """Return where to listen. Raises `ConfigError`, `CommandError` or `SocketError`."""
    api = launch.config.api
    tcp = arguments.tcp or api.tcp
    address = ip_address(tcp) if tcp else None
    if tcp and address is None:
        raise CommandError(Exit.USAGE, f"'{tcp}' is no address: write 127.0.0.1:8701.")
    return Endpoints(
        path=_path(arguments, launch),
        group=api.group,
        tcp=address,
        tokens=_tokens(arguments, launch),
        given=given(os.environ, os.getpid()),
        certificate=_certificate(launch),
        hosts=api.hosts,
    )


def _tokens(arguments: argparse.Namespace, launch: Launch) -> list[ApiToken]:
    found = [
        _token(launch, ApiCaller(one.name, frozenset(one.rights)), one.token_file)
        for one in launch.config.api.tokens
    ]
    if arguments.token_file:
        found.append(_token(launch, ApiCaller("token", EVERYTHING), arguments.token_file))
    if len({one.secret for one in found}) != len(found):
        raise ConfigError("api.tokens: two programs have the same token: give each its own.")
    return found


def _token(launch: Launch, caller: ApiCaller, file: str) -> ApiToken:
    source = secrets.api_token(caller.name)
    token: str = secrets.find(source, file, launch.environment)[0].reveal()
    if len(token) < _SHORTEST_TOKEN:
        raise ConfigError(
            f"{source.setting}: the token of {caller.name} is too short: use {_SHORTEST_TOKEN}"
            " characters or more."
        )
    return ApiToken(caller, token)


def _certificate(launch: Launch) -> ServerCertificate | None:
    api = launch.config.api
    if not api.certificate:
        return None
    secrets.check_private(Path(api.certificate_key), "api.certificate_key")
    return ServerCertificate(api.certificate, api.certificate_key)


def _path(arguments: argparse.Namespace, launch: Launch) -> Path:
    if arguments.socket is not None:
        return Path(arguments.socket)
    if launch.config.api.socket and not launch.demo:
        return Path(launch.config.api.socket)
    runtime = launch.environment.get("RUNTIME_DIRECTORY")
    if runtime and not launch.demo:
        return Path(runtime.split(":")[0]) / "api.sock"
    return launch.journal.with_name("api.sock")


def _say(launch: Launch, at: Endpoints, opened: Sequence[ApiSocket]) -> None:
    demo = " DEMO - no money moves." if launch.demo else ""
    places = " and ".join(map(at.named, opened))
    told = f"Serving other software at {places}.{demo}"
    # whoever does not read it must not keep anybody waiting
    threading.Thread(target=_tell, args=(told,), daemon=True).start()


def _tell(told: str) -> None:
    with output.unheard():
        output.say(told)
