"""What is going on when the blow falls: a command of the register, and the TECS that it meets."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk_tui.simulator.faults import NORMAL, Behaviour, Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Customer

SETTLE_S: Final = 1.5
"""The settle window here: longer than this simulator's card and host may take."""

GOODS_S: Final = 1.5
"""How long it is waited for goods, also after a restart."""

_QUICK: Final = Options(card_s=0, host_s=0, card_timeout_s=1.0, card_form="pan")
SALE: Final = ("sale", "--amount", "12.55", "--json")
UNTIL_GOODS: Final = (*SALE, "--until-goods")
RECOVER: Final = ("recover", "--json")


class Before(StrEnum):
    """What lies in the journal's folder before the command."""

    NOTHING = "nothing"
    JOURNAL = "a journal without transactions"
    CHARGED = "a sale that was killed after its charge, before its answer"


@dataclass(frozen=True, slots=True)
class Scene:
    """One command. `interrupt` is sent to it once its payment has arrived at TECS.

    `lasting`: the journal's log gets zeros, as with a register that stays. `goods`: the shell's words that
    hand goods over.
    """

    says: str
    command: tuple[str, ...] = SALE
    behaviour: Behaviour = NORMAL
    options: Options = _QUICK
    before: Before = Before.JOURNAL
    interrupt: signal.Signals | None = None
    lasting: bool = False
    goods: str = ""


SCENES: Final = {
    "first": Scene("an approved sale, the first of a new journal", before=Before.NOTHING),
    "approved": Scene("an approved sale"),
    "declined": Scene("a declined sale", behaviour=Behaviour(decline="51")),
    "lost": Scene(
        "a sale whose answer is lost, aborted and cancelled",
        behaviour=Behaviour(fault=Fault.DROP_AFTER),
    ),
    "gave-up": Scene(
        "a sale that is given up (SIGTERM) and aborted",
        behaviour=Behaviour(customer=Customer.WALKS_OFF),
        interrupt=signal.SIGTERM,
    ),
    "too-late": Scene(
        "a sale that is given up (SIGINT) and approved all the same",
        behaviour=Behaviour(after_s=0.3),
        options=Options(card_s=0, host_s=0, abort_works=False, card_form="pan"),
        interrupt=signal.SIGINT,
    ),
    "recover": Scene(
        "a recovery after a crash",
        command=RECOVER,
        behaviour=Behaviour(fault=Fault.HANG_AFTER),
        before=Before.CHARGED,
    ),
    "zeros": Scene(
        "a recovery that appends zeros to the log in which everything is",
        command=RECOVER,
        behaviour=Behaviour(fault=Fault.HANG_AFTER),
        before=Before.CHARGED,
        lasting=True,
    ),
    "goods": Scene("a sale whose goods are handed over", command=UNTIL_GOODS, goods="exit 0"),
    "no-goods": Scene(
        "a sale whose goods are not handed over, and that is cancelled",
        command=UNTIL_GOODS,
        goods="exit 1",
    ),
    "recover-lost": Scene(
        "a recovery whose cancellation's answer is lost",
        command=RECOVER,
        behaviour=Behaviour(fault=Fault.LOSE_CANCELLATIONS, times=1),
        before=Before.CHARGED,
    ),
}
