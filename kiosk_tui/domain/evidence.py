"""What was seen of the line: addresses, certificates, requests and their answers, as values.

Invariant: nothing in here is secret. Whoever makes these values has masked keys and cards before.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kiosk_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Resolved:
    """A host's addresses, or in a sentence why there are none. `through` is a proxy's setting."""

    host: str
    port: int
    addresses: tuple[str, ...] = ()
    trouble: str = ""
    through: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """The address that took a connection, or in a sentence why none did."""

    host: str
    port: int
    address: str = ""
    trouble: str = ""
    refused: bool = False
    through: str = ""


class TlsTrouble(StrEnum):
    """Why a certificate was not believed."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    OTHER_NAME = "other_name"
    UNKNOWN_ISSUER = "unknown_issuer"
    AUTHORITIES = "authorities"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who a server says that it is, and who vouches for it until when."""

    names: tuple[str, ...]
    issuer: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Handshake:
    """What came of TLS. A certificate that was not believed is told where it could be read."""

    host: str
    protocol: str = ""
    certificate: Certificate | None = None
    trouble: TlsTrouble | None = None
    why: str = ""
    encrypted: bool = True
    """False where the address begins with http: there is nothing to look at."""


@dataclass(frozen=True, slots=True)
class Timings:
    """How long each step took, in seconds, from the beginning of that step; None: not seen.

    `first_byte_s` is from the request's last byte to the answer's first, `whole_s` everything.
    """

    connect_s: float | None = None
    tls_s: float | None = None
    first_byte_s: float | None = None
    whole_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a request or answer: its name, its masked value, and what it is for."""

    name: str
    value: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it leaves, with its secrets masked."""

    kind: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back, masked. `text` is the whole body; `code` is empty where there was none.

    `form` is what it looks like, in a word: JSON, a page in HTML.
    """

    status: int
    size: int
    server_time: datetime | None = None
    fields: tuple[Field, ...] = ()
    text: str = ""
    code: str = ""
    meaning: str = ""
    verdict: str = ""
    form: str = ""

    def field(self, name: str) -> str:
        """Return a field's value, or an empty text."""
        return next((one.value for one in self.fields if one.name == name), "")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request on the wire and what became of it. `trouble` is a sentence where no answer came."""

    at: datetime
    asked: Asked
    timings: Timings = Timings()
    answered: Answered | None = None
    trouble: str = ""
