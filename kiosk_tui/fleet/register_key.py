"""The register's own key (Ed25519), with which the ends of its journal's chain are signed.

Owns: `<journal>.key` beside the journal, 0600: the private key as base64url, made at the first start. It
never leaves this machine. Whoever can read it can rewrite what came after the last checkpoint that left.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk_tui.domain import checkpoint
from kiosk_tui.domain.checkpoint import Checkpoint
from kiosk_tui.files import reading, writing

_LONGEST = 200


class RegisterKey:
    """One register's key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = checkpoint.written(private.public_key().public_bytes_raw())
        """The public part, as checkpoints name it."""

    @classmethod
    def kept(cls, journal: Path) -> Self:
        """Return the key beside a journal, made where there is none.

        Raises `OSError`, or `ValueError` where the file holds no key: it is not replaced, for the head office
        knows the one that it held.
        """
        try:
            return cls.read(journal)
        except FileNotFoundError:
            made = Ed25519PrivateKey.generate()
            writing.replace(_file(journal), checkpoint.written(made.private_bytes_raw()) + "\n")
            return cls(made)

    @classmethod
    def read(cls, journal: Path) -> Self:
        """Return the key beside a journal. Raises `OSError` or `ValueError`."""
        text = reading.read(_file(journal), _LONGEST).decode("ascii").strip()
        return cls(Ed25519PrivateKey.from_private_bytes(checkpoint.read(text)))

    def sign(self, one: Checkpoint) -> Checkpoint:
        """Return the checkpoint with this key and its signature."""
        named = replace(one, key=self.public)
        return replace(named, signature=checkpoint.written(self._private.sign(named.signed)))


def is_signed(one: Checkpoint) -> bool:
    """Say whether a checkpoint's signature is that of the key that it names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(checkpoint.read(one.key))
        key.verify(checkpoint.read(one.signature), one.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """Return what people compare of a public key: 64 bits of its SHA-256, in groups of four digits."""
    digits = hashlib.sha256(checkpoint.read(public)).hexdigest()[:16]
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def _file(journal: Path) -> Path:
    return journal.with_name(f"{journal.name}.key")
