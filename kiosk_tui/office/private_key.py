"""A private key in a file that its user alone can read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kiosk_tui.files import reading
from kiosk_tui.office.errors import OfficeError

LONGEST: Final = 16 * 1024


def load_private_key(file: Path, if_known: str) -> PrivateKeyTypes:
    """Return the key in a PEM file; `if_known` is what to do where others could read it.

    Raises `OfficeError` then, and `OSError`, `ValueError` or `TypeError` where it cannot be read.
    """
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        raise OfficeError(f"{file} can be read by others (mode {mode:o}): {if_known}")
    return load_pem_private_key(reading.read(file, LONGEST), None)
