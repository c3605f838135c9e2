"""A scenario file: what the next requests meet, in order.

[[step]]
what = "sale"          # or any other operation; left out: any payment
fault = "drop_after"   # a fault, or
decline = "51"         # a response code, or
customer = "cancels"   # what the customer does
after_s = 1.0          # when the customer acts
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.rules import What
from kiosk_tui.simulator.terminal import Customer


class ScriptError(ValueError):
    """A scenario that cannot be played; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One request's fate; `what` None fits any payment."""

    behaviour: Behaviour
    what: What | None = None


@dataclass(slots=True)
class Script:
    """Steps, each used once: the first one that fits a request."""

    steps: list[ScriptStep] = field(default_factory=list)

    def take(self, what: What) -> Behaviour | None:
        """Return and use up the first step for that operation."""
        for step in self.steps:
            if step.what in (None, what):
                self.steps.remove(step)
                return step.behaviour
        return None


def load_scenario(path: Path) -> Script:
    """Read a scenario file. Raises `ScriptError`."""
    try:
        if not path.is_file() and path.exists():
            raise ScriptError(f"{path} is no file.")  # a pipe would be waited for, for ever
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ScriptError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScriptError(f"{path} is not valid TOML: {error}.") from error
    steps = found.pop("step", [])
    if found or not isinstance(steps, list):
        raise ScriptError(f"{path} may hold only [[step]] tables.")
    return Script([_step(path, number, raw) for number, raw in enumerate(steps, 1)])


def _step(path: Path, number: int, raw: Any) -> ScriptStep:
    if not isinstance(raw, dict):
        raise ScriptError(f"Step {number} of {path} is not a table.")
    what = raw.pop("what", None)
    try:
        return ScriptStep(behaviour(raw), None if what is None else What(what))
    except ValueError as error:
        raise ScriptError(f"Step {number} of {path}: {error}.") from None


def behaviour(raw: Mapping[str, Any]) -> Behaviour:
    """Read a behaviour as a scenario or the control page gives it. Raises `ValueError`."""
    unknown = set(raw) - {"fault", "decline", "customer", "after_s", "late_s", "times"}
    if unknown:
        raise ValueError(f"'{min(unknown)}' is not a part of a step")
    usual = Behaviour()
    fault = raw.get("fault")
    return Behaviour(
        fault=None if fault is None else Fault(fault),
        decline=None if raw.get("decline") is None else str(raw["decline"]),
        customer=Customer(raw.get("customer", usual.customer)),
        after_s=None if raw.get("after_s") is None else float(raw["after_s"]),
        late_s=float(raw.get("late_s", usual.late_s)),
        times=int(raw.get("times", usual.times)),
    )
