"""Holds the journal, and everything that the register said, against TECS's own ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.lab.drill.judge import Arrived, Booked, Evidence, judge
from kiosk_tui.simulator.answers import SECRETS
from kiosk_tui.simulator.ledger import ArrivedRequest, HostLedger, Status
from proofs.crash.program import Ended
from proofs.crash.scenes import RECOVER
from proofs.crash.world import KEY, World

_KEPT: Final = {
    State.APPROVED: frozenset({State.APPROVED}),
    State.DECLINED: frozenset({State.DECLINED, State.NOTHING_TO_CANCEL}),
    State.NOT_SENT: frozenset({State.NOT_SENT, State.NOTHING_TO_CANCEL}),
    State.CANCELLED: frozenset({State.CANCELLED}),
    State.NOTHING_TO_CANCEL: frozenset({State.NOTHING_TO_CANCEL}),
    State.CANCEL_DUE: frozenset({State.CANCELLED, State.NOTHING_TO_CANCEL, State.NEEDS_STAFF}),
    State.VOID_DUE: frozenset({State.CANCELLED, State.NEEDS_STAFF}),
    State.NEEDS_STAFF: frozenset({State.NEEDS_STAFF}),
}
"""What was said, and how that transaction may end. No money is said at once, also when the disk
refuses to note it: the next register then asks TECS, and hears that there is nothing to cancel."""

_CODES: Final = {
    0: _KEPT[State.APPROVED],
    1: _KEPT[State.DECLINED],
    69: _KEPT[State.NOT_SENT],
    75: _KEPT[State.CANCEL_DUE],
}
"""What the exit code of a sale promises a script about the transaction, for ever."""


def wrong(world: World, runs: Sequence[Ended]) -> list[str]:
    """Return what is wrong after a trial whose last register ended well, a sentence each."""
    reader = Reader(world.journal)
    try:
        damage = reader.verify()
        transactions = () if damage else reader.transactions()
    finally:
        reader.close()
    ledger = world.tecs.ledger
    said = [line for run in runs for line in _lines(run)]
    evidence = Evidence(
        transactions=transactions,
        ledger={number: _booked(ledger, number) for number in ledger.entries},
        arrived=[_arrived(one) for one in ledger.requests],
        shown=[line["id"] for line in said if line.get("paid")],
    )
    sale = None if world.scene.command == RECOVER else runs[0]
    return [
        *damage,
        *judge(evidence),
        *_said(said, transactions, ledger),
        *(_exit(sale.code, transactions, ledger) if sale is not None else ()),
        *_secrets(world),
    ]


def _lines(run: Ended) -> Iterator[dict[str, Any]]:
    for line in run.told.splitlines():
        if line.startswith("{") and line.endswith("}"):
            yield json.loads(line)


def _said(
    said: Sequence[dict[str, Any]], transactions: Sequence[Transaction], ledger: HostLedger
) -> Iterator[str]:
    final = {one.id: one.state for one in transactions}
    for line in said:
        state = line["state"]
        if state == "NOT_STARTED":
            if any(_arrived(one).payment for one in ledger.requests):
                yield "A payment was said not to have started, but its request arrived at TECS."
            continue
        now = final.get(line["id"])
        if now not in _KEPT[State(state)]:
            yield f"{line['id']} was said to be {state}, but is {now} in the journal."


def _exit(code: int, transactions: Sequence[Transaction], ledger: HostLedger) -> Iterator[str]:
    promised = _CODES.get(code)
    if promised is None:
        return
    for one in transactions:
        if one.state not in promised:
            yield f"The exit code was {code}, but {one.id} is {one.state}."
    if code == 69 and any(_arrived(one).payment for one in ledger.requests):
        yield "The exit code was 69, never sent, but the payment's request arrived at TECS."
    if not transactions and code != 69:
        yield f"The exit code was {code}, but there is no transaction."


def _secrets(world: World) -> Iterator[str]:
    for file in filter(Path.is_file, world.state.iterdir()):
        found = file.read_bytes()
        for secret in (KEY, *SECRETS):
            if secret.encode() in found:
                yield f"{file.name} holds {secret}."


def _booked(ledger: HostLedger, number: str) -> Booked:
    return Booked(ledger.net_minor(number), ledger.entries[number].status is Status.APPROVED)


def _arrived(one: ArrivedRequest) -> Arrived:
    payment = one.message_type in {"0001", "0907", "0011"}
    return Arrived(one.transaction_id.lstrip("0"), payment)
