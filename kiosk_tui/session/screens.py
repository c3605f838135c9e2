"""What the screens are told of the configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import load
from kiosk_tui.config.models import Config
from kiosk_tui.config.models.ui import UiSettings
from kiosk_tui.config.overlay import Overlay
from kiosk_tui.config.pin import pin_fits
from kiosk_tui.config.rules import amount, currency_of
from kiosk_tui.config.theme import find_theme
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.session.launch import Launch, languages, place
from kiosk_tui.session.limits import limits_of
from kiosk_tui.session.settings import LaneSettings, Mode, ScreenSettings
from kiosk_tui.session.terminal import named_files
from kiosk_tui.text.looks import rendering
from kiosk_tui.text.themes import drawn

DEMO_PIN: Final = "0000"


def screen_settings(launch: Launch) -> ScreenSettings:
    """Tell the screens what they need to know of the configuration."""
    kiosk, ui, limits = launch.config.kiosk, launch.config.ui, limits_of(launch.config)
    drawing = rendering(launch.environment, ui.look)
    remote = _is_remote(launch.environment)
    currency = currency_of(launch.config)
    return ScreenSettings(
        mode=launch.mode,
        demo=launch.demo,
        place=place(launch),
        amount_min=limits.least,
        amount_max=limits.most,
        tip=limits.tip,
        languages=languages(launch),
        idle_s=kiosk.idle_s,
        numpad=kiosk.numpad,
        pin_fits=service_pin(launch),
        demo_pin=DEMO_PIN if _demo_pin(launch) else "",
        name=kiosk.name,
        machine=kiosk.id,
        logo=tuple(kiosk.logo),
        welcome=kiosk.welcome,
        rendering=drawing._replace(palette=drawing.palette and ui.palette == "tuned"),
        theme=drawn(find_theme(ui.theme), drawing, ui.accent),
        motion=ui.motion != "none" and not ui.thrift,
        motion_at_rest=_moves_at_rest(ui, remote=remote),
        thrift=ui.thrift,
        remote=remote,
        service="" if launch.demo else urlsplit(launch.config.terminal.url).hostname or "",
        until_goods=launch.mode is not Mode.TECHNICIAN and launch.hands_over,
        price=None if kiosk.price == "" else amount(kiosk.price, currency),
        presets=tuple(amount(one, currency) for one in kiosk.presets),
        may_leave=kiosk.leave,
        code=_code(launch.config),
        what_is_wrong=partial(what_is_wrong, launch),
        lane=_lane(launch),
        days=partial(_days, launch),
    )


def service_pin(launch: Launch) -> Callable[[str], bool] | None:
    """Return what says whether a service PIN is right; None where there is no PIN."""
    if _demo_pin(launch):
        return DEMO_PIN.__eq__
    hashed = launch.config.kiosk.service_pin_hash
    return partial(pin_fits, hashed) if hashed else None


def _demo_pin(launch: Launch) -> bool:
    return launch.demo and not launch.config.kiosk.service_pin_hash


def _lane(launch: Launch) -> LaneSettings:
    return _days(launch) if launch.mode is Mode.LANE else LaneSettings()


def _days(launch: Launch) -> LaneSettings:
    # only for cashiers, and for staff who ask
    from kiosk_tui.session.lane import lane_settings  # noqa: PLC0415

    return lane_settings(launch)


def _code(config: Config) -> Callable[[Transaction], str] | None:
    """Return what says what a QR code of a transaction holds, where that is wanted and installed."""
    if not config.receipt.qr or not draws_codes():
        return None
    from kiosk_tui.receipt import qr  # noqa: PLC0415

    return lambda one: qr.text(one, config.receipt.qr_url)


@cache
def draws_codes() -> bool:
    """Say whether what draws QR codes is installed."""
    return find_spec("segno") is not None


def _is_remote(environment: Mapping[str, str]) -> bool:
    """Say whether the screens go over SSH (sshd sets these for each of its sessions)."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))


def _moves_at_rest(ui: UiSettings, *, remote: bool) -> bool:
    """Say whether something may move while nobody pays: over SSH only where it is asked for."""
    return not ui.thrift and (ui.motion == "full" or (ui.motion == "auto" and not remote))


def what_is_wrong(launch: Launch, overlay: Overlay | None = None) -> str:
    """Read the configuration again; return why a register cannot begin anew with it, or nothing.

    An `overlay` that head office wants has to be right, too.
    """
    try:
        new = replace(launch, loaded=load(launch.loaded.file, launch.environment, overlay))
    except ConfigError as error:
        return str(error)
    if overlay is not None and new.loaded.refused:
        return new.loaded.refused
    for trouble in () if launch.demo else named_files(new):
        return trouble
    if new.journal != launch.journal:
        # what is due in the old one would be forgotten
        return (
            f"journal.path: it cannot become {new.journal} while a register runs: stop that, let"
            " `kiosk-tui recover` finish what is due, then change it."
        )
    return ""
