"""A cashier over SSH: a real sshd on loopback, whose connection is cut in the middle of a payment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.api import eventually
from support.installation import Installation, installed
from support.line import line
from support.sshd import MISSING, Sshd, remote, sshd
from support.terminal import Terminal
from ui.app.test_returning import REST, charges, leave, pay, slips, states

from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = [pytest.mark.journey, pytest.mark.skipif(bool(MISSING), reason=MISSING)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        built.configure(
            kiosk='mode = "lane"', receipt=f'printer = "text://{tmp_path}/slips"', tip="ask = false"
        )
        yield built


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    with sshd(tmp_path) as served:
        yield served


@pytest.fixture
def sessions(shop: Installation, server: Sshd) -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def session(shop: Installation, server: Sshd, sessions: list[Terminal], port: int = 0) -> Terminal:
    command = remote(shop.folder, "--config", str(shop.config))
    terminal = Terminal(environment={}, program=server.client(command, port=port))
    sessions.append(terminal)
    return terminal


@pytest.mark.parametrize("how", ["the line", "the client", "the window"])
def test_a_line_that_is_cut_in_a_payment_costs_nothing_and_the_next_session_tells_its_end(
    shop: Installation, server: Sshd, sessions: list[Terminal], how: str
) -> None:
    first = session(shop, server, sessions)
    pay(first, shop)
    if how == "the line":
        server.cut()
    elif how == "the client":
        first.kill()
    else:
        first.hang_up()
    second = session(shop, server, sessions)
    second.wait("The register is in use", "A payment of €12.55 has been running there")
    second.wait("That session is gone: its payment is finished first.")
    assert states(shop) == ["AUTHORIZING"]
    shop.simulator.terminal.present_card()
    second.wait("ended while nobody was here", "Approved", "€12.55", "Reference")
    eventually(lambda: len(slips(shop)) == 1, "the slip")
    assert (states(shop), charges(shop)) == (["APPROVED"], [1255])
    second.hears("\r")
    second.wait(REST)
    leave(second)


def test_the_payment_that_ends_before_anybody_comes_back_is_told_first(
    shop: Installation, server: Sshd, sessions: list[Terminal]
) -> None:
    first = session(shop, server, sessions)
    pay(first, shop)
    server.cut()
    shop.simulator.terminal.present_card()
    eventually(lambda: states(shop) == ["APPROVED"], "the end of the payment")
    second = session(shop, server, sessions)
    second.wait("ended while nobody was here", "Approved", "€12.55")
    assert charges(shop) == [1255]


def test_an_approval_behind_a_client_that_is_stopped_is_recorded_and_shown_once_it_goes_on(
    shop: Installation, server: Sshd, sessions: list[Terminal]
) -> None:
    lane = session(shop, server, sessions)
    pay(lane, shop)
    os.kill(lane.pid, signal.SIGSTOP)
    shop.simulator.terminal.present_card()
    eventually(lambda: states(shop) == ["APPROVED"], "the end of the payment")
    os.kill(lane.pid, signal.SIGCONT)
    lane.wait("Approved", "€12.55")
    assert charges(shop) == [1255]


def test_what_a_person_types_while_the_line_stalls_stands_in_the_field_and_sends_nothing(
    shop: Installation, server: Sshd, sessions: list[Terminal]
) -> None:
    with line(server.port) as between:
        lane = session(shop, server, sessions, between.port)
        lane.wait(REST)
        lane.quiet()
        with between.stalled():
            lane.hears("1255\r")
        lane.wait("If that is right, press Enter.")
        assert charges(shop) == []
        lane.hears("\r")
        lane.wait("Customer at terminal")
        lane.until(lambda: shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
        shop.simulator.terminal.present_card()
        lane.wait("Approved", "€12.55")
    assert charges(shop) == [1255]


def test_what_arrives_at_once_after_a_stall_gives_no_payment_up(
    shop: Installation, server: Sshd, sessions: list[Terminal]
) -> None:
    with line(server.port) as between:
        lane = session(shop, server, sessions, between.port)
        pay(lane, shop)
        lane.quiet()
        with between.stalled():
            lane.hears("\x1b\r")
        lane.quiet()
        shop.simulator.terminal.present_card()
        lane.wait("Approved", "€12.55")
    assert charges(shop) == [1255]


def test_an_approval_behind_a_line_that_stalls_and_is_then_cut_is_told_by_the_next_session(
    shop: Installation, server: Sshd, sessions: list[Terminal]
) -> None:
    with line(server.port) as between:
        first = session(shop, server, sessions, between.port)
        pay(first, shop)
        with between.stalled():
            shop.simulator.terminal.present_card()
            eventually(lambda: states(shop) == ["APPROVED"], "the end of the payment")
            between.cut()
        second = session(shop, server, sessions)
        second.wait("ended while nobody was here", "Approved", "€12.55")
    assert charges(shop) == [1255]
