"""The chain, a line for each link: its verdict, how long the look took, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.diagnosis.chain import CHAIN, TITLES, Link
from kiosk_tui.diagnosis.findings import Finding, Verdict
from kiosk_tui.diagnosis.report import MARKS, took

_LOOKS: Final = {
    Verdict.GOOD: "chain--good",
    Verdict.LOOK: "chain--open",
    Verdict.BAD: "chain--bad",
}
_CHOSEN: Final = "chain--chosen"
_LONG_WORD: Final = 16
"""A word that is longer, a path say, is cut in the middle rather than left out."""


class Chain(Widget):
    """Shows what is known. A line is drawn again only when it changes, and each column has its place."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*_LOOKS.values(), _CHOSEN}

    def __init__(self, found: Mapping[Link, Finding], chosen: Link, looked_at: Link | None) -> None:
        super().__init__()
        self._found = found
        self._chosen = chosen
        self._looked_at = looked_at
        self.styles.height = len(CHAIN)

    @property
    def chosen(self) -> Link:
        """The link that the technician's next key is about."""
        return self._chosen

    def step(self, count: int) -> None:
        """Choose a link further down, or up; beyond the end begins anew."""
        self.choose(CHAIN[(CHAIN.index(self._chosen) + count) % len(CHAIN)])

    def choose(self, link: Link) -> None:
        """Choose a link."""
        before, self._chosen = self._chosen, link
        self.draw(before)
        self.draw(link)

    def look_at(self, link: Link) -> None:
        """Say that a link is being looked at."""
        self._looked_at = link
        self.draw(link)

    def tell(self, link: Link) -> None:
        """Say what was found about a link."""
        if self._looked_at is link:
            self._looked_at = None
        self.draw(link)

    def draw(self, link: Link) -> None:
        """Draw one line again."""
        self.refresh(Region(0, CHAIN.index(link), self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw the line of one link."""
        if y >= len(CHAIN):
            return Strip.blank(self.size.width, self.rich_style)
        parts = Strip(self._parts(CHAIN[y]))
        return parts.adjust_cell_length(self.size.width, self.rich_style)

    def _parts(self, link: Link) -> list[Segment]:
        found, plain = self._found.get(link), self.rich_style
        chosen = self.get_component_rich_style(_CHOSEN) if link is self._chosen else plain
        title = Segment(f" {TITLES[link]:<14}", chosen)
        if self._looked_at is link or found is None:
            told = "looking" if self._looked_at is link else "not looked at yet"
            return [title, Segment(f"  {told}", plain)]
        look = _LOOKS.get(found.verdict)
        mark = Segment(
            f"{MARKS[found.verdict]:^6}",
            plain if look is None else self.get_component_rich_style(look),
        )
        took_ = f"{took(found.took_s):>8}  "
        room = self.size.width - len(title.text) - len(mark.text) - len(took_) - 2
        return [title, Segment(" ", plain), mark, Segment(took_ + cut(found.text, room), plain)]


def cut(text: str, room: int) -> str:
    """Cut a text to what fits, at a space where one is near; the whole is told elsewhere."""
    if len(text) <= room:
        return text
    at = text.rfind(" ", 0, room + 1)
    return text[: at if at > room - _LONG_WORD else max(0, room)]
