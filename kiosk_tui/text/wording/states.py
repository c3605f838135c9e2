"""How a transaction stands: a mark and a word or two, the same on every screen, list and line.

The names of `State` are for logs, exports and JSON; people read these words.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.records import dataclass
from kiosk_tui.text.texts import _


class Mark(Enum):
    """A kind of state, with its sign on a console and where more characters are sure."""

    GOOD = ("+", "\u2713")
    BAD = ("x", "\u00d7")
    LOOK = ("!", "!")
    NONE = ("-", "-")
    RUNNING = (">", "\u25cf")

    def __init__(self, console: str, rich: str) -> None:
        self.console = console
        self.rich = rich


@dataclass(frozen=True, slots=True)
class Standing:
    """How a transaction stands, in the present language and in small letters."""

    mark: Mark
    word: str

    def __str__(self) -> str:
        """Return both, as a console or a line shows them: `+ approved`."""
        return f"{self.mark.console} {self.word}"


def standing(state: State) -> Standing:
    """Say how a transaction in this state stands."""
    return {
        State.AUTHORIZING: Standing(Mark.RUNNING, _("under way")),
        State.GIVEN_UP: Standing(Mark.RUNNING, _("stopping")),
        State.GOODS_DUE: Standing(Mark.RUNNING, _("handing over")),
        State.GOODS_DUE_AGAIN: Standing(Mark.RUNNING, _("handing over")),
        State.APPROVED: Standing(Mark.GOOD, _("approved")),
        State.DECLINED: Standing(Mark.BAD, _("declined")),
        State.NOT_SENT: Standing(Mark.NONE, _("not sent")),
        State.CANCEL_DUE: Standing(Mark.LOOK, _("being cancelled")),
        State.VOID_DUE: Standing(Mark.LOOK, _("being cancelled")),
        State.CANCELLED: Standing(Mark.NONE, _("cancelled")),
        State.NOTHING_TO_CANCEL: Standing(Mark.NONE, _("no charge found")),
        State.NEEDS_STAFF: Standing(Mark.LOOK, _("task")),
        State.SETTLED: Standing(Mark.NONE, _("settled")),
    }[state]


_NAMES: Final = re.compile(rf"\b({'|'.join(State)})\b")


def in_words(sentence: str) -> str:
    """Return a sentence with words in the place of the names that states have in the journal."""
    return _NAMES.sub(lambda found: standing(State(found[1])).word, sentence)
