"""Any bytes at any times: the reader never stumbles, never waits for ever, never types what is no text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk_tui.ui.keyboard.reader import KeyboardReader
from kiosk_tui.ui.keyboard.times import CUT_S
from kiosk_tui.ui.keyboard.tokens import Pasted, Press, Rush, Token
from proofs.terminals.playing import Pieces, ours

LIKELY = st.sampled_from(
    [
        *(bytes((byte,)) for byte in b"\x1b[]OPX^_NM<>?$;:0159~ucRtA\x07\\\r\n\x7f\x11 "),
        *(b"\x9b", b"\x9c", b"\x9d", b"\x90", b"\xc2", b"\xe2\x82", b"\x1b[200~", b"\x1b[201~"),
    ]
)
BYTES = st.lists(LIKELY | st.binary(max_size=3), max_size=20).map(b"".join)
PIECES = st.lists(
    st.tuples(BYTES, st.sampled_from([0.0, 0.02, 0.04, 0.1, 0.5, 3.0, 12.0])), max_size=8
)


@given(PIECES)
def test_any_bytes_are_read_and_no_character_is_invisible(pieces: Pieces) -> None:
    for one in ours(pieces):
        if isinstance(one, Press) and one.character not in (None, "\r", "\t", "\x7f", "\x1b"):
            assert one.key == one.character
            assert one.key.isprintable()
        if isinstance(one, Rush | Pasted):
            assert one.text.isprintable()


@given(PIECES)
def test_whatever_came_a_digit_arrives_once_everything_has_been_given_up(pieces: Pieces) -> None:
    told = list(ours([*pieces, (b"", 3 * CUT_S), (b"5", 1.0)]))
    assert told[-1] == Press("5", "5")


@given(BYTES, st.data())
def test_how_reads_cut_what_came_at_one_time_makes_no_difference(
    data: bytes, draw: st.DataObject
) -> None:
    place = draw.draw(st.integers(0, len(data)))
    assert list(ours([(data, 1.0)])) == list(ours([(data[:place], 0.0), (data[place:], 1.0)]))


@given(PIECES)
def test_the_reader_asks_to_be_woken_for_as_long_as_it_holds_something_back(pieces: Pieces) -> None:
    reader, now = KeyboardReader(), 0.0
    told: list[Token] = []
    for data, pause_s in pieces:
        told += reader.feed(data, now)
        assert reader.deadline is None or reader.deadline > now
        now += pause_s
    while (due := reader.deadline) is not None:
        now = max(now, due)
        told += reader.tick(now)
        later = reader.deadline
        assert later is None or later > now
    assert reader.tick(now + 1e6) == []
