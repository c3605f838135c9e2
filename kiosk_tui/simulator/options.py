"""What a TECS account leaves open: every point that its documents do not settle, as an option."""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal


def _option(default: object, meaning: str) -> Any:
    """Return a field that says what it means: the documents and the OpenAPI document read it."""
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Options:
    """How this TECS behaves. Times are in seconds."""

    authorization: str | None = _option(
        None,
        "The header's whole value that is expected; `oauth`: a token of the token endpoint; None takes any.",
    )
    unauthorized_body: Literal["json", "empty", "html"] = _option("json", "What a 401 carries.")
    token_user: str = _option("kiosk", "User that the token endpoint knows.")
    token_password: str = _option("simulator", "Password of that user.")
    token_lifetime_s: int | None = _option(
        3600, "Lifetime that the token endpoint tells; None tells none."
    )
    terminals: tuple[str, ...] | None = _option(
        None, "The terminal numbers that exist; None takes any of 8 digits."
    )
    card_s: float = _option(4.0, "Until the customer presents a card.")
    host_s: float = _option(1.5, "From the card to the host's answer.")
    card_timeout_s: float = _option(60.0, "How long the terminal waits for a card.")
    abort_enabled: bool = _option(True, "Otherwise message type 0017 is answered 8002.")
    abort_works: bool = _option(True, "Otherwise an abort is answered 0 and does nothing.")
    status_enabled: bool = _option(True, "Otherwise message type 9043 is answered 8002.")
    tip_in_amount: bool = _option(False, "Whether the amount field already holds the tip.")
    clock_skew_s: float | None = _option(
        None,
        "Largest difference of the register's local time to ours (code 9096); None: not checked.",
    )
    second_cancellation: str = _option(
        "9011", "Code of a cancellation of what is cancelled already."
    )
    racing_cancellation: str = _option(
        "9027", "Code of a cancellation while the card flow still runs."
    )
    duplicate: Literal["refuse", "second_flow"] = _option(
        "refuse",
        "A transaction id that was seen: refused with 9006, or a second card flow (a sister product).",
    )
    aborted_sale: str = _option("8004", "Code of a sale that was aborted.")
    no_card: str = _option("8003", "Code of a sale to which no card was presented.")
    card_form: Literal["ref", "pan", "txid"] = _option(
        "ref", "What card_number holds in an answer."
    )
    partial_completion: bool = _option(
        True, "Whether less than what was authorized may be completed; otherwise 13."
    )
    repeated_completion: bool = _option(
        False,
        "Whether what was authorized may be completed again, up to its amount; otherwise 9028.",
    )
    partial_refund: bool = _option(True, "Whether a part may be refunded; otherwise 13.")
    cleared: bool = _option(
        False, "Whether every charge counts as cleared: its cancellation is refused with 9023."
    )
    cancel_refund: bool = _option(False, "Whether a refund can be cancelled; otherwise 9031.")
    completion_over: bool = _option(
        False, "Whether a completion may be higher than what was authorized."
    )
    too_late: str | None = _option(
        None, "Code of a completion or refund that comes too late; None: none ever does."
    )


_NAMED: Final[Mapping[object, str]] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "null",
    tuple: "a list of texts",
}


def changed(options: Options, changes: Mapping[str, Any]) -> Options:
    """Return options with changes. Raises `TypeError`, one sentence, where one is unknown or of another type."""
    hints = typing.get_type_hints(Options)
    for name, value in changes.items():
        if name not in hints:
            raise TypeError(f"There is no option {name}.")
        kinds = _kinds(hints[name])
        if not any(_fits(value, one) for one in kinds):
            takes = " or ".join(_NAMED.get(one, f'"{one}"') for one in kinds)
            raise TypeError(f"The option {name} takes {takes}: nothing was changed.")
    lists = {name: tuple(value) for name, value in changes.items() if isinstance(value, list)}
    return replace(options, **{**changes, **lists})


def _kinds(hint: Any) -> tuple[object, ...]:
    """Return the types that an option takes, and of a choice its texts."""
    if isinstance(hint, types.UnionType):
        return tuple(kind for one in typing.get_args(hint) for kind in _kinds(one))
    if typing.get_origin(hint) is Literal:
        return typing.get_args(hint)
    return (typing.get_origin(hint) or hint,)


def _fits(value: object, kind: object) -> bool:
    if kind is tuple:
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    if kind is float:
        return type(value) in (int, float) and math.isfinite(typing.cast("float", value))
    return type(value) is kind or (isinstance(kind, str) and value == kind)
