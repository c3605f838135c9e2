"""What is due and sees to itself, and what needs a person, with what to do about each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.task import Task
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.notifications import Notification, ReadinessChanged, TransactionChanged
from kiosk_tui.records import dataclass
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.explanations import explained
from kiosk_tui.text.wording.lane import due
from kiosk_tui.text.wording.tasks import heading, steps
from kiosk_tui.ui.messages import Left, RetryAsked, TasksAsked, TaskTaken
from kiosk_tui.ui.screens.lane.dialog import LaneDialog
from kiosk_tui.ui.screens.lane.entries import EntryRow, EntryRows, row
from kiosk_tui.ui.stylesheets import sheet
from kiosk_tui.ui.widgets.rows import Rows

PAGE: Final = 7
_STEPS: Final = {"up": -1, "down": 1, "pageup": -PAGE, "pagedown": PAGE}


@dataclass(frozen=True, slots=True)
class ToDo:
    """A transaction that needs a person, and why."""

    transaction: Transaction
    task: Task


class Tasks(LaneDialog):
    """The oldest task first; Enter settles the chosen one with a note."""

    CSS_PATH = sheet("tasks")

    def __init__(
        self,
        settings: ScreenSettings,
        due_ones: Sequence[Transaction],
        tasks: Sequence[ToDo],
        *,
        said: str = "",
    ) -> None:
        super().__init__(settings)
        self._due = due_ones
        self._tasks = list(tasks)
        self._place = 0
        self._said = said

    def body(self) -> Iterator[Widget]:
        yield Static(_("Tasks"), id="title", classes="title", markup=False)
        yield Static(self._due_text(), id="due", markup=False)
        if self._tasks:
            yield EntryRows(
                self.settings, self._rows(), chosen=self._place - self._first, id="rows"
            )
            yield Static(self._what_to_do(), id="do", markup=False)
        yield Static(self._said, id="said", classes="warn", markup=False)

    def hint(self) -> str:
        keys = [_("[1-7] choose"), _("[Enter] settle with a note")] if self._tasks else []
        keys += [_("[0] try again now")] if self._due else []
        return "   ".join((*keys, _("[Esc] back")))

    def press(self, key: str) -> None:
        if key in _STEPS and self._tasks:
            self._choose(self._place + _STEPS[key])
        else:
            super().press(key)

    def digit(self, digit: int) -> None:
        if digit == 0 and self._due:
            self.tell_last(RetryAsked())
        elif 0 < digit <= PAGE and self._first + digit <= len(self._tasks):
            self._choose(self._first + digit - 1)

    def on_rows_line_picked(self, event: Rows.LinePicked) -> None:
        """Take a click on a task as the digit beside it."""
        self.press(str(event.place + 1))

    def enter(self) -> None:
        if self._tasks:
            self.tell_last(TaskTaken(self._tasks[self._place].transaction))

    def back(self) -> None:
        self.tell_last(Left())

    def hear(self, notification: Notification) -> None:
        if isinstance(notification, ReadinessChanged):
            self._due = notification.readiness.due
            self.query_one("#due", Static).update(self._due_text())
            self.tell_keys()
        elif isinstance(notification, TransactionChanged) and self._is_new(
            notification.transaction
        ):
            self.tell_last(TasksAsked())

    def _is_new(self, one: Transaction) -> bool:
        known = {todo.transaction.id for todo in self._tasks}
        return (one.state is State.NEEDS_STAFF) != (one.id in known)

    @property
    def _first(self) -> int:
        return self._place - self._place % PAGE

    def _choose(self, place: int) -> None:
        self._place = min(max(0, place), len(self._tasks) - 1)
        self._show()
        self.query_one("#do", Static).update(self._what_to_do())

    def _show(self) -> None:
        for found in self.query(EntryRows):
            found.show_entries(self._rows(), chosen=self._place - self._first)

    def _rows(self) -> list[EntryRow]:
        page = self._tasks[self._first : self._first + PAGE]
        zone = self.settings.lane.zone
        return [
            row(one.transaction, self.locale, zone, number=number)
            for number, one in enumerate(page, 1)
        ]

    def _what_to_do(self) -> str:
        one = self._tasks[self._place]
        told = steps(one.task, one.transaction, self.locale)
        numbered = [f"{number}. {text}" for number, text in enumerate(told, 1)]
        return "\n".join((f"{heading(one.task)}. {explained(one.transaction.why)}", *numbered))

    def _due_text(self) -> str:
        if not self._due:
            nothing = [_("No cancellation is due.")]
            nothing += [] if self._tasks else [_("There are no tasks.")]
            return " ".join(nothing)
        told = due(self._due, self.settings.now(), self.locale)
        by_itself = _("They are tried again by themselves until TECS has answered.")
        return f"{told}.\n{by_itself}"
