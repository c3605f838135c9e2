"""The frame that all screens share, and what keys mean. Light: it is part of the first picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from kiosk_tui.domain.one_line import one_line
from kiosk_tui.ui.widgets.room import SMALL, STEPS, ScreenStep, step_of

if TYPE_CHECKING:
    # what these need (domain, payment) is loaded while the first picture is on the screen
    from kiosk_tui.domain.fiscal import SlipSignature
    from kiosk_tui.domain.slip import PrinterState, Slip
    from kiosk_tui.payment.notifications import Notification
    from kiosk_tui.ui.driver.typed import Burst
    from kiosk_tui.ui.widgets.tile import Tile

DEAF_S: Final = 0.3
"""A new screen is deaf for so long: an Enter that is held down must not run through several, and the
last digit of an amount must not choose a tip."""
UNPAINTED_S: Final = 5.0
"""A screen hears keys after so long, whether or not it was ever painted."""

HURRY_S: Final = 0.25
"""So long a screen paints without waiting: as long as an answer takes to be shown on an old machine."""

monotonic: Callable[[], float] = time.monotonic


class Frame(Screen[None], inherit_bindings=False):
    """A line above, the body, a line of keys below. Subclasses answer to what keys mean."""

    BINDINGS: ClassVar[list[BindingType]] = []
    ALLOW_SELECT = False
    AUTO_FOCUS = None
    RESTING: ClassVar[bool] = False
    """Nobody is in the middle of anything here: the app may change the screen at will."""
    IDLE: ClassVar[bool] = False
    """Whether a customer who walks away from here is led back to the beginning."""
    TYPING: ClassVar[bool] = False
    """Digits are heard here at once: whoever types an amount fast must not lose one."""
    AMOUNT: ClassVar[bool] = False
    """Whether digits are an amount here, or begin one: what was typed during the start is for it."""
    SERVICE: ClassVar[bool] = True
    """Whether the service key is heard here."""

    POINTED: ClassVar[bool] = False
    """Whether something can be pointed at here: only then the terminal is asked for its mouse."""

    def __init__(self) -> None:
        super().__init__()
        self._deaf_until = monotonic() + DEAF_S
        self._told_last = False
        self._hurries_until = 0.0

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield from self.above()
        with Vertical(id="body"):
            yield from self.body()
            yield from self.aside()
        yield from self.below()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Look no styles up twice: when it is shown first, each widget has just got its own."""
        if not self.stack_updates:
            event.refresh_styles = False

    def above(self) -> Iterator[Widget]:
        """Yield the line above, if there is one."""
        return iter(())

    def below(self) -> Iterator[Widget]:
        """Yield the line of keys, if there is one."""
        return iter(())

    def heading(self) -> str:
        """Say in plain characters what this screen is: large words are drawn, and not read aloud."""
        return ""

    def body(self) -> Iterator[Widget]:
        """Yield what this screen is about."""
        raise NotImplementedError

    def aside(self) -> Iterator[Widget]:
        """Yield what may take the body's place for a while."""
        return iter(())

    def hint(self) -> str:
        """Say which keys do something here: `[Enter] next   [Esc] back`."""
        return ""

    def hear(self, notification: Notification) -> None:
        """Take note of the register's news."""

    def tell_last(self, fact: Message) -> None:
        """Tell the app what ends this screen, once.

        Two hasty keys, or a key and the idle timer, must not lead to two places.
        """
        if not self._told_last:
            self._told_last = True
            self.post_message(fact)

    def tell_printer(self, trouble: str) -> None:
        """Say that there will be no slip, or nothing, where somebody is about to pay."""

    def tell_condition(self, state: PrinterState) -> None:
        """Say how the printer is, where somebody looks after it."""

    def say(self, text: str) -> None:
        """Say what came of something that was asked for here."""

    def tell_printed(self, transaction_id: str, slip: Slip) -> None:
        """Say where a slip is, where one is talked about."""

    def tell_signed(self, transaction_id: str, found: SlipSignature) -> None:
        """Show what a signer wants to be shown of a payment, where one is shown."""

    # -- time --------------------------------------------------------------------------------------

    def every(self, seconds: float, what: Callable[[], object]) -> Timer:
        """Do something again and again, in turn with keys and news, as Textual's `set_timer` does once.

        Its `set_interval` may find a screen that is being laid out anew, with nothing on it.
        """
        return self.set_interval(seconds, partial(self.call_next, what))

    # -- the moment of an answer ------------------------------------------------------------------

    def hurry(self) -> None:
        """Paint what changes at once from now on, for a moment: somebody waits for what comes now.

        Textual paints at a rate, and what follows a layout waits for another picture.
        """
        self._hurries_until = monotonic() + HURRY_S

    def on_idle(self) -> None:
        """Paint, where there is no time to wait for the next picture's turn."""
        if self.is_current and monotonic() < self._hurries_until:
            self._on_timer_update()

    # -- what subclasses answer to --------------------------------------------------------------

    def digit(self, digit: int) -> None:
        """Answer to a digit."""

    def enter(self) -> None:
        """Answer to Enter, of either kind."""

    def erase(self) -> None:
        """Answer to Backspace."""

    def back(self) -> None:
        """Answer to Esc or the numpad's point: back, or give up."""

    def write(self, character: str) -> bool:
        """Take a character of a text; False where no text is typed."""
        del character
        return False

    def service(self) -> None:
        """Answer to the service key."""

    def quit(self) -> None:
        """Answer to Ctrl+D: leave in the middle of something, where that is possible."""

    def language(self) -> None:
        """Answer to plus: another language."""

    def lookup(self) -> None:
        """Answer to the star: where is my money."""

    def contrast(self) -> None:
        """Answer to minus: other colours."""

    def touched(self) -> bool:
        """Take note that somebody is there; True when that was all that the key was for."""
        return False

    # -- what is no key: nothing of it is ever sent, or gives a payment up -------------------------

    def burst(self, text: str, *, entered: bool) -> None:
        """Answer to a scan, or to keys that a line brought in one piece; an Enter in it is nobody's."""

    def paste(self, text: str) -> None:
        """Answer to a text that was pasted: one line, without what cannot be seen."""

    def noise(self) -> None:
        """Answer to bytes that are no key."""

    def take_burst(self, came: Burst) -> None:
        """Take what came in one piece; where it may be typed, at once, as single digits are."""
        if not self.touched() and (self.TYPING or not self.is_deaf()):
            self.burst(came.text, entered=came.entered)

    def on_paste(self, event: events.Paste) -> None:
        """Take what was pasted."""
        event.stop()
        if not self.touched() and (self.TYPING or not self.is_deaf()):
            self.paste(one_line(event.text).strip())

    # -- keys ------------------------------------------------------------------------------------

    @property
    def step(self) -> ScreenStep:
        """How large everything is here."""
        return step_of(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        """Take the size of the terminal: everything is as large as there is room."""
        self.fit_to(event.size)

    def fit_to(self, room: Size) -> bool:
        """Say to the stylesheets how large everything is; return whether that has changed."""
        step = step_of(room)
        changed = not self.has_class(f"-{step.name}")
        sizes = {f"-{one.name}": one is step for one in (*STEPS, SMALL)}
        self.update_classes(sizes, update=self.is_attached)
        return changed

    def on_key(self, event: events.Key) -> None:
        """Turn a key into what it means here; every other key does nothing."""
        event.stop()
        event.prevent_default()
        if self.touched():
            return
        typed = self.TYPING and event.key in _TYPED
        if not typed and self.is_deaf():
            return
        if not (event.character and event.is_printable and self.write(event.character)):
            self.press(event.key)

    def is_deaf(self) -> bool:
        """Whether it is too early for a key; who is in the middle of something must let go first."""
        now = monotonic()
        if now >= self._deaf_until:
            return False
        if not self.RESTING:
            self._deaf_until = now + DEAF_S
        return True

    def wait_for_paint(self) -> None:
        """Be deaf until this is on the screen, however long that takes."""
        self.call_after_refresh(self._be_deaf_until, self._deaf_until)
        self._be_deaf_until(monotonic() + UNPAINTED_S)

    def _be_deaf_until(self, moment: float) -> None:
        """Take this moment; not `setattr`: to read a builtin's signature Textual touches every module."""
        self._deaf_until = moment

    def on_tile_picked(self, event: Tile.Picked) -> None:
        """Turn a tap into the key that it stands for; a second tap is none of the next screen's."""
        if not self.touched() and not self.is_deaf():
            self.press(event.key)

    def press(self, key: str) -> None:
        """Do what a key means."""
        if key.isdigit() and key.isascii():
            self.digit(int(key))
        elif key in _KEYS:
            getattr(self, _KEYS[key])()


_KEYS: Final = {
    "enter": "enter",
    "ctrl+m": "enter",
    "ctrl+j": "enter",
    "backspace": "erase",
    "ctrl+h": "erase",
    "delete": "erase",
    "slash": "erase",
    "escape": "back",
    "full_stop": "back",
    "comma": "back",
    "f12": "service",
    "plus": "language",
    "asterisk": "lookup",
    "minus": "contrast",
    "ctrl+d": "quit",
}


def means_nothing(key: str) -> bool:
    """Whether this key, such as a letter, means nothing on any screen."""
    return (len(key) == 1 and not key.isdigit()) or key in (
        "space",
        "tab",
        "up",
        "down",
        "left",
        "right",
    )


_TYPED: Final = frozenset({*"0123456789", "backspace", "ctrl+h", "delete", "slash"})
