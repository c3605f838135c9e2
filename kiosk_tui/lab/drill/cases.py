"""The table of cases: at which step, which fault, and how it must end.

The order is the order in which a payment goes; the plain cases come first, the controls last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lab.drill import stories
from kiosk_tui.lab.drill.money import LedgerEnd
from kiosk_tui.lab.drill.stories import Story, met
from kiosk_tui.simulator.faults import Fault

KILLED: Final = "killed"


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the drill.

    `money` and `state` are how it must end: another end means that the fault did not strike as it
    was meant to, even where nothing was lost. `patient` is a case that mostly waits. A `control` is a
    register broken on purpose: the judge must find it. `recovers` False leaves it as the fault left it.
    """

    step: str
    fault: str
    story: Story
    money: LedgerEnd
    state: State | None
    patient: bool = False
    control: bool = False
    recovers: bool = True


def _undone(step: str, fault: str, story: Story, *, patient: bool = False) -> Case:
    return Case(step, fault, story, LedgerEnd.REVERSED, State.CANCELLED, patient=patient)


def _nothing(step: str, fault: str, story: Story, state: State | None = None) -> Case:
    return Case(step, fault, story, LedgerEnd.UNMOVED, state)


_PLAIN: Final = (
    Case("the customer pays", "none", stories.plain, LedgerEnd.STAYED, State.APPROVED),
    _nothing("the customer has no money", "none", stories.declined, State.DECLINED),
)

_KILLED: Final = (
    _nothing("before the journal is opened", KILLED, stories.killed_before_the_journal),
    _nothing("before the payment is on disk", KILLED, stories.killed_before_the_payment),
    _nothing(
        "on disk, no byte has reached TECS",
        KILLED,
        stories.killed_before_a_byte_arrived,
        State.NOTHING_TO_CANCEL,
    ),
    _undone("request on the line", "killed, then delivered", stories.delivered_after_death),
    _undone("request on the line", "killed; cancelled first", stories.overtaken),
    _nothing(
        "TECS waits for the card",
        KILLED,
        stories.killed_before_the_card,
        State.NOTHING_TO_CANCEL,
    ),
    _undone(
        "the customer looks for the card",
        "killed, then paid",
        stories.killed_and_paid_all_the_same,
    ),
    _undone(
        "the customer gives up", "card charged after all", stories.gave_up_and_paid_all_the_same
    ),
    _undone("charged, before the answer", KILLED, stories.killed_before_the_answer),
    _undone("charged, half of the answer came", KILLED, stories.killed_within_the_answer),
    _undone("answered, not yet recorded", KILLED, stories.killed_before_it_is_recorded),
    Case(
        "recorded, not yet told",
        KILLED,
        stories.killed_before_it_is_told,
        LedgerEnd.STAYED,
        State.APPROVED,
    ),
    _undone("answer lost, stopping the terminal", KILLED, stories.killed_before_the_abort),
    _undone("cancellation on disk, not sent", KILLED, stories.killed_before_the_cancellation),
    _undone("cancelled, answer not there", KILLED, stories.killed_after_the_cancellation),
    _undone("recovery, before it cancels", "killed twice", stories.killed_in_recovery_before),
    _undone("recovery, after it cancelled", "killed twice", stories.killed_in_recovery_after),
    _undone("recovery, at each of its steps", "killed 5 times", stories.killed_again_and_again),
)

_LINE: Final = (
    _nothing("before the payment", "TECS is away", stories.away),
    _nothing("connecting", "connection refused", stories.refused, State.NOT_SENT),
    _nothing("request", "cut in the middle", stories.request_cut, State.NOTHING_TO_CANCEL),
    _undone("charged, before the answer", "connection reset", stories.reset),
    _undone("charged, before the answer", "HTTP 500", met(Fault.SERVER_ERROR)),
    _undone("charged, before the answer", "HTTP 504", met(Fault.GATEWAY_AFTER)),
    _undone("answer", "cut in the middle", met(Fault.CUT)),
    _undone("answer", "garbled", stories.garbled),
    _undone("answer", "no JSON", met(Fault.GARBAGE)),
    _undone("answer", "of another transaction", met(Fault.OTHER_ID)),
    _undone("answer", "a code that no list has", met(Fault.UNKNOWN_CODE)),
    _undone("answer", "approved in part only", met(Fault.PARTIAL)),
    Case("answer", "full of card data", met(Fault.CARD_DATA), LedgerEnd.STAYED, State.APPROVED),
    _undone("cancelling", 'charged after "not found"', met(Fault.LATE_CHARGE)),
    _undone("cancelling", "two answers lost", met(Fault.LOSE_CANCELLATIONS)),
    Case(
        "cancelling",
        "TECS refuses (9023)",
        met(Fault.REFUSE_CANCELLATION),
        LedgerEnd.STAYED,
        State.NEEDS_STAFF,
    ),
    _undone("answer", "none for 10 seconds", stories.never_answered, patient=True),
    _undone("answer", "too late, while cancelling", stories.answered_too_late, patient=True),
)

_CONTROLS: Final = (
    Case(
        "control: a register that forgets",
        "killed, never recovered",
        stories.killed_before_the_answer,
        LedgerEnd.STAYED,
        State.AUTHORIZING,
        control=True,
        recovers=False,
    ),
    Case(
        "control: a register without a book",
        "killed, journal removed",
        stories.journal_removed,
        LedgerEnd.STAYED,
        None,
        control=True,
    ),
)
"""The judge is awake only when it finds these."""

CASES: Final = (*_PLAIN, *_KILLED, *_LINE, *_CONTROLS)
