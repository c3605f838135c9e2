"""`[lane]`: who signs on at the cashier's lane, and what needs somebody's approval."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kiosk_tui.config.models.section import Section
from kiosk_tui.config.pin import PinError, check_hash
from kiosk_tui.domain.rights import Act, id_trouble


def _people(people: dict[str, str]) -> dict[str, str]:
    for person, line in people.items():
        if trouble := id_trouble(person):
            raise ValueError(trouble)
        if not line:
            raise ValueError(f"{person} has no PIN")
        try:
            check_hash(line)
        except PinError as error:
            raise ValueError(f"{person}: {str(error)[:1].lower()}{str(error)[1:]}") from None
    return people


class CashierSettings(Section):
    """The cashier's lane: who signs on, and what needs somebody's approval."""

    pin: list[Act] = Field(
        default=[],
        description="What needs the service PIN",
        examples=[["refund", "cancel", "moto"]],
        json_schema_extra={"wrong": "'{value}' is nothing that a lane does: there are {known}"},
    )
    second_person: list[Act] = Field(
        default=[],
        description="What needs a second person of those in people",
        examples=[["refund"]],
        json_schema_extra={"wrong": "'{value}' is nothing that a lane does: there are {known}"},
    )
    balance: bool = Field(default=False, description="Whether a lane may ask what is on a card")
    gratuity: bool = Field(
        default=False, description="Whether a lane may charge a tip on an earlier payment"
    )
    people: Annotated[dict[str, str], AfterValidator(_people)] = Field(
        default={},
        description="Who signs on: an id, and the line that `kiosk-tui config pin` prints",
        examples=[{"anna": "the line that `kiosk-tui config pin` prints"}],
        json_schema_extra={"writeOnly": True},
    )
