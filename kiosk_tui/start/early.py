"""Takes the terminal for the full screen as the first thing of all: a picture, keys raw and unseen.

Whoever loads the rest takes it over from here (`take_over`); where that never happens, `give_back` leaves
the terminal as it was. One process has one terminal, so this is the state of a module.
"""

import posix
import select
import termios

from kiosk_tui.start.abilities import DUMB, is_console
from kiosk_tui.start.arguments import full_screen
from kiosk_tui.start.picture import Stretch, left, stretches, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LANES = b"KIOSK_TUI_LANES"
"""The environment variable that names the socket of the lanes' parent, which the terminal is handed to."""
READS = 0
DRAWS_ON = 2
"""Textual reads from standard input and draws on standard error."""
USUAL = (80, 24)
"""The size of a terminal that does not tell its own, as many serial ones."""

Mode = list[int | list[bytes | int]]
"""What `termios.tcgetattr` returns."""


class Early:
    """What the start did to the terminal: the keyboard's mode `before`, and the picture of which size."""

    def __init__(self, before: Mode, size: tuple[int, int], environment: dict[str, str]) -> None:
        self.before = before
        self.size = size
        self.environment = environment
        self.handed_on = False
        """Whether another process drew the picture: a lane that is forked has it from its login command."""

    @property
    def tuned(self) -> bool:
        """Whether the terminal's colours were set."""
        return is_console(self.environment)

    def stretches(self) -> list[Stretch]:
        """Return what stands on the screen."""
        return stretches(*self.size, self.environment)


_early: list[Early] = []


def begin(arguments: list[str]) -> bool:
    """Show the first picture, where a full screen is asked for and there is a terminal for it.

    Return whether the terminal is taken. It never waits for the terminal: one that takes nothing gets
    its picture later.
    """
    if _early or full_screen(arguments) is None:
        return bool(_early)
    environment = decoded(posix.environ)
    if environment.get("TERM", "") in DUMB or not all(map(posix.isatty, (READS, DRAWS_ON))):
        return False
    try:
        _take(environment)
    except (OSError, termios.error):
        return False
    return bool(_early)


def decoded(environment: "Mapping[bytes, bytes]") -> dict[str, str]:
    """Return an environment as texts: what is looked at here is ASCII, and the rest may be anything."""
    return {one.decode("latin-1"): of.decode("latin-1") for one, of in environment.items()}


def take_over() -> Early | None:
    """Hand on what was taken; from now on it is the caller's to give back."""
    return _early.pop() if _early else None


def go_on(early: Early) -> None:
    """Go on with what another process took, and handed on with its terminal."""
    early.handed_on = True
    _early.append(early)


def taken() -> Early | None:
    """Return what is taken, and not handed on yet."""
    return _early[-1] if _early else None


def give_back() -> None:
    """Give the terminal back as it was, where nobody has taken it over."""
    early = take_over()
    if early is None:
        return
    try:
        posix.write(DRAWS_ON, left(early.environment).encode("ascii"))
        termios.tcflush(READS, termios.TCIFLUSH)
        termios.tcsetattr(READS, termios.TCSANOW, early.before)
    except (OSError, termios.error):
        pass  # it is gone


def size() -> tuple[int, int]:
    """Return the columns and rows of the terminal."""
    try:
        columns, rows = posix.get_terminal_size(DRAWS_ON)
    except OSError:
        return USUAL
    return columns or USUAL[0], rows or USUAL[1]


def make_raw() -> Mode:
    """Let every key come at once, unseen; return the mode before. Raises `termios.error`."""
    before = termios.tcgetattr(READS)
    wanted = termios.tcgetattr(READS)
    wanted[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    wanted[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    wanted[1] &= ~termios.OPOST  # a line feed is a step down, and no more
    wanted[6][termios.VMIN] = 1
    termios.tcsetattr(READS, termios.TCSANOW, wanted)
    return before


def _take(environment: dict[str, str]) -> None:
    before, here = make_raw(), size()
    data = written(*here, environment).encode("ascii")
    try:
        termios.tcflow(DRAWS_ON, termios.TCOON)  # Ctrl-S, say, may have stopped it
        takes = select.poll()
        takes.register(DRAWS_ON, select.POLLOUT)
        if takes.poll(0):
            while data:
                data = data[posix.write(DRAWS_ON, data) :]
            _early.append(Early(before, here, environment))
    finally:
        if not _early:
            termios.tcsetattr(READS, termios.TCSANOW, before)
