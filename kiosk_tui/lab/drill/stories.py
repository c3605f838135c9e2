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
from kiosk_tui.lab.drill.sandbox import Sandbox
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.terminal import Screen

Story = Callable[[Sandbox], Awaitable[None]]

FAR_S: Final = 1000.0
"""A customer who needs so many seconds is still looking for the card when the drill acts."""

SOON_S: Final = 1.0
"""A settle window for the cases in which TECS never hears of the payment."""


def met(fault: Fault) -> Story:
    """A sale meets a fault of TECS's own and runs to its end."""

    async def story(sandbox: Sandbox) -> None:
        sandbox.simulator.queue_fault(fault)
        await sandbox.sold()

    return story


async def plain(sandbox: Sandbox) -> None:
    """Nothing goes wrong."""
    await sandbox.sold()


async def declined(sandbox: Sandbox) -> None:
    """The customer has not enough money."""
    sandbox.simulator.queue(Behaviour(decline="51"))
    await sandbox.sold()


# -- killed on the way to TECS -----------------------------------------------------------------


async def killed_before_the_journal(sandbox: Sandbox) -> None:
    """The key comes from a pipe that nobody fills: everything is loaded, no journal is open."""
    sandbox.key_file.unlink()
    os.mkfifo(sandbox.key_file, 0o600)
    sale = await sandbox.sale()
    pipe: list[int] = []

    def waiting() -> bool:
        try:
            pipe.append(os.open(sandbox.key_file, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:  # nobody reads it yet
                raise
        return bool(pipe)

    try:
        await sandbox.until(sale, waiting, "the register reads its key")
        await sandbox.kill(sale)
    finally:
        for one in pipe:
            os.close(one)
    if sandbox.journal.exists():
        raise UnexpectedError("The journal was open already.")
    sandbox.configure()


async def killed_before_the_payment(sandbox: Sandbox) -> None:
    """The register asks whether TECS is there; the journal is open and empty."""
    await _killed_at(sandbox, sandbox.line.swallow(RequestKind.PROBE))


async def killed_before_a_byte_arrived(sandbox: Sandbox) -> None:
    """The payment is on disk; the line took its request and loses it."""
    sandbox.configure(settle_s=SOON_S)
    await _killed_at(sandbox, sandbox.line.swallow(RequestKind.PAYMENT), State.AUTHORIZING)


async def delivered_after_death(sandbox: Sandbox) -> None:
    """The line delivers the request when its sender is dead, and the card is charged."""
    gate = sandbox.line.hold_request(RequestKind.PAYMENT)
    await _killed_at(sandbox, gate, State.AUTHORIZING)
    gate.let_go()
    await _charged(sandbox)


async def overtaken(sandbox: Sandbox) -> None:
    """The line delivers the request only when its cancellation was answered "not found"."""
    gate = sandbox.line.hold_request(RequestKind.PAYMENT)

    async def cancellation(passage: Passage) -> None:
        await straight(passage)
        gate.let_go()

    sandbox.line.next(RequestKind.CANCELLATION, cancellation)
    await _killed_at(sandbox, gate, State.AUTHORIZING)


# -- killed while the customer pays ------------------------------------------------------------


async def killed_before_the_card(sandbox: Sandbox) -> None:
    """TECS waits for a card; whoever restarts stops the terminal first."""
    await _killed_while_tecs_waits(sandbox)


async def killed_and_paid_all_the_same(sandbox: Sandbox) -> None:
    """The terminal cannot be stopped, and the customer pays a register that is dead."""
    sandbox.simulator.set_options(abort_works=False)
    await _killed_while_tecs_waits(sandbox)
    sandbox.simulator.terminal.present_card()
    await _charged(sandbox)


async def gave_up_and_paid_all_the_same(sandbox: Sandbox) -> None:
    """The customer gives up, the terminal does not stop, and the card is charged and approved."""
    sandbox.simulator.set_options(abort_works=False, card_s=FAR_S)
    sale = await sandbox.sale()
    await sandbox.until(sale, lambda: _waits_for_card(sandbox), "TECS waits for the card")
    sale.interrupt()
    await sandbox.recorded(sale, State.GIVEN_UP)
    sandbox.simulator.terminal.present_card()
    await sandbox.end(sale)


# -- killed on the way back --------------------------------------------------------------------


async def killed_before_the_answer(sandbox: Sandbox) -> None:
    """The card is charged; no byte of the answer has come."""
    await _killed_at(sandbox, sandbox.line.hold_answer(RequestKind.PAYMENT), State.AUTHORIZING)


async def killed_within_the_answer(sandbox: Sandbox) -> None:
    """The card is charged; half of the answer has come."""
    await _killed_at(
        sandbox, sandbox.line.hold_answer(RequestKind.PAYMENT, part=0.5), State.AUTHORIZING
    )


async def killed_before_it_is_recorded(sandbox: Sandbox) -> None:
    """The whole answer has reached the machine; the register was stopped before it could read it."""
    charged, handed_over = Barrier(), asyncio.Event()

    async def payment(passage: Passage) -> None:
        await passage.deliver()
        answer = await passage.answer()
        await charged.hold()
        await passage.hand_over(answer)
        handed_over.set()

    sandbox.line.next(RequestKind.PAYMENT, payment)
    sale = await sandbox.sale()
    await sandbox.reached(sale, charged.reached(), "the card is charged")
    await sale.freeze()
    charged.let_go()
    await sandbox.reached(sale, handed_over.wait(), "the answer is handed over")
    _still(sandbox, State.AUTHORIZING)
    await sandbox.kill(sale)


async def killed_before_it_is_told(sandbox: Sandbox) -> None:
    """The approval is on disk; it cannot be told, because the pipe to the cash desk is full."""
    reader, writer = os.pipe()
    try:
        _fill(writer)
        sale = await sandbox.sale(stdout=writer)
        await sandbox.recorded(sale, State.APPROVED)
        await sandbox.kill(sale)
    finally:
        os.close(reader)
        os.close(writer)


# -- killed while it cancels -------------------------------------------------------------------


async def killed_before_the_abort(sandbox: Sandbox) -> None:
    """The answer was lost and the cancellation is due; the terminal is just being stopped."""
    sandbox.simulator.queue_fault(Fault.DROP_AFTER)
    await _killed_at(sandbox, sandbox.line.swallow(RequestKind.ABORT), State.CANCEL_DUE)
    _on_disk(sandbox, ExchangeKind.ABORT)


async def killed_before_the_cancellation(sandbox: Sandbox) -> None:
    """The cancellation is on disk; no byte of it has reached TECS."""
    sandbox.simulator.queue_fault(Fault.DROP_AFTER)
    await _killed_at(sandbox, sandbox.line.swallow(RequestKind.CANCELLATION), State.CANCEL_DUE)
    _on_disk(sandbox, ExchangeKind.CANCELLATION)


async def killed_after_the_cancellation(sandbox: Sandbox) -> None:
    """TECS has cancelled; the answer has not come."""
    sandbox.simulator.queue_fault(Fault.DROP_AFTER)
    await _killed_at(sandbox, sandbox.line.hold_answer(RequestKind.CANCELLATION), State.CANCEL_DUE)
    _on_disk(sandbox, ExchangeKind.CANCELLATION)


async def killed_in_recovery_before(sandbox: Sandbox) -> None:
    """Killed after the charge, and again in the recovery, before its cancellation left."""
    await killed_before_the_answer(sandbox)
    await _killed_in_recovery(sandbox, sandbox.line.swallow(RequestKind.CANCELLATION))


async def killed_in_recovery_after(sandbox: Sandbox) -> None:
    """Killed after the charge, and again in the recovery, after TECS has cancelled."""
    await killed_before_the_answer(sandbox)
    await _killed_in_recovery(sandbox, sandbox.line.hold_answer(RequestKind.CANCELLATION))


async def killed_again_and_again(sandbox: Sandbox) -> None:
    """Killed after the charge, and in four recoveries, each a step further."""
    await killed_before_the_answer(sandbox)
    await _killed_in_recovery(sandbox, sandbox.line.swallow(RequestKind.ABORT))
    await _killed_in_recovery(sandbox, sandbox.line.swallow(RequestKind.PROBE))
    await _killed_in_recovery(sandbox, sandbox.line.swallow(RequestKind.CANCELLATION))
    await _killed_in_recovery(sandbox, sandbox.line.hold_answer(RequestKind.CANCELLATION))


# -- the line ----------------------------------------------------------------------------------


async def away(sandbox: Sandbox) -> None:
    """Nobody answers at TECS's address: the sale does not even begin."""
    sandbox.line.hang_up()
    await sandbox.sold()
    await sandbox.line.pick_up()


async def refused(sandbox: Sandbox) -> None:
    """TECS answered a moment ago, but refuses the connection of the payment."""

    async def probe(passage: Passage) -> None:
        await passage.deliver()
        answer = await passage.answer()
        sandbox.line.hang_up()
        await passage.hand_over(answer)

    sandbox.line.next(RequestKind.PROBE, probe)
    await sandbox.sold()
    await sandbox.line.pick_up()


async def request_cut(sandbox: Sandbox) -> None:
    """Half of the request arrives."""

    async def payment(passage: Passage) -> None:
        await passage.deliver(len(passage.request) // 2)

    sandbox.configure(settle_s=SOON_S)
    sandbox.line.next(RequestKind.PAYMENT, payment)
    await sandbox.sold()


async def reset(sandbox: Sandbox) -> None:
    """The connection is reset between the charge and its answer."""

    async def payment(passage: Passage) -> None:
        await passage.deliver()
        await passage.answer()
        passage.reset()

    sandbox.line.next(RequestKind.PAYMENT, payment)
    await sandbox.sold()


async def garbled(sandbox: Sandbox) -> None:
    """Every seventh byte of the answer's body arrives with a bit turned over."""

    async def payment(passage: Passage) -> None:
        await passage.deliver()
        head, end, body = (await passage.answer()).partition(b"\r\n\r\n")
        spoiled = bytearray(body)
        spoiled[::7] = bytes(one ^ 0b0001_0000 for one in body[::7])
        await passage.hand_over(head + end + spoiled)

    sandbox.line.next(RequestKind.PAYMENT, payment)
    await sandbox.sold()


async def never_answered(sandbox: Sandbox) -> None:
    """The card is charged, the line stays open, and nothing comes."""
    sandbox.configure(answer_s=_LEAST_ANSWER_S)
    sandbox.line.hold_answer(RequestKind.PAYMENT)
    await sandbox.sold()


async def answered_too_late(sandbox: Sandbox) -> None:
    """The approval arrives after the register's patience, while its cancellation is on the line."""
    sandbox.configure(answer_s=_LEAST_ANSWER_S)
    late = sandbox.line.hold_answer(RequestKind.PAYMENT)

    async def cancellation(passage: Passage) -> None:
        await passage.deliver()
        answer = await passage.answer()
        late.let_go()
        await sandbox.recorded(None, State.VOID_DUE)
        await passage.hand_over(answer)

    sandbox.line.next(RequestKind.CANCELLATION, cancellation)
    await sandbox.sold()


_LEAST_ANSWER_S: Final = 10.0
"""The shortest patience in seconds that a configuration may have."""


# -- the judge must be awake -------------------------------------------------------------------


async def journal_removed(sandbox: Sandbox) -> None:
    """A register that lost its journal and every trace of it: the charge stays, and nobody knows."""
    await killed_before_the_answer(sandbox)
    for path in sandbox.folder.glob("journal.db*"):
        path.unlink()


async def _killed_at(sandbox: Sandbox, gate: Barrier, *states: State) -> None:
    """Kill a sale when something of it is held on the line, and its journal says where it stands."""
    sale = await sandbox.sale()
    await sandbox.reached(sale, gate.reached(), "the request is held on the line")
    _still(sandbox, *states)
    await sandbox.kill(sale)


async def _killed_in_recovery(sandbox: Sandbox, gate: Barrier) -> None:
    recovery = await sandbox.recover()
    await sandbox.reached(recovery, gate.reached(), "the recovery is held on the line")
    await sandbox.kill(recovery)


async def _killed_while_tecs_waits(sandbox: Sandbox) -> None:
    sandbox.simulator.set_options(card_s=FAR_S)
    sale = await sandbox.sale()
    await sandbox.until(sale, lambda: _waits_for_card(sandbox), "TECS waits for the card")
    _still(sandbox, State.AUTHORIZING)
    await sandbox.kill(sale)


async def _charged(sandbox: Sandbox) -> None:
    await sandbox.until(
        None, lambda: bool(sandbox.simulator.ledger.movements), "the card is charged"
    )


def _on_disk(sandbox: Sandbox, kind: ExchangeKind) -> None:
    if kind not in sandbox.unanswered():
        raise UnexpectedError(f"The {kind} left before it was in the journal.")


def _fill(pipe: int) -> None:
    os.set_blocking(pipe, False)
    for piece in (b" " * 4096, b" "):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, piece)
    os.set_blocking(pipe, True)


def _waits_for_card(sandbox: Sandbox) -> bool:
    return sandbox.simulator.terminal.screen is Screen.WAITING_FOR_CARD


def _still(sandbox: Sandbox, *states: State) -> None:
    found = tuple(one.state for one in sandbox.transactions())
    if found != states:
        said, must = (", ".join(one) or "nothing" for one in (found, states))
        raise UnexpectedError(f"The journal says {said}, where it must say {must}.")
