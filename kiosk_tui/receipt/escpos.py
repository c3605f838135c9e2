"""ESC/POS printers on the network, on USB, or behind a device file, by `python-escpos`.

The library knows the printers' code pages and commands; it costs 0.2 s and 17 MB, so it is an extra of
its own, and imported in the printer's thread when there is something to print.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk_tui.domain.slip import Condition, NotPrinted, Printed, PrinterState, PrintOutcome
from kiosk_tui.receipt import printed_code
from kiosk_tui.receipt.code_pages import CodePage
from kiosk_tui.receipt.lines import CodeLine, Large, Spell
from kiosk_tui.receipt.logo import Logo
from kiosk_tui.receipt.printer_thread import HangsError, PrinterThread
from kiosk_tui.receipt.spelling import Spelling
from kiosk_tui.records import dataclass
from kiosk_tui.text.encodings import plainer

CONNECT_S: Final = 3.0
"""For a connection, for the answer to a question, and for a line that the printer does not take."""
MOST_S: Final = 10.0
"""A slip is printed within this, or not at all."""
STAYS_S: Final = 0.2
"""A printer that only hangs up when it is asked is still there after this."""
_MOST_BYTES: Final = 64
"""So much of what a printer says by itself is passed over in search of its answer."""

_START: Final = b"\x1b@\x1c."
"""What the last one left set is forgotten, and out of the mode for Chinese: clones begin in it, and take two
bytes beyond ASCII for one character. Printers without that mode ignore it."""
_LARGE: Final = b"\x1d!\x11"
_ORDINARY: Final = b"\x1d!\x00"
"""GS ! n: twice as wide and high, and neither. Which font is used stays as it is."""

_ASK_CAUSE: Final = b"\x10\x04\x02"
_ASK_PAPER: Final = b"\x10\x04\x04"
_FIXED: Final = 0b1001_0011
_ANSWER: Final = 0b0001_0010
"""In each answer to DLE EOT bits 1 and 4 are set, 0 and 7 are not. That tells it from automatic
status (its first byte has bit 1 off, the others bit 4), from XON and XOFF, and from 0x00 and 0xff."""
_COVER_OPEN: Final = 0x04
_PAPER_OUT: Final = 0x60
_PAPER_LOW: Final = 0x0C
"""DLE EOT n and its answers' bits, as Epson's ESC/POS reference has them."""


class NoAnswerError(Exception):
    """The printer was asked, and said nothing that answers."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where a printer is: `tcp://host:9100`, `usb://04b8:0202` or `file:///dev/usb/lp0`."""

    url: str
    profile: str = "default"
    ask: bool = True
    """Whether it is asked how it is; one that takes that for text to print is not."""
    page: CodePage | None = None
    """The code page that it prints in; without one, whichever of its profile's has a letter."""
    logo: Logo | None = None
    """What stands above each slip."""
    dots: int = 384
    """Dots in a line: how large a QR code may be."""

    def open(self) -> Any:
        """Return the library's printer, opened. Raises what the library raises."""
        from escpos import printer  # noqa: PLC0415 - dear

        parts = urlsplit(self.url)
        if parts.scheme == "tcp":
            # connected by us: the library knows no IPv6, and leaves a refused socket open
            address = (parts.hostname or "", parts.port or 9100)
            found = printer.Network(*address, timeout=CONNECT_S, profile=self.profile)
            found.device = socket.create_connection(address, CONNECT_S)
            return found
        if parts.scheme == "usb":
            import usb  # noqa: F401, PLC0415 - said at once when it is missing

            vendor, _, product = parts.netloc.partition(":")
            found = printer.Usb(int(vendor, 16), int(product, 16), profile=self.profile)
        else:
            found = printer.File(parts.path, profile=self.profile)
        found.open()
        return found

    @property
    def answers(self) -> bool:
        """Whether it is asked how it is: a file only takes."""
        return self.ask and not self.url.startswith("file:")


@dataclass(slots=True)
class _Job:
    """A slip on its way. `sent`: its first byte has left; `begun`: a part of it may be printed."""

    lines: Sequence[str]
    sent: bool = False
    begun: bool = False


class EscPos:
    """One printer. Opened for each slip and each question: it may be switched off in between."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._patience = PrinterThread(MOST_S)
        self._spelling: Spelling | None = None

    async def state(self) -> PrinterState:
        """Ask how it is."""
        found = await self._work(self._ask)
        return found if isinstance(found, PrinterState) else PrinterState(Condition.OFFLINE, found)

    async def spelling(self) -> Spell:
        """Return what spells a text in the letters of its code page, or of its profile's pages."""
        if self._spelling is None:
            if self._device.page is not None:
                self._spelling = Spelling(self._device.page.has)
            else:
                found = await self._work(lambda: Spelling(_profile_has(self._device.profile)))
                if isinstance(found, str):
                    return plainer  # printing says what is wrong
                self._spelling = found
        return self._spelling

    async def print(self, name: str, lines: Sequence[str]) -> PrintOutcome:
        """Print lines and cut."""
        del name
        spell = await self.spelling()
        job = _Job([_spelled(line, spell) for line in lines])
        found = await self._work(lambda: self._print(job))
        return NotPrinted(found, begun=job.begun) if isinstance(found, str) else found

    async def _work(self, work: Callable[[], Any]) -> Any:
        try:
            return await self._patience.run(work)
        except HangsError:
            return f"The printer {self._device.url} does not answer."
        except ImportError as error:
            return f"Printing needs kiosk-tui[printer] ({error.name} is not installed)."
        except Exception as error:  # noqa: BLE001 - a library's, of many kinds; none costs a payment
            return f"The printer {self._device.url} cannot be used: {_first_line(error)}."

    def _ask(self) -> PrinterState:
        if self._device.answers:
            with self._opened() as printer, contextlib.suppress(NoAnswerError):
                return _state_of(printer)
        with self._opened() as printer:
            if _listen(printer) == b"":
                raise ConnectionResetError("it hangs up")
        return PrinterState(Condition.UNKNOWN, "The printer does not say how it is.")

    def _print(self, job: _Job) -> PrintOutcome:
        job.begun = True  # whoever waits no longer cannot know how far it gets
        try:
            return self._print_on(job)
        except Exception:
            job.begun = job.sent
            raise

    def _print_on(self, job: _Job) -> PrintOutcome:
        """Print, and ask before and after: what a printer without paper is sent vanishes in it.

        One that does not answer gets its slip all the same, over a connection without a question.
        """
        if self._device.answers:
            with self._opened() as printer, contextlib.suppress(NoAnswerError):
                return self._print_asking(printer, job)
        with self._opened() as printer:
            self._send(printer, job)
            _listen(printer)  # a connection that was reset has lost it
        return Printed()

    def _print_asking(self, printer: Any, job: _Job) -> PrintOutcome:
        """Print, and ask before and after. Raises `NoAnswerError` before anything is printed."""
        state = _state_of(printer)
        if state.prints:
            self._send(printer, job)
            with contextlib.suppress(NoAnswerError):  # it has taken all of it
                state = _state_of(printer)
        if state.prints:
            return Printed()
        return NotPrinted(state.why, state.condition, begun=job.sent)

    def _send(self, printer: Any, job: _Job) -> None:
        page, logo = self._device.page, self._device.logo
        start = _START + (b"" if page is None else page.selected)
        picture = b"" if logo is None else logo.raster()
        job.sent = True
        printer._raw(start + picture)  # noqa: SLF001
        for line in _with_codes(job.lines, self._device.dots):
            if isinstance(line, bytes):
                printer._raw(line)  # noqa: SLF001
                continue
            before, text, after = (
                (_LARGE, line.half, _ORDINARY) if isinstance(line, Large) else (b"", line, b"")
            )
            printer._raw(before)  # noqa: SLF001
            if page is None:
                printer.text(f"{text}\n")
            else:
                printer._raw(page.encode(f"{text}\n"))  # noqa: SLF001
            printer._raw(after)  # noqa: SLF001
        printer.cut()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Any]:
        printer = self._device.open()
        try:
            yield printer
        finally:
            printer.close()


def _with_codes(lines: Sequence[str], dots: int) -> Iterator[str | bytes]:
    """Yield the lines, and pictures in the place of those that are codes: the lines where none can be drawn."""
    drawn = False
    for line in lines:
        if not isinstance(line, CodeLine):
            yield line
            continue
        if line.content:
            try:
                picture = printed_code.raster(line.content, dots)
            except ValueError:
                picture = b""
            drawn = bool(picture)
            yield picture
        if not drawn:
            yield line


def _spelled(line: str, spell: Spell) -> str:
    """Spell a line that was laid out without the printer's letters; others are left as they are."""
    if isinstance(line, CodeLine):
        return CodeLine(spell(line), line.content)
    return Large(spell(line), spell(line.half)) if isinstance(line, Large) else spell(line)


def _profile_has(profile: str) -> Callable[[str], bool]:
    """Return what says whether some code page of a profile has a character."""
    from escpos.capabilities import get_profile  # noqa: PLC0415 - dear
    from escpos.magicencode import Encoder  # noqa: PLC0415

    encoder = Encoder(get_profile(profile).get_code_pages())
    return lambda one: any(encoder.can_encode(page, one) for page in encoder.codepages)


def _state_of(printer: Any) -> PrinterState:
    """Ask a printer how it is. Raises `NoAnswerError`."""
    return judge(_asked(printer, _ASK_CAUSE), _asked(printer, _ASK_PAPER))


def _asked(printer: Any, question: bytes) -> int:
    """Return the byte that answers; whatever else the printer says meanwhile is none."""
    until, left = time.monotonic() + CONNECT_S, _MOST_BYTES
    try:
        printer._raw(question)  # noqa: SLF001 - `query_status` takes whatever comes first
        while left > 0 and time.monotonic() < until:
            said = bytes(printer._read())  # noqa: SLF001
            if not said:
                break
            left -= len(said)
            for one in said:
                if one & _FIXED == _ANSWER:
                    return one
    except Exception as error:
        raise NoAnswerError from error  # a library's, of many kinds
    raise NoAnswerError


def _listen(printer: Any) -> bytes | None:
    """Return what a network printer says by itself: nothing at all where it hangs up.

    Raises `OSError` where the connection was reset.
    """
    if isinstance(printer.device, socket.socket):
        printer.device.settimeout(STAYS_S)
        with contextlib.suppress(TimeoutError):
            return printer.device.recv(_MOST_BYTES)
    return None


def judge(cause: int, paper: int) -> PrinterState:
    """Return what the answers to `DLE EOT 2` and `DLE EOT 4` mean."""
    if paper & _PAPER_OUT:
        return PrinterState(Condition.PAPER_OUT, "The printer is out of paper.")
    if cause & _COVER_OPEN:
        return PrinterState(Condition.COVER_OPEN, "The printer's cover is open.")
    if paper & _PAPER_LOW:
        return PrinterState(Condition.PAPER_LOW, "The printer's paper is near its end.")
    return PrinterState(Condition.READY)


def _first_line(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return (said[-1] if said else type(error).__name__).rstrip(".")
