"""What a lane knows beyond the entry that is being typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, State
from kiosk_tui.domain.slip import Slip
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.payment.readiness import Readiness
from kiosk_tui.records import dataclass
from kiosk_tui.session.lane_status import LaneStatus


@dataclass(slots=True)
class Shift:
    """What the lane knows beyond the entry: whose it is, today's list, how the register stands.

    `shown` is what the panel is about; `tasks` are the ids of what needs a person; `slips` tells how it
    stands with those of this session. `status` is what the line about service, terminal and printer
    tells, and `service_s` how long the service took to answer last.
    """

    cashier: str
    readiness: Readiness
    today: dict[str, Transaction]
    tasks: set[str]
    shown: Transaction | NotStarted | None = None
    running: Order | None = None
    printer: str = ""
    status: LaneStatus = field(default_factory=LaneStatus)
    service_s: Callable[[], float | None] = lambda: None
    slips: dict[str, Slip] = field(default_factory=dict)

    def note(self, one: Transaction) -> None:
        """Keep a transaction as it stands, unless it is known how it stood later; and whether it needs a person."""
        known = self.today.get(one.id)
        if known is not None and known.updated_at > one.updated_at:
            one = known
        self.today[one.id] = one
        if one.state is State.NEEDS_STAFF:
            self.tasks.add(one.id)
        else:
            self.tasks.discard(one.id)
        if self.tells_of(one.id) or one.state in AWAITING_GOODS:
            self.shown = one

    def take(self, readiness: Readiness) -> None:
        """Take note of whether payments may start; what was refused for that may be tried again."""
        self.readiness = readiness
        closed = isinstance(self.shown, NotStarted) and self.shown.refusal is Refusal.CLOSED
        if closed and readiness.open:
            self.shown = None

    def tells_of(self, transaction_id: str) -> bool:
        """Whether the panel is about this transaction."""
        return isinstance(self.shown, Transaction) and self.shown.id == transaction_id

    def original(self, draft: Draft) -> Transaction | None:
        """Return the transaction that a draft is about, if it is one of today's."""
        return self.today.get(draft.original.transaction_id) if draft.original else None

    @property
    def goods(self) -> Transaction | None:
        """The payment that waits for its goods: there is one at a time."""
        found = (one for one in self.today.values() if one.state in AWAITING_GOODS)
        return next(found, None)

    @property
    def newest_first(self) -> Sequence[Transaction]:
        """Today's transactions as the list has them."""
        return sorted(self.today.values(), key=lambda one: int(one.id), reverse=True)
