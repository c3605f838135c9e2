"""A program that nobody waits for any more is gone, with all that it started, and never saw a secret."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from kiosk_tui import subprocesses

FAMILY = """
import os, sys, time
if os.fork() == 0:
    open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(600)
"""


def _gone(pid: int) -> bool:
    try:
        with Path(f"/proc/{pid}/stat").open() as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _forked(note: Path) -> bool:
    return note.exists() and note.read_text() != ""


async def test_what_it_started_goes_with_it(tmp_path: Path) -> None:
    note = tmp_path / "child"
    command = (sys.executable, "-c", FAMILY, str(note))
    async with subprocesses.foreign(command, {}, answers=False) as process:
        while not _forked(note):
            await asyncio.sleep(0.01)
    assert process.returncode == -9
    child = int(note.read_text())
    async with asyncio.timeout(5.0):
        while not _gone(child):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("answers", [False, True])
async def test_a_cancelled_wait_kills_it(*, answers: bool) -> None:
    command = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
    begun = asyncio.get_running_loop().create_future()

    async def waiting() -> None:
        async with subprocesses.foreign(command, {}, answers=answers) as process:
            begun.set_result(process)
            await process.wait()

    task = asyncio.create_task(waiting())
    process = await begun
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert process.returncode == -9


@pytest.mark.parametrize("turns", range(8))
async def test_one_that_is_cancelled_while_it_starts_leaves_nothing_either(
    tmp_path: Path, turns: int
) -> None:
    note = tmp_path / "child"
    command = (sys.executable, "-S", "-c", FAMILY, str(note))

    async def waiting() -> None:
        async with subprocesses.foreign(command, {}, answers=True) as process:
            await process.communicate()

    task = asyncio.create_task(waiting())
    for _ in range(turns):
        await asyncio.sleep(0)
    # so long that it has forked, if it was started, but asyncio has not been told
    until = time.monotonic() + 1.0
    while not _forked(note) and time.monotonic() < until:
        time.sleep(0.01)  # noqa: ASYNC251 - the loop must not turn
    task.cancel()
    async with asyncio.timeout(10.0):
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    async with asyncio.timeout(5.0):
        while _forked(note) and not _gone(int(note.read_text())):
            await asyncio.sleep(0.01)


async def test_who_is_cancelled_while_it_is_ended_still_waits_for_its_end() -> None:
    command = (sys.executable, "-S", "-c", "import time; time.sleep(600)")
    begun = asyncio.get_running_loop().create_future()

    async def too_late() -> None:
        async with subprocesses.foreign(command, {}, answers=True) as process:
            begun.set_result(process)

    task = asyncio.create_task(too_late())
    process = await begun
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert process.returncode == -9


async def test_somebody_elses_program_sees_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KIOSK_TUI_AUTH__KEY", "secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials")
    command = (sys.executable, "-c", "import os; print(sorted(os.environ))")
    async with subprocesses.foreign(command, {"KIOSK_TUI_GOODS_ID": "1"}, answers=True) as process:
        told, _ = await process.communicate()
    names = {"KIOSK_TUI_GOODS_ID", *(name for name in subprocesses._KEPT if name in os.environ)}
    assert names <= set(eval(told)) <= names | {"LC_CTYPE"}  # noqa: S307 - the line above printed it


async def test_our_own_program_does_not_speak_to_systemd_in_our_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "names"
    script = f"import os; open({str(note)!r}, 'w').write(repr(sorted(os.environ)))"
    monkeypatch.setattr(subprocesses, "program", lambda: (sys.executable, "-c", script))
    given = {"NOTIFY_SOCKET": "/run/notify", "LISTEN_FDS": "1", "STATE_DIRECTORY": "/var/lib/x"}
    async with subprocesses.own((), given) as process:
        assert await process.wait() == 0
    assert "STATE_DIRECTORY" in note.read_text()
    assert not any(name in note.read_text() for name in ("NOTIFY_SOCKET", "LISTEN_FDS"))


async def test_one_that_cannot_be_run_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match="no such program"):
        async with subprocesses.foreign(("/no such program",), {}, answers=False):
            pass
