"""The panel of a lane: one frame that never moves or changes its size, whatever stands in it.

An entry, a payment that runs, its result, a question: each has its own frame or flood, a title, a line
that says what it is, the amount as large as there is room, and what belongs to it at the left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import AmountText, amount_text
from kiosk_tui.text.cells import shortened, wrap
from kiosk_tui.text.glyphs import drawable
from kiosk_tui.ui.shapes import signs
from kiosk_tui.ui.shapes.rows import Rows, beside, width
from kiosk_tui.ui.widgets import ink
from kiosk_tui.ui.widgets.figures import Figures
from kiosk_tui.ui.widgets.fitting import Fitting
from kiosk_tui.ui.widgets.room import SMALL, step_of
from kiosk_tui.ui.widgets.time_bar import TimeBar

ENTRY: Final = "entry"
RUNNING: Final = "running"
APPROVED: Final = "ok"
DECLINED: Final = "bad"
STOPPED: Final = "neutral"
LOOK: Final = "look"
QUESTION: Final = "question"
MOODS: Final = (ENTRY, RUNNING, APPROVED, DECLINED, STOPPED, LOOK, QUESTION)

WAVES: Final = "waves"
_SIGN_ROWS: Final = {"l": (9, 7), "xl": (14, 10, 7)}
"""Rows of a sign at each size of the screen, the largest first: as large as there is room beside."""
_SIGN_GAP: Final = 4
_BETWEEN: Final = "   "
_APART: Final = 2
"""Columns between the texts and the amount."""
_ROOM: Final = 14
"""Columns that a sentence needs at the least, to be broken into lines."""

Part = tuple[str, str]
"""A text, and how it looks: "" plain, or title, dim, accent, ok, warn, cap, danger."""
Line = tuple[Part, ...]


def line(text: str, looks: str = "") -> Line:
    """Return a line that looks the same from end to end."""
    return ((text, looks),)


class PanelView(NamedTuple):
    """What the panel shows.

    `title` stands in its frame, or `lean_title` where bytes count; `said` in the frame's lower edge; `then` is what to do, in a sentence;
    `answers` are the keys of a question, where there is room for them.
    `typed`: the amount is being typed; `faint`: nothing has been typed yet. `left_s` are the seconds
    that are left, where time runs.
    """

    mood: str
    title: str
    heading: Line
    amount: AmountText
    lines: Sequence[Line] = ()
    then: str = ""
    answers: Sequence[Line] = ()
    typed: bool = False
    faint: bool = False
    sign: str = ""
    left_s: float | None = None
    said: str = ""
    lean_title: str = ""


def is_lean(settings: ScreenSettings, size: Size) -> bool:
    """Say whether bytes count: over a slow line, on a small screen."""
    return settings.thrift or (settings.still and step_of(size).name == "s")


class Lines(Fitting):
    """A few lines of text, cut where there is no room."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("lines--title", "lines--dim", "lines--accent", "lines--ok"),
        *("lines--warn", "lines--cap", "lines--danger"),
    }

    def __init__(self, lines: Sequence[Line], *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines = tuple(lines)

    def show(self, lines: Iterable[Line]) -> None:
        """Show other lines."""
        wanted = tuple(lines)
        if wanted != self._lines:
            fits = len(wanted) == len(self._lines)
            self._lines = wanted
            self.refresh(layout=not fits and self.step is SMALL)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the lines are many."""
        del container, viewport, width
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        room = self.size.width
        drawn: list[Segment] = []
        for text, looks in self._lines[y] if y < len(self._lines) else ():
            left = room - sum(cell_len(one.text) for one in drawn)
            style = self.get_component_rich_style(f"lines--{looks}") if looks else self.rich_style
            drawn.append(Segment(shortened(text, left, rich=self.rich), style))
        return Strip(drawn).extend_cell_length(room, self.rich_style).crop(0, room)


class PanelFigures(Figures):
    """The amount, as wide as the largest one that may be typed, at the right."""

    ALONE: ClassVar[bool] = True

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Be as wide as the figures are."""
        del viewport
        return min(container.width, self.columns_in(container.width))


class PanelSign(Fitting):
    """A result's sign, or the waves of a card that is awaited."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"sign--unlit"}

    def __init__(self, name: str) -> None:
        super().__init__(id="panel-sign")
        self._name = name
        self._rows = 0
        self._lit = signs.WAVES

    def show(self, name: str, room: int) -> None:
        """Show another sign, or none, in at most so many columns."""
        before = self._name, self._rows
        self._name = name
        fitting = (one for one in _SIGN_ROWS.get(self.step.name, ()) if self._wide(one) <= room)
        self._rows = next(fitting, 0) if name else 0
        if before != (self._name, self._rows):
            self._lit = signs.WAVES
            self.refresh()

    def move(self) -> None:
        """Light one more of the waves."""
        if self._name == WAVES:
            self._lit = self._lit % signs.WAVES + 1
            self.refresh()

    @property
    def columns(self) -> int:
        """The columns of the sign; 0 where none is shown."""
        return self._wide(self._rows)

    def _wide(self, rows: int) -> int:
        return sum(width(one) for one in self._drawn(rows))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        unlit = self.get_component_rich_style("sign--unlit")
        parts = [
            (one[y] if y < len(one) else " " * width(one), self.rich_style if lit else unlit)
            for one, lit in zip(
                self._drawn(self._rows), (number < self._lit for number in range(9)), strict=False
            )
        ]
        used = sum(len(row) for row, _ in parts)
        room = self.size.width
        return ink.strips([*parts, (" " * max(0, room - used), self.rich_style)], room)

    def _drawn(self, rows: int) -> Sequence[Rows]:
        if not rows or not self._name:
            return ()
        if self._name == WAVES:
            return tuple(beside((one,), 0) for one in signs.waves(rows, rich=self.rich))
        return (signs.sign(self._name, rows, rich=self.rich),)


class LanePanel(Vertical):
    """Shows a `PanelView`. Only what differs from the one before is drawn."""

    def __init__(self, settings: ScreenSettings, view: PanelView, *, lean: bool) -> None:
        # before it is drawn: its frame would be drawn twice, and its widgets' styles looked up twice
        still = settings.still
        begins = {"-still": still, "-lean": lean, f"-{view.mood}": True}
        begins["-faint"] = view.faint and not still
        super().__init__(
            id="panel", classes=" ".join(name for name, is_so in begins.items() if is_so)
        )
        self._settings = settings
        self._view = view
        self._whole_s = view.left_s or 0.0

    @property
    def view(self) -> PanelView:
        """What it shows."""
        return self._view

    def compose(self) -> Iterator[Widget]:
        """Lay it out: a line, and below it sign, texts and amount."""
        view = self._view
        most = amount_text(self._settings.amount_max, self._settings.locale)
        yield Lines((), id="panel-heading")
        still = self._settings.still
        figures = PanelFigures(view.amount, side="right", widest=most, still=still)
        with Horizontal(id="panel-row"):
            if still:
                yield figures  # stands where it was typed
            yield PanelSign("")
            with Vertical(id="panel-left"):
                yield Lines((), id="panel-lines")
                yield TimeBar(self._whole_s, view.left_s or 0.0, id="panel-bar")
            if not still:
                yield figures

    def on_mount(self) -> None:
        """Show what it begins with."""
        self._draw()

    def on_resize(self) -> None:
        """Place everything anew. Over a slow line a small panel keeps its ground: a flood is 1 kB."""
        self.set_class(is_lean(self._settings, self.app.size), "-lean")
        self._draw()

    def show(self, view: PanelView) -> None:
        """Show something else."""
        if view.left_s is not None and (self._view.left_s is None or view.left_s > self._whole_s):
            self._whole_s = view.left_s
        if view != self._view:
            self._view = view
            self._draw()

    @property
    def rest_of_said(self) -> str:
        """What was said and is too long for the frame's edge."""
        return self._said()[1]

    def _said(self) -> tuple[str, str]:
        room = self.size.width
        if not self._view.said or not room or step_of(self.app.size) is SMALL:
            return "", ""
        first, *rest = wrap(f"! {self._view.said}", room)
        return first, " ".join(rest)

    def move(self) -> None:
        """Show the next step of what moves."""
        self.query_one(PanelSign).move()

    def _draw(self) -> None:
        view = self._view
        # over a slow line 0.00 is as bright as the rest: figures that turn bright are written again
        faint = view.faint and not self._settings.still
        self.update_classes({**{f"-{one}": one == view.mood for one in MOODS}, "-faint": faint})
        # as content: a text such as `[lane]` is no markup
        lean = is_lean(self._settings, self.app.size)
        self.border_title = Content(
            drawable(view.lean_title if lean and view.lean_title else view.title)
        )
        said, _ = self._said()
        self.border_subtitle = Content(said)
        self.query_one(PanelFigures).show(view.amount, typed=view.typed)
        bar = self.query_one(TimeBar)
        bar.display = view.left_s is not None
        if view.left_s is not None:
            bar.show(view.left_s, self._whole_s)
        self._arrange()

    def _arrange(self) -> None:
        """Put the texts at the left of the amount, or all in the first line where that is too narrow."""
        view, sign = self._view, self.query_one(PanelSign)
        if sign.step is SMALL:
            self._arrange_plain(view)
            return
        row = self.query_one("#panel-row").size
        room = row.width - self.query_one(PanelFigures).columns_in(row.width) - _APART
        # the least column beside it would cut an amount that is as wide as all of the row; without a size
        # yet there is one, as mostly, or the amount would be drawn twice
        self.query_one("#panel-left").display = not row.width or room + _APART > 0
        longest = max((_cells(one) for one in view.lines), default=0)
        sign.show(view.sign, room - _SIGN_GAP - max(longest, _ROOM))
        with_sign = room - sign.columns - _SIGN_GAP
        sign.display = bool(sign.columns)
        sign.styles.width = sign.columns + _SIGN_GAP
        room = with_sign if sign.display else room
        beside = _beside(view, room, row.height) if longest <= room else None
        heading = view.heading
        if beside is None:
            texts = [line(view.then)] if view.then else []
            heading = (*heading, *(part for one in (*texts, *view.lines) for part in _after(one)))
        self.query_one("#panel-heading", Lines).show([heading])
        self.query_one("#panel-lines", Lines).show(beside or ())

    def _arrange_plain(self, view: PanelView) -> None:
        """Put what counts below each other, where there is neither a frame nor a large amount."""
        room = self.size.width
        texts = [text for text in (view.then, view.said) if text and room]
        said = [line(part, "warn") for text in texts for part in wrap(text, room)]
        self.query_one("#panel-heading", Lines).show([view.heading])
        self.query_one("#panel-lines", Lines).show([*view.lines[:2], *said])


def _beside(view: PanelView, room: int, rows: int) -> Sequence[Line] | None:
    """Write the lines and the sentence below each other; None where there are too many."""
    if not view.then:
        answers = view.answers if max(map(_cells, view.answers), default=0) <= room else ()
        apart = [()] if len(view.lines) + len(answers) < rows - 1 else []
        found = [*view.lines, *apart, *answers] if answers else view.lines
        return found if len(found) <= rows else None
    if room < _ROOM:
        return None
    sentence = [line(one) for one in wrap(view.then, room)]
    whole = [*view.lines, (), *sentence] if view.lines else sentence
    for found in (whole, [*view.lines, *sentence], [*view.lines[:2], *sentence]):
        if len(found) <= rows:
            return found
    return None


def _cells(one: Line) -> int:
    return sum(cell_len(text) for text, _ in one)


def _after(one: Line) -> Line:
    return ((_BETWEEN, ""), *one)
