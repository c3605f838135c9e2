"""A device's life, from the card that a laptop wrote: first boot, payments, power cuts, lost partitions."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import stat
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk_tui.lab.drill.child import UnexpectedError
from kiosk_tui.lab.drill.sandbox import KEY
from proofs.image import office
from proofs.image.console import Font
from proofs.image.disk import ANCHOR, FAT, JOURNAL, ROOT, Disk
from proofs.vm import story
from proofs.vm.image import run
from proofs.vm.machine import LONGEST_S, Machine
from proofs.vm.story import CLOSED, REST, Scene, pay

REGISTER: Final = "register"
"""The journal's folder on its partition."""
_CREDENTIAL: Final = "credstore/kiosk-tui.authkey"


class Screen(Machine):
    """A machine whose console is read off its screen."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, font: Font) -> None:
        super().__init__(process, folder)
        self._font = font
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        """What stood on the console when it was last looked at."""
        return "\n".join(self._lines)

    def readings(self) -> tuple[str, ...]:
        """Return the text with and without what is drawn with coloured blanks."""
        return self.text, self.text.replace("█", " ")

    async def look(self) -> None:
        """Take a picture, and read it."""
        if self.connected:
            file = self.folder / "screen.ppm"
            await self.ask("screendump", filename=str(file))
            self._lines = self._font.lines(file.read_bytes())


@dataclass
class Device(Scene):
    """A disk with an image on it, which never changes its root."""

    root: bytes = b""
    on_fat: Sequence[str] = ()
    """What lies on the FAT partition of a device at rest."""

    @property
    def card(self) -> Disk:
        """The disk, as a laptop has it."""
        return Disk(self.disk)

    @contextlib.contextmanager
    def inside(self) -> Iterator[Path]:
        """Have a copy of the journal's partition while the device is off."""
        with self.card.tree(JOURNAL, self.folder) as kept:
            yield kept

    def sealed(self) -> list[str]:
        """Say what is wrong with the root, which nothing may ever write."""
        return [] if digest(self.card, ROOT) == self.root else ["The root was written to."]


def digest(disk: Disk, number: int) -> bytes:
    """Return the SHA-256 of a partition."""
    total = hashlib.sha256()
    for chunk in disk.chunks(number):
        total.update(chunk)
    return total.digest()


async def first_boot(one: Device) -> list[str]:
    """Boot with a configuration and a key on the FAT partition; a customer pays."""
    before = one.card.part(JOURNAL).size
    found = await story.comes_up(one)
    grown = one.card.part(JOURNAL).size
    if grown <= before:
        found.append(f"The journal's partition has {grown} bytes still.")
    return found + _key_taken(one) + _ids(one) + one.sealed()


def _key_taken(one: Device) -> list[str]:
    found = []
    if one.card.listed() != one.on_fat:
        found.append(f"On the FAT partition there are {one.card.listed()}.")
    if one.card.holds(FAT, KEY.encode()):
        found.append("The key still stands on the FAT partition.")
    with one.inside() as kept:
        stored = kept / _CREDENTIAL
        if stored.read_text() != KEY + "\n" or stat.S_IMODE(stored.stat().st_mode) != 0o600:
            found.append("The key was not stored as it must be.")
    return found


def _ids(one: Device) -> list[str]:
    """Hold the machine's ids, on both partitions, against the one that the anchor names."""
    with one.inside() as kept, one.card.tree(ANCHOR, one.folder) as anchored:
        ids = {(folder / "machine-id").read_text().strip() for folder in (kept, anchored)}
        named = (anchored / "anchor").read_text()
    if len(ids) != 1 or not all(word in named for word in ids):
        return [f"The machine's ids are {sorted(ids)}, and the anchor says {named!r}."]
    return []


async def cut_waiting(one: Device) -> list[str]:
    """Cut the power while the card is awaited; the card is charged all the same."""
    return await story.cut_waiting(one) + _ids(one) + one.sealed()


async def cut_cancelling(one: Device) -> list[str]:
    """Cut the power while a cancellation is asked for whose answer does not come."""
    return await story.cut_cancelling(one) + _ids(one) + one.sealed()


async def later_key(one: Device) -> list[str]:
    """Put another key onto the FAT partition: it is not taken, and a report there says so."""
    one.card.put("authkey", "another-key\n", one.folder)
    async with one.on() as machine:
        await machine.shows(REST)
    said = one.card.read("REPORT.txt")
    one.card.remove("authkey")
    async with one.on() as machine:
        await machine.shows(REST)
    found = [] if "it was not read" in said else [f"The report says {said!r}."]
    if one.card.read("REPORT.txt"):
        found.append("The report still says so after the key was removed.")
    one.card.remove("REPORT.txt")
    return found + _key_taken(one) + one.sealed()


async def enrolled(one: Device) -> list[str]:
    """Put head office's code onto the FAT partition: enrolled, its journal is shipped, and the code erased."""
    async with office.opened(one.folder / "office") as at:
        line = await at.code()
        one.card.put("enrolment-code", line + "\n", one.folder)
        async with one.on() as machine:
            await _until(machine, at.events, "an event at head office")
            await machine.until(lambda: _listed(one) == one.on_fat, "the end of the code's file")
    code = line.rpartition("#")[2].partition(".")[0]
    found = []
    if one.card.holds(FAT, code.encode()):
        found.append("The code still stands on the FAT partition.")
    return found + _key_taken(one) + _ids(one) + one.sealed()


async def _until(machine: Machine, asked: Callable[[], Awaitable[int]], what: str) -> None:
    """Wait until there is something. Raises `UnexpectedError`."""
    try:
        async with asyncio.timeout(LONGEST_S):
            while not await asked():
                await machine.look()
                await asyncio.sleep(1)
    except TimeoutError:
        raise UnexpectedError(f"It never came: {what}. The console:\n{machine.text}") from None


def _listed(one: Device) -> list[str]:
    """Return what is on the FAT partition of a device that may be writing there."""
    with contextlib.suppress(RuntimeError):
        return one.card.listed()
    return []


async def no_configuration(one: Device) -> list[str]:
    """Boot without a configuration: closed, and the screen says what to do."""
    one.card.remove("config.toml")
    try:
        async with one.on() as machine:
            await machine.shows(CLOSED)
            await machine.shows("write config.toml")
            await one.picture(machine, "no-configuration")
    finally:
        configure(one)
    return one.judged() + one.sealed()


async def journal_lost(one: Device) -> list[str]:
    """Take away the journal between two boots: the anchor keeps the device closed."""
    with _without_journal(one):
        async with one.on() as machine:
            await machine.shows(CLOSED)
            await one.picture(machine, "journal-lost")
    return one.judged() + one.sealed()


async def partition_lost(one: Device) -> list[str]:
    """Make the journal's partition unreadable: closed, with the reason, and nothing is made anew."""
    kept = one.folder / "kept"
    with _put_back(one, kept):
        with one.disk.open("r+b") as stream:
            stream.seek(one.card.part(JOURNAL).start)
            stream.write(bytes(4 * 1024 * 1024))
        before = digest(one.card, JOURNAL)
        async with one.on() as machine:
            await machine.shows(CLOSED)
            await machine.shows("The journal's partition cannot be used")
            await one.picture(machine, "partition-lost")
        found = [] if digest(one.card, JOURNAL) == before else ["The partition was written to."]
    return found + one.judged() + one.sealed()


async def forgets(one: Device) -> list[str]:
    """Take away journal and anchor between two boots: it must not go unnoticed."""
    one.sandbox.simulator.set_options(card_s=2)
    async with one.on() as machine:
        await pay(one, machine)
    one.card.erase(ANCHOR, "anchor", one.folder)
    one.card.erase(JOURNAL, f"{REGISTER}/journal.db", one.folder)
    async with one.on() as machine:
        await machine.shows(REST)
    return one.judged()


@contextlib.contextmanager
def _put_back(one: Device, kept: Path) -> Iterator[None]:
    with kept.open("wb") as stream:
        for chunk in one.card.chunks(JOURNAL):
            stream.write(chunk)
    try:
        yield
    finally:
        one.card.write(JOURNAL, kept)


@contextlib.contextmanager
def _without_journal(one: Device) -> Iterator[None]:
    with _put_back(one, one.folder / "kept"):
        one.card.erase(JOURNAL, f"{REGISTER}/journal.db", one.folder)
        yield


def configure(one: Device) -> None:
    """Write the configuration onto the FAT partition."""
    text = (
        f'[terminal]\r\nurl = "{story.url(one.sandbox)}"\r\nallow_http = true\r\n'
        'number = "88091105"\r\nstatus_query = false\r\n'
        "[timeouts]\r\nsettle_s = 120\r\nanswer_s = 90\r\n"
    )
    one.card.put("config.toml", text, one.folder)


def larger(image: Path, disk: Path, size: str) -> None:
    """Write an image onto a disk that is larger."""
    run("cp", "--sparse=always", image, disk)
    run("truncate", f"--size={size}", disk)
