"""The tests' own watch: what nobody closed is told, with the place where it was opened."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import unclosed


def test_a_database_that_nobody_closed_is_told_with_its_place(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "forgotten.db").execute("CREATE TABLE one (id)")
    gc.collect()
    with pytest.raises(pytest.fail.Exception, match=r"database .*test_unclosed\.py:\d+"):
        unclosed.tell()


def test_a_database_that_was_closed_is_not_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "closed.db")):
        pass
    gc.collect()
    unclosed.tell()


def test_a_task_that_nobody_ended_is_told() -> None:
    async def forever() -> None:
        await asyncio.get_running_loop().create_future()

    async def forgetful() -> None:
        forgotten.append(asyncio.create_task(forever()))
        await asyncio.sleep(0)

    forgotten: list[asyncio.Task[None]] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(forgetful())
    loop.close()
    forgotten.clear()
    gc.collect()
    with pytest.raises(pytest.fail.Exception, match="destroyed but it is pending"):
        unclosed.tell()
