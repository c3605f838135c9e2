"""Where a kiosk keeps what belongs to its fleet: a folder beside the journal, its user's alone.

Invariant: a kiosk is enrolled when `office.json` is there; it is written last, and removed first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kiosk_tui.records import dataclass

NAME: Final = "fleet"

ALONE_S: Final = 30.0
"""So often a kiosk without a head office looks whether it has one by now."""


@dataclass(frozen=True, slots=True)
class FleetFolder:
    """The names of its files."""

    path: Path

    @classmethod
    def beside(cls, journal: Path) -> FleetFolder:
        """Return the folder that belongs to a journal."""
        return cls(journal.with_name(NAME))

    @property
    def office(self) -> Path:
        """Which head office this is: its address, our name there, the keys of its commands."""
        return self.path / "office.json"

    @property
    def enrolled(self) -> bool:
        """Whether there is a head office that events are kept for.

        A folder that cannot be read counts as one: nothing is forgotten for the sake of its rights.
        """
        try:
            return self.office.exists()
        except OSError:
            return True

    @property
    def identity(self) -> Path:
        """Our private key, made here, and head office's certificate of it, in one file.

        So a renewal, which brings a new key too, replaces both at once. The key never leaves.
        """
        return self.path / "identity.pem"

    @property
    def pending(self) -> Path:
        """The key and the request of an enrolment that is under way, or was cut off."""
        return self.path / "pending.pem"

    @property
    def authority(self) -> Path:
        """Who vouches for head office's server, where it is not the system's authorities."""
        return self.path / "authority.pem"

    @property
    def cursor(self) -> Path:
        """How far head office has stored the outbox."""
        return self.path / "cursor.json"

    @property
    def contact(self) -> Path:
        """An empty file that was touched when head office answered last, or up to ten minutes before."""
        return self.path / "contact"

    @property
    def counter(self) -> Path:
        """The number of the last command that was begun."""
        return self.path / "counter"

    @property
    def orders(self) -> Path:
        """What head office has ordered, for the register to read: closed, configuration, restart."""
        return self.path / "orders"

    @property
    def outcomes(self) -> Path:
        """What came of commands, until head office has it."""
        return self.path / "outcomes"

    @property
    def bundles(self) -> Path:
        """Support bundles that head office asked for."""
        return self.path / "bundles"
