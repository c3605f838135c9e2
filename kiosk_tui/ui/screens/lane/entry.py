"""The entry in the making as it is typed: digits, what came in one piece, what was pasted."""

from __future__ import annotations

from typing import ClassVar

from kiosk_tui.domain.lane import BEYOND, Draft, Lack
from kiosk_tui.domain.money import Money, MoneyError, within_digits
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import read_pasted
from kiosk_tui.text.wording.lane import beyond_key, lacking
from kiosk_tui.text.wording.typed import look_first, no_amount, no_amount_pasted
from kiosk_tui.ui.screens.giving_up import GivingUpScreen
from kiosk_tui.ui.screens.lane.views import fixed


class EntryScreen(GivingUpScreen):
    """Takes the amount, or the tip, of a draft."""

    TYPING: ClassVar[bool] = True
    SERVICE: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, draft: Draft) -> None:
        super().__init__(settings)
        self._draft = draft
        self._limits = settings.limits

    @property
    def typing(self) -> bool:
        """Whether digits are an amount at the moment."""
        raise NotImplementedError

    def _show(self, draft: Draft) -> None:
        """Show another draft, and nothing that was said of the one before."""
        raise NotImplementedError

    def _say(self, text: str) -> None:
        """Say something of the draft."""
        raise NotImplementedError

    def _say_lack(self, lack: Lack) -> None:
        told = lacking(lack, self._draft, self._limits, self.locale)
        self._say(f"{told} {beyond_key()}" if lack in BEYOND else told)

    def _go_beyond(self) -> None:
        """Let staff answer for an amount or a tip beyond the limits; pressed again, not any more."""
        self._show(self._draft.beyond_limits())

    def digit(self, digit: int) -> None:
        typed = self._draft.digit(digit)
        if typed is self._draft and digit:
            self._say(fixed(self._draft.operation))
        elif self._draft.beyond or within_digits(typed.typed, self._longest):
            self._show(typed)
        else:
            self._say_lack(Lack.TOO_MUCH)

    @property
    def _longest(self) -> Money:
        """The amount that has as many digits as one may have here."""
        most = self.settings.amount_max
        return max(self._draft.possible or most, most)

    def erase(self) -> None:
        self._show(self._draft.erase())

    def burst(self, text: str, *, entered: bool) -> None:
        """Let digits of an amount stand there; no scan sends anything."""
        super().burst(text, entered=entered)
        if not self.typing:
            return
        draft = self._draft.run(text, self._longest)
        if draft is None:
            self._say(no_amount())
        elif text and self._draft.fixed:
            self._say(fixed(self._draft.operation))
        else:
            self._show(draft)
            self._say(look_first() if entered else "")

    def paste(self, text: str) -> None:
        super().paste(text)
        if not self.typing:
            return
        currency = self._draft.amount.currency
        try:
            draft = self._draft.put(read_pasted(text, currency, self.locale))
        except MoneyError:
            self._say(no_amount_pasted(currency, self.locale))
            return
        if self._draft.fixed:
            self._say(fixed(self._draft.operation))
        elif not within_digits(draft.typed, self._longest):
            self._say_lack(Lack.TOO_MUCH)
        else:
            self._show(draft)
            self._say(look_first())
