"""The keys of a lane: which key is which operation, always; a grid of them, and all of them with words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.strip import Strip

from kiosk_tui.domain.lane import KINDS, offered
from kiosk_tui.domain.operations import Operation
from kiosk_tui.text.cells import ljust, shortened
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.operations import kind, short
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.hints import Hint, hints
from kiosk_tui.ui.widgets.tile import Tile

_KEYS: Final = (*"123456789", "asterisk")
AFTER_STAR: Final[Mapping[str, Operation]] = dict(zip(_KEYS, KINDS, strict=False))
"""What a key begins after the star. `0` is the list: the tenth operation has the star again."""
FUNCTIONS: Final = {f"f{key}": kind for key, kind in AFTER_STAR.items() if key.isdigit()}
"""What the function keys begin. Some consoles keep some of them for themselves: hence the star."""

ROWS: Final = 2
_ACROSS: Final = 6
_CAP: Final = 3
_OTHERS: Final = (("f10", "+"), ("f11", "-"), ("f12", "/"))
"""What is no operation, by its function key and by its key after the star."""


class LaneKey(NamedTuple):
    """A key of the grid: its cap, its word, the key itself, and the operation that it begins."""

    cap: str
    word: str
    key: str
    operation: Operation | None = None


def grid(extra: Collection[Operation], *, after_star: bool) -> Sequence[LaneKey]:
    """Return the keys of the grid in their places; a key that does nothing here has no word."""
    kinds = offered(extra)
    found = [
        LaneKey(
            key if after_star else f"F{key}",
            short(operation) if operation in kinds else "",
            key if after_star else f"f{key}",
            operation,
        )
        for key, operation in AFTER_STAR.items()
        if key.isdigit()
    ]
    names = (_("Tasks"), _("Day"), _("Service"))
    for (key, star), name in zip(_OTHERS, names, strict=True):
        cap = star if after_star else key.upper()
        found.append(LaneKey(cap, name, _STARRED[star] if after_star else key))
    return found


_STARRED: Final = {"+": "plus", "-": "minus", "/": "slash"}


def starred(extra: Collection[Operation], *, after_star: bool) -> str:
    """Say how the tenth operation is begun, where it is offered: with a star, or a second one."""
    if AFTER_STAR["asterisk"] not in offered(extra):
        return ""
    star = "[*]" if after_star else "[**]"
    return f"{star} {short(AFTER_STAR['asterisk']).lower()}"


def fitting(keys: Sequence[str], room: int, gap: int = 2) -> str:
    """Return the keys of a line that there is room for; the last one stays, those before it go first."""
    kept = [one for one in keys if one]
    while len(kept) > 1 and _wide(kept, gap) > room:
        del kept[-2]
    return "   ".join(kept)


def _wide(keys: Sequence[str], gap: int) -> int:
    found = [one for key in keys for one in hints(key)]
    return sum(one.columns for one in found) + gap * (len(found) - 1)


class KeyGrid(Fitting):
    """Twelve keys, six in a row, below a rule. The one whose entry is being typed is marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("keys--rule", "keys--cap", "keys--current", "keys--now"),
    }

    def __init__(self, keys: Sequence[LaneKey], now: Operation | None) -> None:
        super().__init__(id="keys")
        self._keys = tuple(keys)
        self._now = now

    def show(self, keys: Sequence[LaneKey], now: Operation | None) -> None:
        """Show other keys, or another one marked."""
        if (tuple(keys), now) != (self._keys, self._now):
            self._keys, self._now = tuple(keys), now
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row: the rule, or six keys."""
        room, plain = self.size.width, self.rich_style
        style = self.get_component_rich_style
        if y == 0:
            return Strip([Segment(drawable("─" * room), style("keys--rule"))], room)
        drawn: list[Segment] = []
        for at, wide, one in self._placed(y - 1):
            used = sum(cell_len(part.text) for part in drawn)
            drawn.append(Segment(" " * (at - used), plain))
            if not one.word:
                continue
            is_now = self._now is not None and one.operation is self._now
            is_short = len(one.cap) == 1 or self._cap > _CAP
            cap = one.cap.center(self._cap) if is_short else one.cap.ljust(_CAP)
            drawn.append(Segment(cap, style("keys--current" if is_now else "keys--cap")))
            word = shortened(one.word, wide - self._cap - 1, rich=self.rich)
            drawn.append(Segment(f" {word}", style("keys--now") if is_now else plain))
        return Strip(drawn).adjust_cell_length(room, plain)

    def on_click(self, event: events.Click) -> None:
        """Take a click on a key as that key."""
        event.stop()
        for at, wide, one in self._placed(event.y - 1) if event.y else ():
            if at <= event.x < at + wide and one.word:
                self.post_message(Tile.Picked(one.key))

    @property
    def _cap(self) -> int:
        return _CAP if self.step.name in ("s", "m") else _CAP + 2

    def _placed(self, line: int) -> Iterator[tuple[int, int, LaneKey]]:
        """Place the keys of a row: columns as wide as their longer word, equally far apart."""
        room = self.size.width
        widths = [
            self._cap + 1 + max(cell_len(one.word) for one in self._keys[place::_ACROSS])
            for place in range(_ACROSS)
        ]
        while sum(widths) + _ACROSS - 1 > room:
            widths[widths.index(max(widths))] -= 1
        even = room // _ACROSS
        if max(widths) < even:
            widths = [even - 1] * _ACROSS
        spare = room - sum(widths)
        at = 0
        for place, one in enumerate(self._keys[line * _ACROSS : (line + 1) * _ACROSS]):
            yield at, widths[place], one
            at += widths[place] + max(1, spare // (_ACROSS - 1))


# -- all of them -----------------------------------------------------------------------------------


def every_key(extra: Collection[Operation]) -> Sequence[Hint]:
    """Return every key of a lane with what it does."""
    kinds = offered(extra)
    functions = [
        Hint(f"F{key}" if key.isdigit() else "**", kind(operation), "")
        for key, operation in AFTER_STAR.items()
        if operation in kinds
    ]
    others = [
        Hint("F10", _("Tasks"), ""),
        Hint("F11", _("Day totals"), ""),
        Hint("F12", _("Service"), ""),
    ]
    texts = (
        *(_("[0-9] amount"), _("[<-] correct"), _("[Enter] go on"), _("[Esc] back")),
        *(_("[Down] list"), _("[*] by digit"), _("[/] details")),
        *(_("[+] goes beyond the limit."), _("[-] contrast"), _("[?] keys"), _("[Ctrl+D] leave")),
    )
    return [*functions, *others, *(one for text in texts for one in hints(text))]


class KeyList(Fitting):
    """Every key with what it does, in as many columns as there is room for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--cap"}
    _LEAST: Final = 24

    def __init__(self, keys: Sequence[Hint]) -> None:
        super().__init__(id="all-keys")
        self._keys = tuple(keys)

    def render_line(self, y: int) -> Strip:
        """Draw one row of each column."""
        room, plain = self.size.width, self.rich_style
        rows = max(1, self.size.height)
        columns = max(1, min(-(-len(self._keys) // rows), room // self._LEAST))
        down = -(-len(self._keys) // columns)
        drawn: list[Segment] = []
        for first in range(0, len(self._keys) if y < down else 0, down):
            column = self._keys[first : first + down]
            wide = max(len(one.cap) for one in column) + 2
            for one in column[y : y + 1]:
                cap = f" {one.cap} "
                does = f"{' ' * (wide - len(cap))} {one.does}"
                drawn.append(Segment(cap, self.get_component_rich_style("keys--cap")))
                left = room // columns - len(cap)
                drawn.append(Segment(ljust(shortened(does, left - 1, rich=self.rich), left), plain))
        return Strip(drawn).adjust_cell_length(room, plain)
