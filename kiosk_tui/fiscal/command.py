"""A signer that is a program: run for each question, JSON on its input, JSON on its output."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime

from kiosk_tui import subprocesses
from kiosk_tui.domain.fiscal import (
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
)
from kiosk_tui.domain.transaction import Order
from kiosk_tui.fiscal import messages


class CommandSigner:
    """Runs the program of `[fiscal] command`; `register_id` names this register to it."""

    def __init__(self, command: Sequence[str], register_id: str) -> None:
        self._command = tuple(command)
        self._register_id = register_id

    async def begin(
        self, order: Order, at: datetime
    ) -> SignerBegun | SigningRefused | SignerUnavailable:
        """Ask it before a payment."""
        found = await self._ask(messages.begin_request(order, at, self._register_id))
        return found if isinstance(found, SignerUnavailable) else messages.read_begun(found)

    async def finish(self, owed: OwedSignature) -> Signature | SignerUnavailable:
        """Ask it after something ended."""
        found = await self._ask(messages.finish_request(owed, self._register_id))
        return found if isinstance(found, SignerUnavailable) else messages.read_signed(found, owed)

    async def _ask(self, question: bytes) -> bytes | SignerUnavailable:
        name = self._command[0]
        try:
            async with subprocesses.foreign(self._command, {}, answers=True) as process:
                answer = await _exchange(process, question)
                if len(answer) > messages.ANSWER_BYTES:
                    return _too_long(name)
                code = await process.wait()
        except (OSError, ValueError) as error:
            return SignerUnavailable(f"The signer {name} cannot be run: {error}.")
        return SignerUnavailable(f"The signer {name} ended with {code}.") if code else answer


async def _exchange(process: asyncio.subprocess.Process, question: bytes) -> bytes:
    """Write the question and return what was answered, at most one byte more than is read."""
    assert process.stdin is not None  # noqa: S101 - for mypy: both are pipes
    assert process.stdout is not None  # noqa: S101
    with contextlib.suppress(ConnectionError):  # it may answer without reading
        process.stdin.write(question + b"\n")
        await process.stdin.drain()
    process.stdin.close()
    answer = b""
    while len(answer) <= messages.ANSWER_BYTES:
        piece = await process.stdout.read(messages.ANSWER_BYTES + 1 - len(answer))
        if not piece:
            break
        answer += piece
    return answer


def _too_long(name: str) -> SignerUnavailable:
    most = messages.ANSWER_BYTES // 1024
    return SignerUnavailable(f"The signer {name} answers with more than {most} kB.")
