"""POS software over the real socket: whatever becomes of its connection, it is charged once."""

from __future__ import annotations

import random
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.pos import Connection, Served, eventually, line, sale, serving

from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey

SLOW = Options(card_s=1000, host_s=0)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture
def served(shop: Installation) -> Iterator[Served]:
    with serving(shop) as running:
        yield running


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Served]:
    with installed(tmp_path, SLOW) as built, serving(built) as running:
        yield running


def charges(shop: Installation) -> list[int]:
    return [one.minor for one in shop.simulator.ledger.movements]


def payments(shop: Installation) -> int:
    kinds = {"0001", "0907", "0011"}
    return sum(one.message_type in kinds for one in shop.simulator.ledger.requests)


def waits_for_card(served: Served) -> bool:
    return served.installed.simulator.terminal.screen is Screen.WAITING_FOR_CARD


class TestPayments:
    def test_a_sale_is_told_from_its_first_state_to_its_last(self, served: Served) -> None:
        with served.connect() as pos:
            first = pos.ask(id=1, **sale("till-1/1"))
            assert (first["answer"], first["id"], first["running"]) == ("transaction", 1, True)
            assert first["transaction"]["state"] == "AUTHORIZING"
            last = pos.until(final=True)
            assert (last["transaction"]["state"], last["transaction"]["paid"]) == ("APPROVED", True)
            assert last["transaction"]["card"] == "411111******1111"
        assert charges(served.installed) == [1255]

    def test_every_operation(self, served: Served) -> None:
        with served.connect() as pos:

            def done(reference: str, **order: str) -> dict[str, str]:
                pos.send(do="pay", caller_reference=reference, **order)
                ended = pos.until(final=True)["transaction"]
                assert ended["state"] == "APPROVED", ended
                return dict(ended)

            sold = done("1", operation="sale", amount="20.00")
            assert done("2", operation="sale", amount="10", tip="1")["operation"] == "sale_and_tip"
            card = "REF20117_2712_1111_411111"
            done("3", operation="moto", amount="5", card_reference=card)
            held = done("4", operation="preauthorization", amount="100")
            done("5", operation="completion", amount="80", original=held["id"].zfill(20))
            done("6", operation="refund", amount="3")
            back = done("7", operation="referenced_refund", amount="4", original=sold["id"])
            assert back["original_id"] == sold["id"]
            assert done("8", operation="balance")["balance_minor"] == "2500"
            assert done("9g", operation="gratuity", amount="1", original=sold["id"])["paid"]
            assert charges(served.installed) == [2000, 1100, 500, 8000, -300, -400, 100]

            void = pos.ask(do="cancel", transaction_id=sold["id"])
            assert "has been refunded" in void["why"]
            pos.send(do="cancel", caller_reference="2")
            assert pos.until(final=True)["transaction"]["state"] == "CANCELLED"
            again = pos.ask(do="cancel", caller_reference="2")
            assert again["transaction"]["state"] == "CANCELLED"
            elsewhere = {"original": "123", "original_terminal": "11460019", "amount": "1"}
            pos.send(do="pay", operation="cancellation", caller_reference="9", **elsewhere)
            assert pos.until(final=True)["transaction"]["state"] == "NOTHING_TO_CANCEL"
            mine = pos.ask(
                do="pay",
                operation="cancellation",
                caller_reference="10",
                amount="20",
                original=sold["id"],
            )
            assert "this register's own" in mine["why"]

            day = pos.ask(do="totals")
            sums = {(one["what"], one["which"]): one for one in day["totals"]}
            assert sums["net", ""]["amount"] == "99.00"
            assert sums["approved", "sale"]["count"] == 1
            assert not [one for one in sums if one[0] == "open"]
            assert day["agrees"]

    def test_a_decline_and_a_refusal_are_answers(self, served: Served) -> None:
        with served.connect() as pos:
            pos.send(**sale("1", "80.51"))
            assert pos.until(final=True)["transaction"]["response_code"] == "51"
            refused = pos.ask(**sale("2", "0.00"))
            assert (refused["answer"], refused["refusal"]) == ("refused", "invalid")
            assert "above zero" in refused["why"]
            other = pos.ask(**sale("1", "80.52"))
            assert "used for another order" in other["why"]
            wrong = pos.ask(**sale("3", "12,55"))
            assert (wrong["answer"], wrong["refusal"]) == ("refused", "invalid")
        assert payments(served.installed) == 1

    def test_a_lost_answer_of_the_terminal_is_reversed_and_told(self, served: Served) -> None:
        served.installed.simulator.queue_fault(Fault.DROP_AFTER)
        with served.connect() as pos:
            pos.send(**sale("1"))
            due = pos.until(running=False)
            assert (due["transaction"]["state"], due["final"]) == ("CANCEL_DUE", False)
            assert pos.until(final=True)["transaction"]["state"] == "CANCELLED"
        assert charges(served.installed) == [1255, -1255]

    def test_giving_up_asks_the_terminal_to_stop(self, slow: Served) -> None:
        with slow.connect() as pos:
            assert pos.ask(do="give_up", caller_reference="1")["answer"] == "refused"
            pos.send(**sale("1"))
            eventually(lambda: waits_for_card(slow))
            assert pos.until(answer="transaction")["running"]
            with slow.connect() as another:
                assert another.ask(do="give_up", caller_reference="1")["answer"] == "giving_up"
            assert pos.until(final=True)["transaction"]["state"] == "DECLINED"
        assert charges(slow.installed) == []

    def test_a_second_order_is_busy_while_one_runs(self, slow: Served) -> None:
        with slow.connect() as pos, slow.connect() as other:
            pos.send(**sale("1"))
            assert pos.until(answer="transaction")["running"]
            busy = other.ask(**sale("2"))
            assert (busy["answer"], busy["refusal"]) == ("refused", "busy")
            state = other.ask(do="register")
            assert state["running"]["caller_reference"] == "1"
            assert 0 < state["seconds_left"] <= 180
            eventually(lambda: waits_for_card(slow))
            assert slow.installed.simulator.terminal.present_card()
            assert pos.until(final=True)["transaction"]["paid"]
        assert charges(slow.installed) == [1255]


class TestLookingUp:
    def test_by_each_name(self, served: Served) -> None:
        with served.connect() as pos:
            pos.send(**sale("till-1/1"))
            sold = pos.until(final=True)["transaction"]
            for key in (
                {"caller_reference": "till-1/1"},
                {"transaction_id": sold["id"].zfill(20)},
                {"reference": sold["reference"]},
            ):
                found = pos.ask(do="look_up", **key)
                assert found["transactions"] == [sold]
            for key in (
                {"caller_reference": "other"},
                {"transaction_id": "9" * 20},
                {"reference": "000000000"},
            ):
                assert pos.ask(do="look_up", **key)["transactions"] == []
            assert pos.ask(do="follow", caller_reference="till-1/1")["final"]
            assert pos.ask(do="follow", caller_reference="x")["transactions"] == []

    def test_a_watcher_is_told_everything(self, served: Served) -> None:
        with served.connect() as watcher, served.connect() as pos:
            assert watcher.ask(do="watch", id="w")["answer"] == "register"
            pos.send(**sale("1"))
            told = watcher.until(final=True)
            assert (told["id"], told["transaction"]["state"]) == ("w", "APPROVED")

    def test_hello_says_who_answers(self, served: Served) -> None:
        with served.connect() as pos:
            hello = pos.ask(do="hello")
        assert (hello["protocol"], hello["terminal"]) == (1, "88091105")
        assert (hello["currency"], hello["demo"]) == ("EUR", False)


class TestLostConnections:
    def test_a_connection_that_dies_at_any_byte_of_the_request_charges_once(
        self, served: Served
    ) -> None:
        whole = line(**sale("0", "1.00"))
        offsets = sorted({0, 1, len(whole) - 1, len(whole), *range(3, len(whole), 17)})
        for offset in offsets:
            reference = f"cut-{offset}"
            asked = line(**sale(reference, "1.00"))
            with served.connect() as pos:
                pos.socket.sendall(asked[:offset] if offset < len(whole) else asked)
            with served.connect() as pos:
                pos.socket.sendall(asked)
                ended = pos.until(final=True)["transaction"]
                assert (ended["state"], ended["caller_reference"]) == ("APPROVED", reference)
        assert charges(served.installed) == [100] * len(offsets)
        assert payments(served.installed) == len(offsets)

    def test_a_connection_that_dies_at_any_byte_of_the_answer_charges_once(
        self, served: Served
    ) -> None:
        with served.connect() as pos:
            pos.send(**sale("whole", "1.00"))
            pos.until(final=True)
            length = pos.received
        chance = random.Random(7)
        offsets = [0, 1, length - 1, *(chance.randrange(2, length) for _ in range(8))]
        for number, offset in enumerate(offsets):
            asked = line(**sale(f"lost-{number}", "1.00"))
            with served.connect() as pos:
                pos.socket.sendall(asked)
                got = 0
                while got < offset:
                    got += len(pos.socket.recv(offset - got))
                if number % 2:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    pos.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            with served.connect() as pos:
                pos.socket.sendall(asked)
                assert pos.until(final=True)["transaction"]["state"] == "APPROVED"
        assert charges(served.installed) == [100] * (1 + len(offsets))

    def test_many_connections_that_ask_for_the_same_at_once_are_told_the_same(
        self, served: Served
    ) -> None:
        many = [served.connect() for _ in range(8)]
        for pos in many:
            pos.send(**sale("same"))
        told = {pos.until(final=True)["transaction"]["id"] for pos in many}
        for pos in many:
            pos.close()
        assert len(told) == 1
        assert charges(served.installed) == [1255]

    def test_killed_in_the_middle_and_asked_again_it_is_cancelled_and_says_so(
        self, tmp_path: Path
    ) -> None:
        with installed(tmp_path, SLOW) as shop:
            with serving(shop) as first, first.connect() as pos:
                pos.send(**sale("1"))
                eventually(lambda: waits_for_card(first))
                first.kill()
                with pytest.raises((EOFError, ConnectionError)):
                    pos.until(final=True)
            shop.simulator.set_options(abort_works=False)
            shop.simulator.terminal.present_card()
            shop.simulator.set_options(card_s=0)
            with serving(shop) as second, second.connect() as pos:
                pos.send(**sale("1"))
                ended = pos.until(final=True)["transaction"]
                assert (ended["state"], ended["paid"]) == ("CANCELLED", False)
                pos.send(**sale("2"))
                assert pos.until(final=True)["transaction"]["paid"]
            assert charges(shop) == [1255, -1255, 1255]

    def test_sigterm_finishes_the_running_payment_and_tells_it(self, slow: Served) -> None:
        with slow.connect() as pos, slow.connect() as other:
            pos.send(**sale("1"))
            eventually(lambda: waits_for_card(slow))
            slow.process.send_signal(signal.SIGTERM)
            assert other.ask(**sale("2"))["answer"] == "refused"
            slow.installed.simulator.terminal.present_card()
            assert pos.until(final=True)["transaction"]["state"] == "APPROVED"
            assert "ends" in pos.until(answer="bye")["why"]
        assert slow.ended() == 0
        assert charges(slow.installed) == [1255]


class TestBounds:
    def test_nonsense_gets_one_clear_line_and_the_connection_goes_on(self, served: Served) -> None:
        with served.connect() as pos:
            for nonsense in (b"\xff\xfe\n", b"{}\n", b"[]\n", b'{"do": "fly"}\n', b"\n"):
                pos.socket.sendall(nonsense)
                told = pos.answer()
                assert told["answer"] == "error"
                assert told["why"].endswith(".")
            assert pos.ask(do="hello")["answer"] == "hello"

    def test_a_line_without_end_is_dropped_with_the_reason(self, served: Served) -> None:
        with served.connect() as pos:
            pos.socket.sendall(b"x" * 20_000)
            assert "longer than 16384 bytes" in pos.answer()["why"]
            with pytest.raises((EOFError, ConnectionError)):
                pos.answer()

    def test_more_connections_than_allowed_are_told_so(self, served: Served) -> None:
        many = [served.connect() for _ in range(16)]
        for pos in many:
            pos.ask(do="hello")
        with served.connect() as late:
            assert "16 connections are open" in late.answer()["why"]
        many.pop().close()

        def room() -> bool:
            with served.connect() as pos:
                try:
                    return bool(pos.ask(do="hello")["answer"] == "hello")
                except (EOFError, ConnectionError):
                    return False

        eventually(room)
        for pos in many:
            pos.close()

    def test_a_reader_that_is_stuck_is_dropped_and_delays_no_payment(self, served: Served) -> None:
        with served.connect() as stuck, served.connect() as pos:
            stuck.socket.settimeout(0.5)
            dropped = False
            for _ in range(4000):
                try:
                    stuck.socket.sendall(line(do="register", id="x" * 60))
                except TimeoutError:
                    break  # nobody reads what we send any more
                except ConnectionError:
                    dropped = True
                    break
            pos.send(**sale("1"))
            assert pos.until(final=True)["transaction"]["paid"]

            def aborted() -> bool:
                try:
                    stuck.socket.sendall(b"x")
                except ConnectionError:
                    return True
                except TimeoutError:
                    return False
                return False

            eventually(lambda: dropped or aborted(), "the drop of a stuck reader")
        log = served.installed.folder / "kiosk-tui.log"
        assert "failed" not in log.read_text()
        assert charges(served.installed) == [1255]

    def test_the_socket_is_its_owners_only_and_a_dead_programs_one_is_replaced(
        self, shop: Installation
    ) -> None:
        with serving(shop) as served:
            assert stat.S_IMODE(served.path.stat().st_mode) == 0o600
            served.kill()
            assert served.path.exists()
        with serving(shop) as served, served.connect() as pos:
            assert pos.ask(do="hello")["answer"] == "hello"
            second = shop.run("serve")
            assert second.returncode == 75
            assert "in use by kiosk-tui serve" in second.stderr

    def test_a_group_may_be_let_in(self, shop: Installation) -> None:
        shop.configure(pos='group = "root"')
        with serving(shop) as served:
            assert stat.S_IMODE(served.path.stat().st_mode) == 0o660
        shop.configure(pos='group = "no-such-group"')
        done = shop.run("serve")
        assert done.returncode == 69
        assert "there is no group no-such-group" in done.stderr

    def test_another_file_is_never_replaced(self, shop: Installation) -> None:
        (shop.folder / "pos.sock").write_text("mine")
        done = shop.run("serve")
        assert done.returncode == 69
        assert "is there already and no socket" in done.stderr
        assert (shop.folder / "pos.sock").read_text() == "mine"


class TestTcp:
    def test_it_is_never_open_without_a_token_nor_to_other_machines(
        self, shop: Installation
    ) -> None:
        done = shop.run("serve", "--tcp", "127.0.0.1:0")
        assert done.returncode == 2
        assert "needs --token-file" in done.stderr
        token = shop.folder / "token"
        token.write_text("0123456789abcdef\n")
        token.chmod(0o600)
        for address in ("0.0.0.0:8701", "example.org:1", "127.0.0.1", "192.0.2.1:9", "[::]:1"):
            done = shop.run("serve", "--tcp", address, "--token-file", str(token))
            assert done.returncode == 2, address
            assert "no address of this machine" in done.stderr
        token.chmod(0o644)
        done = shop.run("serve", "--tcp", "127.0.0.1:0", "--token-file", str(token))
        assert done.returncode == 78
        assert "can be read by others" in done.stderr
        token.chmod(0o600)
        token.write_text("short")
        done = shop.run("serve", "--tcp", "127.0.0.1:0", "--token-file", str(token))
        assert "use 16 characters or more" in done.stderr

    def test_nothing_is_done_before_the_token_was_given(self, shop: Installation) -> None:
        token = shop.folder / "token"
        token.write_text("0123456789abcdef\n")
        token.chmod(0o600)
        with serving(shop, "--tcp", "127.0.0.1:0", "--token-file", str(token)) as served:
            port = int(served.said.rpartition("port ")[2].strip(". \n"))
            for first in (sale("1"), {"do": "hello"}, {"do": "hello", "token": "wrong"}):
                with Connection(port=port) as pos:
                    assert "token is missing or wrong" in pos.ask(**first)["why"]
                    with pytest.raises((EOFError, ConnectionError)):
                        pos.answer()
            with Connection(port=port) as pos:
                assert pos.ask(do="hello", token="0123456789abcdef")["protocol"] == 1
                pos.send(**sale("1"))
                assert pos.until(final=True)["transaction"]["paid"]
        assert payments(shop) == 1
