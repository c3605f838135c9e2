"""The signer beside the path of money: asked before a payment, and caught up with after it.

Owns: the bounds of each question, the order of signatures, the pauses after an outage.
Invariant: only the question before a payment can keep one from beginning. What ended is on disk, and told,
before its signature is asked for; that it is owed stands there since the same commit. A signature that
was asked for and not kept is asked for again under the same key.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, Protocol, TypeVar

from kiosk_tui.domain.fiscal import (
    EventSignature,
    OwedSignature,
    Signature,
    SignatureBacklog,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
    SlipSignature,
    wants_signer,
)
from kiosk_tui.domain.identity import TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.ports import Clock
from kiosk_tui.payment.unsigned import NoSigner, SignerAsked
from kiosk_tui.records import dataclass

log = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST_PAUSE_S: Final = 60.0
"""The pause after the first failure is a second, and doubles up to this."""


class FiscalSigner(Protocol):
    """Whoever signs. Neither method raises; both may be cancelled at any moment."""

    async def begin(
        self, order: Order, at: datetime
    ) -> SignerBegun | SigningRefused | SignerUnavailable:
        """Tell of a payment that is about to begin."""

    async def finish(self, owed: OwedSignature) -> Signature | SignerUnavailable:
        """Tell how it ended, and get its signature; the same key gets the same one again."""


class SignatureQueue(Protocol):
    """What the journal keeps of it. Every method raises `JournalUnavailableError`."""

    async def owed_signature(self) -> OwedSignature | None:
        """Return the signature that has been owed for longest, in the order of commits."""

    async def sign(self, owed: OwedSignature, given: Signature, at: datetime) -> None:
        """Commit a signature; one that is there already stays."""

    async def signatures(self, transaction_id: TransactionId) -> Sequence[EventSignature]:
        """Return the signatures of a transaction's events, given or owed, oldest first."""

    async def backlog(self) -> SignatureBacklog:
        """Return how many signatures are owed, and since when."""


@dataclass(frozen=True, slots=True)
class SigningTerms:
    """How long a signer is waited for, and what its failure before a payment means.

    A slip waits up to `slip_s` for its signature; then it has a `mark` in its place (empty: ours).
    """

    begin_s: float = 5.0
    finish_s: float = 30.0
    slip_s: float = 3.0
    refuses: bool = False
    mark: str = ""


class Signing(NoSigner):
    """One register's signer."""

    signs = True

    def __init__(
        self, signer: FiscalSigner, queue: SignatureQueue, clock: Clock, terms: SigningTerms
    ) -> None:
        self._signer = signer
        self._queue = queue
        self._clock = clock
        self._terms = terms
        self._given_up = asyncio.Event()
        self._wake = asyncio.Event()
        self._signed = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self.out_of_order = False

    # -- before a payment ----------------------------------------------------------------------------

    def forget(self) -> None:
        """Begin anew: what was given up before is over."""
        self._given_up.clear()

    def give_up(self) -> None:
        """Wait no longer for the signer's permission: nothing was sent yet."""
        self._given_up.set()

    async def ask(self, order: Order) -> SignerAsked:
        """Ask whether a payment may begin; returns within `begin_s`."""
        if not wants_signer(order):
            return SignerAsked()
        given_up = asyncio.create_task(self._given_up.wait())
        question = asyncio.create_task(self._safely(self._signer.begin(order, self._clock.now())))
        try:
            await asyncio.wait(
                {given_up, question},
                timeout=self._terms.begin_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._given_up.is_set():
                why = "It was given up before the signer had answered; nothing was sent."
                return SignerAsked(why, given_up=True)
            found = question.result() if question.done() else _late(self._terms.begin_s)
        finally:
            given_up.cancel()
            question.cancel()
        self.out_of_order = isinstance(found, SignerUnavailable)
        if isinstance(found, SignerBegun):
            return SignerAsked(token=found.token)
        if isinstance(found, SigningRefused):
            return SignerAsked(f"The signer forbids it: {found.why}")
        log.warning("the signer was not asked before a payment: %s", found.why)
        return SignerAsked(found.why) if self._terms.refuses else SignerAsked(why=found.why)

    # -- after it ------------------------------------------------------------------------------------

    @property
    def duties(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """Return what goes on for as long as the register lives."""
        return (self.run,)

    def changed(self) -> None:
        """Look soon whether a signature is owed."""
        self._wake.set()

    async def run(self) -> None:
        """Get each signature that is owed, in order, for as long as the register lives."""
        pause_s = 1.0
        while True:
            self._wake.clear()
            done = await self._sign_what_is_owed()
            # also when all are signed it looks again now and then: a disk that had refused takes it later
            wait_s = LONGEST_PAUSE_S if done else pause_s
            pause_s = 1.0 if done else min(LONGEST_PAUSE_S, pause_s * 2)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()

    async def catch_up(self) -> None:
        """Get what is owed for up to `slip_s`: for a register that does one thing and ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._terms.slip_s):
                await self._sign_what_is_owed()

    async def on_slip(self, one: Transaction, *, patient: bool = False) -> SlipSignature | None:
        """Return what a slip says of the signature, within `slip_s`; None where none is due.

        `patient` waits for up to `finish_s`.
        """
        terms = self._terms
        try:
            async with asyncio.timeout(terms.finish_s if patient else terms.slip_s):
                return await self._waited_for(one)
        except TimeoutError:
            return SlipSignature(out_of_order=self.out_of_order, mark=self._terms.mark)
        except JournalUnavailableError:
            return SlipSignature(mark=self._terms.mark)

    async def backlog(self) -> SignatureBacklog:
        """Return what is owed. Raises `JournalUnavailableError`."""
        return await self._queue.backlog()

    async def _waited_for(self, one: Transaction) -> SlipSignature | None:
        while True:
            signed = self._signed
            found = await self._queue.signatures(one.id)
            if not found:
                return None
            if found[-1].signature is not None:
                return SlipSignature(found[-1].signature)
            await signed.wait()

    async def _sign_what_is_owed(self) -> bool:
        """Sign in order, up to the first that fails; say whether nothing is owed any more."""
        async with self._one_at_a_time:
            try:
                while (owed := await self._queue.owed_signature()) is not None:
                    found = await self._finish(owed)
                    self.out_of_order = isinstance(found, SignerUnavailable)
                    if isinstance(found, SignerUnavailable):
                        log.warning("%s is not signed yet: %s", owed.key, found.why)
                        return False
                    await self._queue.sign(owed, found, self._clock.now())
                    signed, self._signed = self._signed, asyncio.Event()
                    signed.set()
            except JournalUnavailableError as error:
                log.warning("signatures wait for the journal: %s", error)
                return False
            return True

    async def _finish(self, owed: OwedSignature) -> Signature | SignerUnavailable:
        question = asyncio.create_task(self._safely(self._signer.finish(owed)))
        try:
            await asyncio.wait({question}, timeout=self._terms.finish_s)
            return question.result() if question.done() else _late(self._terms.finish_s)
        finally:
            question.cancel()

    async def _safely(self, question: Awaitable[T]) -> T | SignerUnavailable:
        try:
            return await question
        except Exception as error:
            log.exception("the signer failed inside the register")
            name = type(error).__name__
            return SignerUnavailable(
                f"The signer failed inside the register ({name}): see the log."
            )


def _late(seconds: float) -> SignerUnavailable:
    return SignerUnavailable(f"The signer did not answer within {seconds:g} seconds.")
