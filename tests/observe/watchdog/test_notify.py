"""The datagrams to systemd: one line a fact, and never a reason to wait or fail."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kiosk_tui.observe.watchdog.notify import notify, watchdog_s


def _listening(address: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.bind(address)
    line.settimeout(10)
    return line


@pytest.mark.parametrize("abstract", [False, True])
def test_facts_arrive_in_one_datagram(tmp_path: Path, *, abstract: bool) -> None:
    name = f"kiosk-tui-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with _listening(f"\0{name}" if abstract else name) as line:
        address = f"@{name}" if abstract else name
        assert notify({"NOTIFY_SOCKET": address}, READY=1, STATUS="idle")
        assert line.recv(4096) == b"READY=1\nSTATUS=idle"


def test_no_text_smuggles_in_a_line_of_its_own(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with _listening(address) as line:
        notify({"NOTIFY_SOCKET": address}, STATUS="full\nWATCHDOG=1\r\x1b[2J " + "x" * 9000)
        told = line.recv(65536).decode()
    assert told.startswith("STATUS=full WATCHDOG=1 [2J xxx")
    assert "\n" not in told
    assert len(told) < 600


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/notify", "vsock:2:1"])
def test_nobody_there_costs_nothing(address: str) -> None:
    assert not notify({"NOTIFY_SOCKET": address}, READY=1)
    assert not notify({}, READY=1)


def test_a_manager_that_does_not_listen_holds_nobody_up(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with _listening(address):
        told = [notify({"NOTIFY_SOCKET": address}, WATCHDOG=1) for _ in range(5000)]
    assert told[0]
    assert not told[-1]  # more than any socket keeps


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "40000000"}, 40.0),
        ({"WATCHDOG_USEC": "40000000", "WATCHDOG_PID": str(os.getpid())}, 40.0),
        ({"WATCHDOG_USEC": "40000000", "WATCHDOG_PID": "1"}, None),  # meant for another process
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_rhythm_is_the_one_that_systemd_asked_of_this_process(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert watchdog_s(environment) == seconds
