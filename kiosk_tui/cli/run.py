"""`kiosk-tui run`: the register in the main thread's loop, and the screens in another one beside it.

The payment belongs to the register, and the register to this function, never to a screen: when the
terminal goes away (SIGHUP, or the end of its input) or systemd says stop (SIGTERM), the screen ends, the
running payment is finished or left to the journal, then the process ends. A screen that fails is
followed by a fresh one; one that stands still holds up neither an answer, nor a commit, nor the end.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk_tui.cli import opening
from kiosk_tui.cli.afterwards import over
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.signals import ENDING
from kiosk_tui.config.faults import ConfigError
from kiosk_tui.observe.strays import log_strays
from kiosk_tui.session.reload import SIGNAL, Reload, begin_anew
from kiosk_tui.session.supervision import Supervision
from kiosk_tui.ui.exit_codes import RESTART
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.screen_thread import ScreenThread

if TYPE_CHECKING:
    import argparse

    # loaded while the first picture is on the screen
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.remote.link.server import LinkServer
    from kiosk_tui.session.bench import Workbench
    from kiosk_tui.session.launch import Launch
    from kiosk_tui.session.register import OpenRegister
    from kiosk_tui.session.settings import ScreenSettings
    from kiosk_tui.session.unread import Unread

log = logging.getLogger(__name__)

MOST_FAULTS: Final = 3
FAULTS_WITHIN_S: Final = 300.0
_DRAWS_ON: Final = 2
"""Stderr, by its number: Textual puts something else in the place of `sys.stderr`."""
_UNATTENDED: Final = "kiosk"
_SHARED: Final = "lane"
"""Where a second session waits for its turn at the register."""


def run(arguments: argparse.Namespace) -> int:
    """Run until somebody leaves; return the exit code."""
    _check_terminal()
    log_strays()
    opening.let_go()
    signal.signal(signal.SIGTSTP, lambda *_: None)  # stopped, it would leave the terminal as it is
    code = asyncio.run(_run(arguments))
    if code == RESTART:
        over()
        begin_anew()
    return code


async def _run(arguments: argparse.Namespace) -> int:
    return await _Session(arguments).run()


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
    """Everything here runs in the register's loop; the app is only told, or asked with a deadline."""

    arguments: argparse.Namespace
    launch: Launch | None = None
    opened: OpenRegister | None = None
    bench: Workbench | None = None
    failure: CommandError | ConfigError | None = None
    settings: ScreenSettings | None = None
    screen: ScreenThread = field(default_factory=ScreenThread)
    supervision: Supervision = field(default_factory=Supervision)
    faults: list[float] = field(default_factory=list)
    link: LinkServer | None = None
    giving_back: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """Know how a new configuration is taken."""
        self.loop = OtherLoop.here()
        self.reload = Reload(
            lambda: self.screen.app.resting,
            lambda: self.screen.leave(RESTART),
            self._reload_refused,
        )

    async def run(self) -> int:
        self._end_on_signals()
        opened = asyncio.create_task(self._open())
        opened.add_done_callback(self._opening_done)
        try:
            code = await self._shown()
            while self.screen.failed and self.opened is not None and not self._too_often():
                code = await self._again()
        finally:
            opened.cancel()
            await asyncio.gather(opened, return_exceptions=True)
            await self._finish()
            if self.giving_back is not None:
                await self.giving_back
        if self.failure is not None:
            raise self.failure
        if self.screen.failed:
            raise CommandError(
                Exit.SOFTWARE,
                "The screen failed; what happened is in the log: journalctl -t kiosk-tui, or"
                " kiosk-tui.log beside the journal.",
            )
        return code or Exit.OK

    async def _shown(self) -> int | None:
        """Show the app until it ends."""
        app = self.screen.app
        app.gone = lambda: self.loop.soon(self._end, signal.SIGHUP)
        self.screen.start()
        return await self.screen.ended()

    async def _open(self) -> None:
        """Read the configuration and open the register, behind the first picture."""
        await self.screen.painted()
        self.supervision.begin(self._drawn)
        try:
            self.launch = await asyncio.to_thread(opening.choose, self.arguments)
            await asyncio.to_thread(opening.draw_with_what_there_is, _DRAWS_ON)
            self.settings = opening.settings(self.arguments, self.launch)
            self.screen.tell(self.screen.app.configure, self.settings)
            self.opened = await self._opened(self.launch, self.settings)
            await self._let_others_in(self.opened, self.launch, self.settings)
        except ConfigError as error:
            self._fail(error, Exit.CONFIG)
        except CommandError as error:
            if error.code is not Exit.TRY_AGAIN or not self._equip(str(error)):
                self._fail(error, error.code)
        else:
            self._attach(self.opened, self.launch)
            self.supervision.attach(self.opened, self.launch)
            await self.opened.register.start()

    def _attach(self, opened: OpenRegister, launch: Launch) -> None:
        """Let the app work with the register."""
        receipts = opening.receipts(launch)
        self.screen.tell(self.screen.app.attach, opened.register, receipts, self.loop)
        self._equip()

    async def _drawn(self) -> bool:
        # the present one's: a fault is followed by a fresh app
        return await self.screen.ask(self.screen.app.drawn)

    def _closed(self, readiness: Readiness) -> None:
        self.screen.tell(self.screen.app.close_for, readiness)
        self.supervision.closed(readiness)

    def _equip(self, closed: str = "") -> bool:
        """Give a technician the bench; it works beside a kiosk that holds the journal, too."""
        if self.launch is None or self.settings is None:
            return False
        self.bench = self.bench or opening.bench(self.launch, self.settings.mode, self.opened)
        if self.bench is None:
            return False
        app = self.screen.app
        if closed:
            self.bench.examination.subject.no_sale = closed
            opening.tell_closed(lambda why: self.screen.tell(app.close_for, why), closed)
        self.screen.tell(app.equip, self.bench.examination, self.loop)
        return True

    async def _opened(self, launch: Launch, settings: ScreenSettings) -> OpenRegister:
        """Open the register; who is not alone at it sees who holds it, and may ask for it."""
        if settings.mode != _SHARED:  # a bench works beside whoever holds it
            return await opening.opened(launch, settings.mode, self._closed)
        from kiosk_tui.remote.link.takeover import Takeover  # noqa: PLC0415 - only for people

        told = partial(self.screen.tell, self.screen.app.held)
        async with Takeover(launch.journal, launch.command, told) as turn:
            self.screen.app.take_over = partial(self.loop.soon, turn.ask)
            return await opening.opened(launch, settings.mode, self._closed, turn)

    async def _let_others_in(
        self, opened: OpenRegister, launch: Launch, settings: ScreenSettings
    ) -> None:
        """Open what lies beside the register, and learn what nobody has seen."""
        from kiosk_tui.session.link import open_link  # noqa: PLC0415 - after the first paint
        from kiosk_tui.session.unread import keep_unread  # noqa: PLC0415

        self.link = await open_link(
            opened, launch, settings.mode, settings.pin_fits, self._taken_over
        )
        self._tell_watchers()
        if settings.mode != _UNATTENDED:
            await keep_unread(opened, launch.journal, self._remember)

    def _remember(self, note: Unread, unseen: Transaction | None, *, printed: bool) -> None:
        remember = self.screen.app.remember
        self.screen.tell(partial(remember, note, unseen, printed=printed, loop=self.loop))

    def _tell_watchers(self) -> None:
        """Let those who watch know which screen is shown."""
        if self.link is not None:
            app = self.screen.app
            app.shown = partial(self.loop.soon, self.link.shown)
            self.link.shown(app.shows)

    def _taken_over(self, by: str) -> None:
        """Show it here, and give the register back at once: the other session waits for it."""
        self.screen.tell(self.screen.app.taken_over, by)
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
        self.screen = ScreenThread(after_fault=True)
        attaching = asyncio.create_task(self._open_again())
        try:
            return await self._shown()
        finally:
            attaching.cancel()
            await asyncio.gather(attaching, return_exceptions=True)

    async def _open_again(self) -> None:
        await self.screen.painted()
        if self.opened is not None and self.launch is not None:
            self._tell_watchers()
            self.settings = opening.settings(self.arguments, self.launch)
            self.screen.tell(self.screen.app.configure, self.settings)
            self._attach(self.opened, self.launch)

    def _too_often(self) -> bool:
        """Say whether screens fail so fast that only a new process can help (systemd's, say)."""
        now = asyncio.get_running_loop().time()
        self.faults = [one for one in self.faults if now - one < FAULTS_WITHIN_S] + [now]
        return len(self.faults) > MOST_FAULTS

    # -- the end -----------------------------------------------------------------------------------

    def _fail(self, error: CommandError | ConfigError, code: Exit) -> None:
        self.failure = error
        self.screen.leave(code)

    def _reload_refused(self, why: str) -> None:
        self.screen.app.reload_refused = why

    async def _finish(self) -> None:
        self.reload.forget()
        bench, self.bench = self.bench, None
        if bench is not None:
            await bench.close()
        self.supervision.stop()
        opened, self.opened = self.opened, None
        if opened is not None and self.launch is not None:
            opened.register.retire(
                "This program ends."
            )  # a screen that was left behind begins nothing
            await opening.finish(opened, self.launch)
        await self.supervision.end()

    def _end_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self._end, number)
        loop.add_signal_handler(SIGNAL, self._reload)
        loop.add_signal_handler(signal.SIGWINCH, self._resized)

    def _resized(self) -> None:
        self.screen.app.resized()

    def _reload(self) -> None:
        self.reload.ask(self.launch, None if self.opened is None else self.opened.register)

    def _end(self, number: signal.Signals) -> None:
        log.info("ending on %s", number.name)
        if number is signal.SIGHUP:
            opening.hang_up()
        if self.link is not None:
            self.link.ending(number.name)
        self.screen.leave(0)
