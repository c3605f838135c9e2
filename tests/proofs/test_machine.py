"""The machine's harm really harms: the controls of the proof are caught in a small slice."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import signal
from pathlib import Path

import pytest

from kiosk_tui.lab.drill.child import PROGRAM, UnexpectedError
from kiosk_tui.lab.drill.sandbox import sandbox
from proofs.machine import altered, clock, damage, mounts
from proofs.machine.screen import shown
from proofs.machine.ways import WAYS

pytestmark = pytest.mark.journey

needs_mounts = pytest.mark.skipif(bool(mounts.lacks()), reason="needs root and a loop device")


def test_a_flipped_bit_is_noticed_only_by_whoever_checks(tmp_path: Path) -> None:
    checked = damage.flipped(tmp_path / "a", 60, random.Random(5), checked=True)
    assert checked.passed, checked.violations
    unchecked = damage.flipped(tmp_path / "b", 400, random.Random(5), checked=False)
    assert unchecked.passed, "no bit that matters was flipped"


def test_a_lost_journal_is_silently_replaced_only_without_its_mark(tmp_path: Path) -> None:
    assert damage.lost(tmp_path / "a", refused=True).passed
    assert damage.lost(tmp_path / "b", refused=False).passed


def test_ids_repeat_under_a_jumping_clock_only_when_they_are_made_of_it(tmp_path: Path) -> None:
    held = clock.jumping(tmp_path / "a", 150, random.Random(5))
    assert held.passed, held.violations
    assert clock.jumping(tmp_path / "b", 150, random.Random(5), sabotaged=True).passed


@needs_mounts
def test_a_broken_disk_refuses_a_file_that_is_open_and_works_after_a_mend(tmp_path: Path) -> None:
    with mounts.small_disk(tmp_path) as disk:
        kept = disk.where / "kept"
        file = kept.open("ab", buffering=0)
        file.write(b"before")
        os.fsync(file.fileno())
        with disk.broken():
            with pytest.raises(OSError, match="Errno") as refused:
                file.write(b"during")
            file.close()
        assert refused.value.errno == errno.EROFS
        assert kept.read_text() == "before"
        kept.write_text("after")


@needs_mounts
def test_a_full_disk_has_no_room_for_one_byte(tmp_path: Path) -> None:
    with mounts.small_disk(tmp_path) as disk:
        with disk.full(), pytest.raises(OSError, match="Errno") as refused:
            (disk.where / "more").write_bytes(b"x" * 5000)
        assert refused.value.errno == errno.ENOSPC
        (disk.where / "more").write_bytes(b"x" * 5000)


@needs_mounts
def test_nothing_stays_mounted(tmp_path: Path) -> None:
    with pytest.raises(KeyError), mounts.small_disk(tmp_path):
        raise KeyError
    assert str(tmp_path) not in Path("/proc/mounts").read_text()


@pytest.mark.parametrize("name", WAYS)
def test_a_spoilt_path_is_whole_again_afterwards(tmp_path: Path, name: str) -> None:
    path = tmp_path / "journal.db"
    for end in ("", "-wal", ".lock"):
        path.with_name(path.name + end).write_text(f"what was there{end}")
    before = _seen(tmp_path)
    with WAYS[name](path):
        assert _seen(tmp_path) != before
    assert _seen(tmp_path) == before


def _seen(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        one.name: (one.lstat().st_mode, one.read_bytes() if one.is_file() else b"")
        for one in folder.iterdir()
    }


async def test_a_clock_that_is_set_reaches_the_real_program(tmp_path: Path) -> None:
    async with sandbox(tmp_path / "a", altered.program(f"clock:{365 * 86_400}")) as built:
        assert await built.sold() == 69
        (complaint,) = (tmp_path / "a").glob("*.err")
        assert "The clock of this machine says" in complaint.read_text()


async def test_the_app_in_a_terminal_takes_a_payment_and_hears_its_signal(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    async with sandbox(folder, PROGRAM) as built, shown(PROGRAM, folder) as screen:
        await screen.pay()
        await screen.type_away()
        await screen.until(lambda: "Press any key" in screen.text, "the first screen again")
        screen.strike(signal.SIGTERM)
        assert await screen.ended() == 0
        assert [one.state for one in built.transactions()] == ["APPROVED"]


async def test_a_terminal_that_goes_away_hangs_up_on_the_app(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    async with sandbox(folder, PROGRAM), shown(PROGRAM, folder) as screen:
        await screen.until(lambda: "Press any key" in screen.text, "the first screen")
        screen.strike(None)
        assert await screen.ended() == 0
        assert "ending on SIGHUP" in (folder / "kiosk-tui.log").read_text()


async def test_an_app_that_has_ended_is_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    async with sandbox(folder, PROGRAM), shown(PROGRAM, folder) as screen:
        screen.strike(signal.SIGKILL)
        await screen.ended()
        with pytest.raises(UnexpectedError, match="ended before 'never'"):
            async with asyncio.timeout(30):
                await screen.until(lambda: False, "never")
