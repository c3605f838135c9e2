"""`kiosk-tui journal verify`, `key` and `checkpoint`: proving that nothing in a journal was changed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kiosk_tui.cli import output
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.json_output import say_json
from kiosk_tui.domain import checkpoint
from kiosk_tui.domain.checkpoint import Checkpoint, CheckpointError
from kiosk_tui.files import reading
from kiosk_tui.fleet import signatures
from kiosk_tui.journal import checkpoints
from kiosk_tui.journal.chain_proof import ChainProof, Signed
from kiosk_tui.journal.reader import Reader
from kiosk_tui.session.launch import Launch
from kiosk_tui.text.wording.states import in_words

_LONGEST: Final = 64 * 1024

_NO_SIGNATURES: Final = (
    "Signatures of checkpoints are neither made nor checked here: install kiosk-tui[fleet]."
)


def verify(reader: Reader, _launch: Launch, arguments: argparse.Namespace) -> int:
    """Check the file, then prove the chain; the exit code is 65 where anything was changed."""
    outside = None if arguments.checkpoint is None else _given(arguments.checkpoint)
    troubles = [in_words(one) for one in reader.verify()]
    proof = None if troubles else reader.prove(outside, _signed())
    if proof is not None and proof.broken is not None:
        troubles = [proof.broken.sentence]
    if arguments.json:
        say_json(
            {"whole": not troubles, "troubles": troubles, "chain": proof and _described(proof)}
        )
    else:
        for one in troubles or ["The journal is whole.", *_proved(proof, outside)]:
            output.say(one)
    return Exit.BAD_DATA if troubles else Exit.OK


def key(_reader: Reader, launch: Launch, arguments: argparse.Namespace) -> int:
    """Show the public part of the register's key."""
    if not signatures.available():
        raise CommandError(Exit.UNAVAILABLE, _NO_SIGNATURES)
    from kiosk_tui.fleet import register_key  # noqa: PLC0415 - a library that need not be there

    try:
        public = register_key.RegisterKey.read(launch.journal).public
    except FileNotFoundError as error:
        raise CommandError(
            Exit.UNAVAILABLE, "This register has no key yet: it makes one when it starts."
        ) from error
    except (OSError, ValueError) as error:
        raise CommandError(Exit.BAD_DATA, _unread(launch, error)) from error
    shown = register_key.fingerprint(public)
    if arguments.json:
        say_json({"public": public, "fingerprint": shown})
    else:
        output.say(public)
        output.say(f"Fingerprint: {shown}")
    return Exit.OK


def newest(reader: Reader, launch: Launch, arguments: argparse.Namespace) -> int:
    """Show the last checkpoint in the journal, or sign its end and show that one."""
    found = sign(launch) if arguments.sign else reader.newest_checkpoint()
    if found is None:
        raise CommandError(
            Exit.UNAVAILABLE,
            "There is no checkpoint in this journal yet."
            + ("" if signatures.available() else f" {_NO_SIGNATURES}"),
        )
    if arguments.json:
        say_json({"checkpoint": found.text, "seq": found.seq, "short": checkpoint.short(found.end)})
    else:
        output.say(found.text)
    return Exit.OK


def sign(launch: Launch) -> Checkpoint | None:
    """Sign the chain's end with the register's key, which is made where there is none yet.

    None: the journal has no chain. Raises `CommandError`, `JournalUnavailableError`.
    """
    if not signatures.available():
        raise CommandError(Exit.UNAVAILABLE, _NO_SIGNATURES)
    from kiosk_tui.fleet import register_key  # noqa: PLC0415 - a library that need not be there

    try:
        kept = register_key.RegisterKey.kept(launch.journal)
    except (OSError, ValueError) as error:
        raise CommandError(Exit.BAD_DATA, _unread(launch, error)) from error
    return checkpoints.make(launch.journal, datetime.now(UTC), kept.sign)


def _unread(launch: Launch, error: Exception) -> str:
    return f"The key beside {launch.journal} cannot be read: {error}."


def _given(text: str) -> Checkpoint:
    """Read what stands on the command line, or in the file that it names."""
    try:
        path = Path(text)
        found = reading.read(path, _LONGEST).decode("utf-8", "replace") if path.is_file() else text
        one = checkpoint.parsed(found)
    except OSError as error:
        raise CommandError(Exit.USAGE, f"{text} cannot be read: {error.strerror}.") from error
    except CheckpointError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    return one


def _signed() -> Signed | None:
    if not signatures.available():
        return None
    from kiosk_tui.fleet.register_key import is_signed  # noqa: PLC0415 - as above

    return is_signed


def _proved(proof: ChainProof | None, outside: Checkpoint | None) -> list[str]:
    """Say what is proved, and what is not."""
    if proof is None:
        return ["It has no chain of events yet: the register begins it when it starts."]
    entries = "1 entry" if proof.entries == 1 else f"{proof.entries} entries"
    head = proof.head
    told = [f"Its chain is unbroken: {entries} up to place {head.seq}, link {head.link.hex()}."]
    if outside is not None:
        told.append(f"It holds all up to place {outside.seq}, as the checkpoint says.")
    if proof.checked is None:
        told.append(
            "No checkpoint vouches for it: a chain that was computed anew would look the same."
        )
    elif proof.checked + 1 < proof.head.seq:
        told.append(f"What came after place {proof.checked} has no checkpoint yet.")
    if not signatures.available():
        told.append(_NO_SIGNATURES)
    return told


def _described(proof: ChainProof) -> dict[str, Any]:
    broken = proof.broken
    return {
        "entries": proof.entries,
        "seq": proof.head.seq,
        "link": proof.head.link.hex(),
        "checked": proof.checked,
        "keys": list(proof.keys),
        "signatures_checked": signatures.available(),
        "broken": None
        if broken is None
        else {"seq": broken.seq, "transaction": broken.transaction_id, "at": broken.at},
    }
