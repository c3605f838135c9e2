"""`kiosk-tui office enroll` and `revoke`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk_tui.cli.main import main
from kiosk_tui.fleet import code


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> str:
    file = tmp_path / "office.toml"
    file.write_text(f'[database]\nurl = "{database_url}"\n[ingest]\nurl = "https://kiosks.test"\n')
    return str(file)


def _main(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    done = main(["office", *arguments])
    said = capsys.readouterr()
    return done, said.out, said.err


def test_a_code_is_told_as_one_line_to_type_or_scan(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done, out, _ = _main(capsys, "enroll", "graz-1", "--office-config", config)
    line, told = out.splitlines()
    assert done == 0
    assert code.read(line).url == "https://kiosks.test"
    assert "graz-1" in told


def test_a_program_is_told_in_json(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _main(capsys, "enroll", "graz-1", "--json", "--office-config", config)
    told = json.loads(out)
    assert (told["kiosk"], code.read(told["code"]).url) == ("graz-1", "https://kiosks.test")


def test_revoking_voids_what_was_not_used_yet(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _main(capsys, "enroll", "graz-1", "--office-config", config)
    done, out, _ = _main(capsys, "revoke", "graz-1", "--json", "--office-config", config)
    assert (done, json.loads(out)) == (0, {"kiosk": "graz-1", "revoked": 0})


def test_a_kiosk_that_nobody_knows_is_told(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    done, _, err = _main(capsys, "revoke", "graz-9", "--office-config", config)
    assert (done, "knows no kiosk graz-9" in err) == (69, True)
