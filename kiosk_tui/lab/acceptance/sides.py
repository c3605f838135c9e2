"""The other side of the line during a run: the simulator in this process, or a person at a terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import CardUse
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.lab.acceptance.scenario import Side, Step
from kiosk_tui.lab.drill.evidence import booked, evidence
from kiosk_tui.lab.drill.judge import Evidence, judge
from kiosk_tui.simulator.tecs import Simulator


class OtherSide(Protocol):
    """What a run needs of whoever is at the other end."""

    side: Side

    async def prepare(self, step: Step) -> None:
        """See to it that the other side does what the step is about."""

    def tidy(self) -> None:
        """Be as before the step."""

    def stayed_minor(self, one: Transaction) -> int | None:
        """Return the money that moved and stayed (negative: paid back); None: nobody knows."""

    def wrong(self, one: Transaction) -> list[str]:
        """Return where TECS and the journal do not agree about a transaction, a sentence each."""

    def wrong_at_the_end(self, transactions: Collection[Transaction]) -> list[str]:
        """Return where they do not agree at all."""


class SimulatedTecs:
    """The simulator: it does as the step says, and its ledger knows better than any journal."""

    side = Side.SIMULATOR

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._usual = simulator.options

    async def prepare(self, step: Step) -> None:
        """Set the step's fault and options."""
        played = step.simulated
        if played is None:
            return
        self._simulator.set_options(**played.options)
        if not step.operation.takes_back:
            self._simulator.queue(played.behaviour)
        elif played.behaviour.fault is not None:
            self._simulator.cancellation_faults.append(played.behaviour.fault)

    def tidy(self) -> None:
        """Forget what was set; a step that was refused has not used it up."""
        self._simulator.forget_queued()
        self._simulator.options = self._usual

    def stayed_minor(self, one: Transaction) -> int | None:
        """Return what the ledger says."""
        return self._simulator.ledger.net_minor(one.id)

    def wrong(self, one: Transaction) -> list[str]:
        """Hold one transaction against the ledger."""
        return judge(Evidence([one], {one.id: booked(self._simulator.ledger, one.id)}))

    def wrong_at_the_end(self, transactions: Collection[Transaction]) -> list[str]:
        """Hold the whole scratch journal against the ledger, and every request that arrived."""
        return judge(evidence(self._simulator.ledger, transactions))


class PersonAtTerminal:
    """A real terminal: a person does what the step asks for, and TECS's answers are all there is."""

    side = Side.TERMINAL

    def __init__(self, ask: Callable[[str, str], Awaitable[None]]) -> None:
        self._ask = ask

    async def prepare(self, step: Step) -> None:
        """Tell the person what to do, and wait until they are ready."""
        if step.ask or step.operation.rules.card is CardUse.PRESENTED:
            await self._ask(step.asked, step.ask or "Present a card.")

    def tidy(self) -> None:
        """Nothing was set."""

    def stayed_minor(self, one: Transaction) -> int | None:
        """Return what the journal says: there is no other book within reach."""
        if one.state is State.NEEDS_STAFF:
            return None
        if one.state is not State.APPROVED:
            return 0
        return one.order.operation.direction * one.charged.minor

    def wrong(self, one: Transaction) -> list[str]:
        """Nobody else to ask."""
        del one
        return []

    def wrong_at_the_end(self, transactions: Collection[Transaction]) -> list[str]:
        """Nobody else to ask."""
        del transactions
        return []
