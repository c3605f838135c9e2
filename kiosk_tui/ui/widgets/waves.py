"""Three waves, as of a contactless reader: what says where to hold a card."""

from __future__ import annotations

from itertools import accumulate
from typing import ClassVar, Final

from textual.geometry import Region, Size
from textual.strip import Strip

from kiosk_tui.ui.shapes import signs
from kiosk_tui.ui.shapes.rows import Rows, width
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL

_ROWS: Final = {"xl": 17, "l": 10, "m": 9, "s": 8}
OUTWARD: Final = (1, 2, 3, 0)
"""How many waves are lit, one picture after the other: they run from the card to the reader."""


class Waves(Fitting):
    """Shows three waves, of which the first `lit` are in the widget's own colour.

    With a `frame_s` they run outward, a picture in so many seconds, and stand still for `rest_s` after
    each time. A picture draws only the waves that change.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"waves--track"}

    def __init__(self, frame_s: float = 0.0, rest_s: float = 0.0) -> None:
        super().__init__()
        self._frame_s = frame_s
        self._rest_s = rest_s
        self._lit = signs.WAVES
        self._frame = 0
        self.styles.width = "auto"
        self.styles.height = "auto"
        self.styles.box_sizing = "content-box"

    def on_mount(self) -> None:
        """Begin to run."""
        if self._frame_s:
            self.set_timer(self._rest_s or self._frame_s, self._run)

    def _run(self) -> None:
        if self.region.area:
            self.light(OUTWARD[self._frame])
        self._frame = (self._frame + 1) % len(OUTWARD)
        again_s = self._frame_s if self._frame else self._frame_s + self._rest_s
        self.set_timer(again_s, self._run)

    def light(self, lit: int) -> None:
        """Light so many waves; only those that change are drawn."""
        before, self._lit = self._lit, lit
        shapes = self._shapes()
        starts = accumulate((width(one) for one in shapes), initial=0)
        for number, (at, shape) in enumerate(zip(starts, shapes, strict=False)):
            if (number < before) != (number < lit):
                self.refresh(Region(at, 0, width(shape), len(shape)))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as all three."""
        del container, viewport
        return sum(width(one) for one in self._shapes())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the largest."""
        del container, viewport, width
        return max(map(len, self._shapes()), default=0)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        unlit = self.get_component_rich_style("waves--track")
        parts = []
        for number, shape in enumerate(self._shapes()):
            is_lit = number < self._lit
            # without colours a wave that is not lit is none
            row = shape[y] if is_lit or unlit.color != self.rich_style.color else ""
            parts.append((row.ljust(width(shape)), self.rich_style if is_lit else unlit))
        return ink.strips(parts, self.size.width)

    def _shapes(self) -> tuple[Rows, ...]:
        if self.step is SMALL:
            return ()
        return signs.waves(_ROWS[self.step.name], rich=self.rich)
