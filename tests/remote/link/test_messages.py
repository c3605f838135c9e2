"""Messages of the link: what is written is read back the same; anything else is refused, never guessed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from remote.link.test_picture import ONE, VIEW

from kiosk_tui.remote.link.client import LinkError, take_over, watch
from kiosk_tui.remote.link.protocol import (
    Denial,
    Do,
    LinkRequest,
    MessageError,
    RegisterView,
    TakeoverAnswer,
    link_socket,
    read,
    write,
)
from kiosk_tui.remote.sockets.places import listening

TOLD = json.loads(write(VIEW))


@pytest.mark.parametrize(
    "message",
    [
        VIEW,
        LinkRequest(Do.TAKE_OVER, "me", "4711"),
        TakeoverAnswer(granted=False, why=Denial.PIN),
        TakeoverAnswer(granted=True, why=None),
        ONE,
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_message_comes_over_whole(message: RegisterView | LinkRequest) -> None:
    assert read(type(message), write(message)) == message


def test_a_pin_is_in_no_log() -> None:
    assert "4711" not in repr(LinkRequest(Do.TAKE_OVER, "me", "4711"))


@given(st.binary(max_size=200))
def test_any_other_line_is_refused(line: bytes) -> None:
    with pytest.raises(MessageError):
        read(RegisterView, line)


@pytest.mark.parametrize(
    "told",
    [
        '"age_s": 7.2, "age_s": 1',
        '"age_s": NaN',
        '"age_s": 1e999',
        '"age_s": "3"',
        '"due_count": 1e999',
        '"due_count": true',
        '"open": 1',
        '"why": null',
        '"last": {}',
        '"last": [{}]',
        '"due_totals": {"EUR": 1}',
        '"holder": null',
    ],
)
def test_what_two_programs_would_read_differently_is_refused(told: str) -> None:
    name = told.partition(":")[0].strip('"')
    others = json.dumps({one: value for one, value in TOLD.items() if one != name})
    with pytest.raises(MessageError):
        read(RegisterView, f"{{{told}, {others[1:]}".encode())


@pytest.mark.parametrize("missing", sorted(TOLD))
def test_what_lacks_something_is_refused(missing: str) -> None:
    told = {name: value for name, value in TOLD.items() if name != missing}
    with pytest.raises(MessageError):
        read(RegisterView, json.dumps(told).encode())


def test_a_name_that_is_new_is_passed_over() -> None:
    assert read(RegisterView, json.dumps(TOLD | {"new": 1}).encode()) == VIEW


@contextlib.asynccontextmanager
async def another(journal: Path, greeting: bytes) -> AsyncIterator[None]:
    """Hold the register as a program that greets otherwise."""
    loop = asyncio.get_running_loop()
    made = listening(link_socket(journal))

    async def speak() -> None:
        while True:
            connection, _ = await loop.sock_accept(made)
            with connection:
                await loop.sock_sendall(connection, greeting)

    speaking = asyncio.create_task(speak())
    try:
        yield
    finally:
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        made.close()


class TestAnotherVersion:
    """During an upgrade one process is of the old version and the other of the new one."""

    @pytest.mark.parametrize(
        ("greeting", "named"),
        [
            (b'{"link": 2, "version": "9.1"}\n', "It runs version 9.1 of this program"),
            (b'{"watch": 1, "holder": {}}\n', "It runs another version of this program"),
            (b"\xff\n", "It runs another version of this program"),
        ],
    )
    async def test_is_named_and_not_waited_for(
        self, tmp_path: Path, greeting: bytes, named: str
    ) -> None:
        journal = tmp_path / "journal.db"
        async with another(journal, greeting):
            with pytest.raises(LinkError, match=named):
                await anext(watch(journal))
            assert await take_over(journal, "me") is Denial.UNAVAILABLE

    async def test_from_before_the_link_is_known_by_its_socket(self, tmp_path: Path) -> None:
        journal = tmp_path / "journal.db"
        left = listening(journal.with_name("journal.db.watch"))
        with pytest.raises(LinkError, match="It runs an older version of this program"):
            await anext(watch(journal))
        assert await take_over(journal, "me") is Denial.UNAVAILABLE
        left.close()
        assert [view async for view in watch(journal)] == []
