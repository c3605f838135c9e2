"""`kiosk-tui fleet`: what it tells, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from support.installation import Installation, installed

from kiosk_tui.cli.main import main
from kiosk_tui.files import writing
from kiosk_tui.fleet import cursor, enrolment
from kiosk_tui.fleet.code import EnrolmentCode
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import HeadOffice, head_office
from kiosk_tui.fleet.keys import KioskKey
from kiosk_tui.fleet.wire_enrolment import Enrolled
from kiosk_tui.journal import outbox
from kiosk_tui.journal.outbox_reader import OutboxReader
from kiosk_tui.office.authority import authority as authorities
from kiosk_tui.office.authority.requests import public_key

CODE = "ABCD-EFGH-JKMN-PQRS"


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as one:
        yield one


def _enrolled(folder: FleetFolder, keys_of_office: Path) -> None:
    """What an enrolment leaves in the folder."""
    key, authority = KioskKey.made(), authorities.make(keys_of_office)
    issued = authority.issue(public_key(key.request), "graz-1", 90)
    got = Enrolled(
        kiosk_id="graz-1",
        certificate=issued.public_bytes(Encoding.PEM).decode(),
        command_keys=(),
    )
    writing.make_folder(folder.path)
    enrolment._keep(folder, got, "https://kiosks.test", key.with_certificate(got.certificate), None)


def test_who_is_in_no_fleet_is_told_how_to_come_into_one(lobby: Installation) -> None:
    told = lobby.run("fleet", "status")
    assert (told.returncode, "kiosk-tui fleet enroll" in told.stderr) == (69, True)
    assert lobby.json("fleet", "status") == (69, {"enrolled": False})


def test_how_things_stand_in_a_fleet(lobby: Installation, tmp_path: Path) -> None:
    lobby.json("sale", "--amount", "5")
    journal = lobby.folder / "journal.db"
    folder = FleetFolder.beside(journal)
    _enrolled(folder, tmp_path / "keys")
    outbox.keep_beside(journal, ships=True)
    reader = OutboxReader(journal)
    standing = reader.standing()
    reader.close()
    cursor.write(folder.cursor, cursor.Cursor(standing.identity, 1))

    done, told = lobby.json("fleet", "status")
    assert done == 0
    assert (told["office"], told["kiosk"]) == ("https://kiosks.test", "graz-1")
    assert (told["stored"], told["waiting"]) == (1, standing.newest - 1)
    assert told["certificate_days"] == 89
    assert told["last_contact"] is None
    folder.contact.touch()
    lines = lobby.run("fleet", "status").stdout
    assert "89 days left" in lines
    assert "none yet" not in lines

    again = lobby.run("fleet", "enroll", "--code", f"https://kiosks.test/#{CODE}")
    assert (again.returncode, "already" in again.stderr) == (69, True)

    assert lobby.json("fleet", "leave") == (0, {"enrolled": False})
    assert not folder.enrolled
    reader = OutboxReader(journal)
    assert not reader.standing().ships
    reader.close()


def test_a_code_is_read_from_a_line_as_a_scanner_types_it(lobby: Installation) -> None:
    line = f"https://127.0.0.1:1/#{CODE}\n"
    done = lobby.run("fleet", "enroll", "--code", "-", stdin=line)
    assert (done.returncode, "No connection to https://127.0.0.1:1" in done.stderr) == (69, True)
    assert CODE not in done.stdout + done.stderr


def test_a_code_is_read_from_a_file(lobby: Installation, tmp_path: Path) -> None:
    file = tmp_path / "code"
    file.write_text(f"{CODE}\n")
    done = lobby.run("fleet", "enroll", "--code", f"@{file}", "--url", "https://127.0.0.1:1")
    assert (done.returncode, "No connection" in done.stderr) == (69, True)


def test_what_is_no_code_is_told(lobby: Installation) -> None:
    done = lobby.run("fleet", "enroll", "--code", "ABCD")
    assert (done.returncode, "That is no code" in done.stderr) == (65, True)


def test_once_enrolled_the_journal_is_kept_for_head_office_at_once(
    lobby: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lobby.json("sale", "--amount", "5")

    async def enroll(folder: FleetFolder, code: EnrolmentCode, **_: object) -> HeadOffice:
        assert str(code) == f"https://kiosks.test/#{CODE}"
        _enrolled(folder, tmp_path / "keys")
        return head_office(folder)

    monkeypatch.setattr(enrolment, "enroll", enroll)
    monkeypatch.setenv("STATE_DIRECTORY", str(lobby.folder))
    asked = ["--config", str(lobby.config), "fleet", "enroll", "--json"]
    assert main([*asked, "--code", f"https://kiosks.test/#{CODE}"]) == 0
    told = {"enrolled": True, "office": "https://kiosks.test", "kiosk": "graz-1"}
    assert json.loads(capsys.readouterr().out) == told
    reader = OutboxReader(lobby.journal)
    standing = reader.standing()
    reader.close()
    assert standing.ships
    assert standing.newest > 0
