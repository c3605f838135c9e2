"""One measured figure beside what it is compared with, what it must not exceed, and what is aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Target:
    """Of a ratio where there is one, else of the figure itself."""

    bar: float
    """Above it the row is missed."""
    goal: float | None = None


TARGETS: Final = {
    # instructions, against a bare Textual app's first picture
    "splash": Target(0.10, 0.05),
    "first picture": Target(1.0, 0.90),
    "open for customers, cold": Target(2.3, 1.9),
    # against one httpx.post in a process of its own
    "sale, the whole process": Target(1.7, 1.4),
    # instructions, against SQLite alone with the same statements
    "a payment's commits, their work": Target(2.1, 1.7),
    # against one commit and one key's frame
    "answer to result, lane": Target(4, 2.5),
    # bytes on the line, 80 x 24; of a digit what the based 1 leaves: an encoder that was annealed over the
    # same cells found 62 and 138, within a byte or three of ours
    "start until open": Target(2500, 1500),
    "a digit, median": Target(62, 50),
    "a digit, dearest": Target(141, 105),
    "a screen at rest": Target(0),
    "lane: a digit, median": Target(72),
    "lane: a digit, dearest": Target(141),
    "lane: a step in the list": Target(110),
    "lane: a payment, all of it": Target(950),
    "lane at rest": Target(0),
    # memory, against the bare app's
    "memory at rest": Target(1.6, 1.45),
    # processor time of login command and lane, against the bare app's first picture; megabytes
    "forked lane: first picture": Target(0.25, 0.15),
    "forked lane: open": Target(0.5, 0.35),
    "forked lane among twenty": Target(25, 16),
    # against an append and fsync of as many bytes
    "commit, log growing": Target(1.3, 1.15),
    "commit, log full grown": Target(1.5),
    # kilobytes to the device, by the kernel's count of blocks
    "a payment, to the device": Target(16, 12),
    "a wait with 20 polls": Target(75, 24),
    "an hour at rest": Target(200),
    # against a register without head office
    "two commits, enrolled": Target(1.02),
    "a payment, enrolled": Target(1.01),
}
"""A row that is not named here is told and not judged."""


@dataclass(frozen=True)
class Result:
    """A figure, and the same of what it is compared with."""

    name: str
    value: float
    unit: str
    base: float | None = None

    @property
    def ratio(self) -> float | None:
        """How it compares; None where it is compared with nothing."""
        return None if self.base is None else self.value / self.base

    @property
    def judged(self) -> float:
        """The figure that is held against the target."""
        return self.value if self.ratio is None else self.ratio

    @property
    def target(self) -> Target | None:
        """What it is held against."""
        return TARGETS.get(self.name)

    @property
    def met(self) -> bool:
        """Whether it is within its bar; a figure without one always is."""
        return self.target is None or self.judged <= self.target.bar
