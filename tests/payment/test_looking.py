"""Asking after earlier payments, and after the chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from support.fakes import LOST, YES, Bench, order, ready
from support.virtual import virtual_time

from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Probe
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.readiness import Facts
from kiosk_tui.payment.self_test import Part, findings

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
GOOD = Facts(NOW, "", Probe(True, "", app_name="tecsclientrest", version="0.14.15"), ())


@virtual_time
async def test_a_reference_finds_its_payment_and_no_other(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    assert await bench.register.by_reference("123456789") == ()
    first, second = await bench.pay(100), await bench.pay(200)
    reference = first.reference.replace(" ", "")
    assert await bench.register.by_reference(reference) == (first,)
    assert await bench.register.newest(5) == (second, first)
    assert await bench.register.newest(1) == (second,)
    for wrong in ("", "12345678", "1234567890", "abcdefghi", "\u0661" * 9):
        assert await bench.register.by_reference(wrong) == ()


@virtual_time
async def test_the_last_payment_can_be_waited_for_by_whoever_comes_later(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    before = bench.register.payment
    paid = await bench.pay(100)
    running = bench.register.payment
    assert before is None
    assert running is not None
    assert await running == paid
    assert bench.register.now().tzinfo is UTC


@virtual_time
async def test_the_self_test_looks_at_every_part_of_the_chain(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.terminal.answer = YES
    found = {one.part: one.good for one in await bench.register.self_test()}
    assert found == dict.fromkeys(found, True)
    bench.terminal.answer = LOST
    await bench.pay(100)
    bench.terminal.reachable = False
    found = {one.part: one.good for one in await bench.register.self_test()}
    assert (found[Part.SERVER], found[Part.CANCELLATIONS]) == (False, False)
    assert found[Part.JOURNAL]


def test_a_finding_says_what_is_wrong() -> None:
    assert all(one.good for one in findings(GOOD))
    wrong = {
        Part.JOURNAL: replace(GOOD, journal_trouble="The disk is full."),
        Part.SERVER: replace(GOOD, probe=None),
        Part.CLOCK: replace(GOOD, now=NOW.replace(year=1970)),
    }
    for part, facts in wrong.items():
        bad = [one for one in findings(facts) if not one.good]
        assert [one.part for one in bad] == [part]
        assert bad[0].text.endswith(".")
    unreachable = replace(GOOD, probe=Probe(False, "No route to host."))
    assert "No route to host." in [one.text for one in findings(unreachable)]


def test_each_finding_is_told_in_words_or_with_a_version() -> None:
    named = replace(GOOD, probe=Probe(True, "", app_name="tecsclientrest", version="0.14.15"))
    assert [one.text for one in findings(named)] == [
        "It can be written.",
        "tecsclientrest 0.14.15",
        f"{NOW:%Y-%m-%d %H:%M} UTC",
        "None is due.",
    ]
    due = (
        Transaction(TransactionId("1"), order(), State.CANCEL_DUE, order().amount, NOW, NOW),
    ) * 2
    assert findings(replace(GOOD, due=due))[-1].text == "2 not yet answered."
    assert findings(replace(GOOD, journal_trouble="full"))[0].text == "full"
    never = {one.part: one.text for one in findings(replace(GOOD, probe=None))}
    assert never[Part.SERVER] == "It was not looked at yet."
    closed = findings(replace(GOOD, probe=Probe(False, "away", version="1")))
    assert closed[1].text == "away"


@virtual_time
async def test_a_transaction_of_this_journal_is_found_by_its_id(tmp_path: Path) -> None:
    bench = await ready(tmp_path)
    paid = await bench.pay()
    assert await bench.register.transaction(paid.id) == paid
    assert await bench.register.transaction(TransactionId("1")) is None


@virtual_time
async def test_how_long_the_server_took_is_told_while_it_answers(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    took = [bench.register.service_s]
    await bench.register.look()
    took.append(bench.register.service_s)
    bench.terminal.reachable = False
    await bench.register.look()
    assert [*took, bench.register.service_s] == [None, 0, None]
