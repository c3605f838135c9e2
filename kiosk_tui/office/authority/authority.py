"""The authority's key and certificate on the enroller's disk, and what it signs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk_tui.files import reading, writing
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.private_key import LONGEST, load_private_key

KEY: Final = "authority.key"
CERTIFICATE: Final = "authority.pem"
"""In the enroller's folder; nginx, which starts as root, reads the certificate there."""

_YEARS: Final = 30
_EARLIER: Final = timedelta(hours=1)
"""A certificate holds from a little earlier on: the clocks of two machines are never the same."""
_IF_KNOWN: Final = "the authority's key may be known. Find out since when, then `chmod 600` it."


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates of kiosks; `certificate` is what nginx checks them by."""

    certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")

    def issue(self, key: ec.EllipticCurvePublicKey, kiosk_id: str, days: int) -> x509.Certificate:
        """Return a client's certificate for a kiosk: it can be nobody's server, and sign nothing."""
        now = datetime.now(UTC).replace(microsecond=0)
        until = min(now + timedelta(days=days), self.certificate.not_valid_after_utc)
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        return (
            x509.CertificateBuilder()
            .subject_name(_named(kiosk_id))
            .issuer_name(self.certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _EARLIER)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )


def exists(folder: Path) -> bool:
    """Say whether there is an authority in the folder."""
    return (folder / KEY).exists()


def load(folder: Path) -> Authority:
    """Return the folder's authority. Raises `OfficeError`, also where others can read the key."""
    try:
        key = load_private_key(folder / KEY, _IF_KNOWN)
        certificate = x509.load_pem_x509_certificate(reading.read(folder / CERTIFICATE, LONGEST))
    except (OSError, ValueError, TypeError) as error:
        why = getattr(error, "strerror", None) or error
        raise OfficeError(
            f"The authority in {folder} cannot be read ({why}): take it from your backup."
        ) from error
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey)
        or certificate.public_key() != key.public_key()
    ):
        raise OfficeError(f"{KEY} and {CERTIFICATE} in {folder} do not belong together.")
    return Authority(certificate, key)


def make(folder: Path) -> Authority:
    """Make an authority, safe on the disk before it signs anything. Raises `OfficeError`."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    try:
        writing.make_folder(folder)
        # the key last: where it is, the certificate is too
        writing.replace(
            folder / CERTIFICATE, certificate.public_bytes(Encoding.PEM).decode("ascii"), 0o644
        )
        writing.replace(folder / KEY, pem)
    except OSError as error:
        raise OfficeError(
            f"The authority cannot be kept in {folder}: {error.strerror or error}."
        ) from error
    return Authority(certificate, key)


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now = datetime.now(UTC).replace(microsecond=0)
    name = _named(f"kiosk-tui authority {secrets.token_hex(4)}")
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
