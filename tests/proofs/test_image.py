"""The reader of a device's screen, and of its disk while it is off."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import pytest

import proofs.image
from proofs.image.console import Font
from proofs.image.disk import FAT, JOURNAL, Disk
from proofs.vm.image import run

WIDE, HIGH = 12, 2
GLYPHS = {"I": (0b0100_0000_0000, 0b0100_0000_0000), "L": (0b0100_0000_0000, 0b0111_0000_0000)}
DARK, LIGHT, BLUE = b"\x00\x10\x20", b"\xf0\xf0\xf0", b"\x00\x00\xc0"


@pytest.fixture
def font() -> Font:
    """A font of two letters, 12 pixels wide: two bytes a row, as the device's own font."""
    rows = [row << 4 for glyph in GLYPHS.values() for row in glyph]
    header = struct.pack("<8I", 0x864AB572, 0, 32, 1, len(GLYPHS), 2 * HIGH, HIGH, WIDE)
    names = b"".join(name.encode() + b"\xfe" + b"xy" + b"\xff" for name in GLYPHS)
    return Font(gzip.compress(header + struct.pack(f">{len(rows)}H", *rows) + names))


def _picture(*cells: tuple[str, bytes, bytes]) -> bytes:
    """Draw a row of cells: a letter or a blank, its ink and its paper."""
    rows = []
    for y in range(HIGH):
        for letter, ink, paper in cells:
            bits = GLYPHS.get(letter, (0, 0))[y]
            rows += [ink if bits >> (WIDE - 1 - x) & 1 else paper for x in range(WIDE)]
    return b"P6\n%d %d\n255\n" % (WIDE * len(cells), HIGH) + b"".join(rows)


def test_letters_are_read_in_any_colours(font: Font) -> None:
    cells = (("I", LIGHT, DARK), ("L", DARK, LIGHT), (" ", LIGHT, DARK), ("L", BLUE, DARK))
    assert font.lines(_picture(*cells)) == ["IL L"]


def test_a_blank_in_another_colour_is_a_block(font: Font) -> None:
    cells = (*([(" ", LIGHT, DARK)] * 3), (" ", LIGHT, BLUE), ("I", LIGHT, BLUE))
    assert font.lines(_picture(*cells)) == ["   █I"]


def test_what_the_font_does_not_have_is_not_read_as_something(font: Font) -> None:
    cells = (("I", LIGHT, DARK), (" ", LIGHT, DARK), ("L", LIGHT, DARK))
    picture = bytearray(_picture(*cells))
    picture[-3:] = LIGHT
    assert font.lines(bytes(picture)) == ["I \ufffd"]


def test_a_secret_is_found_across_the_chunks_of_its_partition(tmp_path: Path) -> None:
    table = bytearray(512)
    for number, (start, size) in enumerate(((1, 4096), (5000, 1), (5001, 1), (5002, 8))):
        struct.pack_into("<II", table, 446 + 16 * number + 8, start, size)
    content = bytearray(5010 * 512)
    content[:512] = table
    content[512 + 1024 * 1024 - 3 : 512 + 1024 * 1024 + 3] = b"secret"
    disk = Disk(tmp_path / "disk")
    disk.file.write_bytes(content)
    assert disk.part(JOURNAL) == (5002 * 512, 8 * 512)
    assert disk.holds(FAT, b"secret")
    assert not disk.holds(JOURNAL, b"secret")


@pytest.fixture
def card(tmp_path: Path) -> Disk:
    """A disk whose only partition is an ext4 with files in its root and in a folder."""
    ext4, content = tmp_path / "ext4", tmp_path / "content"
    for name in ("anchor", "anchor.new", "kept", "register/journal.db", "register/journal.db-wal"):
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text("x")
    run("mkfs.ext4", "-q", "-F", "-d", content, ext4, "4M")
    table = bytearray(512)
    struct.pack_into("<II", table, 446 + 8, 1, ext4.stat().st_size // 512)
    disk = Disk(tmp_path / "disk")
    disk.file.write_bytes(bytes(table) + ext4.read_bytes())
    return disk


@pytest.mark.parametrize("path", ["anchor", "register/journal.db"])
def test_what_is_erased_is_gone_and_nothing_else(card: Disk, tmp_path: Path, path: str) -> None:
    def names() -> set[str]:
        with card.tree(1, tmp_path / "scratch") as root:
            files = (one for one in root.rglob("*") if one.is_file())
            return {str(one.relative_to(root)) for one in files}

    (tmp_path / "scratch").mkdir()
    before = names()
    card.erase(1, path, tmp_path / "scratch")
    assert names() == {one for one in before if not one.startswith(path)} != before
    with pytest.raises(RuntimeError, match="was not erased"):
        card.erase(1, path, tmp_path / "scratch")


def test_it_says_plainly_what_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(proofs.image, "_FIRMWARE", tmp_path / "none")
    assert proofs.image.lacks() == "There is no UEFI firmware for qemu (Debian: ovmf)."
