"""A checkpoint: the end of a journal's chain, signed with the register's key, as one line of text.

`KTUI1 IDENTITY SEQ AT LINK BEFORE KEY SIGNATURE`: the journal's identity, the place in its chain, the moment
(UTC), then the link as 64 hex digits, the checkpoint before it in this journal as `SEQ:LINK` (`-`: none), the
public key (Ed25519, 32 bytes) and the signature (64 bytes) of the bytes of everything before the last space,
both base64url without `=`. Whoever has one can prove later that nothing up to that place was changed, and that
nothing up to it was cut off. `BEFORE` is what the journal says of that place when the new one is made: a chain
that was computed anew in between contradicts the checkpoint that has left.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk_tui.records import dataclass

FORM: Final = (
    "KTUI1 ([0-9a-f]{1,40}) ([0-9]{1,18}) ([0-9TZ:-]{20}) ([0-9a-f]{64})"
    " (-|[0-9]{1,18}:[0-9a-f]{64}) ([A-Za-z0-9_-]{43}) ([A-Za-z0-9_-]{86})"
)
"""A line as a regular expression: identity, place, moment, link, what was before, key, signature."""
_PRINTED: Final = r"([0-9]{1,19})[\s:]+((?:[0-9a-f]{4}[\s-]*){4,16})"

EVERY: Final = timedelta(hours=1)
"""So often a chain that grows is signed, at the least."""

_SHORT: Final = 16


class CheckpointError(ValueError):
    """A text that is no checkpoint; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The last entry of a chain; `seq` is its place, `link` vouches for all up to it."""

    seq: int
    link: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was signed. One that was typed from a slip has only `seq` and the first digits of `link`."""

    seq: int
    link: str
    identity: str = ""
    at: str = ""
    before: str = "-"
    key: str = ""
    signature: str = ""

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is of."""
        return f"KTUI1 {self.identity} {self.seq} {self.at} {self.link} {self.before} {self.key}".encode(
            "ascii"
        )

    @property
    def text(self) -> str:
        """The whole line, as it is exported and stands in a QR code."""
        return f"{self.signed.decode('ascii')} {self.signature}"

    @property
    def end(self) -> ChainEnd:
        """The end of the chain that it vouches for."""
        return ChainEnd(self.seq, bytes.fromhex(self.link))


def short(end: ChainEnd) -> str:
    """Return what a person can type from a slip: the place, and the link's first 64 bits."""
    digits = end.link.hex()[:_SHORT]
    return f"{end.seq} {' '.join(digits[at : at + 4] for at in range(0, _SHORT, 4))}"


def parsed(text: str) -> Checkpoint:
    """Read the first checkpoint in a text: its line, or what `short` gives.

    Raises `CheckpointError`.
    """
    if found := re.search(FORM, text):
        identity, seq, at, link, before, key, signature = found.groups()
        return Checkpoint(int(seq), link, identity, at, before, key, signature)
    if found := re.fullmatch(_PRINTED, text.strip().lower(), re.ASCII):
        return Checkpoint(int(found[1]), re.sub(r"[\s-]", "", found[2]))
    raise CheckpointError(
        "That is no checkpoint: give its line (KTUI1 ...), or the place and the digits of a Z report."
    )


def unsigned(identity: str, end: ChainEnd, at: datetime, before: ChainEnd | None) -> Checkpoint:
    """Return one that is still to be signed."""
    told = "-" if before is None else f"{before.seq}:{before.link.hex()}"
    moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Checkpoint(end.seq, end.link.hex(), identity, moment, told)


def written(data: bytes) -> str:
    """Write bytes as base64url without `=`."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def read(text: str) -> bytes:
    """Read what `written` wrote. Raises `ValueError`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
