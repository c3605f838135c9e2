"""The host: decides what an operation on an earlier transaction is answered, and books it."""

from __future__ import annotations

from typing import Literal

from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.ledger import Entry, EntryKind, HostLedger, Status
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import ValidRequest, What

_KINDS = {
    What.SALE: EntryKind.CHARGE,
    What.SALE_AND_TIP: EntryKind.CHARGE,
    What.MOTO: EntryKind.CHARGE,
    What.PREAUTHORIZATION: EntryKind.HOLD,
    What.COMPLETION: EntryKind.COMPLETION,
    What.REFUND: EntryKind.REFUND,
    What.REFERENCED_REFUND: EntryKind.REFUND,
    What.GRATUITY: EntryKind.CHARGE,
}


class Host:
    """Books into the ledger; every method returns a response code."""

    def __init__(self, ledger: HostLedger) -> None:
        self._ledger = ledger
        self._late: dict[str, tuple[ValidRequest, Options]] = {}
        self._refused: set[str] = set()
        self._lost: dict[str, int] = {}

    def seen(self, transaction_id: str) -> bool:
        """Say whether a request with that id came in before."""
        wanted = transaction_id.lstrip("0")
        return any(one.transaction_id.lstrip("0") == wanted for one in self._ledger.requests)

    def book(self, request: ValidRequest, options: Options, *, partial: bool = False) -> str:
        """Check a payment against what it refers to, and book it."""
        if request.what is What.BALANCE:
            return "0"
        code = self._follow_up(request, options)
        if code != "0":
            self.decline(request)
            return code
        entry = _entry(request, options)
        if partial:
            entry.amount_minor //= 2
        self._ledger.approve(entry)
        original = self._ledger.entry(request.original_id or "")
        if original is not None and entry.kind is EntryKind.COMPLETION:
            original.completed_minor += entry.total_minor
        if original is not None and entry.kind is EntryKind.REFUND:
            original.refunded_minor += entry.total_minor
        return "0"

    def decline(self, request: ValidRequest) -> None:
        """Note that a payment was declined."""
        if request.what in _KINDS:
            self._ledger.decline(_entry(request, Options()))

    def prepare(self, request: ValidRequest, behaviour: Behaviour) -> None:
        """Remember what the cancellations of this transaction will meet."""
        number = request.transaction_id.lstrip("0")
        if behaviour.fault is Fault.REFUSE_CANCELLATION:
            self._refused.add(number)
        if behaviour.fault is Fault.LOSE_CANCELLATIONS:
            self._lost[number] = behaviour.times

    def charge_after_cancellation(self, request: ValidRequest, options: Options) -> None:
        """Let a charge land as soon as its cancellation has been answered "not found"."""
        self._late[request.transaction_id.lstrip("0")] = (request, options)

    def lose_next_cancellation(self, original_id: str) -> Literal["", "before", "after"]:
        """Say whether a cancellation gets lost: the last of them after it was carried out."""
        left = self._lost.get(original_id, 0)
        if not left:
            return ""
        self._lost[original_id] = left - 1
        return "before" if left > 1 else "after"

    def cancel(self, request: ValidRequest, options: Options) -> str:
        """Cancel what a request refers to."""
        number = request.original_id or ""
        late = self._late.pop(number, None)
        if late is not None:
            self.book(*late)  # as a host would: what its original does not allow is declined
            return "9027"
        entry = self._ledger.entry(number)
        if entry is None or request.fields["terminal_number"] != entry.terminal:
            return "9027"
        if entry.status is Status.DECLINED:
            return "9033"
        if entry.status is Status.CANCELLED:
            return options.second_cancellation
        if entry.kind is EntryKind.REFUND and not options.cancel_refund:
            return "9031"
        if options.cleared or number in self._refused or entry.refunded_minor:
            return "9023"
        if not _same_money(request, entry):
            return "13"
        self._ledger.cancel(entry)
        return "0"

    def _follow_up(self, request: ValidRequest, options: Options) -> str:
        if request.original_id is None:
            return "0"
        original = self._ledger.entry(request.original_id)
        if original is None or original.status is not Status.APPROVED:
            return "9027" if original is None else "9033"
        if request.fields["currency"] != original.currency:
            return "13"
        if options.too_late is not None:
            return options.too_late
        if request.what is What.COMPLETION:
            return _completion(request, original, options)
        if request.what is What.GRATUITY:
            return _gratuity(request, original)
        return _refund(request, original, options)


def _completion(request: ValidRequest, original: Entry, options: Options) -> str:
    if original.kind is not EntryKind.HOLD:
        return "9033"
    if original.completed_minor and not options.repeated_completion:
        return "9028"
    over = original.completed_minor + request.amount_minor > original.amount_minor
    if over and not options.completion_over:
        return "9021"
    if request.amount_minor < original.amount_minor and not options.partial_completion:
        return "13"
    return "0"


def _gratuity(request: ValidRequest, original: Entry) -> str:
    """[?] What a real host answers is not published: another terminal's is not found, as in 0013."""
    if request.fields["terminal_number"] != original.terminal:
        return "9027"
    return "0" if original.kind in (EntryKind.CHARGE, EntryKind.COMPLETION) else "9033"


def _refund(request: ValidRequest, original: Entry, options: Options) -> str:
    if original.kind not in (EntryKind.CHARGE, EntryKind.COMPLETION):
        return "9033"
    left = original.total_minor - original.refunded_minor
    if left <= 0:
        return "9028"
    if request.amount_minor > left:
        return "9021"
    if request.amount_minor < original.total_minor and not options.partial_refund:
        return "13"
    return "0"


def _entry(request: ValidRequest, options: Options) -> Entry:
    amount = request.amount_minor
    if options.tip_in_amount:
        amount -= request.tip_minor
    return Entry(
        transaction_id=request.transaction_id,
        terminal=request.fields["terminal_number"],
        source_id=request.fields["transaction_source_id"],
        kind=_KINDS[request.what],
        amount_minor=amount,
        tip_minor=request.tip_minor,
        currency=request.fields["currency"],
        status=Status.APPROVED,
        original_id=request.original_id,
    )


def _same_money(request: ValidRequest, entry: Entry) -> bool:
    amounts = {entry.amount_minor, entry.total_minor}
    partial = request.amount_minor > entry.total_minor and entry.kind is EntryKind.CHARGE
    return (request.amount_minor in amounts or partial) and (
        request.fields["currency"] == entry.currency
    )
