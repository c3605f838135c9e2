"""A sentence that says what to do: in letters of three rows where the screen is the largest."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from typing import Final

from textual.geometry import Size
from textual.strip import Strip

from kiosk_tui.ui.shapes import letters
from kiosk_tui.ui.shapes.rows import Rows, width
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting

_IN_NUMBERS: Final = re.compile(r"(?<=[0-9]) (?=[0-9])")


class Sentence(Fitting):
    """Shows a sentence, in lines as long as there is room; plain where it is not `large`."""

    def __init__(
        self,
        text: str,
        *,
        large: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._text = text
        self._large = large
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    @property
    def text(self) -> str:
        """The sentence in plain characters."""
        return self._text

    def show(self, text: str, *, large: bool = True) -> None:
        """Show another sentence."""
        if (text, large) != (self._text, self._large):
            self._text, self._large = text, large
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the sentence needs in this width."""
        del container, viewport
        return len(self._drawn(width))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        room = self.size.width
        drawn = self._drawn(room)
        row = drawn[y] if y < len(drawn) else ""
        return ink.strip(row[:room].ljust(room), room, self.rich_style)

    def _drawn(self, room: int) -> Rows:
        if self._large and self.rich and self.step.name == "xl":
            drawn = _large(self._text, room)
            if drawn is not None:
                return drawn
        return _wrapped(self._text, max(1, room))


def _wrapped(text: str, room: int) -> Rows:
    """Break between words, and not between the groups of a number."""
    whole = _IN_NUMBERS.sub("\u00a0", text)
    return tuple(line.replace("\u00a0", " ") for line in textwrap.wrap(whole, room))


@cache
def _large(text: str, room: int) -> Rows | None:
    """Draw a sentence in one line or two; None where it does not fit, or a letter has no shape."""
    blanks = [place for place, one in enumerate(text) if one == " "]
    for parts in [(text,), *((text[:place], text[place + 1 :]) for place in reversed(blanks))]:
        drawn = [letters.word(part, letters.CONDENSED, rich=True) for part in parts]
        lines = [one for one in drawn if one is not None and width(one) <= room]
        if len(lines) == len(parts):
            return lines[0] if len(lines) == 1 else (*lines[0], "", *lines[1])
    return None
