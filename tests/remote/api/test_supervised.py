"""`kiosk-tui serve` as a service: ready, watched over, reloaded, on a socket that systemd opened."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.api import Api, Served, connected, eventually, read_all, request, serving
from support.installation import Installation, installed
from support.systemd import manager

from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture
def given(tmp_path: Path) -> Iterator[socket.socket]:
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(tmp_path / "given.sock"))
    made.listen()
    with made:
        yield made


def said(served: Served) -> str:
    assert served.process.stdout is not None
    return served.process.stdout.readline()


def log(shop: Installation) -> str:
    return (shop.folder / "kiosk-tui.log").read_text()


def test_systemd_hears_that_it_is_ready_alive_and_at_its_end(
    shop: Installation, tmp_path: Path
) -> None:
    with (
        manager(tmp_path) as systemd,
        serving(shop, environment=systemd.environment(2.0)) as served,
    ):
        ready = systemd.until(None, "READY=1")
        systemd.until(None, "WATCHDOG=1", ready)
        assert systemd.status == "idle"
        assert served.stop() == 0
        systemd.until(None, "STOPPING=1", ready)


def test_a_journal_that_another_holds_is_no_ready_service(
    shop: Installation, tmp_path: Path
) -> None:
    with manager(tmp_path) as systemd, serving(shop) as first:
        second = shop.run("serve", "--socket", str(tmp_path / "2"), **systemd.environment(2.0))
        assert second.returncode == 75
        assert "is in use by kiosk-tui serve" in second.stderr
        systemd.listen(None, 0.2)
        assert not [one for one in systemd.heard if one.startswith("READY")]
        assert "is in use by kiosk-tui serve" in systemd.status
        with first.connect() as api:
            assert api.get("/v1/status").body["open"]


def test_a_new_configuration_is_taken_by_the_same_process(shop: Installation) -> None:
    with serving(shop) as served:
        shop.configure(kiosk='id = "desk 2"')
        served.process.send_signal(signal.SIGUSR1)
        assert "Serving other software" in said(served)
        with served.connect() as api:
            assert api.get("/v1/status").body["kiosk_id"] == "desk 2"
        assert served.stop() == 0


def test_a_wrong_one_is_refused_and_the_old_one_stays(shop: Installation, tmp_path: Path) -> None:
    with (
        manager(tmp_path) as systemd,
        serving(shop, environment=systemd.environment(2.0)) as served,
    ):
        shop.configure(kiosk='id = "desk 2"', tip="percent = [500]")
        served.process.send_signal(signal.SIGUSR1)
        systemd.until(None, "STATUS=reload refused, the old configuration stays: ")
        assert "reload refused" in log(shop)
        with served.connect() as api:
            assert api.get("/v1/status").body["kiosk_id"] != "desk 2"


def test_a_payment_that_runs_is_waited_for(tmp_path: Path) -> None:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as shop, serving(shop) as served:
        with served.connect() as api:
            began = api.begin("1")
            eventually(lambda: shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD)
            shop.configure(kiosk='id = "desk 2"')
            served.process.send_signal(signal.SIGUSR1)
            eventually(lambda: "the configuration is looked at" in log(shop))
            assert api.get("/v1/status").body["running"]
            shop.simulator.terminal.present_card()
            assert api.ended(began)["state"] == "APPROVED"
        assert "Serving other software" in said(served)


class TestASocketThatSystemdHasOpened:
    def test_it_is_served_there_and_nowhere_else(
        self, shop: Installation, given: socket.socket
    ) -> None:
        with serving(shop, given=given) as served:
            assert "given.sock" in served.said
            assert not served.path.exists()
            with Api(shop.folder / "given.sock") as api:
                assert api.pay("1").body["state"] == "APPROVED"
            assert served.stop() == 0
        assert (shop.folder / "given.sock").exists()

    def test_whoever_comes_while_it_begins_anew_waits(
        self, shop: Installation, given: socket.socket
    ) -> None:
        with serving(shop, given=given) as served:
            shop.configure(kiosk='id = "desk 2"')
            with connected(shop.folder / "given.sock") as stream:
                stream.settimeout(30)
                stream.sendall(request("GET", "/v1/events"))
                eventually(lambda: b"event: status" in stream.recv(65536))
                served.process.send_signal(signal.SIGUSR1)
                assert b"event: end" in read_all(stream)
            with Api(shop.folder / "given.sock") as api:
                assert api.get("/v1/status").body["kiosk_id"] == "desk 2"
            assert not served.path.exists()

    def test_a_port_needs_the_token(self, shop: Installation) -> None:
        token = shop.folder / "token"
        token.write_text("t" * 16)
        token.chmod(0o600)
        with (
            socket.create_server(("127.0.0.1", 0)) as port,
            serving(shop, "--token-file", str(token), given=port) as served,
        ):
            assert served.path.exists()
            with Api(port=port.getsockname()[1]) as api:
                assert api.get("/v1/status").problem == "token"
            with Api(port=port.getsockname()[1], token="t" * 16) as api:
                assert api.get("/v1/status").status == 200

    @pytest.mark.parametrize(
        ("address", "words"),
        [("127.0.0.1", "A port needs a token"), ("0.0.0.0", "A port needs a token")],
    )
    def test_a_port_for_everybody_is_refused(
        self, shop: Installation, address: str, words: str
    ) -> None:
        with (
            socket.create_server((address, 0)) as port,
            pytest.raises(AssertionError, match=words),
        ):
            Served(shop, given=port)


def test_a_file_for_everybody_is_refused(shop: Installation, given: socket.socket) -> None:
    (shop.folder / "given.sock").chmod(0o666)
    with pytest.raises(AssertionError, match="Every user can connect to .*: write SocketMode=0660"):
        Served(shop, given=given)


def test_a_socket_without_a_file_is_refused(shop: Installation) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"\0kiosk-tui-{shop.folder.name}")
        made.listen()
        with pytest.raises(AssertionError, match="has no file"):
            Served(shop, given=made)
