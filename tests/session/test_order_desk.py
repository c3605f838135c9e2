"""Head office's commands at a running register: done where nobody pays, once, and no money moves."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.commands import command, enrolled, now, told
from support.fakes import order
from support.installation import Installation, installed

from kiosk_tui import subprocesses
from kiosk_tui.config.load import load
from kiosk_tui.config.overlay import Overlay, overlay_file, read, write
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.fleet.orders import tasks
from kiosk_tui.fleet.orders.order import VERBS
from kiosk_tui.fleet.orders.orders import Orders
from kiosk_tui.fleet.orders.tasks import NOT_FINISHED
from kiosk_tui.payment.readiness import ClosingNotice, Obstacle
from kiosk_tui.payment.register import Register
from kiosk_tui.session import errands, order_desk, trial
from kiosk_tui.session.command import opened as opened_for_command
from kiosk_tui.session.front import SERVE, Reason, Reloading, ReloadRefused
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.session import Session


class Counter:
    """A front at which somebody may be busy."""

    failed = False

    def __init__(self) -> None:
        self.resting = True
        self.left: list[Reason] = []
        self.heard: list[object] = []

    async def alive(self) -> bool:
        return True

    async def attach(self, opened: OpenRegister) -> None:
        """Need nothing of it."""

    def told(self, news: object) -> None:
        self.heard.append(news)

    def leave(self, why: Reason) -> None:
        self.left.append(why)


class Kiosk:
    """An installation of a head office's, and its register while it runs."""

    def __init__(self, shop: Installation) -> None:
        self.shop = shop
        self.folder = enrolled(shop.journal)
        self.front = Counter()
        self._n = 0

    def launch(self) -> Launch:
        environment = self.shop.environment
        return Launch(load(self.shop.config, environment), False, "a test", environment)

    def order(self, verb: str, **body: Any) -> int:
        """Let the shipper take a command; return its number."""
        self._n += 1
        Orders(self.folder, now).take(command(self._n, verb, **body))
        return self._n

    @contextlib.asynccontextmanager
    async def runs(self) -> AsyncIterator[Register]:
        self.front = Counter()
        async with Session(self.front, SERVE) as session:
            session.begin(self.launch)
            yield (await session.open()).register

    async def outcome(self, n: int) -> tuple[bool, str]:
        """Wait for what comes of a command, and forget it as head office does."""
        found: list[tuple[bool, str]] = []

        def there() -> bool:
            found[:] = [(ok, sentence) for one, ok, sentence in told(self.folder) if one == n]
            return bool(found)

        await until(there)
        shipper = Orders(self.folder, now)
        shipper.told(shipper.outcomes())
        return found[0]

    @property
    def name(self) -> str:
        """What is configured as the name now."""
        return self.launch().config.kiosk.name


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kiosk]:
    monkeypatch.setattr(order_desk, "LOOK_S", 0.01)
    monkeypatch.setattr(order_desk, "ALONE_S", 0.01)
    monkeypatch.setattr(trial, "STEADY_S", 0.0)
    with installed(tmp_path) as shop:
        shop.configure(kiosk='name = "Own"')
        yield Kiosk(shop)


# -- close and open ---------------------------------------------------------------------------------


async def test_closing_is_seen_while_it_runs_survives_a_restart_and_is_ended_by_open(
    kiosk: Kiosk,
) -> None:
    async with kiosk.runs() as register:
        assert register.readiness.open
        kiosk.order("close", sentence="Back at noon.")
        await until(lambda: not register.readiness.open)
        assert register.readiness.notice == ClosingNotice("Back at noon.")
    async with kiosk.runs() as register:
        assert register.readiness.obstacle is Obstacle.CLOSED_BY_OFFICE
        kiosk.order("open")
        await until(lambda: register.readiness.open)


async def test_a_single_command_finds_it_closed_too(kiosk: Kiosk) -> None:
    kiosk.order("close", sentence="Back at noon.")
    async with opened_for_command(kiosk.launch()) as register:
        assert register.readiness.obstacle is Obstacle.CLOSED_BY_OFFICE


async def test_a_kiosk_that_leaves_its_fleet_is_open_and_one_that_joins_is_seen(
    kiosk: Kiosk,
) -> None:
    kiosk.order("close", sentence="Back at noon.")
    office = kiosk.folder.office.read_text()
    kiosk.folder.office.unlink()
    async with kiosk.runs() as register:
        assert register.readiness.open
        kiosk.folder.office.write_text(office)
        await until(lambda: not register.readiness.open)
        kiosk.folder.office.unlink()
        await until(lambda: register.readiness.open)


# -- configuration ----------------------------------------------------------------------------------


async def test_a_configuration_is_taken_by_beginning_anew_and_kept_once_it_is_ready(
    kiosk: Kiosk,
) -> None:
    async with kiosk.runs():
        n = kiosk.order("configuration", settings={"kiosk.name": "Office"})
        await until(lambda: kiosk.front.left)
        assert isinstance(kiosk.front.left[0], Reloading)
        assert not told(kiosk.folder)
    async with kiosk.runs():
        assert await kiosk.outcome(n) == (True, "It is in use.")
        assert kiosk.name == "Office"
        n = kiosk.order("configuration", settings={"kiosk.name": "Office"})
        assert await kiosk.outcome(n) == (True, "It is so already.")
        n = kiosk.order("configuration")
        await until(lambda: kiosk.front.left)
    async with kiosk.runs():
        assert await kiosk.outcome(n) == (True, "It is in use.")
        assert kiosk.name == "Own"


async def test_a_kiosk_that_leaves_its_fleet_goes_back_to_its_own_configuration(
    kiosk: Kiosk,
) -> None:
    file = overlay_file(kiosk.shop.journal)
    write(file, Overlay(n=1, settings={"kiosk.name": "Office"}))
    async with kiosk.runs():
        kiosk.folder.office.unlink()
        await until(lambda: kiosk.front.left)
        assert isinstance(kiosk.front.left[0], Reloading)
    assert kiosk.name == "Own"


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"terminal.amount_max": "5000"}, "head office may lower it only"),
        ({"terminal.amount_max": "0.001"}, "terminal.amount_max (from head office)"),
    ],
)
async def test_one_that_does_not_go_with_the_kiosks_own_is_refused_and_the_old_one_stays(
    kiosk: Kiosk, settings: dict[str, Any], why: str
) -> None:
    async with kiosk.runs():
        n = kiosk.order("configuration", settings={"kiosk.name": "Office", **settings})
        ok, sentence = await kiosk.outcome(n)
        assert not ok
        assert why in sentence
        assert not kiosk.front.left
    assert kiosk.name == "Own"
    assert read(overlay_file(kiosk.shop.journal)) is None


async def test_one_with_which_a_screen_fails_goes_by_itself(kiosk: Kiosk) -> None:
    async with kiosk.runs():
        n = kiosk.order("configuration", settings={"kiosk.name": "Office"})
        await until(lambda: kiosk.front.left)
    Counter.failed = True
    try:
        async with kiosk.runs():
            ok, sentence = await kiosk.outcome(n)
            assert not ok
            assert "a screen failed" in sentence
            await until(lambda: kiosk.front.left)
            assert isinstance(kiosk.front.left[0], Reloading)
    finally:
        Counter.failed = False
    assert kiosk.name == "Own"


async def test_one_that_comes_during_a_trial_waits_for_its_end(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with kiosk.runs():
        first = kiosk.order("configuration", settings={"kiosk.name": "First"})
        await until(lambda: kiosk.front.left)
    monkeypatch.setattr(trial, "STEADY_S", 1e9)
    async with kiosk.runs():
        second = kiosk.order("configuration", settings={"kiosk.name": "Second"})
        other = kiosk.order("ask-terminal")
        assert (await kiosk.outcome(other))[0]
        assert not told(kiosk.folder)
        monkeypatch.setattr(trial, "STEADY_S", 0.0)
        assert await kiosk.outcome(first) == (True, "It is in use.")
        await until(lambda: kiosk.front.left)
    async with kiosk.runs():
        assert await kiosk.outcome(second) == (True, "It is in use.")
    assert kiosk.name == "Second"


async def test_a_file_that_breaks_meanwhile_refuses_the_reload_and_what_was_before_stays(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = trial.begin

    def breaks(*given: Any) -> None:
        begin(*given)
        with kiosk.shop.config.open("a") as file:
            file.write("nonsense = 1\n")

    monkeypatch.setattr(trial, "begin", breaks)
    async with kiosk.runs():
        n = kiosk.order("configuration", settings={"kiosk.name": "Office"})
        ok, sentence = await kiosk.outcome(n)
        assert not ok
        assert "nonsense" in sentence
        assert isinstance(kiosk.front.heard[0], ReloadRefused)
        n = kiosk.order("restart")
        ok, sentence = await kiosk.outcome(n)
        assert not ok
        assert "nonsense" in sentence
        assert not kiosk.front.left
    kiosk.shop.configure(kiosk='name = "Own"')
    assert kiosk.name == "Own"


# -- restart ----------------------------------------------------------------------------------------


async def test_everything_waits_until_nobody_is_in_the_middle_of_anything(kiosk: Kiosk) -> None:
    async with kiosk.runs() as register:
        kiosk.front.resting = False
        asked, anew = kiosk.order("ask-terminal"), kiosk.order("restart")
        for sentence in ("Once.", "And again."):  # looked at twice meanwhile
            kiosk.order("close", sentence=sentence)
            notice = ClosingNotice(sentence)
            await until(lambda notice=notice: register.readiness.notice == notice)  # type: ignore[misc]
        assert [one.n for one in tasks.waiting(kiosk.folder)] == [asked, anew]
        kiosk.front.resting = True
        assert (await kiosk.outcome(asked))[0]
        await until(lambda: kiosk.front.left)
        assert isinstance(kiosk.front.left[0], Reloading)
        assert not told(kiosk.folder)
    async with kiosk.runs():
        assert await kiosk.outcome(anew) == (True, "It began anew.")
        assert not kiosk.front.left


@pytest.mark.parametrize("verb", ["bundle", "ask-terminal", "configuration"])
async def test_what_a_power_cut_ended_is_told_and_not_done_again(kiosk: Kiosk, verb: str) -> None:
    body = {"settings": {"kiosk.name": "Office"}} if verb == "configuration" else {}
    n = kiosk.order(verb, **body)
    (task,) = tasks.waiting(kiosk.folder)
    assert tasks.begin(kiosk.folder, task, now())
    async with kiosk.runs():
        assert await kiosk.outcome(n) == (False, NOT_FINISHED)
        assert kiosk.name == "Own"
        assert not kiosk.front.left


@pytest.mark.parametrize(("settings", "ok"), [({"kiosk.name": "Office"}, True), ({}, False)])
async def test_a_trial_that_ended_in_a_power_cut_is_told_as_it_ended(
    kiosk: Kiosk, settings: dict[str, Any], ok: bool
) -> None:
    n = kiosk.order("configuration", settings={"kiosk.name": "Office"})
    (task,) = tasks.waiting(kiosk.folder)
    assert tasks.begin(kiosk.folder, task, now())
    write(overlay_file(kiosk.shop.journal), Overlay(n=n, settings=settings))
    async with kiosk.runs():
        assert (await kiosk.outcome(n))[0] is ok


# -- errands ----------------------------------------------------------------------------------------


async def test_the_terminal_is_asked_where_that_is_enabled(kiosk: Kiosk) -> None:
    async with kiosk.runs():
        ok, sentence = await kiosk.outcome(kiosk.order("ask-terminal"))
        assert ok
        assert sentence.endswith("the terminal is not asked (terminal.status_query).")
    kiosk.shop.config.write_text(
        kiosk.shop.config.read_text().replace("status_query = false", "status_query = true")
    )
    async with kiosk.runs():
        ok, sentence = await kiosk.outcome(kiosk.order("ask-terminal"))
        assert ok
        assert "the terminal's status is ready" in sentence
        kiosk.shop.stop()
        ok, sentence = await kiosk.outcome(kiosk.order("ask-terminal"))
        assert not ok
        assert sentence.startswith("TECS is not reached: ")


async def test_a_bundle_is_packed_beside_the_register_and_only_the_newest_are_kept(
    kiosk: Kiosk,
) -> None:
    kiosk.folder.bundles.mkdir()
    for number in range(5):
        (kiosk.folder.bundles / f"kiosk-tui-old{number}.tar.gz").touch()
    async with kiosk.runs():
        ok, sentence = await kiosk.outcome(kiosk.order("bundle"))
    assert ok
    assert "kiosk-tui-1.tar.gz: a technician fetches it there." in sentence
    found = [one.name for one in kiosk.folder.bundles.iterdir()]
    assert len(found) == errands.MOST_BUNDLES
    assert "kiosk-tui-1.tar.gz" in found


@pytest.mark.parametrize(
    ("within_s", "program", "why"),
    [(60.0, ("-c", "raise SystemExit(7)"), "exit code 7"), (0.1, ("-c", "input()"), "not packed")],
)
async def test_a_bundle_that_cannot_be_packed_is_told(
    kiosk: Kiosk,
    monkeypatch: pytest.MonkeyPatch,
    within_s: float,
    program: tuple[str, ...],
    why: str,
) -> None:
    monkeypatch.setattr(errands, "BUNDLE_S", within_s)
    monkeypatch.setattr(subprocesses, "program", lambda: (sys.executable, *program))
    async with kiosk.runs():
        ok, sentence = await kiosk.outcome(kiosk.order("bundle"))
    assert not ok
    assert why in sentence


async def test_a_fault_of_ours_ends_one_command_and_not_the_others(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("of ours")

    monkeypatch.setattr(order_desk, "ERRANDS", {**errands.ERRANDS, "bundle": fails})
    async with kiosk.runs():
        ok, sentence = await kiosk.outcome(kiosk.order("bundle"))
        assert (ok, "the log has it" in sentence) == (False, True)
        assert (await kiosk.outcome(kiosk.order("ask-terminal")))[0]


# -- no verb moves money ----------------------------------------------------------------------------

BODIES: dict[str, dict[str, Any]] = {
    "close": {"sentence": "Back at noon."},
    "open": {},
    "configuration": {"settings": {"kiosk.name": "Own"}},
    "restart": {},
    "bundle": {},
    "ship-again": {"days": [f"{now():%Y%m%d}"]},
    "ask-terminal": {},
}


async def test_every_verb_together_moves_no_money_and_changes_no_transaction(kiosk: Kiosk) -> None:
    assert BODIES.keys() == VERBS.keys()
    ledger = kiosk.shop.simulator.ledger
    async with kiosk.runs() as register:
        await register.pay(order(1255))
        movements, states = list(ledger.movements), kiosk.shop.states
        numbers = [kiosk.order(verb, **body) for verb, body in BODIES.items()]
        await until(lambda: kiosk.front.left)
    for _ in range(2):  # what it began anew for, and the rest
        async with kiosk.runs():
            await until(lambda: kiosk.front.left or len(told(kiosk.folder)) == len(numbers))
    assert [n for n, _, _ in told(kiosk.folder)] == numbers
    assert ledger.movements == movements
    assert kiosk.shop.states == states == [State.APPROVED]
