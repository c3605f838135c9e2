"""What the screens of a configured kiosk share: its settings, the service key, the way back to rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _, language_of, ngettext
from kiosk_tui.text.translations import NAMES
from kiosk_tui.ui.driver.typed import Burst
from kiosk_tui.ui.messages import ContrastAsked, LanguageAsked, LeaveAsked, Left, ServiceAsked
from kiosk_tui.ui.screens.frame import MARGIN, Frame
from kiosk_tui.ui.widgets.lettering import Lettering

ASK_S: Final = 20
"""So long before a customer is led back to the beginning the question is asked (WCAG 2.2.1)."""

WITHOUT_NUMLOCK: Final = {
    "insert": "0",
    "end": "1",
    "down": "2",
    "pagedown": "3",
    "left": "4",
    "right": "6",
    "home": "7",
    "up": "8",
    "pageup": "9",
}
"""What a numpad sends without NumLock. A kiosk has no other use for these keys."""


_WAY_OUT: Final = frozenset({"escape", "full_stop", "comma"})

LEAVE_S: Final = 5.0
"""So long the second Esc is waited for that leaves the program."""

_ON_NUMPAD: Final = {"[Esc]": "[.]", "[Backspace]": "[/]"}
"""The keys of a numpad that mean the same."""


class KioskScreen(Frame, inherit_bindings=False):
    """A screen that knows the settings."""

    ASKS: ClassVar[bool] = True
    """Whether who hesitates is asked for more time before the screen goes away."""
    UNPAID: ClassVar[bool] = True
    """Whether who is here has paid nothing yet, so that it may be said."""
    POLYGLOT: ClassVar[bool] = False
    """Whether another language may be picked here: not once the terminal has been told one."""

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__()
        self.settings = settings
        self.aside_by = 0
        """Columns that the line above stands aside, against burn-in."""
        self._idle: Timer | None = None
        self._way_out: Timer | None = None
        self._ask: Timer | None = None
        self._ask_left_s = 0

    @property
    def locale(self) -> str:
        """The language that amounts and times are written in."""
        return self.settings.locale

    def head(self) -> Content:
        """Say whose kiosk it is, what this screen is, and that a demo is one."""
        demo = _("DEMO - no money moves") if self.settings.demo else ""
        width = self.app.size.width - 2 * len(MARGIN)
        side = max(0, (width - len(self.heading())) // 2)
        left = f"{self.settings.name[:side].ljust(side)}{self.heading()}"
        right = demo.rjust(width - len(left))
        before, after = (" " * (len(MARGIN) + by) for by in (self.aside_by, -self.aside_by))
        return Content.assemble(before, left, (right, "not bold $demo-front"), after)

    def head_of_small(self) -> str:
        """Say that it is too small, and that a demo is one."""
        told, demo = super().head_of_small(), _("DEMO - no money moves")
        return f"{demo}. {told}" if self.settings.demo else told

    def aside(self) -> Iterator[Widget]:
        """Yield the question that takes the body's place when somebody hesitates."""
        with Vertical(id="more"):
            yield Lettering(_("More time?"), classes="open")
            yield Static(_("Do you need more time?"), classes="title", markup=False)
            yield Static(_("Press any key."), classes="call", markup=False)
            yield Static("", id="left", markup=False)

    def languages(self) -> str:
        """Say which key brings the next language, and which ones follow; each by its own name."""
        others = self.settings.other_locales
        if not self.POLYGLOT or not others:
            return ""
        return "   ".join(("[+]", *(NAMES[language_of(locale)] for locale in others)))

    # -- keys --------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """Do what a key means, with or without NumLock."""
        key = self.meant(key)
        if key not in _WAY_OUT:
            self.stay()
        super().press(key)

    def meant(self, key: str) -> str:
        """Return the key of a numpad that was meant, where NumLock is off."""
        if not self.settings.mode.attended:
            key = WITHOUT_NUMLOCK.get(key, key)
        if self.settings.numpad and key == "delete":
            key = "full_stop"  # the same key
        return key

    def service(self) -> None:
        """Ask for the service PIN, where that is possible."""
        if self.SERVICE:
            self.tell_last(ServiceAsked())

    def quit(self) -> None:
        """Leave the program, where that is allowed."""
        if self.settings.mode.attended:
            self.tell_last(LeaveAsked())

    def leave(self) -> None:
        """Leave the program at the second Esc: a sequence that a line has cut sends one by itself."""
        if self._way_out is None:
            self._way_out = self.set_timer(LEAVE_S, self.stay)
            self.query_one("#hint", Static).update(self.named(_("[Esc] again leaves.")))
        else:
            self.tell_last(LeaveAsked())

    def stay(self) -> None:
        """Do not leave: something else came, or nothing did."""
        if self._way_out is not None:
            self._way_out.stop()
            self._way_out = None
            self.query_one("#hint", Static).update(self.keys())

    def take_burst(self, came: Burst) -> None:
        """Take what came in one piece: whoever scans wants to stay."""
        self.stay()
        super().take_burst(came)

    def noise(self) -> None:
        self.stay()

    def language(self) -> None:
        """Ask for the next language."""
        others = self.settings.other_locales
        if self.POLYGLOT and others:
            self.post_message(LanguageAsked(others[0]))

    def contrast(self) -> None:
        """Ask for colours of high contrast, or back."""
        if self.POLYGLOT:
            self.post_message(ContrastAsked())

    def keys(self) -> str:
        """Return the hint; on a machine that has only a numpad, with the numpad's keys."""
        return self.named(self.hint())

    def named(self, text: str) -> str:
        """Return a text with the names that the keys have on this machine."""
        if self.settings.numpad:
            for name, there in _ON_NUMPAD.items():
                text = text.replace(name, there)
        return text

    async def speak(self, settings: ScreenSettings) -> None:
        """Say everything again in another language."""
        self.settings = settings
        await self.recompose()

    # -- time --------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Begin to wait for somebody who never presses a key."""
        if self.IDLE:
            self.wait_for_somebody()

    def wait_for_somebody(self) -> None:
        """Ask for more time after a while, and lead back to the beginning a while later."""
        if self._idle is not None:
            self._idle.stop()
        whole = self.settings.idle_s
        self._ask_left_s = round(min(ASK_S, whole / 2)) if self.ASKS else 0
        self._idle = self.set_timer(whole - self._ask_left_s, self._hesitated)

    def touched(self) -> bool:
        """Begin to wait anew. A key that answers the question does nothing else."""
        if self._idle is None:
            return False
        asked = self._ask is not None
        if self._ask is not None:
            self._ask.stop()
            self._ask = None
            self.remove_class("asking")
            self.query_one("#hint", Static).update(self.keys())
        self.wait_for_somebody()
        return asked

    def _hesitated(self) -> None:
        if not self.ASKS:
            self.tell_last(Left())
            return
        self.add_class("asking")
        self.query_one("#hint", Static).update("")
        self._ask = self.set_interval(1.0, self._count_down)
        self._tell_left()

    def _count_down(self) -> None:
        self._ask_left_s -= 1
        if self._ask_left_s <= 0:
            self.tell_last(Left())
        else:
            self._tell_left()

    def _tell_left(self) -> None:
        told = ngettext(
            "Otherwise back to the beginning in {count} second.",
            "Otherwise back to the beginning in {count} seconds.",
            self._ask_left_s,
        ).format(count=self._ask_left_s)
        lines = (told, _("Nothing was charged.")) if self.UNPAID else (told,)
        self.query_one("#left", Static).update("\n".join(lines))
