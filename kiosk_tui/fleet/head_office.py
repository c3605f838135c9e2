"""Which head office a kiosk belongs to: what `office.json` says. Written at enrolment, read by `ship`."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, ValidationError

from kiosk_tui.files import reading
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.wire import Wire
from kiosk_tui.fleet.wire_enrolment import CommandKey

_MOST_BYTES: Final = 64 * 1024


class FleetError(Exception):
    """What keeps a kiosk from its head office; the text is a sentence."""


class NotEnrolledError(FleetError):
    """There is no head office, or none that can be read."""


class HeadOffice(Wire):
    """Head office's address, our name there, and the keys of its commands."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
    kiosk_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    command_keys: tuple[CommandKey, ...] = ()


def head_office(folder: FleetFolder) -> HeadOffice:
    """Return which head office this is. Raises `NotEnrolledError`."""
    try:
        return HeadOffice.model_validate_json(reading.read(folder.office, _MOST_BYTES))
    except FileNotFoundError:
        raise NotEnrolledError(
            f"This kiosk belongs to no head office ({folder.office} is not there): enrol it with"
            " `kiosk-tui fleet enroll`."
        ) from None
    except OSError as error:
        raise NotEnrolledError(f"{folder.office} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise NotEnrolledError(
            f"{folder.office} is damaged: enrol this kiosk again with `kiosk-tui fleet enroll`."
        ) from error
