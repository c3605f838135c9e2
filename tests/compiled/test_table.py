"""What was compiled at installation is read whole, or not at all."""

from __future__ import annotations

import dataclasses
import marshal
from pathlib import Path

import pytest
from compiled.conftest import write

from kiosk_tui.compiled import patterns, table, taking


@pytest.mark.parametrize("other", ["missing", "cut short", "garbage", "another Python's"])
def test_a_file_that_cannot_be_used_changes_nothing(
    written: Path, tmp_path: Path, other: str
) -> None:
    file = tmp_path / "compiled"
    whole = written.read_bytes()
    if other == "cut short":
        file.write_bytes(whole[: len(whole) // 2])
    elif other == "garbage":
        file.write_bytes(b"no such thing")
    elif other == "another Python's":
        file.write_bytes(marshal.dumps(((b"\0", *table.MADE_FOR[1:]), marshal.loads(whole)[1])))  # noqa: S302 - ours
    real = patterns._compiler().compile
    taking.take(str(file))
    assert patterns._compiler().compile is real
    assert "exec" not in vars(dataclasses)


def test_an_installation_writes_the_same_file_each_time(written: Path, tmp_path: Path) -> None:
    assert write(tmp_path / "compiled").read_bytes() == written.read_bytes()


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "compiled"
    tables = {"one": {("a", 1): b"\0"}, "other": {}}
    table.write(tables, str(file))
    assert table.read(str(file)) == tables
    assert [one.name for one in file.parent.iterdir()] == ["compiled"]
