"""What is taken of a certificate request: its public key, and nothing that it says of itself."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec


class CsrError(Exception):
    """A request that is not signed; the text is a sentence for whoever asked."""


def public_key(csr: str) -> ec.EllipticCurvePublicKey:
    """Return the key of a PKCS#10 request in PEM that proves to own it. Raises `CsrError`."""
    try:
        request = x509.load_pem_x509_csr(csr.encode())
        key = request.public_key()
        owned = request.is_signature_valid
    except Exception as error:  # whatever a parser makes of what a stranger sent
        raise CsrError("That is no certificate request in PEM.") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CsrError("The key of a certificate request must be on the curve P-256.")
    if not owned:
        raise CsrError("The certificate request is not signed with its own key.")
    return key
