"""The one-time code of an enrolment, as head office makes it and people type or scan it.

Sixteen characters of Crockford's base 32 (80 bits) in groups of four. Whole, it is one line that a QR
scanner types: `https://kiosks.office.example/#ABCD-EFGH-JKMN-PQRS`, and behind a dot the SHA-256 of the
authority of head office's server, where that is none of those that every machine believes.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

from kiosk_tui.records import dataclass

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 16
_GROUP: Final = 4
_MISREAD: Final = str.maketrans("OIL", "011", " -\t")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
_URL: Final = re.compile(r"https?://[^\s/#]+(/[^\s#]*)?", re.IGNORECASE)


class CodeError(Exception):
    """What was typed is no code; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """`code` in capitals without groups; `url` and `fingerprint` are empty where they were not told."""

    code: str
    url: str = ""
    fingerprint: str = ""

    def __str__(self) -> str:
        """Write it as one line."""
        grouped = "-".join(self.code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))
        if not self.url:
            return grouped
        return f"{self.url}/#{grouped}" + (f".{self.fingerprint}" if self.fingerprint else "")

    def __repr__(self) -> str:
        """Tell nothing: a code is a secret until it is used."""
        return "EnrolmentCode(...)"

    def digest(self) -> bytes:
        """Return what head office keeps of it."""
        return hashlib.sha256(self.code.encode("ascii")).digest()


def made(url: str, fingerprint: str = "") -> EnrolmentCode:
    """Make a new code."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return EnrolmentCode(code, url.rstrip("/"), fingerprint)


def read(text: str) -> EnrolmentCode:
    """Read what was typed or scanned: a code, or a whole line. Raises `CodeError`, without the text."""
    url, mark, rest = text.strip().rpartition("#")
    code, _, fingerprint = rest.partition(".")
    code = code.upper().translate(_MISREAD)
    fingerprint = fingerprint.strip().lower().replace(":", "")
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise CodeError(
            f"That is no code: it has {LENGTH} letters and digits, as ABCD-EFGH-JKMN-PQRS."
        )
    if mark and not _URL.fullmatch(url):
        raise CodeError("That is no code: what stands before the # is no address (https://...).")
    if fingerprint and not _FINGERPRINT.fullmatch(fingerprint):
        raise CodeError("That code is not whole: behind its dot there must be 64 hex digits.")
    return EnrolmentCode(code, url.rstrip("/"), fingerprint)
