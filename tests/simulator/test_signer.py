"""The simulated signer, as a program and as a service, asked as a register asks: what goes wrong is one sentence."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.fakes import Bench, order, ready, transaction
from support.virtual import START

from kiosk_tui.domain.fiscal import (
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
)
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.fiscal.command import CommandSigner
from kiosk_tui.fiscal.service import ServiceSigner
from kiosk_tui.payment.fiscal import FiscalSigner, SigningTerms
from kiosk_tui.simulator.signer import SimulatedSigner, service

OWED = OwedSignature(transaction(), 2, "APPROVED", "T1")


class Device:
    """The signer, the file of its faults, and what it has signed."""

    def __init__(self, folder: Path) -> None:
        self.ledger, self.faults = folder / "ledger", folder / "faults"
        self.signer: FiscalSigner = CommandSigner((), "")

    def fails(self, how: str) -> None:
        self.faults.write_text(how)

    @property
    def signed(self) -> list[str]:
        if not self.ledger.exists():
            return []
        return [json.loads(line)["key"] for line in self.ledger.read_text().splitlines()]


@pytest.fixture(params=["program", "service"])
async def device(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Device]:
    built = Device(tmp_path)
    if request.param == "program":
        words = (sys.executable, "-m", "kiosk_tui.simulator.signer", "--ledger", str(built.ledger))
        built.signer = CommandSigner((*words, "--faults", str(built.faults)), "museum-1")
        yield built
        return
    with service(SimulatedSigner(built.ledger, built.faults), 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        server.daemon_threads = True
        server.block_on_close = False
        built.signer = ServiceSigner(f"http://127.0.0.1:{server.server_address[1]}/", "museum-1")
        yield built
        server.shutdown()


async def test_it_begins_and_signs_and_the_same_key_gets_the_same_signature(device: Device) -> None:
    begun = await device.signer.begin(order(), START)
    assert isinstance(begun, SignerBegun)
    assert begun.token.startswith("T-2026")
    first, again = await device.signer.finish(OWED), await device.signer.finish(OWED)
    assert isinstance(first, Signature)
    assert first == again
    assert first.text.splitlines() == ["SIMULATED SIGNER", "APPROVED No. 1"]
    assert device.signed == [OWED.key]


@pytest.mark.parametrize("fault", ["dies", "garbage", "refuses", "forgets"])
async def test_what_goes_wrong_is_one_sentence(device: Device, fault: str) -> None:
    device.fails(fault)
    found = await device.signer.finish(OWED)
    assert isinstance(found, SignerUnavailable)
    assert "\n" not in found.why
    assert found.why.endswith(".")
    begun = await device.signer.begin(order(), START)
    kinds = {"refuses": SigningRefused, "forgets": SignerBegun}
    assert isinstance(begun, kinds.get(fault, SignerUnavailable))


async def test_one_that_thinks_for_an_hour_holds_nobody_up(device: Device, tmp_path: Path) -> None:
    device.fails("slow")
    bench: Bench = await ready(
        tmp_path, signer=device.signer, signing=SigningTerms(begin_s=0.5, finish_s=0.5, slip_s=0.2)
    )
    one = await bench.pay()
    assert one.state is State.APPROVED
    slip = await bench.register.signing.on_slip(one)
    assert slip is not None
    assert slip.signature is None


async def test_after_an_outage_it_signs_in_order_and_each_event_once(
    device: Device, tmp_path: Path
) -> None:
    bench: Bench = await ready(
        tmp_path, signer=device.signer, signing=SigningTerms(begin_s=30, finish_s=30, slip_s=60)
    )
    keys = []
    for fault in ("dies", "garbage", "forgets"):
        device.fails(fault)
        keys.append(f"{(await bench.pay()).id}-2")
        await bench.register.signing.catch_up()
    device.fails("")
    await bench.register.signing.catch_up()
    assert device.signed == keys
    backlog = await bench.register.signing.backlog()
    assert backlog is not None
    assert backlog.count == 0


async def test_a_service_that_is_not_there_or_says_too_much_is_one_sentence(tmp_path: Path) -> None:
    gone = await ServiceSigner("http://127.0.0.1:9/", "").finish(OWED)
    assert isinstance(gone, SignerUnavailable)
    assert "cannot be asked" in gone.why

    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        status = b"404 Not Found" if shouted else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n" + b"x" * 1_000_000)
        shouted.append(1)
        writer.close()

    shouted: list[int] = []
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    found = await ServiceSigner(url, "").finish(OWED)
    assert isinstance(found, SignerUnavailable)
    assert "longer than 16 kB" in found.why
    found = await ServiceSigner(url, "").finish(OWED)
    assert isinstance(found, SignerUnavailable)
    assert "HTTP 404" in found.why
    server.close()
