"""Card data and keys: pushed through every path, then looked for in everything that was written.

The host answers with full card numbers, expiries and track data in every field, in approvals,
declines, cancellations and broken answers; the files, logs, outputs and screens must hold at most
the first six and last four digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.installation import KEY, Installation, installed
from support.terminal import running

from kiosk_tui.simulator import answers
from kiosk_tui.simulator.answers import CARD, EXPIRY, SHORT_CARD, HostReply
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.tecs import Simulator

TRACK = f"{CARD}={EXPIRY}1010000012345678"
FORBIDDEN = (
    CARD,
    SHORT_CARD,
    CARD[:12],
    CARD[6:],
    f"{CARD[:4]} {CARD[4:8]}",
    TRACK,
    "12/27",
    EXPIRY,
    KEY,
)


@pytest.fixture
def leaky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """Serve a host that says far too much in every answer, whatever it is about."""
    plain = answers.encode
    monkeypatch.setattr(
        answers,
        "encode",
        lambda told: plain(answers.card_data(told) if "response_code" in told else told),
    )
    with installed(tmp_path, Options(card_s=0, host_s=0, card_form="pan")) as built:
        yield built


def _everything(shop: Installation) -> dict[str, str]:
    skip = {"config.toml", "authkey"}
    return {
        str(path): path.read_bytes().decode("latin-1")
        for path in shop.folder.rglob("*")
        if path.is_file() and path.name not in skip
    }


def _clean(name: str, text: str) -> None:
    for secret in FORBIDDEN:
        # an id of ours may hold these four digits by chance: it begins with the date
        stripped = _without_ids(text) if secret == EXPIRY else text
        assert secret not in stripped, f"{secret} in {name}"


def _without_ids(text: str) -> str:
    import re  # noqa: PLC0415

    return re.sub(
        r"20\d{12,15}|\d{2}:\d{2}:\d{2}\.\d+|20\d\d-\d\d-\d\d|127\.0\.0\.1:\d+|process \d+",
        "",
        text,
    )


def test_no_card_number_expiry_or_key_reaches_a_file_a_log_or_an_output(
    leaky: Installation,
) -> None:
    simulator = leaky.simulator
    printed = []

    def run(*arguments: str) -> None:
        done = leaky.run(*arguments)
        printed.append(done.stdout + done.stderr)

    run("sale", "--amount", "1.00", "--json")
    run("sale", "--amount", "1.00", "--tip", "0.50")
    run("moto", "--amount", "2", "--card-reference", f"REF20117_{EXPIRY}_{CARD[-4:]}_{CARD[:6]}")
    run("moto", "--amount", "2", "--card-reference", CARD)
    run("preauth", "--amount", "3")
    run("refund", "--amount", "1")
    simulator.queue(Behaviour(decline="51"))
    run("sale", "--amount", "1.00", "--json")
    for fault in (
        Fault.CUT,
        Fault.GATEWAY_AFTER,
        Fault.OTHER_ID,
        Fault.UNKNOWN_CODE,
        Fault.DROP_AFTER,
    ):
        simulator.queue_fault(fault)
        run("sale", "--amount", "1.00", "--json")
    run("recover", "--json")
    run("journal", "list")
    run("journal", "export")
    run("journal", "export", "--format", "csv")
    run("config", "show")
    for line in printed[0].splitlines():
        number = line.split('"id": "')[1].split('"')[0]
        run("journal", "show", number)
        run("journal", "show", number, "--json")
        run("receipt", number)
    assert "411111******1111" in "".join(printed)
    for name, text in _everything(leaky).items():
        _clean(name, text)
    for text in printed:
        _clean("an output", text)


@pytest.mark.journey
def test_no_card_number_expiry_or_key_reaches_the_screen(leaky: Installation) -> None:
    with running("--config", str(leaky.config), folder=leaky.folder) as terminal:
        for amount in ("100", "8055"):
            terminal.wait("Pay by card")
            terminal.hears(amount[0])
            terminal.wait("How much would you like to pay?")
            terminal.hears(amount[1:] + "\r")
            terminal.wait("add a tip")
            terminal.hears("0")
            terminal.wait("Reference")
            terminal.hears("\r")
        terminal.quiet()
        _clean("the screen", terminal.written.decode())
    for name, text in _everything(leaky).items():
        _clean(name, text)


def test_the_control_the_host_really_says_it_all(leaky: Installation) -> None:
    told = answers.encode(answers.bare("0", "1")).decode()
    assert CARD in told
    assert TRACK in told
    assert isinstance(Simulator().version(), HostReply)
    assert leaky.url


def test_a_traceback_in_the_log_shows_no_local_variable(tmp_path: Path) -> None:
    import logging  # noqa: PLC0415

    from kiosk_tui.observe import logs  # noqa: PLC0415

    logs.to_file(tmp_path / "log")
    try:
        secret = TRACK
        assert secret
        raise RuntimeError("boom")
    except RuntimeError:
        logging.getLogger("kiosk_tui.test").exception("failed")
    text = (tmp_path / "log").read_text()
    assert "boom" in text
    _clean("the log", text)
