"""POS software may spell an earlier transaction as it likes, and overrides no limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.installation import installed
from support.pos import Connection, Served, sale, serving

pytestmark = pytest.mark.journey


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with installed(tmp_path) as shop, serving(shop) as running:
        yield running


def _spellings(one: str) -> tuple[dict[str, str], ...]:
    return (
        {"original": one.zfill(20)},
        {"original": f"TXID{one.zfill(20)}", "original_source_id": "01"},
        {"original": f"TXID{one.zfill(20)}_01_88091105"},
        {"original": f"{one[-9:-6]} {one[-6:-3]} {one[-3:]}", "original_terminal": "88091105"},
        {"original": one[-9:], "original_source_id": "1"},
    )


def _ended(pos: Connection, **order: str) -> dict[str, Any]:
    pos.send(do="pay", **order)
    return dict(pos.until(final=True)["transaction"])


def test_refunds_never_exceed_their_sale_and_a_repeat_is_one_in_every_spelling(
    served: Served,
) -> None:
    with served.connect() as pos:
        sold = _ended(pos, **{k: v for k, v in sale("s").items() if k != "do"})
        back = {"operation": "referenced_refund", "caller_reference": "r ", "amount": "12.00"}
        first = _ended(pos, **back, **_spellings(sold["id"])[0])
        for number, spelled in enumerate(_spellings(sold["id"])):
            again = pos.ask(do="pay", **back | {"caller_reference": " r"}, **spelled)
            assert again["transaction"]["id"] == first["id"]
            more = {"operation": "referenced_refund", "amount": "0.56"}
            refused = pos.ask(do="pay", caller_reference=f"m{number}", **more, **spelled)
            assert (refused["answer"], refused["refusal"]) == ("refused", "invalid")
            assert "0.56 is more than the 0.55" in refused["why"]
    ledger = served.installed.simulator.ledger
    assert ledger.net_minor(sold["id"]) + ledger.net_minor(first["id"]) == 55


def test_it_is_looked_up_and_cancelled_by_every_name(served: Served) -> None:
    with served.connect() as pos:
        sold = _ended(pos, **{k: v for k, v in sale("s").items() if k != "do"})
        for spelled in _spellings(sold["id"]):
            for name in ("transaction_id", "reference"):
                (found,) = pos.ask(do="look_up", **{name: spelled["original"]})["transactions"]
                assert found["id"] == sold["id"]
            own = {"operation": "cancellation", "amount": "3.00", "caller_reference": "c"}
            refused = pos.ask(do="pay", **own, **spelled)
            assert "is this register's own" in refused["why"]
        pos.send(do="cancel", reference=_spellings(sold["id"])[3]["original"])
        assert pos.until(final=True)["transaction"]["state"] == "CANCELLED"
    assert served.installed.simulator.ledger.net_minor(sold["id"]) == 0


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"amount": "5000.00"}, "more than the largest amount"),
        ({"amount": "5.00", "tip": "50.00"}, "A tip of 50.00 EUR is more than 5.00"),
        ({"amount": "5.00", "language": "xx"}, "'xx' is not a language"),
        ({"amount": "5.00", "operation": "moto", "card_reference": "abc"}, "begins with REF"),
        ({"amount": "5.00", "reason": "4111 1111 1111 1111"}, "holds a card number"),
        ({"amount": "5.00", "caller_reference": "4111111111111111"}, "holds a card number"),
        ({"amount": "5000.00", "override_limits": True}, "more than the largest amount"),
    ],
)
def test_what_is_beyond_the_limits_is_refused_and_nothing_is_sent(
    served: Served, order: dict[str, Any], why: str
) -> None:
    with served.connect() as pos:
        refused = pos.ask(**sale("s") | order)
        assert (refused["answer"], refused["refusal"]) == ("refused", "invalid")
        assert why in refused["why"]
    assert served.installed.simulator.ledger.requests == []
