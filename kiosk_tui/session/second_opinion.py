"""A transaction of the journal, and what TECS's merchant services say of it: for people, beside a kiosk that runs.

Nothing is written: a second opinion explains, and never closes a cancellation.
"""

from __future__ import annotations

from typing import Any

from kiosk_tui.config import secrets
from kiosk_tui.domain.identity import IdentityError, Name, TransactionId, read_name
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import DUE
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.journal.reader import Reader
from kiosk_tui.records import dataclass
from kiosk_tui.session.errors import UnavailableError
from kiosk_tui.session.launch import Launch, place
from kiosk_tui.session.terminal import codes_of, line_of, simulator_app
from kiosk_tui.tecs.auth import Secret
from kiosk_tui.tecs.client import mounted, transport_to
from kiosk_tui.tecs.second_opinion import SecondOpinion, StatusService, explained

_DEMO_URL = "http://simulator.invalid/merchantservices"


@dataclass(frozen=True, slots=True)
class ToldOpinion:
    """What the journal and what TECS say of one transaction; `here` is empty where it is not in the journal."""

    transaction_id: str
    here: str
    opinion: SecondOpinion
    text: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything, for people."""
        here = f"is {self.here}" if self.here else "is not there"
        return (
            f"In the journal {self.transaction_id} {here}.",
            self.text,
            "It settles nothing: cancellations go on until TECS has answered them.",
        )

    def described(self) -> dict[str, Any]:
        """Return everything for a program. Names are added, never changed."""
        return {
            "id": self.transaction_id,
            "here": self.here,
            "known": self.opinion.known,
            "fields": dict(self.opinion.fields),
            "text": self.text,
        }


async def second_opinion(launch: Launch, named: str) -> ToldOpinion:
    """Ask TECS about a transaction, named by its id or by the reference on its slip.

    Raises `UnavailableError` with a sentence, and `ConfigError` for a password that cannot be used.
    """
    settings = launch.config.second_opinion
    if not (settings.url or launch.demo):
        raise UnavailableError(
            "No second opinion is set up: set url, user and password_file under [second_opinion]."
        )
    number, found = _meant(launch, named)
    where = place(launch) if found is None else found.order.place
    service = _service(launch)
    try:
        opinion = await service.ask(number, where)
    finally:
        await service.close()
    here = "" if found is None else str(found.state).lower().replace("_", " ")
    if found is not None and found.state in DUE:
        here += " (a cancellation is owed)"
    return ToldOpinion(number, here, opinion, explained(opinion, codes_of(launch.config)))


def _service(launch: Launch) -> StatusService:
    settings, line = launch.config.second_opinion, line_of(launch)
    if launch.demo:
        return StatusService(_DEMO_URL, "", Secret(""), mounted(simulator_app()), line)
    password = Secret("")
    if settings.user:
        password, _ = secrets.find(
            secrets.SECOND_OPINION, settings.password_file, launch.environment
        )
    return StatusService(settings.url, settings.user, password, transport_to(line), line)


def _meant(launch: Launch, named: str) -> tuple[TransactionId, Transaction | None]:
    """Return the id that is meant, and the journal's transaction. Raises `UnavailableError`."""
    try:
        name = read_name(named)
    except IdentityError as error:
        raise UnavailableError(str(error)) from error
    found = _in_journal(launch, name)
    if found is not None:
        return found.id, found
    if name.id is None or name.reference:
        raise UnavailableError(
            f"{named} is not in this journal, so its whole id is needed to ask TECS about it."
        )
    return name.id, None


def _in_journal(launch: Launch, name: Name) -> Transaction | None:
    try:
        reader = Reader(launch.journal, anchor=launch.anchor)
    except (JournalUnavailableError, OSError):
        return None
    try:
        short = reader.by_reference(name.reference) if name.reference else ()
        if len(short) > 1:
            raise UnavailableError(
                f"Several transactions end in {name.reference}: give the whole id."
            )
        if short:
            return short[0]
        return None if name.id is None else reader.transaction(name.id)
    except JournalUnavailableError:
        return None
    finally:
        reader.close()
