"""A payment that the card terminal converted into the card's currency (DCC), as TECS tells it.

Refuses to know: how it is printed. Nothing is computed: what the customer agreed to is what the
terminal showed, and TECS tells that in texts.
"""

from __future__ import annotations

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Conversion:
    """TECS's texts: `amount` in the card's currency, the `rate` (with a decimal comma), the `fee`.

    Each may be empty. Source: the fields foreign_tx_amount, exchange_rate and ex_fee of the API.
    """

    amount: str
    rate: str
    fee: str


def conversion(one: Transaction) -> Conversion | None:
    """Return what was converted, or None.

    Hosts fill these fields with zeros where nothing was: an amount or a rate has to be there.
    """
    fields = one.answer.fields if one.answer else {}
    found = Conversion(
        amount=fields.get("foreign_tx_amount", "").strip(),
        rate=fields.get("exchange_rate", "").strip(),
        fee=fields.get("ex_fee", "").strip(),
    )
    return found if _some(found.amount) or _some(found.rate) else None


def _some(text: str) -> bool:
    return any(one in "123456789" for one in text)
