"""Lines for journald: its native protocol on a real socket, facts as fields, and nothing that waits."""

from __future__ import annotations

import logging
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_tui.observe import logs
from kiosk_tui.observe.logs.journald import FACTS, LONGEST, JournaldHandler, takes_lines

log = logging.getLogger("kiosk_tui.payment.ledger")


class Journald:
    """What journald does with a datagram, as systemd's documentation of the protocol has it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(10)

    def entry(self) -> dict[str, str]:
        rest, fields = self.socket.recv(1 << 20), {}
        while rest:
            line, _, rest = rest.partition(b"\n")
            name, has_value, value = line.partition(b"=")
            if not has_value:
                (length,) = struct.unpack_from("<Q", rest)
                value, rest = rest[8 : 8 + length], rest[8 + length :]
                assert rest[:1] == b"\n"
                rest = rest[1:]
            assert name.decode().replace("_", "").isupper()
            assert name.decode() not in fields
            fields[name.decode()] = value.decode()
        return fields


@pytest.fixture
def journald(tmp_path: Path) -> Iterator[Journald]:
    found = Journald(tmp_path / "socket")
    logs.begin(tmp_path / "kiosk-tui.log", found.path)
    yield found
    found.socket.close()


def test_a_line_carries_its_facts_as_fields(journald: Journald) -> None:
    log.info(
        "transaction %s is %s",
        "7",
        "CANCELLED",
        extra={
            "transaction_id": "7", "state": "CANCELLED", "exchange": "8", "kind": "cancellation",
            "verdict": "confirmed", "attempts": None, "event": "",
        },
    )  # fmt: skip
    assert journald.entry() == {
        "MESSAGE": "transaction 7 is CANCELLED",
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": "kiosk-tui",
        "LOGGER": "kiosk_tui.payment.ledger",
        "TRANSACTION_ID": "7",
        "STATE": "CANCELLED",
        "EXCHANGE": "8",
        "KIND": "cancellation",
        "VERDICT": "confirmed",
    }


def test_what_is_no_fact_of_ours_becomes_no_field(journald: Journald) -> None:
    log.info("paid", extra={"card_number": "4111111111111111", "state": "APPROVED"})
    assert "4111111111111111" not in str(journald.entry())
    assert not {"card_number", "pan", "expiry", "key"} & set(FACTS)


def test_no_value_can_forge_a_field(journald: Journald) -> None:
    log.warning("said\nPRIORITY=0\nMESSAGE=all is well", extra={"verdict": "a\nb", "state": "x=y"})
    entry = journald.entry()
    assert entry["MESSAGE"] == "said\nPRIORITY=0\nMESSAGE=all is well"
    assert (entry["PRIORITY"], entry["VERDICT"], entry["STATE"]) == ("4", "a\nb", "x=y")


def test_a_fault_comes_with_its_traceback_and_without_local_variables(journald: Journald) -> None:
    key = "k3y-that-must-not-leak"
    try:
        raise RuntimeError("broken") if key else SystemExit
    except RuntimeError:
        log.exception("a duty failed")
    entry = journald.entry()
    assert entry["PRIORITY"] == "3"
    assert "Traceback" in entry["MESSAGE"]
    assert entry["MESSAGE"].endswith("RuntimeError: broken")
    assert key not in str(entry)


def test_what_asyncio_complains_of_is_kept_and_others_stay_off_the_streams(
    journald: Journald, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved")
    logging.getLogger("httpx").error("spoke")
    assert journald.entry()["LOGGER"] == "asyncio"
    assert capfd.readouterr() == ("", "")


def test_a_line_of_any_length_and_of_half_characters_arrives(journald: Journald) -> None:
    log.info("%s", "x" * 10**6 + "\udc80")
    assert journald.entry()["MESSAGE"] == "x" * LONGEST
    log.info("half \udc80 character")
    assert journald.entry()["MESSAGE"] == "half ? character"


def test_journald_that_is_away_or_full_holds_nobody_up_and_the_loss_is_told(
    journald: Journald, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(500):  # more than any socket queues
        log.info("line %d", number)
    queued = 0
    journald.socket.settimeout(0)
    try:
        while True:
            journald.entry()
            queued += 1
    except BlockingIOError:
        pass
    journald.socket.close()
    journald.path.unlink()
    log.info("away")
    again = Journald(journald.path)
    log.info("back")
    assert again.entry()["DROPPED_BEFORE"] == str(500 - queued + 1)
    log.info("and on")
    assert "DROPPED_BEFORE" not in again.entry()
    again.socket.close()
    assert capfd.readouterr() == ("", "")


def test_without_journald_the_file_takes_the_lines(tmp_path: Path) -> None:
    (tmp_path / "socket").write_text("no socket")
    assert not takes_lines(tmp_path / "socket")
    assert not takes_lines(tmp_path / "nothing")
    for path in ("socket", "nothing"):
        logs.begin(tmp_path / "kiosk-tui.log", tmp_path / path)
        log.info("into %s", path)
    text = (tmp_path / "kiosk-tui.log").read_text()
    assert "kiosk_tui.payment.ledger into socket" in text
    assert "into nothing" in text


def test_whoever_wants_the_file_gets_it(journald: Journald, tmp_path: Path) -> None:
    logging.getLogger("kiosk_tui").handlers.clear()
    logs.begin(tmp_path / "kiosk-tui.log", journald.path, to="file")
    log.info("kept here")
    assert "kept here" in (tmp_path / "kiosk-tui.log").read_text()


def test_a_handler_that_is_closed_drops_what_comes(tmp_path: Path) -> None:
    handler = JournaldHandler(tmp_path / "socket")
    handler.close()
    handler.handle(logging.LogRecord("kiosk_tui", logging.INFO, "", 1, "late", (), None))
    handler.close()


def test_the_file_is_never_larger_than_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "RateLimit", logging.Filter)
    logs.to_file(tmp_path / "kiosk-tui.log")
    for number in range(3000):
        log.info("%d %s", number, "x" * 1000)
    sizes = {one.name: one.stat().st_size for one in tmp_path.iterdir()}
    assert sizes.keys() == {"kiosk-tui.log", "kiosk-tui.log.1"}
    assert all(size <= 1_000_000 for size in sizes.values())


def test_a_folder_that_cannot_be_made_costs_only_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    logs.to_file(tmp_path / "file" / "kiosk-tui.log")
    log.error("lost")
    logs.quiet()
    assert capfd.readouterr() == ("", "")
    assert sys.stderr is not None
