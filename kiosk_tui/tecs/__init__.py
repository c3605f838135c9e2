"""The vendor's API and nothing else: messages, codes, authorization, the HTTP client.

Owns: how an order becomes a TECS request, and how each kind of answer or failure becomes exactly one
outcome, by the question: could money have moved?
Invariant: what leaves this package towards the register is masked (`redaction`).
Refuses to know: SQLite, Textual, when a cancellation is due, what a customer sees.
"""

from __future__ import annotations

import sys
from types import ModuleType


def _nobody_calls_it() -> None:
    """Stand for httpx's own command line."""


# httpx loads that where click is installed (uvicorn brings it), and pygments with it: 25 ms and 3 MB
# for nobody here. Only this room imports httpx, so this comes first.
_command_line = ModuleType("httpx._main")
vars(_command_line)["main"] = _nobody_calls_it
sys.modules.setdefault("httpx._main", _command_line)
