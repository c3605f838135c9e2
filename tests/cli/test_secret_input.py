"""What every user of a machine could see on a command line comes from standard input or a file, too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.cli import asking, secret_input
from kiosk_tui.cli.exits import CommandError

REFERENCE = "REF20117_2712_1111_411111"
MOTO = ("moto", "--amount", "5", "--card-reference")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.mark.parametrize("typed", [f"{REFERENCE}\n", f"{REFERENCE}\r\nnext\n", REFERENCE])
def test_a_card_reference_is_taken_from_standard_input(shop: Installation, typed: str) -> None:
    done = shop.run(*MOTO, "-", stdin=typed)
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.message_type for one in shop.simulator.ledger.requests]


def test_a_card_reference_is_taken_from_a_file_as_any_editor_saves_it(shop: Installation) -> None:
    file = shop.folder / "reference"
    file.write_bytes(b"\xef\xbb\xbf" + REFERENCE.encode() + b"\r\n")
    assert shop.run(*MOTO, f"@{file}").returncode == 0


@pytest.mark.parametrize("told", ["@/nowhere", "@/dev/zero", "@.", "-"])
def test_what_gives_no_reference_sends_nothing(shop: Installation, told: str) -> None:
    done = shop.run(*MOTO, told, stdin="")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert shop.simulator.ledger.requests == []


def test_help_says_that_a_command_line_is_seen(shop: Installation) -> None:
    text = " ".join(shop.run("moto", "--help").stdout.split())
    assert "every user of a machine can see a command line" in text


def test_a_line_that_never_comes_has_a_deadline_and_one_that_never_ends_a_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, theirs = os.pipe()
    try:
        with os.fdopen(ours) as stdin:
            monkeypatch.setattr("sys.stdin", stdin)
            monkeypatch.setattr(secret_input, "LINE_S", 0.0)
            with pytest.raises(CommandError, match="no line within"):
                secret_input.line("PIN: ", "The PIN")
            os.write(theirs, b"1" * (asking.LONGEST + 1))
            with pytest.raises(CommandError, match="too long"):
                secret_input.line("PIN: ", "The PIN")
    finally:
        os.close(theirs)


def test_two_lines_are_two_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"1234\n5678\n")
    os.close(theirs)
    with os.fdopen(ours) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert [secret_input.line("", "x") for _ in range(3)] == ["1234", "5678", ""]
