"""The service PIN, kept as a scrypt hash: `scrypt$<salt hex>$<hash hex>`."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from typing import Final

_FORM = re.compile(r"scrypt\$(?P<salt>[0-9a-f]{32})\$(?P<hash>[0-9a-f]{64})", re.ASCII)
_DIGITS = re.compile(r"[0-9]{4,12}", re.ASCII)
_COST: Final = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class PinError(ValueError):
    """A PIN or its hash that cannot be; its text is a sentence."""


def hash_pin(pin: str) -> str:
    """Return the line for `service_pin_hash`. Raises `PinError` for a PIN that is none."""
    if _DIGITS.fullmatch(pin) is None:
        raise PinError("A service PIN has 4 to 12 digits.")
    salt = os.urandom(16)
    return f"scrypt${salt.hex()}${_derive(pin, salt).hex()}"


def check_hash(line: str) -> None:
    """Raise `PinError` for a line that `hash_pin` did not make; an empty one means no PIN."""
    if line and _FORM.fullmatch(line) is None:
        raise PinError("It is not a PIN's hash.")


def pin_fits(line: str, pin: str) -> bool:
    """Say whether a typed PIN belongs to a hash. Takes some tens of milliseconds, on purpose."""
    form = _FORM.fullmatch(line)
    if form is None:
        return False
    return hmac.compare_digest(_derive(pin, bytes.fromhex(form["salt"])).hex(), form["hash"])


def person_fits(people: Mapping[str, str], person: str, pin: str) -> bool:
    """Say whether a typed PIN is that person's; somebody unknown takes as long as a wrong PIN."""
    line = people.get(person)
    if line is None:
        _derive(pin, bytes(16))
        return False
    return pin_fits(line, pin)


def _derive(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, **_COST)
