"""Reads the text of a console from a picture of its screen, by the shapes of the console's own font.

A device has no serial line, and its framebuffer holds no characters: what is read here was really drawn.
"""

from __future__ import annotations

import gzip
import struct
from collections import Counter
from typing import Final

_PSF2: Final = 0x864AB572
_BLOCK: Final = "█"
_UNREAD: Final = "\ufffd"


class Font:
    """A console's font (PSF 2): which character a shape is."""

    def __init__(self, packed: bytes) -> None:
        content = gzip.decompress(packed)
        magic, _, header, _, count, size, self.height, self.width = struct.unpack_from(
            "<8I", content
        )
        if magic != _PSF2:
            raise ValueError("no PSF 2")
        names = content[header + count * size :].split(b"\xff")
        self._glyphs: dict[int, str] = {}
        self._read: dict[bytes, str] = {}
        for number in range(count):
            at = header + number * size
            name = names[number].partition(b"\xfe")[0].decode()[:1]
            if name:
                self._glyphs.setdefault(self._bits(content[at : at + size]), name)

    def lines(self, picture: bytes) -> list[str]:
        """Return the rows of a screen (a PPM), with a block where a blank is not in the screen's own colour."""
        kind, size, _, pixels = picture.split(b"\n", 3)
        if kind != b"P6":
            raise ValueError("no PPM")
        wide, high = map(int, size.split())
        rows = [
            [self._cell(pixels, wide, row, column) for column in range(wide // self.width)]
            for row in range(high // self.height)
        ]
        paper = Counter(cell[:3] for row in rows for cell in row).most_common(1)[0][0]
        return ["".join(self._character(cell, paper) for cell in row).rstrip() for row in rows]

    def _cell(self, pixels: bytes, wide: int, row: int, column: int) -> bytes:
        first = (row * self.height * wide + column * self.width) * 3
        starts = range(first, first + self.height * wide * 3, wide * 3)
        return b"".join(pixels[start : start + self.width * 3] for start in starts)

    def _character(self, cell: bytes, paper: bytes) -> str:
        if cell == cell[:3] * (len(cell) // 3):
            return " " if cell[:3] == paper else _BLOCK
        found = self._read.get(cell)
        if found is None:
            found = self._read[cell] = self._shape(cell)
        return found

    def _shape(self, cell: bytes) -> str:
        pixels = [cell[at : at + 3] for at in range(0, len(cell), 3)]
        darker, *lighter = sorted(set(pixels), key=sum)
        for ink in (*lighter[-1:], darker):
            bits = int("".join("01"[one == ink] for one in pixels), 2)
            if bits in self._glyphs:
                return self._glyphs[bits]
        return _UNREAD

    def _bits(self, glyph: bytes) -> int:
        stride = -(-self.width // 8)
        rows = (
            int.from_bytes(glyph[at : at + stride], "big") >> (stride * 8 - self.width)
            for at in range(0, len(glyph), stride)
        )
        return int("".join(f"{row:0{self.width}b}" for row in rows), 2)
