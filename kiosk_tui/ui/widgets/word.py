"""The one large word of a screen: as large as there is room, in plain characters where there is little."""

from __future__ import annotations

from functools import cache
from typing import Literal

from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.ui.shapes import letters
from kiosk_tui.ui.shapes.rows import Rows
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

Side = Literal["left", "center"]


class Word(Fitting):
    """Shows a word or two.

    `family` are the words that may stand in the same place: all of them are drawn in the same
    lettering, so that one language looks the same in every state. `most` is the lines that it may
    take, `rung` the largest lettering that it may have, if that is not the screen's.
    """

    def __init__(
        self,
        text: str,
        *,
        side: Side = "left",
        family: tuple[str, ...] = (),
        most: int = 1,
        rung: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._text = text
        self._side: Side = side
        self._family = family
        self._most = most
        self._rung = rung
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    @property
    def text(self) -> str:
        """The word in plain characters."""
        return self._text

    @property
    def is_large(self) -> bool:
        """Whether it is drawn, and not written in plain characters."""
        return len(self._drawn(self.size.width)) > 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the word needs in this width."""
        del container, viewport
        return len(self._drawn(width))

    def fits(self, room: int) -> bool:
        """Whether its largest lettering fits into so many columns."""
        rung = self._rung or self.step.word
        return letters.lines(self._text, rung, room, rich=self.rich, most=self._most) is not None

    def show(
        self, text: str, *, family: tuple[str, ...] | None = None, most: int | None = None
    ) -> None:
        """Show another word, of another family or in other lines."""
        new = text, self._family if family is None else family, self._most if most is None else most
        if new != (self._text, self._family, self._most):
            self._text, self._family, self._most = new
            self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        room = self.size.width
        drawn = self._drawn(room)
        row = drawn[y] if y < len(drawn) else ""
        if self._is_centred:
            row = row.center(room)
        return ink.strip(row[:room].ljust(room), room, self.rich_style)

    def limit(self, rung: str) -> None:
        """Have no larger lettering than this; "" is the screen's."""
        if rung != self._rung:
            self._rung = rung
            self.refresh(layout=True)

    @property
    def _is_centred(self) -> bool:
        return self._side == "center" or self.styles.text_align == "center"

    def _drawn(self, room: int) -> Rows:
        step = self.step
        if step is SMALL:
            return (self._text[:room],)
        family = (self._text, *self._family)
        rung = self._rung or step.word
        drawn = _drawn(family, rung, room, self._most, rich=self.rich)
        if isinstance(drawn, str):
            return (drawn,)
        return _below_each_other(drawn, centred=self._is_centred)


@cache
def _drawn(
    family: tuple[str, ...], rung: str, room: int, most: int, *, rich: bool
) -> list[Rows] | str:
    """Draw the first of a family, line by line, in the largest lettering in which all of them fit.

    Where none does it is returned in plain characters.
    """
    for one in letters.RUNGS[letters.RUNGS.index(rung) :]:
        drawn = [letters.lines(text, one, room, rich=rich, most=most) for text in family]
        if drawn[0] is not None and all(lines is not None for lines in drawn):
            return drawn[0]
    spaced = " ".join(family[0].upper())
    return spaced if len(spaced) <= room else family[0][:room]


def _below_each_other(lines: list[Rows], *, centred: bool) -> Rows:
    wide = max(len(one[0]) for one in lines)
    placed = [
        row.center(wide) if centred else row.ljust(wide) for one in lines for row in (*one, "")
    ]
    return tuple(placed[:-1])
