"""Any file and any environment is a configuration, or one sentence: never a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk_tui.config.faults import ConfigError
from kiosk_tui.config.load import Loaded, load
from kiosk_tui.config.models import fields
from kiosk_tui.config.template import template

LONGEST_SENTENCE = 700
KEYS = [tuple(key.split(".")) for key, _ in fields()]
GOOD = {"terminal": {"url": '"https://test.tecs.at/x"', "number": '"88091105"'}}
ODD = (
    *("true", "false", "nan", "-inf", "1979-05-27", "07:32:00", "[]", "{}", "1e400", "''"),
    *('"https://[::1"', '"http://["', '"https://a:99999999"', '"51"', '"8100-8199"', '"../x"'),
    *("9" * 400, "9" * 5000, "[" * 2000, '"\\u0000"', '"\\u007f"', f'"{"x" * 3000}"'),
)


def _loaded(content: bytes, environment: dict[str, str]) -> Loaded | None:
    """Return the configuration, or None when it was refused with one good sentence."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        Path(file.name).write_bytes(content)
        try:
            return load(Path(file.name), environment)
        except ConfigError as error:
            sentence = str(error)
            assert sentence.strip()
            assert sentence.isprintable(), sentence  # one line
            assert len(sentence) < LONGEST_SENTENCE
            return None


def _toml(sections: dict[str, dict[str, str]]) -> bytes:
    lines = []
    for section, keys in sections.items():
        lines += [f"[{section}]", *(f"{key} = {value}" for key, value in keys.items())]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


quoted = st.text(st.characters(codec="utf-8"), max_size=30).map(
    lambda text: '"' + "".join(f"\\U{ord(one):08x}" for one in text) + '"'
)
scalars = st.one_of(
    quoted,
    st.integers().map(str),
    st.floats().map(repr),
    st.sampled_from(ODD),
)
values = scalars | st.lists(scalars, max_size=3).map(lambda found: f"[{', '.join(found)}]")


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"x = " + b"[" * 3000)
@example(b"x = " + b"9" * 5000)
@example(b'[kiosk]\n"a\\nb" = 1')
def test_any_bytes_are_a_configuration_or_one_sentence(content: bytes) -> None:
    _loaded(content, {})


@given(st.lists(st.tuples(st.sampled_from(KEYS), values), max_size=4))
def test_any_value_at_any_key_is_taken_or_told_in_one_sentence(
    changes: list[tuple[tuple[str, str], str]],
) -> None:
    sections = {name: dict(keys) for name, keys in GOOD.items()}
    for (section, key), value in changes:
        sections.setdefault(section, {})[key] = value
    loaded = _loaded(_toml(sections), {})
    if loaded is not None:
        again = _loaded(template(loaded.config).encode(), {})
        assert again is not None
        assert loaded.config == again.config


@given(
    st.dictionaries(
        st.sampled_from(KEYS).map(lambda key: f"KIOSK_TUI_{key[0]}__{key[1]}".upper())
        | st.text(max_size=20).map(lambda text: f"KIOSK_TUI_{text}"),
        st.text(max_size=30) | st.sampled_from(["[" * 3000, "[" + "9" * 5000 + "]", "{", "\udcff"]),
        max_size=3,
    )
)
def test_any_environment_over_a_good_file_is_taken_or_told_in_one_sentence(
    environment: dict[str, str],
) -> None:
    _loaded(_toml(GOOD), {name: text.replace("\0", "") for name, text in environment.items()})


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("terminal", "proxy", '"http://["'),
        ("terminal", "proxy", '"http://"'),
        ("terminal", "proxy", '"http://a:port"'),
        ("auth", "key_file", '"a\\u0000b"'),
        ("auth", "client_secret_file", '"\\u0000"'),
        ("terminal", "ca_file", '"\\u0000"'),
        ("journal", "path", '"\\u0000"'),
        ("terminal", "receipt_layout", '"\\u0007"'),
        ("tip", "percent", f"[{'9' * 5000}]"),
        ("kiosk", "idle_s", "9" * 400),
        ("kiosk", "languages", "[" * 3000),
    ],
)
def test_what_no_program_could_use_is_told_with_its_key(section: str, key: str, value: str) -> None:
    sections: dict[str, dict[str, Any]] = {name: dict(keys) for name, keys in GOOD.items()}
    sections.setdefault(section, {})[key] = value
    assert _loaded(_toml(sections), {}) is None


def test_a_long_value_is_not_quoted_for_ever() -> None:
    error = ConfigError(f"terminal.url: '{'x' * 9000}' is not a URL. Example: url = \"https://a\"")
    assert len(str(error)) < LONGEST_SENTENCE
    assert str(error).startswith("terminal.url: 'xxx")
    assert str(error).endswith('is not a URL. Example: url = "https://a"')
