"""TLS to head office: whom we believe that it is head office, and by what it knows us."""

from __future__ import annotations

import ssl

import truststore

from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import FleetError


def context(authority: str | None) -> ssl.SSLContext:
    """Return a context that believes the machine's authorities, or those of a PEM text and no others.

    Raises `FleetError` where the text holds no certificate.
    """
    if authority is None:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError) as error:
        raise FleetError(
            "What should vouch for head office's server is no certificate in PEM"
            " (-----BEGIN CERTIFICATE-----)."
        ) from error
    return made


def enrolled_context(folder: FleetFolder) -> ssl.SSLContext:
    """Return the context of an enrolled kiosk, with its certificate. Raises `FleetError`.

    Made anew after each renewal: a context keeps what it has read.
    """
    try:
        authority = folder.authority.read_text("ascii") if folder.authority.exists() else None
        made = context(authority)
        made.load_cert_chain(folder.identity)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        why = getattr(error, "strerror", None) or error
        raise FleetError(
            f"This kiosk's certificate in {folder.path} cannot be used ({why}): enrol it again with"
            " `kiosk-tui fleet enroll`."
        ) from error
    return made
