"""The words for each operation: one row each, the third beside `domain.operations` and `tecs.wire`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _ as spoken
from kiosk_tui.text.translations import Texts


@dataclass(frozen=True, slots=True)
class OperationWords:
    """What an operation is called: to a cashier, on the line of keys, on a slip."""

    name: str
    short: str
    title: str


def kind(operation: Operation) -> str:
    """Name an operation."""
    return _words(operation, spoken).name


def short(operation: Operation) -> str:
    """Name an operation on the line of keys."""
    return _words(operation, spoken).short


def title(operation: Operation, said: Texts) -> str:
    """Return what a slip calls an operation."""
    return _words(operation, said.gettext).title


def balance(one: Transaction, locale: str) -> str:
    """Write what a card holds: an amount when it is one, else as TECS wrote it; it may be empty."""
    found = one.balance
    return format_amount(found, locale) if isinstance(found, Money) else one_line(found)


def _words(operation: Operation, _: Callable[[str], str]) -> OperationWords:
    return {
        Operation.SALE: OperationWords(_("Sale"), _("Sale"), _("SALE")),
        Operation.SALE_AND_TIP: OperationWords(_("Sale and tip"), _("Tip"), _("SALE")),
        Operation.REFUND: OperationWords(_("Refund"), _("Refund"), _("REFUND")),
        Operation.REFERENCED_REFUND: OperationWords(
            _("Refund of earlier"), _("Refund earlier"), _("REFUND")
        ),
        Operation.CANCELLATION: OperationWords(_("Cancellation"), _("Cancel"), _("CANCELLATION")),
        Operation.PREAUTHORIZATION: OperationWords(
            _("Preauthorization"), _("Preauth"), _("PREAUTHORIZATION")
        ),
        Operation.COMPLETION: OperationWords(_("Completion"), _("Complete"), _("COMPLETION")),
        Operation.MOTO: OperationWords(_("Sale by reference"), "MOTO", _("SALE, CARD NOT PRESENT")),
        Operation.BALANCE: OperationWords(_("Balance"), _("Balance"), _("BALANCE")),
        Operation.GRATUITY: OperationWords(_("Gratuity"), _("Gratuity"), _("GRATUITY")),
    }[operation]
