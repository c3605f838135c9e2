"""What a journal answers when it could not do its part.

These stand in the domain so that whoever only reads a journal needs no payment code.
"""

from __future__ import annotations


class JournalUnavailableError(Exception):
    """The journal could not be read or written; its text is a sentence for staff."""


class JournalConflictError(JournalUnavailableError):
    """The journal holds another state than the register expects; nothing was written."""
