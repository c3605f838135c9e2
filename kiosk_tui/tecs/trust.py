"""Whom we believe that it is TECS: the machine's authorities, and those of a file of one's own.

The file is read here and not by OpenSSL, which says of a folder, an empty file or the wrong format
something that helps nobody, and waits for ever for a pipe.
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Final

import truststore

from kiosk_tui.files.reading import read

LONGEST: Final = 4 * 1024 * 1024
"""Bytes of a file of authorities: a machine's whole store has half a megabyte."""

_BLOCK: Final = re.compile(
    rb"-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----"
)
_KEY: Final = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_DER: Final = b"\x30"
"""How every certificate begins that is not written as text (ASN.1's SEQUENCE)."""


class AuthoritiesError(Exception):
    """A file of authorities that cannot be used; the text is a sentence that names setting and file."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"terminal.ca_file = {file} cannot be used: {why}.")


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Make the context that decides which certificate is believed. Raises `AuthoritiesError`."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is not None:
        _add(context, Path(ca_file))
    return context


def _add(context: ssl.SSLContext, file: Path) -> None:
    try:
        content = read(file, LONGEST)
    except OSError as error:
        raise AuthoritiesError(file, str(error.strerror)) from error
    found = _certificates(content)
    if not found:
        has = "is empty" if not content.strip() else "holds no certificate"
        key = ", but a private key" if _KEY.search(content) else ""
        wanted = "put the authority's there, in PEM (-----BEGIN CERTIFICATE-----) or DER"
        raise AuthoritiesError(file, f"it {has}{key}: {wanted}")
    try:
        context.load_verify_locations(cadata=found)
    except (ssl.SSLError, ValueError) as error:
        raise AuthoritiesError(file, "what is in it is no whole certificate") from error


def _certificates(content: bytes) -> bytes:
    """Return the certificates of a file, one behind the other, in DER; other text is passed over."""
    if content.startswith(_DER):
        return content
    blocks = [one.decode("ascii", "replace") for one in _BLOCK.findall(content)]
    try:
        found = b"".join(ssl.PEM_cert_to_DER_cert(one.replace("X509 ", "")) for one in blocks)
    except ValueError:  # not in base64
        return _DER
    return found or _DER[: len(blocks)]
