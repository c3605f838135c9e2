"""ESC/POS printers on the network, on USB, or behind a device file, by `python-escpos`.

The library knows the printers' code pages and commands; it costs 0.2 s and 17 MB, so it is an extra of
its own, and imported in the printer's thread when there is something to print.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk_tui.receipt.patience import HangsError, Patience
from kiosk_tui.receipt.printer import (
    Condition,
    NotPrinted,
    Printed,
    PrinterState,
    PrintOutcome,
)

CONNECT_S: Final = 3.0
MOST_S: Final = 10.0
"""A slip is printed within this, or not at all."""

_ASK_CAUSE: Final = b"\x10\x04\x02"
_ASK_PAPER: Final = b"\x10\x04\x04"
_COVER_OPEN: Final = 0x04
_PAPER_OUT: Final = 0x60
_PAPER_LOW: Final = 0x0C
"""DLE EOT n and its answers' bits, as Epson's ESC/POS reference has them."""


_SAID: Final = frozenset({Condition.READY, Condition.PAPER_LOW})
"""A printer that said this answers: it is asked again after the slip."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where a printer is: `tcp://host:9100`, `usb://04b8:0202` or `file:///dev/usb/lp0`."""

    url: str
    profile: str = "default"

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
        """Whether it can be asked how it is: a file only takes."""
        return not self.url.startswith("file:")


class EscPos:
    """One printer. Opened for each slip and each question: it may be switched off in between."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._patience = Patience(MOST_S)

    async def state(self) -> PrinterState:
        """Ask how it is."""
        found = await self._work(self._ask)
        return found if isinstance(found, PrinterState) else PrinterState(Condition.OFFLINE, found)

    async def print(self, name: str, lines: Sequence[str]) -> PrintOutcome:
        """Print lines and cut."""
        del name
        found = await self._work(lambda: self._print(lines))
        return NotPrinted(found) if isinstance(found, str) else found

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
        printer = self._device.open()
        try:
            return self._state_of(printer)
        finally:
            printer.close()

    def _print(self, lines: Sequence[str]) -> PrintOutcome:
        """Print, and ask before and after: what a printer without paper is sent vanishes in it."""
        printer = self._device.open()
        try:
            state = self._believed(printer)
            if state.prints:
                for line in lines:
                    printer.text(f"{line}\n")
                printer.cut()
            if state.condition in _SAID:
                state = self._believed(printer)
        finally:
            printer.close()
        return Printed() if state.prints else NotPrinted(state.why)

    def _believed(self, printer: Any) -> PrinterState:
        """Return how it is; one that does not say so gets its slip all the same."""
        try:
            return self._state_of(printer)
        except Exception:  # noqa: BLE001 - a library's, of many kinds; a broken line fails again below
            return PrinterState(Condition.UNKNOWN)

    def _state_of(self, printer: Any) -> PrinterState:
        if not self._device.answers:
            return PrinterState(Condition.UNKNOWN, "This printer cannot say how it is.")
        return judge(printer.query_status(_ASK_CAUSE), printer.query_status(_ASK_PAPER))


def judge(cause: bytes, paper: bytes) -> PrinterState:
    """Return what the answers to `DLE EOT 2` and `DLE EOT 4` mean; none at all means unknown."""
    if not cause or not paper:
        return PrinterState(Condition.UNKNOWN, "The printer does not say how it is.")
    if paper[0] & _PAPER_OUT:
        return PrinterState(Condition.PAPER_OUT, "The printer is out of paper.")
    if cause[0] & _COVER_OPEN:
        return PrinterState(Condition.COVER_OPEN, "The printer's cover is open.")
    if paper[0] & _PAPER_LOW:
        return PrinterState(Condition.PAPER_LOW, "The printer's paper is near its end.")
    return PrinterState(Condition.READY)


def _first_line(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return (said[-1] if said else type(error).__name__).rstrip(".")
