"""`kiosk-tui simulator --console` in a real terminal, with a real kiosk that pays beside it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from support.terminal import PROGRAM, Terminal, running

pytestmark = pytest.mark.journey


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def console(
    folder: Path, port: int, *arguments: str, size: tuple[int, int] = (80, 24)
) -> Iterator[Terminal]:
    columns, rows = size
    command = ("simulator", "--console", "--port", str(port), *arguments)
    with running(*command, folder=folder / "tecs", columns=columns, rows=rows) as shown:
        shown.wait("TECS simulator", "Nothing yet")
        yield shown
        assert set(shown.text) <= {*map(chr, range(32, 127)), "─", "•", "\n"}


@contextmanager
def kiosk(folder: Path, port: int) -> Iterator[Terminal]:
    key = folder / "key"
    key.write_text("any")
    key.chmod(0o600)
    config = folder / "config.toml"
    config.write_text(
        f'[terminal]\nurl = "http://127.0.0.1:{port}/tecsclientrest"\nnumber = "88091105"\n'
        f'[auth]\nkey_file = "{key}"\n[timeouts]\nsettle_s = 0\n[tip]\nask = false\n'
    )
    with running("--config", str(config), folder=folder) as shown:
        shown.wait("Pay by card")
        yield shown


def begins_to_pay(customer: Terminal, amount: str) -> None:
    customer.wait("Pay by card")
    customer.hears(amount)
    customer.wait("How much would you like to pay?")
    customer.hears("\r")
    customer.wait("Card please")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_kiosk_pays_while_somebody_chooses_what_goes_wrong(
    tmp_path: Path, port: int, size: tuple[int, int]
) -> None:
    with (
        console(tmp_path, port, "--card-s", "30", size=size) as bench,
        kiosk(tmp_path, port) as customer,
    ):
        # it pays, when the card is presented by a key
        begins_to_pay(customer, "1255")
        bench.wait("WAITS FOR A CARD   sale 12.55 EUR on 88091105")
        bench.type("p")
        customer.wait("Thank you")
        bench.wait("approved", "stayed 12.55 EUR  charged 12.55  reversed 0.00")

        # the red key
        customer.hears("\r")
        begins_to_pay(customer, "2000")
        bench.wait("WAITS FOR A CARD   sale 20.00 EUR")
        bench.type("c")
        bench.wait("declined", "free")
        customer.wait("The payment was cancelled.")

        # a lost answer, chosen by two keys: charged, and reversed
        bench.type("1")
        bench.wait("The line and the REST service", "Esc  back")
        bench.type("2")
        bench.wait("Next       charged, then the line breaks without an answer", "Q  leave")
        customer.hears("\x1b")
        begins_to_pay(customer, "3000")
        bench.wait("WAITS FOR A CARD   sale 30.00 EUR")
        bench.type("p")
        bench.wait("cancelled", "charged 42.55  reversed 30.00", "stayed 12.55 EUR")
        bench.wait("Next       whatever its amount asks for")
        customer.wait("Reversed")

        # at rest nothing is written at all
        bench.quiet()
        assert bench.pump(3.0) == 0
        bench.type("q")
        assert bench.ended() == 0


def test_keys_set_the_delay_and_the_options_and_take_back_what_was_chosen(
    tmp_path: Path, port: int
) -> None:
    with console(tmp_path, port) as bench:
        bench.wait("presented after 4 s")
        bench.quiet()
        before = len(bench.written)
        bench.type("+")
        bench.wait("presented after 8 s")
        assert len(bench.written) - before < 60  # a cell or two, and where they are
        bench.type("++++++")
        bench.wait("by hand: press P within 60 s")
        bench.type("-" * 9)
        bench.wait("presented after 0 s")
        bench.type("2")
        bench.wait("an abort stops the card flow: yes")
        bench.type("5")
        bench.wait("an abort stops the card flow: no")
        bench.type(".")
        bench.wait("Nothing yet")
        state = httpx.get(f"http://127.0.0.1:{port}/control/state", trust_env=False).json()
        assert state["options"]["abort_works"] is False
        bench.type("31")
        bench.wait("Next       declined: do not honour (5)")
        bench.type("0")
        bench.wait("Next       whatever its amount asks for")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_it_ends_cleanly_on_signals(tmp_path: Path, port: int, number: signal.Signals) -> None:
    with console(tmp_path, port) as bench:
        os.kill(bench.pid, number)
        assert bench.ended() == 0
        assert "Traceback" not in bench.written.decode()


def test_a_terminal_that_is_too_small_is_told(tmp_path: Path, port: int) -> None:
    command = ("simulator", "--console", "--port", str(port))
    with running(*command, folder=tmp_path, columns=70, rows=20) as bench:
        bench.wait("Too small: 80 x 24 are needed.")


def test_a_port_that_is_taken_and_a_pipe_are_one_sentence_each(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        used = str(taken.getsockname()[1])
        with running("simulator", "--console", "--port", used, folder=tmp_path) as bench:
            assert bench.ended() == 69
            assert "cannot be served: Address already in use" in bench.text
    piped = subprocess.run(
        [*PROGRAM, "simulator", "--console"], capture_output=True, text=True, check=False
    )
    assert piped.returncode == 69
    assert "The console needs a terminal" in piped.stderr


def test_without_the_console_textual_is_not_loaded(tmp_path: Path) -> None:
    command = [PROGRAM[0], "-X", "importtime", "-m", "kiosk_tui", "simulator", "--port", "0"]
    log = tmp_path / "imports"
    with (
        log.open("wb") as err,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err) as served,
    ):
        assert served.stdout is not None
        assert b"TECS simulator at" in served.stdout.readline()
        served.kill()
    loaded = set(re.findall(r"\|\s+(\w+)[\w.]*$", log.read_text(), re.MULTILINE))
    assert {"uvicorn", "kiosk_tui"} <= loaded
    assert not loaded & {"textual", "rich", "httpx"}
