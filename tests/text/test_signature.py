"""Who has to sign: as hosts ask for it, and as they say that nobody has to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.fakes import transaction

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.receipt.slip import Copy, slip
from kiosk_tui.text.signature import needs_signature


def _footed(footer: str, state: State = State.APPROVED) -> Transaction:
    return transaction(state=state, answer=Answer("0", fields={"receipt_footer": footer}))


@pytest.mark.parametrize(
    "footer",
    [
        "SIGNATURE",
        "SIGNATURE REQUIRED",
        "Signature:",
        "PLEASE SIGN HERE",
        "UNTERSCHRIFT",
        "KUNDENUNTERSCHRIFT",
        "UNTERSCHRIFT ERFORDERLICH",
        "Bitte unterschreiben",
        "FIRMA",
        "FIRMA DEL CLIENTE",
        "FIRMA DEL TITOLARE",
        "Firma richiesta",
        "HANDTEKENING",
        "HANDTEKENING VEREIST",
        "PODPIS",
        "PODPIS KLIENTA",
        "PODPIS WYMAGANY",
        "SIGNATURE DU CLIENT",
        "SIGNATURE DU PORTEUR",
        "SIGNATURE REQUISE",
        "SIGNATURE\nAID: A0000000031010\nAC: 0123",
        "AID: A0\nAC: 01\nSIGNATURE",
        "SIGNATURE\nNO REFUND WITHOUT RECEIPT",
        "SIGNATURE REQUIRED\nNO REFUNDS",
        "PIN: NO\nSIGNATURE: YES",
        "NO PIN, SIGNATURE",
        "NO PIN\nSIGNATURE REQUIRED",
        "PIN NOT VERIFIED\nSIGNATURE",
        "RECEIPT NO 123456\nSIGNATURE",
        "AUTH NO. 123456 SIGNATURE",
        "podpis zákazníka",
        "UNTER-\nSCHRIFT",
        "SIGNATURE. NO CASH BACK",
        "PIN BYPASSED SIGNATURE",
        "NO CVM LIMIT EXCEEDED SIGNATURE",
        "FIRMA CLIENTE ____",
        "UNTERSCHRIFT KARTENINHABER",
        "VIELEN DANK! UNTERSCHRIFT: ________",
        "SIGNATURE/UNTERSCHRIFT",
        "SIGNATURE / FIRMA",
        "PIN OR SIGNATURE REQUIRED",
        "PIN/SIGNATURE REQUIRED",
        "FIRMA / SIGNATURE / UNTERSCHRIFT",
        "TAX FREE\nSIGNATURE",
        "SIGNATURE _____",
        "Unterschrift:\n\n____",
        "X____ SIGNATURE",
        "I AGREE TO PAY THE ABOVE TOTAL\nSIGNATURE",
        "Ich ermaechtige\nUNTERSCHRIFT KUNDE",
    ],
)
@pytest.mark.parametrize("spell", [str, str.lower, str.title])
def test_a_line_to_sign_on_is_printed_where_the_footer_asks_for_it(
    footer: str, spell: Callable[[str], str]
) -> None:
    one = _footed(spell(footer))
    assert needs_signature(one)
    assert "_" * 42 in slip(one, copy=Copy.MERCHANT)


@pytest.mark.parametrize(
    "footer",
    [
        "NO SIGNATURE REQUIRED",
        "NO SIGNATURE",
        "no signature  required",
        "SIGNATURE NOT REQUIRED",
        "SIGNATURE IS NOT REQUIRED",
        "SIGNATURE\nNOT REQUIRED",
        "NO\nSIGNATURE\nREQUIRED",
        "NO CARDHOLDER SIGNATURE REQUIRED",
        "SIGNATURE: NO",
        "SIGNATURE: NOT NEEDED",
        "SIGNATURE WAIVED",
        "SIGNATURE NOT NECESSARY",
        "NO SIG REQ",
        "KEINE UNTERSCHRIFT",
        "KEINE UNTERSCHRIFT ERFORDERLICH",
        "Keine Unterschrift nötig",
        "UNTERSCHRIFT NICHT ERFORDERLICH",
        "UNTERSCHRIFT NICHT NOETIG",
        "UNTERSCHRIFT ENTFÄLLT",
        "UNTERSCHRIFT ENTFAELLT",
        "OHNE UNTERSCHRIFT",
        "UNTERSCHRIFT IST NICHT ERFORDERLICH",
        "FIRMA NO REQUERIDA",
        "FIRMA NO NECESARIA",
        "NO REQUIERE FIRMA",
        "NO SE REQUIERE FIRMA",
        "NO ES NECESARIA LA FIRMA",
        "OPERACION SIN FIRMA",
        "FIRMA NON RICHIESTA",
        "NON RICHIEDE FIRMA",
        "SENZA FIRMA",
        "NESSUNA FIRMA RICHIESTA",
        "GEEN HANDTEKENING VEREIST",
        "GEEN HANDTEKENING NODIG",
        "HANDTEKENING NIET VEREIST",
        "HANDTEKENING IS NIET NODIG",
        "PODPIS NIE JEST WYMAGANY",
        "PODPIS NIEWYMAGANY",
        "BEZ PODPISU",
        "BRAK PODPISU",
        "PODPIS NENÍ VYŽADOVÁN",
        "PODPIS NENI NUTNY",
        "PODPIS SE NEVYZADUJE",
        "PODPIS NEVYŽADOVÁN",
        "PAS DE SIGNATURE",
        "SANS SIGNATURE",
        "SIGNATURE NON REQUISE",
        "LA SIGNATURE N'EST PAS REQUISE",
        "LA SIGNATURE N’EST PAS NÉCESSAIRE",
        "AUCUNE SIGNATURE REQUISE",
        "PIN VERIFIED",
        "PIN VERIFIED\nAID: A0",
        "PIN VERIFIED SIGNATURE",
        "PIN-VERIFIED\nNO SIGNATURE",
        "VERIFIED BY PIN. SIGNATURE",
        "PIN OK\nSIGNATURE",
        "PIN GEPRÜFT\nUNTERSCHRIFT",
        "PIN GEPRUEFT UNTERSCHRIFT",
        "PIN: VERIFICATO FIRMA",
        "CODICE PIN VERIFICATO",
        "NO NEED TO SIGN",
        "DO NOT SIGN",
        "NICHT UNTERSCHREIBEN",
        "NON FIRMARE",
        "NO CVM REQUIRED",
        "",
        "VIELEN DANK",
        "SIGNATURE REQUIRED: NO",
        "DESIGNATED",
        "CONTACTLESS - NO SIGNATURE/PIN REQUIRED",
        "NO PIN OR SIGNATURE REQUIRED",
        "NO PIN/SIGNATURE REQUIRED",
        "NO SIGNATURE OR PIN REQUIRED",
        "KEINE PIN ODER UNTERSCHRIFT ERFORDERLICH",
        "SIGNATURE/PIN NOT REQUIRED",
        "SIGNATURE ON FILE",
        "NO PIN, NO SIGNATURE REQUIRED",
        "SIGNATURE: N/A",
        "SIGNATURE - NOT REQUIRED",
        "SIGNATURE REQ: NO",
        "SIGNATUR NICHT ERFORDERLICH",
        "Podpis: NE",
        "*NO SIGNATURE*",
        "**SIGNATURE NOT REQUIRED**",
        "CONTACTLESS\nNO SIGNATURE REQD.",
        "Sin firma ni PIN",
        "NO SIGNATURE/NO PIN",
        "nosignature",
    ],
)
@pytest.mark.parametrize("spell", [str, str.lower, str.title])
def test_none_is_printed_where_the_pin_was_verified_or_no_signature_is_needed(
    footer: str, spell: Callable[[str], str]
) -> None:
    one = _footed(spell(footer))
    assert not needs_signature(one)
    assert "_" * 42 not in slip(one, copy=Copy.MERCHANT)


@pytest.mark.parametrize("state", [one for one in State if one is not State.APPROVED])
def test_nobody_signs_for_what_was_not_approved(state: State) -> None:
    assert not needs_signature(_footed("SIGNATURE", state))
    assert not needs_signature(replace(_footed("SIGNATURE", state), answer=None))


def test_the_customers_own_copy_has_no_line_to_sign_on() -> None:
    assert "_" * 42 not in slip(_footed("SIGNATURE"), copy=Copy.CUSTOMER)
