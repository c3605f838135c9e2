"""Plays a scenario on an open register, step by step, and takes back what it leaves approved.

Invariant: a step that went wrong, a person who stops the run or a reader who is gone never keeps the
taking back from being done; what TECS does not answer then is due in the journal, as ever.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kiosk_tui.domain.identity import Original, Place, TransactionId
from kiosk_tui.domain.language import Language
from kiosk_tui.domain.lifecycle import DUE, State
from kiosk_tui.domain.money import Money, Total, plain
from kiosk_tui.domain.operations import called
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.lab.acceptance.scenario import ENDINGS, Ending, Scenario, Step, in_words
from kiosk_tui.lab.acceptance.sides import OtherSide
from kiosk_tui.lab.acceptance.undoing import TO_KEEP, TO_UNDO, Undo, next_undo, ours
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.payment.register import Register

_LOOK_AGAIN_S: Final = 1.0
_NEWEST: Final = 1000
"""So many transactions are searched for what an earlier run, killed in its middle, left behind."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What came of one step, or of taking something back (`undoing`).

    `found` says what is wrong, a sentence each; `played` is False for a step that could not be.
    """

    number: int
    name: str
    asked: str
    expected: str
    got: str
    money: str
    seconds: float
    found: tuple[str, ...] = ()
    transaction: Transaction | None = None
    played: bool = True
    undoing: bool = False

    @property
    def passed(self) -> bool:
        """Whether it ended as expected."""
        return not self.found


Ended = Transaction | NotStarted


class Run:
    """One run of a scenario. `place` and `language` are this register's, `patience_s` its own."""

    def __init__(
        self,
        scenario: Scenario,
        register: Register,
        other: OtherSide,
        *,
        place: Place,
        language: Language,
        patience_s: float,
    ) -> None:
        self._steps = scenario.played_on(other.side)
        self._register = register
        self._other = other
        self._place = place
        self._language = language
        self._patience_s = patience_s
        self._made: dict[str, TransactionId] = {}
        self._mine: list[TransactionId] = []
        self._as_expected: set[str] = set()
        self._names: dict[TransactionId, str] = {}
        self._stop = asyncio.Event()
        self._rows = 0

    @property
    def stopped(self) -> bool:
        """Whether somebody has stopped it."""
        return self._stop.is_set()

    def stop(self) -> None:
        """End early: a running payment is given up, no further step begins, the rest is taken back."""
        self._stop.set()
        self._register.give_up_soon()

    async def until_stopped(self) -> None:
        """Wait until somebody stops it."""
        await self._stop.wait()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that this side plays."""
        return self._steps

    async def left_by_another(self) -> AsyncIterator[StepResult]:
        """Take back what an earlier run left when it was killed."""
        async for row in self._undo(ours(await self._register.newest(_NEWEST))):
            yield row

    async def play(self, step: Step) -> StepResult:
        """Play one step to its end."""
        loop = asyncio.get_running_loop()
        if not self._blocked(step):
            await self._other.prepare(step)  # a person takes their time, and may stop it here
        began, blocked = loop.time(), self._blocked(step)
        if blocked:
            self._other.tidy()
            return self._row(step.name, step.asked, step.expected, "not played", found=[blocked])
        try:
            ended = await self._settled(await self._ask(step))
            got, found = _compared(step, ended)
            one = ended if isinstance(ended, Transaction) else None
            if one is not None:
                found += self._other.wrong(one)
        finally:
            self._other.tidy()
        if not found:
            self._as_expected.add(step.name)
        return self._row(
            step.name, step.asked, step.expected, got, found=found, one=one, began=began
        )

    async def undo(self) -> AsyncIterator[StepResult]:
        """Take back what this run left approved and was not told to keep."""
        async for row in self._undo(self._mine):
            yield row

    async def wrong_at_the_end(self) -> list[str]:
        """Return what is wrong with the whole, beyond any step."""
        mine = await self._known(self._mine)
        due = [
            f"{one.id} is still due: `kiosk-tui recover` replays it."
            for one in mine
            if one.state in DUE
        ]
        return due + self._other.wrong_at_the_end(mine)

    # -- one step ------------------------------------------------------------------------------------

    def _blocked(self, step: Step) -> str:
        if self.stopped:
            return "The run was stopped."
        if step.of is not None and step.of.name not in self._as_expected:
            return f"The step '{step.of.name}' did not end as expected."
        if step.of is not None and step.of.name not in self._made:
            return f"The step '{step.of.name}' has sent nothing to refer to."
        return ""

    async def _ask(self, step: Step) -> Ended:
        # what is due goes first: it may be all that keeps the register closed
        await self._register.replay()
        if step.operation.takes_back and step.of is not None:
            return await self._register.cancel(self._made[step.of.name])
        payment = self._register.pay(self._order(step))
        giving_up = asyncio.create_task(self._give_up(step.give_up_after_s))
        try:
            ended = await payment
        finally:
            giving_up.cancel()
            await asyncio.gather(giving_up, return_exceptions=True)
        if isinstance(ended, Transaction):
            self._made[step.name] = ended.id
            self._mine.append(ended.id)
            self._names[ended.id] = step.name
        return ended

    def _order(self, step: Step) -> Order:
        original = None if step.of is None else self._made[step.of.name]
        return Order(
            operation=step.operation,
            amount=step.amount,
            place=self._place,
            tip=step.tip,
            original=None if original is None else Original(original, self._place),
            card_reference=step.card_reference,
            language=self._language,
            reason=TO_KEEP if step.keep else TO_UNDO,
        )

    async def _give_up(self, after_s: float | None) -> None:
        if after_s is not None:
            await asyncio.sleep(after_s)
            await self._register.give_up()

    async def _settled(self, ended: Ended) -> Ended:
        """Wait until nothing is due any more; who stops the run gets one attempt, and no waiting."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience_s
        while isinstance(ended, Transaction) and ended.state in DUE:
            ended = await self._register.due_once(ended.id) or ended
            if ended.state not in DUE or self.stopped or loop.time() > until:
                break
            wait = min(self._register.next_attempt_in_s or 0.0, _LOOK_AGAIN_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._stop.wait()
        return ended

    # -- taking back ---------------------------------------------------------------------------------

    async def _undo(self, ids: list[TransactionId]) -> AsyncIterator[StepResult]:
        tried: set[str] = set()
        while (undo := next_undo(await self._known(ids), tried)) is not None:
            tried.add(undo.transaction.id)
            yield await self._take_back(undo, ids)

    async def _take_back(self, undo: Undo, ids: list[TransactionId]) -> StepResult:
        began = asyncio.get_running_loop().time()
        one = undo.transaction
        if undo.refund is None:
            asked, expected = "cancel", Ending.CANCELLED
            ended = await self._settled(await self._register.cancel(one.id))
        else:
            asked, expected = f"refund {plain(undo.refund)}", Ending.APPROVED
            ended = await self._settled(await self._register.pay(self._rest_of(one, undo.refund)))
        found = []
        got = _ending(ended)
        if got is not expected:
            found = [f"It could not be taken back ({ended.why.rstrip('.')}): see to {one.id}."]
        if isinstance(ended, Transaction):
            ids.append(ended.id)
            found += self._other.wrong(ended)
        name = self._names.get(one.id, one.id)
        told = ended if isinstance(ended, Transaction) else one
        row = self._row(
            name, asked, in_words(expected), in_words(got), found=found, one=told, began=began
        )
        return replace(row, undoing=True)

    def _rest_of(self, one: Transaction, rest: Money) -> Order:
        return Order(
            operation=called("refund", follows_up=True),
            amount=rest,
            place=self._place,
            original=Original(one.id, one.order.place),
            language=self._language,
            reason=TO_UNDO,
        )

    async def _known(self, ids: list[TransactionId]) -> list[Transaction]:
        found = [await self._register.transaction(one) for one in dict.fromkeys(ids)]
        return [one for one in found if one is not None]

    # -- rows ----------------------------------------------------------------------------------------

    def _row(
        self,
        name: str,
        asked: str,
        expected: str,
        got: str,
        *,
        found: Sequence[str],
        one: Transaction | None = None,
        began: float | None = None,
    ) -> StepResult:
        self._rows += 1
        now = asyncio.get_running_loop().time()
        return StepResult(
            number=self._rows,
            name=name,
            asked=asked,
            expected=expected,
            got=got,
            money=self._money(one),
            seconds=round(now - (now if began is None else began), 1),
            found=tuple(found),
            transaction=one,
            played=began is not None,
        )

    def _money(self, one: Transaction | None) -> str:
        if one is None:
            return "-"
        stayed = self._other.stayed_minor(one)
        if stayed is None:
            return "?"
        return plain(Total(stayed, one.order.amount.currency))


def _ending(ended: Ended) -> Ending | State:
    if isinstance(ended, NotStarted):
        return Ending.REFUSED
    return ENDINGS.get(ended.state, ended.state)


def _compared(step: Step, ended: Ended) -> tuple[str, list[str]]:
    """Return how a step ended, in words, and what is wrong with that."""
    got = _ending(ended)
    code = ""
    if isinstance(ended, Transaction) and ended.answer is not None:
        code = ended.answer.response_code.lstrip("0") or "0"
    if got is not step.expect:
        return in_words(got, code), [
            f"It ended as {in_words(got, code)}, not as {step.expected}{_because(ended)}."
        ]
    if step.code and step.code != code:
        return in_words(got, code), [f"It ended with code {code or 'none'}, not with {step.code}."]
    return in_words(got, code), []


def _because(ended: Ended) -> str:
    why = ended.why.strip().rstrip(".")
    return f": {why}" if why else ""
