"""The terminal driver: it writes only the cells that change, and never waits for the terminal.

Textual's own driver handles signals, which only a main thread may, waits when the terminal takes
nothing, and asks it questions whose answers may come late. This one does none of it: whoever owns the
signals tells it a change of size.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from kiosk_tui.start import early
from kiosk_tui.start.abilities import PALETTE_RESET, PALETTE_SET, erases
from kiosk_tui.start.picture import ENTER, LEAVE
from kiosk_tui.ui.driver.outlet import Outlet
from kiosk_tui.ui.driver.shading import Shading
from kiosk_tui.ui.driver.shadow import Shadow

if TYPE_CHECKING:
    from kiosk_tui.ui.driver.listening import Listening

log = logging.getLogger(__name__)

_NOTHING_NEW: Final = "\x1b[?25l"
"""Changes no picture (the cursor is hidden already), but the terminal has to take it."""


class LeanDriver(Driver):
    """Writes what Textual writes, less what is on the screen already."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._keyboard_before: list[Any] | None = None
        self._listening: Listening | None = None
        self._pointing = False
        self._shadow = Shadow()
        self._tuned = False
        self._outlet: Outlet | None = None
        self._handed_on = False

    # -- life ----------------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._shadow.erases = erases(os.environ)
        self._shadow.alone = _is_pseudo(early.DRAWS_ON)
        encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
        self._outlet = Outlet(early.DRAWS_ON, encoding, partial(self._in_loop, self._draw_anew))
        begun = early.take_over()
        self._tuned = begun is not None and begun.tuned
        tell: Callable[[], None] | None = getattr(self._app, "tell_driver", None)
        if tell is not None:
            tell()
        self._hear_of_size()
        self._resize()
        self._take_keyboard()
        if begun is None:
            self._write(ENTER)
        else:
            self._keyboard_before = begun.before
        if begun is not None and begun.size == early.size():
            self._shadow.seed(begun.stretches())
            self._handed_on = begun.handed_on
        self._enable_mouse_support()

    @property
    def shows_start(self) -> bool:
        """Whether the picture that another process drew still stands as it was: it need not be drawn again."""
        return self._handed_on and self._shadow.seeded

    def listen(self) -> None:
        """Begin to hear keys, once the first picture stands: first those that wait in the terminal."""
        from kiosk_tui.ui.driver.listening import Listening  # noqa: PLC0415 - after the first picture

        if self._outlet is not None and self._listening is None:
            self._listening = Listening(early.READS, self.process_message, self._gone, self._failed)
            self._listening.point(pointing=self._pointing)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        if self._keyboard_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(early.READS, termios.TCSANOW, self._keyboard_before)

    def close(self) -> None:
        """Say the last words; a terminal that does not take them is left as it is."""
        if self._outlet is not None:
            self._outlet.close(PALETTE_RESET * self._tuned + _MOUSE_OFF + LEAVE)

    def _take_keyboard(self) -> None:
        with contextlib.suppress(termios.error):
            self._keyboard_before = early.make_raw()

    def disable_input(self) -> None:
        """Hear no key any more."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.stop()
            with contextlib.suppress(termios.error):
                termios.tcflush(early.READS, termios.TCIFLUSH)

    # -- the end of the terminal, and faults, in the keyboard's thread ---------------------------------

    def _gone(self) -> None:
        """Tell the app that its terminal has gone away; one that has no ear for it ends."""
        log.info("the terminal has gone away")
        tell: Callable[[], None] | None = getattr(self._app, "gone", None)
        if tell is None:
            self._in_loop(self._app.exit)
        else:
            tell()

    def _failed(self, error: Exception) -> None:
        """Make a fault of the keyboard's thread one of the screen: a fresh one follows."""
        log.error("the keyboard is not heard any more", exc_info=error)
        self._in_loop(partial(self._app._handle_exception, error))  # noqa: SLF001 - as a message pump does

    # -- size ----------------------------------------------------------------------------------------

    def _hear_of_size(self) -> None:
        # in any other thread, whoever owns the signals calls `resized`
        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, self.resized)

    def resized(self) -> None:
        """Take note that the terminal may have another size. From any thread."""
        self._in_loop(self._resize)

    def look_at_size(self) -> None:
        """Take note of another size than is known, where nobody may have told of it. From any thread."""
        if early.size() != (self._shadow.columns, self._shadow.rows):
            self.resized()

    def _resize(self) -> None:
        """Tell the app; after a change of size nothing is known about the cells."""
        size = Size(*early.size())
        self._shadow.forget()
        self._shadow.columns, self._shadow.rows = size.width, size.height
        self._shadow.shading.resize(size.height)
        self.send_message(events.Resize(size, size))

    # -- output --------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Write what changes. Never waits for the terminal."""
        if not self._shadow.columns:
            self._shadow.columns, self._shadow.rows = early.size()
        self._write(self._shadow.reduce(data))

    def draw_with(self, shading: Shading, *, tuned: bool, linux: bool) -> None:
        """Shade the grounds so from now on; on a Linux console, with its colours tuned or its own.

        There a space in reverse video does not look as a block does, and bright is bold.
        """
        shading.resize(early.size()[1])
        self._shadow.shading = shading
        self._shadow.turns, self._shadow.linux = not linux, linux
        self._shadow.forget()
        if tuned != self._tuned:
            self._tuned = tuned
            self._write(PALETTE_SET if tuned else PALETTE_RESET)

    def _write(self, data: str) -> None:
        if self._outlet is not None:
            self._outlet.write(data)

    def prove(self, taken: Callable[[], None]) -> None:
        """Write a few bytes that show nothing; `taken` is called, in a thread, once they are through."""
        if self._outlet is not None:
            self._outlet.ask(taken, _NOTHING_NEW)

    def _draw_anew(self) -> None:
        """Draw everything: what was dropped may have been anything."""
        self._shadow.forget()
        self._write(ENTER + PALETTE_SET * self._tuned)
        self._enable_mouse_support()
        self._app.refresh(layout=True)

    def _in_loop(self, what: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what)

    def send_message(self, message: Message) -> None:
        """Pass a message on, from any thread; an app that has ended hears nothing."""
        telling = self._app._post_message(message)  # noqa: SLF001 - as Textual's own drivers do
        try:
            asyncio.run_coroutine_threadsafe(telling, self._loop)
        except RuntimeError:
            telling.close()

    # -- the mouse -----------------------------------------------------------------------------------

    def point(self, *, wanted: bool) -> None:
        """Ask for the mouse where something can be pointed at, and for none elsewhere."""
        if wanted != self._pointing:
            self._pointing = wanted
            if self._listening is not None:
                self._listening.point(pointing=wanted)
            self._write(_MOUSE_ON if wanted else _MOUSE_PAUSED)

    def _enable_mouse_support(self) -> None:
        if self._pointing:
            self._write(_MOUSE_ON)

    def _disable_mouse_support(self) -> None:
        if self._pointing:
            self._write(_MOUSE_PAUSED)


_ERASING: Final = ("xterm", "linux", "putty", "alacritty", "foot", "kmscon", "wezterm")
"""Terminals that erase in the colour that is set (terminfo's `bce`), as their names begin."""


def _is_pseudo(file: int) -> bool:
    """Say whether a terminal is a program, as over SSH: on a real one the kernel writes, too."""
    with contextlib.suppress(OSError):
        return os.ttyname(file).startswith("/dev/pts/")
    return False


_MOUSE_ON: Final = "\x1b[?1006h\x1b[?1000h"
"""Presses and releases only: a mouse that is moved sends nothing."""
_MOUSE_PAUSED: Final = "\x1b[?1000l"
_MOUSE_OFF: Final = "\x1b[?1006l\x1b[?1000l"
