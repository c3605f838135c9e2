"""The way from the kiosk to its terminal: a box for each link, with the time that the look took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from kiosk_tui.diagnosis.chain import NAMES, WAY, Link
from kiosk_tui.diagnosis.findings import Finding, Verdict
from kiosk_tui.diagnosis.report import took
from kiosk_tui.text.cells import shortened
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.widgets.fitting import Fitting

_GAPS: Final = {"s": 1, "m": 3, "l": 5, "xl": 7}
"""Columns between two boxes."""
_LOOKS: Final = {
    Verdict.GOOD: "link--good",
    Verdict.LOOK: "link--look",
    Verdict.BAD: "link--bad",
    Verdict.SKIPPED: "link--dim",
}
LINK_LOOKS: Final = frozenset({*_LOOKS.values(), "link--chosen"})
SIGNS: Final = {Verdict.LOOK: "!", Verdict.BAD: "x", Verdict.SKIPPED: "-"}
"""In front of a time; what is good needs none."""
_SHORT: Final = 4
"""Rows of a box with its name and a time; in more there is a fact, too."""
_WORDS: Final = {
    Verdict.GOOD: "good",
    Verdict.LOOK: "look",
    Verdict.BAD: "broken",
    Verdict.SKIPPED: "unseen",
}
_LOOKING: Final = "looking"
_CORNERS: Final = {False: "┌┐└┘", True: "╭╮╰╯"}


class Way(Fitting):
    """Draws what is known of each link. The one before a broken link has an x in its line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(LINK_LOOKS)

    def __init__(self, found: Mapping[Link, Finding]) -> None:
        super().__init__()
        self._found = found
        self._chosen: Link | None = None
        self._looked_at: Link | None = None

    def show(self, chosen: Link | None, looked_at: Link | None, told: Link | None = None) -> None:
        """Mark `chosen`, and `looked_at` as being looked at; `told` is known anew."""
        changed = {self._chosen, chosen} if chosen is not self._chosen else set()
        changed |= {self._looked_at, looked_at} if looked_at is not self._looked_at else set()
        self._chosen, self._looked_at = chosen, looked_at
        for one in WAY:
            if one not in changed:
                continue
            at, wide = self._place(one)
            self.refresh(Region(at + 1, 1, wide - 2, self.size.height - 2))
        if told is not None and told in WAY:
            at, wide = self._place(told)
            before = min(at, self._gap)  # the line that leads there
            self.refresh(Region(at - before, 0, before + wide, self.size.height))

    @property
    def _gap(self) -> int:
        return _GAPS.get(self.step.name, 1)

    def _place(self, link: Link) -> tuple[int, int]:
        """Return the first column of a box, and its columns; the first boxes take what is left over."""
        wide, rest = divmod(self.size.width - self._gap * (len(WAY) - 1), len(WAY))
        place = WAY.index(link)
        return place * (wide + self._gap) + min(place, rest), wide + (place < rest)

    def render_line(self, y: int) -> Strip:
        """Draw one row of all boxes."""
        parts: list[Segment] = []
        for link in WAY:
            at, wide = self._place(link)
            if at:
                parts.append(self._between(link, self._gap, y))
            parts += self._box(link, wide, y)
        return Strip(parts).adjust_cell_length(self.size.width, self.rich_style)

    def _look(self, link: Link) -> Style:
        found = self._found.get(link)
        look = "link--dim" if found is None or found.because else _LOOKS[found.verdict]
        return self.get_component_rich_style(look)

    def _between(self, link: Link, gap: int, y: int) -> Segment:
        """Draw the line that leads to a link."""
        if y != self.size.height // 2 - (self.size.height % 2 == 0):
            return Segment(" " * gap, self.rich_style)
        found = self._found.get(link)
        if found is None or not self._breaks(found):
            return Segment(drawable("─" * gap), self._look(link))
        line = "x" if gap < 3 else drawable("─" + "x".center(gap - 2) + "─")  # noqa: PLR2004
        return Segment(line, self.get_component_rich_style("link--bad"))

    @staticmethod
    def _breaks(found: Finding) -> bool:
        """Whether the way ends before this link: by its own fault, or by one that is no box before it."""
        return found.verdict is Verdict.BAD or (
            found.because is not None and found.because not in WAY
        )

    def _box(self, link: Link, wide: int, y: int) -> list[Segment]:
        look, inner = self._look(link), wide - 2
        corners = _CORNERS[self.rich]
        if y == 0:
            return [Segment(drawable(corners[0] + "─" * inner + corners[1]), look)]
        if y == self.size.height - 1:
            return [Segment(drawable(corners[2] + "─" * inner + corners[3]), look)]
        side = Segment(drawable("│"), look)
        lines = [(NAMES[link], self._named(link)), (self._told(link, inner), look)]
        found = self._found.get(link)
        if self.size.height > _SHORT and found is not None:
            brief = found.brief or _WORDS[found.verdict]
            lines.insert(1, (shortened(brief, inner, rich=self.rich), look))
        line = y - (self.size.height - len(lines)) // 2
        text, style = lines[line] if 0 <= line < len(lines) else ("", look)
        return [side, Segment(text.center(inner), style), side]

    def _named(self, link: Link) -> Style:
        if link is self._chosen:
            return self.get_component_rich_style("link--chosen")
        known = link in self._found and not self._found[link].because
        return self.rich_style + Style(bold=True) if known else self._look(link)

    def _told(self, link: Link, room: int) -> str:
        if self._looked_at is link:
            return _LOOKING
        found = self._found.get(link)
        if found is None:
            return SIGNS[Verdict.SKIPPED]
        told = (SIGNS.get(found.verdict, ""), took(found.took_s))
        whole = " ".join(filter(None, told))
        return whole if len(whole) <= room else "".join(told)
