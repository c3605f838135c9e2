"""The line's own machinery: it strikes where it says, its reader reads, its judge is awake."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.tecs.client import TecsTerminal
from proofs.line import before, nonsense, oddly, sabotage
from proofs.line.cases import Case, Result, Story, Tally, many
from proofs.line.certificates import Authority
from proofs.line.lane import Certificates, Road, lane
from proofs.line.leaving import request_bytes
from proofs.line.reading import deceives
from proofs.line.wire import ENDINGS, GARBLES, Kind, Stream, Strike, Way, garble

pytestmark = pytest.mark.journey

REQUEST = {"amount": "1255", "transaction_id": "20261123140000000", "cvc2": ""}
ANSWER = {"transaction_id": "20261123140000000", "response_code": "0", "message_type": "0002"}


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Authority(tmp_path).issue()


class TestTheWire:
    @pytest.mark.parametrize("offset", [0, 1, 4, 5, 9])
    def test_an_ending_lets_exactly_so_many_bytes_through(self, offset: int) -> None:
        let = bytearray()
        strike = Strike(Way.REQUEST, offset, Kind.CUT)
        stream = Stream(strike, let.extend)
        struck = [stream.feed(piece) for piece in (b"", b"01234", b"56789")]
        assert [one for one in struck if one] == [strike]
        assert bytes(stream.sent[:offset]) == b"0123456789"[:offset]
        assert let.startswith(b"0123456789"[:offset])

    @pytest.mark.parametrize("kind", GARBLES)
    def test_a_garble_changes_one_place_and_nothing_else(self, kind: Kind) -> None:
        for offset in range(10):
            let = bytearray()
            stream = Stream(Strike(Way.REQUEST, offset, kind, seed=3), let.extend)
            assert [bool(stream.feed(one)) for one in (b"01234", b"56789")].count(True) == 1
            assert let[:offset] == b"0123456789"[:offset]
            assert let.endswith(b"0123456789"[offset + 1 :])
            assert len(let) in {9, 10, 11}
            assert let != b"0123456789"

    def test_no_garble_is_the_byte_itself(self) -> None:
        for kind in GARBLES:
            for byte in range(256):
                assert garble(byte, Strike(Way.ANSWER, byte, kind, byte)) != bytes([byte])


class TestTheReader:
    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"amount": "1256"}, "amount"),
            ({"amount": "01255"}, ""),
            ({"cvc2": "1"}, ""),
            ({"transaction_id": "20261123140000001"}, "transaction_id"),
        ],
    )
    def test_calls_a_whole_request_with_other_money_a_deception(
        self, changed: dict[str, str], told: str
    ) -> None:
        assert deceives(_request(REQUEST), _request(REQUEST | changed), request=True) == told

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"response_code": "5"}, "response_code"),
            ({"response_code": "00"}, ""),
            ({"response_code": "x"}, ""),
            ({"transaction_id": "20261123140000001", "response_code": "5"}, ""),
            ({"message_type": "0001", "response_code": "5"}, ""),
        ],
    )
    def test_calls_another_code_for_the_same_transaction_a_deception(
        self, changed: dict[str, str], told: str
    ) -> None:
        assert deceives(_answer(ANSWER), _answer(ANSWER | changed), request=False) == told

    def test_excuses_nothing_that_is_not_whole(self) -> None:
        lied = _answer(ANSWER | {"response_code": "5"})
        assert deceives(_answer(ANSWER), lied[:-1], request=False) == ""
        assert deceives(_answer(ANSWER), lied.replace(b"200 OK", b"500 OK"), request=False) == ""
        twice = _answer(ANSWER).replace(b"}", b', "response_code": "5"}')
        assert deceives(_answer(ANSWER), twice, request=False) == ""
        other = _request(REQUEST | {"amount": "9"}).replace(b"/make", b"/fake")
        assert deceives(_request(REQUEST), other, request=True) == ""


def test_only_a_deception_excuses_a_loss() -> None:
    case = Case(Road.PLAIN, Story.APPROVED, Strike(Way.ANSWER, 3, Kind.BIT))
    tally = Tally()
    tally.add(Result(case, State.DECLINED, struck=True, deceived="response_code", wrong=["lost"]))
    assert tally.violations == []
    tally.add(Result(case, State.DECLINED, struck=True, deceived="", wrong=["lost"]))
    assert tally.violations == [f"lost (./prove --replay line:{case})"]


@pytest.mark.parametrize("road", Road)
async def test_on_each_road_a_strike_strikes_and_the_promise_is_kept(
    road: Road, tmp_path: Path, certificates: Certificates
) -> None:
    cases = [Case(road, Story.APPROVED, Strike(way, 30, kind)) for way in Way for kind in ENDINGS]
    results = await many(cases, tmp_path, certificates, lanes=4)
    assert all(one.struck for one in results)
    assert [one.wrong for one in results if one.wrong] == []


async def test_a_garbled_approval_is_a_loss_that_the_reader_explains(
    tmp_path: Path, certificates: Certificates
) -> None:
    """In plain, `0` may become `5`: the reason why plain is refused beyond this machine."""
    scratch = tmp_path / "measured"
    scratch.mkdir()
    async with lane(scratch, certificates) as one:
        one.wire.arm()
        await one.pay()
        answer = bytes(one.wire.passages[0].streams[Way.ANSWER].sent)
    code = answer.index(b'"response_code": "') + len(b'"response_code": "')
    cases = [
        Case(Road.PLAIN, Story.APPROVED, Strike(Way.ANSWER, code, Kind.BYTE, seed))
        for seed in range(8)
    ]
    results = await many(cases, tmp_path, certificates)
    lost = [one for one in results if one.wrong]
    assert {one.state for one in lost} == {State.DECLINED}
    assert {one.deceived for one in lost} == {"response_code"}


async def test_a_client_that_takes_a_cut_answer_for_a_decline_is_caught(
    tmp_path: Path, certificates: Certificates
) -> None:
    cases = [Case(Road.PLAIN, Story.APPROVED, Strike(Way.ANSWER, 100, Kind.CUT))]
    (spoilt,) = await many(cases, tmp_path, certificates, sabotage.CallsItDeclined)
    (sound,) = await many(cases, tmp_path, certificates)
    assert spoilt.wrong
    assert (sound.state, sound.wrong) == (State.CANCELLED, [])


async def test_a_payment_that_could_leave_too_late_is_caught_where_nobody_stops_it(
    tmp_path: Path, certificates: Certificates
) -> None:
    for kind, kept in ((TecsTerminal, True), (sabotage.LeavesLate, False)):
        row = await asyncio.to_thread(before.too_late, tmp_path, certificates, kind)
        assert (not row.violations) is kept


async def test_each_oddity_is_really_said(tmp_path: Path, certificates: Certificates) -> None:
    found = await oddly.oddities(tmp_path, certificates, names={"307", nonsense.DRIPPED})
    assert len(found) == 6
    spoilt = await oddly.oddities(tmp_path, certificates, sabotage.FollowsRedirects, {"307"})
    assert all(spoilt.values())


def test_a_handshake_is_no_request_and_a_record_after_it_is() -> None:
    hello, finished = b"\x16\x03\x01\x00\x05hello", b"\x17\x03\x03\x00\x35" + b"f" * 0x35
    alert, request = b"\x17\x03\x03\x00\x13" + b"a" * 0x13, b"\x17\x03\x03\x01\x00" + b"r" * 7
    assert request_bytes(hello + finished + alert, Road.TLS) == 0
    assert request_bytes(hello + finished + request, Road.TLS) == 7
    assert request_bytes(b"CONNECT x HTTP/1.1\r\n\r\n" + hello, Road.PROXY) == 0
    assert request_bytes(b"P", Road.PLAIN) == 1


def test_a_case_can_be_written_and_read() -> None:
    case = Case(Road.TLS, Story.CANCELLED, Strike(Way.REQUEST, 120, Kind.LOSE, 7))
    assert Case.read(str(case)) == case


def _request(fields: dict[str, str]) -> bytes:
    body = json.dumps(fields).encode()
    head = b"POST /tecsclientrest/makeTransaction HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


def _answer(fields: dict[str, str]) -> bytes:
    return nonsense.answer(json.dumps(fields).encode())
