"""Sockets that systemd passes: only those that are meant for us, and only what listens."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.remote.sockets import passed as module
from kiosk_tui.remote.sockets.passed import pass_on, passed
from kiosk_tui.remote.sockets.places import SocketError

ME = os.getpid()
AT = 200
"""In place of 3, which the tests' own files have."""


@pytest.fixture(autouse=True)
def _numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "FIRST", AT)
    yield
    for number in range(AT, AT + 3):
        try:
            os.close(number)
        except OSError:
            continue


def give(made: socket.socket, number: int = AT) -> None:
    os.dup2(made.fileno(), number)
    made.close()


def unix(folder: Path, *, listens: bool = True, kind: int = socket.SOCK_STREAM) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, kind)
    made.bind(str(folder / f"{len(list(folder.iterdir()))}.sock"))
    if listens:
        made.listen()
    return made


def told(**more: str) -> dict[str, str]:
    return {"LISTEN_PID": str(ME), "LISTEN_FDS": "1", **more}


def test_what_is_passed_is_taken_with_its_name(tmp_path: Path) -> None:
    give(unix(tmp_path))
    give(socket.create_server(("127.0.0.1", 0)), AT + 1)
    (one, first), (two, second) = passed(told(LISTEN_FDS="2", LISTEN_FDNAMES="pos:port"), ME)
    assert (one, first.family, two, second.family) == (
        *("pos", socket.AF_UNIX),
        *("port", socket.AF_INET),
    )
    assert not first.getblocking()
    first.close()
    second.close()


def test_names_may_be_missing(tmp_path: Path) -> None:
    give(unix(tmp_path))
    ((name, made),) = passed(told(), ME)
    made.close()
    assert name == ""


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"LISTEN_FDS": "1"},
        told(LISTEN_PID=str(ME + 1)),
        told(LISTEN_PID=""),
        told(LISTEN_FDS=""),
    ],
    ids=["nothing", "nobody", "another process", "no process", "no count"],
)
def test_what_is_meant_for_nobody_or_another_is_left_alone(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    give(unix(tmp_path))
    assert passed(environment, ME) == []
    assert os.fstat(AT)


@pytest.mark.parametrize("count", ["0", "-1", "x", "17", "1.0", "²", "9" * 30])
def test_a_count_that_is_none_is_refused(count: str) -> None:
    with pytest.raises(SocketError, match="LISTEN_FDS is"):
        passed(told(LISTEN_FDS=count), ME)


def test_names_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    give(unix(tmp_path))
    with pytest.raises(SocketError, match="LISTEN_FDNAMES names 2 sockets, LISTEN_FDS counts 1"):
        passed(told(LISTEN_FDNAMES="pos:port"), ME)


def test_a_number_without_a_file_is_refused() -> None:
    with pytest.raises(SocketError, match=f"The passed socket {AT} is none"):
        passed(told(), ME)


def test_a_file_is_no_socket(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        os.dup2(file.fileno(), AT)
    with pytest.raises(SocketError, match=f"The passed socket {AT} is none"):
        passed(told(), ME)


@pytest.mark.parametrize("kind", ["silent", "datagram"])
def test_what_does_not_listen_is_refused(tmp_path: Path, kind: str) -> None:
    datagram = kind == "datagram"
    give(unix(tmp_path, listens=False, kind=socket.SOCK_DGRAM if datagram else socket.SOCK_STREAM))
    with pytest.raises(SocketError, match="does not listen"):
        passed(told(), ME)


def test_only_the_program_that_this_process_becomes_inherits_it(tmp_path: Path) -> None:
    give(unix(tmp_path))
    ((_, made),) = passed(told(), ME)
    assert not os.get_inheritable(AT)
    assert not made.get_inheritable()
    made.close()
    pass_on({}, ME)
    assert not os.get_inheritable(AT)
    pass_on(told(), ME)
    assert os.get_inheritable(AT)
