"""Payments over the real socket: whatever becomes of a connection, a key is charged once."""

from __future__ import annotations

import random
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from support.api import Api, Reply, Served, eventually, read_all, request, serving
from support.installation import Installation, installed

from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey

SLOW = Options(card_s=1000, host_s=0)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with installed(tmp_path) as shop, serving(shop) as running:
        yield running


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Served]:
    with installed(tmp_path, SLOW) as shop, serving(shop) as running:
        yield running


def charges(served: Served) -> list[int]:
    return [one.minor for one in served.installed.simulator.ledger.movements]


def payments(served: Served) -> int:
    kinds = {"0001", "0907", "0011"}
    return sum(one.message_type in kinds for one in served.installed.simulator.ledger.requests)


def waits_for_card(served: Served) -> bool:
    return served.installed.simulator.terminal.screen is Screen.WAITING_FOR_CARD


class TestPayments:
    def test_a_signer_that_forbids_it_keeps_it_from_beginning(self, tmp_path: Path) -> None:
        says = '{"answer": "refused", "why": "The till is not initialised."}'
        with installed(tmp_path) as shop:
            shop.configure(fiscal=f"command = ['/bin/echo', '{says}']")
            with serving(shop) as served, served.connect() as api:
                refused = api.pay("till-1/1")
                assert (refused.status, refused.body["type"]) == (503, "/docs#problem-signer")
                assert "The till is not initialised." in refused.body["detail"]
                assert api.get("/v1/payments?key=till-1/1").body == {"payments": []}
                assert payments(served) == 0

    def test_a_sale_is_answered_when_it_has_ended(self, served: Served) -> None:
        with served.connect() as api:
            sold = api.pay("till-1/1", tip="1.25")
            assert (sold.status, sold.body["state"], sold.body["paid"]) == (201, "APPROVED", True)
            assert sold.body["card"] == "411111******1111"
            assert sold.headers["location"] == f"/v1/payments/{sold.body['id']}"
            again = api.pay("till-1/1", tip="1.25")
            assert (again.status, again.body) == (200, sold.body)
        assert charges(served) == [1380]

    def test_every_operation(self, served: Served) -> None:
        with served.connect() as api:

            def done(key: str, **order: str) -> dict[str, str]:
                ended = api.post("/v1/payments", order, key=key)
                assert (ended.status, ended.body["state"]) == (201, "APPROVED"), ended
                return dict(ended.body)

            sold = done("1", operation="sale", amount="20.00")
            assert done("2", amount="10", tip="1")["operation"] == "sale_and_tip"
            card = "REF20117_2712_1111_411111"
            done("3", operation="moto", amount="5", card_reference=card)
            held = done("4", operation="preauthorization", amount="100")
            completed = api.post(f"/v1/payments/{held['id']}/complete", {"amount": "80"}, key="5")
            assert (completed.status, completed.body["original_id"]) == (201, held["id"])
            done("6", operation="refund", amount="3")
            back = api.post(f"/v1/payments/{sold['id']}/refund", {"amount": "4"}, key="7")
            assert (back.status, back.body["original_id"]) == (201, sold["id"])
            done("7b", operation="referenced_refund", amount="1", original=sold["id"])
            assert done("8", operation="balance")["balance_minor"] == "2500"
            assert done("9g", operation="gratuity", amount="1", original=sold["id"])["paid"]
            assert charges(served) == [2000, 1100, 500, 8000, -300, -400, -100, 100]

            void = api.post(f"/v1/payments/{sold['id']}/cancel", key="c1")
            assert (void.status, void.problem) == (409, "not-possible")
            assert "has been refunded" in void.body["detail"]
            (tipped,) = api.get("/v1/payments?key=2").body["payments"]
            for _ in range(2):
                gone = api.post(f"/v1/payments/{tipped['id']}/cancel", key="c2")
                assert (gone.status, gone.body["state"]) == (200, "CANCELLED")
            elsewhere = {"original": "123", "original_terminal": "11460019", "amount": "1"}
            foreign = api.post(
                "/v1/payments",
                {"operation": "cancellation", **elsewhere},
                key="9",
                prefer="wait=25",
            )
            assert foreign.body["state"] == "NOTHING_TO_CANCEL"
            mine = {"operation": "cancellation", "amount": "20", "original": sold["id"]}
            assert "this register's own" in api.post("/v1/payments", mine, key="10").body["detail"]

            day = api.get("/v1/totals").body
            sums = {(one["what"], one["which"]): one for one in day["totals"]}
            assert sums["net", ""]["amount"] == "98.00"
            assert sums["approved", "sale"]["count"] == 1
            assert not [one for one in sums if one[0] == "open"]
            assert day["agrees"]

    def test_a_decline_and_a_refusal_are_answers(self, served: Served) -> None:
        with served.connect() as api:
            declined = api.pay("1", "80.51")
            assert (declined.status, declined.body["response_code"]) == (201, "51")
            assert not declined.body["paid"]
            refused = api.pay("2", "0.00")
            assert (refused.status, refused.problem) == (422, "invalid")
            assert "above zero" in refused.body["detail"]
            other = api.pay("1", "80.52")
            assert (other.status, other.problem) == (409, "key-reused")
            assert (api.pay("3", "12,55").status, api.get("/v1/payments/9").status) == (422, 404)
        assert payments(served) == 1

    def test_a_key_stands_for_one_transaction_on_every_path(self, served: Served) -> None:
        with served.connect() as api:
            first, second = api.pay("1").body["id"], api.pay("2").body["id"]
            for path, body in (
                ("/v1/payments", {"amount": "1.00"}),
                (f"/v1/payments/{first}/refund", {"amount": "12.55"}),
                (f"/v1/payments/{first}/complete", {"amount": "12.55"}),
                (f"/v1/payments/{second}/cancel", None),
            ):
                refused = api.post(path, body, key="1")
                assert (refused.status, refused.problem) == (409, "key-reused"), path
            assert api.post(f"/v1/payments/{first}/refund", {"amount": "1"}, key="3").status == 201
            other = api.post(f"/v1/payments/{second}/refund", {"amount": "1"}, key="3")
            assert (other.status, other.problem) == (409, "key-reused")
        assert charges(served) == [1255, 1255, -100]

    def test_whatever_may_move_money_needs_a_key(self, served: Served) -> None:
        with served.connect() as api:
            sold = api.pay("1").body["id"]
            for path in (
                "/v1/payments",
                *(
                    f"/v1/payments/{sold}/{do}"
                    for do in ("refund", "complete", "cancel", "give-up", "goods")
                ),
            ):
                missing = api.post(path, {"amount": "1.00"})
                assert (missing.status, missing.problem) == (400, "key-missing")
            for wrong in ('""', "x" * 65, "4111111111111111"):
                assert api.pay(wrong).problem == "key-wrong", wrong
        assert charges(served) == [1255]

    def test_a_key_is_one_in_every_spelling(self, served: Served) -> None:
        with served.connect() as api:
            first = api.pay("order-7").body["id"]
            for spelled in ('"order-7"', '" order-7 "'):
                assert api.pay(spelled).body["id"] == first
            assert api.get("/v1/payments?key=%22order-7%22").body["payments"][0]["id"] == first
        assert charges(served) == [1255]

    def test_a_lost_answer_of_the_terminal_is_being_cancelled_and_told(
        self, served: Served
    ) -> None:
        served.installed.simulator.queue_fault(Fault.DROP_AFTER)
        with served.connect() as api:
            lost = api.pay("1")
            assert lost.status == 202
            assert (lost.body["paid"], lost.body["running"], lost.body["final"]) == (False,) * 3
            ended = api.pay("1", prefer="wait=25")
            assert (ended.status, ended.body["state"]) == (200, "CANCELLED")
            assert ended.headers["preference-applied"] == "wait=25"
        assert charges(served) == [1255, -1255]

    def test_giving_up_asks_the_terminal_to_stop(self, slow: Served) -> None:
        with slow.connect() as api:
            began = api.begin("1")
            assert (began.status, began.body["state"], began.body["running"]) == (
                202,
                "AUTHORIZING",
                True,
            )
            eventually(lambda: waits_for_card(slow))
            path = f"{began.headers['location']}/give-up"
            assert api.post(path, key="1").problem == "key-reused"
            assert api.post(path, key="1-stop").status == 202
            assert api.ended(began)["state"] == "DECLINED"
            same = api.post(path, key="1-stop")
            assert (same.status, same.body["state"]) == (200, "DECLINED")
            again = api.post(path, key="1-late")
            assert (again.status, again.problem) == (409, "not-possible")
        assert charges(slow) == []

    def test_a_second_order_is_busy_while_one_runs(self, slow: Served) -> None:
        with slow.connect() as api:
            began = api.begin("1")
            busy = api.pay("2")
            assert (busy.status, busy.problem) == (409, "busy")
            state = api.get("/v1/status").body
            assert state["running"]["caller_reference"] == "1"
            assert 0 < state["seconds_left"] <= 180
            waited = api.pay("1", prefer="wait=0")
            assert (waited.status, waited.body["id"]) == (202, began.body["id"])
            eventually(lambda: waits_for_card(slow))
            assert slow.installed.simulator.terminal.present_card()
            assert api.ended(began)["paid"]
        assert charges(slow) == [1255]

    def test_it_is_found_by_each_of_its_names(self, served: Served) -> None:
        with served.connect() as api:
            sold = api.pay("till-1/1 ä").body
            for name in (
                sold["id"],
                sold["id"].zfill(20),
                f"TXID{sold['id']}_01_88091105",
                sold["reference"],
            ):
                assert api.get(f"/v1/payments/{name}").body == sold
            assert (
                api.get(
                    "/v1/payments",
                ).problem
                == "key-missing"
            )
            assert api.get("/v1/payments?key=till-1/1%20%C3%A4").body["payments"] == [sold]
            assert api.get("/v1/payments?key=other").body["payments"] == []
            for name in ("9" * 20, "000000000", "x", "%00", "a%2Fb"):
                assert api.get(f"/v1/payments/{name}").problem == "not-found"

    @pytest.mark.parametrize(
        ("order", "why"),
        [
            ({"amount": "5000.00"}, "more than the largest amount"),
            ({"amount": "5.00", "tip": "50.00"}, "A tip of 50.00 EUR is more than 5.00"),
            ({"amount": "5.00", "language": "xx"}, "'xx' is not a language"),
            ({"amount": "5.00", "operation": "moto", "card_reference": "abc"}, "begins with REF"),
            ({"amount": "5.00", "reason": "4111 1111 1111 1111"}, "holds a card number"),
            ({"amount": "5.00", "override_limits": True}, "override_limits is no field"),
            ({"amount": "5.00", "tipp": "1.00"}, "tipp is no field"),
            ({"amount": 5}, "amount: Input should be a valid string"),
            ({"operation": "sale"}, "amount is missing"),
            ({"amount": "5.00", "reason": "a\nb"}, "cannot be printed"),
        ],
    )
    def test_what_is_wrong_or_beyond_the_limits_is_refused_and_nothing_is_sent(
        self, served: Served, order: dict[str, object], why: str
    ) -> None:
        with served.connect() as api:
            refused = api.post("/v1/payments", order, key="1")
        assert (refused.status, refused.problem) == (422, "invalid")
        assert why in refused.body["detail"]
        assert served.installed.simulator.ledger.requests == []

    def test_refunds_never_exceed_their_sale_in_whatever_spelling(self, served: Served) -> None:
        with served.connect() as api:
            sold = api.pay("s").body["id"]
            first = api.post(f"/v1/payments/{sold}/refund", {"amount": "12.00"}, key="r").body
            for number, name in enumerate((sold.zfill(20), f"TXID{sold}", sold[-9:])):
                again = api.post(f"/v1/payments/{name}/refund", {"amount": "12.00"}, key='"r "')
                assert again.body["id"] == first["id"]
                more = {"operation": "referenced_refund", "amount": "0.56", "original": name}
                refused = api.post("/v1/payments", more, key=f"m{number}")
                assert "0.56 is more than the 0.55" in refused.body["detail"]
        ledger = served.installed.simulator.ledger
        assert ledger.net_minor(sold) + ledger.net_minor(first["id"]) == 55


class TestKeysOfWhatIsNoOrder:
    def test_they_stand_for_one_thing_only_also_after_a_restart(self, tmp_path: Path) -> None:
        with installed(tmp_path) as shop:
            with serving(shop) as first, first.connect() as api:
                one, two = api.pay("1").body["id"], api.pay("2").body["id"]
                assert api.post(f"/v1/payments/{one}/cancel", key="1").problem == "key-reused"
                assert _cancelled(api, one) == (200, "CANCELLED")
                first.kill()
            with serving(shop) as second, second.connect() as api:
                assert _cancelled(api, one) == (200, "CANCELLED")
                for path, body in (
                    (f"/v1/payments/{two}/cancel", None),
                    (f"/v1/payments/{two}/refund", {"amount": "1.00"}),
                    (f"/v1/payments/{two}/complete", {"amount": "1.00"}),
                    (f"/v1/payments/{two}/give-up", None),
                    (f"/v1/payments/{one}/give-up", None),
                    (f"/v1/payments/{two}/goods", {"outcome": "failed"}),
                    ("/v1/payments", {"amount": "1.00"}),
                ):
                    refused = api.post(path, body, key="undo")
                    assert (refused.status, refused.problem) == (409, "key-reused"), path
                assert api.post(f"/v1/payments/{two}/cancel", key="undo-2").status == 200
                assert charges(second) == [1255, 1255, -1255, -1255]

    def test_one_that_was_refused_is_free(self, served: Served) -> None:
        with served.connect() as api:
            declined = api.pay("1", "80.51").body["id"]
            sold = api.pay("2").body["id"]
            refused = api.post(f"/v1/payments/{declined}/cancel", key="undo")
            assert (refused.status, refused.problem) == (409, "not-possible")
            assert api.post(f"/v1/payments/{sold}/cancel", key="undo").status == 200

    def test_another_card_under_one_key_is_another_order(self, served: Served) -> None:
        with served.connect() as api:
            card = "REF20117_2712_1111_411111"
            sold = api.pay("1", operation="moto", card_reference=card)
            assert sold.body["card"] == "411111******1111"
            assert api.pay("1", operation="moto", card_reference=card).status == 200
            other = api.pay("1", operation="moto", card_reference="REF20118_2712_2222_555555")
            assert (other.status, other.problem) == (409, "key-reused")
        assert charges(served) == [1255]

    def test_twenty_cancellations_under_one_key_are_one(self, served: Served) -> None:
        with served.connect() as api, ThreadPoolExecutor(20) as pool:
            sold = api.pay("1").body["id"]

            def undo(_: int) -> tuple[int, str]:
                with served.connect() as own:
                    return _cancelled(own, sold)

            assert set(pool.map(undo, range(20))) == {(200, "CANCELLED")}
        assert charges(served) == [1255, -1255]


def _cancelled(api: Api, one: str) -> tuple[int, str]:
    told = api.post(f"/v1/payments/{one}/cancel", key="undo")
    return told.status, str(told.body.get("state"))


class TestLostConnections:
    def test_twenty_connections_with_one_key_are_told_the_same_and_charge_once(
        self, served: Served
    ) -> None:
        together = threading.Barrier(20)

        def ask(_: int) -> Reply:
            with served.connect() as api:
                together.wait()
                return api.pay("same")

        with ThreadPoolExecutor(20) as pool:
            replies = list(pool.map(ask, range(20)))
        assert {one.body["id"] for one in replies} == {replies[0].body["id"]}
        assert sorted(one.status for one in replies) == [200] * 19 + [201]
        assert all(one.body["paid"] for one in replies)
        assert charges(served) == [1255]

    def test_a_client_that_hangs_up_ends_neither_its_payment_nor_its_cancellation(
        self, slow: Served
    ) -> None:
        sale = request("POST", "/v1/payments", b'{"amount": "12.55"}', "Idempotency-Key: 1")
        with slow.socket() as connection:
            connection.sendall(sale)
            eventually(lambda: waits_for_card(slow))
        slow.installed.simulator.terminal.present_card()
        with slow.connect() as api:
            sold = api.pay("1").body
            assert sold["paid"]
            cancel = request(
                "POST", f"/v1/payments/{sold['id']}/cancel", b"{}", "Idempotency-Key: undo"
            )
            with slow.socket() as connection:
                connection.sendall(cancel)
                eventually(
                    lambda: api.get(f"/v1/payments/{sold['id']}").body["state"] != "APPROVED"
                )
            eventually(lambda: api.get(f"/v1/payments/{sold['id']}").body["state"] == "CANCELLED")
        assert charges(slow) == [1255, -1255]

    def test_a_connection_that_dies_at_any_byte_of_the_request_charges_once(
        self, served: Served
    ) -> None:
        body = b'{"amount": "1.00"}'
        whole = request("POST", "/v1/payments", body, "Idempotency-Key: cut-0")
        offsets = sorted({0, 1, len(whole) - 1, len(whole), *range(3, len(whole), 17)})
        with served.connect() as api:
            for offset in offsets:
                key = f"cut-{offset}"
                asked = request("POST", "/v1/payments", body, f"Idempotency-Key: {key}")
                with served.socket() as connection:
                    connection.sendall(asked[:offset] if offset < len(whole) else asked)

                def ended(key: str = key) -> bool:
                    told = api.pay(key, "1.00", prefer="wait=20")
                    assert told.problem in ("", "busy"), told
                    return not told.problem and told.body["caller_reference"] == key

                eventually(ended)
        assert charges(served) == [100] * len(offsets)
        assert payments(served) == len(offsets)

    def test_a_connection_that_dies_at_any_byte_of_the_answer_charges_once(
        self, served: Served
    ) -> None:
        chance = random.Random(7)
        offsets = [0, 1, *(chance.randrange(2, 1200) for _ in range(8))]
        for number, offset in enumerate(offsets):
            key = f"Idempotency-Key: lost-{number}"
            with served.socket() as connection:
                connection.sendall(request("POST", "/v1/payments", b'{"amount": "1.00"}', key))
                got = 0
                while got < offset:
                    got += len(connection.recv(offset - got))
                if number % 2:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            with served.connect() as api:
                assert api.pay(f"lost-{number}", "1.00", prefer="wait=20").body["paid"]
        assert charges(served) == [100] * len(offsets)

    def test_killed_in_the_middle_and_asked_again_it_is_cancelled_and_says_so(
        self, tmp_path: Path
    ) -> None:
        with installed(tmp_path, SLOW) as shop:
            with serving(shop) as first, first.socket() as connection:
                connection.sendall(
                    request("POST", "/v1/payments", b'{"amount": "12.55"}', "Idempotency-Key: 1")
                )
                eventually(lambda: waits_for_card(first))
                first.kill()
                assert read_all(connection) == b""
            shop.simulator.set_options(abort_works=False)
            shop.simulator.terminal.present_card()
            shop.simulator.set_options(card_s=0)
            with serving(shop) as second, second.connect() as api:
                ended = api.pay("1", prefer="wait=25")
                assert (ended.status, ended.body["state"]) == (200, "CANCELLED")
                assert api.get("/v1/payments?key=1").body["payments"] == [ended.body]
                assert api.pay("2").body["paid"]
                assert charges(second) == [1255, -1255, 1255]

    def test_sigterm_finishes_the_running_payment_and_tells_it(self, slow: Served) -> None:
        with ThreadPoolExecutor(1) as pool, slow.connect() as api:
            waiting = pool.submit(_pay, slow)
            eventually(lambda: waits_for_card(slow))
            stream = slow.socket()
            stream.sendall(request("GET", "/v1/events"))
            eventually(lambda: b"event: status" in stream.recv(65536))
            slow.process.send_signal(signal.SIGTERM)
            eventually(lambda: api.pay("2").problem == "closed" or api.pay("2").problem == "busy")
            slow.installed.simulator.terminal.present_card()
            assert waiting.result().body["state"] == "APPROVED"
            told = read_all(stream)
            stream.close()
        assert b"APPROVED" in told
        assert b"event: end" in told
        assert slow.ended() == 0
        assert charges(slow) == [1255]


def _pay(served: Served) -> Reply:
    with served.connect() as api:
        return api.pay("1")


def test_a_client_of_its_own_library_waits_no_longer_than_it_wants(slow: Served) -> None:
    with Api(slow.path) as api:
        api.client.timeout = httpx.Timeout(0.5)
        with pytest.raises(httpx.ReadTimeout):
            api.pay("1")
        api.client.timeout = httpx.Timeout(30)
        eventually(lambda: waits_for_card(slow))
        slow.installed.simulator.terminal.present_card()
        assert api.pay("1").body["paid"]
    assert charges(slow) == [1255]


def test_the_installation_is_what_the_tests_say(served: Served) -> None:
    installed_: Installation = served.installed
    with served.connect() as api:
        told = api.get("/v1/status").body
    assert (told["terminal"], told["currency"], told["demo"]) == ("88091105", "EUR", False)
    assert installed_.folder == served.path.parent
