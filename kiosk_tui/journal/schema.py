"""The tables, as numbered migrations.

Each migration runs in one transaction together with the number that says that it ran
(`PRAGMA user_version`). Never edit one that has been released: add the next.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Final

from kiosk_tui.journal import chain_start, keys

Step = Callable[[sqlite3.Connection], None]
"""What a migration does that has no words in SQL."""

APPLICATION_ID: Final = 0x4B54_5549  # "KTUI", so that another program's database is recognised

PAGE_SIZE: Final = 512
"""Bytes of a page in a new journal: a commit touches few of them, and costs what it writes.

Older journals have 1024, and keep them: a file is never rewritten for its page size.
"""

INDEXED: Final = (
    "state IN ('GIVEN_UP', 'GOODS_DUE', 'GOODS_DUE_AGAIN', 'CANCEL_DUE', 'VOID_DUE', 'NEEDS_STAFF')"
)
"""A query has to repeat this condition, letter by letter, for SQLite to use the partial index."""

ENDED: Final = (
    "state IN ('APPROVED', 'DECLINED', 'NOT_SENT', 'CANCELLED', 'NOTHING_TO_CANCEL', 'SETTLED')"
)

TO_DO: Final = f"(state = 'AUTHORIZING' OR {INDEXED})"
"""What is not ended, for whoever reads the table from end to end."""

MAY_AUTHORIZE: Final = f"id >= (SELECT authorizing_from FROM register) AND NOT ({ENDED})"
"""Finds what is AUTHORIZING, and what has a state that is none.

Every payment is AUTHORIZING for a while: in the index it would cost a page more in both of its commits.
In place of it `register.authorizing_from`, in a row that each payment's first commit writes anyway, is the id
of the oldest such transaction, or of the last that was. It is always the id of a transaction that is there.
"""

FOUND_TO_DO: Final = (
    f"id IN (SELECT id FROM transactions WHERE {INDEXED}"
    f" UNION ALL SELECT id FROM transactions WHERE {MAY_AUTHORIZE})"
)
"""The same as `TO_DO`, found without reading the table."""

MOVE_AUTHORIZING_FROM: Final = (
    "UPDATE register SET authorizing_from = coalesce((SELECT id FROM transactions"
    " WHERE id >= authorizing_from AND state = 'AUTHORIZING' ORDER BY id LIMIT 1),"
    " (SELECT max(id) FROM transactions), 0)"
)
"""To be done where a transaction that is AUTHORIZING was written, or any was removed, in the same commit."""

TOLD: Final = "event IN ('DAY_CLOSED', 'SIGNED')"
"""Which events of the register a head office is told."""

MIGRATIONS: Final[tuple[tuple[str | Step, ...], ...]] = (
    (
        """
        CREATE TABLE transactions (
            id                  INTEGER PRIMARY KEY,
            operation           TEXT NOT NULL,
            state               TEXT NOT NULL,
            currency            TEXT NOT NULL,
            exponent            INTEGER NOT NULL,
            amount_minor        INTEGER NOT NULL,
            tip_minor           INTEGER,
            amount_sent_minor   INTEGER NOT NULL,
            terminal            TEXT NOT NULL,
            source_id           TEXT NOT NULL,
            original_id         TEXT,
            original_terminal   TEXT,
            original_source_id  TEXT,
            language            TEXT NOT NULL,
            reason              TEXT NOT NULL,
            receipt_number      TEXT NOT NULL,
            personal_id         TEXT NOT NULL,
            created_at          TEXT NOT NULL,
            updated_at          TEXT NOT NULL,
            attempts            INTEGER NOT NULL,
            next_attempt_at     TEXT,
            answer              TEXT,
            why                 TEXT NOT NULL,
            note                TEXT NOT NULL
        ) STRICT
        """,
        # Final states are never looked for: the index holds only what somebody still has to do.
        """
        CREATE INDEX transactions_to_do ON transactions (state, id)
        WHERE state IN ('AUTHORIZING', 'GIVEN_UP', 'CANCEL_DUE', 'VOID_DUE', 'NEEDS_STAFF')
        """,
        # What belongs to one transaction lies together, by the key itself: an index more would be a
        # page more in every commit.
        """
        CREATE TABLE exchanges (
            transaction_id  INTEGER NOT NULL REFERENCES transactions (id),
            id              INTEGER NOT NULL,
            kind            TEXT NOT NULL,
            terminal        TEXT NOT NULL,
            source_id       TEXT NOT NULL,
            sent_at         TEXT NOT NULL,
            answered_at     TEXT,
            verdict         TEXT NOT NULL,
            why             TEXT NOT NULL,
            answer          TEXT,
            PRIMARY KEY (transaction_id, id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE events (
            transaction_id  INTEGER NOT NULL REFERENCES transactions (id),
            number          INTEGER NOT NULL,
            at              TEXT NOT NULL,
            event           TEXT NOT NULL,
            state_before    TEXT,
            state_after     TEXT NOT NULL,
            exchange_id     INTEGER,
            why             TEXT NOT NULL,
            PRIMARY KEY (transaction_id, number)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TRIGGER events_stay BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
        """,
        """
        CREATE TRIGGER events_are_kept BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
        """,
        # One row. `last_id` is the highest id that any process may have used; `checked_at` is what
        # a look at the disk writes.
        """
        CREATE TABLE register (
            one         INTEGER PRIMARY KEY CHECK (one = 1),
            last_id     INTEGER NOT NULL,
            checked_at  TEXT NOT NULL
        ) STRICT
        """,
        "INSERT INTO register (one, last_id, checked_at) VALUES (1, 0, '')",
    ),
    (
        # What the mark beside the file remembers, and what a person said who started it anew.
        "ALTER TABLE register ADD COLUMN identity TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE register ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
        "UPDATE register SET identity = lower(hex(randomblob(8)))",
        # SQLite notices a torn page, but not a flipped bit in an amount.
        "ALTER TABLE transactions ADD COLUMN checksum INTEGER",
    ),
    (
        # Other software's own reference: the disk itself refuses a second transaction under it. Rows
        # without one, and without an original, are in neither index and cost no page more.
        "ALTER TABLE transactions ADD COLUMN caller_reference TEXT NOT NULL DEFAULT ''",
        """
        CREATE UNIQUE INDEX transactions_by_caller ON transactions (caller_reference)
        WHERE caller_reference <> ''
        """,
        """
        CREATE INDEX transactions_by_original ON transactions (original_id)
        WHERE original_id IS NOT NULL
        """,
    ),
    (
        # The receipt numbers that this register gives, and the journal in whose place it was put.
        "ALTER TABLE register ADD COLUMN last_receipt INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE register ADD COLUMN follows TEXT NOT NULL DEFAULT ''",
        # One thing under many spellings is one thing: found by what they have in common, which stands
        # beside what was stored.
        "ALTER TABLE transactions ADD COLUMN caller_key TEXT",
        "ALTER TABLE transactions ADD COLUMN original_key TEXT",
        "DROP INDEX transactions_by_caller",
        "DROP INDEX transactions_by_original",
        keys.fill,
        """
        CREATE UNIQUE INDEX transactions_by_caller ON transactions (caller_key)
        WHERE caller_key IS NOT NULL
        """,
        """
        CREATE INDEX transactions_by_original ON transactions (original_key)
        WHERE original_key IS NOT NULL
        """,
    ),
    (
        # What a head office is to be told, in the order of commits: filled only where `ships` says so.
        # A plain rowid goes on after the highest that is there, so the last row always stays.
        "ALTER TABLE register ADD COLUMN ships INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TABLE outbox (
            seq             INTEGER PRIMARY KEY,
            transaction_id  INTEGER NOT NULL,
            number          INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TRIGGER events_are_shipped AFTER INSERT ON events WHEN (SELECT ships FROM register)
        BEGIN
            INSERT INTO outbox (transaction_id, number) VALUES (NEW.transaction_id, NEW.number);
        END
        """,
        # Which days are no longer whole: everything that began before this moment may have been pruned.
        "ALTER TABLE register ADD COLUMN pruned_before TEXT NOT NULL DEFAULT ''",
    ),
    (
        # The order of commits: each event of a transaction and of the register itself has one number of
        # it, without gaps. Events from before have none.
        "ALTER TABLE events ADD COLUMN seq INTEGER",
        # Payments that stay charged only when goods are handed over, and their states among the open.
        "ALTER TABLE transactions ADD COLUMN until_goods INTEGER NOT NULL DEFAULT 0",
        "DROP INDEX transactions_to_do",
        f"CREATE INDEX transactions_to_do ON transactions (state, id) WHERE {INDEXED}",
        "ALTER TABLE register ADD COLUMN authorizing_from INTEGER NOT NULL DEFAULT 0",
        MOVE_AUTHORIZING_FROM,
        # What happened to the register and belongs to no transaction: `content` is JSON.
        """
        CREATE TABLE register_events (
            seq      INTEGER PRIMARY KEY,
            at       TEXT NOT NULL,
            event    TEXT NOT NULL,
            content  TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE INDEX register_events_by_key ON register_events (json_extract(content, '$.key'))
        WHERE event = 'KEY_USED'
        """,
        """
        CREATE TRIGGER register_events_stay BEFORE UPDATE ON register_events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
        """,
        """
        CREATE TRIGGER register_events_are_kept BEFORE DELETE ON register_events
        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
        """,
        # What a signer gave before a payment, and the events that it signs (`signed`: the event of the
        # register that holds the signature). Both stay empty where none is configured.
        """
        CREATE TABLE fiscal_begun (
            transaction_id  INTEGER PRIMARY KEY REFERENCES transactions (id),
            token           TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE signatures (
            transaction_id  INTEGER NOT NULL REFERENCES transactions (id),
            number          INTEGER NOT NULL,
            seq             INTEGER NOT NULL,
            signed          INTEGER REFERENCES register_events (seq),
            PRIMARY KEY (transaction_id, number)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX signatures_owed ON signatures (seq) WHERE signed IS NULL",
        # What a head office is told of the register itself: no transaction has the id 0.
        f"""
        CREATE TRIGGER register_events_are_shipped AFTER INSERT ON register_events
        WHEN NEW.{TOLD} AND (SELECT ships FROM register)
        BEGIN
            INSERT INTO outbox (transaction_id, number) VALUES (0, NEW.seq);
        END
        """,
        # A row for each place, which makes all facts before it unchangeable: see `chain`. A table of its own:
        # events' rows would no longer fit into their pages, and this one is written at its end only.
        """
        CREATE TABLE chain (
            seq             INTEGER PRIMARY KEY,
            transaction_id  INTEGER,
            facts           BLOB,
            last_id         INTEGER,
            last_receipt    INTEGER,
            link            BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TRIGGER chain_stays BEFORE UPDATE ON chain
        BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END
        """,
        """
        CREATE TRIGGER chain_is_kept BEFORE DELETE ON chain
        BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END
        """,
        chain_start.begin,
    ),
)

VERSION: Final = len(MIGRATIONS)

CHAINED_VERSION: Final = 6
"""The first format that has a hash chain."""


def migrate(connection: sqlite3.Connection, *, up_to: int = VERSION) -> None:
    """Bring an opened database to version `up_to`, one migration per transaction."""
    done: int = connection.execute("PRAGMA user_version").fetchone()[0]
    for number in range(done, up_to):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for step in MIGRATIONS[number]:
                if callable(step):
                    step(connection)
                else:
                    connection.execute(step)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


_KEEPS: Final = ("events_are_kept", "chain_is_kept")


@contextlib.contextmanager
def events_removable(connection: sqlite3.Connection) -> Iterator[None]:
    """Let events and entries of the chain be removed inside of the open transaction.

    At its end it is forbidden again.
    """
    forbids = [
        connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        for name in _KEEPS
    ]
    for name in _KEEPS:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for one in forbids:
        connection.execute(one)
