"""The words for each operation: one row each, the third beside `domain.operations` and `tecs.wire`."""

from __future__ import annotations

from collections.abc import Callable

from kiosk_tui.domain.money import Money
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.texts import _ as spoken
from kiosk_tui.text.texts import capital
from kiosk_tui.text.translations import Texts


@dataclass(frozen=True, slots=True)
class OperationWords:
    """What an operation is called: in a list, on its key (a hint, as any other key's), on a slip."""

    name: str
    short: str
    title: str


def kind(operation: Operation) -> str:
    """Name an operation."""
    return _words(operation, spoken).name


def short(operation: Operation) -> str:
    """Name an operation on the line of keys: in one or two short words."""
    return capital(_words(operation, spoken).short)


def title(operation: Operation, said: Texts) -> str:
    """Return what a slip calls an operation."""
    return _words(operation, said.gettext).title


def balance(one: Transaction, locale: str) -> str:
    """Write what a card holds: an amount when it is one, else as TECS wrote it; it may be empty."""
    found = one.balance
    return format_amount(found, locale) if isinstance(found, Money) else one_line(found)


def _words(operation: Operation, _: Callable[[str], str]) -> OperationWords:
    return {
        Operation.SALE: OperationWords(_("Sale"), _("sale"), _("SALE")),
        Operation.SALE_AND_TIP: OperationWords(_("Sale + tip"), _("tip"), _("SALE")),
        Operation.REFUND: OperationWords(_("Refund"), _("refund"), _("REFUND")),
        Operation.REFERENCED_REFUND: OperationWords(_("Refund slip"), _("by slip"), _("REFUND")),
        Operation.CANCELLATION: OperationWords(_("Cancellation"), _("cancel"), _("CANCELLATION")),
        Operation.PREAUTHORIZATION: OperationWords(
            _("Reservation"), _("reserve"), _("RESERVATION")
        ),
        Operation.COMPLETION: OperationWords(_("Capture"), _("capture"), _("CAPTURE")),
        Operation.MOTO: OperationWords(_("No card"), _("no card"), _("SALE, CARD NOT PRESENT")),
        Operation.BALANCE: OperationWords(_("Balance"), _("balance"), _("BALANCE")),
        Operation.GRATUITY: OperationWords(_("Gratuity"), _("gratuity"), _("GRATUITY")),
    }[operation]
