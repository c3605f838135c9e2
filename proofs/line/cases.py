"""One case: a payment, or its cancellation, struck at one byte; and many of them on many lanes."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.tecs.client import TecsTerminal
from proofs.line.lane import Certificates, Lane, Road, lane
from proofs.line.leaving import request_bytes
from proofs.line.reading import deceives
from proofs.line.wire import ENDINGS, HOLDING, Kind, Passage, Strike, Way

LANES: Final = 12
BRIEF_S: Final = 0.4
"""How long the client waits for the answer to a cancellation that stands still."""


class Story(StrEnum):
    """What TECS does, and which exchange is struck.

    The first two strike the payment. In the others the payment's answer is lost, and the first
    cancellation is struck: one that TECS confirms, refuses (9023, 9031), or answers "declined" (9033).
    """

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    REFUND = "refund"
    NOTHING = "nothing"


PAYMENTS: Final = frozenset({Story.APPROVED, Story.DECLINED})
_LOST: Final = frozenset({Story.REFUND, Story.NOTHING})
"""Where the line loses the payment's answer, in plain; elsewhere TECS itself drops it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One story with one strike. Its text form is what `--replay` takes."""

    road: Road
    story: Story
    strike: Strike

    def __str__(self) -> str:
        strike = self.strike
        return f"{self.road}:{self.story}:{strike.way}:{strike.kind}:{strike.offset}:{strike.seed}"

    @classmethod
    def read(cls, text: str) -> Case:
        """Read the text form. Raises `ValueError`."""
        road, story, way, kind, offset, seed = text.split(":")
        strike = Strike(Way(way), int(offset), Kind(kind), int(seed))
        return cls(Road(road), Story(story), strike)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case; `deceived` names the field in which the line lied unseen."""

    case: Case
    state: State
    struck: bool
    deceived: str
    wrong: Sequence[str]


@dataclass(slots=True)
class Tally:
    """Results, counted."""

    struck: int = 0
    ends: Counter[State] = field(default_factory=Counter)
    deceived: Counter[str] = field(default_factory=Counter)
    excused: int = 0
    violations: list[str] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Count one result. Only what the independent reader calls a deception excuses a loss."""
        if not result.struck:
            if result.wrong:
                self.violations.append(_sentence(result))
            return
        self.struck += 1
        self.ends[result.state] += 1
        if result.deceived:
            self.deceived[result.deceived] += 1
            self.excused += bool(result.wrong)
        elif result.wrong:
            self.violations.append(_sentence(result))

    def join(self, other: Tally) -> None:
        """Take in another tally."""
        self.struck += other.struck
        self.ends += other.ends
        self.deceived += other.deceived
        self.excused += other.excused
        self.violations += other.violations


def _sentence(result: Result) -> str:
    return f"{' '.join(result.wrong)} (./prove --replay line:{result.case})"


async def run(one: Lane, case: Case) -> Result:
    """Play one case to its end and judge it."""
    strike = case.strike
    _prepare(one, case)
    struck_first = case.story in PAYMENTS
    lost = Strike(Way.ANSWER, 0, Kind.CUT) if case.story in _LOST else None
    one.wire.arm(strike if struck_first else lost)
    paid = await one.pay(Operation.REFUND if case.story is Story.REFUND else Operation.SALE)
    passages = list(one.wire.passages)
    wrong = on_the_wire(paid, passages, case.road)
    if struck_first and strike.kind is Kind.LATE:
        if case.road is not Road.TOKEN:  # without a token there is no cancellation either
            await one.attempt(dropping=False)
        one.wire.release()
        await one.heard()
    if not struck_first:
        await one.rest()
        one.wire.arm(strike)
        if strike.kind in HOLDING:
            await one.attempt(cancel_s=BRIEF_S, dropping=False)  # the client's own patience ends it
        else:
            await one.attempt()
        one.wait()
        passages = list(one.wire.passages)
    await one.recover()
    transaction, judged = await one.judged(paid)
    hit = next((each for each in passages if each.struck), None)
    return Result(
        case, transaction.state, hit is not None, _deception(case, hit), [*wrong, *judged]
    )


async def many(
    cases: Sequence[Case],
    folder: Path,
    certificates: Certificates,
    kind: type[TecsTerminal] = TecsTerminal,
    lanes: int = LANES,
) -> list[Result]:
    """Run cases of one road on several lanes at once: while one waits for the wire, another works."""
    waiting = list(cases)[::-1]
    results: list[Result] = []
    async with AsyncExitStack() as stack:

        async def work(one: Lane) -> None:
            while waiting:
                results.append(await run(one, waiting.pop()))

        built = []
        for _ in range(min(lanes, len(waiting))):
            own = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
            built.append(
                await stack.enter_async_context(lane(own, certificates, cases[0].road, kind))
            )
        await asyncio.gather(*map(work, built))
    return results


def _prepare(one: Lane, case: Case) -> None:
    story = case.story
    if case.road is Road.TOKEN:
        one.terminal._authorization.forget()
    if story in (Story.DECLINED, Story.NOTHING):
        one.simulator.queue(Behaviour(decline="5"))
    if story is Story.CANCELLED:
        one.simulator.queue_fault(Fault.DROP_AFTER)
    if story is Story.REFUSED:
        one.simulator.queue_fault(Fault.REFUSE_CANCELLATION)


def on_the_wire(paid: Transaction, passages: Sequence[Passage], road: Road) -> list[str]:
    """Hold what the register says of the payment against what its sockets did."""
    mine = passages[1:] if road is Road.TOKEN else passages  # the first one fetched the token
    if len(mine) > 1:
        return [f"{paid.id} was put on {len(mine)} connections."]
    if paid.state is not State.NOT_SENT:
        return []
    left = sum(request_bytes(bytes(one.streams[Way.REQUEST].sent), road) for one in mine)
    return [f"{paid.id} is NOT_SENT, but {left} bytes of its request had left."] if left else []


def _deception(case: Case, hit: Passage | None) -> str:
    if case.road is not Road.PLAIN or hit is None or case.strike.kind in ENDINGS:
        return ""
    stream, way = hit.streams[case.strike.way], case.strike.way
    return deceives(bytes(stream.sent), bytes(stream.delivered), request=way is Way.REQUEST)
