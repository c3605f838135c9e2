"""What a technician sees of the line: everything, but for secrets and cards; and nothing changes by it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from itertools import product

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import EUR, PLACE
from support.tecs import FAST, KEY, exchange

from kiosk_tui.domain.evidence import Answered, Visit
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.transaction import ExchangeKind, Order
from kiosk_tui.simulator import answers
from kiosk_tui.simulator.answers import CARD, EXPIRY
from kiosk_tui.simulator.faults import Fault
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.tecs import auth, evidence, models
from kiosk_tui.tecs.auth import Authorization, Secret
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, transport_to
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.messages import Dialect
from kiosk_tui.tecs.recorder import Recorder

ORDER = Order(Operation.SALE, Money(1255, EUR), PLACE)
LINE = Endpoint(url="", connect_s=2, hold_s=0.5, cancel_s=2, courtesy_s=2)
STATUS = evidence.asked(
    "POST",
    "https://tecs.example/makeTransaction",
    {"host": "tecs.example", "authorization": "Bearer s3cret-token", "cookie": "never shown"},
    {
        "message_type": "9043",
        "transaction_origin_identifier": "1",
        "transaction_id": "20261123140000000",
        "password": "pass",
        "card_number": f"{CARD}_{EXPIRY}",
    },
)


def _terminal(
    url: str, seen: list[Visit] | None, authorization: Authorization | None = None
) -> TecsTerminal:
    line = Endpoint(url, LINE.connect_s, LINE.hold_s, LINE.cancel_s, LINE.courtesy_s)
    below = transport_to(line)
    return TecsTerminal(
        line,
        Dialect(UTC, currency="EUR"),
        CodeTable(),
        authorization or auth.raw(KEY),
        below if seen is None else Recorder(below, CodeTable(), seen.append),
    )


def _answered(body: bytes, secrets: tuple[str, ...] = ()) -> Answered:
    return evidence.answered(200, body, None, request=STATUS, codes=CodeTable(), secrets=secrets)


# -- a request -------------------------------------------------------------------------------------


def test_a_request_is_shown_whole_but_for_its_secrets() -> None:
    assert STATUS.kind == "terminal status"
    assert dict(STATUS.headers) == {"Host": "tecs.example", "Authorization": "Bearer ***"}
    values = {one.name: one.value for one in STATUS.fields}
    assert values["transaction_id"] == "20261123140000000"
    assert values["password"] == "***"
    assert values["card_number"] == "411111******1111"
    assert next(one.meaning for one in STATUS.fields if one.name == "message_type")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("k3y", "***"), ("Basic dXNlcjpwYXNz", "Basic ***"), ("Bearer abc", "Bearer ***")],
)
def test_of_an_authorization_only_its_scheme_is_shown(value: str, shown: str) -> None:
    told = evidence.asked("GET", "https://tecs.example", {"authorization": value}, None)
    assert dict(told.headers) == {"Authorization": shown}


def test_an_address_is_shown_without_its_password() -> None:
    assert evidence.without_user("http://user:pass@proxy:3128/x") == "http://***@proxy:3128/x"
    assert evidence.without_user("http://proxy:3128") == "http://proxy:3128"
    assert evidence.without_user("http://[proxy") == "***"


# -- an answer -------------------------------------------------------------------------------------


def test_an_answer_is_explained_field_by_field_with_its_code_and_verdict() -> None:
    body = {"message_type": "0002", "response_code": "8014", "response_text": "BUSY"}
    told = _answered(json.dumps(body).encode())
    assert (told.code, told.meaning) == ("8014", "the terminal is busy")
    assert [one.name for one in told.fields] == list(body)
    assert all(one.meaning for one in told.fields)
    assert json.loads(told.text) == body


@pytest.mark.parametrize(
    ("kind", "code", "verdict"),
    [
        (("0001", "1"), "0000", "approved"),
        (("0001", "1"), "51", "declined"),
        (("0001", "1"), "4711", "unknown"),
        (("0013", "2"), "9011", "confirmed"),
        (("9043", "1"), "8018", ""),
    ],
)
def test_the_verdict_is_the_one_that_the_register_goes_by(
    kind: tuple[str, str], code: str, verdict: str
) -> None:
    fields = dict(
        zip(("message_type", "transaction_origin_identifier"), kind, strict=True), amount="1"
    )
    request = evidence.asked("POST", "https://tecs.example", {}, fields)
    body = json.dumps({"response_code": code}).encode()
    told = evidence.answered(200, body, None, request=request, codes=CodeTable(), secrets=())
    assert told.verdict == verdict
    assert told.meaning


def test_what_is_no_answer_is_shown_without_a_digit() -> None:
    told = _answered(b"<h1>502 Bad Gateway</h1> 4111 1111 1111 1111 12/27")
    assert told.text == "<h#>### Bad Gateway</h#> #### #### #### #### ##/##"
    assert told.fields == ()


def test_what_tecs_does_not_send_is_shown_without_a_digit() -> None:
    told = _answered(json.dumps({"cvc2": "123", "exp": "2712", "list": [4111], "9": "x"}).encode())
    assert {one.name: one.value for one in told.fields} == {
        "cvc2": "###",
        "exp": "####",
        "list": "[####]",
        "#": "x",
    }


@given(
    card=st.sampled_from([CARD, "5500005555555559", "378282246310005", "6011000990139424"]),
    expiry=st.sampled_from(["2712", "12/27"]),
    name=st.sampled_from(["card_number", "response_text", "receipt_footer", "ecr_data", "other"]),
    before=st.text(max_size=20),
    end=st.integers(0, 60),
)
def test_no_card_number_is_shown_wherever_it_stands(
    card: str, expiry: str, name: str, before: str, end: int
) -> None:
    whole = json.dumps({name: f"{card}_{expiry}", "response_code": "0"}).encode()
    for body in (whole, whole[: len(whole) - end], before.encode("utf-8", "replace") + whole):
        told = _answered(body)
        text = told.text + "".join(f"{one.name}{one.value}" for one in told.fields)
        assert card not in text
        assert card[:12] not in text
        assert f"_{expiry}" not in text


@given(st.binary(max_size=300))
def test_any_bytes_are_shown_somehow(body: bytes) -> None:
    assert len(_answered(body).text) <= evidence.LONGEST_TEXT


@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60),
    scheme=st.sampled_from(["", "Bearer ", "Basic "]),
    around=st.sampled_from(["{}", "x{}x", 'key="{}"']),
)
def test_a_key_that_comes_back_is_hidden_in_every_form(
    secret: str, scheme: str, around: str
) -> None:
    header = scheme + secret
    if scheme == "Basic ":
        header = scheme + base64.b64encode(f"user:{secret}".encode()).decode()
    secrets = tuple(evidence.secrets_of(header))
    echoed = around.format(secret) + header
    for body in (json.dumps({"response_text": echoed, "x": [echoed]}).encode(), echoed.encode()):
        told = _answered(body, secrets)
        text = told.text + "".join(one.value for one in told.fields)
        text = text.replace("***", "\0").replace("response_text", "\0")  # our own words
        assert secret not in text
        assert "".join("#" if one.isdigit() else one for one in secret) not in text


# -- the witness -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", list(Fault))
async def test_what_is_watched_ends_as_it_would_unwatched(fault: Fault) -> None:
    ended = []
    seen: list[Visit] = []
    for watching in (None, seen):
        simulator = Simulator(FAST)
        simulator.queue_fault(fault)
        async with served(simulator) as url:
            terminal = _terminal(url, watching)
            outcome = await terminal.pay(ORDER, exchange())
            await terminal.close()
        ended.append((type(outcome), getattr(outcome, "why", "")))
    assert ended[0] == ended[1]
    (visit,) = seen
    assert visit.asked.kind == "sale"
    assert (visit.answered is None) <= bool(visit.trouble)


async def test_the_steps_of_a_request_are_timed() -> None:
    seen: list[Visit] = []
    async with served(Simulator(FAST)) as url:
        terminal = _terminal(url, seen)
        await terminal.probe()
        await terminal.status(exchange(ExchangeKind.STATUS))
        await terminal.close()
    for visit in seen:
        times = visit.timings
        assert times.connect_s is not None
        assert times.first_byte_s is not None
        assert times.tls_s is None
        assert 0 < times.connect_s + times.first_byte_s <= times.whole_s
        assert visit.answered is not None
        assert visit.answered.server_time is not None
        assert abs((datetime.now(UTC) - visit.answered.server_time).total_seconds()) < 60


async def test_a_connection_that_is_not_made_is_seen_too() -> None:
    seen: list[Visit] = []
    terminal = _terminal("http://127.0.0.1:9/none", seen)
    await terminal.pay(ORDER, exchange())
    await terminal.close()
    assert seen[0].answered is None
    assert seen[0].trouble == "No connection to TECS could be made."


async def test_no_key_and_no_card_is_seen_by_the_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = answers.encode
    monkeypatch.setattr(answers, "encode", lambda told: plain(answers.card_data(told)))
    seen: list[Visit] = []
    key = Secret("k3y-that-must-not-leak")
    async with served(Simulator(FAST)) as url:
        for authorization in (auth.raw(key), auth.basic("user", key), auth.bearer(key)):
            terminal = _terminal(url, seen, authorization)
            await terminal.pay(ORDER, exchange())
            await terminal.close()
    assert len(seen) == 3
    for visit in seen:
        text = repr(visit)
        assert "411111******1111" in text
        assert CARD not in text
        assert CARD[:12] not in text
        assert EXPIRY not in text.replace(str(visit.at.year), "")
        assert key.reveal() not in text
        assert base64.b64encode(b"user:" + key.reveal().encode()).decode() not in text


async def test_evidence_that_cannot_be_made_costs_no_payment(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(evidence, "asked", broken)
    async with served(Simulator(FAST)) as url:
        terminal = _terminal(url, [])
        outcome = await terminal.pay(ORDER, exchange())
        await terminal.close()
    assert type(outcome).__name__ == "Approved"
    assert "the evidence of a request is lost" in caplog.text


async def test_an_answer_that_was_packed_is_shown_unpacked() -> None:
    import gzip  # noqa: PLC0415

    packed = gzip.compress(b'{"appName": "tecs", "version": "1"}')

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, content=packed)

    seen: list[Visit] = []
    below = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=Recorder(below, CodeTable(), seen.append)) as http:
        assert (await http.get("http://tecs.example/version")).json()["version"] == "1"
    assert seen[0].answered is not None
    assert seen[0].answered.field("version") == "1"


# -- read as the register reads --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'\xef\xbb\xbf{"response_code": "00 ", "merchant_name": "Stra\xc3\x9fe"}', ""),
        (b'{"response_code": 0, "merchant_name": "Stra\xdfe"}', ""),
        (b'{"response_code": "00", "merchant_name": "Stra\xdfe"}\0', "text/html; charset=utf-8"),
        ('{"response_code": "0", "merchant_name": "Straße"}'.encode("utf-16"), ""),
        (
            '{"response_code": "0", "merchant_name": "Straße"}'.encode("utf-16-be"),
            "x;charset=utf-16",
        ),
    ],
)
def test_what_the_register_can_read_a_technician_can_read(body: bytes, content_type: str) -> None:
    told = evidence.answered(
        200, body, None, request=STATUS, codes=CodeTable(), secrets=(), content_type=content_type
    )
    assert told.meaning == "approved, or done"
    assert told.field("merchant_name") == "Straße"


def test_a_value_that_the_register_does_not_take_is_shown_without_its_digits() -> None:
    told = _answered(b'{"response_code": "0.0", "stan": 42, "svc": {"a": [1, 2.50, null]}, "x": 7}')
    shown = {one.name: one.value for one in told.fields}
    assert shown == {
        "response_code": "#.#",
        "stan": "42",
        "svc": '{"a": [#, #.##, null]}',
        "x": "#",
    }


@pytest.mark.parametrize("depth", [9, 200, 100_000])
def test_any_depth_is_shown_somehow(depth: int) -> None:
    told = _answered(b'{"x": ' + b"[" * depth + b"]" * depth + b"}")
    assert len(told.text) <= evidence.LONGEST_TEXT


def test_a_screen_is_not_filled_by_what_a_peer_makes_up() -> None:
    body = json.dumps({f"x{count:06}": "y" * 300 for count in range(10_000)}).encode()
    told = _answered(body)
    assert len(told.fields) <= 200
    assert all(len(one.value) <= 200 for one in told.fields)


@pytest.mark.parametrize("sign", ["\n", "\v", "\u2028", "\x1b[2J", "\u202e"])
def test_a_value_is_shown_on_its_own_line(sign: str) -> None:
    for name in ("merchant_name", "version", "made_up"):
        told = _answered(json.dumps({name: f"A{sign}B"}).encode())
        assert told.field(name) in ("A B", "AB")


@pytest.mark.parametrize(
    ("charset", "between"),
    [
        *product(("utf-8", "utf-16", "latin-1"), ("", "\u200b", "\x1b[1m", "\0")),
        ("utf-16-le", ""),  # without a mark: not to be read, and still hidden
    ],
)
def test_a_key_that_comes_back_in_pieces_or_another_charset_is_hidden(
    charset: str, between: str
) -> None:
    secret = "k3y-that-must-not-leak"
    echoed = between.join((secret[:5], secret[5:]))
    for text in (json.dumps({"response_text": echoed}, ensure_ascii=False), f"<b>{echoed}"):
        told = _answered(text.encode(charset, "replace"), tuple(evidence.forms(secret)))
        assert "that-must-not" not in told.text.replace(" ", "")


def test_every_field_of_a_request_and_an_answer_is_explained() -> None:
    body = dict.fromkeys((*models.Response.model_fields, *models.Version.model_fields), "1")
    told = _answered(json.dumps(body).encode())
    assert all(one.meaning and one.meaning != "ignored" for one in told.fields)
    assert _answered(b'{"made_up": "x"}').fields[0].meaning == "ignored"
