"""Card numbers in texts that people and software give us: they are refused, never stored.

A card number is 13 to 19 digits (blanks and dashes apart) that begin, and are as long, as a scheme's,
and pass Luhn's check. That is narrower than what is masked in answers: an order number or a moment
must not be refused by chance. Source: ISO/IEC 7812 and the schemes' published ranges.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Final

REFUSED: Final = "holds a card number: leave it out, card numbers are never stored"
"""The end of the sentence that names the field."""

_SCHEMES: Final = (
    (r"4", (13, 16, 19)),  # Visa
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),  # Mastercard
    (r"3[47]", (15,)),  # American Express
    (r"30[0-5]|3095|3[689]", (14, 16, 17, 18, 19)),  # Diners Club
    (r"6011|64[4-9]|65", (16, 17, 18, 19)),  # Discover
    (r"35(?:2[89]|[3-8])", (16, 17, 18, 19)),  # JCB
    (r"62|81", (16, 17, 18, 19)),  # UnionPay
    (r"5[0678]|6[013-9]", (13, 14, 15, 16, 17, 18, 19)),  # Maestro, and national ones beside it
    (r"220[0-4]", (16, 17, 18, 19)),  # Mir
    (r"9792", (16,)),  # Troy
)
_PREFIXES: Final = tuple((re.compile(prefix), frozenset(most)) for prefix, most in _SCHEMES)
_SHORTEST: Final = 13
_LONGEST: Final = 19
_RARE: Final = (17, 18)
_RUN: Final = re.compile(r"[0-9](?:[\s-]*[0-9])*")
_GROUPED: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{4}(?P<a>[^0-9A-Za-z]{1,3})(?:[0-9]{4}(?P=a)){2,3}[0-9]{1,4}"
    r"|[0-9]{4}(?P<b>[^0-9A-Za-z]{1,3})[0-9]{6}(?P=b)[0-9]{4,5})(?![0-9])"
)
"""As cards are printed, with any sign between the groups."""
_MOMENTS: Final = (
    (14, "%d%m%Y%H%M%S"),
    (14, "%Y%m%d%H%M%S"),
    (14, "%m%d%Y%H%M%S"),
    (18, "%y%m%d%H%M%S%f"),
)


def holds_card_number(text: str) -> bool:
    """Say whether a text holds a card number, in whatever script its digits are."""
    plain = plainly(unicodedata.normalize("NFKC", text))
    return any(is_card_number(digits) for digits in _candidates(plain))


def is_card_number(digits: str) -> bool:
    """Say whether these digits, and no others, are a card number."""
    return (
        _SHORTEST <= len(digits) <= _LONGEST
        and any(begin.match(digits) and len(digits) in most for begin, most in _PREFIXES)
        and passes_luhn(digits)
        and not _is_moment(digits)
    )


def passes_luhn(digits: str) -> bool:
    """Say whether ASCII digits pass Luhn's check (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - Luhn's own rule
    return total % 10 == 0


def _candidates(text: str) -> Iterator[str]:
    for found in _RUN.finditer(text):
        groups = re.findall("[0-9]+", found[0])
        whole = "".join(groups)
        # no scheme groups so many digits, but shops do (302-1234567-1234567)
        if len(groups) == 1 or len(whole) not in _RARE:
            yield whole
        yield from groups
        yield from _in_even_groups(groups)
    for grouped in _GROUPED.finditer(text):
        yield re.sub("[^0-9]", "", grouped[0])


def _in_even_groups(groups: list[str]) -> Iterator[str]:
    """Yield the card-like windows of a longer run: an expiry may stand beside the number."""
    lengths = [len(one) for one in groups]
    for start in range(len(groups)):
        for count in (2, 3, 4, 5):
            shape = lengths[start : start + count]
            even = len(shape) == count and len(set(shape[:-1])) == 1 and shape[-1] <= shape[0]
            if even or shape in ([4, 6, 4], [4, 6, 5]):
                yield "".join(groups[start : start + count])


def plainly(text: str) -> str:
    """Write every script's digits, blanks and dashes as ASCII's, and drop what cannot be seen."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(character)
    return {"Zs": " ", "Pd": "-", "Cf": ""}.get(kind, character)


def _is_moment(digits: str) -> bool:
    """Say whether digits are a date and a time of this century: some begin as Diners' numbers do."""
    for length, form in _MOMENTS:
        if len(digits) != length:
            continue
        try:
            year = datetime.strptime(digits, form).year  # noqa: DTZ007 - only whether it is one
        except ValueError:
            continue
        if 2000 <= year < 2100:  # noqa: PLR2004 - this century
            return True
    return False
