"""A configuration with which the program dies again and again goes by itself: real processes, killed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.commands import command, enrolled, now, told
from support.installation import Installation, installed

from kiosk_tui.config.load import load
from kiosk_tui.config.overlay import overlay_file, read
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.orders.orders import Orders
from kiosk_tui.isolation import program
from kiosk_tui.session.trial import MOST_STARTS

pytestmark = pytest.mark.journey


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        built.configure(kiosk='name = "Own"')
        yield built


def _starts(shop: Installation) -> int:
    overlay = read(overlay_file(shop.journal))
    return -1 if overlay is None else overlay.starts


def _runs_until(shop: Installation, reached: Callable[[], bool]) -> None:
    """Let a register run until something is reached, then kill it as a power cut does."""
    process = subprocess.Popen(
        [*program(), "--config", str(shop.config), "serve"],
        env=shop.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not reached():
            assert process.poll() is None, "it ended by itself"
            assert time.monotonic() < until, "it did not come so far"
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()


def test_killed_again_and_again_it_comes_back_with_what_was_before(shop: Installation) -> None:
    folder: FleetFolder = enrolled(shop.journal)
    settings = {"kiosk.name": "Office"}
    Orders(folder, now).take(command(1, "configuration", settings=settings))
    for start in range(1, MOST_STARTS + 1):  # the first one takes it, and begins anew with it
        _runs_until(shop, lambda start=start: _starts(shop) == start)  # type: ignore[misc]
        assert load(shop.config, shop.environment).config.kiosk.name == "Office"
        assert not told(folder)
    _runs_until(shop, lambda: bool(told(folder)))
    assert load(shop.config, shop.environment).config.kiosk.name == "Own"
    ((n, ok, sentence),) = told(folder)
    assert (n, ok) == (1, False)
    assert "it was started 3 times and did not come so far" in sentence
