"""The operations, one row each: whatever differs between them stands in this table.

Screens, commands, the HTTP API, limits, totals, receipts and recovery read it. Whoever adds an
operation adds a row here, one in `tecs.wire` (its form on the wire) and one in
`text.wording.operations` (its words).
Refuses to know: message types, words for people, keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import Final

from kiosk_tui.domain.rights import Act
from kiosk_tui.records import dataclass


class Operation(StrEnum):
    """What the register can ask for. The values are stored in the journal: never rename one."""

    SALE = "sale"
    SALE_AND_TIP = "sale_and_tip"
    MOTO = "moto"
    PREAUTHORIZATION = "preauthorization"
    COMPLETION = "completion"
    REFUND = "refund"
    REFERENCED_REFUND = "referenced_refund"
    CANCELLATION = "cancellation"
    BALANCE = "balance"
    GRATUITY = "gratuity"

    @property
    def rules(self) -> OperationRules:
        """This operation's row."""
        return OPERATIONS[self]

    @property
    def charges(self) -> bool:
        """Whether its approval means that the customer has paid."""
        return self.rules.money is MoneyEffect.CHARGES

    @property
    def reserves(self) -> bool:
        """Whether its approval holds money for a later charge."""
        return self.rules.money is MoneyEffect.RESERVES

    @property
    def pays_back(self) -> bool:
        """Whether its approval means that the customer was paid back."""
        return self.rules.money is MoneyEffect.PAYS_BACK

    @property
    def takes_back(self) -> bool:
        """Whether it undoes another transaction as a whole."""
        return self.rules.money is MoneyEffect.TAKES_BACK

    @property
    def sells(self) -> bool:
        """Whether it charges a card for something that is handed over now: no later part of a charge."""
        return self.charges and not self.follows_up

    @property
    def direction(self) -> int:
        """How totals count it: 1 for what the customer pays, -1 for what he gets, 0 for no money."""
        return int(self.charges) - int(self.pays_back)

    @property
    def follows_up(self) -> bool:
        """Whether it is about an earlier transaction."""
        return bool(self.rules.originals)

    @property
    def has_amount(self) -> bool:
        """Whether it is about an amount."""
        return self.rules.measure is not Measure.NOTHING

    @property
    def is_tip(self) -> bool:
        """Whether its whole amount is a tip: totals count it among the tips."""
        return self.rules.measure is Measure.TIP

    def may_be_about(self, original: Operation) -> bool:
        """Say whether an earlier transaction of that operation may be its original."""
        return original.rules.money in self.rules.originals

    @property
    def default_reason(self) -> str:
        """The payment reason of an order that gives none."""
        return self.value.replace("_", " ").capitalize()


class MoneyEffect(Enum):
    """What an approval does to the customer's money."""

    CHARGES = auto()
    """He has paid."""
    RESERVES = auto()
    """An amount is held for a later charge; nothing is paid."""
    PAYS_BACK = auto()
    """He gets money. TECS takes no refund back (response code 9031): nothing cancels it."""
    TAKES_BACK = auto()
    """An earlier transaction is undone as a whole."""
    NOTHING = auto()
    """A question: no money moves."""


class Measure(Enum):
    """Which limit the amount is held against."""

    TERMINAL = auto()
    """`amount_min` and `amount_max` of the configuration."""
    ORIGINAL = auto()
    """What the original still allows."""
    TIP = auto()
    """The highest tip for the original's amount. The amount is a tip, the only one of its original."""
    NOTHING = auto()
    """There is no amount."""


class TipUse(Enum):
    """Whether a tip goes with the amount."""

    NEVER = auto()
    POSSIBLE = auto()
    """None was ordered, but a terminal may ask for one and tell it in its answer."""
    CARRIED = auto()
    """An ordered one goes with it; it is above zero."""


class CardUse(Enum):
    """Where the card comes from."""

    PRESENTED = auto()
    """The customer presents it at the terminal."""
    REFERENCE = auto()
    """The order carries the reference that TECS gave for it; nobody presents one."""
    ORIGINAL = auto()
    """The original's: nobody presents one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRules:
    """One operation.

    `command` is what it is called on the command line and in scenarios (two operations that a person
    takes for one thing share it), and `summary` what `--help` says of it. `act` is the right that it
    needs. `originals` are the kinds of transaction that it may be about (none: it is no follow-up), and
    `unsuited` ends the sentence that says why another one is refused. `taken` is what an original is
    called that it has taken from, and which therefore cannot be cancelled any more (empty: it takes
    nothing). `numbered`: it gets a receipt number of the register when the caller gives none.
    `optional`: not every account has it, so a lane offers it only where the setting of `[lane]` with
    the operation's own name says so.
    """

    money: MoneyEffect
    act: Act
    command: str
    summary: str
    measure: Measure = Measure.TERMINAL
    tip: TipUse = TipUse.NEVER
    card: CardUse = CardUse.PRESENTED
    originals: frozenset[MoneyEffect] = frozenset()
    unsuited: str = "a new one is about no earlier transaction"
    taken: str = ""
    numbered: bool = True
    optional: bool = False


OPERATIONS: Final[Mapping[Operation, OperationRules]] = {
    Operation.SALE: OperationRules(
        money=MoneyEffect.CHARGES,
        act=Act.SALE,
        command="sale",
        summary="take one payment",
        tip=TipUse.POSSIBLE,
    ),
    Operation.SALE_AND_TIP: OperationRules(
        money=MoneyEffect.CHARGES,
        act=Act.SALE,
        command="sale",
        summary="take one payment",
        tip=TipUse.CARRIED,
    ),
    Operation.REFUND: OperationRules(
        money=MoneyEffect.PAYS_BACK,
        act=Act.REFUND,
        command="refund",
        summary="pay back, by card or by reference to an earlier payment",
    ),
    Operation.REFERENCED_REFUND: OperationRules(
        money=MoneyEffect.PAYS_BACK,
        act=Act.REFUND,
        command="refund",
        summary="pay back, by card or by reference to an earlier payment",
        measure=Measure.ORIGINAL,
        card=CardUse.ORIGINAL,
        originals=frozenset({MoneyEffect.CHARGES}),
        unsuited="there is nothing to refund",
        taken="refunded",
    ),
    Operation.CANCELLATION: OperationRules(
        money=MoneyEffect.TAKES_BACK,
        act=Act.CANCEL,
        command="cancel",
        summary="cancel an approved transaction",
        measure=Measure.ORIGINAL,
        card=CardUse.ORIGINAL,
        originals=frozenset({MoneyEffect.CHARGES, MoneyEffect.RESERVES}),
        unsuited="it is cancelled, not paid",
    ),
    Operation.PREAUTHORIZATION: OperationRules(
        money=MoneyEffect.RESERVES,
        act=Act.PREAUTH,
        command="preauth",
        summary="reserve an amount, to be completed later",
    ),
    Operation.COMPLETION: OperationRules(
        money=MoneyEffect.CHARGES,
        act=Act.COMPLETE,
        command="complete",
        summary="charge what a preauthorization has reserved",
        measure=Measure.ORIGINAL,
        card=CardUse.ORIGINAL,
        originals=frozenset({MoneyEffect.RESERVES}),
        unsuited="only a preauthorization can be completed",
        taken="completed",
    ),
    Operation.MOTO: OperationRules(
        money=MoneyEffect.CHARGES,
        act=Act.MOTO,
        command="moto",
        summary="charge a card that is not present, by its card reference",
        card=CardUse.REFERENCE,
    ),
    Operation.BALANCE: OperationRules(
        money=MoneyEffect.NOTHING,
        act=Act.BALANCE,
        command="balance",
        summary="ask what a card holds",
        measure=Measure.NOTHING,
        numbered=False,
        optional=True,
    ),
    Operation.GRATUITY: OperationRules(
        money=MoneyEffect.CHARGES,
        act=Act.SALE,
        command="gratuity",
        summary="charge a tip on an earlier payment",
        measure=Measure.TIP,
        card=CardUse.ORIGINAL,
        originals=frozenset({MoneyEffect.CHARGES}),
        unsuited="only a charge takes a gratuity",
        taken="tipped",
        optional=True,
    ),
}
"""In the order of a lane's keys."""


def called(command: str, *, tip: bool = False, follows_up: bool = False) -> Operation:
    """Return the operation that a command is, with a tip or not, about an earlier transaction or not.

    Where a command is one operation only, that one is returned: what the order lacks or has too much
    is told by whoever checks it. Raises `IndexError` for a word that is no command.
    """
    found = [one for one in OPERATIONS if one.rules.command == command]
    fitting = (
        one
        for one in found
        if one.follows_up == follows_up and (one.rules.tip is TipUse.CARRIED) == tip
    )
    return next(fitting, found[0])
