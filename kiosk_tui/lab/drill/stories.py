"""What is done in each case: a sale, a fault, and how far it goes before somebody recovers.

A story ends when the fault is over; the recovery that follows each one is not part of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from collections.abc import Awaitable, Callable
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import ExchangeKind
from kiosk_tui.lab.drill.child import UnexpectedError
from kiosk_tui.lab.drill.line import Barrier, Passage, RequestKind, straight
from kiosk_tui.lab.drill.stage import Stage
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.terminal import Screen

Story = Callable[[Stage], Awaitable[None]]

FAR_S: Final = 1000.0
"""A customer who needs so many seconds is still looking for the card when the drill acts."""

SOON_S: Final = 1.0
"""A settle window for the cases in which TECS never hears of the payment."""


def met(fault: Fault) -> Story:
    """A sale meets a fault of TECS's own and runs to its end."""

    async def story(stage: Stage) -> None:
        stage.simulator.queue_fault(fault)
        await stage.sold()

    return story


async def plain(stage: Stage) -> None:
    """Nothing goes wrong."""
    await stage.sold()


async def declined(stage: Stage) -> None:
    """The customer has not enough money."""
    stage.simulator.queue(Behaviour(decline="51"))
    await stage.sold()


# -- killed on the way to TECS -----------------------------------------------------------------


async def killed_before_the_journal(stage: Stage) -> None:
    """The key comes from a pipe that nobody fills: everything is loaded, no journal is open."""
    stage.key_file.unlink()
    os.mkfifo(stage.key_file, 0o600)
    sale = await stage.sale()
    pipe: list[int] = []

    def waiting() -> bool:
        try:
            pipe.append(os.open(stage.key_file, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:  # nobody reads it yet
                raise
        return bool(pipe)

    try:
        await stage.until(sale, waiting, "the register reads its key")
        await stage.kill(sale)
    finally:
        for one in pipe:
            os.close(one)
    if stage.journal.exists():
        raise UnexpectedError("The journal was open already.")
    stage.configure()


async def killed_before_the_payment(stage: Stage) -> None:
    """The register asks whether TECS is there; the journal is open and empty."""
    await _killed_at(stage, stage.line.swallow(RequestKind.PROBE))


async def killed_before_a_byte_arrived(stage: Stage) -> None:
    """The payment is on disk; the line took its request and loses it."""
    stage.configure(settle_s=SOON_S)
    await _killed_at(stage, stage.line.swallow(RequestKind.PAYMENT), State.AUTHORIZING)


async def delivered_after_death(stage: Stage) -> None:
    """The line delivers the request when its sender is dead, and the card is charged."""
    gate = stage.line.hold_request(RequestKind.PAYMENT)
    await _killed_at(stage, gate, State.AUTHORIZING)
    gate.let_go()
    await _charged(stage)


async def overtaken(stage: Stage) -> None:
    """The line delivers the request only when its cancellation was answered "not found"."""
    gate = stage.line.hold_request(RequestKind.PAYMENT)

    async def cancellation(passage: Passage) -> None:
        await straight(passage)
        gate.let_go()

    stage.line.next(RequestKind.CANCELLATION, cancellation)
    await _killed_at(stage, gate, State.AUTHORIZING)


# -- killed while the customer pays ------------------------------------------------------------


async def killed_before_the_card(stage: Stage) -> None:
    """TECS waits for a card; whoever restarts stops the terminal first."""
    await _killed_while_tecs_waits(stage)


async def killed_and_paid_all_the_same(stage: Stage) -> None:
    """The terminal cannot be stopped, and the customer pays a register that is dead."""
    stage.simulator.set_options(abort_works=False)
    await _killed_while_tecs_waits(stage)
    stage.simulator.terminal.present_card()
    await _charged(stage)


async def gave_up_and_paid_all_the_same(stage: Stage) -> None:
    """The customer gives up, the terminal does not stop, and the card is charged and approved."""
    stage.simulator.set_options(abort_works=False, card_s=FAR_S)
    sale = await stage.sale()
    await stage.until(sale, lambda: _waits_for_card(stage), "TECS waits for the card")
    sale.interrupt()
    await stage.recorded(sale, State.GIVEN_UP)
    stage.simulator.terminal.present_card()
    await stage.end(sale)


# -- killed on the way back --------------------------------------------------------------------


async def killed_before_the_answer(stage: Stage) -> None:
    """The card is charged; no byte of the answer has come."""
    await _killed_at(stage, stage.line.hold_answer(RequestKind.PAYMENT), State.AUTHORIZING)


async def killed_within_the_answer(stage: Stage) -> None:
    """The card is charged; half of the answer has come."""
    await _killed_at(
        stage, stage.line.hold_answer(RequestKind.PAYMENT, part=0.5), State.AUTHORIZING
    )


async def killed_before_it_is_recorded(stage: Stage) -> None:
    """The whole answer has reached the machine; the register was stopped before it could read it."""
    charged, handed_over = Barrier(), asyncio.Event()

    async def payment(passage: Passage) -> None:
        await passage.deliver()
        answer = await passage.answer()
        await charged.hold()
        await passage.hand_over(answer)
        handed_over.set()

    stage.line.next(RequestKind.PAYMENT, payment)
    sale = await stage.sale()
    await stage.reached(sale, charged.reached(), "the card is charged")
    await sale.freeze()
    charged.let_go()
    await stage.reached(sale, handed_over.wait(), "the answer is handed over")
    _still(stage, State.AUTHORIZING)
    await stage.kill(sale)


async def killed_before_it_is_told(stage: Stage) -> None:
    """The approval is on disk; it cannot be told, because the pipe to the cash desk is full."""
    reader, writer = os.pipe()
    try:
        _fill(writer)
        sale = await stage.sale(stdout=writer)
        await stage.recorded(sale, State.APPROVED)
        await stage.kill(sale)
    finally:
        os.close(reader)
        os.close(writer)


# -- killed while it cancels -------------------------------------------------------------------


async def killed_before_the_abort(stage: Stage) -> None:
    """The answer was lost and the cancellation is due; the terminal is just being stopped."""
    stage.simulator.queue_fault(Fault.DROP_AFTER)
    await _killed_at(stage, stage.line.swallow(RequestKind.ABORT), State.CANCEL_DUE)
    _on_disk(stage, ExchangeKind.ABORT)


async def killed_before_the_cancellation(stage: Stage) -> None:
    """The cancellation is on disk; no byte of it has reached TECS."""
    stage.simulator.queue_fault(Fault.DROP_AFTER)
    await _killed_at(stage, stage.line.swallow(RequestKind.CANCELLATION), State.CANCEL_DUE)
    _on_disk(stage, ExchangeKind.CANCELLATION)


async def killed_after_the_cancellation(stage: Stage) -> None:
    """TECS has cancelled; the answer has not come."""
    stage.simulator.queue_fault(Fault.DROP_AFTER)
    await _killed_at(stage, stage.line.hold_answer(RequestKind.CANCELLATION), State.CANCEL_DUE)
    _on_disk(stage, ExchangeKind.CANCELLATION)


async def killed_in_recovery_before(stage: Stage) -> None:
    """Killed after the charge, and again in the recovery, before its cancellation left."""
    await killed_before_the_answer(stage)
    await _killed_in_recovery(stage, stage.line.swallow(RequestKind.CANCELLATION))


async def killed_in_recovery_after(stage: Stage) -> None:
    """Killed after the charge, and again in the recovery, after TECS has cancelled."""
    await killed_before_the_answer(stage)
    await _killed_in_recovery(stage, stage.line.hold_answer(RequestKind.CANCELLATION))


async def killed_again_and_again(stage: Stage) -> None:
    """Killed after the charge, and in four recoveries, each a step further."""
    await killed_before_the_answer(stage)
    await _killed_in_recovery(stage, stage.line.swallow(RequestKind.ABORT))
    await _killed_in_recovery(stage, stage.line.swallow(RequestKind.PROBE))
    await _killed_in_recovery(stage, stage.line.swallow(RequestKind.CANCELLATION))
    await _killed_in_recovery(stage, stage.line.hold_answer(RequestKind.CANCELLATION))


# -- the line ----------------------------------------------------------------------------------


async def away(stage: Stage) -> None:
    """Nobody answers at TECS's address: the sale does not even begin."""
    stage.line.hang_up()
    await stage.sold()
    await stage.line.pick_up()


async def refused(stage: Stage) -> None:
    """TECS answered a moment ago, but refuses the connection of the payment."""

    async def probe(passage: Passage) -> None:
        await passage.deliver()
        answer = await passage.answer()
        stage.line.hang_up()
        await passage.hand_over(answer)

    stage.line.next(RequestKind.PROBE, probe)
    await stage.sold()
    await stage.line.pick_up()


async def request_cut(stage: Stage) -> None:
    """Half of the request arrives."""

    async def payment(passage: Passage) -> None:
        await passage.deliver(len(passage.request) // 2)

    stage.configure(settle_s=SOON_S)
    stage.line.next(RequestKind.PAYMENT, payment)
    await stage.sold()


async def reset(stage: Stage) -> None:
    """The connection is reset between the charge and its answer."""

    async def payment(passage: Passage) -> None:
        await passage.deliver()
        await passage.answer()
        passage.reset()

    stage.line.next(RequestKind.PAYMENT, payment)
    await stage.sold()


async def garbled(stage: Stage) -> None:
    """Every seventh byte of the answer's body arrives with a bit turned over."""

    async def payment(passage: Passage) -> None:
        await passage.deliver()
        head, end, body = (await passage.answer()).partition(b"\r\n\r\n")
        spoiled = bytearray(body)
        spoiled[::7] = bytes(one ^ 0b0001_0000 for one in body[::7])
        await passage.hand_over(head + end + spoiled)

    stage.line.next(RequestKind.PAYMENT, payment)
    await stage.sold()


async def never_answered(stage: Stage) -> None:
    """The card is charged, the line stays open, and nothing comes."""
    stage.configure(answer_s=_LEAST_ANSWER_S)
    stage.line.hold_answer(RequestKind.PAYMENT)
    await stage.sold()


async def answered_too_late(stage: Stage) -> None:
    """The approval arrives after the register's patience, while its cancellation is on the line."""
    stage.configure(answer_s=_LEAST_ANSWER_S)
    late = stage.line.hold_answer(RequestKind.PAYMENT)

    async def cancellation(passage: Passage) -> None:
        await passage.deliver()
        answer = await passage.answer()
        late.let_go()
        await stage.recorded(None, State.VOID_DUE)
        await passage.hand_over(answer)

    stage.line.next(RequestKind.CANCELLATION, cancellation)
    await stage.sold()


_LEAST_ANSWER_S: Final = 10.0
"""The shortest patience in seconds that a configuration may have."""


# -- the judge must be awake -------------------------------------------------------------------


async def journal_removed(stage: Stage) -> None:
    """A register that lost its journal and every trace of it: the charge stays, and nobody knows."""
    await killed_before_the_answer(stage)
    for path in stage.folder.glob("journal.db*"):
        path.unlink()


async def _killed_at(stage: Stage, gate: Barrier, *states: State) -> None:
    """Kill a sale when something of it is held on the line, and its journal says where it stands."""
    sale = await stage.sale()
    await stage.reached(sale, gate.reached(), "the request is held on the line")
    _still(stage, *states)
    await stage.kill(sale)


async def _killed_in_recovery(stage: Stage, gate: Barrier) -> None:
    recovery = await stage.recover()
    await stage.reached(recovery, gate.reached(), "the recovery is held on the line")
    await stage.kill(recovery)


async def _killed_while_tecs_waits(stage: Stage) -> None:
    stage.simulator.set_options(card_s=FAR_S)
    sale = await stage.sale()
    await stage.until(sale, lambda: _waits_for_card(stage), "TECS waits for the card")
    _still(stage, State.AUTHORIZING)
    await stage.kill(sale)


async def _charged(stage: Stage) -> None:
    await stage.until(None, lambda: bool(stage.simulator.ledger.movements), "the card is charged")


def _on_disk(stage: Stage, kind: ExchangeKind) -> None:
    if kind not in stage.unanswered():
        raise UnexpectedError(f"The {kind} left before it was in the journal.")


def _fill(pipe: int) -> None:
    os.set_blocking(pipe, False)
    for piece in (b" " * 4096, b" "):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, piece)
    os.set_blocking(pipe, True)


def _waits_for_card(stage: Stage) -> bool:
    return stage.simulator.terminal.screen is Screen.WAITING_FOR_CARD


def _still(stage: Stage, *states: State) -> None:
    found = tuple(one.state for one in stage.transactions())
    if found != states:
        said, must = (", ".join(one) or "nothing" for one in (found, states))
        raise UnexpectedError(f"The journal says {said}, where it must say {must}.")
