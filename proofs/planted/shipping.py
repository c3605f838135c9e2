"""The faults of what head office is told, and of what it signs: name, file, right, wrong, tests. See `faults`."""

from __future__ import annotations

from typing import Final

_TOLD: Final = "tests/journal/test_told.py"
_OUTBOX: Final = "tests/journal/test_outbox.py"
_SIGNED: Final = "tests/office/orders/test_signing.py"

SHIPPING: Final = (
    (
        "a late answer changes what was told of an event before",
        "journal/outbox_reader.py",
        "    if event.event == Event.OUTCOME_UNKNOWN and found.verdict != _UNKNOWN:",
        '    if found.verdict == "":',
        _TOLD,
    ),
    (
        "the beginning of a payment is told with the answer that came later",
        "journal/outbox_reader.py",
        "event.exchange_id is None or event.event == BEGUN or",
        "event.exchange_id is None or",
        _TOLD,
    ),
    (
        "a number of the outbox is given again",
        "journal/outbox.py",
        'BUT_THE_LAST: Final = "seq < (',
        'BUT_THE_LAST: Final = "seq <= (',
        _OUTBOX,
    ),
    (
        "what head office does not have is removed",
        "journal/maintenance/prune.py",
        '        known["stored"] = stored\n',
        '        known["stored"] = _ALL_STORED\n',
        _OUTBOX,
    ),
    (
        "everything is removed where nobody knows what head office has",
        "journal/outbox.py",
        "    return stored is not None and (stored == 0 or not _ships(connection))",
        "    return stored is not None and stored < 0",
        _OUTBOX,
    ),
    (
        "what somebody cancels while it is about to go is removed with its cancellation",
        "journal/maintenance/prune.py",
        "    SELECT 1 FROM transactions WHERE id = :id AND {_ENDED}\n",
        "    SELECT 1 FROM transactions WHERE id = :id AND :cutoff <> ''\n",
        _OUTBOX,
    ),
    (
        "a restored journal tells only what its backup had not told",
        "journal/maintenance/restore.py",
        "        outbox.fill_again(connection)\n",
        "",
        _OUTBOX,
    ),
    (
        "who asks for an order may approve it",
        "office/signer/checks.py",
        "    if name == request.asked_by:",
        '    if name == "":',
        _SIGNED,
    ),
    (
        "a disabled account gives orders",
        "office/signer/checks.py",
        "WHERE role = 'command' AND disabled_at IS NULL",
        "WHERE role = 'command'",
        _SIGNED,
    ),
    (
        "an approval of one text holds for another",
        "office/signer/checks.py",
        "    if sha256 != request.sha256:",
        "    if not sha256:",
        _SIGNED,
    ),
    (
        "a text that was changed is signed",
        "office/signer/checks.py",
        "    if request.sha256 != digest(",
        "    if not digest(",
        _SIGNED,
    ),
    (
        "a change goes to all kiosks before the first is ready again",
        "office/signer/turn.py",
        "request.stage is OrderStage.ASKED or settled(given)",
        "request.stage is OrderStage.ASKED or given[0].done_at",
        _SIGNED,
    ),
)
