"""A forked lane behind a real sshd and the login shell of lanes."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import sshd as ssh
from support.api import eventually
from support.installation import Installation, installed
from support.lanes import MISSING, ROOT, Parent, alive, lane_command, parent
from support.terminal import Terminal

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.simulator.options import Options
from kiosk_tui.start.picture import RIGHT

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
    pytest.mark.skipif(bool(ssh.MISSING), reason=ssh.MISSING),
]

READY = "Type the amount, then Enter."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=2, host_s=0)) as built:
        built.configure(kiosk='mode = "lane"')
        built.config.with_name("lane.toml").symlink_to(built.config)
        yield built


@pytest.fixture
def lanes(tmp_path: Path) -> Iterator[Parent]:
    with parent(tmp_path) as begun:
        yield begun


@pytest.fixture
def server(shop: Installation, tmp_path: Path) -> Iterator[ssh.Sshd]:
    lane = tmp_path / "lane"
    program = (sys.executable, "-I", "-S", str(ROOT / "kiosk_tui" / "__main__.py"))
    lane_command(lane, program, settings=shop.folder, state=shop.folder)
    with ssh.sshd(tmp_path, f"ForceCommand {shlex.quote(str(lane))}") as served:
        yield served


@pytest.fixture
def client(lanes: Parent, server: ssh.Sshd) -> Iterator[Terminal]:
    opened = Terminal(environment={}, program=server.client())
    opened.wait(READY)
    assert len(lanes.lanes) == 1
    yield opened
    opened.close()


def test_a_client_gets_its_terminal_back_right_after_a_kill(
    lanes: Parent, client: Terminal
) -> None:
    before = len(client.written)
    os.kill(lanes.lane(), signal.SIGKILL)
    assert client.ended() == 137
    assert all(one.encode() in client.written[before:] for one in RIGHT)


def test_a_line_that_is_cut_finishes_the_payment(
    shop: Installation, lanes: Parent, server: ssh.Sshd, client: Terminal
) -> None:
    lane = lanes.lane()
    client.hears("700\r")
    client.wait("Customer at terminal")
    server.cut()
    eventually(lambda: not alive(lane), "the lane's end")
    assert shop.states == [State.APPROVED]


def test_a_client_s_window_may_change_its_size(client: Terminal) -> None:
    client.resize(100, 30)
    client.until(lambda: "Enter  go on" in client.screen.display[28], "the keys lower down")
