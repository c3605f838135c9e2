"""A lane that is forked from one parent is what its login command would have been, and as safe."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.api import eventually
from support.installation import Installation, installed
from support.lanes import MISSING, ROOT, SOCKET, Parent, alive, parent
from support.terminal import Terminal

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.lanes import handover
from kiosk_tui.simulator.options import Options
from kiosk_tui.start.picture import PUT_RIGHT, RIGHT

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

SLOW = Options(card_s=2, host_s=0)
READY = "Type the amount, then Enter."


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, SLOW) as built:
        built.configure(kiosk='mode = "lane"')
        yield built


@pytest.fixture
def lanes(tmp_path: Path) -> Iterator[Parent]:
    with parent(tmp_path) as begun:
        yield begun


Login = Callable[..., Terminal]


@pytest.fixture
def login(shop: Installation, lanes: Parent) -> Iterator[Login]:
    opened: list[Terminal] = []

    def begin(*arguments: str, **environment: str) -> Terminal:
        opened.append(lanes.login(shop, *arguments, **environment))
        return opened[-1]

    yield begin
    for one in opened:
        one.close()


def pay(terminal: Terminal) -> None:
    """Begin a payment, and wait until TECS has it."""
    terminal.hears("700\r")
    terminal.wait("Customer at terminal")


def final(shop: Installation) -> bool:
    return shop.states == [State.APPROVED]


def assert_right(written: bytes) -> None:
    assert all(one.encode() in written for one in RIGHT), written


def test_a_lane_is_forked_pays_and_gives_the_terminal_back(
    shop: Installation, lanes: Parent, login: Login
) -> None:
    terminal = login()
    terminal.wait(READY)
    lane = lanes.lane()
    pay(terminal)
    terminal.wait("Approved")
    assert final(shop)
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.ended() == 0
    eventually(lambda: not alive(lane), "the lane's end")
    assert terminal.written.count(b"\x1b[?1049l") == 1
    assert lanes.process.poll() is None


@pytest.mark.skipif(
    shutil.which("systemd-socket-activate") is None, reason="needs systemd-socket-activate"
)
def test_systemd_opens_the_socket_and_starts_the_parent(shop: Installation, tmp_path: Path) -> None:
    by = ("systemd-socket-activate", f"--listen={SOCKET}", "--fdname=lanes", "--setenv=LANG")
    with parent(tmp_path, activated=by) as begun:
        terminal = begun.login(shop)
        try:
            terminal.wait(READY)
            assert len(begun.lanes) == 1
        finally:
            terminal.close()


def test_a_lane_that_is_killed_leaves_the_terminal_right(lanes: Parent, login: Login) -> None:
    terminal = login()
    terminal.wait(READY)
    before = len(terminal.written)
    os.kill(lanes.lane(), signal.SIGKILL)
    assert terminal.ended() == 137
    assert_right(bytes(terminal.written[before:]))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_parent_s_end_leaves_lanes_alone(
    shop: Installation, lanes: Parent, login: Login, number: signal.Signals
) -> None:
    terminal = login()
    terminal.wait(READY)
    lane = lanes.lane()
    pay(terminal)
    lanes.process.send_signal(number)
    lanes.process.wait()
    terminal.wait("Approved")
    assert alive(lane)
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.ended() == 0
    assert final(shop)


def test_a_lane_that_is_killed_after_its_parent_leaves_the_terminal_right(
    lanes: Parent, login: Login
) -> None:
    terminal = login()
    terminal.wait(READY)
    lane = lanes.lane()
    lanes.process.kill()
    lanes.process.wait()
    os.kill(lane, signal.SIGKILL)
    assert terminal.ended() == 137
    assert_right(bytes(terminal.written))


def test_a_login_command_that_is_killed_is_a_hang_up(
    shop: Installation, lanes: Parent, login: Login
) -> None:
    terminal = login()
    terminal.wait(READY)
    lane = lanes.lane()
    pay(terminal)
    terminal.kill()
    eventually(lambda: not alive(lane), "the lane's end")
    assert final(shop)
    assert "ending on SIGHUP" in shop.journal.with_name("kiosk-tui.log").read_text()


def test_a_line_that_is_cut_is_a_hang_up(shop: Installation, lanes: Parent, login: Login) -> None:
    terminal = login()
    terminal.wait(READY)
    lane = lanes.lane()
    pay(terminal)
    terminal.hang_up()
    eventually(lambda: not alive(lane), "the lane's end")
    assert final(shop)


def test_a_lane_hears_of_another_size(lanes: Parent, login: Login) -> None:
    terminal = login()
    terminal.wait(READY)
    assert len(lanes.lanes) == 1
    terminal.resize(100, 30)
    terminal.until(lambda: "Enter  go on" in terminal.screen.display[28], "the keys lower down")


def test_an_exit_code_and_a_sentence_come_through(
    shop: Installation, lanes: Parent, login: Login
) -> None:
    shop.configure(kiosk='mode = "lane"\nnonsense = 1')
    terminal = login()
    assert terminal.ended() == 78
    assert "nonsense" in terminal.written.decode()
    assert lanes.process.poll() is None


def test_a_new_configuration_is_taken_by_the_next_lane(
    shop: Installation, lanes: Parent, login: Login
) -> None:
    terminal = login("--mode", "kiosk")
    terminal.wait("Press any key")
    lane, front = lanes.lane(), terminal.pid
    shop.configure(kiosk='mode = "lane"\nname = "The other till"')
    os.kill(front, signal.SIGUSR1)
    terminal.wait("The other till", "Press any key")
    assert lanes.lane() != lane
    assert alive(front)


# -- nothing is handed over: the lane starts by itself --------------------------------------------


def test_without_a_parent_a_lane_starts_by_itself(shop: Installation, tmp_path: Path) -> None:
    with parent(tmp_path) as begun:
        pass  # its socket is left behind
    assert begun.socket.exists()
    terminal = begun.login(shop)
    try:
        terminal.wait(READY)
    finally:
        terminal.close()


def test_a_parent_of_another_installation_starts_no_lane_and_ends(
    shop: Installation, tmp_path: Path
) -> None:
    older = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from kiosk_tui.lanes import child
child._MINE = b"older"
from kiosk_tui.__main__ import main
sys.exit(main())
"""
    with parent(tmp_path, older) as begun:
        terminal = begun.login(shop)
        try:
            terminal.wait(READY)
            assert begun.process.wait(10) == 75
        finally:
            terminal.close()


def test_a_parent_that_stands_still_starts_no_second_register(
    shop: Installation, lanes: Parent, login: Login
) -> None:
    lanes.process.send_signal(signal.SIGSTOP)
    terminal = login()
    terminal.wait(READY)
    lanes.process.send_signal(signal.SIGCONT)
    second = login()  # is served after the one that gave up
    second.wait("The register is in use")
    assert len(lanes.lanes) == 1


def test_a_login_command_that_has_gone_gets_no_lane(
    shop: Installation, lanes: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["kiosk-tui", "--config", str(shop.config)])
    files = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    order = handover._order()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(lanes.socket))
        head = b"%0*d" % (handover.HEAD, len(order))
        line.sendmsg([head, order], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
        assert line.recv(64).split()[0] == b"begun"
        lane = lanes.lane()
    eventually(lambda: not alive(lane), "the end of what was not wanted any more")
    assert not shop.journal.exists()


@pytest.mark.parametrize("said", [b"", b"nonsense", b"00000009\0\0\0\0\0\0\0\0\0"])
def test_nonsense_is_no_order(lanes: Parent, said: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(lanes.socket))
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(64) in (b"", b"ended 0\n")
    eventually(lambda: not lanes.lanes, "nobody there")
    assert lanes.process.poll() is None


@pytest.mark.skipif("os.geteuid() != 0", reason="needs root to be somebody else")
def test_another_user_gets_no_answer(lanes: Parent) -> None:
    lanes.socket.chmod(0o666)  # or it would not even come in
    lanes.socket.parent.chmod(0o755)
    child = os.fork()
    if not child:
        os.chdir(lanes.socket.parent)
        os.setuid(65534)
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(lanes.socket.name)
                os._exit(0 if line.recv(64) == b"" else 1)
            except OSError:
                os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not lanes.lanes


def test_only_its_owner_comes_to_the_parent(lanes: Parent) -> None:
    assert lanes.socket.stat().st_mode & 0o777 == 0o600


def test_the_terminal_is_put_right_as_after_any_other_screen() -> None:
    assert PUT_RIGHT in handover.KEEPER
    told = subprocess.run(["sh", "-c", PUT_RIGHT], capture_output=True, check=False)
    assert told.stdout == "".join(RIGHT).encode()


def test_the_terminal_s_mode_is_the_one_before(lanes: Parent, login: Login) -> None:
    terminal = login()
    terminal.wait(READY)
    os.kill(lanes.lane(), signal.SIGKILL)
    assert terminal.ended() == 137
    local = termios.tcgetattr(terminal._fd)[3]
    assert local & (termios.ECHO | termios.ICANON | termios.ISIG)
