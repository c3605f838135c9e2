"""Masking: at most the first six and last four digits of a card, no expiry, before anything else.

TECS's card_number comes as `PAN_YYMM`, `REF<ref>_<YYMM>_<last 4>_<first 6>` or a TXID. Receipt texts
are free, so what could be a card number in them is masked however it is set: in groups, between any
signs, after zeros, in another script's digits, with the expiry beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from kiosk_tui.domain.card_number import passes_luhn, plainly
from kiosk_tui.tecs.txid import PATTERN

_TXID = re.compile(PATTERN, re.ASCII)
_REFERENCE = re.compile(
    r"REF[0-9A-Za-z]*_[0-9]{4}_(?P<last>[0-9]{4})_(?P<first>[0-9]{6})", re.ASCII
)
# A card that the host has masked, in groups or not, behind its brand or not.
_MASKED = re.compile(
    r"(?P<shown>(?:[^\W\d_]+[ :.]{1,3}){0,3}(?P<first>(?:[0-9][ /-]?)*)"
    r"(?P<hidden>(?:[*xX#•●·∙\u2217\uff0a.?…][ /-]?){2,}|…[ ]?|[-_]{4,})(?P<last>[0-9]{0,4}))"
    r"(?P<behind>[_=^;,|/D].*|[ ]+[^\W\d].*|[ ]+[0-9]{1,4}[/.-][0-9]{2,4}|[ ?!)\]]+"
    r"|[ -]+(?P<moment>(?:0[1-9]|1[0-2])[2-5][0-9]|[2-5][0-9](?:0[1-9]|1[0-2])))?",
    re.DOTALL,
)
_HIDDEN = re.compile(r"[*xX#•●]{2,}")
# Long numbers of a slip that are no cards: references, application ids, cryptograms. Everything
# else that is made of numbers is looked through, with whatever signs stand between them.
_NUMBERS = re.compile(
    r"(?P<name>TXID(?=[0-9]{20})|AID(?=:? ?[0-9A-F]{10,32}\b)|AC(?=:? ?[0-9A-F]{16}\b))"
    r"(?P<value>:? ?[0-9A-F]+)"
    r"|[0-9]+(?:[^0-9A-Za-z]{1,8}[0-9]+)*",
    re.ASCII,
)
_NUMBER = re.compile(r"(?P<gap>[^0-9]*)(?P<digits>[0-9]+)", re.ASCII)
_MONTH, _YEAR = "(?:0[1-9]|1[0-2])", "(?:20)?[2-5][0-9]"
_MOMENT = rf"(?:{_MONTH}[ /.-]{{0,3}}{_YEAR}|{_YEAR}[ /.-]{{0,3}}{_MONTH})"
_EXPIRY = re.compile(
    r"(?P<word>\b(?:exp|valid|verfall|ablauf|g(?:ü|ue)ltig)[^\W\d_]*\W{0,3}"
    rf"(?:(?:bis|thru|date|dat\.?)\W{{0,3}})?)(?:{_MOMENT}|[0-9]{{2}} ?[/.-]? ?[0-9]{{2,4}})\b",
    re.IGNORECASE,
)
# Beside a masked card: the rest of its track, or its expiry without a word that says so.
_BESIDE = re.compile(
    r"(?:(?<=[*•][0-9]{4})|(?<=[*•][ -][0-9]{4})|(?<=##[0-9]{4})|(?<=##[ -][0-9]{4})"
    r"|(?<=[xX]{4}[0-9]{4})|(?<=[xX]{4}[ -][0-9]{4})|(?<=\*{6}))"
    rf"(?:[_=^D/][0-9A-Za-z=^/]*|(?P<gap>[^0-9A-Za-z]{{1,8}}){_MOMENT}(?![0-9]|[/.-][0-9]))"
    rf"|(?<![0-9])(?<![0-9][/.-]){_MOMENT}(?=[^0-9A-Za-z]{{1,8}}[0-9]{{0,6}}\*{{6}})",
    re.ASCII,
)
_SHORTEST_PAN = 12
_SHORTEST_IN_TEXT = 13
_USUAL_PAN = 16
_SOLID = re.compile(r"[0-9]{12,}", re.ASCII)
_LONGEST_PAN = 19
_STARS = "*" * 6
_MOST_FIRST = 6
_LONGEST_MASKED = 40
_SHAPES = frozenset({(4, 6, 5), (4, 6, 4)})
"""How cards are grouped, beside in groups of the same length."""

_Part = tuple[str, str]
"""The signs before a number, and its digits."""


def mask_card(value: str) -> str:
    """Mask the card_number field: whatever its form, no more than first six and last four."""
    value = plainly(value).strip()
    reference = _TXID.fullmatch(value)
    if reference is not None:
        return value if looks_like_id(reference["digits"]) else ""
    masked = _MASKED.fullmatch(value)
    if masked is not None:
        return _as_the_host_masked_it(masked)
    parts = _REFERENCE.fullmatch(value)
    if parts is not None:
        return _masked(parts["first"] + parts["last"])
    number = re.split(r"[_=^]", value, maxsplit=1)[0]
    if _HIDDEN.search(number):
        return _STARS  # masked in a way that leaves open which digits these are
    solid = _SOLID.search(number)
    digits = re.sub(r"[^0-9]", "", number) if solid is None else solid[0]
    # one that is too long ends in something else, such as an expiry whose separator got lost
    usual = digits == number and _SHORTEST_PAN <= len(digits) <= _USUAL_PAN
    if usual or looks_like_pan(digits):
        return _masked(digits)
    return _STARS if digits else ""


def _as_the_host_masked_it(masked: re.Match[str]) -> str:
    """Keep what a masked number shows, and nothing of what stands behind it."""
    first = re.sub(r"[^0-9]", "", masked["first"])
    places = len(re.sub(r"[ /-]", "", masked["shown"]))
    if not (first or masked["last"]) or (masked["moment"] and places < _SHORTEST_IN_TEXT):
        # four more digits behind a short number may be its own last ones
        return _STARS if first or masked["last"] else ""
    if len(first) <= _MOST_FIRST and len(masked["shown"]) <= _LONGEST_MASKED:
        return masked["shown"]
    return f"{first[:_MOST_FIRST]}{_STARS}{masked['last']}"


def mask_text(text: str, known_ids: Collection[str] = ()) -> str:
    """Mask every card number in free text; `known_ids` are transaction ids, which are no secret."""
    text = plainly(text)
    text = _REFERENCE.sub(lambda found: _masked(found["first"] + found["last"]), text)
    text = _EXPIRY.sub(lambda found: found["word"] + "**/**", text)
    known = {one.lstrip("0") for one in known_ids if one}

    def hide(found: re.Match[str]) -> str:
        if found["name"] is None:
            return _without_cards(found[0], known)
        digits = re.sub(r"[^0-9]", "", found["value"])
        shown = looks_like_id if found["name"] == "TXID" else _no_pan
        return found[0] if shown(digits) else found["name"] + _STARS

    return _BESIDE.sub(lambda found: (found["gap"] or "") + "**", _NUMBERS.sub(hide, text))


def looks_like_id(text: str) -> bool:
    """Say whether digits are a transaction id: those begin with a date, which no card does."""
    digits = text.isascii() and text.isdigit()
    return digits and (text.lstrip("0").startswith("20") or _no_pan(text))


def looks_like_pan(text: str) -> bool:
    """Say whether somebody typed a card number where a reference belongs."""
    digits = re.sub(r"[ -]", "", re.split(r"[_=^]", text, maxsplit=1)[0])
    return (
        digits.isascii()
        and digits.isdigit()
        and _SHORTEST_PAN <= len(digits) <= _LONGEST_PAN
        and passes_luhn(digits)
    )


def _without_cards(run: str, known: Collection[str]) -> str:
    """Mask the card numbers in a run of numbers with signs between them."""
    parts = [(found["gap"], found["digits"]) for found in _NUMBER.finditer(run)]
    shown, at = "", 0
    for start, end, sure in _cards(parts, known):
        shown += "".join(gap + _shown(digits, known) for gap, digits in parts[at:start])
        digits = "".join(digits for _, digits in parts[start:end]).lstrip("0")
        shown += parts[start][0] + (_masked(digits) if sure else _STARS)
        at = end
    return shown + "".join(gap + _shown(digits, known) for gap, digits in parts[at:])


def _shown(digits: str, known: Collection[str]) -> str:
    """Hide a long number that is nothing we know: it may hold a card and more."""
    short = len(digits) < _SHORTEST_IN_TEXT
    # No card begins with 000: this is an application id, or a padded transaction id.
    return digits if short or digits.startswith("000") or digits.lstrip("0") in known else _STARS


def _cards(parts: list[_Part], known: Collection[str]) -> list[tuple[int, int, bool]]:
    """Return from where to where card numbers stand; False where it is not clear which digits."""
    found: list[tuple[int, int, bool]] = []
    for start in range(len(parts)):
        for end in range(start + 1, min(start + _LONGEST_PAN, len(parts)) + 1):
            if parts[end - 1][1].lstrip("0") in known:
                break
            if not _is_card(parts[start:end]):
                continue
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]), False)
            else:
                found.append((start, end, True))
    return found


def _is_card(parts: list[_Part]) -> bool:
    whole = "".join(digits for _, digits in parts).lstrip("0")
    if len(whole) < _SHORTEST_IN_TEXT or not looks_like_pan(whole):
        return False
    if not parts[0][1].strip("0"):
        return False
    lengths = tuple(len(digits) for _, digits in parts)
    even = len(set(lengths[:-1])) == 1 and lengths[-1] <= lengths[0]
    return (
        lengths in _SHAPES
        or (even and (len(lengths) > 2 or lengths[0] == lengths[-1]))  # noqa: PLR2004 - any two
        or all(gap in (" ", "-") for gap, _ in parts[1:])
    )


def _no_pan(digits: str) -> bool:
    return not looks_like_pan(digits.lstrip("0"))


def _masked(digits: str) -> str:
    return f"{digits[:6]}{_STARS}{digits[-4:]}"
