"""An open register has its journal's chain signed: when it is due, when a day was closed, and at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.installation import Installation, installed

from kiosk_tui import subprocesses
from kiosk_tui.config.load import load
from kiosk_tui.domain.checkpoint import Checkpoint
from kiosk_tui.fleet import signatures
from kiosk_tui.journal.day_reports import close_day
from kiosk_tui.journal.reader import Reader
from kiosk_tui.session import checkpoints
from kiosk_tui.session.checkpoints import Checkpoints
from kiosk_tui.session.day import day_clock
from kiosk_tui.session.launch import Launch


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure()
        yield built


def launched(shop: Installation) -> Launch:
    return Launch(load(shop.config, shop.environment), False, "a test", shop.environment)


def newest(shop: Installation) -> Checkpoint | None:
    with closing(Reader(shop.journal)) as reader:
        return reader.newest_checkpoint()


async def signed_again(shop: Installation, before: Checkpoint | None) -> Checkpoint:
    while (found := await asyncio.to_thread(newest, shop)) == before:
        await asyncio.sleep(0.01)
    assert found is not None
    return found


async def test_the_first_is_signed_soon_and_the_next_when_a_day_was_closed(
    shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LOOK_S", 0.01)
    shop.json("sale", "--amount", "12.55")
    task = asyncio.create_task(Checkpoints(launched(shop)).run())
    first = await signed_again(shop, None)
    assert first.seq == 2
    close_day(shop.journal, datetime.now(UTC), day_clock(launched(shop)))
    second = await signed_again(shop, first)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert second.before.startswith("2:")


async def test_what_came_since_is_signed_at_the_end_and_nothing_where_nothing_came(
    shop: Installation,
) -> None:
    shop.json("sale", "--amount", "12.55")
    await Checkpoints(launched(shop)).last()
    first = newest(shop)
    assert first is not None
    await Checkpoints(launched(shop)).last()
    assert newest(shop) == first
    shop.json("sale", "--amount", "1.00")
    await Checkpoints(launched(shop)).last()
    assert newest(shop) != first


async def test_nothing_ends_because_it_cannot_be_signed(
    shop: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Checkpoints(launched(shop)).last()  # there is no journal yet
    shop.json("sale", "--amount", "12.55")
    shop.journal.with_name(f"{shop.journal.name}.key").write_text("not a key\n", encoding="ascii")
    await Checkpoints(launched(shop)).last()
    with monkeypatch.context() as slow:
        slow.setattr(checkpoints, "LAST_S", 0.0)
        await Checkpoints(launched(shop)).last()
    with monkeypatch.context() as gone:
        gone.setattr(subprocesses, "program", lambda: ("/nowhere/python",))
        await Checkpoints(launched(shop)).last()
    with monkeypatch.context() as bare:
        bare.setattr(signatures, "available", lambda: False)
        await Checkpoints(launched(shop)).last()
        await Checkpoints(launched(shop)).run()
    assert newest(shop) is None
