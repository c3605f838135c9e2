"""Masking: at most the first six and last four digits of a card, no expiry, before anything else.

TECS's card_number comes as `PAN_YYMM`, `REF<ref>_<YYMM>_<last 4>_<first 6>` or a TXID. Receipt texts
are free, so every run of digits in them that could be a card number is masked.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_TXID = re.compile(r"TXID[0-9]{20}(?:_[0-9]{2}_[0-9A-Za-z]{8})?", re.ASCII)
_REFERENCE = re.compile(
    r"REF[0-9A-Za-z]*_[0-9]{4}_(?P<last>[0-9]{4})_(?P<first>[0-9]{6})", re.ASCII
)
_MASKED = re.compile(r"[0-9]{4,6}[*xX•.]{4,}[0-9]{4}", re.ASCII)
# Things on a slip that are long numbers and no cards: references, application ids, cryptograms.
_HARMLESS = r"TXID[0-9]{20}|AID:? ?[0-9A-F]{10,32}\b|AC:? ?[0-9A-F]{16}\b"
# A card number: 13 digits or more, perhaps grouped, perhaps followed by its expiry or track data.
_CARD = re.compile(
    rf"(?P<harmless>{_HARMLESS})"
    r"|(?<![0-9])(?P<pan>[0-9](?:[ -]?[0-9]){12,})(?P<rest>(?:[_=^D/][0-9A-Za-z=^/]*)?)",
    re.ASCII,
)
_EXPIRY = re.compile(
    r"(?P<word>\b(?:exp|valid|verfall|g(?:ü|ue)ltig)[a-zü]*\W{0,3}(?:(?:bis|thru|date|dat\.?)\W{0,3})?)"
    r"[0-9]{2} ?[/.-]? ?[0-9]{2,4}\b",
    re.IGNORECASE,
)
_SOLID = re.compile(r"[0-9]{12,}", re.ASCII)
_SHORTEST_PAN = 12
_USUAL_PAN = 16
_LONGEST_PAN = 19


def mask_card(value: str) -> str:
    """Mask the card_number field: whatever its form, no more than first six and last four."""
    if _TXID.fullmatch(value) or _MASKED.fullmatch(value):
        return value
    reference = _REFERENCE.fullmatch(value)
    if reference is not None:
        return _masked(reference["first"], reference["last"])
    number = re.split(r"[_=^]", value, maxsplit=1)[0]
    solid = _SOLID.search(number)
    digits = re.sub(r"[^0-9]", "", number) if solid is None else solid[0]
    # one that is too long ends in something else, such as an expiry whose separator got lost
    whole = len(digits) <= _USUAL_PAN or (len(digits) <= _LONGEST_PAN and _luhn(digits))
    if len(digits) >= _SHORTEST_PAN and whole:
        return _masked(digits[:6], digits[-4:])
    return "" if not digits else "*" * 6


def mask_text(text: str, known_ids: Collection[str] = ()) -> str:
    """Mask every card number in free text; `known_ids` are transaction ids, which are no secret."""
    text = _REFERENCE.sub(lambda found: _masked(found["first"], found["last"]), text)
    text = _EXPIRY.sub(lambda found: found["word"] + "**/**", text)
    known = {one.lstrip("0") for one in known_ids if one}

    def hide(found: re.Match[str]) -> str:
        if found["harmless"] is not None:
            shown = re.sub(r"[^0-9]", "", found[0].partition(":")[2])
            return found[0][:3] + "*" * 6 if looks_like_pan(shown) else found[0]
        digits = re.sub(r"[ -]", "", found["pan"])
        if digits.lstrip("0") in known and not found["rest"]:
            return found[0]
        # No card begins with 000: this is an application id, or a padded transaction id. But a card
        # may stand after zeros, padded or set apart.
        if found["pan"].startswith("000") and digits == found["pan"]:
            if not looks_like_pan(digits.lstrip("0")):
                return found[0]
            digits = digits.lstrip("0")
        return _masked(digits[:6], digits[-4:])

    return _CARD.sub(hide, text)


def looks_like_id(text: str) -> bool:
    """Say whether digits are a transaction id: those begin with a date, which no card does."""
    digits = text.isascii() and text.isdigit()
    return digits and (text.lstrip("0").startswith("20") or not looks_like_pan(text))


def looks_like_pan(text: str) -> bool:
    """Say whether somebody typed a card number where a reference belongs."""
    digits = re.sub(r"[ -]", "", re.split(r"[_=^]", text, maxsplit=1)[0])
    return (
        digits.isascii()
        and digits.isdigit()
        and _SHORTEST_PAN <= len(digits) <= _LONGEST_PAN
        and _luhn(digits)
    )


def _masked(first: str, last: str) -> str:
    return f"{first}******{last}"


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - Luhn's own rule
    return total % 10 == 0
