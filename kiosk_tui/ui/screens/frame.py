"""The frame that all screens share, and what keys mean. Light: it is part of the first picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.one_line import one_line
from kiosk_tui.text.texts import _
from kiosk_tui.ui.widgets.room import SMALLEST, Fitting, is_small

if TYPE_CHECKING:
    # what these need (domain, payment) is loaded while the first picture is on the screen
    from kiosk_tui.domain.slip import Slip
    from kiosk_tui.payment.notifications import Notification
    from kiosk_tui.ui.driver.typed import Burst
    from kiosk_tui.ui.widgets.tile import Tile

DEAF_S: Final = 0.3
"""A new screen is deaf for so long: an Enter that is held down must not run through several, and the
last digit of an amount must not choose a tip."""

MARGIN: Final = "  "
"""Left and right of the line above."""

monotonic: Callable[[], float] = time.monotonic


class Frame(Screen[None], inherit_bindings=False):
    """A line above, the body, a line of keys below. Subclasses answer to what keys mean."""

    BINDINGS: ClassVar[list[BindingType]] = []
    ALLOW_SELECT = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual's
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-middle"), (36, "-high")]  # noqa: RUF012
    AUTO_FOCUS = None
    RESTING: ClassVar[bool] = False
    """Nobody is in the middle of anything here: the app may change the screen at will."""
    IDLE: ClassVar[bool] = False
    """Whether a customer who walks away from here is led back to the beginning."""
    TYPING: ClassVar[bool] = False
    """Digits are heard here at once: whoever types an amount fast must not lose one."""
    SERVICE: ClassVar[bool] = True
    """Whether the service key is heard here."""

    POINTED: ClassVar[bool] = False
    """Whether something can be pointed at here: only then the terminal is asked for its mouse."""

    def __init__(self) -> None:
        super().__init__()
        self._deaf_until = monotonic() + DEAF_S
        self._told_last = False

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield Static(self._headline(self.app.size), id="head", markup=False)
        with Vertical(id="body"):
            yield from self.body()
            yield from self.aside()
        yield Static(self.languages(), id="languages", markup=False)
        yield Static(self.keys(), id="hint", markup=False)

    def head(self) -> Content:
        """Say whose kiosk it is, and what this screen is; as wide as the line, for `mono` reverses it."""
        return Content(f"{MARGIN}{self.heading()}".ljust(self.app.size.width))

    def head_of_small(self) -> str:
        """Say that this window is too small to show everything."""
        room = self.app.size
        needed, now = (f"{columns} x {rows}" for columns, rows in (SMALLEST, room))
        return _("Please make the window larger: {needed} (now {now})").format(
            needed=needed, now=now
        )

    def _headline(self, room: Size) -> Content | str:
        return f"{MARGIN}{self.head_of_small()}" if is_small(room) else self.head()

    def heading(self) -> str:
        """Say in plain characters what this screen is: large words are drawn, and not read aloud."""
        return ""

    def body(self) -> Iterator[Widget]:
        """Yield what this screen is about."""
        raise NotImplementedError

    def languages(self) -> str:
        """Say how to get another language."""
        return ""

    def aside(self) -> Iterator[Widget]:
        """Yield what may take the body's place for a while."""
        return iter(())

    def hint(self) -> str:
        """Say which keys do something here."""
        return ""

    def keys(self) -> str:
        """Return the hint with the keys' names as this machine's keyboard has them."""
        return self.hint()

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

    def say(self, text: str) -> None:
        """Say what came of something that was asked for here."""

    def tell_printed(self, transaction_id: str, slip: Slip) -> None:
        """Say where a slip is, where one is talked about."""

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

    def on_resize(self, event: events.Resize) -> None:
        """Say so when the terminal is too small to show everything, and write all of it plain."""
        self.set_class(is_small(event.size), "-small")
        self.query_one("#head", Static).update(self._headline(event.size))
        for one in self.query(Fitting):
            one.fit()

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

    def on_tile_picked(self, event: Tile.Picked) -> None:
        """Turn a tap into the key that it stands for."""
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
_TYPED: Final = frozenset({*"0123456789", "backspace", "ctrl+h", "delete", "slash"})
