"""What a TECS account leaves open: every point that its documents do not settle, as an option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Options:
    """How this TECS behaves. Times are in seconds."""

    authorization: str | None = None
    """The header's whole value that is expected; None takes any."""
    unauthorized_body: Literal["json", "empty", "html"] = "json"
    """What a 401 carries."""
    token_user: str = "kiosk"  # noqa: S105 - invented
    token_password: str = "simulator"  # noqa: S105 - invented
    token_lifetime_s: int | None = 3600
    """Lifetime that the token endpoint tells; None tells none."""
    terminals: tuple[str, ...] | None = None
    """The terminal numbers that exist; None takes any of 8 digits."""
    card_s: float = 4.0
    """Until the customer presents a card."""
    host_s: float = 1.5
    """From the card to the host's answer."""
    card_timeout_s: float = 60.0
    """How long the terminal waits for a card."""
    abort_enabled: bool = True
    """Otherwise message type 0017 is answered 8002."""
    abort_works: bool = True
    """Otherwise an abort is answered 0 and does nothing."""
    status_enabled: bool = True
    """Otherwise message type 9043 is answered 8002."""
    tip_in_amount: bool = False
    """Whether the amount field already holds the tip."""
    clock_skew_s: float | None = None
    """Largest difference of the register's local time to ours (code 9096); None: not checked."""
    second_cancellation: str = "9011"
    """Code of a cancellation of what is cancelled already."""
    racing_cancellation: str = "9027"
    """Code of a cancellation while the card flow still runs."""
    duplicate: Literal["refuse", "second_flow"] = "refuse"
    """A transaction id that was seen: refused with 9006, or a second card flow (a sister product)."""
    aborted_sale: str = "8004"
    """Code of a sale that was aborted."""
    no_card: str = "8003"
    """Code of a sale to which no card was presented."""
    card_form: Literal["ref", "pan", "txid"] = "ref"
    """What card_number holds in an answer."""
    partial_completion: bool = True
    repeated_completion: bool = False
    partial_refund: bool = True
    cleared: bool = False
    """Whether every charge counts as cleared: its cancellation is refused with 9023."""
    cancel_refund: bool = False
    """Whether a refund can be cancelled; otherwise 9031."""
    completion_over: bool = False
    """Whether a completion may be higher than what was authorized."""
    too_late: str | None = None
    """Code of a completion or refund that comes too late; None: none ever does."""
