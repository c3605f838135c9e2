"""A terminal that gets all that is written, and one that gets what the shadow lets through."""

from __future__ import annotations

import pyte
from hypothesis import strategies as st

from kiosk_tui.ui.driver.shadow import Shadow
from support.erasing import ErasingScreen, LinuxScreen

COLUMNS, ROWS = 16, 4

styles = st.sampled_from(["\x1b[97;40m", "\x1b[1;31m", "\x1b[30;42m", "\x1b[97;40;7m"])
texts = st.text(st.sampled_from(" ab█│€"), min_size=1, max_size=6)
stretches = st.builds(
    lambda row, column, style, text: (
        f"\x1b[{row};{column}H{style}{text[: COLUMNS - column + 1]}\x1b[0m"
    ),
    st.integers(1, ROWS),
    st.integers(1, COLUMNS),
    styles,
    texts,
)
plain = st.builds(lambda row, text: f"\x1b[{row};1H{text}\n", st.integers(1, ROWS - 1), texts)
writes = st.lists(stretches | plain, min_size=1, max_size=6).map(
    lambda parts: "".join(parts) + "\x1b[1;1H"
)
row_texts = st.one_of(
    st.text(st.sampled_from("  ██ab"), min_size=COLUMNS, max_size=COLUMNS),
    st.sampled_from(
        ["█" * COLUMNS, " " * COLUMNS, "ab" + " " * (COLUMNS - 2), "a" + " " * (COLUMNS - 2) + "b"]
    ),
)
pictures = st.lists(
    st.tuples(styles, row_texts),
    min_size=ROWS,
    max_size=ROWS,
).map(
    lambda rows: "".join(
        f"\x1b[{row};1H{style}{text}\x1b[0m" for row, (style, text) in enumerate(rows, 1)
    )
)
modes = st.sampled_from(["\x1b[?25l", "\x1b[?1000h", "\x1b]22;default\x07"])
foreign = st.builds(
    lambda row, column, text: f"\x1b[{row};{column}H\x1b[0;33m{text}\x1b[0m\x1b[2;3H",
    st.integers(1, ROWS),
    st.integers(1, COLUMNS // 2),
    st.sampled_from(["oops", "x", "日本"]),
)
sizes = st.tuples(st.integers(COLUMNS, COLUMNS + 3), st.integers(ROWS, ROWS + 2))


class Both:
    """A terminal that gets everything, and one that gets what the shadow lets through."""

    def __init__(
        self, *, turns: bool, alone: bool, erases: bool = True, linux: bool = False
    ) -> None:
        self.now = 100.0
        self.shadow = Shadow(clock=lambda: self.now)
        self.shadow.columns, self.shadow.rows = COLUMNS, ROWS
        self.shadow.turns, self.shadow.alone, self.shadow.erases = turns, alone, erases
        self.shadow.linux = linux
        kind = LinuxScreen if linux else ErasingScreen
        self.all_of_it, self._raw = _screen(kind, newlines=True)
        self.lean, self._thin = _screen(kind, newlines=False)
        self.given = self.written = 0

    def write(self, data: str) -> None:
        self.reduced(data)

    def reduced(self, data: str) -> str:
        self._raw.feed(data)
        reduced = self.shadow.reduce(data)
        self._thin.feed(reduced)
        self.given += len(data) + 4
        self.written += len(reduced)
        return reduced

    def unnoticed(self, data: str) -> None:
        """Let somebody else write on the one terminal whom nobody notices."""
        self._thin.feed(data)

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def message(self, data: str) -> None:
        """Let somebody else write who is noticed."""
        self._raw.feed(data)
        self._thin.feed(data)
        self.shadow.forget()

    def resize(self, size: tuple[int, int]) -> None:
        for screen in (self.all_of_it, self.lean):
            screen.resize(size[1], size[0])
        self.shadow.forget()
        self.shadow.columns, self.shadow.rows = size

    @property
    def look_alike(self) -> bool:
        return look(self.lean) == look(self.all_of_it)


def _screen(kind: type[ErasingScreen], *, newlines: bool) -> tuple[pyte.Screen, pyte.Stream]:
    screen = kind(COLUMNS, ROWS)
    screen.reset_mode(pyte.modes.DECAWM)  # the driver lets nothing wrap
    if newlines:
        screen.set_mode(pyte.modes.LNM)
    return screen, pyte.Stream(screen)


def look(screen: pyte.Screen) -> list[list[tuple[str, str, str, bool]]]:
    return [
        [_seen(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)
    ]


def _seen(cell: pyte.screens.Char) -> tuple[str, str, str, bool]:
    """Return what is seen: of a blank its ground, and in reverse video it looks as a block does."""
    front, back = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
    if cell.data == " ":
        # reversed, a cell is full of its front: as a block is, and as a ground of that colour is
        return _full(back, bold=cell.bold) if cell.reverse else (" ", "", back, False)
    if cell.data == "█":
        return _full(front, bold=cell.bold)
    return cell.data, front, back, cell.bold


def _full(colour: str, *, bold: bool) -> tuple[str, str, str, bool]:
    return ("█", colour, "", bold) if bold or colour == "default" else (" ", "", colour, False)
