"""How a kiosk stands, for head office."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from support.opened import opened
from support.shipping import OPEN, Shop
from support.virtual import START

from kiosk_tui import __version__
from kiosk_tui.domain.lifecycle import Event
from kiosk_tui.fleet.health import EVERY_S, NOT_RUNNING, HealthWatch, RegisterReport
from kiosk_tui.fleet.source import JournalSource


@dataclass
class Stage:
    """A register that says what it is told to, and a clock."""

    report: RegisterReport = OPEN
    at_s: float = 0.0
    asked: int = 0
    closed: bool = False
    queries: list[str] = field(default_factory=list)

    def watch(self, shop: Shop) -> HealthWatch:
        source = opened(JournalSource(shop.path))
        source.reader()._connection.set_trace_callback(self.queries.append)
        return HealthWatch(
            source,
            self._ask,
            lambda: self.at_s,
            lambda: START + timedelta(seconds=self.at_s),
            closed=lambda: self.closed,
            configured=lambda: "0" * 64,
        )

    async def _ask(self) -> RegisterReport:
        self.asked += 1
        return self.report


async def test_a_register_that_is_open(tmp_path: Path) -> None:
    shop, stage = Shop(tmp_path), Stage()
    (paid,) = shop.pay()
    shop.pay(1, Event.DECLINED)
    health = await stage.watch(shop).take(3, 4)
    assert (health.ready, health.reason, health.since) == (True, "", None)
    assert (health.version, health.mode, health.terminal) == ("1.2.3", "kiosk", "88091105")
    assert (health.queued, health.due, health.closed_by_office) == (3, 0, False)
    assert health.last_payment_at == paid.updated_at
    assert health.disk_free_bytes is not None
    assert health.disk_free_bytes > 0


async def test_a_register_that_is_closed_says_why_and_since_when(tmp_path: Path) -> None:
    closed = replace(OPEN, ready=False, obstacle="cancellation_due", since=START, due=2)
    shop, stage = Shop(tmp_path), Stage(closed, closed=True)
    health = await stage.watch(shop).take(0, 0)
    assert (health.ready, health.reason, health.since) == (False, "cancellation_due", START)
    assert (health.due, health.closed_by_office) == (2, True)
    assert health.configuration == "0" * 64


async def test_a_register_that_ended_is_told_with_what_its_journal_says(tmp_path: Path) -> None:
    shop, stage = Shop(tmp_path), Stage()
    shop.pay(2, Event.OUTCOME_UNKNOWN)
    watch = stage.watch(shop)
    assert (await watch.take(0, 4)).due == 0
    stage.report, stage.at_s = RegisterReport(NOT_RUNNING), 100.0
    for at_s in (100.0, 200.0):
        stage.at_s = at_s
        health = await watch.take(0, 4)
        assert (health.ready, health.reason, health.due) == (False, NOT_RUNNING, 2)
        assert health.since == START + timedelta(seconds=100)
        assert (health.version, health.terminal) == (__version__, None)
    stage.report, stage.at_s = OPEN, 300.0
    assert (await watch.take(0, 4)).ready


async def test_register_and_journal_are_asked_seldom(tmp_path: Path) -> None:
    shop, stage = Shop(tmp_path), Stage()
    shop.pay()
    watch = stage.watch(shop)
    await watch.take(0, 2)
    asked = len(stage.queries)
    for _ in range(100):
        await watch.take(0, 2)
    assert (stage.asked, len(stage.queries)) == (1, asked)
    stage.at_s = EVERY_S
    await watch.take(0, 2)
    assert (stage.asked, len(stage.queries)) == (2, asked)


async def test_odd_words_are_left_out(tmp_path: Path) -> None:
    odd = replace(OPEN, version="a sentence", mode="", terminal="1234 5678", terminal_state="é")
    health = await Stage(odd).watch(Shop(tmp_path)).take(0, 0)
    assert (health.version, health.terminal, health.terminal_state) == ("", None, "")


async def test_a_journal_that_is_away_keeps_nothing_from_being_told(tmp_path: Path) -> None:
    shop, stage = Shop(tmp_path), Stage()
    watch = stage.watch(shop)
    shop.store.close()
    shop.path.rename(tmp_path / "elsewhere")
    assert (await watch.take(0, 1)).ready
