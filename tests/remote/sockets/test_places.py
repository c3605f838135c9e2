"""Unix sockets: private from the first moment, never taken from a living program."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kiosk_tui.remote.sockets.places import SocketError, connected, listening, peer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.sock"


def test_it_is_its_owners_only_whatever_the_usual_mask(path: Path) -> None:
    before = os.umask(0)
    try:
        made = listening(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made.close()


def test_a_living_programs_socket_is_never_taken(path: Path) -> None:
    with listening(path), pytest.raises(SocketError, match="is in use by another program"):
        listening(path)
    assert connected(path) is None  # its program is gone now
    with listening(path):
        reached = connected(path)
        assert reached is not None
        reached.close()


def test_any_other_file_stays(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(SocketError, match="is there already and no socket"):
        listening(path)
    assert path.read_text() == "mine"


def test_a_path_longer_than_the_kernel_takes_is_reached(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 100) / ("b" * 100)
    deep.mkdir(parents=True)
    with listening(deep / "s"):
        reached = connected(deep / "s")
        assert reached is not None
        reached.close()


def test_who_is_at_the_other_end_is_known(path: Path) -> None:
    with listening(path) as made:
        reached = connected(path)
        assert reached is not None
        accepted, _ = made.accept()
        assert peer(accepted) == (os.getpid(), os.geteuid())
        accepted.close()
        reached.close()


def test_nothing_is_there_and_nobody_may_enter_are_told_apart(tmp_path: Path) -> None:
    assert connected(tmp_path / "none" / "a.sock") is None
    (tmp_path / "plain").write_text("")
    assert connected(tmp_path / "plain" / "a.sock") is None
    with pytest.raises(SocketError, match=r"cannot be opened: No such file"):
        listening(tmp_path / "none" / "a.sock")
    with pytest.raises(SocketError, match="there is no group nobody-knows"):
        listening(tmp_path / "a.sock", group="nobody-knows")
