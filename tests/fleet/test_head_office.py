"""Which head office a kiosk belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import HeadOffice, NotEnrolledError, head_office

GIVEN = HeadOffice(url="https://office.example", kiosk_id="kiosk-1")


def test_it_is_read_as_enrolment_wrote_it(tmp_path: Path) -> None:
    folder = FleetFolder(tmp_path)
    folder.office.write_text(GIVEN.model_dump_json())
    assert head_office(folder) == GIVEN


@pytest.mark.parametrize("text", ["", "{}", '{"url": "ftp://x", "kiosk_id": "a"}'])
def test_one_that_is_damaged_is_told(tmp_path: Path, text: str) -> None:
    folder = FleetFolder(tmp_path)
    folder.office.write_text(text)
    with pytest.raises(NotEnrolledError, match="damaged"):
        head_office(folder)


def test_a_kiosk_without_one_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolledError, match="kiosk-tui fleet enroll"):
        head_office(FleetFolder(tmp_path))


def test_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = FleetFolder(tmp_path)
    folder.office.mkdir()
    with pytest.raises(NotEnrolledError, match="is a folder"):
        head_office(folder)
