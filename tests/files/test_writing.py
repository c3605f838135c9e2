"""What we make nobody else may touch, under any umask; no link leads it elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.files import writing


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_is_private_whatever_the_umask_and_whatever_it_was(tmp_path: Path) -> None:
    file = tmp_path / "file"
    writing.write(file, "ä")
    assert (_mode(file), file.read_text("utf-8")) == (0o600, "ä")
    file.chmod(0o666)
    writing.write(file, "b", writing.GROUP_READS, durable=True)
    assert (_mode(file), file.read_text()) == (0o640, "b")


def test_a_folder_is_private_and_its_parents_are_nobody_elses_to_write(tmp_path: Path) -> None:
    writing.make_folder(tmp_path / "a" / "b")
    writing.make_folder(tmp_path / "a" / "b")
    assert [_mode(tmp_path / one) for one in ("a", "a/b")] == [0o755, 0o700]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError, match=r"/file cannot be made: it is there already, and no"):
        writing.make_folder(tmp_path / "file" / "a")
    with pytest.raises(OSError, match=r"the folder /proc/a cannot be made: "):
        writing.make_folder(Path("/proc/a/b"))


def test_what_libraries_make_is_private_too(tmp_path: Path) -> None:
    writing.guard()
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    assert [_mode(tmp_path / one) for one in ("file", "folder")] == [0o600, 0o700]


def test_a_link_is_not_followed_and_its_target_stays_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("precious")
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(OSError, match="a link to elsewhere"):
        writing.write(link, "x")
    assert target.read_text() == "precious"


def test_a_pipe_is_not_waited_for_and_a_folder_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is no file|No such device"):
        writing.write(tmp_path / "pipe", "x")
    held = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(OSError, match="it is no file"):
            writing.write(tmp_path / "pipe", "x")
    finally:
        os.close(held)
    with pytest.raises(IsADirectoryError):
        writing.write(tmp_path, "x")


def test_a_text_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    writing.replace(file, "old")
    synced: list[str] = []
    sync = os.fsync

    def cut(number: int) -> None:
        synced.append(Path(f"/proc/self/fd/{number}").readlink().name)
        if len(synced) == 1:
            raise OSError(5, "power cut")
        sync(number)

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(OSError, match="power cut"):
        writing.replace(file, "new")
    assert ([one.name for one in tmp_path.iterdir()], file.read_text()) == (["file"], "old")
    writing.replace(file, "new")
    assert (_mode(file), file.read_text()) == (0o600, "new")
    assert synced[1:] == [f".file.{os.getpid()}", tmp_path.name]
