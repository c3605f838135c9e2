"""No payment is sent to whoever answers, but not as TECS; a gateway without a version page is asked otherwise."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.simulator.tecs import Simulator

asked: list[str] = []


class _Portal(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked.append(self.command)
        page = b"<!DOCTYPE html><html>Please log in</html>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[str]:
    asked.clear()
    with HTTPServer(("127.0.0.1", 0), _Portal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tecsclientrest"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("probe", "questions"), [("version", {"GET"}), ("status", {"POST"})])
def test_a_portal_gets_no_payment(
    tmp_path: Path, portal: str, probe: str, questions: set[str]
) -> None:
    shop = Installation(tmp_path, Simulator(), portal)
    shop.configure(terminal=f'probe = "{probe}"')
    done = shop.run("sale", "--amount", "1")
    assert done.returncode == 69
    assert "answers, but not as TECS" in done.stderr
    assert set(asked) == questions
    assert "No cancellation is due." in shop.run("recover").stdout


def test_a_register_that_asks_for_the_status_pays_as_any_other(tmp_path: Path) -> None:
    with installed(tmp_path) as shop:
        shop.configure(terminal='probe = "status"')
        assert shop.run("sale", "--amount", "1").returncode == 0
        sent = [one.message_type for one in shop.simulator.ledger.requests]
    assert sent[0] == "9043"
    assert sum(one.minor for one in shop.simulator.ledger.movements) == 100
