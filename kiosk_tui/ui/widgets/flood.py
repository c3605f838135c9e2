"""How a payment ended, readable from two metres: sign, word and amount on a ground in the state's colour.

Where a theme has no floods, and for what somebody has to look at, a double frame in that colour stands
around it instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from textual.containers import Vertical
from textual.widget import Widget

from kiosk_tui.text.amounts import AmountText
from kiosk_tui.ui.shapes import letters, signs
from kiosk_tui.ui.shapes.rows import width
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL, STEPS, ScreenStep, flood_rows
from kiosk_tui.ui.widgets.sentence import Sentence
from kiosk_tui.ui.widgets.sign import Sign
from kiosk_tui.ui.widgets.word import Word

SIGNS: Final = {"ok": signs.CHECK, "bad": signs.CROSS, "neutral": signs.BACK, "warn": signs.BANG}
"""The sign of each ground."""
_GAPS: Final = {"s": 3, "m": 4, "l": 4, "xl": 14}
"""Columns between the sign and what stands right of it."""
_LEAST: Final = 5
"""Rows of the smallest sign."""
_ALIKE: Final = 0.85
"""A sign may be so much smaller for a larger lettering beside it."""
_FRAME: Final = 2
"""Columns, and rows, of a frame's two sides."""


class FloodText(NamedTuple):
    """What stands on a flood; `family` are the words that may stand in the same place.

    `ground` is ok, bad, neutral or warn. Without an amount the line takes as many rows as it needs.
    """

    ground: str
    word: str
    line: str = ""
    amount: AmountText | None = None
    family: tuple[str, ...] = ()


class Flood(Fitting):
    """Covers the screen down to the row that the step says, the line above included."""

    def __init__(self, told: FloodText, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=told.ground)
        self._told = told
        self._sign = Sign(SIGNS[told.ground])
        self._word = Word(told.word)
        self._amount = Figures(told.amount or "")
        self._line = Sentence(told.line, large=told.amount is None, id="line")
        self._amount.display = told.amount is not None

    def compose(self) -> Iterator[Widget]:
        """Set the sign left, and word, amount and line right of it."""
        with Vertical(id="mark"):
            yield self._sign
        with Vertical(id="told"):
            yield self._word
            yield self._amount
            yield self._line

    def on_mount(self) -> None:
        """Be as high as the step says from the first picture on."""
        self.fit()

    def show(self, told: FloodText) -> None:
        """Show that it stands otherwise now."""
        self._told = told
        self.set_classes(told.ground)
        self._amount.show(told.amount or "")
        self._line.show(told.line, large=told.amount is None)
        self.fit()

    def fit(self) -> None:
        """Leave out blank rows, and then the line, rather than cut a word or an amount."""
        told, step = self._told, self.step
        self._amount.display = told.amount is not None
        self._line.display = bool(told.line)
        if step is SMALL:
            self.styles.height = "auto"
            self._sign.show(SIGNS[told.ground], 0)
            self._word.show(told.word)
            self._apart(0, 0)
            return
        framed = self.framed or told.ground == "warn"
        rows = flood_rows(self.app.size) - step.head
        if framed and step is STEPS[-1]:
            rows += 1  # on the smallest screen the frame takes the place of the line's rule
        self.styles.height = rows
        inner = self.app.size.width - 2 * step.margin - (_FRAME if framed else 0)
        columns = self._set_sign(step, inner)
        self._fill(step, rows - (_FRAME if framed else 0), columns)

    def _set_sign(self, step: ScreenStep, room: int) -> int:
        """Make the sign as large as amount and word beside it allow; return the columns there."""
        full = self._sign.most_rows
        sizes = range(full, _LEAST - 1, -1)
        beside = {rows: self._beside(rows, step, room) for rows in sizes}
        fine = [rows for rows in sizes if self._amount_fits(beside[rows])]
        finest = [
            rows
            for rows in fine
            if rows >= _ALIKE * full and self._word_fits(step.word, beside[rows])
        ]
        finer = []
        if self._told.amount is not None:  # without one there is room for a word in two lines
            finer = [rows for rows in fine if self._word_fits(letters.CONDENSED, beside[rows])]
            finer += (
                [0] if self._amount_fits(room) and self._word_fits(letters.CONDENSED, room) else []
            )
        rows = (*finest, *finer, *fine, 0)[0]
        if not rows and not self._amount_fits(room):
            rows = full  # the amount is written in plain characters anyway
        self._sign.show(SIGNS[self._told.ground], rows)
        self._sign.styles.margin = (0, _GAPS[step.name] if rows else 0, 0, 0)
        return beside[rows] if rows else room

    def _beside(self, rows: int, step: ScreenStep, room: int) -> int:
        drawn = signs.sign(SIGNS[self._told.ground], rows, rich=self.rich)
        return room - width(drawn) - _GAPS[step.name]

    def _amount_fits(self, columns: int) -> bool:
        room = self.app.size
        return self._told.amount is None or (
            self._amount.get_content_height(room, room, columns) > 1
        )

    def _word_fits(self, rung: str, columns: int) -> bool:
        family = (self._told.word, *self._told.family)
        return all(
            letters.lines(one, rung, columns, rich=self.rich, most=1) is not None for one in family
        )

    def _fill(self, step: ScreenStep, rows: int, columns: int) -> None:
        """Use the largest arrangement that fits into so many rows."""
        told, room = self._told, self.app.size
        amount = self._amount.get_content_height(room, room, columns) if told.amount else 0
        line = self._line.get_content_height(room, room, columns) if told.line else 0
        for most in (2, 1):
            self._word.show(told.word, family=told.family, most=most)
            word = self._word.get_content_height(room, room, columns)
            for gap in range(step.apart, -1, -1):
                below = gap - 1 if told.amount and gap else gap  # a figure has a free row below it
                for shown in (line, 0) if told.amount else (line,):
                    whole = word + (gap + amount if amount else 0) + (below + shown if shown else 0)
                    if whole <= rows:
                        self._line.display = bool(shown)
                        self._apart(gap if amount else 0, below)
                        return

    def _apart(self, amount: int, line: int) -> None:
        self._amount.styles.margin = (amount, 0, 0, 0)
        self._line.styles.margin = (line, 0, 0, 0)
