"""The journal's anchor, as people meet it on the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.journal.anchor import Anchor


def _anchored(built: Installation) -> Path:
    """Give the journal a disk of its own, and an anchor outside of it."""
    journal, anchor = built.folder / "disk" / "journal.db", built.folder / "anchor"
    built.configure(journal=f'path = "{journal}"\nanchor = "{anchor}"')
    return anchor


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return a installed that has sold, and whose journal's disk then came back empty."""
    with installed(tmp_path_factory.mktemp("installed")) as built:
        _anchored(built)
        code, _ = built.json("sale", "--amount", "12.55")
        assert code == 0
        shutil.rmtree(built.folder / "disk")
        return built


@pytest.mark.parametrize(
    "command", [("recover",), ("sale", "--amount", "1"), ("journal", "list"), ("journal", "verify")]
)
def test_every_command_says_that_there_was_a_journal_and_sends_nothing(
    emptied: Installation, command: tuple[str, ...]
) -> None:
    requests = len(emptied.simulator.ledger.requests)
    done = emptied.run(*command)
    assert done.returncode == 69
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert (
        f"is gone, but its anchor {emptied.folder / 'anchor'} says that there was one" in sentence
    )
    assert "kiosk-tui journal new --note" in sentence
    assert not (emptied.folder / "disk" / "journal.db").exists()
    assert len(emptied.simulator.ledger.requests) == requests


def test_the_doctor_says_so_too(emptied: Installation) -> None:
    done = emptied.run("doctor")
    assert done.returncode == 69
    assert "is gone, but its anchor" in " ".join(done.stdout.split())


def test_a_person_starts_a_new_one_and_neither_ids_nor_receipts_come_again(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        anchor = _anchored(built)
        _, first = built.json("sale", "--amount", "12.55")
        assert first["receipt_number"] == "1"
        shutil.rmtree(tmp_path / "disk")
        code, new = built.json("journal", "new", "--note", "looked at TECS, Anna")
        assert code == 0
        assert new["moved"] == []
        code, second = built.json("sale", "--amount", "1")
        assert code == 0
        assert int(second["id"]) > int(first["id"])
        assert int(second["receipt_number"]) > 1
        known = Anchor(anchor, "88091105").known()
        assert known is not None
        assert known.last_id >= int(second["id"])


def test_another_terminals_stops_nothing(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        anchor = _anchored(built)
        built.json("sale", "--amount", "12.55")
        anchor.write_text("f" * 16 + anchor.read_text()[16:].replace("88091105", "11460019"))
        code, _ = built.json("sale", "--amount", "1")
        assert code == 0
        assert "belongs to another terminal" in (tmp_path / "disk" / "kiosk-tui.log").read_text()
        done = built.run("doctor")
        assert "belongs to another terminal" in " ".join(done.stdout.split())


def test_where_there_is_none_check_and_doctor_say_so_and_nothing_fails(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        done = built.run("config", "check")
        assert done.returncode == 0
        assert "There is no anchor (journal.anchor)" in done.stdout
        built.json("sale", "--amount", "12.55")
        done = built.run("doctor")
        assert done.returncode == 0
        assert "There is no anchor (journal.anchor)" in " ".join(done.stdout.split())
        _anchored(built)
        done = built.run("config", "check")
        assert done.returncode == 0
        assert "anchor" not in done.stdout


def test_its_path_is_a_whole_one(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        built.configure(journal='anchor = "anchor"')
        done = built.run("config", "check")
        assert done.returncode == 78
        assert "journal.anchor" in done.stderr
        assert "whole path" in done.stderr
