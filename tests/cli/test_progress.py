"""The line of progress: on a terminal's stderr only, gone at the end, and nothing waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import DEADLINE_S, Terminal, running

from kiosk_tui.cli.progress import ProgressLine
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        built.configure(terminal="")
        built.config.write_text(built.config.read_text().replace("status_query = false", ""))
        yield built


def line(progress: ProgressLine) -> str:
    return progress._line()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_line_says_what_is_done_how_much_of_it_and_how_long_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    progress = ProgressLine("Drilling", total=4)
    assert line(progress) == "Drilling   [....................] 0 of 4   0:00"
    progress.tell("Drilling", done=3)
    assert line(progress) == "Drilling   [###############.....] 3 of 4   0:00"
    card = ProgressLine("Opening")
    card.tell("Waiting for the card", left_s=179, hint="Ctrl-C gives up")
    assert line(card) == "Waiting for the card   2:59 left   Ctrl-C gives up"
    card.tell("\x1b[2J two\nlines", left_s=-5)
    assert line(card) == " [2J two lines   0:00 left"
    monkeypatch.setenv("COLUMNS", "12")
    assert len(line(card)) == 11  # the last cell would begin a new line
    card.tell("")
    assert line(card) == ""
    card.tell("Asked")
    card.hidden = True
    assert line(card) == ""


def test_in_a_pipe_nothing_of_it_is_written(tmp_path: Path) -> None:
    with installed(tmp_path) as shop:
        for arguments in (
            *(("sale", "--amount", "1"), ("recover",), ("journal", "verify"), ("totals",)),
            *(("journal", "backup", str(tmp_path / "b")), ("doctor", "--json")),
        ):
            done = shop.run(*arguments, FORCE_COLOR="")
            assert done.stderr == ""
            assert "\x1b" not in done.stdout
            assert "\r" not in done.stdout


def sale(shop: Installation, **more: str) -> Terminal:
    folder = shop.folder
    return Terminal(
        *("--config", str(shop.config), "sale", "--amount", "12.55"),
        environment={"STATE_DIRECTORY": str(folder), "HOME": str(folder)} | more,
    )


@pytest.mark.journey
def test_a_sale_on_a_terminal_tells_what_the_card_terminal_does(shop: Installation) -> None:
    kiosk = sale(shop)
    try:
        kiosk.wait("Waiting for the card", " left", "Ctrl-C gives up")
        kiosk.send(b"\x03")
        assert kiosk.ended() == 1
    finally:
        kiosk.close()
    assert "left" not in kiosk.text


@pytest.mark.journey
def test_a_terminal_that_is_stopped_holds_up_no_payment(shop: Installation) -> None:
    kiosk = sale(shop)
    try:
        kiosk.wait("Waiting for the card")
        with kiosk.stopped():
            kiosk.pump(1.0)
            shop.simulator.terminal.present_card()
            until(lambda: shop.states == [State.APPROVED])
        assert kiosk.ended() == 0
    finally:
        kiosk.close()


@pytest.mark.journey
def test_a_dumb_terminal_shows_no_line(shop: Installation) -> None:
    kiosk = sale(shop, TERM="dumb")
    try:
        until(lambda: shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        kiosk.pump(1.0)
        assert kiosk.written == b""
        shop.simulator.terminal.present_card()
        assert kiosk.ended() == 0
    finally:
        kiosk.close()


@pytest.mark.journey
def test_what_is_printed_meanwhile_stands_on_lines_of_its_own(tmp_path: Path) -> None:
    command = ("scenario", "run", "refusals", "--against", "simulator")
    with running(*command, folder=tmp_path, columns=100, rows=60) as kiosk:
        kiosk.wait("33 of 34")
        assert kiosk.ended() == 0
        assert not [row for row in kiosk.screen.display if "of 34 " in row and "Playing" in row]
        assert any(row.startswith(" 34 gone-already") for row in kiosk.screen.display)
