"""From a TOML file to a scenario, or to one sentence that says what is wrong and where."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.identity import LONGEST_CARD_REFERENCE, CardReference, IdentityError
from kiosk_tui.domain.money import Currency, Money, MoneyError, parse_plain, zero
from kiosk_tui.domain.operations import CardUse, Operation, TipUse
from kiosk_tui.lab.acceptance import simulated
from kiosk_tui.lab.acceptance.scenario import Ending, Played, Scenario, Side, Step

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}", re.ASCII)
_HEADER: Final = re.compile(r"\s*\[\[\s*step\s*\]\]")
_MOST_STEPS: Final = 200
_LONGEST_TEXT: Final = 70
_LONGEST_WAIT_S: Final = 120.0

_KEYS: Final = (
    *("name", "operation", "amount", "tip", "of", "card_reference", "expect", "code"),
    *("ask", "simulator", "give_up_after_s", "keep", "only"),
)
_SOME: Final = ("amount", "tip", "of", "card_reference")
"""Keys that stand only beside an operation that needs them."""


class ScenarioError(ValueError):
    """A scenario that cannot be played; its text is one sentence."""


class _Wrong(Exception):  # noqa: N818 - carries what is wrong up to where the place is known
    def __init__(self, what: str, key: str = "") -> None:
        super().__init__(what)
        self.key = key


@dataclass
class _Reader:
    """Reads the steps of one file, each with the earlier ones in hand."""

    source: str
    lines: Sequence[str]
    currency: Currency
    known: dict[str, Step] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def steps(self, raws: Sequence[Any]) -> tuple[Step, ...]:
        self.names = [raw.get("name", "") if isinstance(raw, dict) else "" for raw in raws]
        for number, raw in enumerate(raws, 1):
            try:
                step = self._step(number, raw)
            except (_Wrong, MoneyError) as error:
                key = error.key if isinstance(error, _Wrong) else ""
                raise self._fault(number, raw, len(raws), str(error), key) from None
            self.known[step.name] = step
        return tuple(self.known.values())

    def _step(self, number: int, raw: Any) -> Step:
        if not isinstance(raw, dict):
            raise _Wrong("it is not a table")
        for key in raw:
            if key not in _KEYS:
                raise _Wrong(f"'{key}' is not a key of a step{_meant(key, _KEYS)}", key)
        name = raw.get("name", f"step{number}")
        if not isinstance(name, str) or _NAME.fullmatch(name) is None:
            raise _Wrong("a name has 1 to 20 letters, digits, '-', '_' or '.'", "name")
        if name in self.known:
            raise _Wrong(f"there is a step '{name}' already", "name")
        operation = Operation(_word(raw, "operation", list(Operation)))
        _check_needs(raw, operation)
        usual = Ending.CANCELLED if operation.takes_back else Ending.APPROVED
        step = Step(
            number=number,
            name=name,
            operation=operation,
            expect=Ending(_word(raw, "expect", list(Ending), usual)),
            amount=self._amount(raw, "amount") or zero(self.currency),
            tip=self._amount(raw, "tip"),
            of=self._earlier(raw, name),
            card_reference=_card_reference(raw),
            code=_code(raw, operation),
            ask=_text(raw, "ask", _LONGEST_TEXT),
            simulated=_simulated(raw, operation),
            give_up_after_s=_seconds(raw, operation),
            keep=_flag(raw, "keep"),
            only=Side(_word(raw, "only", list(Side))) if "only" in raw else None,
        )
        _ = step.charged  # both together may be too much
        if step.only is Side.TERMINAL and step.simulated is not None:
            raise _Wrong("a step only for a terminal has nothing for the simulator", "simulator")
        return step

    def _amount(self, raw: Mapping[str, Any], key: str) -> Money | None:
        value = raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise _Wrong(f'{key} stands in quotes, such as {key} = "12.55"', key)
        try:
            found = parse_plain(str(value), self.currency)
        except MoneyError as error:
            raise _Wrong(f"{key}: {str(error).rstrip('.')}", key) from None
        if not found:
            raise _Wrong(f"{key} is zero: give one above zero", key)
        return found

    def _earlier(self, raw: Mapping[str, Any], own: str) -> Step | None:
        name = raw.get("of")
        if name is None:
            return None
        found = self.known.get(name) if isinstance(name, str) else None
        if found is None:
            raise _Wrong(self._why_not(name, own), "of")
        if found.operation.takes_back or not found.operation.has_amount:
            raise _Wrong(f"'{name}' is a {found.operation}: nothing can refer to it", "of")
        return found

    def _why_not(self, name: object, own: str) -> str:
        if name == own:
            return "a step cannot refer to itself"
        if name in self.names:
            return f"the step '{name}' comes later: a step refers to an earlier one"
        return f"there is no step '{name}'{_meant(str(name), list(self.known))}"

    def _fault(self, number: int, raw: Any, count: int, what: str, key: str) -> ScenarioError:
        line = _line(self.lines, number, count, key)
        at = f", line {line}" if line else ""
        name = raw.get("name") if isinstance(raw, dict) else None
        called = f" '{name}'" if isinstance(name, str) and _NAME.fullmatch(name) else ""
        return ScenarioError(_visible(f"{self.source}{at}, step {number}{called}: {what}."))


def read(text: str, source: str, currency: Currency) -> Scenario:
    """Read a scenario; amounts are in this currency. Raises `ScenarioError`."""
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(f"{source} is not valid TOML: it is nested too deeply.") from None
    except ValueError as error:  # also for a number with thousands of digits
        raise ScenarioError(_visible(f"{source} is not valid TOML: {error}.")) from None
    lines = text.splitlines()
    for key in found:
        if key not in ("title", "step"):
            what = f"'{key}' is not a key of a scenario{_meant(key, ('title', 'step'))}"
            at = next((n for n, line in enumerate(lines, 1) if _is_key(line, key)), 0)
            raise ScenarioError(_visible(f"{source}{f', line {at}' if at else ''}: {what}."))
    title, raws = found.get("title", PurePath(source).stem[:_LONGEST_TEXT]), found.get("step", [])
    if not isinstance(title, str) or not title.isprintable() or len(title) > _LONGEST_TEXT:
        raise ScenarioError(f"{source}: title is a text of up to {_LONGEST_TEXT} characters.")
    if not isinstance(raws, list) or not raws:
        raise ScenarioError(f"{source} has no step: write each one under [[step]].")
    if len(raws) > _MOST_STEPS:
        raise ScenarioError(f"{source} has {len(raws)} steps: at most {_MOST_STEPS} are played.")
    return Scenario(source, title, _Reader(source, lines, currency).steps(raws))


# -- values --------------------------------------------------------------------------------------


def _needs(operation: Operation) -> tuple[str, ...]:
    """Return the keys that a step of an operation needs; those it has none of are left out."""
    rules = operation.rules
    needs = {
        "of": operation.follows_up,
        # a cancellation takes the whole of its original
        "amount": operation.has_amount and not operation.takes_back,
        "tip": rules.tip is TipUse.CARRIED,
        "card_reference": rules.card is CardUse.REFERENCE,
    }
    return tuple(key for key, needed in needs.items() if needed)


def _check_needs(raw: Mapping[str, Any], operation: Operation) -> None:
    needs = _needs(operation)
    for key in needs:
        if key not in raw:
            raise _Wrong(f"a {operation} needs '{key}'")
    for key in _SOME:
        if key in raw and key not in needs:
            raise _Wrong(f"a {operation} has no '{key}'", key)


def _word(raw: Mapping[str, Any], key: str, known: Sequence[str], usual: str | None = None) -> str:
    value = raw.get(key, usual)
    if value is None:
        raise _Wrong(f"'{key}' is missing: there are {', '.join(known)}")
    if not isinstance(value, str) or value not in known:
        hint = _meant(str(value), known) or f": there are {', '.join(known)}"
        raise _Wrong(f"{key} = '{value}' is unknown{hint}", key)
    return value


def _text(raw: Mapping[str, Any], key: str, longest: int) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise _Wrong(f"{key} is a text of one line with up to {longest} characters", key)
    if key in raw and not value.strip():
        raise _Wrong(f"{key} is empty: write a text, or leave it out", key)
    if key != "card_reference" and holds_card_number(value):
        raise _Wrong(f"{key} {REFUSED}", key)
    return value


def _card_reference(raw: Mapping[str, Any]) -> CardReference | None:
    value = _text(raw, "card_reference", LONGEST_CARD_REFERENCE)
    if not value:
        return None
    try:
        return CardReference(value)
    except IdentityError:
        # not repeated: it may be a card's number
        raise _Wrong(
            "card_reference takes the reference that TECS gave (it begins with REF), never a card"
            " number",
            "card_reference",
        ) from None


def _code(raw: Mapping[str, Any], operation: Operation) -> str:
    value = raw.get("code", "")
    if "code" in raw and operation.takes_back:
        raise _Wrong("a cancellation has no 'code': 'expect' says all of it", "code")
    if "code" in raw and (not isinstance(value, str) or not re.fullmatch("[0-9]{1,4}", value)):
        raise _Wrong('a code is a response code in quotes, such as code = "51"', "code")
    return value.lstrip("0") or ("0" if value else "")


def _seconds(raw: Mapping[str, Any], operation: Operation) -> float | None:
    value = raw.get("give_up_after_s")
    if value is None:
        return None
    key = "give_up_after_s"
    if operation.takes_back:
        raise _Wrong("nobody gives up a cancellation", key)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= _LONGEST_WAIT_S:
        raise _Wrong(f"{key} is a number of seconds from 0 to {_LONGEST_WAIT_S:g}", key)
    return float(value)


def _flag(raw: Mapping[str, Any], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise _Wrong(f"{key} is true or false", key)
    return value


def _simulated(raw: Mapping[str, Any], operation: Operation) -> Played | None:
    if "simulator" not in raw:
        return None
    try:
        return simulated.read(raw["simulator"], operation)
    except (ValueError, TypeError) as error:
        raise _Wrong(f"simulator: {error}", "simulator") from None


# -- places --------------------------------------------------------------------------------------


def _line(lines: Sequence[str], number: int, count: int, key: str) -> int:
    """Return the line of a step, or of a key in it; 0 when the file does not show it plainly."""
    heads = [place for place, line in enumerate(lines) if _HEADER.match(line)]
    if len(heads) != count:
        return 0
    first, end = heads[number - 1], [*heads, len(lines)][number]
    inside = (place for place in range(first, end) if key and _is_key(lines[place], key))
    return next(inside, first) + 1


def _is_key(line: str, key: str) -> bool:
    return re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line) is not None or (
        re.match(rf"\s*\[+\s*(step\s*\.\s*)?{re.escape(key)}\b", line) is not None
    )


def _meant(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1)
    return f": did you mean '{close[0]}'?".removesuffix("?") if close else ""


def _visible(sentence: str) -> str:
    """Keep what a file holds on one line, and not for ever."""
    shown = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in sentence
    )
    return shown if len(shown) <= 400 else f"{shown[:300]} ... {shown[-90:]}"  # noqa: PLR2004
