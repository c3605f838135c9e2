"""A signer that is a program, and everything that can be wrong with one."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from support.fakes import PLACE, order, transaction
from support.virtual import START

from kiosk_tui.domain.fiscal import (
    OwedSignature,
    Signature,
    SignerBegun,
    SignerUnavailable,
    SigningRefused,
)
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.fiscal import messages
from kiosk_tui.fiscal.command import CommandSigner

CARD = Answer("0", "APPROVED", fields={"card_number": "444433******1111"})
OWED = OwedSignature(transaction(answer=CARD), 2, "APPROVED", "T1")

_SIGNS = """
import json, sys
asked = json.load(sys.stdin)
if asked["request"] == "begin":
    print(json.dumps({"answer": "begun", "token": asked["sale"]["amount"]}))
else:
    print(json.dumps({"answer": "signed", "key": asked["key"], "text": "A\\u001b[2J\\nB", "code": "_R1"}))
"""


def _signer(program: str) -> CommandSigner:
    return CommandSigner((sys.executable, "-c", program), "museum-1")


async def test_it_begins_and_signs_and_steers_no_printer() -> None:
    signer = _signer(_SIGNS)
    assert await signer.begin(order(), START) == SignerBegun("12.55")
    assert await signer.finish(OWED) == Signature("A[2J\nB", "_R1")


async def test_it_may_refuse() -> None:
    signer = _signer("""print('{"answer": "refused", "why": "No day was opened."}')""")
    assert await signer.begin(order(), START) == SigningRefused("No day was opened.")


async def test_it_is_told_nothing_of_the_card_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_TUI_AUTH__KEY", "top-secret")
    told = tmp_path / "told"
    write = (
        f"import os,sys; open({str(told)!r},'w').write(sys.stdin.read() + str(dict(os.environ)))"
    )
    await _signer(write).finish(OWED)
    said = told.read_text()
    assert "4444" not in said
    assert "1111" not in said.replace(OWED.transaction.id, "")
    assert "top-secret" not in said
    asked = json.loads(said.splitlines()[0])
    assert asked["key"] == f"{OWED.transaction.id}-2"
    assert asked["token"] == "T1"
    assert asked["sale"]["terminal"] == PLACE.terminal


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit(3)", "ended with 3"),
        ("print('x' * 10_000_000)", "more than 16 kB"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')", "no UTF-8"),
        ("print('no')", "no JSON"),
        ("print('[' * 9000)", "no JSON"),
        ("print('[]')", "not as documented"),
        ("print('{}')", "not as documented"),
        ("", "no JSON"),
        ("""print('{"answer": "signed", "key": "1-2"}')""", "another key"),
    ],
)
async def test_a_bad_answer_is_one_sentence(program: str, why: str) -> None:
    found = await _signer(program).finish(OWED)
    assert isinstance(found, SignerUnavailable)
    assert why in found.why
    assert "\n" not in found.why


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("{}", "not as documented"),
        ("""{"answer": "begun", "token": "%s"}""" % ("€" * 1000), "longer than 1024 bytes"),
        ("x" * 20_000, "longer than 16 kB"),
    ],
)
def test_a_bad_answer_before_a_payment_is_one_sentence(answer: str, why: str) -> None:
    found = messages.read_begun(answer.encode())
    assert isinstance(found, SignerUnavailable)
    assert why in found.why


async def test_a_program_that_cannot_be_run_is_one_sentence(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    for program in (tmp_path / "nowhere", plain):
        found = await CommandSigner((str(program),), "").begin(order(), START)
        assert isinstance(found, SignerUnavailable)
        assert "cannot be run" in found.why


async def test_it_is_killed_with_all_that_it_started_when_nobody_waits(tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    # the child holds the pipe for as long as it lives
    program = f"""
import os, time
fd = os.open({str(pipe)!r}, os.O_WRONLY)
os.fork()
os.write(fd, b"x")
time.sleep(600)
"""
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    asking = asyncio.create_task(_signer(program).finish(OWED))
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()
    loop.add_reader(reader, heard.set)
    async with asyncio.timeout(30):
        await heard.wait()
    loop.remove_reader(reader)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    os.set_blocking(reader, True)
    async with asyncio.timeout(30):
        while await asyncio.to_thread(os.read, reader, 100):
            pass  # ends when the last writer is gone
    os.close(reader)
