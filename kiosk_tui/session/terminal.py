"""The terminal behind the register: the vendor's client, its line, its key, or the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from kiosk_tui.config import secrets
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import Loaded
from kiosk_tui.config.models import Config
from kiosk_tui.config.models.journal import JournalSettings
from kiosk_tui.config.models.kiosk import KioskSettings
from kiosk_tui.config.models.terminal import TerminalSettings
from kiosk_tui.config.models.timeouts import TimeoutSettings
from kiosk_tui.domain.evidence import Visit
from kiosk_tui.session.errors import UnavailableError
from kiosk_tui.session.launch import Launch, NamedFileError, place, zone_of
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.auth import Authorization
from kiosk_tui.tecs.client import (
    Endpoint,
    TecsTerminal,
    mounted,
    new_http,
    oauth_fetch,
    transport_to,
)
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect
from kiosk_tui.tecs.trust import AuthoritiesError, tls_context


def terminal_of(launch: Launch, tell: Callable[[Visit], None] | None = None) -> TecsTerminal:
    """Build the other side; with `tell`, every request that passes is told, masked.

    Raises `ConfigError`; `NamedFileError` for a file of authorities.
    """
    line, codes = line_of(launch), codes_of(launch.config)
    try:
        key = authorization(launch, line)
        transport = mounted(simulator_app()) if launch.demo else transport_to(line)
    except AuthoritiesError as error:
        raise NamedFileError(str(error)) from error
    if tell is not None:
        from kiosk_tui.tecs.recorder import Recorder  # noqa: PLC0415 - for technicians

        transport = Recorder(transport, codes, tell)
    asked = place(launch) if launch.config.terminal.probe == "status" and not launch.demo else None
    return TecsTerminal(line, dialect_of(launch.config), codes, key, transport, asked=asked)


def named_files(launch: Launch) -> Iterator[str]:
    """Yield what is wrong with the files that the configuration names: keys and authorities."""
    auth, terminal = launch.config.auth, launch.config.terminal
    asked = [(secrets.KEY, auth.key_file)]
    if auth.scheme == "oauth":
        asked.append((secrets.CLIENT_SECRET, auth.client_secret_file))
    asked += [
        (secrets.api_token(one.name), one.token_file)
        for one in launch.config.api.tokens
        if one.token_file
    ]
    for source, file in asked:
        try:
            secrets.find(source, file, launch.environment)
        except ConfigError as error:
            yield str(error)
    try:
        tls_context(terminal.ca_file or None)
    except AuthoritiesError as error:
        yield str(error)


def dialect_of(config: Config) -> Dialect:
    """Return what TECS expects of our requests."""
    return Dialect(
        zone=zone_of(config),
        currency=config.terminal.currency,
        place=config.terminal.place,
        receipt_layout=config.terminal.receipt_layout,
        tip_in_amount=config.terminal.tip_in_amount,
    )


def codes_of(config: Config) -> CodeTable:
    """Return what response codes mean."""
    return CodeTable(
        {
            "payment": config.codes.payment,
            "cancellation": config.codes.cancellation,
            "reason": config.codes.reason,
        }
    )


def line_of(launch: Launch) -> Endpoint:
    """Return where TECS is, and how patient we are with it."""
    config = launch.config
    times = config.timeouts
    return Endpoint(
        url="http://simulator.invalid/tecsclientrest" if launch.demo else config.terminal.url,
        connect_s=times.connect_s,
        hold_s=times.answer_s + times.settle_s,
        answer_s=times.answer_s,
        cancel_s=times.cancel_s,
        proxy=config.terminal.proxy or None,
        ca_file=config.terminal.ca_file or None,
    )


def authorization(launch: Launch, line: Endpoint) -> Authorization:
    if launch.demo:
        return auth.raw(auth.Secret("demo"))
    settings = launch.config.auth
    key, _ = secrets.find(secrets.KEY, settings.key_file, launch.environment)
    if settings.scheme == "raw":
        return auth.raw(key)
    if settings.scheme == "basic":
        return auth.basic(settings.user, key)
    if settings.scheme == "bearer":
        return auth.bearer(key)
    client_secret, _ = secrets.find(
        secrets.CLIENT_SECRET, settings.client_secret_file, launch.environment
    )

    def form() -> dict[str, str]:
        return {
            "grant_type": "password",
            "client_id": settings.client_id,
            "client_secret": client_secret.reveal(),
            "username": settings.user,
            "password": key.reveal(),
        }

    return auth.OAuth(oauth_fetch(new_http(line, None), settings.token_url, form))


def simulator_app() -> object:
    """Return the demo's TECS. Raises `UnavailableError`."""
    try:
        from kiosk_tui.simulator.asgi import create_app  # noqa: PLC0415 - an extra
        from kiosk_tui.simulator.options import Options  # noqa: PLC0415
        from kiosk_tui.simulator.tecs import Simulator  # noqa: PLC0415
    except ImportError as error:
        raise UnavailableError(
            f"The built-in simulator is not installed ({error.name}): install kiosk-tui[simulator],"
            " or write a configuration with `kiosk-tui config init`."
        ) from error
    return create_app(Simulator(Options()))


def simulated(launch: Launch, url: str, scratch: Path, answer_s: float) -> Launch:
    """Return the same register on a simulator at that address, with a journal in that folder.

    It reads answers as the configuration says, is as patient as it must, and knows no secret.
    """
    config, terminal = launch.config, launch.config.terminal
    # as the configuration was loaded: checked, or known to be wrong and looked at all the same
    own = Config.model_construct(
        kiosk=KioskSettings.model_construct(languages=config.kiosk.languages),
        terminal=TerminalSettings.model_construct(
            url=url,
            number=place(replace(launch, demo=True)).terminal,
            source_id=terminal.source_id,
            place=terminal.place,
            currency=terminal.currency,
            receipt_layout=terminal.receipt_layout,
            timezone=terminal.timezone,
            tip_in_amount=terminal.tip_in_amount,
        ),
        timeouts=TimeoutSettings.model_construct(
            connect_s=2.0, answer_s=answer_s, settle_s=2.0, give_up_s=4.0, cancel_s=4.0
        ),
        journal=JournalSettings.model_construct(path=str(scratch / "journal.db")),
        codes=config.codes,
    )
    invented = {"KIOSK_TUI_AUTH__KEY": "simulator", "STATE_DIRECTORY": str(scratch)}
    return Launch(Loaded(own, found=True), False, launch.command, invented)
