"""The app: its life, its faults, its colours, and where messages go. What follows from them: `journeys`."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.color import ColorSystem
from textual import events, on
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

import kiosk_tui.ui.strips  # noqa: F401 - before the first strip
from kiosk_tui.text.looks import CUBE, SIXTEEN, TRUE, Rendering, rendering
from kiosk_tui.text.themes import THEMES, css_variables, drawn, has_floods
from kiosk_tui.ui.app_message import AppMessage
from kiosk_tui.ui.driver.driver import LeanDriver
from kiosk_tui.ui.driver.shading import Shading
from kiosk_tui.ui.exit_codes import FAILED
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.repaint import repainted
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.starting import Starting
from kiosk_tui.ui.stylesheets import sheet

if TYPE_CHECKING:
    # Everything else is loaded while the first picture is on the screen: old machines are slow.
    from kiosk_tui.domain.transaction import Transaction
    from kiosk_tui.payment.notifications import Notification
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.receipt.receipts import Receipts
    from kiosk_tui.remote.link.takeover import Held
    from kiosk_tui.session.settings import ScreenSettings
    from kiosk_tui.text.themes import Look, Theme
    from kiosk_tui.ui.driver.typed import Burst, Noise
    from kiosk_tui.ui.journeys.routes import Journeys, MakeTechnician
    from kiosk_tui.ui.journeys.unread import UnreadNote
    from kiosk_tui.ui.register_link import RegisterLink

log = logging.getLogger(__name__)


_variables: dict[tuple[str, frozenset[tuple[str, Look]]], dict[str, str]] = {}
"""What stylesheets are read with, by themes. Lanes have those of their parent's."""


class KioskApp(App[int], inherit_bindings=False):
    """Shows screens, and hands what they tell to the journeys.

    `after_fault`: the app before this one failed; it begins out of service.
    """

    BINDINGS: ClassVar[list[BindingType]] = []
    CSS_PATH = str(sheet("frame"))
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False

    settings: ScreenSettings
    journeys: Journeys
    """Both are there once `configure` was called; nothing but the first picture is shown before."""

    def __init__(self, *, after_fault: bool = False) -> None:
        self.rendering = rendering(os.environ)
        self.color_theme: Theme = drawn(THEMES["standard"], self.rendering)
        # on a console its 16 colours, written as such: right on the VT, and few bytes
        super().__init__(driver_class=LeanDriver, ansi_color=True)
        self.animation_level = "none"
        # two widgets on every screen for what no screen of ours has; a test holds these two names
        self._disable_tooltips = self._disable_notifications = True
        self._set_colours()
        self.painted = asyncio.Event()
        self.crashed = False
        self.resting = False
        """Whether the screen is one on which nobody is in the middle of anything."""
        self.shows = Starting.__name__
        self.shown: Callable[[str], None] = _nobody
        """Told the name of each screen that is shown."""
        self.gone: Callable[[], None] = _nothing
        """Told, in any thread, that the terminal has gone away."""
        self.take_over: Callable[[str], None] = _nobody
        """Asks whoever holds the register for it, with a PIN."""
        self.reload_refused = ""
        """Why the configuration that somebody wanted taken was not."""
        self.register: RegisterLink | None = None
        self._after_fault = after_fault

    # -- life ------------------------------------------------------------------------------------

    def get_default_screen(self) -> Frame:
        """Start with a picture that needs nothing yet."""
        screen = Starting()
        self._dress(screen)
        return screen

    def on_ready(self) -> None:
        """Hear keys, and say that the first picture is on the screen."""
        if isinstance(self._driver, LeanDriver):
            self._driver.listen()
        self.painted.set()

    def configure(self, settings: ScreenSettings) -> None:
        """Learn what was configured, or that another language is wanted."""
        self.settings = settings
        if not hasattr(self, "journeys"):
            self._load_second_stage()
        self._second.speak(settings.locale)
        self.draw_on(settings.rendering, settings.theme)

    def _load_second_stage(self) -> None:
        """Load what only the app's later life needs, while the first picture is shown."""
        from kiosk_tui.ui import second  # noqa: PLC0415

        self._second = second
        self.stylesheet.read(sheet("base"))
        self.stylesheet.reparse()
        self.journeys = second.Journeys(nav=self, appearance=self, session=self)

    def use_theme(self, theme: Theme) -> None:
        """Show everything in these colours from now on."""
        self.draw_on(self.rendering, theme)

    def draw_on(self, rendering: Rendering, theme: Theme) -> None:
        """Draw with what the terminal can do, in these colours, from now on."""
        if rendering == self.rendering and theme is self.color_theme:
            return
        self.rendering, self.color_theme = rendering, theme
        self._set_colours()
        self.tell_driver()
        for screen in self.screen_stack:
            self._dress(screen)
        self.refresh_css(animate=False)

    def _set_colours(self) -> None:
        """Let Rich write as many colours as the terminal shows, whatever it would find out itself."""
        systems = {SIXTEEN: ColorSystem.STANDARD, CUBE: ColorSystem.EIGHT_BIT}
        self.console._color_system = systems.get(self.rendering.colours, ColorSystem.TRUECOLOR)  # noqa: SLF001

    def tell_driver(self) -> None:
        """Tell the driver how to draw on this terminal."""
        if isinstance(self._driver, LeanDriver):
            shading = Shading.of(self.color_theme if self.rendering.colours == TRUE else {})
            self._driver.draw_with(
                shading, tuned=self.rendering.palette, linux=self.rendering.linux
            )

    def _dress(self, screen: Screen[None]) -> None:
        """Say to the stylesheets which look it is, how large, and whether states fill their ground.

        Before it is shown, or it would be drawn twice.
        """
        if isinstance(screen, Frame):
            screen.fit_to(self.size)
        looks = {"-rich": self.rendering.rich, "-framed": not has_floods(self.color_theme)}
        screen.update_classes(looks, update=screen.is_attached)

    def get_css_variables(self) -> dict[str, str]:
        """Give the stylesheets Textual's colours and ours: the same dictionary, as long as the theme is the same."""
        key = self.theme, frozenset(self.color_theme.items())
        if key not in _variables:
            _variables[key] = super().get_css_variables()
        self.theme_variables = _variables[key]
        return self.theme_variables

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give the stylesheets the colours of the present theme."""
        return css_variables(self.color_theme)

    def resized(self) -> None:
        """Take note, in any thread, that the terminal may have another size."""
        if isinstance(self._driver, LeanDriver):
            self._driver.resized()

    def look_at_size(self) -> None:
        """Take note, in any thread, of a size that changed while nobody heard of it."""
        if isinstance(self._driver, LeanDriver):
            self._driver.look_at_size()

    async def drawn(self) -> bool:
        """Return once the screen has painted anew, as `repainted`."""
        await self.painted.wait()
        return await repainted(self, self._driver)

    # -- what the session tells: whoever calls is outside of the app, hence `call_later` ---------------

    def attach(self, register: RegisterLink, receipts: Receipts | None = None) -> None:
        """Work with this register, and this printer, from now on; `hear` is told its news."""
        self.register = register
        self.journeys.printing.receipts = receipts
        if receipts is not None and register.signs:
            receipts.signature_of = self.register.on_slip
        self.call_later(self.journeys.printing.watch)
        if self._after_fault:
            self.call_later(self.journeys.availability.close_after_fault, self.journeys.payments)

    def equip(self, technician: MakeTechnician) -> None:
        """Rest at a technician's bench from now on."""
        self.journeys.equip(technician)
        self.call_later(self.rest)

    def remember(
        self,
        note: UnreadNote,
        unread: Transaction | None,
        *,
        printed: bool,
        loop: OtherLoop | None = None,
    ) -> None:
        """Show first what ended while nobody watched. `loop`: the note's, where it is another."""
        here = OtherLoop.here()
        self.journeys.unread.remember(note, unread, printed=printed, loop=loop or here)

    def close_for(self, readiness: Readiness) -> None:
        """Show why the register cannot even be opened."""
        self.hear(self._second.ReadinessChanged(readiness))

    def held(self, held: Held) -> None:
        """Show who holds the register."""
        self.call_later(self.journeys.other_sessions.show_holder, held)

    def taken_over(self, by: str) -> None:
        """Show that another session has the register now."""
        self.call_later(self.journeys.other_sessions.show_taken_over, by)

    def hear(self, notification: Notification) -> None:
        """Take the register's news, in turn with everything else."""
        self.post_message(self._second.RegisterTold(notification))

    # -- where messages go -------------------------------------------------------------------------

    @on(AppMessage)
    async def hand_on(self, message: AppMessage) -> None:
        """Hand what a screen or the register tells to the journey that takes it."""
        await self.journeys.take(message)

    async def on_event(self, event: events.Event) -> None:
        """Take a key after a payment's end as the sign that somebody has seen it."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._somebody_is_there()
        await super().on_event(event)

    def on_burst(self, event: Burst) -> None:
        """Let the screen take what came in one piece, in turn with the keys before and after it."""
        self._somebody_is_there()
        screen = self.frame
        screen.call_later(screen.take_burst, event)

    def on_noise(self, _event: Noise) -> None:
        """Let the screen know of bytes that are no key: nobody need be there."""
        screen = self.frame
        screen.call_later(screen.noise)

    def _somebody_is_there(self) -> None:
        if self.register is not None:
            self.journeys.unread.somebody_is_there()

    # -- screens -----------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The screen that is shown."""
        screen = self.screen
        if not isinstance(screen, Frame):
            raise TypeError(f"{type(screen).__name__} is no screen of the kiosk")
        return screen

    def show(self, screen: Frame) -> None:
        """Show a fresh screen. The first one lies over the default screen, which cannot be switched."""
        self._dress(screen)
        # From Python 3.12 on Textual's tasks begin at once: its widgets look their styles up before Textual
        # reads the screen's sheets, and look once (`Frame.on_screen_resume`)
        self._load_screen_css(screen)
        starting = self.screen_stack[-1]
        if isinstance(starting, Starting):
            self.push_screen(screen)
            self._hand_over(starting, screen)
        else:
            self.switch_screen(screen)
        if isinstance(self._driver, LeanDriver):
            self._driver.point(wanted=screen.POINTED and self.settings.mode.pointed)
        self.resting, self.shows = screen.RESTING, type(screen).__name__
        self.shown(self.shows)

    def _hand_over(self, starting: Starting, screen: Frame) -> None:
        """Let the first real screen have what was typed before it, where that may be an amount."""
        screen.wait_for_paint()
        if screen.AMOUNT and starting.typed:
            typed = self._second.Burst(starting.typed, starting.entered)
            screen.call_later(screen.take_burst, typed)

    def say(self, text: str) -> None:
        """Let the screen that is shown say it, in its turn."""
        screen = self.frame
        screen.call_later(screen.say, text)

    def rest(self, *, interrupted: bool = False) -> None:
        """Go to where nobody is in the middle of anything."""
        self.journeys.availability.rest(interrupted=interrupted)

    # -- faults of ours ------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Log a fault of ours and end this app; Textual would print it with every local variable.

        The register and a running payment go on, and a fresh app follows.
        """
        log.error("the screen failed", exc_info=error)
        self.crashed = True
        self._return_code = FAILED
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def fail(self, error: Exception) -> None:
        """End this app by a fault that a journey found."""
        self._handle_exception(error)

    def panic(self, *renderables: object) -> None:
        """Log what Textual, or a library of it, would print on the customer's screen; end this app."""
        self._handle_exception(RuntimeError(f"the screen panicked: {renderables!r:.2000}"))

    def _fatal_error(self) -> None:
        """Never print a traceback: whoever asks for it has an exception at hand."""
        error = sys.exc_info()[1]
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError("a fault"))

    def _print_error_renderables(self) -> None:
        """Print nothing at the end: what was wrong is in the log."""
        self._exit_renderables.clear()


def _nothing() -> None:
    """Tell nobody."""


def _nobody(_: str) -> None:
    """Tell nobody."""
