"""Strips are Textual's, but for caches that are made when they are used."""

from __future__ import annotations

import inspect
from typing import Any

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

from kiosk_tui.ui import strips


def noted(init: Any) -> dict[str, Any]:
    """Return what a constructor sets, slot by slot, and how large each cache is."""
    strip = Strip.__new__(Strip)
    init(strip, [Segment("one")], 3)
    found = {name: getattr(strip, name) for name in Strip.__slots__}
    return {
        name: value._maxsize if isinstance(value, FIFOCache) else value
        for name, value in found.items()
    }


def test_a_strip_is_what_textual_would_make() -> None:
    assert noted(strips._init) == noted(strips.TEXTUALS)
    signatures = [inspect.signature(one).parameters for one in (strips._init, strips.TEXTUALS)]
    assert list(signatures[0]) == list(signatures[1])
    caches = {name for name, value in noted(strips.TEXTUALS).items() if isinstance(value, int)}
    assert caches - {"_cell_length"} == set(strips.SIZES)


def test_a_cache_is_kept_once_it_is_used() -> None:
    strip = Strip([Segment("one line")], 8)
    assert strip.crop(0, 3) is strip.crop(0, 3)
    assert len(strip._crop_cache) == 1
