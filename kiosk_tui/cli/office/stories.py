"""`kiosk-tui office show`: one kiosk's story, or that of one of its transactions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.office.asking import LookAnswer, OfficeQuestion, TableAnswer
from kiosk_tui.cli.office.described import describe_transaction, described
from kiosk_tui.office.queries.alarms import alarms
from kiosk_tui.office.queries.kiosk_story import kiosk_story
from kiosk_tui.office.queries.kiosks import kiosk
from kiosk_tui.office.queries.transaction_story import transaction_story
from kiosk_tui.office.queries.transactions import FleetTransaction, find, of_kiosk
from kiosk_tui.office.wording import advice, operation_word, state_word
from kiosk_tui.text.amounts import format_amount

_LAST: Final = 20


async def show(asked: OfficeQuestion) -> LookAnswer:
    """Tell the story; 65 for a kiosk or a transaction that is not known."""
    kiosk_id, digits = asked.arguments.kiosk, asked.arguments.id
    if digits is None:
        return await _kiosk(asked, kiosk_id)
    found = await find(asked.connection, digits, kiosk_id)
    if not found:
        raise CommandError(
            Exit.BAD_DATA, f"{kiosk_id} has told of no transaction '{digits}': give its whole id."
        )
    if len(found) > 1:
        return LookAnswer(
            [describe_transaction(one) for one in found], [_list("Several have it", asked, found)]
        )
    return await _transaction(asked, found[0])


async def _kiosk(asked: OfficeQuestion, kiosk_id: str) -> LookAnswer:
    one = await kiosk(asked.connection, asked.now, asked.silent, kiosk_id)
    if one is None:
        raise CommandError(
            Exit.BAD_DATA, f"There is no kiosk '{kiosk_id}': `kiosk-tui office list`."
        )
    story = await kiosk_story(asked.connection, kiosk_id)
    last = await of_kiosk(asked.connection, kiosk_id, _LAST)
    raised = (await alarms(asked.connection, open_only=False, kiosk_id=kiosk_id)).rows
    facts: dict[str, Any] = described(one)
    parts = {
        name: [described(each) for each in getattr(story, name)]
        for name in ("health", "epochs", "certificates", "commands", "checkpoints")
    }
    told = {
        **facts,
        **parts,
        "register_key": story.register_key,
        "alarms": [described(each) for each in raised],
        "transactions": [describe_transaction(each) for each in last],
    }
    return LookAnswer(
        [told],
        [
            TableAnswer(("Fact", "~Value"), _facts(asked, facts)),
            _list("Last transactions", asked, last),
            TableAnswer(
                ("From", "Until", "State", "Version"),
                [
                    [asked.when(each.start), asked.when(each.end),
                     "ready" if each.ready else advice(each.reason).means, each.version]
                    for each in story.health
                ],
                "How it stood",
            ),
            TableAnswer(
                (">Number", "When", "Kind", "~What happened", "Seen by"),
                [
                    [str(each.alarm_id), asked.when(each.last_at), each.kind, each.sentence,
                     each.seen_by]
                    for each in raised
                ],
                "Alarms",
            ),
            TableAnswer(
                (">Place", "Journal", "Signed", "Here since", "~Wrong"),
                [
                    [str(each.seq), each.epoch, each.at, asked.when(each.received_at), each.wrong]
                    for each in story.checkpoints[:_LAST]
                ],
                "Checkpoints of its journal",
            ),
            TableAnswer(
                (">Number", "Verb", "OfficeQuestion by", "Signed", "Done", "~Outcome"),
                [
                    [str(each.n), each.verb, each.asked_by, asked.when(each.signed_at),
                     asked.when(each.done_at), each.outcome]
                    for each in story.commands
                ],
                "Commands",
            ),
            TableAnswer(
                ("Journal", "Since", ">Stored", "Follows"),
                [
                    [each.epoch, asked.when(each.first_seen), str(each.stored), each.predecessor]
                    for each in story.epochs
                ],
                "Journals",
            ),
            TableAnswer(
                ("Certificate", "Issued", "Until", "Revoked", "By"),
                [
                    [each.serial, asked.when(each.issued_at), asked.when(each.not_after),
                     asked.when(each.revoked_at), each.revoked_by]
                    for each in story.certificates
                ],
                "Certificates",
            ),
        ],
    )  # fmt: skip


async def _transaction(asked: OfficeQuestion, one: FleetTransaction) -> LookAnswer:
    story = await transaction_story(asked.connection, one)
    facts = describe_transaction(one)
    told = {
        **facts,
        "events": [described(each) for each in story.events],
        "tecs": [described(each) for each in story.tecs],
        "conflicts": [described(each) for each in story.conflicts],
        "referring": [describe_transaction(each) for each in story.referring],
        "signatures": [described(each) for each in story.signatures],
    }
    return LookAnswer(
        [told],
        [
            TableAnswer(("Fact", "~Value"), _facts(asked, facts)),
            TableAnswer(
                (">", "When", "What happened", "State", ">Amount", "Code", "STAN", "Authorization"),
                [
                    [str(each.number), asked.when(each.at), each.event.replace("_", " ").lower(),
                     state_word(each.state), format_amount(each.total, "en"), each.response_code,
                     each.stan, each.authorization_number]
                    for each in story.events
                ],
                "Events",
            ),
            TableAnswer(
                ("By", "When", "What", ">Amount", "Code", "Cancelled", "Batch"),
                [
                    [each.told_by, asked.when(each.at), each.kind,
                     format_amount(each.total, "en") if each.total else "", each.response_code,
                     {True: "yes", False: "no", None: ""}[each.cancelled], each.clearing_batch]
                    for each in story.tecs
                ],
                "What TECS says",
            ),
            TableAnswer(
                (">Event", "Came", "What", "State", ">Amount"),
                [
                    [str(each.number), asked.when(each.received_at), each.event,
                     state_word(each.state), format_amount(each.total, "en")]
                    for each in story.conflicts
                ],
                "What contradicts it",
            ),
            TableAnswer(
                (">Event", "Signed", "~Signature"),
                [
                    [str(each.number), asked.when(each.at), " ".join(f"{each.text} {each.code}".split())]
                    for each in story.signatures
                ],
                "Signatures",
            ),
            _list("What refers to it", asked, story.referring),
        ],
    )  # fmt: skip


def _list(title: str, asked: OfficeQuestion, found: tuple[FleetTransaction, ...]) -> TableAnswer:
    return TableAnswer(
        ("Reference", "Begun", "What", ">Amount", "State", "Id"),
        [
            [one.reference, asked.when(one.begun_at), operation_word(one.operation),
             format_amount(one.total, "en"), state_word(one.state), one.id]
            for one in found
        ],
        title,
    )  # fmt: skip


def _facts(asked: OfficeQuestion, facts: dict[str, Any]) -> list[list[str]]:
    """Return what there is to tell, in the JSON's order and with its names."""
    return [
        [name.replace("_", " "), _text(asked, name, value)]
        for name, value in facts.items()
        if value not in (None, "") and not name.endswith("_minor")
    ]


def _text(asked: OfficeQuestion, name: str, value: Any) -> str:
    if name == "state":
        return state_word(value)
    if name.endswith(("_at", "_seen")) or name == "since":
        return asked.when(datetime.fromisoformat(value))
    return str(value)
