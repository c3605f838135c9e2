"""A screen with a running payment: how it is given up, in two acts."""

from __future__ import annotations

from typing import ClassVar, Final

from kiosk_tui.domain.giving_up import WITHIN_S, GivingUp
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.ui.messages import GaveUp
from kiosk_tui.ui.screens import frame
from kiosk_tui.ui.screens.base import KioskScreen

_ASKING: Final = frozenset({"escape", "full_stop", "comma"})
_ANSWERING: Final = frozenset({"enter", "ctrl+m", "ctrl+j", "1"})

_A_LITTLE_S: Final = 0.1
"""The question has lapsed for sure when it is taken off the screen."""


class GivingUpScreen(KioskScreen):
    """Asks at Esc; Enter or 1 answers. Whatever else comes (a key, a scan, noise) takes it back."""

    SERVICE: ClassVar[bool] = False

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__(settings)
        self.giving_up = GivingUp()

    @property
    def asked_to_give_up(self) -> bool:
        """Whether the question stands."""
        return self.giving_up.asks(frame.monotonic())

    def hear_giving_up(self, key: str) -> None:
        """Take a key as what it means for giving up."""
        now, key = frame.monotonic(), self.meant(key)
        if key in _ASKING:
            self._become(self.giving_up.ask(now))
        elif key in _ANSWERING:
            self._become(self.giving_up.answer(now))
        else:
            self._become(self.giving_up.void())

    def burst(self, text: str, *, entered: bool) -> None:
        del text, entered
        self._become(self.giving_up.void())

    def paste(self, text: str) -> None:
        del text
        self._become(self.giving_up.void())

    def noise(self) -> None:
        self._become(self.giving_up.void())

    def show_giving_up(self) -> None:
        """Show the question, or that it has gone, or that the payment is given up."""
        raise NotImplementedError

    def give_up(self) -> None:
        """Tell that the question was answered."""
        self.post_message(GaveUp())

    def _become(self, now: GivingUp) -> None:
        before, self.giving_up = self.giving_up, now
        if now == before:
            return
        if now.done and not before.done:
            self.give_up()
        if now.asked_until_s is not None:
            self.set_timer(WITHIN_S + _A_LITTLE_S, self.show_giving_up)
        self.show_giving_up()


def question() -> str:
    """Ask."""
    return _("Stop this payment?")


def how_to_answer() -> str:
    """Say what answers, and for how long."""
    told = _("Press Enter or 1 within {seconds} seconds to stop it.")
    return told.format(seconds=round(WITHIN_S))


def keys_of_the_question() -> str:
    """Say which keys answer."""
    return "   ".join((_("[Enter] stop the payment"), _("[Esc] go on waiting")))
