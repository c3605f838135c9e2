"""Faults about the signer that fiscal law wants: name, file, right, wrong, tests."""

from __future__ import annotations

from typing import Final

_ASKED: Final = "tests/payment/test_fiscal.py"
_KEPT: Final = "tests/journal/test_signatures.py"

SIGNING: Final = (
    (
        "what ended last is signed first",
        "journal/signatures.py",
        "WHERE s.signed IS NULL ORDER BY s.seq LIMIT 1",
        "WHERE s.signed IS NULL ORDER BY s.seq DESC LIMIT 1",
        _ASKED,
    ),
    (
        "an approval waits for the signer",
        "payment/flow.py",
        "        transaction, command = await self._conclude(transaction, exchange, outcome)\n",
        (
            "        await self._ask_signer(order)\n"
            "        transaction, command = await self._conclude(transaction, exchange, outcome)\n"
        ),
        _ASKED,
    ),
    (
        "a signer that refuses after an approval takes it back",
        "payment/flow.py",
        "        if command is Command.AWAIT_GOODS:\n",
        (
            "        if (await self._ask_signer(order)).why_not:\n"
            "            await self._ledger.change(transaction.id, Event.CANCEL_REQUESTED)\n"
            "        if command is Command.AWAIT_GOODS:\n"
        ),
        _ASKED,
    ),
    (
        "a payment is sold where it was to be refused without the signer",
        "payment/fiscal.py",
        "return SignerAsked(found.why) if self._terms.refuses else SignerAsked(why=found.why)",
        "return SignerAsked(why=found.why)",
        _ASKED,
    ),
    (
        "a signer that refuses is not heard",
        "payment/flow.py",
        "            if asked.why_not:\n",
        "            if not asked:\n",
        _ASKED,
    ),
    (
        "a signature that failed is passed over",
        "payment/fiscal.py",
        "                        return False\n                    await self._queue.sign(",
        "                        found = Signature()\n                    await self._queue.sign(",
        _ASKED,
    ),
    (
        "a declined payment is not signed",
        "domain/fiscal.py",
        "return after.state not in OPEN and after.state is not before and wants_signer(after.order)",
        "return after.state.name in {'APPROVED', 'CANCELLED'} and wants_signer(after.order)",
        _ASKED,
    ),
    (
        "the second signature of an event replaces its first",
        "journal/signatures.py",
        'number = ? AND signed IS NULL", key\n',
        'number = ?", key\n',
        _ASKED,
    ),
    (
        "a journal is tidied of what owes a signature",
        "journal/maintenance/prune.py",
        '    " AND id NOT IN (SELECT transaction_id FROM signatures WHERE signed IS NULL)"\n',
        '    " AND 1"\n',
        _KEPT,
    ),
    (
        "a restored journal forgets what is owed",
        "journal/maintenance/restore.py",
        "            signature_rows.carry_over(to, present)\n",
        "            pass\n",
        _KEPT,
    ),
    (
        "a signer may steer the printer",
        "fiscal/messages.py",
        'return "".join(one for one in text if one.isprintable())',
        "return text",
        "tests/fiscal/test_command.py",
    ),
    (
        "the demo is signed",
        "session/register.py",
        "return launch.config.fiscal.signs and not launch.demo",
        "return launch.config.fiscal.signs",
        "tests/cli/test_fiscal.py",
    ),
)
