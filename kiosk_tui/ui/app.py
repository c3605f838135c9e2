"""The app itself: its life, its faults, and where it rests. What customers and staff do is beside it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import App
from textual.binding import BindingType

from kiosk_tui.text.themes import THEMES, css_variables
from kiosk_tui.ui.driver.driver import LeanDriver
from kiosk_tui.ui.journeys.customer import CustomerPath
from kiosk_tui.ui.journeys.desk import DeskPath
from kiosk_tui.ui.journeys.printing import PrintingPath
from kiosk_tui.ui.journeys.returning import ReturningPath
from kiosk_tui.ui.journeys.staff import StaffPath
from kiosk_tui.ui.journeys.technician import BenchPath
from kiosk_tui.ui.journeys.typed import TypedPath
from kiosk_tui.ui.other_loop import OtherLoop
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.screens.starting import Starting
from kiosk_tui.ui.stylesheets import sheet

if TYPE_CHECKING:
    # Everything else is loaded while the first picture is on the screen: old machines are slow.
    from kiosk_tui.payment.notifications import Notification
    from kiosk_tui.payment.readiness import Readiness
    from kiosk_tui.payment.register import Register
    from kiosk_tui.receipt.receipts import Receipts
    from kiosk_tui.session.settings import ScreenSettings
    from kiosk_tui.text.themes import Theme
    from kiosk_tui.ui.messages import RegisterTold
    from kiosk_tui.ui.register_link import RegisterLink

log = logging.getLogger(__name__)

FAILED: Final = 70
"""The exit code after a fault of ours (sysexits: software)."""

RECOVER_S: Final = 10.0
"""So long a screen that failed stays out of service, and at least until a running payment has ended."""


class KioskApp(
    CustomerPath,
    DeskPath,
    StaffPath,
    PrintingPath,
    ReturningPath,
    TypedPath,
    BenchPath,
    App[int],
    inherit_bindings=False,
):
    """Shows screens and tells the register what customers want.

    `after_fault`: the app before this one failed; it begins out of service.
    """

    BINDINGS: ClassVar[list[BindingType]] = []
    CSS_PATH = str(sheet("frame"))
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False

    settings: ScreenSettings
    """Known once `configure` was called; nothing but the first picture is shown before."""

    def __init__(self, *, after_fault: bool = False) -> None:
        self.look: Theme = THEMES["standard"]
        # the 16 colours that every console has, written as such: right on the VT, and few bytes
        super().__init__(driver_class=LeanDriver, ansi_color=True)
        self.animation_level = "none"
        self.painted = asyncio.Event()
        self.crashed = False
        self.resting = False
        """Whether the screen is one on which nobody is in the middle of anything."""
        self.shows = Starting.__name__
        self.gone: Callable[[], None] = _nothing
        """Told, in any thread, that the terminal has gone away."""
        self._till: RegisterLink | None = None
        self._readiness: Readiness | None = None
        self._after_fault = after_fault

    # -- life ------------------------------------------------------------------------------------

    def get_default_screen(self) -> Frame:
        """Start with a picture that needs nothing yet."""
        return Starting()

    def on_ready(self) -> None:
        """Hear keys, and say that the first picture is on the screen."""
        if isinstance(self._driver, LeanDriver):
            self._driver.listen()
        self.painted.set()

    def configure(self, settings: ScreenSettings) -> None:
        """Learn what was configured."""
        from kiosk_tui.text.translations import speak  # noqa: PLC0415

        self.settings = settings
        speak(settings.locale)
        self.wear(settings.theme)

    def wear(self, theme: Theme) -> None:
        """Show everything in these colours from now on."""
        if theme is not self.look:
            self.look = theme
            self.refresh_css(animate=False)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give the stylesheets the colours of the present theme."""
        return css_variables(self.look)

    def attach(
        self,
        register: Register,
        receipts: Receipts | None = None,
        loop: OtherLoop | None = None,
    ) -> None:
        """Work with this register, and this printer, from now on.

        `loop` is the register's, where it is not this one.
        """
        from kiosk_tui.ui.register_link import RegisterLink  # noqa: PLC0415

        self._till = RegisterLink(register, loop or OtherLoop.here())
        self.receipts = receipts
        self.call_later(self.watch_printer)
        if self._after_fault:
            self.call_later(self._excuse, self._till)  # inside of the app: whoever attaches is not
        self._till.follow(self._heard)

    def close_for(self, readiness: Readiness) -> None:
        """Show why the register cannot even be opened."""
        from kiosk_tui.payment.notifications import ReadinessChanged  # noqa: PLC0415

        self._heard(ReadinessChanged(readiness))

    def _heard(self, notification: Notification) -> None:
        from kiosk_tui.ui.messages import RegisterTold  # noqa: PLC0415

        self.post_message(RegisterTold(notification))

    # -- faults of ours ------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Log a fault of ours and end this app; Textual would print it with every local variable.

        The register and a running payment go on, and a new app follows (`cli.run`).
        """
        log.error("the screen failed", exc_info=error)
        self.crashed = True
        self._return_code = FAILED
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

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

    def _excuse(self, register: RegisterLink) -> None:
        """Be out of service for a while after a fault; how a running payment ends is shown."""
        from kiosk_tui.payment.readiness import Obstacle, Readiness  # noqa: PLC0415
        from kiosk_tui.ui.screens.out_of_service import OutOfService  # noqa: PLC0415

        self._readiness = register.readiness
        why = "The screen had a fault; the log has it (journalctl, or beside the journal)."
        told = Readiness(Obstacle.FAULT, why, register.now(), RECOVER_S)
        self.go(OutOfService(self.settings, told))
        payment = register.under_way()
        if payment is not None:
            payment.add_done_callback(self.payment_done)
        self.set_timer(RECOVER_S, self._excused)

    def _excused(self) -> None:
        self._after_fault = False
        if self.frame.RESTING and self._till is not None and not self._till.running:
            self.rest()

    # -- signs of life -------------------------------------------------------------------------------

    async def drawn(self) -> bool:
        """Return once the screen has painted anew and the terminal has taken it.

        False while there is only the first picture. Never, where a loop or the terminal stands still.
        """
        await self.painted.wait()
        real = not isinstance(next(reversed(self.screen_stack), None), Starting | None)
        taken = asyncio.Event()
        self.call_later(self._paint, partial(OtherLoop.here().soon, taken.set))
        await taken.wait()
        return real

    def _paint(self, taken: Callable[[], None]) -> None:
        for screen in self.screen_stack[-1:]:
            screen.query("#head").refresh()
            screen.call_after_refresh(self._prove, taken)

    def _prove(self, taken: Callable[[], None]) -> None:
        if isinstance(self._driver, LeanDriver):
            self._driver.prove(taken)

    def resized(self) -> None:
        """Take note, in any thread, that the terminal may have another size."""
        if isinstance(self._driver, LeanDriver):
            self._driver.resized()

    # -- the register's news -----------------------------------------------------------------------

    def on_register_told(self, event: RegisterTold) -> None:
        """Pass news on, and open or close for customers."""
        from kiosk_tui.payment.notifications import ReadinessChanged  # noqa: PLC0415
        from kiosk_tui.payment.readiness import Obstacle  # noqa: PLC0415

        screen = self.frame
        self.note(event.notification)
        if isinstance(event.notification, ReadinessChanged):
            before, now = self._readiness, event.notification.readiness
            if now.obstacle is Obstacle.STARTING:
                return
            self._readiness = now
            if self._after_fault:
                return
            changed = before is None or before.open != now.open
            closing = screen.IDLE and screen.SERVICE and not now.open  # before anybody has paid
            if changed and (screen.RESTING or closing):
                self.rest(interrupted=closing)
                return
        screen.call_later(
            screen.hear, event.notification
        )  # after it is mounted, however slow the machine

    @property
    def frame(self) -> Frame:
        """The screen that is shown."""
        screen = self.screen
        if not isinstance(screen, Frame):
            raise TypeError(f"{type(screen).__name__} is no screen of the kiosk")
        return screen

    # -- where it rests ------------------------------------------------------------------------------

    def rest(self, *, interrupted: bool = False) -> None:
        """Go to where nobody is in the middle of anything, in the kiosk's own language and colours."""
        from kiosk_tui.ui.screens.out_of_service import OutOfService  # noqa: PLC0415
        from kiosk_tui.ui.screens.welcome import Welcome  # noqa: PLC0415

        if self.show_bench():
            return
        readiness = self._readiness
        if readiness is None:
            return
        if self.show_unseen():
            return
        self.configure(replace(self.settings, locale=self.settings.languages[0]))
        if self.settings.mode == "lane":
            self.to_lane()
            return
        if readiness.open:
            self.go(Welcome(self.settings, len(readiness.due), self.printer_trouble))
            self.call_later(self.look_at_printer)
        else:
            self.go(OutOfService(self.settings, readiness, interrupted=interrupted))

    def go(self, screen: Frame) -> None:
        """Show a fresh screen. The first one lies over the default screen, which cannot be switched."""
        if len(self.screen_stack) == 1:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)
        if isinstance(self._driver, LeanDriver):
            self._driver.point(wanted=screen.POINTED and self.settings.mode == "kiosk")
        self.resting, self.shows = screen.RESTING, type(screen).__name__
        self.shown(self.shows)

    # -- what the paths need of the app --------------------------------------------------------------

    @property
    def till(self) -> RegisterLink | None:
        """The register, once it is open."""
        return self._till

    @property
    def readiness(self) -> Readiness | None:
        """Whether a payment may start, and why not; None before the first look."""
        return self._readiness

    @property
    def open_for_customers(self) -> bool:
        """Whether a payment may start."""
        return self._readiness is not None and self._readiness.open

    def payment_done(self, payment: asyncio.Future[Any]) -> None:
        """Say how the register's payment ended."""
        from kiosk_tui.ui.messages import PaymentEnded  # noqa: PLC0415

        if not payment.cancelled() and payment.exception() is None:
            self.post_message(PaymentEnded(payment.result()))
        elif not payment.cancelled():
            # the journal has it as open; a new process takes it up
            self._handle_exception(RuntimeError("a payment failed inside the register"))
            log.error("the payment failed", exc_info=payment.exception())


def _nothing() -> None:
    """Tell nobody."""
