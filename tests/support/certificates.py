"""An authority of a test, with certificates for a server on loopback and for kiosks."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class TestAuthority:
    """Signs what it is asked to; `pem` is what vouches for it."""

    __test__ = False

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("authority")
        self._certificate = self._signed(self._name, self._key, authority=True)
        self.pem = self._certificate.public_bytes(Encoding.PEM).decode()

    def identity(self, name: str) -> str:
        """Return a key and its certificate in PEM, one behind the other."""
        key = ec.generate_private_key(ec.SECP256R1())
        form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        certificate = self._signed(_named(name), key)
        return (key.private_bytes(*form) + certificate.public_bytes(Encoding.PEM)).decode()

    def server(self, folder: Path) -> ssl.SSLContext:
        """Return the context of a server that lets in whom this authority knows."""
        file = folder / "server.pem"
        file.write_text(self.identity("server"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        context.load_verify_locations(cadata=self.pem)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool = False
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
