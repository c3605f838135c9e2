"""What each check says of the facts that it is given: the sentence, the verdict, what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fakes import EUR, PLACE
from support.tecs import KEY

from kiosk_tui.diagnosis import machine, records, sale, service
from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.console.facts import ConsoleFacts, Font
from kiosk_tui.diagnosis.evidence import Latency, latency, request_lines, steps
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.diagnosis.findings import Finding, Verdict
from kiosk_tui.diagnosis.subject import JournalFacts, KeyFacts, Settings, Subject
from kiosk_tui.domain.evidence import Asked, Field, Timings, Visit
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.slip import Condition, PrinterState
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, transport_to
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.inspection import Inspector
from kiosk_tui.tecs.messages import Dialect
from kiosk_tui.tecs.recorder import Recorder
from kiosk_tui.text.glyphs import DRAWN
from proofs.line.peers import listening

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SCREEN = ConsoleFacts(
    terminal=True, term="linux", encoding="utf-8", columns=80, rows=24, colours=8, moves_cursor=True
)
VT = replace(SCREEN, linux_console=True, font=Font(512, 8, 16), mapped=DRAWN)
SOLD = Transaction(
    id=TransactionId("20261123140102345"),
    order=Order(Operation.SALE, Money(1, EUR), PLACE),
    state=State.CANCELLED,
    amount_sent=Money(1, EUR),
    created_at=NOW,
    updated_at=NOW + timedelta(seconds=3),
    answer=Answer("00"),
)
KEYBOARD = """I: Bus=0003 Vendor=046d Product=c31c Version=0110
N: Name="Logitech USB Keyboard"
H: Handlers=sysrq kbd event0 leds
B: EV=120013
B: KEY=1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe

"""
BUTTON = """I: Bus=0019 Vendor=0000 Product=0001 Version=0000
N: Name="Power Button"
H: Handlers=kbd event1
B: EV=3
B: KEY=10000000000000 0

"""


def _subject(folder: Path, **more: object) -> Subject:
    parts: dict[str, object] = {
        "settings": lambda: Settings("a file", place="1010 Vienna"),
        "folder": folder,
        "least_free_bytes": 1,
        "book": JournalFacts,
        "console": lambda: SCREEN,
        "key": lambda: KeyFacts("a file"),
    }
    return Subject(**(parts | more))  # type: ignore[arg-type]


# -- the test sale ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "verdict", "words"),
    [
        (SOLD, Verdict.GOOD, "0.01 EUR approved, then cancelled, reference 140 102 345"),
        (replace(SOLD, answer=None), Verdict.BAD, "No clear answer came, so it was cancelled"),
        (replace(SOLD, answer=Answer("4711")), Verdict.BAD, "TECS answered with code 4711"),
        (
            replace(SOLD, state=State.DECLINED, answer=Answer("51", "NO MONEY")),
            Verdict.LOOK,
            "code 51: NO MONEY",
        ),
        (replace(SOLD, state=State.DECLINED, answer=None), Verdict.LOOK, "code ?: no text"),
        (
            replace(SOLD, state=State.CANCEL_DUE, why="No answer came in time."),
            Verdict.BAD,
            "No answer came in time. Its cancellation is not yet answered",
        ),
        (replace(SOLD, state=State.VOID_DUE), Verdict.BAD, "not yet answered"),
        (replace(SOLD, state=State.NOTHING_TO_CANCEL), Verdict.BAD, "TECS knows of no charge"),
        (replace(SOLD, state=State.NEEDS_STAFF), Verdict.BAD, "TECS refused to cancel it"),
        (replace(SOLD, state=State.NOT_SENT, why="No way."), Verdict.BAD, "NOT_SENT: No way."),
        (NotStarted(Refusal.CLOSED, "The disk is full."), Verdict.BAD, "The disk is full."),
    ],
)
def test_the_test_sale_is_judged_by_how_it_ended(
    ended: Transaction | NotStarted, verdict: Verdict, words: str
) -> None:
    found = sale.judge(ended)
    assert found.verdict is verdict
    assert words in found.text
    assert bool(found.do) is (verdict is not Verdict.GOOD)
    assert found.took_s == (3.0 if isinstance(ended, Transaction) else None)


# -- this machine ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "verdict", "words"),
    [
        (SCREEN, Verdict.GOOD, "a terminal (linux), 80 x 24, theme standard"),
        (VT, Verdict.GOOD, "the Linux console, 80 x 24"),
        (replace(VT, mapped=DRAWN - {"€"}), Verdict.LOOK, "it cannot show €"),
        (replace(SCREEN, encoding="ascii"), Verdict.LOOK, "it cannot show all characters"),
        (replace(SCREEN, columns=60), Verdict.LOOK, "60 x 24"),
        (replace(SCREEN, terminal=False), Verdict.SKIPPED, "a pipe or a file"),
    ],
)
async def test_the_console_is_judged_by_what_it_can_draw(
    tmp_path: Path, facts: ConsoleFacts, verdict: Verdict, words: str
) -> None:
    found = await machine.console(_subject(tmp_path, console=lambda: facts))
    assert found.verdict is verdict
    assert words in found.text


@pytest.mark.parametrize(
    ("facts", "devices", "verdict", "words"),
    [
        (VT, KEYBOARD + BUTTON, Verdict.GOOD, "Logitech USB Keyboard"),
        (replace(VT, num_lock=False), KEYBOARD, Verdict.GOOD, "NumLock off"),
        (VT, BUTTON, Verdict.BAD, "No keyboard is attached"),
        (VT, "", Verdict.BAD, "No keyboard is attached"),
        (SCREEN, KEYBOARD, Verdict.GOOD, "other end of this line; attached to this machine"),
        (replace(SCREEN, terminal=False), "", Verdict.SKIPPED, "nobody types here"),
    ],
)
async def test_the_keyboard_is_one_with_letters(
    tmp_path: Path, facts: ConsoleFacts, devices: str, verdict: Verdict, words: str
) -> None:
    file = tmp_path / "devices"
    file.write_text(devices)
    found = await machine.keyboard(_subject(tmp_path, console=lambda: facts, devices=file))
    assert found.verdict is verdict
    assert words in found.text


async def test_a_folder_that_is_not_made_yet_is_looked_at_where_it_will_be(tmp_path: Path) -> None:
    found = await machine.disk(_subject(tmp_path / "not" / "yet"))
    assert found.verdict is Verdict.GOOD
    assert f"free at {tmp_path}," in found.text
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_a_slow_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "SLOW_S", 0.0)
    assert (await machine.disk(_subject(tmp_path))).verdict is Verdict.LOOK
    monkeypatch.setattr(machine, "LITTLE_BYTES", 2**60)
    assert "before it is full" in (await machine.disk(_subject(tmp_path))).do


# -- records ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("book", "verdict", "words"),
    [
        (JournalFacts(), Verdict.GOOD, "There is none yet"),
        (JournalFacts(size=7), Verdict.GOOD, "whole, 7 transactions"),
        (
            JournalFacts(size=7, newest=NOW + timedelta(hours=23)),
            Verdict.GOOD,
            "whole, 7 transactions",
        ),
        (
            JournalFacts(size=7, newest=NOW + timedelta(hours=25)),
            Verdict.LOOK,
            "the newest of 2026-11-24",
        ),
        (JournalFacts(size=7, due=2), Verdict.LOOK, "2 cancellations not yet answered"),
        (JournalFacts(size=7, for_staff=1), Verdict.LOOK, "1 need staff"),
        (JournalFacts(size=7, unsigned="2 signatures owed"), Verdict.LOOK, "2 signatures owed"),
        (JournalFacts(("It is torn.",)), Verdict.BAD, "It is torn."),
        (JournalFacts(("It is torn.", "x")), Verdict.BAD, "It is torn. (and 1 more)"),
    ],
)
async def test_the_journal_is_judged_by_what_is_wrong_or_open_in_it(
    tmp_path: Path, book: JournalFacts, verdict: Verdict, words: str
) -> None:
    found = await records.journal(_subject(tmp_path, book=lambda: book, now=lambda: NOW))
    assert found.verdict is verdict
    assert words in found.text


@pytest.mark.parametrize(
    ("state", "verdict", "words"),
    [
        (PrinterState(Condition.READY), Verdict.GOOD, "ready"),
        (PrinterState(Condition.PAPER_LOW), Verdict.LOOK, "nearly out"),
        (PrinterState(Condition.UNKNOWN), Verdict.LOOK, "cannot say how it is"),
        (PrinterState(Condition.COVER_OPEN), Verdict.BAD, "cover open"),
        (PrinterState(Condition.OFFLINE, "It is gone."), Verdict.BAD, "It is gone."),
    ],
)
async def test_the_printer_is_judged_by_what_it_says(
    tmp_path: Path, state: PrinterState, verdict: Verdict, words: str
) -> None:
    async def asked() -> PrinterState:
        return state

    found = await records.printer(_subject(tmp_path, printer=asked))
    assert found.verdict is verdict
    assert words in found.text


# -- TECS and the terminal, on a real line ----------------------------------------------------------


def _line(url: str, notes: list[Visit], authorization: auth.Authorization) -> Inspector:
    line, made = Endpoint(url, connect_s=2, courtesy_s=0.5), list[Inspector]()

    def hear(visit: Visit) -> None:
        made[0].hear(visit)

    terminal = TecsTerminal(
        line,
        Dialect(UTC, currency="EUR"),
        CodeTable(),
        authorization,
        Recorder(transport_to(line), CodeTable(), hear),
    )
    made.append(Inspector(line, CodeTable(), notes.append, terminal=terminal, place=PLACE))
    return made[0]


async def _looked(
    folder: Path, url: str, *links: Link, authorization: auth.Authorization | None = None
) -> dict[Link, Finding]:
    notes: list[Visit] = []
    line = _line(url, notes, authorization or auth.raw(KEY))
    known = Examination(_subject(folder, line=line))
    for link in links:
        async for _ in known.each(link):
            pass
    assert line._terminal is not None
    await line._terminal.close()
    return known.found


async def test_a_dead_terminal_is_named_and_not_the_key(tmp_path: Path) -> None:
    async def version_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET"):
            body = b'{"appName": "tecsclientrest", "version": "1"}'
            length = str(len(body)).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n" + body)
            await writer.drain()
        await reader.read()  # the terminal behind it never says a word

    async with listening(version_only) as port:
        url = f"http://127.0.0.1:{port}/tecsclientrest"
        found = await _looked(tmp_path, url, Link.TERMINAL)
    assert found[Link.AUTHORIZATION].verdict is Verdict.GOOD
    assert found[Link.TERMINAL].verdict is Verdict.BAD
    assert "The terminal does not answer. TECS did not answer in time." in found[Link.TERMINAL].text


@pytest.mark.parametrize(
    ("options", "verdict", "words"),
    [
        (Options(), Verdict.GOOD, "ready (8018)"),
        (Options(status_enabled=False), Verdict.LOOK, "no status query (8002)"),
        (Options(terminals=("11460019",)), Verdict.BAD, "TECS answered with code"),
    ],
)
async def test_the_terminal_is_judged_by_what_it_says(
    tmp_path: Path, options: Options, verdict: Verdict, words: str
) -> None:
    async with served(Simulator(options)) as url:
        found = await _looked(tmp_path, url, Link.TERMINAL)
    assert found[Link.AUTHORIZATION].verdict is Verdict.GOOD
    assert found[Link.TERMINAL].verdict is verdict
    assert words in found[Link.TERMINAL].text


async def test_a_token_that_is_not_given_is_named(tmp_path: Path) -> None:
    async def fetch() -> auth.Token:
        raise auth.NoTokenError("No token was given: the login refused.")

    async with served(Simulator()) as url:
        found = await _looked(tmp_path, url, Link.TERMINAL, authorization=auth.OAuth(fetch))
    assert found[Link.AUTHORIZATION].verdict is Verdict.BAD
    assert "the login refused" in found[Link.AUTHORIZATION].text
    assert found[Link.TERMINAL].because is Link.AUTHORIZATION


@pytest.mark.parametrize("year", [1970, 2099])
async def test_a_clock_from_before_or_long_after_this_program_is_absurd(
    tmp_path: Path, year: int
) -> None:
    async with served(Simulator()) as url:
        line = _line(url, [], auth.raw(KEY))
        subject = _subject(tmp_path, line=line, now=lambda: datetime(year, 1, 2, tzinfo=UTC))
        found = await service.clock(subject)
        assert line._terminal is not None
        await line._terminal.close()
    assert found.verdict is Verdict.BAD
    assert f"{year}-01-02" in found.text


async def test_a_clock_that_is_off_by_minutes_is_to_be_looked_at(tmp_path: Path) -> None:
    async with served(Simulator()) as url:
        line = _line(url, [], auth.raw(KEY))
        subject = _subject(
            tmp_path, line=line, now=lambda: datetime.now(UTC) - timedelta(minutes=3)
        )
        found = await service.clock(subject)
        assert line._terminal is not None
        await line._terminal.close()
    assert found.verdict is Verdict.LOOK
    assert "3 minutes behind" in found.text


@pytest.mark.parametrize(
    "check", [service.version, service.clock, service.authorization, service.terminal]
)
async def test_without_an_address_nothing_is_asked(
    tmp_path: Path, check: Callable[[Subject], Awaitable[Finding]]
) -> None:
    assert (await check(_subject(tmp_path))).because is Link.CONFIGURATION


# -- evidence --------------------------------------------------------------------------------------


def _visit(seconds: float | None) -> Visit:
    from kiosk_tui.domain.evidence import Answered  # noqa: PLC0415

    answered = None if seconds is None else Answered(200, 2)
    return Visit(NOW, Asked("version", "GET", "x"), Timings(whole_s=seconds or 9.0), answered)


def test_the_latency_of_the_last_exchanges_is_told_and_drawn() -> None:
    seen = latency([_visit(one) for one in (9.0, 0.1, None, 0.4, 0.2)], 4)
    assert seen.line == (
        "4 exchanges, 1 without an answer: least 100 ms, median 200 ms, most 400 ms"
    )
    assert seen.spread == (0.1, 0.2, 0.4)
    assert Latency(()).line == "0 exchanges"
    assert Latency((None,)).line == "1 exchange, 1 without an answer"
    assert Latency((None,)).spread is None


def test_a_request_names_what_is_empty_only_together() -> None:
    asked = Asked("x", "POST", "u", (("A", "b"),), (Field("a", "1", "one"), Field("b", "")))
    assert list(request_lines(asked)) == [
        *("POST u", "A: b", "a  1  one", "and 1 fields, sent empty")
    ]
    assert steps(Timings(0.001, None, 0.02, 0.03)) == (
        "connect 1 ms   first byte 20 ms   whole 30 ms"
    )
