"""What a test opens and does not close itself is closed when the test ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Protocol, TypeVar


class Closable(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=Closable)
_closing = contextlib.ExitStack()


def opened(one: C) -> C:
    """Return what was opened; it is closed with all others when the test ends, the last one first."""
    _closing.callback(one.close)
    return one


def closed_at_the_end() -> Iterator[None]:
    """Close what the test opened."""
    with _closing:
        yield
