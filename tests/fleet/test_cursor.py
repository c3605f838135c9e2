"""What a kiosk knows of how far head office has stored its journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk_tui.fleet import cursor
from kiosk_tui.fleet.cursor import Cursor


def test_a_cursor_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "cursor.json"
    for one in (Cursor("ab", 7), Cursor("ab", 9, 12, ("20261123",)), Cursor("ab", 9, 12, ())):
        cursor.write(path, one)
        assert cursor.read(path, "ab") == one
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"epoch": "ab"}',
        '{"epoch": "ab", "stored": -1, "compared": 0, "send": null}',
        '{"epoch": "ab", "stored": "x", "compared": 0, "send": null}',
        '{"epoch": "ab", "stored": 1, "compared": 0, "send": 5}',
        '{"epoch": "ab", "stored": 1, "compared": 0, "send": ["today"]}',
        '{"epoch": "cd", "stored": 1, "compared": 0, "send": null}',
        "\udcff",
    ],
)
def test_what_is_no_cursor_of_this_journal_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cursor.json"
    assert cursor.read(path, "ab") is None
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert cursor.read(path, "ab") is None
