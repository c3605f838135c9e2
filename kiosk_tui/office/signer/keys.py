"""The key that commands are signed with, in the signer's own folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from kiosk_tui.files import writing
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.private_key import load_private_key

KEY: Final = "command.key"
_IF_KNOWN: Final = (
    "the signing key may be known. Find out since when; then remove it, so that a new one is made, and"
    " enrol the kiosks again."
)


def exists(folder: Path) -> bool:
    """Say whether there is a key in the folder."""
    return (folder / KEY).exists()


def make(folder: Path) -> None:
    """Make a key, safe on the disk before it signs anything. Raises `OfficeError`."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    try:
        writing.make_folder(folder)
        writing.replace(folder / KEY, pem)
    except OSError as error:
        raise OfficeError(
            f"The signing key cannot be kept in {folder}: {error.strerror or error}."
        ) from error


def load(folder: Path) -> Ed25519PrivateKey:
    """Return the folder's key. Raises `OfficeError`, also where others can read it."""
    file = folder / KEY
    try:
        key = load_private_key(file, _IF_KNOWN)
    except (OSError, ValueError, TypeError) as error:
        why = getattr(error, "strerror", None) or error
        raise OfficeError(f"The signing key {file} cannot be read ({why}).") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise OfficeError(f"{file} is no Ed25519 key.")
    return key
