"""Who must agree before a lane does something: nobody, the service PIN, or a second person.

Owns: the acts that a configuration can name, and whose id an entry carries.
Refuses to know: PINs and their hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from kiosk_tui.records import dataclass

LONGEST_ID: Final = 24
"""Two ids and a plus between them fit into TECS's `personal_id` (50)."""


class Act(StrEnum):
    """What a lane does. The values are the words of the configuration."""

    SALE = "sale"
    REFUND = "refund"
    CANCEL = "cancel"
    PREAUTH = "preauth"
    COMPLETE = "complete"
    MOTO = "moto"
    BALANCE = "balance"
    SETTLE = "settle"
    TOTALS = "totals"
    CLOSE_DAY = "close_day"
    OVERRIDE = "override"
    """Going beyond `amount_min`, `amount_max` or the share of a tip."""


class Permission(StrEnum):
    """What a program that drives the register may do. The values are the words of the configuration."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    LOOK = "look"


PERMISSIONS: Final[Mapping[Act, Permission]] = {
    Act.SALE: Permission.TAKE,
    Act.PREAUTH: Permission.TAKE,
    Act.COMPLETE: Permission.TAKE,
    Act.MOTO: Permission.TAKE,
    Act.BALANCE: Permission.TAKE,
    Act.CLOSE_DAY: Permission.TAKE,
    Act.REFUND: Permission.GIVE_BACK,
    Act.CANCEL: Permission.GIVE_BACK,
    Act.TOTALS: Permission.LOOK,
}
"""What each act needs. What is not here (settling, going beyond a limit) no program ever may."""


class Approval(StrEnum):
    """What is asked for before an act."""

    SERVICE_PIN = "service_pin"
    SECOND_PERSON = "second_person"


@dataclass(frozen=True, slots=True)
class Rights:
    """Which acts need what."""

    pin: frozenset[Act] = frozenset()
    second_person: frozenset[Act] = frozenset()

    def asked(self, *acts: Act) -> tuple[Approval, ...]:
        """Return what must be given before these acts, in the order in which it is asked."""
        needed = {Approval.SERVICE_PIN: self.pin, Approval.SECOND_PERSON: self.second_person}
        return tuple(leave for leave, named in needed.items() if named.intersection(acts))


def rights_of(pin: Iterable[str], second_person: Iterable[str]) -> Rights:
    """Return the rights that a configuration's words give."""
    return Rights(frozenset(map(Act, pin)), frozenset(map(Act, second_person)))


def signature(cashier: str, second: str = "") -> str:
    """Return the id that an entry carries: the cashier's, and who agreed."""
    return "+".join(one for one in (cashier, second) if one)


def may_agree(cashier: str, second: str) -> bool:
    """Say whether somebody may agree to what a cashier does: nobody is his own second person."""
    return bool(second) and second != cashier


def id_trouble(person: str) -> str:
    """Return why a cashier's id cannot be one, without a full stop; empty when it can."""
    if not 1 <= len(person) <= LONGEST_ID:
        return f"'{person}' is no cashier's id: it has 1 to {LONGEST_ID} characters"
    if not person.isprintable() or "+" in person or " " in person:
        return f"'{person}' is no cashier's id: it has no space and no plus"
    return ""
