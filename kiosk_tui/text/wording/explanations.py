"""What the register says of itself, in the reader's language.

The rooms below explain in English why something is closed, open or refused; that is what the journal,
logs and JSON keep. Whoever stands at a screen reads the same sentence from here. Names, numbers and
codes in it stay as they are, and a sentence that is not in the table stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Final

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.operations import Operation
from kiosk_tui.text.texts import N_, _, spoken
from kiosk_tui.text.times import format_day, format_day_time
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import standing

SENTENCES: Final = (
    # the line to TECS
    N_("No connection to TECS could be made."),
    N_("TECS did not take the connection in time."),
    N_("No connection was free in time."),
    N_("The address of TECS cannot be used."),
    N_("TECS did not answer in time."),
    N_("The request could not be sent in time."),
    N_("The line broke while waiting for the answer."),
    N_("The line broke while sending."),
    N_("TECS ended the line before its answer was whole."),
    N_("The proxy did not let the request through."),
    N_("The request failed."),
    N_("The connection took too long."),
    N_("No answer came in time."),
    N_("No token came in time."),
    N_("No token was given: {why}"),
    N_("The payment service refused this register."),
    N_("The payment service refuses this register (HTTP status {status}): see the key."),
    N_(
        "Somebody answers, but not as TECS (HTTP status {status}, {form}): a portal, a page about"
        " maintenance, or another address. `kiosk-tui doctor` tells more."
    ),
    # what TECS answered
    N_("TECS answered the cancellation with code {code}."),
    N_("TECS answered the cancellation with HTTP status {status}."),
    N_(
        "TECS answered with code {code} and HTTP status {status}, which does not say whether money"
        " moved."
    ),
    N_("TECS answered with HTTP status {status}."),
    N_("What came back does not name this transaction."),
    N_("What came back has no response code."),
    N_("What came back is not an answer (its message type is another one)."),
    # this machine
    N_("The first look at the server is under way."),
    N_("Head office has closed this register."),
    N_(
        "The clock of this machine says {time}, but the server's says {server}: set it, or let it"
        " find a time server."
    ),
    N_("The clock of this machine says {day}: set it, or let it find a time server."),
    N_("The request was stopped on our side."),
    N_("The request failed inside the register."),
    N_("The cancellation failed inside the register."),
    N_("The journal failed inside the register: see the log."),
    N_("The screen had a fault; the log has it (journalctl, or beside the journal)."),
    N_("The disk of {path} is full ({free} kB left): make room."),
    N_(
        "The journal {path} cannot be used: its disk is full, less than {free} KiB are left. Make room"
        " on it."
    ),
    N_("The journal {path} was removed or replaced while in use: put it back."),
    N_("The journal {path} is in use by {holder}: end that first, or use it there."),
    N_("The journal {path} cannot be used: {why}."),
    N_("The register ends: connect again when it is back."),
    N_("This program ends."),
    # a self-test
    N_("It was not looked at yet."),
    N_("It can be written."),
    N_("None is due."),
    N_("{count} not yet answered."),
    N_("One cancellation is not yet answered by TECS."),
    N_("{count} cancellations are not yet answered by TECS."),
    # why a payment or a follow-up is not begun
    N_("A payment is running already."),
    N_("A payment is under way: try again in a moment."),
    N_("The terminal is in use. Try again in a moment."),
    N_("Cancellation asked for by {by}."),
    N_("Nobody said in time that the goods were handed over."),
    N_("The goods were not handed over."),
    N_("The goods were not handed over. {why}"),
    N_("The goods of an earlier payment are waited for."),
    N_("That transaction is still running: wait for its result."),
    N_("That transaction was declined: there is nothing to cancel."),
    N_("That transaction was never sent: there is nothing to cancel."),
    N_("That transaction is approved and needs no settling by staff."),
    N_("That transaction is being cancelled already."),
    N_("That transaction is cancelled already."),
    N_("TECS has no charge for that transaction: there is nothing to cancel."),
    N_("That transaction needs staff: settle it with a note."),
    N_("That transaction has been settled by staff."),
    N_(
        "That transaction is being completed or refunded, or a tip is charged on it: wait for the"
        " result."
    ),
    N_("Transaction {id} is not in this journal."),
    N_("Transaction {id} is not in this register's journal: a {operation} needs one that is."),
    N_("Transaction {id} is {state}, not approved."),
    N_("Transaction {id} is {state}."),
    N_("Transaction {id} is in {currency}: use that."),
    N_("Transaction {id} carries a tip already."),
    N_("Transaction {id} has been cancelled by {other} already."),
    N_("Transaction {id} has been cancelled by {other}: nothing of it is left."),
    N_("Transaction {id} has been completed wholly: nothing of it is left."),
    N_("Transaction {id} has been refunded wholly: nothing of it is left."),
    N_("{amount} is more than the original's {most}."),
    N_("{amount} is more than the {most} of transaction {id} that can still be completed."),
    N_("{amount} is more than the {most} of transaction {id} that can still be refunded."),
    N_("{amount} is less than the smallest amount, {least}."),
    N_("{amount} is more than the largest amount, {most}."),
    N_("A tip of {tip} is more than {most}, the highest for {amount}."),
    N_("Amount and tip are in different currencies: give both in one."),
    N_("'{text}' is the reference of no transaction in this journal: give the whole id."),
    N_("{whose}Terminal number '{text}' is wrong: it has 8 digits, like 88091105."),
    N_("{whose}Source id '{text}' is wrong: it has one or two digits, like 1."),
)
"""The most specific first: a sentence is the first that it fits."""

_DETAIL: Final = re.compile(r"(.+?)( \([^()]+\))([.:].*)", re.DOTALL)
_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
_WORDS: Final[dict[str, Callable[[str], str]]] = {
    "state": lambda text: standing(State(text)).word,
    "operation": lambda text: kind(Operation(text)),
    "day": lambda text: format_day(_utc(text), spoken()),
    "time": lambda text: format_day_time(_utc(text), spoken()),
    "server": lambda text: format_day_time(_utc(text), spoken()),
}


def explained(sentence: str) -> str:
    """Return a sentence of the register's in the present language, on one line."""
    sentence = one_line(sentence)
    found = _word("time", sentence) if _STAMP.fullmatch(sentence) else _found(sentence)
    if found:
        return found
    detail = _DETAIL.fullmatch(sentence)  # an error's name in brackets is nobody's language
    found = _found(detail[1] + detail[3]) if detail else ""
    if detail and found:
        return f"{found.rstrip('.')}{detail[2]}."
    return sentence


def _found(sentence: str) -> str:
    for pattern, text in _patterns():
        fits = pattern.fullmatch(sentence)
        if fits:
            named = {name: _word(name, value) for name, value in fits.groupdict().items()}
            return _(text).format(**named)
    return ""


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC)


def _word(name: str, value: str) -> str:
    try:
        return _WORDS[name](value) if name in _WORDS else value
    except ValueError:
        return value


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_pattern(text), re.DOTALL), text) for text in SENTENCES)


def _pattern(text: str) -> str:
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*?)", re.escape(text))
