"""The vendor's API and nothing else: messages, codes, authorization, the HTTP client.

Owns: how an order becomes a TECS request, and how each kind of answer or failure becomes exactly one
outcome, by the question: could money have moved?
Invariant: what leaves this package towards the register is masked (`redaction`).
Refuses to know: SQLite, Textual, when a cancellation is due, what a customer sees.
"""

from __future__ import annotations

import kiosk_tui.libraries  # noqa: F401 - before httpx and pydantic
