"""Passwords: kept as Argon2id, checked in a thread of their own, refused when they are easily guessed."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk_tui.office.errors import OfficeError

SHORTEST: Final = 12
LONGEST: Final = 128
_FEWEST_CHARACTERS: Final = 5
_AT_ONCE: Final = 2
"""Checks that run at once: each takes 64 MiB."""

_hasher: Final = PasswordHasher()
_threads: Final = ThreadPoolExecutor(_AT_ONCE, "password")


def refuse_weak(password: str, name: str) -> None:
    """Raise `OfficeError` with a sentence when the password must not be used."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise OfficeError(f"The password must have {SHORTEST} to {LONGEST} characters.")
    if name.casefold() in password.casefold():
        raise OfficeError("The password must not contain the account's name.")
    if len(set(password.casefold())) < _FEWEST_CHARACTERS:
        raise OfficeError(
            f"The password must have at least {_FEWEST_CHARACTERS} different characters."
        )


async def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def fits(kept: str | None, password: str) -> bool:
    """Tell whether it is the password; `None` (no such account) takes as long and never fits."""
    if len(password) > LONGEST:
        return False
    right = await asyncio.get_running_loop().run_in_executor(_threads, _verified, kept, password)
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether it was hashed with other parameters than those of today."""
    return _hasher.check_needs_rehash(kept)


def _verified(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex())
