"""Words that no file can hold, from a peer or from a shell, stop neither a payment nor the book."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from support.fakes import order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Answer, Approved, CancelVerdict, OutcomeUnknown
from kiosk_tui.domain.transaction import Transaction

HALF = "\ud800"
"""Half a character: JSON can say it, and a shell's stray byte becomes one."""


@virtual_time
async def test_an_approval_with_half_a_character_is_an_approval(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = Approved(Answer("0", HALF, fields={"receipt_footer": HALF}))
    paid = await bench.pay()
    assert paid.state is State.APPROVED
    assert (await bench.on_disk(paid.id)).state is State.APPROVED
    assert bench.terminal.cancelled == []
    await bench.register.close(0)


@virtual_time
async def test_an_unclear_answer_with_half_a_character_is_cancelled_and_recorded(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.answer = OutcomeUnknown(HALF, Answer("10", HALF))
    bench.terminal.always = CancelVerdict.CONFIRMED
    lost = await bench.pay()
    await bench.register.replay()
    assert (await bench.on_disk(lost.id)).state is State.CANCELLED
    assert not bench.register.behind
    await bench.register.close(0)


@virtual_time
async def test_an_order_or_a_note_with_half_a_character_is_written_as_far_as_it_can_be(
    tmp_path: Path,
) -> None:
    bench = await ready(tmp_path)
    bench.terminal.always = CancelVerdict.REFUSED
    bench.terminal.answer = OutcomeUnknown("lost")
    lost = await bench.pay(replace(order(), reason=f"Tisch {HALF}"))
    await bench.register.replay()
    settled = await bench.register.settle(lost.id, f"bar zurück {HALF}")
    assert isinstance(settled, Transaction)
    found = await bench.on_disk(lost.id)
    assert (found.order.reason, found.note) == ("Tisch ?", "bar zurück ?")
    await bench.register.close(0)


@virtual_time
async def test_an_id_of_twenty_digits_is_looked_for_and_not_found(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    assert await bench.register.transaction(TransactionId("9" * 20)) is None
    await bench.register.close(0)
