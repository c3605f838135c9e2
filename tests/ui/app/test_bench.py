"""The technician's bench: the real program in a real terminal, with a real simulator behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import KEY, Installation, installed
from support.terminal import Terminal, running

from kiosk_tui.diagnosis.chain import ORDER
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.journal.reader import Reader
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options

pytestmark = pytest.mark.journey

DOWN, UP = "\x1b[B", "\x1b[A"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=0.3, host_s=0.1)) as built:
        yield built


def _bench(shop: Installation) -> tuple[str, ...]:
    return ("--config", str(shop.config), "--mode", "technician")


def _types(shop: Installation) -> list[str]:
    return [one.message_type for one in shop.simulator.ledger.requests]


def _states(shop: Installation) -> list[State]:
    reader = Reader(shop.journal)
    states = [one.state for one in reader.transactions()]
    reader.close()
    return states


def _row(terminal: Terminal, title: str) -> str:
    """Return the line of the list that is about this link."""
    return next(line for line in terminal.screen.display if line[5:].startswith(title))


def _goes_to(terminal: Terminal, name: str) -> None:
    """Choose a link, one key after the other, as somebody does who looks for it."""
    for _ in ORDER:
        if any(line.strip()[2:].startswith(f"{name}  ") for line in terminal.screen.display[19:22]):
            return
        terminal.hears("2")
        terminal.quiet()
    raise AssertionError(terminal.text)


def _looked_at_all(terminal: Terminal) -> None:
    terminal.wait("Technician's bench", "The register is")
    terminal.hears("5")
    terminal.until(lambda: "NOT KNOWN YET" not in terminal.text, "every link looked at")
    terminal.until(lambda: "not looked at yet" not in terminal.text, "every link looked at")


def test_a_technician_looks_at_every_link_and_leaves(shop: Installation) -> None:
    with running(*_bench(shop), folder=shop.folder) as terminal:
        _looked_at_all(terminal)
        terminal.wait("! READY, WITH", "REMARK")
        _goes_to(terminal, "TLS")
        terminal.wait("! TLS")
        _goes_to(terminal, "Terminal")
        terminal.wait("+ Terminal", "ready (8018)")
        assert _types(shop) == ["9043"]
        terminal.leaves()
        assert terminal.ended() == 0
    assert _states(shop) == []


def test_the_culprit_is_chosen_and_says_what_to_do(shop: Installation) -> None:
    shop.simulator.set_options(authorization="another key")
    with running(*_bench(shop), folder=shop.folder) as terminal:
        _looked_at_all(terminal)
        terminal.wait("TECS refused the key (HTTP status 401).", "-> Look at auth.scheme")
        terminal.wait("x NOT READY: Key")
        # mended: the same link alone
        shop.simulator.set_options(authorization=None)
        terminal.hears("\r")
        terminal.wait("TECS takes the key")


def test_choosing_a_link_costs_a_slow_line_little(shop: Installation) -> None:
    with running(*_bench(shop), folder=shop.folder) as terminal:
        _looked_at_all(terminal)
        terminal.quiet()
        before = len(terminal.written)
        terminal.hears("2")
        terminal.wait("127.0.0.1 is an address already")
        terminal.hears(DOWN)
        terminal.wait("takes it")
        terminal.hears(UP)
        terminal.quiet()
        assert len(terminal.written) - before < 3 * 400


def test_the_test_sale_is_asked_for_shown_and_cancelled(shop: Installation) -> None:
    with running(*_bench(shop), folder=shop.folder) as terminal:
        terminal.wait("Technician's bench", "The register is ready")
        terminal.hears("8")
        terminal.hears("\r")
        terminal.wait("takes 0.01 EUR", "cancelled in any case", "begin the test sale")
        terminal.hears("\x1b")
        terminal.wait("5  look at all")
        assert _types(shop) == []
        terminal.hears("\r")
        terminal.wait("begin the test sale")
        terminal.hears("\r")
        terminal.wait("Technician's bench", "0.01 EUR approved, then cancelled")
        assert _row(terminal, "Test sale").startswith("   +")
    assert _states(shop) == [State.CANCELLED]
    assert [one.minor for one in shop.simulator.ledger.movements] == [1, -1]


def test_a_test_sale_without_an_answer_follows_its_cancellation(shop: Installation) -> None:
    shop.simulator.queue_fault(Fault.DROP_AFTER)
    with running(*_bench(shop), folder=shop.folder) as terminal:
        terminal.wait("Technician's bench", "The register is ready")
        terminal.hears("8")
        terminal.hears("\r")
        terminal.wait("begin the test sale")
        terminal.hears("\r")
        terminal.wait("Technician's bench", "No clear answer came, so it was cancelled")
    assert _states(shop) == [State.CANCELLED]


def test_a_request_is_shown_before_it_is_sent_and_its_answer_after(shop: Installation) -> None:
    with running(*_bench(shop), folder=shop.folder) as terminal:
        terminal.wait("Technician's bench", "The register is ready")
        terminal.hears("1")
        terminal.wait("terminal status: the request", "9043", "Authorization: ***", "88091105")
        assert _types(shop) == []
        terminal.hears("\r")
        terminal.wait("the answer", "HTTP status 200", "code 8018: the terminal is ready")
        terminal.wait("first byte", "whole")
        terminal.hears("3")
        terminal.wait("as it came", '"response_code": "8018"')
        assert _types(shop) == ["9043"]
        terminal.hears("6")
        terminal.hears("\r")
        terminal.wait("version: the answer", "tecsclientrest")
        terminal.hears("5")
        terminal.wait("version: how long it took", "3 exchanges")
        terminal.hears("\x1b")
        terminal.wait("Technician's bench")
        assert KEY.encode() not in bytes(terminal.written)


def test_the_sale_s_request_is_shown_before_and_its_masked_answer_after(shop: Installation) -> None:
    with running(*_bench(shop), folder=shop.folder) as terminal:
        terminal.wait("Technician's bench", "The register is ready")
        terminal.hears("1")
        terminal.wait("Exchanges")
        terminal.hears("6")
        terminal.hears("6")
        terminal.wait("sale: the request", "0001", "(a new one)", "TEST")
        assert _types(shop) == []
        terminal.hears("\r")
        terminal.wait("This would be sent, and cancelled in any case")
        terminal.hears("\r")
        terminal.wait("Technician's bench", "approved, then cancelled")
        terminal.hears("1")
        terminal.wait("Exchanges")
        terminal.hears("662")
        terminal.wait("sale: the answer", "411111******1111", "for money: approved")
        terminal.hears("6")
        terminal.wait("cancellation: the answer", "for money: confirmed")
        terminal.hears("1")
        terminal.wait("cancellation: the request", "0013", "TXID")


def test_beside_a_running_kiosk_the_bench_says_who_holds_the_journal(shop: Installation) -> None:
    assert shop.run("doctor", "--test-sale").returncode == 0
    held = WriterLock(shop.journal, "kiosk-tui run as user 7")
    try:
        with running(*_bench(shop), folder=shop.folder) as terminal:
            _looked_at_all(terminal)
            _goes_to(terminal, "Terminal")
            terminal.wait("ready (8018)")
            _goes_to(terminal, "Test sale")
            terminal.wait("The register is closed", "in use by kiosk-tui")
            terminal.hears("\r")
            terminal.quiet()
            assert "begin the test sale" not in terminal.text
    finally:
        held.release()
    assert len(_states(shop)) == 1


def test_the_service_key_asks_for_the_pin_and_leads_back_to_the_bench(shop: Installation) -> None:
    with running(*_bench(shop), "--demo", folder=shop.folder) as terminal:
        terminal.wait("Technician's bench", "The register is ready")
        terminal.hears("\x1b[24~")
        terminal.wait("Service PIN")
        terminal.hears("0000\r")
        terminal.wait("Test payment")
        terminal.hears("0")
        terminal.wait("Technician's bench")
