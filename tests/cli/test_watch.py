"""`kiosk-tui watch` on a real register in another process."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.api import Served, eventually, serving
from support.installation import Installation, installed
from support.terminal import running

from kiosk_tui.journal.lock import WriterLock
from kiosk_tui.remote.sockets.places import listening
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Screen

pytestmark = pytest.mark.journey


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path, Options(card_s=1000, host_s=0)) as built:
        yield built


def _paying(served: Served) -> bool:
    return served.installed.simulator.terminal.screen is Screen.WAITING_FOR_CARD


def test_where_nothing_runs_it_says_so_and_shows_what_the_journal_says(shop: Installation) -> None:
    none = shop.run("watch", "--once")
    assert none.returncode == 69
    assert "Nothing runs on" in none.stdout
    assert "There is no journal at" in none.stdout
    shop.simulator.set_options(card_s=0)
    assert shop.run("sale", "--amount", "12.55").returncode == 0
    done = shop.run("watch")  # no terminal: once
    assert done.returncode == 69
    assert "Open      nothing" in done.stdout
    assert "sale 12.55 EUR   + approved" in done.stdout
    stream = shop.run("watch", "--json")
    assert stream.returncode == 69
    assert "Nothing runs on" in stream.stderr


def test_a_holder_that_cannot_be_watched_is_named_and_not_disturbed(shop: Installation) -> None:
    lock = WriterLock(shop.journal, "kiosk-tui sale as user 7")
    done = shop.run("watch", "--once")
    lock.release()
    assert done.returncode == 69
    assert "is held by kiosk-tui sale as user 7 (process" in done.stdout


def test_a_holder_of_another_version_is_named_and_not_waited_for(shop: Installation) -> None:
    lock = WriterLock(shop.journal, "kiosk-tui run as user 7")
    old = listening(shop.journal.with_name("journal.db.watch"))
    done, stream = shop.run("watch", "--once"), shop.run("watch", "--json")
    old.close()
    lock.release()
    assert (done.returncode, stream.returncode) == (69, 69)
    assert "is held by kiosk-tui run as user 7 (process" in done.stdout
    assert "It runs an older version of this program" in done.stdout
    assert "It runs an older version of this program" in stream.stderr


def test_a_register_that_was_stopped_is_told_and_not_waited_for(shop: Installation) -> None:
    with serving(shop) as served:
        served.process.send_signal(signal.SIGSTOP)
        try:
            done = shop.run("watch", "--once")
            stream = shop.run("watch", "--once", "--json")
            other = shop.run("recover")
        finally:
            served.process.send_signal(signal.SIGCONT)
    assert done.returncode == 69
    assert "is held by kiosk-tui serve" in done.stdout
    assert "its process stands still" in done.stdout
    assert (stream.returncode, other.returncode) == (69, 75)
    assert "its process stands still" in stream.stderr


def test_a_running_register_is_seen_once_and_as_json(shop: Installation) -> None:
    with serving(shop) as served, served.connect() as api:
        began = api.begin("1")
        eventually(lambda: _paying(served))
        done = shop.run("watch", "--once")
        assert done.returncode == 0
        assert "sale 12.55 EUR   > under way" in done.stdout
        code, told = shop.json("watch", "--once")
        assert (code, told["current"]["state"]) == (0, "AUTHORIZING")
        shop.simulator.terminal.present_card()
        assert api.ended(began)["paid"]


def test_it_is_drawn_live_survives_the_registers_end_and_is_left_with_a_key(
    shop: Installation,
) -> None:
    arguments = ("--config", str(shop.config), "watch")
    with running(*arguments, folder=shop.folder) as terminal:
        terminal.wait("Nothing runs on", "[q] leave")
        with serving(shop) as served, served.connect() as api:
            terminal.wait("kiosk-tui serve as user", "no payment runs")
            api.begin("1")
            terminal.wait("sale 12.55 EUR   > under way", " left")
            assert 0 < terminal.pump(3.0) < 400  # a few figures each second
            shop.simulator.terminal.present_card()
            terminal.wait("no payment runs", "+ approved")
            assert json.loads(shop.run("watch", "--once", "--json").stdout)["open"]
        terminal.wait("Nothing runs on")
        terminal.type("q")
        assert terminal.ended() == 0
        assert terminal.written.endswith(b"\x1b[?1049l")
