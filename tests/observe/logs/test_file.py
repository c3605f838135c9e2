"""The log's file: rotated by whoever, private, and never a reason for anything."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.observe.logs.file import LogFile


@pytest.fixture
def log(tmp_path: Path) -> Iterator[logging.Logger]:
    logger = logging.Logger("one")  # noqa: LOG001 - nobody else's
    handler = LogFile(tmp_path / "kiosk-tui.log")
    logger.addHandler(handler)
    yield logger
    handler.close()


def test_a_file_that_logrotate_renames_is_followed_by_a_new_one(
    log: logging.Logger, tmp_path: Path
) -> None:
    file, old = tmp_path / "kiosk-tui.log", tmp_path / "kiosk-tui.log.old"
    log.warning("first")
    file.rename(old)
    log.warning("second")
    assert (old.read_text(), file.read_text()) == ("first\n", "second\n")
    file.unlink()
    log.warning("third")
    assert file.read_text() == "third\n"


def test_a_file_that_logrotate_copies_and_empties_is_begun_again(
    log: logging.Logger, tmp_path: Path
) -> None:
    file = tmp_path / "kiosk-tui.log"
    log.warning("first")
    os.truncate(file, 0)
    log.warning("second")
    assert file.read_bytes() == b"second\n"


def test_one_that_another_makes_in_its_place_is_taken(log: logging.Logger, tmp_path: Path) -> None:
    file = tmp_path / "kiosk-tui.log"
    log.warning("first")
    file.rename(tmp_path / "old")
    file.write_text("made by logrotate\n")
    log.warning("second")
    assert file.read_text() == "made by logrotate\nsecond\n"


def test_only_its_owner_and_a_group_that_was_let_in_may_read_it(
    log: logging.Logger, tmp_path: Path
) -> None:
    file = tmp_path / "kiosk-tui.log"
    before = os.umask(0)
    try:
        log.warning("first")
        assert file.stat().st_mode & 0o777 == 0o600
        for given, left in ((0o666, 0o640), (0o644, 0o640), (0o640, 0o640)):
            file.unlink()
            file.touch()
            file.chmod(given)
            log.warning("next")
            assert file.stat().st_mode & 0o777 == left
    finally:
        os.umask(before)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "full"])
def test_what_cannot_be_written_changes_nothing_and_is_looked_at_anew(
    log: logging.Logger, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    file = tmp_path / "kiosk-tui.log"
    target = tmp_path / "target"
    target.write_text("precious")
    if kind == "link":
        file.symlink_to(target)
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to("/dev/full")
    log.warning("lost")
    assert target.read_text() == "precious"
    if kind == "folder":
        file.rmdir()
    else:
        file.unlink()
    log.warning("kept")
    assert file.read_text() == "kept\n"
