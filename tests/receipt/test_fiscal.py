"""What a signer wants on a slip stands there, at every width, and its code can be read from the paper."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from support.printer import network_printer
from support.showcase import DONE

from kiosk_tui.domain.fiscal import Signature, SlipSignature
from kiosk_tui.domain.slip import Printed
from kiosk_tui.receipt import printed_code
from kiosk_tui.receipt.escpos import Device, EscPos
from kiosk_tui.receipt.lines import Paper
from kiosk_tui.receipt.receipts import Receipts, Style
from kiosk_tui.receipt.slip import COLUMNS, slip

CODE = "_R1-AT0_CASH-1_17_2026-11-23T14:01:02_12,55_0,00_0,00_0,00_0,00_" + "kS9/" * 40
SIGNED = SlipSignature(Signature("Kasse CASH-1\nBeleg 17", CODE))


@pytest.mark.parametrize("columns", COLUMNS)
def test_it_stands_on_the_slip_at_every_width(columns: int) -> None:
    lines = slip(DONE, Paper(columns), fiscal=SIGNED)
    assert max(map(len, lines)) <= columns
    assert "Beleg 17" in lines
    assert CODE in "".join(line.strip() for line in lines)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (SlipSignature(), "The fiscal signature is pending."),
        (SlipSignature(out_of_order=True), "The fiscal signer is out of order."),
        (SlipSignature(out_of_order=True, mark="SE ausgefallen"), "SE ausgefallen"),
    ],
)
def test_a_slip_without_its_signature_is_marked(found: SlipSignature, words: str) -> None:
    lines = slip(DONE, Paper(48), fiscal=found)
    assert words in " ".join(line.strip() for line in lines)


def test_where_nothing_is_signed_nothing_is_said() -> None:
    assert slip(DONE, Paper(42), fiscal=None) == slip(DONE, Paper(42))
    assert "fiscal" not in "\n".join(slip(DONE, Paper(42))).lower()


def _read(raster: bytes) -> list[str]:
    row = int.from_bytes(raster[4:6], "little")
    dots = b""
    while raster:
        rows = int.from_bytes(raster[6:8], "little")
        dots += raster[8 : 8 + row * rows]
        raster = raster[8 + row * rows :]
    size = (row * 8, len(dots) // row)
    picture = Image.frombytes("1", size, bytes(0xFF ^ one for one in dots)).convert("L")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("dots", [384, 512, 576])
@pytest.mark.parametrize("code", ["A", CODE, "x" * 900])
def test_a_printed_code_can_be_read(code: str, dots: int) -> None:
    assert _read(printed_code.raster(code, dots)) == [code]


async def test_a_printer_draws_the_code_and_writes_none_of_it() -> None:
    with network_printer() as printer:
        receipts = Receipts(EscPos(Device(printer.url)), Style())

        async def signed(_one: object) -> SlipSignature:
            return SIGNED

        receipts.signature_of = signed
        assert await receipts.print(DONE) == Printed()
        async with asyncio.timeout(10):
            while b"\x1dV" not in printer.received:
                await asyncio.sleep(0.01)
    start = printer.received.index(b"\x1dv0\x00")
    raster = printed_code.raster(CODE, 384)
    assert printer.received[start : start + len(raster)] == raster
    assert CODE[:20] not in printer.text
    assert "Beleg 17" in printer.text


async def test_a_code_that_is_too_long_to_draw_is_written() -> None:
    long = replace(SIGNED, signature=Signature("", "y" * 3000))
    with network_printer() as printer:
        lines = slip(DONE, Paper(42), fiscal=long)
        assert await EscPos(Device(printer.url)).print("1", lines) == Printed()
        async with asyncio.timeout(10):
            while b"\x1dV" not in printer.received:
                await asyncio.sleep(0.01)
    assert printer.text.count("y") >= 3000
