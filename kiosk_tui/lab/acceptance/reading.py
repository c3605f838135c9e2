"""From a TOML file to a scenario, or to one sentence that says what is wrong and where."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kiosk_tui.domain.identity import CardReference
from kiosk_tui.domain.money import Currency, Money, MoneyError, parse_plain, zero
from kiosk_tui.domain.operations import Operation
from kiosk_tui.lab.acceptance.models import (
    LONGEST_TEXT,
    MOST_STEPS,
    ScenarioTable,
    SimulatorOptions,
    SimulatorTable,
    StepTable,
)
from kiosk_tui.lab.acceptance.scenario import Ending, Played, Scenario, Step
from kiosk_tui.simulator.scenario import behaviour

_HEADER: Final = re.compile(r"\s*\[\[\s*step\s*\]\]")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}", re.ASCII)


class ScenarioError(ValueError):
    """A scenario that cannot be played; its text is one sentence."""


class _Wrong(Exception):  # noqa: N818 - carries what is wrong up to where the place is known
    def __init__(self, what: str, key: str = "") -> None:
        super().__init__(what)
        self.key = key


def read(text: str, source: str, currency: Currency) -> Scenario:
    """Read a scenario; amounts are in this currency. Raises `ScenarioError`."""
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(f"{source} is not valid TOML: it is nested too deeply.") from None
    except ValueError as error:  # also for a number with thousands of digits
        raise ScenarioError(_visible(f"{source} is not valid TOML: {error}.")) from None
    file = _File(source, text.splitlines(), found.get("step"))
    try:
        table = ScenarioTable.model_validate(found)
    except ValidationError as error:
        raise file.fault(min(error.errors(include_url=False), key=_first)) from None
    title = PurePath(source).stem[:LONGEST_TEXT] if table.title is None else table.title
    return Scenario(source, title, _steps(table.step, file, currency))


# -- steps ---------------------------------------------------------------------------------------


def _steps(tables: Sequence[StepTable], file: _File, currency: Currency) -> tuple[Step, ...]:
    known: dict[str, Step] = {}
    names = [table.name for table in tables]
    for number, table in enumerate(tables, 1):
        try:
            step = _step(number, table, _Earlier(known, names), currency)
        except (_Wrong, MoneyError) as error:
            key = error.key if isinstance(error, _Wrong) else ""
            raise file.fault_of_step(number, str(error), key) from None
        known[step.name] = step
    return tuple(known.values())


def _step(number: int, table: StepTable, earlier: _Earlier, currency: Currency) -> Step:
    name = table.name or f"step{number}"
    if name in earlier.known:
        raise _Wrong(f"there is a step '{name}' already", "name")
    usual = Ending.CANCELLED if table.operation.takes_back else Ending.APPROVED
    code = table.code or ""
    step = Step(
        number=number,
        name=name,
        operation=table.operation,
        expect=table.expect or usual,
        amount=_amount("amount", table.amount, currency) or zero(currency),
        tip=_amount("tip", table.tip, currency),
        of=earlier.find(table.of, name),
        card_reference=CardReference(table.card_reference) if table.card_reference else None,
        code=code.lstrip("0") or ("0" if code else ""),
        ask=table.ask or "",
        simulated=_played(table.simulator),
        give_up_after_s=table.give_up_after_s,
        keep=table.keep,
        only=table.only,
    )
    _ = step.charged  # both together may be too much
    return step


def _amount(key: str, value: str | int | None, currency: Currency) -> Money | None:
    if value is None:
        return None
    try:
        found = parse_plain(str(value), currency)
    except MoneyError as error:
        raise _Wrong(f"{key}: {str(error).rstrip('.')}", key) from None
    if not found:
        raise _Wrong(f"{key} is zero: give one above zero", key)
    return found


def _played(table: SimulatorTable | None) -> Played | None:
    return None if table is None else Played(behaviour(table.behaviour), table.changed)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The steps before one, and the names of all."""

    known: Mapping[str, Step]
    names: Sequence[str | None]

    def find(self, name: str | None, own: str) -> Step | None:
        if name is None:
            return None
        found = self.known.get(name)
        if found is None:
            raise _Wrong(self._why_not(name, own), "of")
        if found.operation.takes_back or not found.operation.has_amount:
            raise _Wrong(f"'{name}' is a {found.operation}: nothing can refer to it", "of")
        return found

    def _why_not(self, name: str, own: str) -> str:
        if name == own:
            return "a step cannot refer to itself"
        if name in self.names:
            return f"the step '{name}' comes later: a step refers to an earlier one"
        return f"there is no step '{name}'{_meant(name, self.known)}"


# -- faults --------------------------------------------------------------------------------------

_TABLES: Final[Mapping[int, tuple[type[BaseModel], str]]] = {
    1: (ScenarioTable, "a key of a scenario"),
    2: (StepTable, "a key of a step"),
    3: (SimulatorTable, "a key of 'simulator'"),
    4: (SimulatorOptions, "an option that a step may change"),
}
"""By how deep a key stands: the table that it stands in, and how to call it."""


@dataclass(frozen=True, slots=True)
class _File:
    """A scenario's text, to tell where in it something is wrong."""

    source: str
    lines: Sequence[str]
    steps: Any

    def fault(self, error: ErrorDetails) -> ScenarioError:
        """Return what pydantic has found as a sentence with its place."""
        where = error["loc"]
        if len(where) > 1 and isinstance(where[1], int):
            keys = _keys(where)
            key = str(error["ctx"]["key"]) if error["type"] == "step" else (keys[1:] or [""])[0]
            key = "" if error["type"] == "missing" else key
            return self.fault_of_step(where[1] + 1, _told(error, keys), key)
        if where == ("title",):
            return ScenarioError(f"{self.source}: {_told(error, ['title'])}.")
        if where == ("step",):
            count = len(self.steps) if isinstance(self.steps, list) else 0
            if count > MOST_STEPS:
                what = f"has {count} steps: at most {MOST_STEPS} are played"
            else:
                what = "has no step: write each one under [[step]]"
            return ScenarioError(f"{self.source} {what}.")
        key = str(where[0])
        at = next((n for n, line in enumerate(self.lines, 1) if _is_key(line, key)), 0)
        return self._sentence(at, "", _told(error, [key]))

    def fault_of_step(self, number: int, what: str, key: str) -> ScenarioError:
        """Return a sentence about a step, or a key of it."""
        raw = self.steps[number - 1]
        name = raw.get("name") if isinstance(raw, dict) else None
        called = f" '{name}'" if isinstance(name, str) and _NAME.fullmatch(name) else ""
        return self._sentence(self._line(number, key), f", step {number}{called}", what)

    def _sentence(self, line: int, step: str, what: str) -> ScenarioError:
        at = f", line {line}" if line else ""
        return ScenarioError(_visible(f"{self.source}{at}{step}: {what}."))

    def _line(self, number: int, key: str) -> int:
        """Return the line of a step, or of a key in it; 0 when the file does not show it plainly."""
        heads = [place for place, line in enumerate(self.lines) if _HEADER.match(line)]
        if len(heads) != len(self.steps):
            return 0
        first, end = heads[number - 1], [*heads, len(self.lines)][number]
        inside = (place for place in range(first, end) if key and _is_key(self.lines[place], key))
        return next(inside, first) + 1


def _first(error: ErrorDetails) -> tuple[int, bool]:
    """Order faults by step, and in a step an unknown key first: it may be why another is missing."""
    where = error["loc"]
    step = where[1] if len(where) > 1 and isinstance(where[1], int) else -1
    return step, error["type"] != "extra_forbidden"


def _keys(where: tuple[int | str, ...]) -> list[str]:
    """Return the keys on the way to a value: a step's stands in `step`, by its number."""
    keys = ["step", *map(str, where[2:3])]
    if keys[1:] == ["simulator"]:
        keys += map(str, where[3:4])
        keys += map(str, where[4:5]) if keys[2:] == ["options"] else ()
    return keys


def _told(error: ErrorDetails, keys: Sequence[str]) -> str:
    """Return what is wrong with a value: pydantic's finding in the model's own sentence."""
    table, called = _TABLES[len(keys)]
    key, value, context = keys[-1], error["input"], error.get("ctx", {})
    inside = "simulator: " if keys[1:2] == ["simulator"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"{inside}'{key}' is not {called}{_meant(key, table.model_fields)}"
        case "enum":
            words = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            hint = _meant(str(value), words) or f": there are {', '.join(words)}"
            unknown = f"'{value}' is not a {key}" if inside else f"{key} = '{value}' is unknown"
            return f"{inside}{unknown}{hint}"
        case "missing":
            return f"'{key}' is missing: there are {', '.join(Operation)}"
        case "value_error":
            return str(context["error"])
        case "step":
            return str(context["what"])
    if keys == ["step"]:
        return "it is not a table"
    more = table.model_fields[key].json_schema_extra
    return inside + str(more["wrong"] if isinstance(more, dict) else "").format(value=value)


def _is_key(line: str, key: str) -> bool:
    return re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line) is not None or (
        re.match(rf"\s*\[+\s*(step\s*\.\s*)?{re.escape(key)}\b", line) is not None
    )


def _meant(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1)
    return f": did you mean '{close[0]}'" if close else ""


def _visible(sentence: str) -> str:
    """Keep what a file holds on one line, and not for ever."""
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in sentence
    )
    return shown if len(shown) <= 400 else f"{shown[:300]} ... {shown[-90:]}"  # noqa: PLR2004
