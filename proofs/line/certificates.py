"""Certificates for this machine, from an authority made up on the spot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import trustme

from proofs.line.lane import Certificates


def issue(folder: Path, name: str = "127.0.0.1", expires: datetime | None = None) -> Certificates:
    """Write an authority, and a certificate of its for `name`, into a folder."""
    authority = trustme.CA()
    made = authority.issue_cert(name, not_after=expires)
    found = Certificates(*(str(folder / one) for one in ("authority.pem", "chain.pem", "key.pem")))
    authority.cert_pem.write_to_path(found.authority)
    for index, blob in enumerate(made.cert_chain_pems):
        blob.write_to_path(found.chain, append=index > 0)
    made.private_key_pem.write_to_path(found.key)
    return found
