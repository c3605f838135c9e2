"""Whether the customer has to sign: TECS's footer asks for it, in words that are data.

A host says it in a language of its own, and as often that no signature is needed. A line to sign on
that nobody needed costs paper; one that is missing may cost the payment.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import Transaction

_WORDS: Final = Path(__file__).with_name("signature.toml")
_WORD: Final = re.compile(r"n/a\b|(?:[^\W_]|(?<=\w)'(?=\w))+|[^\w\s]|\n")
"""A word (`REQ'D` and `N/A` are one), a sign, or the end of a line."""

_ENDS: Final = frozenset(".,;|\n")
_ANSWERS: Final = frozenset(":=")


def needs_signature(one: Transaction) -> bool:
    """Say whether the customer has to sign: TECS approved it, and its footer asks for that."""
    footer = one.answer.fields.get("receipt_footer", "") if one.answer else ""
    return one.state is State.APPROVED and asks(footer)


def asks(footer: str) -> bool:
    """Say whether a footer asks for a signature; one whose PIN was verified does not."""
    words = _words(footer)
    wanted = any(_is(words[at], "signature") and not _denied(words, at) for at in range(len(words)))
    return wanted and not _pin_verified(words)


def prepare() -> None:
    """Read the words ahead, while nobody waits: the first approval would wait for it."""
    _vocabulary()


def _words(footer: str) -> Sequence[str]:
    joined = re.sub(r"(?<=\w)-[^\S\n]*\n\s*(?=\w)", "", footer)  # a word that a line broke
    return _WORD.findall(_folded(joined))


def _denied(words: Sequence[str], at: int) -> bool:
    """Say whether what stands before or behind a word says no to it."""
    return _denied_before(words, at) or _denied_behind(words, at)


def _denied_before(words: Sequence[str], at: int) -> bool:
    """`NO CARDHOLDER SIGNATURE`, over lines too; but not `PIN: NO`, which answers something else."""
    before = [one for one in words[:at] if one != "\n"]
    if before and _is(before[-1], "or"):
        del before[-2:]
    while before and _is(before[-1], "between", "needed"):
        before.pop()
    if not before or not _is(before[-1], "no", "needless"):
        return False
    return len(before) == 1 or before[-2] not in _ANSWERS


def _denied_behind(words: Sequence[str], at: int) -> bool:
    """`SIGNATURE NOT REQUIRED`, `SIGNATURE: NO`; but not `SIGNATURE`, and below it `NO REFUND`."""
    rest = words[at + 1 :]
    behind = _meaning(rest[2:] if rest and _is(rest[0], "or") else rest)
    first = next(behind, "")
    while _is(first, "needed"):
        first = next(behind, "")
    if _is(first, "needless"):
        return True
    then = next(behind, "") if _is(first, "no") else "-"
    return not then or then in _ENDS or _is(then, "needed")


def _meaning(words: Sequence[str]) -> Iterator[str]:
    """Yield words and what ends a sentence, without what only stands between.

    Up to the first word, signs and ends of lines mean nothing: `SIGNATURE:` and below it `NONE`.
    """
    begun = False
    for one in words:
        word = one[0].isalnum()
        if _is(one, "between") or not (word or (begun and one in _ENDS)):
            continue
        begun = begun or not _is(one, "needed")
        yield one


def _pin_verified(words: Sequence[str]) -> bool:
    told = [one for one in words if one[0].isalnum() and not _is(one, "between")]
    pairs = pairwise(told)
    return any("pin" in pair and _is(pair[pair[0] == "pin"], "verified") for pair in pairs)


def _is(word: str, *meanings: str) -> bool:
    return any(word in _vocabulary()[meaning] for meaning in meanings)


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    """Return the words of all languages, by what they mean."""
    languages = tomllib.loads(_WORDS.read_text("utf-8"))
    meanings = {meaning for one in languages.values() for meaning in one}
    return {
        meaning: frozenset(_folded(word) for one in languages.values() for word in one[meaning])
        for meaning in meanings
    }


def _folded(text: str) -> str:
    """Write a text without capitals, accents, and the second letter of an umlaut."""
    apart = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    plain = "".join(one for one in apart if not unicodedata.combining(one)).replace("ł", "l")
    return re.sub(r"(?<=[aou])e", "", plain)
