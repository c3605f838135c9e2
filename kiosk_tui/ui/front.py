"""The full screen as a session's front: shown at once, told of the register, shown anew after a fault.

The session runs in this, the register's loop; the screens have a thread of their own (`ScreenThread`),
and are only told, or asked with a deadline. A screen that fails is followed by a fresh one; one that
stands still holds up neither an answer, nor a commit, nor the end.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.remote.link.takeover import Held
from kiosk_tui.session.characters import draw_with_what_there_is
from kiosk_tui.session.console import hang_up
from kiosk_tui.session.errors import (
    NO_SESSION,
    FaultError,
    HeldError,
    JournalRefusedError,
    TakenOverError,
)
from kiosk_tui.session.front import SCREENS, Reason, Reloading, ReloadRefused, Signalled
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.receipts import receipts
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.screens import screen_settings
from kiosk_tui.session.session import Session
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.ui.exit_codes import RESTART
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.register_link import RegisterLink
from kiosk_tui.ui.screen_thread import ScreenThread

if TYPE_CHECKING:
    from kiosk_tui.session.bench import Workbench  # loaded for technicians only

log = logging.getLogger(__name__)

MOST_FAULTS: Final = 3
FAULTS_WITHIN_S: Final = 300.0
_DRAWS_ON: Final = 2
"""Stderr, by its number: Textual puts something else in the place of `sys.stderr`."""
_ASKED: Final = "only when asked for: choose it, then press Enter"
_FAILED: Final = (
    "The screen failed; what happened is in the log: journalctl -t kiosk-tui, or kiosk-tui.log beside"
    " the journal."
)


class ScreenFront:
    """`screen` shows the first picture already; `choose` reads the configuration."""

    def __init__(self, screen: ScreenThread, choose: Callable[[], Launch]) -> None:
        self._choose = choose
        self._loop = OtherLoop.here()
        self._screen = screen
        self._session = Session(self, SCREENS)
        self._settings: ScreenSettings | None = None
        self._link: RegisterLink | None = None
        self._bench: Workbench | None = None
        self._failure: Exception | None = None
        self._faults: list[float] = []

    async def run(self) -> int:
        """Run until somebody leaves; return the app's exit code. Raises `SessionError`, `ConfigError`."""
        async with self._session as session:
            session.catch_signals()
            asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, self._resized)
            self._screen.app.look_at_size()  # it may have changed while this was loaded
            opening = asyncio.create_task(self._open())
            opening.add_done_callback(self._opening_done)
            try:
                code = await self._shown()
                while self._screen.failed and session.opened is not None and not self._too_often():
                    code = await self._again()
            finally:
                opening.cancel()
                await asyncio.gather(opening, return_exceptions=True)
                if self._bench is not None:
                    await self._bench.close()
        if self._failure is not None:
            raise self._failure
        if self._screen.failed:
            raise FaultError(_FAILED)
        return code or 0

    async def _shown(self) -> int | None:
        """Wait for the app's end."""
        self._screen.app.gone = lambda: self._loop.soon(self._gone)
        try:
            return await self._screen.ended()
        finally:
            if self._link is not None:
                self._link.let_go()

    def _gone(self) -> None:
        """Take the end of the terminal's input as the hang-up that it is."""
        self._session.end(signal.SIGHUP)

    async def _open(self) -> None:
        """Read the configuration and open the register, behind the first picture."""
        await self._screen.painted()
        self._session.supervise()
        try:
            launch = await asyncio.to_thread(self._session.begin, self._choose)
            await asyncio.to_thread(draw_with_what_there_is, _DRAWS_ON)
            self._configure(launch)
            await self._session.open()
        except (HeldError, JournalRefusedError) as error:
            if not self._equip(str(error)):
                self._fail(error)
        except NO_SESSION as error:
            self._fail(error)

    def _opening_done(self, task: asyncio.Task[None]) -> None:
        """End, rather than show a first picture for ever, when opening failed by a fault of ours."""
        if not task.cancelled() and task.exception() is not None:
            log.error("the register could not be opened", exc_info=task.exception())
            self._fail(FaultError("The register could not be opened; what happened is in the log."))

    def _fail(self, error: Exception) -> None:
        self._failure = error
        self._screen.leave(0)

    # -- the app is told -------------------------------------------------------------------------------

    def _configure(self, launch: Launch) -> None:
        self._settings = screen_settings(launch)
        app = self._screen.app
        app.take_over = partial(self._loop.soon, self._session.ask_for_it)
        self._screen.tell(app.configure, self._settings)

    async def attach(self, opened: OpenRegister) -> None:
        """Let the app work with the register, and show first what nobody has seen."""
        app, session = self._screen.app, self._session
        self._tell_watchers()
        if session.note is not None:
            remember = partial(app.remember, printed=session.left_printed, loop=self._loop)
            self._screen.tell(remember, session.note, session.left)
        self._give(opened)

    def _give(self, opened: OpenRegister) -> None:
        if self._session.launch is not None:
            app, link = self._screen.app, RegisterLink(opened.register, self._loop)
            self._screen.tell(app.attach, link, receipts(self._session.launch))
            link.follow(partial(self._screen.tell, app.hear))
            self._link = link
            self._equip()

    def _tell_watchers(self) -> None:
        """Let those who watch know which screen is shown."""
        app = self._screen.app
        app.shown = partial(self._loop.soon, self._session.shown)
        self._session.shown(app.shows)

    def _equip(self, closed: str = "") -> bool:
        """Give a technician the bench; it works beside a kiosk that holds the journal, too."""
        launch, settings = self._session.launch, self._settings
        if launch is None or settings is None or settings.mode != "technician":
            return False
        from kiosk_tui.session.bench import workbench  # noqa: PLC0415 - for technicians
        from kiosk_tui.ui.journeys.technician import TechnicianJourney  # noqa: PLC0415

        if self._bench is None:
            screen = (_DRAWS_ON, "utf-8")
            opened = self._session.opened
            self._bench = workbench(launch, "", screen=screen, opened=opened, no_sale=_ASKED)
        if closed:
            self._bench.examination.subject.no_sale = closed
            self.told(Readiness(Obstacle.JOURNAL, closed))
        technician = partial(TechnicianJourney, self._bench.examination, self._loop)
        self._screen.tell(self._screen.app.equip, technician)
        return True

    def told(self, news: Readiness | Held | ReloadRefused) -> None:
        """Show why there is no register, or keep for staff why a configuration was not taken."""
        app = self._screen.app
        if isinstance(news, ReloadRefused):
            app.reload_refused = news.why
        elif isinstance(news, Readiness):
            self._screen.tell(app.close_for, news)
        else:
            self._screen.tell(app.held, news)

    # -- the session asks ------------------------------------------------------------------------------

    @property
    def resting(self) -> bool:
        """Whether the screen is one on which nobody is in the middle of anything."""
        return self._screen.app.resting

    @property
    def failed(self) -> bool:
        """Whether an app has failed, and another one was shown."""
        return bool(self._faults)

    async def alive(self) -> bool:
        """Return once the terminal has taken a frame: of the present app, after a fault, too."""
        return await self._screen.ask(self._screen.app.drawn)

    def leave(self, why: Reason) -> None:
        """Let the app end; that the register was taken over is shown first."""
        if isinstance(why, Signalled):
            if why.number is signal.SIGHUP:
                hang_up()
            self._screen.leave(0)
        elif isinstance(why, Reloading):
            self._screen.leave(RESTART)
        else:
            self._failure = TakenOverError(f"The register was taken over by {why.by}.")
            self._screen.tell(self._screen.app.taken_over, why.by)

    def _resized(self) -> None:
        self._screen.app.resized()

    # -- after a fault of a screen ---------------------------------------------------------------------

    async def _again(self) -> int | None:
        """Show a fresh app after a fault of the one before; the register knows nothing of it."""
        self._screen = ScreenThread(after_fault=True)
        self._screen.start()
        attaching = asyncio.create_task(self._open_again())
        try:
            return await self._shown()
        finally:
            attaching.cancel()
            await asyncio.gather(attaching, return_exceptions=True)

    async def _open_again(self) -> None:
        await self._screen.painted()
        opened, launch = self._session.opened, self._session.launch
        if opened is not None and launch is not None:
            self._tell_watchers()
            self._configure(launch)
            self._give(opened)

    def _too_often(self) -> bool:
        """Say whether screens fail so fast that only a new process can help (systemd's, say)."""
        now = asyncio.get_running_loop().time()
        self._faults = [one for one in self._faults if now - one < FAULTS_WITHIN_S] + [now]
        return len(self._faults) > MOST_FAULTS
