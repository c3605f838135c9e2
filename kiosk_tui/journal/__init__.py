"""The journal: transactions, exchanges on the wire and an append-only event log, in SQLite.

Owns: the schema and its migrations, the ids, the lock that lets one process write.
Invariant: a method that returns has committed with `synchronous=FULL`; a full card number, an expiry
or a key never arrives here, so it cannot be stored.
Does not know: what an event means, the payment path, HTTP, screens.
"""
