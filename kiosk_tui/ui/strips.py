"""Makes the caches of Textual's `Strip` when they are used: each line of each widget has seven, mostly empty.

A screen that rests has some 600 strips; their empty caches are 0.5 MB, and a twentieth of what drawing takes.
"""

from __future__ import annotations

from typing import Any, Final

from textual.cache import FIFOCache
from textual.strip import Strip

SIZES: Final = {
    "_divide_cache": 4,
    "_crop_cache": 16,
    "_style_cache": 16,
    "_filter_cache": 4,
    "_line_length_cache": 4,
    "_crop_extend_cache": 4,
    "_offsets_cache": 4,
}
"""As Textual has them; a test holds that, and that there are no others."""


def _later(slot: Any, size: int) -> property:
    read, write = slot.__get__, slot.__set__

    def cache(strip: Strip) -> FIFOCache[Any, Any]:
        try:
            return read(strip)  # type: ignore[no-any-return]
        except AttributeError:
            made: FIFOCache[Any, Any] = FIFOCache(size)
            write(strip, made)
            return made

    return property(cache, write)


def _init(self: Any, segments: Any, cell_length: int | None = None) -> None:
    self._segments = list(segments)
    self._cell_length = cell_length
    self._render_cache = self._link_ids = self._cell_count = None


for _name, _size in SIZES.items():
    setattr(Strip, _name, _later(vars(Strip)[_name], _size))
TEXTUALS: Final = Strip.__init__
Strip.__init__ = _init  # type: ignore[method-assign]
