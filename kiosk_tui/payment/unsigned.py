"""What the path of money knows of a signer where none is configured: it is asked nothing, and owes nothing.

`fiscal.Signing` is the one that signs; it is loaded only where `[fiscal]` is configured.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.records import dataclass

if TYPE_CHECKING:
    from kiosk_tui.domain.fiscal import SignatureBacklog, SlipSignature


@dataclass(frozen=True, slots=True)
class SignerAsked:
    """What came of asking before a payment: it may not begin (`why_not`), or goes on.

    `token` is None where no signer has taken note; `why` is kept in the event log. `given_up`: it may not
    begin because nobody wanted it any more.
    """

    why_not: str = ""
    given_up: bool = False
    token: str | None = None
    why: str = ""


class NoSigner:
    """No law asks for one here."""

    signs = False
    """Whether there is a signer."""
    out_of_order = False
    """Whether the signer did not answer the last question."""

    @property
    def duties(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """Return what goes on for as long as the register lives."""
        return ()

    async def ask(self, order: Order) -> SignerAsked:  # noqa: ARG002
        """Say whether a payment may begin."""
        return SignerAsked()

    async def catch_up(self) -> None:
        """Get what is owed, within bounds: for a register that does one thing and ends."""

    def forget(self) -> None:
        """Begin anew: what was given up before is over."""

    def give_up(self) -> None:
        """Wait no longer for permission: nothing was sent yet."""

    def changed(self) -> None:
        """Look soon whether a signature is owed."""

    async def on_slip(
        self,
        one: Transaction,  # noqa: ARG002
        *,
        patient: bool = False,  # noqa: ARG002
    ) -> SlipSignature | None:
        """Return what a slip says of the signature, within bounds; None where none is due.

        `patient` waits for as long as a signer may take.
        """
        return None

    async def backlog(self) -> SignatureBacklog | None:
        """Return what is owed; None where nothing is signed. Raises `JournalUnavailableError`."""
        return None
