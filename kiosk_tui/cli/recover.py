"""`kiosk-tui recover`: replay due cancellations without a screen.

Stays for as long as TECS answers "not found" inside the settle window, because only waiting settles
that, and the window starts anew with each process. Ends at once when TECS does not answer.
"""

from __future__ import annotations

import argparse

from kiosk_tui.cli import described, output
from kiosk_tui.cli.choose import choose, need
from kiosk_tui.cli.exits import Exit, session_exits
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.cli.payment_progress import shown
from kiosk_tui.cli.transactions import listing
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import TransactionChanged
from kiosk_tui.payment.readiness import Obstacle
from kiosk_tui.payment.register import Register
from kiosk_tui.session.command import use
from kiosk_tui.session.front import RECOVER


def run(arguments: argparse.Namespace) -> int:
    """Replay; return 0 when nothing is left, 75 when something is still due."""
    launch = need(choose(arguments))
    with session_exits():
        touched = use(launch, _replay, RECOVER)
    if arguments.json:
        for one in touched:
            say_json(described.describe(one))
    elif touched:
        output.draw("\n".join(listing(touched)))
    else:
        output.say("No cancellation is due.")
    left = [one for one in touched if one.state in DUE]
    return Exit.TRY_AGAIN if left else Exit.OK


async def _replay(register: Register) -> list[Transaction]:
    if register.readiness.obstacle is Obstacle.JOURNAL:
        # "nothing is due" may only be said by a journal that can be read
        raise JournalUnavailableError(register.readiness.why)
    touched = {one.id: one for one in register.due}

    def note(notification: object) -> None:
        if isinstance(notification, TransactionChanged):
            touched[notification.transaction.id] = notification.transaction

    unlisten = register.listen(note)
    async with shown(register, "Asking TECS"):
        await register.recover()
        await register.signing.catch_up()
    unlisten()
    return [touched[key] for key in sorted(touched, key=int)]
