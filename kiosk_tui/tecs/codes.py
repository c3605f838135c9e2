"""The meaning of TECS's response codes, read from a table that the configuration may override."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from kiosk_tui.domain.outcome import CancelVerdict

_SHIPPED: Final = Path(__file__).with_name("codes.toml")
_RANGE = re.compile(r"(?P<low>[0-9]{1,4})(?:-(?P<high>[0-9]{1,4}))?", re.ASCII)


class CodesError(ValueError):
    """A table of codes that cannot be; its text is a sentence."""


class PaymentVerdict(StrEnum):
    """What a response code says about a payment."""

    APPROVED = "approved"
    DECLINED = "declined"
    UNKNOWN = "unknown"


_V = TypeVar("_V", PaymentVerdict, CancelVerdict)
Overrides = Mapping[str, Mapping[str, Sequence[str]]]
"""Section (`payment`, `cancellation`, `reason`) → verdict → codes or ranges."""


@functools.cache
def shipped() -> Mapping[str, Mapping[str, str]]:
    """Return the program's own table: section → code → verdict. It is the same for every register."""
    tables = tomllib.loads(_SHIPPED.read_text("utf-8"))
    return {name: _by_code(name, table) for name, table in tables.items()}


class CodeTable:
    """Looks codes up. A code that is not listed is unknown, never a decline."""

    def __init__(self, overrides: Overrides | None = None) -> None:
        sections = {name: dict(table) for name, table in shipped().items()}
        for name, table in (overrides or {}).items():
            if name not in sections:
                known = ", ".join(sorted(sections))
                raise CodesError(f"'{name}' is not a table of codes: there are {known}.")
            sections[name] |= _by_code(name, table)
        self._payment = _verdicts(sections["payment"], PaymentVerdict)
        self._cancellation = _verdicts(sections["cancellation"], CancelVerdict)
        self._reason = sections["reason"]

    def payment(self, code: str) -> PaymentVerdict:
        """Return what a payment's response code means."""
        return self._payment.get(normal(code), PaymentVerdict.UNKNOWN)

    def cancellation(self, code: str) -> CancelVerdict:
        """Return what a cancellation's response code means."""
        return self._cancellation.get(normal(code), CancelVerdict.UNANSWERED)

    def reason(self, code: str) -> str:
        """Return what a customer may know about a decline, as a word for the screens."""
        return self._reason.get(normal(code), "other")


def normal(code: str) -> str:
    """Strip leading zeros: `0`, `00` and `0000` are the same code."""
    return code.lstrip("0") or "0"


def _by_code(section: str, table: Mapping[str, Sequence[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for verdict, ranges in table.items():
        for text in ranges:
            for code in _codes(section, verdict, text):
                if found.setdefault(code, verdict) != verdict:
                    raise CodesError(
                        f"Code {code} is both {found[code]} and {verdict} in {section}."
                    )
    return found


def _codes(section: str, verdict: str, text: str) -> Sequence[str]:
    match = _RANGE.fullmatch(text)
    if match is None or (match["high"] and int(match["high"]) < int(match["low"])):
        raise CodesError(
            f"'{text}' under codes.{section}.{verdict} is not a response code:"
            ' write it like "51" or "8100-8199".'
        )
    low = int(match["low"])
    return [str(code) for code in range(low, int(match["high"] or low) + 1)]


def _verdicts(section: Mapping[str, str], kind: type[_V]) -> Mapping[str, _V]:
    known = {str(one): one for one in kind}
    for verdict in section.values():
        if verdict not in known:
            raise CodesError(
                f"'{verdict}' is not a verdict on a code: there are {', '.join(known)}."
            )
    return {code: known[verdict] for code, verdict in section.items()}
