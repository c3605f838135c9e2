"""The terminal is asked while a payment's answer is awaited: what of it is kept, and what it costs."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.fakes import NO, YES, Bench, FakeTerminal, after, ready
from support.opened import opened
from support.virtual import START, Inline, virtual_time

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Answer, PaymentOutcome, StatusOutcome, TerminalState
from kiosk_tui.domain.transaction import Exchange, ExchangeKind, Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import SPARE_IDS, Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.payment import policy
from kiosk_tui.payment.policy import MOST_POLLS, OptionalRequests, Timeouts
from kiosk_tui.payment.register import Register

WAITING, READ = TerminalState.WAITING_FOR_CARD, TerminalState.CARD_READ
UNKNOWN = TerminalState.UNKNOWN


def said(state: TerminalState, code: str) -> StatusOutcome:
    return StatusOutcome(state, f"code {code}", Answer(code))


SILENT = StatusOutcome(UNKNOWN, "No answer.")


class Asked(FakeTerminal):
    """Answers its status from a list, the last one for ever."""

    def __init__(self, *states: StatusOutcome) -> None:
        super().__init__()
        self._states = list(states) or [said(WAITING, "8019")]
        self.hang = False

    async def status(self, exchange: Exchange) -> StatusOutcome:
        await super().status(exchange)
        if self.hang:
            await asyncio.sleep(1000)
        return self._states.pop(0) if len(self._states) > 1 else self._states[0]


async def asked(folder: Path, *states: StatusOutcome, **settings: Any) -> Bench:
    terminal = Asked(*states)
    return await ready(folder, terminal=terminal, optional_requests=OptionalRequests(), **settings)


def kept(folder: Path, of: Transaction, kind: ExchangeKind | None = None) -> list[Exchange]:
    reader = opened(Reader(folder / "journal.db"))
    return [one for one in reader.exchanges(of.id) if kind in (None, one.kind)]


def polls(folder: Path, of: Transaction) -> list[tuple[str, str]]:
    return [(one.verdict, one.why) for one in kept(folder, of, ExchangeKind.STATUS)]


def _refuse(*_: object, **__: object) -> None:
    raise JournalUnavailableError("The disk is full.")


@virtual_time
async def test_twenty_polls_that_tell_the_same_cost_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await asked(tmp_path)
    commits, real = [], bench.store._connection.commit

    def counted() -> AbstractContextManager[sqlite3.Connection]:
        commits.append(1)
        return real()

    monkeypatch.setattr(bench.store._connection, "commit", counted)
    bench.terminal.answer = after(61, YES)
    ended = await bench.pay()
    assert bench.terminal.statuses == 20
    assert len(commits) == 2
    (last,) = kept(tmp_path, ended, ExchangeKind.STATUS)
    assert last.sent_at == START + timedelta(seconds=60)
    assert last.why == "code 8019 Polls before it that told the same: 19."
    assert last.answer == Answer("8019")


@virtual_time
async def test_every_change_is_kept_also_that_no_answer_came(tmp_path: Path) -> None:
    waiting, lost, other = said(WAITING, "8019"), SILENT, said(UNKNOWN, "4711")
    told = [waiting, waiting, waiting, lost, lost, other, waiting, said(READ, "8020")]
    bench = await asked(tmp_path, *told)
    bench.terminal.answer = after(25, YES)
    ended = await bench.pay()
    assert polls(tmp_path, ended) == [
        (WAITING, "code 8019 Polls before it that told the same: 2."),
        (UNKNOWN, "No answer."),
        (UNKNOWN, "No answer."),
        (UNKNOWN, "code 4711"),
        (WAITING, "code 8019"),
        (READ, "code 8020"),
    ]


@virtual_time
async def test_a_change_is_on_disk_while_the_payment_still_waits(tmp_path: Path) -> None:
    bench = await asked(tmp_path, said(WAITING, "8019"), said(READ, "8020"))
    seen: list[list[tuple[str, str]]] = []

    async def answer() -> PaymentOutcome:
        (running,) = await bench.journal.newest(1)
        for _ in range(2):
            await asyncio.sleep(4)
            seen.append(polls(tmp_path, running))
        return YES

    bench.terminal.answer = answer
    await bench.pay()
    assert seen == [[], [(WAITING, "code 8019"), (READ, "code 8020")]]


@virtual_time
async def test_a_first_answer_that_is_not_the_usual_one_is_a_change(tmp_path: Path) -> None:
    bench = await asked(tmp_path, said(TerminalState.READY, "8018"), said(WAITING, "8019"))
    bench.terminal.answer = after(10, YES)
    ended = await bench.pay()
    assert [one for one, _ in polls(tmp_path, ended)] == [TerminalState.READY, WAITING, WAITING]


@virtual_time
async def test_each_payment_is_told_from_the_start(tmp_path: Path) -> None:
    bench = await asked(tmp_path)
    bench.terminal.answer = after(10, YES)
    for _ in range(2):
        ended = await bench.pay()
        assert polls(tmp_path, ended) == [
            (WAITING, "code 8019 Polls before it that told the same: 2.")
        ]


@virtual_time
async def test_the_poll_that_the_answer_overtook_is_on_record_without_an_answer(
    tmp_path: Path,
) -> None:
    bench = await asked(tmp_path)
    terminal = bench.terminal
    assert isinstance(terminal, Asked)

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(8)
        terminal.hang = True
        await asyncio.sleep(2)
        return YES

    terminal.answer = answer
    ended = await bench.pay()
    answered, last = kept(tmp_path, ended, ExchangeKind.STATUS)
    assert answered.why == "code 8019 Polls before it that told the same: 1."
    assert (last.verdict, last.why, last.answered_at) == ("", "", None)


@virtual_time
async def test_a_payment_that_ends_before_the_first_poll_keeps_none(tmp_path: Path) -> None:
    bench = await asked(tmp_path)
    ended = await bench.pay()
    assert polls(tmp_path, ended) == []


@virtual_time
async def test_no_answer_at_all_keeps_the_last_poll_too(tmp_path: Path) -> None:
    bench = await asked(tmp_path)
    bench.terminal.answer = after(400, NO)
    ended = await bench.pay()
    assert ended.state is State.CANCEL_DUE
    assert bench.terminal.statuses == 59
    assert polls(tmp_path, ended)[-1] == (
        WAITING,
        "code 8019 Polls before it that told the same: 58.",
    )


@virtual_time
async def test_polls_go_on_while_the_disk_refuses_and_what_they_told_follows_with_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await asked(tmp_path, said(WAITING, "8019"), said(READ, "8020"))

    async def answer() -> PaymentOutcome:
        with monkeypatch.context() as full:
            full.setattr(bench.store, "close_exchange", _refuse)
            await asyncio.sleep(10)
        return YES

    bench.terminal.answer = answer
    ended = await bench.pay()
    assert [verdict for verdict, _ in polls(tmp_path, ended)] == [WAITING, READ, READ]


@virtual_time
async def test_the_next_change_takes_along_what_the_disk_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await asked(tmp_path, said(READ, "8020"), said(WAITING, "8019"))
    seen: list[list[str]] = []

    async def answer() -> PaymentOutcome:
        (running,) = await bench.journal.newest(1)
        with monkeypatch.context() as full:
            full.setattr(bench.store, "close_exchange", _refuse)
            await asyncio.sleep(4)
            seen.append([verdict for verdict, _ in polls(tmp_path, running)])
        await asyncio.sleep(4)
        seen.append([verdict for verdict, _ in polls(tmp_path, running)])
        return YES

    bench.terminal.answer = answer
    await bench.pay()
    assert seen == [[], [READ, WAITING]]


@virtual_time
async def test_what_was_held_back_by_the_disk_keeps_its_polls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await asked(tmp_path, said(WAITING, "8019"), said(READ, "8020"))
    bench.terminal.answer = after(10, NO)
    with monkeypatch.context() as full:
        full.setattr(bench.store, "close_exchange", _refuse)
        full.setattr(bench.store, "record", _refuse)
        ended = await bench.pay()
    assert polls(tmp_path, ended) == []
    assert (await bench.register.look()).open
    assert len(polls(tmp_path, ended)) == 3


class Busy(Inline):
    """A disk that is at something else: polls are queued, everything else is done at once."""

    def __init__(self) -> None:
        self.queued: list[Future[Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        (work,) = args
        if work.func.__name__ != "close_exchange":
            return super().submit(fn, *args, **kwargs)
        self.queued.append(Future())
        return self.queued[-1]


@virtual_time
async def test_the_answers_commit_waits_for_no_poll_that_the_disk_has_not_begun(
    tmp_path: Path,
) -> None:
    store, busy = opened(Store(tmp_path / "journal.db")), Busy()
    terminal = Asked(said(WAITING, "8019"), said(READ, "8020"))
    bench = Bench(tmp_path / "other", terminal=terminal)
    register = Register(
        journal=JournalWriter(store, busy),
        terminal=terminal,
        clock=bench.clock,
        optional_requests=OptionalRequests(),
    )
    await register.look()
    terminal.answer = after(10, YES)
    bench.register = register
    ended = await bench.pay()
    await asyncio.sleep(0)
    assert ended.state is State.APPROVED
    assert [one.cancelled() for one in busy.queued] == [True]
    # they went on disk with the answer
    assert polls(tmp_path, ended) == [(WAITING, "code 8019"), (READ, "code 8020")]


@virtual_time
async def test_what_is_sent_after_giving_up_stands_behind_it(tmp_path: Path) -> None:
    bench = await asked(tmp_path, said(WAITING, "8019"), said(READ, "8020"))

    async def answer() -> PaymentOutcome:
        await asyncio.sleep(4)
        await bench.register.give_up()
        await asyncio.sleep(4)
        return NO

    bench.terminal.answer = answer
    ended = await bench.pay()
    found = kept(tmp_path, ended)
    assert [one.kind for one in found] == ["payment", "status", "abort", "status"]
    assert [one.id for one in found] == bench.terminal.wire


@pytest.mark.parametrize(
    ("answer_s", "every_s", "most"), [(180.0, 3.0, 60), (10.0, 3.0, 4), (900.0, 0.001, MOST_POLLS)]
)
def test_as_many_polls_are_reserved_as_fit_into_the_wait(
    answer_s: float, every_s: float, most: int
) -> None:
    assert Timeouts(answer_s=answer_s, status_every_s=every_s).polls == most


@virtual_time
async def test_without_a_reserved_id_nothing_more_is_asked_and_the_payment_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "MOST_POLLS", 3)
    bench = await asked(tmp_path)
    bench.terminal.answer = after(61, YES)
    assert (await bench.pay()).state is State.APPROVED
    assert bench.terminal.statuses < 10
    assert len(set(bench.terminal.wire)) == len(bench.terminal.wire)
    spares = [bench.store.spare_id() for _ in range(SPARE_IDS)]
    assert None not in spares
    assert not set(spares) & set(bench.terminal.wire)


@virtual_time
async def test_a_terminal_that_is_not_asked_reserves_nothing_for_it(tmp_path: Path) -> None:
    bench = await ready(tmp_path, optional_requests=OptionalRequests(status_query=False))
    first = await bench.pay()
    spare = bench.store.spare_id()
    assert spare is not None
    assert int(spare) - int(first.id) < SPARE_IDS
