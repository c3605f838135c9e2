"""Head office is told of each signature that a fiscal signer gave: once, and never of what may be a card number."""

from __future__ import annotations

from pathlib import Path

from support.office_line import FakeOffice, talking
from support.shipping import Shop, shipper
from support.virtual import START, virtual_time

from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.fleet.wire import GivenSignature
from kiosk_tui.journal.register_events import RegisterEvent


def _sign(shop: Shop, one: Transaction, text: str = "Beleg 17\nKasse 1", code: str = "_R1") -> None:
    content = {"transaction": str(one.id), "number": 2, "text": text, "code": code}
    shop.store.append(RegisterEvent.SIGNED, START, content)


async def _told(shop: Shop, tmp_path: Path) -> tuple[list[GivenSignature], FakeOffice]:
    office = FakeOffice()
    async with talking(office, tmp_path) as line:
        assert await shipper(shop, line).settle() is None
    assert not office.gaps
    assert not any(one.gone for one in office.batches)
    return [one for batch in office.batches for one in batch.signatures], office


@virtual_time
async def test_a_signature_is_told_with_its_event_and_what_it_says(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    (one,) = shop.pay()
    _sign(shop, one)
    shop.pay()
    (told,), office = await _told(shop, tmp_path)
    assert (told.seq, told.transaction_id, told.number, told.at) == (3, one.id, 2, START)
    assert (told.text, told.code) == ("Beleg 17\nKasse 1", "_R1")
    assert len(office.events) == 4


@virtual_time
async def test_more_signatures_than_a_batch_holds_are_all_told(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    paid = shop.pay(50)
    for one in paid:
        _sign(shop, one)
    told, office = await _told(shop, tmp_path)
    assert [one.transaction_id for one in told] == [one.id for one in paid]
    assert len(office.events) == 100


@virtual_time
async def test_a_card_number_in_a_signer_s_text_or_code_never_leaves(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    first, second = shop.pay(2)
    _sign(shop, first, text="Karte 4111 1111 1111 1111")
    _sign(shop, second, code="_R1-4111111111111111_")
    told, office = await _told(shop, tmp_path)
    assert [(one.text, one.code) for one in told] == [("", "_R1"), ("Beleg 17\nKasse 1", "")]
    assert b"1111 1111" not in b"".join(office.heard)
    assert b"1111111" not in b"".join(office.heard)
