"""A line of JSON has one meaning, or none: what two programs would read differently is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.remote.sockets.objects import NotAnObjectError, TwiceError, read_object

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES))
def test_what_was_written_is_read_with_blanks_and_a_byte_order_mark(
    value: dict[str, object],
) -> None:
    line = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert read_object(line) == value
    assert read_object(b"\xef\xbb\xbf" + line + b"\r\n") == value


@given(st.text(min_size=1), VALUES, VALUES)
def test_a_name_that_stands_twice_is_refused_however_deep_it_stands(
    name: str, one: object, other: object
) -> None:
    key = json.dumps(name)
    doubled = f"{{{key}: {json.dumps(one)}, {key}: {json.dumps(other)}}}"
    for line in (doubled, f'{{"a": [1, {doubled}]}}', f'{{"a": {{"b": {doubled}}}}}'):
        with pytest.raises(
            TwiceError, match=r"stands twice in one object: send it once\.$"
        ) as told:
            read_object(line.encode())
        assert told.value.names == {name}
        assert str(told.value).isascii()


def test_two_spellings_of_one_name_are_the_same_name() -> None:
    with pytest.raises(TwiceError, match='"amount"') as told:
        read_object(rb'{"id": 7, "amount": "100.00", "am\u006funt": "1.00"}')
    assert told.value.rest == {"id": 7}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"{} {}",
        b"{}\0",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": "\n"}',
        b'{"a": "\0"}',
        b'{"a": "\xed\xa0\x80"}',  # half of a pair, in bytes
        b'{"a": "caf\xe9"}',
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-32-le"),
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(NotAnObjectError, match="is not JSON"):
        read_object(line)


@pytest.mark.parametrize("line", [b"[]", b"1", b"null", b'"{}"'])
def test_what_is_no_object_is_refused(line: bytes) -> None:
    with pytest.raises(NotAnObjectError, match="no object"):
        read_object(line)
