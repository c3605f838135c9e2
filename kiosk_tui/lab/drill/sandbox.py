"""Where one case plays: a folder with a scratch journal, a simulated TECS, and the line between.

Invariant: every address is loopback and every file lies in the case's own folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.transaction import ExchangeKind, Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.lab.drill import child
from kiosk_tui.lab.drill.child import Child, UnexpectedError
from kiosk_tui.lab.drill.evidence import evidence
from kiosk_tui.lab.drill.judge import Evidence
from kiosk_tui.lab.drill.line import HOST, FaultyProxy
from kiosk_tui.simulator.answers import SECRETS
from kiosk_tui.simulator.asgi import PREFIX
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.server import served
from kiosk_tui.simulator.tecs import Simulator

AMOUNT: Final = "12.55"
KEY: Final = "a-key-that-no-file-may-hold"

SETTLE_S: Final = 60.0
"""Long enough for the slowest machine: where TECS knows the payment, nobody waits for it."""

_LOOK_S: Final = 0.01
_MOST_RECOVERIES: Final = 8


@dataclasses.dataclass
class Sandbox:
    """What a story acts with. `happened` collects what it did, in words."""

    folder: Path
    program: Sequence[str]
    simulator: Simulator
    line: FaultyProxy
    happened: list[str] = dataclasses.field(default_factory=list)
    _children: list[Child] = dataclasses.field(default_factory=list)

    @property
    def journal(self) -> Path:
        """The scratch journal."""
        return self.folder / "journal.db"

    @property
    def key_file(self) -> Path:
        """The file with the invented key."""
        return self.folder / "authkey"

    def configure(
        self, *, settle_s: float = SETTLE_S, answer_s: float = 60.0, key_there: bool = True
    ) -> None:
        """Write the configuration: waiting times in seconds."""
        settings: dict[str, dict[str, object]] = {
            "terminal": {
                "url": f"http://{HOST}:{self.line.port}{PREFIX}",
                "number": "88091105",
                "status_query": False,
            },
            "auth": {"key_file": str(self.key_file)},
            "timeouts": {"settle_s": settle_s, "answer_s": answer_s},
            "journal": {"path": str(self.journal)},
            "log": {"to": "file"},  # what is invented is not the machine's business
        }
        lines = [
            f"[{section}]\n"
            + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
            for section, keys in settings.items()
        ]
        (self.folder / "config.toml").write_text("".join(lines), "utf-8")
        if key_there:
            self.key_file.unlink(missing_ok=True)
            self.key_file.touch(0o600)
            self.key_file.write_text(KEY + "\n")

    # -- the register ---------------------------------------------------------------------------

    async def sale(self, stdout: int | None = None) -> Child:
        """Start a sale."""
        return await self._start(["sale", "--amount", AMOUNT, "--json"], stdout)

    async def recover(self) -> Child:
        """Start a recovery."""
        return await self._start(["recover"], None)

    async def kill(self, one: Child) -> None:
        """Kill a command that is still running."""
        await one.kill()
        self.happened.append(f"{one.command} killed")

    async def sold(self) -> int:
        """Run a sale to its end; return the exit code."""
        return await self.end(await self.sale())

    async def end(self, one: Child) -> int:
        """Wait for a command's own end; return the exit code."""
        code = await one.ended()
        self.happened.append(f"{one.command} {code}")
        return code

    async def recovered(self) -> None:
        """Recover until nothing is due. Raises `UnexpectedError` when it never gets there."""
        last = None
        for _ in range(_MOST_RECOVERIES):
            last = await self.recover()
            if await self.end(last) == 0:
                return
        why = "" if last is None else " The last one said: " + last.complaint()
        raise UnexpectedError(f"Something is still due after {_MOST_RECOVERIES} recoveries.{why}")

    async def _start(self, command: Sequence[str], stdout: int | None) -> Child:
        said = self.folder / f"{len(self._children) + 1}-{command[0]}.out"
        one = await child.start(self.program, command, self.folder / "config.toml", said, stdout)
        self._children.append(one)
        return one

    # -- looking on -----------------------------------------------------------------------------

    async def until(self, actor: Child | None, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition that a child works towards."""
        await self.reached(actor, self._true(condition), what)

    async def recorded(self, actor: Child | None, state: State) -> None:
        """Wait until the scratch journal holds the sale in that state."""
        await self.until(actor, lambda: state in {one.state for one in self.transactions()}, state)

    async def reached(self, actor: Child | None, moment: Awaitable[object], what: str) -> None:
        """Wait for a moment. Raises `UnexpectedError` when the child ends first, or it never comes."""
        waiting = asyncio.ensure_future(moment)
        ending = [] if actor is None else [asyncio.ensure_future(actor.ended())]
        try:
            await asyncio.wait(
                [waiting, *ending],
                timeout=child.LONGEST_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not waiting.done():
                ended = f" ({actor.command} ended)" if actor and ending[0].done() else ""
                raise UnexpectedError(f"It never came so far: {what}{ended}.")
            await waiting
        finally:
            for one in (waiting, *ending):
                one.cancel()
            await asyncio.gather(waiting, *ending, return_exceptions=True)

    def transactions(self) -> tuple[Transaction, ...]:
        """Read the scratch journal as it is now; nothing before it exists."""
        with contextlib.suppress(JournalUnavailableError), self._reading() as reader:
            return reader.transactions()
        return ()

    def unanswered(self) -> set[ExchangeKind]:
        """Return the kinds of requests that the scratch journal holds without an answer."""
        with self._reading() as reader:
            return {
                exchange.kind
                for one in reader.transactions()
                for exchange in reader.exchanges(one.id)
                if exchange.answered_at is None
            }

    def evidence(self) -> Evidence:
        """Return what the judge looks at."""
        shown = [number for one in self._children for number in _approved(one.said)]
        return evidence(self.simulator.ledger, self.transactions(), shown)

    def damage(self) -> list[str]:
        """Return what is wrong with the files: a damaged journal, a card number or key."""
        wrong = []
        if self.journal.exists():
            with self._reading() as reader:
                wrong = reader.verify()
        named = [("key", KEY), *(("card's number or expiry", secret) for secret in SECRETS)]
        for name, secret in named:
            for path in filter(Path.is_file, sorted(self.folder.iterdir())):
                if path != self.key_file and secret.encode() in path.read_bytes():
                    wrong.append(f"The {name} is in {path.name}.")
        return wrong

    def keep_ledger(self) -> None:
        """Write down what TECS knows, beside the journal, for whoever looks into a failure."""
        ledger = self.simulator.ledger
        known = {
            "entries": {name: dataclasses.asdict(one) for name, one in ledger.entries.items()},
            "movements": [dataclasses.asdict(one) for one in ledger.movements],
            "requests": [dataclasses.asdict(one) for one in ledger.requests],
        }
        text = json.dumps(known, indent=1)
        (self.folder / "ledger.json").write_text(text, "utf-8")

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Reader]:
        reader = Reader(self.journal)
        try:
            yield reader
        finally:
            reader.close()

    async def _true(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await asyncio.sleep(_LOOK_S)

    async def clear(self) -> None:
        """Leave no process behind."""
        for one in self._children:
            await one.stop()


@contextlib.asynccontextmanager
async def sandbox(folder: Path, program: Sequence[str]) -> AsyncIterator[Sandbox]:
    """Set up a sandbox in a fresh folder; nothing of it runs on afterwards."""
    folder.mkdir(mode=0o700)
    simulator = Simulator(Options(card_s=0, host_s=0))
    async with served(simulator) as url:
        line = FaultyProxy(urlsplit(url).port or 0)
        built = Sandbox(folder, program, simulator, line)
        try:
            await line.pick_up()
            built.configure()
            yield built
        finally:
            await built.clear()
            await line.close()


def _approved(said: Path) -> list[str]:
    """Return the ids that a command told to be approved."""
    found = []
    for line in said.read_text("utf-8", "replace").splitlines():
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            if isinstance(told, dict) and told.get("state") == State.APPROVED:
                found.append(str(told["id"]))
    return found
