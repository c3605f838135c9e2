"""The simulator itself: a judge must be above suspicion."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk_tui.simulator.faults import TRIGGERS, Behaviour, Fault
from kiosk_tui.simulator.ledger import EntryKind, Status
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.rules import FIELDS, KINDS, What
from kiosk_tui.simulator.scenario import ScriptError, load_scenario
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator
from kiosk_tui.simulator.terminal import Customer

FAST = Options(card_s=0, host_s=0)
_KEYS = {what: key for key, what in KINDS.items()}


def request(what: What, number: int, **changes: str) -> dict[str, str]:
    kind, identifier, indicator = _KEYS[what]
    fields = dict.fromkeys(FIELDS, "") | {
        "message_type": kind,
        "transaction_origin_identifier": identifier,
        "transaction_origin_indicator": indicator,
        "amount": "1000",
        "currency": "EUR",
        "language": "en",
        "terminal_number": "88091105",
        "transaction_source_id": "1",
        "transaction_date_time": "20261123150000",
        "transaction_id": str(number),
    }
    if what is What.SALE_AND_TIP:
        fields["ecr_data"] = "TIP=100;"
    if what is What.MOTO:
        fields["card_number"] = "REF1"
    return fields | changes


def txid(number: int, *, long: bool = False) -> str:
    return f"TXID{number:020d}" + ("_01_88091105" if long else "")


async def ask(simulator: Simulator, fields: dict[str, str], key: str = "k") -> tuple[int, Any]:
    reply = await simulator.make_transaction(key, json.dumps(fields).encode())
    try:
        return reply.status, json.loads(reply.body)
    except ValueError:
        return reply.status, None


async def code(simulator: Simulator, fields: dict[str, str]) -> str:
    _, told = await ask(simulator, fields)
    return str(told["response_code"])


async def test_each_operation_is_booked_as_what_it_is() -> None:
    tecs = Simulator(FAST)
    for number, what in enumerate(
        (What.SALE, What.SALE_AND_TIP, What.MOTO, What.PREAUTHORIZATION, What.REFUND), 1
    ):
        assert await code(tecs, request(what, number)) == "0"
    nets = [tecs.ledger.net_minor(str(number)) for number in range(1, 6)]
    assert nets == [1000, 1100, 1000, 0, -1000]


async def test_a_completion_charges_and_its_cancellation_gives_the_hold_back() -> None:
    tecs = Simulator(FAST)
    await ask(tecs, request(What.PREAUTHORIZATION, 1))
    over = request(What.COMPLETION, 2, card_number=txid(1), amount="1001")
    assert await code(tecs, over) == "9021"
    assert await code(tecs, request(What.COMPLETION, 3, card_number=txid(1), amount="900")) == "0"
    assert await code(tecs, request(What.COMPLETION, 4, card_number=txid(1), amount="50")) == "9028"
    assert await code(tecs, request(What.CANCELLATION, 5, card_number=txid(3), amount="900")) == "0"
    assert tecs.ledger.net_minor("3") == 0
    assert await code(tecs, request(What.COMPLETION, 6, card_number=txid(1))) == "0"


async def test_refunds_never_pay_back_more_than_was_paid() -> None:
    tecs = Simulator(FAST)
    await ask(tecs, request(What.SALE, 1))
    answers = [
        await code(
            tecs, request(What.REFERENCED_REFUND, n, card_number=txid(1, long=True), amount=amount)
        )
        for n, amount in ((2, "600"), (3, "600"), (4, "400"), (5, "1"))
    ]
    assert answers == ["0", "9021", "0", "9028"]
    assert await code(tecs, request(What.CANCELLATION, 6, card_number=txid(1))) == "9023"


async def test_cancellations_are_answered_by_what_the_original_is() -> None:
    tecs = Simulator(FAST)
    await ask(tecs, request(What.SALE, 1))
    tecs.queue(Behaviour(decline="51"))
    await ask(tecs, request(What.SALE, 2))
    await ask(tecs, request(What.REFUND, 3))
    asked = [
        (request(What.CANCELLATION, 10, card_number=txid(1), terminal_number="11460019"), "9027"),
        (request(What.CANCELLATION, 11, card_number=txid(1), amount="999"), "13"),
        (request(What.CANCELLATION, 12, card_number=txid(1)), "0"),
        (request(What.CANCELLATION, 13, card_number=txid(1)), "9011"),
        (request(What.CANCELLATION, 14, card_number=txid(2)), "9033"),
        (request(What.CANCELLATION, 15, card_number=txid(3)), "9031"),
        (request(What.CANCELLATION, 16, card_number=txid(99)), "9027"),
    ]
    for fields, expected in asked:
        assert await code(tecs, fields) == expected


async def test_a_late_charge_lands_after_its_cancellation_was_not_found() -> None:
    tecs = Simulator(FAST)
    tecs.queue_fault(Fault.LATE_CHARGE)
    await ask(tecs, request(What.SALE, 1))
    assert tecs.ledger.net_minor("1") == 0
    assert await code(tecs, request(What.CANCELLATION, 2, card_number=txid(1))) == "9027"
    assert tecs.ledger.net_minor("1") == 1000
    assert await code(tecs, request(What.CANCELLATION, 3, card_number=txid(1))) == "0"
    assert tecs.ledger.net_minor("1") == 0


@pytest.mark.parametrize(
    ("changes", "options", "expected"),
    [
        ({}, {"cleared": True}, "9023"),
        ({}, {"second_cancellation": "9033"}, "0"),
        ({}, {"terminals": ("11460019",)}, "9014"),
        ({"transaction_id": "1"}, {}, "9006"),
        ({}, {"clock_skew_s": 60.0}, "9096"),
    ],
)
async def test_what_is_left_open_is_an_option(
    changes: dict[str, str], options: dict[str, Any], expected: str
) -> None:
    tecs = Simulator(FAST, now=lambda: datetime(2026, 11, 23, 15, 0, 0))  # noqa: DTZ001
    await ask(tecs, request(What.SALE, 1))
    tecs.set_options(**options)
    fields = request(What.CANCELLATION, 2, card_number=txid(1)) | changes
    if "clock_skew_s" in options:
        fields["transaction_date_time"] = "20261123150102"
    assert await code(tecs, fields) == expected


async def test_more_options() -> None:
    tecs = Simulator(
        replace(FAST, abort_enabled=False, status_enabled=False, duplicate="second_flow")
    )
    assert await code(tecs, request(What.ABORT, 1)) == "8002"
    assert await code(tecs, request(What.STATUS, 2)) == "8002"
    await ask(tecs, request(What.SALE, 3))
    await ask(tecs, request(What.SALE, 3))
    assert [one.minor for one in tecs.ledger.movements] == [1000, 1000]  # charged twice
    tecs.set_options(too_late="9018", cancel_refund=True, partial_refund=False)
    late = request(What.REFERENCED_REFUND, 4, card_number=txid(3, long=True))
    assert await code(tecs, late) == "9018"
    await ask(tecs, request(What.REFUND, 5))
    assert await code(tecs, request(What.CANCELLATION, 6, card_number=txid(5))) == "0"
    with pytest.raises(TypeError):
        tecs.set_options(nonsense=1)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "12.50"},
        {"amount": "1" * 12},
        {"amount": "0"},
        {"currency": "eur"},
        {"language": "deu"},
        {"terminal_number": "1234567"},
        {"transaction_id": "abc"},
        {"transaction_id": "1" * 21},
        {"transaction_date_time": "now"},
        {"payment_reason": "ä" * 20},
        {"card_number": "4111111111111111"},
        {"message_type": "0005"},
        {"transaction_origin_identifier": "9"},
    ],
)
async def test_a_request_that_breaks_a_rule_is_answered_400_and_books_nothing(
    change: dict[str, str],
) -> None:
    tecs = Simulator(FAST)
    status, told = await ask(tecs, request(What.SALE, 1) | change)
    assert status == 400
    assert told["response_text"]
    assert tecs.ledger.requests == []


async def test_one_card_flow_at_a_time() -> None:
    tecs = Simulator(replace(FAST, card_s=0.2))
    first = asyncio.create_task(ask(tecs, request(What.SALE, 1)))
    await asyncio.sleep(0.05)
    assert await code(tecs, request(What.SALE, 2)) == "8014"
    assert await code(tecs, request(What.STATUS, 3)) == "8019"
    assert await code(tecs, request(What.CANCELLATION, 4, card_number=txid(1))) == "9027"
    await first
    assert await code(tecs, request(What.STATUS, 5)) == "8018"


@pytest.mark.parametrize("minor", [minor for minor, (one, _) in TRIGGERS.items() if one.decline])
async def test_an_amount_that_declines_declines(minor: int) -> None:
    tecs = Simulator(FAST)
    expected = TRIGGERS[minor][0].decline
    assert await code(tecs, request(What.SALE, 1, amount=str(minor))) == expected
    assert tecs.ledger.movements == []


steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                What.SALE,
                What.SALE_AND_TIP,
                What.PREAUTHORIZATION,
                What.COMPLETION,
                What.REFERENCED_REFUND,
                What.REFUND,
                What.CANCELLATION,
            ]
        ),
        st.integers(1, 8),
        st.integers(1, 1200),
        st.none() | st.sampled_from([one for one in Fault if "hang" not in one and one != "slow"]),
    ),
    max_size=25,
)


@example([(What.COMPLETION, 2, 1, Fault.LATE_CHARGE), *[(What.CANCELLATION, 1, 1, None)] * 2])
@example([(What.COMPLETION, 1, 1, Fault.LATE_CHARGE), *[(What.CANCELLATION, 1, 1, None)] * 2])
@given(steps)
def test_money_is_conserved_whatever_is_asked(
    todo: list[tuple[What, int, int, Fault | None]],
) -> None:
    async def main() -> None:
        tecs = Simulator(FAST)
        for number, (what, original, amount, fault) in enumerate(todo, 1):
            long = what is What.REFERENCED_REFUND
            refers = what in (What.COMPLETION, What.CANCELLATION, What.REFERENCED_REFUND)
            changes = {"card_number": txid(original, long=long)} if refers else {}
            known = tecs.ledger.entry(str(original))
            if what is What.CANCELLATION and known:
                amount = known.amount_minor  # noqa: PLW2901
            if fault is not None and what is not What.CANCELLATION:
                tecs.queue_fault(fault)
            await ask(tecs, request(what, number, amount=str(amount), **changes))
        for entry in tecs.ledger.entries.values():
            net = tecs.ledger.net_minor(entry.transaction_id)
            if entry.status is not Status.APPROVED or entry.kind is EntryKind.HOLD:
                assert net == 0
            else:
                assert abs(net) == entry.total_minor
            assert 0 <= entry.refunded_minor <= entry.total_minor
            assert 0 <= entry.completed_minor <= entry.total_minor

    asyncio.run(main())


class TestScenario:
    def test_steps_are_used_once_by_the_first_request_that_fits(self, tmp_path: Path) -> None:
        path = tmp_path / "s.toml"
        path.write_text(
            '[[step]]\nwhat = "refund"\nfault = "cut"\n'
            '[[step]]\ncustomer = "cancels"\nafter_s = 1\n[[step]]\ndecline = 51\n'
        )
        scenario = load_scenario(path)
        first = scenario.take(What.SALE)
        assert first is not None
        assert first.customer is Customer.CANCELS
        second = scenario.take(What.REFUND)
        assert second is not None
        assert second.fault is Fault.CUT
        third = scenario.take(What.SALE)
        assert third is not None
        assert third.decline == "51"
        assert scenario.take(What.SALE) is None

    @pytest.mark.parametrize(
        "text",
        [
            "[[step]",
            "x = 1",
            "step = 5",
            "[[step]]\nfault = 'x'",
            "[[step]]\nwhat = 'x'",
            "[[step]]\nfalt = 'cut'",
        ],
    )
    def test_a_file_that_cannot_be_played_is_told(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "s.toml"
        path.write_text(text)
        with pytest.raises(ScriptError):
            load_scenario(path)
        with pytest.raises(ScriptError, match="cannot be read"):
            load_scenario(tmp_path / "none.toml")


@asynccontextmanager
async def _control() -> AsyncIterator[tuple[Simulator, httpx.AsyncClient]]:
    tecs = Simulator(replace(FAST, card_s=1000))
    async with served(tecs) as url, httpx.AsyncClient(base_url=url.rsplit("/", 1)[0]) as http:
        yield tecs, http


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"card_s": "soon"}, "The option card_s takes a number: nothing was changed."),
        ({"card_s": True}, "card_s takes a number"),
        ({"abort_works": 1}, "abort_works takes true or false"),
        ({"token_lifetime_s": 1.5}, "token_lifetime_s takes a whole number or null"),
        ({"terminals": "88091105"}, "terminals takes a list of texts or null"),
        ({"terminals": [88091105]}, "terminals takes a list of texts or null"),
        ({"card_form": "xyz"}, 'card_form takes "ref" or "pan" or "txid"'),
        ({"too_late": 9018}, "too_late takes a text or null"),
        ({"no_card": None}, "no_card takes a text"),
        ({"nonsense": 1}, "There is no option nonsense."),
    ],
)
async def test_an_option_of_another_type_is_told_and_changes_nothing(
    change: dict[str, object], told: str
) -> None:
    async with _control() as (tecs, http):
        before = tecs.options
        refused = await http.post("/control/options", json={"host_s": 7, **change})
        assert refused.status_code == 400
        assert told in refused.json()["error"]
        assert tecs.options == before
        assert (await http.post("/control/options", content='{"card_s": NaN}')).status_code == 400
        good = {"card_s": 1, "terminals": ["88091105"], "too_late": None, "card_form": "pan"}
        assert (await http.post("/control/options", json=good)).status_code == 200
        assert tecs.options.terminals == ("88091105",)


async def test_the_control_pages_show_and_change_what_happens() -> None:
    async with _control() as (tecs, http):
        assert (await http.post("/control/next", json={"decline": "51"})).json() == {"queued": True}
        assert (await http.post("/control/next", json={"fault": "x"})).status_code == 400
        assert (await http.post("/control/options", json={"x": 1})).status_code == 400
        assert (await http.post("/control/card", json={"do": "x"})).status_code == 400
        paying = asyncio.create_task(ask(tecs, request(What.SALE, 1)))
        while (await http.get("/control/state")).json()["terminal"] != "waiting_for_card":
            await asyncio.sleep(0.01)
        assert (await http.post("/control/card", json={"do": "present"})).json() == {"done": True}
        _, told = await paying
        assert told["response_code"] == "51"
        ledger = (await http.get("/control/ledger")).json()
        assert ledger["entries"][0]["net_minor"] == 0
        page = (await http.get("/")).text
        assert "90.01" in page


async def test_a_gratuity_is_a_charge_of_its_own_on_an_earlier_one() -> None:
    tecs = Simulator(FAST)
    await ask(tecs, request(What.SALE, 1))
    await ask(tecs, request(What.PREAUTHORIZATION, 2))
    answers = [
        await code(tecs, request(What.GRATUITY, n, card_number=txid(of), amount="150", **more))
        for n, of, more in (
            (3, 1, {}),
            (4, 2, {}),
            (5, 9, {}),
            (6, 1, {"terminal_number": "11460019"}),
        )
    ]
    assert answers == ["0", "9033", "9027", "9027"]
    assert (tecs.ledger.net_minor("1"), tecs.ledger.net_minor("3")) == (1000, 150)
    assert await code(tecs, request(What.CANCELLATION, 7, card_number=txid(3), amount="150")) == "0"
    assert (tecs.ledger.net_minor("1"), tecs.ledger.net_minor("3")) == (1000, 0)
