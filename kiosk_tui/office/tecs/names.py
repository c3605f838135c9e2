"""What each field that is kept may be called; every other one is dropped unread.

Sources: the client REST API's names (snake_case), TECS's merchant services (camelCase, `statusTransaction` of
2.42.53), and the headings of exports in English and German. A name is compared without its blanks, signs,
case and accents. Card number, expiry, card holder and free texts have no name here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "terminal": (
        "terminalid", "terminalnumber", "terminal", "terminalno", "tid", "terminalnr", "terminalnummer",
    ),
    "transaction_id": (
        "transactionid", "txid", "transactionnumber", "transactionno", "transaktionsid",
        "transaktionsnummer", "transaktionsnr",
    ),
    "source_id": ("sourceid", "transactionsourceid"),
    "sequence": ("transactionseqnumber", "sequencenumber", "sequence", "seqnumber", "seqno"),
    "kind": ("transactiontype", "txtype", "type", "transaktionsart", "transaktionstyp", "art", "kind"),
    "message_type": ("messagetype",),
    "identifier": ("transactionoriginidentifier",),
    "original_id": (
        "originaltransactionid", "referencedtransactionid", "origtxid", "originaltxid",
        "origtransactionid", "originaltransaktionsid",
    ),
    "original_terminal": ("originalterminalid", "originalterminal"),
    "engine_code": ("tecsengineresponsecode",),
    "response_code": ("responsecode", "antwortcode", "rc"),
    "status": ("transactionstatus", "status", "state"),
    "cancelled": ("cancelled", "canceled", "reversed", "voided", "storniert", "storno"),
    "amount": ("amount", "transactionamount", "betrag", "umsatz", "summe", "total"),
    "tip": ("tipamount", "tip", "trinkgeld"),
    "currency": ("currency", "transactioncurrency", "currencycode", "waehrung", "wahrung"),
    "authorization_number": (
        "authorizationcode", "authorizationnumber", "authorisationcode", "authcode", "approvalcode",
        "genehmigungsnummer", "autorisierungsnummer",
    ),
    "stan": ("tracenumber", "stan", "traceno", "tracenr"),
    "brand": ("cardbrand", "brand", "kartenmarke", "cardscheme", "scheme", "kartenart"),
    "company": ("creditcardissuerandacquirercompany",),
    "at": (
        "transactiondatetime", "transactiondate", "datetime", "datumzeit", "timestamp", "date", "datum",
        "transaktionsdatum",
    ),
    "time": ("transactiontime", "time", "uhrzeit", "zeit"),
    "server_at": ("transactionserverdate", "serverdate"),
    "authorized_at": ("authorizationdate", "authorisationdate"),
    "clearing_status": ("clearingstatus",),
    "clearing_batch": ("clearingbatchid", "clearingbatch", "batchid", "batchnumber", "batch"),
    "clearing_amount": ("clearingamount", "clearedamount"),
    "clearing_currency": ("clearingcurrency",),
    "cleared_at": ("clearingdate", "transactionclearingdate", "clearingprocesseddate", "valuta"),
}  # fmt: skip
"""Field → the names that it may have, the one that counts first."""

_FIELDS: Final = {name: field for field, names in NAMES.items() for name in names}
_RANK: Final = {name: rank for names in NAMES.values() for rank, name in enumerate(names)}
_SIGNS: Final = re.compile(r"[^0-9a-z]")
_UNIT: Final = re.compile(r"[(\[][^)\]]*[)\]]")


@cache
def plain_name(name: str) -> str:
    """Return a field's name without what differs from one program to another."""
    folded = unicodedata.normalize("NFKD", _UNIT.sub("", name[:80]).casefold())
    return _SIGNS.sub("", folded)


def field_of(name: str) -> str:
    """Return the field that a name means; empty for one that is not kept."""
    return _FIELDS.get(plain_name(name), "")


def kept(fields: Iterable[tuple[str, object]]) -> dict[str, list[object]]:
    """Return what may be kept, by field; the values of one with several names stand in their order."""
    ranked: dict[str, list[tuple[int, object]]] = {}
    for name, value in fields:
        plain = plain_name(name)
        field = _FIELDS.get(plain)
        if field is not None:
            ranked.setdefault(field, []).append((_RANK[plain], value))
    return {
        field: [value for _, value in sorted(values, key=lambda one: one[0])]
        for field, values in ranked.items()
    }
