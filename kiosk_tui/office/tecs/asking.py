"""TECS's second opinion of one transaction, asked from the office: kept as its word, and it settles nothing."""

from __future__ import annotations

import httpx

from kiosk_tui.domain.identity import IdentityError, Place, TransactionId, read_name
from kiosk_tui.files.reading import decoded, read
from kiosk_tui.office.database import Connection
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.settings import OfficeSettings
from kiosk_tui.office.tecs.allowed import EntryError, Reading, read_entry
from kiosk_tui.office.tecs.storing import store
from kiosk_tui.tecs.auth import Secret
from kiosk_tui.tecs.second_opinion import SecondOpinion, StatusService, explained

__all__ = ["SecondOpinion", "ask", "explained"]

_LONGEST_PASSWORD = 4096


async def ask(
    connection: Connection,
    settings: OfficeSettings,
    terminal: str,
    named: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> SecondOpinion:
    """Ask TECS about a transaction; what it knows is stored as told by `status`. Raises `OfficeError`.

    A kiosk's source id is taken from its journal, where that has the transaction.
    """
    tecs = settings.tecs
    if not tecs.url:
        raise OfficeError(
            "No second opinion is set up: set tecs.url, user and password_file in office.toml."
        )
    number = await _number(connection, terminal, named)
    source = await connection.fetchval(
        "SELECT source_id FROM kiosk_transaction WHERE terminal = $1 AND transaction_id = $2 LIMIT 1",
        terminal,
        int(number),
    )
    service = StatusService(tecs.url, tecs.user, _password(settings), transport)
    try:
        opinion = await service.ask(number, Place(terminal, source or ""))
    finally:
        await service.close()
    if opinion.known:
        told = {"terminalId": terminal, "transactionId": number} | dict(opinion.fields)
        try:
            entry = read_entry(told.items(), Reading("status", settings.zone))
        except EntryError as error:
            raise OfficeError(f"What TECS told cannot be kept: {error}") from error
        await store(connection, [entry])
    return opinion


async def _number(connection: Connection, terminal: str, named: str) -> TransactionId:
    """Return the id that is meant: a whole one, or the nine digits that a slip shows."""
    try:
        name = read_name(named)
        Place(terminal, "1").checked()
    except IdentityError as error:
        raise OfficeError(str(error)) from error
    if name.reference:
        found = await connection.fetch(
            "SELECT DISTINCT transaction_id::text AS id FROM kiosk_transaction"
            " WHERE terminal = $1 AND right(transaction_id::text, 9) = $2",
            terminal,
            name.reference,
        )
        if len(found) > 1:
            raise OfficeError(
                f"Several transactions of {terminal} end in {name.reference}: give the whole id."
            )
        if found:
            return TransactionId(found[0]["id"])
    if name.id is None:
        raise OfficeError(f"No transaction of {terminal} ends in {name.reference}.")
    return name.id


def _password(settings: OfficeSettings) -> Secret:
    file = settings.tecs.password_file
    if file is None:
        return Secret("")
    try:
        if file.stat().st_mode & 0o077:
            raise OfficeError(
                f"tecs.password_file: {file} can be read by others: run chmod 600 {file}"
            )
        return Secret(decoded(read(file, _LONGEST_PASSWORD)).strip())
    except (OSError, UnicodeDecodeError) as error:
        raise OfficeError(f"tecs.password_file: {file} cannot be read.") from error
