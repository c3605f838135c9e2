"""Coming back to a register: what ended meanwhile, who holds it, and how it changes hands."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from support.api import eventually, serving
from support.installation import Installation, installed
from support.terminal import Terminal, running

from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        built.configure(
            kiosk='mode = "lane"', receipt=f'printer = "text://{tmp_path}/slips"', tip="ask = false"
        )
        yield built


def lane(shop: Installation) -> AbstractContextManager[Terminal]:
    return running("--config", str(shop.config), folder=shop.folder)


DOWN = "\x1b[B"
REST = "F2  Tip"
"""Stands on a lane that waits for its next entry."""


def pay(terminal: Terminal, shop: Installation) -> None:
    terminal.wait(REST)
    terminal.hears("1255\r")
    _card_is_awaited(terminal, shop)


def pay_at_kiosk(terminal: Terminal, shop: Installation) -> None:
    terminal.wait("Pay by card")
    terminal.hears("1")
    terminal.wait("How much would you like to pay?")
    terminal.hears("255\r")
    _card_is_awaited(terminal, shop)


def leave(terminal: Terminal) -> None:
    terminal.hears("\x1b")
    terminal.wait("Esc")
    terminal.leaves()
    assert terminal.ended() == 0


def _card_is_awaited(terminal: Terminal, shop: Installation) -> None:
    terminal.until(lambda: shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD)


def slips(shop: Installation) -> list[str]:
    return sorted(one.name for one in (shop.folder / "slips").glob("*.txt"))


def states(shop: Installation) -> list[str]:
    reader = Reader(shop.journal)
    found = [str(one.state) for one in reader.transactions()]
    reader.close()
    return found


def charges(shop: Installation) -> list[int]:
    return [one.minor for one in shop.simulator.ledger.movements]


class TestWhatEndedMeanwhile:
    def test_a_line_cut_in_the_middle_is_told_first_with_its_slip_and_only_once(
        self, shop: Installation
    ) -> None:
        with lane(shop) as first:
            pay(first, shop)
            first.hang_up()
            shop.simulator.terminal.present_card()
            assert first.ended() == 0
        assert slips(shop) == []
        with lane(shop) as second:
            second.wait("ended while nobody was here", "Approved", "€12.55", "Reference")
            second.until(lambda: len(slips(shop)) == 1)
            second.pump(0.5)
            second.hang_up()  # and again, before a key
            assert second.ended() == 0
        (printed,) = slips(shop)
        at = (shop.folder / "slips" / printed).stat().st_mtime_ns
        with lane(shop) as third:
            third.wait("ended while nobody was here", "Approved")
            third.hears("\r")
            third.wait(REST)
            leave(third)
        assert (shop.folder / "slips" / printed).stat().st_mtime_ns == at
        with lane(shop) as fourth:
            fourth.wait(REST)
        assert (states(shop), charges(shop)) == (["APPROVED"], [1255])

    def test_a_crash_in_the_middle_is_told_first_as_being_reversed(
        self, shop: Installation
    ) -> None:
        with lane(shop) as first:
            pay(first, shop)
            first.kill()
        shop.simulator.set_options(abort_works=False)
        shop.simulator.terminal.present_card()
        shop.simulator.set_options(card_s=0)
        with lane(shop) as second:
            second.wait("ended while nobody was here", "Not completed", "Nothing to pay")
            second.wait("Your payment was reversed.")
            second.hears("\r")
            second.wait(REST)
        assert charges(shop) == [1255, -1255]

    def test_what_somebody_has_seen_is_not_told_again(self, shop: Installation) -> None:
        with lane(shop) as first:
            pay(first, shop)
            shop.simulator.terminal.present_card()
            first.wait("Approved")
            first.hears("\r")
            first.wait(REST)
            first.until(lambda: not (shop.folder / "journal.db.unseen").exists())
            first.kill()
        with lane(shop) as second:
            second.wait(REST)

    def test_an_unattended_kiosk_keeps_its_customers_results_to_itself(
        self, shop: Installation
    ) -> None:
        shop.configure(tip="ask = false")
        with lane(shop) as first:
            pay_at_kiosk(first, shop)
            first.hang_up()
            shop.simulator.terminal.present_card()
            assert first.ended() == 0
        with lane(shop) as second:
            second.wait("Pay by card")


class TestTwoSessions:
    def test_the_second_sees_who_holds_it_and_takes_over_only_at_rest(
        self, shop: Installation
    ) -> None:
        with lane(shop) as first:
            first.wait(REST)
            with lane(shop) as second:
                second.wait("The register is in use", "kiosk-tui run as user")
                second.wait("No payment is running there.", "[1] take over")
                pay(first, shop)
                second.wait("A payment of €12.55 has been running there for")
                second.hears("1")
                second.wait("A payment is running there: take over when it has ended.")
                assert states(shop) == ["AUTHORIZING"]
                shop.simulator.terminal.present_card()
                first.wait("Approved")
                second.wait("No payment is running there.")
                second.hears("1")
                first.wait("Another session has taken over the register.", "kiosk-tui run as user")
                second.wait("ended while nobody was here", "Approved")  # no key after its end
                second.hears("\r")
                second.wait(REST)
                first.hears("\r")
                assert first.ended() == 0
                assert "The register was taken over by kiosk-tui run" in first.text
                shop.simulator.set_options(card_s=0)
                second.hears("100\r")
                second.wait("Approved", "€1.00")
                second.until(lambda: charges(shop) == [1255, 100], "both charges")

    def test_it_opens_by_itself_when_the_first_one_ends(self, shop: Installation) -> None:
        with lane(shop) as first:
            pay(first, shop)
            with lane(shop) as second:
                second.wait("A payment of €12.55 has been running there")
                first.hang_up()
                second.wait("That session is gone: its payment is finished first.")
                shop.simulator.terminal.present_card()
                second.wait("ended while nobody was here", "Approved", "€12.55")
            assert first.ended() == 0
        assert charges(shop) == [1255]

    def test_it_can_be_left(self, shop: Installation) -> None:
        with lane(shop) as first:
            first.wait(REST)
            with lane(shop) as second:
                second.wait("The register is in use")
                second.leaves()
                assert second.ended() == 0
            first.hears("12")
            first.wait("0.12")

    def test_a_kiosk_is_taken_over_only_for_the_service_pin(self, shop: Installation) -> None:
        pin = shop.run("config", "pin", stdin="4711\n").stdout.strip()
        shop.configure(kiosk=f'service_pin_hash = "{pin}"')
        with lane(shop) as kiosk:
            kiosk.wait("Pay by card")
            arguments = ("--config", str(shop.config), "--mode", "lane")
            with running(*arguments, folder=shop.folder) as second:
                second.wait("The register is in use", "[0-9] PIN")
                second.hears("1111\r")
                second.wait("its service PIN is needed")
                assert kiosk.shows("Pay by card")
                second.hears("4711\r")
                second.wait(REST)
                kiosk.wait("Another session has taken over")

    def test_a_kiosk_without_a_pin_and_a_pos_are_never_taken_over(self, shop: Installation) -> None:
        shop.configure()
        with lane(shop) as kiosk:
            kiosk.wait("Pay by card")
            arguments = ("--config", str(shop.config), "--mode", "lane")
            with running(*arguments, folder=shop.folder) as second:
                second.wait("The register is in use", "[0-9] PIN")
                second.hears("0000\r")
                second.wait("without a service PIN is not taken over")
                kiosk.kill()
                second.wait(REST)
                second.kill()
            with serving(shop), running(*arguments, folder=shop.folder) as second:
                second.wait("The register is in use", "kiosk-tui serve")
                second.hears("1")
                second.wait("It cannot be taken over: wait until it is free.")

    def test_sigterm_leaves_no_session_behind(self, shop: Installation) -> None:
        with lane(shop) as first:
            first.wait(REST)
            with lane(shop) as second:
                second.wait("The register is in use")
                os.kill(second.pid, signal.SIGTERM)
                assert second.ended() == 0
            os.kill(first.pid, signal.SIGTERM)
            assert first.ended() == 0


class TestPlain:
    """The same in lines. These stand on a terminal, so that the line can be cut."""

    def plain(self, shop: Installation) -> AbstractContextManager[Terminal]:
        return running("--config", str(shop.config), "--plain", folder=shop.folder)

    def test_a_line_cut_in_the_middle_is_told_to_whoever_comes_back(
        self, shop: Installation
    ) -> None:
        with self.plain(shop) as first:
            first.wait("then Enter:")
            first.type("12,55\r")
            first.wait("Enter to go on")
            first.type("\r")
            first.until(lambda: shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
            first.hang_up()
            shop.simulator.terminal.present_card()
            assert first.ended() == 0
        for _ in range(2):
            with self.plain(shop) as second:
                second.wait("ended while nobody was here", "€12.55", "Reference")
                second.kill()
        with self.plain(shop) as third:
            third.wait("ended while nobody was here")
            third.type("1,00\r")
            third.wait("Enter to go on")
            third.until(lambda: not (shop.folder / "journal.db.unseen").exists())
        assert charges(shop) == [1255]

    def test_a_full_screen_takes_over_from_lines(self, shop: Installation) -> None:
        with self.plain(shop) as first:
            first.wait("then Enter:")
            with lane(shop) as second:
                second.wait("The register is in use", "[1] take over")
                second.hears("1")
                first.wait("Another session has taken over the register.", "kiosk-tui run")
                assert first.ended() == 0
                second.wait(REST)


def test_a_running_lane_is_watched_with_the_name_of_its_screen(shop: Installation) -> None:
    with lane(shop) as first:
        pay(first, shop)
        done = shop.run("watch", "--once")
        assert "Screen    Lane" in done.stdout
        shop.simulator.terminal.present_card()
        first.wait("Approved")  # in the same screen: a lane shows it beside the next amount
        first.hears(DOWN)
        eventually(lambda: "Screen    Pick" in shop.run("watch", "--once").stdout)
        assert "+ approved" in shop.run("watch", "--once").stdout
