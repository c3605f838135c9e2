"""A client that is generated from the document asks for anything: always answered, never charged twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from support.api import DEADLINE_S, Served, eventually, serving
from support.installation import installed

from kiosk_tui.journal.reader import Reader
from kiosk_tui.remote.api.openapi import document

pytestmark = pytest.mark.journey

TOKEN = "0123456789abcdef"
STREAM = "/v1/events"
CONFORMS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with installed(tmp_path_factory.mktemp("api")) as shop:
        shop.configure(timeouts="answer_s = 10")
        token = shop.folder / "token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        with serving(shop, "--tcp", "127.0.0.1:0", "--token-file", str(token)) as running:
            yield running


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(document())
    found: list[Any] = [one.ok() for one in schema.get_all_operations()]  # type: ignore[union-attr]
    return [one for one in found if one.path != STREAM]


def cases(operation: Any) -> st.SearchStrategy[Any]:
    return st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )


def assert_charged_once(served: Served) -> int:
    """Each charge on the ledger is one transaction of the journal; return how many keys that has."""
    with served.connect() as api:
        eventually(lambda: api.get("/v1/status").body["running"] is None)
        eventually(lambda: api.get("/v1/status").body["due"] == [])
    reader = Reader(served.installed.journal)
    try:
        known = list(reader.transactions())
    finally:
        reader.close()
    keys = Counter(one.order.caller_reference for one in known)
    assert set(keys.values()) <= {1}
    charged = Counter(
        one.transaction_id for one in served.installed.simulator.ledger.movements if one.minor > 0
    )
    assert all(count == 1 for count in charged.values())
    assert charged.keys() <= {one.id for one in known}
    return len(keys)


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.label)
def test_every_request_is_answered_as_the_document_says(served: Served, operation: Any) -> None:
    @settings(
        max_examples=40,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation))
    def ask(case: Any) -> None:
        case.headers["Authorization"] = f"Bearer {TOKEN}"
        answer = case.call(base_url=f"http://127.0.0.1:{served.port}", timeout=DEADLINE_S)
        assert answer.status_code != 500, answer.text
        case.validate_response(answer, checks=CONFORMS)
        assert served.process.poll() is None

    ask()
    assert_charged_once(served)


KEYS = st.sampled_from([f"key-{number}" for number in range(6)])
ORDERS = st.fixed_dictionaries(
    {"amount": st.sampled_from(["1.00", "2.50", "80.51", "90.02"])},
    optional={
        "tip": st.sampled_from(["0.10", "0"]),
        "operation": st.sampled_from(["sale", "refund", "preauthorization"]),
        "receipt_number": st.text("0123456789", min_size=1, max_size=6),
        "original": st.just("123"),
    },
)


def test_few_keys_and_any_orders_charge_each_key_once(served: Served) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(key=KEYS, order=ORDERS, prefer=st.sampled_from(["", "respond-async", "wait=1"]))
    def ask(key: str, order: dict[str, str], prefer: str) -> None:
        with served.connect() as api:
            told = api.post("/v1/payments", order, key=key, prefer=prefer)
        assert told.status in (200, 201, 202, 409, 422, 503), told
        assert told.problem or told.body["caller_reference"] == key

    ask()
    assert assert_charged_once(served) > 3
