"""A session gives everything back, however far it came and however it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui.config.load import load
from kiosk_tui.journal.lock import WriterLock, held_by
from kiosk_tui.payment.readiness import Obstacle, Readiness
from kiosk_tui.remote.link.client import take_over
from kiosk_tui.session import session as module
from kiosk_tui.session.command import opened as opened_for_command
from kiosk_tui.session.errors import HeldError, JournalRefusedError
from kiosk_tui.session.front import COMMAND, LINES, SERVE, Duties, Reason, TakeoverGranted
from kiosk_tui.session.launch import Launch
from kiosk_tui.session.register import OpenRegister
from kiosk_tui.session.session import Session


class PlainFront:
    """Notes what its session tells it. `fails` is raised when it is given the register."""

    resting = True
    failed = False

    def __init__(self, fails: Exception | None = None) -> None:
        self.heard: list[object] = []
        self.left: list[Reason] = []
        self.told_something = asyncio.Event()
        self._fails = fails

    async def alive(self) -> bool:
        return True

    async def attach(self, opened: OpenRegister) -> None:
        if self._fails is not None:
            raise self._fails

    def told(self, news: object) -> None:
        self.heard.append(news)
        self.told_something.set()

    def leave(self, why: Reason) -> None:
        self.left.append(why)


Chosen = Callable[..., Launch]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


@pytest.fixture
def chosen(shop: Installation) -> Chosen:
    def choose(mode: str = "lane") -> Launch:
        figures = f'file = "{shop.folder}/figures.prom"'
        shop.configure(kiosk=f'mode = "{mode}"', metrics=figures)
        environment = shop.environment
        return Launch(load(shop.config, environment), False, "a test", environment)

    return choose


def figures(shop: Installation) -> Path:
    return shop.folder / "figures.prom"


def no_lock(shop: Installation) -> None:
    """Let there be a folder where the lock's file would be."""
    shop.journal.with_name("journal.db.lock").mkdir()


def tasks() -> set[asyncio.Task[object]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.mark.parametrize("duties", [LINES, SERVE, COMMAND], ids=["lines", "serve", "command"])
async def test_what_was_opened_is_given_back(
    shop: Installation, chosen: Chosen, duties: Duties
) -> None:
    async with Session(PlainFront(), duties) as session:
        session.begin(chosen)
        opened = await session.open()
        assert opened.register.readiness.open
        assert held_by(shop.journal)
    assert not held_by(shop.journal)
    assert not tasks()
    assert "kiosk_tui" in figures(shop).read_text()


async def test_a_front_that_fails_leaves_no_lock(shop: Installation, chosen: Chosen) -> None:
    async with Session(PlainFront(OSError("no door")), SERVE) as session:
        session.begin(chosen)
        with pytest.raises(OSError, match="no door"):
            await session.open()
    assert not held_by(shop.journal)
    assert not tasks()


async def test_who_comes_second_is_told_who_holds_it_and_tells_machines_nothing(
    shop: Installation, chosen: Chosen
) -> None:
    lock = WriterLock(shop.journal, "another program")
    with pytest.raises(HeldError, match="in use by another program"):
        async with opened_for_command(chosen()):
            pass
    lock.release()
    assert not figures(shop).exists()


async def test_a_journal_that_cannot_be_locked_is_refused(
    shop: Installation, chosen: Chosen
) -> None:
    no_lock(shop)
    with pytest.raises(JournalRefusedError):
        async with opened_for_command(chosen()):
            pass


async def test_a_kiosk_keeps_trying_says_why_and_may_be_stopped_meanwhile(
    shop: Installation, chosen: Chosen
) -> None:
    no_lock(shop)
    front = PlainFront()
    async with Session(front, LINES) as session:
        session.begin(lambda: chosen("kiosk"))
        opening = asyncio.create_task(session.open())
        await front.told_something.wait()
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
    (told,) = front.heard
    assert isinstance(told, Readiness)
    assert (told.obstacle, told.retry_in_s) == (Obstacle.JOURNAL, module.OPEN_AGAIN_S)
    assert not tasks()


async def test_a_kiosk_opens_once_its_journal_is_free(
    shop: Installation, chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OPEN_AGAIN_S", 0.01)
    lock = WriterLock(shop.journal, "another program")
    front = PlainFront()
    async with Session(front, LINES) as session:
        session.begin(lambda: chosen("kiosk"))
        opening = asyncio.create_task(session.open())
        await front.told_something.wait()
        lock.release()
        assert (await opening).register.readiness.open


async def test_whoever_takes_it_over_has_it_before_the_front_has_left(
    shop: Installation, chosen: Chosen
) -> None:
    front = PlainFront()
    async with Session(front, LINES) as session:
        session.begin(chosen)
        register = (await session.open()).register
        assert await take_over(shop.journal, "another", "") is None
        async with asyncio.timeout(20):
            while held_by(shop.journal):
                await asyncio.sleep(0.01)
        assert front.left == [TakeoverGranted("another")]
        assert session.opened is None
        assert not register.running
    assert not tasks()
