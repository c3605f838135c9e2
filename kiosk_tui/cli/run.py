"""`kiosk-tui run`: the full-screen app and the register behind it, side by side.

The payment belongs to the register, and the register to this function, never to a screen: when the
terminal goes away (SIGHUP) or systemd says stop (SIGTERM), the screen ends, the running payment is
finished or left to the journal, then the process ends.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from dataclasses import dataclass

from kiosk_tui import logs
from kiosk_tui.app import KioskApp
from kiosk_tui.cli.choose import choose
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.payment.ports import JournalUnavailableError
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.screens.settings import Mode
from kiosk_tui.wiring import Choice, OpenRegister, UnavailableError, open_register, screen_settings

log = logging.getLogger(__name__)

OPEN_AGAIN_S = 5.0
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    choice = choose(arguments, demo_without_config=True)
    mode = Mode(arguments.mode or choice.config.kiosk.mode)
    _check_terminal()
    logs.to_file(choice.journal.with_name("kiosk-tui.log"))
    return asyncio.run(_Session(choice, mode).run())


def _check_terminal() -> None:
    # Textual reads the keyboard from stdin and draws on stderr
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(
            Exit.UNAVAILABLE,
            "The full-screen app needs a terminal on stdin and stderr; scripts use commands such as"
            " `kiosk-tui sale`.",
        )


@dataclass
class _Session:
    choice: Choice
    mode: Mode
    opened: OpenRegister | None = None
    failure: CommandError | None = None

    async def run(self) -> int:
        app = KioskApp(screen_settings(self.choice, self.mode))
        self._end_on_signals(app)
        opening = asyncio.create_task(self._open(app))
        try:
            code = await app.run_async()
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            await self._finish()
        if self.failure is not None:
            raise self.failure
        if app.crashed:
            raise CommandError(
                Exit.SOFTWARE, "The screen failed; what happened is in the log beside the journal."
            )
        return code or Exit.OK

    async def _open(self, app: KioskApp) -> None:
        """Open the register behind the first picture; a kiosk keeps trying, a person is told."""
        await app.painted.wait()
        while self.opened is None:
            try:
                self.opened = await open_register(self.choice, self.mode)
            except (ConfigError, UnavailableError) as error:
                code = Exit.CONFIG if isinstance(error, ConfigError) else Exit.UNAVAILABLE
                self._fail(app, CommandError(code, str(error)))
                return
            except JournalUnavailableError as error:
                log.warning("%s", error)
                if self.choice.demo or self.mode is not Mode.KIOSK:
                    self._fail(app, CommandError(Exit.TRY_AGAIN, str(error)))
                    return
                app.close_for(Readiness(Obstacle.JOURNAL, str(error), retry_in_s=OPEN_AGAIN_S))
                await asyncio.sleep(OPEN_AGAIN_S)
        app.attach(self.opened.register)
        await self.opened.register.start()

    def _fail(self, app: KioskApp, error: CommandError) -> None:
        self.failure = error
        app.exit(error.code)

    async def _finish(self) -> None:
        if self.opened is not None:
            times = self.choice.config.timeouts
            await self.opened.close(patience_s=times.answer_s + times.give_up_s)

    def _end_on_signals(self, app: KioskApp) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._end, app, number)

    def _end(self, app: KioskApp, number: signal.Signals) -> None:
        log.info("ending on %s", number.name)
        if number is signal.SIGHUP:
            # the terminal is gone: whatever is still drawn must not fail on it
            with contextlib.suppress(OSError):
                nowhere = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(nowhere, stream)
        app.exit(0)
