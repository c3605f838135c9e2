"""Slips in plain mode: printed as on the screens, and told as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.printer import network_printer


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def _pays(lobby: Installation, printer: str, amount: str = "12.55") -> str:
    lobby.configure(receipt=f'printer = "{printer}"')
    done = lobby.run("--plain", stdin=f"{amount}\n\n0\n")
    assert (done.returncode, done.stderr) == (0, "")
    return " ".join(done.stdout.split())


def test_a_slip_is_printed_and_told_before_the_program_ends(lobby: Installation) -> None:
    with network_printer() as printer:
        told = _pays(lobby, printer.url)
        assert "Approved: 12.55 EUR. Thank you!" in told
        assert told.count("Please take your receipt.") == 1
        assert "No receipt" not in told
        assert "12.55" in printer.text


def test_a_slip_that_was_not_printed_is_never_told_as_one(lobby: Installation) -> None:
    with network_printer({4: 0x12 | 0x60}) as printer:
        told = _pays(lobby, printer.url)
    assert "Approved: 12.55 EUR. Thank you!" in told
    assert told.count("No receipt was printed: please note the reference.") == 1
    assert "Please take" not in told


def test_a_declined_payment_and_one_that_is_reversed_have_slips_too(lobby: Installation) -> None:
    folder = lobby.folder / "slips"
    for amount in ("80.51", "90.02"):
        assert "Please take your receipt." in _pays(lobby, f"text://{folder}", amount)
    assert len(list(folder.iterdir())) == 2


def test_without_a_printer_nothing_is_said_of_slips(lobby: Installation) -> None:
    done = lobby.run("--plain", stdin="12.55\n\n0\n")
    assert "receipt" not in done.stdout


def test_a_command_tells_it_once_and_as_a_sentence(lobby: Installation) -> None:
    _, sold = lobby.json("sale", "--amount", "12.55")
    with network_printer({4: 0x12 | 0x60}) as printer:
        lobby.configure(receipt=f'printer = "{printer.url}"')
        for command in (["receipt", sold["id"]], ["totals"]):
            done = lobby.run(*command, "--print")
            assert (done.returncode, done.stdout) == (69, "")
            assert done.stderr == "kiosk-tui: The printer is out of paper.\n"
