"""What goes into a support bundle. Every text of it passes the scrubber, whoever wrote it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kiosk_tui.cli import described as printed
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.config.shown import masked
from kiosk_tui.diagnosis.bundle import ENDINGS, packed, save
from kiosk_tui.diagnosis.evidence import described, ids
from kiosk_tui.diagnosis.examination import Examination
from kiosk_tui.diagnosis.report import describe, lines, summary
from kiosk_tui.diagnosis.system import facts
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.transaction import Exchange, Transaction
from kiosk_tui.journal.reader import ENGINE, Reader
from kiosk_tui.session.bench import Scrubber
from kiosk_tui.session.launch import Launch
from kiosk_tui.text.times import local

TRANSACTIONS: Final = 50
LOG_BYTES: Final = 200_000

_WHAT: Final = """kiosk-tui support bundle, made {now}

doctor.txt, .json    every link of the chain, and what to do
configuration.txt    every setting with where it came from; secrets masked
journal.jsonl        the newest {count} transactions with their events
exchanges.jsonl      what went over the line for them, the newest first
line.json            what the examination itself asked, and what came back
log.txt              the end of the log
system.txt           this machine

Keys, passwords, PIN hashes, card numbers and expiries are masked in all of it.
"""


def check_name(path: Path) -> None:
    """Refuse a name that cannot be written to, before anything is looked at. Raises `CommandError`."""
    if not path.name.endswith(ENDINGS):
        raise CommandError(
            Exit.USAGE, f"{path} is no name for a bundle: let it end in .zip or .tar.gz."
        )
    if path.exists() or path.is_symlink():
        raise CommandError(Exit.USAGE, f"{path} exists already: name another with --bundle.")
    if not path.absolute().parent.is_dir():
        raise CommandError(Exit.USAGE, f"There is no folder {path.absolute().parent}.")


def write(path: Path, launch: Launch, fault: str, examination: Examination) -> None:
    """Gather, scrub, pack and write. Raises `CommandError`."""
    scrub, now = Scrubber(launch), local(datetime.now(UTC))
    parts = {
        name: scrub.secrets(text) for name, text in _parts(launch, fault, examination, scrub, now)
    }
    try:
        save(packed(parts, path, now), path)
    except OSError as error:
        raise CommandError(
            Exit.UNAVAILABLE, f"{path} cannot be written: {error.strerror}."
        ) from error


def _parts(
    launch: Launch, fault: str, examination: Examination, scrub: Scrubber, now: datetime
) -> Iterator[tuple[str, str]]:
    found = list(examination.found.values())
    transactions, exchanges, trouble = _journal(launch, scrub)
    scrub.know(number for visit in examination.visits for number in ids(visit))
    yield "README.txt", _WHAT.format(now=now.isoformat(timespec="seconds"), count=TRANSACTIONS)
    told = [line for one in found for line in lines(one)]
    yield "doctor.txt", scrub.text("\n".join([*told, "", summary(found), ""]))
    yield "doctor.json", _json(scrub.value(describe(found)))
    yield "configuration.txt", scrub.text("\n".join([*_configuration(launch, fault), ""]))
    yield "journal.jsonl", trouble or _lines(transactions)
    yield "exchanges.jsonl", trouble or _lines(exchanges)
    yield "line.json", _json(scrub.value([described(one) for one in examination.visits]))
    yield "log.txt", scrub.text(_log(launch.journal.with_name("kiosk-tui.log")))
    known = facts(launch.journal.parent, launch.environment) | {"journal engine": ENGINE}
    yield "system.txt", scrub.text("".join(f"{name:<16}{text}\n" for name, text in known.items()))


def _configuration(launch: Launch, fault: str) -> Iterator[str]:
    yield f"# {launch.loaded.file or 'no file'}"
    if fault:
        yield f"# It cannot be used: {fault}"
    for path, value in masked(launch.config):
        source = launch.loaded.sources.get(path, "default")
        yield f"{path} = {json.dumps(value, ensure_ascii=False)}  # {source}"


def _journal(launch: Launch, scrub: Scrubber) -> tuple[list[Any], list[Any], str]:
    """Return transactions and exchanges as JSON, the newest first, or why there are none."""
    try:
        reader = Reader(launch.journal)
    except (JournalUnavailableError, OSError) as error:
        return [], [], scrub.text(f"{error}\n")
    try:
        newest = reader.transactions(limit=TRANSACTIONS)
        exchanges = [sent for one in newest for sent in reader.exchanges(one.id)]
        scrub.know(_ids(newest, exchanges))
        stories = [
            printed.describe(one) | {"events": [_event(event) for event in reader.events(one.id)]}
            for one in newest
        ]
        sent = [printed.describe_exchange(one) for one in exchanges]
    except JournalUnavailableError as error:
        return [], [], scrub.text(f"{error}\n")
    finally:
        reader.close()
    return [scrub.value(one) for one in stories], [scrub.value(one) for one in sent], ""


def _ids(transactions: Sequence[Transaction], exchanges: Sequence[Exchange]) -> Iterator[str]:
    for one in transactions:
        yield one.id
        if one.order.original is not None:
            yield one.order.original.transaction_id
    for sent in exchanges:
        yield sent.id
        if sent.answer is not None:
            yield sent.answer.fields.get("transaction_date_time", "")
            yield sent.answer.fields.get("orig_tx_id", "")
            yield sent.answer.fields.get("transaction_id", "")


def _event(event: Any) -> dict[str, Any]:
    return {
        "number": event.number,
        "at": event.at.isoformat(timespec="milliseconds"),
        "event": event.event,
        "state_before": event.state_before,
        "state_after": event.state_after,
        "exchange_id": event.exchange_id,
        "why": event.why,
    }


def _log(path: Path) -> str:
    try:
        # a pipe in the log's place would be waited for
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - LOG_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError as error:
        return f"There is no log at {path}: {error.strerror}.\n"
    # not half a line: what is cut could no longer be told for what it is
    return text if size <= LOG_BYTES else text.partition("\n")[2]


def _lines(values: Sequence[Any]) -> str:
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in values)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
