"""A QR code on the screen is the code that was made, in both ways of drawing it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip

from kiosk_tui.receipt import qr
from kiosk_tui.ui.widgets.code import Code, size

MODULES = qr.modules("2026-11-24 14:02 12.55 EUR APPROVED 140102345")


class _Shown(App[None]):
    CSS = "Code { color: ansi_white; background: ansi_black; }"

    def __init__(self, *, halves: bool) -> None:
        super().__init__(ansi_color=True)
        self._halves = halves

    def compose(self) -> ComposeResult:
        yield Code(MODULES, halves=self._halves)


def _cells(strip: Strip) -> list[tuple[str, bool]]:
    return [
        (character, bool(part.style and part.style.reverse))
        for part in strip
        for character in part.text
    ]


async def _rows(*, halves: bool) -> list[list[tuple[str, bool]]]:
    app = _Shown(halves=halves)
    columns, rows = size(len(MODULES), halves=halves)
    async with app.run_test(size=(90, 50)):
        strips = app.screen._compositor.render_strips()
        return [_cells(strip)[:columns] for strip in strips[:rows]]


async def test_spaces_alone_draw_it_on_any_console() -> None:
    rows = await _rows(halves=False)
    assert {character for row in rows for character, _ in row} == {" "}
    drawn = [[not light for _, light in row[::2]] for row in rows]
    assert drawn == MODULES


async def test_half_blocks_draw_it_in_half_the_room() -> None:
    rows = await _rows(halves=True)
    drawn = []
    for row in rows:
        drawn.append([not light and one in " \u2584" for one, light in row])
        drawn.append([not light and one in " \u2580" for one, light in row])
    assert drawn[: len(MODULES)] == MODULES


@pytest.mark.parametrize(("halves", "room"), [(False, (66, 33)), (True, (33, 17))])
def test_it_fits_where_it_is_said_to(halves: bool, room: tuple[int, int]) -> None:
    assert size(33, halves=halves) == room
