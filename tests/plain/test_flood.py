"""Input that nobody types: without an end, faster than fingers, longer than a line, read ahead."""

from __future__ import annotations

import contextlib
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from support.installation import Installation, installed
from support.talk import talking
from support.terminal import PROGRAM

from kiosk_tui.plain.line import FLOOD
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def _piped(
    lobby: Installation, shell: str, most_mb: int = 1000
) -> subprocess.CompletedProcess[str]:
    """Run a pipeline in which `"$@"` is plain mode."""
    return subprocess.run(
        ["sh", "-c", shell, "sh", *PROGRAM, "--config", str(lobby.config), "--plain"],
        env=lobby.environment,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most_mb << 20,) * 2),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("mode", ["kiosk", "lane"])
def test_it_ends_when_nobody_hears_it_though_the_input_never_does(
    lobby: Installation, mode: str
) -> None:
    lobby.configure(kiosk=f'mode = "{mode}"')
    done = _piped(lobby, 'yes | "$@" | head -3')
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 3


def test_it_ends_when_the_output_is_full(lobby: Installation) -> None:
    with Path("/dev/full").open("wb") as full, _started(lobby, full) as running:
        assert running.wait(60) == 0  # its input is still open


@pytest.mark.parametrize("typed", ["y", "1", "''", "0", "12", "'*'", "'**'"])
def test_lines_without_end_pay_nothing_and_end_it(lobby: Installation, typed: str) -> None:
    lobby.configure(kiosk='price = "4.00"', tip="ask = false")
    done = _piped(lobby, f'yes {typed} | "$@"')
    assert (done.returncode, done.stderr) == (0, "")
    assert lobby.simulator.ledger.requests == []


@pytest.mark.parametrize("line", [b"0\n", b"\n", b"1\n", b"\x1b\n"])
def test_a_payment_that_runs_is_finished_first_and_no_flood_gives_it_up(
    tmp_path: Path, line: bytes
) -> None:
    with (
        installed(tmp_path, Options(card_s=1000, host_s=0)) as lobby,
        _started(lobby, subprocess.PIPE) as running,
    ):
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"12.55\n\n0\n")
        while lobby.simulator.terminal.screen is not Screen.WAITING_FOR_CARD:
            assert running.poll() is None
        for _ in range(FLOOD // 1000 + 1):
            running.stdin.write(line * 1000)
        lobby.simulator.terminal.present_card()
        told = running.stdout.read()
        assert b"Approved: 12.55 EUR." in told
        assert b"The program ends." in told
        assert running.wait(60) == 0
        (sale,) = lobby.simulator.ledger.entries
        assert lobby.simulator.ledger.net_minor(sale) == 1255


@contextlib.contextmanager
def _started(lobby: Installation, stdout: int | IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [*PROGRAM, "--config", str(lobby.config), "--plain"],
        env=lobby.environment,
        stdin=subprocess.PIPE,
        stdout=stdout,
        bufsize=0,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def test_a_line_of_gigabytes_is_no_answer_and_fills_no_memory(lobby: Installation) -> None:
    lobby.configure(tip="ask = false")
    blanks = "head -c 2000000000 /dev/zero | tr '\\0' ' '"
    done = _piped(lobby, f'(echo 12.55; {blanks}; echo) | "$@"', most_mb=400)
    assert (done.returncode, done.stderr) == (0, "")
    assert lobby.simulator.ledger.requests == []


def test_a_script_may_give_all_its_answers_at_once(lobby: Installation) -> None:
    done = lobby.run("--plain", stdin="nonsense\n" * 10 + "12.55\n\n0\n")
    assert "Approved: 12.55 EUR." in done.stdout


def test_an_enter_that_is_held_down_does_not_end_a_kiosk(lobby: Installation) -> None:
    with talking(lobby, "--plain") as talk:
        talk.hears("Amount in EUR")
        for _ in range(10):
            talk.terminal.send(b"\n" * (FLOOD // 100))
        talk.terminal.quiet()
        talk.pays("5")
        talk.hears("Approved: 5.00 EUR.")


@pytest.mark.parametrize("burst", ["12\r\n", "12\n\n", "12\n\n0\n", "12\r\n\r\n0\r\n"])
def test_an_enter_that_came_with_the_amount_confirms_nothing(
    lobby: Installation, burst: str
) -> None:
    lobby.configure(tip="ask = false")
    with talking(lobby, "--plain") as talk:
        talk.hears("Amount in EUR")
        talk.terminal.send(burst.encode())
        talk.answers("0", to="You pay 12.00 EUR. Enter to go on, 0 to go back.")
        talk.answers("5", to="Amount in EUR")
        talk.hears("You pay 5.00 EUR.")
        assert lobby.simulator.terminal.screen is not Screen.WAITING_FOR_CARD
        assert lobby.simulator.ledger.requests == []


def test_a_price_is_not_paid_by_what_was_typed_before_it_was_asked_for(lobby: Installation) -> None:
    lobby.configure(kiosk='price = "4.00"', tip="ask = false")
    with talking(lobby, "--plain") as talk:
        talk.terminal.send(b"1\n" * 5)
        talk.hears("You pay 4.00 EUR.", "You pay 4.00 EUR.")
        talk.answers("1", to="Type 1, then Enter, to go on.")
        talk.hears("Approved: 4.00 EUR.")
    assert [one.minor for one in lobby.simulator.ledger.movements] == [400]
