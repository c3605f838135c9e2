"""Links as a list, a line for each: its sign, its name, what was found.

Where there is no room for boxes, all links are in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from kiosk_tui.diagnosis.chain import NAMES, ORDER, Link
from kiosk_tui.diagnosis.findings import Finding, Verdict
from kiosk_tui.text.cells import ljust, shortened
from kiosk_tui.text.wording.states import Mark
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL
from kiosk_tui.ui.widgets.way import LINK_LOOKS

MARKS: Final = {
    Verdict.GOOD: (Mark.GOOD, "link--good"),
    Verdict.LOOK: (Mark.LOOK, "link--look"),
    Verdict.BAD: (Mark.BAD, "link--bad"),
    Verdict.SKIPPED: (Mark.NONE, "link--dim"),
}
_NAME: Final = 12
_APART: Final = 3
_UNSEEN: Final = "not looked at yet"


class LinkList(Fitting):
    """Shows what is known of each link; the chosen line is marked over its whole width."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*LINK_LOOKS, "link--row"}

    def __init__(self, found: Mapping[Link, Finding], links: Sequence[Link]) -> None:
        super().__init__()
        self._found = found
        self._own = tuple(links)
        self._chosen: Link | None = None
        self._looked_at: Link | None = None

    def show(self, chosen: Link | None, looked_at: Link | None, told: Link | None = None) -> None:
        """Mark `chosen`, and `looked_at` as being looked at; `told` is known anew."""
        before = self._links
        changed = {self._chosen, chosen} if chosen is not self._chosen else set()
        changed |= {self._looked_at, looked_at} if looked_at is not self._looked_at else set()
        self._chosen, self._looked_at = chosen, looked_at
        if self._links != before:
            self.refresh()  # other lines are shown
            return
        for line, link in enumerate(before):
            if link in changed or link is told:
                self.refresh(Region(0, line * self._apart, self.size.width, 1))

    @property
    def _all(self) -> tuple[Link, ...]:
        return ORDER if self.step is SMALL else self._own

    @property
    def _links(self) -> tuple[Link, ...]:
        """The links from the first that is shown: the chosen one is always among them."""
        links = self._all
        at = links.index(self._chosen) if self._chosen in links else 0
        return links[max(0, at - self.size.height + 1) :]

    @property
    def _apart(self) -> int:
        """Rows from one line to the next."""
        return max(1, min(_APART, (self.size.height + 1) // len(self._all)))

    def render_line(self, y: int) -> Strip:
        """Draw the line of one link."""
        place, between = divmod(y, self._apart)
        room, links = self.size.width, self._links
        if between or place >= len(links):
            return Strip.blank(room, self.rich_style)
        link = links[place]
        chosen = link is self._chosen
        plain = self.get_component_rich_style("link--row") if chosen else self.rich_style
        return Strip(self._parts(link, room, plain)).adjust_cell_length(room, plain)

    def _parts(self, link: Link, room: int, plain: Style) -> list[Segment]:
        style, found = self.get_component_rich_style, self._found.get(link)
        mark, look = (Mark.NONE, "link--dim") if found is None else MARKS[found.verdict]
        if self._looked_at is link:
            mark, look = Mark.RUNNING, "link--look"
        told = "looking" if self._looked_at is link else _UNSEEN if found is None else found.text
        sign = mark.rich if self.rich else mark.console
        if link is self._chosen:  # one pair of colours: each of them can be read on its ground
            marked, dim = plain, plain
        else:
            marked, dim = style(look), style("link--dim")
        text = shortened(told, max(0, room - 3 - _NAME), rich=self.rich)
        return [
            Segment(f" {sign} ", marked),
            Segment(ljust(NAMES[link], _NAME), plain),
            Segment(text, dim),
        ]
