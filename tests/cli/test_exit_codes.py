"""The exit code of a payment is a promise to scripts: nothing that happens to our output changes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import warm
from support.installation import Installation, installed

from kiosk_tui.cli import main as command_line
from kiosk_tui.cli.exits import Exit
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.journal.store import Store
from kiosk_tui.simulator.tecs import Simulator

APPROVED, DECLINED, LOST = ("12.55", 0), ("80.51", 1), ("90.02", 75)
FULL = Path("/dev/full")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def sale(shop: Installation, amount: str, stdout: int, stderr: int | None = None) -> int:
    arguments = ("--config", str(shop.config), "sale", "--amount", amount, "--json")
    return warm.run(arguments, shop.environment, stdout=stdout, stderr=stderr).returncode


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize(("amount", "code"), [APPROVED, DECLINED, LOST])
def test_a_full_disk_behind_the_output_changes_no_exit_code(
    shop: Installation, amount: str, code: int
) -> None:
    with FULL.open("wb") as full:
        assert sale(shop, amount, stdout=full.fileno(), stderr=full.fileno()) == code


@pytest.mark.parametrize(("amount", "code"), [APPROVED, DECLINED, LOST])
def test_a_reader_that_has_gone_changes_no_exit_code(
    shop: Installation, amount: str, code: int
) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        assert sale(shop, amount, stdout=write) == code
    finally:
        os.close(write)


def test_a_refusal_keeps_its_exit_code_when_nobody_can_hear_it(shop: Installation) -> None:
    shop.config.write_text(shop.config.read_text().replace(shop.url, "http://127.0.0.1:1"))
    read, write = os.pipe()
    os.close(read)
    try:
        assert sale(shop, "1.00", stdout=write, stderr=write) == 69
    finally:
        os.close(write)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(RuntimeError("a bug"), 70), (OSError(5, "disk"), 70), (KeyboardInterrupt(), 130)],
)
def test_what_cuts_a_command_short_promises_nothing_about_money(
    monkeypatch: pytest.MonkeyPatch, trouble: BaseException, code: int
) -> None:
    def fail(_: object) -> int:
        raise trouble

    monkeypatch.setattr(command_line, "_run", fail)
    assert command_line.main(["sale", "--amount", "1"]) == code
    assert code not in {Exit.OK, Exit.DECLINED, Exit.UNAVAILABLE, Exit.TRY_AGAIN}


def test_a_sale_that_was_sent_is_never_told_as_never_sent_when_the_disk_fails_under_it(
    shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge = Simulator.make_transaction

    def refuse(*_: object) -> None:
        raise JournalUnavailableError("The journal cannot be used: disk I/O error.")

    async def break_disk(simulator: Simulator, authorization: str | None, body: bytes) -> object:
        for method in ("record", "open_exchange", "transaction", "in_states"):
            monkeypatch.setattr(Store, method, refuse)
        return await charge(simulator, authorization, body)

    monkeypatch.setattr(Simulator, "make_transaction", break_disk)
    for name, value in shop.environment.items():
        monkeypatch.setenv(name, value)
    code = command_line.main(["--config", str(shop.config), "sale", "--amount", "12.55"])
    (sale,) = shop.simulator.ledger.entries
    assert (code, shop.simulator.ledger.net_minor(sale)) == (75, 0)
