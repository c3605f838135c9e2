"""Runs a command for somebody outside, and kills it after so many seconds.

It gets the facts as environment variables and as JSON on its input.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence

from kiosk_tui import subprocesses
from kiosk_tui.observe.reporting.alarm import Alert


def facts(alert: Alert, who: Mapping[str, str]) -> dict[str, str]:
    """Return the facts of an alert, by name. `who` names the register."""
    return {
        "cause": str(alert.cause),
        "tone": str(alert.tone),
        "why": alert.why,
        "transactions": " ".join(alert.transactions),
        **who,
    }


async def call(
    command: Sequence[str],
    told: Mapping[str, str],
    timeout_s: float,
    prefix: str = "KIOSK_TUI_ALERT_",
) -> str:
    """Run the command to its end; return what went wrong, in a sentence, or nothing.

    `prefix` begins the names of the environment variables. Cancelled, it kills the command.
    """
    named = {f"{prefix}{name.upper()}": value for name, value in told.items()}
    code: int | None = None
    try:
        async with subprocesses.foreign(command, named, answers=False) as process:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await process.communicate(json.dumps(told).encode() + b"\n")
                    code = process.returncode
    except (OSError, ValueError) as error:
        return f"{command[0]} cannot be run: {error}."
    if code is None:
        return f"{command[0]} did not end within {timeout_s:g} seconds and was killed."
    return f"{command[0]} ended with {code}." if code else ""
