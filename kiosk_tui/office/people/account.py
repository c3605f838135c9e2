"""An account, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do; each role may do what the ones before it may."""

    LOOK = "look"
    OPERATE = "operate"
    COMMAND = "command"

    def allows(self, needed: Role) -> bool:
        """Tell whether an account of this role may do what `needed` may."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is not disabled."""

    name: str
    role: Role
