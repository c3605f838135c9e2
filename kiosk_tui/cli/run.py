"""`kiosk-tui run`: the full-screen app and the register behind it, side by side.

The payment belongs to the register, and the register to this function, never to a screen: when the
terminal goes away (SIGHUP) or systemd says stop (SIGTERM), the screen ends, the running payment is
finished or left to the journal, then the process ends. A screen that fails is followed by a fresh one.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk_tui.app.kiosk import KioskApp
from kiosk_tui.app.staff import RESTART
from kiosk_tui.cli import opening
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.reload import SIGNAL, Reload, begin_anew
from kiosk_tui.cli.supervision import Supervision
from kiosk_tui.config.faults import ConfigError

if TYPE_CHECKING:
    # loaded while the first picture is on the screen
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.presence.publisher import Publisher
    from kiosk_tui.screens.settings import ScreenSettings
    from kiosk_tui.wiring.bench import Workbench
    from kiosk_tui.wiring.choice import Choice
    from kiosk_tui.wiring.register import OpenRegister

log = logging.getLogger(__name__)

MOST_FAULTS: Final = 3
FAULTS_WITHIN_S: Final = 300.0
_DRAWS_ON: Final = 2
"""Stderr, by its number: Textual puts something else in the place of `sys.stderr`."""
_UNATTENDED: Final = "kiosk"
_SHARED: Final = "lane"
"""Where a second session waits for its turn at the register."""
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    _check_terminal()
    opening.let_go()
    code = asyncio.run(_Session(arguments).run())
    if code == RESTART:
        begin_anew()
    return code


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
    bench: Workbench | None = None
    failure: CommandError | ConfigError | None = None
    app: KioskApp = field(default_factory=KioskApp)
    supervision: Supervision = field(default_factory=Supervision)
    faults: list[float] = field(default_factory=list)
    publisher: Publisher | None = None
    giving_back: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """Know how a new configuration is taken."""
        self.reload = Reload(
            lambda: self.app.resting, lambda: self.app.exit(RESTART), self._reload_refused
        )

    async def run(self) -> int:
        self._end_on_signals()
        opened = asyncio.create_task(self._open())
        opened.add_done_callback(self._opening_done)
        try:
            code = await self.app.run_async()
            while self.app.crashed and self.opened is not None and not self._too_often():
                code = await self._again()
        finally:
            opened.cancel()
            await asyncio.gather(opened, return_exceptions=True)
            await self._finish()
            if self.giving_back is not None:
                await self.giving_back
        if self.failure is not None:
            raise self.failure
        if self.app.crashed:
            raise CommandError(
                Exit.SOFTWARE,
                "The screen failed; what happened is in the log: journalctl -t kiosk-tui, or"
                " kiosk-tui.log beside the journal.",
            )
        return code or Exit.OK

    async def _open(self) -> None:
        """Read the configuration and open the register, behind the first picture."""
        app = self.app
        await app.painted.wait()
        self.supervision.begin(self._drawn)
        try:
            self.choice = await asyncio.to_thread(opening.choose, self.arguments)
            await asyncio.to_thread(opening.draw_with_what_there_is, _DRAWS_ON)
            settings = opening.settings(self.arguments, self.choice)
            app.configure(settings)
            self.opened = await self._opened(self.choice, settings)
            await self._let_others_in(self.opened, self.choice, settings)
        except ConfigError as error:
            self._fail(error, Exit.CONFIG)
        except CommandError as error:
            if error.code is not Exit.TRY_AGAIN or not self._equip(str(error)):
                self._fail(error, error.code)
        else:
            app.attach(self.opened.register, opening.receipts(self.choice))
            self._equip()
            self.supervision.attach(self.opened, self.choice)
            await self.opened.register.start()

    async def _drawn(self) -> bool:
        return await self.app.drawn()  # the present one's: a fault is followed by a fresh app

    def _closed(self, readiness: Readiness) -> None:
        self.app.close_for(readiness)
        self.supervision.closed(readiness)

    def _equip(self, closed: str = "") -> bool:
        """Give a technician the bench; it works beside a kiosk that holds the journal, too."""
        if self.choice is None:
            return False
        mode = self.app.settings.mode
        self.bench = self.bench or opening.bench(self.choice, mode, self.opened)
        if self.bench is None:
            return False
        if closed:
            self.bench.examination.subject.no_sale = closed
            opening.tell_closed(self.app.close_for, closed)
        self.app.equip(self.bench.examination)
        return True

    async def _opened(self, choice: Choice, settings: ScreenSettings) -> OpenRegister:
        """Open the register; who is not alone at it sees who holds it, and may ask for it."""
        if settings.mode != _SHARED:  # a bench works beside whoever holds it
            return await opening.opened(choice, settings.mode, self._closed)
        from kiosk_tui.cli.turn import Turn  # noqa: PLC0415 - only for people

        async with Turn(choice, self.app.held) as turn:
            self.app.take_over = turn.ask
            return await opening.opened(choice, settings.mode, self._closed, turn)

    async def _let_others_in(
        self, opened: OpenRegister, choice: Choice, settings: ScreenSettings
    ) -> None:
        """Open what lies beside the register, and learn what nobody has seen."""
        from kiosk_tui.cli import beside  # noqa: PLC0415 - after the first paint

        self.publisher = await beside.watched(opened, choice, settings.mode)
        self._tell_screens()
        await beside.may_be_taken_over(
            opened, choice, settings.mode, settings.pin_fits, self._taken_over
        )
        if settings.mode != _UNATTENDED:
            await beside.unseen(opened, choice, self.app.remember)

    def _tell_screens(self) -> None:
        if self.publisher is not None:
            self.app.shown = self.publisher.shown
            self.publisher.shown(type(self.app.frame).__name__)

    def _taken_over(self, by: str) -> None:
        """Show it here, and give the register back at once: the other session waits for it."""
        self.app.taken_over(by)
        self.failure = CommandError(Exit.OK, f"The register was taken over by {by}.")
        self.giving_back = asyncio.create_task(self._finish())

    def _opening_done(self, task: asyncio.Task[None]) -> None:
        """End, rather than show a first picture for ever, when opening failed by a fault of ours."""
        if not task.cancelled() and task.exception() is not None:
            log.error("the register could not be opened", exc_info=task.exception())
            what = "The register could not be opened; what happened is in the log."
            self._fail(CommandError(Exit.SOFTWARE, what), Exit.SOFTWARE)

    # -- after a fault of a screen -----------------------------------------------------------------

    async def _again(self) -> int | None:
        """Show a fresh app after a fault of the one before; the register knows nothing of it."""
        self.app = KioskApp(after_fault=True)
        attaching = asyncio.create_task(self._attach())
        try:
            return await self.app.run_async()
        finally:
            attaching.cancel()
            await asyncio.gather(attaching, return_exceptions=True)

    async def _attach(self) -> None:
        await self.app.painted.wait()
        if self.opened is not None and self.choice is not None:
            self._tell_screens()
            self.app.configure(opening.settings(self.arguments, self.choice))
            self.app.attach(self.opened.register, opening.receipts(self.choice))
            self._equip()

    def _too_often(self) -> bool:
        """Say whether screens fail so fast that only a new process can help (systemd's, say)."""
        now = asyncio.get_running_loop().time()
        self.faults = [one for one in self.faults if now - one < FAULTS_WITHIN_S] + [now]
        return len(self.faults) > MOST_FAULTS

    # -- the end -----------------------------------------------------------------------------------

    def _fail(self, error: CommandError | ConfigError, code: Exit) -> None:
        self.failure = error
        self.app.exit(code)

    def _reload_refused(self, why: str) -> None:
        self.app.reload_refused = why

    async def _finish(self) -> None:
        self.reload.forget()
        bench, self.bench = self.bench, None
        if bench is not None:
            await bench.close()
        self.supervision.stop()
        opened, self.opened = self.opened, None
        if opened is not None and self.choice is not None:
            await opening.finish(opened, self.choice)
        await self.supervision.end()

    def _end_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._end, number)
        loop.add_signal_handler(SIGNAL, self._reload)

    def _reload(self) -> None:
        self.reload.ask(self.choice, None if self.opened is None else self.opened.register)

    def _end(self, number: signal.Signals) -> None:
        log.info("ending on %s", number.name)
        if number is signal.SIGHUP:
            opening.hang_up()
        opening.let_go()  # the screen's last words must not hold a payment up
        if self.publisher is not None:
            self.publisher.ending(number.name)
        self.app.exit(0)
