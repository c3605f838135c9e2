"""The simulator's OpenAPI document says what it enforces, and its examples are what happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from support.browser import browser
from support.pages import PageReader

from kiosk_tui.openapi_page.page import page
from kiosk_tui.simulator import rules
from kiosk_tui.simulator.answers import ANSWER_FIELDS, CODES
from kiosk_tui.simulator.asgi import PREFIX, create_app
from kiosk_tui.simulator.examples import requests
from kiosk_tui.simulator.faults import TRIGGERS, Fault
from kiosk_tui.simulator.openapi import document
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import FIELDS, FORMS, BadRequestError, What, read
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator

DOCUMENT = asyncio.run(document(PREFIX))
MAKE = DOCUMENT["paths"]["/makeTransaction"]["post"]
SCHEMAS = DOCUMENT["components"]["schemas"]
ASKED = MAKE["requestBody"]["content"]["application/json"]
SOURCES = Path(rules.__file__).parent
_ANSWER_S = 20.0


def validator(schema: Mapping[str, Any]) -> OAS31Validator:
    return OAS31Validator({**schema, "components": DOCUMENT["components"]})


def answered(name: str) -> list[tuple[int, str, Any]]:
    """Return what the document says of a request's answer: status, type and content; or nothing."""
    return [
        (int(status), media_type, content["examples"][name]["value"])
        for status, response in MAKE["responses"].items()
        for media_type, content in response["content"].items()
        if name in content.get("examples", {})
    ]


async def at_once(_seconds: float) -> None:
    return None


# -- what it says ------------------------------------------------------------------------------------


def test_it_is_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_it_has_every_path_of_the_application_and_no_other() -> None:
    told = {
        (method.upper(), (item.get("servers") or DOCUMENT["servers"])[0]["url"].rstrip("/") + path)
        for path, item in DOCUMENT["paths"].items()
        for method in item.keys() - {"servers"}
    }
    routes = create_app(Simulator()).routes
    assert told == {
        (method, route.path)  # type: ignore[attr-defined]
        for route in routes
        for method in route.methods - {"HEAD"}  # type: ignore[attr-defined]
    }


class _Recorder(dict[str, Any]):
    """A request that remembers which of its fields were read."""

    seen: set[str]

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)


async def test_each_field_that_is_read_is_told_with_its_length_and_meaning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: set[str] = set()

    def recorded(raw: dict[str, str]) -> rules.ValidRequest:
        fields = _Recorder(raw)
        fields.seen = seen
        return read(fields)

    monkeypatch.setattr("kiosk_tui.simulator.tecs.read", recorded)
    tecs = Simulator(Options(card_s=0, host_s=0), sleep=at_once)
    for one in requests():
        await tecs.make_transaction(None, json.dumps(one.fields).encode())
    assert seen == SCHEMAS["Request"]["properties"].keys()
    for facts in SCHEMAS["Request"]["properties"].values():
        assert "maxLength" in facts
        assert re.search(r"\[(doc|api|sample|list|\?)\]", facts["description"])


def test_each_kind_of_request_has_its_schema_and_an_example_of_that_name() -> None:
    assert {
        SCHEMAS[one["$ref"].rpartition("/")[2]]["title"] for one in ASKED["schema"]["oneOf"]
    } == {*What}
    assert {*What, *(f"amount_{minor}" for minor in TRIGGERS)} == ASKED["examples"].keys()


def test_each_code_that_is_answered_is_told() -> None:
    found = {
        code
        for name in ("host.py", "tecs.py", "rules.py", "faults.py")
        for code in re.findall(
            r'(?:return |: |request, |decline=|[A-Z]", |BAD: Final = |_TYPE: Final = )"(\d+)"',
            (SOURCES / name).read_text(),
        )
    }
    assert {"0", "5", "13", "8014", "8999", "9006", "9019", "9033"} < found
    assert found - {"4711", "2026"} <= CODES.keys()  # a code that no list has, and a year
    assert {one["const"] for one in SCHEMAS["ResponseCode"]["anyOf"] if "const" in one} == {*CODES}
    assert all(one.meaning for one in CODES.values())


def test_options_and_faults_are_told_with_their_meanings() -> None:
    usual = Options()
    assert {name: facts["default"] for name, facts in SCHEMAS["Options"]["properties"].items()} == {
        name: getattr(usual, name) for name in usual.__slots__
    }
    assert all(facts["description"] for facts in SCHEMAS["Options"]["properties"].values())
    assert {*Fault} < {*SCHEMAS["Step"]["properties"]["fault"]["enum"]}


# -- it allows what is allowed, and nothing else --------------------------------------------------------

_TEXTS = st.one_of(
    st.text("0123456789", max_size=22),
    st.text("aZ9_€\n", max_size=41),
    st.sampled_from(
        [
            "",
            "0",
            "00",
            "EUR",
            "eur",
            "en",
            "EN",
            "TIP=1;",
            "TIP=;",
            "TIP=000;x",
            "88091105",
            "REF1",
        ]
    ),
    st.from_regex(r"\ATXID[0-9]{19,20}(_0[0-9]_[0-9A-Za-z]{8})?\Z"),
)
_EXAMPLES = {one.name: one.fields for one in requests()}


@given(
    st.sampled_from(sorted(What)),
    st.dictionaries(
        st.sampled_from(sorted(FIELDS)), st.none() | st.integers() | _TEXTS, max_size=3
    ),
    st.sets(st.sampled_from(sorted(FIELDS)), max_size=1),
)
@example(What.SALE_AND_TIP, {"ecr_data": None}, set())
@example(What.SALE, {}, {"ecr_data"})
@example(What.BALANCE, {"amount": "0"}, set())
@example(What.STATUS, {"amount": "", "currency": "", "language": ""}, set())
def test_the_schema_allows_what_the_simulator_takes(
    what: What, changes: dict[str, Any], left_out: set[str]
) -> None:
    fields = {
        name: value for name, value in (_EXAMPLES[what] | changes).items() if name not in left_out
    }
    if any(isinstance(value, str) and value.endswith("\n") for value in fields.values()):
        return  # where a line ends, `$` of Python is not that of the specification
    allowed = validator(ASKED["schema"]).is_valid(fields)
    if len(str(fields.get("payment_reason")).encode()) > 39:
        allowed = False  # bytes: said in words
    with contextlib.nullcontext() if allowed else pytest.raises(BadRequestError):
        read(dict(fields))


# -- its examples are what happens -----------------------------------------------------------------------


@pytest.fixture
async def base() -> AsyncIterator[str]:
    async with served(Simulator(Options(card_s=0, host_s=0), sleep=at_once)) as url:
        yield url


async def test_each_request_is_answered_as_it_says(base: str) -> None:
    """In their order, as somebody would try them."""
    played = set()
    async with httpx.AsyncClient(timeout=_ANSWER_S) as client:
        for name, one in ASKED["examples"].items():
            validator(ASKED["schema"]).validate(one["value"])
            asking = client.post(f"{base}/makeTransaction", json=one["value"])
            told = answered(name)
            if not told:
                await _no_whole_answer(asking, one["description"])
                continue
            ((status, media_type, shown),) = told
            reply = await asking
            assert (reply.status_code, reply.headers["content-type"].split(";")[0]) == (
                status,
                media_type,
            )
            schema = MAKE["responses"][str(status)]["content"][media_type]["schema"]
            if media_type == "text/html":
                assert reply.text == shown
                continue
            validator(schema).validate(reply.json())
            assert _timeless(reply.json()) == _timeless(shown)
            played.add(shown.get("response_code"))
    assert {"0", "5", "8003", "8004", "8014", "8015", "8018", "10", "4711", "9006"} < played


async def _no_whole_answer(asking: Any, described: str) -> None:
    if described.startswith("HTTP 200"):
        assert (await asking).content == b""
    elif described == "No answer comes.":
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asking, 0.5)
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            await asking


def _timeless(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "transaction_date_time"}


async def test_an_answer_has_no_field_that_is_not_told_and_none_that_is_longer() -> None:
    for name in What:
        ((_, _, shown),) = answered(name)
        assert shown.keys() <= ANSWER_FIELDS.keys()
        for field, value in shown.items():
            assert len(value) <= ANSWER_FIELDS[field].longest
    ((_, _, whole),) = answered(What.SALE)
    assert whole.keys() == ANSWER_FIELDS.keys()


def test_each_refusal_that_it_shows_can_happen() -> None:
    shown = MAKE["responses"]["400"]["content"]["application/json"]["examples"].values()
    found = {_refused(fields) for what in What for fields in _broken(_EXAMPLES[what])}
    told = {(one["value"]["response_code"], one["value"]["response_text"]) for one in shown}
    assert told <= found
    assert {code for code, _ in found} - {""} == {code for code, _ in told}


def _refused(fields: dict[str, str]) -> tuple[str, str]:
    try:
        read(fields)
    except BadRequestError as error:
        return error.code, str(error)
    return "", ""


def _broken(fields: dict[str, str]) -> list[dict[str, str]]:
    texts = ("", "x", "1", "0", "TIP=1", "9" * 41)
    left_out = [{one: fields[one] for one in fields if one != name} for name in fields]
    return left_out + [fields | {name: text} for name in fields for text in texts]


async def test_the_other_paths_take_their_examples(base: str) -> None:
    server = base.removesuffix(PREFIX)
    async with httpx.AsyncClient(timeout=_ANSWER_S) as client:
        sale = ASKED["examples"]["sale"]["value"]
        await client.post(f"{base}/makeTransaction", json=sale)
        for path, item in DOCUMENT["paths"].items():
            url = (base if "servers" not in item else server) + path
            for method, one in item.items():
                if method == "servers" or one is MAKE:
                    continue
                ((media_type, content),) = one["responses"]["200"]["content"].items()
                bodies: list[dict[str, Any]] = [{}]
                if "requestBody" in one:
                    ((kind, asked),) = one["requestBody"]["content"].items()
                    way = "json" if kind == "application/json" else "data"
                    for each in asked["examples"].values():
                        validator(asked["schema"]).validate(each["value"])
                    bodies = [{way: each["value"]} for each in asked["examples"].values()]
                for body in bodies:
                    reply = await client.request(method, url, **body)
                    assert reply.status_code == 200, (url, body, reply.text)
                    assert reply.headers["content-type"].split(";")[0] == media_type
                    if media_type == "application/json":
                        validator(content["schema"]).validate(reply.json())


@pytest.mark.parametrize("body", ["[]", "{}", '{"do": []}', '{"nonsense": 1}', "{"])
@pytest.mark.parametrize("path", ["next", "options", "card"])
async def test_a_control_that_is_none_is_refused(base: str, path: str, body: str) -> None:
    async with httpx.AsyncClient(timeout=_ANSWER_S) as client:
        url = urljoin(base, f"/control/{path}")
        reply = await client.post(url, content=body)
    if body == "{}" and path != "card":
        assert reply.status_code == 200  # nothing is changed
    else:
        assert reply.status_code == 400
        validator(SCHEMAS["Error"]).validate(reply.json())


# -- its page ------------------------------------------------------------------------------------------


def test_the_page_has_no_script_and_nothing_from_elsewhere() -> None:
    text = page(DOCUMENT).decode()
    assert PageReader(text).needs_nothing_but("/openapi.json", "/docs/page.css")
    assert "://" not in text


def test_the_page_shows_each_field_kind_code_amount_and_option() -> None:
    text = page(DOCUMENT).decode()
    for name in (*FIELDS, *ANSWER_FIELDS, *CODES, *Options.__slots__):
        assert f"<code>{name}</code>" in text
    for form in FORMS.values():
        assert re.split("[.`']", form.meaning)[0] in text
    for minor in TRIGGERS:
        assert f"<summary>Amount {minor / 100:.2f}: " in text
    assert text.count("<details>") >= len(ASKED["examples"])


async def test_the_page_is_served_beside_the_document(base: str) -> None:
    async with httpx.AsyncClient(base_url=urljoin(base, "/"), timeout=_ANSWER_S) as client:
        shown = await client.get("/docs")
        assert shown.content == page(DOCUMENT)
        assert shown.headers["content-security-policy"] == "default-src 'none'; style-src 'self'"
        assert (await client.get("/openapi.json")).json() == json.loads(json.dumps(DOCUMENT))
        assert "section" in (await client.get("/docs/page.css")).text
        assert 'href="/docs"' in (await client.get("/")).text


@pytest.mark.journey
@pytest.mark.skipif(shutil.which("chromedriver") is None, reason="apt install chromium-driver")
async def test_the_page_fits_on_a_phone(base: str, tmp_path: Path) -> None:
    def looked() -> int:
        with browser(tmp_path, phone=360) as phone:
            phone.open(urljoin(base, "/docs"))
            assert "payment_reasonAsByte" in phone.text()
            return phone.overflow()

    assert await asyncio.to_thread(looked) == 0


# -- its guide ------------------------------------------------------------------------------------------


@pytest.mark.journey
@pytest.mark.skipif(shutil.which("curl") is None, reason="apt install curl")
async def test_the_transcript_of_the_guide_is_what_happens(base: str, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text("utf-8")
    (shown,) = re.findall(r"^```console\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    typed = [one for one in shown.splitlines() if one.startswith(("$ ", "> "))]
    answers = [one for one in shown.splitlines() if one not in typed]
    script = "\n".join(one[2:] for one in typed).replace(
        "http://127.0.0.1:8700", urljoin(base, "/")[:-1]
    )
    done = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        script,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await done.communicate()
    assert output.decode().splitlines() == answers
