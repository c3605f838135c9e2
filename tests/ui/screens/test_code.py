"""A telephone reads the receipt's code from the screen: the cells are photographed, and really decoded."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from rich.style import Style
from support.photograph import CELL, TUNED_PALETTE, photograph
from support.pictures import Gallery
from support.showcase import DONE, SETTINGS
from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.receipt import qr
from kiosk_tui.text.colours import CONSOLE_PALETTE, RGB, contrast
from kiosk_tui.text.looks import RICH, TRUE, Rendering
from kiosk_tui.text.themes import THEMES, drawn
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.code import QUIET, Code, CodeFit, code_fit, code_rows

SIZES: Final = ((80, 24), (100, 30), (120, 40), (200, 60))
SHORT: Final = "https://m.ex.at/{reference}"
LONG: Final = "https://museum.example/receipts/{reference}/{id}"
LINKS: Final = {"code": "", "code_short": SHORT, "code_long": LONG}
"""The screens of the showcase by what their code holds."""
LOOKS: Final[dict[str, tuple[Rendering, tuple[RGB, ...]]]] = {
    "console": (Rendering(), CONSOLE_PALETTE),
    "tuned": (Rendering(palette=True), TUNED_PALETTE),
    "rich": (Rendering(RICH, TRUE), CONSOLE_PALETTE),
}
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_ON_CONSOLE: Final = Style.parse("bright_white on black")
NOT_ON_A_CONSOLE: Final = {
    ("code", (80, 24)),
    ("code_long", (80, 24)),
    ("code_long", (100, 30)),
}
"""Codes with more modules than rows: there the reference stands large instead."""


def _read(picture: Image.Image) -> list[str]:
    """Return what a telephone reads: it may stand askew, and its lens is not perfect."""
    turned = picture.rotate(4, expand=True, fillcolor=(90, 90, 90))
    blurred = turned.filter(ImageFilter.GaussianBlur(1.5))
    found = zxingcpp.read_barcodes(blurred, formats=_QR, try_invert=False, try_downscale=False)
    return [one.text for one in found]


async def _shown(
    name: str, size: tuple[int, int], look: str, theme: str = "standard"
) -> tuple[list[Strip], list[CodeFit]]:
    """Return the rows of a screen, and how the code on it is drawn."""
    rendering, _ = LOOKS[look]
    settings = replace(
        SETTINGS, rendering=rendering, theme=drawn(THEMES[theme], rendering), demo=False
    )
    async with Gallery(size, settings).opened() as gallery:
        rows = await gallery.show(name)
        assert not gallery.cut()
        return rows, [one._fit for one in gallery.screen.query(Code)]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", LINKS)
async def test_a_telephone_reads_it_at_every_size(
    name: str, size: tuple[int, int], look: str
) -> None:
    rows, fits = await _shown(name, size, look)
    read = _read(photograph(rows, LOOKS[look][1]))
    if look != "rich" and (name, size) in NOT_ON_A_CONSOLE:
        assert (read, fits) == ([], [])
    else:
        assert read == [qr.text(DONE, LINKS[name])]
        assert len(fits) == 1


@pytest.mark.parametrize("theme", ["high-contrast", "mono", "dark-calm"])
@pytest.mark.parametrize("look", LOOKS)
async def test_no_theme_changes_its_colours(look: str, theme: str) -> None:
    rows, _ = await _shown("code_short", (80, 24), look, theme)
    assert _read(photograph(rows, LOOKS[look][1])) == [qr.text(DONE, SHORT)]


@pytest.mark.parametrize("look", LOOKS)
async def test_it_is_black_on_white_and_white_is_white(look: str) -> None:
    rows, _ = await _shown("code_short", (80, 24), look)
    columns = (qr.side(qr.text(DONE, SHORT)) + 2 * QUIET) * (1 if look == "rich" else 2)
    picture = photograph(rows, LOOKS[look][1])
    colours = _colours(picture.crop((0, 0, columns * CELL[0] // 2, picture.height - CELL[1])))
    white, black = max(colours, key=sum), min(colours, key=sum)
    assert sum(white) >= 3 * 244
    assert contrast(white, black) >= 15


def _colours(picture: Image.Image) -> set[RGB]:
    data = picture.tobytes()
    return {(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)}


@pytest.mark.parametrize("halves", [False, True])
@pytest.mark.parametrize("quiet", range(1, QUIET + 1))
@pytest.mark.parametrize("link", LINKS.values())
def test_it_is_read_at_every_quiet_zone(link: str, quiet: int, halves: bool) -> None:
    content = qr.text(DONE, link)
    assert _read(_picture(content, CodeFit(qr.side(content), halves, quiet))) == [content]


def test_without_a_quiet_zone_or_with_a_broken_pattern_nothing_is_read() -> None:
    content = qr.text(DONE, SHORT)
    whole = CodeFit(qr.side(content), halves=False, quiet=QUIET)
    picture = _picture(content, whole)
    assert _read(picture) == [content]
    wide, high = CELL
    modules = picture.crop(
        (
            2 * QUIET * wide,
            QUIET * high,
            picture.width - 2 * QUIET * wide,
            picture.height - QUIET * high,
        )
    )
    bare = Image.new("RGB", picture.size)  # black where the light modules were
    bare.paste(modules, (2 * QUIET * wide, QUIET * high))
    assert _read(bare) == []
    no_finder = picture.copy()
    no_finder.paste((255, 255, 255), (0, 0, (2 * QUIET + 14) * wide, (QUIET + 7) * high))
    assert _read(no_finder) == []
    other = _picture(qr.text(DONE, SHORT.replace("ex", "xe")), whole)
    assert _read(other) != [content]


def _picture(content: str, fit: CodeFit) -> Image.Image:
    """Return the image of a code alone, on the ground of a console."""
    rows = code_rows(qr.modules(content), fit)
    return photograph([ink.strip(row, fit.columns, _ON_CONSOLE) for row in rows])


@pytest.mark.parametrize("side", [21, 25, 29, 33])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rich", [False, True])
def test_it_fits_and_its_quiet_zone_is_as_wide_as_there_is_room(
    side: int, size: tuple[int, int], rich: bool
) -> None:
    fit = code_fit(side, Size(*size), rich=rich)
    if fit is None:
        assert not rich
        assert side + 2 > size[1] - 1
        return
    assert fit.rows <= size[1] - 1
    assert fit.columns <= size[0] - 20
    if rich and size >= (120, 40):
        assert fit.quiet == QUIET
    assert fit.halves <= rich


def test_under_80x24_there_is_none() -> None:
    assert code_fit(21, Size(79, 24), rich=True) is None
