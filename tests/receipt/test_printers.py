"""Printers on real sockets and files: their state is told, and nothing that they do costs a payment."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.printer import NetworkPrinter, network_printer, without_commands
from support.showcase import DONE

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.slip import Condition, NotPrinted, Printed, PrinterState, PrintOutcome
from kiosk_tui.receipt import escpos
from kiosk_tui.receipt.code_pages import code_page
from kiosk_tui.receipt.escpos import Device, EscPos
from kiosk_tui.receipt.lines import Paper, Spell
from kiosk_tui.receipt.printer_thread import HangsError, PrinterThread
from kiosk_tui.receipt.receipts import Receipts, Style
from kiosk_tui.receipt.slip import Copy
from kiosk_tui.receipt.text_files import TextFiles

LINES = ["MUSEUM", "TOTAL  €12.55", "Grüße, Čeština, Łódź, \u2713"]


@pytest.mark.parametrize(
    ("answers", "condition"),
    [
        ({}, Condition.READY),
        ({4: 0x12 | 0x60}, Condition.PAPER_OUT),
        ({2: 0x12 | 0x04}, Condition.COVER_OPEN),
        ({4: 0x12 | 0x0C}, Condition.PAPER_LOW),
    ],
)
async def test_a_network_printer_says_how_it_is(
    answers: dict[int, int], condition: Condition
) -> None:
    with network_printer(answers) as printer:
        state = await EscPos(Device(printer.url)).state()
    assert state.condition is condition
    assert state.prints is (condition in (Condition.READY, Condition.PAPER_LOW))


async def test_a_slip_arrives_with_every_line_and_a_cut() -> None:
    with network_printer() as printer:
        assert await EscPos(Device(printer.url)).print("1", LINES) == Printed()
        async with asyncio.timeout(10):
            while b"\x1dV" not in printer.received:
                await asyncio.sleep(0.01)
    for words in ("MUSEUM", "TOTAL", "12.55", "Gr", "tina"):  # in whatever code page
        assert words in printer.text


@pytest.mark.parametrize("answers", [{4: 0x12 | 0x60}, {2: 0x12 | 0x04}], ids=["paper", "cover"])
async def test_nobody_is_told_of_a_slip_that_a_printer_could_not_print(
    answers: dict[int, int],
) -> None:
    with network_printer(answers) as printer:
        outcome = await EscPos(Device(printer.url)).print("1", LINES)
        assert isinstance(outcome, NotPrinted)
        assert outcome.why in ("The printer is out of paper.", "The printer's cover is open.")
        assert "MUSEUM" not in printer.text


async def test_paper_that_ends_within_a_slip_is_noticed() -> None:
    with network_printer() as printer:
        printer.ends_after = b"TOTAL"
        outcome = await EscPos(Device(printer.url)).print("1", LINES)
        assert outcome == NotPrinted("The printer is out of paper.")
        assert "MUSEUM" in printer.text


async def test_a_printer_that_never_answers_gets_its_slip_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(escpos, "CONNECT_S", 0.2)
    printer = NetworkPrinter(silent=True)
    try:
        assert await EscPos(Device(printer.url)).print("1", LINES) == Printed()
        async with asyncio.timeout(10):
            while b"\x1dV" not in printer.received:
                await asyncio.sleep(0.01)
    finally:
        printer.close()


async def test_a_printer_that_is_not_there_is_offline_with_a_sentence() -> None:
    with network_printer() as printer:
        url = printer.url
    state = await EscPos(Device(url)).state()
    assert (state.condition, state.prints) == (Condition.OFFLINE, False)
    assert url in state.why
    assert state.why.endswith(".")
    outcome = await EscPos(Device(url)).print("1", LINES)
    assert isinstance(outcome, NotPrinted)
    assert url in outcome.why


async def test_a_printer_that_resets_the_line_is_offline_and_one_that_says_nothing_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(escpos, "CONNECT_S", 0.2)
    printer = NetworkPrinter(silent=True)
    try:
        state = await EscPos(Device(printer.url)).state()
        assert (state.condition, state.prints) == (Condition.UNKNOWN, True)
        printer.resets = True
        assert not (await EscPos(Device(printer.url)).state()).prints
        assert isinstance(await EscPos(Device(printer.url)).print("1", LINES), NotPrinted)
    finally:
        printer.close()


async def _printed_by(printer: NetworkPrinter, device: Device) -> None:
    state = await EscPos(device).state()
    assert state.prints
    assert await EscPos(device).print("1", LINES) == Printed()
    async with asyncio.timeout(10):
        while b"\x1dV" not in printer.received:
            await asyncio.sleep(0.01)
    assert printer.received.count(b"MUSEUM") == 1


async def test_a_printer_that_hangs_up_when_it_is_asked_gets_its_slip_all_the_same() -> None:
    with network_printer() as printer:
        printer.hangs_up_when_asked = True
        await _printed_by(printer, Device(printer.url))


@pytest.mark.parametrize(
    "byte",
    [0x00, 0xFF, 0x11, 0x13, 0x10, 0x0F, 0x72 | 0x80, 0x60, 0x7E & ~0x02],
    ids=lambda byte: f"{byte:#04x}",
)
async def test_a_byte_that_is_no_answer_is_not_taken_for_no_paper(
    byte: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escpos, "CONNECT_S", 0.2)
    with network_printer({2: byte, 4: byte}) as printer:
        await _printed_by(printer, Device(printer.url))


AUTOMATIC = [bytes([0x10, 0, 0, 0]), bytes([0x14, 0x08, 0x6C, 0x0F]), b"\xff\x00", b"\x13\x11"]


@pytest.mark.parametrize("said", AUTOMATIC, ids=bytes.hex)
@pytest.mark.parametrize(
    ("answers", "condition"),
    [({}, Condition.READY), ({4: 0x12 | 0x60}, Condition.PAPER_OUT)],
)
async def test_what_a_printer_says_by_itself_is_not_its_answer(
    said: bytes, answers: dict[int, int], condition: Condition
) -> None:
    with network_printer(answers) as printer:
        printer.says_first = said
        assert (await EscPos(Device(printer.url)).state()).condition is condition


async def test_one_that_talks_without_end_is_asked_no_longer_than_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(escpos, "CONNECT_S", 0.2)
    with network_printer() as printer:
        printer.says_first = bytes([0x10, 0, 0, 0]) * 1000
        await _printed_by(printer, Device(printer.url))


async def test_no_question_is_asked_where_that_is_configured() -> None:
    with network_printer({4: 0x12 | 0x60}) as printer:
        await _printed_by(printer, Device(printer.url, ask=False))
        assert b"\x10\x04" not in printer.received


async def test_a_printer_that_reads_no_more_is_told_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(escpos, "CONNECT_S", 0.2)
    with network_printer() as printer:
        printer.reads_no_more = True
        device = EscPos(Device(printer.url))
        outcome = await device.print("1", ["MUSEUM" * 10_000] * 100)
        assert isinstance(outcome, NotPrinted)
        printer.reads_no_more = False
        assert await device.print("1", LINES) == Printed()


FOREIGN = [
    "שלום עולם",
    "中文 € 12",
    "Ａ1",
    "🙂 👍🏽 !",
    "e\u0301a\u0302 x\u0338",
    "Łódź ✓",
]


@pytest.mark.parametrize("profile", ["default", "TM-T88V", "simple", "POS-5890"])
@pytest.mark.parametrize("page", ["", "cp858", "cp852", "ascii"])
async def test_no_letter_costs_a_slip_or_shifts_a_column(profile: str, page: str) -> None:
    with network_printer() as printer:
        device = Device(printer.url, profile, page=code_page(page) if page else None)
        paper = Paper(42, await EscPos(device).spelling())
        lines = [line for one in FOREIGN for line in paper.pair("x", f"{one} |")]
        assert await EscPos(device).print("1", lines) == Printed()
        async with asyncio.timeout(10):
            while printer.received.count(b"|\n") < len(FOREIGN):
                await asyncio.sleep(0.01)
    printed = [one for one in without_commands(printer.received).split(b"\n") if one[-1:] == b"|"]
    assert [len(one) for one in printed] == [42] * len(FOREIGN)
    assert b"?" not in b"".join(printed)


async def test_a_device_file_takes_slips_and_cannot_say_how_it_is(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    path.touch()
    printer = EscPos(Device(f"file://{path}"))
    state = await printer.state()
    assert (state.condition, state.prints) == (Condition.UNKNOWN, True)
    assert await printer.print("1", LINES) == Printed()
    assert b"MUSEUM" in path.read_bytes()


async def test_a_device_that_nobody_reads_hangs_alone(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    printer = EscPos(Device(f"file://{path}"))
    printer._patience = PrinterThread(0.2)
    for _ in range(2):  # the second is refused while the first still hangs
        outcome = await printer.print("1", LINES)
        assert isinstance(outcome, NotPrinted)
        assert "does not answer" in outcome.why
    with path.open("rb"):  # let it go
        while any(one.name == "printer" for one in threading.enumerate()):
            await asyncio.sleep(0.01)


async def test_no_usb_printer_is_a_sentence() -> None:
    state = await EscPos(Device("usb://04b8:0202")).state()
    assert state.condition is Condition.OFFLINE
    assert "usb://04b8:0202" in state.why


async def test_text_files_are_whole_or_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "slips"
    printer = TextFiles(folder)
    assert (await printer.state()).condition is Condition.READY
    assert await printer.print("7-customer", LINES) == Printed()
    assert [one.name for one in folder.iterdir()] == ["7-customer.txt"]
    assert (folder / "7-customer.txt").read_text("utf-8").splitlines() == LINES


async def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    printer = TextFiles(tmp_path / "file" / "slips")
    assert not (await printer.state()).prints
    assert isinstance(await printer.print("1", LINES), NotPrinted)


async def test_work_that_raises_raises_and_the_next_is_done() -> None:
    patience = PrinterThread(5)
    with pytest.raises(ZeroDivisionError):
        await patience.run(lambda: 1 // 0)
    with pytest.raises(TimeoutError):
        await patience.run(_own_timeout)
    assert await patience.run(lambda: 7) == 7
    go = threading.Event()
    short = PrinterThread(0.05)
    with pytest.raises(HangsError):
        await short.run(go.wait)
    go.set()


def _own_timeout() -> None:
    raise TimeoutError("the work's own")


# -- what is printed when ------------------------------------------------------------------------


class _Paper:
    """Keeps slips; refuses when told to."""

    def __init__(self) -> None:
        self.slips: dict[str, str] = {}
        self.refuses = False
        self.begins = False

    async def spelling(self) -> Spell:
        return str

    async def state(self) -> PrinterState:
        return PrinterState(Condition.READY)

    async def print(self, name: str, lines: Sequence[str]) -> PrintOutcome:
        if self.refuses:
            return NotPrinted("Out of paper.", begun=self.begins)
        self.slips[name] = "\n".join(lines)
        return Printed()


@pytest.mark.parametrize("state", State)
def test_whatever_leaves_a_question_is_printed(state: State) -> None:
    wanted = Receipts(_Paper(), Style(declined=False)).wanted(replace(DONE, state=state))
    assert wanted is (
        state in (State.APPROVED, State.CANCEL_DUE, State.VOID_DUE, State.NEEDS_STAFF)
    )


def test_a_declined_one_is_printed_where_that_is_usual() -> None:
    declined = replace(DONE, state=State.DECLINED)
    assert Receipts(_Paper(), Style()).wanted(declined)
    assert not Receipts(_Paper(), Style()).wanted(replace(DONE, state=State.NOT_SENT))


async def test_the_merchants_copy_is_printed_where_somebody_has_to_sign() -> None:
    paper = _Paper()
    signed = replace(DONE, answer=Answer("0", fields={"receipt_footer": "SIGNATURE\nAID: A0"}))
    await Receipts(paper, Style()).print(signed)
    assert sorted(paper.slips) == [f"{DONE.id}-customer", f"{DONE.id}-merchant"]
    assert "Signature" not in paper.slips[f"{DONE.id}-customer"]
    assert "____" in paper.slips[f"{DONE.id}-merchant"]
    await Receipts(other := _Paper(), Style()).print(DONE)
    assert sorted(other.slips) == [f"{DONE.id}-customer"]


async def test_a_reprint_says_that_it_is_one_on_each_copy() -> None:
    paper = _Paper()
    receipts = Receipts(paper, Style(copies=(Copy.CUSTOMER, Copy.MERCHANT)))
    await receipts.print(DONE)
    assert "DUPLICATE" not in "".join(paper.slips.values())
    await receipts.print(DONE, again=True)
    for copy in Copy:
        assert paper.slips[f"{DONE.id}-{copy}"].count("*** DUPLICATE ***") == 2


async def test_what_another_process_may_have_printed_is_a_duplicate() -> None:
    paper = _Paper()
    await Receipts(paper, Style()).print(DONE, again=True)
    assert "*** DUPLICATE ***" in paper.slips[f"{DONE.id}-customer"]


@pytest.mark.parametrize("begins", [False, True])
async def test_a_slip_that_never_began_is_the_first_when_there_is_paper_again(
    *, begins: bool
) -> None:
    paper = _Paper()
    paper.refuses, paper.begins = True, begins
    receipts = Receipts(paper, Style(copies=(Copy.CUSTOMER, Copy.MERCHANT)))
    assert await receipts.print(DONE) == NotPrinted("Out of paper.")
    assert await receipts.print(DONE, again=True) == NotPrinted("Out of paper.")
    paper.refuses = False
    await receipts.print(DONE, again=True)
    assert ("DUPLICATE" in paper.slips[f"{DONE.id}-customer"]) is begins
    assert "DUPLICATE" not in paper.slips[f"{DONE.id}-merchant"]
    await receipts.print(DONE, again=True)
    for copy in Copy:
        assert "DUPLICATE" in paper.slips[f"{DONE.id}-{copy}"]


@pytest.mark.parametrize("answers", [{4: 0x12 | 0x60}, {2: 0x12 | 0x04}], ids=["paper", "cover"])
async def test_a_printer_says_whether_anything_may_be_on_paper(answers: dict[int, int]) -> None:
    with network_printer(answers) as printer:
        outcome = await EscPos(Device(printer.url)).print("1", LINES)
        assert isinstance(outcome, NotPrinted)
        assert not outcome.begun
        printer.answers[4] = printer.answers[2] = 0x12
        printer.ends_after = b"TOTAL"
        outcome = await EscPos(Device(printer.url)).print("1", LINES)
        assert isinstance(outcome, NotPrinted)
        assert outcome.begun
        url = printer.url
    outcome = await EscPos(Device(url)).print("1", LINES)
    assert isinstance(outcome, NotPrinted)
    assert not outcome.begun


async def test_a_printer_that_refuses_is_told_and_costs_nothing() -> None:
    paper = _Paper()
    paper.refuses = True
    assert await Receipts(paper, Style()).print(DONE) == NotPrinted("Out of paper.")
