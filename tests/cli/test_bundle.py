"""The support bundle: all that support asks for, and no secret and no card in it, wherever one was planted."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.fakes import EUR, PLACE
from support.installation import KEY, Installation, installed

from kiosk_tui.cli import bundle
from kiosk_tui.config.load import load_anyway
from kiosk_tui.config.pin import hash_pin
from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.findings import bad
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import Order
from kiosk_tui.journal.store import Store
from kiosk_tui.session.bench import Scrubber, workbench
from kiosk_tui.session.launch import Launch
from kiosk_tui.simulator import answers
from kiosk_tui.simulator.answers import CARD, SHORT_CARD
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options

PARTS = {
    *("README.txt", "doctor.txt", "doctor.json", "configuration.txt", "journal.jsonl"),
    *("exchanges.jsonl", "line.json", "log.txt", "system.txt"),
}
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CARDS = (
    *("4111111111111111", "5500005555555559", "2221000000000009", "378282246310005"),
    *("6011000990139424", "30569309025904", "6759649826438453"),
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=0, host_s=0, card_form="pan")) as built:
        yield built


def unpacked(path: Path) -> dict[str, str]:
    """Return the parts by their name."""
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            return {Path(one).name: archive.read(one).decode() for one in archive.namelist()}
    with tarfile.open(path) as archive:
        found = {}
        for one in archive.getmembers():
            part = archive.extractfile(one)
            assert part is not None
            found[Path(one.name).name] = part.read().decode()
        return found


@pytest.mark.parametrize("name", ["b.zip", "b.tar.gz", "b.tgz"])
def test_a_bundle_holds_what_support_asks_for(shop: Installation, name: str) -> None:
    assert shop.run("sale", "--amount", "1.00").returncode == 0
    path = shop.folder / name
    code, told = shop.json("doctor", "--bundle", str(path))
    assert code == 0
    assert told["bundle"] == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    parts = unpacked(path)
    assert parts.keys() == PARTS
    assert json.loads(parts["doctor.json"])["verdict"] == "look"
    (sale,) = [json.loads(one) for one in parts["journal.jsonl"].splitlines()]
    assert sale["state"] == "APPROVED"
    assert sale["card"] == "411111******1111"
    assert [one["event"] for one in sale["events"]] == ["BEGUN", "APPROVED"]
    (sent,) = [json.loads(one) for one in parts["exchanges.jsonl"].splitlines()]
    assert sent["transaction_id"] == sale["id"]
    assert {one["kind"] for one in json.loads(parts["line.json"])} == {"version", "terminal status"}
    assert f"transaction {sale['id']} is APPROVED" in parts["log.txt"]
    assert 'terminal.number = "88091105"  # ' in parts["configuration.txt"]
    for fact in ("kernel", "release", "memory", "disk", "clock", "libraries", "LANG", "TERM"):
        assert fact in parts["system.txt"]


def test_a_broken_machine_gives_a_bundle_too(shop: Installation) -> None:
    shop.config.write_text("[kiosk\n")
    path = shop.folder / "b.zip"
    assert shop.run("doctor", "--bundle", str(path)).returncode == 78
    parts = unpacked(path)
    assert "It cannot be used:" in parts["configuration.txt"]
    assert "There is no journal" in parts["journal.jsonl"]
    assert "There is no log" in parts["log.txt"]


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("/nowhere")])
def test_nothing_is_written_over(shop: Installation, make: Any) -> None:
    path = shop.folder / "b.zip"
    make(path)
    done = shop.run("doctor", "--bundle", str(path))
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert not done.stdout
    assert not os.path.exists("/nowhere")  # noqa: PTH110
    assert path.is_symlink() or path.stat().st_size == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [("b.rar", "let it end in .zip or .tar.gz"), ("none/b.zip", "There is no folder")],
)
def test_a_name_that_cannot_be_written_is_refused_before_anything_is_looked_at(
    shop: Installation, name: str, words: str
) -> None:
    done = shop.run("doctor", "--bundle", str(shop.folder / name))
    assert done.returncode == 2
    assert words in done.stderr
    assert not shop.simulator.ledger.requests


# -- nothing secret --------------------------------------------------------------------------------


def test_whatever_a_host_sends_no_card_and_no_key_is_in_it(
    shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = answers.encode
    monkeypatch.setattr(
        answers,
        "encode",
        lambda told: plain(answers.card_data(told) if "response_code" in told else told),
    )
    for fault in (None, Fault.CUT, Fault.UNKNOWN_CODE, Fault.CARD_DATA, Fault.GARBAGE):
        if fault is not None:
            shop.simulator.queue_fault(fault)
        shop.run("sale", "--amount", "1.00")
    # what older versions let people type; a reason is refused today when it holds a card number
    with closing(sqlite3.connect(shop.journal)) as journal, journal:
        journal.execute("UPDATE transactions SET reason = ?, checksum = NULL", (f"card {CARD}",))
    journal.close()
    path = shop.folder / "b.zip"
    shop.run("doctor", "--bundle", str(path))
    parts = unpacked(path)
    assert "411111******1111" in parts["journal.jsonl"]
    for name, text in parts.items():
        for secret in (CARD, SHORT_CARD, CARD[:12], CARD[6:], "12/27", f"{CARD[:4]} ", KEY):
            assert secret not in text, f"{secret} in {name}"


_secret = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*"),
    min_size=12,
    max_size=60,
)
_card = st.sampled_from(CARDS)
_gap = st.sampled_from(["", " ", "-", "."])


# not shrunk: each example is a machine of its own, with a journal on its disk
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])
@given(
    key=_secret,
    client_secret=_secret,
    password=st.from_regex(r"pw[a-z0-9]{6,20}Z", fullmatch=True),
    card=_card,
    gap=_gap,
    expiry=st.sampled_from(["exp 12/27", "EXP: 2712", "valid thru 12/27"]),
    where=st.sampled_from(["file", "open file", "environment", "credential"]),
    usable=st.booleans(),
)
def test_no_planted_secret_is_in_a_bundle(
    *,
    key: str,
    client_secret: str,
    password: str,
    card: str,
    gap: str,
    expiry: str,
    where: str,
    usable: bool,
) -> None:
    number = gap.join(card[at : at + 4] for at in range(0, len(card), 4))
    note = f"card {number} {expiry} key {key} and {client_secret} http://me:{password}@proxy, {password}"
    with TemporaryDirectory() as named:
        folder = Path(named)
        environment = _planted(folder, where, key, client_secret)
        config = folder / "config.toml"
        config.write_text(_config(folder, where, password, usable=usable))
        _journal(folder / "journal.db", note)
        (folder / "kiosk-tui.log").write_text(f"2026-11-23 INFO {note}\nAuthorization: {key}\n")

        loaded, fault = load_anyway(config, environment)
        launch = Launch(loaded, demo=False, command="test", environment=environment)
        bench = workbench(launch, fault, screen=(0, "utf-8"))
        bench.examination.found[Link.TERMINAL] = bad(Link.TERMINAL, note, note)
        path = folder / "b.zip"
        bundle.write(path, launch, fault, bench.examination)
        parts = unpacked(path)

    assert "TEST" in parts["journal.jsonl"]
    hidden = (key, client_secret, password, PIN, *PIN.split("$")[1:], number, card)
    for name, text in parts.items():
        # a machine has figures of its own: a process, a load, a free disk
        expiries = (expiry, "12/27") if name == "system.txt" else (expiry, "12/27", "2712")
        for secret in (*hidden, *expiries, json.dumps(key)[1:-1]):
            assert secret not in text, f"{secret} in {name}"


PIN = hash_pin("123456")


def _planted(folder: Path, where: str, key: str, client_secret: str) -> dict[str, str]:
    environment = {"PATH": os.environ["PATH"], "STATE_DIRECTORY": str(folder)}
    secrets = {"authkey": key, "client_secret": client_secret}
    if where == "environment":
        names = {"authkey": "KIOSK_TUI_AUTH__KEY", "client_secret": "KIOSK_TUI_AUTH__CLIENT_SECRET"}
        return environment | {names[name]: text for name, text in secrets.items()}
    for name, text in secrets.items():
        file = folder / name
        file.write_text(text + "\n")
        file.chmod(0o644 if where == "open file" else 0o600)
    more = {"CREDENTIALS_DIRECTORY": str(folder)} if where == "credential" else {}
    return environment | more


def _config(folder: Path, where: str, password: str, *, usable: bool) -> str:
    files = (
        ""
        if where in ("environment", "credential")
        else (f'key_file = "{folder}/authkey"\nclient_secret_file = "{folder}/client_secret"')
    )
    return f"""[kiosk]
idle_s = {60 if usable else 1}
service_pin_hash = "{PIN}"
[terminal]
url = "https://127.0.0.1:9/tecsclientrest"
number = "88091105"
proxy = "http://me:{password}@127.0.0.1:9"
[auth]
scheme = "oauth"
user = "museum"
client_id = "kiosk"
token_url = "https://127.0.0.1:9/token"
{files}
"""


def _journal(path: Path, note: str) -> None:
    store = Store(path)
    order = Order(Operation.SALE, Money(100, EUR), PLACE, reason="TEST", receipt_number=note)
    begun, _ = store.begin(replace(order, personal_id=note), 100, NOW)
    after, _ = begun.after(Event.OUTCOME_UNKNOWN, NOW)
    store.record(begun.state, replace(after, why=note, note=note), Event.OUTCOME_UNKNOWN)
    store.close()


def test_the_control_a_bundle_that_is_not_scrubbed_would_be_found_guilty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scrubber, "text", lambda _self, text: text)
    monkeypatch.setattr(Scrubber, "secrets", lambda _self, text: text)
    with pytest.raises(AssertionError, match=" in "):
        test_no_planted_secret_is_in_a_bundle()
