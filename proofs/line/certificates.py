"""Certificates for this machine, from an authority made up on the spot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import trustme

from proofs.line.lane import Certificates


class Authority:
    """Somebody who vouches for servers. Its files lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ca = trustme.CA()
        self._issued = 0
        self.file = folder / "authority.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def issue(self, name: str = "127.0.0.1", expires: datetime | None = None) -> Certificates:
        """Write a certificate for a host."""
        self._issued += 1
        made = self._ca.issue_cert(name, not_after=expires)
        chain, key = (self._folder / f"{kind}{self._issued}.pem" for kind in ("chain", "key"))
        for index, blob in enumerate(made.cert_chain_pems):
            blob.write_to_path(chain, append=index > 0)
        made.private_key_pem.write_to_path(key)
        return Certificates(str(self.file), str(chain), str(key))
