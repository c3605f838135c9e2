"""A register that is killed leaves no mouse reports and no other screen in the shell behind it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.api import eventually
from support.installation import Installation, installed
from support.lanes import lane_command
from support.sshd import MISSING, Sshd, remote, sshd
from support.terminal import PROGRAM, Terminal

from kiosk_tui.start.picture import ENTER, RIGHT
from kiosk_tui.ui.driver import driver

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
SHELL = ("sh", "-c", f"{shlex.join(PROGRAM)} --demo; echo back $?")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(kiosk='mode = "lane"')
        yield built


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    with sshd(tmp_path) as served:
        yield served


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(
        environment={"STATE_DIRECTORY": str(tmp_path), "HOME": str(tmp_path)}, program=SHELL
    )
    yield opened
    opened.close()


def below(pid: int) -> list[int]:
    """Return a process's children and theirs."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for one in map(int, listed) for found in (one, *below(one))]


def registers(pid: int) -> list[int]:
    """Return those of them that run the program in Python."""
    python = sys.executable.encode()
    return [
        one for one in below(pid) if Path(f"/proc/{one}/cmdline").read_bytes().startswith(python)
    ]


def assert_right(after: bytes) -> None:
    places = [after.find(one.encode()) for one in RIGHT]
    assert -1 not in places, after
    assert b"Traceback" not in after


def test_a_shell_gets_its_terminal_back_right_after_a_kill(shell: Terminal) -> None:
    shell.wait("Pay by card")
    (register,) = registers(shell.pid)
    before = len(shell.written)
    os.kill(register, signal.SIGKILL)
    shell.until(lambda: b"back 137" in shell.written)
    shell.until(lambda: RIGHT[-2].encode() in shell.written[before:])
    assert_right(bytes(shell.written[before:]))


def test_a_register_that_ends_by_itself_needs_nobody_and_leaves_nobody(shell: Terminal) -> None:
    shell.wait("Pay by card")
    (register,) = registers(shell.pid)
    before = len(shell.written)
    os.kill(register, signal.SIGTERM)
    shell.until(lambda: b"back 0" in shell.written)
    assert shell.ended() == 0
    assert shell.written[before:].count(b"\x1b[?1049l") == 1
    assert not Path(f"/proc/{register}").exists()


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_a_client_over_ssh_gets_its_terminal_back_right_after_a_kill(
    shop: Installation, server: Sshd
) -> None:
    command = remote(shop.folder, "--config", str(shop.config))
    client = Terminal(environment={}, program=server.client(command))
    try:
        client.wait("Type the amount, then Enter.")
        *_, register = registers(server.process.pid)
        before = len(client.written)
        os.kill(register, signal.SIGKILL)
        assert client.ended() == 137
        assert_right(bytes(client.written[before:]))
    finally:
        client.close()


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_a_client_of_the_lane_s_login_shell_gets_its_terminal_back_right_after_a_kill(
    shop: Installation, server: Sshd, tmp_path: Path
) -> None:
    lane = tmp_path / "lane"
    shop.config.with_name("lane.toml").symlink_to(shop.config)
    lane_command(lane, PROGRAM, settings=shop.folder, state=shop.folder)
    command = f"cd {shlex.quote(str(ROOT))} && exec sh {shlex.quote(str(lane))}"
    client = Terminal(environment={}, program=server.client(command))
    try:
        client.wait("Type the amount, then Enter.")
        (register,) = registers(server.process.pid)
        before = len(client.written)
        os.kill(register, signal.SIGKILL)
        assert client.ended() == 137
        assert_right(bytes(client.written[before:]))
    finally:
        client.close()


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_over_ssh_a_signal_and_the_exit_code_go_through_whoever_waits_there(
    shop: Installation, server: Sshd
) -> None:
    command = remote(shop.folder, "--config", str(shop.config))
    client = Terminal(environment={}, program=server.client(command))
    try:
        client.wait("Type the amount, then Enter.")
        keeper, _register = registers(server.process.pid)
        os.kill(keeper, signal.SIGTERM)
        assert client.ended() == 0
        eventually(lambda: not registers(server.process.pid), "the end of both")
        log = shop.journal.with_name("kiosk-tui.log").read_text()
        assert log.count("ending on SIGTERM") == 1
    finally:
        client.close()


def test_whatever_the_screen_turns_on_is_turned_off_afterwards() -> None:
    turned_on = re.findall(r"\?(\d+)h", ENTER + driver._MOUSE_ON)
    turned_off = re.findall(r"\?(\d+)l", ENTER)
    assert turned_on
    assert {f"\x1b[?{mode}l" for mode in turned_on} <= set(RIGHT)
    assert {f"\x1b[?{mode}h" for mode in turned_off} <= set(RIGHT)
