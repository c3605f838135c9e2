"""`kiosk-tui scenario run` as a technician uses it: on the simulator, and at a terminal with real money.

The "terminal" is a simulator behind a real socket and a real configuration: to the register it is one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from support import warm
from support.installation import Installation, installed
from support.terminal import DEADLINE_S, running

from kiosk_tui.cli.main import main
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.journal.reader import Reader
from kiosk_tui.lab.acceptance import run
from kiosk_tui.lab.acceptance.undoing import TO_UNDO
from kiosk_tui.simulator.host import Host
from kiosk_tui.simulator.ledger import HostLedger, Status
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

SALES = """
title = "A shop"
[[step]]
name = "sale1"
operation = "sale"
amount = "12.55"
[[step]]
name = "kept"
operation = "sale"
amount = "1"
keep = true
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture
def slow_shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        yield built


def written(folder: Path, text: str) -> str:
    path = folder / "shop.toml"
    path.write_text(text)
    return str(path)


def recorded(shop: Installation) -> list[Transaction]:
    reader = Reader(shop.journal)
    try:
        return sorted(reader.transactions(), key=lambda one: one.id)
    finally:
        reader.close()


def stayed(ledger: HostLedger) -> int:
    return sum(one.minor for one in ledger.movements)


def requests(shop: Installation) -> int:
    return len(shop.simulator.ledger.requests)


def alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program where there is no configuration."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    return warm.run(["scenario", "run", *arguments], environment)


class TestOnTheSimulator:
    @pytest.mark.parametrize(
        "name",
        [
            *("all-operations", "refusals"),
            *(pytest.param(one, marks=pytest.mark.journey) for one in ("on-site", "lost-answers")),
        ],
    )
    def test_each_shipped_scenario_passes_in_a_table_of_80_columns(
        self, tmp_path: Path, name: str
    ) -> None:
        done = alone(tmp_path, name, "--junit", str(tmp_path / "report.xml"))
        assert done.returncode == 0, done.stdout + done.stderr
        lines = done.stdout.splitlines()
        assert max(map(len, lines)) < 80
        assert set(done.stdout) <= {*map(chr, range(32, 127)), "─", "\n"}
        assert "built-in simulator. There is no configuration" in " ".join(lines)
        assert "No money moves." in done.stdout
        rows = [line for line in lines if re.match(r" {0,2}[0-9]+ ", line)]
        assert all(line.endswith("s ok") for line in rows)
        assert lines[-1].startswith("PASSED: ")
        (suite,) = ET.parse(tmp_path / "report.xml").getroot()  # noqa: S314 - our own
        assert suite.attrib["failures"] == "0"
        assert int(suite.attrib["tests"]) == len(rows) + 1
        # nothing is left of the scratch journal, and there is no other one
        assert [one.name for one in tmp_path.iterdir()] == ["report.xml"]

    def test_what_ends_otherwise_is_told_and_exits_with_1(self, tmp_path: Path) -> None:
        text = SALES + (
            'expect = "declined"\n[[step]]\nname = "after"\noperation = "cancellation"\nof = "kept"\n'
        )
        done = alone(tmp_path, written(tmp_path, text), "--json")
        assert done.returncode == 1
        *rows, last = map(json.loads, done.stdout.splitlines())
        assert [row["passed"] for row in rows] == [True, False, False, True]
        assert rows[1]["found"] == ["It ended as approved, not as declined: APPROVED."]
        assert (rows[2]["got"], rows[2]["played"]) == ("not played", False)
        assert rows[3]["undoing"]
        assert rows[0]["transaction"]["reason"] == TO_UNDO
        assert (last["verdict"], last["failed"], last["steps"]) == ("failed", 2, 3)

    def test_another_code_than_the_expected_one_is_told(self, tmp_path: Path) -> None:
        text = SALES + 'expect = "declined"\ncode = "51"\nsimulator = { decline = "54" }\n'
        done = alone(tmp_path, written(tmp_path, text))
        assert done.returncode == 1
        assert "It ended with code 54, not with 51." in done.stdout

    def test_the_real_register_and_its_terminal_are_left_alone(self, shop: Installation) -> None:
        path = written(shop.folder, SALES)
        done = shop.run("scenario", "run", path, "--against", "simulator")
        assert done.returncode == 0
        assert "There is no configuration" not in done.stdout
        assert requests(shop) == 0
        assert not shop.journal.exists()

    def test_it_reads_the_codes_as_the_configuration_does(self, shop: Installation) -> None:
        shop.configure(codes='payment = { declined = ["4711"] }')
        text = SALES + (
            'expect = "declined"\ncode = "4711"\nsimulator = { fault = "unknown_code" }\n'
        )
        done = shop.run(
            "scenario", "run", written(shop.folder, text), "--against", "simulator", "--json"
        )
        rows = list(map(json.loads, done.stdout.splitlines()))
        # what the configuration calls a decline was charged here: the ledger shows that it lies
        assert rows[1]["got"] == "declined 4711"
        assert "is DECLINED, but TECS holds 100." in rows[1]["found"][0]

    def test_a_tecs_that_says_cancelled_and_keeps_the_money_is_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr(Host, "cancel", lambda *_: "0")
        assert main(["scenario", "run", written(tmp_path, SALES)]) == 1
        said = " ".join(capsys.readouterr().out.split())
        assert "is CANCELLED, but TECS holds 1255." in said
        assert "FAILED: " in said

    def test_a_fault_of_ours_in_the_middle_takes_back_what_there_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        compared = run._compared

        def fails(step: Any, ended: Any) -> Any:
            if step.name == "kept":
                raise RuntimeError("a fault of ours")
            return compared(step, ended)

        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr(run, "_compared", fails)
        assert main(["scenario", "run", written(tmp_path, SALES)]) == 70
        said = capsys.readouterr()
        assert re.search(r"sale1 +cancel +cancelled +cancelled +0\.00", said.out)
        assert "Traceback" not in said.err


class TestAtATerminal:
    def test_what_is_left_approved_is_cancelled_at_the_end_unless_it_is_kept(
        self, shop: Installation
    ) -> None:
        done = shop.run("scenario", "run", written(shop.folder, SALES))
        assert done.returncode == 0, done.stdout
        said = " ".join(done.stdout.split())
        assert f"against the terminal 88091105 at {shop.url}" in said
        assert "MONEY MOVES: up to 13.55 EUR is charged" in said
        assert f"recorded in {shop.journal}" in said
        assert "Kept, as the file says: kept (1.00 EUR)." in said
        assert said.index("MONEY MOVES") < said.index("sale 12.55")
        assert [one.state for one in recorded(shop)] == [State.CANCELLED, State.APPROVED]
        assert stayed(shop.simulator.ledger) == 100

    def test_what_was_refunded_in_part_is_refunded_whole(self, shop: Installation) -> None:
        text = SALES + (
            '[[step]]\noperation = "referenced_refund"\nof = "sale1"\namount = "2.55"\n'
        )
        done = shop.run("scenario", "run", written(shop.folder, text))
        assert done.returncode == 0, done.stdout
        assert "Refunds of up to 2.55 EUR cannot be taken back." in " ".join(done.stdout.split())
        assert stayed(shop.simulator.ledger) == 100

    def test_a_refused_cancellation_at_the_end_is_told_and_exits_with_1(
        self, shop: Installation
    ) -> None:
        shop.simulator.set_options(cleared=True)
        done = shop.run("scenario", "run", written(shop.folder, SALES))
        assert done.returncode == 1
        assert "It could not be taken back" in done.stdout
        assert [one.state for one in recorded(shop)] == [State.NEEDS_STAFF, State.APPROVED]

    def test_what_only_the_simulator_can_play_is_left_out_or_refused(
        self, shop: Installation
    ) -> None:
        text = SALES + 'simulator = { fault = "cut" }\n'
        done = shop.run("scenario", "run", written(shop.folder, text))
        assert done.returncode == 0
        assert "Only for the other side, and left out: kept." in done.stdout
        before = requests(shop)
        only = '[[step]]\noperation = "sale"\namount = "1"\nsimulator = { fault = "cut" }\n'
        refused = shop.run("scenario", "run", written(shop.folder, only))
        assert refused.returncode == 2
        assert "add --against simulator" in refused.stderr
        assert requests(shop) == before

    @pytest.mark.journey
    def test_a_person_is_asked_before_each_card_and_types_enter(self, shop: Installation) -> None:
        text = SALES.replace('"12.55"', '"12.55"\nask = "Hold your card to the reader."')
        path = written(shop.folder, text)
        with running(
            "--config", str(shop.config), "scenario", "run", path, folder=shop.folder
        ) as desk:
            desk.wait("MONEY MOVES", "Enter begins, Ctrl-C leaves it.")
            assert requests(shop) == 0
            desk.type("\r")
            desk.wait(
                "At the terminal, for sale 12.55: Hold your card to the reader.",
                "Enter when you are ready.",
            )
            assert requests(shop) == 0
            desk.type("\r")
            desk.wait("for sale 1.00: Present a card.")
            desk.type("\r")
            assert desk.ended() == 0
            assert "PASSED: 2 of 2 steps as expected" in desk.text
        assert stayed(shop.simulator.ledger) == 100

    @pytest.mark.journey
    @pytest.mark.parametrize("key", ["\x03", "\x04"])
    def test_whoever_leaves_before_it_begins_has_sent_nothing(
        self, shop: Installation, key: str
    ) -> None:
        path = written(shop.folder, SALES)
        with running(
            "--config", str(shop.config), "scenario", "run", path, folder=shop.folder
        ) as desk:
            desk.wait("Enter begins, Ctrl-C leaves it.")
            desk.type(key)
            assert desk.ended() == 130
            assert "STOPPED before its end" in desk.text
            assert "Traceback" not in desk.text
        assert requests(shop) == 0

    @pytest.mark.journey
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_one_that_is_stopped_gives_up_and_takes_back_what_it_had(
        self, slow_shop: Installation, how: signal.Signals
    ) -> None:
        path = written(slow_shop.folder, SALES)
        process = started(slow_shop, path)
        at_the_terminal(slow_shop, process)
        assert slow_shop.simulator.terminal.present_card()
        at_the_terminal(slow_shop, process, entries=1)
        process.send_signal(how)
        out, err = process.communicate(timeout=DEADLINE_S)
        assert process.returncode == 130, out + err
        assert "STOPPED before its end" in out
        assert [one.state for one in recorded(slow_shop)] == [State.CANCELLED, State.DECLINED]
        assert stayed(slow_shop.simulator.ledger) == 0

    @pytest.mark.journey
    def test_one_whose_reader_is_gone_takes_back_what_it_had(self, slow_shop: Installation) -> None:
        process = started(slow_shop, written(slow_shop.folder, SALES))
        at_the_terminal(slow_shop, process)
        assert process.stdout is not None
        process.stdout.close()
        for entries in range(2):
            at_the_terminal(slow_shop, process, entries=entries)
            assert slow_shop.simulator.terminal.present_card()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        process.stderr.close()
        assert process.wait(DEADLINE_S) == 0
        assert [one.state for one in recorded(slow_shop)] == [State.CANCELLED, State.APPROVED]

    @pytest.mark.journey
    def test_what_a_killed_one_left_approved_is_taken_back_by_the_next_one(
        self, slow_shop: Installation
    ) -> None:
        process = started(slow_shop, written(slow_shop.folder, SALES))
        at_the_terminal(slow_shop, process)
        assert slow_shop.simulator.terminal.present_card()
        at_the_terminal(slow_shop, process, entries=1)
        process.kill()
        process.communicate()
        assert recorded(slow_shop)[0].state is State.APPROVED
        slow_shop.simulator.terminal.press_cancel()
        until(lambda: slow_shop.simulator.terminal.screen is Screen.IDLE)
        slow_shop.simulator.set_options(card_s=0)
        done = slow_shop.run("scenario", "run", written(slow_shop.folder, SALES))
        assert done.returncode == 0, done.stdout
        assert "What was left approved is taken back" in done.stdout
        states = [one.state for one in recorded(slow_shop)]
        assert states.count(State.APPROVED) == 1
        assert states[0] is State.CANCELLED
        assert stayed(slow_shop.simulator.ledger) == 100


class TestRefused:
    """Nothing is sent, and one sentence says why."""

    @pytest.mark.parametrize(
        ("text", "code", "words"),
        [
            (SALES.replace("12.55", "12.5O"), 65, "shop.toml, line 6, step 1 'sale1': amount: "),
            (SALES.replace("keep", "kepe"), 65, "line 11, step 2 'kept': 'kepe' is not a key"),
            (SALES + "[[stpe]]\n", 65, "'stpe' is not a key of a scenario"),
            ("[[step]\n", 65, "is not valid TOML"),
        ],
    )
    def test_a_wrong_file(self, shop: Installation, text: str, code: int, words: str) -> None:
        done = shop.run("scenario", "run", written(shop.folder, text))
        assert done.returncode == code
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""
        assert requests(shop) == 0
        assert not shop.journal.exists()

    @pytest.mark.parametrize(
        ("arguments", "code", "words"),
        [
            (("refusal",), 2, "did you mean refusals"),
            (("nowhere.toml",), 2, "nowhere.toml cannot be read: No such file"),
            ((), 2, "--list shows those that are shipped"),
            (("on-site", "--junit", "nowhere/x.xml"), 2, "nowhere/x.xml cannot be written"),
            (("on-site", "--against", "terminal"), 78, "no configuration that names a terminal"),
        ],
    )
    def test_what_there_is_not(
        self, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
    ) -> None:
        done = alone(tmp_path, *arguments)
        assert done.returncode == code
        assert words in done.stderr
        assert done.stdout == ""

    def test_a_register_that_is_in_use(self, shop: Installation) -> None:
        with contextlib.closing(_Held(shop)):
            done = shop.run("scenario", "run", written(shop.folder, SALES))
        assert done.returncode == 69
        assert requests(shop) == 0

    def test_a_tecs_that_is_away(self, shop: Installation) -> None:
        shop.stop()
        done = shop.run("scenario", "run", written(shop.folder, SALES))
        assert done.returncode == 69
        assert "Nothing was sent" in done.stderr


def test_the_list_names_what_is_shipped_and_a_scenario_s_steps(tmp_path: Path) -> None:
    names = alone(tmp_path, "--list")
    assert names.returncode == 0
    assert re.findall(r"^(\S+) ", names.stdout, re.MULTILINE) == [
        *("Name", "all-operations", "lost-answers", "on-site", "refusals")
    ]
    steps = alone(tmp_path, "all-operations", "--list")
    assert re.search(r"14 moto +moto 6.00 +approved +simulator only", steps.stdout)


class _Held:
    def __init__(self, shop: Installation) -> None:
        self._lock = WriterLock(shop.journal, "another register")

    def close(self) -> None:
        self._lock.release()


def started(shop: Installation, path: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _UNIGNORED, "--config", str(shop.config), "scenario", "run", path],
        env=shop.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


_UNIGNORED = """
import signal, sys
for number in (signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)  # whoever runs tests in the background ignores them
from kiosk_tui.__main__ import main
sys.exit(main())
"""


def at_the_terminal(shop: Installation, process: subprocess.Popen[Any], entries: int = 0) -> None:
    """Wait until the next card is asked for, with so many transactions approved before it."""

    def there() -> bool:
        assert process.poll() is None, process.communicate()
        ledger = shop.simulator.ledger
        good = [one for one in ledger.entries.values() if one.status is Status.APPROVED]
        return len(good) == entries and shop.simulator.terminal.screen is Screen.WAITING_FOR_CARD

    until(there)


def until(condition: Any) -> None:
    import time  # noqa: PLC0415

    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
