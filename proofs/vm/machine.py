"""A whole machine under qemu: keys go in, pictures and the console's text come out, power can be cut.

Owns: the process and its control channel (QMP). The guest's 10.0.2.2 is our loopback.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from kiosk_tui.lab.drill.child import UnexpectedError
from proofs.large import shows

LONGEST_S: Final = 600.0
"""How long a boot may take, where one core plays two, beside other work."""

GUEST_SEES_US_AT: Final = "10.0.2.2"

_LOOK_S: Final = 0.2
_KEYS: Final = {"\r": "ret", " ": "spc", ".": "dot", "\x1b": "esc", "\b": "backspace"}
_PAGE: Final = "=====\n"


class Machine:
    """One machine that runs; `cut` takes its power away."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self.folder = folder
        self._serial = folder / "serial"
        self._socket = folder / "qmp"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def connected(self) -> bool:
        """Whether its control channel is open."""
        return self._writer is not None

    # -- what it shows ---------------------------------------------------------------------------

    @property
    def serial(self) -> str:
        """Everything that came out of the serial line."""
        return self._serial.read_bytes().decode("utf-8", "replace") if self._serial.exists() else ""

    @property
    def text(self) -> str:
        """What stands on the console, as it was at most a second ago."""
        pages = self.serial.replace("\r", "").split(_PAGE)[:-1]
        return "\n".join(line.rstrip() for line in pages[-1].splitlines()) if pages else ""

    async def look(self) -> None:
        """Look at the console once more, where that takes more than reading a file."""

    async def shows(self, *words: str) -> None:
        """Wait until one of these stands on the console. Raises `UnexpectedError`."""
        await self.until(lambda: any(map(self._has, words)), f"{words} on the console")

    def _has(self, words: str) -> bool:
        return any(shows(text.split("\n"), words) for text in self.readings())

    def readings(self) -> tuple[str, ...]:
        """Return the console's text in each way that it may be read."""
        # a block is no ASCII where the console's characters come from
        return (self.text.replace("\ufffd", "█"),)

    async def says(self, words: str) -> None:
        """Wait until these words came out of the serial line."""
        await self.until(lambda: words in self.serial, f"'{words}' on the serial line")

    async def until(self, condition: Any, what: str) -> None:
        """Wait for a condition. Raises `UnexpectedError` when it never comes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                while True:
                    await self.look()
                    if condition():
                        return
                    if self._process.returncode is not None:
                        raise UnexpectedError(f"The machine ended before: {what}.")
                    await asyncio.sleep(_LOOK_S)
        raise UnexpectedError(f"It never came: {what}. The console:\n{self.text}")

    async def picture(self, file: Path) -> None:
        """Write what the screen shows, pixel by pixel."""
        await self.ask("screendump", filename=str(file), format="png")

    # -- what is done to it ----------------------------------------------------------------------

    async def type(self, text: str) -> None:
        """Press and let go of a key for each character."""
        for one in text:
            await self.press(_KEYS.get(one, one))

    async def press(self, key: str) -> None:
        """Press and let go of one key, by qemu's name for it."""
        keys = [{"type": "qcode", "data": key}]
        await self.ask("send-key", **{"keys": keys, "hold-time": 60})
        await asyncio.sleep(0.25)

    async def cut(self) -> None:
        """Take its power: what it had not written is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    async def connect(self) -> None:
        """Open the control channel."""
        await self.until(self._socket.exists, "the control channel")
        self._reader, self._writer = await asyncio.open_unix_connection(str(self._socket))
        await self._reader.readline()  # its greeting
        await self.ask("qmp_capabilities")

    async def ask(self, command: str, **arguments: Any) -> None:
        """Have qemu do something. Raises `RuntimeError` with why it did not."""
        if self._reader is None or self._writer is None:
            raise RuntimeError("the control channel is not open")
        asked = {"execute": command, "arguments": arguments}
        self._writer.write(json.dumps(asked).encode() + b"\n")
        await self._writer.drain()
        while True:
            said = json.loads(await self._reader.readline())
            if "error" in said:
                raise RuntimeError(f"{command}: {said['error']['desc']}")
            if "return" in said:
                return


Make = Callable[[asyncio.subprocess.Process, Path], Machine]


def hardware(disk: Path, boot: tuple[Path, Path]) -> tuple[str, ...]:
    """Return a PC whose kernel and initial RAM disk qemu loads, and its disk."""
    kernel, ram = boot
    return (
        *("qemu-system-x86_64", "-vga", "std", "-machine", "pc,accel=tcg"),
        *("-kernel", str(kernel), "-initrd", str(ram)),
        *("-append", "root=/dev/vda rw console=tty0 quiet loglevel=3 consoleblank=0"),
        *("-drive", f"file={disk},if=virtio,format=raw,cache=none"),
    )


@contextlib.asynccontextmanager
async def switched_on(
    machine: Sequence[str],
    folder: Path,
    *,
    network: bool = True,
    clock: str = "utc",
    make: Make = Machine,
) -> AsyncIterator[Machine]:
    """Boot a machine (a qemu, and its words); `clock` is what its battery clock says (`utc`: the right time)."""
    _fresh(folder)
    wire = ("-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0,romfile=")
    process = await asyncio.create_subprocess_exec(
        # whatever becomes of us, no machine runs on
        *("setpriv", "--pdeathsig", "KILL", *machine),
        *("-m", "512", "-smp", "1", "-nodefaults", "-no-reboot"),
        *(wire if network else ("-nic", "none")),
        *("-display", "none", "-rtc", f"base={clock},clock=vm"),
        *("-serial", f"file:{folder / 'serial'}"),
        *("-qmp", f"unix:{folder / 'qmp'},server=on,wait=off"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=(folder / "qemu.err").open("wb"),
    )
    built = make(process, folder)
    try:
        await built.connect()
        yield built
    finally:
        await built.cut()


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
