"""What the screens of a configured kiosk share: its settings, the service key, the way back to rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual import events
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _, ngettext
from kiosk_tui.ui.driver.typed import Burst
from kiosk_tui.ui.messages import ContrastAsked, LanguageAsked, LeaveAsked, Left, ServiceAsked
from kiosk_tui.ui.screens.frame import Frame
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.foot import Foot
from kiosk_tui.ui.widgets.head import Head, Headline
from kiosk_tui.ui.widgets.room import SMALL, SMALLEST, step_of
from kiosk_tui.ui.widgets.sentence import Sentence
from kiosk_tui.ui.widgets.time_bar import TimeBar
from kiosk_tui.ui.widgets.word import Word

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


SLOW_S: Final = 1.0
QUICK_S: Final = 0.25
"""Seconds of one picture of what moves."""

_WAY_OUT: Final = frozenset({"escape", "full_stop", "comma"})

LEAVE_S: Final = 5.0
"""So long the second Esc is waited for that leaves the program."""

_ON_NUMPAD: Final = {"[Esc]": "[.]", "[<-]": "[/]"}
"""The keys of a numpad that mean the same."""


def steps_of(settings: ScreenSettings) -> tuple[str, ...]:
    """Return the steps of a customer's payment: only what is really asked."""
    asked = {"amount": settings.price is None, "tip": settings.tip.ask, "card": True}
    return tuple(step for step, is_asked in asked.items() if is_asked)


class KioskScreen(Frame, inherit_bindings=False):
    """A screen that knows the settings."""

    ASKS: ClassVar[bool] = True
    """Whether who hesitates is asked for more time before the screen goes away."""
    UNPAID: ClassVar[bool] = True
    """Whether who is here has paid nothing yet, so that it may be said."""
    POINTED: ClassVar[bool] = True
    """The keys in the line below can be clicked."""
    STEP: ClassVar[str] = ""
    """Which step of a customer's payment this is: amount, tip or card."""
    PRIMARY: ClassVar[bool] = False
    """Whether the first key is drawn as the one to press."""
    POLYGLOT: ClassVar[bool] = False
    """Whether another language may be picked here: not once the terminal has been told one."""

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__()
        self.settings = settings
        self._idle: Timer | None = None
        self._way_out: Timer | None = None
        self._ask: Timer | None = None
        self._ask_left_s = 0

    @property
    def locale(self) -> str:
        """The language that amounts and times are written in."""
        return self.settings.locale

    def above(self) -> Iterator[Widget]:
        yield Head(self.headline(), id="head")

    def below(self) -> Iterator[Widget]:
        yield Foot(self.keys(), self.corner(), primary=self.PRIMARY, id="hint")

    def headline(self) -> Headline:
        """Say whose kiosk it is, where in a payment one is, and that a demo is one."""
        demo = _("DEMO") if self.settings.demo else ""
        if step_of(self.app.size) is SMALL:
            return Headline(warning=self._too_small())
        steps = steps_of(self.settings) if self.STEP else ()
        now = steps.index(self.STEP) if self.STEP in steps else 0
        names = {"amount": _("Amount"), "tip": _("Tip"), "card": _("Card")}
        return Headline(
            left=self.title_left(),
            right=self.title_right(),
            steps=tuple(names[one] for one in steps),
            now=now,
            chip=demo,
        )

    def title_left(self) -> str:
        """Say whose kiosk this is."""
        return self.settings.name

    def title_right(self) -> str:
        """Say what stands at the right of the line above: nothing, or a time."""
        return ""

    def tell_headline(self) -> None:
        """Write the line above again."""
        self.query_one("#head", Head).show(self.headline())

    def _too_small(self) -> str:
        columns, rows = SMALLEST
        room = self.app.size
        told = _("Please make the window larger: {columns} x {rows} (now {width} x {height})")
        told = told.format(columns=columns, rows=rows, width=room.width, height=room.height)
        demo = _("DEMO")
        return f"{demo}. {told}" if self.settings.demo else told

    def on_resize(self, event: events.Resize) -> None:
        if self.fit_to(event.size):
            for widget in self.query(Fitting):
                widget.fit()
        self.tell_headline()

    def tell_keys(self, told: str | None = None) -> None:
        """Write the line of keys again: these, or something else for a while."""
        self.query_one("#hint", Foot).update(self.keys() if told is None else self.named(told))

    def aside(self) -> Iterator[Widget]:
        """Yield the question that takes the body's place when somebody hesitates."""
        with Vertical(id="more"):
            yield Word(_("More time?"), classes="call", most=2)
            yield Sentence(_("Do you need more time?"), classes="title")
            yield Static(_("Press any key."), classes="call", markup=False)
            yield TimeBar(ASK_S, ASK_S, id="more_left")
            yield Static("", id="left", classes="dim", markup=False)

    def corner(self) -> str:
        """Say what stands at the right of the keys: how to get another language."""
        if not self.POLYGLOT or not self.settings.other_locales:
            return ""
        language = _("Language")
        return f"+ {language}"

    @property
    def pace(self) -> tuple[float, float]:
        """Return the seconds of a picture of what moves while the program works, and those of a rest.

        A console and a line are given one in a second. Nothing moves where both are 0.
        """
        if not self.settings.motion:
            return 0.0, 0.0
        if self.settings.remote or not self.settings.rendering.rich:
            return SLOW_S, 0.0
        return QUICK_S, 2 * QUICK_S

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
            self.tell_keys(_("[Esc] again leaves."))
        else:
            self.tell_last(LeaveAsked())

    def stay(self) -> None:
        """Do not leave: something else came, or nothing did."""
        if self._way_out is not None:
            self._way_out.stop()
            self._way_out = None
            self.tell_keys()

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
            self.tell_keys()
        self.wait_for_somebody()
        return asked

    def _hesitated(self) -> None:
        if not self.ASKS:
            self.tell_last(Left())
            return
        self.add_class("asking")
        self.tell_keys("")
        self._ask = self.every(1.0, self._count_down)
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
        self.query_one("#more_left", TimeBar).show(self._ask_left_s)
