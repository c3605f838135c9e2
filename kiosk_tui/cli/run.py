"""`kiosk-tui run`: the full-screen app and the register behind it, side by side.

The payment belongs to the register, and the register to this function, never to a screen: when the
terminal goes away (SIGHUP) or systemd says stop (SIGTERM), the screen ends, the running payment is
finished or left to the journal, then the process ends.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk_tui.app import KioskApp
from kiosk_tui.cli import opening
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.config.faults import ConfigError

if TYPE_CHECKING:
    # loaded while the first picture is on the screen
    from kiosk_tui.wiring import Choice, OpenRegister

log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    _check_terminal()
    return asyncio.run(_Session(arguments).run())


def _check_terminal() -> None:
    # Textual reads the keyboard from stdin and draws on stderr
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(
            Exit.UNAVAILABLE,
            "The full-screen app needs a terminal on stdin and stderr; `--plain` needs none, and"
            " scripts use commands such as `kiosk-tui sale`.",
        )


@dataclass
class _Session:
    arguments: argparse.Namespace
    choice: Choice | None = None
    opened: OpenRegister | None = None
    failure: CommandError | ConfigError | None = None

    async def run(self) -> int:
        app = KioskApp()
        self._end_on_signals(app)
        opened = asyncio.create_task(self._open(app))
        opened.add_done_callback(lambda task: self._opening_done(app, task))
        try:
            code = await app.run_async()
        finally:
            opened.cancel()
            await asyncio.gather(opened, return_exceptions=True)
            await self._finish()
        if self.failure is not None:
            raise self.failure
        if app.crashed:
            raise CommandError(
                Exit.SOFTWARE, "The screen failed; what happened is in the log beside the journal."
            )
        return code or Exit.OK

    async def _open(self, app: KioskApp) -> None:
        """Read the configuration and open the register, behind the first picture."""
        await app.painted.wait()
        try:
            self.choice = await asyncio.to_thread(opening.choose, self.arguments)
            settings = opening.settings(self.arguments, self.choice)
            app.configure(settings)
            self.opened = await opening.opened(self.choice, settings.mode, app.close_for)
        except ConfigError as error:
            self._fail(app, error, Exit.CONFIG)
        except CommandError as error:
            self._fail(app, error, error.code)
        else:
            app.attach(self.opened.register)
            await self.opened.register.start()

    def _opening_done(self, app: KioskApp, task: asyncio.Task[None]) -> None:
        """End, rather than show a first picture for ever, when opening failed by a fault of ours."""
        if not task.cancelled() and task.exception() is not None:
            log.error("the register could not be opened", exc_info=task.exception())
            what = "The register could not be opened; what happened is in the log."
            self._fail(app, CommandError(Exit.SOFTWARE, what), Exit.SOFTWARE)

    def _fail(self, app: KioskApp, error: CommandError | ConfigError, code: Exit) -> None:
        self.failure = error
        app.exit(code)

    async def _finish(self) -> None:
        if self.opened is not None and self.choice is not None:
            await opening.finish(self.opened, self.choice)

    def _end_on_signals(self, app: KioskApp) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._end, app, number)

    def _end(self, app: KioskApp, number: signal.Signals) -> None:
        log.info("ending on %s", number.name)
        if number is signal.SIGHUP:
            opening.hang_up()
        app.exit(0)
