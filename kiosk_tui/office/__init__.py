"""Head office: every kiosk's journal in one PostgreSQL, reconciled, watched and commanded.

Four processes, each with rights of its own: `ingest` takes what machines send (stateless, as many as are
needed), `web` shows pages to people, `signer` alone can read the key that commands are signed with, and
`enroller` alone the key of the certificate authority. They meet in the database and nowhere else.
Extra `[office]`; no kiosk has it.
"""

from __future__ import annotations

import kiosk_tui.libraries  # noqa: F401 - before httpx and pydantic
