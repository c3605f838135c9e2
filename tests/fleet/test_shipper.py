"""Whatever happens to shipper, line and head office: each event arrives once, and in order."""

from __future__ import annotations

import asyncio
import itertools
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.office_line import FakeOffice, Fault, Name, answer, refused, talking
from support.shipping import FakeOrders, Shop, running, shipper
from support.virtual import START, virtual_time

from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.fleet import cursor as cursors
from kiosk_tui.fleet.cursor import Cursor
from kiosk_tui.fleet.head_office import FleetError
from kiosk_tui.fleet.register_key import RegisterKey
from kiosk_tui.fleet.shipper import LONGEST_PAUSE_S, boot_id
from kiosk_tui.fleet.wire import MOST_BYTES, Batch, CommandOutcome, SignedCommand, Stored
from kiosk_tui.journal import checkpoints
from kiosk_tui.journal.reader import Reader

COMMAND = SignedCommand(payload="e30=", signature="", key_id="k")


def _names(shop: Shop) -> list[Name]:
    """What the journal holds, by its own log."""
    reader = Reader(shop.path)
    try:
        return sorted((one.transaction_id, one.number) for one in reader.events())
    finally:
        reader.close()


def _all_once(office: FakeOffice, shop: Shop) -> None:
    assert office.names == _names(shop)
    assert office.conflicts == []
    assert office.gaps == []
    for epoch in office.journals:
        places = [seq for journal, seq in office.arrived if journal == epoch]
        assert places == sorted(places)


@virtual_time
async def test_everything_arrives_once_and_in_order(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(65)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    _all_once(office, shop)
    assert [len(one.events) for one in office.batches] == [0, 50, 50, 30]
    assert office.again == []


@virtual_time
async def test_checkpoints_arrive_in_order_and_are_asked_for_anew_after_a_loss(
    tmp_path: Path,
) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    key = RegisterKey.kept(shop.path)
    made = []
    for _ in range(25):
        shop.pay()
        one = checkpoints.make(shop.path, START, key.sign)
        assert one is not None
        made.append(one.text)
    async with talking(office, tmp_path) as line:
        async with running(shipper(shop, line)):
            await asyncio.sleep(120)
            (known,) = office.journals.values()
            assert known.checkpoints == made
            sent = sum(len(one.checkpoints) for one in office.batches)
            await asyncio.sleep(300)
            assert sum(len(one.checkpoints) for one in office.batches) == sent == 25
            known.checkpoints = made[:3]  # head office was restored
            await asyncio.sleep(120)
            assert known.checkpoints == made
        async with running(shipper(shop, line)):  # a new process learns first what is there
            await asyncio.sleep(120)
            assert sum(len(one.checkpoints) for one in office.batches) == sent + 22


@virtual_time
async def test_a_kiosk_without_payments_costs_a_request_in_fifty_seconds(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay()
    async with talking(office, tmp_path) as line:
        one = shipper(shop, line)
        async with running(one):
            await asyncio.sleep(60)
            asked = len(office.batches)
            opened = one.source._reader
            assert opened is not None
            queries: list[str] = []
            opened._connection.set_trace_callback(queries.append)
            await asyncio.sleep(600)
            assert len(office.batches) - asked == 12
            # a look after each request, should a commit have gone unseen
            assert len(queries) <= 2 * 12


@virtual_time
async def test_a_new_payment_is_told_within_two_seconds(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay()
    async with talking(office, tmp_path) as line, running(shipper(shop, line)):
        await asyncio.sleep(10)
        shop.pay()
        await asyncio.sleep(2)
        _all_once(office, shop)


@virtual_time
async def test_a_head_office_that_holds_nothing_open_is_not_asked_without_end(
    tmp_path: Path,
) -> None:
    shop, office = Shop(tmp_path), FakeOffice(holds=False)
    async with talking(office, tmp_path) as line, running(shipper(shop, line)):
        await asyncio.sleep(60)
    assert len(office.batches) <= 62


FAULTS: dict[str, Fault] = {
    "nothing is answered": lambda _: b"",
    "the answer is cut": lambda one: one[: len(one) // 2],
    "the answer is cut in its body": lambda one: one[:-3],
    "the answer never comes": lambda _: None,
    "500": refused(500, "A fault of head office; its log has it."),
    "503": refused(503),
    "401": refused(401, "No certificate."),
    "403": refused(403, "This kiosk is not let in."),
    "a page": lambda _: answer(200, b"<html>hello</html>"),
    "other JSON": lambda _: answer(200, b'{"stored": -1}'),
    "no HTTP": lambda _: b"SSH-2.0-hello\r\n\r\n",
    "elsewhere": lambda _: answer(307, b"", "Location: http://elsewhere.example/"),
    "too much": lambda _: answer(200, b" " * (MOST_BYTES + 1)),
    "too much, packed": lambda _: answer(200, b"x" * 100, "Content-Encoding: gzip"),
}


@pytest.mark.parametrize("fault", FAULTS)
@virtual_time
async def test_an_answer_that_does_not_come_costs_time_and_nothing_else(
    tmp_path: Path, fault: str
) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(60)
    async with talking(office, tmp_path) as line:
        one = shipper(shop, line)
        office.faults += [FAULTS[fault]] * 3
        for _ in range(3):
            trouble = await one.settle()
            assert trouble is not None
            assert trouble.endswith(".")
            assert trouble.count("\n") == 0
            assert ("more than" in trouble) is (fault == "too much")
        assert len(office.heard) == 3  # no redirect is followed, nothing is tried again at once
        async with running(one):
            await asyncio.sleep(5)
    _all_once(office, shop)


@virtual_time
async def test_a_shipper_that_was_killed_between_answer_and_cursor_sends_nothing_twice(
    tmp_path: Path,
) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(60)
    async with talking(office, tmp_path) as line:
        one = shipper(shop, line)
        assert await one.settle() is None
        cursors.write(
            shop.cursor, Cursor(office.batches[0].epoch, 50)
        )  # as before the last batches
        assert await shipper(shop, line).settle() is None
    _all_once(office, shop)
    assert len(office.arrived) == 120


@virtual_time
async def test_a_lost_cursor_is_asked_for(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(60)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
        shop.cursor.unlink()
        shop.pay()
        assert await shipper(shop, line).settle() is None
    _all_once(office, shop)
    assert office.again == []


@virtual_time
async def test_a_cursor_of_another_journal_is_none(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(3)
    cursors.write(shop.cursor, Cursor("abc", 6))
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    _all_once(office, shop)


@virtual_time
async def test_a_head_office_that_was_restored_is_told_again(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(60)
    async with talking(office, tmp_path) as line:
        one = shipper(shop, line)
        async with running(one):
            await asyncio.sleep(5)
            office.restored(30)
            await asyncio.sleep(150)  # the request that is held, and the next
    assert office.names == _names(shop)
    assert office.gaps == []


@virtual_time
async def test_what_the_outbox_no_longer_has_is_told_as_gone(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(10)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
        connection = shop.store._connection.get()
        connection.execute("DELETE FROM outbox WHERE seq <= 12")
        office.restored(4)
        shop.pay()
        assert await shipper(shop, line).settle() is None
    assert office.gaps == [(5, 12)]
    known = {one.seq for one in office.events.values()}
    assert known == {*range(1, 5), *range(13, 23)}


@virtual_time
async def test_a_head_office_that_knows_more_is_told_everything_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(5)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
        office.journals[office.batches[0].epoch].stored = 1000
        shop.pay(2)
        with caplog.at_level(logging.WARNING):
            assert await shipper(shop, line).settle() is None
    _all_once(office, shop)
    assert "another machine uses our certificate" in caplog.text


@virtual_time
async def test_failures_are_spaced_up_to_five_minutes_and_never_all_at_once(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice(deaf=True)
    shop.pay()
    async with talking(office, tmp_path) as line, running(shipper(shop, line)):
        await asyncio.sleep(3600)
        pauses = [after - before for before, after in itertools.pairwise(office.at)]
        for number, pause in enumerate(pauses):
            most = min(2.0**number, LONGEST_PAUSE_S)
            assert most / 2 <= pause <= most + 1
        assert len({round(pause, 3) for pause in pauses}) == len(pauses)
        office.deaf = False
        await asyncio.sleep(LONGEST_PAUSE_S)
        _all_once(office, shop)
        asked = len(office.at)
        shop.pay()
        await asyncio.sleep(2)
        assert len(office.at) == asked + 2  # events, then the wait: as if nothing had been
        office.deaf = True
        shop.pay()
        await asyncio.sleep(8)
        assert len(office.at) >= asked + 5


@virtual_time
async def test_a_day_without_head_office_then_all_of_it(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice(deaf=True)
    async with talking(office, tmp_path) as line, running(shipper(shop, line)):
        for _ in range(24):
            shop.pay(2)
            await asyncio.sleep(3600)
        office.deaf = False
        await asyncio.sleep(LONGEST_PAUSE_S + 5)
        _all_once(office, shop)


@virtual_time
async def test_clocks_that_jump_change_no_order(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    times = itertools.cycle([START, START - timedelta(days=400), START + timedelta(days=4000)])

    def now() -> datetime:
        return next(times)

    async with talking(office, tmp_path) as line, running(shipper(shop, line, now=now)):
        for days in (0, -400, 300, -1):
            shop.pay(2, at=START + timedelta(days=days))
            await asyncio.sleep(5)
    _all_once(office, shop)
    assert [seq for _, seq in office.arrived] == list(range(1, 17))


# -- a new journal -----------------------------------------------------------------------------------


class _Insatiable(FakeOffice):
    """Asks for the days again whatever it was told, and takes events all the same."""

    def ingest(self, batch: Batch) -> Stored:
        return super().ingest(batch).model_copy(update={"compare": True})


@virtual_time
async def test_a_head_office_that_asks_for_the_days_for_ever_gets_the_events_all_the_same(
    tmp_path: Path,
) -> None:
    shop, office = Shop(tmp_path), _Insatiable()
    shop.pay(60)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    assert office.names == _names(shop)


class _TakesNothing(_Insatiable):
    def ingest(self, batch: Batch) -> Stored:
        return super().ingest(batch).model_copy(update={"stored": 0})


@virtual_time
async def test_a_head_office_that_only_asks_is_left_alone_for_a_while(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), _TakesNothing()
    shop.pay()
    async with talking(office, tmp_path) as line:
        trouble = await shipper(shop, line).settle()
    assert trouble is not None
    assert "takes nothing" in trouble
    assert len(office.batches) < 4


@virtual_time
async def test_of_a_restored_journal_only_other_days_are_sent_and_losses_are_named(
    tmp_path: Path,
) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    days = [START + timedelta(days=number) for number in range(10)]
    for day in days:
        shop.pay(5, at=day)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
        again = Shop(tmp_path / "again")  # a new identity
        for day in days[:-1]:
            again.pay(5, at=day)
        again.pay(3, at=days[-1])
        sent = len(office.batches)
        assert await shipper(again, line).settle() is None
        told = [one for batch in office.batches[sent:] for one in batch.events]
    assert {one.transaction_id[:8] for one in told} == {f"{days[-1]:%Y%m%d}"}
    assert len(told) == 6
    assert len(office.lost) == 2
    assert office.gaps == []


@virtual_time
async def test_a_comparison_that_was_broken_off_is_begun_again(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(4)
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
        again = Shop(tmp_path / "again")
        again.pay(2)
        for place in (1, 2):  # the days, and then a day
            one = shipper(again, line)
            office.faults += [lambda whole: whole] * place
            office.faults.append(lambda _: b"")
            assert await one.settle() is not None
            office.faults.clear()
        assert await shipper(again, line).settle() is None
    assert len(office.lost) >= 2
    assert office.gaps == []


# -- commands, renewal -------------------------------------------------------------------------------


@virtual_time
async def test_a_command_is_taken_at_once_and_its_outcome_goes_up_next(tmp_path: Path) -> None:
    shop, office, orders = Shop(tmp_path), FakeOffice(), FakeOrders()
    async with talking(office, tmp_path) as line, running(shipper(shop, line, orders)):
        await asyncio.sleep(10)
        office.commands.append(COMMAND)
        await asyncio.sleep(3)
        assert orders.taken == [COMMAND]
        assert [one.n for one in office.outcomes] == [1]
        assert orders.waiting == []


@virtual_time
async def test_what_the_register_has_done_is_told_without_waiting_for_anything_else(
    tmp_path: Path,
) -> None:
    shop, office, orders = Shop(tmp_path), FakeOffice(), FakeOrders()
    async with talking(office, tmp_path) as line, running(shipper(shop, line, orders)):
        await asyncio.sleep(10)
        orders.waiting.append(CommandOutcome(n=3, ok=True, at=START))
        await asyncio.sleep(3)
        assert [one.n for one in office.outcomes] == [3]


@virtual_time
async def test_a_command_that_cannot_be_kept_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    orders = FakeOrders(refuses=OSError(28, "No space left on device"))
    async with talking(office, tmp_path) as line, running(shipper(shop, line, orders)):
        office.commands.append(COMMAND)
        await asyncio.sleep(3)
        assert "cannot be kept: No space left on device" in caplog.text
        orders.refuses = None
        office.commands.append(COMMAND)
        await asyncio.sleep(10)
    assert orders.taken == [COMMAND]


@virtual_time
async def test_a_new_certificate_is_asked_for_once_an_hour(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shop, office, asked = Shop(tmp_path), FakeOffice(renew=True), []

    async def renew() -> None:
        asked.append(asyncio.get_running_loop().time())
        raise FleetError("Head office gives none now.")

    async with talking(office, tmp_path) as line, running(shipper(shop, line, renew=renew)):
        await asyncio.sleep(1.2 * 3600)
    assert len(asked) == 2
    assert "not renewed: Head office gives none now." in caplog.text


# -- the journal -------------------------------------------------------------------------------------


@virtual_time
async def test_a_journal_that_is_not_kept_for_a_head_office_is_not_told_as_empty(
    tmp_path: Path,
) -> None:
    shop, office = Shop(tmp_path, ships=False), FakeOffice()
    shop.pay()
    async with talking(office, tmp_path) as line, running(shipper(shop, line)):
        await asyncio.sleep(600)
    assert office.batches == []


@virtual_time
async def test_a_journal_that_is_away_is_told_by_its_health_and_taken_up_again(
    tmp_path: Path,
) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay()
    elsewhere = tmp_path / "elsewhere.db"
    async with talking(office, tmp_path) as line, running(shipper(shop, line)):
        await asyncio.sleep(5)
        shop.store.close()
        shop.path.rename(elsewhere)
        asked = len(office.batches)
        await asyncio.sleep(600)
        assert len(office.batches) - asked >= 10
        elsewhere.rename(shop.path)
        shop.pay()
        await asyncio.sleep(400)
        _all_once(office, shop)


@virtual_time
async def test_a_disk_that_refuses_the_cursor_loses_nothing(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    shop.pay(60)
    async with talking(office, tmp_path) as line:
        one = replace(shipper(shop, line), cursor_file=tmp_path / "no such folder" / "cursor.json")
        trouble = await one.settle()
        assert trouble is not None
        assert "cannot be written" in trouble
        assert await shipper(shop, line).settle() is None
    _all_once(office, shop)


@virtual_time
async def test_an_answer_that_came_too_late_changes_nothing_that_was_told(tmp_path: Path) -> None:
    shop, office = Shop(tmp_path), FakeOffice()
    async with talking(office, tmp_path) as line:
        (lost,) = shop.pay(1, Event.OUTCOME_UNKNOWN)
        assert await shipper(shop, line).settle() is None
        exchange = shop.store.exchanges(lost.id)[0]
        shop.store.close_exchange(replace(exchange, verdict="late declined"))
        shop.cursor.unlink()
        office.journals.clear()
        assert await shipper(shop, line).settle() is None
    assert office.conflicts == []
    assert len(office.again) == 2


def test_a_boot_is_told_by_its_unit_or_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    by_kernel = boot_id()
    assert len(by_kernel) == 32
    monkeypatch.setenv("BOOT_ID", by_kernel)
    assert boot_id() == by_kernel
    monkeypatch.setenv("BOOT_ID", "no boot")
    assert boot_id() == ""
