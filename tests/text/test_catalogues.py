"""Every text is translated into every language, with its placeholders, in characters that are safe."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kiosk_tui.text.glyphs import ASCII, LETTERS
from kiosk_tui.text.texts import language_of, spoken
from kiosk_tui.text.translations import CATALOGUES, NAMES, Texts, speak, texts_in

ROOT = Path(__file__).parents[2]
OTHERS = [name for name in NAMES if name != "en"]


def _texts(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return [str(one) for one in strings]


def _ids(message: Message) -> list[str]:
    return [str(one) for one in message.id] if isinstance(message.id, tuple) else [str(message.id)]


def _catalogue(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def _messages(language: str) -> list[Message]:
    return [one for one in _catalogue(language) if one.id]


def test_every_text_of_the_code_is_in_the_template() -> None:
    found = {
        message
        for _, _, message, _, _ in extract_from_dir(
            ROOT / "kiosk_tui", method_map=[("**.py", "python")]
        )
    }
    with (CATALOGUES / "kiosk_tui.pot").open("rb") as file:
        template = {one.id for one in read_po(file) if one.id}
    assert found == template, "run scripts/texts"


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_and_no_guess(language: str) -> None:
    with (CATALOGUES / "kiosk_tui.pot").open("rb") as file:
        template = {one.id for one in read_po(file) if one.id}
    messages = _messages(language)
    assert {one.id for one in messages} == template
    plurals = _catalogue(language).num_plurals
    for one in messages:
        assert not one.fuzzy, one.id
        assert all(_texts(one)), one.id
        if isinstance(one.id, tuple):
            assert len(_texts(one)) == plurals, one.id


_KEYS = {
    "[Enter]": {"fr": "[Entrée]", "it": "[Invio]", "es": "[Intro]"},
    "[Down]": {
        "cs": "[Dolů]",
        "de": "[Unten]",
        "es": "[Abajo]",
        "fr": "[Bas]",
        "it": "[Giù]",
        "nl": "[Omlaag]",
        "pl": "[W dół]",
    },
}


def _named(key: str, language: str) -> str:
    """Return a key's name in a country; Backspace is an arrow everywhere."""
    return _KEYS.get(key, {}).get(language, key)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_placeholders_keys_and_safe_characters(language: str) -> None:
    safe = ASCII | set(LETTERS[language])
    for one in _messages(language):
        holders = set(re.findall(r"{\w*}", _ids(one)[0]))
        key = re.match(r"\[[^\]]+\]", _ids(one)[0])
        for text in _texts(one):
            assert set(re.findall(r"{\w*}", text)) == holders, text
            assert set(text) <= safe, (text, set(text) - safe)
            assert key is None or text.startswith(_named(key[0], language)), text
            assert text == text.strip(), text


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_shipped_was_compiled_from_what_was_translated(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue(language))
    with (CATALOGUES / f"{language}.mo").open("rb") as file:
        shipped = gettext.GNUTranslations(file)
    fresh = gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))
    for one in _messages(language):
        first, *more = _ids(one)
        if more:
            for count in (0, 1, 2, 5, 22):
                told = shipped.ngettext(first, more[0], count)
                assert told == fresh.ngettext(first, more[0], count)
        else:
            assert shipped.gettext(first) == fresh.gettext(first), "run scripts/texts"


def test_plurals_are_the_languages_own() -> None:
    counted = [one for one in _messages("pl") if isinstance(one.id, tuple)]
    assert counted
    for one in counted:
        single, plural = _ids(one)
        told = [texts_in("pl").ngettext(single, plural, count) for count in (1, 3, 5, 22)]
        first, few, many = _texts(one)
        assert told == [first, few, many, few]


def test_a_locale_speaks_its_language_and_an_unknown_one_english() -> None:
    assert language_of("de_AT") == "de"
    speak("de_AT")
    assert spoken() == "de"
    assert texts_in("de_AT").gettext("Approved") == "Genehmigt"
    speak("en")
    assert Texts("hu").gettext("Approved") == "Approved"
