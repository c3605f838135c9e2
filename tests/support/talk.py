"""A dialogue with the real program in lines: in a real terminal, or through pipes."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from support.installation import Installation
from support.terminal import Terminal, running

WIDTH = 80
PERSON_S = 0.05
"""Nobody answers sooner: what comes at once is a scanner's, and no answer."""


class Talk:
    """Answers what the program says. Only what was said since the last answer counts."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._from = 0

    @property
    def all(self) -> str:
        return self.terminal.written.decode()

    @property
    def notification(self) -> str:
        """What was said since the last answer, wherever its lines were broken."""
        return " ".join(self.all[self._from :].split())

    def hears(self, *words: str) -> None:
        """Read until all of it was said."""
        self.terminal.until(lambda: all(word in self.notification for word in words), repr(words))

    def answers(self, answer: str, *, to: str) -> None:
        """Wait for the question, and type a line."""
        self.hears(to)
        time.sleep(PERSON_S)
        self._from = len(self.all)
        self.terminal.type(answer + "\n")

    def pays(self, amount: str, tip: str = "0") -> None:
        """Come as far as the card terminal."""
        self.answers(amount, to="Amount in EUR")
        self.answers("", to="You pay")
        self.answers(tip, to="number of your choice")
        self.hears("Card please.")


def must_be_plain(said: str) -> None:
    """Check what holds for all that is ever said: text and line ends, and no long line."""
    odd = {one for one in said if not one.isprintable() and one not in "\r\n"}
    assert not odd, f"control characters: {odd}"
    assert max(map(len, said.splitlines()), default=0) <= WIDTH


@contextlib.contextmanager
def talking(installed: Installation, *arguments: str, term: str = "linux") -> Iterator[Talk]:
    """Run plain mode in a terminal; whatever was said in the test must have been plain."""
    with running(
        "--config", str(installed.config), *arguments, folder=installed.folder, term=term
    ) as terminal:
        talk = Talk(terminal)
        yield talk
    must_be_plain(talk.all)
