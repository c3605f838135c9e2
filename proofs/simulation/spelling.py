"""One transaction, named in the many ways in which people, slips and software name it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk_tui.domain import references
from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.register import Register


@dataclass(frozen=True, slots=True)
class Spelled:
    """How somebody names a transaction. `terminal` and `source_id` are what was given beside it.

    Software may skip the register's reading of names and say at once what it means (`blunt`).
    """

    text: str
    terminal: str
    source_id: str
    blunt: bool

    async def original(self, register: Register, own: Place) -> Original:
        """Return what is meant. Raises `IdentityError`."""
        if self.blunt:
            place = Place(self.terminal or own.terminal, self.source_id or own.source_id)
            return Original(TransactionId(self.text), place)
        asked = references.wanted(self.text, own, self.terminal, self.source_id)
        return await register.original(asked)


def spelled(one: Transaction, number: int) -> Spelled:
    """Return the `number`-th spelling of a transaction; any number is one."""
    own = one.order.place
    number, source = divmod(number, 2)
    source_id = ("1", "01")[source]
    padded = one.id.zfill(20)
    whole = (
        one.id,
        f"00{one.id}",
        padded,
        f"TXID{padded}",
        f"txid{one.id}",
        f" {one.id[:8]} {one.id[8:14]}-{one.id[14:]}\0",
    )
    more = (
        f"TXID{padded}_{source_id.zfill(2)}_{own.terminal}",
        f"{one.id}_{source_id}_{own.terminal}",
        one.reference,
        one.reference.replace(" ", ""),
    )
    number, kind = divmod(number, len(whole) + len(more))
    number, given = divmod(number, 3)
    terminal, beside = (("", ""), (own.terminal, ""), (own.terminal, source_id))[given]
    if kind < len(whole):
        return Spelled(whole[kind], terminal, beside, blunt=number % 2 == 1)
    return Spelled(more[kind - len(whole)], terminal, beside, blunt=False)
