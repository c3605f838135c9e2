"""A register that another session holds, or has taken over."""

from __future__ import annotations

from kiosk_tui.remote.link.takeover import Held
from kiosk_tui.ui.journeys.navigator import Navigator, SessionHooks
from kiosk_tui.ui.messages import TakeOverAsked
from kiosk_tui.ui.screens.held import HeldScreen
from kiosk_tui.ui.screens.taken_over import TakenOverScreen


class OtherSessions:
    """What the app does about them."""

    def __init__(self, nav: Navigator, session: SessionHooks) -> None:
        self._nav = nav
        self._session = session

    def show_holder(self, held: Held) -> None:
        """Show who holds the register, until it is open here."""
        screen = self._nav.frame
        if self._nav.register is not None:
            return
        if isinstance(screen, HeldScreen):
            screen.call_later(screen.tell, held)
        else:
            self._nav.show(HeldScreen(self._nav.settings, held))

    def take_over_asked(self, message: TakeOverAsked) -> None:
        """Ask for the register."""
        self._session.take_over(message.pin)

    def show_taken_over(self, by: str) -> None:
        """Show that another session has the register now; nothing else can be done here."""
        self._nav.show(TakenOverScreen(self._nav.settings, by))
