"""The number of the last command that was begun: on the disk before the command is done.

Invariant: a number is used once. A power cut between the number and the command means that it is not
done, and that is told after the restart; it is never done twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from kiosk_tui.files import writing
from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class OrderCounter:
    """`n` is the last number; `begun` while nobody knows whether its command was done."""

    n: int = 0
    begun: bool = False


class CounterError(Exception):
    """A counter that cannot be read: which commands were done is not known. The text is a sentence."""


def read(path: Path) -> OrderCounter:
    """Return the counter; the first one is 0. Raises `CounterError`."""
    try:
        given = json.loads(path.read_text("ascii"))
        found = OrderCounter(given["n"], given["begun"])
    except FileNotFoundError:
        return OrderCounter()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CounterError(f"{path} cannot be read: enrol this kiosk again.") from error
    if type(found.n) is not int or found.n < 0 or type(found.begun) is not bool:
        raise CounterError(f"{path} is damaged: enrol this kiosk again.")
    return found


def write(path: Path, counter: OrderCounter) -> None:
    """Keep it, durably. Raises `OSError`."""
    writing.replace(path, json.dumps(asdict(counter)))
