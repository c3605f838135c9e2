"""Who signs what fiscal law wants signed, as `[fiscal]` says; loaded only where that is configured."""

from __future__ import annotations

from kiosk_tui.config.models import Config
from kiosk_tui.journal.signatures import SignatureLog
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.payment.fiscal import FiscalSigner, Signing, SigningTerms
from kiosk_tui.payment.ports import Clock


def signing(config: Config, journal: JournalWriter, clock: Clock) -> Signing:
    """Return what asks the configured signer."""
    fiscal = config.fiscal
    terms = SigningTerms(
        begin_s=fiscal.begin_s,
        finish_s=fiscal.finish_s,
        slip_s=fiscal.slip_s,
        refuses=fiscal.on_failure == "refuse",
        mark=fiscal.mark,
    )
    return Signing(_signer(config), SignatureLog(journal), clock, terms)


def _signer(config: Config) -> FiscalSigner:
    fiscal, register_id = config.fiscal, config.kiosk.id
    if fiscal.command:
        from kiosk_tui.fiscal.command import CommandSigner  # noqa: PLC0415 - only this one

        return CommandSigner(fiscal.command, register_id)
    from kiosk_tui.fiscal.service import ServiceSigner  # noqa: PLC0415 - only this one

    return ServiceSigner(fiscal.url, register_id)
