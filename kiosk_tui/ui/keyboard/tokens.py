"""What bytes of a terminal turn out to be."""

from __future__ import annotations

from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Press:
    """One key that a person pressed, by Textual's name; a printable one is named by its character.

    `character` is what it types, or None where it types nothing.
    """

    key: str
    character: str | None = None


@dataclass(frozen=True, slots=True)
class Rush:
    """Printable characters, up to an Enter (`entered`) where there is one, faster than a person types."""

    text: str
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Pasted:
    """What the terminal says was pasted, in visible characters and blanks only, and not all of a long one."""

    text: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """A button of the mouse (1 to 3) went down or up on a cell; columns and rows count from 0."""

    column: int
    row: int
    button: int
    down: bool


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that is no key was swallowed: a sequence nobody asked for, a cut one, no UTF-8."""


Token = Press | Rush | Pasted | Pointed | Unreadable
