"""A kiosk's side of a fleet: ships the journal's events to head office, and takes signed commands.

It runs as a process of its own beside the register, reads the journal only, and loads nothing that could
move money. `wire` is what goes over the line, shared with `kiosk_tui.office`.
"""

from __future__ import annotations

import kiosk_tui.libraries  # noqa: F401 - before httpx and pydantic
