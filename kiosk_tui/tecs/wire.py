"""The operations as TECS has them, one row each: the other half of `domain.operations`.

Source: TECS's Cloud-iA documentation, its API definition (tecsclientrest 0.14.15) and samples.
[?] The API definition lists 0009 (a gratuity on an earlier transaction), the Cloud-iA list does not; its
origin identifier and indicator, and how it names the original, are not published: as a cancellation's.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from kiosk_tui.domain.operations import Operation
from kiosk_tui.records import dataclass


class CardNumber(Enum):
    """What the field `card_number` holds."""

    EMPTY = auto()
    """The terminal reads the card, or none is needed."""
    CARD_REFERENCE = auto()
    """The reference that TECS gave for a card."""
    TXID = auto()
    """The original's transaction id."""
    LONG_TXID = auto()
    """The original's transaction id with its source id and terminal."""


@dataclass(frozen=True, slots=True)
class WireForm:
    """The message type, origin identifier and origin indicator of a request, and what else differs.

    `as_original`: `terminal_number` and `transaction_source_id` are the original's, not this
    register's. `tip_in_ecr_data`: `ecr_data` holds `TIP=<minor units>;`.
    """

    message_type: str
    identifier: str
    indicator: str
    card_number: CardNumber = CardNumber.EMPTY
    as_original: bool = False
    tip_in_ecr_data: bool = False


WIRE: Final[Mapping[Operation, WireForm]] = {
    Operation.SALE: WireForm("0001", "1", "0"),
    Operation.SALE_AND_TIP: WireForm("0907", "1", "0", tip_in_ecr_data=True),
    Operation.MOTO: WireForm("0001", "2", "2", CardNumber.CARD_REFERENCE),
    Operation.PREAUTHORIZATION: WireForm("0001", "5", "0"),
    Operation.COMPLETION: WireForm("0013", "4", "2", CardNumber.TXID, as_original=True),
    Operation.CANCELLATION: WireForm("0013", "2", "2", CardNumber.TXID, as_original=True),
    Operation.REFUND: WireForm("0011", "1", "0"),
    Operation.REFERENCED_REFUND: WireForm("0011", "2", "2", CardNumber.LONG_TXID),
    Operation.BALANCE: WireForm("0001", "7", "0"),
    Operation.GRATUITY: WireForm("0009", "2", "2", CardNumber.TXID, as_original=True),
}
CANCELLATION: Final = WIRE[Operation.CANCELLATION]
ABORT: Final = WireForm("0017", "1", "0")
STATUS: Final = WireForm("9043", "1", "0")
