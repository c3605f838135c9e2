"""Which copies of which transaction are printed.

Owns: the policy, and what is known of the printer. Refuses to know: screens, the line, the journal.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.slip import NotPrinted, Printed, PrinterState, PrintOutcome
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.receipt.printer import Printer
from kiosk_tui.receipt.slip import Copy, slip
from kiosk_tui.records import dataclass
from kiosk_tui.text.signature import needs_signature

log = logging.getLogger(__name__)

_ALWAYS: Final = frozenset({State.APPROVED, State.CANCEL_DUE, State.VOID_DUE, State.NEEDS_STAFF})
"""A slip for what was paid, and for whatever leaves a question: its reference is on it."""

_ALSO: Final = frozenset({State.DECLINED, State.CANCELLED, State.NOTHING_TO_CANCEL, State.SETTLED})


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

    async def state(self) -> PrinterState:
        """Return how the printer is."""
        return await self._printer.state()

    def wanted(self, one: Transaction) -> bool:
        """Say whether a slip of this transaction is printed by itself."""
        return one.state in _ALWAYS or (self._style.declined and one.state in _ALSO)

    async def print(self, one: Transaction, *, duplicate: bool = False) -> PrintOutcome:
        """Print the copies of a transaction; the merchant's too where somebody has to sign."""
        outcome: PrintOutcome = Printed()
        copies = self._style.copies
        if needs_signature(one) and Copy.MERCHANT not in copies:
            copies = (*copies, Copy.MERCHANT)
        for copy in copies:
            lines = self.lines(one, copy, duplicate=duplicate)
            outcome = await self._printer.print(f"{one.id}-{copy}", lines)
            if isinstance(outcome, NotPrinted):
                log.warning("the slip of %s was not printed: %s", one.id, outcome.why)
                return outcome
        return outcome

    @property
    def columns(self) -> int:
        """Characters a line."""
        return self._style.columns

    async def print_lines(self, name: str, lines: Sequence[str]) -> PrintOutcome:
        """Print what is no slip of one transaction: a day's end."""
        outcome = await self._printer.print(name, lines)
        if isinstance(outcome, NotPrinted):
            log.warning("%s was not printed: %s", name, outcome.why)
        return outcome

    def lines(self, one: Transaction, copy: Copy, *, duplicate: bool = False) -> Sequence[str]:
        """Return a slip's lines: the customer's in the order's language, the merchant's in his."""
        return slip(
            one,
            self._style.columns,
            copy=copy,
            locale=self._locale(one.order.language, copy),
            duplicate=duplicate,
            demo=self._style.demo,
        )

    def _locale(self, language: str, copy: Copy) -> str:
        if copy is Copy.MERCHANT:
            return self._style.locales[0]
        return next((one for one in self._style.locales if one.startswith(language)), language)
