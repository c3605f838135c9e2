"""`kiosk-tui ship` as a process of its own, against a head office over TLS."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.api import serving
from support.certificates import TestAuthority
from support.installation import Installation, installed
from support.office_line import FakeOffice, in_a_thread
from support.shipping import Shop
from support.terminal import PROGRAM

from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import HeadOffice
from kiosk_tui.simulator.options import Options

pytestmark = pytest.mark.journey
DEADLINE_S = 30.0


@dataclass
class Fleet:
    """A kiosk that was enrolled, and its head office."""

    shop: Installation
    office: FakeOffice
    folder: FleetFolder

    def ship(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*PROGRAM, "--config", str(self.shop.config), "ship", *arguments],
            env=self.shop.environment,
            stdout=subprocess.DEVNULL,
        )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=0, host_s=0)) as built:
        yield built


@pytest.fixture
def fleet(shop: Installation) -> Iterator[Fleet]:
    authority, office = TestAuthority(), FakeOffice()
    with in_a_thread(office, authority.server(shop.folder)) as port:
        folder = FleetFolder.beside(shop.journal)
        folder.path.mkdir()
        folder.identity.write_text(authority.identity("graz-1"))
        folder.authority.write_text(authority.pem)
        known = HeadOffice(url=f"https://127.0.0.1:{port}", kiosk_id="graz-1")
        folder.office.write_text(known.model_dump_json())
        yield Fleet(shop, office, folder)


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.wait()


def test_a_kiosk_of_no_fleet_is_told_how_to_join_one(shop: Installation) -> None:
    done = shop.run("ship")
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "kiosk-tui fleet enroll" in done.stderr


def test_once_sends_what_there_is_and_says_when_it_could_not(fleet: Fleet) -> None:
    assert fleet.shop.run("sale", "--amount", "12.55").returncode == 0
    fleet.office.deaf = True
    refused = fleet.shop.run("ship", "--once")
    assert refused.returncode == 75
    assert "Head office refused (HTTP 503): not now." in refused.stderr
    fleet.office.deaf = False
    done = fleet.shop.run("ship", "--once")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [one.state for one in fleet.office.events.values()] == ["AUTHORIZING", "APPROVED"]
    health = fleet.office.batches[-1].health
    assert health is not None
    assert (health.ready, health.reason) == (False, "not_running")
    assert health.last_payment_at is not None


def test_a_running_register_says_how_it_stands(fleet: Fleet) -> None:
    with serving(fleet.shop) as served:
        del served
        assert fleet.shop.run("ship", "--once").returncode == 0
    health = fleet.office.batches[0].health
    assert health is not None
    assert (health.ready, health.reason, health.terminal) == (True, "", "88091105")


_LOADED = """
import sys
from kiosk_tui.cli.main import main
code = main(sys.argv[1:])
print(code, *sys.modules)
"""


def test_it_loads_nothing_that_could_move_money(fleet: Fleet) -> None:
    Shop(fleet.shop.folder).pay(3)
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, "--config", str(fleet.shop.config), "ship", "--once"],
        env=fleet.shop.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, *modules = done.stdout.split()
    assert code == "0"
    assert len(fleet.office.events) == 6
    assert "kiosk_tui.fleet.shipper" in modules
    for one in modules:
        assert not one.startswith(
            (
                *("kiosk_tui.payment.", "kiosk_tui.tecs.client", "kiosk_tui.session.register"),
                *("kiosk_tui.session.session", "kiosk_tui.journal.writer", "kiosk_tui.simulator"),
                *("kiosk_tui.ui", "kiosk_tui.office", "kiosk_tui.receipt", "textual", "rich"),
            )
        ), one


def test_it_stays_until_it_is_told_to_end(fleet: Fleet) -> None:
    shop = Shop(fleet.shop.folder)
    process = fleet.ship()
    with _ended(process):
        _until(lambda: len(fleet.office.batches) >= 2)
        shop.pay()
        _until(lambda: len(fleet.office.events) == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_S) == 0


def test_it_ends_at_once_while_head_office_hangs(fleet: Fleet) -> None:
    Shop(fleet.shop.folder).pay()
    fleet.office.faults += [lambda _: None] * 20
    process = fleet.ship()
    with _ended(process):
        _until(lambda: len(fleet.office.heard) >= 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_S) == 0


_STUCK = """
import socket, sys, time
from kiosk_tui.cli.main import main
def stuck(*_, **__):
    print("looking up", flush=True)
    time.sleep(600)
socket.getaddrinfo = stuck
sys.exit(main(sys.argv[1:]))
"""


def test_it_ends_at_once_while_a_name_is_looked_up(fleet: Fleet) -> None:
    known = HeadOffice(url="https://office.example", kiosk_id="graz-1")
    fleet.folder.office.write_text(known.model_dump_json())
    Shop(fleet.shop.folder).pay()
    process = subprocess.Popen(
        [sys.executable, "-c", _STUCK, "--config", str(fleet.shop.config), "ship"],
        env=fleet.shop.environment,
        stdout=subprocess.PIPE,
    )
    with _ended(process):
        assert process.stdout is not None
        assert process.stdout.readline() == b"looking up\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_S) == 0
        process.stdout.close()


def test_a_kiosk_that_leaves_ends_it(fleet: Fleet) -> None:
    Shop(fleet.shop.folder)
    process = fleet.ship()
    with _ended(process):
        _until(lambda: len(fleet.office.batches) >= 2)
        fleet.folder.office.unlink()
        Shop(fleet.shop.folder, ships=True).pay()
        assert process.wait(DEADLINE_S) == 0


def test_killed_between_answer_and_cursor_everything_arrives_once(fleet: Fleet) -> None:
    shop = Shop(fleet.shop.folder)
    shop.pay(60)
    for _ in range(2):
        process = fleet.ship("--once")

        def kill(whole: bytes, pid: int = process.pid) -> bytes:
            os.kill(pid, signal.SIGKILL)
            return whole

        fleet.office.faults += [lambda whole: whole, kill]
        with _ended(process):
            assert process.wait(DEADLINE_S) == -signal.SIGKILL
        fleet.office.faults.clear()
    assert fleet.shop.run("ship", "--once").returncode == 0
    assert len(fleet.office.arrived) == len(fleet.office.events) == 120
    assert fleet.office.conflicts == []
    assert fleet.office.gaps == []
