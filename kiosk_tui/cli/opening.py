"""How a register is opened for customers, and given back: the same with screens and with lines.

Nothing of weight is imported before it is needed: the first picture must not wait for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kiosk_tui.cli.exits import CommandError, Exit

if TYPE_CHECKING:
    import argparse

    # loaded while the first picture is on the screen
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.receipt.receipts import Receipts
    from kiosk_tui.remote.link.takeover import Takeover
    from kiosk_tui.session.bench import Workbench
    from kiosk_tui.session.launch import Launch
    from kiosk_tui.session.register import OpenRegister
    from kiosk_tui.session.settings import Mode, ScreenSettings

log = logging.getLogger(__name__)

OPEN_AGAIN_S: Final = 5.0
_ASKED: Final = "only when asked for: choose it, then press Enter"


def choose(arguments: argparse.Namespace) -> Launch:
    """Load what a register needs, the configuration first: a tenth of a second, and more on old PCs.

    Raises `ConfigError`.
    """
    from kiosk_tui.cli.choose import choose as choose_by  # noqa: PLC0415
    from kiosk_tui.observe import logs  # noqa: PLC0415

    launch = choose_by(arguments, demo_without_config=True, says_so=True)
    logs.begin(launch.journal.with_name("kiosk-tui.log"), to=launch.config.log.to)
    return launch


def draw_with_what_there_is(console: int) -> None:
    """Do without the characters that its encoding, or a Linux console's font, lacks."""
    from kiosk_tui.diagnosis.console.gathering import characters  # noqa: PLC0415
    from kiosk_tui.text.glyphs import draw_with, writable  # noqa: PLC0415

    # not `sys.stderr`: Textual puts something else in its place
    stream = sys.__stdout__ if console == 1 else sys.__stderr__
    encoding = "utf-8" if stream is None else stream.encoding
    draw_with(writable(encoding, characters(console)))


def settings(arguments: argparse.Namespace, launch: Launch) -> ScreenSettings:
    """Return what whoever talks to customers needs to know."""
    from kiosk_tui.session.screens import screen_settings  # noqa: PLC0415
    from kiosk_tui.session.settings import Mode  # noqa: PLC0415

    return screen_settings(launch, Mode(arguments.mode or launch.config.kiosk.mode))


def receipts(launch: Launch) -> Receipts | None:
    """Return what prints slips, where there is a printer."""
    from kiosk_tui.session.day import receipts as wired  # noqa: PLC0415

    return wired(launch)


def bench(launch: Launch, mode: Mode, register: OpenRegister | None) -> Workbench | None:
    """Return what a technician looks at, with or without a register; others have none."""
    from kiosk_tui.session.settings import Mode  # noqa: PLC0415

    if mode is not Mode.TECHNICIAN:
        return None
    from kiosk_tui.session.bench import workbench  # noqa: PLC0415 - for technicians

    # Textual draws on stderr
    return workbench(launch, "", screen=(2, "utf-8"), opened=register, no_sale=_ASKED)


def tell_closed(closed: Callable[[Readiness], None], why: str) -> None:
    """Say that there is no register: another process holds the journal."""
    from kiosk_tui.payment.readiness import Obstacle, Readiness  # noqa: PLC0415

    closed(Readiness(Obstacle.JOURNAL, why))


async def opened(
    launch: Launch,
    mode: Mode,
    closed: Callable[[Readiness], None],
    turn: Takeover | None = None,
) -> OpenRegister:
    """Open the register: a kiosk keeps trying, a person is told, or waits for a `turn`.

    `closed` hears why it is not open yet. Raises `ConfigError` or `CommandError`.
    """
    from kiosk_tui.domain.journal_errors import JournalUnavailableError  # noqa: PLC0415
    from kiosk_tui.journal.lock import JournalBusyError  # noqa: PLC0415
    from kiosk_tui.payment.notifications import ReadinessChanged  # noqa: PLC0415
    from kiosk_tui.payment.readiness import Obstacle, Readiness  # noqa: PLC0415
    from kiosk_tui.session.launch import NamedFileError, UnavailableError  # noqa: PLC0415
    from kiosk_tui.session.register import open_register, reporter  # noqa: PLC0415
    from kiosk_tui.session.settings import Mode  # noqa: PLC0415

    stubborn = mode is Mode.KIOSK and not launch.demo
    machines = reporter(launch)
    while True:
        try:
            register = await open_register(launch, mode)
        except UnavailableError as error:
            raise CommandError(Exit.UNAVAILABLE, str(error)) from error
        except (JournalUnavailableError, NamedFileError) as error:
            if turn is not None and isinstance(error, JournalBusyError):
                await turn.wait(str(error))
                continue
            log.warning("%s", error)
            if not stubborn:
                if isinstance(error, NamedFileError):
                    raise
                raise CommandError(Exit.TRY_AGAIN, str(error)) from error
            line = isinstance(error, NamedFileError)
            obstacle = Obstacle.UNREACHABLE if line else Obstacle.JOURNAL
            told = Readiness(obstacle, str(error), retry_in_s=OPEN_AGAIN_S)
            if not isinstance(error, JournalBusyError):  # whoever has it open tells for it
                machines.start()
                machines.heard(ReadinessChanged(told))
            closed(told)
            await asyncio.sleep(OPEN_AGAIN_S)
        else:
            machines.start()
            machines.attach(register.register)
            register.reporter = machines
            return register


async def finish(register: OpenRegister, launch: Launch) -> None:
    """Let a running payment end, then give everything back."""
    times = launch.config.timeouts
    await register.close(patience_s=times.answer_s + times.give_up_s)


def let_go(terminal: int = 2) -> None:
    """Let the terminal (stderr's) go on that Ctrl-S, Scroll Lock or a program stopped: writers wait.

    What Scroll Lock stopped goes on when flow control is turned on and off.
    """
    import termios  # noqa: PLC0415 - only for a terminal

    with contextlib.suppress(termios.error, OSError):
        termios.tcflow(terminal, termios.TCOON)
        mode = termios.tcgetattr(terminal)
        for wanted in (mode[0] | termios.IXON, mode[0] & ~termios.IXON):
            termios.tcsetattr(terminal, termios.TCSANOW, [wanted, *mode[1:]])


def hang_up() -> None:
    """Let nothing that is still drawn or said fail on a terminal that is gone."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
