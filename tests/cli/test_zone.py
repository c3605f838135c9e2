"""One zone for all that people read, whatever the machine's is: the request's own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.installation import Installation, installed


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.mark.parametrize(
    ("zone", "machine"),
    [
        ("Pacific/Kiritimati", "UTC"),
        ("America/Adak", "Asia/Tokyo"),
        ("Europe/Vienna", "Nowhere/AtAll"),
    ],
)
def test_commands_tell_the_time_that_the_request_told(
    shop: Installation, zone: str, machine: str
) -> None:
    shop.configure(terminal=f'timezone = "{zone}"')
    code, sold = shop.json("sale", "--amount", "12.55", TZ=machine)
    assert code == 0
    at = datetime(2026, 7, 14, 9, 26, 53, tzinfo=UTC)
    there = at.astimezone(ZoneInfo(zone))
    with sqlite3.connect(shop.journal) as file:
        file.execute(
            "UPDATE transactions SET created_at = ?1, updated_at = ?1, checksum = NULL",
            (at.isoformat(timespec="milliseconds"),),
        )
    file.close()
    seen = f"{there:%Y-%m-%d %H:%M:%S}"
    assert f"  {seen}  " in shop.run("journal", "list", TZ=machine).stdout
    shown = shop.run("journal", "show", sold["id"], TZ=machine).stdout
    assert re.search(rf"^created at +{seen}$", shown, re.MULTILINE)
    assert "+00:00" not in shown
    assert seen in shop.run("watch", "--once", TZ=machine).stdout
    slip = shop.run("receipt", sold["id"], TZ=machine).stdout
    assert re.search(
        rf"^{there:%a} {there.day} {there:%b} 2026 +{there:%H:%M}$", slip, re.MULTILINE
    )
