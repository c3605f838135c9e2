"""A scenario file as models: each key once, with what it may be and the sentence that is told otherwise.

`wrong` in `json_schema_extra` is that sentence, with {value} in it. What a step may ask of the simulator
is in `simulator`: a fault, a decline, a customer, an account's option.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, Self, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kiosk_tui.domain.card_number import REFUSED, holds_card_number
from kiosk_tui.domain.identity import LONGEST_CARD_REFERENCE, CardReference, IdentityError
from kiosk_tui.domain.operations import CardUse, Operation, TipUse
from kiosk_tui.lab.acceptance.scenario import Ending, Side
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Customer

LONGEST_TEXT: Final = 70
MOST_STEPS: Final = 200


class ScenarioPart(BaseModel):
    """A table of a scenario file: unknown keys are refused, and a number is no text."""

    model_config = ConfigDict(
        defer_build=True, extra="forbid", frozen=True, hide_input_in_errors=True, strict=True
    )


def _line(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("line", "no line")
    return text


def _ask(text: str) -> str:
    if not text.strip():
        raise ValueError("ask is empty: write a text, or leave it out")
    if holds_card_number(text):
        raise ValueError(f"ask {REFUSED}")
    return text


def _reference(text: str) -> str:
    if not text.strip():
        raise ValueError("card_reference is empty: write a text, or leave it out")
    try:
        return CardReference(text)
    except IdentityError:
        # not repeated: it may be a card's number
        raise ValueError(
            "card_reference takes the reference that TECS gave (it begins with REF), never a card"
            " number"
        ) from None


Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]

CHANGEABLE: Final = (
    *("card_s", "host_s", "card_timeout_s", "clock_skew_s", "terminals"),
    *("abort_enabled", "abort_works", "status_enabled"),
    *("second_cancellation", "racing_cancellation", "aborted_sale", "no_card", "too_late"),
    *("partial_completion", "repeated_completion", "completion_over"),
    *("partial_refund", "cancel_refund", "cleared"),
)
"""The simulator's options that a step may change; how a register logs in is not among them."""

if TYPE_CHECKING:
    SimulatorOptions = ScenarioPart
else:
    _KINDS = get_type_hints(Options)
    SimulatorOptions = create_model(
        "SimulatorOptions",
        __base__=ScenarioPart,
        **{
            name: (
                _KINDS[name],
                Field(
                    default=getattr(Options(), name),
                    strict=name != "terminals",  # TOML has lists, the simulator a tuple
                    json_schema_extra={"wrong": f"the option {name} has a value of the wrong kind"},
                ),
            )
            for name in CHANGEABLE
        },
    )


class SimulatorTable(ScenarioPart):
    """What a request meets at the simulator."""

    fault: Fault | None = Field(default=None, strict=False)
    decline: Annotated[str, BeforeValidator(str)] | None = Field(
        default=None,
        pattern=r"^0*[1-9][0-9]{0,3}$",
        json_schema_extra={
            "wrong": "decline = '{value}' is not a code that declines, such as \"51\""
        },
    )
    customer: Customer | None = Field(default=None, strict=False)
    after_s: Seconds | None = Field(
        default=None, json_schema_extra={"wrong": "after_s is a number of seconds, from 0 on"}
    )
    late_s: Seconds | None = Field(
        default=None, json_schema_extra={"wrong": "late_s is a number of seconds, from 0 on"}
    )
    times: int | None = Field(
        default=None, ge=0, json_schema_extra={"wrong": "times is a whole number, from 0 on"}
    )
    options: SimulatorOptions | None = Field(
        default=None,
        json_schema_extra={"wrong": "options is a table, such as options = {{ cleared = true }}"},
    )

    @property
    def behaviour(self) -> Mapping[str, Any]:
        """What was said of the request, without the account's options."""
        return self.model_dump(exclude={"options"}, exclude_none=True)

    @property
    def changed(self) -> Mapping[str, Any]:
        """The options that were said, with their values."""
        return {} if self.options is None else self.options.model_dump(exclude_unset=True)


class StepTable(ScenarioPart):
    """One thing to ask of the terminal, and how it must end. Amounts are in major units, as texts."""

    name: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,19}$",
        json_schema_extra={"wrong": "a name has 1 to 20 letters, digits, '-', '_' or '.'"},
    )
    operation: Operation = Field(strict=False)
    expect: Ending | None = Field(default=None, strict=False)
    amount: str | int | None = Field(
        default=None,
        json_schema_extra={"wrong": 'amount stands in quotes, such as amount = "12.55"'},
    )
    tip: str | int | None = Field(
        default=None, json_schema_extra={"wrong": 'tip stands in quotes, such as tip = "12.55"'}
    )
    of: str | None = Field(
        default=None, json_schema_extra={"wrong": "of is the name of an earlier step, in quotes"}
    )
    card_reference: Annotated[str, AfterValidator(_line), AfterValidator(_reference)] | None = (
        Field(
            default=None,
            max_length=LONGEST_CARD_REFERENCE,
            json_schema_extra={
                "wrong": "card_reference is a text of one line with up to"
                f" {LONGEST_CARD_REFERENCE} characters"
            },
        )
    )
    code: str | None = Field(
        default=None,
        pattern=r"^[0-9]{1,4}$",
        json_schema_extra={"wrong": 'a code is a response code in quotes, such as code = "51"'},
    )
    ask: Annotated[str, AfterValidator(_line), AfterValidator(_ask)] | None = Field(
        default=None,
        max_length=LONGEST_TEXT,
        json_schema_extra={
            "wrong": f"ask is a text of one line with up to {LONGEST_TEXT} characters"
        },
    )
    simulator: SimulatorTable | None = Field(
        default=None,
        json_schema_extra={"wrong": 'it is a table, such as simulator = {{ fault = "cut" }}'},
    )
    give_up_after_s: Seconds | None = Field(
        default=None,
        le=120,
        json_schema_extra={"wrong": "give_up_after_s is a number of seconds from 0 to 120"},
    )
    keep: bool = Field(default=False, json_schema_extra={"wrong": "keep is true or false"})
    only: Side | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _fits_its_operation(self) -> Self:
        """Refuse what an operation does not have, and ask for what it needs."""
        operation, given = self.operation, self.model_fields_set
        needs = _needs(operation)
        for key, needed in needs.items():
            if needed and key not in given:
                raise _wrong(f"a {operation} needs '{key}'")
        for key, needed in needs.items():
            if key in given and not needed:
                raise _wrong(f"a {operation} has no '{key}'", key)
        if operation.takes_back:
            if "code" in given:
                raise _wrong("a cancellation has no 'code': 'expect' says all of it", "code")
            if "give_up_after_s" in given:
                raise _wrong("nobody gives up a cancellation", "give_up_after_s")
            if self.simulator and self.simulator.behaviour.keys() - {"fault"}:
                what = "simulator: a cancellation meets a 'fault', and nothing else"
                raise _wrong(what, "simulator")
        if self.only is Side.TERMINAL and self.simulator is not None:
            raise _wrong("a step only for a terminal has nothing for the simulator", "simulator")
        return self


class ScenarioTable(ScenarioPart):
    """A whole scenario file."""

    title: Annotated[str, AfterValidator(_line)] | None = Field(
        default=None,
        max_length=LONGEST_TEXT,
        json_schema_extra={"wrong": f"title is a text of up to {LONGEST_TEXT} characters"},
    )
    step: list[StepTable] = Field(min_length=1, max_length=MOST_STEPS)


def _needs(operation: Operation) -> Mapping[str, bool]:
    """Return the keys that stand only beside an operation that needs them, and whether this one does."""
    return {
        "of": operation.follows_up,
        # a cancellation takes the whole of its original
        "amount": operation.has_amount and not operation.takes_back,
        "tip": operation.rules.tip is TipUse.CARRIED,
        "card_reference": operation.rules.card is CardUse.REFERENCE,
    }


def _wrong(what: str, key: str = "") -> PydanticCustomError:
    return PydanticCustomError("step", "{what}", {"what": what, "key": key})
