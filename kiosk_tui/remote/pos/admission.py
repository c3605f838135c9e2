"""Which connections one socket keeps, so that silent ones keep nobody out.

Owns: the token, how many connections there may be, and which one goes when another one comes.
"""

from __future__ import annotations

import hmac
from typing import Final

from kiosk_tui.remote.sockets.lines import Outbox

MOST_CONNECTIONS: Final = 16
"""At each socket."""
MOST_UNKNOWN: Final = 8
"""At a socket with a token: so many connections may not have said it yet."""


class Admission:
    """The connections of one socket. Without a token each of them is known from the start.

    One that is too many is ended, with the reason.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._known: set[Outbox] = set()
        self._unknown: list[Outbox] = []

    def knows(self, outbox: Outbox) -> bool:
        """Say whether this one may ask for things."""
        return outbox in self._known

    def come(self, outbox: Outbox) -> None:
        """Let one in; of those that owe the token, whoever has been silent longest makes room."""
        if not self._token:
            self._admit(outbox)
            return
        if len(self._unknown) >= MOST_UNKNOWN:
            self._unknown.pop(0).end(
                f"{MOST_UNKNOWN} connections have not said their token: say hello with it at once."
            )
        self._unknown.append(outbox)

    def greet(self, outbox: Outbox, token: str) -> None:
        """Take the token that one says."""
        if hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            self.leave(outbox)
            self._admit(outbox)
        else:
            outbox.end("The token is missing or wrong: say hello with it first.")

    def leave(self, outbox: Outbox) -> None:
        """Forget one; it may have been told to end before."""
        self._known.discard(outbox)
        if outbox in self._unknown:
            self._unknown.remove(outbox)

    def _admit(self, outbox: Outbox) -> None:
        if len(self._known) >= MOST_CONNECTIONS:
            outbox.end(f"{MOST_CONNECTIONS} connections are open already: close one.")
        else:
            self._known.add(outbox)
