"""The language that the PIN pad shows."""

from __future__ import annotations

import re
from typing import Final, Self

from kiosk_tui.domain.identity import Canonical, IdentityError

_ISO_639_1: Final = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th
ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_CODES: Final = frozenset(_ISO_639_1.split())


class Language(Canonical):
    """The language that the PIN pad shows, ISO 639-1: `de` for `de`, `DE` and `de_AT`.

    Raises `IdentityError`.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if type(text) is cls:
            return text
        language = re.split(r"[-_.@]", text.strip(), maxsplit=1)[0].lower()
        if language not in _CODES:
            raise IdentityError(f"'{text}' is not a language: give two letters such as en.")
        return str.__new__(cls, language)


ENGLISH: Final = Language("en")
