"""What a machine and head office say to each other until the machine has its certificate, and to renew it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kiosk_tui.fleet.wire import Seq, Wire, Word

_PEM = r"^-----BEGIN CERTIFICATE REQUEST-----[A-Za-z0-9+/=\n]+-----END CERTIFICATE REQUEST-----\n?$"
Csr = Annotated[str, Field(max_length=8000, pattern=_PEM)]
"""A PKCS#10 request in PEM, as text."""
RegisterKeyText = Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]{43})?$")]
"""The public part of a register's own key (Ed25519), base64url; empty: it has none."""


class Enrolment(Wire):
    """`POST /v1/enroll`, the one request without a certificate: a one-time code and a PKCS#10 request."""

    v: Literal[1] = 1
    code: Annotated[str, Field(min_length=8, max_length=64)]
    csr: Csr
    register_key: RegisterKeyText = ""


class Renewal(Wire):
    """`POST /v1/renew`: a request for the same kiosk's next certificate."""

    v: Literal[1] = 1
    csr: Csr


class CommandKey(Wire):
    """A public Ed25519 key (base64, 32 bytes) whose commands a kiosk takes."""

    key_id: Word
    public: Annotated[str, Field(max_length=100)]


class Enrolled(Wire):
    """A certificate (PEM) with what it takes to go on: our name, and the keys of signed commands.

    Only commands after number `commands` are for this machine: earlier ones were for the one before.
    """

    kiosk_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    certificate: Annotated[str, Field(max_length=16_000)]
    command_keys: tuple[CommandKey, ...]
    commands: Seq = 0
