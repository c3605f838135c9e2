"""What a kiosk's fiscal signer gave, in the real head office: with its transaction, once, and gone with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from support.ingest import KIOSK, alarms, enrolled, office_line
from support.shipping import Shop, shipper
from support.virtual import START

from kiosk_tui.journal import outbox
from kiosk_tui.journal.register_events import RegisterEvent
from kiosk_tui.office.database import Pool
from kiosk_tui.office.queries.transaction_story import SignatureRow, transaction_story
from kiosk_tui.office.queries.transactions import find
from kiosk_tui.office.settings import KeepSection
from kiosk_tui.office.tidy import tidy


async def test_a_signature_is_shown_with_its_transaction_and_goes_with_it(
    pool: Pool, tmp_path: Path
) -> None:
    await enrolled(pool)
    shop = Shop(tmp_path)
    (one,) = shop.pay()
    told = {"transaction": str(one.id), "number": 2, "text": "Beleg 17", "code": "_R1"}
    shop.store.append(RegisterEvent.SIGNED, START, told)
    assert await shipper(shop, office_line(pool)).settle() is None
    outbox.tell_again(shop.path, [f"{START:%Y%m%d}"])
    assert await shipper(shop, office_line(pool)).settle() is None
    async with pool.acquire() as connection:
        (found,) = await find(connection, one.id, KIOSK)
        story = await transaction_story(connection, found)
    assert story.signatures == (SignatureRow(2, START, "Beleg 17", "_R1"),)
    assert await alarms(pool) == {}
    await pool.execute(
        "UPDATE kiosk_transaction SET begun_at = begun_at - $1::interval", timedelta(9999)
    )
    await tidy(pool, KeepSection())
    assert await pool.fetchval("SELECT count(*) FROM signature") == 0
