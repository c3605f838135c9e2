"""What a step may ask of the simulator: a fault, a decline, a customer, an account's option."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any, Final

from kiosk_tui.domain.operations import Operation
from kiosk_tui.lab.acceptance.scenario import Played
from kiosk_tui.simulator.faults import Behaviour, Fault
from kiosk_tui.simulator.scenario import behaviour
from kiosk_tui.simulator.terminal import Customer

_NUMBER: Final = (int, float)
OPTIONS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "card_s": _NUMBER,
    "host_s": _NUMBER,
    "card_timeout_s": _NUMBER,
    "clock_skew_s": _NUMBER,
    "terminals": list,
    "abort_enabled": bool,
    "abort_works": bool,
    "status_enabled": bool,
    "second_cancellation": str,
    "racing_cancellation": str,
    "aborted_sale": str,
    "no_card": str,
    "partial_completion": bool,
    "repeated_completion": bool,
    "partial_refund": bool,
    "cleared": bool,
    "cancel_refund": bool,
    "completion_over": bool,
    "too_late": str,
}
"""The options that a step may change; how a register logs in is not among them."""

_BEHAVIOUR: Final = ("fault", "decline", "customer", "after_s", "late_s", "times")
_WORDS: Final[Mapping[str, type[Fault | Customer]]] = {"fault": Fault, "customer": Customer}


def read(raw: object, operation: Operation) -> Played:
    """Read the `simulator` table of a step. Raises `ValueError` or `TypeError`."""
    if not isinstance(raw, dict):
        raise TypeError('it is a table, such as simulator = { fault = "cut" }')
    _known(raw, (*_BEHAVIOUR, "options"), "a key of 'simulator'")
    told = {key: value for key, value in raw.items() if key != "options"}
    for key, words in _WORDS.items():
        if key in told:
            _known([told[key]], [str(word) for word in words], f"a {key}")
    if operation.takes_back and set(told) - {"fault"}:
        raise ValueError("a cancellation meets a 'fault', and nothing else")
    try:
        found = behaviour(told)
    except (ValueError, TypeError) as error:
        raise ValueError(f"it cannot be read ({error})") from None
    return Played(_checked(found), _options(raw.get("options", {})))


def _checked(found: Behaviour) -> Behaviour:
    code = found.decline
    if code is not None and not (code.isascii() and code.isdigit() and 0 < int(code) < 10_000):  # noqa: PLR2004
        raise ValueError(f"decline = '{code}' is not a code that declines, such as \"51\"")
    if min(found.after_s or 0.0, found.late_s, found.times) < 0:
        raise ValueError("no time and no count is below zero")
    return found


def _options(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise TypeError("options is a table, such as options = { cleared = true }")
    _known(raw, OPTIONS, "an option that a step may change")
    for name, value in raw.items():
        if not isinstance(value, OPTIONS[name]) or (
            isinstance(value, bool) and OPTIONS[name] is not bool
        ):
            raise ValueError(f"the option {name} has a value of the wrong kind")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}


def _known(words: Collection[object], known: Collection[str], what: str) -> None:
    for word in words:
        if word not in known:
            close = difflib.get_close_matches(str(word), list(known), 1)
            hint = f"did you mean '{close[0]}'" if close else f"there are {', '.join(known)}"
            raise ValueError(f"'{word}' is not {what}: {hint}")
