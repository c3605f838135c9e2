"""A logo stands above the slip, in the width of its paper, and costs none."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from PIL import Image
from support.printer import network_printer

from kiosk_tui.domain.slip import Printed
from kiosk_tui.receipt.code_pages import code_page
from kiosk_tui.receipt.escpos import Device, EscPos
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.logo import MOST_BYTES, Logo, LogoError, raster, trouble


def drawn(path: Path, width: int, height: int, colour: tuple[int, ...] = (0, 0, 0, 255)) -> Path:
    Image.new("RGBA", (width, height), colour).save(path)
    return path


def bands(found: bytes) -> list[tuple[int, int, bytes]]:
    read = []
    while found:
        assert found[:4] == b"\x1dv0\x00"
        row, rows = int.from_bytes(found[4:6], "little"), int.from_bytes(found[6:8], "little")
        read.append((row, rows, found[8 : 8 + row * rows]))
        found = found[8 + row * rows :]
    return read


@pytest.mark.parametrize("dots", [384, 512, 576])
@pytest.mark.parametrize(("width", "height"), [(100, 50), (2000, 1000), (50, 1500), (1, 1)])
def test_a_logo_is_as_wide_as_the_paper_and_not_higher_than_five_centimetres(
    tmp_path: Path, dots: int, width: int, height: int
) -> None:
    found = bands(raster(drawn(tmp_path / "logo.png", width, height), dots))
    assert {row for row, _, _ in found} == {dots // 8}
    assert sum(rows for _, rows, _ in found) <= 400
    assert max(rows for _, rows, _ in found) <= 128
    middle = found[0][2][dots // 16 : dots // 16 + 1]
    assert width < 100 or middle == b"\xff"  # black is printed
    assert found[0][2][:1] == (b"\xff" if width == 2000 else b"\x00")


def test_what_is_transparent_or_white_is_not_printed_and_grey_is_dots(tmp_path: Path) -> None:
    clear = raster(drawn(tmp_path / "clear.png", 384, 8, (0, 0, 0, 0)), 384)
    white = raster(drawn(tmp_path / "white.bmp", 384, 8, (255, 255, 255, 255)), 384)
    assert not any(bands(clear)[0][2])
    assert not any(bands(white)[0][2])
    grey = bands(raster(drawn(tmp_path / "grey.png", 384, 80, (128, 128, 128, 255)), 384))[0][2]
    assert 0.4 < sum(one.bit_count() for one in grey) / (8 * len(grey)) < 0.6


def _broken(folder: Path) -> dict[str, Path]:
    (folder / "text.png").write_text("no picture")
    (folder / "cut.png").write_bytes(
        drawn(folder / "whole.png", 200, 200, (9, 8, 7, 255)).read_bytes()[:-40]
    )
    (folder / "large.png").write_bytes(b"\x89PNG" + bytes(MOST_BYTES))
    drawn(folder / "wide.png", 5000, 5000)
    Image.new("RGB", (4, 4)).save(folder / "photo.jpg")
    os.mkfifo(folder / "pipe")
    names = (
        "missing.png",
        "text.png",
        "cut.png",
        "large.png",
        "wide.png",
        "photo.jpg",
        "pipe",
        ".",
    )
    return {name: folder / name for name in names}


def test_what_cannot_be_printed_is_one_sentence_and_the_slip_comes_without_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for path in _broken(tmp_path).values():
        with pytest.raises(LogoError):
            raster(path, 384)
        said = trouble(path, 32)
        assert said.startswith(f"receipt.logo = {path} ")
        assert said.endswith(".")
        assert "\n" not in said
        logo = Logo(path, 32)
        caplog.clear()
        assert logo.raster() == logo.raster() == b""
        assert len(caplog.records) == 1  # not at each slip
    assert trouble(drawn(tmp_path / "good.png", 10, 10), 42) == ""


@pytest.mark.parametrize("name", ["good.png", "missing.png"])
async def test_a_slip_has_its_logo_its_page_and_a_large_total(tmp_path: Path, name: str) -> None:
    drawn(tmp_path / "good.png", 300, 200)
    with network_printer() as printer:
        logo = Logo(tmp_path / name, 42)
        device = Device(printer.url, page=code_page("cp858:7"), logo=logo)
        paper = Paper(42, await EscPos(device).spelling())
        lines = ["Grüße", *paper.large("TOTAL", "€12.55")]
        assert await EscPos(device).print("1", lines) == Printed()
        async with asyncio.timeout(10):
            while b"\x1dV" not in printer.received:
                await asyncio.sleep(0.01)
    sent = bytes(printer.received)
    assert b"\x1b@\x1c.\x1bt\x07" + logo.raster() in sent
    assert (b"\x1dv0" in sent) is (name == "good.png")
    assert "Grüße\n".encode("cp858") in sent
    large = "TOTAL          €12.55\n"  # half of 42
    assert b"\x1d!\x11" + large.encode("cp858") + b"\x1d!\x00" in sent
