"""How a transaction stands: a mark and a word or two, the same on every screen, list and line.

The names of `State` are for logs, exports and JSON; people read these words.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.records import dataclass
from kiosk_tui.text.texts import N_, _


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


_STANDINGS: Final = {
    State.AUTHORIZING: (Mark.RUNNING, N_("under way")),
    State.GIVEN_UP: (Mark.RUNNING, N_("stopping")),
    State.GOODS_DUE: (Mark.RUNNING, N_("handing over")),
    State.GOODS_DUE_AGAIN: (Mark.RUNNING, N_("handing over")),
    State.APPROVED: (Mark.GOOD, N_("approved")),
    State.DECLINED: (Mark.BAD, N_("declined")),
    State.NOT_SENT: (Mark.NONE, N_("not sent")),
    State.CANCEL_DUE: (Mark.LOOK, N_("being cancelled")),
    State.VOID_DUE: (Mark.LOOK, N_("being cancelled")),
    State.CANCELLED: (Mark.NONE, N_("cancelled")),
    State.NOTHING_TO_CANCEL: (Mark.NONE, N_("no charge found")),
    State.NEEDS_STAFF: (Mark.LOOK, N_("task")),
    State.SETTLED: (Mark.NONE, N_("settled")),
}


def standing(state: State) -> Standing:
    """Say how a transaction in this state stands."""
    mark, word = _STANDINGS[state]
    return Standing(mark, _(word))


_NAMES: Final = re.compile(rf"\b({'|'.join(State)})\b")


def in_words(sentence: str) -> str:
    """Return a sentence with words in the place of the names that states have in the journal."""
    return _NAMES.sub(lambda found: standing(State(found[1])).word, sentence)
