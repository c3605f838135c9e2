"""A signer with real commands: the payment is told first, its signature comes after it, however late."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.simulator.signer import SimulatedSigner, service

SALE = ("sale", "--amount", "3.50")

_SIGNS = """
read asked
echo "$asked" >> {heard}
case "$asked" in
*'"request":"begin"'*) echo '{{"answer": "begun", "token": "T1"}}' ;;
*) key=$(echo "$asked" | sed 's/.*"key":"\\([^"]*\\)".*/\\1/')
   echo "{{\\"answer\\": \\"signed\\", \\"key\\": \\"$key\\", \\"text\\": \\"Beleg $key\\", \\"code\\": \\"_R1\\"}}" ;;
esac
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def _signer(shop: Installation, body: str, more: str = "") -> Path:
    script, heard = shop.folder / "signer", shop.folder / "heard"
    script.write_text("#!/bin/sh\n" + body.format(heard=heard))
    script.chmod(0o755)
    shop.configure(fiscal=f'command = ["{script}"]\n{more}')
    return heard


def test_a_sale_is_signed_and_its_slip_and_its_story_say_so(shop: Installation) -> None:
    heard = _signer(shop, _SIGNS)
    code, told = shop.json(*SALE)
    assert (code, told["state"]) == (0, "APPROVED")
    begin, finish = map(json.loads, heard.read_text().splitlines())
    assert (begin["request"], begin["sale"]["amount"]) == ("begin", "3.50")
    assert (finish["transaction"], finish["token"]) == (told["id"], "T1")
    _code, shown = shop.json("journal", "show", told["id"])
    (signed,) = shown["signatures"]
    assert (signed["state"], signed["text"]) == ("APPROVED", f"Beleg {told['id']}-2")
    assert "Beleg" in shop.run("journal", "show", told["id"]).stdout
    slip = shop.run("receipt", told["id"]).stdout
    assert f"Beleg {told['id']}-2" in slip
    assert "_R1" in slip
    assert shop.run("journal", "verify").returncode == 0


def test_a_signer_that_is_out_of_order_costs_no_sale_and_is_caught_up_with_later(
    shop: Installation,
) -> None:
    _signer(shop, "exit 1\n")
    code, told = shop.json(*SALE)
    assert (code, told["state"]) == (0, "APPROVED")
    _code, shown = shop.json("journal", "show", told["id"])
    assert [one["signed_at"] for one in shown["signatures"]] == [None]
    assert "owed" in shop.run("journal", "show", told["id"]).stdout
    assert "signature is pending" in shop.run("receipt", told["id"]).stdout
    assert "1 signatures owed since" in shop.run("doctor").stdout
    _signer(shop, _SIGNS)
    assert shop.run("recover").returncode == 0
    _code, shown = shop.json("journal", "show", told["id"])
    assert shown["signatures"][0]["text"] == f"Beleg {told['id']}-2"


def test_a_slip_says_in_the_configured_words_that_the_signer_is_out_of_order(
    shop: Installation,
) -> None:
    _signer(shop, "exit 1\n", 'finish_s = 0.1\nmark = "SE ausgefallen"\n')
    _code, told = shop.json(*SALE)
    while "is pending" in (slip := shop.run("receipt", told["id"]).stdout):
        pass  # for a tenth of a second
    assert "SE ausgefallen" in slip
    _signer(shop, _SIGNS, 'mark = "SE ausgefallen"\n')
    assert shop.run("recover").returncode == 0
    slip = shop.run("receipt", told["id"]).stdout
    assert f"Beleg {told['id']}-2" in slip
    assert "ausgefallen" not in slip


def test_without_the_signer_nothing_is_sold_where_that_is_configured(shop: Installation) -> None:
    _signer(shop, "exit 1\n", 'on_failure = "refuse"\n')
    done = shop.run(*SALE)
    assert done.returncode == 69
    assert "The signer" in done.stderr
    assert shop.run("journal", "list").stdout.strip() in ("", "No transactions.")


def test_the_demo_is_signed_by_nobody(shop: Installation) -> None:
    heard = _signer(shop, _SIGNS)
    assert shop.run(*SALE, "--demo").returncode == 0
    assert not heard.exists()


def test_a_service_signs_as_a_program_does(shop: Installation) -> None:
    ledger = shop.folder / "ledger"
    with service(SimulatedSigner(ledger), 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        shop.configure(fiscal=f'url = "http://127.0.0.1:{server.server_address[1]}/"')
        code, told = shop.json(*SALE)
        server.shutdown()
    assert (code, told["state"]) == (0, "APPROVED")
    assert json.loads(ledger.read_text())["key"] == f"{told['id']}-2"
    _code, shown = shop.json("journal", "show", told["id"])
    assert shown["signatures"][0]["text"].startswith("SIMULATED SIGNER")
