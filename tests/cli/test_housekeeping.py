"""Housekeeping as it is typed: backup, check, restore, prune, tidy; beside a running kiosk and without."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import running

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.fleet import cursor
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.journal.outbox_reader import OutboxReader
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def _grow_old(lobby: Installation, days: int) -> None:
    """Let what is in the journal be from long ago."""
    raw = sqlite3.connect(lobby.journal)
    raw.execute(
        "UPDATE transactions SET checksum = NULL, created_at = strftime('%Y-%m-%dT%H:%M:%f+00:00',"
        " created_at, ?1), updated_at = strftime('%Y-%m-%dT%H:%M:%f+00:00', updated_at, ?1)",
        (f"-{days} days",),
    )
    raw.commit()
    raw.close()


def test_a_lost_journal_comes_back_from_its_backup(lobby: Installation) -> None:
    _, first = lobby.json("sale", "--amount", "12.55")
    backup = lobby.folder / "kept.db"
    made = lobby.run("journal", "backup", str(backup))
    assert made.returncode == 0, made.stderr
    assert re.search(r"It holds 1 transactions, the newest of \d{4}-\d\d-\d\d", made.stdout)
    _, second = lobby.json("sale", "--amount", "1")
    whole = lobby.run("journal", "restore", str(backup), "--note", "for fun")
    assert (whole.returncode, whole.stdout) == (2, "")
    assert "nothing to restore" in whole.stderr
    lobby.journal.write_bytes(b"noise" * 1000)
    checked = lobby.run("journal", "check-backup", str(backup))
    assert checked.stdout.startswith("The backup is whole.")
    restored = lobby.run("journal", "restore", str(backup), "--note", "card broken, Anna")
    assert restored.returncode == 0, restored.stderr
    assert "Moved aside: " in restored.stdout
    assert "look at TECS" in restored.stdout
    _, shown = lobby.json("journal", "show", first["id"])
    assert shown["state"] == "APPROVED"
    _, third = lobby.json("sale", "--amount", "2")
    assert int(third["id"]) > int(second["id"])
    assert lobby.run("journal", "verify").returncode == 0


def test_a_fresh_machine_gets_it_as_its_first_journal(lobby: Installation) -> None:
    lobby.json("sale", "--amount", "12.55")
    backup = lobby.folder / "kept.db"
    lobby.run("journal", "backup", str(backup))
    new = lobby.folder / "fresh" / "state"
    code, value = lobby.json(
        "journal", "restore", str(backup), "--note", "new card", STATE_DIRECTORY=str(new)
    )
    assert code == 0
    assert (value["journal"], value["transactions"]) == (str(new / "journal.db"), 1)
    assert (value["moved"], value["carried_over"], value["went_on"]) == ([], 0, False)


@pytest.mark.parametrize("note", [" ", "a\nb"])
def test_a_restore_wants_a_reason(lobby: Installation, note: str) -> None:
    assert lobby.run("journal", "restore", "kept.db", "--note", note).returncode == 2


def test_a_backup_that_is_not_whole_is_told_with_an_exit_code_of_its_own(
    lobby: Installation,
) -> None:
    bad = lobby.folder / "kept.db"
    bad.write_bytes(b"noise" * 1000)
    checked = lobby.run("journal", "check-backup", str(bad))
    assert (checked.returncode, checked.stdout) == (65, "")
    assert str(bad) in checked.stderr
    refused = lobby.run("journal", "restore", str(bad), "--note", "Anna")
    assert refused.returncode == 69


@pytest.mark.journey
def test_all_of_it_but_restore_runs_beside_a_kiosk_that_goes_on_selling(
    lobby: Installation,
) -> None:
    backups = lobby.folder / "backups"
    backups.mkdir()
    lobby.configure(journal=f'backup_folder = "{backups}"\nbackup_keep = 2')
    lobby.json("sale", "--amount", "5")
    _grow_old(lobby, 500)
    with running("--config", str(lobby.config), folder=lobby.folder) as kiosk:
        kiosk.wait("Pay by card")
        for _ in range(2):
            kiosk.hears("1")
            kiosk.wait("How much would you like to pay?")
            kiosk.hears("255")
            kiosk.wait("12.55")  # with Enter in one piece, on a busy machine, it would be a scan
            kiosk.hears("\r")
            kiosk.wait("add a tip")
            kiosk.hears("0")
            kiosk.wait("Thank you")
            kiosk.hears("\r")
            kiosk.wait("Pay by card")
            code, value = lobby.json("journal", "tidy")
            assert code == 0
            assert Path(value["backup"]).exists()
        refused = lobby.run("journal", "restore", value["backup"], "--note", "Anna")
        assert refused.returncode == 69
        assert "in use by kiosk-tui run" in refused.stderr
        (_, newest) = sorted(backups.iterdir())
        assert str(newest) == value["backup"]
    reader = Reader(lobby.journal)
    assert [one.state for one in reader.transactions()] == [State.APPROVED] * 2
    assert reader.verify() == []
    reader.close()


def test_tidy_keeps_the_newest_backups_and_clears_up_after_one_that_was_killed(
    lobby: Installation,
) -> None:
    backups = lobby.folder / "backups"
    backups.mkdir()
    lobby.configure(journal=f'backup_folder = "{backups}"\nbackup_keep = 1')
    lobby.json("sale", "--amount", "5")
    others = {"journal-7-1.db.bak", "notes.txt", f"journal-7-1.db.{os.getpid()}.part"}
    for name in (*others, "journal-7-9999999999.db", "journal-7-1.db.4194999.part"):
        (backups / name).write_text("")
    done = lobby.run("journal", "tidy")
    assert done.returncode == 0, done.stderr
    assert "Backed up to" in done.stdout
    assert "Given back to the disk: 0 kB." in done.stdout
    left = {one.name for one in backups.iterdir()} - others
    (only,) = left
    assert re.fullmatch(r"journal-\d{17}-\d+\.db", only)


def test_tidy_removes_nothing_when_its_backup_fails(lobby: Installation) -> None:
    lobby.configure(journal=f'backup_folder = "{lobby.folder}/unmounted"')
    lobby.json("sale", "--amount", "5")
    _grow_old(lobby, 500)
    lobby.json("sale", "--amount", "5")
    done = lobby.run("journal", "tidy")
    assert done.returncode == 69
    assert "is no folder: mount or make it" in done.stderr
    assert len(lobby.run("journal", "list").stdout.splitlines()) == 1 + 2


def test_what_is_old_goes_and_how_much_is_told(lobby: Installation) -> None:
    lobby.json("sale", "--amount", "5")
    _grow_old(lobby, 120)
    lobby.json("sale", "--amount", "6")
    assert "Removed" in lobby.run("journal", "prune").stdout
    told = {"removed": 1, "left": 0, "unshipped": 0}
    assert lobby.json("journal", "prune", "--days", "100") == (0, told)
    assert len(lobby.run("journal", "list").stdout.splitlines()) == 1 + 1
    few = lobby.run("journal", "prune", "--days", "30")
    assert few.returncode == 2
    assert "at least 90" in few.stderr


def test_what_head_office_does_not_have_stays_and_how_much_is_told(lobby: Installation) -> None:
    fleet = FleetFolder.beside(lobby.folder / "journal.db")
    fleet.path.mkdir()
    fleet.office.write_text("{}")
    lobby.json("sale", "--amount", "5")
    _grow_old(lobby, 500)
    lobby.json("sale", "--amount", "6")
    told = {"removed": 0, "left": 0, "unshipped": 1}
    assert lobby.json("journal", "prune", "--days", "100") == (0, told)
    assert "1 stay: head office does not have them yet" in lobby.run("journal", "tidy").stdout
    reader = OutboxReader(lobby.folder / "journal.db")
    epoch = reader.standing().identity
    reader.close()
    cursor.write(fleet.cursor, cursor.Cursor(epoch, 3))
    assert lobby.json("journal", "prune", "--days", "100") == (
        0,
        {**told, "removed": 1, "unshipped": 0},
    )


def test_fewer_days_than_ninety_are_no_configuration(lobby: Installation) -> None:
    lobby.configure(journal="keep_days = 30")
    done = lobby.run("config", "check")
    assert done.returncode == 78
    assert "journal.keep_days" in done.stderr
    assert "90 to 36500" in done.stderr


def test_an_empty_journal_is_tidied_too(lobby: Installation) -> None:
    lobby.run("recover")
    assert "The journal is empty" in lobby.run("journal", "tidy").stdout


@pytest.mark.journey
def test_a_backup_waits_for_the_payment_that_is_under_way(tmp_path: Path) -> None:
    with installed(tmp_path, Options(card_s=2, host_s=0)) as slow:
        with running("--config", str(slow.config), folder=slow.folder) as kiosk:
            kiosk.wait("Pay by card")
            kiosk.hears("1")
            kiosk.wait("How much would you like to pay?")
            kiosk.hears("255")
            kiosk.wait("12.55")  # with Enter in one piece, on a busy machine, it would be a scan
            kiosk.hears("\r")
            kiosk.wait("add a tip")
            kiosk.hears("0")
            kiosk.wait("Card please")
            done = slow.run("journal", "backup", str(tmp_path / "kept.db"), "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["transactions"] == 1
        reader = Reader(tmp_path / "kept.db", alone=True)
        assert [one.state for one in reader.transactions()] == [State.APPROVED]
        reader.close()
