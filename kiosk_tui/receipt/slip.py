"""What a slip says, as lines of text in the order's language. Source of its content: TECS's sample slip.

What must be printed is printed whenever TECS gave it: receipt_footer, svc, serien_nr [api].
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from kiosk_tui.domain.conversion import conversion
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.text.amounts import format_amount
from kiosk_tui.text.signature import needs_signature
from kiosk_tui.text.times import format_day, format_time
from kiosk_tui.text.translations import Texts, texts_in
from kiosk_tui.text.wording.fiscal import why_unsigned
from kiosk_tui.text.wording.operations import balance, title

if TYPE_CHECKING:
    from kiosk_tui.domain.fiscal import SlipSignature  # only where there is a signer

COLUMNS: Final = (32, 42, 48)
"""Characters a line: 58 mm paper, 80 mm paper in the usual font, and in the narrow one."""
PAPER: Final = Paper()

_SIGN_LINES: Final = 3


class Copy(StrEnum):
    """Whose copy it is."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"


def slip(
    one: Transaction,
    paper: Paper = PAPER,
    *,
    copy: Copy = Copy.CUSTOMER,
    locale: str = "",
    duplicate: bool = False,
    demo: bool = False,
    fiscal: SlipSignature | None = None,
) -> list[str]:
    """Return the slip's lines, none longer than the paper's; a duplicate and the demo's are marked.

    The locale is the order's language, unless another is given (a merchant reads his own). `fiscal` is what a
    signer wants on it.
    """
    spoken = locale or one.order.language
    said = texts_in(spoken)
    lines = [*_lines(one, paper, copy, spoken, said), *_signed(fiscal, paper, said)]
    _ = said.gettext
    if duplicate:
        lines = _marked(lines, _("*** DUPLICATE ***"), paper)
    return _marked(lines, _("DEMO - no money moves"), paper) if demo else lines


def _marked(lines: list[str], mark: str, paper: Paper) -> list[str]:
    told = list(paper.centred(mark))
    return [*told, *lines, *told]


def _lines(one: Transaction, paper: Paper, copy: Copy, locale: str, said: Texts) -> Iterator[str]:
    order, fields = one.order, one.answer.fields if one.answer else {}
    _ = said.gettext
    for name in ("merchant_name", "merchant_address", "receipt_header"):
        yield from paper.centred(fields.get(name))
    yield ""
    yield from paper.centred(
        _("CUSTOMER RECEIPT") if copy is Copy.CUSTOMER else _("MERCHANT RECEIPT")
    )
    yield ""
    yield from paper.pair(_("Terminal"), order.place.terminal)
    yield from paper.pair(_("Merchant"), fields.get("vu_number"))
    yield from paper.pair(format_day(one.created_at, locale), format_time(one.created_at, locale))
    yield from paper.wrapped(title(order.operation, said))
    yield from _card(fields, paper, said)
    yield from paper.pair("STAN", fields.get("stan"))
    yield from paper.pair("TXID", one.id)
    if order.original is not None:
        yield from paper.pair(_("Original TXID"), order.original.transaction_id)
    yield from paper.pair(_("Approval code"), fields.get("authorization_number"))
    yield from paper.pair(_("Invoice"), order.receipt_number)
    if copy is Copy.MERCHANT:
        yield from paper.pair(_("Cashier"), order.personal_id)
        yield from paper.pair(_("Reason"), order.reason)
    for line in fields.get("receipt_footer", "").split("\n"):
        yield from paper.wrapped(line)
    yield ""
    yield from _amounts(one, paper, locale, said)
    yield from _converted(one, paper, locale, said)
    yield ""
    yield from paper.centred(_result(one, said))
    if copy is Copy.MERCHANT and one.answer is not None:
        told = f"{one.answer.response_code} {one.answer.response_text}".strip()
        yield from paper.pair(_("Response"), told)
    yield from paper.centred(_("Reference {number}").format(number=one.reference))
    if copy is Copy.MERCHANT and needs_signature(one):
        yield from [""] * _SIGN_LINES
        yield "_" * paper.columns
        yield from paper.centred(_("Signature"))


def _signed(fiscal: SlipSignature | None, paper: Paper, said: Texts) -> Iterator[str]:
    """Say what a signer wants on the slip, or what stands in its place."""
    if fiscal is None:
        return
    yield ""
    if fiscal.signature is None:
        yield from paper.centred(why_unsigned(fiscal, said.gettext))
        return
    for line in fiscal.signature.text.splitlines():
        yield from paper.wrapped(line)
    yield from paper.code(fiscal.signature.code)


def _card(fields: dict[str, str], paper: Paper, said: Texts) -> Iterator[str]:
    _ = said.gettext
    yield from paper.pair(_("Card"), fields.get("credit_card_issuer_and_acquirer_company"))
    yield from paper.pair("", fields.get("card_number"))
    yield from paper.pair(_("Card sequence"), fields.get("serien_nr"))
    yield from paper.pair(_("Service code"), fields.get("svc"))


def _amounts(one: Transaction, paper: Paper, locale: str, said: Texts) -> Iterator[str]:
    _ = said.gettext
    if not one.order.operation.has_amount:
        yield from paper.pair(_("Balance"), balance(one, locale) or _("unknown"))
        return
    tip = one.tip
    if tip is not None:
        yield from paper.pair(_("Amount"), format_amount(one.order.amount, locale))
        yield from paper.pair(_("Tip"), format_amount(tip, locale))
    yield from paper.large(_("TOTAL"), format_amount(one.charged, locale))


def _converted(one: Transaction, paper: Paper, locale: str, said: Texts) -> Iterator[str]:
    """Say what the terminal converted: the schemes want both amounts, the rate and the fee told."""
    _ = said.gettext
    found = conversion(one)
    if found is None:
        return
    yield ""
    yield from paper.centred(_("CURRENCY CONVERSION"))
    yield from paper.pair(_("Original amount"), format_amount(one.charged, locale))
    yield from paper.pair(_("Exchange rate"), found.rate)
    yield from paper.pair(_("Conversion fee"), found.fee)
    yield from paper.pair(_("In the card's currency"), found.amount)


def _result(one: Transaction, said: Texts) -> str:
    _ = said.gettext
    results = {
        State.GOODS_DUE: _("NOT COMPLETED YET"),
        State.GOODS_DUE_AGAIN: _("NOT COMPLETED YET"),
        State.APPROVED: _("APPROVED"),
        State.DECLINED: _("DECLINED - NOT CHARGED"),
        State.NOT_SENT: _("NOT SENT - NOT CHARGED"),
        State.CANCELLED: _("CANCELLED - NOT CHARGED"),
        State.NOTHING_TO_CANCEL: _("NOT COMPLETED - NOT CHARGED"),
        State.NEEDS_STAFF: _("NOT COMPLETED - PLEASE ASK STAFF"),
        State.SETTLED: _("SETTLED BY STAFF"),
    }
    if one.state is State.APPROVED and one.order.operation.pays_back:
        return _("APPROVED - PAID BACK")
    if one.state is State.APPROVED and one.order.operation.reserves:
        return _("APPROVED - RESERVED, NOT CHARGED")
    return results.get(one.state, _("NOT COMPLETED - BEING REVERSED"))
