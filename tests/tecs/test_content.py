"""Bodies that were packed for the way: unpacked within a bound, or unreadable, wherever one is read."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import order
from support.tecs import KEY, exchange, transaction

from kiosk_tui.domain.evidence import Visit
from kiosk_tui.domain.outcome import Approved, CancelVerdict, OutcomeUnknown, TerminalState
from kiosk_tui.tecs import auth
from kiosk_tui.tecs.auth import NoTokenError
from kiosk_tui.tecs.client import Endpoint, TecsTerminal, new_http, oauth_fetch
from kiosk_tui.tecs.codes import CodeTable
from kiosk_tui.tecs.content import MOST_BYTES, unpacked
from kiosk_tui.tecs.inspection import Inspector
from kiosk_tui.tecs.messages import Dialect
from kiosk_tui.tecs.reading import UnreadableError
from kiosk_tui.tecs.recorder import Recorder

LINE = Endpoint("https://tecs.example/tecsclientrest", connect_s=5, hold_s=5, cancel_s=5)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": _raw_deflate,
    "identity": bytes,
    "": bytes,
}
BOMB = gzip.compress(bytes(48 * 1024 * 1024))
BOMBS = {
    "gzip": BOMB,
    "gzip, gzip": gzip.compress(BOMB),
    "deflate": zlib.compress(bytes(48 * 1024 * 1024)),
    "deflate, gzip": gzip.compress(_raw_deflate(bytes(48 * 1024 * 1024))),
    "gzip, gzip, gzip, gzip": gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"{}")))),
}
STRANGE = {
    "br": b"\x8b\x01\x80{}\x03",
    "zstd": b"(\xb5/\xfd",
    "compress": b"\x1f\x9d",
    "gzip, br": gzip.compress(b"{}"),
    "x" * 3000: b"{}",
}


@contextmanager
def _within_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * MOST_BYTES


class _Host(httpx.AsyncBaseTransport):
    """Answers every request with an approval of it, packed in some way; or with these bytes."""

    def __init__(self, encoding: str, body: bytes | None = None) -> None:
        self.encoding, self.body = encoding, body
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        body = self.body
        if body is None:
            fields = json.loads(request.content)
            told = {"transaction_id": fields["transaction_id"], "response_code": "0"}
            body = PACKED[self.encoding](json.dumps(told).encode())
        headers = {"Content-Encoding": self.encoding, "Set-Cookie": "a=b; Path=/"}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))


def _terminal(host: httpx.AsyncBaseTransport) -> TecsTerminal:
    return TecsTerminal(LINE, Dialect(UTC, currency="EUR"), CodeTable(), auth.raw(KEY), host)


@pytest.mark.parametrize("encoding", PACKED)
async def test_an_answer_counts_however_it_was_packed(encoding: str) -> None:
    tecs = _terminal(_Host(encoding))
    assert isinstance(await tecs.pay(order(), exchange()), Approved)
    await tecs.close()


@given(
    st.binary(max_size=300),
    st.lists(st.sampled_from([one for one in PACKED if one]), max_size=3),
    st.sampled_from([", ", ",", " , "]),
)
def test_what_was_packed_comes_out_as_it_went_in(
    data: bytes, encodings: list[str], gap: str
) -> None:
    body = data
    for encoding in encodings:
        body = PACKED[encoding](body)
    assert unpacked(body, gap.join(encodings)) == data


def test_a_gzip_stream_may_be_several_and_be_padded() -> None:
    body = gzip.compress(b'{"a": ') + gzip.compress(b"1}") + b"\0\0 \n"
    assert unpacked(body, "gzip") == b'{"a": 1}'


DAMAGED = {
    "many": gzip.compress(b"{}") * 17,
    "with more behind it": gzip.compress(b"{}") + b"x",
    **{
        f"{cut} bytes short": gzip.compress(b'{"response_code": "0"}')[:-cut]
        for cut in (1, 8, 9, 20)
    },
    "a wrong sum": gzip.compress(b"{}")[:-8] + bytes(8),
    "a beginning": b"\x1f\x8b",
    "nonsense": b"nonsense",
}


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED)
def test_a_packed_body_that_is_cut_or_damaged_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        unpacked(body, "gzip")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_body_that_somebody_has_unpacked_is_read_as_it_is(encoding: str) -> None:
    assert unpacked(b' {"a": 1}', encoding) == b' {"a": 1}'
    assert unpacked(b"", encoding) == b""


@pytest.mark.parametrize("encoding", BOMBS)
def test_what_becomes_too_large_is_unreadable_before_it_is_large(encoding: str) -> None:
    with _within_memory(), pytest.raises(UnreadableError):
        unpacked(BOMBS[encoding], encoding)


def test_a_body_may_be_as_long_as_the_bound_and_no_longer() -> None:
    for encoding in ("gzip", "deflate"):
        packed = PACKED[encoding]
        assert len(unpacked(packed(bytes(MOST_BYTES)), encoding)) == MOST_BYTES
        with pytest.raises(UnreadableError):
            unpacked(packed(bytes(MOST_BYTES + 1)), encoding)


@pytest.mark.parametrize("encoding", [*BOMBS, *STRANGE])
async def test_no_body_of_that_kind_is_an_answer_and_its_cancellation_stays_due(
    encoding: str,
) -> None:
    host = _Host(encoding, (BOMBS | STRANGE)[encoding])
    tecs, sent = _terminal(host), exchange()
    with _within_memory():
        outcome = await tecs.pay(order(), sent)
        cancelled = await tecs.cancel(transaction(order(), sent), exchange())
        status = await tecs.status(exchange())
    await tecs.close()
    assert isinstance(outcome, OutcomeUnknown)
    assert outcome.why.startswith("What came back (HTTP status 200) is packed") or (
        outcome.why == "What came back (HTTP status 200) is longer than any answer."
    )
    assert cancelled.verdict is CancelVerdict.UNANSWERED
    assert status.state is TerminalState.UNKNOWN
    assert len(host.asked) == 3


@pytest.mark.parametrize("encoding", [*BOMBS, *STRANGE])
async def test_no_body_of_that_kind_is_a_token(encoding: str) -> None:
    http = new_http(LINE, _Host(encoding, (BOMBS | STRANGE)[encoding]))
    fetch = oauth_fetch(http, "https://login.example/token", dict)
    with _within_memory(), pytest.raises(NoTokenError):
        await fetch()
    await http.aclose()


@pytest.mark.parametrize("encoding", [*BOMBS, *STRANGE])
async def test_no_body_of_that_kind_weighs_on_who_watches_the_line(encoding: str) -> None:
    seen: list[Visit] = []
    host = _Host(encoding, (BOMBS | STRANGE)[encoding])
    tecs = _terminal(Recorder(host, CodeTable(), seen.append))
    look = Inspector(LINE, CodeTable(), seen.append, mounted=lambda: host)
    with _within_memory():
        await tecs.pay(order(), exchange())
        await look.version()
    await tecs.close()
    assert len(seen) == 2
    assert all(one.answered is not None and not one.answered.code for one in seen)


async def test_only_what_is_read_is_offered_and_no_cookie_is_kept_or_sent() -> None:
    host = _Host("gzip")
    tecs = _terminal(host)
    for _ in range(2):
        await tecs.pay(order(), exchange())
    await tecs.close()
    assert [one.headers["Accept-Encoding"] for one in host.asked] == ["gzip, deflate"] * 2
    assert all("Cookie" not in one.headers for one in host.asked)


async def test_a_refusal_whose_body_cannot_be_read_still_renews_the_token() -> None:
    given_out = iter(["first", "second"])

    async def fetch() -> auth.Token:
        return auth.Token(auth.Secret(next(given_out)), None)

    class Refusing(_Host):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.headers["Authorization"] == "Bearer first":
                stream = httpx.ByteStream(b"?")
                return httpx.Response(401, headers={"Content-Encoding": "br"}, stream=stream)
            return await super().handle_async_request(request)

    tecs = TecsTerminal(
        LINE, Dialect(UTC, currency="EUR"), CodeTable(), auth.OAuth(fetch), Refusing("gzip")
    )
    cancelled = await tecs.cancel(transaction(order(), exchange()), exchange())
    await tecs.close()
    assert cancelled.verdict is CancelVerdict.CONFIRMED
