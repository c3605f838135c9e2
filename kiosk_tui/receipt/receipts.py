"""Which copies of which transaction are printed.

Owns: the policy, and what is known of the printer. Refuses to know: screens, the line, the journal.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.slip import NotPrinted, Printed, PrinterState, PrintOutcome
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.printer import Printer
from kiosk_tui.receipt.slip import Copy, slip
from kiosk_tui.records import dataclass
from kiosk_tui.text.signature import needs_signature

if TYPE_CHECKING:
    from kiosk_tui.domain.fiscal import SlipSignature  # only where there is a signer

    SignatureOf = Callable[[Transaction], Awaitable[SlipSignature | None]]

log = logging.getLogger(__name__)

_ALWAYS: Final = frozenset({State.APPROVED, State.CANCEL_DUE, State.VOID_DUE, State.NEEDS_STAFF})
"""A slip for what was paid, and for whatever leaves a question: its reference is on it."""

_ALSO: Final = frozenset({State.DECLINED, State.CANCELLED, State.NOTHING_TO_CANCEL, State.SETTLED})

_MOST_OWED: Final = 1000
"""More slips than anybody asks for once there is paper again."""


@dataclass(frozen=True, slots=True)
class Style:
    """How slips look. `locales` are the kiosk's languages, its own first."""

    columns: int = 42
    copies: tuple[Copy, ...] = (Copy.CUSTOMER,)
    declined: bool = True
    locales: tuple[str, ...] = ("en",)
    demo: bool = False


class Receipts:
    """Prints slips, and never costs a payment: what goes wrong is a value, and a line in the log."""

    def __init__(self, printer: Printer, style: Style) -> None:
        self._printer = printer
        self._style = style
        self._owed: dict[str, None] = {}
        """Slips that were to be printed by themselves, and of which surely nothing was."""
        self.signature_of: SignatureOf | None = None
        """Asked what a signer wants on a slip, within bounds; None where there is no signer."""

    async def state(self) -> PrinterState:
        """Return how the printer is."""
        return await self._printer.state()

    def wanted(self, one: Transaction) -> bool:
        """Say whether a slip of this transaction is printed by itself."""
        return one.state in _ALWAYS or (self._style.declined and one.state in _ALSO)

    async def print(self, one: Transaction, *, again: bool = False) -> PrintOutcome:
        """Print the copies of a transaction; the merchant's too where somebody has to sign.

        What is printed `again` is marked as a duplicate, unless it is known that its first print never
        began: then this is the first.
        """
        outcome: PrintOutcome = Printed()
        copies, paper = self._style.copies, await self._paper()
        fiscal = None if self.signature_of is None else await self.signature_of(one)
        if needs_signature(one) and Copy.MERCHANT not in copies:
            copies = (*copies, Copy.MERCHANT)
        names = [f"{one.id}-{copy}" for copy in copies]
        firsts = [not again or name in self._owed for name in names]
        self._owe(name for name, first in zip(names, firsts, strict=True) if first)
        for name, copy, first in zip(names, copies, firsts, strict=True):
            lines = self._lines(one, copy, paper, fiscal, duplicate=not first)
            outcome = await self._printer.print(name, lines)
            if isinstance(outcome, Printed) or outcome.begun:
                self._owed.pop(name, None)
            if isinstance(outcome, NotPrinted):
                log.warning("the slip of %s was not printed: %s", one.id, outcome.why)
                return outcome
        return outcome

    def _owe(self, names: Iterable[str]) -> None:
        self._owed |= dict.fromkeys(names)
        while len(self._owed) > _MOST_OWED:
            del self._owed[next(iter(self._owed))]

    async def _paper(self) -> Paper:
        """Return what lines are laid out on: the width of its paper, the letters of the printer."""
        return Paper(self._style.columns, await self._printer.spelling())

    async def print_lines(
        self, name: str, laid_out: Callable[[Paper], Sequence[str]]
    ) -> PrintOutcome:
        """Print what is no slip of one transaction: a day's end. It is laid out in a thread."""
        lines = await asyncio.to_thread(laid_out, await self._paper())
        outcome = await self._printer.print(name, lines)
        if isinstance(outcome, NotPrinted):
            log.warning("%s was not printed: %s", name, outcome.why)
        return outcome

    def _lines(
        self,
        one: Transaction,
        copy: Copy,
        paper: Paper,
        fiscal: SlipSignature | None,
        *,
        duplicate: bool,
    ) -> Sequence[str]:
        """Return a slip's lines: the customer's in the order's language, the merchant's in his."""
        return slip(
            one,
            paper,
            copy=copy,
            locale=self._locale(one.order.language, copy),
            duplicate=duplicate,
            demo=self._style.demo,
            fiscal=fiscal,
        )

    def _locale(self, language: str, copy: Copy) -> str:
        if copy is Copy.MERCHANT:
            return self._style.locales[0]
        return next((one for one in self._style.locales if one.startswith(language)), language)
