"""Runs a command for somebody outside: no shell, a process group of its own, killed after so many seconds.

It gets the facts as environment variables and as JSON on its input, and nothing else of this process:
no key, no credentials' folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Final

from kiosk_tui.observe.reporting.alarm import Alert

KILLED_S: Final = 5.0
"""So long a killed process is waited for."""

_KEPT: Final = ("PATH", "HOME", "LANG", "TZ", "USER")


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
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    named = {f"{prefix}{name.upper()}": value for name, value in told.items()}
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=kept | named,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"{command[0]} cannot be run: {error}."
    try:
        async with asyncio.timeout(timeout_s):
            await process.communicate(json.dumps(told).encode() + b"\n")
    except TimeoutError:
        return f"{command[0]} did not end within {timeout_s:g} seconds and was killed."
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            with contextlib.suppress(TimeoutError):  # one that a dead disk holds is killed later
                async with asyncio.timeout(KILLED_S):
                    await process.wait()
    return f"{command[0]} ended with {process.returncode}." if process.returncode else ""
