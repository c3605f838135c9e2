"""A kiosk's own key, and what head office's authority says of it."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from kiosk_tui.files import reading, writing

_LONGEST: Final = 64 * 1024


class KioskKey:
    """A private key (EC P-256) with its certificate request: it stays in this machine's files."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, request: str) -> None:
        self._key = key
        self.request = request
        """PKCS#10 in PEM. It names nobody: head office knows whose code it was."""

    @classmethod
    def made(cls) -> KioskKey:
        """Make a new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kiosk")])
        signed = (
            x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
        )
        return cls(key, _text(signed))

    @classmethod
    def kept(cls, file: Path) -> KioskKey:
        """Return the one that `file` has from an enrolment that was cut off, else a new one in it.

        So the same request is sent again, and head office answers it again. Raises `OSError`.
        """
        with contextlib.suppress(OSError, ValueError, TypeError):
            content = reading.read(file, _LONGEST)
            key, request = load_pem_private_key(content, None), x509.load_pem_x509_csr(content)
            if (
                isinstance(key, ec.EllipticCurvePrivateKey)
                and request.public_key() == key.public_key()
            ):
                return cls(key, _text(request))
        made = cls.made()
        writing.replace(file, made.private() + made.request)
        return made

    def with_certificate(self, pem: str) -> str:
        """Return what `FleetFolder.identity` holds. Raises `ValueError` for another key's certificate."""
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        if certificate.public_key() != self._key.public_key():
            raise ValueError("the certificate is for another key")
        return self.private() + _text(certificate)

    def private(self) -> str:
        """Return the key as PEM, for a file of this machine's."""
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return pem.decode("ascii")


def _text(signed: x509.Certificate | x509.CertificateSigningRequest) -> str:
    return signed.public_bytes(Encoding.PEM).decode("ascii")


def valid_until(identity: Path) -> datetime:
    """Return the end of the certificate in a file. Raises `OSError` or `ValueError`."""
    _, mark, pem = reading.read(identity, _LONGEST).partition(b"-----BEGIN CERTIFICATE-----")
    return x509.load_pem_x509_certificate(mark + pem).not_valid_after_utc
